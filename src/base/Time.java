package base;

import java.time.Duration;
import java.time.Instant;

/** Where the commands get their time from: the machine's clocks, or a virtual one that lets 30 days pass in minutes. */
public interface Time {
    /** The wall clock, UTC. It may step. */
    Instant now();

    /** A monotonic clock in nanoseconds, for durations. */
    long nanoTime();

    void sleep(Duration duration) throws InterruptedException;

    static Time system() {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
            }
        };
    }
}
