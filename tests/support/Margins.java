import evidence.EvidenceDatabase;
import evidence.Scope;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import lab.selftest.SoakFixture;

/** What the report says at a moment of how near each check is to its target, and of what can still come. */
record Margins(Map<String, Map<String, Object>> margins, Map<String, Object> outlook, Map<String, Object> verdict) {
    static Margins of(SoakFixture soak, Instant asOf) {
        return of(soak, asOf, null);
    }

    /** @param day of a checkpoint; null of a status */
    static Margins of(SoakFixture soak, Instant asOf, Integer day) {
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(asOf, false, day))) {
            Map<String, Map<String, Object>> margins = new TreeMap<>();
            database.query("FROM margins").forEach(row -> margins.put((String) row.get("id"), row));
            return new Margins(
                    margins,
                    database.query("FROM outlook").get(0),
                    database.query("FROM verdict").get(0));
        }
    }

    String margin(String id) {
        Map<String, Object> row = margins.get(id);
        return row.get("outlook") + ": " + row.get("margin");
    }

    String confidence(String id) {
        return (String) margins.get(id).get("confidence_text");
    }
}
