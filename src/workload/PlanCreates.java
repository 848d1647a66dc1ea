package workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import probe.ControlPlaneApi;
import probe.HttpCall;
import probe.Stalls;
import settings.Config;
import settings.Plan;
import soak.PlanTemplate;
import soak.RoundFiles;

/** The plan's second step: plan creates with unique ids, each timed on a connection of its own. */
public final class PlanCreates {
    private final Config config;
    private final Machine machine;
    private final ControlPlaneApi api;
    private final RoundFolder folder;
    private int ok;
    private int stalled;
    private double longestStallMs;
    private String firstError;
    private final List<Double> countedMs = new ArrayList<>();

    /**
     * What became of them.
     *
     * @param figures fields of round-summary.json; what was not measured is absent
     * @param problem why not all were created
     */
    public record Outcome(Map<String, Object> figures, int errors, String problem, List<String> warnings)
            implements StepOutcome {}

    public PlanCreates(Config config, Machine machine, ControlPlaneApi api, RoundFolder folder) {
        this.config = config;
        this.machine = machine;
        this.api = api;
        this.folder = folder;
    }

    /** The ids of a round: of each second there is one round at most. */
    public static List<String> ids(Config config, RoundFolder folder) {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= config.plansPerRound(); i++) {
            ids.add(String.format(
                    Locale.ROOT,
                    "%s-%d-%02d",
                    config.planIdPrefix(),
                    folder.second().getEpochSecond(),
                    i));
        }
        return ids;
    }

    /**
     * @param ids none where nothing may be created
     * @param drill of the last plan of every so many rounds, which gets stuck
     */
    public Outcome run(List<String> ids, int roundNumber, PlanTemplate template, PlanTemplate drill)
            throws IOException {
        folder.planIds(ids);
        boolean drills = drill != null && !ids.isEmpty() && roundNumber % config.recoveryDrillEvery() == 0;
        if (drills) {
            folder.drillPlan(ids.get(ids.size() - 1));
        }
        try (Stalls watch = machine.watchStalls()) {
            for (int i = 0; i < ids.size(); i++) {
                create(ids.get(i), (drills && i == ids.size() - 1 ? drill : template).body(ids.get(i)), watch);
            }
        }
        return outcome(ids.size());
    }

    private void create(String id, byte[] body, Stalls watch) throws IOException {
        watch.reset();
        HttpCall.Answer answer = api.create(body);
        double stallMs = watch.longestMs();
        boolean created = answer.code().equals("201"); // also where its body cannot be read: it is a promise
        if (answer.is(201)) {
            folder.givenId(id, api.givenId(answer, id));
        }
        folder.created(answer.code(), answer.nanos(), stallMs);
        longestStallMs = Math.max(longestStallMs, stallMs);
        stalled += stallMs >= Plan.STALL_MS ? 1 : 0;
        ok += created ? 1 : 0;
        firstError = created || firstError != null ? firstError : id + ": " + refusal(answer);
        double millis = answer.nanos() / 1_000 / 1_000.0; // the whole microseconds that create-times.txt has
        // A slow error is latency that a user suffers; a fast refusal must not improve the figure.
        if (created || millis > config.targetP99Ms()) {
            countedMs.add(millis);
        }
    }

    /** A 202 is no promise: nobody can tell from it whether the plan will ever be there. */
    private static String refusal(HttpCall.Answer answer) {
        return (answer.code().startsWith("2") ? "only 201 acknowledges a create: " : "") + answer.describe();
    }

    private Outcome outcome(int asked) {
        Map<String, Object> figures = new HashMap<>();
        if (asked > 0) {
            figures.put("stalled_creates", stalled);
            figures.put("max_stall_ms", RoundSummary.millis(longestStallMs));
        }
        figures.put("create_ok", ok);
        figures.put("create_errors", asked - ok);
        countedMs.sort(null);
        figures.put("p50_ms", percentile(50));
        figures.put("p99_ms", percentile(99));
        figures.put("max_ms", percentile(100));
        return new Outcome(
                figures,
                asked - ok,
                asked - ok + " of " + asked + " creates failed, first " + firstError,
                stalled == 0
                        ? List.of()
                        : List.of(stalled + (stalled == 1 ? " create was" : " creates were")
                                + " measured while this process itself stalled, for up to "
                                + RoundSummary.millis(longestStallMs) + " ms (" + RoundFiles.STALLS
                                + "): that part of the latency does not come from the control plane"));
    }

    /**
     * Nearest rank: the smallest value whose rank is at least p·n (contract, section 4 "Percentiles"); null of none.
     */
    private Double percentile(int percent) {
        int rank = (countedMs.size() * percent + 99) / 100; // in integers: 0.99 * 100 is not 99 in binary
        return rank == 0 ? null : RoundSummary.millis(countedMs.get(rank - 1));
    }
}
