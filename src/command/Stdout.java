package command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * This process's standard output, which remembers that it could not be written: writers on top of it swallow that, and
 * a report that nobody received must not end as one that was.
 */
final class Stdout extends OutputStream {
    /** The kernel's words for a reader that has gone, such as {@code head} after its lines: it has all it wants. */
    private static final String READER_HAS_GONE = "Broken pipe";

    private final OutputStream out;
    private IOException failure;

    Stdout() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    Stdout(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** Why not all of it was written; empty where all was, or where its reader wanted no more. */
    Optional<String> failure() {
        return Optional.ofNullable(failure)
                .map(e -> String.valueOf(e.getMessage()))
                .filter(why -> !why.contains(READER_HAS_GONE));
    }
}
