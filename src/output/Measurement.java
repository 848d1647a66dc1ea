package output;

import evidence.EvidenceDatabase;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a report says beside its verdicts: how the measures grow with the plans, what the harness itself costs, and what
 * a reader must know of the measurement. None of it changes a verdict.
 */
public record Measurement(List<Map<String, Object>> trends, List<Map<String, Object>> harnessCost, List<Object> notes) {
    public static Measurement of(EvidenceDatabase database) {
        return new Measurement(
                Evidence.rows(database, "SELECT * FROM trends"),
                Evidence.rows(database, "SELECT * FROM harness_cost"),
                notes(database, null));
    }

    /** @param date a UTC date, or null for the whole soak */
    public static List<Object> notes(EvidenceDatabase database, LocalDate date) {
        return Evidence.rows(
                        database,
                        "SELECT note FROM notes WHERE date IS NOT DISTINCT FROM CAST(? AS DATE)",
                        date == null ? null : date.toString())
                .stream()
                .map(row -> row.get("note"))
                .toList();
    }

    /** The row of one series. */
    public Map<String, Object> trend(String series) {
        return trends.stream()
                .filter(row -> series.equals(row.get("series")))
                .findFirst()
                .orElseThrow();
    }

    public void addTo(Map<String, Object> json) {
        json.put("trends", trends);
        json.put("harness_cost", harnessCost);
        json.put("notes", notes);
    }

    /** For the templates: {@code bases} is what the trends were told from, each with its series. */
    public Map<String, Object> texts() {
        return Map.of(
                "trends",
                trends,
                "harness_cost",
                harnessCost,
                "notes",
                notes,
                "bases",
                trends.stream()
                        .filter(row -> row.get("basis") != null)
                        .collect(Collectors.groupingBy(
                                row -> row.get("basis"),
                                LinkedHashMap::new,
                                Collectors.mapping(row -> (String) row.get("series"), Collectors.joining(", ")))));
    }
}
