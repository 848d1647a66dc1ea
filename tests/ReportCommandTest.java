import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.Exit;
import soak.Json;
import soak.RoundFiles;

/** What report.java prints, writes and returns; its figures are tested with the SQL that makes them. */
@Tag("slow")
class ReportCommandTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";

    @TempDir
    Path scratch;

    /** A soak of ten days, a round every two hours. */
    private SoakFixture soak() {
        return SoakFixture.in(scratch.resolve("soak"))
                .days(10)
                .interval(7200)
                .rounds(0, 120)
                .set("TARGET_TOTAL_CREATES", "1000");
    }

    private static Reports.Ran report(String now, SoakFixture soak, String... args) {
        return Reports.run(now, soak.dir().root(), args);
    }

    private static JsonNode json(Path file) throws Exception {
        return Json.parse(Files.readString(file));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("[\\s,]+"));
    }

    // --- daily
    // --------------------------------------------------------------------------------------------------------

    @Test
    void a_good_date_has_a_summary_with_the_contracts_fields_and_no_alert() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertEquals("", ran.err());
        assertTrue(
                ran.out().startsWith("# VAL 12 — Daily Summary 2026-10-02 (day 2)\n")
                        && ran.out().endsWith("## Alerts\nnone\n"),
                ran.out());
        JsonNode summary = json(soak.dir().root().resolve("daily/2026-10-02-summary.json"));
        assertEquals(
                words("date, day, total_rounds, healthy_rounds, interrupted_rounds, missed_rounds, create_ok,"
                        + " daily_create_errors, recovery_ok, recovery_fail, recoveries_refuted,"
                        + " recovery_attempts, recoveries_held, daily_rollback_rate, rollback_rate_by_exit_code,"
                        + " daily_p99_ms, pooled_p99_ms, daily_uptime_pct, daily_stuck_rounds, stuck_rounds,"
                        + " plan_count, store_bytes, store_check, alerts, notes, as_of, complete, rehearsal,"
                        + " cp_mode"),
                names(summary));
        assertEquals("2026-10-02", summary.path("date").asText());
        assertEquals(12, summary.path("total_rounds").asInt());
        assertEquals(0, summary.path("alerts").size());
        assertFalse(Files.exists(soak.dir().alertsLog()));
    }

    @Test
    void json_on_stdout_is_the_file() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily", "--format", "json");
        assertEquals(Files.readString(soak.dir().root().resolve("daily/2026-10-02-summary.json")), ran.out());
    }

    /** Day 2 with three failed recoveries of four, slow and failed creates, a failed and two missed rounds. */
    private SoakFixture badDay() {
        return soak().drillEvery(0)
                .round(13, r -> r.recoveries(1, 3))
                .round(14, r -> r.codes("500", "503").latencyMs(1250.5, 3, 3))
                .round(15, FixtureRound::failed)
                .missed(16, 17);
    }

    private static final List<String> BAD_DAY = List.of(
            "2026-10-03T00:00:00Z WARN daily_create_errors=2 threshold=0 day=2",
            "2026-10-03T00:00:00Z ALERT daily_rollback_rate=0.250 threshold=0.990 day=2",
            "2026-10-03T00:00:00Z WARN daily_p99_ms=1250.5ms threshold=1000ms day=2",
            "2026-10-03T00:00:00Z ALERT daily_uptime_pct=90.0 threshold=99.9 day=2",
            "2026-10-03T00:00:00Z ALERT daily_missed_rounds=2 threshold=0 day=2");

    @Test
    void a_bad_date_raises_its_alerts_once_each_and_tells_alert_command() throws Exception {
        SoakFixture soak = badDay().set("ALERT_COMMAND", "cat >> " + scratch.resolve("sent"));
        soak.write();
        Reports.Ran first = report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, first.exit(), first.err());
        assertEquals(BAD_DAY, Files.readAllLines(soak.dir().alertsLog()));
        assertEquals(BAD_DAY, Files.readAllLines(scratch.resolve("sent")));
        assertTrue(first.out().endsWith("## Alerts\n" + String.join("\n", BAD_DAY) + "\n"), first.out());
        assertEquals(
                Json.MAPPER.valueToTree(BAD_DAY),
                json(soak.dir().root().resolve("daily/2026-10-02-summary.json")).path("alerts"));

        Map<String, String> before = Reports.contents(scratch);
        Reports.Ran again = report("2026-10-20T05:00:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        assertEquals(first, again);
        assertEquals(
                List.of(),
                Reports.changed(before, Reports.contents(scratch)),
                "a report that is run again changes nothing, the times of files included");
    }

    @Test
    void a_warning_alone_is_no_alert() throws Exception {
        SoakFixture soak = soak().round(13, r -> r.codes("500"));
        soak.write();
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.OK, ran.exit());
        assertTrue(
                ran.out().endsWith("## Alerts\n2026-10-03T00:00:00Z WARN daily_create_errors=1 threshold=0 day=2\n"),
                ran.out());
    }

    @Test
    void an_alert_of_that_dates_rounds_counts_too() throws Exception {
        SoakFixture soak = soak().alert("2026-10-02T02:00:05Z ALERT lost_plans=1 threshold=0 day=2");
        soak.write();
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.out().endsWith("## Alerts\n2026-10-02T02:00:05Z ALERT lost_plans=1 threshold=0 day=2\n"),
                ran.out());
        assertEquals(
                Exit.OK, report("2026-10-04T01:00:00Z", soak, "--type", "daily").exit(), "another date");
    }

    @Test
    void a_date_that_is_reported_twice_on_its_way_alerts_once() throws Exception {
        SoakFixture soak = badDay();
        soak.write();
        assertEquals(
                Exit.BAD,
                report("2026-10-02T08:00:00Z", soak, "--type", "daily", "--date", "2026-10-02")
                        .exit());
        List<String> midday = Files.readAllLines(soak.dir().alertsLog());
        assertTrue(
                midday.contains("2026-10-02T08:00:00Z ALERT daily_rollback_rate=0.250 threshold=0.990 day=2"),
                midday.toString());
        report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        List<String> evening = Files.readAllLines(soak.dir().alertsLog());
        assertEquals(midday, evening.subList(0, midday.size()));
        assertEquals(
                1,
                evening.stream()
                        .filter(line -> line.contains("daily_rollback_rate"))
                        .count());
        assertEquals(
                Json.MAPPER.valueToTree(evening),
                json(soak.dir().root().resolve("daily/2026-10-02-summary.json")).path("alerts"));
    }

    @Test
    void a_past_date_without_any_round_gets_its_summary_and_its_alert() throws Exception {
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("soak")).days(10).interval(7200).rounds(0, 12);
        soak.write();
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, ran.exit(), ran.err());
        assertEquals(
                0,
                json(soak.dir().root().resolve("daily/2026-10-02-summary.json"))
                        .path("total_rounds")
                        .asInt());
        assertEquals(
                List.of("2026-10-03T00:00:00Z ALERT daily_missed_rounds=12 threshold=0 day=2"),
                Files.readAllLines(soak.dir().alertsLog()));
    }

    @Test
    void an_alert_command_that_fails_is_a_warning_and_no_failure() throws Exception {
        SoakFixture soak = badDay().set("ALERT_COMMAND", "echo mail is down >&2; exit 7");
        soak.write();
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.err().contains("warning: ALERT_COMMAND exited with 7")
                        && ran.err().contains("mail is down"),
                ran.err());
        assertEquals(BAD_DAY, Files.readAllLines(soak.dir().alertsLog()));
        assertTrue(Files.exists(soak.dir().root().resolve("daily/2026-10-02-summary.json")));
    }

    // --- checkpoint
    // ---------------------------------------------------------------------------------------------------

    @Test
    void a_checkpoint_has_the_contracts_fields_with_its_day_in_their_names() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report("2026-10-08T02:00:00Z", soak, "--type", "checkpoint");
        assertEquals(Exit.OK, ran.exit(), ran.out());
        JsonNode checkpoint = json(soak.dir().root().resolve("checkpoints/checkpoint-7d.json"));
        assertEquals(
                words("day, window_start, window_end, as_of, complete, rehearsal, cp_mode, total_rounds,"
                        + " healthy_rounds, interrupted_rounds, missed_rounds, uptime_pct, total_creates,"
                        + " rollback_rate_7d, recovery_attempts_7d, total_recovery_attempts, recoveries_refuted,"
                        + " rollback_rate_by_exit_code, p99_ms_7d, pooled_p99_ms_7d, checks, claims, outlook,"
                        + " margins, trends, harness_cost, notes, problems"),
                names(checkpoint));
        assertEquals(10, checkpoint.path("checks").size());
        assertEquals(4, checkpoint.path("claims").size());
        assertEquals(
                words("id, name, verdict, value, target, detail"),
                names(checkpoint.path("checks").path(0)));
        assertTrue(checkpoint.path("complete").asBoolean());
        assertEquals("2026-10-08T00:00:00Z", checkpoint.path("as_of").asText());
        assertTrue(ran.out().contains("\nVAL12-08 cp_availability: PENDING ("), ran.out());
        assertTrue(names(json(checkpointOf(soak, "--day", "3"))).contains("rollback_rate_3d"));
    }

    @Test
    void a_question_about_an_earlier_moment_is_answered_and_takes_no_complete_reports_place() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        report(AFTER, soak, "--type", "checkpoint", "--day", "2");
        report(AFTER, soak, "--type", "final");
        for (String file : List.of("checkpoints/checkpoint-2d.json", "final-report.json", "final-report.txt")) {
            byte[] complete = Files.readAllBytes(soak.dir().root().resolve(file));
            List<String> question = new ArrayList<>(
                    file.startsWith("final")
                            ? List.of("--type", "final")
                            : List.of("--type", "checkpoint", "--day", "2"));
            question.addAll(
                    List.of("--as-of", soak.start().plusSeconds(36 * 3600).toString()));
            Reports.Ran ran = report(AFTER, soak, question.toArray(String[]::new));
            assertTrue(ran.err().contains("is complete and stays"), ran.err());
            assertTrue(ran.out().contains("INCOMPLETE"), ran.out());
            assertArrayEquals(complete, Files.readAllBytes(soak.dir().root().resolve(file)), file);
        }
    }

    @Test
    void a_daily_about_its_noon_takes_no_complete_ones_place_and_one_of_today_is_replaced() throws Exception {
        SoakFixture soak = soak();
        soak.round(13, r -> r.failed()).write();
        String noon = soak.start().plusSeconds(36 * 3600).toString();
        assertEquals(
                Exit.BAD,
                report(noon, soak, "--type", "daily", "--date", "2026-10-02").exit());
        Path file = soak.dir().dailySummary(java.time.LocalDate.parse("2026-10-02"));
        assertFalse(json(file).get("complete").asBoolean());
        assertEquals(
                List.of("file,reason"),
                report(AFTER, soak, "--sql", "SELECT file, reason FROM problems", "--format", "csv")
                        .out()
                        .lines()
                        .toList(),
                "what was told on the way is no tampering once the day is over");
        report(AFTER, soak, "--type", "daily", "--date", "2026-10-02");
        assertTrue(json(file).get("complete").asBoolean());
        Map<String, String> before = Reports.contents(soak.dir().root());
        Reports.Ran ran = report(AFTER, soak, "--type", "daily", "--date", "2026-10-02", "--as-of", noon);
        assertTrue(ran.err().contains("is complete and stays"), ran.err());
        assertEquals(
                List.of(), Reports.changed(before, Reports.contents(soak.dir().root())));
        Files.writeString(file, "{\"complete\": tr"); // damaged, it is no reason to keep it
        assertEquals(
                Exit.BAD,
                report(AFTER, soak, "--type", "daily", "--date", "2026-10-02", "--as-of", noon)
                        .exit());
        assertFalse(json(file).get("complete").asBoolean());
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
        report("2026-10-02T12:30:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        assertEquals("2026-10-02T12:30:00Z ALERT daily_missed_rounds=1 threshold=0 day=2\n", missed(soak));
        report("2026-10-02T18:30:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        assertEquals(
                "2026-10-02T12:30:00Z ALERT daily_missed_rounds=1 threshold=0 day=2\n",
                missed(soak),
                "once while the date runs");
        report("2026-10-03T01:00:00Z", soak, "--type", "daily", "--date", "2026-10-02");
        String both = "2026-10-02T12:30:00Z ALERT daily_missed_rounds=1 threshold=0 day=2\n"
                + "2026-10-03T00:00:00Z ALERT daily_missed_rounds=3 threshold=0 day=2\n";
        assertEquals(both, missed(soak));
        assertTrue(Files.readString(soak.dir().dailySummary(java.time.LocalDate.parse("2026-10-02")))
                .contains("2026-10-03T00:00:00Z ALERT daily_missed_rounds=3 threshold=0 day=2"));
        Map<String, String> before = Reports.contents(soak.dir().root());
        report("2026-10-03T02:00:00Z", soak, "--type", "daily", "--date", "2026-10-02");
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

    private static Path checkpointOf(SoakFixture soak, String option, String day) {
        report(AFTER, soak, "--type", "checkpoint", option, day);
        return soak.dir().root().resolve("checkpoints/checkpoint-" + day + "d.json");
    }

    @Test
    void a_checkpoint_before_its_day_is_not_complete_and_a_later_run_replaces_it() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        assertEquals(
                Exit.OK,
                report("2026-10-04T02:00:00Z", soak, "--type", "checkpoint").exit());
        Path file = soak.dir().root().resolve("checkpoints/checkpoint-7d.json");
        assertFalse(json(file).path("complete").asBoolean());
        report(AFTER, soak, "--type", "checkpoint", "--day", "7");
        assertTrue(json(file).path("complete").asBoolean());
    }

    @Test
    void a_checkpoint_with_a_failed_check_is_exit_10() {
        SoakFixture soak = soak().round(3, r -> r.set("scan_http_code", "500"));
        soak.write();
        Reports.Ran ran = report("2026-10-08T02:00:00Z", soak, "--type", "checkpoint");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.out()
                        .contains("\n"
                                + "VAL12-05 stuck_detection_ops: FAIL (scan_failures=1, lost since"
                                + " rounds/2026-10-01/round-060000)\n"),
                ran.out());
    }

    // --- final
    // --------------------------------------------------------------------------------------------------------

    @Test
    void a_good_soak_passes_and_its_report_has_the_contracts_fields() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report(AFTER, soak, "--type", "final");
        assertEquals(Exit.OK, ran.exit(), ran.out());
        assertEquals(ran.out(), Files.readString(soak.dir().finalText()));
        assertTrue(ran.out().contains("\nOverall: PASS (10/10 checks)\n"), ran.out());
        assertTrue(ran.err().contains("--type archive"), ran.err());
        JsonNode report = json(soak.dir().finalJson());
        assertEquals(
                words("soak_id, soak_start, soak_end, as_of, duration_days, complete, rehearsal, cp_mode,"
                        + " total_rounds, scheduled_rounds, healthy_rounds, failed_rounds, interrupted_rounds,"
                        + " missed_rounds, rounds_after_end, cp_restart_count, total_creates, total_create_errors,"
                        + " max_plan_count, final_plan_count, store_bytes_final, total_recovery_attempts,"
                        + " rollback_sampled, total_recovery_ok, total_recovery_fail, total_recovery_deferred,"
                        + " drill_recoveries, recoveries_refuted, agg_rollback_rate, rollback_rate_7d,"
                        + " rollback_rate_30d, rollback_rate_by_exit_code, rollback_rate_7d_by_exit_code,"
                        + " round1_p99_ms, day7_p99_ms, day30_p99_ms, p99_ms_7d, pooled_p99_ms_7d, max_p99_ms,"
                        + " pooled_p99_ms, p95_of_p99_ms, uptime_pct, slot_uptime_pct, scheduled_uptime_pct,"
                        + " covered_slots, coverage_pct, longest_downtime_rounds, scan_failures,"
                        + " total_stuck_plans, auto_recovery_rate, lost_plans, duplicate_plans, revived_plans,"
                        + " alerts, checks, claims, passed_checks, overall, gate_d, gate_d_by_plan, archive,"
                        + " archive_sha256, trends, harness_cost, notes, problems"),
                names(report));
        assertEquals(
                words("series, unit, n, basis, slope_per_1000_plans, intercept, mann_kendall_s, mann_kendall_var,"
                        + " mann_kendall_z, p_value, target, reached_at_plan_count, lives, autocorrelation,"
                        + " detectable_per_1000_plans, reached_at_plan_count_low, reached_at_plan_count_high,"
                        + " detail"),
                names(report.path("trends").get(0)));
        assertEquals(
                words("measure, rounds, median, max, sum, detail"),
                names(report.path("harness_cost").get(0)));
        assertEquals(0, report.path("notes").size() + report.path("problems").size());
        assertTrue(
                report.path("archive").isNull() && report.path("archive_sha256").isNull());
        assertEquals("NOT ASSESSED (a soak of 10 days)", report.path("gate_d").asText());
        assertEquals(
                Files.readString(soak.dir().finalJson()),
                report(AFTER, soak, "--type", "final", "--format", "json").out());
    }

    @Test
    void a_soak_that_is_not_over_is_incomplete_and_exit_10() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report("2026-10-05T00:00:00Z", soak, "--type", "final");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.out().contains("\nOverall: INCOMPLETE (")
                        && ran.out().contains("\nNOT ASSESSED (a soak of 10 days): "),
                ran.out());
        SoakFixture month =
                SoakFixture.in(scratch.resolve("month")).interval(7200).rounds(0, 49);
        month.write();
        ran = report("2026-10-05T00:00:00Z", month, "--type", "final");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(ran.out().contains("\nINCOMPLETE (day 5 of 30): "), ran.out());
    }

    @Test
    void the_same_evidence_and_as_of_give_the_same_bytes_whenever_they_are_asked_for() throws Exception {
        SoakFixture soak = badDay();
        soak.write();
        String[] asked = {"--type", "final", "--as-of", "2026-10-05T12:34:56Z"};
        Reports.Ran first = report("2026-10-05T12:34:56Z", soak, asked);
        Map<String, String> files = Reports.contents(scratch);
        assertEquals(first, report(AFTER, soak, asked));
        assertEquals(List.of(), Reports.changed(files, Reports.contents(scratch)));
    }

    @Test
    void files_that_were_not_read_as_good_are_listed_with_their_reason() throws Exception {
        SoakFixture soak = soak().round(5, r -> r.summary("{\"schema\": 1,"))
                .round(6, r -> r.summary(""))
                .round(7, r -> r.set("create_errors", true))
                .round(8, FixtureRound::interrupted)
                .file("rounds/2026-10-02/notes.txt", "x");
        soak.write();
        Reports.Ran ran = report(AFTER, soak, "--type", "final");
        assertEquals(Exit.BAD, ran.exit());
        String problems = ran.out().substring(ran.out().indexOf("## Problems in the Evidence\n"));
        for (long slot : new long[] {5, 6, 7, 8}) {
            String file = "rounds/" + RoundFiles.id(soak.slotStart(slot)) + "/round-summary.json";
            assertTrue(problems.contains("\n" + file + ": "), file + " in\n" + problems);
        }
        assertTrue(problems.contains("notes.txt: "), problems);
    }

    @Test
    void alerts_are_copied_from_the_log() throws Exception {
        SoakFixture soak = soak().alert("2026-10-03T00:00:00Z ALERT daily_rollback_rate=0.950 threshold=0.990 day=2")
                .alert("2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9");
        soak.write();
        assertTrue(report(AFTER, soak, "--type", "final")
                .out()
                .contains(
                        "## Alerts Issued\n2026-10-03T00:00:00Z ALERT daily_rollback_rate=0.950 threshold=0.990 day=2\n"
                                + "2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9\n\n"));
        assertEquals(
                1,
                Json.parse(report(AFTER, soak, "--type", "final", "--as-of", "2026-10-09T02:00:01Z", "--format", "json")
                                .out())
                        .path("alerts")
                        .size(),
                "older than as_of");
    }

    @Test
    void a_final_report_has_the_daily_alert_of_the_last_date_and_nothing_of_a_round_after_the_end() throws Exception {
        SoakFixture soak = soak().alert("2026-10-11T00:00:00Z ALERT daily_uptime_pct=91.6 threshold=99.9 day=10")
                .alert("2026-10-11T00:00:00Z ALERT lost_plans=1 threshold=0 day=11");
        soak.write();
        assertTrue(report(AFTER, soak, "--type", "final")
                .out()
                .contains("## Alerts Issued\n"
                        + "2026-10-11T00:00:00Z ALERT daily_uptime_pct=91.6 threshold=99.9 day=10\n\n"));
    }

    @Test
    void a_byte_that_is_no_text_in_a_log_is_listed_and_hides_no_other_line() throws Exception {
        SoakFixture soak = soak().alert("2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9");
        soak.write();
        Files.write(soak.dir().alertsLog(), new byte[] {(byte) 0xff, '\n'}, java.nio.file.StandardOpenOption.APPEND);
        String out = report(AFTER, soak, "--type", "final").out();
        assertTrue(
                out.contains("## Alerts Issued\n2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9\n\n"), out);
        assertTrue(out.contains("alerts.log: is not UTF-8 text\n"), out);
    }

    @Test
    void final_with_archive_quotes_the_hash_and_a_later_run_changes_nothing() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report(AFTER, soak, "--type", "final", "--archive");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        String hash = Files.readString(scratch.resolve("soak-val12-2026-12-01.tar.gz.sha256"))
                .split(" ")[0];
        assertTrue(
                ran.out().endsWith("## Artifact\nArchive: soak-val12-2026-12-01.tar.gz\nSHA-256: " + hash + "\n"),
                ran.out());
        assertEquals(ran.out(), Files.readString(soak.dir().finalText()));
        assertEquals(hash, json(soak.dir().finalJson()).path("archive_sha256").asText());
        byte[] bytes = Files.readAllBytes(scratch.resolve("soak-val12-2026-12-01.tar.gz"));
        Map<String, String> before = Reports.contents(soak.dir().root());
        report("2026-12-05T00:00:00Z", soak, "--type", "final");
        report(AFTER, soak, "--type", "archive");
        assertEquals(ran, report(AFTER, soak, "--type", "final", "--archive"));
        assertEquals(
                List.of(), Reports.changed(before, Reports.contents(soak.dir().root())));
        assertArrayEquals(bytes, Files.readAllBytes(scratch.resolve("soak-val12-2026-12-01.tar.gz")), "packed anew");
    }

    @Test
    void archive_prints_where_it_is_and_warns_where_there_is_no_report_in_it() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report("2026-10-05T12:00:00Z", soak, "--type", "archive");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertTrue(ran.err().contains("no final report"), ran.err());
        assertTrue(
                ran.out().startsWith("Archive: " + scratch.resolve("soak-val12-2026-10-05.tar.gz") + "\nSHA-256: "),
                ran.out());
    }

    // --- status
    // -------------------------------------------------------------------------------------------------------

    @Test
    void status_says_where_the_soak_stands_and_writes_nothing() throws Exception {
        SoakFixture soak = soak().alert("2026-10-03T02:00:00Z ALERT lost_plans=1 threshold=0 day=3");
        soak.write();
        Map<String, String> before = Reports.contents(scratch);
        Reports.Ran ran = report("2026-10-05T12:34:56Z", soak, "--type", "status", "--format", "text");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertTrue(
                ran.out().contains("\nLast round: 2026-10-05T12:00:00Z (healthy; ")
                        && ran.out().contains("\nNext round due: 2026-10-05T14:00:00Z\n")
                        && ran.out().contains("\nVAL12-06 rollback_rate_7d: PENDING (")
                        && ran.out().endsWith("ALERT lost_plans=1 threshold=0 day=3\n"),
                ran.out());
        JsonNode status = Json.parse(report("2026-10-05T12:34:56Z", soak, "--type", "status", "--format", "json")
                .out());
        assertEquals("2026-10-05T14:00:00Z", status.path("next_due_at").asText());
        assertEquals(10, status.path("checks").size());
        assertEquals(List.of(), Reports.changed(before, Reports.contents(scratch)));
    }

    // --- refusals
    // -----------------------------------------------------------------------------------------------------

    @Test
    void without_a_round_there_is_nothing_to_judge_and_no_file() throws Exception {
        SoakFixture empty = SoakFixture.in(scratch.resolve("soak")).days(10).interval(7200);
        empty.write();
        Map<String, String> before = Reports.contents(scratch);
        for (String[] type : new String[][] {
            {"daily", "--date", "2026-10-01"},
            {"checkpoint"},
            {"final"},
            {"status"},
            {"archive"},
            {"final", "--archive"}
        }) {
            List<String> args = new ArrayList<>(List.of("--type"));
            args.addAll(List.of(type));
            Reports.Ran ran = report("2026-10-02T01:00:00Z", empty, args.toArray(String[]::new));
            assertEquals(Exit.NO_EVIDENCE, ran.exit(), type[0]);
            assertEquals(
                    type[0].equals("status"),
                    ran.out().contains("no round yet"),
                    "the screen of a soak says so too, and nothing else does: " + ran.out());
            assertTrue(
                    ran.err().startsWith("report: there is no round before 2026-10-0")
                            && ran.err().lines().count() == 1,
                    ran.err());
        }
        assertEquals(List.of(), Reports.changed(before, Reports.contents(scratch)));
        SoakFixture soak = soak();
        soak.write();
        assertEquals(
                Exit.NO_EVIDENCE,
                report(AFTER, soak, "--type", "final", "--as-of", "2026-10-01T00:00:00Z")
                        .exit(),
                "a round that starts at as_of is not before it");
        assertEquals(
                Exit.OK,
                report("2026-10-01T00:00:01Z", soak, "--sql", "SELECT 1").exit());
    }

    private void refused(String part, String... args) throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Map<String, String> before = Reports.contents(scratch);
        Reports.Ran ran = report("2026-10-05T12:00:00Z", soak, args);
        assertEquals(Exit.USAGE, ran.exit(), part);
        assertEquals("", ran.out());
        assertTrue(ran.err().contains(part), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
        assertEquals(List.of(), Reports.changed(before, Reports.contents(scratch)));
    }

    @Test
    void a_wrong_option_is_one_sentence_that_names_it_and_the_remedy() throws Exception {
        refused("--type weekly is unknown: give daily, checkpoint, final, status or archive", "--type", "weekly");
        refused("give --type daily, checkpoint, final, status or archive, or --sql");
        refused("--date 2026-10-06 is in the future", "--type", "daily", "--date", "2026-10-06");
        refused("--date 2026-09-30 lies before the soak", "--type", "daily", "--date", "2026-09-30");
        refused("--day 0 is not a day of the soak: give 1 to 10", "--type", "checkpoint", "--day", "0");
        refused("--day 11 is not a day of the soak", "--type", "checkpoint", "--day", "11");
        refused("--day 8 is in the future", "--type", "checkpoint", "--day", "8");
        refused("--as-of 2026-10-05T12:00:01Z is in the future", "--type", "final", "--as-of", "2026-10-05T12:00:01Z");
        refused(
                "lies beyond the end of soak day 2",
                "--type",
                "checkpoint",
                "--day",
                "2",
                "--as-of",
                "2026-10-03T00:00:01Z");
        refused("--as-of does not go with --type status", "--type", "status", "--as-of", "2026-10-03T00:00:01Z");
        refused("--date goes with --type daily alone", "--type", "final", "--date", "2026-10-01");
        refused("--day goes with --type checkpoint alone", "--type", "daily", "--day", "1");
        refused("--archive goes with --type final alone", "--type", "archive", "--archive");
        refused("--format xml is unknown with --type: give text, json or junit", "--type", "final", "--format", "xml");
        refused("--dated", "--type", "final", "--dated", "x");
    }

    @Test
    void a_folder_that_is_no_soak_is_refused_with_the_remedy() throws Exception {
        Files.writeString(scratch.resolve("file"), "");
        Files.createDirectory(scratch.resolve("empty"));
        for (String[] wrong :
                new String[][] {{"missing", "does not exist"}, {"file", "is a file"}, {"empty", "has no config.env"}}) {
            Reports.Ran ran = Reports.run(AFTER, scratch.resolve(wrong[0]), "--type", "final");
            assertEquals(Exit.USAGE, ran.exit());
            assertTrue(ran.err().contains(wrong[1]) && ran.err().contains("setup.java"), ran.err());
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_said_so() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Files.createDirectories(
                soak.dir().daily().resolve("2026-10-02-summary.json.tmp")); // stands where the temporary file would
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.FAILED, ran.exit());
        assertTrue(
                ran.err().contains("2026-10-02-summary.json could not be written")
                        && ran.err().lines().count() == 1,
                ran.err());
    }

    // --- real processes
    // -----------------------------------------------------------------------------------------------

    @Test
    void a_german_machine_in_berlin_gets_the_same_bytes() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("ein schöner Soak"))
                .days(10)
                .interval(600)
                .rounds(0, 1440);
        soak.write();
        List<String> command = Fork.java("report", soak.dir().root().toString(), "--type", "final");
        Fork.Result plain = Fork.run(Map.of("LC_ALL", "C.UTF-8", "TZ", "UTC"), command);
        assertEquals(Exit.OK, plain.exit(), plain.out() + plain.err());
        Map<String, String> files = Reports.contents(scratch);
        command.addAll(1, List.of("-Duser.language=de", "-Duser.country=DE", "-Duser.timezone=Europe/Berlin"));
        Fork.Result german =
                Fork.run(Map.of("LC_ALL", "C.UTF-8", "LANG", "de_DE.UTF-8", "TZ", "Europe/Berlin"), command);
        assertEquals(plain, german);
        assertEquals(List.of(), Reports.changed(files, Reports.contents(scratch)));
        assertTrue(
                plain.out().contains("\nTotal plans created: 14400 (target ≥ 4,000 | expected ~14,400)\n"),
                plain.out());
    }

    @Test
    void daily_reports_that_run_at_once_raise_each_alert_once() throws Exception {
        SoakFixture soak = badDay().set("ALERT_COMMAND", "cat >> '" + scratch.resolve("sent") + "'");
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
                BAD_DAY.stream().sorted().toList(),
                Files.readAllLines(soak.dir().alertsLog()).stream().sorted().toList());
        assertEquals(
                BAD_DAY.stream().sorted().toList(),
                Files.readAllLines(scratch.resolve("sent")).stream().sorted().toList());
    }
}
