package workload;

import base.Durable;
import base.Json;
import base.Printable;
import base.Sha256;
import base.Time;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import soak.Gzip;
import soak.Reserve;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * The evidence folder of one round, {@code rounds/YYYY-MM-DD/round-HHMMSS}, and its files (contract, section 3).
 *
 * @param second the round's time in whole seconds: its unix_ts, and its folder's name
 */
public record RoundFolder(Path path, String roundId, Instant second) {
    /** Every id of the set check stays, and all that later rounds judge recoveries by. */
    private static final Set<String> WHOLE = Set.of(RoundFiles.INTEGRITY, RoundFiles.STUCK_SINCE, RoundFiles.REFUTED);

    private static final Pattern TRIED = Pattern.compile("(\\S.*) exit=(\\d+) ms=\\d+|(\\S+) exit=(\\d+)");
    private static final int OUTPUT_BYTES = 32 * 1024;
    private static final String QUOTE = "\"";

    /**
     * Claims a second that no other round has; waits for the next one if need be. Where the disk is full, what was kept
     * aside makes room.
     */
    public static RoundFolder claim(SoakDir dir, Time time, Reserve reserve) throws IOException, InterruptedException {
        try {
            return claim(dir, time);
        } catch (IOException full) {
            reserve.release();
            return claim(dir, time);
        }
    }

    static RoundFolder claim(SoakDir dir, Time time) throws IOException, InterruptedException {
        while (true) {
            Instant second = time.now().truncatedTo(ChronoUnit.SECONDS);
            String roundId = RoundFiles.id(second);
            Path path = dir.round(roundId);
            Files.createDirectories(path.getParent());
            try {
                Files.createDirectory(path);
                try {
                    Durable.syncFolder(path.getParent());
                    Durable.syncFolder(dir.rounds());
                } catch (IOException notDurable) {
                    Files.delete(path); // what stays behind empty is a round that was killed
                    throw notDurable;
                }
                return new RoundFolder(path, roundId, second);
            } catch (FileAlreadyExistsException taken) {
                time.sleep(Duration.between(time.now(), second.plusSeconds(1)).plusMillis(1));
            }
        }
    }

    private Path file(String name) {
        return path.resolve(name);
    }

    /** The ids are on disk before the first create: whatever happens next, it is known what may have been created. */
    public void planIds(List<String> ids) throws IOException {
        Durable.write(file(RoundFiles.PLAN_IDS), lines(ids));
    }

    /** Which of the ids is the recovery drill's. */
    public void drillPlan(String id) throws IOException {
        Durable.write(file(RoundFiles.DRILL), id + "\n");
    }

    /**
     * One create's outcome, as its answer comes; the code first, for it is what must not be forgotten.
     *
     * @param stallMs how long this process itself stood still meanwhile
     */
    public void created(String code, long nanos, double stallMs) throws IOException {
        Durable.appendLine(file(RoundFiles.CODES), code);
        Durable.appendLine(
                file(RoundFiles.TIMES),
                String.format(Locale.ROOT, "%d.%06d", nanos / 1_000_000_000, nanos % 1_000_000_000 / 1_000));
        Durable.appendLine(file(RoundFiles.STALLS), String.format(Locale.ROOT, "%.3f", stallMs));
    }

    /** Before the answer's code is written: once the plan is promised, its id is known. */
    public void givenId(String asked, String given) throws IOException {
        if (!given.equals(asked) && !given.isBlank()) {
            Durable.appendLine(file(RoundFiles.GIVEN_IDS), asked + " " + named(given));
        }
    }

    public void convictingListing(byte[] gzipped) throws IOException {
        Durable.write(file(RoundFiles.CONVICTING_LISTING), gzipped);
    }

    /** Which plan was a round's drill, if any; a damaged file names none. */
    public static List<String> drillOf(Path round) throws IOException {
        return readLines(round.resolve(RoundFiles.DRILL));
    }

    public void storeCheck(StoreCheck.Finding finding) throws IOException {
        Durable.write(file(RoundFiles.STORE_CHECK), Json.write(finding.toJson()));
    }

    /**
     * A file of this round or of another: the text that NAME holds, or the whole of it where NAME only points to it.
     */
    public static String readBounded(Path file) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + RoundFiles.GZIPPED);
        boolean isPacked = Files.exists(whole);
        byte[] bytes = RoundFiles.bytes(isPacked ? whole : file);
        if (bytes == null) {
            throw new NoSuchFileException(file.toString());
        }
        return new String(isPacked ? Gzip.unpacked(bytes) : bytes, StandardCharsets.UTF_8);
    }

    /** The answer as it came; of several pages all, one a line. No answer is no file, rather than an empty one. */
    public void stuckScan(List<byte[]> pages, int stuckCount) throws IOException {
        if (pages.size() > 1) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] page : pages) {
                all.write(oneLine(page));
            }
            compressed(
                    RoundFiles.STUCK_SCAN, all.toByteArray(), Map.of("stuck_count", stuckCount, "pages", pages.size()));
        } else if (!pages.isEmpty() && pages.get(0).length > 0) {
            bounded(RoundFiles.STUCK_SCAN, pages.get(0), Map.of("stuck_count", stuckCount));
        }
    }

    /**
     * A JSON document in a line of its own: between its tokens a line break is a blank, and inside a string there is
     * none.
     */
    static byte[] oneLine(byte[] document) {
        byte[] line = Arrays.copyOf(document, document.length + 1);
        for (int i = 0; i < document.length; i++) {
            line[i] = line[i] == '\n' || line[i] == '\r' ? (byte) ' ' : line[i];
        }
        line[document.length] = '\n';
        return line;
    }

    /**
     * Writes a file that keeps a round's evidence small whatever the control plane answers: above 64 KiB the whole goes
     * to NAME.gz, and NAME is a JSON object that says so, with bytes and SHA-256. What stays large even so is cut, and
     * the object says that too.
     */
    private void bounded(String name, byte[] raw, Map<String, Object> also) throws IOException {
        if (raw.length <= RoundFiles.LARGE_BYTES) {
            Durable.write(file(name), raw);
        } else {
            compressed(name, raw, also);
        }
    }

    private void compressed(String name, byte[] raw, Map<String, Object> also) throws IOException {
        byte[] kept = raw;
        byte[] compressed = Gzip.of(kept);
        while (compressed.length > RoundFiles.LARGE_COMPRESSED_BYTES && !WHOLE.contains(name)) {
            kept = Arrays.copyOf(kept, kept.length / 2);
            compressed = Gzip.of(kept);
        }
        Durable.write(file(name + RoundFiles.GZIPPED), compressed);
        String pointer =
                new RoundFiles.Pointer(name + RoundFiles.GZIPPED, raw.length, Sha256.of(raw), kept.length).text(also);
        Durable.write(file(name), pointer);
    }

    /** Before the first recovery that takes a plan away. */
    public void rollsBack() throws IOException {
        Durable.write(file(RoundFiles.STRATEGY), "rollback\n");
    }

    /** Before the first recovery: a later round holds the plan's next appearance against it. */
    public void stuckSince(Map<String, String> since) throws IOException {
        if (!since.isEmpty()) {
            bounded(
                    RoundFiles.STUCK_SINCE,
                    Json.write(new TreeMap<>(since)).getBytes(StandardCharsets.UTF_8),
                    Map.of());
        }
    }

    /** What {@link Refutations} found, before this round recovers anything itself. */
    public void refuted(List<String> recoveries) throws IOException {
        if (!recoveries.isEmpty()) {
            bounded(RoundFiles.REFUTED, lines(recoveries).getBytes(StandardCharsets.UTF_8), Map.of());
        }
    }

    /**
     * A plan's id on a line of its own: a line break in it must not begin a line that was never written, and a blank at
     * either end would be taken for the line's.
     */
    static String named(String planId) {
        boolean asItStands = !planId.isEmpty()
                && planId.strip().equals(planId)
                && !planId.startsWith(QUOTE)
                && Printable.name(planId).equals(planId);
        return asItStands
                ? planId
                : Printable.text(Json.MAPPER.valueToTree(planId).toString());
    }

    /** The id that {@link #named} wrote. */
    static String idOf(String named) {
        if (named.startsWith(QUOTE)) {
            try {
                return Json.parse(named).asText(named);
            } catch (JsonProcessingException earlierBuilds) { // wrote such an id as it stood
                return named;
            }
        }
        return named;
    }

    /**
     * What the commands printed is kept for the first ones and for those that failed, within a budget for the round.
     */
    public synchronized void recovered(String planId, int exit, long millis, String output) throws IOException {
        StringBuilder entry = new StringBuilder(named(planId) + " exit=" + exit + " ms=" + millis);
        Path recovery = file(RoundFiles.RECOVERY);
        long size = Files.exists(recovery) ? Files.size(recovery) : 0;
        if (size < OUTPUT_BYTES || (exit != 0 && size < RoundFiles.LARGE_BYTES)) {
            output.lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> entry.append("\n  ").append(Printable.text(line)));
        }
        Durable.appendLine(recovery, entry.toString());
    }

    /** After the last recovery: thousands of lines are kept compressed, as other large files are. */
    public void recoveriesEnded() throws IOException {
        Path recovery = file(RoundFiles.RECOVERY);
        if (Files.exists(recovery) && Files.size(recovery) > RoundFiles.LARGE_BYTES) {
            bounded(RoundFiles.RECOVERY, Files.readAllBytes(recovery), Map.of());
        }
    }

    /**
     * The plans that a round recovered with exit code 0, as its recovery.txt names them; also of a bash round, whose
     * lines have no ms.
     */
    static List<String> recovered(Path round) throws IOException {
        return tried(round, "0"::equals);
    }

    /** As {@link #recovered}, whatever the exit code. */
    static List<String> triedToRecover(Path round) throws IOException {
        return tried(round, exit -> true);
    }

    private static List<String> tried(Path round, Predicate<String> exit) throws IOException {
        Path recovery = round.resolve(RoundFiles.RECOVERY);
        if (!Files.exists(recovery)) {
            return List.of();
        }
        // What a command printed is indented; only our own lines begin with a plan's id.
        return readBounded(recovery)
                .lines()
                .map(TRIED::matcher)
                .filter(line -> line.matches() && exit.test(line.group(1) == null ? line.group(4) : line.group(2)))
                .map(line -> line.group(1) == null ? line.group(3) : line.group(1))
                .toList();
    }

    public void metrics(byte[] scrape) throws IOException {
        bounded(RoundFiles.METRICS, scrape, Map.of());
    }

    public void integrity(Map<String, Object> ids) throws IOException {
        bounded(RoundFiles.INTEGRITY, Json.write(ids).getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /**
     * Last of all: with it the round exists.
     *
     * @param reserve what was kept aside for this moment
     * @return why it could not be written at first
     */
    public Optional<IOException> summary(RoundSummary summary, Reserve reserve) throws IOException {
        String text = Json.write(summary.fields());
        try {
            Durable.write(file(RoundFiles.SUMMARY), text);
            return Optional.empty();
        } catch (IOException full) {
            if (!reserve.release()) {
                throw full;
            }
            Durable.write(file(RoundFiles.SUMMARY), text);
            return Optional.of(full);
        }
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** @throws FileSystemException names the file, which may be one of any earlier round */
    static List<String> readLines(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = RoundFiles.bytes(file);
        } catch (FileSystemException named) {
            throw named;
        } catch (IOException unnamed) {
            throw new FileSystemException(file.toString(), null, unnamed.getMessage());
        }
        return bytes == null
                ? List.of()
                : Json.withoutMark(new String(bytes, StandardCharsets.UTF_8))
                        .lines()
                        .map(String::strip)
                        .filter(l -> !l.isEmpty())
                        .toList();
    }
}
