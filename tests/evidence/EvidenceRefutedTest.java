import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How reports count refuted recoveries, and to which window each belongs (contract, section 4 "Refuted recoveries").
 */
@Tag("slow")
class EvidenceRefutedTest {
    private static final int INTERVAL = 7200;
    private static final int PER_DAY = 86_400 / INTERVAL;

    @TempDir
    Path folder;

    /** Ten days, a round every two hours, one good recovery at the first round of each day. */
    private SoakFixture soak() {
        SoakFixture soak =
                SoakFixture.in(folder).days(10).interval(INTERVAL).drillEvery(0).rounds(0, 10 * PER_DAY);
        for (long day = 0; day < 10; day++) {
            soak.round(day * PER_DAY, r -> r.recoveries(1, 0));
        }
        return soak;
    }

    /** A round recovers a plan with exit code 0, and a later one refutes that. */
    private static SoakFixture refuted(SoakFixture soak, long recovers, long refutes) {
        FixtureRound[] earlier = new FixtureRound[1];
        soak.round(recovers, r -> earlier[0] = r.recoveries(1, 0));
        return soak.round(refutes, r -> r.refutes(earlier[0], earlier[0].recoveredPlan(1)));
    }

    private static EvidenceDatabase at(SoakFixture soak, Instant asOf, Integer checkpointDay) {
        return EvidenceDatabase.open(soak.write(), new Scope(asOf, false, checkpointDay));
    }

    private static Map<String, Object> verdicts(EvidenceDatabase database) {
        Map<String, Object> verdicts = new HashMap<>();
        database.query("SELECT id, verdict FROM checks UNION ALL SELECT id, verdict FROM claims")
                .forEach(row -> verdicts.put((String) row.get("id"), row.get("verdict")));
        return verdicts;
    }

    @Test
    void a_refuted_recovery_counts_as_failed_and_the_rate_by_exit_codes_stands_beside() {
        SoakFixture soak = refuted(soak(), 30, 31);
        try (EvidenceDatabase database = at(soak, soak.end(), null)) {
            Map<String, Object> verdicts = verdicts(database);
            assertEquals(
                    List.of("FAIL", "FAIL", "FAIL", "PASS"),
                    List.of(
                            verdicts.get("VAL12-06"),
                            verdicts.get("VAL12-10"),
                            verdicts.get("C2"),
                            verdicts.get("VAL12-05")));
            Map<String, Object> report = database.query("FROM final_report").get(0);
            assertEquals(1L, report.get("recoveries_refuted"));
            assertEquals(11L, report.get("total_recovery_ok"));
            assertEquals(10.0 / 11, report.get("agg_rollback_rate"));
            assertEquals(1.0, report.get("rollback_rate_by_exit_code"));
            assertEquals(7.0 / 8, report.get("rollback_rate_7d"));
            assertEquals(1.0, report.get("rollback_rate_7d_by_exit_code"));
            assertEquals(
                    "attempts=11, rate=0.909, target=0.990, refuted=1, by exit codes 1.000, first failure in"
                            + " rounds/2026-10-03/round-140000/refuted.txt",
                    Databases.one(database, "SELECT detail FROM checks WHERE id = 'VAL12-10'"));
            assertTrue(Databases.one(
                            database, "SELECT note FROM notes WHERE date IS NULL AND topic = 'recoveries_refuted'")
                    .toString()
                    .contains("failed: 1, refuted by the stuck scans of 1 round; first in"
                            + " 2026-10-03/round-140000 (soak-stuck-1791028800-1 of" + " 2026-10-03/round-120000)"));
            assertEquals(
                    "2026-10-03/round-140000",
                    Databases.one(database, "SELECT refuted_in FROM recoveries WHERE refuted_in IS NOT NULL"));
            assertEquals(List.of(), database.query("FROM problems"));
        }
    }

    @Test
    void one_of_an_earlier_date_is_one_more_attempt_that_failed_on_the_date_that_found_it() {
        SoakFixture soak = refuted(refuted(soak(), 2 * PER_DAY - 1, 2 * PER_DAY), 2 * PER_DAY - 2, 2 * PER_DAY);
        soak.round(
                2 * PER_DAY,
                r -> r.edit(fields -> fields.put("recovery_ok", 0).put("stuck_count", 0))
                        .raw("recovery.txt", null)
                        .raw("stuck-scan.json", "{\"stuck_plans\": []}"));
        try (EvidenceDatabase database = at(soak, soak.end(), null)) {
            assertEquals(
                    Map.of(
                            "recovery_ok",
                            3L,
                            "recovery_fail",
                            0L,
                            "recoveries_refuted",
                            0L,
                            "daily_rollback_rate",
                            1.0),
                    database.query("SELECT recovery_ok, recovery_fail, recoveries_refuted, daily_rollback_rate FROM"
                                    + " daily WHERE date = '2026-10-02'")
                            .get(0));
            assertEquals(
                    Map.of(
                            "recovery_ok",
                            0L,
                            "recovery_attempts",
                            2L,
                            "recoveries_held",
                            0L,
                            "recoveries_refuted",
                            2L,
                            "daily_rollback_rate",
                            0.0),
                    database.query("SELECT recovery_ok, recovery_attempts, recoveries_held, recoveries_refuted,"
                                    + " daily_rollback_rate FROM daily WHERE date = '2026-10-03'")
                            .get(0));
            assertEquals(
                    "ALERT daily_rollback_rate=0.000 threshold=0.990 day=3",
                    Databases.one(database, "SELECT text FROM daily_alert_lines WHERE key = 'daily_rollback_rate'"));
        }
    }

    @Test
    void what_was_said_of_a_closed_window_stays_as_it_was_whatever_is_refuted_later() {
        Instant closed = Instant.parse("2026-10-08T00:00:00Z");
        String all =
                "SELECT (SELECT list(c ORDER BY id) FROM checks c) AS checks, (SELECT list(c ORDER BY id) FROM claims"
                    + " c) AS claims, (SELECT list(d ORDER BY date) FROM daily d WHERE date < '2026-10-08') AS days,"
                    + " (FROM (SELECT c FROM checkpoint_report c)) AS report, (SELECT list(n ORDER BY note) FROM notes"
                    + " n) AS notes";
        SoakFixture soak = soak();
        soak.round(7 * PER_DAY - 1, r -> r.recoveries(1, 0));
        String before;
        try (EvidenceDatabase database = at(soak, closed, 7)) {
            before = database.query(all).toString();
            assertEquals("PASS", verdicts(database).get("VAL12-06"));
        }
        soak.round(7 * PER_DAY - 1, r -> soak.round(7 * PER_DAY, s -> s.refutes(r, r.recoveredPlan(1))));
        try (EvidenceDatabase database = at(soak, closed, 7)) {
            assertEquals(before, database.query(all).toString());
        }
        try (EvidenceDatabase database = at(soak, soak.end(), null)) {
            assertEquals("PASS", verdicts(database).get("VAL12-06"), "as the checkpoint of day 7 said");
            assertEquals("FAIL", verdicts(database).get("VAL12-10"));
        }
    }

    @Test
    void a_round_that_began_at_as_of_or_later_refutes_nothing_yet() {
        SoakFixture soak = refuted(soak(), 30, 31);
        try (EvidenceDatabase database = at(soak, soak.slotStart(31), null)) {
            assertEquals(0L, Databases.one(database, "SELECT recoveries_refuted FROM final_report"));
        }
        try (EvidenceDatabase database = at(soak, soak.slotStart(31).plusSeconds(1), null)) {
            assertEquals(1L, Databases.one(database, "SELECT recoveries_refuted FROM final_report"));
        }
    }

    @Test
    void an_interrupted_round_refutes_by_its_refuted_txt_and_one_outside_the_soak_not_at_all() {
        SoakFixture soak = refuted(soak(), 30, 31);
        soak.round(31, FixtureRound::interrupted);
        soak.roundAt(-3600, r -> r.recoveries(1, 0));
        // which counts nowhere, and so neither does what became of it
        soak.roundAt(-3600, r -> soak.round(40, s -> s.refutes(r, r.recoveredPlan(1))));
        soak.roundAt(10L * 86_400 + 60, r -> soak.round(9 * PER_DAY, s -> r.refutes(s, s.recoveredPlan(1))));
        try (EvidenceDatabase database = at(soak, soak.end().plusSeconds(86_400), null)) {
            assertEquals(1L, Databases.one(database, "SELECT recoveries_refuted FROM final_report"));
        }
    }

    /** The folder of the round that recovered is gone, and no recovery before that counts: there is no rate to draw. */
    @Test
    void a_recovery_is_refuted_before_any_that_counts_and_every_report_is_made() throws Exception {
        SoakFixture soak = refuted(
                SoakFixture.in(folder).days(10).interval(INTERVAL).drillEvery(0).rounds(0, 10 * PER_DAY), 3, 4);
        soak.missed(3).round(5 * PER_DAY, r -> r.recoveries(1, 0)).write();
        for (List<String> asked :
                List.of(List.of("daily", "--date", "2026-10-01"), List.of("checkpoint"), List.of("final"))) {
            List<String> arguments = new ArrayList<>(List.of("--type"));
            arguments.addAll(asked);
            Reports.Ran ran = Reports.run("2026-10-12T00:00:00Z", folder, arguments.toArray(new String[0]));
            assertEquals(Exit.BAD, ran.exit(), ran.err());
        }
        try (EvidenceDatabase database = at(soak, soak.end(), null)) {
            assertEquals(
                    List.of(Map.of("round_id", "2026-10-06/round-000000", "ok", 0L, "attempts", 1L, "rate", 0.0)),
                    database.query("SELECT round_id, ok, attempts, rate FROM recovery_page"));
        }
    }

    @Test
    void of_one_plan_recovered_in_1437_rounds_without_moving_only_the_last_recovery_holds() {
        SoakFixture soak = SoakFixture.in(folder).drillEvery(0).rounds(0, 1440);
        FixtureRound[] last = new FixtureRound[1];
        for (long slot = 3; slot < 1440; slot++) {
            soak.round(slot, r -> {
                r.recoveries(1, 0).raw("recovery.txt", "soak-1790812800-01 exit=0 ms=2\n");
                if (last[0] != null) {
                    r.refutes(last[0], "soak-1790812800-01");
                }
                last[0] = r;
            });
        }
        try (EvidenceDatabase database = at(soak, soak.end(), null)) {
            Map<String, Object> report = database.query("FROM final_report").get(0);
            assertEquals(1437L, report.get("total_recovery_attempts"));
            assertEquals(1436L, report.get("recoveries_refuted"));
            assertEquals(1.0 / 1437, report.get("agg_rollback_rate"));
            assertEquals(1.0, report.get("rollback_rate_by_exit_code"));
            assertEquals("FAIL", Databases.one(database, "SELECT verdict FROM checks WHERE id = 'VAL12-10'"));
            assertTrue((boolean) Databases.one(database, "SELECT min(daily_rollback_rate) >= 0 FROM daily"));
        }
    }
}
