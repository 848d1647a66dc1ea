package verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import output.Builds;
import soak.Judge;
import soak.Version;

/**
 * Where a stored report is not the one that the evidence gives. A field that only this build writes is no difference,
 * nor is what an archive has masked.
 */
final class Differences {
    /** A report that is judged again quotes no archive, and names the build that judges now and what bin/ holds now. */
    private static final Set<String> NOT_JUDGED = Set.of(
            "archive", "archive_sha256", "restore_check", Version.FIELD, Judge.FIELD, Builds.JUDGING, Builds.FROZEN);

    private static final String MASK = "[masked]";
    private static final int SHOWN = 60;

    private final List<String> found = new ArrayList<>();

    private Differences() {}

    static List<String> of(JsonNode stored, JsonNode given) {
        Differences differences = new Differences();
        for (Map.Entry<String, JsonNode> field : stored.properties()) {
            if (!NOT_JUDGED.contains(field.getKey())) {
                differences.compare(field.getKey(), field.getValue(), given.get(field.getKey()));
            }
        }
        return differences.found;
    }

    private void compare(String path, JsonNode stored, JsonNode given) {
        if (given == null) {
            found.add(path + " is " + shown(stored) + ", which the evidence does not give");
        } else if (stored.isObject() && given.isObject()) {
            Set<String> names = new TreeSet<>();
            stored.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(path + "." + name, stored.get(name), given.get(name)));
        } else if (stored.isArray() && given.isArray()) {
            lists(path, stored, given);
        } else if (!same(stored, given)) {
            found.add(path + " is " + shown(stored) + ", the evidence gives " + shown(given));
        }
    }

    private void lists(String path, JsonNode stored, JsonNode given) {
        if (stored.size() != given.size()) {
            found.add(path + " has " + stored.size() + " entries, the evidence gives " + given.size());
            return;
        }
        for (int i = 0; i < stored.size(); i++) {
            String id = stored.get(i).path("id").asText("");
            compare(id.isEmpty() ? path + "[" + i + "]" : id, stored.get(i), given.get(i));
        }
    }

    private static boolean same(JsonNode stored, JsonNode given) {
        return stored.isNumber() && given.isNumber()
                ? stored.decimalValue().compareTo(given.decimalValue()) == 0
                : stored.equals(given) || stored.asText().contains(MASK);
    }

    private static String shown(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
