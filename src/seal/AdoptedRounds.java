package seal;

import base.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import soak.RoundFiles;
import soak.SoakDir;

/** The list that a round wrote of the rounds that it adopted. */
final class AdoptedRounds {
    /** As sha256sum writes it: the hash, two blanks, and the path. */
    private static final String BETWEEN = "  rounds/";

    private static final int DATE_AND_SLASH = "YYYY-MM-DD/".length();

    private AdoptedRounds() {}

    /**
     * @param adopter its seal holds the list's hash
     * @return by round and file the SHA-256; null where the list is gone or is not the one that was sealed
     */
    static SortedMap<String, SortedMap<String, String>> of(SoakDir dir, Link adopter) throws IOException {
        Path list = dir.round(adopter.roundId()).resolve(RoundFiles.ADOPTED);
        byte[] bytes = Files.isRegularFile(list) ? Files.readAllBytes(list) : new byte[0];
        if (!Sha256.of(bytes).equals(adopter.seal().adopted().sha256())) {
            return null;
        }
        SortedMap<String, SortedMap<String, String>> rounds = new TreeMap<>();
        for (String line : (Iterable<String>) new String(bytes, StandardCharsets.UTF_8).lines()::iterator) {
            int path = line.indexOf(BETWEEN);
            int file = path < 0 ? -1 : line.indexOf('/', path + BETWEEN.length() + DATE_AND_SLASH);
            if (file < 0 || file + 1 == line.length()) {
                continue;
            }
            String id = line.substring(path + BETWEEN.length(), file);
            if (rounds.containsKey(id) || RoundFiles.second(id).isPresent()) {
                rounds.computeIfAbsent(id, round -> new TreeMap<>())
                        .put(line.substring(file + 1), line.substring(0, path));
            }
        }
        return rounds;
    }
}
