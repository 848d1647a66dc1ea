package report;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import soak.AlertLog;
import soak.Config;
import soak.Exit;
import soak.Json;

/** {@code --type daily}: one UTC date, its summary file, and the alerts that it is due. */
public final class DailyReport {
  private final Config config;
  private final LocalDate date;
  private final Scope scope;

  public DailyReport(Config config, LocalDate date, Scope scope) {
    this.config = config;
    this.date = date;
    this.scope = scope;
  }

  /** @return exit code: 10 if the date has an ALERT */
  public int run(Form form, PrintWriter out, PrintWriter err) throws IOException {
    Map<String, Object> summary;
    Map<String, Object> text;
    List<String> due = new ArrayList<>();
    List<String> alerts = new ArrayList<>();
    List<Object> notes;
    String lost;
    Junit junit;
    try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
      Evidence.requireRounds(database, scope);
      summary = new LinkedHashMap<>(Evidence.one(database, "SELECT * FROM daily WHERE date = ?", date));
      text = Evidence.one(database, "SELECT * FROM daily_text WHERE date = ?", date.toString());
      lost = Outlook.lostLine(database);
      junit = Junit.of(database, config, "daily " + date, date.atStartOfDay(ZoneOffset.UTC).toInstant(), scope);
      notes = Measurement.notes(database, date);
      List<Object> raised = new ArrayList<>();
      for (Map<String, Object> alert : database.query("SELECT key, line FROM alerts WHERE day = ? ORDER BY line_no", summary.get("day"))) {
        alerts.add((String) alert.get("line"));
        raised.add(alert.get("key"));
      }
      for (Map<String, Object> alert : database.query("SELECT key, text FROM daily_alert_lines WHERE date = ?", date)) {
        due.add((String) alert.get("text"));
        if (!raised.contains(alert.get("key"))) {
          alerts.add(AlertLog.line(scope.asOf(), (String) alert.get("text")));
        }
      }
    }
    summary.put("alerts", alerts);
    summary.put("notes", notes);
    String json = Json.write(summary);
    Evidence.writeIfNew(config.dir(), config.dir().dailySummary(date), json);
    AlertLog log = new AlertLog(config, err);
    for (String line : due) {
      log.raise(scope.asOf(), line);
    }
    String asText = Templates.render("daily.txt.ftl", Map.of("t", text, "lost", lost, "alerts", alerts, "notes", notes));
    out.print(switch (form) {
      case TEXT -> asText;
      case JSON -> json;
      case JUNIT -> junit.alerts(summary, alerts).xml(asText);
    });
    return alerts.stream().anyMatch(line -> line.contains(" ALERT ")) ? Exit.BAD : Exit.OK;
  }
}
