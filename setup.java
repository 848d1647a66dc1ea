///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:-UsePerfData -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Dcom.sun.net.ssl.requireCloseNotify=true -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//SOURCES controlplane.java
//SOURCES report.java
//SOURCES round.java
//SOURCES src/*/*.java
//SOURCES src/lab/*/*.java
//FILES scripts/=*.java
import base.Exit;
import base.Failure;
import base.Time;
import build.Version;
import command.Cli;
import command.FolderCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lab.selftest.SoakFixture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import process.ControlPlane;
import provision.Asked;
import provision.Beginning;
import provision.Checklist;
import provision.ClassArchive;
import provision.Doctor;
import provision.FirstRound;
import provision.FirstWrites;
import provision.FrozenBuild;
import provision.LeftOut;
import provision.Preflight;
import provision.Preparation;
import provision.ResumeLog;
import provision.Running;
import provision.Scheduled;
import provision.SettingWords;
import provision.Settings;
import provision.SetupLock;
import provision.SetupNotes;
import provision.SetupSummary;
import provision.Start;
import provision.Templates;
import provision.Timetable;
import provision.Transport;
import provision.WindDown;
import settings.Config;
import settings.ExistingSoak;
import settings.Traces;
import soak.SoakDir;

/**
 * Provisions a soak: folder, config.env, plan templates, a frozen build for cron, the control plane, the first round,
 * and the crontab lines. Run again on the same folder it resumes: nothing is deleted or reset, a dead control plane is
 * started, keys that config.env lacks are added, and what it says already stays.
 *
 * <p>Input: the options. SOAK_DIR is the argument, else $SOAK_DIR, else the working directory if it has a config.env.
 * At the first setup a variable of the environment that is named as a key of config.env gives its default (an option
 * goes first); afterwards the file alone counts, and an option that contradicts it is refused.
 *
 * <p>Files written, in SOAK_DIR: config.env, plan-template.json, plan-drill-template.json, bin/ (the frozen build),
 * cp.pid, cp.log, cp-data/, audit-store/, rounds/, daily/, checkpoints/, setup-summary.txt (by the first setup alone),
 * setup-resumes.log (a line for each resume, upgrade and stop), setup.lock, tmp/.
 *
 * <p>Output: the crontab lines (or, by --systemd, the units) on stdout; progress and warnings on stderr.
 *
 * <p>Exit codes: 0 done, also if the first round found something bad (it says so); 64 usage or configuration; 70 could
 * not do its job; 75 a round is running, whose control plane --stop would end.
 *
 * <p>Run: {@code ./setup.java /srv/soak-val12}
 */
@Command(
        name = "setup",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Provisions a soak folder, starts the control plane, runs the first round and prints the crontab. If"
                        + " you run it again, it resumes the soak.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, even if the first round found something bad",
            "64:usage or configuration",
            "70:could not do its job",
            "75:--stop: a round is running; nothing was changed"
        })
class setup extends FolderCommand {
    @Option(
            names = "--cp-command",
            paramLabel = "CMD",
            description =
                    "The command that starts an external control plane in the foreground; {listen}, {metrics_listen},"
                            + " {data_dir}, {audit_dir} are filled in (default: the embedded one).")
    String cpCommand;

    @Option(
            names = "--cli",
            paramLabel = "PATH",
            description = "The autonomy binary that recovers stuck plans (default: the embedded one).")
    String cli;

    @Option(names = "--attach", description = "Someone else runs the control plane; the soak never starts or stops it.")
    boolean attach;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = {"The control plane's address", "(default: 127.0.0.1:19000)."})
    String listen;

    @Option(
            names = "--metrics-listen",
            paramLabel = "HOST:PORT",
            description = {"The address of its metrics", "(default: 127.0.0.1:19100)."})
    String metricsListen;

    @Option(names = "--days", paramLabel = "N", description = "Length of the soak (default: 30).")
    Integer days;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "Time from one round to the next, a divisor of 86400 (default: 1800).")
    Integer interval;

    @Option(names = "--plans-per-round", paramLabel = "N", description = "Creates in each round (default: 10).")
    Integer plansPerRound;

    @Option(names = "--plan-template", paramLabel = "FILE", description = "The body of a create, JSON with {plan_id}.")
    Path planTemplate;

    @Option(
            names = "--drill-template",
            paramLabel = "FILE",
            description = "The body of a recovery drill's create: a plan that gets stuck.")
    Path drillTemplate;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            completionCandidates = SettingWords.class,
            description = "Set any key of config.env; may be repeated.")
    List<String> set = List.of();

    @Option(names = "--no-first-round", description = "Run no round now: cron runs the first one in the next slot.")
    boolean noFirstRound;

    @Option(names = "--install-crontab", description = "Put the lines into this user's crontab, once, between markers.")
    boolean installCrontab;

    @Option(names = "--remove-crontab", description = "Take those lines out again, and do nothing else.")
    boolean removeCrontab;

    @Option(names = "--systemd", description = "Print timer units in place of the crontab lines.")
    boolean systemd;

    @Option(names = "--stop", description = "End the control plane that this soak started, and do nothing else.")
    boolean stop;

    @Option(
            names = "--check",
            description =
                    "Check everything that a setup needs and print a line for each check; write and start nothing.")
    boolean check;

    @Option(
            names = "--resume",
            description = "For the start of the machine: resume an existing soak, and print one line.")
    boolean resume;

    @Option(names = "--upgrade", description = "Replace the frozen build of an existing soak by this version.")
    boolean upgrade;

    @Spec
    CommandSpec spec;

    private final Map<String, String> environment;
    private final Time time;
    private final Path etc;
    /** A process of its own, which may take seconds for what only later starts gain from. */
    private boolean alone;

    setup() {
        this(System.getenv(), Time.system(), Path.of("/etc"));
        alone = true;
    }

    /** @param etc /etc, for the machine's time zone */
    setup(Map<String, String> environment, Time time, Path etc) {
        this.environment = environment;
        this.time = time;
        this.etc = etc;
    }

    public static void main(String[] args) {
        setup command = new setup();
        System.exit(Cli.nightly(command, "setup", () -> command.resume, args));
    }

    @Override
    public Integer call() throws Exception {
        if (spec != null) { // a folder alone is not parsed
            LeftOut.refuse(spec.commandLine().getParseResult().matchedOptions().stream()
                    .map(OptionSpec::longestName)
                    .collect(Collectors.toSet()));
        }
        if (stop || removeCrontab) {
            return new WindDown(
                            ExistingSoak.of(soakDir),
                            environment,
                            time,
                            etc.toAbsolutePath().getParent(),
                            out)
                    .run(removeCrontab, stop);
        }
        SoakDir dir = resume || upgrade ? ExistingSoak.of(soakDir) : newOrExisting();
        if (check) {
            return check(dir);
        }
        Preflight preflight = new Preflight(false); // refuses before anything is written
        Checklist checklist = new Checklist(preflight, environment, time);
        checklist.hostAndFolder(dir);
        checklist.soak(prepare(dir));
        preflight.tellWarnings(err);
        FirstWrites writes = new FirstWrites(dir);
        try {
            Doctor.checkFolder(dir);
            try (SetupLock lock = SetupLock.take(dir)) {
                Preparation now = prepare(dir);
                if (now.starts()) {
                    Doctor.checkPorts(now.config());
                }
                return provision(now, writes);
            }
        } catch (IOException | UncheckedIOException e) {
            throw Doctor.told(dir, e);
        }
    }

    private int check(SoakDir dir) throws IOException, InterruptedException {
        Preflight preflight = new Preflight(true);
        Checklist checklist = new Checklist(preflight, environment, time);
        Preparation[] found = new Preparation[1];
        if (checklist.hostAndFolder(dir)
                && preflight.check("settings", () -> {
                    found[0] = prepare(dir);
                    return "options, config.env and templates agree";
                })) {
            checklist.soak(found[0]);
            checklist.frozenBuild(dir);
            checklist.cron(dir, etc.getParent());
        }
        preflight.print(out);
        if (found[0] != null) {
            out.println("not checked: a create with the plan template, because it would leave a plan behind; to"
                    + " try one:\n"
                    + "  "
                    + Checklist.curl(found[0].config(), found[0].planText()));
        }
        return preflight.exitCode();
    }

    private SoakDir newOrExisting() {
        String fromEnvironment = environment.getOrDefault("SOAK_DIR", "");
        if (soakDir != null) {
            return new SoakDir(soakDir);
        }
        if (!fromEnvironment.isBlank()) {
            return new SoakDir(Path.of(fromEnvironment));
        }
        return ExistingSoak.of(null);
    }

    private Preparation prepare(SoakDir dir) throws IOException {
        new Traces(dir).requireSettings();
        Settings settings = asked().settings(dir, environment, drillTemplate != null);
        boolean resumed = Files.exists(dir.config());
        Config present = resumed ? Config.read(dir) : null;
        if (resumed) {
            present.requireNoRehearsal("a setup");
        }
        Config config = resumed ? settings.resumed(present) : settings.first();
        // a soak of bash scripts may have had no template file
        boolean goesOn = resumed && present.has("CP_MODE") && new Traces(dir).begun();
        String plan = Templates.choose(dir.planTemplate(), planTemplate, Templates.PLAN, "--plan-template", goesOn);
        String drill = Templates.choose(
                dir.drillTemplate(),
                drillTemplate,
                config.cpMode().equals("embedded") ? Templates.DRILL : null,
                "--drill-template",
                goesOn && config.recoveryDrillEvery() > 0);
        if (installCrontab
                && Timetable.rounds(config.intervalSeconds()).cron("UTC").isEmpty()) {
            throw Failure.usage("--install-crontab: cron counts whole minutes and cannot start a round every "
                    + config.intervalSeconds() + " s: use --systemd, or give an --interval of whole minutes");
        }
        if (upgrade && new FrozenBuild(dir).runsThis()) {
            throw Failure.usage(
                    "--upgrade installs the build that runs it: run the setup.java of the new build, not the frozen"
                            + " one");
        }
        ControlPlane controlPlane = new ControlPlane(config, time);
        ControlPlane.State state = config.attached() ? ControlPlane.State.DEAD : controlPlane.state();
        return new Preparation(
                dir,
                resumed ? Files.readString(dir.config()) : null,
                settings.unknown(),
                config,
                plan,
                drill,
                controlPlane,
                state,
                new SetupSummary(dir, goesOn && Beginning.firstRound(dir).isPresent()));
    }

    private Asked asked() {
        Asked asked = new Asked()
                .put("--cp-command", "CP_COMMAND", cpCommand)
                .put("--attach", "CP_MODE", attach ? "attached" : null)
                .put("--cli", "AUTONOMY_CLI", cli)
                .listen("--listen", "CP_URL", listen, "")
                .listen("--metrics-listen", "CP_METRICS_URL", metricsListen, "/metrics")
                .put("--days", "SOAK_DAYS", text(days))
                .put("--interval", "ROUND_INTERVAL_SECONDS", text(interval))
                .put("--plans-per-round", "PLANS_PER_ROUND", text(plansPerRound))
                .pairs(set);
        if (attach && cpCommand != null) {
            throw Failure.usage(
                    "--attach uses a control plane that someone else runs, --cp-command starts one: give one of them");
        }
        return asked;
    }

    private static String text(Integer number) {
        return number == null ? null : number.toString();
    }

    private int provision(Preparation p, FirstWrites writes) throws IOException, InterruptedException {
        SoakDir dir = p.dir();
        Running running;
        try {
            p.write(upgrade, time, err);
            running = new Start(p, time, err).startOrFind();
        } catch (Start.Slip slip) { // nothing ran, so nothing was measured
            undoFirst(p, writes);
            throw slip.failure(
                    p.resumed() ? "" : "\n  nothing is recorded: correct it and run this again in the same folder");
        } catch (IOException | UncheckedIOException e) {
            undoFirst(p, writes);
            throw e;
        }

        boolean firstRound = Beginning.settle(dir, noFirstRound, time, err);
        Config config = Config.read(dir);
        p.summary().began(config);
        if (p.resumed()) {
            ResumeLog.append(dir, time, "resumed control_plane=" + running.how() + " pid=" + running.pid());
        }
        if (firstRound) {
            new FirstRound(p, config, running, time).run(environment, err);
        }
        Transport.warnings(config, p.controlPlane().credentials(), time.now())
                .forEach(warning -> err.println("setup: WARNING: " + warning));
        if (resume) {
            out.println(time.now().truncatedTo(ChronoUnit.SECONDS) + " resumed " + dir.root() + ": control plane "
                    + running.how() + (running.pid() > 0 ? ", pid " + running.pid() : "") + ", health "
                    + running.healthCode());
        } else {
            new Scheduled(config, environment, etc, out, err)
                    .tell(
                            installCrontab,
                            systemd,
                            p.resumed() && !config.schedule().hasEnded(time.now()));
        }
        if (p.resumed()) { // a first setup has told them before it wrote anything
            SetupNotes.of(config).forEach(note -> err.println("setup: note: " + note));
        }
        p.summary().warning().ifPresent(warning -> err.println("setup: WARNING: " + warning));
        if (alone) {
            new ClassArchive(dir)
                    .refresh(practice -> SoakFixture.in(practice).rounds(0, 3).write());
        }
        return Exit.OK;
    }

    private static void undoFirst(Preparation p, FirstWrites writes) {
        if (!p.resumed()) {
            p.controlPlane().stop(WindDown.STOP_GRACE);
            writes.undo();
        }
    }
}
