package provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import soak.Schedule;

/**
 * When the jobs of a soak run, in UTC, as cron and systemd have to be told.
 *
 * @param everySeconds a divisor of a day
 * @param atSeconds after a multiple of everySeconds since the epoch
 */
public record Timetable(int everySeconds, int atSeconds) {
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    /** No zone is nearer to UTC than by a multiple of this. */
    private static final int QUARTER = 900;

    private static final Instant WINTER = Instant.parse("2100-01-01T00:00:00Z");
    private static final Instant SUMMER = Instant.parse("2100-07-01T00:00:00Z");
    private static final int DAY = Schedule.SECONDS_PER_DAY;

    /** Rounds start with their slots. */
    public static Timetable rounds(int intervalSeconds) {
        return new Timetable(intervalSeconds, 0);
    }

    public static Timetable dailyAt(int hour) {
        return new Timetable(DAY, hour * HOUR);
    }

    /**
     * A crontab's five fields, and the step by which they fire too often and {@code bin/due} has to decide.
     *
     * @param step 0 if the fields alone are right
     */
    public record Cron(String fields, int step) {}

    /**
     * @param zone the machine's, "" where it is unknown. In any but UTC the fields' hours are those of another zone,
     *     some crons ignore CRON_TZ, and summer time may begin in mid-soak, so only what does not name an hour is left
     *     to cron; nor what names a minute that is another in UTC, as in Kolkata and Kathmandu
     * @return empty if it is not a whole number of minutes, cron's smallest step
     */
    public Optional<Cron> cron(String zone) {
        if (everySeconds % MINUTE != 0) {
            return Optional.empty();
        }
        boolean machineIsUtc = isUtc(zone);
        int shift = shift(zone);
        if (HOUR % everySeconds == 0 && shift % everySeconds == 0) {
            return Optional.of(new Cron(minutes(everySeconds / MINUTE) + " * * * *", 0));
        }
        if (machineIsUtc && everySeconds == DAY) {
            return Optional.of(new Cron("0 " + atSeconds / HOUR + " * * *", 0));
        }
        if (machineIsUtc && everySeconds % HOUR == 0) {
            return Optional.of(new Cron("0 */" + everySeconds / HOUR + " * * *", 0));
        }
        int step = gcd(everySeconds, shift);
        return Optional.of(new Cron(minutes(step / MINUTE) + " * * * *", step));
    }

    /** The longest time, of an hour at most, of which each offset that the zone's rules give it is a multiple. */
    private static int shift(String zone) {
        try {
            var rules = ZoneId.of(zone).getRules();
            return Stream.of(WINTER, SUMMER)
                    .map(rules::getOffset)
                    .mapToInt(ZoneOffset::getTotalSeconds)
                    .map(Math::abs)
                    .reduce(HOUR, Timetable::gcd);
        } catch (DateTimeException unknown) {
            return QUARTER;
        }
    }

    private static String minutes(int every) {
        return every == 1 ? "*" : every == HOUR / MINUTE ? "0" : "*/" + every;
    }

    /** systemd's OnCalendar, and the step by which it fires too often as in {@link Cron}. */
    public Cron calendar() {
        if (everySeconds == DAY) {
            return new Cron(String.format(Locale.ROOT, "*-*-* %02d:00:00 UTC", atSeconds / HOUR), 0);
        }
        if (everySeconds % HOUR == 0) {
            return new Cron(
                    everySeconds == HOUR ? "*-*-* *:00:00 UTC" : "*-*-* 00/" + everySeconds / HOUR + ":00:00 UTC", 0);
        }
        int step = gcd(everySeconds, HOUR);
        if (step % MINUTE == 0) {
            return new Cron("*-*-* *:00/" + step / MINUTE + ":00 UTC", step == everySeconds ? 0 : step);
        }
        int seconds = gcd(step, MINUTE);
        return new Cron("*-*-* *:*:00/" + seconds + " UTC", seconds == everySeconds ? 0 : seconds);
    }

    /** What {@code bin/due} is told, where the fields fire too often. */
    String due(Cron cron) {
        return cron.step() + " " + everySeconds + " " + atSeconds;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /**
     * The machine's time zone, which is what cron goes by; the TZ of the shell that runs setup does not matter to it.
     *
     * @param etc /etc
     * @return "" where it cannot be told: what is printed then is right in every zone
     */
    public static String machineZone(Path etc) {
        Path localtime = etc.resolve("localtime");
        try {
            String named = Files.exists(etc.resolve("timezone"))
                    ? Files.readString(etc.resolve("timezone")).strip()
                    : "";
            if (!Files.exists(localtime)) {
                // without it the C library keeps UTC
                return Files.isSymbolicLink(localtime) ? "" : named.isEmpty() ? "UTC" : named;
            }
            String target = localtime.toRealPath().toString();
            String linked = target.contains("/zoneinfo/")
                    ? target.substring(target.lastIndexOf("/zoneinfo/") + "/zoneinfo/".length())
                    : "";
            if (linked.isEmpty() || named.isEmpty()) {
                return linked + named;
            }
            // Debian's cron prefers the name: where they differ, the one that is not UTC
            return isUtc(linked) ? named : linked;
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether a zone keeps UTC all year round; false for an unknown one. */
    public static boolean isUtc(String zone) {
        try {
            var rules = ZoneId.of(zone).getRules();
            return rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).equals(ZoneOffset.UTC);
        } catch (DateTimeException unknown) {
            return false;
        }
    }
}
