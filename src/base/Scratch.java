package base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that a command needs while it runs. It is removed at its end, and where a signal ends it too. */
public final class Scratch implements AutoCloseable {
    private final Path folder;
    private final Thread atEnd = new Thread(this::remove);
    private volatile Runnable first = () -> {};

    private Scratch(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    /**
     * In the machine's folder for temporary files.
     *
     * @param kind one of those that {@link Leftovers} knows
     */
    public static Scratch of(String kind) throws IOException {
        return new Scratch(Files.createTempDirectory(Leftovers.owned(kind)));
    }

    /** @param parent made if it is not there */
    public static Scratch in(Path parent, String kind) throws IOException {
        return new Scratch(Files.createTempDirectory(Files.createDirectories(parent), Leftovers.owned(kind)));
    }

    public Path folder() {
        return folder;
    }

    /** What must end before the folder is removed, such as a process that works in it. */
    public void endFirst(Runnable what) {
        first = what;
    }

    private void remove() {
        try {
            first.run();
        } finally {
            try {
                Folders.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            remove();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(atEnd);
            } catch (IllegalStateException aSignalCame) {
                // then the hook runs already, and does the same
            }
        }
    }
}
