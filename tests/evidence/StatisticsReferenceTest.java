//DEPS org.apache.commons:commons-statistics-distribution:1.2
//DEPS org.apache.commons:commons-statistics-inference:1.2
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.apache.commons.statistics.inference.TTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every statistical macro beside Apache Commons Statistics, or, where that has no such thing (Mann and Kendall, Theil
 * and Sen, lines with dependent errors), beside a reference of brute force. The table at the end says how far they
 * differ.
 */
@Tag("slow")
class StatisticsReferenceTest {
    private static final int DAY = 86_400;
    /** Macro to its reference and the largest relative difference. */
    private static final Map<String, String> TABLE = new TreeMap<>();

    private static ComparedSoaks macros;

    @BeforeAll
    static void open() {
        macros = ComparedSoaks.of(DAY, List.of(new ComparedSoaks.Row(0)), List.of(new ComparedSoaks.Row(0)));
    }

    @AfterAll
    static void print() {
        macros.close();
        System.out.println("statistical macro | reference | largest difference");
        TABLE.forEach((macro, found) -> System.out.println(macro + " | " + found));
    }

    private interface Reference {
        double of(double... x);
    }

    /**
     * @param call the macro's call, {0} … for its arguments
     * @param most the largest relative difference that is allowed
     */
    private static void same(
            String macro, String reference, double most, String call, List<double[]> arguments, Reference expected) {
        List<String> calls = new ArrayList<>();
        for (double[] x : arguments) {
            String one = call;
            for (int i = 0; i < x.length; i++) {
                one = one.replace(
                        "{" + i + "}",
                        x[i] == Math.rint(x[i]) && Math.abs(x[i]) < 1e9
                                ? "(" + (long) x[i] + ")"
                                : "(" + x[i] + "::DOUBLE)");
            }
            calls.add("CAST(" + one + " AS DOUBLE)");
        }
        @SuppressWarnings("unchecked")
        List<Double> found = (List<Double>) macros.query("SELECT list_value(" + String.join(", ", calls) + ") AS found")
                .get(0)
                .get("found");
        double worst = 0;
        for (int i = 0; i < found.size(); i++) {
            double wanted = expected.of(arguments.get(i));
            double difference = Math.abs(found.get(i) - wanted) / Math.max(Math.abs(wanted), 1e-300);
            assertTrue(
                    difference <= most,
                    macro + " " + calls.get(i) + " = " + found.get(i) + ", " + reference + " says " + wanted);
            worst = Math.max(worst, difference);
        }
        said(macro, reference, worst, found.size());
    }

    private static void said(String macro, String reference, double worst, int n) {
        TABLE.put(macro, String.format(Locale.ROOT, "%s | %.1e (of %d)", reference, worst, n));
    }

    private static List<double[]> grid(double[]... axes) {
        List<double[]> points = new ArrayList<>(List.of(new double[0]));
        for (double[] axis : axes) {
            List<double[]> longer = new ArrayList<>();
            for (double[] point : points) {
                for (double value : axis) {
                    double[] more = java.util.Arrays.copyOf(point, point.length + 1);
                    more[point.length] = value;
                    longer.add(more);
                }
            }
            points = longer;
        }
        return points;
    }

    @Test
    void the_normal_quantile_of_a_bound_of_95_percent() {
        NormalDistribution normal = NormalDistribution.of(0, 1);
        assertEquals(
                normal.inverseCumulativeProbability(0.975),
                ((Number) macros.query("SELECT z_95() AS z").get(0).get("z")).doubleValue(),
                1e-14);
    }

    @Test
    void students_t() {
        double[] freedom = {1, 2, 3, 4, 7, 12, 28, 58.5, 118, 500};
        same(
                "student_p",
                "TDistribution",
                1e-11,
                "student_p({0}, {1})",
                grid(new double[] {0, 0.01, 0.4, 1, 1.7, 2.5, 4.6, 12, 60}, freedom),
                x -> 2 * TDistribution.of(x[1]).survivalProbability(x[0]));
        same(
                "student_quantile",
                "TDistribution",
                1e-10,
                "student_quantile({0}, {1})",
                grid(new double[] {0.5, 0.1, 0.05, 0.01, 0.001}, freedom),
                x -> TDistribution.of(x[1]).inverseSurvivalProbability(x[0] / 2));
        same(
                "beta_part",
                "BetaDistribution",
                1e-10,
                "beta_part({0}, {1}, {2})",
                grid(new double[] {0.02, 0.3, 0.5, 0.8, 0.97}, new double[] {0.5, 2.5, 14, 60}, new double[] {0.5, 3, 20
                }),
                x -> BetaDistribution.of(x[1], x[2]).cumulativeProbability(x[0]));
    }

    @Test
    void binomial_probabilities_and_the_interval_of_clopper_and_pearson() {
        double[] tries = {1, 7, 100, 368, 1440};
        List<double[]> of = new ArrayList<>();
        for (double n : tries) {
            for (double k : new double[] {0, 1, 2, 5, 14, 43}) {
                if (k <= n) {
                    of.add(new double[] {k, n});
                }
            }
        }
        List<double[]> withShare = new ArrayList<>();
        of.forEach(kn -> {
            for (double p : new double[] {0.001, 0.01, 0.2, 0.5}) {
                withShare.add(new double[] {kn[0], kn[1], p});
            }
        });
        same(
                "binomial_cdf",
                "BinomialDistribution",
                1e-9,
                "binomial_cdf({0}, {1}, {2})",
                withShare,
                x -> BinomialDistribution.of((int) x[1], x[2]).cumulativeProbability((int) x[0]));
        same(
                "clopper_pearson_low",
                "BetaDistribution",
                1e-9,
                "clopper_pearson_low({0}, {1})",
                of,
                x -> x[0] == 0 ? 0 : BetaDistribution.of(x[0], x[1] - x[0] + 1).inverseCumulativeProbability(0.025));
        same(
                "clopper_pearson_high",
                "BetaDistribution",
                1e-9,
                "clopper_pearson_high({0}, {1})",
                of,
                x -> x[0] == x[1]
                        ? 1
                        : BetaDistribution.of(x[0] + 1, x[1] - x[0]).inverseCumulativeProbability(0.975));
        same(
                "binomial_cdf, as a test",
                "BinomialTest",
                1e-9,
                "binomial_cdf({0}, {1}, 0.01::DOUBLE)",
                of,
                x -> BinomialTest.withDefaults()
                        .with(AlternativeHypothesis.LESS_THAN)
                        .test((int) x[1], (int) x[0], 0.01)
                        .getPValue());
    }

    @Test
    void the_number_of_trials_that_shows_a_share() {
        same(
                "trials_that_show",
                "BinomialDistribution, by search",
                0,
                "trials_that_show({0}, {1})",
                grid(new double[] {0, 1, 3}, new double[] {0.9, 0.99, 0.999}),
                x -> {
                    int n = (int) x[0];
                    while (BinomialDistribution.of(n, 1 - x[1]).cumulativeProbability((int) x[0]) > 0.05) {
                        n++;
                    }
                    return n;
                });
    }

    @Test
    void the_places_that_bound_a_99th_percentile() {
        double[] values = {10, 367, 368, 1000, 14_400};
        same(
                "p99_low_place",
                "BinomialDistribution",
                0,
                "p99_low_place({0})",
                grid(values),
                x -> BinomialDistribution.of((int) x[0], 0.01).inverseCumulativeProbability(0.975) + 1);
        same(
                "p99_high_place",
                "BinomialDistribution",
                0,
                "coalesce(p99_high_place({0}), 0)",
                grid(values),
                x -> BinomialDistribution.of((int) x[0], 0.01).inverseCumulativeProbability(0.025));
    }

    @Test
    void fishers_exact_test() {
        List<double[]> tables = List.of(
                new double[] {3, 4, 1, 4},
                new double[] {10, 12, 2, 15},
                new double[] {0, 1440, 12, 1440},
                new double[] {2, 700, 9, 1440},
                new double[] {5, 60, 5, 61});
        same(
                "fisher_p",
                "FisherExactTest",
                1e-8,
                "fisher_p({0}, {1}, {2}, {3})",
                tables,
                x -> FisherExactTest.withDefaults()
                        .test(new int[][] {{(int) x[0], (int) (x[1] - x[0])}, {(int) x[2], (int) (x[3] - x[2])}})
                        .getPValue());
        same(
                "hypergeometric",
                "HypergeometricDistribution",
                1e-9,
                "hypergeometric({0}, {1}, {2}, {3})",
                List.of(new double[] {3, 4, 4, 4}, new double[] {1, 100, 1340, 20}, new double[] {7, 700, 740, 12}),
                x -> HypergeometricDistribution.of((int) (x[1] + x[2]), (int) x[1], (int) x[3])
                        .probability((int) x[0]));
    }

    @Test
    void welchs_test_of_two_means() {
        List<double[]> drawn = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            double[] a = random.doubles(8 + i).toArray();
            double[] b = random.doubles(12).map(x -> 3 * x + 0.2).toArray();
            drawn.add(new double[] {
                mean(b) - mean(a), variance(a) / a.length, a.length - 1, variance(b) / b.length, b.length - 1
            });
            expected.add(TTest.withDefaults().test(a, b).getPValue());
        }
        int[] next = {0};
        same(
                "difference_p, welch_df",
                "TTest",
                1e-9,
                "difference_p({0}, sqrt({1} + {3}), welch_df({1}, {2}, {3}, {4}))",
                drawn,
                x -> expected.get(next[0]++));
    }

    private static double mean(double[] values) {
        return java.util.Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return java.util.Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / (values.length - 1);
    }

    /** A month of memory in lives of uneven length, ties and gaps among it, beside brute force over the points. */
    @Test
    void trends_with_lives() {
        Random random = new Random(9);
        double worstSlope = 0;
        double worstP = 0;
        double worstR = 0;
        int soaks = 12;
        for (int i = 0; i < soaks; i++) {
            int[] begins = {0, 40 + i, 97, 180 + 3 * i};
            List<double[]> xs = new ArrayList<>();
            List<double[]> ys = new ArrayList<>();
            double[] amount = random.doubles(240, 0, 30).map(Math::rint).toArray();
            double drift = i * 0.05;
            for (int life = 0; life < begins.length; life++) {
                int end = life + 1 < begins.length ? begins[life + 1] : 240;
                int begin = begins[life];
                xs.add(java.util.stream.IntStream.range(begin, end)
                        .mapToDouble(slot -> 10 * (slot + 1))
                        .toArray());
                ys.add(java.util.stream.IntStream.range(begin, end)
                        .mapToDouble(slot -> 100 + amount[slot] + drift * (slot - begin))
                        .toArray());
            }
            try (TrendSoak soak = TrendSoak.of(21_600, 240, round -> {
                int life = 0;
                for (int j = 0; j < begins.length; j++) {
                    life = round.slot >= begins[j] ? j : life;
                }
                round.restarted = round.slot > 0 && begins[life] == round.slot;
                round.descriptors = ys.get(life)[(int) round.slot - begins[life]];
            })) {
                Map<String, Object> row = soak.trend("cp_open_fds");
                TrendReference.Line line =
                        TrendReference.line(2, xs.toArray(new double[0][]), ys.toArray(new double[0][]));
                List<Double> slopes = new ArrayList<>();
                long s = 0;
                for (int life = 0; life < begins.length; life++) {
                    for (int a = 0; a < xs.get(life).length; a++) {
                        for (int b = a + 1; b < xs.get(life).length; b++) {
                            double rise = ys.get(life)[b] - ys.get(life)[a];
                            s += (long) Math.signum(rise);
                            slopes.add(rise / (xs.get(life)[b] - xs.get(life)[a]));
                        }
                    }
                }
                slopes.sort(null);
                int n = slopes.size();
                double median = n % 2 == 1 ? slopes.get(n / 2) : (slopes.get(n / 2 - 1) + slopes.get(n / 2)) / 2;
                assertEquals(240L, row.get("n"));
                assertEquals(4L, row.get("lives"));
                assertEquals(s, row.get("mann_kendall_s"));
                worstSlope = Math.max(
                        worstSlope,
                        Math.abs((Double) row.get("slope_per_1000_plans") - 1000 * median)
                                / Math.max(1, Math.abs(1000 * median)));
                worstP =
                        Math.max(worstP, Math.abs((Double) row.get("p_value") - line.p()) / Math.max(line.p(), 1e-300));
                worstR = Math.max(worstR, Math.abs((Double) row.get("autocorrelation") - line.autocorrelation()));
            }
        }
        assertTrue(worstSlope < 1e-9, "slopes differ by " + worstSlope);
        assertTrue(worstP < 1e-7, "p differs by " + worstP);
        assertTrue(worstR < 1e-10, "r differs by " + worstR);
        said("trends.slope_per_1000_plans", "all pairs of each life, brute force", worstSlope, soaks);
        said("trends.mann_kendall_s", "all pairs of each life, brute force", 0, soaks);
        said("trends.p_value", "whole covariance matrix and TDistribution", worstP, soaks);
        said("careful_autocorrelation", "the same", worstR, soaks);
    }
}
