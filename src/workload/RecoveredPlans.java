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
 * What the round's own listing says of the plans that it recovered. A retry makes a plan active, and a rollback ends
 * it; a plan that is paused after either has left the stuck scan too, so that no later scan can refute the CLI's exit
 * code.
 */
public final class RecoveredPlans implements BiConsumer<String, JsonNode> {
    private static final Set<String> STOPPED = Set.of("paused", "cancelled", "canceled", "rolled_back");
    private static final Set<String> NOT_ENDED = Set.of("published", "active", "paused");

    private final Set<String> retried;
    private final Set<String> rolledBack;
    private final Map<String, String> otherwise = new TreeMap<>();

    /**
     * @param retried the plans of which the CLI said that it retried them
     * @param rolledBack those of which it said that it rolled them back
     */
    public RecoveredPlans(List<String> retried, List<String> rolledBack) {
        this.retried = new HashSet<>(retried);
        this.rolledBack = new HashSet<>(rolledBack);
    }

    /** A listed plan, by its id. */
    @Override
    public void accept(String id, JsonNode plan) {
        String phase = plan.path("phase").asText().toLowerCase(Locale.ROOT);
        if (retried.contains(id) && STOPPED.contains(phase) || rolledBack.contains(id) && NOT_ENDED.contains(phase)) {
            otherwise.put(id, phase);
        } else {
            otherwise.remove(id);
        }
    }

    /** A sentence where plans were stopped in place of retried, or go on after a rollback. */
    public Optional<String> warning() {
        if (otherwise.isEmpty()) {
            return Optional.empty();
        }
        boolean retry = rolledBack.isEmpty();
        boolean one = otherwise.size() == 1;
        List<String> shown = otherwise.entrySet().stream()
                .map(plan -> RoundFolder.named(plan.getKey()) + " (" + plan.getValue() + ")")
                .toList();
        return Optional.of(otherwise.size() + (one ? " plan" : " plans") + " that this round "
                + (retry ? "retried" : "rolled back") + " with exit code 0 " + (one ? "is" : "are") + " listed as "
                + (retry
                        ? "stopped: the exit code counts as a recovery, and nothing rolls out. Check what"
                                + " AUTONOMY_CLI does with --strategy retry, and whether somebody else stopped them: "
                        : "not rolled back: the exit code counts as a recovery. Check what AUTONOMY_CLI does with"
                                + " --strategy rollback, and whether the listing lags behind: ")
                + Recovery.firstOf(shown));
    }
}
