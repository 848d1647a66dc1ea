package probe;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a control plane says of one plan: asked for by its id ({@code GET /v1/rollouts/ID}), or in a list. */
final class OnePlan {
    /** Below the answer itself: {@code {"data":{"rollout":{…}}}}. */
    private static final int DEPTH = 3;

    private static final Set<String> DELETED_FLAGS = Set.of("deleted", "isdeleted", "removed", "purged");
    private static final Set<String> DELETED_TIMES =
            Set.of("deletedat", "deletedon", "deletiontime", "deletiontimestamp", "removedat", "purgedat");
    private static final Set<String> STATES = Set.of("phase", "state", "status");
    private static final Pattern DELETED_STATE =
            Pattern.compile("(?i)(soft[ _-]?)?(deleted|purged|removed|tombstoned?)");

    /** Names of fields, which are the same in each of thousands of plans. */
    private static final Map<String, String> NORMAL = new ConcurrentHashMap<>();

    private static final int MOST_NAMES = 1000;

    private OnePlan() {}

    static ControlPlaneApi.ByItself of(HttpCall.Answer answer, PlanList plans, String id, Instant now) {
        if (answer.is(200)) {
            return shows(answer, plans, id, now) ? ControlPlaneApi.ByItself.SHOWN : ControlPlaneApi.ByItself.NOT_SHOWN;
        }
        if (answer.is(500)) {
            return ControlPlaneApi.ByItself.FAILED;
        }
        boolean refused = answer.problem() == null && answer.code().startsWith("4");
        boolean comesLater = answer.is(408) || answer.is(425) || answer.is(429);
        return refused && !comesLater ? ControlPlaneApi.ByItself.NOT_SHOWN : ControlPlaneApi.ByItself.NO_ANSWER;
    }

    private static boolean shows(HttpCall.Answer answer, PlanList plans, String id, Instant now) {
        try {
            return objects(Json.parse(answer.text()), DEPTH)
                    .anyMatch(object -> isPlan(object, plans, id) && !isDeleted(object, now));
        } catch (JsonProcessingException aPageForPeople) {
            return false;
        }
    }

    private static Stream<JsonNode> objects(JsonNode node, int depth) {
        Stream<JsonNode> itself = node.isObject() ? Stream.of(node) : Stream.empty();
        return depth == 0
                ? itself
                : Stream.concat(itself, node.valueStream().flatMap(child -> objects(child, depth - 1)));
    }

    private static boolean isPlan(JsonNode object, PlanList plans, String id) {
        try {
            return plans.id(object).equals(id);
        } catch (NotUnderstood noPlan) {
            return false;
        }
    }

    /** A plan of which only a mark is left is gone for whoever made it. */
    static boolean isDeleted(JsonNode plan, Instant now) {
        return plan.properties().stream().anyMatch(field -> {
            String name = normal(field.getKey());
            return DELETED_FLAGS.contains(name) && isTrue(field.getValue())
                    || DELETED_TIMES.contains(name) && isPast(field.getValue(), now)
                    || STATES.contains(name)
                            && DELETED_STATE.matcher(field.getValue().asText()).matches();
        });
    }

    private static String normal(String name) {
        return NORMAL.size() < MOST_NAMES ? NORMAL.computeIfAbsent(name, PageSigns::normal) : PageSigns.normal(name);
    }

    /** A number may be how many of the plan's targets are. */
    private static boolean isTrue(JsonNode flag) {
        return flag.isBoolean() ? flag.asBoolean() : flag.asText().equalsIgnoreCase("true");
    }

    /** A zero time says never: Go's, a database's, and that of 1970. One that is to come is only planned. */
    private static boolean isPast(JsonNode value, Instant now) {
        return value.isValueNode()
                && PageSigns.says(value)
                && !value.asText().matches("0+|-.*|000[01]-.*|1970-01-01.*")
                && StuckSince.time(value).filter(now::isBefore).isEmpty();
    }
}
