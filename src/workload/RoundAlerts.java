package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import soak.AlertLog;

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

  /**
   * @param stuckCount null if this round did not get to scan
   * @param refuted likewise
   * @param lost null if the listing was not complete; likewise {@code duplicates}
   * @param budgetLeft as {@link UptimeBudget#leftOnceUsed}
   */
  public List<String> due(boolean healthy, Integer stuckCount, Integer refuted, Integer lost, Integer duplicates, Long budgetLeft, long day) {
    List<String> alerts = new ArrayList<>();
    int failures = unhealthyInARow(healthy);
    if (failures >= consecutive) {
      alerts.add("ALERT cp_health_failed consecutive_failures=" + failures + " day=" + day);
    }
    int stuckRounds = stuckInARow(stuckCount);
    if (stuckRounds >= consecutive) {
      alerts.add("ALERT stuck_plans consecutive_rounds=" + stuckRounds + " day=" + day);
    }
    if (refuted != null && refuted > 0) {
      alerts.add("ALERT recoveries_refuted=" + refuted + " threshold=0 day=" + day);
    }
    if (lost != null && lost > 0) {
      alerts.add("ALERT lost_plans=" + lost + " threshold=0 day=" + day);
    }
    if (duplicates != null && duplicates > 0) {
      alerts.add("ALERT duplicate_plans=" + duplicates + " threshold=0 day=" + day);
    }
    if (budgetLeft != null && budgetLeft <= FEW_LEFT) { // a streak is told when it may be too late: two rounds of 1,440 lose the availability check
      alerts.add("ALERT " + AlertLog.UPTIME_BUDGET_LEFT + "=" + Math.max(budgetLeft, LOST) + " threshold=" + FEW_LEFT + " day=" + day);
    }
    return alerts;
  }

  /** Up to and with the round that runs. */
  int unhealthyInARow(boolean healthy) {
    if (healthy) {
      return 0;
    }
    int streak = 1;
    for (Path round : history.newestFirst()) {
      Optional<JsonNode> summary = History.summary(round);
      // One without a summary was interrupted, and that counts as failed.
      if (summary.isPresent() && summary.get().path("health").asText().equals("ok") && !summary.get().path("restarted").asBoolean()) {
        break;
      }
      streak++;
    }
    return streak;
  }

  /** Up to and with the round that runs; {@code stuckCount} is null if it did not get to scan. */
  int stuckInARow(Integer stuckCount) {
    if (stuckCount == null || stuckCount == 0) {
      return 0;
    }
    int streak = 1;
    for (Path round : history.newestFirst()) {
      JsonNode stuck = History.summary(round).filter(s -> s.path("scan_ok").asBoolean()).map(s -> s.path("stuck_count")).orElse(null);
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
