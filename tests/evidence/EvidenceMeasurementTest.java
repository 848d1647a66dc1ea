import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a round says of its own measurement: stalls, overhead, clock steps, and its cost. */
@Tag("slow")
class EvidenceMeasurementTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(2).interval(21600).drillEvery(0).rounds(0, 8);
    }

    @Test
    void a_stalled_create_is_marked_and_told_beside_the_verdict_that_it_still_decides() {
        SoakFixture soak = soak().round(
                        2,
                        r -> r.latencyMs(600, 20)
                                .raw("create-stalls.txt", "580.250\n4.999\n" + "0.000\n".repeat(8))
                                .set("stalled_creates", 1)
                                .set("max_stall_ms", 580.25))
                .round(
                        5,
                        r -> r.latencyMs(30)
                                .raw("create-stalls.txt", "5.000\n" + "0.100\n".repeat(9))
                                .set("stalled_creates", 1)
                                .set("max_stall_ms", 5));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of(true, false),
                    Databases.one(
                            database,
                            "SELECT list(stalled ORDER BY plan) FROM creates WHERE round_id LIKE"
                                    + " '2026-10-01/round-120000' AND plan <= 2"));
            assertEquals(
                    4.999,
                    Databases.one(
                            database,
                            "SELECT stall_ms FROM creates WHERE round_id = '2026-10-01/round-120000' AND plan = 2"));
            assertNull(Databases.one(
                    database, "SELECT any_value(stalled) FROM creates WHERE round_id = '2026-10-01/round-000000'"));
            assertEquals(2L, Databases.one(database, "SELECT count(*) FROM creates WHERE stalled AND counted"));
            assertEquals("FAIL", Databases.one(database, "SELECT verdict FROM claims WHERE id = 'C3'"));
            assertEquals(600.0, Databases.one(database, "SELECT max_p99_ms FROM final_report"));
            assertEquals(
                    List.of("creates measured while the harness itself stalled for 5 ms or longer: 2 in 2 rounds"
                            + " (longest 580.25 ms); max p99_ms without them: 20, with them, as judged: 600"),
                    Databases.notes(database, "date IS NULL"));
            assertEquals(
                    List.of("creates measured while the harness itself stalled for 5 ms or longer: 1 in 1 round"
                            + " (longest 5 ms); max p99_ms without them: 5.168, with them, as judged: 30"),
                    Databases.notes(database, "date = DATE '2026-10-02'"));
            assertEquals(List.of(), Databases.problems(database));
        }
    }

    @Test
    void a_round_of_stalled_creates_alone_leaves_nothing_to_compare_with() {
        SoakFixture soak = SoakFixture.in(folder)
                .days(2)
                .interval(21600)
                .drillEvery(0)
                .round(0, r -> r.raw("create-stalls.txt", "9.000\n".repeat(10)));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(1, Databases.notes(database, "date IS NULL").size());
            assertTrue(
                    Databases.notes(database, "date IS NULL")
                            .get(0)
                            .endsWith("max p99_ms without them: n/a, with them, as judged: 4.909 (rounds in which"
                                    + " every create stalled: 1)"),
                    Databases.notes(database, "date IS NULL").toString());
        }
    }

    @Test
    void a_broken_line_of_stalls_is_listed_and_stalls_nothing() {
        try (EvidenceDatabase database =
                Databases.judged(soak().round(1, r -> r.raw("create-stalls.txt", "NaN\nten\n7\n")))) {
            assertEquals(1L, Databases.one(database, "SELECT count(*) FROM creates WHERE stalled"));
            assertEquals(
                    2L,
                    Databases.problems(database).stream()
                            .filter(p -> p.contains("create-stalls.txt line ")
                                    && p.contains("is not a duration in milliseconds"))
                            .count());
        }
    }

    @Test
    void the_last_line_of_a_killed_round_is_no_whole_stall() {
        try (EvidenceDatabase database =
                Databases.judged(soak().round(1, r -> r.interrupted().raw("create-stalls.txt", "0.100\n700")))) {
            assertEquals(0L, Databases.one(database, "SELECT count(*) FROM creates WHERE stalled"));
            assertEquals(0.1, Databases.one(database, "SELECT max_stall_ms FROM rounds WHERE kind = 'interrupted'"));
        }
    }

    @Test
    void an_overhead_above_five_milliseconds_is_said_and_five_is_not() {
        try (EvidenceDatabase database = Databases.judged(soak().round(1, r -> r.set("probe_overhead_ms", 5))
                .round(2, r -> r.set("probe_overhead_ms", 5.1))
                .round(6, r -> r.set("probe_overhead_ms", 7.25)))) {
            assertEquals(
                    List.of("rounds whose probe_overhead_ms is above 5 ms: 2 (largest 7.25 ms, in"
                            + " 2026-10-02/round-120000): the prober itself adds to their latencies"),
                    Databases.notes(database, "date IS NULL AND topic = 'probe_overhead'"));
            assertEquals(
                    1, Databases.notes(database, "date = DATE '2026-10-01'").size());
            assertEquals(List.of(), Databases.problems(database));
        }
    }

    @Test
    void clock_steps_beyond_a_second_are_listed_with_their_sign() {
        SoakFixture soak = soak().round(1, r -> r.set("clock_step_ms", 1000))
                .round(2, r -> r.set("clock_step_ms", -3600123))
                .round(5, r -> r.set("clock_step_ms", "1001"));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of(
                            "the wall clock stepped by -3600123 ms in 2026-10-01/round-120000; durations use the"
                                    + " monotonic clock and are not affected",
                            "the wall clock stepped by +1001 ms in 2026-10-02/round-060000; durations use the"
                                    + " monotonic clock and are not affected"),
                    Databases.notes(database, "date IS NULL"));
            assertEquals(List.of(), Databases.problems(database));
        }
    }

    @Test
    void lost_plans_that_the_newest_set_check_no_longer_misses_are_a_note() {
        SoakFixture soak = soak().round(
                        3,
                        r -> r.set("lost_plans", 2).raw("integrity.json", "{\"lost\": [\"soak-1-01\", \"soak-1-02\"]}"))
                .round(6, r -> r.set("lost_plans", 1).raw("integrity.json", "{\"lost\": [\"soak-1-02\"]}"))
                .round(7, r -> r.set("lost_plans", null));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of("plans that an earlier round called lost, and 2026-10-02/round-120000 no longer does: 1,"
                            + " first soak-1-01; the listing was late or cut short. They stay counted as lost, since"
                            + " each listing must show each plan (--sql @missing-plans)"),
                    Databases.notes(database, "topic = 'lost_plans_listed_again'"));
        }
    }

    @Test
    void plans_of_rounds_that_are_gone_are_a_note_of_the_soak_and_of_the_date() {
        SoakFixture soak = SoakFixture.in(folder)
                .days(2)
                .interval(21600)
                .drillEvery(0)
                .round(5, r -> r.set("unrecorded_plans", 80))
                .round(6, r -> r.set("unrecorded_plans", 70));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            List<String> note =
                    List.of("listed plans with ids that rounds of this soak give, though no folder of such a round is"
                        + " there: up to 80, in 2 rounds, 2026-10-02/round-060000 to 2026-10-02/round-120000; rounds"
                        + " were deleted, the folder was restored from an older copy, or something else makes plans by"
                        + " the same PLAN_ID_PREFIX (warnings of these rounds name those that are missing)");
            assertEquals(note, Databases.notes(database, "date IS NULL AND topic = 'unrecorded_plans'"));
            assertEquals(note, Databases.notes(database, "date = '2026-10-02' AND topic = 'unrecorded_plans'"));
            assertEquals(List.of(), Databases.notes(database, "date = '2026-10-01' AND topic = 'unrecorded_plans'"));
        }
    }

    @Test
    void many_clock_steps_are_ten_lines_and_a_count() {
        SoakFixture soak = SoakFixture.in(folder)
                .days(1)
                .interval(3600)
                .drillEvery(0)
                .rounds(0, 24)
                .each(r -> r.set("clock_step_ms", 2000));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            List<String> found = Databases.notes(database, "date IS NULL");
            assertEquals(10, found.size());
            assertTrue(
                    found.get(9).contains("round-090000") && found.get(9).endsWith("(and 14 more steps)"),
                    found.get(9));
        }
    }

    @Test
    void recoveries_that_a_round_left_for_the_next_are_told_beside_the_rate_that_knows_nothing_of_them() {
        SoakFixture soak =
                soak().round(1, r -> r.deferred(4)).round(2, r -> r.deferred(3)).round(5, r -> r.deferred(1));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of("recoveries that a round left for the next one: 8 in 3 rounds, 2026-10-01/round-060000 to"
                            + " 2026-10-02/round-060000; rates count only recoveries that ran"),
                    Databases.notes(database, "date IS NULL AND topic = 'recoveries_deferred'"));
            assertEquals(
                    List.of("recoveries that a round left for the next one: 1 in 1 round, 2026-10-02/round-060000;"
                            + " rates count only recoveries that ran"),
                    Databases.notes(database, "date = '2026-10-02' AND topic = 'recoveries_deferred'"));
            assertEquals(0L, Databases.one(database, "SELECT total_recovery_attempts FROM final_report"));
        }
    }

    @Test
    void a_mistyped_field_is_not_measured_and_listed() {
        try (EvidenceDatabase database = Databases.judged(soak().round(
                        1,
                        r -> r.set("clock_step_ms", "soon")
                                .set("store_unchecked", true)
                                .set("harness_cpu_ms", -1)
                                .set("warnings", "none")
                                .set("failures", List.of())))) {
            assertEquals(
                    List.of(
                            "rounds/2026-10-01/round-060000/round-summary.json clock_step_ms is \"soon\", which is not"
                                    + " a whole number: not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json failures is [], which is not an object:"
                                    + " not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json harness_cpu_ms is -1, which is not a"
                                    + " whole number, 0 or more: not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json store_unchecked is true, which is not a"
                                    + " string: not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json warnings is \"none\", which is not an"
                                    + " array: not measured"),
                    Databases.problems(database));
            assertNull(Databases.one(database, "SELECT coalesce(failures, warnings) FROM rounds WHERE slot = 1"));
        }
    }

    @Test
    void what_the_harness_costs_is_median_max_and_sum_and_peaks_have_no_sum() {
        SoakFixture soak =
                SoakFixture.in(folder).days(2).interval(21600).drillEvery(0).rounds(0, 5);
        for (int i = 0; i < 4; i++) {
            long n = i + 1;
            soak.round(
                    i,
                    r -> r.set("harness_cpu_ms", n * n * 100)
                            .set("harness_peak_rss_bytes", n * 1_000_000_000L)
                            .set("evidence_bytes", n));
        }
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of(
                            "harness_cpu_ms: median 400, max 1600, sum 3000 over 4 rounds",
                            "harness_peak_rss_bytes: median 2000000000, max 4000000000 over 4 rounds",
                            "evidence_bytes: median 2, max 4, sum 10 over 4 rounds"),
                    Databases.one(database, "SELECT list(detail) FROM harness_cost"));
            assertNull(
                    Databases.one(database, "SELECT sum FROM harness_cost WHERE measure = 'harness_peak_rss_bytes'"));
        }
    }

    @Test
    void a_daily_tells_the_failed_scans_of_its_date_and_the_final_report_leaves_them_to_the_check() {
        try (EvidenceDatabase database = Databases.judged(soak().round(
                        6,
                        r -> r.set("v03_stuck_scan", "FAIL")
                                .set("scan_http_code", "500")
                                .set("scan_ok", false)
                                .set("failures", Map.of("v03_stuck_scan", "HTTP 500"))))) {
            assertEquals(
                    List.of("v03_stuck_scan failed in 1 of 4 rounds, in 2026-10-02/round-120000 (for the reasons see"
                            + " failures in round-summary.json, or --sql @failed-steps)"),
                    Databases.notes(database, "topic = 'v03_stuck_scan' AND date = DATE '2026-10-02'"));
            assertEquals(1L, Databases.one(database, "SELECT count(*) FROM notes WHERE topic = 'v03_stuck_scan'"));
        }
    }

    @Test
    void rounds_of_older_versions_and_of_the_bash_scripts_lack_all_of_it_and_nothing_breaks() {
        try (EvidenceDatabase database =
                Databases.judged(soak().round(0, r -> r.legacy()).round(2, r -> r.interrupted()))) {
            assertEquals(0L, Databases.one(database, "SELECT count(*) FROM notes"));
            assertEquals(
                    List.of("harness_cpu_ms: n/a", "harness_peak_rss_bytes: n/a", "evidence_bytes: n/a"),
                    Databases.one(database, "SELECT list(detail) FROM harness_cost"));
            assertNull(Databases.one(
                    database,
                    "SELECT max(coalesce(stalled_creates, max_stall_ms, probe_overhead_max_ms, wal_bytes,"
                            + " clock_step_ms, harness_cpu_ms, evidence_bytes)) FROM rounds"));
            assertEquals(
                    List.of("rounds/2026-10-01/round-120000/round-summary.json is missing: the round was interrupted"),
                    Databases.problems(database));
        }
    }

    @Test
    void a_control_plane_that_something_else_starts_again_is_told_and_one_that_the_soak_started_is_not() {
        int[] ticks = {100, 100, 700, 800, 800, 900, 900, 950}; // 2: a supervisor, 3: the round, 5: setup, 7: a boot
        SoakFixture soak = soak();
        for (int slot = 0; slot < ticks.length; slot++) {
            String process = slot + 40 + "@" + ticks[slot] + (slot == 7 ? "@another-boot" : "@boot");
            boolean restarted = slot == 3;
            soak = soak.round(
                    slot, r -> r.set("cp_identity", Map.of("process", process)).set("restarted", restarted));
        }
        soak = soak.resume("2026-10-02T05:00:00Z resumed control_plane=started pid=45");
        String note = "something other than this soak, such as a supervisor, started the control plane again:"
                + " another process than in the round before answered in 1 round, 2026-10-01/round-120000;"
                + " cp_restart_count does not count that, and no round measured how long it was away";
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(List.of(note), notes(database, "date IS NULL"));
            assertEquals(List.of(note), notes(database, "date = DATE '2026-10-01'"));
            assertEquals(List.of(), notes(database, "date = DATE '2026-10-02'"));
        }
    }

    private static List<String> notes(EvidenceDatabase database, String where) {
        return Databases.notes(database, where + " AND topic = 'started_elsewhere'");
    }
}
