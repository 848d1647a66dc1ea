package soak;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
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
            Files.createDirectories(dir.tmp());
            try (FileChannel channel = FileChannel.open(
                            dir.tmp().resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                return action.run();
            }
        }
    }
}
