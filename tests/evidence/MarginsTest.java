import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How near each check is to its target, in words and in figures, and what can still come. */
@Tag("slow")
class MarginsTest {
    @TempDir
    Path scratch;

    private SoakFixture month() {
        return SoakFixture.in(scratch.resolve("month")).interval(3600);
    }

    @Test
    void an_edited_target_is_no_loss_since_restoring_it_heals() {
        SoakFixture soak = month().rounds(0, 24)
                .each(r -> r.set("targets", Map.of("TARGET_P99_MS", "500", "ROUND_INTERVAL_SECONDS", "3600")))
                .set("TARGET_P99_MS", "1");
        Margins judged = Margins.of(soak, soak.slotStart(24));
        assertTrue(
                judged.margin("C3").startsWith("edited: config.env says TARGET_P99_MS=1, but the soak began with 500"),
                judged.margin("C3"));
        assertNull(judged.outlook().get("because"));
    }

    @Test
    void before_the_first_round_nothing_is_measured_and_all_can_still_pass() {
        Margins judged = Margins.of(month(), Instant.parse("2026-10-01T00:30:00Z"));
        assertEquals("not yet measured: first measured in round 1", judged.margin("VAL12-02"));
        assertEquals("not yet measured: no recovery yet", judged.margin("VAL12-10"));
        assertEquals("can still pass", judged.outlook().get("overall"));
        assertEquals(720L, judged.outlook().get("rounds_to_come"));
    }

    @Test
    void where_no_round_ever_ran_that_is_what_lost_it_and_no_unused_budget() {
        Margins judged = Margins.of(month(), Instant.parse("2027-10-01T00:00:00Z"));
        for (String id : List.of("VAL12-05", "VAL12-08")) {
            assertEquals("already lost: no round ran", judged.margin(id), id);
        }
    }

    @Test
    void a_soak_shorter_than_seven_days_has_lost_its_day_seven_from_the_start() {
        SoakFixture soak = month().days(2).rounds(0, 3);
        Margins judged = Margins.of(soak, soak.slotStart(3));
        assertEquals("already lost: a soak of 2 days has no day 7", judged.margin("VAL12-06"));
        assertEquals("already lost: a soak of 2 days has no day 7", judged.margin("VAL12-07"));
        assertNull(judged.outlook().get("lost_since_round_id"));
    }

    @Test
    void the_second_failed_round_of_a_month_loses_availability_and_is_named() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("two"))
                .rounds(0, 60)
                .round(20, r -> r.failed())
                .round(40, r -> r.restarted());
        Margins judged = Margins.of(soak, soak.slotStart(60));
        assertEquals("already lost: 2 unhealthy rounds, 1 allowed", judged.margin("VAL12-08"));
        assertEquals("2026-10-01/round-200000", judged.margins().get("VAL12-08").get("lost_since_round_id"));
        assertEquals("2026-10-01/round-200000", judged.margins().get("C4").get("lost_since_round_id"));
        assertEquals(
                "Overall is already lost since 2026-10-01/round-200000: VAL12-08 cp_availability (2 unhealthy rounds, 1"
                        + " allowed); Gate D: can still pass",
                judged.outlook().get("line"));
        assertEquals(
                "behind: 1 unhealthy round, 1 allowed",
                Margins.of(soak, soak.slotStart(40)).margin("VAL12-08"));
    }

    @Test
    void a_slot_without_a_round_that_loses_the_claim_is_named_by_its_time() {
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("missed")).rounds(0, 60).missed(20, 40);
        Margins judged = Margins.of(soak, soak.slotStart(60));
        assertEquals(
                "already lost: 2 unhealthy slots, 1 allowed; lost by the slot of 2026-10-01T20:00:00Z",
                judged.margin("C4"));
        assertNull(judged.margins().get("C4").get("lost_since_round_id"));
        assertEquals("on track: no unhealthy rounds, 1 allowed", judged.margin("VAL12-08"));
    }

    @Test
    void a_check_that_says_nothing_of_its_outlook_is_decided_by_time() throws Exception {
        List<evidence.SqlScript> scripts = new ArrayList<>(evidence.SqlScript.bundled());
        scripts.add(new evidence.SqlScript("4-checks/VAL12-99-list-pages.sql", """
            INSERT INTO check_row BY NAME
            SELECT 'VAL12-99' AS id, 'list_pages' AS name, verdict_word(max(list_pages) <= 200, false) AS verdict,
              max(list_pages) AS value, 200 AS target,
                   'pages=' || shown_count(max(list_pages)) AS detail
            FROM rounds WHERE counted;\
            """));
        SoakFixture soak = month().days(2).rounds(0, 48);
        for (var end : Map.of(soak.slotStart(10), "on track", soak.end(), "passed for good")
                .entrySet()) {
            try (EvidenceDatabase database = EvidenceDatabase.open(
                    soak.write(), new Scope(end.getKey(), false, null), evidence.SqlScript.ordered(scripts))) {
                Map<String, Object> row =
                        database.query("FROM margins WHERE id = 'VAL12-99'").get(0);
                assertEquals(end.getValue(), row.get("outlook"));
                assertTrue(((String) row.get("margin")).startsWith("pages="), row.toString());
            }
        }
    }

    @Test
    void a_rate_below_its_target_is_behind_while_it_can_still_be_reached_though_one_slot_is_left() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("one-left"))
                .interval(21600)
                .rounds(0, 119)
                .each(r -> r.recoveries(0, 0))
                .round(5, r -> r.recoveries(197, 3));
        Margins judged = Margins.of(soak, soak.slotStart(119));
        assertEquals(
                "behind: 3 of 200 recoveries failed, 100 more recoveries without a failure needed to reach 0.990",
                judged.margin("VAL12-10"));
        assertEquals("behind", judged.margins().get("C2").get("outlook"));
        assertEquals("can still pass", judged.outlook().get("gate_d"));
    }

    @Test
    void a_target_of_one_is_lost_by_the_first_failure_and_that_round_is_named() {
        SoakFixture soak = month().set("TARGET_ROLLBACK_RATE", "1")
                .rounds(0, 30)
                .each(r -> r.recoveries(2, 0))
                .round(20, r -> r.recoveries(1, 1));
        assertEquals(
                "on track: none of 40 recoveries failed, none allowed",
                Margins.of(soak, soak.slotStart(20)).margin("VAL12-10"));
        Margins judged = Margins.of(soak, soak.slotStart(30));
        for (String id : List.of("VAL12-06", "VAL12-10", "C2")) {
            assertTrue(
                    judged.margin(id).startsWith("already lost: 1 of 62 recoveries failed, none allowed"),
                    judged.margin(id));
            assertEquals("2026-10-01/round-200000", judged.margins().get(id).get("lost_since_round_id"));
            assertTrue(
                    ((String) judged.margins().get(id).get("confidence_text"))
                            .endsWith("no number of recoveries can demonstrate 1.000"),
                    judged.margins().get(id).toString());
        }
    }

    @Test
    void no_figure_and_no_target_is_rounded_to_what_it_is_not() {
        SoakFixture soak = month().set("TARGET_ROLLBACK_RATE", "0.99999")
                .set("TARGET_UPTIME_PCT", "99.999")
                .rounds(0, 30)
                .each(r -> r.recoveries(0, 0))
                .round(20, r -> r.recoveries(9999, 1));
        Map<String, Object> row = Margins.of(soak, soak.slotStart(30)).margins().get("VAL12-10");
        assertEquals(
                "1 of 10000 recoveries failed, 90000 more recoveries without a failure needed to reach 0.99999",
                row.get("margin"));
        assertTrue(((String) row.get("confidence_text")).contains("would demonstrate 0.99999 at"), row.toString());
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(30), false, null))) {
            assertEquals(
                    Map.of(
                            "v",
                            List.of("0.99990", "0.99998", "0.99999", "1.00000", "99.999", "100.000", "99.999", "n/a")),
                    database.query("SELECT [shown_rate(0.9999, true), shown_rate(0.9999899, false),"
                                    + " shown_rate(0.999998, false), shown_rate(1, false), shown_pct(99.9995,"
                                    + " false), shown_pct(100, false), shown_pct(99.9999, true), shown_pct(NULL,"
                                    + " true)] AS v")
                            .get(0));
        }
    }

    @Test
    void a_rate_by_exit_codes_that_misses_its_target_is_not_rounded_up_to_it() {
        SoakFixture soak = month().rounds(0, 30).each(r -> r.recoveries(0, 0));
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(30), false, null))) {
            assertEquals(
                    Map.of("v", ", refuted=1, by exit codes 0.989"),
                    database.query("SELECT shown_refuted(1, 0.98996::DOUBLE) AS v")
                            .get(0));
            assertEquals(
                    Map.of("v", List.of("0.999", "99.9", "0.990", "99.5")),
                    database.query("SELECT [shown_rate(0.99996, false), shown_pct(99.96, false), shown_rate(0.99,"
                                    + " false), shown_pct(99.45, false)] AS v")
                            .get(0));
        }
    }

    @Test
    void how_many_more_successes_reach_a_target_is_exact() {
        List<Map<String, Object>> rows;
        try (EvidenceDatabase database =
                EvidenceDatabase.open(month().write(), new Scope(Instant.parse("2026-10-01T00:30:00Z"), false, null))) {
            rows = database.query(
                    "SELECT n, failed, target, successes_missing(n - failed, n, target) AS missing FROM range(1, 60)"
                            + " r(n), range(0, 12) f(failed), (SELECT unnest([0.5, 0.9, 0.99, 0.995, 0.999, 0.99999,"
                            + " 1]::DECIMAL(18, 9)[]) AS target) WHERE failed <= n");
        }
        assertTrue(rows.size() > 4000);
        for (Map<String, Object> row : rows) {
            long n = (Long) row.get("n");
            long failed = (Long) row.get("failed");
            java.math.BigDecimal target =
                    new java.math.BigDecimal(row.get("target").toString());
            if (failed > 0 && target.compareTo(java.math.BigDecimal.ONE) == 0) {
                assertNull(row.get("missing"), row.toString());
                continue;
            }
            // By trial: from what the answer claims, one fewer must not do, and it must.
            long more = (Long) row.get("missing");
            assertTrue(reaches(n - failed + more, n + more, target), row.toString());
            assertTrue(more == 0 || !reaches(n - failed + more - 1, n + more - 1, target), row.toString());
        }
    }

    private static boolean reaches(long ok, long n, java.math.BigDecimal target) {
        return java.math.BigDecimal.valueOf(ok).compareTo(target.multiply(java.math.BigDecimal.valueOf(n))) >= 0;
    }

    @Test
    void what_is_left_is_said_without_riddles() {
        Map<String, Object> said = Databases.row(
                month(),
                "SELECT [shown_budget(0, 0, 'failed scans'), shown_budget(1, 0, 'failed scans'), shown_budget(0, 1,"
                    + " 'unhealthy rounds'), shown_budget(1, 1, 'unhealthy rounds'), shown_budget(2, 14, 'unhealthy"
                    + " rounds'), shown_budget(0, 0, 'lost or duplicate plans'), shown_rate_margin(0, 0, 0.99, '0.99',"
                    + " true), shown_rate_margin(1, 1, 0.99, '0.99', true), shown_rate_margin(300, 300, 0.99, '0.99',"
                    + " false), shown_rate_margin(98, 100, 0.99, '0.99', true), shown_rate_margin(98, 99, 0.99,"
                    + " '0.99', false)] AS v");
        assertEquals(
                List.of(
                        "no failed scans, none allowed",
                        "1 failed scan, none allowed",
                        "no unhealthy rounds, 1 allowed",
                        "1 unhealthy round, 1 allowed",
                        "2 unhealthy rounds, 14 allowed",
                        "no lost or duplicate plans, none allowed",
                        "no recovery ran",
                        "none of 1 recovery failed, none allowed",
                        "none of 300 recoveries failed, 3 allowed",
                        "2 of 100 recoveries failed, 1 allowed",
                        "1 of 99 recoveries failed, 1 more recovery without a failure needed to reach 0.99"),
                said.get("v"));
    }
}
