import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import evidence.Scope;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import output.ReportType;
import report.Window;
import soak.Schedule;

class ReportWindowTest {
    /** From a quarter to eleven on the 1st: T0 is 10:30, the soak ends on the 31st at 10:30. */
    private static final Schedule SOAK = new Schedule(Instant.parse("2026-10-01T10:45:00Z"), 1800, 30);

    private static Window at(String now, String asOf) {
        return new Window(SOAK, Instant.parse(now), asOf);
    }

    private static Window at(String now) {
        return at(now, null);
    }

    private static Scope scope(String asOf, boolean isNow, Integer day) {
        return new Scope(Instant.parse(asOf), isNow, day);
    }

    private static void refused(String part, Executable what) {
        Failure failure = assertThrows(Failure.class, what);
        assertEquals(Exit.USAGE, failure.exitCode());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
        assertTrue(
                failure.getMessage().contains("--") || failure.getMessage().contains("yesterday"),
                failure.getMessage());
    }

    @Test
    void a_daily_report_is_of_yesterday_as_of_the_dates_end() {
        Window window = at("2026-10-05T01:00:00Z");
        assertEquals(LocalDate.of(2026, 10, 4), window.date(null));
        assertEquals(scope("2026-10-05T00:00:00Z", false, 30), window.daily(window.date(null)));
    }

    @Test
    void a_date_that_has_not_passed_is_reported_as_of_now() {
        Window window = at("2026-10-05T01:00:00.123456Z");
        assertEquals(scope("2026-10-05T01:00:00.123Z", true, 30), window.daily(window.date("2026-10-05")));
    }

    @Test
    void a_date_in_the_future_before_or_after_the_soak_is_refused() {
        refused(
                "--date 2026-10-06 is in the future",
                () -> at("2026-10-05T01:00:00Z").date("2026-10-06"));
        refused(
                "--date 2026-09-30 is before the soak, whose first date is 2026-10-01",
                () -> at("2026-10-05T01:00:00Z").date("2026-09-30"));
        refused(
                "--date 2026-11-01 is after the soak, whose last date is 2026-10-31",
                () -> at("2026-12-05T01:00:00Z").date("2026-11-01"));
        refused(
                "yesterday, 2026-09-29, is before the soak",
                () -> at("2026-09-30T11:00:00Z").date(null));
        refused(
                "or remove the soak's lines from the crontab or disable its timers",
                () -> at("2026-12-05T01:00:00Z").date(null));
        refused(
                "--date 2026-02-30 is not a date: give YYYY-MM-DD",
                () -> at("2026-10-05T01:00:00Z").date("2026-02-30"));
        refused("--date today is not a date", () -> at("2026-10-05T01:00:00Z").date("today"));
        assertEquals(LocalDate.of(2026, 10, 31), at("2026-12-05T01:00:00Z").date("2026-10-31"));
    }

    @Test
    void on_the_soaks_first_date_there_is_no_yesterday_to_judge_and_nothing_to_mend() {
        Failure nothing =
                assertThrows(Failure.class, () -> at("2026-10-01T11:00:00Z").date(null));
        assertEquals(Exit.NO_EVIDENCE, nothing.exitCode());
        assertTrue(
                nothing.getMessage()
                        .startsWith("today, 2026-10-01, is the soak's first date: no date has passed yet, "),
                nothing.getMessage());
    }

    @Test
    void a_soak_that_starts_at_midnight_has_no_31st_date() {
        Window window = new Window(
                new Schedule(Instant.parse("2026-10-01T00:10:00Z"), 1800, 30),
                Instant.parse("2026-12-01T00:00:00Z"),
                null);
        assertEquals(LocalDate.of(2026, 10, 30), window.date("2026-10-30"));
        refused("is after the soak", () -> window.date("2026-10-31"));
    }

    @Test
    void a_checkpoint_is_of_the_last_multiple_of_seven_days_that_has_passed() {
        assertEquals(7, at("2026-10-02T00:00:00Z").day(null));
        assertEquals(7, at("2026-10-15T10:29:59Z").day(null));
        assertEquals(14, at("2026-10-15T10:30:00Z").day(null));
        assertEquals(28, at("2027-01-01T00:00:00Z").day(null));
        assertEquals(
                scope("2026-10-15T10:30:00Z", false, 14),
                at("2026-10-20T00:00:00Z").checkpoint(14));
        assertEquals(
                scope("2026-10-02T00:00:00Z", true, 7),
                at("2026-10-02T00:00:00Z").checkpoint(7));
        assertEquals(
                2,
                new Window(new Schedule(SOAK.startedAt(), 1800, 2), Instant.parse("2026-10-02T00:00:00Z"), null)
                        .day(null));
    }

    @Test
    void a_day_that_the_soak_does_not_have_or_that_has_not_begun_is_refused() {
        for (String day : new String[] {"0", "31", "-1"}) {
            refused(
                    "--day " + day + " is not a day of the soak: give 1 to 30",
                    () -> at("2026-10-20T00:00:00Z").day(day));
        }
        refused("--day seven is not a number", () -> at("2026-10-20T00:00:00Z").day("seven"));
        refused(
                "--day 21 is in the future (it begins at 2026-10-21T10:30:00Z)",
                () -> at("2026-10-20T00:00:00Z").day("21"));
        assertEquals(3, at("2026-10-20T00:00:00Z").day("3"));
        assertEquals(19, at("2026-10-20T00:00:00Z").day("19"));
        assertEquals(7, at("2026-10-02T00:00:00Z").day("7"), "what the default would give");
        refused("--day 3 is in the future", () -> at("2026-10-02T00:00:00Z").day("3"));
    }

    @Test
    void a_final_report_is_as_of_the_end_once_that_has_passed() {
        assertEquals(
                scope("2026-10-31T10:30:00Z", false, null),
                at("2026-10-31T10:30:00Z").finalReport());
        assertEquals(
                scope("2026-10-31T10:29:59Z", true, null),
                at("2026-10-31T10:29:59Z").finalReport());
    }

    @Test
    void as_of_may_lie_anywhere_in_the_window_and_is_never_now() {
        assertEquals(
                scope("2026-10-08T00:00:00Z", false, null),
                at("2026-12-01T00:00:00Z", "2026-10-08T02:00:00+02:00").finalReport());
        assertEquals(
                scope("2026-10-08T00:00:00Z", false, null),
                at("2026-10-08T00:00:00Z", "2026-10-08T00:00:00Z").finalReport());
        assertEquals(
                scope("2026-10-04T12:00:00Z", false, 30),
                at("2026-12-01T00:00:00Z", "2026-10-04T12:00:00Z").daily(LocalDate.of(2026, 10, 4)));
    }

    @Test
    void defaults_follow_as_of() {
        assertEquals(14, at("2026-12-01T00:00:00Z", "2026-10-16T00:00:00Z").day(null));
        assertEquals(
                LocalDate.of(2026, 10, 15),
                at("2026-12-01T00:00:00Z", "2026-10-16T00:00:00Z").date(null));
    }

    @Test
    void as_of_in_the_future_beyond_the_window_or_before_the_date_is_refused() {
        refused(
                "--as-of 2026-10-08T00:00:01Z is in the future (now is 2026-10-08T00:00:00Z)",
                () -> at("2026-10-08T00:00:00Z", "2026-10-08T00:00:01Z"));
        refused(
                "lies beyond the end of the soak, 2026-10-31T10:30:00Z",
                () -> at("2026-12-01T00:00:00Z", "2026-11-01T00:00:00Z").finalReport());
        refused(
                "lies beyond the end of soak day 7",
                () -> at("2026-12-01T00:00:00Z", "2026-10-09T00:00:00Z").checkpoint(7));
        refused(
                "lies beyond the end of the date 2026-10-04",
                () -> at("2026-12-01T00:00:00Z", "2026-10-05T00:00:01Z").daily(LocalDate.of(2026, 10, 4)));
        refused(
                "is before the date 2026-10-04 begins",
                () -> at("2026-12-01T00:00:00Z", "2026-10-03T00:00:00Z").daily(LocalDate.of(2026, 10, 4)));
        refused("--as-of soon is not an instant", () -> at("2026-12-01T00:00:00Z", "soon"));
        refused(
                "--as-of does not go with --type status",
                () -> at("2026-12-01T00:00:00Z", "2026-10-03T00:00:00Z").present(ReportType.STATUS));
    }
}
