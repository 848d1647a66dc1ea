package archive;

import archive.ArchiveFolder.Entry;
import base.Durable;
import base.Leftovers;
import base.Room;
import base.Sqlite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import soak.SoakDir;

/**
 * Puts files into the archive, as many bytes each as its header says, whatever becomes of them meanwhile. What cannot
 * be read is left out by name; what cannot be written is an exception.
 */
final class ArchiveTar {
    private static final Duration BUSY = Duration.ofSeconds(30);
    /** Up to here a file is read before its header is written: its size is what was read. */
    private static final int WHOLE_BYTES = 16 << 20;

    private static final String UNMASKABLE = "it holds a secret of config.env and is not text, so it cannot be masked";
    private static final int PART_BYTES = 4 << 20;

    private final SoakDir dir;
    private final TarArchiveOutputStream tar;
    private final ArchiveMasks masks;
    private final ArchiveNotes notes;

    ArchiveTar(SoakDir dir, OutputStream out, ArchiveMasks masks, ArchiveNotes notes) {
        this.dir = dir;
        this.masks = masks;
        this.notes = notes;
        tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    void finish() throws IOException {
        tar.finish();
    }

    void put(Entry entry) throws IOException {
        if (entry.folder()) {
            tar.putArchiveEntry(header(entry, entry.name() + "/", 0));
            tar.closeArchiveEntry();
        } else if (entry.link() != null) {
            TarArchiveEntry link = new TarArchiveEntry(entry.name(), TarConstants.LF_SYMLINK);
            link.setLinkName(entry.link());
            own(link, entry);
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        } else if (ArchiveFolder.isSqlite(entry.path())) {
            backup(entry);
        } else {
            file(entry);
        }
    }

    void putBytes(Entry entry, byte[] bytes) throws IOException {
        tar.putArchiveEntry(header(entry, entry.name(), bytes.length));
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    void putMasked(Entry entry, ArchiveMasks.Masked masked) throws IOException {
        if (masked.places() > 0) {
            notes.masked(entry.path(), masked.places());
        }
        putBytes(entry, masked.bytes());
    }

    private void file(Entry entry) throws IOException {
        ArchiveMasks.Masked small = null;
        long size;
        try (InputStream in = Files.newInputStream(entry.path())) {
            size = Files.size(entry.path());
            if (size <= WHOLE_BYTES) {
                // a log may grow: what it held when it was opened goes in
                small = masks.of(entry.path(), in.readNBytes((int) size));
            }
        } catch (IOException e) {
            notes.leaveOut(entry.path(), ArchiveFolder.why(e));
            return;
        }
        if (small != null) {
            if (!ArchiveMasks.isText(small.bytes())
                    && small.places() == 0
                    && masks.holdsSecret(new ByteArrayInputStream(small.bytes()))) {
                notes.leaveOut(entry.path(), UNMASKABLE);
            } else {
                putMasked(entry, small);
            }
            return;
        }
        large(entry, size);
    }

    /** In parts, and only where something is masked by way of a copy: until then nobody knows how long it will be. */
    private void large(Entry entry, long size) throws IOException {
        int places = 0;
        try (InputStream head = Files.newInputStream(entry.path());
                InputStream in = Files.newInputStream(entry.path())) {
            if (ArchiveMasks.isText(head.readNBytes(PART_BYTES))) {
                places = parts(entry.path(), in, size, OutputStream.nullOutputStream());
            } else if (masks.holdsSecret(in)) {
                notes.leaveOut(entry.path(), UNMASKABLE);
                return;
            }
        } catch (IOException e) {
            notes.leaveOut(entry.path(), ArchiveFolder.why(e));
            return;
        }
        if (places == 0) {
            copy(entry, entry.path(), size);
            return;
        }
        Path copy = scratch(size, "a masked copy of " + entry.path());
        try {
            try (OutputStream out = Files.newOutputStream(copy);
                    InputStream in = Files.newInputStream(entry.path())) {
                notes.masked(entry.path(), parts(entry.path(), in, size, out));
            }
            copy(entry, copy, Files.size(copy));
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private int parts(Path file, InputStream in, long size, OutputStream out) throws IOException {
        int places = 0;
        byte[] rest = {};
        for (long left = size; left > 0 || rest.length > 0; ) {
            byte[] read = in.readNBytes((int) Math.min(PART_BYTES, left));
            left = read.length == 0 ? 0 : left - read.length;
            byte[] part = Arrays.copyOf(rest, rest.length + read.length);
            System.arraycopy(read, 0, part, rest.length, read.length);
            int end = part.length;
            for (int i = part.length; left > 0 && i > 0; i--) { // lines stay whole
                if (part[i - 1] == '\n') {
                    end = i;
                    break;
                }
            }
            rest = Arrays.copyOfRange(part, end, part.length);
            ArchiveMasks.Masked masked = masks.of(file, Arrays.copyOf(part, end));
            out.write(masked.bytes());
            places += masked.places();
        }
        return places;
    }

    /** Exactly {@code size} bytes: where the file has become shorter, zeros stand for the rest, as with GNU tar. */
    private void copy(Entry entry, Path content, long size) throws IOException {
        try (InputStream in = Files.newInputStream(content)) {
            tar.putArchiveEntry(header(entry, entry.name(), size));
            byte[] buffer = new byte[1 << 16];
            long left = size;
            while (left > 0) {
                int read;
                try {
                    read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                } catch (IOException unreadable) {
                    read = -1;
                }
                if (read < 0) {
                    notes.holdsOtherwise(
                            entry.path(),
                            "became shorter while it was read: its last " + left + " bytes are zeros here");
                    Arrays.fill(buffer, (byte) 0);
                    for (; left > 0; left -= read) {
                        read = (int) Math.min(buffer.length, left);
                        tar.write(buffer, 0, read);
                    }
                    break;
                }
                tar.write(buffer, 0, read);
                left -= read;
            }
            tar.closeArchiveEntry();
        } catch (FileSystemException gone) { // before its header was written
            notes.leaveOut(entry.path(), ArchiveFolder.why(gone));
        }
    }

    /** SQLite's own online backup: consistent while the control plane writes, its log folded in. */
    private void backup(Entry entry) throws IOException {
        long bytes;
        try {
            bytes = Files.size(entry.path());
        } catch (IOException e) {
            notes.leaveOut(entry.path(), ArchiveFolder.why(e));
            return;
        }
        Path copy = scratch(bytes, "a copy of the database " + entry.path());
        try {
            Files.delete(copy);
            try (Connection source = Sqlite.open(entry.path(), true, BUSY)) {
                Sqlite.backup(source, copy);
            } catch (SQLException e) { // damaged, it is evidence all the more
                Room.require(copy.getParent(), dir.root(), 0, "a copy of the database " + entry.path(), "");
                notes.holdsOtherwise(
                        entry.path(),
                        "is a plain copy, without its -wal, -shm and -journal: SQLite could not back it up ("
                                + e.getMessage() + ")");
                Files.deleteIfExists(copy);
                file(entry);
                return;
            }
            try (InputStream in = Files.newInputStream(copy)) {
                if (masks.holdsSecret(in)) {
                    notes.leaveOut(entry.path(), "it is a database and holds a secret of config.env");
                    return;
                }
            }
            copy(entry, copy, Files.size(copy));
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** A file on the soak's disk, or on the machine's where that lacks the room. */
    private Path scratch(long bytes, String what) throws IOException {
        Path tmp = dir.tmp();
        if (Room.left(tmp, dir.root()) < bytes) {
            tmp = Path.of(System.getProperty("java.io.tmpdir"));
            Room.require(tmp, dir.root(), bytes, what, "point JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR at another disk");
        }
        Files.createDirectories(tmp);
        return Files.createTempFile(tmp, Leftovers.owned("archive"), ".sqlite" + Durable.TEMPORARY);
    }

    private static TarArchiveEntry header(Entry entry, String name, long size) {
        TarArchiveEntry header = new TarArchiveEntry(name);
        header.setSize(size);
        own(header, entry);
        return header;
    }

    private static void own(TarArchiveEntry header, Entry entry) {
        header.setMode(entry.mode());
        header.setIds(0, 0);
        header.setNames("", "");
        header.setLastModifiedTime(
                FileTime.from(Instant.ofEpochSecond(entry.time().toInstant().getEpochSecond())));
    }
}
