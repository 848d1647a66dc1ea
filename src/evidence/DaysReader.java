package evidence;

import cache.DayCache;
import evidence.RawTable.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads the rounds of several dates at a time, each anew or as the cache has it, and hands their rows over in order.
 */
final class DaysReader {
    /** Files are waited for; more threads only take the processor from the control plane that is tested. */
    private static final int THREADS = 2;
    /** So many dates may lie in memory. */
    private static final int AHEAD = THREADS + 1;

    private final DayCache cache;

    DaysReader(DayCache cache) {
        this.cache = cache;
    }

    /** What is read of a date. */
    interface Reading {
        /** @return whether another reading of the same files would bring the same rows */
        boolean read(Path date, Rows rows);
    }

    /** @param what is read, a word */
    void read(List<Path> dates, String what, Reading reading, Rows into) {
        ExecutorService readers = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "days");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Deque<Future<byte[]>> ahead = new ArrayDeque<>();
            int asked = 0;
            for (Path date : dates) {
                for (; asked < dates.size() && ahead.size() < AHEAD; asked++) {
                    Path next = dates.get(asked);
                    ahead.add(readers.submit(() -> rows(next, what, reading)));
                }
                byte[] rows = ahead.remove().get();
                if (rows == null) {
                    reading.read(date, into);
                } else {
                    RowBuffer.replay(rows, into);
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            readers.shutdownNow();
        }
    }

    /** @return null where they are too many to be kept in memory */
    private byte[] rows(Path date, String what, Reading reading) throws IOException {
        Anew anew = new Anew(date, reading);
        Optional<byte[]> kept = cache.kept(date, what, () -> anew.read() ? anew.rows : null);
        if (kept.isPresent()) {
            return kept.get();
        }
        anew.read();
        return anew.rows;
    }

    /** The rows of a date as its files have them now, read once. */
    private static final class Anew {
        private final Path date;
        private final Reading reading;
        private Boolean certain;
        byte[] rows;

        Anew(Path date, Reading reading) {
            this.date = date;
            this.reading = reading;
        }

        /** @return as {@link Reading#read} */
        boolean read() {
            if (certain == null) {
                RowBuffer buffer = new RowBuffer();
                try {
                    certain = reading.read(date, buffer);
                    rows = buffer.toBytes();
                } catch (RowBuffer.Full | OutOfMemoryError e) { // two dates at once, where one may have room
                    certain = false;
                }
            }
            return certain;
        }
    }
}
