import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The comparison's methods for shares and counts against values that were published, or that a page of paper gives. */
@Tag("slow")
class CompareSharesTest {
    /**
     * Fisher, The Design of Experiments (1935), the lady tasting tea: 3 of 4 right gives 17/70 on one side, 34/70 on
     * both.
     */
    @Test
    void the_lady_tasting_tea() {
        assertEquals(34 / 70.0, ComparedSoaks.asked("fisher_p(3, 4, 1, 4)"), 1e-12);
        assertEquals(2 / 70.0, ComparedSoaks.asked("fisher_p(4, 4, 0, 4)"), 1e-12);
        assertEquals(1, ComparedSoaks.asked("fisher_p(0, 1440, 0, 1440)"), 1e-9);
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
        // C(12,10)C(15,2) + C(12,11)C(15,1) + C(12,12)C(15,0)
        double p = (66 * choose15[2] + 12 * choose15[1] + 1) / whole;
        double other = 455 / whole; // k = 0: C(12,0)C(15,12)
        assertEquals(p + other, ComparedSoaks.asked("fisher_p(10, 12, 2, 15)"), 1e-12);
    }

    @Test
    void fisher_holds_for_the_counts_of_a_whole_soak() {
        // 0 of n against 12 of n: twice C(n,12)/C(2n,12).
        double p = 2;
        for (int i = 0; i < 12; i++) {
            p *= (1440.0 - i) / (2880 - i);
        }
        assertEquals(p, ComparedSoaks.asked("fisher_p(0, 1440, 12, 1440)"), 1e-12);
        assertEquals(p, ComparedSoaks.asked("fisher_p(12, 1440, 0, 1440)"), 1e-12);
    }

    /**
     * Newcombe, Statistics in Medicine 17 (1998), table II, example (a): 56/70 and 48/80, method 10 gives 0.0524 to
     * 0.3339.
     */
    @Test
    void newcombes_example() {
        assertEquals(-0.3339, ComparedSoaks.asked("newcombe_low(56 / 70.0, 70, 48 / 80.0, 80)"), 5e-5);
        assertEquals(-0.0524, ComparedSoaks.asked("newcombe_high(56 / 70.0, 70, 48 / 80.0, 80)"), 5e-5);
        // Example (h), 10/10 and 0/10: 0.6075 to 1.
        assertEquals(0.6075, ComparedSoaks.asked("newcombe_low(0 / 10.0, 10, 10 / 10.0, 10)"), 5e-5);
        assertEquals(1.0, ComparedSoaks.asked("newcombe_high(0 / 10.0, 10, 10 / 10.0, 10)"), 1e-9);
    }

    @Test
    void failures_on_too_few_blocks_or_with_no_power_at_all_are_not_told() {
        List<ComparedSoaks.Row> daily = ComparedSoaks.days(new double[20]);
        List<ComparedSoaks.Row> once = ComparedSoaks.days(new double[20]);
        for (ComparedSoaks.Row row : daily) {
            row.recoveryOk = 1;
        }
        once.get(3).recoveryOk = 30; // all of this soak's recoveries in a single block
        try (ComparedSoaks soaks = ComparedSoaks.of(ComparedSoaks.DAY, daily, once)) {
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
        try (ComparedSoaks soaks = ComparedSoaks.of(ComparedSoaks.DAY / 20, hours, others)) {
            Map<String, Object> figure = soaks.figure("uptime_pct");
            assertEquals("not told", figure.get("result"), figure.toString());
            assertNull(figure.get("smallest_shown"));
            assertTrue(((String) figure.get("reason")).startsWith("too few rounds: "), figure.toString());
        }
    }

    /** The smallest difference that would have had the word has it, and the next smaller one does not. */
    @Test
    void the_smallest_share_that_is_shown_is_shown_and_one_failure_fewer_is_not() {
        List<ComparedSoaks.Row> clean = ComparedSoaks.days(new double[200]);
        long bad;
        try (ComparedSoaks soaks = ComparedSoaks.of(ComparedSoaks.DAY, clean, ComparedSoaks.days(new double[200]))) {
            assertEquals("within noise", soaks.figure("uptime_pct").get("result"));
            bad = Math.round(soaks.number("uptime_pct", "smallest_shown") / 100 * 200);
        }
        for (long failed : new long[] {bad - 1, bad}) {
            List<ComparedSoaks.Row> other = ComparedSoaks.days(new double[200]);
            for (int i = 0; i < failed; i++) {
                // spread, so that they are independent; no missed slot, but slots fail with them
                other.get(i * 200 / (int) failed).healthy = false;
                other.get(i * 200 / (int) failed).scanned = true;
            }
            try (ComparedSoaks soaks = ComparedSoaks.of(ComparedSoaks.DAY, clean, other)) {
                double level =
                        0.04 / ((Number) soaks.query("FROM comparison").get(0).get("tested")).doubleValue();
                assertEquals(
                        failed == bad,
                        soaks.number("uptime_pct", "p_value") < 0.04 / 3,
                        failed + ": " + soaks.figure("uptime_pct") + " " + level);
            }
        }
    }

    @Test
    void a_lost_plan_is_never_noise() {
        List<ComparedSoaks.Row> lossy = ComparedSoaks.days(1, 8, 2, 7, 3, 6, 4, 5);
        lossy.get(3).lost = 1;
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY, ComparedSoaks.days(1, 8, 2, 7, 3, 6, 4, 5), lossy)) {
            assertEquals("worse", soaks.figure("lost_plans").get("result"));
        }
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY, lossy, ComparedSoaks.days(1, 8, 2, 7, 3, 6, 4, 5))) {
            assertEquals("better", soaks.figure("lost_plans").get("result"));
        }
    }

    @Test
    void a_share_a_hair_below_all_is_not_shown_as_all() {
        try (ComparedSoaks soaks =
                ComparedSoaks.of(ComparedSoaks.DAY, ComparedSoaks.days(1, 2), ComparedSoaks.days(1, 2))) {
            assertEquals(
                    List.of("99.99", "99.99", "100", "0.0023", "100"),
                    soaks
                            .query("SELECT shown_measure(x, unit) AS shown FROM (VALUES (1, 99.9977, '%'),"
                                    + " (2, 99.99999999, '%'), (3, 100.0, '%'), (4, 0.0023, '%'), (5, 99.9977, 'ms'))"
                                    + " v(place, x, unit) ORDER BY place")
                            .stream()
                            .map(row -> row.get("shown"))
                            .toList());
        }
    }
}
