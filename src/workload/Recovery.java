package workload;

import base.Printable;
import base.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import probe.ControlPlaneApi;
import probe.Credentials;
import process.CommandRun;
import settings.Config;
import soak.RoundFiles;

/**
 * Recovers stuck plans through the configured CLI, RECOVERY_PARALLELISM at a time, in the order given, and starts none
 * once RECOVERY_BUDGET_SECONDS have passed. The exit code decides: what the command prints is for people. Whether one
 * that answered 0 did anything is told by a later round's scan ({@link Refutations}); plans that this soak did not make
 * are left alone unless RECOVER_FOREIGN=yes.
 */
public final class Recovery {
    /** So many refuted recoveries stand in the summary; refuted.txt has all. */
    private static final int NAMED = 20;

    private static final int NAMED_IN_WORDS = 3;
    /** So much of what the CLI printed stands in the sentence about a recovery that failed. */
    private static final int SAID_CHARS = 200;

    private final Config config;
    private final Time time;
    private final Machine machine;
    private final RoundFolder folder;
    private final Supplier<Optional<String>> stranger;
    private final List<String> recovered = Collections.synchronizedList(new ArrayList<>());
    private ControlPlaneApi.StuckScan scan = ControlPlaneApi.StuckScan.NONE;
    private final ConcurrentSkipListMap<Integer, String> failures = new ConcurrentSkipListMap<>();
    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());

    /**
     * What became of the scan's plans.
     *
     * @param rolledBack those that are gone for good, by this round
     * @param retried those that should go on, by this round
     * @param figures the fields of round-summary.json
     * @param problem why the step failed; null if it did not
     * @param warnings what was left alone, and what cannot be told
     */
    public record Outcome(
            List<String> rolledBack,
            List<String> retried,
            Map<String, Object> figures,
            String problem,
            List<String> warnings)
            implements StepOutcome {}

    /** @param stranger says so where the CLI would act on another control plane */
    public Recovery(
            Config config, Time time, Machine machine, RoundFolder folder, Supplier<Optional<String>> stranger) {
        this.config = config;
        this.time = time;
        this.machine = machine;
        this.folder = folder;
        this.stranger = stranger;
    }

    /** @param scan this round's; where it failed there is nothing to recover, and nothing is refuted */
    public Outcome recover(ControlPlaneApi.StuckScan scan, History history, ClosedRounds closed)
            throws InterruptedException, IOException {
        this.scan = scan;
        SoakPlans plans = new SoakPlans(config.dir(), config.planIdPrefix(), history);
        Refutations refutations = new Refutations(
                history, closed, plans, scan, time.now(), Duration.ofSeconds(config.stuckThresholdSeconds()));
        folder.refuted(
                refutations.refuted().stream().map(Refutations.Recovered::line).toList());
        Set<String> foreign = new LinkedHashSet<>();
        Set<String> young = new LinkedHashSet<>();
        Instant oldEnough = time.now().minusSeconds(config.stuckThresholdSeconds());
        for (String id : scan.planIds()) {
            if (!plans.made(id)) {
                foreign.add(id);
            } else if (plans.madeAt(id).filter(oldEnough::isBefore).isPresent()) {
                young.add(id);
            }
        }
        List<String> due = config.recoverForeign()
                ? scan.planIds()
                : scan.planIds().stream().filter(id -> !foreign.contains(id)).toList();
        Map<String, String> since = new HashMap<>();
        due.stream()
                .filter(scan.since()::containsKey)
                .forEach(id ->
                        since.put(RoundFolder.named(id), scan.since().get(id).toString()));
        folder.stuckSince(since);
        boolean rollsBack = config.recoveryStrategy().equals("rollback");
        if (rollsBack && !due.isEmpty()) {
            folder.rollsBack();
        }
        int deferred = run(due);

        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("recovery_ok", recovered.size());
        figures.put("recovery_fail", failed.size());
        figures.put("recovery_deferred", deferred);
        figures.put("drill_recoveries", tried(plans::isDrill));
        figures.put("foreign_recoveries", tried(foreign::contains));
        figures.put("stuck_foreign", scan.ok() ? foreign.size() : null);
        figures.put("recoveries_refuted", scan.ok() ? refutations.refuted().size() : null);
        figures.put(
                "refuted_recoveries",
                refutations.refuted().stream()
                        .limit(NAMED)
                        .map(recovery -> Map.of("round_id", recovery.roundId(), "plan_id", recovery.planId()))
                        .map(TreeMap::new)
                        .toList());
        return new Outcome(
                rollsBack ? recovered : List.of(),
                rollsBack ? List.of() : recovered,
                figures,
                problem(refutations.refuted()),
                warnings(foreign, young, refutations.untold(), deferred, due.size()));
    }

    private interface Kind {
        boolean has(String planId) throws IOException;
    }

    private int tried(Kind kind) throws IOException {
        int count = 0;
        for (List<String> all : List.of(recovered, failed)) {
            for (String id : all) {
                count += kind.has(id) ? 1 : 0;
            }
        }
        return count;
    }

    private String problem(List<Refutations.Recovered> refuted) {
        List<String> problems = new ArrayList<>();
        if (!failed.isEmpty()) {
            problems.add(failed.size() + " of " + (failed.size() + recovered.size()) + " recoveries failed, see "
                    + RoundFiles.RECOVERY + "; first " + failures.firstEntry().getValue());
        }
        if (!refuted.isEmpty()) {
            Refutations.Recovered first = refuted.get(0);
            problems.add(refuted.size() + (refuted.size() == 1 ? " recovery" : " recoveries")
                    + " of earlier rounds had exit code 0 but changed nothing, and "
                    + (refuted.size() == 1 ? "counts" : "count") + " as failed (" + RoundFiles.REFUTED
                    + "): this round's stuck scan lists the plan as if nobody had recovered it; first " + first.planId()
                    + ", recovered in " + first.roundId()
                    + ". Check what AUTONOMY_CLI does, and that the stuck scan obeys threshold_seconds");
        }
        return problems.isEmpty() ? null : String.join("; ", problems);
    }

    private List<String> warnings(Set<String> foreign, Set<String> young, Set<String> untold, int deferred, int due) {
        List<String> warnings = new ArrayList<>();
        if (deferred > 0 && stranger.get().isEmpty()) {
            warnings.add(deferred + " of " + due + " stuck plans were left for the next round, because"
                    + " RECOVERY_BUDGET_SECONDS=" + config.recoveryBudget().toSeconds()
                    + " had passed: the rollback rate counts only recoveries that ran. If this goes on, find out why"
                    + " AUTONOMY_CLI takes so long, or raise RECOVERY_PARALLELISM or RECOVERY_BUDGET_SECONDS");
        }
        if (!foreign.isEmpty()) {
            warnings.add(foreign.size() + (foreign.size() == 1 ? " stuck plan was" : " stuck plans were")
                    + " not made by this soak and "
                    + (config.recoverForeign()
                            ? "recovered and counted (RECOVER_FOREIGN=yes): "
                            : "left alone (RECOVER_FOREIGN=yes recovers such plans too): ")
                    + named(foreign));
        }
        if (!young.isEmpty()) {
            warnings.add(young.size()
                    + (young.size() == 1 ? " plan in the stuck scan is" : " plans in the stuck scan are")
                    + " younger than STUCK_THRESHOLD_SECONDS=" + config.stuckThresholdSeconds()
                    + ": the control plane lists what cannot be stuck yet, and recoveries of such plans count but prove"
                    + " little. Make its stuck scan obey threshold_seconds: "
                    + named(young));
        }
        if (!untold.isEmpty()) {
            warnings.add(untold.size()
                    + (untold.size() == 1
                            ? " plan that an earlier round recovered is"
                            : " plans that earlier rounds recovered are")
                    + " in the scan again, without a stuck_since that names a time: once"
                    + " STUCK_THRESHOLD_SECONDS=" + config.stuckThresholdSeconds()
                    + " have passed, nothing shows whether those recoveries had an effect: "
                    + named(untold));
        }
        return warnings;
    }

    private static String named(Set<String> planIds) {
        return firstOf(planIds.stream().map(RoundFolder::named).toList());
    }

    /** The first few, and how many more there are. */
    static String firstOf(List<String> shown) {
        return String.join(", ", shown.stream().limit(NAMED_IN_WORDS).toList())
                + (shown.size() > NAMED_IN_WORDS ? " and " + (shown.size() - NAMED_IN_WORDS) + " more" : "");
    }

    /** With the end of what it printed, where a program says last why it gave up. */
    private static String failure(String planId, CommandRun run, Credentials credentials) {
        String said = Printable.line(credentials.redacted(run.output()));
        int from = Math.max(0, said.length() - SAID_CHARS);
        from += from > 0 && Character.isLowSurrogate(said.charAt(from)) ? 1 : 0;
        return RoundFolder.named(planId) + ", exit=" + run.exit()
                + (said.isEmpty() ? "" : ": " + (from > 0 ? "…" : "") + said.substring(from));
    }

    /** @return how many could not be started within the budget */
    private int run(List<String> planIds) throws InterruptedException, IOException {
        AtomicInteger next = new AtomicInteger();
        long lastStart = time.nanoTime() + config.recoveryBudget().toNanos();
        int workers = Math.min(config.recoveryParallelism(), planIds.size());
        if (workers == 0) {
            return 0;
        }
        Credentials credentials = Credentials.of(config);
        Map<String, String> environment = credentials.cliEnvironment(config);
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                running.add(pool.submit(() -> {
                    while (time.nanoTime() < lastStart && stranger.get().isEmpty()) {
                        int index = next.getAndIncrement();
                        if (index >= planIds.size()) {
                            return null;
                        }
                        String planId = planIds.get(index);
                        CommandRun run = machine.run(
                                command(planId), environment, config.dir().root(), config.recoveryTimeout());
                        folder.recovered(planId, run.exit(), run.millis(), credentials.redacted(run.output()));
                        if (run.exit() == 0) {
                            recovered.add(planId);
                        } else {
                            failures.put(index, failure(planId, run, credentials));
                            failed.add(planId);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cannotRecord) {
                throw cannotRecord;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        folder.recoveriesEnded();
        return planIds.size() - Math.min(next.get(), planIds.size());
    }

    /** The command line of the product's public CLI: {@code autonomy rollback execute …} (plan, "Stuck recovery"). */
    private List<String> command(String planId) {
        return List.of(
                config.cli(),
                "rollback",
                "execute",
                "--target",
                "rollout_plan",
                "--resource",
                scan.resource(planId),
                "--strategy",
                config.recoveryStrategy(),
                "--reason",
                config.recoveryReason(),
                "--orchestrator-url",
                config.cpUrl());
    }
}
