///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:-UsePerfData -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms16m -Xmx512m -Duser.timezone=UTC
//SOURCES src/base/*.java
//SOURCES src/soak/*.java
//SOURCES src/settings/*.java
//SOURCES src/build/*.java
//SOURCES src/command/*.java
//SOURCES src/cache/*.java
//SOURCES src/seal/*.java
//SOURCES src/evidence/*.java
//SOURCES src/output/*.java
//SOURCES src/page/*.java
//SOURCES src/archive/*.java
//SOURCES src/export/*.java
//SOURCES src/query/*.java
//SOURCES src/report/*.java
//SOURCES src/verify/*.java
//SOURCES src/witness/*.java
//SOURCES src/restore/*.java
//SOURCES src/process/*.java
//SOURCES src/probe/*.java
//SOURCES src/workload/*.java
//SOURCES src/cron/*.java
//SOURCES src/lab/selftest/*.java
//FILES sql/=sql/**
//FILES templates/=templates/**
import archive.ArchiveReport;
import base.Exit;
import base.Failure;
import base.Pem;
import base.Time;
import build.Version;
import command.Cli;
import command.Terminal;
import cron.CronWatch;
import evidence.EvidenceDatabase;
import evidence.Scope;
import export.Export;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import lab.selftest.SelfTest;
import lab.selftest.SelfTestOptions;
import output.Form;
import output.ReportType;
import output.TableFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import query.AdHocSql;
import query.AskedSql;
import query.Candidates;
import report.CheckpointReport;
import report.Comparison;
import report.DailyReport;
import report.FinalReport;
import report.PrintOnly;
import report.StatusReport;
import report.Window;
import restore.RestoreCheck;
import settings.Config;
import settings.ExistingSoak;
import soak.SoakDir;
import verify.Verification;
import verify.VerifyOptions;

/**
 * Judges the evidence of a soak: daily summaries, checkpoints, the final report, the archive, and SQL of one's own.
 *
 * <p>A report is a function of the evidence in SOAK_DIR and of as_of (contract, section 4): a rerun changes nothing.
 *
 * <p>Environment: SOAK_DIR, where no folder is given; of the status, COLUMNS, TERM, NO_COLOR and the locale. config.env
 * in the folder: targets, ALERT_COMMAND.
 *
 * <p>Files written in SOAK_DIR: daily/YYYY-MM-DD-summary.json, status.html and lines of alerts.log (daily),
 * checkpoints/checkpoint-Nd.json (checkpoint), final-report.txt and final-report.json (final), each JSON with an .html
 * beside it for a browser; beside SOAK_DIR: SOAK_ID-YYYY-MM-DD.tar.gz and its .sha256 (archive); all of DIR (--export).
 * status, verify, --sql, --compare and --print-only write nothing, and nothing is written into an unpacked archive.
 *
 * <p>Exit codes: 0 good; 10 an ALERT (daily), a check, claim, overall or Gate D that is FAIL or NOT PROVEN (checkpoint,
 * final, status), an overall that is not PASS (final), evidence missing in it (archive), evidence that was altered
 * (daily, verify), a figure worse beyond noise (--compare); 11 no round before as_of, and no file is written; 64 usage
 * or configuration; 70 could not do its job.
 *
 * <p>Run: ./report.java SOAK_DIR --type final
 */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description =
                "Judges the evidence of a soak: daily summaries, checkpoints, the final report, the archive, and your"
                        + " own SQL.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, and what it found is good",
            "10:done and recorded, and what it found is bad (daily: an ALERT, or evidence that was altered;"
                + " checkpoint, final, status: a check, claim, overall or Gate D is FAIL or NOT PROVEN; final: also if"
                + " overall is INCOMPLETE; archive: it lacks evidence; verify: evidence was altered, or a report"
                + " differs from it; --compare: a figure is worse beyond noise)",
            "11:there is no round before as_of to judge; no file is written",
            "64:usage or configuration",
            "70:could not do its job"
        })
class report implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SOAK_DIR",
            description = "The soak's folder (default: $$SOAK_DIR, else the working directory if it has a config.env);"
                    + " verify: also an archive.")
    Path folder;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            completionCandidates = Candidates.Types.class,
            description = "daily, checkpoint, final, status, archive or verify.")
    String type;

    @Option(names = "--date", paramLabel = "YYYY-MM-DD", description = "daily: the UTC date (default: yesterday).")
    String date;

    @Option(
            names = "--day",
            paramLabel = "N",
            description = "checkpoint: days 1 to N (default: the last multiple of 7 that has passed, else 7).")
    String day;

    @Option(
            names = "--as-of",
            paramLabel = "INSTANT",
            description = "Judge the evidence as of this instant, such as 2026-10-08T00:00:00Z (default: the end of the"
                    + " date, window or soak if it has passed, else now); not with status, archive and verify.")
    String asOf;

    @Option(
            names = "--sign-key",
            paramLabel = "FILE",
            description = "final: also sign the report's statement, with this Ed25519 key (PKCS#8 in PEM).")
    Path signKey;

    @Mixin
    VerifyOptions verify;

    @Option(
            names = "--restore-check",
            description = "archive: also start the embedded control plane on a copy and look for each plan.")
    boolean restoreCheck;

    @Option(names = "--archive", description = "final: also write the archive, and quote its hash in the report.")
    boolean archive;

    @Mixin
    PrintOnly printOnly;

    @Option(
            names = "--sql",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "TEXT",
            completionCandidates = Candidates.Questions.class,
            description =
                    "Run one SELECT over the evidence views; @NAME: a question that comes with the program (@ alone"
                            + " lists them); @FILE: a file; -: standard input; without a text: list the views and their"
                            + " columns.")
    String sql;

    @Option(
            names = "--compare",
            paramLabel = "OTHER",
            description =
                    "Compare with another soak, the baseline (its folder or archive): which differences are more than"
                            + " noise?")
    Path compare;

    @Option(
            names = "--export",
            paramLabel = "DIR",
            description =
                    "Write every view as Parquet, and all views as tables of soak.duckdb, into a new or empty folder"
                            + " or the folder of an earlier export.")
    Path export;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            completionCandidates = Candidates.Formats.class,
            description =
                    "With --type: text (default; a status is one screen by default, and text shows all of it), json or"
                        + " junit. With --sql: table (default), csv, json or markdown. With --compare: text (default),"
                        + " json or markdown.")
    String format;

    @Option(
            names = "--watch",
            arity = "0..1",
            fallbackValue = "60",
            paramLabel = "SECONDS",
            description = "status, on a terminal: refresh it every so many seconds (default: 60), until Ctrl-C.")
    String watch;

    @Mixin
    SelfTestOptions selfTest;

    @Spec
    CommandSpec spec;

    private final Time time;
    private final Terminal terminal;
    private final Function<SoakDir, CronWatch> machine;

    report() {
        this(Time.system());
    }

    /** @param time where now comes from; a rehearsal has a clock of its own */
    report(Time time) {
        this(time, Terminal.NONE);
    }

    /** @param terminal what stdout leads to */
    report(Time time, Terminal terminal) {
        this(time, terminal, dir -> null);
    }

    /** @param machine what starts the rounds on this machine; a status says so */
    report(Time time, Terminal terminal, Function<SoakDir, CronWatch> machine) {
        this.time = time;
        this.terminal = terminal;
        this.machine = machine;
    }

    public static void main(String[] args) {
        Terminal stdout = Terminal.of(1, System.getenv());
        report command = new report(Time.system(), stdout, d -> CronWatch.of(d, System.getenv(), Path.of("/")));
        // what the lines of the crontab run
        BooleanSupplier crons = () -> ReportType.isInCrontab(command.type);
        System.exit(Cli.print(command, "report", crons, args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (selfTest.given() > 0) {
            return selftest();
        }
        if (folder == null && sql != null && !sql.isBlank() && Files.isDirectory(Path.of(sql))) {
            folder = Path.of(sql); // report.java --sql SOAK_DIR: the folder stands where a text may
            sql = "";
        }
        if (folder == null && watch != null && Files.isDirectory(Path.of(watch))) {
            folder = Path.of(watch); // so does --watch SOAK_DIR
            watch = "60";
        }
        ReportType asked = ReportType.named(type);
        checkOptions(asked);
        TableFormat table = compare != null
                ? Comparison.form(format)
                : sql != null ? TableFormat.named(format == null ? "table" : format) : null;
        Form form = table != null || format == null && asked == ReportType.STATUS ? null : Form.named(format);
        if (form == Form.JUNIT && asked == ReportType.ARCHIVE) {
            throw Failure.usage("--format junit does not go with --type archive, which judges nothing: leave it out");
        }
        if (sql != null && AskedSql.asksForTheList(sql)) {
            AskedSql.list(table, spec.commandLine().getOut());
            return Exit.OK;
        }
        if (asked == ReportType.VERIFY) {
            return new Verification(folder, verify, time)
                    .run(form, spec.commandLine().getOut(), spec.commandLine().getErr());
        }
        // A soak of the bash scripts may have no start in its config.env: then it is its first round's.
        Config config = EvidenceDatabase.withStart(Config.read(ExistingSoak.of(folder)));
        Instant now = asOf == null ? present(config) : time.now();
        Window window =
                new Window(config.schedule(), now, asOf, verify.anchors().forReport(config.dir()));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (export != null) {
            return new Export(config, window.open()).run(export, out);
        }
        if (sql != null) {
            return query(config, window, table, out);
        } else if (compare != null) {
            return new Comparison(config, compare, window.open(), table).run(out);
        }
        return switch (asked) {
            case DAILY -> {
                LocalDate covered = window.date(date);
                yield new DailyReport(config, covered, window).run(printOnly, form, out, err);
            }
            case CHECKPOINT ->
                new CheckpointReport(config, window.checkpoint(window.day(day))).run(printOnly, form, out, err);
            case FINAL ->
                new FinalReport(
                                config,
                                window.finalReport(),
                                archive ? window.now() : null,
                                signKey == null ? null : Pem.signingKey("--sign-key", signKey))
                        .run(printOnly, form, out, err);
            case STATUS -> {
                StatusReport status = new StatusReport(
                        config,
                        terminal,
                        () -> spec.usageMessage().width(),
                        () -> config.rehearsal() ? null : machine.apply(config.dir()));
                Scope present = window.present(asked);
                yield watch == null
                        ? status.run(present, form, out)
                        : status.watch(
                                Duration.ofSeconds(Integer.parseInt(watch)),
                                () -> window.at(present(config)).present(asked),
                                time,
                                out);
            }
            case ARCHIVE ->
                new ArchiveReport(config, window.present(asked), RestoreCheck.of(restoreCheck, config), time)
                        .run(form, out, err);
            case VERIFY -> throw new IllegalStateException("it has run above, where no config.env is needed");
        };
    }

    private Instant present(Config config) {
        return config.dir().present(time.now(), config.schedule().intervalSeconds());
    }

    /** A verdict on the report itself: no evidence is read but what is made for it. */
    private int selftest() throws IOException {
        if (!selfTest.wanted) {
            throw Failure.usage("--seed goes only with --selftest: add it, or leave --seed out");
        }
        if (spec.commandLine().getParseResult().matchedArgs().size() > selfTest.given()) {
            throw Failure.usage("--selftest takes no other option than --seed: it makes its own evidence");
        }
        return new SelfTest(selfTest)
                .run(spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    private void checkOptions(ReportType asked) {
        if (export != null && Stream.of(type, sql, compare, format).anyMatch(Objects::nonNull)) {
            throw Failure.usage("--export takes only --as-of: leave --type, --sql, --compare and --format out");
        }
        if (Stream.of(type, sql, compare).filter(Objects::nonNull).count() > 1) {
            throw Failure.usage("--type, --sql and --compare do not go together: give one of them");
        }
        if (Stream.of(type, sql, compare, export).allMatch(Objects::isNull)) {
            throw Failure.usage("no report is named: give --type " + ReportType.inWords(ReportType.values())
                    + ", or --sql, --compare or --export");
        }
        ReportType.requireFor("--date", date != null, asked, ReportType.DAILY);
        ReportType.requireFor("--day", day != null, asked, ReportType.CHECKPOINT);
        ReportType.requireFor("--archive", archive, asked, ReportType.FINAL);
        verify.check(asked, asOf);
        ReportType.requireFor("--restore-check", restoreCheck, asked, ReportType.ARCHIVE);
        ReportType.requireFor("--sign-key", signKey != null, asked, ReportType.FINAL);
        printOnly.check(asked, archive, signKey != null);
        ReportType.requireFor("--watch", watch != null, asked, ReportType.STATUS);
        if (watch != null) {
            if (format != null) {
                throw Failure.usage("--watch shows only the screen: leave --format out");
            }
            if (!watch.matches("[1-9]\\d{0,4}")) {
                throw Failure.usage(
                        "--watch " + watch + " is not a number of seconds: give 1 to 99999, or no number for 60");
            }
            if (!terminal.present()) {
                throw Failure.usage(
                        "--watch needs a terminal that can move its cursor, and stdout is not one: leave it out");
            }
        }
    }

    private int query(Config config, Window window, TableFormat table, PrintWriter out) {
        AdHocSql.answer(config, window.open(), AskedSql.text(sql, System.in), table, out);
        return Exit.OK;
    }
}
