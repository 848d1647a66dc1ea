package lab.rehearsal;

import base.Failure;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import soak.Schedule;

/**
 * The scenario {@code random}: a mix of faults that the seed alone decides, and the verdicts that the oracle foresees
 * for it.
 */
final class RandomScenario {
    static final String NAME = "random";
    static final String TITLE = "A mix of these faults, drawn by --seed, and the verdicts that it must lead to";
    private static final int MOST_FAULTS = 5;
    private static final int MOST_ROUNDS = 6;
    private static final int DRAWS = 500;
    private static final int RARELY = 8;
    private static final int[] SLOWER_MS = {40, 300, 700, 1500};
    private static final int[] STEPS_SECONDS = {-7200, -600, 90, 600, 3600, 7200};

    private static final int MOST_AMOUNT = 6;

    private final RandomGenerator random;
    private final int days;
    private final int intervalSeconds;

    private RandomScenario(RandomGenerator random, int days, int intervalSeconds) {
        this.random = random;
        this.days = days;
        this.intervalSeconds = intervalSeconds;
    }

    /** The first draw of this seed whose verdicts can all be foreseen. */
    static Scenario drawn(long seed, int days, int intervalSeconds) {
        // else a seed draws what the one before it drew, shifted by one
        long mixed = new SplittableRandom(seed).nextLong();
        for (int draw = 0; draw < DRAWS; draw++) {
            Scenario scenario = new RandomScenario(Stage.random(mixed, ~draw), days, intervalSeconds).draw();
            Map<String, String> verdicts =
                    scenario.faults().stream().anyMatch(f -> f.reachesBeforeTheBeginning(intervalSeconds))
                            ? Map.of()
                            : Oracle.verdicts(scenario, seed);
            if (verdicts.keySet().containsAll(Scenario.JUDGED)) {
                return scenario.expecting(verdicts);
            }
        }
        throw Failure.usage("for " + days + " days and an interval of " + intervalSeconds
                + " s no verdicts can be foreseen: give random an interval of 900 s or more");
    }

    private Scenario draw() {
        List<Fault> faults = new ArrayList<>();
        for (int left = 1 + random.nextInt(MOST_FAULTS); left > 0; left--) {
            faults.add(fault(Fault.Kind.values()[random.nextInt(Fault.Kind.values().length)]));
        }
        Map<String, String> config = random.nextInt(RARELY) == 0 ? Map.of("RECOVERY_DRILL_EVERY", "0") : Map.of();
        return new Scenario(NAME, TITLE, days, intervalSeconds, config, Scenario.MEDIAN_MS, 0, faults, Map.of());
    }

    private Fault fault(Fault.Kind kind) {
        int slotsPerDay = Schedule.SECONDS_PER_DAY / intervalSeconds;
        int day = 1 + random.nextInt(days);
        LocalTime time = LocalTime.ofSecondOfDay((long) random.nextInt(slotsPerDay) * intervalSeconds);
        int some = 1 + random.nextInt(MOST_ROUNDS);
        return switch (kind) {
            case KILLED -> new Fault(kind, day, time, 1, 1);
            case OLD_STORE -> new Fault(kind, day, time, 1, some);
            case STUCK -> new Fault(kind, day, time, 1, some * some);
            case SLOW -> new Fault(kind, day, time, some, SLOWER_MS[random.nextInt(SLOWER_MS.length)]);
            case REFUSES -> new Fault(kind, day, time, some, 1 + random.nextInt(10));
            case OTHER_PAGING, REPLICA_LAG -> new Fault(kind, day, time, some, 1 + random.nextInt(MOST_AMOUNT));
            case LOSES -> new Fault(kind, day, time, 1, some);
            case LEAKS -> new Fault(kind, day, time, slotsPerDay, some);
            case MISSED -> new Fault(kind, day, time, random.nextInt(RARELY) == 0 ? days * slotsPerDay / 2 : some, 1);
            case HOST_DOWN -> new Fault(kind, day, time, 2 * some, 1);
            case CLOCK_STEPS -> new Fault(kind, day, time, 1, STEPS_SECONDS[random.nextInt(STEPS_SECONDS.length)]);
            case DOES_NOT_START,
                    HUNG,
                    PORT_TAKEN,
                    LISTS_TWICE,
                    UNKNOWN_PAGING,
                    SCAN_FAILS,
                    RECOVERY_FAILS,
                    HOLLOW_RECOVERIES -> new Fault(kind, day, time, some, 1);
        };
    }
}
