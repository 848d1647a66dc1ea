package workload;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import soak.Failure;
import soak.SoakDir;

/**
 * One round at a time. The kernel holds the lock for the process, so a killed round frees it; the file is never deleted
 * and never opened for anything else, because closing any channel on it would drop the lock. It is a lock of fcntl(2):
 * flock(1) on the same file does not see it.
 */
public final class RoundLock implements AutoCloseable {
    private final FileChannel channel;

    private RoundLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws Failure exit 75 if another round holds it, 70 if the file cannot be had */
    public static RoundLock take(SoakDir dir) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(dir.roundLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new RoundLock(channel);
            }
            channel.close();
        } catch (OverlappingFileLockException sameProcess) {
            // said below; this channel stays open: closing it would free the other's lock
        } catch (IOException e) {
            throw Failure.failed(
                    dir.roundLock() + " cannot be locked (" + e
                            + "): SOAK_DIR must be writable for this user and on a local disk",
                    e);
        }
        throw Failure.locked("another round of " + dir.root()
                + " is still running: nothing was changed; if this repeats, a round outlasts its interval (see"
                + " duration_ms in the round summaries)");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
