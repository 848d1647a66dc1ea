package output;

import evidence.EvidenceDatabase;
import java.util.List;
import java.util.Map;

/**
 * The problems of the evidence.
 *
 * @param listed lines of a text or page, {@code file} and {@code reason}: three of those that are alike, and how many
 *     more there are
 * @param kept one each, as far as JSON holds them
 * @param leftOut of which kinds it lacks how many
 */
public record Problems(
        List<Map<String, Object>> listed, List<Map<String, Object>> kept, List<Map<String, Object>> leftOut) {
    public static Problems of(EvidenceDatabase database) {
        return new Problems(
                listed(database),
                Evidence.rows(database, "FROM problem_kept"),
                Evidence.rows(database, "FROM problem_left_out"));
    }

    /** Those of a page, which holds no others. */
    public static List<Map<String, Object>> listed(EvidenceDatabase database) {
        return Evidence.rows(database, "FROM problem_list");
    }

    public void addTo(Map<String, Object> report) {
        report.put("problems", kept);
        report.put("problems_left_out", leftOut);
    }
}
