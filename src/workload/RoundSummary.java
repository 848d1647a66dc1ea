package workload;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * round-summary.json: the components are its fields, in the file's order; contract, section 3, tells what each means.
 * Null is what was not measured. A test holds the list of sql/2-views/20-summaries.sql and the contract against this
 * one.
 */
public record RoundSummary(
        // Which round it is, and of what.
        Long schema,
        Long round,
        Long slot,
        String roundId,
        Instant startedAt,
        Instant finishedAt,
        Long unixTs,
        Long durationMs,
        Boolean rehearsal,
        String harnessVersion,
        String cpMode,
        String bootId,
        Map<String, String> targets,
        // 1. CP health check.
        String health,
        String healthHttpCode,
        Boolean restarted,
        Long restartMs,
        Boolean hung,
        Boolean portConflict,
        Map<String, String> cpIdentity,
        // PASS or FAIL of each step, and of the store.
        String v01Health,
        String v02Creates,
        String v03StuckScan,
        String v04Recovery,
        String v05PlanCount,
        String v06Metrics,
        String v07Integrity,
        // 2. Plan creates.
        Long createOk,
        Long createErrors,
        Double p50Ms,
        Double p99Ms,
        Double maxMs,
        Long stalledCreates,
        Double maxStallMs,
        Double probeOverheadMs,
        Double probeOverheadMaxMs,
        // 3. Stuck scan.
        String scanHttpCode,
        Boolean scanOk,
        Long stuckCount,
        Long stuckForeign,
        // 4. Stuck recovery.
        Long recoveryOk,
        Long recoveryFail,
        Long recoveryDeferred,
        Long drillRecoveries,
        Long foreignRecoveries,
        Long recoveriesRefuted,
        List<Map<String, String>> refutedRecoveries,
        // 5. Plan count check.
        Long planCount,
        Long listPages,
        Long expectedPlans,
        Long lostPlans,
        Long duplicatePlans,
        Long revivedPlans,
        Long unconfirmedPlans,
        Long unrecordedPlans,
        // 6. Prometheus scrape.
        Number cpHttpRequestsTotal,
        Number cpRolloutPlansTotal,
        Boolean metricsOk,
        // What grows, the store's own check, and what the round itself cost.
        Long storeBytes,
        Long auditBytes,
        Long cpRssBytes,
        Long cpOpenFds,
        Long walBytes,
        String storeCheck,
        String storeUnchecked,
        Long clockStepMs,
        Long harnessCpuMs,
        Long harnessPeakRssBytes,
        Long evidenceBytes,
        // In words.
        Map<String, String> failures,
        List<String> warnings,
        // Hashes of all that stood there.
        Map<String, Object> seal) {

    /** Each field of the file with the component that holds it, in the file's order. */
    private static final Map<String, RecordComponent> FIELDS = Arrays.stream(RoundSummary.class.getRecordComponents())
            .collect(Collectors.toMap(
                    component -> field(component.getName()), component -> component, (a, b) -> a, LinkedHashMap::new));

    /** The steps of the plan, and the check of the store, by the fields of their verdicts. */
    public static final List<String> STEPS = FIELDS.keySet().stream()
            .filter(field -> field.matches("v\\d\\d_.*"))
            .toList();

    /** unixTs is unix_ts. */
    private static String field(String component) {
        return component.replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /** Each field with the type of its value, in the file's order. */
    public static Map<String, Class<?>> types() {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        FIELDS.forEach((field, component) -> types.put(field, component.getType()));
        return types;
    }

    /** @param values by field; what is absent is null */
    static RoundSummary of(Map<String, Object> values) {
        try {
            Class<?>[] types = types().values().toArray(Class<?>[]::new);
            return RoundSummary.class
                    .getDeclaredConstructor(types)
                    .newInstance(FIELDS.keySet().stream().map(values::get).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the file has them: an instant is a text. */
    public Map<String, Object> fields() {
        Map<String, Object> values = new LinkedHashMap<>();
        FIELDS.forEach((field, component) -> {
            try {
                Object value = component.getAccessor().invoke(this);
                values.put(field, value instanceof Instant at ? at.toString() : value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
        return values;
    }

    public boolean healthy() {
        return healthy(health, Boolean.TRUE.equals(restarted));
    }

    static boolean healthy(String health, boolean restarted) {
        return "ok".equals(health) && !restarted;
    }

    /** Milliseconds with the three decimals that create-times.txt has. */
    public static Double millis(Double value) {
        return value == null ? null : Math.round(value * 1000) / 1000.0;
    }
}
