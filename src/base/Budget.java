package base;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Work that may take its time and no more: in a daemon thread of its own, since neither a name server nor an answer
 * that drips obeys the time limits of a connection.
 */
public final class Budget {
    private Budget() {}

    /** @return empty if the work has not ended by then; it goes on, and ends with the process */
    public static <T> Optional<T> within(Duration budget, String name, Supplier<T> work) {
        AtomicReference<T> result = new AtomicReference<>();
        Thread thread = new Thread(() -> result.set(work.get()), name);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(Math.max(1, budget.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(result.get());
    }
}
