package report;

import evidence.EvidenceDatabase;
import java.util.List;
import java.util.Map;
import output.Evidence;

/**
 * The checks of the plan, the claims under test, and the checks of the user's own, as every report shows them. The last
 * move neither the overall verdict nor Gate D, and stand nowhere in a report of a soak that has none.
 */
record Verdicts(
        List<Map<String, Object>> checks, List<Map<String, Object>> claims, List<Map<String, Object>> siteChecks) {
    static Verdicts of(EvidenceDatabase database) {
        return new Verdicts(of(database, "checks"), of(database, "claims"), of(database, "site_checks"));
    }

    private static List<Map<String, Object>> of(EvidenceDatabase database, String view) {
        List<Map<String, Object>> verdicts = Evidence.rows(
                database, "SELECT id, name, verdict, value, target, detail FROM " + view + " ORDER BY id");
        verdicts.forEach(row -> row.replaceAll((column, value) -> wholeAsInteger(value)));
        return verdicts;
    }

    /** The one column of all values holds counts too: 14400, not 14400.0. */
    private static Object wholeAsInteger(Object value) {
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
                ? (Object) number.longValue()
                : value;
    }

    void addTo(Map<String, Object> json) {
        json.put("checks", checks);
        json.put("claims", claims);
        if (!siteChecks.isEmpty()) {
            json.put("site_checks", siteChecks);
        }
    }

    /** For templates. */
    Map<String, Object> texts() {
        return Map.of("checks", checks, "claims", claims, "site_checks", siteChecks);
    }

    Junit addTo(Junit junit) {
        return junit.verdicts("checks", checks).verdicts("claims", claims).verdicts("site checks", siteChecks);
    }
}
