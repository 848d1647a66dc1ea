package report;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import soak.Config;
import soak.Exit;
import soak.Json;

/** {@code --type status}: where the soak stands now. Writes no file. */
public final class StatusReport {
  private final Config config;
  private final Scope scope;

  public StatusReport(Config config, Scope scope) {
    this.config = config;
    this.scope = scope;
  }

  /** @return exit code: 11 if there is no round yet, which the status says too */
  public int run(Form form, PrintWriter out, PrintWriter err) {
    Map<String, Object> status;
    Map<String, Object> text;
    List<Map<String, Object>> checks;
    List<Map<String, Object>> claims;
    List<Object> alerts;
    Outlook outlook;
    Measurement measured;
    Junit junit;
    try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
      Evidence.requireRounds(database, scope);
      status = new LinkedHashMap<>(Evidence.one(database, "SELECT * FROM status"));
      text = Evidence.one(database, "SELECT * FROM status_text");
      checks = Evidence.verdicts(database, "checks");
      claims = Evidence.verdicts(database, "claims");
      alerts = Evidence.alerts(database);
      outlook = Outlook.of(database);
      measured = Measurement.of(database);
      junit = Junit.of(database, config, "status", config.startedAt(), scope);
    }
    if (form == Form.JSON) {
      status.put("alerts", alerts);
      status.put("checks", checks);
      status.put("claims", claims);
      outlook.addTo(status);
      measured.addTo(status);
      out.print(Json.write(status));
    } else {
      String asText = Templates.render("status.txt.ftl", Map.of("t", text, "checks", checks, "claims", claims, "alerts", alerts, "o", outlook.texts(), "m", measured.texts()));
      out.print(form == Form.TEXT ? asText : junit.verdicts("checks", checks).verdicts("claims", claims).outcome().xml(asText));
    }
    return Exit.OK;
  }
}
