import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.RoundFiles;

/** The final report, and the archive that it quotes. */
@Tag("slow")
class ReportFinalTest {
    @TempDir
    Path scratch;

    @Test
    void a_good_soak_passes_and_its_report_has_the_contracts_fields() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.Ran ran = Reports.of(Reports.AFTER, soak, "--type", "final");
        assertEquals(Exit.OK, ran.exit(), ran.out());
        assertEquals(ran.out(), Files.readString(soak.dir().finalText()));
        int checks = PlanChecks.CHECKS.size();
        assertTrue(ran.out().contains("\nOverall: PASS (" + checks + "/" + checks + " checks)\n"), ran.out());
        assertTrue(ran.err().contains("--type archive"), ran.err());
        JsonNode report = Reports.json(soak.dir().finalJson());
        assertEquals(
                Reports.words("soak_id, soak_start, soak_end, as_of, duration_days, complete, rehearsal, cp_mode,"
                    + " total_rounds, scheduled_rounds, healthy_rounds, failed_rounds, interrupted_rounds,"
                    + " missed_rounds, rounds_after_end, cp_restart_count, total_creates, total_create_errors,"
                    + " max_plan_count, final_plan_count, store_bytes_final, total_recovery_attempts,"
                    + " rollback_sampled, total_recovery_ok, total_recovery_fail, total_recovery_deferred,"
                    + " drill_recoveries, recoveries_refuted, agg_rollback_rate, rollback_rate_7d, rollback_rate_30d,"
                    + " rollback_rate_by_exit_code, rollback_rate_7d_by_exit_code, round1_p99_ms, day7_p99_ms,"
                    + " day30_p99_ms, p99_ms_7d, pooled_p99_ms_7d, max_p99_ms, pooled_p99_ms, p95_of_p99_ms,"
                    + " uptime_pct, slot_uptime_pct, scheduled_uptime_pct, covered_slots, coverage_pct,"
                    + " longest_downtime_rounds, scan_failures, total_stuck_plans, auto_recovery_rate, lost_plans,"
                    + " duplicate_plans, revived_plans, alerts, alerts_left_out, checks, claims, passed_checks,"
                    + " overall, gate_d, gate_d_by_plan, archive, archive_sha256, restore_check, trends, harness_cost,"
                    + " notes, problems, problems_left_out, report_version, judge, judging_build, measuring_builds,"
                    + " control_plane_builds, frozen_build"),
                Reports.names(report));
        assertEquals(
                Reports.words(
                        "series, unit, n, basis, slope_per_1000_plans, intercept, mann_kendall_s, mann_kendall_var,"
                                + " mann_kendall_z, p_value, target, reached_at_plan_count, lives, autocorrelation,"
                                + " detectable_per_1000_plans, reached_at_plan_count_low, reached_at_plan_count_high,"
                                + " detail"),
                Reports.names(report.path("trends").get(0)));
        assertEquals(
                Reports.words("measure, rounds, median, max, sum, detail"),
                Reports.names(report.path("harness_cost").get(0)));
        assertEquals(0, report.path("notes").size() + report.path("problems").size());
        assertTrue(
                report.path("archive").isNull() && report.path("archive_sha256").isNull());
        assertEquals("NOT ASSESSED (a soak of 10 days)", report.path("gate_d").asText());
        assertEquals(
                Files.readString(soak.dir().finalJson()),
                Reports.of(Reports.AFTER, soak, "--type", "final", "--format", "json")
                        .out());
    }

    @Test
    void a_soak_that_is_not_over_is_incomplete_and_exit_10() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-05T00:00:00Z", soak, "--type", "final");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.out().contains("\nOverall: INCOMPLETE (")
                        && ran.out().contains("\nNOT ASSESSED (a soak of 10 days): "),
                ran.out());
        SoakFixture month =
                SoakFixture.in(scratch.resolve("month")).interval(7200).rounds(0, 49);
        month.write();
        ran = Reports.of("2026-10-05T00:00:00Z", month, "--type", "final");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(ran.out().contains("\nINCOMPLETE (day 5 of 30): "), ran.out());
    }

    /** So many slots of none tell nothing. */
    @Test
    void a_report_counts_no_slots_before_one_has_passed() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch).days(2).interval(7200).rounds(0, 1);
        soak.write();
        for (String[] asked :
                List.of(new String[] {"--type", "final"}, new String[] {"--type", "status", "--format", "text"})) {
            String text = Reports.of("2026-10-01T01:00:00Z", soak, asked).out();
            assertTrue(text.contains("\nCoverage %: n/a (no slot has passed yet, target ≥ 95%)\n"), text);
            assertTrue(
                    text.contains("(scheduled_uptime=n/a, target=99.9%, no slot has passed yet, not measured)"), text);
            assertFalse(text.contains("0 of 0"), text);
        }
        String text =
                Reports.of("2026-10-03T00:00:00Z", soak, "--type", "final").out();
        assertTrue(text.contains("(rounds in 1 of 24 slots, ") && text.contains(", healthy 1 of 24 slots"), text);
    }

    @Test
    void the_same_evidence_and_as_of_give_the_same_bytes_whenever_they_are_asked_for() throws Exception {
        SoakFixture soak = Reports.badDay(scratch);
        soak.write();
        String[] asked = {"--type", "final", "--as-of", "2026-10-05T12:34:56Z"};
        Reports.Ran first = Reports.of("2026-10-05T12:34:56Z", soak, asked);
        Map<String, String> files = Reports.contents(scratch);
        assertEquals(first, Reports.of(Reports.AFTER, soak, asked));
        assertEquals(List.of(), Reports.changed(files, Reports.contents(scratch)));
    }

    @Test
    void files_that_were_not_read_as_good_are_listed_with_their_reason() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch)
                .round(5, r -> r.summary("{\"schema\": 1,"))
                .round(6, r -> r.summary(""))
                .round(7, r -> r.set("create_errors", true))
                .round(8, FixtureRound::interrupted)
                .file("rounds/2026-10-02/notes.txt", "x");
        soak.write();
        Reports.Ran ran = Reports.of(Reports.AFTER, soak, "--type", "final");
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
        SoakFixture soak = Reports.tenDays(scratch)
                .alert("2026-10-03T00:00:00Z ALERT daily_rollback_rate=0.950 threshold=0.990 day=2")
                .alert("2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9");
        soak.write();
        assertTrue(Reports.of(Reports.AFTER, soak, "--type", "final")
                .out()
                .contains(
                        "## Alerts Issued\n2026-10-03T00:00:00Z ALERT daily_rollback_rate=0.950 threshold=0.990 day=2\n"
                                + "2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9\n\n"));
        assertEquals(
                1,
                Json.parse(Reports.of(
                                        Reports.AFTER,
                                        soak,
                                        "--type",
                                        "final",
                                        "--as-of",
                                        "2026-10-09T02:00:01Z",
                                        "--format",
                                        "json")
                                .out())
                        .path("alerts")
                        .size(),
                "older than as_of");
    }

    @Test
    void a_final_report_has_the_daily_alert_of_the_last_date_and_nothing_of_a_round_after_the_end() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch)
                .alert("2026-10-11T00:00:00Z ALERT daily_uptime_pct=91.6 threshold=99.9 day=10")
                .alert("2026-10-11T00:00:00Z ALERT lost_plans=1 threshold=0 day=11");
        soak.write();
        assertTrue(Reports.of(Reports.AFTER, soak, "--type", "final")
                .out()
                .contains("## Alerts Issued\n"
                        + "2026-10-11T00:00:00Z ALERT daily_uptime_pct=91.6 threshold=99.9 day=10\n\n"));
    }

    @Test
    void a_byte_that_is_no_text_in_a_log_is_listed_and_hides_no_other_line() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch).alert("2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9");
        soak.write();
        Files.write(soak.dir().alertsLog(), new byte[] {(byte) 0xff, '\n'}, java.nio.file.StandardOpenOption.APPEND);
        String out = Reports.of(Reports.AFTER, soak, "--type", "final").out();
        assertTrue(
                out.contains("## Alerts Issued\n2026-10-09T02:00:01Z ALERT lost_plans=1 threshold=0 day=9\n\n"), out);
        assertTrue(out.contains("alerts.log: is not UTF-8 text\n"), out);
    }

    @Test
    void a_restore_check_is_named_only_where_the_control_plane_is_the_embedded_one() {
        for (String mode : List.of("attached", "external")) {
            SoakFixture soak = Reports.tenDays(scratch.resolve(mode)).set("CP_MODE", mode);
            soak.write();
            String text = Reports.of(Reports.AFTER, soak, "--type", "final").out();
            assertTrue(
                    text.endsWith(
                            "\nRestore check: n/a (only the embedded control plane is tried out on an archive, and"
                                    + " this one is " + mode + ")\n"),
                    text);
        }
    }

    @Test
    void final_with_archive_quotes_the_hash_and_a_later_run_changes_nothing() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch).set("CP_MODE", "embedded");
        soak.write();
        Reports.Ran ran = Reports.of(Reports.AFTER, soak, "--type", "final", "--archive");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        String hash = Files.readString(scratch.resolve("soak-val12-2026-12-01.tar.gz.sha256"))
                .split(" ")[0];
        assertTrue(
                ran.out()
                        .endsWith("## Artifact\nArchive: soak-val12-2026-12-01.tar.gz\nSHA-256: " + hash
                                + "\nRestore check: n/a (--type archive --restore-check makes it)\n"),
                ran.out());
        assertEquals(ran.out(), Files.readString(soak.dir().finalText()));
        assertEquals(
                hash,
                Reports.json(soak.dir().finalJson()).path("archive_sha256").asText());
        byte[] bytes = Files.readAllBytes(scratch.resolve("soak-val12-2026-12-01.tar.gz"));
        Map<String, String> before = Reports.contents(soak.dir().root());
        Reports.of("2026-12-05T00:00:00Z", soak, "--type", "final");
        Reports.of(Reports.AFTER, soak, "--type", "archive");
        assertEquals(ran, Reports.of(Reports.AFTER, soak, "--type", "final", "--archive"));
        assertEquals(
                List.of(), Reports.changed(before, Reports.contents(soak.dir().root())));
        assertArrayEquals(bytes, Files.readAllBytes(scratch.resolve("soak-val12-2026-12-01.tar.gz")), "packed anew");
    }

    @Test
    void archive_prints_where_it_is_and_warns_where_there_is_no_report_in_it() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-05T12:00:00Z", soak, "--type", "archive");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertTrue(ran.err().contains("no final report"), ran.err());
        assertTrue(
                ran.out().startsWith("Archive: " + scratch.resolve("soak-val12-2026-10-05.tar.gz") + "\nSHA-256: "),
                ran.out());
    }
}
