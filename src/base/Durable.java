package base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes that survive a power cut. A file that a reader may open is whole or absent: temporary name in the same folder,
 * synced, renamed, folder synced. A log grows by whole lines, each synced.
 */
public final class Durable {
    /** Temporary names end in this, so that no reader takes one for evidence. */
    public static final String TEMPORARY = ".tmp";

    private Durable() {}

    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, bytes, null);
    }

    private static void write(Path file, byte[] bytes, String permissions) throws IOException {
        try {
            write(file, out -> out.write(bytes), permissions);
        } catch (IOException e) {
            throw named(file, e);
        }
    }

    /** The system says of which file a write or a sync failed only where it was opened or renamed. */
    private static IOException named(Path file, IOException e) {
        return e instanceof FileSystemException
                ? e
                : (IOException) new FileSystemException(file.toString(), null, e.getMessage()).initCause(e);
    }

    /** What a file is to hold, written piece by piece where it is too much to lie in memory. */
    public interface Content {
        void to(OutputStream out) throws IOException;
    }

    public static void write(Path file, Content content) throws IOException {
        write(file, content, null);
    }

    /** @param permissions such as {@code rw-r--r--}, whatever the umask is; the file has them before it has its name */
    public static void write(Path file, String text, String permissions) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8), permissions);
    }

    private static void write(Path file, Content content, String permissions) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
                content.to(out);
                out.flush();
                channel.force(true);
            }
            if (permissions != null) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        syncFolder(file.getParent());
    }

    /**
     * Appends one line in one write. A log whose last line a power cut left unfinished gets its line end first, so that
     * two lines never become one.
     */
    public static void appendLine(Path file, String line) throws IOException {
        boolean isNew = !Files.exists(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            channel.position(end);
            String lead = end > 0 && lastByte(channel, end) != '\n' ? "\n" : "";
            Channels.newOutputStream(channel).write((lead + line + "\n").getBytes(StandardCharsets.UTF_8));
            channel.force(true);
        } catch (IOException e) {
            throw named(file, e);
        }
        if (isNew) {
            syncFolder(file.getParent());
        }
    }

    /** A new name in a folder is durable only once the folder is. */
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw named(folder, e);
        }
    }

    private static byte lastByte(FileChannel channel, long end) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, end - 1);
        return one.get(0);
    }
}
