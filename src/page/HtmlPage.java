package page;

import base.PlainFile;
import evidence.EvidenceDatabase;
import evidence.SqlScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import output.Alerts;
import output.Evidence;
import output.Measurement;
import output.Problems;
import output.Templates;
import soak.Schedule;

/**
 * A report as one HTML file that needs nothing beside it: no script, no network, no second file. Links lead to the
 * evidence by relative paths. What is shown comes from the views of sql/6-reports/80-html.sql, how it looks from
 * templates/html.
 */
public final class HtmlPage {
    private static final Pattern AS_OF = Pattern.compile("<meta name=\"as-of\" content=\"([^\"]*)\">");
    /** Of the rounds that a verdict turns on, so many are named. */
    private static final int MOST_NAMED = 5;

    private final Map<String, Object> model = new LinkedHashMap<>();
    private final String template;

    private HtmlPage(String template) {
        this.template = template;
    }

    /** The whole soak up to as_of: final report, checkpoint and status. */
    public static HtmlPage ofSoak(
            String template,
            EvidenceDatabase database,
            Map<String, Object> texts,
            Measurement measured,
            List<Map<String, Object>> alerts) {
        HtmlPage page = new HtmlPage(template);
        Map<String, Object> soak = Evidence.one(database, """
            SELECT t0_unix,
                   CASE WHEN checkpoint_day IS NULL OR checkpoint_day >= soak_days THEN end_unix
                     ELSE t0_unix + checkpoint_day * day_seconds END AS shown_until,
              day_seconds // interval_seconds AS slots_per_day, interval_seconds FROM soak\
            """);
        long from = (Long) soak.get("t0_unix");
        long to = (Long) soak.get("shown_until");
        long perDay = (Long) soak.get("slots_per_day");
        page.common(database, texts, measured);
        page.seals(database);
        HtmlCharts charts = new HtmlCharts(database, from, to, from, alerts);
        page.model.put(
                "slots",
                new HtmlSlots(
                        database,
                        0,
                        (to - from) / (Long) soak.get("interval_seconds"),
                        (int) perDay,
                        Math.floorMod(from, Schedule.SECONDS_PER_DAY)));
        page.charts(charts, Alerts.listed(database));
        page.model.put("trend", charts.trend(measured.trend("p99_ms")));
        page.model.put("days", charts.days());
        return page;
    }

    /** One UTC date of the soak. */
    public static HtmlPage ofDate(
            EvidenceDatabase database, LocalDate date, Map<String, Object> texts, List<Map<String, Object>> alerts) {
        HtmlPage page = new HtmlPage("daily.ftlh");
        Map<String, Object> soak = Evidence.one(
                database,
                "SELECT soak_id, t0_unix, interval_seconds, total_slots, day_seconds // interval_seconds AS"
                        + " slots_per_day, shown_instant(as_of) AS as_of FROM soak");
        long from = date.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        long to = date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        long t0 = (Long) soak.get("t0_unix");
        long interval = (Long) soak.get("interval_seconds");
        Map<String, Object> t = new LinkedHashMap<>(texts);
        t.put("soak_id", soak.get("soak_id"));
        t.put("as_of", soak.get("as_of"));
        page.model.put("t", t);
        HtmlCharts charts = new HtmlCharts(database, from, to, t0, alerts);
        page.model.put(
                "slots",
                new HtmlSlots(
                        database,
                        Math.max(0, Math.floorDiv(from - t0 + interval - 1, interval)),
                        Math.min((Long) soak.get("total_slots"), Math.floorDiv(to - t0 + interval - 1, interval)),
                        ((Long) soak.get("slots_per_day")).intValue(),
                        Math.floorMod(t0, Schedule.SECONDS_PER_DAY)));
        page.charts(charts, alerts.stream().map(alert -> alert.get("line")).toList());
        page.seals(database);
        return page;
    }

    private void common(EvidenceDatabase database, Map<String, Object> texts, Measurement measured) {
        model.put("t", texts);
        model.put("headline", Evidence.one(database, "SELECT * FROM headline"));
        model.put("tiles", Evidence.rows(database, "SELECT * FROM key_figures"));
        Map<Boolean, List<Map<String, Object>>> verdicts = verdicts(database).stream()
                .collect(Collectors.partitioningBy(v -> v.get("kind").equals("site check")));
        model.put("verdicts", verdicts.get(false));
        model.put("site_checks", verdicts.get(true));
        model.put("problems", Problems.listed(database));
        model.put("m", measured.texts());
    }

    private void seals(EvidenceDatabase database) {
        model.put(
                "seals", Evidence.one(database, "SELECT words FROM seal_words").get("words"));
    }

    /** @param alertLines that are listed */
    private void charts(HtmlCharts charts, List<Object> alertLines) {
        model.put("latency", charts.latency());
        model.put("plans", charts.plans());
        model.put("growth", charts.growth());
        model.put("recoveries", charts.recoveries());
        model.put("alerts", charts.alertTimeline(alertLines));
        List<Map<String, Object>> rounds = charts.rounds();
        List<Map<String, Object>> remarkable = charts.namesRounds()
                ? rounds
                : rounds.stream()
                        .filter(r -> !r.get("status").equals("ok")
                                || !r.get("remarks").equals(""))
                        .toList();
        model.put("all_rounds", rounds.size());
        model.put("remarkable_rounds", remarkable.size());
        model.put(
                "rounds",
                charts.namesRounds()
                        ? rounds
                        : remarkable.subList(0, Math.min(remarkable.size(), HtmlCharts.MOST_LISTED)));
    }

    private static List<Map<String, Object>> verdicts(EvidenceDatabase database) {
        Map<Object, List<Map<String, Object>>> rounds = Evidence.rows(
                        database, "SELECT * FROM verdict_rounds WHERE place <= " + MOST_NAMED + " ORDER BY id, place")
                .stream()
                .collect(Collectors.groupingBy(row -> row.get("id")));
        List<SqlScript> scripts = SqlScript.bundled();
        List<Map<String, Object>> verdicts = new ArrayList<>();
        for (Map<String, Object> verdict : Evidence.rows(database, "SELECT * FROM verdict_page")) {
            String id = (String) verdict.get("id");
            List<Map<String, Object>> named = rounds.getOrDefault(id, List.of());
            verdict.put("rounds", named);
            verdict.put("more", named.isEmpty() ? 0 : (Long) named.get(0).get("rounds") - named.size());
            scripts.stream()
                    .filter(s -> s.name().startsWith(id + "-"))
                    .findFirst()
                    .ifPresent(s -> {
                        verdict.put("sql_file", "sql/" + s.path());
                        verdict.put("sql", s.text().strip());
                    });
            verdicts.add(verdict);
        }
        return verdicts;
    }

    /** The lines of alerts.log for the timeline. */
    public static List<Map<String, Object>> alerts(EvidenceDatabase database) {
        return Evidence.rows(
                database, "SELECT line, level, key, day, epoch(logged_at) AS unix_ts FROM alerts ORDER BY line_no");
    }

    public HtmlPage with(String name, Object value) {
        model.put(name, value);
        return this;
    }

    /** @param root how the page's place leads to SOAK_DIR: empty, or {@code ../} */
    public String render(String root) {
        model.put("root", root);
        return Templates.render("html/" + template, model);
    }

    /** The name beside a report's JSON: {@code checkpoint-7d.html} for {@code checkpoint-7d.json}. */
    public static Path beside(Path json) {
        return json.resolveSibling(json.getFileName().toString().replaceFirst("\\.json$", ".html"));
    }

    /**
     * Whether a page on disk speaks of a later moment than {@code asOf}: a report about the past must not take its
     * place. One that speaks of the future was made by a clock that stood ahead.
     */
    public static boolean isNewer(Path page, String asOf, Instant now) throws IOException {
        if (!Files.exists(page)) {
            return false;
        }
        Matcher found = AS_OF.matcher(PlainFile.text(page, StandardCharsets.ISO_8859_1)); // it may be damaged
        return found.find()
                && found.group(1).compareTo(asOf) > 0
                && found.group(1).compareTo(now.toString()) <= 0;
    }
}
