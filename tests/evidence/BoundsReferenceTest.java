//DEPS org.apache.commons:commons-statistics-distribution:1.2
//DEPS org.apache.commons:commons-statistics-inference:1.2
//DEPS org.apache.commons:commons-statistics-interval:1.2
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every bound and every test of the comparison beside commons-statistics, on seeded random arguments; the largest
 * difference is printed.
 */
@Tag("slow")
class BoundsReferenceTest {
    private record Asked(String sql, double expected) {}

    /** @param tolerance of each figure, relative above 1 */
    private static void agree(String what, double tolerance, List<Asked> asked) {
        double worst = 0;
        try (ComparedSoaks soaks =
                ComparedSoaks.of(86_400, List.of(new ComparedSoaks.Row(0)), List.of(new ComparedSoaks.Row(0)))) {
            for (Asked one : asked) {
                double got = ((Number) soaks.query("SELECT CAST(" + one.sql + " AS DOUBLE) AS x")
                                .get(0)
                                .get("x"))
                        .doubleValue();
                double off = Math.abs(got - one.expected) / Math.max(1, Math.abs(one.expected));
                assertTrue(
                        off <= tolerance,
                        what + ": " + one.sql + " is " + got + ", commons-statistics has " + one.expected);
                worst = Math.max(worst, off);
            }
        }
        System.out.printf(Locale.ROOT, "%s: %d figures, largest difference %.1e%n", what, asked.size(), worst);
    }

    private static final int[][] COUNTS = {
        {0, 1}, {1, 1}, {0, 7}, {7, 7}, {1, 1440}, {1439, 1440}, {0, 14_400}, {144, 14_400}, {14_256, 14_400}, {3, 370}
    };

    private static List<Asked> bounds(String macro, DoubleBinaryOperator expected) {
        List<Asked> asked = new ArrayList<>();
        for (int[] c : COUNTS) {
            asked.add(new Asked(String.format(Locale.ROOT, macro, c[0], c[1]), expected.applyAsDouble(c[0], c[1])));
        }
        Random random = new Random(11);
        for (int i = 0; i < 30; i++) {
            int n = 1 + random.nextInt(i % 2 == 0 ? 50 : 15_000);
            int k = random.nextInt(n + 1);
            asked.add(new Asked(String.format(Locale.ROOT, macro, k, n), expected.applyAsDouble(k, n)));
        }
        return asked;
    }

    private static Interval interval(BinomialConfidenceInterval kind, double k, double n) {
        return kind.fromErrorRate((int) n, (int) k, 0.05);
    }

    @Test
    void clopper_and_pearsons_bounds() {
        agree(
                "clopper_pearson_low",
                1e-10,
                bounds(
                        "clopper_pearson_low(%d, %d)",
                        (k, n) -> interval(BinomialConfidenceInterval.CLOPPER_PEARSON, k, n)
                                .getLowerBound()));
        agree(
                "clopper_pearson_high",
                1e-10,
                bounds(
                        "clopper_pearson_high(%d, %d)",
                        (k, n) -> interval(BinomialConfidenceInterval.CLOPPER_PEARSON, k, n)
                                .getUpperBound()));
    }

    @Test
    void wilsons_bounds() {
        agree(
                "wilson_low",
                1e-10,
                bounds(
                        "wilson_low(%1$d / %2$d.0, %2$d)",
                        (k, n) -> interval(BinomialConfidenceInterval.WILSON_SCORE, k, n)
                                .getLowerBound()));
        agree(
                "wilson_high",
                1e-10,
                bounds(
                        "wilson_high(%1$d / %2$d.0, %2$d)",
                        (k, n) -> interval(BinomialConfidenceInterval.WILSON_SCORE, k, n)
                                .getUpperBound()));
    }

    @Test
    void the_binomial_distribution() {
        Random random = new Random(12);
        List<Asked> asked = new ArrayList<>();
        List<Asked> ranks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int n = 1 + random.nextInt(i % 2 == 0 ? 40 : 15_000);
            double p = i % 3 == 0 ? 0.01 : random.nextDouble();
            int k = (int) Math.min(
                    n, Math.max(0, Math.round(n * p + random.nextGaussian() * 2 * Math.sqrt(n * p * (1 - p)))));
            asked.add(new Asked(
                    String.format(Locale.ROOT, "binomial_cdf(%d, %d, %.17g::DOUBLE)", k, n, p),
                    BinomialDistribution.of(n, p).cumulativeProbability(k)));
            ranks.add(new Asked(
                    String.format(Locale.ROOT, "binomial_rank(%d, %.17g::DOUBLE, 0.975)", n, p),
                    BinomialDistribution.of(n, p).inverseCumulativeProbability(0.975)));
        }
        agree("binomial_cdf", 1e-10, asked);
        agree("binomial_rank", 0, ranks);
    }

    @Test
    void students_t_and_its_quantiles_with_whole_and_with_broken_degrees_of_freedom() {
        Random random = new Random(13);
        List<Asked> ps = new ArrayList<>();
        List<Asked> ts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double df = i % 2 == 0 ? 1 + random.nextInt(60) : 1 + 40 * random.nextDouble();
            double t = 6 * random.nextDouble();
            double p = Math.pow(10, -4 * random.nextDouble());
            ps.add(new Asked(
                    String.format(Locale.ROOT, "student_p(%.17g::DOUBLE, %.17g::DOUBLE)", t, df),
                    2 * TDistribution.of(df).survivalProbability(t)));
            ts.add(new Asked(
                    String.format(Locale.ROOT, "student_quantile(%.17g::DOUBLE, %.17g::DOUBLE)", p, df),
                    TDistribution.of(df).inverseSurvivalProbability(p / 2)));
        }
        agree("student_p", 1e-10, ps);
        agree("student_quantile", 1e-8, ts);
        assertEquals(1, TDistribution.of(3).survivalProbability(0) * 2, 0);
    }

    @Test
    void fishers_exact_test() {
        Random random = new Random(14);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int n1 = 1 + random.nextInt(i % 2 == 0 ? 30 : 1500);
            int n2 = 1 + random.nextInt(i % 2 == 0 ? 30 : 1500);
            int k1 = random.nextInt(Math.min(n1, 40) + 1);
            int k2 = random.nextInt(Math.min(n2, 40) + 1);
            if (k1 + k2 == 0 || k1 + k2 == n1 + n2) {
                continue; // nothing to test, and the library refuses it
            }
            asked.add(new Asked(
                    String.format(Locale.ROOT, "fisher_p(%d, %d, %d, %d)", k1, n1, k2, n2),
                    FisherExactTest.withDefaults()
                            .test(new int[][] {{k1, n1 - k1}, {k2, n2 - k2}})
                            .getPValue()));
        }
        agree("fisher_p", 1e-10, asked);
    }
}
