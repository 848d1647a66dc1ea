package probe;

import base.Json;
import base.Printable;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import settings.Config;

/** Finds the array of plans in an answer, and the id in a plan, whose names a control plane may choose. */
final class PlanList {
    private static final List<String> LIST_KEYS = List.of(
            ("plans rollouts items rollout_plans results result data content value values entries records nodes edges")
                    .split(" "));
    private static final List<String> STUCK_KEYS =
            List.of(("stuck_plans diagnosis stuck stuck_rollouts plans rollouts items results result data content"
                            + " value values entries records nodes edges")
                    .split(" "));
    private static final List<String> ID_KEYS = List.of("plan_id", "id", "rollout_id", "rollout_plan_id", "name");
    /** Arrays that are no plans. */
    private static final Set<String> NO_LISTS = Set.of("links", "link", "errors", "error", "warnings");
    /** Nulls that are no empty list. */
    private static final Set<String> NO_EMPTY_LISTS =
            Set.of(("next nextcursor nextpagetoken nexttoken nextlink nexturl nextpage continue previous prev"
                            + " error errors warnings message")
                    .split(" "));

    private static final int DEPTH = 3;
    private static final int SHOWN_FIELDS = 8;
    private static final int FIELD_BYTES = 60;

    private final String configured;
    private final String setting;
    private final List<String> known;
    private final String idKey;
    private final boolean mayBeEmpty;

    private PlanList(String configured, String setting, List<String> known, String idKey, boolean mayBeEmpty) {
        this.configured = configured;
        this.setting = setting;
        this.known = known;
        this.idKey = idKey;
        this.mayBeEmpty = mayBeEmpty;
    }

    static PlanList all(Config config) {
        return new PlanList(config.listKey(), "CP_LIST_KEY", LIST_KEYS, config.idKey(), false);
    }

    static PlanList stuck(Config config) {
        return new PlanList(config.stuckKey(), "CP_STUCK_KEY", STUCK_KEYS, config.idKey(), true);
    }

    /**
     * The array under the configured name, a known one, or the only one there is; null stands for an empty one. Of a
     * stuck scan an answer that is null is empty too, and so is an object without any field whose list CP_STUCK_KEY
     * names: Go writes lists without items so. A listing is never empty, for a round has created plans before it.
     */
    JsonNode list(JsonNode root) throws NotUnderstood {
        if (root.isArray()) {
            return root;
        }
        if (mayBeEmpty && (root.isNull() || root.isObject() && root.isEmpty() && !configured.isEmpty())) {
            return Json.MAPPER.createArrayNode();
        }
        if (!root.isObject()) {
            throw new NotUnderstood("the answer is neither an object nor an array");
        }
        if (!configured.isEmpty()) {
            JsonNode named = PageSigns.at(root, configured);
            if (named.isArray() || named.isNull()) {
                return named.isNull() ? Json.MAPPER.createArrayNode() : named;
            }
            throw new NotUnderstood("the answer has no array " + configured + " (" + setting + ")");
        }
        JsonNode found = find(root, DEPTH);
        if (found == null) {
            throw new NotUnderstood("the answer has no array of plans with a known name: name the right one in "
                    + setting + (mayBeEmpty && root.isEmpty() ? ", and {} counts as an empty list" : ""));
        }
        return found;
    }

    private JsonNode find(JsonNode object, int depth) {
        for (String name : known) {
            if (object.path(name).isArray()) {
                return object.get(name);
            }
        }
        List<JsonNode> arrays = new ArrayList<>();
        List<JsonNode> nulls = new ArrayList<>();
        object.properties().forEach(field -> {
            String name = PageSigns.normal(field.getKey());
            if (field.getValue().isArray() && !NO_LISTS.contains(name)) {
                arrays.add(field.getValue());
            } else if (field.getValue().isNull() && !NO_EMPTY_LISTS.contains(name)) {
                nulls.add(field.getValue());
            }
        });
        // texts beside it are regions or the like, and no plans
        if (known.stream().anyMatch(name -> object.path(name).isNull())
                && arrays.stream().allMatch(PlanList::holdsNoObject)) {
            return Json.MAPPER.createArrayNode();
        }
        // So are messages beside the object that holds the plans.
        boolean lieDeeper = arrays.isEmpty()
                ? depth > 1
                : arrays.stream().allMatch(PlanList::holdsNoObject) && isKnownBelow(object, depth);
        if (arrays.size() == 1 && !lieDeeper) {
            return arrays.get(0);
        }
        JsonNode deeper = null;
        if (lieDeeper) {
            for (JsonNode child : object) {
                JsonNode inner = child.isObject() ? find(child, depth - 1) : null;
                if (inner != null && deeper != null) {
                    return null; // two of them
                }
                deeper = inner == null ? deeper : inner;
            }
        }
        return deeper != null
                ? deeper
                : depth == DEPTH && arrays.isEmpty() && nulls.size() == 1 ? Json.MAPPER.createArrayNode() : null;
    }

    /** Whether an object in this one has an array of a known name. */
    private boolean isKnownBelow(JsonNode object, int depth) {
        for (JsonNode child : object) {
            if (depth > 1
                    && child.isObject()
                    && (known.stream().anyMatch(name -> child.path(name).isArray())
                            || isKnownBelow(child, depth - 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsNoObject(JsonNode array) {
        for (JsonNode item : array) {
            if (item.isObject()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The plan's id: CP_ID_KEY where that is set and the plan has it, which those of other people may lack; else
     * {@link #ownId}.
     */
    String id(JsonNode item) throws NotUnderstood {
        Optional<String> named = named(item);
        return named.isPresent() ? named.get() : ownId(item);
    }

    /** The id that stands where CP_ID_KEY says. */
    private Optional<String> named(JsonNode item) {
        return idKey.isEmpty() ? Optional.empty() : asId(PageSigns.at(item, idKey));
    }

    /** A text or a whole number is an id, and nothing else is. */
    static Optional<String> asId(JsonNode value) {
        return value.isTextual() || value.isIntegralNumber() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** The id by which the control plane and its CLI know a plan: the first known name. */
    String ownId(JsonNode item) throws NotUnderstood {
        if (item.isTextual()) {
            return item.asText();
        }
        JsonNode plan = item.path("node").isObject() ? item.get("node") : item; // an edge of Relay's
        for (String key : ID_KEYS) {
            Optional<String> own = asId(plan.path(key));
            if (own.isPresent()) {
                return own.get();
            }
        }
        Optional<String> named = named(item);
        if (named.isPresent()) {
            return named.get();
        }
        String has = plan.properties().stream()
                .limit(SHOWN_FIELDS)
                .map(field -> Printable.line(field.getKey(), FIELD_BYTES))
                .collect(Collectors.joining(", "));
        throw new NotUnderstood("a plan in the answer has no id (looked for " + String.join(", ", ID_KEYS)
                + (has.isEmpty() ? "" : "; it has " + has) + "): name its field in CP_ID_KEY");
    }

    /** The dotted path of the first field in a plan that holds one of these ids. */
    static Optional<String> pathOf(JsonNode value, Set<String> ids, String path) {
        if (value.isTextual() && ids.contains(value.asText())) {
            return Optional.of(path);
        }
        return value.properties().stream()
                .map(field ->
                        pathOf(field.getValue(), ids, path.isEmpty() ? field.getKey() : path + "." + field.getKey()))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
