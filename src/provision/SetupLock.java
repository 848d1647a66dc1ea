package provision;

import base.Failure;
import base.Why;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import soak.SoakDir;

/** One setup at a time: a reboot's resume and a person's must not both start a control plane. The kernel frees it. */
public final class SetupLock implements AutoCloseable {
    private final FileChannel channel;

    private SetupLock(FileChannel channel) {
        this.channel = channel;
    }

    public static SetupLock take(SoakDir dir) {
        Path file = dir.root().resolve("setup.lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return new SetupLock(channel);
            }
            channel.close();
        } catch (OverlappingFileLockException heldByThisProcess) {
            // said below; this channel stays open: closing it would free the other's lock
        } catch (IOException e) {
            throw Failure.failed(
                    file + " cannot be locked (" + Why.of(e, file)
                            + "): SOAK_DIR needs a file system with locks that this user may write",
                    e);
        }
        throw Failure.failed("another setup is working on " + dir.root() + ": wait until it ends, then run this again");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
