import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How sure a figure is: intervals against published tables, and what no number of rounds can show. */
@Tag("slow")
class ConfidenceTest {
    @TempDir
    Path scratch;

    private SoakFixture month() {
        return SoakFixture.in(scratch.resolve("month")).interval(3600);
    }

    @Test
    void clopper_pearson_agrees_with_the_published_tables_and_with_the_closed_form() {
        // As statisticians' tables and the manuals of statistics programs give them.
        double[][] known = {
            {0, 10, 0, 0.308497},
            {1, 10, 0.002529, 0.445016},
            {5, 10, 0.187086, 0.812914},
            {10, 10, 0.691503, 1},
            {15, 20, 0.508954, 0.913429},
            {7, 50, 0.058192, 0.267396},
            {682, 925, 0.707668, 0.765407}
        };
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < known.length; i++) {
            columns.append(String.format(
                    java.util.Locale.ROOT,
                    "clopper_pearson_low(%1$d, %2$d) AS low%3$d, clopper_pearson_high(%1$d, %2$d) AS high%3$d, ",
                    (int) known[i][0],
                    (int) known[i][1],
                    i));
        }
        Map<String, Object> row = Databases.row(
                month(),
                "SELECT " + columns
                        + "clopper_pearson_high(0, 14400) AS none_failed, clopper_pearson_low(77, 77) AS none_passed,"
                        + " clopper_pearson_low(0, 0) AS nothing");
        for (int i = 0; i < known.length; i++) {
            assertEquals(
                    known[i][2], (Double) row.get("low" + i), 1e-6, "low of " + known[i][0] + " in " + known[i][1]);
            assertEquals(
                    known[i][3], (Double) row.get("high" + i), 1e-6, "high of " + known[i][0] + " in " + known[i][1]);
        }
        assertEquals(1 - Math.pow(0.025, 1.0 / 14400), (Double) row.get("none_failed"), 1e-12);
        assertEquals(Math.pow(0.025, 1.0 / 77), (Double) row.get("none_passed"), 1e-12);
        assertNull(row.get("nothing"));
    }

    @Test
    void so_many_trials_show_the_target() {
        assertEquals(
                Map.of("shown", List.of(299L, 473L, 628L, 773L, 913L, 1049L)),
                Databases.row(
                        month(),
                        "SELECT list(trials_that_show(f, 0.99::DOUBLE) ORDER BY f) AS shown FROM range(6) r(f)"));
        Map<String, Object> row = Databases.row(
                month(), "SELECT trials_that_show(0, 0.999::DOUBLE) AS shown, trials_that_show(0, 1::DOUBLE) AS never");
        assertEquals(2995L, row.get("shown"));
        assertNull(row.get("never"));
    }

    @Test
    void order_statistics_bound_a_99th_percentile_from_368_values_on() {
        // One-sided 95 %: the j-th smallest of n, j = 479, 3337 and 14276, is the (n + 1 - j)-th largest.
        assertEquals(
                Map.of("places", List.of(480L + 1 - 479, 3360L + 1 - 3337, 14400L + 1 - 14276)),
                Databases.row(
                        month(),
                        "SELECT [binomial_rank(480, 0.01::DOUBLE, 0.05), binomial_rank(3360, 0.01::DOUBLE, 0.05),"
                                + " binomial_rank(14400, 0.01::DOUBLE, 0.05)] AS places"));
        Map<String, Object> row = Databases.row(
                month(),
                "SELECT p99_high_place(367) AS few, p99_high_place(368) AS enough, p99_low_place(10) AS low,"
                        + " p99_low_place(1) AS one");
        assertNull(row.get("few"));
        assertEquals(1L, row.get("enough"));
        assertEquals(2L, row.get("low")); // P(the second largest of ten is beyond the 99th percentile) = 0.0043
        assertEquals(1L, row.get("one")); // it is beyond the 99th percentile in 1 % of cases
    }

    @Test
    void a_latencys_interval_holds_values_that_were_measured() {
        SoakFixture soak = month().rounds(0, 40);
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(40), false, null))) {
            Map<String, Object> row =
                    database.query("FROM margins WHERE id = 'C3'").get(0);
            List<Map<String, Object>> sorted =
                    database.query("SELECT latency_ms FROM creates WHERE counted ORDER BY latency_ms DESC");
            assertEquals(400, sorted.size());
            assertEquals(sorted.get(0).get("latency_ms"), row.get("confidence_high"));
            assertEquals(sorted.get(4).get("latency_ms"), row.get("estimate"));
            // P(X <= 8) = 0.9795 for X of Binomial(400, 0.01), P(X <= 7) = 0.9496
            assertEquals(sorted.get(8).get("latency_ms"), row.get("confidence_low"));
            assertTrue(
                    ((String) row.get("confidence_text"))
                            .endsWith("0 of 40 rounds above 500 ms: 95 % confidence interval 0.00 to 8.81 %,"
                                    + " assuming independent rounds"),
                    row.toString());
        }
    }

    @Test
    void what_no_round_can_show_any_more_is_said_so_and_not_as_more_rounds() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("whole"))
                .rounds(0, 1440)
                .each(r -> r.recoveries(r.at.getEpochSecond() % 86400 == 0 ? 1 : 0, 0));
        Margins ended = Margins.of(soak, soak.end());
        assertTrue(
                ended.confidence("VAL12-08")
                        .endsWith(
                                " from 1440 rounds, assuming independent rounds; 99.9 % cannot be demonstrated at 95 %"
                                        + " confidence (one-sided): that needs 2995 rounds without a failure; the soak"
                                        + " has 1440"),
                ended.confidence("VAL12-08"));
        assertTrue(
                ended.confidence("VAL12-10")
                        .endsWith("0.990 cannot be demonstrated at 95 % confidence (one-sided): that needs 299"
                                + " recoveries without a failure; there are 30"),
                ended.confidence("VAL12-10"));
        Margins running = Margins.of(soak, soak.slotStart(100));
        assertTrue(
                running.confidence("C4")
                        .endsWith("99.9 % cannot be demonstrated at 95 % confidence (one-sided): that needs 2995 slots"
                                + " without a failure; the soak has 1440"),
                running.confidence("C4"));
        assertTrue(
                running.confidence("VAL12-10")
                        .endsWith("; 296 more recoveries without a failure would demonstrate 0.990 at 95 % confidence"
                                + " (one-sided)"),
                running.confidence("VAL12-10"));
    }

    @Test
    void rounds_that_fail_together_are_worth_fewer_and_the_interval_says_so() {
        SoakFixture one =
                SoakFixture.in(scratch.resolve("together")).interval(3600).rounds(0, 720);
        SoakFixture other =
                SoakFixture.in(scratch.resolve("apart")).interval(3600).rounds(0, 720);
        for (int i = 0; i < 12; i++) {
            one.round(100 + i, r -> r.failed()); // an outage of half a day
            other.round(30 + 55 * i, r -> r.failed());
        }
        Map<String, Object> together = Margins.of(one, one.end()).margins().get("VAL12-08");
        Map<String, Object> apart = Margins.of(other, other.end()).margins().get("VAL12-08");
        assertEquals(together.get("estimate"), apart.get("estimate"));
        assertEquals("independent days", together.get("confidence_assumes"));
        assertTrue(
                (Double) together.get("confidence_low") < (Double) apart.get("confidence_low") - 3,
                together + " against " + apart);
        assertTrue(
                ((String) together.get("confidence_text"))
                        .contains(" from 720 rounds, assuming independent days (equivalent to "),
                together.toString());
    }
}
