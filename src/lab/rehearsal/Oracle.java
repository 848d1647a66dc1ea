package lab.rehearsal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import settings.Setting;
import soak.Schedule;

/**
 * The verdicts that a scenario must lead to, foreseen from its faults alone, slot by slot. It shares nothing with the
 * report, so that the two can be held against each other.
 *
 * <p>It knows no latency to the millisecond. What hangs on one (whether a drill is an hour old when a round looks, or
 * only when the next one does) is tried both ways, and a verdict that then differs is left open, never guessed.
 */
final class Oracle {
    private static final int LEAST_INTERVAL_SECONDS = 900; // rounds that may outlast their slot are not foreseen
    private static final double LONGEST_ROUND_SECONDS = 600;
    private static final double HUNG_ROUND_SECONDS = 63;
    private static final double REQUESTS_SECONDS = 0.09;
    private static final double TOLERANCE_SECONDS = 0.25;
    static final int EARLY_DAYS = 7;
    private static final int FLEET_ROUND = 10;
    private static final int PAGE = 100;
    private static final int PAUSES_SECONDS = 10; // what is missing is looked for again for so long
    private static final int SECONDS_PER_HOUR = 3600;
    private static final double LARGEST_DEGRADATION = 1.1;
    private static final double LEAST_DEGRADATION = 0.9;

    /** Settings beside the targets that it reckons with, or that change nothing which it foresees. */
    private static final Set<String> RECKONED_WITH = Set.of(
            "PLAN_ID_PREFIX",
            "AUTONOMY_OPERATOR",
            "STUCK_THRESHOLD_SECONDS",
            "RECOVERY_REASON",
            "RECOVERY_DRILL_EVERY",
            "WARN_DAILY_P99_MS",
            "ALERT_CONSECUTIVE",
            "ALERT_COMMAND",
            "PING_URL",
            "HEAD_COMMAND",
            "TSA_URL");

    /** What is taken for true where it cannot be known whether a plan counts as stuck yet. */
    private enum Doubt {
        STUCK,
        NOT_YET,
        STUCK_IF_IT_FAILS,
        STUCK_IF_IT_SUCCEEDS
    }

    private final Scenario scenario;
    private final long seed;
    private final Doubt doubt;
    private final int interval;
    private final int slotsPerDay;
    private final long slots;
    private final int plansPerRound;
    private final Foreseen seen;

    // the control plane
    private boolean alive = true;
    private Store store = new Store(0, 0, false, List.of());
    private final Map<Fault, Store> copies = new HashMap<>();
    private final Set<Integer> refusedOnce = new HashSet<>();
    private int stuckPlans;

    // the rounds
    private boolean unforeseeable;
    private double now;
    /** Recoveries of a plan that answered 0, as long as no scan has shown it again. */
    private final Map<Integer, Integer> unrefuted = new HashMap<>();

    /** A plan that is or will be stuck; {@code at} in seconds since the beginning. */
    private record Patient(int id, double at, double tolerance) {}

    /**
     * The control plane's plans.
     *
     * @param acknowledged how many creates were answered with 201 until then, by whatever store
     * @param missing whether it lacks an acknowledged plan
     */
    private record Store(int plans, int acknowledged, boolean missing, List<Patient> patients) {
        Store with(int plans, int acknowledged) {
            return new Store(plans, acknowledged, missing, patients);
        }

        Store with(List<Patient> patients) {
            return new Store(plans, acknowledged, missing, patients);
        }
    }

    private Oracle(Scenario scenario, long seed, Doubt doubt) {
        this.scenario = scenario;
        this.seed = seed;
        this.doubt = doubt;
        this.interval = scenario.intervalSeconds();
        this.slotsPerDay = Schedule.SECONDS_PER_DAY / interval;
        this.slots = (long) slotsPerDay * scenario.days();
        this.seen = new Foreseen(scenario, slots);
        this.plansPerRound = (int) scenario.number("PLANS_PER_ROUND");
    }

    /** @return the verdict word of each check and claim and of {@code overall}; one that cannot be told is not in it */
    static Map<String, String> verdicts(Scenario scenario, long seed) {
        Map<String, String> agreed = null;
        boolean understood = scenario.config().keySet().stream()
                .allMatch(key ->
                        RECKONED_WITH.contains(key) || Setting.valueOf(key).isRecorded());
        if (scenario.intervalSeconds() < LEAST_INTERVAL_SECONDS || !understood) {
            return Map.of();
        }
        for (Doubt doubt : Doubt.values()) {
            Map<String, String> verdicts = new Oracle(scenario, seed, doubt).play();
            if (agreed == null) {
                agreed = verdicts;
            } else {
                agreed.entrySet().removeIf(known -> !known.getValue().equals(verdicts.get(known.getKey())));
            }
        }
        return agreed;
    }

    private Map<String, String> play() {
        for (long slot = 0; slot < slots && !unforeseeable; slot++) {
            slot(slot);
        }
        return unforeseeable || seen.rounds == 0 ? new LinkedHashMap<>() : seen.verdicts();
    }

    // --- one slot -------------------------------------------------------------------------------------------------

    private void slot(long slot) {
        for (Fault fault : scenario.faults()) {
            if (fault.kind() == Fault.Kind.OLD_STORE && slot == fault.copySlot(interval)) {
                copies.put(fault, store);
            }
        }
        double end = (slot + 1.0) * interval;
        boolean over = now >= end;
        unforeseeable |= !over && now > slot * (double) interval && end - now < LONGEST_ROUND_SECONDS;
        if (scenario.fault(Fault.Kind.HOST_DOWN, slot) != null) {
            alive = false;
        } else if (!over && scenario.fault(Fault.Kind.MISSED, slot) == null) {
            round(slot);
        }
    }

    private void round(long slot) {
        double onTime = Duration.between(Rehearsal.START, Rehearsal.roundStart(scenario, seed, slot))
                        .toMillis()
                / 1000.0;
        double start = Math.max(now, onTime);
        double tolerance = now > onTime ? LONGEST_ROUND_SECONDS : TOLERANCE_SECONDS;
        boolean hung = stage(slot, start);
        boolean well = alive && !hung;
        boolean blocked = scenario.fault(Fault.Kind.DOES_NOT_START, slot) != null
                || scenario.fault(Fault.Kind.PORT_TAKEN, slot) != null;
        alive = well || !blocked;
        seen.unseenSinceAStranger |= scenario.fault(Fault.Kind.PORT_TAKEN, slot) != null;
        seen.rounds++;
        seen.healthy += well ? 1 : 0;
        seen.roundOnLastDay |= slot >= slots - slotsPerDay;
        double at = start + (hung ? HUNG_ROUND_SECONDS : 0) + REQUESTS_SECONDS;
        if (hung || !well) {
            tolerance = Math.max(tolerance, 2);
        }
        if (alive) {
            at += creates(slot, at, tolerance);
        } else if (seen.rounds == 1) {
            seen.firstCreates = "none";
        }
        if (!alive || scenario.fault(Fault.Kind.SCAN_FAILS, slot) != null) {
            seen.scanFailures++;
        } else {
            recover(slot, at, tolerance);
        }
        boolean checked = alive && list(slot);
        seen.checked += checked ? 1 : 0;
        seen.uncheckedWhileHealthy += well && !checked ? 1 : 0;
        now = at;
    }

    /** @return whether the control plane hangs when the round begins */
    private boolean stage(long slot, double start) {
        boolean hung = false;
        for (Fault fault : scenario.faults()) {
            boolean begins = slot == fault.firstSlot(interval);
            if (fault.covers(slot, interval)) {
                // an expression: the compiler holds it to name every kind
                hung = switch (fault.kind()) {
                    case KILLED -> {
                        alive &= !begins;
                        yield hung && !begins;
                    }
                    case DOES_NOT_START, PORT_TAKEN -> {
                        alive = false;
                        yield false;
                    }
                    case HUNG -> alive;
                    case OLD_STORE -> {
                        if (begins) {
                            alive = false;
                            Store copy = copies.get(fault);
                            store = new Store(
                                    copy.plans,
                                    store.acknowledged,
                                    copy.missing || store.acknowledged > copy.acknowledged,
                                    copy.patients);
                        }
                        yield hung && !begins;
                    }
                    case LOSES -> {
                        lose(slot, fault.amount());
                        yield hung;
                    }
                    case STUCK -> {
                        if (begins) {
                            stick(fault.amount(), start);
                        }
                        yield hung;
                    }
                    // these act later, or on nothing that is judged
                    case SLOW,
                            REFUSES,
                            LISTS_TWICE,
                            OTHER_PAGING,
                            UNKNOWN_PAGING,
                            REPLICA_LAG,
                            SCAN_FAILS,
                            RECOVERY_FAILS,
                            HOLLOW_RECOVERIES,
                            LEAKS,
                            MISSED,
                            HOST_DOWN,
                            CLOCK_STEPS -> hung;
                };
            }
        }
        return hung;
    }

    private void lose(long slot, int amount) {
        int passedOver = Rehearsal.passedOver(seed, slot);
        int lost = Math.max(0, Math.min(amount, store.plans - passedOver));
        // it might be one that a recovery waits for
        unforeseeable |= lost > 0 && passedOver + lost > store.plans - 10 * plansPerRound;
        store = new Store(store.plans - lost, store.acknowledged, store.missing || lost > 0, store.patients);
    }

    private void stick(int amount, double start) {
        int young = (int) Math.ceil(3.0 * SECONDS_PER_HOUR / interval) * plansPerRound;
        int ordinary = store.plans - young - seen.rounds - stuckPlans;
        unforeseeable |= ordinary < amount;
        List<Patient> patients = new ArrayList<>(store.patients);
        for (int i = 0; i < amount; i++) {
            patients.add(new Patient(- ++stuckPlans, start - Schedule.SECONDS_PER_DAY, 0));
        }
        store = store.with(patients);
    }

    /** @return how long they take by the wall clock, which may be set meanwhile */
    private double creates(long slot, double at, double tolerance) {
        Fault refuses = scenario.fault(Fault.Kind.REFUSES, slot);
        Fault slow = scenario.fault(Fault.Kind.SLOW, slot);
        int refused = refuses == null ? 0 : Math.min(refuses.amount(), plansPerRound);
        double slower = scenario.msPer1000Plans() * slot * plansPerRound / 1000;
        double least = (slow == null ? 0 : slow.amount()) + LEAST_DEGRADATION * slower;
        double most = (slow == null ? 0 : slow.amount())
                + LARGEST_DEGRADATION * slower
                + Stage.LARGEST_FACTOR * scenario.medianMs();
        boolean counted = refused < plansPerRound || least > scenario.number("TARGET_P99_MS");
        unforeseeable |= refused == plansPerRound && !counted && most > scenario.number("TARGET_P99_MS");
        if (counted) {
            seen.timedDays.add(slot / slotsPerDay);
            seen.whole.add(least, most);
            if (slot < (long) EARLY_DAYS * slotsPerDay) {
                seen.early.add(least, most);
            }
            if (seen.rounds == 1) {
                seen.first.add(least, most);
            }
        }
        if (seen.rounds == 1) {
            seen.firstCreates = refused == 0 ? "all" : "some";
        }
        seen.creates += plansPerRound - refused;
        store = store.with(store.plans + plansPerRound - refused, store.acknowledged + plansPerRound - refused);
        double seconds = plansPerRound * least / 1000 + (plansPerRound > 1 ? steps(slot) : 0);
        int every = (int) scenario.number("RECOVERY_DRILL_EVERY");
        if (every > 0 && seen.rounds % every == 0 && refused < plansPerRound) {
            List<Patient> patients = new ArrayList<>(store.patients);
            patients.add(new Patient(seen.rounds, at + seconds, tolerance));
            store = store.with(patients);
        }
        return seconds;
    }

    private int steps(long slot) {
        int step = 0;
        for (Fault fault : scenario.faults()) {
            step = fault.kind() == Fault.Kind.CLOCK_STEPS && fault.covers(slot, interval) ? fault.amount() : step;
        }
        return step;
    }

    private void recover(long slot, double at, double tolerance) {
        boolean hollow = scenario.fault(Fault.Kind.HOLLOW_RECOVERIES, slot) != null;
        boolean fails = !hollow && scenario.fault(Fault.Kind.RECOVERY_FAILS, slot) != null;
        double patience = scenario.number("STUCK_THRESHOLD_SECONDS");
        List<Patient> waiting = new ArrayList<>();
        Set<Integer> listed = new HashSet<>();
        for (Patient patient : store.patients) {
            boolean wouldFail = fails && !refusedOnce.contains(patient.id);
            double beyond = at - patient.at - patience;
            boolean stuck = Math.abs(beyond) > Math.max(tolerance, patient.tolerance)
                    ? beyond > 0
                    : switch (doubt) {
                        case STUCK -> true;
                        case NOT_YET -> false;
                        case STUCK_IF_IT_FAILS -> wouldFail;
                        case STUCK_IF_IT_SUCCEEDS -> !wouldFail;
                    };
            if (!stuck || wouldFail || hollow) {
                waiting.add(patient);
            }
            if (stuck) {
                listed.add(patient.id);
                // A store that comes back from before the recovery shows the plan again too.
                count(seen.refuted, slot, unrefuted.getOrDefault(patient.id, 0));
                count(wouldFail ? seen.failedRecoveries : seen.recoveries, slot, 1);
                unrefuted.put(patient.id, wouldFail ? 0 : 1);
                if (!hollow) {
                    refusedOnce.add(patient.id);
                }
            }
        }
        unrefuted.keySet().retainAll(listed); // a scan without the plan proves its recovery
        store = store.with(waiting);
    }

    private void count(int[] counts, long slot, int by) {
        counts[0] += by;
        counts[1] += slot < (long) EARLY_DAYS * slotsPerDay ? by : 0;
    }

    /** @return whether it came to its end, and the plans were held against it */
    private boolean list(long slot) {
        // A page that says nothing of others is all, unless plans are missing on it.
        if (scenario.fault(Fault.Kind.UNKNOWN_PAGING, slot) != null && (store.plans >= PAGE || store.missing)) {
            return false;
        }
        seen.checkedDays.add(slot / slotsPerDay);
        seen.listed = true;
        seen.unseenSinceAStranger = false;
        seen.largestCount = seen.rounds >= FLEET_ROUND ? Math.max(seen.largestCount, store.plans) : seen.largestCount;
        Fault lag = scenario.fault(Fault.Kind.REPLICA_LAG, slot);
        if (lag != null) {
            // then nobody knows what is younger
            boolean clockIsSet = scenario.faults().stream().anyMatch(f -> f.kind() == Fault.Kind.CLOCK_STEPS);
            unforeseeable |= clockIsSet || Math.abs(lag.amount() - PAUSES_SECONDS) < 2;
            seen.corrupt |= lag.amount() > PAUSES_SECONDS;
        }
        boolean twice = scenario.fault(Fault.Kind.LISTS_TWICE, slot) != null && store.plans > PAGE;
        boolean below = store.plans < scenario.number("TARGET_PLAN_COUNT");
        seen.corrupt |= store.missing || twice || seen.reached && below;
        seen.reached |= !below;
        return true;
    }
}
