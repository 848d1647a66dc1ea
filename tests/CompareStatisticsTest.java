import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The comparison's methods against values that were published, or that a page of paper gives. */
@Tag("slow")
class CompareStatisticsTest {
    private static final int DAY = 86_400;

    private static double asked(String expression) {
        try (ComparedSoaks soaks =
                ComparedSoaks.of(DAY, List.of(new ComparedSoaks.Row(0)), List.of(new ComparedSoaks.Row(0)))) {
            return ((Number) soaks.query("SELECT CAST(" + expression + " AS DOUBLE) AS x")
                            .get(0)
                            .get("x"))
                    .doubleValue();
        }
    }

    /** A day for each value: one round a day, so that a day's median is the value. */
    private static List<ComparedSoaks.Row> days(double... p99) {
        List<ComparedSoaks.Row> rows = new ArrayList<>();
        for (int i = 0; i < p99.length; i++) {
            rows.add(new ComparedSoaks.Row(i).latency(1, p99[i]));
        }
        return rows;
    }

    /** A bin of plan counts for each value: four rounds a bin, which is the fewest, with the value in all of them. */
    private static List<ComparedSoaks.Row> bins(double... p99) {
        List<ComparedSoaks.Row> rows = new ArrayList<>();
        for (int i = 0; i < 4 * p99.length; i++) {
            rows.add(new ComparedSoaks.Row(i).plans(i + 1).latency(1, p99[i / 4]));
        }
        return rows;
    }

    /**
     * Fisher, The Design of Experiments (1935), the lady tasting tea: 3 of 4 right gives 17/70 on one side, 34/70 on
     * both.
     */
    @Test
    void the_lady_tasting_tea() {
        assertEquals(34 / 70.0, asked("fisher_p(3, 4, 1, 4)"), 1e-12);
        assertEquals(2 / 70.0, asked("fisher_p(4, 4, 0, 4)"), 1e-12);
        assertEquals(1, asked("fisher_p(0, 1440, 0, 1440)"), 1e-9);
    }

    /**
     * Agresti, Categorical Data Analysis: convictions of like-sex twins of criminals, 10 of 12 against 2 of 15
     * (Fisher's own data).
     */
    @Test
    void fishers_twins() {
        // The tables with these margins that are no likelier: k = 10, 11, 12 above, and 0 below.
        double[] choose15 = {1, 15, 105};
        double whole = 17_383_860; // C(27, 12)
        double p = (66 * choose15[2] + 12 * choose15[1] + 1)
                / whole; // C(12,10)C(15,2) + C(12,11)C(15,1) + C(12,12)C(15,0)
        double other = 455 / whole; // k = 0: C(12,0)C(15,12)
        assertEquals(p + other, asked("fisher_p(10, 12, 2, 15)"), 1e-12);
    }

    @Test
    void fisher_holds_for_the_counts_of_a_whole_soak() {
        // 0 of n against 12 of n: twice C(n,12)/C(2n,12).
        double p = 2;
        for (int i = 0; i < 12; i++) {
            p *= (1440.0 - i) / (2880 - i);
        }
        assertEquals(p, asked("fisher_p(0, 1440, 12, 1440)"), 1e-12);
        assertEquals(p, asked("fisher_p(12, 1440, 0, 1440)"), 1e-12);
    }

    /**
     * Newcombe, Statistics in Medicine 17 (1998), table II, example (a): 56/70 and 48/80, method 10 gives 0.0524 to
     * 0.3339.
     */
    @Test
    void newcombes_example() {
        assertEquals(-0.3339, asked("newcombe_low(56 / 70.0, 70, 48 / 80.0, 80)"), 5e-5);
        assertEquals(-0.0524, asked("newcombe_high(56 / 70.0, 70, 48 / 80.0, 80)"), 5e-5);
        // Example (h), 10/10 and 0/10: 0.6075 to 1.
        assertEquals(0.6075, asked("newcombe_low(0 / 10.0, 10, 10 / 10.0, 10)"), 5e-5);
        assertEquals(1.0, asked("newcombe_high(0 / 10.0, 10, 10 / 10.0, 10)"), 1e-9);
    }

    /**
     * A shift of one number in every block: what is left beside the lines is no difference, and the test is Student's
     * with what days are worth.
     */
    @Test
    void a_level_is_tested_by_the_mean_beside_a_line_and_by_how_far_its_values_resemble_each_other() {
        double[] one = {5, 9, 4, 8, 3, 9, 2, 8, 5, 7, 4, 9};
        double[] two = {6, 11, 8, 9, 6, 12, 4, 11, 6, 12, 5, 13};
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(one), days(two))) {
            Lines lines = new Lines(one, two);
            String figure = "p99_ms_per_round";
            assertEquals(
                    lines.k,
                    soaks.number(figure, "variance_inflation"),
                    1e-9,
                    soaks.figure(figure).toString());
            assertEquals(lines.difference, soaks.number(figure, "difference"), 1e-9);
            double t = TDistribution.of(lines.df).inverseSurvivalProbability(0.025);
            assertEquals(lines.difference - t * lines.se, soaks.number(figure, "interval_low"), 1e-8);
            assertEquals(lines.difference + t * lines.se, soaks.number(figure, "interval_high"), 1e-8);
            assertEquals(
                    2 * TDistribution.of(lines.df).survivalProbability(Math.abs(lines.difference) / lines.se),
                    soaks.number(figure, "p_value"),
                    1e-10);
        }
    }

    /**
     * The comparison's arithmetic once more, by hand: residuals beside a straight line each, their autocorrelation
     * together, Welch's degrees.
     */
    private static final class Lines {
        final double k;
        final double df;
        final double se;
        final double difference;

        Lines(double[] one, double[] two) {
            double[] difference = new double[one.length];
            for (int i = 0; i < one.length; i++) {
                difference[i] = two[i] - one[i];
            }
            double[] first = rest(one);
            double[] second = rest(two);
            double[] both = rest(difference);
            int n = one.length;
            boolean isShared = product(both, 0) < 0.5 * (product(first, 0) + product(second, 0));
            double r = isShared
                    ? product(both, 1) / product(both, 0)
                    : (product(first, 1) + product(second, 1)) / (product(first, 0) + product(second, 0));
            double unbiased = Math.max(0, Math.min(0.95, (r + 2.0 / n) / (1 - 4.0 / n)));
            double upper =
                    Math.min(0.95, unbiased + 0.5 * Math.sqrt((1 - unbiased * unbiased) / (isShared ? n : 2 * n)));
            k = (1 + upper) / (1 - upper);
            double own = n / k - 2;
            double v1 = product(first, 0) / n / own;
            double v2 = product(second, 0) / n / own;
            se = Math.sqrt(isShared ? product(both, 0) / n / own : v1 + v2);
            df = isShared ? own : (v1 + v2) * (v1 + v2) / ((v1 * v1 + v2 * v2) / own);
            this.difference = java.util.Arrays.stream(difference).average().orElseThrow();
        }

        private static double product(double[] e, int lag) {
            double sum = 0;
            for (int i = lag; i < e.length; i++) {
                sum += e[i] * e[i - lag];
            }
            return sum;
        }

        private static double[] rest(double[] y) {
            double mean = java.util.Arrays.stream(y).average().orElseThrow();
            double middle = (y.length - 1) / 2.0;
            double sxx = 0;
            double sxy = 0;
            for (int i = 0; i < y.length; i++) {
                sxx += (i - middle) * (i - middle);
                sxy += (i - middle) * y[i];
            }
            double[] rest = new double[y.length];
            for (int i = 0; i < y.length; i++) {
                rest[i] = y[i] - mean - sxy / sxx * (i - middle);
            }
            return rest;
        }
    }

    @Test
    void what_a_store_does_at_a_certain_size_in_both_soaks_is_no_noise_of_their_difference() {
        double[] one = new double[20];
        double[] two = new double[20];
        for (int i = 0; i < 20; i++) {
            one[i] = 100 + 1000.0 / (i + 1) + (i % 2);
            two[i] = one[i] + 5 + (i % 3) * 0.1;
        }
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY / 4, bins(one), bins(two))) {
            assertEquals(
                    "worse",
                    soaks.figure("p99_ms_at_equal_plans").get("result"),
                    soaks.figure("p99_ms_at_equal_plans").toString());
        }
    }

    @Test
    void a_difference_of_slopes_is_told_per_thousand_plans() {
        double[] slow = new double[10];
        double[] steep = new double[10];
        for (int i = 0; i < 10; i++) {
            double x = 4 * i + 2.5; // the median plan count of bin i
            slow[i] = 10 + 0.1 * x;
            steep[i] = 10 + 0.3 * x;
        }
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY / 4, bins(slow), bins(steep))) {
            String figure = "p99_ms_per_1000_plans";
            assertEquals(100, soaks.number(figure, "baseline"), 1e-6);
            assertEquals(300, soaks.number(figure, "this"), 1e-6);
            assertEquals(200, soaks.number(figure, "difference"), 1e-6);
            assertEquals(200, soaks.number(figure, "interval_low"), 1e-6);
            assertEquals(200, soaks.number(figure, "interval_high"), 1e-6);
            assertEquals("worse", soaks.figure(figure).get("result"));
        }
    }

    /** A month of rounds every six hours, whose memory is what the function of the slot says. */
    private static List<ComparedSoaks.Row> memory(
            java.util.function.LongUnaryOperator rss, java.util.function.LongPredicate restarted) {
        List<ComparedSoaks.Row> rows = new ArrayList<>();
        for (long slot = 0; slot < 240; slot++) {
            ComparedSoaks.Row row = new ComparedSoaks.Row(slot).plans(10 * slot + 10);
            row.rss = rss.applyAsLong(slot);
            row.restarted = restarted.test(slot);
            rows.add(row);
        }
        return rows;
    }

    @Test
    void a_leak_is_found_beside_memory_that_never_changes_though_the_process_is_started_anew() {
        for (long lives : new long[] {12, 40, 240}) { // slots of three hours
            try (ComparedSoaks soaks = ComparedSoaks.of(
                    DAY / 8,
                    memory(slot -> 90_000_000, slot -> false),
                    memory(slot -> 90_000_000 + slot % lives * 20_000_000, slot -> slot > 0 && slot % lives == 0))) {
                assertEquals(
                        "worse",
                        soaks.figure("cp_rss_bytes_within_lives_per_1000_plans").get("result"),
                        lives + ": " + soaks.figure("cp_rss_bytes_within_lives_per_1000_plans"));
                assertEquals(
                        2e9,
                        soaks.number("cp_rss_bytes_within_lives_per_1000_plans", "difference"),
                        1,
                        "20 MB in a round of 10 plans");
                assertEquals(
                        "worse",
                        soaks.figure("cp_rss_bytes_at_equal_plans").get("result"),
                        lives + ": " + soaks.figure("cp_rss_bytes_at_equal_plans"));
            }
        }
    }

    @Test
    void a_soak_that_never_varies_does_not_hide_how_its_other_does() {
        double[] flat = new double[24];
        double[] wave = new double[24];
        for (int i = 0; i < 24; i++) {
            flat[i] = 10;
            wave[i] = 10 + Math.sin(i / 4.0) * 3;
        }
        for (List<List<ComparedSoaks.Row>> pair :
                List.of(List.of(days(flat), days(wave)), List.of(days(wave), days(flat)))) {
            try (ComparedSoaks soaks = ComparedSoaks.of(DAY, pair.get(0), pair.get(1))) {
                assertTrue(
                        soaks.number("p99_ms_per_round", "variance_inflation") > 6,
                        soaks.figure("p99_ms_per_round").toString());
            }
        }
    }

    @Test
    void where_values_resemble_each_other_so_that_no_difference_could_be_told_none_is_called_noise() {
        double[] slow = new double[10];
        double[] other = new double[10];
        for (int i = 0; i < 10; i++) {
            slow[i] = 10 + Math.sin(i / 2.0);
            other[i] = 90 + Math.cos(i / 2.0);
        }
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(slow), days(other))) {
            assertEquals("not told", soaks.figure("p99_ms_per_round").get("result"));
            assertEquals(
                    "its values resemble each other: 10 are worth fewer than 3",
                    soaks.figure("p99_ms_per_round").get("reason"));
            assertNull(soaks.figure("p99_ms_per_round").get("p_value"));
        }
    }

    @Test
    void failures_on_too_few_blocks_or_with_no_power_at_all_are_not_told() {
        List<ComparedSoaks.Row> daily = days(new double[20]);
        List<ComparedSoaks.Row> once = days(new double[20]);
        for (ComparedSoaks.Row row : daily) {
            row.recoveryOk = 1;
        }
        once.get(3).recoveryOk = 30; // all of this soak's recoveries in a single block
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, daily, once)) {
            assertEquals("not told", soaks.figure("rollback_rate_pct").get("result"));
            assertEquals("too short", soaks.figure("rollback_rate_pct").get("reason"));
        }
        // Outages of 20 rounds leave of 40 rounds a soak no more than two: not even failures throughout would be told
        // from none.
        List<ComparedSoaks.Row> hours = new ArrayList<>();
        List<ComparedSoaks.Row> others = new ArrayList<>();
        for (int slot = 0; slot < 40; slot++) {
            hours.add(slot < 20 ? new ComparedSoaks.Row(slot).unhealthy() : new ComparedSoaks.Row(slot));
            others.add(slot >= 20 ? new ComparedSoaks.Row(slot).unhealthy() : new ComparedSoaks.Row(slot));
        }
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY / 20, hours, others)) {
            Map<String, Object> figure = soaks.figure("uptime_pct");
            assertEquals("not told", figure.get("result"), figure.toString());
            assertNull(figure.get("smallest_shown"));
            assertTrue(((String) figure.get("reason")).startsWith("too few rounds: "), figure.toString());
        }
    }

    @Test
    void what_is_within_noise_says_from_where_on_it_would_not_be() {
        double[] one = new double[24];
        double[] two = new double[24];
        java.util.Random random = new java.util.Random(3);
        for (int i = 0; i < 24; i++) {
            one[i] = 20 + random.nextGaussian();
            two[i] = 20 + random.nextGaussian();
        }
        double shown;
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(one), days(two))) {
            assertEquals("within noise", soaks.figure("p99_ms_per_round").get("result"));
            assertEquals(
                    0L,
                    soaks.query("SELECT count(*) AS n FROM compared_figures WHERE result = 'within noise' AND"
                                    + " smallest_shown IS NULL AND method NOT LIKE 'none%'")
                            .get(0)
                            .get("n"));
            shown = soaks.number("p99_ms_per_round", "smallest_shown") - soaks.number("p99_ms_per_round", "difference");
        }
        for (double factor : new double[] {0.999, 1.001}) {
            double[] moved = two.clone();
            for (int i = 0; i < 24; i++) {
                moved[i] += shown + (factor - 1) * 20;
            }
            try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(one), days(moved))) {
                assertEquals(
                        factor > 1 ? "worse" : "within noise",
                        soaks.figure("p99_ms_per_round").get("result"),
                        soaks.figure("p99_ms_per_round").toString());
            }
        }
    }

    /** The smallest difference that would have had the word has it, and the next smaller one does not. */
    @Test
    void the_smallest_share_that_is_shown_is_shown_and_one_failure_fewer_is_not() {
        List<ComparedSoaks.Row> clean = days(new double[200]);
        long bad;
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, clean, days(new double[200]))) {
            assertEquals("within noise", soaks.figure("uptime_pct").get("result"));
            bad = Math.round(soaks.number("uptime_pct", "smallest_shown") / 100 * 200);
        }
        for (long failed : new long[] {bad - 1, bad}) {
            List<ComparedSoaks.Row> other = days(new double[200]);
            for (int i = 0; i < failed; i++) {
                other.get(i * 200 / (int) failed).healthy =
                        false; // spread, so that they are independent; no missed slot, but slots fail with them
                other.get(i * 200 / (int) failed).scanned = true;
            }
            try (ComparedSoaks soaks = ComparedSoaks.of(DAY, clean, other)) {
                double level =
                        0.04 / ((Number) soaks.query("FROM comparison").get(0).get("tested")).doubleValue();
                assertEquals(
                        failed == bad,
                        soaks.number("uptime_pct", "p_value") < 0.04 / 3,
                        failed + ": " + soaks.figure("uptime_pct") + " " + level);
            }
        }
    }

    /**
     * Holm, Scandinavian Journal of Statistics 6 (1979): the smallest of m is multiplied by m, the next by m - 1, never
     * falling.
     */
    @Test
    void holms_correction_over_all_figures_that_were_tested() {
        try (ComparedSoaks soaks = ComparedSoaks.of(
                DAY, days(1, 8, 2, 7, 3, 6, 4, 5, 3, 6, 2, 8), days(11, 18, 12, 17, 13, 16, 14, 5, 13, 16, 12, 11))) {
            List<Map<String, Object>> tested = soaks.query(
                    "SELECT p_value, p_holm FROM compared_figures WHERE p_value IS NOT NULL ORDER BY p_value");
            double before = 0;
            for (int i = 0; i < tested.size(); i++) {
                double expected = Math.min(
                        1,
                        Math.max(
                                before,
                                (tested.size() - i) * (Double) tested.get(i).get("p_value")));
                assertEquals(expected, (Double) tested.get(i).get("p_holm"), 1e-12);
                before = expected;
            }
            assertEquals(
                    (long) tested.size(), soaks.query("FROM comparison").get(0).get("tested"));
            assertTrue(tested.size() >= 2, "one test is no family");
        }
    }

    @Test
    void what_cannot_differ_costs_the_other_figures_nothing() {
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(1, 8, 2, 7, 3, 6, 4, 5), days(1, 8, 2, 7, 3, 6, 4, 5))) {
            assertNull(soaks.figure("uptime_pct").get("p_value"), "all healthy in both");
            assertEquals("within noise", soaks.figure("uptime_pct").get("result"));
            assertEquals("not told", soaks.figure("rollback_rate_pct").get("result"));
            assertEquals(
                    "no recoveries in either", soaks.figure("rollback_rate_pct").get("reason"));
        }
    }

    @Test
    void soaks_in_which_nothing_ever_varies_do_not_differ() {
        try (ComparedSoaks soaks = ComparedSoaks.of(
                DAY / 4, bins(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7), bins(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7))) {
            for (String figure : List.of("p99_ms_per_round", "p99_ms_at_equal_plans", "p99_ms_per_1000_plans")) {
                assertEquals(1, soaks.number(figure, "p_value"), 1e-12, figure);
                assertEquals(0, soaks.number(figure, "difference"), 1e-12, figure);
                assertEquals("within noise", soaks.figure(figure).get("result"), figure);
            }
        }
    }

    @Test
    void a_lost_plan_is_never_noise() {
        List<ComparedSoaks.Row> lossy = days(1, 8, 2, 7, 3, 6, 4, 5);
        lossy.get(3).lost = 1;
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(1, 8, 2, 7, 3, 6, 4, 5), lossy)) {
            assertEquals("worse", soaks.figure("lost_plans").get("result"));
        }
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, lossy, days(1, 8, 2, 7, 3, 6, 4, 5))) {
            assertEquals("better", soaks.figure("lost_plans").get("result"));
        }
    }

    @Test
    void autocorrelation_inflates_the_variance_by_what_it_may_be_and_not_by_what_few_values_show() {
        // Residuals of 0 0 0 9 9 9 … beside a line have a positive lag-1 autocorrelation.
        try (ComparedSoaks soaks = ComparedSoaks.of(
                DAY, days(0, 0, 0, 9, 9, 9, 0, 0, 0, 9, 9, 9), days(1, 1, 1, 8, 8, 8, 1, 1, 1, 8, 8, 8))) {
            assertTrue(
                    soaks.number("p99_ms_per_round", "variance_inflation") > 5,
                    soaks.figure("p99_ms_per_round").toString());
        }
        double unbiased = (0.4 + 2 / 30.0) / (1 - 4 / 30.0);
        assertEquals(
                unbiased + 0.5 * Math.sqrt((1 - unbiased * unbiased) / 60),
                asked("reckoned_autocorrelation(0.4, 30, 60)"),
                1e-12);
        assertEquals(0.5 * Math.sqrt(1 / 60.0), asked("reckoned_autocorrelation(-0.5, 30, 60)"), 1e-12);
        assertEquals(3, asked("inflation(0.5)"), 1e-12);
        assertEquals(0.95, asked("reckoned_autocorrelation(0.999, 30, 60)"), 1e-12);
        assertEquals(0.95, asked("reckoned_autocorrelation(0.1, 4, 8)"), 1e-12);
    }
}
