package output;

import evidence.EvidenceDatabase;
import java.util.List;
import java.util.Map;

/**
 * The lines of alerts.log.
 *
 * @param listed lines of a text or page: of many that are alike the first three, and how many more there are
 * @param kept one each, as far as JSON holds them
 * @param leftOut of which kinds it lacks how many
 */
public record Alerts(List<Object> listed, List<Object> kept, List<Map<String, Object>> leftOut) {
    public static Alerts of(EvidenceDatabase database) {
        return new Alerts(
                listed(database), lines(database, "FROM alert_kept"), Evidence.rows(database, "FROM alert_left_out"));
    }

    /** Those of a text or page, which holds no others. */
    public static List<Object> listed(EvidenceDatabase database) {
        return lines(database, "FROM alert_list");
    }

    /** All, the oldest first. */
    public static List<Object> lines(EvidenceDatabase database) {
        return lines(database, "SELECT line FROM alerts");
    }

    private static List<Object> lines(EvidenceDatabase database, String sql) {
        return Evidence.rows(database, sql).stream().map(row -> row.get("line")).toList();
    }

    public void addTo(Map<String, Object> report) {
        report.put("alerts", kept);
        report.put("alerts_left_out", leftOut);
    }
}
