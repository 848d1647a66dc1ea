package soak;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One at a time, over the processes and threads of one soak; waits for its turn, and a killed process frees it. */
public final class Mutex {
    /** File locks are held by the process as a whole; its threads need this. */
    private static final Object THREADS = new Object();

    private Mutex() {}

    /** What is done alone. */
    public interface Action<T> {
        T run() throws IOException;
    }

    /** @param name of a file in {@link SoakDir#tmp()} that serves as this lock and for nothing else */
    public static <T> T holding(SoakDir dir, String name, Action<T> action) throws IOException {
        synchronized (THREADS) {
            Path lock = Files.createDirectories(dir.tmp()).resolve(name);
            try (FileChannel channel = opened(lock);
                    FileLock held = channel.lock()) {
                return action.run();
            }
        }
    }

    /**
     * Root's, where root made the first report of somebody's soak: whose the folder is may put his own in its place.
     */
    private static FileChannel opened(Path lock) throws IOException {
        try {
            return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (AccessDeniedException anothers) {
            if (!Files.deleteIfExists(lock)) {
                throw anothers;
            }
            return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
    }
}
