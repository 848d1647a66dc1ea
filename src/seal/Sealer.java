package seal;

import base.Durable;
import base.Failure;
import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import settings.Config;
import settings.Secrets;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * Makes a round's seal, once its files are complete and before its summary is written. What it reads does not grow with
 * the soak: this folder's files, the summary before it, what was killed since, settings and logs. All rounds are read
 * where the newest of them has no seal (once, when a soak of older rounds goes on), and all summaries where the newest
 * by name is not the last that was written: the clock was set back.
 */
public final class Sealer {
    private final Config config;
    private final SoakDir dir;
    private final List<Path> earlier;

    /** What the newest summary says of itself; all but the head may be unknown. */
    private record Written(Head head, long round, Optional<Seal> seal) {}

    private Sealer(Config config, List<Path> earlier) {
        this.config = config;
        this.dir = config.dir();
        this.earlier = earlier;
    }

    /**
     * Where rounds are adopted, their list is written into the folder first, and sealed with it.
     *
     * @param folder the round's own, complete but for its summary
     * @param earlier the folders of all other rounds, oldest first
     */
    public static Seal of(Config config, Path folder, List<Path> earlier) throws IOException {
        return new Sealer(config, earlier).seal(folder);
    }

    private Seal seal(Path folder) throws IOException {
        List<Path> killed = new ArrayList<>();
        Written newest = newest(killed);
        Seal.Adopted adopted = null;
        if (newest != null && newest.seal().isEmpty()) {
            killed.clear();
            adopted = adopt(folder);
        }
        SortedMap<String, SortedMap<String, String>> unclosed = new TreeMap<>();
        for (Path round : killed) {
            unclosed.put(RoundFiles.id(round), FolderHashes.all(round));
        }
        Map<String, String> settings = Sealed.settings(dir);
        Seal before = newest == null ? null : newest.seal().orElse(null);
        boolean sameConfig = before != null
                && before.settings().get(SoakDir.CONFIG) != null
                && before.settings().get(SoakDir.CONFIG).equals(settings.get(SoakDir.CONFIG));
        return new Seal(
                newest == null ? null : newest.head(),
                adopted,
                FolderHashes.withoutSummary(folder),
                unclosed,
                settings,
                sameConfig ? null : settingsThemselves(settings.get(SoakDir.CONFIG)),
                Sealed.logs(dir),
                FolderHashes.of(dir.buildSums()));
    }

    // --- what was written before ------------------------------------------------------------------------------------

    /** @param killed is given the folders without a summary that no seal has named yet */
    private Written newest(Collection<Path> killed) throws IOException {
        for (int i = earlier.size() - 1; i >= 0; i--) {
            Written written = read(earlier.get(i));
            if (written != null) {
                // Rounds are numbered by the folders that they found: the last one's number is theirs today.
                boolean last = written.round() + killed.size() >= earlier.size();
                if (last || written.seal().isEmpty()) {
                    return written;
                }
                break;
            }
            killed.add(earlier.get(i));
        }
        killed.clear();
        return lastWritten(killed);
    }

    private Written lastWritten(Collection<Path> killed) throws IOException {
        Written last = null;
        Set<String> named = new HashSet<>();
        Set<Path> open = new TreeSet<>();
        for (Path round : earlier) {
            Written written = read(round);
            if (written == null) {
                open.add(round);
                continue;
            }
            written.seal().ifPresent(seal -> named.addAll(seal.unclosed().keySet()));
            if (last == null || written.round() >= last.round()) {
                last = written;
            }
        }
        open.removeIf(round -> named.contains(RoundFiles.id(round)));
        killed.addAll(open);
        return last;
    }

    private static Written read(Path round) throws IOException {
        byte[] bytes;
        try {
            bytes = RoundFiles.bytes(round.resolve(RoundFiles.SUMMARY));
        } catch (IOException unreadable) {
            return new Written(
                    new Head(RoundFiles.id(round), FolderHashes.of(round.resolve(RoundFiles.SUMMARY))),
                    0,
                    Optional.empty());
        }
        if (bytes == null) {
            return null;
        }
        Head head = new Head(RoundFiles.id(round), Sha256.of(bytes));
        try {
            JsonNode summary = Json.parse(new String(bytes, StandardCharsets.UTF_8));
            return new Written(head, summary.path("round").asLong(), Seal.of(summary));
        } catch (IOException broken) {
            return new Written(head, 0, Optional.empty());
        }
    }

    /** All rounds that stand there, a line each file, as sha256sum -c reads them in SOAK_DIR. */
    private Seal.Adopted adopt(Path folder) throws IOException {
        // of tens of thousands of rounds: nothing else of them may lie in memory
        List<byte[]> lines = new ArrayList<>();
        for (Path round : earlier) {
            FolderHashes.all(round)
                    .forEach((name, hash) -> lines.add(
                            (hash + "  " + Sealed.path(round, name) + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        lines.sort(Arrays::compareUnsigned);
        MessageDigest sha256 = Sha256.digest();
        Durable.write(folder.resolve(RoundFiles.ADOPTED), out -> {
            for (byte[] line : lines) {
                sha256.update(line);
                out.write(line);
            }
        });
        return new Seal.Adopted(earlier.size(), Sha256.hex(sha256));
    }

    // --- what it ran under ------------------------------------------------------------------------------------------

    /**
     * The keys of config.env and their values, as far as they may be shown.
     *
     * @param sealed the hash of the file; another one by now is the next round's to tell
     */
    private Map<String, String> settingsThemselves(String sealed) throws IOException {
        byte[] bytes = RoundFiles.bytes(dir.config());
        if (bytes == null || !Sha256.of(bytes).equals(sealed)) {
            return shown(config);
        }
        try {
            return shown(Config.parse(dir, new String(bytes, StandardCharsets.UTF_8)));
        } catch (Failure brokenByNow) {
            return shown(config);
        }
    }

    private static Map<String, String> shown(Config config) {
        return Sealed.values(config, Secrets.of(config));
    }
}
