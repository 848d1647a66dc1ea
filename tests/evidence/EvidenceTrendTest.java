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

/**
 * Theil-Sen and Mann-Kendall against small vectors worked out by hand; the p-value against the textbook's matrices
 * ({@link TrendReference}).
 */
@Tag("slow")
class EvidenceTrendTest {
    @TempDir
    Path folder;

    /**
     * A soak of eight days, a round every 6 hours for each value, so that a point is a round; NaN leaves the field out.
     * Plans: 10, 20, 30 … A latency is above the raw files' 6 ms, or these would count.
     */
    private EvidenceDatabase soak(String field, double... values) {
        long[] plans = new long[values.length];
        for (int i = 0; i < plans.length; i++) {
            plans[i] = 10L * (i + 1);
        }
        return soak(field, plans, values);
    }

    private EvidenceDatabase soak(String field, long[] plans, double... values) {
        SoakFixture soak = SoakFixture.in(folder).days(8).interval(21600);
        for (int i = 0; i < values.length; i++) {
            int at = i;
            soak.round(i, r -> {
                r.planCount(plans[at]);
                if (Double.isNaN(values[at])) {
                    r.without(field);
                } else {
                    r.set(field, values[at]);
                }
            });
        }
        return EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null));
    }

    private static Map<String, Object> trend(EvidenceDatabase database, String series) {
        return database.query("SELECT * FROM trends WHERE series = ?", series).get(0);
    }

    private static double number(Map<String, Object> row, String column) {
        return ((Number) row.get(column)).doubleValue();
    }

    @Test
    void a_monotone_series_has_every_pair_on_its_side() {
        // y = 100 + 0.6 x: 45 pairs agree; Var = 10·9·25/18 = 125; Z = 44/sqrt(125).
        try (EvidenceDatabase database = soak("p99_ms", 106, 112, 118, 124, 130, 136, 142, 148, 154, 160)) {
            Map<String, Object> row = trend(database, "p99_ms");
            assertEquals(10L, row.get("n"));
            assertEquals(45L, row.get("mann_kendall_s"));
            assertEquals(125.0, number(row, "mann_kendall_var"), 1e-9);
            assertEquals(44 / Math.sqrt(125), number(row, "mann_kendall_z"), 1e-12);
            assertEquals(0.0, number(row, "p_value"), "nothing is left beside the line");
            assertNull(row.get("autocorrelation"));
            assertNull(row.get("lives"), "latency does not begin anew with the process");
            assertEquals(600.0, number(row, "slope_per_1000_plans"), 1e-9);
            assertEquals(100.0, number(row, "intercept"), 1e-9);
            assertEquals(500.0, number(row, "target"));
            assertEquals(400 / 0.6, number(row, "reached_at_plan_count"), 1e-6);
            assertEquals(400 / 0.6, number(row, "reached_at_plan_count_low"), 1e-6);
            assertEquals(400 / 0.6, number(row, "reached_at_plan_count_high"), 1e-6);
            assertEquals(
                    "+600 ms per 1,000 plans; if it continues, the first round will exceed 500 ms at about plan 666 (95"
                            + " % confidence interval 666 to 666)",
                    row.get("detail"));
            assertEquals("medians of 6 h each", row.get("basis"));
        }
    }

    @Test
    void a_falling_series_reaches_nothing() {
        try (EvidenceDatabase database = soak("p99_ms", 110, 109, 108, 107, 106, 105, 104, 103, 102, 101)) {
            Map<String, Object> row = trend(database, "p99_ms");
            assertEquals(-45L, row.get("mann_kendall_s"));
            assertEquals(-44 / Math.sqrt(125), number(row, "mann_kendall_z"), 1e-12);
            assertEquals(-100.0, number(row, "slope_per_1000_plans"), 1e-9);
            assertNull(row.get("reached_at_plan_count"));
            assertEquals("-100 ms per 1,000 plans", row.get("detail"));
        }
    }

    @Test
    void tied_values_count_for_none_and_shrink_the_variance() {
        // 101 102 102 103 103 103: of 15 pairs 1 + 3 are ties, 11 rise. Var = (6·5·17 - 2·1·9 - 3·2·11)/18 = 426/18.
        try (EvidenceDatabase database = soak("p50_ms", 101, 102, 102, 103, 103, 103)) {
            Map<String, Object> row = trend(database, "p50_ms");
            assertEquals(11L, row.get("mann_kendall_s"));
            assertEquals(426.0 / 18, number(row, "mann_kendall_var"), 1e-9);
            assertEquals(10 / Math.sqrt(426.0 / 18), number(row, "mann_kendall_z"), 1e-12);
            // The slopes, sorted, in tenths a plan: 0 0 0 0 1/4 1/3 1/3 [2/5] 1/2 1/2 1/2 1/2 2/3 1 1.
            assertEquals(40.0, number(row, "slope_per_1000_plans"), 1e-9);
            // y - x/25 - 100: 0.6 1.2 0.8 1.4 1.0 0.6
            assertEquals(100.9, number(row, "intercept"), 1e-9);
            TrendReference.Line line = TrendReference.line(
                    2, new double[] {10, 20, 30, 40, 50, 60}, new double[] {101, 102, 102, 103, 103, 103});
            assertEquals(line.autocorrelation(), number(row, "autocorrelation"), 1e-9);
            assertEquals(line.p(), number(row, "p_value"), 1e-9);
            assertTrue(row.get("detail").toString().startsWith("no trend shown (p=0."), row.toString());
            assertNull(row.get("target"));
        }
    }

    @Test
    void a_step_is_no_trend_where_the_median_slope_is_nothing() {
        // Eight at 105, four at 109: 32 pairs rise, 28 + 6 are ties. Var = (12·11·29 - 8·7·21 - 4·3·13)/18 = 2496/18.
        try (EvidenceDatabase database = soak("p99_ms", 105, 105, 105, 105, 105, 105, 105, 105, 109, 109, 109, 109)) {
            Map<String, Object> row = trend(database, "p99_ms");
            assertEquals(32L, row.get("mann_kendall_s"));
            assertEquals(2496.0 / 18, number(row, "mann_kendall_var"), 1e-9);
            assertEquals(0.0, number(row, "slope_per_1000_plans"));
            assertEquals(105.0, number(row, "intercept"));
            assertNull(row.get("reached_at_plan_count"));
            assertTrue(row.get("detail").toString().startsWith("no trend shown ("), row.toString());
        }
    }

    @Test
    void a_constant_series_has_no_trend_and_divides_by_nothing() {
        try (EvidenceDatabase database = soak("cp_open_fds", 21, 21, 21, 21, 21)) {
            Map<String, Object> row = trend(database, "cp_open_fds");
            assertEquals(0L, row.get("mann_kendall_s"));
            assertEquals(0.0, number(row, "mann_kendall_var"));
            assertEquals(0.0, number(row, "mann_kendall_z"));
            assertEquals(1.0, number(row, "p_value"));
            assertEquals(0.0, number(row, "slope_per_1000_plans"));
            assertEquals(21.0, number(row, "intercept"));
            assertEquals("no trend shown (p=1.00)", row.get("detail"));
        }
    }

    @Test
    void one_value_or_none_is_no_trend_but_not_measured() {
        try (EvidenceDatabase database = soak("p99_ms", 5, Double.NaN, Double.NaN)) {
            Map<String, Object> row = trend(database, "p50_ms");
            assertEquals(3L, row.get("n"), "the fixture's own");
            Map<String, Object> none = trend(database, "wal_bytes");
            assertEquals(0L, none.get("n"));
            for (String column : List.of(
                    "basis",
                    "slope_per_1000_plans",
                    "intercept",
                    "mann_kendall_s",
                    "mann_kendall_var",
                    "mann_kendall_z",
                    "p_value",
                    "reached_at_plan_count")) {
                assertNull(none.get(column), column);
            }
            assertEquals("n/a", none.get("detail"));
        }
    }

    @Test
    void four_points_are_too_early_to_tell() {
        try (EvidenceDatabase database = soak("p50_ms", 105, 106, 107, 108)) {
            Map<String, Object> row = trend(database, "p50_ms");
            assertEquals(6L, row.get("mann_kendall_s"));
            assertEquals(100.0, number(row, "slope_per_1000_plans"), 1e-9);
            assertNull(row.get("p_value"));
            assertEquals("not told yet (4 points of 5)", row.get("detail"));
        }
    }

    @Test
    void plans_that_do_not_grow_give_no_slope() {
        try (EvidenceDatabase database = soak("p99_ms", new long[] {10, 10, 10}, 105, 106, 107)) {
            Map<String, Object> row = trend(database, "p99_ms");
            assertEquals(0L, row.get("mann_kendall_s"));
            assertNull(row.get("slope_per_1000_plans"));
            assertNull(row.get("intercept"));
            assertEquals("n/a (plan_count did not change)", row.get("detail"));
        }
    }

    @Test
    void rounds_of_one_plan_count_are_compared_with_others_only() {
        // x 10 10 20 20, y 101 102 103 104: 4 of 6 pairs agree, 2 tie in x. Kendall's variance with ties in one axis:
        // (4·3·13 - 2·2·1·9)/18 = 120/18.
        try (EvidenceDatabase database = soak("p99_ms", new long[] {10, 10, 20, 20}, 101, 102, 103, 104)) {
            Map<String, Object> row = trend(database, "p99_ms");
            assertEquals(4L, row.get("mann_kendall_s"));
            assertEquals(120.0 / 18, number(row, "mann_kendall_var"), 1e-9);
            assertEquals(200.0, number(row, "slope_per_1000_plans"), 1e-9); // slopes 0.1 0.2 0.2 0.3
        }
    }

    @Test
    void ties_in_both_axes_have_their_own_terms_in_the_variance() {
        // x 1 1 2 2 3 (tens), y 101 101 101 102 102. Ties: x two pairs; y one triple, one pair.
        // v0 = 5·4·15 = 300; vx = 2·(2·1·9) = 36; vy = 3·2·11 + 2·1·9 = 84; (300-36-84)/18 = 10.
        // + Σt(t-1)·Σu(u-1)/(2·5·4) = 4·8/40 = 0.8; + Σt(t-1)(t-2)·Σu(u-1)(u-2)/(9·5·4·3) = 0·6/540 = 0.
        try (EvidenceDatabase database = soak("p99_ms", new long[] {10, 10, 20, 20, 30}, 101, 101, 101, 102, 102)) {
            Map<String, Object> row = trend(database, "p99_ms");
            assertEquals(10.8, number(row, "mann_kendall_var"), 1e-9);
            assertEquals(5L, row.get("mann_kendall_s")); // (10,101)(20,102) ×2, (10,101)(30,102) ×2, (20,101)(30,102)
        }
    }

    @Test
    void from_ten_days_on_a_point_is_a_days_median_and_one_wild_round_moves_nothing() {
        SoakFixture soak = SoakFixture.in(folder).days(12).interval(21600).rounds(0, 48);
        for (int i = 0; i < 48; i++) {
            int slot = i;
            soak.round(
                    i,
                    r -> r.planCount(1000L * (slot + 1)).set("p99_ms", slot % 4 == 3 ? 9000 : 100 + 0.6 * (slot + 1)));
        }
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null))) {
            Map<String, Object> row = trend(database, "p99_ms");
            assertEquals(12L, row.get("n"));
            assertEquals("medians per UTC day", row.get("basis"));
            assertEquals(66L, row.get("mann_kendall_s"));
            // A day's median plan count is 2500 + 4000 d, its median p99 100 + 0.6 (2.5 + 4 d).
            assertEquals(0.6, number(row, "slope_per_1000_plans"), 1e-9);
            assertEquals(100.0, number(row, "intercept"), 1e-9);
            assertEquals(
                    "+0.6 ms per 1,000 plans; a round first exceeded 500 ms at plan 4,000",
                    row.get("detail"),
                    "the wild one is what C3 fails by");
            assertEquals(4000.0, number(row, "reached_at_plan_count"));
            assertNull(row.get("reached_at_plan_count_low"));
        }
    }

    @Test
    void one_day_fewer_and_a_point_is_six_hours() {
        SoakFixture soak = SoakFixture.in(folder).days(12).interval(10800).rounds(0, 72);
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(72), false, null))) {
            assertEquals(36L, trend(database, "p99_ms").get("n"));
            assertEquals("medians of 6 h each", trend(database, "p99_ms").get("basis"));
        }
    }

    @Test
    void what_was_exceeded_is_said_to_be_past() {
        try (EvidenceDatabase database = soak("p99_ms", 400, 420, 440, 460, 480, 500, 520, 540, 560, 580)) {
            assertEquals(
                    "+2,000 ms per 1,000 plans; a round first exceeded 500 ms at plan 70",
                    trend(database, "p99_ms").get("detail"));
        }
    }
}
