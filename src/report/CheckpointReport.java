package report;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import output.Evidence;
import output.Form;
import output.Measurement;
import output.Templates;
import page.HtmlPage;
import soak.Config;
import soak.Exit;
import soak.Json;
import soak.Version;

/** {@code --type checkpoint}: the soak up to day N. */
public final class CheckpointReport {
    private static final String DAY_SUFFIX = "_nd";

    private final Config config;
    private final Scope scope;

    public CheckpointReport(Config config, Scope scope) {
        this.config = config;
        this.scope = scope;
    }

    /** @return exit code: 10 if a check or a claim is failed, or overall or Gate D at the end */
    public int run(Form form, PrintWriter out, PrintWriter err) throws IOException {
        Map<String, Object> report;
        Map<String, Object> text;
        Verdicts verdicts;
        List<Map<String, Object>> problems;
        Outlook outlook;
        Measurement measured;
        Junit junit;
        boolean anyFailed;
        String html;
        try (EvidenceDatabase database = EvidenceDatabase.openWithSiteSql(config, scope)) {
            Evidence.requireRounds(database, scope);
            report = named(Evidence.one(database, "SELECT * FROM checkpoint_report"));
            text = Evidence.one(database, "SELECT * FROM checkpoint_text");
            verdicts = Verdicts.of(database);
            problems = Evidence.problems(database);
            outlook = Outlook.of(database);
            measured = Measurement.of(database);
            anyFailed = Evidence.anyFailed(database);
            junit = Junit.of(database, config, "checkpoint " + scope.checkpointDay() + "d", config.startedAt(), scope);
            html = HtmlPage.ofSoak("checkpoint.ftlh", database, text, measured, HtmlPage.alerts(database))
                    .render("../");
        }
        verdicts.addTo(report);
        outlook.addTo(report);
        measured.addTo(report);
        report.put("problems", problems);
        report.put(Version.FIELD, Version.NUMBER);
        String json = Json.write(report);
        Path file = config.dir().checkpoint(scope.checkpointDay());
        if (Evidence.staysForAn(file, (Boolean) report.get("complete"))) {
            err.println(Evidence.stays(file));
        } else {
            Evidence.writeIfNew(config.dir(), file, json);
            Evidence.writeIfNew(config.dir(), HtmlPage.beside(file), html);
        }
        String asText = Templates.render(
                "checkpoint.txt.ftl",
                Map.of(
                        "t",
                        text,
                        "v",
                        verdicts.texts(),
                        "problems",
                        problems,
                        "o",
                        outlook.texts(),
                        "m",
                        measured.texts()));
        out.print(
                switch (form) {
                    case TEXT -> asText;
                    case JSON -> json;
                    case JUNIT -> verdicts.addTo(junit).xml(asText);
                });
        return anyFailed ? Exit.BAD : Exit.OK;
    }

    /** {@code rollback_rate_nd} is {@code rollback_rate_14d} on day 14. */
    private Map<String, Object> named(Map<String, Object> row) {
        Map<String, Object> named = new LinkedHashMap<>();
        row.forEach((column, value) -> named.put(
                column.endsWith(DAY_SUFFIX)
                        ? column.substring(0, column.length() - DAY_SUFFIX.length()) + "_" + scope.checkpointDay() + "d"
                        : column,
                value));
        return named;
    }
}
