package report;

import evidence.EvidenceDatabase;
import java.util.List;
import java.util.Map;
import output.Evidence;

/**
 * Whether the soak can still pass, by check and claim and as a whole, and how sure each rate is. None of it changes a
 * verdict.
 */
record Outlook(List<Map<String, Object>> margins, Map<String, Object> whole) {
    static Outlook of(EvidenceDatabase database) {
        return new Outlook(
                Evidence.rows(database, "SELECT * FROM margins"), Evidence.one(database, "SELECT * FROM outlook"));
    }

    void addTo(Map<String, Object> json) {
        json.put("outlook", whole);
        json.put("margins", margins);
    }

    Map<String, Object> texts() {
        return Map.of("line", whole.get("line"), "margins", margins);
    }

    /** @return empty unless something is lost already */
    static String lostLine(EvidenceDatabase database) {
        Map<String, Object> whole = Evidence.one(database, "SELECT * FROM outlook");
        return "already lost".equals(whole.get("gate_d")) || "already lost".equals(whole.get("overall"))
                ? (String) whole.get("line")
                : "";
    }
}
