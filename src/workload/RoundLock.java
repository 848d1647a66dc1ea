package workload;

import base.Failure;
import base.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.temporal.ChronoUnit;
import soak.SoakDir;

/**
 * One round at a time. The kernel holds the lock for the process, so a killed round frees it; the file is never deleted
 * and never opened for anything else, because closing any channel on it would drop the lock. It is a lock of fcntl(2):
 * flock(1) on the same file does not see it.
 */
public final class RoundLock implements AutoCloseable {
    private final SoakDir dir;
    private final FileChannel channel;

    private RoundLock(SoakDir dir, FileChannel channel) {
        this.dir = dir;
        this.channel = channel;
    }

    /** @throws Failure exit 75 if another round holds it, 70 if the file cannot be had */
    public static RoundLock take(SoakDir dir) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(dir.roundLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                stamp(channel);
                return new RoundLock(dir, channel);
            }
            channel.close();
        } catch (OverlappingFileLockException sameProcess) {
            // said below; this channel stays open: closing it would free the other's lock
        } catch (IOException e) {
            throw Failure.failed(
                    dir.roundLock() + " cannot be locked (" + Why.of(e, dir.roundLock())
                            + "): SOAK_DIR must be writable for this user and on a local disk",
                    e);
        }
        throw Failure.locked("another round of " + dir.root()
                + " is still running, or setup starts its control plane" + since(dir)
                + ": nothing was changed, and this slot may have no round; lslocks names the process that holds "
                + dir.roundLock().getFileName()
                + "; if this repeats, a round hangs or outlasts its interval (see duration_ms in the round summaries),"
                + " or two lines of crontabs start each round (setup --check names them)");
    }

    /**
     * The time of the file is when it was last taken, by the machine's clock. It is written, since setting it is its
     * owner's alone, and told without opening the file.
     */
    private static void stamp(FileChannel channel) {
        try {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}), 0);
        } catch (IOException full) {
            // the lock is as good, and said to be older than it is
        }
    }

    private static String since(SoakDir dir) {
        try {
            return ", since "
                    + Files.getLastModifiedTime(dir.roundLock()).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (IOException unknown) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
