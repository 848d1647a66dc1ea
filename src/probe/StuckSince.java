package probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/**
 * Since when a plan is stuck, as a stuck scan says it: RFC 3339 with or without fraction and offset (none is UTC), with
 * a T or a blank, or the seconds, milliseconds, microseconds or nanoseconds since 1970, as a number or as text. What
 * names no time of this age, such as a zero time, says nothing.
 */
final class StuckSince {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendPattern("[' ']")
            .appendPattern("[XXX][XX][X]")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT);
    /** Seconds have 10 digits until the year 2286, and each finer unit three more. */
    private static final int DIGITS_OF_SECONDS = 11;

    private static final int DIGITS_PER_UNIT = 3;
    private static final int FINEST_UNIT = 9;

    private StuckSince() {}

    static Optional<Instant> of(JsonNode plan) {
        return time(plan.path(plan.has("stuck_since") ? "stuck_since" : "stuckSince"));
    }

    static Optional<Instant> time(JsonNode since) {
        if (!since.isTextual() && !since.isNumber()) {
            return Optional.empty();
        }
        String text = since.asText().strip();
        return (text.matches("\\d{1,19}(\\.\\d+)?([eE]\\+?\\d{1,2})?") ? number(new BigDecimal(text)) : time(text))
                .filter(t -> !t.isBefore(EARLIEST));
    }

    private static Optional<Instant> number(BigDecimal sinceEpoch) {
        BigDecimal seconds = sinceEpoch;
        for (int unit = 0;
                unit < FINEST_UNIT && seconds.precision() - seconds.scale() > DIGITS_OF_SECONDS;
                unit += DIGITS_PER_UNIT) {
            seconds = seconds.movePointLeft(DIGITS_PER_UNIT);
        }
        if (seconds.precision() - seconds.scale() > DIGITS_OF_SECONDS) {
            return Optional.empty();
        }
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Optional.of(Instant.ofEpochSecond(
                whole.longValueExact(),
                seconds.subtract(whole).movePointRight(FINEST_UNIT).longValue()));
    }

    private static Optional<Instant> time(String text) {
        try {
            TemporalAccessor read = TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            return Optional.of(
                    read instanceof OffsetDateTime at
                            ? at.toInstant()
                            : read instanceof LocalDateTime local
                                    ? local.toInstant(ZoneOffset.UTC)
                                    : ((LocalDate) read).atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }
}
