package report;

import base.Failure;
import evidence.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import output.ReportType;
import seal.Heads;
import soak.Schedule;

/** What a report covers and as of when: the rules and defaults of contract, section 4 "as_of" and "Defaults". */
public final class Window {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final int CHECKPOINT_EVERY = 7;

    private final Schedule schedule;
    private final Instant now;
    private final Instant asked;
    private final Heads heads;

    /** Of a report that knows the folder alone. */
    public Window(Schedule schedule, Instant now, String asOf) {
        this(schedule, now, asOf, Heads.NONE);
    }

    /**
     * @param now the wall clock
     * @param asOf the text of {@code --as-of}, null where it was not given
     * @param heads known elsewhere
     * @throws Failure exit 64 if {@code asOf} is no instant or lies in the future
     */
    public Window(Schedule schedule, Instant now, String asOf, Heads heads) {
        this.schedule = schedule;
        this.heads = heads;
        // Evidence has whole seconds and milliseconds: more digits would only make as_of hard to type again.
        this.now = now.truncatedTo(ChronoUnit.MILLIS);
        this.asked = asOf == null ? null : instant(asOf);
        if (asked != null && asked.isAfter(now)) {
            throw Failure.usage("--as-of " + asOf + " is in the future (now is " + this.now
                    + "): leave it out for a report as of now");
        }
    }

    /** The same at another moment: a status that goes on. */
    public Window at(Instant moment) {
        return new Window(schedule, moment, null, heads);
    }

    public Instant now() {
        return now;
    }

    /** What "yesterday" and "has passed" refer to: a report is a function of the evidence and of as_of. */
    private Instant reference() {
        return asked != null ? asked : now;
    }

    /** Everything up to now, or up to {@code --as-of}: for ad-hoc SQL. */
    public Scope open() {
        return seen(asked != null ? asked : now, asked == null, null);
    }

    /**
     * @param option the text of {@code --date}, null for yesterday
     * @throws Failure exit 64 if the date is not one of the soak that has begun; exit 11 if none was asked for and the
     *     soak began today: a crontab that runs its first daily summary in the soak's first hour has made no mistake
     */
    public LocalDate date(String option) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate yesterday = LocalDate.ofInstant(reference(), ZoneOffset.UTC).minusDays(1);
        LocalDate first = LocalDate.ofInstant(schedule.startedAt(), ZoneOffset.UTC);
        LocalDate last = LocalDate.ofInstant(schedule.end().minusNanos(1), ZoneOffset.UTC);
        LocalDate date = option == null ? yesterday : parseDate(option);
        LocalDate newest = today.isBefore(last) ? today : last;
        String remedy = today.isBefore(first)
                ? "wait until the soak has begun"
                : newest.isAfter(first)
                        ? "give --date from " + first + " to " + newest
                        : "give --date " + first + ", the only date so far";
        String named = option == null ? "yesterday, " + date + "," : "--date " + date;
        if (date.isAfter(today)) {
            throw Failure.usage(named + " is in the future (today is " + today + ", UTC): " + remedy);
        }
        if (option == null && date.isBefore(first) && !today.isBefore(first)) {
            throw Failure.noEvidence("today, " + first
                    + ", is the soak's first date: no date has passed yet, and no file"
                    + " is written; its first daily summary is due after midnight (UTC), or give --date " + first);
        }
        if (date.isBefore(first)) {
            throw Failure.usage(named + " is before the soak, whose first date is " + first + ": " + remedy);
        }
        if (date.isAfter(last)) {
            throw Failure.usage(named + " is after the soak, whose last date is " + last + ": " + remedy
                    + (option == null ? ", or remove the soak's lines from the crontab or disable its timers" : ""));
        }
        return date;
    }

    public Scope daily(LocalDate date) {
        Instant begin = date.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = begin.plus(Duration.ofDays(1));
        if (asked != null && asked.isBefore(begin)) {
            throw Failure.usage("--as-of " + asked + " is before the date " + date
                    + " begins: give an instant of that date, or leave it out");
        }
        // The status page that a daily report refreshes may say PENDING, as a status may; no figure of a date depends
        // on it.
        return scope(end, "the end of the date " + date, schedule.days());
    }

    /** @param option the text of {@code --day}, null for the largest multiple of 7 days that has passed, or else 7 */
    public int day(String option) {
        long passed = reference().isBefore(schedule.t0())
                ? 0
                : Math.min(Duration.between(schedule.t0(), reference()).toDays(), schedule.days());
        int due = (int)
                Math.max(passed / CHECKPOINT_EVERY * CHECKPOINT_EVERY, Math.min(CHECKPOINT_EVERY, schedule.days()));
        if (option == null) {
            return due;
        }
        int day;
        try {
            day = Integer.parseInt(option);
        } catch (NumberFormatException e) {
            throw Failure.usage(
                    "--day " + option + " is not a number: give a day of the soak, 1 to " + schedule.days());
        }
        if (day < 1 || day > schedule.days()) {
            throw Failure.usage("--day " + day + " is not a day of the soak: give 1 to " + schedule.days());
        }
        if (day != due && schedule.endOfDay(day - 1).isAfter(now)) {
            throw Failure.usage("--day " + day + " is in the future (it begins at " + schedule.endOfDay(day - 1)
                    + "): give an earlier day, or wait");
        }
        return day;
    }

    public Scope checkpoint(int day) {
        return scope(schedule.endOfDay(day), "the end of soak day " + day, day);
    }

    public Scope finalReport() {
        return scope(schedule.end(), "the end of the soak", null);
    }

    /** Status and archive are as of now; a status may say PENDING, as a checkpoint may. */
    public Scope present(ReportType type) {
        if (asked != null) {
            throw Failure.usage(
                    "--as-of does not go with --type " + type.word() + ", which is as of now: leave it out");
        }
        return seen(now, true, type == ReportType.STATUS ? schedule.days() : null);
    }

    private Scope scope(Instant end, String endNamed, Integer day) {
        if (asked != null) {
            if (asked.isAfter(end)) {
                throw Failure.usage("--as-of " + asked + " lies beyond " + endNamed + ", " + end
                        + ": give an instant up to that, or leave it out");
            }
            return seen(asked, false, day);
        }
        return now.isBefore(end) ? seen(now, true, day) : seen(end, false, day);
    }

    private Scope seen(Instant at, boolean isNow, Integer day) {
        return new Scope(at, isNow, day, heads);
    }

    private static LocalDate parseDate(String text) {
        try {
            return LocalDate.parse(text, DATE);
        } catch (DateTimeParseException e) {
            throw Failure.usage("--date " + text + " is not a date: give YYYY-MM-DD, such as 2026-10-01");
        }
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw Failure.usage("--as-of " + text + " is not an instant: give one such as 2026-10-08T00:00:00Z");
        }
    }
}
