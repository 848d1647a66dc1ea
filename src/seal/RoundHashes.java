package seal;

import cache.DayCache;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import soak.RoundFiles;

/** The {@link FolderHashes} of rounds: of a day that is over as the cache has them, of all others from the files. */
final class RoundHashes {
    private final DayCache cache;
    /** Rounds are asked for in their order: one date's are enough. */
    private Path date;

    private Map<String, SortedMap<String, String>> ofDate = Map.of();

    RoundHashes(DayCache cache) {
        this.cache = cache;
    }

    SortedMap<String, String> all(Path round) throws IOException {
        if (!round.getParent().equals(date)) {
            ofDate = of(round.getParent());
            date = round.getParent();
        }
        SortedMap<String, String> kept = ofDate.get(round.getFileName().toString());
        return kept != null ? kept : FolderHashes.all(round);
    }

    /** By the names of the rounds' folders; empty where the cache has nothing to do with the date. */
    private Map<String, SortedMap<String, String>> of(Path date) throws IOException {
        Map<String, SortedMap<String, String>> rounds = new HashMap<>();
        byte[] bytes = cache.kept(date, "hashes", () -> hashed(date, rounds)).orElse(null);
        if (bytes != null && rounds.isEmpty()) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                while (in.available() > 0) {
                    SortedMap<String, String> hashes = new TreeMap<>();
                    rounds.put(in.readUTF(), hashes);
                    for (int files = in.readInt(); files > 0; files--) {
                        hashes.put(in.readUTF(), in.readUTF());
                    }
                }
            }
        }
        return rounds;
    }

    /** @return null where a file could not be read: it may be at another time */
    private static byte[] hashed(Path date, Map<String, SortedMap<String, String>> rounds) throws IOException {
        boolean certain = true;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Path round : RoundFiles.children(date)) {
            if (!RoundFiles.isFolder(round)) {
                continue;
            }
            SortedMap<String, String> hashes = FolderHashes.all(round);
            rounds.put(round.getFileName().toString(), hashes);
            certain &= !hashes.containsValue(FolderHashes.UNREADABLE);
            out.writeUTF(round.getFileName().toString());
            out.writeInt(hashes.size());
            for (Map.Entry<String, String> hash : hashes.entrySet()) {
                out.writeUTF(hash.getKey());
                out.writeUTF(hash.getValue());
            }
        }
        return certain ? bytes.toByteArray() : null;
    }
}
