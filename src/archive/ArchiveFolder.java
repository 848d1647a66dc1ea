package archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import base.Durable;
import base.Failure;
import base.Json;
import base.Leftovers;
import base.PlainFile;
import base.ThisUser;
import base.Why;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import output.TableFormat;
import settings.Config;
import soak.SoakDir;

/**
 * What of a soak's folder goes into its archive. The folder lives meanwhile: what vanishes, or may not be read, is left
 * out by name and is not the end of the archive.
 */
final class ArchiveFolder {
    private static final byte[] SQLITE_MAGIC = "SQLite format 3\0".getBytes(UTF_8);
    private static final List<String> SQLITE_COMPANIONS = List.of("-wal", "-shm", "-journal");
    /** Files that a report reads, and that may be links to elsewhere: the archive holds what they lead to. */
    private static final Set<String> FOLLOWED = ArchivedSoak.TOP_FILES;

    /** Where btrfs (snapper), file servers and ZFS show a folder as it was. */
    private static final Set<String> SNAPSHOTS = Set.of(".snapshots", ".snapshot", ".zfs");

    private static final char UNDECODABLE = '\uFFFD';

    /** @param link where a symbolic link leads to; null for what is none */
    record Entry(Path path, String name, boolean folder, String link, FileTime time, int mode) {}

    private final Config config;
    private final SoakDir dir;
    private final ArchiveNotes notes;
    private final List<Entry> entries = new ArrayList<>();

    ArchiveFolder(Config config, ArchiveNotes notes) {
        this.config = config;
        this.dir = config.dir();
        this.notes = notes;
    }

    /** The folder itself first; everything below a folder follows it, by name. */
    List<Entry> entries() throws IOException {
        try {
            collect(dir.root(), dir.root().getFileName().toString());
        } catch (IOException e) {
            throw Failure.failed(
                    "the folder " + dir.root() + " cannot be read (" + Why.of(e, dir.root())
                            + "): let this user read it, then run --type archive again",
                    e);
        }
        return entries;
    }

    /**
     * A folder's own time changes with what we write into it, so it has the time of the newest thing that it holds.
     *
     * @return the newest time below {@code folder}, its own if there is nothing
     */
    private FileTime collect(Path folder, String name) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(folder)) {
            listed.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        children.sort(Comparator.comparing((Path child) -> child.getFileName().toString())
                .thenComparing(Comparator.naturalOrder()));
        FileTime own = Files.getLastModifiedTime(folder);
        int mode = mode(Files.readAttributes(folder, PosixFileAttributes.class));
        int place = entries.size();
        FileTime newest = null;
        for (Path child : children) {
            int before = entries.size();
            try {
                FileTime time = isLeftOut(child) ? null : take(child, name + "/" + entryName(child));
                newest = newest == null || time != null && time.compareTo(newest) > 0 ? time : newest;
            } catch (IOException e) {
                entries.subList(before, entries.size()).clear();
                notes.leaveOut(child, why(e));
            }
        }
        newest = newest == null ? own : newest;
        entries.add(place, new Entry(folder, name, true, null, newest, mode));
        return newest;
    }

    /** @return its time; null for what is left out */
    private FileTime take(Path child, String name) throws IOException {
        boolean top = child.getParent().equals(dir.root());
        // A folder of the soak itself may be a link to another disk; deeper links stay links, and so do those that lead
        // back.
        if (top && !leadsBack(child) ? Files.isDirectory(child) : Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            return collect(child, name);
        }
        boolean follow = top && FOLLOWED.contains(child.getFileName().toString()) && Files.isRegularFile(child);
        PosixFileAttributes attributes = follow
                ? Files.readAttributes(child, PosixFileAttributes.class)
                : Files.readAttributes(child, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isRegularFile()) {
            FileTime time = time(child, attributes.lastModifiedTime());
            entries.add(new Entry(child, name, false, null, time, mode(attributes)));
            return time;
        }
        if (attributes.isSymbolicLink()) {
            Path target = Files.readSymbolicLink(child);
            if (!child.resolveSibling(target).normalize().startsWith(dir.root())) {
                if (child.startsWith(dir.rounds()) || child.startsWith(dir.daily())) {
                    notes.leaveOut(
                            child,
                            "a link out of the folder, to " + TableFormat.printable(target.toString())
                                    + ": what lies there is not in the archive");
                } else {
                    notes.holdsOtherwise(
                            child,
                            "is a link out of the folder, to " + TableFormat.printable(target.toString())
                                    + ": what lies there is not in the archive");
                }
            }
            entries.add(new Entry(child, name, false, target.toString(), attributes.lastModifiedTime(), 0777));
            return attributes.lastModifiedTime();
        }
        if (child.startsWith(dir.rounds()) || child.startsWith(dir.daily())) {
            notes.leaveOut(child, "a pipe, a socket or a device is in the place of a file of evidence");
        } else {
            notes.leaveOutRightly(child, "a pipe, a socket or a device holds no evidence");
        }
        return null;
    }

    /**
     * To the folder itself or one above it: there lie the folder once more, its archives, and what is not the soak's.
     */
    private boolean leadsBack(Path child) throws IOException {
        return Files.isSymbolicLink(child)
                && Files.exists(child)
                && dir.root().toRealPath().startsWith(child.toRealPath());
    }

    /** A name that is not UTF-8 is spelt as in a URL: it could not be told from another one else. */
    private String entryName(Path child) {
        String name = child.getFileName().toString();
        if (name.indexOf(UNDECODABLE) < 0) {
            return name;
        }
        String raw = child.toUri().getRawPath().replaceFirst("/$", "");
        String spelt = raw.substring(raw.lastIndexOf('/') + 1);
        notes.holdsOtherwise(child, "has a name that is not UTF-8 and is stored here as " + spelt);
        return spelt;
    }

    /** In words that name what happened to the file, and not the disk. */
    static String why(IOException e) {
        return e instanceof NoSuchFileException
                ? "it vanished while the archive was made"
                : e instanceof AccessDeniedException
                        ? "user " + ThisUser.name() + " may not read it"
                        : "it cannot be read: " + Why.of(e, null);
    }

    private static int mode(PosixFileAttributes attributes) {
        int mode = 0;
        for (PosixFilePermission permission : attributes.permissions()) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    private FileTime time(Path file, FileTime own) throws IOException {
        if (isReport(file) || isStatement(file) || file.equals(dir.finalEnvelope())) {
            return reportTime();
        }
        Path wal = file.resolveSibling(file.getFileName() + "-wal");
        // An empty one holds nothing of the database: a reader such as our own backup leaves it where nobody else has
        // the file open.
        try {
            return Files.size(wal) > 0 && Files.getLastModifiedTime(wal).compareTo(own) > 0
                    ? Files.getLastModifiedTime(wal)
                    : own;
        } catch (NoSuchFileException none) {
            return own;
        }
    }

    boolean isReport(Path file) {
        return file.equals(dir.finalText()) || file.equals(dir.finalJson());
    }

    /** One that belongs to a report: it is made anew for the report as it stands in the archive. */
    boolean isStatement(Path file) {
        return file.equals(dir.finalStatement()) && Files.exists(dir.finalJson()) && Files.exists(dir.finalText());
    }

    /** The report on disk is written again to quote the hash; its as_of stays. */
    private FileTime reportTime() throws IOException {
        try {
            return FileTime.from(Instant.parse(
                    Json.parse(PlainFile.text(dir.finalJson())).path("as_of").asText()));
        } catch (JsonProcessingException | DateTimeParseException | NoSuchFileException e) {
            return Files.getLastModifiedTime(Files.exists(dir.finalText()) ? dir.finalText() : dir.finalJson());
        }
    }

    private boolean isLeftOut(Path path) throws IOException {
        String name = path.getFileName().toString();
        if (path.equals(dir.tmp())
                || path.equals(dir.cache())
                || path.equals(dir.roundLock())
                || path.equals(dir.archiveReadme())
                || name.endsWith(Durable.TEMPORARY)) {
            return true;
        }
        if (path.startsWith(dir.bin()) && (name.endsWith(".jar") || name.startsWith(Leftovers.LIBRARY))
                || path.equals(dir.classes())
                || path.equals(dir.classesOf())) {
            return true;
        }
        if (path.getParent().equals(dir.root()) && SNAPSHOTS.contains(name) && Files.isDirectory(path)) {
            notes.leaveOutRightly(path, "earlier states of this folder, as its file system keeps them");
            return true;
        }
        if (isSecret(path)) {
            notes.leaveOutRightly(path, "a secret of the soak, as config.env says");
            return true;
        }
        return SQLITE_COMPANIONS.stream()
                .anyMatch(s -> name.endsWith(s)
                        && isSqlite(path.resolveSibling(name.substring(0, name.length() - s.length()))));
    }

    /**
     * What CP_HEADERS_FILE and CP_TLS_KEY name, by whatever name it lies here, and any file with a private key beside
     * them.
     */
    private boolean isSecret(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        for (String key : List.of("CP_HEADERS_FILE", "CP_TLS_KEY", "CP_TLS_CERT")) {
            try {
                Path named = config.file(key).orElse(null);
                if (named != null && (path.equals(named) || Files.exists(named) && Files.isSameFile(path, named))) {
                    return !key.equals("CP_TLS_CERT")
                            || Files.readString(path, ISO_8859_1).contains("PRIVATE KEY-----");
                }
            } catch (NoSuchFileException vanished) {
                return false;
            } catch (IOException e) {
                return true; // nobody can tell: it stays here
            }
        }
        return false;
    }

    static boolean isSqlite(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(SQLITE_MAGIC.length), SQLITE_MAGIC);
        } catch (IOException e) {
            return false; // reading it again, to pack it, will say why
        }
    }
}
