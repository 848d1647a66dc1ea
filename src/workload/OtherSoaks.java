package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import settings.Config;

/**
 * Rounds that say that they ran for another soak: somebody copied them here. Reports know them by the same rule (view
 * origin, sql/2-views/25-kinds.sql). Where every round says another name, or another start, config.env was edited.
 */
final class OtherSoaks {
    private OtherSoaks() {}

    /** @return those of {@code rounds} that another soak made */
    static List<Path> among(List<Path> rounds, History history, Config config) {
        Predicate<Path> hasOurName = round -> said(round, "SOAK_ID").equals(config.get("SOAK_ID"));
        Predicate<Path> hasOurStart = round -> isOurStart(said(round, "SOAK_STARTED_AT"), config);
        boolean namesUs = history.newestFirst().stream().anyMatch(hasOurName);
        boolean startsUs = history.newestFirst().stream().anyMatch(hasOurStart);
        return rounds.stream()
                .filter(round -> !said(round, "SOAK_ID").isEmpty())
                .filter(round -> namesUs && !hasOurName.test(round) || startsUs && !hasOurStart.test(round))
                .toList();
    }

    private static String said(Path round, String setting) {
        return History.summary(round)
                .map(summary -> summary.path("targets").path(setting))
                .map(JsonNode::asText)
                .orElse("");
    }

    private static boolean isOurStart(String said, Config config) {
        if (said.isEmpty()) {
            return true;
        }
        try {
            return config.schedule().slot(Instant.parse(said))
                    == config.schedule().slot(config.startedAt());
        } catch (DateTimeException noTime) {
            return said.equals(config.get("SOAK_STARTED_AT"));
        }
    }
}
