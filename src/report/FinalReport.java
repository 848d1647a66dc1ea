package report;

import archive.Archive;
import archive.Restored;
import base.Exit;
import base.Json;
import build.Version;
import cache.DayCache;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import output.Alerts;
import output.Builds;
import output.Dsse;
import output.Evidence;
import output.Form;
import output.InToto;
import output.Measurement;
import output.Problems;
import output.Templates;
import page.HtmlPage;
import settings.Config;

/** {@code --type final}: the plan's final report, as text and as JSON. */
public final class FinalReport {
    /** In the contract's order of fields, the lists come before this one. */
    private static final String AFTER_LISTS = "passed_checks";

    private final Config config;
    private final Scope scope;
    private final Instant archiveNow;
    private final PrivateKey signKey;

    /** One that is only judged. */
    public FinalReport(Config config, Scope scope) {
        this(config, scope, null, null);
    }

    /**
     * @param archiveNow the present moment if an archive is to be written too, else null
     * @param signKey of Ed25519, to sign the statement with; null for none
     */
    public FinalReport(Config config, Scope scope, Instant archiveNow, PrivateKey signKey) {
        this.config = config;
        this.scope = scope;
        this.archiveNow = archiveNow;
        this.signKey = signKey;
    }

    /**
     * @param printOnly whether no file is written
     * @return exit code: 10 unless overall is PASS, and neither Gate D nor a claim says otherwise
     */
    public int run(PrintOnly printOnly, Form form, PrintWriter out, PrintWriter err) throws IOException {
        if (archiveNow != null) {
            config.dir().requireNoArchive("--archive");
        }
        if (signKey != null) {
            config.dir().requireNoArchive("--sign-key");
        }
        boolean isProof = archiveNow != null || signKey != null;
        Model model = model(
                Judging.of(config, scope, "--type", "final"),
                EvidenceDatabase.openWithSiteSql(config, scope, isProof ? DayCache.NONE : printOnly.cache(config)));
        if (printOnly.given) {
            out.print(model.printed(form, Archive.existing(config, scope.asOf(), model.complete())));
            return model.exit();
        }
        if (printOnly.holds(config.dir(), config.dir().finalJson(), model.complete(), err)) {
            out.print(model.printed(form, null));
            return model.exit();
        }
        boolean lacksEvidence = false;
        if (archiveNow != null) {
            write(model, Archive.existing(config, scope.asOf(), model.complete()));
            Archive archive = new Archive(
                    config,
                    LocalDate.ofInstant(archiveNow, ZoneOffset.UTC),
                    signKey == null ? null : statement -> Dsse.sign(statement, signKey));
            archive.write(err);
            archive.notes().lines().forEach(line -> err.println("report: note: " + line));
            lacksEvidence = archive.notes().lacksEvidence();
        }
        Archive.Result archived = Archive.existing(config, scope.asOf(), model.complete());
        write(model, archived);
        out.print(model.printed(form, archived));
        Dsse.staleIn(config.dir()).ifPresent(err::println);
        if (archived == null) {
            err.println("report: to archive the whole folder: report.java "
                    + config.dir().word() + " --type archive");
        }
        return lacksEvidence ? Exit.BAD : model.exit();
    }

    /**
     * What the evidence gives, as final-report.json would have it without an archive and without site checks: their SQL
     * is not the judge's, and the folder may be a stranger's. Nothing is written.
     */
    public String judged() {
        return model(Judging.unasked(config, scope), EvidenceDatabase.open(config, scope))
                .json(null);
    }

    private Model model(Judging asked, EvidenceDatabase opened) {
        try (EvidenceDatabase database = opened) {
            Evidence.requireRounds(database, scope);
            Builds builds = Builds.of(database, config.dir());
            Map<String, Object> text = Evidence.one(database, "SELECT * FROM final_text");
            Measurement measured = Measurement.of(database);
            Map<String, Object> row = Evidence.one(database, "SELECT * FROM final_report");
            Verdicts verdicts = Verdicts.of(database);
            Map<String, Object> judged = new LinkedHashMap<>(row);
            verdicts.addTo(judged);
            Judging judging = asked.beside(judged);
            return new Model(
                    config,
                    row,
                    text,
                    Alerts.of(database),
                    verdicts,
                    Problems.of(database),
                    measured,
                    builds,
                    Evidence.anyFailed(database),
                    verdicts.addTo(Junit.of(database, config, "final", config.startedAt(), scope))
                            .outcome(),
                    judging,
                    HtmlPage.ofSoak("final.ftlh", database, text, measured, HtmlPage.alerts(database))
                            .with("builds", builds.lines())
                            .with("judge", judging.texts())
                            .render(""));
        }
    }

    private void write(Model model, Archive.Result archived) throws IOException {
        // All are made before any is written: a template that fails leaves the older ones whole.
        String asText = model.text(archived);
        String asJson = model.json(archived);
        String statement = InToto.statement(config.dir(), asJson, asText);
        Evidence.writeIfNew(config.dir(), config.dir().finalText(), asText);
        Evidence.writeIfNew(config.dir(), config.dir().finalJson(), asJson);
        Evidence.writeIfNew(config.dir(), config.dir().finalStatement(), statement);
        if (signKey != null) {
            Evidence.writeIfNew(config.dir(), config.dir().finalEnvelope(), Dsse.sign(statement, signKey));
        }
        Evidence.writeIfNew(config.dir(), HtmlPage.beside(config.dir().finalJson()), model.html);
    }

    private record Model(
            Config config,
            Map<String, Object> row,
            Map<String, Object> text,
            Alerts alerts,
            Verdicts verdicts,
            Problems problems,
            Measurement measured,
            Builds builds,
            boolean anyFailed,
            Junit junit,
            Judging judging,
            String html) {
        int exit() {
            return anyFailed || !row.get("overall").equals("PASS") ? Exit.BAD : Exit.OK;
        }

        boolean complete() {
            return (Boolean) row.get("complete");
        }

        String printed(Form form, Archive.Result archived) {
            return switch (form) {
                case TEXT -> text(archived);
                case JSON -> json(archived);
                case JUNIT -> junit.xml(text(archived));
            };
        }

        String json(Archive.Result archived) {
            Map<String, Object> report = new LinkedHashMap<>();
            row.forEach((field, value) -> {
                if (field.equals(AFTER_LISTS)) {
                    alerts.addTo(report);
                    verdicts.addTo(report);
                }
                report.put(field, value);
            });
            if (!report.containsKey("checks")) {
                throw new IllegalStateException("final_report has no column " + AFTER_LISTS);
            }
            report.put(
                    "archive",
                    archived == null ? null : archived.file().getFileName().toString());
            report.put("archive_sha256", archived == null ? null : archived.sha256());
            report.put("restore_check", archived == null ? null : archived.restored());
            measured.addTo(report);
            problems.addTo(report);
            report.put(Version.FIELD, Version.NUMBER);
            judging.addTo(report);
            builds.addTo(report);
            return Json.write(report);
        }

        String text(Archive.Result archived) {
            return Templates.render(
                    "final.txt.ftl",
                    Map.of(
                            "t",
                            text,
                            "alerts",
                            alerts.listed(),
                            "v",
                            verdicts.texts(),
                            "problems",
                            problems.listed(),
                            "m",
                            measured.texts(),
                            "builds",
                            builds.lines(),
                            "judge",
                            judging.texts(),
                            "archive",
                            archived == null
                                    ? Archive.none(config)
                                    : archived.file().getFileName().toString(),
                            "sha256",
                            archived == null ? "n/a" : archived.sha256(),
                            "restored",
                            Restored.shown(archived == null ? null : archived.restored(), config)));
        }
    }
}
