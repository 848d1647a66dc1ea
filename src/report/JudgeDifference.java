package report;

import build.Judge;
import build.Version;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Something that the pinned judge sees otherwise than the one that makes a report.
 *
 * @param id of a check or a claim, or the name of a field
 * @param verdict null for a field, and of a check that this judge does not have; likewise {@code pinnedVerdict}
 */
public record JudgeDifference(String id, String verdict, JsonNode value, String pinnedVerdict, JsonNode pinnedValue) {
    private static final List<String> VERDICTS = List.of("checks", "claims", "site_checks");
    private static final List<String> OUTCOME = List.of("overall", "gate_d");
    /** Fields of a daily summary that are no figure of its date. */
    private static final Set<String> OF_THE_REPORT = Set.of("as_of", "complete", Version.FIELD, Judge.FIELD, "head");

    /** Of a report without checks, all its plain figures and its alerts are held against each other. */
    static List<JudgeDifference> between(JsonNode mine, JsonNode pinned) {
        List<JudgeDifference> found = new ArrayList<>();
        if (mine.has(VERDICTS.get(0))) {
            VERDICTS.stream()
                    .filter(mine::has) // one that was made without the site checks says nothing of them
                    .forEach(list -> verdicts(found, mine.path(list), pinned.path(list)));
            OUTCOME.forEach(field -> field(found, field, mine.path(field), pinned.path(field)));
        } else {
            Set<String> fields = new TreeSet<>();
            mine.fieldNames().forEachRemaining(fields::add);
            pinned.fieldNames().forEachRemaining(fields::add);
            fields.removeAll(OF_THE_REPORT);
            fields.forEach(field -> field(found, field, mine.path(field), pinned.path(field)));
        }
        return List.copyOf(found);
    }

    private static void verdicts(List<JudgeDifference> found, JsonNode mine, JsonNode pinned) {
        Map<String, JsonNode> own = byId(mine);
        Map<String, JsonNode> its = byId(pinned);
        Set<String> ids = new TreeSet<>(own.keySet());
        ids.addAll(its.keySet());
        for (String id : ids) {
            JsonNode one = own.getOrDefault(id, MissingNode.getInstance());
            JsonNode other = its.getOrDefault(id, MissingNode.getInstance());
            if (!one.path("verdict").equals(other.path("verdict")) || !same(one.path("value"), other.path("value"))) {
                found.add(new JudgeDifference(
                        id,
                        one.path("verdict").asText(null),
                        one.path("value"),
                        other.path("verdict").asText(null),
                        other.path("value")));
            }
        }
    }

    private static Map<String, JsonNode> byId(JsonNode list) {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        list.forEach(row -> rows.put(row.path("id").asText(), row));
        return rows;
    }

    private static void field(List<JudgeDifference> found, String name, JsonNode mine, JsonNode pinned) {
        if (!same(mine, pinned)) {
            found.add(new JudgeDifference(name, null, mine, null, pinned));
        }
    }

    private static boolean same(JsonNode mine, JsonNode pinned) {
        return mine.isNumber() && pinned.isNumber()
                ? mine.decimalValue().compareTo(pinned.decimalValue()) == 0
                : mine.equals(pinned);
    }

    /** Without a full stop. */
    public String words() {
        return id + " is " + shown(verdict, value) + " by this judge, " + shown(pinnedVerdict, pinnedValue)
                + " by the pinned one";
    }

    private static String shown(String verdict, JsonNode value) {
        String figure = value.isMissingNode()
                ? "not there"
                : value.isNull() ? "not measured" : value.isValueNode() ? value.asText() : value.toString();
        return verdict == null ? figure : verdict + " (" + figure + ")";
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("verdict", verdict);
        json.put("value", value.isMissingNode() ? null : value);
        json.put("pinned_verdict", pinnedVerdict);
        json.put("pinned_value", pinnedValue.isMissingNode() ? null : pinnedValue);
        return json;
    }
}
