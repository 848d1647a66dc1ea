package workload;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import soak.Plan;
import soak.Time;

/** How long a round takes, by the monotonic clock, and how far the wall clock moved apart from it meanwhile. */
public final class RoundClock {
    private final Time time;
    private final long began;
    private final Instant beganAt;

    /** Runs from here on. */
    public RoundClock(Time time) {
        this.time = time;
        this.began = time.nanoTime();
        this.beganAt = time.now();
    }

    public Instant beganAt() {
        return beganAt;
    }

    private record Stopped(Map<String, Object> figures, List<String> warnings) implements StepOutcome {}

    public StepOutcome stopped() {
        Instant finishedAt = time.now();
        long durationMs = (time.nanoTime() - began) / 1_000_000;
        long stepMs = Duration.between(beganAt, finishedAt).toMillis() - durationMs;
        return new Stopped(
                Map.of(
                        "finished_at",
                        finishedAt.truncatedTo(ChronoUnit.SECONDS),
                        "duration_ms",
                        durationMs,
                        "clock_step_ms",
                        stepMs),
                Math.abs(stepMs) <= Plan.CLOCK_STEP_MS
                        ? List.of()
                        : List.of("the wall clock stepped by " + stepMs
                                + " ms during the round; durations use the monotonic clock and are not affected"));
    }
}
