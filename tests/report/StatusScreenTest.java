import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import command.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status on one screen: what stands there, that it fits, and how it behaves on a real pseudo-terminal. */
@Tag("slow")
class StatusScreenTest {
    private static final String ESCAPE = "\u001b";

    @TempDir
    Path scratch;

    private SoakFixture month() {
        return SoakFixture.in(scratch.resolve("soak"));
    }

    /** The screen at a moment, which must fit whatever it shows. */
    private static String screen(SoakFixture soak, String now) {
        soak.write();
        Reports.Ran ran = Reports.run(now, soak.dir().root(), "--type", "status");
        assertTrue(ran.exit() == Exit.OK || ran.exit() == Exit.BAD || ran.exit() == Exit.NO_EVIDENCE, ran.err());
        Screens.fits(ran.out());
        return ran.out();
    }

    private static void has(String text, String line) {
        assertTrue(text.lines().anyMatch(line::equals), line + "\nis not in\n" + text);
    }

    @Test
    void a_good_soak_half_way_shows_its_days_its_rounds_and_what_is_left() {
        String text = screen(month().rounds(0, 700), "2026-10-15T14:12:00Z");
        has(text, "soak-val12  day 15 of 30, running  external  2026-10-15 14:12:00 UTC");
        has(text, "Days   ✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓...............  ✓ ok ✗ failed - missed . to come");
        has(text, "Rounds 700 healthy, 0 failed, 0 interrupted, 0 missed; slot 700 of 1440");
        has(
                text,
                "Last   42 min ago: 2026-10-15/round-133000, healthy, p99 5.9 ms"
                        .replace("5.9", text.replaceAll("(?s).*healthy, p99 ([0-9.]+) ms.*", "$1")));
        has(text, "Next   OVERDUE by 12 min since 2026-10-15 14:00");
        has(text, "Gate   All checks can still pass; Gate D: can still pass");
        has(text, "> VAL12-08 cp_availability        on track no unhealthy rounds, 1 allowed");
        has(text, "✓ VAL12-09 total_creates          passed   7000 creates, target 4000");
        has(text, "Alerts 0 in 24 h, 0 in all");
    }

    @Test
    void a_legend_that_needs_a_line_of_its_own_shows_the_signs_that_it_explains() {
        String text = screen(month().days(60).interval(14_400).rounds(0, 90), "2026-10-15T14:12:00Z");
        has(text, "       ✓ ok ✗ failed - missed . to come");
        String longer = screen(
                SoakFixture.in(scratch.resolve("long"))
                        .days(200)
                        .interval(14_400)
                        .rounds(0, 90),
                "2026-10-15T14:12:00Z");
        has(longer, "       ✓ ok ✗ failed - missed . to come; a sign is the worst of 3 days");
    }

    @Test
    void a_round_that_is_due_is_not_overdue_yet_and_one_that_runs_is_neither() {
        assertTrue(screen(month().rounds(0, 10), "2026-10-01T04:45:00Z").contains("\nNext   in 15 min, at 05:00\n"));
        assertTrue(screen(month().rounds(0, 10), "2026-10-01T05:01:59Z").contains("\nNext   due now\n"));
        assertTrue(screen(month().rounds(0, 10), "2026-10-01T05:02:01Z").contains("\nNext   OVERDUE by 2 min since "));
        assertTrue(screen(month().rounds(0, 11).round(10, r -> r.interrupted()), "2026-10-01T05:10:00Z")
                .contains("\nNext   a round is running now\n"));
    }

    @Test
    void the_last_round_says_which_steps_failed_though_it_was_healthy() {
        String text = screen(
                month().rounds(0, 10).round(9, r -> r.set("v06_metrics", "FAIL").set("metrics_ok", false)),
                "2026-10-01T04:45:00Z");
        assertTrue(
                text.lines()
                        .anyMatch(line -> line.matches(
                                "Last   15 min ago: 2026-10-01/round-043000, healthy, p99 [0-9.]+ ms, FAIL v06")),
                text);
    }

    @Test
    void three_days_without_a_round_are_seen_at_once() {
        String text = screen(month().rounds(0, 96), "2026-10-06T00:10:00Z");
        assertTrue(
                text.contains("\nDays   ✓✓---.")
                        && text.contains("\nNext   OVERDUE by 3 d 0 h since 2026-10-03 00:00, 144 slots missed\n"),
                text);
        assertTrue(
                text.contains("\nGate   Gate D is already lost: at most 1296 of 1440 slots can still have a\n"), text);
        assertTrue(
                text.contains("✗ C4       availability_scheduled lost     144 unhealthy slots, 1 allowed; los..\n"),
                text);
    }

    /** A look at a machine of the test's making, as report.java's main has it look at this one. */
    private String onMachine(SoakFixture soak, Path machine, String now, String... more) throws Exception {
        soak.write();
        Path tools = Files.createDirectories(scratch.resolve("tools"));
        Files.writeString(tools.resolve("crontab"), "#!/bin/sh\necho 'no crontab for tester' >&2\nexit 1\n");
        assertTrue(tools.resolve("crontab").toFile().setExecutable(true));
        Fork.Result ran = Fork.here(
                new report(
                        Reports.stoppedAt(java.time.Instant.parse(now)),
                        Terminal.NONE,
                        dir -> cron.CronWatch.of(dir, Map.of("PATH", tools + ":/usr/bin:/bin"), machine)),
                Fork.words(List.of(soak.dir().root().toString(), "--type", "status"), more));
        // what it finds of the evidence is no matter here
        assertTrue(ran.exit() == Exit.OK || ran.exit() == Exit.BAD, ran.err());
        return ran.out();
    }

    private Path machineWith(String daemon) throws Exception {
        Path machine = scratch.resolve("machine-" + daemon);
        for (String process : List.of("1 init", "7 " + daemon)) {
            Path folder = Files.createDirectories(machine.resolve("proc/" + process.split(" ")[0]));
            Files.writeString(folder.resolve("comm"), process.split(" ")[1] + "\n");
            Files.writeString(folder.resolve("stat"), "7 (x) S 1");
        }
        return machine;
    }

    @Test
    void what_cron_lacks_on_this_machine_is_said_and_where_cron_log_is_not_it_is_not_named() throws Exception {
        String now = "2026-10-01T14:12:00Z";
        SoakFixture soak = month().rounds(0, 28);
        String none = onMachine(soak, machineWith("bash"), now);
        Screens.fits(none);
        has(none, "Next   OVERDUE by 12 min since 2026-10-01 14:00");
        has(none, "Cron   no cron daemon here, and no crontab line for this soak");
        String line = onMachine(soak, machineWith("cron"), now);
        has(line, "Cron   no crontab line for this soak on this machine");
        String text = onMachine(soak, machineWith("bash"), now, "--format", "text");
        assertTrue(
                text.contains("\n"
                        + "Cron: on this machine no cron daemon runs (cron, crond, systemd-cron): install cron and"
                        + " start it, or make sure that something else starts the rounds; on this machine no line of "),
                text);
        var json = Json.parse(onMachine(soak, machineWith("cron"), now, "--format", "json"))
                .get("this_machine");
        assertEquals(
                "yes no 1",
                json.get("cron_daemon").asText() + " " + json.get("cron_line").asText() + " "
                        + json.get("missing").size());
        Files.createDirectories(machineWith("cron").resolve("etc"));
        Files.writeString(
                machineWith("cron").resolve("etc/crontab"),
                "*/30 * * * * me " + soak.dir().bin().resolve("round") + "\n");
        String all = onMachine(soak, machineWith("cron"), now);
        has(all, "Cron   there is no cron.log: cron has not run anything yet");
        Files.writeString(soak.dir().cronLog(), "");
        Files.setLastModifiedTime(
                soak.dir().cronLog(),
                java.nio.file.attribute.FileTime.from(java.time.Instant.parse("2026-10-01T13:30:01Z")));
        String stalled = onMachine(soak, machineWith("cron"), now);
        has(stalled, "Next   OVERDUE by 12 min since 2026-10-01 14:00 (cron.log)");
        has(stalled, "Cron   cron.log was last written at 2026-10-01T13:30:01Z");
    }

    @Test
    void of_an_ended_soak_or_a_rehearsal_no_machine_is_looked_at_and_while_all_is_well_no_line_is_spent()
            throws Exception {
        SoakFixture soak = month().rounds(0, 28);
        assertFalse(onMachine(soak, machineWith("bash"), "2026-11-15T14:12:00Z").contains("\nCron "), "ended");
        assertTrue(
                onMachine(soak, machineWith("bash"), "2026-10-01T13:45:00Z").contains("\nCron   no cron daemon here"),
                "before the next round is missed");
        Files.createDirectories(machineWith("cron").resolve("etc"));
        Files.writeString(
                machineWith("cron").resolve("etc/crontab"),
                "*/30 * * * * me " + soak.dir().bin().resolve("round") + "\n");
        assertFalse(onMachine(soak, machineWith("cron"), "2026-10-01T13:45:00Z").contains("\nCron "));
        assertFalse(onMachine(
                        SoakFixture.in(scratch.resolve("rehearsed"))
                                .set("SOAK_REHEARSAL", "true")
                                .rounds(0, 28),
                        machineWith("bash"),
                        "2026-10-01T14:12:00Z")
                .contains("\nCron "));
    }

    @Test
    void an_edited_setting_is_said_with_the_verdicts_that_fail_by_it_and_what_heals_them() {
        SoakFixture soak = month().rounds(0, 24)
                .each(r -> r.set("targets", Map.of("TARGET_P99_MS", "500")))
                .set("TARGET_P99_MS", "10000");
        String text = screen(soak, "2026-10-01T12:00:00Z");
        has(text, "Edited 3 verdicts FAIL because config.env was edited: restore TARGET_P99_MS=500");
        has(text, "Gate   All checks can still pass once config.env is restored; Gate D: can still");
        has(text.replaceAll(" +", " "), "✗ C3 latency_throughout edited restore TARGET_P99_MS=500");
    }

    @Test
    void a_sign_of_comparison_is_shown_as_it_is() throws Exception {
        SoakFixture soak = month().rounds(0, 3);
        soak.write();
        Files.createDirectories(soak.dir().root().resolve("checks"));
        Files.writeString(
                soak.dir().root().resolve("checks/S1.sql"),
                "INSERT INTO check_row BY NAME SELECT 'S1' AS id, 'few_rounds' AS name, 'FAIL' AS verdict, 3.0 AS"
                        + " value, '≤' AS comparison, 2.0 AS target");
        String now = "2026-10-01T01:10:00Z";
        String screen = screen(soak, now);
        assertTrue(screen.contains("value 3, target ≤ 2\n"), screen);
    }

    @Test
    void before_the_first_round_and_after_the_end_it_says_so() {
        SoakFixture none = month();
        none.write();
        Reports.Ran ran = Reports.run("2026-10-01T00:00:30Z", none.dir().root(), "--type", "status");
        assertEquals(Exit.NO_EVIDENCE, ran.exit());
        Screens.fits(ran.out());
        assertTrue(
                ran.out().contains("\nLast   no round yet\n")
                        && ran.out()
                                .contains("\n? VAL12-02 initial_round_success  not yet  first measured in round 1\n"),
                ran.out());
        assertTrue(screen(month().interval(21600).rounds(0, 120), "2026-11-05T00:00:00Z")
                .contains("\nNext   none: the soak has ended\n"));
        assertTrue(screen(SoakFixture.in(scratch.resolve("cut")).interval(21600).rounds(0, 119), "2026-11-05T00:00:00Z")
                .contains("\nNext   none: the soak has ended, 1 slot missed at its end\n"));
    }

    @Test
    void all_failed_and_everything_long_still_fits() {
        SoakFixture soak = month().set("SOAK_ID", "a-soak-whose-name-" + "is-very-".repeat(20) + "long")
                .days(400)
                .interval(3600)
                .rounds(0, 60)
                .each(r -> r.down().lost("soak-" + "9".repeat(300)).rehearsal());
        for (int i = 0; i < 30; i++) {
            soak.alert("2026-10-01T" + String.format("%02d", i % 24)
                    + ":00:00Z ALERT cp_health_failed consecutive_failures=" + "7".repeat(90) + " day=1");
        }
        String text = screen(soak, "2026-10-03T12:01:00Z");
        assertTrue(text.lines().findFirst().orElseThrow().contains("(REHEARSAL)"), text);
        assertTrue(
                text.contains("; a sign is the worst of 6 days\n")
                        && text.contains("(60 in a row)")
                        && text.contains("\nAlerts "),
                text);
    }

    @Test
    void what_evidence_says_moves_no_cursor_and_widens_no_line() {
        String text = screen(
                month().set("SOAK_ID", "a\u001b[31mb\u0007\u4e16c")
                        .rounds(0, 3)
                        .alert("2026-10-01T00:10:00Z ALERT lost_plans=1 threshold=0 day=1 \u001b]0;title\u0007"),
                "2026-10-01T01:10:00Z");
        assertTrue(
                text.startsWith("a?[31mb??c  day 1 of 30")
                        && text.contains("day=1 ?]0;title?\n")
                        && !text.contains(ESCAPE),
                text);
    }
}
