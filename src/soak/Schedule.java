package soak;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The soak's calendar (contract, section 4 "Time"): T0, slots, soak days and UTC dates.
 *
 * @param startedAt SOAK_STARTED_AT
 * @param intervalSeconds ROUND_INTERVAL_SECONDS, a divisor of 86400
 * @param days SOAK_DAYS
 */
public record Schedule(Instant startedAt, int intervalSeconds, int days) {
    public static final int SECONDS_PER_DAY = 86_400;

    /** SOAK_STARTED_AT floored to the interval, counted since the epoch. */
    public Instant t0() {
        return floor(startedAt, intervalSeconds);
    }

    public static Instant floor(Instant instant, int intervalSeconds) {
        return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), (long) intervalSeconds) * intervalSeconds);
    }

    /** The slot of an instant, from 0; negative before T0. */
    public long slot(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond() - t0().getEpochSecond(), (long) intervalSeconds);
    }

    public long totalSlots() {
        return (long) days * SECONDS_PER_DAY / intervalSeconds;
    }

    public Instant end() {
        return t0().plus(Duration.ofDays(days));
    }

    /** Whether no round that begins now counts any more. */
    public boolean hasEnded(Instant now) {
        return !now.isBefore(end());
    }

    /** The end of soak day {@code day} (1 = the first). */
    public Instant endOfDay(int day) {
        return t0().plus(Duration.ofDays(day));
    }

    /** The number of a UTC date, the date of SOAK_STARTED_AT being 1: {@code day=} in every alert. */
    public long dayOfDate(LocalDate date) {
        return date.toEpochDay()
                - LocalDate.ofInstant(startedAt, ZoneOffset.UTC).toEpochDay()
                + 1;
    }
}
