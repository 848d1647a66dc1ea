import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daily report: its summary, its alerts, and what a date that is reported twice comes to. */
@Tag("slow")
class ReportDailyTest {
    @TempDir
    Path scratch;

    @Test
    void a_good_date_has_a_summary_with_the_contracts_fields_and_no_alert() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertEquals("", ran.err());
        assertTrue(
                ran.out().startsWith("# VAL 12 — Daily Summary 2026-10-02 (day 2)\n")
                        && ran.out().endsWith("## Alerts\nnone\n"),
                ran.out());
        JsonNode summary = Reports.json(soak.dir().root().resolve("daily/2026-10-02-summary.json"));
        assertEquals(
                Reports.words("date, day, total_rounds, healthy_rounds, interrupted_rounds, missed_rounds, create_ok,"
                        + " daily_create_errors, recovery_ok, recovery_fail, recoveries_refuted,"
                        + " recovery_attempts, recoveries_held, daily_rollback_rate, rollback_rate_by_exit_code,"
                        + " daily_p99_ms, pooled_p99_ms, daily_uptime_pct, daily_stuck_rounds, stuck_rounds,"
                        + " plan_count, store_bytes, store_check, alerts, notes, as_of, complete, rehearsal,"
                        + " cp_mode, report_version, judge"),
                Reports.names(summary));
        assertEquals("2026-10-02", summary.path("date").asText());
        assertEquals(12, summary.path("total_rounds").asInt());
        assertEquals(0, summary.path("alerts").size());
        assertFalse(Files.exists(soak.dir().alertsLog()));
    }

    @Test
    void the_page_of_a_clock_that_stood_ahead_makes_room_for_the_present_one() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Path page = soak.dir().statusPage();
        Reports.of("2026-10-08T01:00:00Z", soak, "--type", "daily");
        assertTrue(Files.readString(page).contains("content=\"2026-10-08T00:00:00Z\""));
        Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertTrue(Files.readString(page).contains("content=\"2026-10-03T00:00:00Z\""), "now it is day 3");
        Reports.of("2026-10-04T01:00:00Z", soak, "--type", "daily", "--date", "2026-10-01");
        assertTrue(Files.readString(page).contains("content=\"2026-10-03T00:00:00Z\""), "it goes back to no date");
    }

    @Test
    void json_on_stdout_is_the_file() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily", "--format", "json");
        assertEquals(Files.readString(soak.dir().root().resolve("daily/2026-10-02-summary.json")), ran.out());
    }

    /** Day 2 with three failed recoveries of four, slow and failed creates, a failed and two missed rounds. */
    @Test
    void a_bad_date_raises_its_alerts_once_each_and_tells_alert_command() throws Exception {
        SoakFixture soak = Reports.badDay(scratch).set("ALERT_COMMAND", "cat >> " + scratch.resolve("sent"));
        soak.write();
        Reports.Ran first = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, first.exit(), first.err());
        assertEquals(Reports.BAD_DAY, Files.readAllLines(soak.dir().alertsLog()));
        assertEquals(Reports.BAD_DAY, Files.readAllLines(scratch.resolve("sent")));
        assertTrue(first.out().endsWith("## Alerts\n" + String.join("\n", Reports.BAD_DAY) + "\n"), first.out());
        assertEquals(
                Json.MAPPER.valueToTree(Reports.BAD_DAY),
                Reports.json(soak.dir().root().resolve("daily/2026-10-02-summary.json"))
                        .path("alerts"));

        Map<String, String> before = Reports.contents(scratch);
        Reports.Ran again = Reports.of("2026-10-20T05:00:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        assertEquals(first, again);
        assertEquals(
                List.of(),
                Reports.changed(before, Reports.contents(scratch)),
                "a report that is run again changes nothing, the times of files included");
    }

    @Test
    void a_warning_alone_is_no_alert() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch).round(13, r -> r.codes("500"));
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.OK, ran.exit());
        assertTrue(
                ran.out().endsWith("## Alerts\n2026-10-03T00:00:00Z WARN daily_create_errors=1 threshold=0 day=2\n"),
                ran.out());
    }

    @Test
    void an_alert_of_that_dates_rounds_counts_too() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch).alert("2026-10-02T02:00:05Z ALERT lost_plans=1 threshold=0 day=2");
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.out().endsWith("## Alerts\n2026-10-02T02:00:05Z ALERT lost_plans=1 threshold=0 day=2\n"),
                ran.out());
        assertEquals(
                Exit.OK,
                Reports.of("2026-10-04T01:00:00Z", soak, "--type", "daily").exit(),
                "another date");
    }

    @Test
    void a_date_that_is_reported_twice_on_its_way_alerts_once() throws Exception {
        SoakFixture soak = Reports.badDay(scratch);
        soak.write();
        assertEquals(
                Exit.BAD,
                Reports.of("2026-10-02T08:00:00Z", soak, "--type", "daily", "--date", "2026-10-02")
                        .exit());
        List<String> midday = Files.readAllLines(soak.dir().alertsLog());
        assertTrue(
                midday.contains("2026-10-02T08:00:00Z ALERT daily_rollback_rate=0.250 threshold=0.990 day=2"),
                midday.toString());
        Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        List<String> evening = Files.readAllLines(soak.dir().alertsLog());
        assertEquals(midday, evening.subList(0, midday.size()));
        assertEquals(
                1,
                evening.stream()
                        .filter(line -> line.contains("daily_rollback_rate"))
                        .count());
        assertEquals(
                Json.MAPPER.valueToTree(evening),
                Reports.json(soak.dir().root().resolve("daily/2026-10-02-summary.json"))
                        .path("alerts"));
    }

    @Test
    void a_past_date_without_any_round_gets_its_summary_and_its_alert() throws Exception {
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("soak")).days(10).interval(7200).rounds(0, 12);
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, ran.exit(), ran.err());
        assertEquals(
                0,
                Reports.json(soak.dir().root().resolve("daily/2026-10-02-summary.json"))
                        .path("total_rounds")
                        .asInt());
        assertEquals(
                List.of("2026-10-03T00:00:00Z ALERT daily_missed_rounds=12 threshold=0 day=2"),
                Files.readAllLines(soak.dir().alertsLog()));
    }

    @Test
    void an_alert_command_that_fails_is_a_warning_and_no_failure() throws Exception {
        SoakFixture soak = Reports.badDay(scratch).set("ALERT_COMMAND", "echo mail is down >&2; exit 7");
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.err().contains("warning: ALERT_COMMAND exited with 7")
                        && ran.err().contains("mail is down"),
                ran.err());
        assertEquals(Reports.BAD_DAY, Files.readAllLines(soak.dir().alertsLog()));
        assertTrue(Files.exists(soak.dir().root().resolve("daily/2026-10-02-summary.json")));
    }

    @Test
    void a_daily_about_its_noon_takes_no_complete_ones_place_and_one_of_today_is_replaced() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.round(13, r -> r.failed()).write();
        String noon = soak.start().plusSeconds(36 * 3600).toString();
        assertEquals(
                Exit.BAD,
                Reports.of(noon, soak, "--type", "daily", "--date", "2026-10-02")
                        .exit());
        Path file = soak.dir().dailySummary(java.time.LocalDate.parse("2026-10-02"));
        assertFalse(Reports.json(file).get("complete").asBoolean());
        assertEquals(
                List.of("file,reason"),
                Reports.of(Reports.AFTER, soak, "--sql", "SELECT file, reason FROM problems", "--format", "csv")
                        .out()
                        .lines()
                        .toList(),
                "what was told on the way is no tampering once the day is over");
        Reports.of(Reports.AFTER, soak, "--type", "daily", "--date", "2026-10-02");
        assertTrue(Reports.json(file).get("complete").asBoolean());
        Map<String, String> before = Reports.contents(soak.dir().root());
        Reports.Ran ran = Reports.of(Reports.AFTER, soak, "--type", "daily", "--date", "2026-10-02", "--as-of", noon);
        assertTrue(ran.err().contains("is complete and is kept"), ran.err());
        assertEquals(
                List.of(), Reports.changed(before, Reports.contents(soak.dir().root())));
        Files.writeString(file, "{\"complete\": tr"); // damaged, it is no reason to keep it
        assertEquals(
                Exit.BAD,
                Reports.of(Reports.AFTER, soak, "--type", "daily", "--date", "2026-10-02", "--as-of", noon)
                        .exit());
        assertFalse(Reports.json(file).get("complete").asBoolean());
    }

    @Test
    void the_daily_of_a_whole_date_corrects_the_alert_that_one_of_its_noon_raised() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("corrected"))
                .days(3)
                .interval(3600)
                .rounds(0, 72)
                .missed(30)
                .missed(40)
                .missed(41);
        soak.write();
        Reports.of("2026-10-02T12:30:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        assertEquals("2026-10-02T12:30:00Z ALERT daily_missed_rounds=1 threshold=0 day=2\n", missed(soak));
        Reports.of("2026-10-02T18:30:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        assertEquals(
                "2026-10-02T12:30:00Z ALERT daily_missed_rounds=1 threshold=0 day=2\n",
                missed(soak),
                "once while the date runs");
        Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        String both = "2026-10-02T12:30:00Z ALERT daily_missed_rounds=1 threshold=0 day=2\n"
                + "2026-10-03T00:00:00Z ALERT daily_missed_rounds=3 threshold=0 day=2\n";
        assertEquals(both, missed(soak));
        assertTrue(Files.readString(soak.dir().dailySummary(java.time.LocalDate.parse("2026-10-02")))
                .contains("2026-10-03T00:00:00Z ALERT daily_missed_rounds=3 threshold=0 day=2"));
        Map<String, String> before = Reports.contents(soak.dir().root());
        Reports.of("2026-10-03T02:00:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        assertEquals(
                List.of(), Reports.changed(before, Reports.contents(soak.dir().root())));
    }

    private static String missed(SoakFixture soak) throws Exception {
        return Files.readString(soak.dir().alertsLog())
                .lines()
                .filter(line -> line.contains("daily_missed_rounds"))
                .map(line -> line + "\n")
                .collect(java.util.stream.Collectors.joining());
    }

    @Test
    void daily_reports_that_run_at_once_raise_each_alert_once() throws Exception {
        SoakFixture soak = Reports.badDay(scratch).set("ALERT_COMMAND", "cat >> '" + scratch.resolve("sent") + "'");
        soak.write();
        List<String> command = Fork.java("report", "--type", "daily", "--date", "2026-10-02");
        List<CompletableFuture<Fork.Result>> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(CompletableFuture.supplyAsync(
                    () -> Fork.run(Map.of("SOAK_DIR", soak.dir().root().toString()), command)));
        }
        for (CompletableFuture<Fork.Result> one : running) {
            assertEquals(Exit.BAD, one.get().exit(), one.get().err());
        }
        // Stamps are the same: the date's end.
        assertEquals(
                Reports.BAD_DAY.stream().sorted().toList(),
                Files.readAllLines(soak.dir().alertsLog()).stream().sorted().toList());
        assertEquals(
                Reports.BAD_DAY.stream().sorted().toList(),
                Files.readAllLines(scratch.resolve("sent")).stream().sorted().toList());
    }
}
