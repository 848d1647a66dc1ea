package page;

import static page.HtmlRows.at;
import static page.HtmlRows.columns;
import static page.HtmlRows.ms;
import static page.HtmlRows.named;
import static page.HtmlRows.number;

import evidence.EvidenceDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import output.Evidence;
import soak.Schedule;

/** The charts of a page, from rows of the views. Nothing is computed here but where a value lies on the paper. */
final class HtmlCharts {
    /** From so many rounds on a page would be too large if each had a row, and a dot that names it. */
    static final int MOST_NAMED_ROUNDS = 3000;

    /** So many of those that are not ok have a row where not all have one. */
    static final int MOST_LISTED = 1000;

    private static final int DAY = Schedule.SECONDS_PER_DAY;

    private final HtmlRows rows;
    private final List<Map<String, Object>> rounds;
    private final List<Map<String, Object>> recoveries;
    private final List<Map<String, Object>> alerts;
    private final Map<String, Object> targets;
    private final double from;
    private final double to;
    private final double dayOne;

    /**
     * @param from where the charts begin, in seconds since 1970
     * @param alerts of {@code alerts}: line, level, key and unix_ts
     */
    HtmlCharts(EvidenceDatabase database, double from, double to, double dayOne, List<Map<String, Object>> alerts) {
        this.from = from;
        this.to = to;
        this.dayOne = dayOne;
        this.rows = new HtmlRows(database, from, to);
        this.rounds = rows.rounds();
        this.recoveries = Evidence.rows(
                database, "SELECT * FROM recovery_page WHERE unix_ts >= ? AND unix_ts < ? ORDER BY unix_ts", from, to);
        this.alerts = alerts;
        this.targets = Evidence.one(
                database,
                "SELECT p99_ms, CAST(rollback_rate AS DOUBLE) AS rollback_rate, plan_count, shown_target(p99_ms) AS"
                        + " p99_text, rollback_rate_text, shown_target(plan_count) AS plan_count_text FROM targets");
    }

    List<Map<String, Object>> rounds() {
        return rounds;
    }

    List<Map<String, Object>> days() {
        return rows.days();
    }

    boolean namesRounds() {
        return rounds.size() <= MOST_NAMED_ROUNDS;
    }

    private HtmlAxis time() {
        return HtmlAxis.time(from, to, dayOne);
    }

    HtmlChart latency() {
        double target = number(targets, "p99_ms");
        double least = Math.max(0.01, Math.min(rows.measured("p99_ms") ? rows.least("p99_ms") : target, target));
        HtmlAxis y = HtmlAxis.log(least, Math.max(rows.most("p99_ms"), target) * 1.05, "ms, log scale");
        HtmlChart chart = new HtmlChart(
                "latency",
                "Create latency",
                "p99 of the creates of each round; failed rounds and restarts are marked.",
                time(),
                y);
        chart.target(target, "target " + targets.get("p99_text") + " ms");
        for (Map<String, Object> round : rounds) {
            Double p99 = number(round, "p99_ms");
            boolean ok = round.get("status").equals("ok");
            if (p99 != null && ok) {
                chart.dot(at(round), Math.max(p99, least), namesRounds() ? named(round, ms(p99)) : "");
            }
            if (!ok) {
                chart.mark(
                        (String) round.get("status"),
                        at(round),
                        p99 == null ? y.high() : Math.max(p99, least),
                        named(round, round.get("status") + ", " + ms(p99)));
            }
            if (round.get("restarted").equals(true)) {
                chart.mark("restart", at(round), y.high(), named(round, "the control plane was restarted"));
            }
        }
        return chart.key("round", "dot", "healthy round")
                .key("failed", "failed", "failed round")
                .key("interrupted", "interrupted", "interrupted round")
                .key("restart", "restart", "restart")
                .key("target", "rule", "target")
                .table(rows.table(
                        "p99 of creates",
                        columns(
                                "Rounds",
                                "rounds",
                                "Median p99 ms",
                                "median_p99_ms",
                                "Largest p99 ms",
                                "max_p99_ms",
                                "In round",
                                "slowest_round",
                                "Not ok",
                                "failed",
                                "Interrupted",
                                "interrupted",
                                "Restarts",
                                "restarts"),
                        columns(
                                "p50 ms", "p50_ms", "p99 ms", "p99_ms", "max ms", "max_ms", "Status", "status",
                                "Remarks", "remarks")));
    }

    HtmlChart plans() {
        double target = number(targets, "plan_count");
        HtmlChart chart = new HtmlChart(
                "plans",
                "Plans in store",
                "Plans in the complete listing of each round.",
                time(),
                HtmlAxis.linear(Math.max(rows.most("plan_count"), target), "plans"));
        return chart.target(target, "target " + targets.get("plan_count_text"))
                .line("series", rows.series("plan_count"))
                .key("series", "line", "plans listed")
                .key("target", "rule", "target, from round 10 on")
                .table(rows.table(
                        "plans in store",
                        columns("Rounds", "rounds", "Plans at the day’s end", "plan_count"),
                        columns("Plans", "plan_count")));
    }

    /** @param trend the row of p99_ms in {@code trends} */
    HtmlChart trend(Map<String, Object> trend) {
        double most = rows.most("p99_ms");
        Double slope = number(trend, "slope_per_1000_plans");
        Double intercept = number(trend, "intercept");
        HtmlAxis x = HtmlAxis.linear(Math.max(1, rows.most("plan_count")), "plans");
        HtmlChart chart = new HtmlChart(
                "trend",
                "Latency against plans in store",
                "p99 by plan count: " + trend.get("detail")
                        + (trend.get("basis") == null ? "." : " (Theil–Sen; " + trend.get("basis") + ")."),
                x,
                HtmlAxis.linear(most > 0 ? most : 1, "ms"));
        for (Map<String, Object> round : rounds) {
            Double p99 = number(round, "p99_ms");
            Double plans = number(round, "plan_count");
            if (p99 != null && plans != null) {
                chart.dot(plans, p99, "");
            }
        }
        chart.key("round", "dot", "round");
        if (slope != null && intercept != null) {
            double first = Math.max(0, rows.least("plan_count"));
            double last = rows.most("plan_count");
            chart.line("fit", List.of(new double[] {first, intercept + slope / 1000 * first}, new double[] {
                last, intercept + slope / 1000 * last
            }));
            chart.key("fit", "line", "fitted trend");
        }
        double target = number(targets, "p99_ms");
        if (target <= chart.getY().high()) {
            chart.target(target, "target " + targets.get("p99_text") + " ms").key("target", "rule", "target");
        } else {
            chart.key("none", "", "target " + targets.get("p99_text") + " ms: above this chart");
        }
        return chart.table(rows.table(
                "p99 and plans",
                columns(
                        "Plans at the day’s end",
                        "plan_count",
                        "Median p99 ms",
                        "median_p99_ms",
                        "Largest p99 ms",
                        "max_p99_ms"),
                columns("Plans", "plan_count", "p99 ms", "p99_ms")));
    }

    /** Four, as each has a unit of its own. */
    List<HtmlChart> growth() {
        return Arrays.asList(
                sized(
                        "store",
                        "Store",
                        "Size of the control plane’s data, including its write-ahead log.",
                        "store_bytes",
                        "Store at the day’s end"),
                sized("wal", "Write-ahead log", "Size of SQLite’s -wal file.", "wal_bytes", "Largest log"),
                sized(
                        "memory",
                        "Memory",
                        "Resident memory of the control plane’s process.",
                        "cp_rss_bytes",
                        "Largest memory"),
                growth(
                        "descriptors",
                        "Descriptors",
                        "Files that the control plane’s process holds open.",
                        "cp_open_fds",
                        "Most descriptors",
                        HtmlAxis.linear(Math.max(1, rows.most("cp_open_fds")), "")));
    }

    private HtmlChart sized(String id, String title, String about, String column, String heading) {
        return growth(id, title, about, column, heading, HtmlAxis.bytes(Math.max(1, rows.most(column))));
    }

    private HtmlChart growth(String id, String title, String about, String column, String heading, HtmlAxis y) {
        HtmlChart chart = new HtmlChart(id, title, rows.measured(column) ? about : about + " Not measured.", time(), y)
                .line("series", rows.series(column));
        return chart.table(
                rows.table(title.toLowerCase(Locale.ROOT), columns(heading, column), columns(title, column)));
    }

    HtmlChart recoveries() {
        double target = number(targets, "rollback_rate");
        double least =
                recoveries.stream().mapToDouble(r -> number(r, "rate")).min().orElse(1);
        List<double[]> band = recoveries.stream()
                .filter(r -> r.get("low") != null)
                .map(r -> new double[] {at(r), number(r, "low"), number(r, "high")})
                .toList();
        // The first few attempts leave the band open down to 0: the axis follows what the last third knows.
        double narrow = band.stream()
                .skip(band.size() * 2L / 3)
                .mapToDouble(p -> p[1])
                .min()
                .orElse(1);
        HtmlAxis y = HtmlAxis.rate(Math.min(Math.min(least, target), narrow));
        HtmlChart chart = new HtmlChart(
                "recoveries",
                "Recoveries",
                recoveries.isEmpty()
                        ? "No recovery was attempted, so there is no rate. That is not a pass."
                        : "The success rate of all recoveries so far, after each round with recoveries, and its 95 %"
                                + " confidence interval, assuming independent recoveries (Clopper–Pearson).",
                time(),
                y);
        chart.band(band.stream()
                .map(p -> new double[] {p[0], Math.max(p[1], y.low()), p[2]})
                .toList());
        chart.target(target, "target " + targets.get("rollback_rate_text"));
        chart.line(
                "series",
                recoveries.stream()
                        .map(r -> new double[] {at(r), number(r, "rate")})
                        .toList());
        for (Map<String, Object> round : recoveries) {
            if ((Long) round.get("recovery_fail") + (Long) round.get("recoveries_refuted") > 0) {
                chart.mark(
                        "failed",
                        at(round),
                        number(round, "rate"),
                        named(
                                round,
                                round.get("recovery_fail") + " failed, " + round.get("recoveries_refuted")
                                        + " of earlier rounds refuted; " + round.get("ok") + " of "
                                        + round.get("attempts") + " succeeded so far"));
            }
        }
        return chart.key("series", "line", "cumulative rate")
                .key("band", "band", "95 % confidence interval")
                .key("failed", "failed", "a recovery failed, or was refuted")
                .key("target", "rule", "target")
                .table(rows.table(
                        "recoveries",
                        columns(
                                "Succeeded",
                                "recovery_ok",
                                "Failed",
                                "recovery_fail",
                                "Refuted",
                                "recoveries_refuted",
                                "Succeeded so far",
                                "cumulative_ok",
                                "Attempted so far",
                                "cumulative_attempts",
                                "Rate so far",
                                "cumulative_rate",
                                "95 % confidence interval",
                                "cumulative_interval"),
                        columns(
                                "Succeeded",
                                "recovery_ok",
                                "Failed",
                                "recovery_fail",
                                "Refuted",
                                "recoveries_refuted")));
    }

    /**
     * Lanes of one kind of alert each; y is the lane.
     *
     * @param lines those that are listed below
     */
    Map<String, Object> alertTimeline(List<Object> lines) {
        HtmlAxis x = time();
        Map<String, List<HtmlChart.Point>> lanes = new LinkedHashMap<>();
        for (Map<String, Object> alert : alerts) {
            Double at = number(alert, "unix_ts");
            if (at != null && at >= from && at <= to + DAY && alert.get("key") != null) {
                lanes.computeIfAbsent((String) alert.get("key"), k -> new ArrayList<>())
                        .add(new HtmlChart.Point(
                                "ALERT".equals(alert.get("level")) ? "alert" : "warn",
                                Math.min(100, x.position(at)),
                                50,
                                (String) alert.get("line")));
            }
        }
        return Map.of(
                "x",
                x,
                "lanes",
                lanes.entrySet().stream()
                        .map(e -> Map.of(
                                "name",
                                e.getKey(),
                                "alerts",
                                e.getValue().size(),
                                "marks",
                                HtmlChart.Point.marks(e.getValue())))
                        .toList(),
                "all",
                alerts.size(),
                "lines",
                lines);
    }
}
