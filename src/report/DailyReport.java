package report;

import base.Exit;
import base.Json;
import base.PlainFile;
import build.Version;
import com.fasterxml.jackson.core.JsonProcessingException;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import output.Evidence;
import output.Form;
import output.Measurement;
import output.Templates;
import page.HtmlPage;
import seal.Head;
import settings.Config;
import workload.AlertLog;

/** {@code --type daily}: one UTC date, its summary file, and the alerts that it is due. */
public final class DailyReport {
    private final Config config;
    private final LocalDate date;
    private final Scope scope;
    private final Instant now;

    public DailyReport(Config config, LocalDate date, Window window) {
        this.config = config;
        this.date = date;
        this.scope = window.daily(date);
        this.now = window.now();
    }

    /**
     * @param printOnly whether no file is written, and no alert raised
     * @return exit code: 10 if the date has an ALERT, or something that was sealed is not as it was
     */
    public int run(PrintOnly printOnly, Form form, PrintWriter out, PrintWriter err) throws IOException {
        Judging asked = Judging.of(config, scope, "--type", "daily", "--date", date.toString());
        try (EvidenceDatabase database = EvidenceDatabase.open(config, scope, printOnly.cache(config))) {
            Evidence.requireRounds(database, scope);
            Map<String, Object> summary =
                    new LinkedHashMap<>(Evidence.one(database, "SELECT * FROM daily WHERE date = ?", date));
            Map<String, Object> text =
                    Evidence.one(database, "SELECT * FROM daily_text WHERE date = ?", date.toString());
            DateAlerts alerts = alerts(database, summary.get("day"));
            List<Object> notes = Measurement.notes(database, date);
            summary.put("alerts", alerts.lines());
            summary.put("notes", notes);
            summary.putAll(Evidence.one(database, """
                SELECT k.as_of, k.as_of >= CAST(CAST(? AS DATE) + 1 AS TIMESTAMP) AT TIME ZONE 'UTC' AS complete,
                  f.rehearsal, f.cp_mode FROM soak k, figures f\
                """, date));
            Judging judging = asked.beside(summary);
            summary.put(Version.FIELD, Version.NUMBER);
            judging.addTo(summary);
            Path file = config.dir().dailySummary(date);
            Optional<Head> head = head(file);
            head.ifPresent(newest -> summary.put("head", newest.toJson()));
            String json = Json.write(summary);
            if (!printOnly.holds(config.dir(), file, (Boolean) summary.get("complete"), err)) {
                Evidence.writeIfNew(config.dir(), file, json);
                AlertLog log = new AlertLog(config, err);
                for (Map<String, Object> alert : alerts.due()) {
                    log.raise(scope.asOf(), (String) alert.get("text"));
                }
                // Last: nothing that a page needs may keep an alert from being raised.
                pages(database, text, notes, summary.get("day"), alerts.logged(), judging);
            }
            String asText = Templates.render(
                    "daily.txt.ftl",
                    Map.of(
                            "t",
                            text,
                            "lost",
                            Outlook.lostLine(database),
                            "alerts",
                            alerts.lines(),
                            "notes",
                            notes,
                            "judge",
                            judging.texts(),
                            "head",
                            head.map(Head::toString).orElse("")));
            String altered = (String) text.get("altered");
            out.print(
                    switch (form) {
                        case TEXT -> asText;
                        case JSON -> json;
                        case JUNIT ->
                            Junit.of(database, config, "daily " + date, startOf(date), scope)
                                    .alerts(summary, alerts.lines(), altered)
                                    .xml(asText);
                    });
            return !altered.isEmpty() || alerts.areBad() ? Exit.BAD : Exit.OK;
        }
    }

    private static Instant startOf(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /**
     * The alerts of the date.
     *
     * @param lines those in alerts.log, and those that this report adds
     * @param due rows of daily_alert_lines, raised or not
     * @param logged rows of all dates, those that this report adds among them
     */
    private record DateAlerts(List<String> lines, List<Map<String, Object>> due, List<Map<String, Object>> logged) {
        boolean areBad() {
            return lines.stream().anyMatch(line -> line.contains(" ALERT "));
        }
    }

    private DateAlerts alerts(EvidenceDatabase database, Object day) {
        List<String> lines = new ArrayList<>();
        List<Object> raised = new ArrayList<>();
        for (Map<String, Object> alert :
                database.query("SELECT key, line FROM alerts WHERE day = ? ORDER BY line_no", day)) {
            lines.add((String) alert.get("line"));
            raised.add(alert.get("key"));
            raised.add(AlertLog.withoutStamp((String) alert.get("line")));
        }
        List<Map<String, Object>> due =
                database.query("SELECT level, key, text FROM daily_alert_lines WHERE date = ?", date);
        List<Map<String, Object>> logged = new ArrayList<>(HtmlPage.alerts(database));
        // What was raised while the date ran may have been premature: the report of the whole date adds its own.
        String same = scope.asOf().equals(startOf(date.plusDays(1))) ? "text" : "key";
        for (Map<String, Object> alert : due) {
            if (!raised.contains(alert.get(same))) {
                alert.put("line", AlertLog.line(scope.asOf(), (String) alert.get("text")));
                alert.put("day", day);
                alert.put("unix_ts", scope.asOf().getEpochSecond());
                lines.add((String) alert.get("line"));
                logged.add(alert);
            }
        }
        return new DateAlerts(lines, due, logged);
    }

    /**
     * The head of the date's last sealed round. What the first report of the date said of that round stays, whatever
     * became of it since: it is older, and --type verify holds the round against it.
     */
    private Optional<Head> head(Path file) throws IOException {
        Optional<Head> now = Head.ofDate(config.dir().rounds().resolve(date.toString()), scope.asOf());
        try {
            Optional<Head> first = Files.exists(file)
                    ? Head.of(Json.parse(PlainFile.text(file)).path("head"))
                    : Optional.empty();
            return first.isPresent()
                            && now.isPresent()
                            && first.get().roundId().equals(now.get().roundId())
                    ? first
                    : now;
        } catch (JsonProcessingException damaged) {
            return now; // this report mends it
        }
    }

    private void pages(
            EvidenceDatabase database,
            Map<String, Object> text,
            List<Object> notes,
            Object day,
            List<Map<String, Object>> logged,
            Judging judging)
            throws IOException {
        List<Map<String, Object>> ofDate =
                logged.stream().filter(alert -> day.equals(alert.get("day"))).toList();
        String word = ofDate.stream().anyMatch(a -> "ALERT".equals(a.get("level")))
                ? "ALERT"
                : ofDate.isEmpty() ? "NO ALERT" : "WARN";
        Evidence.writeIfNew(
                config.dir(),
                HtmlPage.beside(config.dir().dailySummary(date)),
                HtmlPage.ofDate(database, date, text, ofDate)
                        .with("word", word)
                        .with("notes", notes)
                        .with("judge", judging.texts())
                        .render("../"));
        Path status = config.dir().statusPage();
        Map<String, Object> standing = Evidence.one(database, "SELECT * FROM status_text");
        if (!HtmlPage.isNewer(status, (String) standing.get("as_of"), now)) {
            Evidence.writeIfNew(
                    config.dir(),
                    status,
                    HtmlPage.ofSoak("status.ftlh", database, standing, Measurement.of(database), logged)
                            .with("judge", Judging.unasked(config, scope).texts())
                            .render(""));
        }
    }
}
