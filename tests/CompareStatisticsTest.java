import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The comparison's methods against values that were published, or that a page of paper gives. */
class CompareStatisticsTest {
  private static final int DAY = 86_400;

  private static double asked(String expression) {
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, List.of(new ComparedSoaks.Row(0)), List.of(new ComparedSoaks.Row(0)))) {
      return ((Number) soaks.query("SELECT CAST(" + expression + " AS DOUBLE) AS x").get(0).get("x")).doubleValue();
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

  /** Fisher, The Design of Experiments (1935), the lady tasting tea: 3 of 4 right gives 17/70 on one side, 34/70 on both. */
  @Test
  void the_lady_tasting_tea() {
    assertEquals(34 / 70.0, asked("fisher_p(3, 4, 1, 4)"), 1e-12);
    assertEquals(2 / 70.0, asked("fisher_p(4, 4, 0, 4)"), 1e-12);
    assertEquals(1, asked("fisher_p(0, 1440, 0, 1440)"), 1e-9);
  }

  /** Agresti, Categorical Data Analysis: convictions of like-sex twins of criminals, 10 of 12 against 2 of 15 (Fisher's own data). */
  @Test
  void fishers_twins() {
    // The tables with these margins that are no likelier: k = 10, 11, 12 above, and 0 below.
    double[] choose15 = {1, 15, 105};
    double whole = 17_383_860; // C(27, 12)
    double p = (66 * choose15[2] + 12 * choose15[1] + 1) / whole; // C(12,10)C(15,2) + C(12,11)C(15,1) + C(12,12)C(15,0)
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

  /** Newcombe, Statistics in Medicine 17 (1998), table II, example (a): 56/70 and 48/80, method 10 gives 0.0524 to 0.3339. */
  @Test
  void newcombes_example() {
    assertEquals(-0.3339, asked("newcombe_low(56 / 70.0, 70, 48 / 80.0, 80)"), 5e-5);
    assertEquals(-0.0524, asked("newcombe_high(56 / 70.0, 70, 48 / 80.0, 80)"), 5e-5);
    // Example (h), 10/10 and 0/10: 0.6075 to 1.
    assertEquals(0.6075, asked("newcombe_low(0 / 10.0, 10, 10 / 10.0, 10)"), 5e-5);
    assertEquals(1.0, asked("newcombe_high(0 / 10.0, 10, 10 / 10.0, 10)"), 1e-9);
  }

  /** Hollander and Wolfe, Nonparametric Statistical Methods: permeability of the placenta at term and earlier; the shift is 0.305. */
  @Test
  void hodges_and_lehmanns_shift_of_two_samples() {
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(1.15, 0.88, 0.90, 0.74, 1.21), days(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46))) {
      // Only the days that both have are compared.
      assertEquals(5L, soaks.figure("p99_ms_per_round").get("this_n"));
      assertNull(soaks.figure("p99_ms_per_round").get("p_value"), "five values tell nothing");
      assertEquals("not told", soaks.figure("p99_ms_per_round").get("result"));
    }
    List<ComparedSoaks.Row> five = days(1.15, 0.88, 0.90, 0.74, 1.21);
    for (int i = 5; i < 10; i++) {
      five.add(new ComparedSoaks.Row(i)); // rounds that measured no latency
    }
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, five, days(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46))) {
      assertEquals(0.305, soaks.number("p99_ms_per_round", "difference"), 1e-12);
    }
  }

  @Test
  void mann_and_whitneys_test_of_two_samples_that_do_not_overlap() {
    // Alternating, so that no autocorrelation is left: U = 64, var = 8·8·17/12, z = (64 - 32 - 1/2) / sqrt(var).
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(1, 8, 2, 7, 3, 6, 4, 5), days(11, 18, 12, 17, 13, 16, 14, 15))) {
      Map<String, Object> figure = soaks.figure("p99_ms_per_round");
      assertEquals(1.0, ((Number) figure.get("variance_inflation")).doubleValue(), figure.toString());
      double z = 31.5 / Math.sqrt(64 * 17 / 12.0);
      assertEquals(asked("two_sided_p(" + z + ")"), soaks.number("p99_ms_per_round", "p_value"), 1e-12);
      assertEquals(10, soaks.number("p99_ms_per_round", "difference"), 1e-12);
      // Rank floor(32 - 1.96·sqrt(90.67) + 1/2) = 13 of the 64 differences, which are 10 + (i - j): 1, 3, 6, 10, 15 of them are at most 3 … 7.
      assertEquals(7, soaks.number("p99_ms_per_round", "interval_low"), 1e-12);
      assertEquals(13, soaks.number("p99_ms_per_round", "interval_high"), 1e-12);
    }
  }

  @Test
  void ties_narrow_the_variance_of_mann_and_whitney() {
    // 1 and 2 four times each against 2 and 3: 32 + 16 pairs rise, 16 are equal. Ties of 4, 8 and 4: t³ - t is 60, 504 and 60.
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(1, 2, 1, 2, 1, 2, 1, 2), days(2, 3, 2, 3, 2, 3, 2, 3))) {
      double u = 32 + 16 + 16 / 2.0;
      double variance = 64 / 12.0 * (17 - (60 + 504 + 60) / (16.0 * 15));
      assertEquals(asked("two_sided_p(" + (u - 32 - 0.5) / Math.sqrt(variance) + ")"), soaks.number("p99_ms_per_round", "p_value"), 1e-12);
    }
  }

  /**
   * Hollander and Wolfe, Nonparametric Statistical Methods: depression scale before and after a tranquilizer. T+ = 5, the median of the
   * Walsh averages is -0.46, its 95 % interval -0.786 to -0.010; with the normal approximation p = 0.0440.
   */
  @Test
  void wilcoxons_signed_rank_test_of_the_depression_scale() {
    double[] before = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    double[] after = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY / 4, bins(before), bins(after))) {
      String figure = "p99_ms_at_equal_plans";
      assertEquals(9L, soaks.figure(figure).get("this_n"));
      assertEquals(1.0, soaks.number(figure, "variance_inflation"), 1e-12, soaks.figure(figure).toString());
      assertEquals(-0.46, soaks.number(figure, "difference"), 1e-9);
      assertEquals(0.04401, soaks.number(figure, "p_value"), 5e-6);
      assertEquals(-0.786, soaks.number(figure, "interval_low"), 1e-9);
      assertEquals(-0.010, soaks.number(figure, "interval_high"), 1e-9);
    }
  }

  @Test
  void pairs_that_do_not_differ_say_nothing_and_ties_narrow_the_variance() {
    // Differences 0 0 1 1 1 1 1 1 1 -1: eight that differ, all of the same size: T+ = 7·4.5, var = 8·9·17/24 - (8³-8)/48.
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY / 4, bins(1, 5, 1, 5, 1, 5, 1, 5, 1, 5), bins(1, 5, 2, 6, 2, 6, 2, 6, 2, 4))) {
      double z = (7 * 4.5 - 18 - 0.5) / Math.sqrt(8 * 9 * 17 / 24.0 - 504 / 48.0);
      assertEquals(asked("two_sided_p(" + z + ")"), soaks.number("p99_ms_at_equal_plans", "p_value"), 1e-12, soaks.figure("p99_ms_at_equal_plans").toString());
    }
  }

  @Test
  void a_difference_of_slopes_is_the_slope_of_the_differences() {
    // y = 10 + 0.1 x against y = 10 + 0.3 x; every pair of bins agrees: S = 45, var = 10·9·25/18, z = 44/sqrt(125).
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
    }
  }

  @Test
  void an_interval_takes_the_ranks_that_its_test_would_not_refuse() {
    // Sen, Journal of the American Statistical Association 63 (1968): 45 pairs, variance 125 of S, so 125/4 of a count: floor(22.5 - 1.96·sqrt(31.25) + 1/2) = 12.
    assertEquals(12, asked("limit_rank(45, 125 / 4.0)"), 0);
    // Wilcoxon's table for n = 9 has 6 of 45 Walsh averages, Mann and Whitney's for 8 and 8 has 14 of 64 (here 13: the approximation).
    assertEquals(6, asked("limit_rank(45, 9 * 10 * 19 / 24.0)"), 0);
    assertEquals(13, asked("limit_rank(64, 64 * 17 / 12.0)"), 0);
    assertTrue(asked("coalesce(limit_rank(6, 7.0), -1)") < 0, "three values have no 95 % interval");
  }

  /** Holm, Scandinavian Journal of Statistics 6 (1979): the smallest of m is multiplied by m, the next by m - 1, never falling. */
  @Test
  void holms_correction_over_all_figures_that_were_tested() {
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(1, 8, 2, 7, 3, 6, 4, 5), days(11, 18, 12, 17, 13, 16, 14, 5))) {
      List<Map<String, Object>> tested = soaks.query("SELECT p_value, p_holm FROM compared_figures WHERE p_value IS NOT NULL ORDER BY p_value");
      double before = 0;
      for (int i = 0; i < tested.size(); i++) {
        double expected = Math.min(1, Math.max(before, (tested.size() - i) * (Double) tested.get(i).get("p_value")));
        assertEquals(expected, (Double) tested.get(i).get("p_holm"), 1e-12);
        before = expected;
      }
      assertEquals((long) tested.size(), soaks.query("FROM comparison").get(0).get("tested"));
      assertTrue(tested.size() >= 2, "one test is no family");
    }
  }

  @Test
  void what_cannot_differ_costs_the_other_figures_nothing() {
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(1, 8, 2, 7, 3, 6, 4, 5), days(1, 8, 2, 7, 3, 6, 4, 5))) {
      assertNull(soaks.figure("uptime_pct").get("p_value"), "all healthy in both");
      assertEquals("within noise", soaks.figure("uptime_pct").get("result"));
      assertEquals("not told", soaks.figure("rollback_rate_pct").get("result"));
      assertEquals("no recoveries in either", soaks.figure("rollback_rate_pct").get("reason"));
    }
  }

  @Test
  void soaks_in_which_nothing_ever_varies_do_not_differ() {
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY / 4, bins(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7), bins(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7))) {
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
  void lag_one_autocorrelation_inflates_the_variance() {
    // Residuals of 0 0 1 1 0 0 1 1 … beside a line have a positive lag-1 autocorrelation; alternating values have none.
    try (ComparedSoaks soaks = ComparedSoaks.of(DAY, days(0, 0, 0, 9, 9, 9, 0, 0, 0, 9, 9, 9), days(1, 1, 1, 8, 8, 8, 1, 1, 1, 8, 8, 8))) {
      assertTrue(soaks.number("p99_ms_per_round", "variance_inflation") > 1.5, soaks.figure("p99_ms_per_round").toString());
    }
    assertEquals(3, asked("inflation(0.5)"), 1e-12);
    assertEquals(1, asked("inflation(-0.5)"), 1e-12);
    assertEquals(19, asked("inflation(0.999)"), 1e-9);
  }
}
