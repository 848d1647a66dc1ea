package report;

import base.Exit;
import base.Json;
import build.Version;
import cache.DayCache;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import output.Evidence;
import output.Form;
import output.Measurement;
import output.Problems;
import output.Templates;
import page.HtmlPage;
import settings.Config;

/** {@code --type checkpoint}: the soak up to day N. */
public final class CheckpointReport {
    private static final String DAY_SUFFIX = "_nd";

    private final Config config;
    private final Scope scope;

    public CheckpointReport(Config config, Scope scope) {
        this.config = config;
        this.scope = scope;
    }

    private record Judged(
            Map<String, Object> report,
            Map<String, Object> text,
            Verdicts verdicts,
            Problems problems,
            Outlook outlook,
            Measurement measured,
            Junit junit,
            boolean anyFailed,
            Judging judging,
            String html) {}

    /** What the evidence gives, as the checkpoint's file would have it without site checks; nothing is written. */
    public String judged() {
        return Json.write(judge(Judging.unasked(config, scope), EvidenceDatabase.open(config, scope))
                .report());
    }

    private Judged judge(DayCache cache) {
        String day = scope.checkpointDay().toString();
        return judge(
                Judging.of(config, scope, "--type", "checkpoint", "--day", day),
                EvidenceDatabase.openWithSiteSql(config, scope, cache));
    }

    private Judged judge(Judging asked, EvidenceDatabase opened) {
        try (EvidenceDatabase database = opened) {
            Evidence.requireRounds(database, scope);
            Map<String, Object> text = Evidence.one(database, "SELECT * FROM checkpoint_text");
            Map<String, Object> report = named(Evidence.one(database, "SELECT * FROM checkpoint_report"));
            Verdicts verdicts = Verdicts.of(database);
            verdicts.addTo(report);
            Judging judging = asked.beside(report);
            Measurement measured = Measurement.of(database);
            Judged judged = new Judged(
                    report,
                    text,
                    verdicts,
                    Problems.of(database),
                    Outlook.of(database),
                    measured,
                    Junit.of(database, config, "checkpoint " + scope.checkpointDay() + "d", config.startedAt(), scope),
                    Evidence.anyFailed(database),
                    judging,
                    HtmlPage.ofSoak("checkpoint.ftlh", database, text, measured, HtmlPage.alerts(database))
                            .with("judge", judging.texts())
                            .render("../"));
            judged.outlook.addTo(report);
            judged.measured.addTo(report);
            judged.problems.addTo(report);
            report.put(Version.FIELD, Version.NUMBER);
            judging.addTo(report);
            return judged;
        }
    }

    /**
     * @param printOnly whether no file is written
     * @return exit code: 10 if a check or a claim is failed, or overall or Gate D at the end
     */
    public int run(PrintOnly printOnly, Form form, PrintWriter out, PrintWriter err) throws IOException {
        Judged judged = judge(printOnly.cache(config));
        String json = Json.write(judged.report);
        Path file = config.dir().checkpoint(scope.checkpointDay());
        if (!printOnly.holds(config.dir(), file, (Boolean) judged.report.get("complete"), err)) {
            Evidence.writeIfNew(config.dir(), file, json);
            Evidence.writeIfNew(config.dir(), HtmlPage.beside(file), judged.html);
        }
        return printed(judged, json, form, out);
    }

    private static int printed(Judged judged, String json, Form form, PrintWriter out) {
        String asText = Templates.render(
                "checkpoint.txt.ftl",
                Map.of(
                        "t",
                        judged.text,
                        "v",
                        judged.verdicts.texts(),
                        "problems",
                        judged.problems.listed(),
                        "o",
                        judged.outlook.texts(),
                        "m",
                        judged.measured.texts(),
                        "judge",
                        judged.judging.texts()));
        out.print(
                switch (form) {
                    case TEXT -> asText;
                    case JSON -> json;
                    case JUNIT -> judged.verdicts.addTo(judged.junit).xml(asText);
                });
        return judged.anyFailed ? Exit.BAD : Exit.OK;
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
