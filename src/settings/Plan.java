package settings;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import soak.Schedule;

/**
 * What the plan fixes and no setting moves, each with the check that goes by it; behind them what the contract adds
 * where the plan is silent. Rounds go by these, and SQL has them as the one row of {@code raw_plan}. What config.env
 * may set, with the plan's values as defaults, is {@link Setting}'s.
 */
public final class Plan {
    /** First check: so long may the control plane take to start. */
    public static final int CP_START_MS = 10_000;
    /** Third check and step 5: "check >= 100 after round 10". */
    public static final int FLEET_ROUND = 10;
    /** Second check: so many creates of round 1 may fail. */
    public static final int CREATE_ERRORS = 0;
    /** Fifth check: so many stuck scans may fail. */
    public static final int SCAN_FAILURES = 0;
    /** Sixth and seventh check: the first days, which they are about. */
    public static final int EARLY_DAYS = 7;
    /** Gate D: so long must a soak be. */
    public static final int GATE_DAYS = 30;
    /** Overall: the last hours of a soak, which must hold a round; the status tells the alerts of as many. */
    public static final int RECENT_HOURS = 24;

    /** Contract, section 4 "Lists without effect": above this what the prober itself adds is worth a warning. */
    public static final double PROBE_OVERHEAD_MS = 5;
    /** Contract, section 3, stalled_creates: from here on a create was measured while the prober itself stood still. */
    public static final double STALL_MS = 5;
    /** Contract, section 4 "Lists without effect": by more than this the wall clock was set while a round ran. */
    public static final int CLOCK_STEP_MS = 1000;
    /**
     * Contract, section 4 "Status": cron's own time and the start of the JVM's; half the interval where that is less.
     */
    public static final int OVERDUE_SECONDS = 120;
    /** Contract, section 4 "Time". */
    public static final int DAY_SECONDS = Schedule.SECONDS_PER_DAY;

    private Plan() {}

    /** Each constant by its name in SQL, fleet_round for FLEET_ROUND. */
    public static Map<String, Number> values() {
        Map<String, Number> values = new LinkedHashMap<>();
        for (Field field : Plan.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers()) && Modifier.isStatic(field.getModifiers())) {
                try {
                    values.put(field.getName().toLowerCase(Locale.ROOT), (Number) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e); // it is public
                }
            }
        }
        return values;
    }
}
