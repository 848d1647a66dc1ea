package page;

import evidence.EvidenceDatabase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import output.Evidence;
import soak.Schedule;

/** What a page's charts draw: its rounds, and for their tables its days. */
final class HtmlRows {
    private final EvidenceDatabase database;
    private final List<Map<String, Object>> rounds;
    /** A page about a day or two tells each round, a longer one each day. */
    private final boolean tellsRounds;

    private List<Map<String, Object>> days; // a short page needs none

    HtmlRows(EvidenceDatabase database, double from, double to) {
        this.database = database;
        this.tellsRounds = to - from <= 2 * Schedule.SECONDS_PER_DAY;
        this.rounds = Evidence.rows(
                database, "SELECT * FROM round_page WHERE unix_ts >= ? AND unix_ts < ? ORDER BY unix_ts", from, to);
    }

    List<Map<String, Object>> rounds() {
        return rounds;
    }

    List<Map<String, Object>> days() {
        if (days == null) {
            days = Evidence.rows(database, "SELECT * FROM day_page");
        }
        return days;
    }

    static Double number(Map<String, Object> row, String column) {
        return row.get(column) == null ? null : ((Number) row.get(column)).doubleValue();
    }

    static double at(Map<String, Object> row) {
        return number(row, "unix_ts");
    }

    private DoubleStream values(String column) {
        return rounds.stream()
                .map(r -> number(r, column))
                .filter(Objects::nonNull)
                .mapToDouble(v -> v);
    }

    double most(String column) {
        return values(column).max().orElse(0);
    }

    double least(String column) {
        return values(column).min().orElse(0);
    }

    boolean measured(String column) {
        return values(column).findAny().isPresent();
    }

    List<double[]> series(String column) {
        List<double[]> points = new ArrayList<>();
        for (Map<String, Object> round : rounds) {
            Double value = number(round, column);
            points.add(value == null ? null : new double[] {at(round), value});
        }
        return points;
    }

    /** What one dot says: the round and its value. */
    static String named(Map<String, Object> round, String value) {
        return round.get("round_id") + ": " + value;
    }

    static String ms(Double value) {
        return value == null ? "no latency" : HtmlAxis.plain(Math.round(value * 1000) / 1000.0) + " ms";
    }

    /** The chart's numbers, per round on a short page, else per soak day. */
    HtmlChart.Table table(
            String caption, LinkedHashMap<String, String> ofDays, LinkedHashMap<String, String> ofRounds) {
        LinkedHashMap<String, String> columns = new LinkedHashMap<>();
        if (tellsRounds) {
            columns.put("Round", "round_id");
            columns.putAll(ofRounds);
        } else {
            columns.put("Day", "soak_day");
            columns.put("Begins", "begins");
            columns.putAll(ofDays);
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Map<String, Object> row : tellsRounds ? rounds : days()) {
            rows.add(columns.values().stream()
                    .map(column -> shown(row.get(column)))
                    .toList());
        }
        return new HtmlChart.Table(
                caption + (tellsRounds ? ", per round" : ", per soak day"),
                List.copyOf(columns.keySet()),
                columns.values().stream()
                        .map(c -> !c.matches("round_id|begins|slowest_round|status|remarks"))
                        .toList(),
                rows);
    }

    private static Object shown(Object value) {
        return value == null ? "n/a" : value instanceof Double number ? HtmlAxis.plain(number) : value;
    }

    static LinkedHashMap<String, String> columns(String... headingAndColumn) {
        LinkedHashMap<String, String> columns = new LinkedHashMap<>();
        for (int i = 0; i < headingAndColumn.length; i += 2) {
            columns.put(headingAndColumn[i], headingAndColumn[i + 1]);
        }
        return columns;
    }
}
