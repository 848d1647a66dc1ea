package archive;

import base.Failure;
import base.Room;
import base.Sha256;
import base.Why;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import output.TableFormat;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * A soak's archive, unpacked as far as a report reads it: the rounds, the settings and the logs, not the control
 * plane's database. An archive comes from elsewhere, so nothing in it is trusted: not its names, not its sizes, no
 * link.
 *
 * @param folder the soak folder
 * @param newest the time of its newest file, as its README says, else as the files have it: of what came later it can
 *     say nothing
 * @param lastRound the time of its last round, by name
 * @param isMarked whether the folder that tar makes of it is known for an unpacked archive, into which no report writes
 */
public record ArchivedSoak(Path folder, Instant newest, Instant lastRound, boolean isMarked) {
    /** What an archive may hold at most. A soak of 30 days has 20,000 files and unpacks to some hundred megabytes. */
    public record Limits(long entries, long bytes) {
        public static final Limits USUAL = new Limits(2_000_000, 16L << 30);
    }

    static final Set<String> TOP_FILES = Set.of(
            SoakDir.CONFIG,
            SoakDir.ALERTS_LOG,
            SoakDir.SETUP_SUMMARY,
            SoakDir.SETUP_RESUMES,
            SoakDir.PLAN_TEMPLATE,
            SoakDir.DRILL_TEMPLATE);
    private static final Set<Byte> PLAIN_FILES = Set.of(TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL);
    private static final String NO_GZIP = "Not in GZIP format"; // as GZIPInputStream says it
    private static final String UNPACKED = "soak";
    private static final int BUFFER = 1 << 16;
    private static final int HASH_DIGITS = 64;

    /** Until when it tells of the soak: its newest file, but at least the whole of its last round's slot. */
    public Instant until(Duration interval) {
        Instant slotEnd = lastRound.plus(interval);
        return newest.isAfter(slotEnd) ? newest : slotEnd;
    }

    /**
     * @param scratch an empty folder; whoever made it removes it, whatever becomes of this
     * @throws Failure exit 70 if the archive is damaged, does not match the .sha256 beside it, or holds what no soak's
     *     archive holds
     */
    public static ArchivedSoak unpack(Path archive, Path scratch, Limits limits) {
        return unpack(archive, scratch, limits, names -> false);
    }

    /** @param more which files to unpack beside those that verdicts rest on, by the names on the way to them */
    public static ArchivedSoak unpack(Path archive, Path scratch, Limits limits, Predicate<List<String>> more) {
        verifyHash(archive);
        try {
            return new Unpacking(archive, scratch, limits, more).run();
        } catch (FileAlreadyExistsException twice) {
            Path file = scratch.resolve(UNPACKED).relativize(Path.of(twice.getFile()));
            throw refused(archive, "it holds " + TableFormat.printable(file.toString()) + " twice");
        } catch (OutOfMemoryError description) { // files are copied in pieces, and what describes them is read whole
            throw refused(archive, "the description of one of its entries is larger than the memory");
        } catch (IOException | IllegalArgumentException damaged) { // the latter: numbers of a header that are none
            throw Failure.failed(
                    "the archive " + archive + " could not be unpacked ("
                            + TableFormat.printable(Why.of(damaged, archive))
                            + "): "
                            + (NO_GZIP.equals(damaged.getMessage())
                                    ? "fetch it again as --type archive made it, for a browser may have unpacked it on"
                                            + " the way; or unpack it yourself and give the folder"
                                    : "fetch it again if it is damaged, or make room in " + scratch.getParent()),
                    damaged);
        }
    }

    private static void verifyHash(Path archive) {
        Path hashFile = archive.resolveSibling(archive.getFileName() + ".sha256");
        if (!Files.exists(hashFile)) {
            return;
        }
        try {
            String said = Files.readString(hashFile).strip().split("\\s+")[0].toLowerCase(Locale.ROOT);
            if (said.length() != HASH_DIGITS) {
                throw Failure.failed(hashFile + " holds no SHA-256: fetch it again, or remove it to skip this check");
            }
            String found = Sha256.of(archive);
            if (!said.equals(found)) {
                throw Failure.failed("the archive " + archive + " is not what " + hashFile.getFileName() + " says ("
                        + found + ", not " + said + "): fetch both again");
            }
        } catch (IOException e) {
            throw Failure.failed(
                    "the archive " + archive + " or its .sha256 cannot be read (" + Why.of(e, archive)
                            + "): see that this user may read both",
                    e);
        }
    }

    private static Failure refused(Path archive, String why) {
        return Failure.failed("the archive " + archive + " was not unpacked: " + why
                + ", which no archive made by --type archive does; if you trust it, unpack it yourself and"
                + " give the folder");
    }

    private static final class Unpacking {
        private static final String BEHIND = "it has bytes behind its end";

        private final Path archive;
        private final Path target;
        private final Limits limits;
        private final Predicate<List<String>> more;
        private long entries;
        private long bytes;
        private String top;
        private boolean hasTmp;
        /** Whoever unpacks the archive gets what lies behind one where it leads. */
        private final Set<List<String>> links = new HashSet<>();

        private Instant newest = Instant.EPOCH;
        private Instant lastRound = Instant.EPOCH;

        Unpacking(Path archive, Path scratch, Limits limits, Predicate<List<String>> more) {
            this.more = more;
            this.archive = archive;
            this.target = scratch.resolve(UNPACKED);
            this.limits = limits;
        }

        ArchivedSoak run() throws IOException {
            // To the end first, where gzip's checksum is: a damaged archive must not be told for a hostile one.
            try (WholeGzip gzip = new WholeGzip(Files.newInputStream(archive), BUFFER);
                    InputStream whole = new Counting(gzip)) {
                whole.transferTo(OutputStream.nullOutputStream());
                if (gzip.isFollowed()) {
                    throw refused(archive, BEHIND);
                }
            }
            Room.require(
                    target,
                    target,
                    bytes,
                    "the archive " + archive + ", unpacked,",
                    "unpack it yourself on another disk and give the folder");
            Files.createDirectories(target);
            try (TarEnd end = new TarEnd(new WholeGzip(Files.newInputStream(archive), BUFFER));
                    TarArchiveInputStream tar = new OneReading(end, why -> refused(archive, why))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    take(entry, tar);
                    tar.transferTo(OutputStream.nullOutputStream());
                    end.awaited();
                }
                if (!end.came()) {
                    throw new EOFException();
                }
                if (end.isFollowed()) {
                    throw refused(archive, BEHIND);
                }
            }
            if (!Files.exists(new SoakDir(target).config())) {
                throw Failure.usage("the archive " + archive
                        + " holds no soak (no config.env in its folder): give one that --type archive made");
            }
            SoakDir dir = new SoakDir(target);
            boolean isMarked = Files.exists(dir.archiveReadme()) && !hasTmp;
            return new ArchivedSoak(target, dir.toldNewest().orElse(newest), lastRound, isMarked);
        }

        /** What a verification holds against the evidence: whoever unpacks the archive reads what a link leads to. */
        private static boolean isReport(String name) {
            return SoakDir.REPORT_FOLDERS.contains(name) || SoakDir.FINAL_REPORT.contains(name);
        }

        private static List<String> anyIn(List<String> folder) {
            return List.of(folder.get(0), "any");
        }

        private void take(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
            if (++entries > limits.entries) {
                throw refused(archive, "it holds more than " + limits.entries + " entries");
            }
            OneReading.require(entry, why -> refused(archive, why + shown(entry)));
            if (isWhereItBegan(entry)) {
                return;
            }
            List<String> names = names(entry);
            hasTmp |= !names.isEmpty() && names.get(0).equals(SoakDir.TMP);
            for (int i = 1; i <= names.size(); i++) {
                if (links.contains(names.subList(0, i))) {
                    throw refused(archive, "its entry " + shown(entry) + " would lie behind a link of it");
                }
            }
            if (entry.isSymbolicLink() || entry.isLink()) {
                links.add(names);
                boolean isRead = names.isEmpty()
                        || names.get(0).equals(SoakDir.ROUNDS)
                        || TOP_FILES.contains(names.get(0))
                        || isReport(names.get(0)) && (more.test(names) || names.size() == 1 && more.test(anyIn(names)));
                if (isRead && entry.isLink()) {
                    throw refused(archive, "it holds a hard link, " + shown(entry));
                }
                if (isRead) {
                    throw Failure.failed(
                            "the archive " + archive + " was not unpacked: it holds a link, " + shown(entry)
                                    + ", where evidence or a report should be, and an archive does not hold what a"
                                    + " link leads to; if you trust it, unpack it yourself, put the target in place of"
                                    + " the link, and give the folder");
                }
                return; // no report reads what lies there
            }
            if (!entry.isDirectory() && !PLAIN_FILES.contains(entry.getLinkFlag())) {
                throw refused(archive, "it holds " + shown(entry) + ", which is neither a file nor a folder");
            }
            Instant at = entry.getLastModifiedTime().toInstant();
            newest = at.isAfter(newest) ? at : newest;
            if (names.size() == 3 && names.get(0).equals(SoakDir.ROUNDS)) {
                Instant round =
                        RoundFiles.second(names.get(1) + "/" + names.get(2)).orElse(Instant.EPOCH);
                lastRound = round.isAfter(lastRound) ? round : lastRound;
            }
            boolean wanted = names.size() > 1 && names.get(0).equals(SoakDir.ROUNDS)
                    || names.size() == 1
                            && (TOP_FILES.contains(names.get(0)) || names.get(0).equals(SoakDir.ARCHIVE_README))
                    || !entry.isDirectory() && more.test(names);
            if (!wanted) {
                return;
            }
            Path path = target.resolve(String.join("/", names));
            if (entry.isDirectory()) {
                Files.createDirectories(path);
            } else {
                Files.createDirectories(path.getParent());
                Files.copy(tar, path); // never over one that is there
            }
        }

        /**
         * {@code tar -C FOLDER .} begins with {@code ./}: the folder that it was called in, which is none of its own.
         */
        private static boolean isWhereItBegan(TarArchiveEntry entry) {
            return entry.getLinkFlag() == TarConstants.LF_DIR && entry.getName().matches("\\./?");
        }

        /** The names on the way to an entry, below the one folder that everything lies in. */
        private List<String> names(TarArchiveEntry entry) {
            String name = entry.getName();
            List<String> names = Arrays.stream(name.split("/"))
                    .filter(n -> !n.isEmpty() && !n.equals("."))
                    .toList();
            if (name.startsWith("/") || names.contains("..") || name.indexOf('\0') >= 0 || names.isEmpty()) {
                throw refused(archive, "its entry " + shown(entry) + " would lie outside its folder");
            }
            if (top == null) {
                top = names.get(0);
            }
            if (!top.equals(names.get(0))) {
                throw refused(
                        archive,
                        "it holds more than the one folder of a soak (" + TableFormat.printable(top) + ", "
                                + TableFormat.printable(names.get(0)) + ")");
            }
            return names.subList(1, names.size());
        }

        private static String shown(TarArchiveEntry entry) {
            return TableFormat.printable(entry.getName());
        }

        /** Ends a stream that grows beyond all measure: a few kilobytes can unpack to terabytes. */
        private final class Counting extends FilterInputStream {
            Counting(InputStream in) {
                super(in);
            }

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                int n = super.read(buffer, from, length);
                bytes += Math.max(0, n);
                if (bytes > limits.bytes) {
                    throw refused(archive, "it unpacks to more than " + (limits.bytes >> 20) + " MiB");
                }
                return n;
            }
        }
    }
}
