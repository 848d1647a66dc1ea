package lab.selftest;

import base.Failure;
import evidence.EvidenceDatabase;
import evidence.Scope;
import evidence.SqlScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import settings.Config;

/**
 * Everything that a final report says of a soak.
 *
 * @param verdicts by id of check or claim
 * @param reasons the detail beside each verdict, by id
 * @param figures final_report's, and what else is counted
 * @param findings problems and notes, each with the file that it names
 * @param refusal why there is no report at all, else null
 */
record Judgement(
        Map<String, String> verdicts,
        Map<String, String> reasons,
        Map<String, String> figures,
        List<String> findings,
        String refusal) {
    static Judgement of(SoakFolder folder, List<SqlScript> scripts) {
        try {
            Config config = EvidenceDatabase.withStart(Config.read(folder.dir));
            try (EvidenceDatabase database =
                    EvidenceDatabase.open(config, new Scope(config.schedule().end(), false, null), scripts)) {
                return of(database);
            }
        } catch (Failure refused) {
            return new Judgement(Map.of(), Map.of(), Map.of(), List.of(), refused.getMessage());
        }
    }

    private static Judgement of(EvidenceDatabase database) {
        Map<String, String> verdicts = new TreeMap<>();
        Map<String, String> reasons = new TreeMap<>();
        for (Map<String, Object> row : database.query(
                "SELECT id, verdict, detail FROM checks UNION ALL SELECT id, verdict, detail FROM claims")) {
            String id = (String) row.get("id");
            verdicts.put(id, (String) row.get("verdict"));
            reasons.put(id, (String) row.get("detail"));
        }
        Map<String, String> figures = new LinkedHashMap<>();
        database.query("FROM final_report").get(0).forEach((name, value) -> figures.put(name, String.valueOf(value)));
        figures.put(
                "alerts",
                String.valueOf(database.query("SELECT count(*) AS n FROM alerts")
                        .get(0)
                        .get("n")));
        List<String> findings = new ArrayList<>();
        database.query("FROM problems").forEach(row -> findings.add(row.get("file") + ": " + row.get("reason")));
        database.query("SELECT DISTINCT note FROM notes").forEach(row -> findings.add("note: " + row.get("note")));
        return new Judgement(verdicts, reasons, figures, findings, null);
    }
}
