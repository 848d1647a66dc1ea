package lab.rehearsal;

import base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only goes on when somebody lets it: who serves a request, sleeps, or waits for the next slot. */
final class VirtualTime implements Time {
    private final Instant origin;
    private final AtomicLong nanos = new AtomicLong();
    private volatile Duration stepped = Duration.ZERO;

    VirtualTime(Instant origin) {
        this.origin = origin;
    }

    @Override
    public Instant now() {
        return origin.plusNanos(nanos.get()).plus(stepped);
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }

    void advance(Duration duration) {
        nanos.addAndGet(Math.max(0, duration.toNanos()));
    }

    /** Lets the time until {@code instant} pass; none, where that is over already. */
    void advanceTo(Instant instant) {
        advance(Duration.between(now(), instant));
    }

    /** The wall clock is set, forwards or back; durations do not feel it. */
    void step(Duration by) {
        stepped = stepped.plus(by);
    }
}
