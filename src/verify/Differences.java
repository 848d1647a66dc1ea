package verify;

import build.Judge;
import build.Version;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import output.Builds;
import settings.Secrets;

/** Where a stored report is not the one that the evidence gives. */
final class Differences {
    /**
     * What the evidence does not give: a report that is judged again quotes no archive and no restore check, and names
     * the build that judges now and what bin/ holds now.
     */
    private static final Set<String> NOT_JUDGED = Set.of(
            "archive", "archive_sha256", "restore_check", Version.FIELD, Judge.FIELD, Builds.JUDGING, Builds.FROZEN);

    /** In a report of each build: without one, it is no report of an older build. */
    private static final Set<String> IN_EACH = Set.of(
            "soak_id",
            "as_of",
            "complete",
            "rehearsal",
            "total_rounds",
            "overall",
            "gate_d",
            "passed_checks",
            "checks",
            "claims",
            "verdict",
            "value");

    private static final int SHOWN = 60;

    /** Whether the judge that made the report knows the same fields. */
    private final boolean sameJudge;

    private final List<String> found = new ArrayList<>();

    private Differences(boolean sameJudge) {
        this.sameJudge = sameJudge;
    }

    static List<String> of(JsonNode stored, JsonNode given) {
        Differences differences = new Differences(judge(stored).equals(judge(given)));
        differences.objects("", stored, given, NOT_JUDGED);
        return differences.found;
    }

    private static String judge(JsonNode report) {
        return report.path(Judge.FIELD).path("sha256").asText();
    }

    private void objects(String before, JsonNode stored, JsonNode given, Set<String> but) {
        Set<String> names = new LinkedHashSet<>();
        stored.fieldNames().forEachRemaining(names::add);
        given.fieldNames().forEachRemaining(names::add);
        names.removeAll(but);
        for (String name : names) {
            if (stored.has(name)) {
                compare(before + name, stored.get(name), given.get(name));
            } else if (IN_EACH.contains(name) || sameJudge) {
                found.add(before + name + " is not there, the evidence gives " + shown(given.get(name)));
            }
        }
    }

    private void compare(String path, JsonNode stored, JsonNode given) {
        if (given == null) {
            found.add(path + " is " + shown(stored) + ", which the evidence does not give");
        } else if (stored.isObject() && given.isObject()) {
            objects(path + ".", stored, given, Set.of());
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
                : stored.equals(given)
                        || stored.isTextual() && given.isTextual() && sameButForMasks(stored.asText(), given.asText());
    }

    /**
     * An archive masks evidence and report each for itself: they agree where both say the same once what an archive
     * masks is masked in either. A text that was cut to a length before it was masked ends earlier than one that was
     * cut afterwards.
     */
    private static boolean sameButForMasks(String stored, String given) {
        String one = Secrets.withoutShapes(stored);
        String other = Secrets.withoutShapes(given);
        return one.equals(other) || one.contains(Secrets.MASK) && other.startsWith(one);
    }

    private static String shown(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
