package lab.controlplane;

import base.Failure;
import base.Folders;
import base.Why;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** One control plane a data dir. The kernel holds the lock and frees it however the process ends; the file stays. */
final class DataDirLock implements AutoCloseable {
    static final String FILE = "controlplane.lock";

    // Closing a second channel on the file would free the first one's lock, so a JVM must know its own before it opens
    // one.
    private static final Set<Path> HELD_HERE = new HashSet<>();

    private final Path dir;
    private final FileChannel channel;

    private DataDirLock(Path dir, FileChannel channel) {
        this.dir = dir;
        this.channel = channel;
    }

    /** @param dataDir created if it is not there */
    static DataDirLock take(Path dataDir) throws IOException {
        if (Files.exists(dataDir) && !Files.isDirectory(dataDir)) {
            throw Failure.usage("the data dir " + dataDir + " is a file: give --data-dir a folder");
        }
        Folders.make(dataDir, "the data dir " + dataDir, "give --data-dir a folder that can be written");
        Path dir = dataDir.toRealPath();
        synchronized (HELD_HERE) {
            if (HELD_HERE.contains(dir)) {
                throw inUse(dataDir);
            }
            FileChannel channel;
            try {
                channel = FileChannel.open(dir.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw Failure.failed(
                        "the data dir " + dataDir + " cannot be written (" + Why.of(e, dataDir)
                                + "): give --data-dir a folder that can be",
                        e);
            }
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(dataDir);
            }
            HELD_HERE.add(dir);
            return new DataDirLock(dir, channel);
        }
    }

    private static Failure inUse(Path dataDir) {
        return Failure.failed(
                "another control plane uses the data dir " + dataDir + ": stop it first, or give another --data-dir");
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD_HERE) {
            HELD_HERE.remove(dir);
            channel.close();
        }
    }
}
