package soak;

import base.Json;
import base.Sha256;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A round's folder, {@code rounds/YYYY-MM-DD/round-HHMMSS}, and its files: the one place of their names, of how large
 * they may get, and of what stands in the place of a large one (contract, section 3).
 */
public final class RoundFiles {
    public static final String SUMMARY = "round-summary.json";
    public static final String PLAN_IDS = "plan-ids.txt";
    /**
     * Where the control plane gives plans ids of its own: the id that was asked for, a blank, and the one that was
     * given.
     */
    public static final String GIVEN_IDS = "plan-ids-given.txt";

    public static final String CODES = "plans-created.txt";
    public static final String TIMES = "create-times.txt";
    /** How long the prober itself stood still during each create. */
    public static final String STALLS = "create-stalls.txt";

    public static final String DRILL = "drill-plan.txt";
    public static final String STUCK_SCAN = "stuck-scan.json";
    /** Since when the plans are stuck that this round sets out to recover, as its scan says. */
    public static final String STUCK_SINCE = "stuck-since.json";

    public static final String RECOVERY = "recovery.txt";
    /** Which recoveries of earlier rounds this round's scan refutes, a line each: the round and the plan. */
    public static final String REFUTED = "refuted.txt";
    /** There only where recoveries take plans away: a later round must not go by the strategy of its own day. */
    public static final String STRATEGY = "recovery-strategy.txt";

    public static final String INTEGRITY = "integrity.json";
    /** The pages of the listing by which plans are called lost or listed twice, as they came, one a line. */
    public static final String CONVICTING_LISTING = "listing.json.gz";

    public static final String STORE_CHECK = "store-check.json";
    public static final String METRICS = "metrics-scrape.prom";
    public static final String FORENSICS = "cp-forensics.txt";
    /** Only in a round that found others without a seal: the hashes of all their files, for sha256sum -c. */
    public static final String ADOPTED = "adopted-rounds.txt";

    /** The end of the name of the whole of a file that is too large to stand there plainly. */
    public static final String GZIPPED = ".gz";
    /** A file above this is compressed, and a pointer stands in its place. */
    public static final int LARGE_BYTES = 64 * 1024;
    /** What a control plane answered is cut until it is no larger than this when compressed. */
    public static final int LARGE_COMPRESSED_BYTES = 48 * 1024;
    /**
     * What is larger, plain or unpacked, no round wrote: deflate shrinks to a 1032nd at best, so that the 48 KiB of an
     * answer unpack to less than 50 MiB. It would only fill the memory.
     */
    public static final int LARGEST_BYTES = 64 << 20;

    private static final int LARGEST_POINTER_BYTES = 1024;
    private static final String STORED_IN = "stored_in";
    private static final String BYTES = "bytes";
    private static final String SHA256 = "sha256";
    private static final String KEPT_BYTES = "kept_bytes";

    /** The pattern first: a parser would also take a sign or digits of other scripts. */
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private static final Pattern ID = Pattern.compile(DATE + "/round-[0-9]{6}");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'/round-'HHmmss", Locale.ROOT);

    private RoundFiles() {}

    // --- folders ----------------------------------------------------------------------------------------------------

    /** {@code YYYY-MM-DD/round-HHMMSS}, the identity of the round that starts in this second. */
    public static String id(Instant second) {
        return TIME.withZone(ZoneOffset.UTC).format(second);
    }

    public static String id(Path folder) {
        return folder.getParent().getFileName() + "/" + folder.getFileName();
    }

    /**
     * The second at which a round began, by its id; empty for a name that is no second of any day, and so no round's.
     */
    public static Optional<Instant> second(String id) {
        try {
            return ID.matcher(id).matches()
                    ? Optional.of(LocalDateTime.of(
                                    digits(id, 0, 4),
                                    digits(id, 5, 7),
                                    digits(id, 8, 10),
                                    digits(id, 17, 19),
                                    digits(id, 19, 21),
                                    digits(id, 21, 23))
                            .toInstant(ZoneOffset.UTC))
                    : Optional.empty();
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }

    private static int digits(String id, int from, int to) {
        return Integer.parseInt(id, from, to, 10); // a formatter is slow where each file of a month is asked for
    }

    /** The second at which it began, by its folder, which is one of {@link #folders}. */
    public static Instant second(Path folder) {
        return second(id(folder)).orElseThrow();
    }

    public static boolean isFolder(Path folder) {
        return second(id(folder)).isPresent() && Files.isDirectory(folder);
    }

    /** Whether this is a folder of the rounds of one day. */
    public static boolean isDate(Path folder) {
        String name = folder.getFileName().toString();
        return DATE.matcher(name).matches() && second(name + "/round-000000").isPresent() && Files.isDirectory(folder);
    }

    /**
     * Whether a folder is named as one of a day's rounds, though there be no such day: a report tells what it passes
     * over.
     */
    public static boolean isNamedAsDate(Path folder) {
        return DATE.matcher(folder.getFileName().toString()).matches() && Files.isDirectory(folder);
    }

    /** The same of a round's folder. */
    public static boolean isNamedAsRound(Path folder) {
        return ID.matcher(id(folder)).matches() && Files.isDirectory(folder);
    }

    /**
     * The folders of all rounds, oldest first; none where there is no such folder. What else lies there is none of
     * ours.
     *
     * @param rounds the soak's folder of rounds
     */
    public static List<Path> folders(Path rounds) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path date : children(rounds)) {
            if (isDate(date)) {
                children(date).stream().filter(RoundFiles::isFolder).forEach(found::add);
            }
        }
        return found;
    }

    /**
     * What a folder holds, by name: the names of rounds sort as their times do. Nothing where there is no such folder.
     */
    public static List<Path> children(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(all::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return all;
        }
        Collections.sort(all);
        return all;
    }

    // --- files ------------------------------------------------------------------------------------------------------

    /**
     * What a file holds.
     *
     * @return null if there is no such file
     * @throws IOException also for what is no file, or larger than any that a round writes
     */
    public static byte[] bytes(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            if (!is.isRegularFile()) {
                throw new IOException("it is not a regular file"); // a pipe would be waited for
            }
            if (is.size() > LARGEST_BYTES) {
                return tooLarge();
            }
            try (InputStream in = Files.newInputStream(file)) {
                return bounded(in);
            }
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** All that comes, unless that is more than any round writes. */
    public static byte[] bounded(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
        return bytes.length > LARGEST_BYTES ? tooLarge() : bytes;
    }

    private static byte[] tooLarge() throws IOException {
        throw new IOException("it is larger than " + (LARGEST_BYTES >> 20) + " MiB");
    }

    // --- pointers ---------------------------------------------------------------------------------------------------

    /**
     * What NAME holds where its whole lies compressed in NAME.gz: {@code {"stored_in": "NAME.gz", …, "bytes": N,
     * "sha256": "…", "kept_bytes": M}}.
     *
     * @param bytes how long the whole was
     * @param sha256 of the whole
     * @param kept how much of it NAME.gz holds
     */
    public record Pointer(String storedIn, long bytes, String sha256, long kept) {
        /** @param also what else is to be known of the file without unpacking it */
        public String text(Map<String, ?> also) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put(STORED_IN, storedIn);
            fields.putAll(also);
            fields.put(BYTES, bytes);
            fields.put(SHA256, sha256);
            fields.put(KEPT_BYTES, kept);
            return Json.write(fields);
        }

        /**
         * What NAME is to say, as {@code told} says it, once NAME.gz holds other bytes: of a whole that was cut, its
         * own length and hash stay.
         */
        public static String masked(JsonNode told, byte[] kept) {
            ObjectNode said = told.deepCopy();
            if (said.path(BYTES).equals(said.path(KEPT_BYTES))) {
                said.put(BYTES, kept.length);
                said.put(SHA256, Sha256.of(kept));
            }
            said.put(KEPT_BYTES, kept.length);
            return Json.write(said);
        }

        /** Empty where something is amiss in it: it points to another file, or does not say all of the above. */
        public static Optional<Pointer> of(JsonNode told, String name) {
            boolean whole = told.path(STORED_IN).asText().equals(name + GZIPPED)
                    && told.path(BYTES).isIntegralNumber()
                    && told.path(KEPT_BYTES).isIntegralNumber()
                    && told.path(SHA256).isTextual();
            return whole
                    ? Optional.of(new Pointer(
                            told.get(STORED_IN).asText(),
                            told.get(BYTES).asLong(),
                            told.get(SHA256).asText(),
                            told.get(KEPT_BYTES).asLong()))
                    : Optional.empty();
        }
    }

    /** The object by which a file says that it is stored elsewhere; empty for every other content. */
    public static Optional<JsonNode> pointer(byte[] plain) {
        String text =
                plain.length > LARGEST_POINTER_BYTES ? "" : Json.withoutMark(new String(plain, StandardCharsets.UTF_8));
        if (!text.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonNode tree = Json.parse(text);
            return tree.path(STORED_IN).isTextual() ? Optional.of(tree) : Optional.empty();
        } catch (JsonProcessingException noPointer) {
            return Optional.empty();
        }
    }

    /** Whether a file is so small that it may be a pointer. */
    public static boolean mayPoint(Path file) throws IOException {
        return Files.size(file) <= LARGEST_POINTER_BYTES;
    }
}
