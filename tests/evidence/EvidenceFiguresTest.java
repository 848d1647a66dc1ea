import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import workload.RoundLock;

/**
 * What the figures of the views are: nothing of nothing, exact targets, percentiles, streaks, and which rounds count.
 */
@Tag("slow")
class EvidenceFiguresTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(8).interval(21600);
    }

    @Test
    void an_empty_soak_has_no_rounds_no_rate_and_no_pass() {
        try (EvidenceDatabase database = Databases.judged(soak())) {
            assertEquals(0L, Databases.one(database, "SELECT count(*) FROM rounds"));
            assertEquals(32L, Databases.one(database, "SELECT missed_rounds FROM final_report"));
            assertEquals(
                    List.of("VAL12-01"),
                    Databases.one(database, "SELECT list(id) FROM checks WHERE verdict <> 'FAIL'"));
            assertEquals(0L, Databases.one(database, "SELECT count(*) FROM claims WHERE verdict <> 'FAIL'"));
            assertEquals("INCOMPLETE", Databases.one(database, "SELECT overall FROM verdict"));
        }
    }

    @Test
    void stuck_plans_that_no_scan_has_counted_are_not_0() {
        try (EvidenceDatabase database = Databases.judged(
                soak().rounds(0, 2).round(0, FixtureRound::down).round(1, FixtureRound::down))) {
            assertNull(Databases.one(database, "SELECT total_stuck_plans FROM final_report"));
        }
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 2).round(1, FixtureRound::down))) {
            assertEquals(0L, Databases.one(database, "SELECT total_stuck_plans FROM final_report"));
        }
    }

    @Test
    void zero_of_zero_is_null_and_reaches_no_target() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
            assertNull(Databases.one(database, "SELECT 0.0::DOUBLE / 0.0::DOUBLE"));
            assertNull(Databases.one(database, "SELECT share(0, 0)"));
            assertNull(Databases.one(database, "SELECT percentage(0, 0)"));
            assertEquals(false, Databases.one(database, "SELECT share_reaches(0, 0, 0.99)"));
            assertEquals("FAIL", Databases.one(database, "SELECT verdict_word(NULL, false)"));
            assertEquals("FAIL", Databases.one(database, "SELECT verdict_word(share(0, 0) >= 0.99, false)"));
        }
    }

    @Test
    void a_target_is_compared_exactly_and_not_by_a_rounded_fraction() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
            assertEquals(
                    true,
                    Databases.one(database, "SELECT share_reaches(99, 100, (SELECT rollback_rate FROM targets))"));
            assertEquals(
                    true,
                    Databases.one(
                            database,
                            "SELECT share_reaches(990000000000, 1000000000000, (SELECT rollback_rate FROM targets))"));
            assertEquals(
                    false,
                    Databases.one(
                            database,
                            "SELECT share_reaches(989999999999, 1000000000000, (SELECT rollback_rate FROM targets))"));
            assertEquals(
                    true,
                    Databases.one(database, "SELECT percentage_reaches(999, 1000, (SELECT uptime_pct FROM targets))"));
            assertEquals(
                    false,
                    Databases.one(database, "SELECT percentage_reaches(1438, 1440, (SELECT uptime_pct FROM targets))"));
        }
    }

    @Test
    void percentiles_are_nearest_rank_whatever_the_number_of_values() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
            for (int n : List.of(1, 2, 10, 99, 100, 101, 480, 1440, 3360, 14400)) {
                assertEquals(
                        List.of((n * 50L + 99) / 100, (n * 95L + 99) / 100, (n * 99L + 99) / 100),
                        Databases.one(
                                database,
                                "SELECT [quantile_disc(i, 0.50), quantile_disc(i, 0.95), "
                                        + "quantile_disc(i, 0.99)] FROM range(1, %d) t(i)".formatted(n + 1)),
                        "n=" + n);
            }
            assertEquals(10L, Databases.one(database, "SELECT quantile_disc(i, 0.99) FROM range(1, 11) t(i)"));
        }
    }

    @Test
    void numbers_beyond_a_thousand_stay_plain() {
        try (EvidenceDatabase database = Databases.judged(
                soak().rounds(0, 12).round(11, r -> r.planCount(1234567)).round(9, r -> r.set("p99_ms", 12345.5)))) {
            assertEquals("1234567", Databases.one(database, "SELECT max_plan_count FROM final_text"));
            assertEquals("12345.5", Databases.one(database, "SELECT max_p99_ms FROM final_text"));
            // as the plan's template has it
            assertEquals("4,000", Databases.one(database, "SELECT target_total_creates FROM final_text"));
        }
    }

    @Test
    void a_gate_that_fails_says_which_check_does_not_pass_and_that_plans_were_lost() {
        SoakFixture month =
                SoakFixture.in(folder.resolve("month")).interval(21600).rounds(0, 120);
        month.round(50, r -> r.recoveries(0, 9)).round(60, r -> r.lost("soak-1-01"));
        try (EvidenceDatabase database = Databases.judged(month)) {
            assertEquals("FAIL", Databases.one(database, "SELECT gate_d FROM final_text"));
            assertEquals(
                    "VAL12-10 does not pass; plans were lost or listed twice",
                    Databases.one(database, "SELECT gate_d_because FROM final_text"));
        }
    }

    @Test
    void shown_figures_are_rounded_but_a_failed_one_is_cut_toward_the_failing_side() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
            assertEquals(
                    List.of("0.992", "0.989", "0.989", "0.989", "1.000", "n/a"),
                    Databases.one(
                            database,
                            "SELECT [shown_rate(0.99151, false), shown_rate(0.98951, false), shown_rate(0.98951,"
                                    + " true), shown_rate(989.0 / 1000, true), shown_rate(1, false), shown_rate(NULL,"
                                    + " true)]"));
            assertEquals(
                    List.of("99.9", "99.8", "97.9", "100.0"),
                    Databases.one(
                            database,
                            "SELECT [shown_pct(99.861, false), shown_pct(99.861, true), shown_pct(47 * 100.0 / 48,"
                                    + " true), shown_pct(100, false)]"));
            assertEquals(
                    List.of("500.001", "500", "1250.5", "0.1", "n/a"),
                    Databases.one(
                            database,
                            "SELECT [shown_ms(500.0004, true), shown_ms(500.0004, false), shown_ms(1250.5, true),"
                                    + " shown_ms(0.1, false), shown_ms(NULL, NULL)]"));
        }
    }

    @Test
    void a_restarted_round_is_not_healthy_whatever_its_health_says() {
        try (EvidenceDatabase database = Databases.judged(
                soak().rounds(0, 3).round(1, r -> r.set("restarted", true)).round(2, r -> r.set("health", "OK")))) {
            assertEquals(
                    List.of(true, false, false),
                    Databases.one(database, "SELECT list(healthy ORDER BY round) FROM rounds"));
        }
    }

    @Test
    void a_round_that_starts_at_as_of_is_not_seen_and_its_slot_has_not_elapsed() {
        SoakFixture soak = soak().rounds(0, 32);
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(16), false, null))) {
            assertEquals(
                    Map.of("total_rounds", 16L, "scheduled_rounds", 16L, "missed_rounds", 0L),
                    database.query("SELECT total_rounds, scheduled_rounds, missed_rounds FROM final_report")
                            .get(0));
        }
    }

    @Test
    void what_comes_after_the_end_or_the_moment_of_a_report_is_in_no_total() {
        SoakFixture soak = SoakFixture.in(folder)
                .days(1)
                .interval(21600)
                .drillEvery(0)
                .rounds(0, 4)
                .round(1, r -> r.restarted().deferred(1))
                .round(4, r -> r.restarted().deferred(2))
                .resume("2026-10-01T01:00:00Z resumed control_plane=started pid=7")
                .resume("2026-10-02T00:00:00Z resumed control_plane=started pid=8");
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    Map.of("cp_restart_count", 2L, "total_recovery_deferred", 1L, "rounds_after_end", 1L),
                    database.query("SELECT cp_restart_count, total_recovery_deferred, rounds_after_end FROM"
                                    + " final_report")
                            .get(0));
        }
    }

    @Test
    void how_often_an_attached_control_plane_was_restarted_nobody_knows() {
        SoakFixture attached = SoakFixture.in(folder.resolve("attached"))
                .set("CP_MODE", "attached")
                .setupSummary("result: PASS\ncp_start_ms: n/a\nhealth_http_code: 200\ncp_mode: attached\n")
                .rounds(0, 4);
        try (EvidenceDatabase database = Databases.judged(attached)) {
            assertNull(Databases.one(database, "SELECT cp_restart_count FROM final_report"));
            assertNull(Databases.one(database, "SELECT cp_restart_count FROM status"));
        }
        attached.round(2, r -> r.restarted());
        try (EvidenceDatabase database = Databases.judged(attached)) {
            assertEquals(
                    1L, Databases.one(database, "SELECT cp_restart_count FROM final_report"), "what is told counts");
        }
    }

    @Test
    void a_slot_has_its_plans_counted_if_one_of_its_rounds_counted_them() {
        SoakFixture soak = soak().rounds(0, 4).roundAt(2 * 21600 + 60, r -> r.uncounted());
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(4L, Databases.one(database, "SELECT plan_counted_slots FROM figures"));
        }
    }

    @Test
    void a_soak_has_run_to_its_end_if_a_round_began_a_day_before_it_and_not_earlier() {
        for (int rounds : List.of(4, 5)) {
            SoakFixture soak = SoakFixture.in(folder.resolve("" + rounds))
                    .days(2)
                    .interval(21600)
                    .rounds(0, rounds);
            try (EvidenceDatabase database = Databases.judged(soak)) {
                assertEquals(
                        rounds == 4 ? "INCOMPLETE" : "FAIL", Databases.one(database, "SELECT overall FROM verdict"));
            }
        }
    }

    @Test
    void a_stuck_streak_of_the_threshold_is_no_daily_alert_and_one_more_is() {
        SoakFixture soak =
                SoakFixture.in(folder).days(2).interval(3600).drillEvery(0).rounds(0, 48);
        for (int i : List.of(1, 2, 3, 22, 23, 24, 25, 26, 27)) { // midnight parts the second streak: 2 and 4
            soak.round(i, r -> r.deferred(1));
        }
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of(3L, 4L),
                    Databases.one(database, "SELECT list(daily_stuck_rounds ORDER BY date) FROM daily"));
            assertEquals(
                    List.of("ALERT daily_stuck_rounds=4 threshold=3 day=2"),
                    Databases.one(
                            database, "SELECT list(text) FROM daily_alert_lines WHERE key = 'daily_stuck_rounds'"));
        }
    }

    @Test
    void a_bash_round_whose_scan_failed_says_none_stuck_and_ends_no_streak() {
        SoakFixture soak =
                SoakFixture.in(folder).days(1).interval(3600).drillEvery(0).rounds(0, 24);
        for (int i : List.of(1, 2, 4, 5)) {
            soak.round(i, r -> r.deferred(1));
        }
        soak.round(
                3,
                r -> r.legacy()
                        .set("scan_ok", false)
                        .set("scan_http_code", "500")
                        .set("stuck_count", 0));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(List.of(4L), Databases.one(database, "SELECT list(daily_stuck_rounds) FROM daily"));
        }
    }

    @Test
    void a_folder_without_a_summary_is_in_progress_only_if_newest_young_and_now() {
        SoakFixture soak = soak().rounds(0, 8).round(6, r -> r.interrupted()).round(7, r -> r.interrupted());
        Config config = soak.write();
        Instant young = soak.slotStart(7).plusSeconds(21599);
        for (Scope scope : List.of(
                new Scope(young, true, null),
                new Scope(young, false, null),
                new Scope(soak.slotStart(8), true, null))) {
            try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
                boolean running = scope.isNow() && scope.asOf().equals(young);
                assertEquals(
                        running ? List.of("interrupted", "in_progress") : List.of("interrupted", "interrupted"),
                        Databases.one(database, "SELECT list(kind ORDER BY starts_at) FROM rounds WHERE slot >= 6"));
                assertEquals(0L, Databases.one(database, "SELECT missed_rounds FROM final_report"));
            }
        }
    }

    @Test
    void a_round_that_outlasts_its_interval_is_in_progress_while_it_holds_the_lock() throws Exception {
        SoakFixture soak = soak().rounds(0, 7).round(7, r -> r.interrupted());
        Config config = soak.write();
        Scope later = new Scope(soak.slotStart(10).plusSeconds(1), true, 7);
        try (RoundLock running = RoundLock.take(config.dir());
                EvidenceDatabase database = EvidenceDatabase.open(config, later)) {
            assertEquals("in_progress", Databases.one(database, "SELECT arg_max(kind, starts_at) FROM rounds"));
            assertEquals(
                    "a round is running now, 2 slots missed",
                    Databases.one(database, "SELECT next FROM status_screen"));
            assertEquals(
                    43_201L,
                    Databases.one(database, "SELECT overdue_seconds FROM status"),
                    "since slot 8 no slot has a round");
            assertEquals(0L, Databases.one(database, "SELECT scan_failures FROM final_report"));
        }
        try (EvidenceDatabase database = EvidenceDatabase.open(config, later)) {
            assertEquals("interrupted", Databases.one(database, "SELECT arg_max(kind, starts_at) FROM rounds"));
        }
    }

    @Test
    void half_written_lines_and_fast_refusals_do_not_improve_a_latency() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 2)
                .round(
                        0,
                        r -> r.interrupted()
                                .latencyMs(1, 600, 8)
                                .codes("503", "503")
                                .raw("create-times.txt", "0.001000\n0.600000\n0.008000\n0.0")
                                .raw("plans-created.txt", "503\n503\n201\n201\n")))) {
            assertEquals(
                    List.of(false, true, true, false),
                    Databases.one(
                            database,
                            "SELECT list(counted ORDER BY plan) FROM creates WHERE round_id LIKE '%/round-000000' AND"
                                    + " plan <= 4"));
            assertEquals(600.0, Databases.one(database, "SELECT p99_ms FROM rounds WHERE round = 1"));
            assertEquals(8.0, Databases.one(database, "SELECT p50_ms FROM rounds WHERE round = 1"));
        }
    }

    @Test
    void a_written_latency_is_its_nanoseconds_in_milliseconds_and_what_is_no_duration_is_none() {
        String written = "0.0005\n0.001000001\n1e-3\n 7.123456789 \n-0\n-0.001\n999999999\n1e9\n12,5\n0x1\n";
        try (EvidenceDatabase database = Databases.judged(soak().round(0, r -> r.raw("create-times.txt", written)))) {
            assertEquals(
                    "0.5 1.000001 1.0 7123.456789 0.0 none 999999999000.0 none none none",
                    Databases.one(
                            database,
                            "SELECT string_agg(coalesce(CAST(latency_ms AS VARCHAR), 'none'), ' ' ORDER BY plan)"
                                    + " FROM creates"));
        }
    }
}
