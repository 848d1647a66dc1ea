package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * What a round adds to the soak's totals. An interrupted round has neither creates nor recoveries here: those of its raw
 * files are the reports' business.
 *
 * @param at the second of its folder
 * @param recorded whether it has a summary; else it was interrupted
 * @param planCount null where it did not count, likewise {@code lost} and {@code duplicate}
 */
record RoundOutcome(Instant at, boolean recorded, boolean healthy, boolean restarted, long createOk, long createErrors, long recoveryOk, long recoveryFail,
    Long planCount, Long lost, Long duplicate) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);

  static RoundOutcome of(Path folder) {
    Instant at = LocalDate.parse(folder.getParent().getFileName().toString())
        .atTime(LocalTime.parse(folder.getFileName().toString().substring("round-".length()), TIME)).toInstant(ZoneOffset.UTC);
    Optional<JsonNode> summary = History.summary(folder);
    return summary.isPresent() ? of(at, summary.get()) : new RoundOutcome(at, false, false, false, 0, 0, 0, 0, null, null, null);
  }

  static RoundOutcome of(Instant at, JsonNode summary) {
    boolean restarted = summary.path("restarted").asBoolean();
    Long recovered = whole(summary, "recovery_ok");
    Long failed = whole(summary, "recovery_fail");
    boolean bothKnown = recovered != null && failed != null; // a success whose failures are unknown is none that can be counted
    return new RoundOutcome(at, true, summary.path("health").asText().equals("ok") && !restarted, restarted,
        summary.path("create_ok").asLong(), summary.path("create_errors").asLong(), bothKnown ? recovered : 0, failed != null ? failed : 0,
        whole(summary, "plan_count"), whole(summary, "lost_plans"), whole(summary, "duplicate_plans"));
  }

  static Long whole(JsonNode summary, String field) {
    JsonNode value = summary.path(field);
    return value.isNumber() || value.isTextual() && value.asText().matches("\\d{1,18}") ? (Long) value.asLong() : null;
  }

  boolean foundLossOrDoubles() {
    return lost != null && lost > 0 || duplicate != null && duplicate > 0;
  }
}
