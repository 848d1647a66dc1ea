import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Memory and descriptors begin anew with the process: a leak is one in each of its lives, however often it is killed.
 * How often they err: bench/calibration.
 */
@Tag("slow")
class TrendLivesTest {
    private static final int HALF_HOUR = 1800;
    private static final int A_DAY = 48;
    private static final double MIB = 1 << 20;

    private static Map<String, Object> memory(int days, Consumer<TrendSoak.Round> as) {
        try (TrendSoak soak = TrendSoak.of(HALF_HOUR, days * A_DAY, as)) {
            return soak.trend("cp_rss_bytes");
        }
    }

    private static Consumer<TrendSoak.Round> leak(double mib, int every, Consumer<TrendSoak.Round> beginsAnew) {
        return round -> {
            round.memory = 90 * MIB + mib * MIB * (round.slot % every);
            if (round.slot % every == 0 && round.slot > 0) {
                beginsAnew.accept(round);
            }
        };
    }

    private static void tellsLeak(Map<String, Object> row, double bytesPerThousandPlans) {
        assertTrue(row.get("detail").toString().startsWith("+"), row.toString());
        assertEquals(
                bytesPerThousandPlans,
                ((Number) row.get("slope_per_1000_plans")).doubleValue(),
                bytesPerThousandPlans / 100);
    }

    @Test
    void a_leak_that_is_killed_every_five_days_is_told_on_each_of_these_days() {
        for (int days : new int[] {2, 5, 9, 10, 11, 16, 20, 30}) {
            Map<String, Object> row = memory(days, leak(3, 5 * A_DAY, round -> round.restarted = true));
            tellsLeak(row, 300 * MIB);
            assertEquals(days <= 5 ? 1L : days / 5 + (days % 5 == 0 ? 0L : 1L), row.get("lives"), "day " + days);
            assertTrue(days <= 5 || row.get("detail").toString().endsWith(" lives of the process"), row.toString());
        }
    }

    @Test
    void a_leak_is_told_over_noise_whether_it_is_killed_every_day_or_every_third() {
        for (int every : new int[] {1, 3, 5}) {
            for (int days : new int[] {5, 10, 30}) {
                double[] noise = ar(days * A_DAY, 0.95, 7L * every + days);
                tellsLeakOver(memory(
                        days,
                        leak(3, every * A_DAY, round -> round.restarted = true)
                                .andThen(round -> round.memory += 20 * MIB * noise[(int) round.slot])));
            }
        }
    }

    private static void tellsLeakOver(Map<String, Object> row) {
        assertTrue(row.get("detail").toString().startsWith("+"), row.toString());
    }

    @Test
    void lives_of_six_hours_are_told_by_shorter_stretches() {
        Map<String, Object> row = memory(5, leak(3, 12, round -> round.restarted = true));
        tellsLeak(row, 300 * MIB);
        assertEquals("medians of 30 min each, within each life of the process", row.get("basis"));
        assertEquals(20L, row.get("lives"));
    }

    @Test
    void flat_memory_that_resembles_itself_is_no_leak() {
        for (int days : new int[] {3, 5, 9, 10, 30}) {
            for (long seed = 1; seed <= 5; seed++) {
                double[] noise = ar(days * A_DAY, 0.95, seed);
                Map<String, Object> row =
                        memory(days, round -> round.memory = 90 * MIB + 20 * MIB * noise[(int) round.slot]);
                assertTrue(
                        row.get("detail").toString().startsWith("no trend shown (p=0."),
                        "day " + days + ", seed " + seed + ": " + row);
            }
        }
    }

    /** Each life begins higher than the one before and stays there: nothing grows with the process. */
    @Test
    void a_level_that_each_life_has_for_itself_is_no_leak() {
        double[] noise = ar(10 * A_DAY, 0.5, 3);
        Map<String, Object> row = memory(10, round -> {
            round.memory = 90 * MIB + 50 * MIB * (round.slot / (2 * A_DAY)) + MIB * noise[(int) round.slot];
            round.restarted = round.slot % (2 * A_DAY) == 0 && round.slot > 0;
        });
        assertTrue(row.get("detail").toString().startsWith("no trend shown"), row.toString());
        assertNull(row.get("intercept"), "five lives have five levels");
    }

    @Test
    void a_boot_ends_a_life() {
        Map<String, Object> row = memory(
                10, leak(3, 3 * A_DAY, round -> {}).andThen(round -> round.boot = "boot " + round.slot / (3 * A_DAY)));
        tellsLeak(row, 300 * MIB);
        assertEquals(4L, row.get("lives"));
    }

    @Test
    void another_process_ends_a_life_although_nothing_says_restarted() {
        Map<String, Object> row = memory(
                10,
                leak(3, 3 * A_DAY, round -> {})
                        .andThen(round -> round.identity = "{\"process\": \"pid " + round.slot / (3 * A_DAY) + "\"}"));
        tellsLeak(row, 300 * MIB);
        assertEquals(4L, row.get("lives"));
    }

    @Test
    void where_no_process_is_known_a_fall_to_less_than_half_ends_a_life() {
        Map<String, Object> row = memory(10, leak(3, 3 * A_DAY, round -> {}));
        tellsLeak(row, 300 * MIB);
        assertEquals(4L, row.get("lives"));
    }

    /**
     * A heap that is given back is no new process, where it is known to be the same: it rises and falls, and does not
     * leak.
     */
    @Test
    void a_fall_within_the_known_process_ends_nothing() {
        Map<String, Object> row =
                memory(9, leak(3, A_DAY, round -> {}).andThen(round -> round.identity = "{\"process\": \"one\"}"));
        assertEquals(1L, row.get("lives"));
        assertTrue(row.get("detail").toString().startsWith("no trend shown"), row.toString());
    }

    @Test
    void descriptors_and_the_write_ahead_log_are_judged_by_lives_too() {
        try (TrendSoak soak = TrendSoak.of(HALF_HOUR, 12 * A_DAY, round -> {
            round.restarted = round.slot % (3 * A_DAY) == 0 && round.slot > 0;
            round.descriptors = 20.0 + round.slot % (3 * A_DAY) / 2;
            round.wal = 4096.0 * (round.slot % (3 * A_DAY));
            round.store = 100_000.0 + 4000 * round.slot;
        })) {
            assertTrue(
                    soak.trend("cp_open_fds")
                            .get("detail")
                            .toString()
                            .matches("\\+.* descriptors per 1,000 plans, in 4 lives of the process"),
                    soak.trend("cp_open_fds").toString());
            assertEquals(
                    "+410,000 bytes per 1,000 plans, in 4 lives of the process",
                    soak.trend("wal_bytes").get("detail"));
            assertEquals(
                    "+400,000 bytes per 1,000 plans",
                    soak.trend("store_bytes").get("detail"),
                    "the store outlives the process");
        }
    }

    @Test
    void lives_that_are_all_too_short_tell_nothing_and_say_so() {
        Map<String, Object> row = memory(10, leak(3, 2, round -> round.restarted = true));
        assertEquals(0L, row.get("n"));
        assertNull(row.get("p_value"));
        assertEquals(
                "not told (no life of the process is long enough: one needs 4 intervals of 6 h)", row.get("detail"));
    }

    /**
     * The largest round of a day meets the target long before the median does; the first round above it lies in the
     * interval.
     */
    @Test
    void what_is_foreseen_is_the_first_round_above_the_target() {
        Random random = new Random(4);
        double[] p99 = new double[60 * A_DAY];
        int first = 0;
        for (int i = 0; i < p99.length; i++) {
            p99[i] = (200 + 6.0 * i / A_DAY) * Math.exp(0.2 * Math.abs(random.nextGaussian()));
            first = first == 0 && p99[i] > 500 ? i : first;
        }
        int days = 12;
        assertTrue(
                first > days * A_DAY && first < 32 * A_DAY,
                "it comes on day " + first / A_DAY + ", the median's on day 45");
        try (TrendSoak soak = TrendSoak.of(HALF_HOUR, days * A_DAY, round -> round.p99 = p99[(int) round.slot])) {
            Map<String, Object> row = soak.trend("p99_ms");
            double plans = 10.0 * (first + 1);
            assertTrue(((Number) row.get("reached_at_plan_count_low")).doubleValue() <= plans, row.toString());
            assertTrue(
                    row.get("reached_at_plan_count_high") == null
                            || ((Number) row.get("reached_at_plan_count_high")).doubleValue() >= plans,
                    row.toString());
            assertEquals(
                    plans, ((Number) row.get("reached_at_plan_count")).doubleValue(), 0.25 * plans, row.toString());
            assertTrue(
                    row.get("detail")
                            .toString()
                            .contains("; if it continues, the first round will exceed 500 ms at about plan "),
                    row.toString());
        }
        try (TrendSoak soak = TrendSoak.of(HALF_HOUR, 50 * A_DAY, round -> round.p99 = p99[(int) round.slot])) {
            assertEquals(
                    10.0 * (first + 1),
                    soak.trend("p99_ms").get("reached_at_plan_count"),
                    "what has come is no forecast");
        }
    }

    /** Seeded AR(1) of standard deviation 1. */
    private static double[] ar(int n, double r, long seed) {
        Random random = new Random(seed);
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = i == 0 ? random.nextGaussian() : r * y[i - 1] + Math.sqrt(1 - r * r) * random.nextGaussian();
        }
        return y;
    }
}
