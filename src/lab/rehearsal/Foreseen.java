package lab.rehearsal;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the rounds of a scenario will have measured, as {@link Oracle} foresees it, and the verdicts on it. */
final class Foreseen {
    int rounds;
    int healthy;
    int scanFailures;
    int creates;
    // of the whole soak, and of its first seven days
    int[] recoveries = new int[2];
    int[] failedRecoveries = new int[2];
    int[] refuted = new int[2];
    int largestCount = -1;
    boolean reached;
    boolean corrupt;
    boolean listed;
    boolean unseenSinceAStranger;
    boolean roundOnLastDay;
    /** Of the soak days: in which a latency was measured, in which the plans were checked. */
    final Set<Long> timedDays = new HashSet<>();

    final Set<Long> checkedDays = new HashSet<>();
    int checked;
    int uncheckedWhileHealthy;
    String firstCreates;
    final Latency first = new Latency();
    final Latency early = new Latency();
    final Latency whole = new Latency();

    private final Scenario scenario;
    private final long slots;

    /** The largest p99 of some rounds: what it is at least and at most. */
    static final class Latency {
        private boolean measured;
        private double least;
        private double most;

        void add(double leastMs, double mostMs) {
            measured = true;
            least = Math.max(least, leastMs);
            most = Math.max(most, mostMs);
        }

        Boolean within(double target) {
            return !measured || least > target ? Boolean.FALSE : most <= target ? Boolean.TRUE : null;
        }
    }

    Foreseen(Scenario scenario, long slots) {
        this.scenario = scenario;
        this.slots = slots;
    }

    /** @return the verdict word of each check and claim and of {@code overall}; one that cannot be told is not in it */
    Map<String, String> verdicts() {
        boolean weekPassed = scenario.days() >= Oracle.EARLY_DAYS;
        Map<String, Boolean> passes = new LinkedHashMap<>();
        passes.put("VAL12-01", true);
        passes.put("VAL12-02", "all".equals(firstCreates));
        passes.put("VAL12-03", largestCount >= scenario.number("TARGET_PLAN_COUNT"));
        passes.put("VAL12-04", first.within(scenario.number("TARGET_P99_MS")));
        passes.put("VAL12-05", scanFailures == 0);
        passes.put(
                "VAL12-06",
                weekPassed
                        && share(
                                recoveries[1] - refuted[1],
                                recoveries[1] + failedRecoveries[1],
                                "TARGET_ROLLBACK_RATE",
                                1));
        passes.put("VAL12-07", weekPassed ? early.within(scenario.number("TARGET_P99_MS")) : Boolean.FALSE);
        passes.put("VAL12-08", share(healthy, rounds, "TARGET_UPTIME_PCT", 100));
        passes.put("VAL12-09", creates >= scenario.number("TARGET_TOTAL_CREATES"));
        passes.put(
                "VAL12-10",
                share(recoveries[0] - refuted[0], recoveries[0] + failedRecoveries[0], "TARGET_ROLLBACK_RATE", 1));
        boolean covered =
                share(rounds, slots, "TARGET_COVERAGE_PCT", 100) && share(checked, slots, "TARGET_COVERAGE_PCT", 100);
        Boolean all = !covered || passes.containsValue(Boolean.FALSE)
                ? Boolean.FALSE
                : passes.values().stream().allMatch(Objects::nonNull) ? Boolean.TRUE : null;
        passes.put(
                "C1",
                listed
                        && reached
                        && !corrupt
                        && !unseenSinceAStranger
                        && checkedDays.size() == scenario.days()
                        && (healthy == 0
                                || share(healthy - uncheckedWhileHealthy, healthy, "TARGET_COVERAGE_PCT", 100)));
        passes.put("C2", passes.get("VAL12-10"));
        passes.put(
                "C3",
                timedDays.size() < scenario.days() ? Boolean.FALSE : whole.within(scenario.number("TARGET_P99_MS")));
        passes.put("C4", share(healthy, slots, "TARGET_UPTIME_PCT", 100));
        Map<String, String> words = new LinkedHashMap<>();
        passes.forEach((id, pass) -> {
            if (pass != null) {
                words.put(id, pass ? "PASS" : "FAIL");
            }
        });
        if (!roundOnLastDay) {
            words.put("overall", "INCOMPLETE");
        } else if (all != null) {
            words.put("overall", all ? "PASS" : "FAIL");
        }
        return words;
    }

    private boolean share(long part, long of, String target, int scale) {
        return of > 0
                && BigDecimal.valueOf(part)
                                .multiply(BigDecimal.valueOf(scale))
                                .compareTo(new BigDecimal(scenario.setting(target)).multiply(BigDecimal.valueOf(of)))
                        >= 0;
    }
}
