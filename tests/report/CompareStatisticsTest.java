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
    /**
     * A shift of one number in every block: what is left beside the lines is no difference, and the test is Student's
     * with what days are worth.
     */
    @Test
    void a_level_is_tested_by_the_mean_beside_a_line_and_by_how_far_its_values_resemble_each_other() {
        double[] one = {5, 9, 4, 8, 3, 9, 2, 8, 5, 7, 4, 9};
        double[] two = {6, 11, 8, 9, 6, 12, 4, 11, 6, 12, 5, 13};
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY, ComparedSoaks.days(one), ComparedSoaks.days(two))) {
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
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY / 4, ComparedSoaks.bins(one), ComparedSoaks.bins(two))) {
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
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY / 4, ComparedSoaks.bins(slow), ComparedSoaks.bins(steep))) {
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
                    ComparedSoaks.DAY / 8,
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
        for (List<List<ComparedSoaks.Row>> pair : List.of(
                List.of(ComparedSoaks.days(flat), ComparedSoaks.days(wave)),
                List.of(ComparedSoaks.days(wave), ComparedSoaks.days(flat)))) {
            try (ComparedSoaks soaks = ComparedSoaks.of(ComparedSoaks.DAY, pair.get(0), pair.get(1))) {
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
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY, ComparedSoaks.days(slow), ComparedSoaks.days(other))) {
            assertEquals("not told", soaks.figure("p99_ms_per_round").get("result"));
            assertEquals(
                    "its values resemble each other: 10 are equivalent to fewer than 3 independent ones",
                    soaks.figure("p99_ms_per_round").get("reason"));
            assertNull(soaks.figure("p99_ms_per_round").get("p_value"));
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
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY, ComparedSoaks.days(one), ComparedSoaks.days(two))) {
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
            try (ComparedSoaks soaks =
                    ComparedSoaks.of(ComparedSoaks.DAY, ComparedSoaks.days(one), ComparedSoaks.days(moved))) {
                assertEquals(
                        factor > 1 ? "worse" : "within noise",
                        soaks.figure("p99_ms_per_round").get("result"),
                        soaks.figure("p99_ms_per_round").toString());
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
                ComparedSoaks.DAY,
                ComparedSoaks.days(1, 8, 2, 7, 3, 6, 4, 5, 3, 6, 2, 8),
                ComparedSoaks.days(11, 18, 12, 17, 13, 16, 14, 5, 13, 16, 12, 11))) {
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
        try (ComparedSoaks soaks = ComparedSoaks.of(
                ComparedSoaks.DAY,
                ComparedSoaks.days(1, 8, 2, 7, 3, 6, 4, 5),
                ComparedSoaks.days(1, 8, 2, 7, 3, 6, 4, 5))) {
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
                ComparedSoaks.DAY / 4,
                ComparedSoaks.bins(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7),
                ComparedSoaks.bins(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7))) {
            for (String figure : List.of("p99_ms_per_round", "p99_ms_at_equal_plans", "p99_ms_per_1000_plans")) {
                assertEquals(1, soaks.number(figure, "p_value"), 1e-12, figure);
                assertEquals(0, soaks.number(figure, "difference"), 1e-12, figure);
                assertEquals("within noise", soaks.figure(figure).get("result"), figure);
            }
        }
    }

    @Test
    void autocorrelation_inflates_the_variance_by_what_it_may_be_and_not_by_what_few_values_show() {
        // Residuals of 0 0 0 9 9 9 … beside a line have a positive lag-1 autocorrelation.
        try (ComparedSoaks soaks = ComparedSoaks.of(
                ComparedSoaks.DAY,
                ComparedSoaks.days(0, 0, 0, 9, 9, 9, 0, 0, 0, 9, 9, 9),
                ComparedSoaks.days(1, 1, 1, 8, 8, 8, 1, 1, 1, 8, 8, 8))) {
            assertTrue(
                    soaks.number("p99_ms_per_round", "variance_inflation") > 5,
                    soaks.figure("p99_ms_per_round").toString());
        }
        double unbiased = (0.4 + 2 / 30.0) / (1 - 4 / 30.0);
        assertEquals(
                unbiased + 0.5 * Math.sqrt((1 - unbiased * unbiased) / 60),
                ComparedSoaks.asked("reckoned_autocorrelation(0.4, 30, 60)"),
                1e-12);
        assertEquals(0.5 * Math.sqrt(1 / 60.0), ComparedSoaks.asked("reckoned_autocorrelation(-0.5, 30, 60)"), 1e-12);
        assertEquals(3, ComparedSoaks.asked("inflation(0.5)"), 1e-12);
        assertEquals(0.95, ComparedSoaks.asked("reckoned_autocorrelation(0.999, 30, 60)"), 1e-12);
        assertEquals(0.95, ComparedSoaks.asked("reckoned_autocorrelation(0.1, 4, 8)"), 1e-12);
    }
}
