package lab.selftest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One damage to good evidence, and what the judge must say of it: exactly these verdicts, these figures, and a reason
 * that names these files.
 */
final class Mutation {
    interface Damage {
        void to(SoakFolder soak) throws IOException;
    }

    final String name;
    final Damage damage;
    final TreeSet<String> failing = new TreeSet<>();
    final Map<String, String> figures = new LinkedHashMap<>();
    final List<String> named = new ArrayList<>();
    boolean harmless;
    boolean refused;
    boolean ofTheMonth;

    private Mutation(String name, Damage damage) {
        this.name = name;
        this.damage = damage;
    }

    static Mutation of(String name, Damage damage) {
        return new Mutation(name, damage);
    }

    /** These checks and claims become FAIL, and no other one. */
    Mutation fails(String... ids) {
        failing.addAll(List.of(ids));
        return this;
    }

    /** A figure of the final report becomes this. */
    Mutation figure(String figure, Object value) {
        figures.put(figure, String.valueOf(value));
        return this;
    }

    /** A detail, problem or note that was not there before holds this. */
    Mutation names(String... files) {
        named.addAll(List.of(files));
        return this;
    }

    /** By contract: not one word of the report changes. */
    Mutation changesNothing() {
        harmless = true;
        return this;
    }

    /** It is done to the soak of 30 days, of which Gate D speaks. */
    Mutation inTheMonth() {
        ofTheMonth = true;
        return this;
    }

    /** There is no report: exit 64, and the sentence names the file. */
    Mutation isRefused(String... files) {
        refused = true;
        return names(files);
    }

    String expected() {
        if (harmless) {
            return "nothing changes";
        }
        List<String> parts = new ArrayList<>();
        if (refused) {
            parts.add("refused");
        }
        if (!failing.isEmpty()) {
            parts.add(Outcome.shown(failing) + " FAIL");
        }
        figures.forEach((figure, value) -> parts.add(figure + "=" + value));
        parts.add("names " + String.join(" and ", named));
        return String.join("; ", parts);
    }
}
