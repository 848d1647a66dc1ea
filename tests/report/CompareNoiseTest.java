import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether "more than noise" keeps its word, on soaks whose noise is known because it was made here. */
@Tag("slow")
class CompareNoiseTest {
    private static final int INTERVAL = 3600;
    private static final int ROUNDS = 14 * 24;

    /**
     * A fortnight of rounds that resemble their neighbours: latency with an autocorrelation of 0.7 from round to round,
     * days that are slow as a whole, a pattern of the hour and a growth; outages that last; memory whose
     * autocorrelation is 0.95.
     */
    private static List<ComparedSoaks.Row> soak(long seed, Consumer<ComparedSoaks.Row> change) {
        Random random = new Random(seed);
        List<ComparedSoaks.Row> rows = new ArrayList<>();
        double near = random.nextGaussian();
        double memory = random.nextGaussian();
        double day = 0;
        boolean out = false;
        long plans = 0;
        for (int slot = 0; slot < ROUNDS; slot++) {
            near = 0.7 * near + Math.sqrt(1 - 0.49) * random.nextGaussian();
            memory = 0.95 * memory + Math.sqrt(1 - 0.9025) * random.nextGaussian();
            day = slot % 24 == 0 ? random.nextGaussian() : day;
            boolean was = out;
            out = random.nextDouble() < (out ? 0.7 : 0.004);
            if (random.nextDouble() < 0.003) {
                continue;
            }
            plans += 10;
            ComparedSoaks.Row row = new ComparedSoaks.Row(slot).plans(plans);
            double p50 = Math.exp(1.6 + 0.1 * near + 0.05 * day + 0.1 * Math.sin(slot % 24 / 24.0 * 2 * Math.PI))
                    + plans * 0.0005;
            row.latency(p50, p50 * Math.exp(0.3 + 0.3 * Math.abs(random.nextGaussian())));
            row.healthy = !out;
            row.restarted = was && !out;
            row.scanned = !(out && random.nextBoolean());
            row.createErrors = out ? random.nextInt(4) : random.nextInt(200) == 0 ? 1 : 0;
            row.createOk = 10 - row.createErrors;
            for (int i = slot % 4 == 0 ? 1 + random.nextInt(2) : 0; i > 0; i--) {
                if (random.nextInt(50) == 0) {
                    row.recoveryFail++;
                } else {
                    row.recoveryOk++;
                }
            }
            row.store = 100_000 + plans * 400 + random.nextInt(4096);
            row.rss = (long) (90e6 + plans * 2000 + memory * 3e6);
            row.descriptors = 21L + random.nextInt(4);
            change.accept(row);
            rows.add(row);
        }
        return rows;
    }

    private static ComparedSoaks compare(long seed, Consumer<ComparedSoaks.Row> planted) {
        return ComparedSoaks.of(INTERVAL, soak(2 * seed, r -> {}), soak(2 * seed + 1, planted));
    }

    /**
     * The family-wise error is 5 % at most: of 100 pairs, 5. A true 5 % gives more than 11 with a probability of 0.4 %
     * (binomial), so that is what is still believed to be chance; the seeds are fixed, so the answer is the same each
     * time.
     */
    @Test
    void two_soaks_of_the_same_source_differ_beyond_noise_in_no_more_than_five_percent_of_pairs() {
        int pairs = 100;
        int wrong = 0;
        Map<Object, Integer> by = new TreeMap<>();
        for (int seed = 0; seed < pairs; seed++) {
            try (ComparedSoaks soaks = compare(seed, r -> {})) {
                List<Object> said =
                        soaks.query("SELECT figure FROM compared_figures WHERE result IN ('worse', 'better')").stream()
                                .map(row -> row.get("figure"))
                                .toList();
                wrong += said.isEmpty() ? 0 : 1;
                said.forEach(figure -> by.merge(figure, 1, Integer::sum));
                assertTrue(
                        ((Number) soaks.query("FROM comparison").get(0).get("tested")).intValue() >= 12,
                        "most figures were tested");
            }
        }
        assertTrue(wrong <= 11, wrong + " of " + pairs + ": " + by);
    }

    private static void isFound(String figure, Consumer<ComparedSoaks.Row> planted) {
        areFound(List.of(figure), planted);
    }

    private static void areFound(List<String> figures, Consumer<ComparedSoaks.Row> planted) {
        for (int seed = 1000; seed < 1005; seed++) {
            try (ComparedSoaks soaks = compare(seed, planted)) {
                for (String figure : figures) {
                    assertEquals(
                            "worse", soaks.figure(figure).get("result"), "seed " + seed + ": " + soaks.figure(figure));
                }
            }
        }
    }

    @Test
    void a_planted_slowness_of_a_fifth_is_found() {
        areFound(List.of("p50_ms_at_equal_plans", "p50_ms_per_round"), r -> r.latency(r.p50 * 1.2, r.p99 * 1.2));
    }

    @Test
    void a_planted_growth_of_latency_is_found() {
        isFound("p99_ms_per_1000_plans", r -> r.latency(r.p50, r.p99 + r.plans * 0.002));
    }

    @Test
    void planted_outages_on_many_days_are_found() {
        isFound("uptime_pct", r -> r.healthy &= r.slot % 4 > 0);
    }

    @Test
    void planted_failures_of_recoveries_are_found() {
        isFound("rollback_rate_pct", r -> {
            if (r.slot % 8 == 0 && r.recoveryOk > 0) {
                r.recoveryOk--;
                r.recoveryFail++;
            }
        });
    }

    @Test
    void planted_refutations_of_recoveries_are_found_as_failures_are() {
        isFound("rollback_rate_pct", r -> r.refuted = r.slot % 8 == 0 ? r.recoveryOk : 0);
    }

    @Test
    void planted_bytes_and_descriptors_are_found() {
        isFound("store_bytes_per_plan_at_equal_plans", r -> r.store += r.plans * 40);
        isFound("cp_open_fds_per_1000_plans", r -> r.descriptors += r.plans / 100);
    }

    @Test
    void one_long_outage_is_one_event_and_not_twelve() {
        List<ComparedSoaks.Row> good = new ArrayList<>();
        List<ComparedSoaks.Row> bad = new ArrayList<>();
        for (int slot = 0; slot < ROUNDS; slot++) {
            good.add(new ComparedSoaks.Row(slot));
            bad.add(slot >= 100 && slot < 112 ? new ComparedSoaks.Row(slot).unhealthy() : new ComparedSoaks.Row(slot));
        }
        try (ComparedSoaks soaks = ComparedSoaks.of(INTERVAL, good, bad)) {
            assertEquals(
                    "within noise",
                    soaks.figure("uptime_pct").get("result"),
                    soaks.figure("uptime_pct").toString());
            assertTrue(
                    soaks.number("uptime_pct", "variance_inflation") > 8,
                    soaks.figure("uptime_pct").toString());
        }
    }
}
