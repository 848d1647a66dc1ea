package workload;

import base.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import settings.Plan;
import soak.Schedule;

/** How long a round takes, by the monotonic clock, and how far the wall clock moved apart from it meanwhile. */
public final class RoundClock {
    private final Time time;
    private final long began;
    private final Instant beganAt;

    private final Schedule schedule;

    /** Runs from here on. */
    public RoundClock(Time time, Schedule schedule) {
        this.schedule = schedule;
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
                warnings(durationMs, stepMs));
    }

    private List<String> warnings(long durationMs, long stepMs) {
        List<String> warnings = new ArrayList<>();
        if (Math.abs(stepMs) > Plan.CLOCK_STEP_MS) {
            warnings.add("the wall clock stepped by " + stepMs
                    + " ms during the round; durations use the monotonic clock and are not affected");
        }
        long next = schedule.slot(beganAt) + 1;
        long last = Math.min(schedule.slot(beganAt.plusMillis(durationMs)), schedule.totalSlots() - 1);
        if (next > 0 && last >= next) {
            warnings.add("this round lasted " + durationMs / 1000 + " s, into slot " + last + ": "
                    + (last == next ? "that slot" : "slots " + next + " to " + last)
                    + " may have no round, since none begins while another one runs (exit 75)");
        }
        return warnings;
    }
}
