package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What the round's own listing says of the plans that it retried. A retry makes a plan active; one that is paused,
 * cancelled or rolled back after it has left the stuck scan too, so that no later scan can refute the CLI's exit code.
 */
public final class RetriedPlans implements BiConsumer<String, JsonNode> {
    private static final Set<String> STOPPED = Set.of("paused", "cancelled", "canceled", "rolled_back");

    private final Set<String> retried;
    private final Map<String, String> stopped = new TreeMap<>();

    /** @param retried the plans of which the CLI said that it retried them */
    public RetriedPlans(List<String> retried) {
        this.retried = new HashSet<>(retried);
    }

    /** A listed plan, by its id. */
    @Override
    public void accept(String id, JsonNode plan) {
        if (!retried.contains(id)) {
            return;
        }
        String phase = plan.path("phase").asText().toLowerCase(Locale.ROOT);
        if (STOPPED.contains(phase)) {
            stopped.put(id, phase);
        } else {
            stopped.remove(id);
        }
    }

    /** A sentence where plans were stopped in place of retried. */
    public Optional<String> warning() {
        if (stopped.isEmpty()) {
            return Optional.empty();
        }
        List<String> shown = stopped.entrySet().stream()
                .map(plan -> RoundFolder.named(plan.getKey()) + " (" + plan.getValue() + ")")
                .toList();
        return Optional.of(stopped.size() + (stopped.size() == 1 ? " plan" : " plans")
                + " that this round retried with exit code 0 "
                + (stopped.size() == 1 ? "is" : "are")
                + " listed as stopped: the exit code counts as a recovery, and nothing rolls out. Check what"
                + " AUTONOMY_CLI does with --strategy retry, and whether somebody else stopped them: "
                + Recovery.firstOf(shown));
    }
}
