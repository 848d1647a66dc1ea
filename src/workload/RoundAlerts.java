package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The alerts that a round raises at once, by the plan's format (contract, section 4 "Alerts"). */
public final class RoundAlerts {
    /** From here on a failure is one that the soak may not be able to afford. */
    private static final int FEW_LEFT = 1;

    private static final int LOST = -1;

    private final History history;
    private final int consecutive;

    /** @param consecutive ALERT_CONSECUTIVE: from how long a streak on it is an alert */
    public RoundAlerts(History history, int consecutive) {
        this.history = history;
        this.consecutive = consecutive;
    }

    /** @param budgetLeft as {@link UptimeBudget#leftOnceUsed} */
    public List<String> due(RoundSummary round, Long budgetLeft, long day) {
        List<String> alerts = new ArrayList<>();
        int failures = unhealthyInARow(round.healthy());
        if (failures >= consecutive) {
            alerts.add("ALERT cp_health_failed consecutive_failures=" + failures + " day=" + day);
        }
        int stuckRounds = stuckInARow(round.stuckCount());
        if (stuckRounds >= consecutive) {
            alerts.add("ALERT stuck_plans consecutive_rounds=" + stuckRounds + " day=" + day);
        }
        aboveNone(alerts, "recoveries_refuted", round.recoveriesRefuted(), day);
        aboveNone(alerts, "lost_plans", round.lostPlans(), day);
        aboveNone(alerts, "duplicate_plans", round.duplicatePlans(), day);
        // a streak is told when it may be too late: two rounds of 1,440 lose the availability check
        if (budgetLeft != null && budgetLeft <= FEW_LEFT) {
            alerts.add("ALERT " + AlertLog.UPTIME_BUDGET_LEFT + "=" + Math.max(budgetLeft, LOST) + " threshold="
                    + FEW_LEFT + " day=" + day);
        }
        return alerts;
    }

    /** @param found null if the round could not tell */
    private static void aboveNone(List<String> alerts, String what, Long found, long day) {
        if (found != null && found > 0) {
            alerts.add("ALERT " + what + "=" + found + " threshold=0 day=" + day);
        }
    }

    /** Up to and with the round that runs. */
    int unhealthyInARow(boolean healthy) {
        if (healthy) {
            return 0;
        }
        int streak = 1;
        for (Path round : history.newestFirst()) {
            if (RoundOutcome.of(round).healthy()) { // one without a summary was interrupted, and is not
                break;
            }
            streak++;
        }
        return streak;
    }

    /** Up to and with the round that runs; {@code stuckCount} is null if it did not get to scan. */
    int stuckInARow(Long stuckCount) {
        if (stuckCount == null || stuckCount == 0) {
            return 0;
        }
        int streak = 1;
        for (Path round : history.newestFirst()) {
            JsonNode stuck = History.summary(round)
                    .filter(s -> s.path("scan_ok").asBoolean())
                    .map(s -> s.path("stuck_count"))
                    .orElse(null);
            if (stuck == null) {
                continue; // no scan neither lengthens nor ends the streak
            }
            if (stuck.asInt() == 0) {
                break;
            }
            streak++;
        }
        return streak;
    }
}
