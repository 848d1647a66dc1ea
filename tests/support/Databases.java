import static org.junit.jupiter.api.Assertions.assertEquals;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;

/** The database of a soak that a test has made, once it has ended, and what it says. */
final class Databases {
    private Databases() {}

    static EvidenceDatabase judged(SoakFixture soak) {
        return EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null));
    }

    /** The one value that a statement gives. */
    static Object one(EvidenceDatabase database, String sql) {
        List<Map<String, Object>> rows = database.query(sql);
        assertEquals(1, rows.size(), sql + " " + rows);
        return rows.get(0).values().iterator().next();
    }

    /** The first row that a statement gives before the first round of a soak. */
    static Map<String, Object> row(SoakFixture soak, String sql) {
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(Instant.parse("2026-10-01T00:30:00Z"), false, null))) {
            return database.query(sql).get(0);
        }
    }

    static List<String> notes(EvidenceDatabase database, String where) {
        return database.query("SELECT note FROM notes WHERE " + where).stream()
                .map(r -> (String) r.get("note"))
                .toList();
    }

    static List<String> problems(EvidenceDatabase database) {
        return database.query("SELECT file || ' ' || reason AS p FROM problems").stream()
                .map(r -> (String) r.get("p"))
                .toList();
    }
}
