package workload;

import build.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import probe.Overhead;
import settings.Config;
import settings.Plan;
import soak.RoundFiles;

/** A round's summary while its steps run. What no step has measured stays null, a step that did not run is FAIL. */
public final class SummaryDraft {
    private static final String PASS = "PASS";
    private static final String FAIL = "FAIL";

    private final UnaryOperator<String> redacted;
    private final Map<String, Class<?>> types = RoundSummary.types();
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param redacted a sentence without what nobody may read in it, asked for once the round has its credentials */
    public SummaryDraft(UnaryOperator<String> redacted) {
        this.redacted = redacted;
    }

    /** @throws IllegalStateException for a field that the file does not have, or a value that is not of its type */
    public SummaryDraft put(String field, Object value) {
        Class<?> type = types.get(field);
        Object typed = value instanceof Integer number && type == Long.class ? (Object) number.longValue() : value;
        if (type == null || typed != null && !type.isInstance(typed)) {
            throw new IllegalStateException(RoundFiles.SUMMARY + " has no " + field + " that is " + value);
        }
        values.put(field, typed);
        return this;
    }

    public void putAll(Map<String, ?> figures) {
        figures.forEach(this::put);
    }

    public void take(StepOutcome outcome) {
        putAll(outcome.figures());
        outcome.warnings().forEach(this::warn);
    }

    /** What is known before the first step, and that none has run. */
    public void begin(Config config, RoundFolder folder, int round, String bootId) {
        put("schema", 1)
                .put("round", round)
                .put("slot", config.schedule().slot(folder.second()))
                .put("round_id", folder.roundId());
        put("started_at", folder.second()).put("unix_ts", folder.second().getEpochSecond());
        put("rehearsal", config.rehearsal())
                .put("harness_version", Version.current())
                .put("cp_mode", config.cpMode())
                .put("boot_id", bootId);
        put("targets", config.recorded());
        RoundSummary.STEPS.forEach(step -> fail(step, "the step did not run"));
    }

    public void overhead(Overhead overhead) {
        Double median = RoundSummary.millis(overhead.p50Ms());
        put("probe_overhead_ms", median).put("probe_overhead_max_ms", RoundSummary.millis(overhead.maxMs()));
        if (overhead.problem() != null) {
            warn("probe_overhead_ms is not measured (" + overhead.problem()
                    + "): how much of this round's latencies is the prober's own is unknown; was this host suspended,"
                    + " or is its loopback interface down?");
        } else if (overhead.p50Ms() > Plan.PROBE_OVERHEAD_MS) {
            warn("probe_overhead_ms is " + median + ", above " + Plan.PROBE_OVERHEAD_MS
                    + ": the latencies of this round are partly the prober's own; is the machine starved?");
        }
    }

    public void decide(String step, boolean passed, String why) {
        if (passed) {
            put(step, PASS);
            failures.remove(step);
        } else {
            fail(step, why);
        }
    }

    /** @param step a field of a verdict, or another part of a round that failed */
    public void fail(String step, String why) {
        if (types.containsKey(step)) {
            put(step, FAIL);
        }
        failures.put(step, redacted.apply(why));
    }

    /** For one more reason. */
    public void alsoFail(String step, String why) {
        String before = failures.get(step);
        fail(step, before == null ? why : before + "; " + why);
    }

    /** What a reader of the figures must know, though no step failed by it. */
    public void warn(String warning) {
        warnings.add(warning);
    }

    /** What is known by now. */
    public RoundSummary record() {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put("failures", new LinkedHashMap<>(failures));
        all.put("warnings", warnings.stream().map(redacted).toList());
        return RoundSummary.of(all);
    }
}
