package seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.RoundFiles;
import soak.Sha256;
import soak.SoakDir;

/** The list that a round wrote of the rounds that it adopted. */
final class AdoptedRounds {
    private static final Pattern LINE = Pattern.compile("(.*?)  rounds/([^/]+/[^/]+)/(.+)");

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
        new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> RoundFiles.second(line.group(2)).isPresent())
                .forEach(line -> rounds.computeIfAbsent(line.group(2), id -> new TreeMap<>())
                        .put(line.group(3), line.group(1)));
        return rounds;
    }
}
