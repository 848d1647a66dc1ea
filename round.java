///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:-UsePerfData -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Dcom.sun.net.ssl.requireCloseNotify=true -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms32m -Xmx512m -Xshare:auto
//SOURCES src/base/*.java
//SOURCES src/soak/*.java
//SOURCES src/settings/*.java
//SOURCES src/build/*.java
//SOURCES src/command/*.java
//SOURCES src/process/*.java
//SOURCES src/probe/*.java
//SOURCES src/workload/*.java
//SOURCES src/cron/*.java
//SOURCES src/cache/*.java
//SOURCES src/seal/*.java
//SOURCES src/witness/*.java
import base.Exit;
import base.Failure;
import base.Leftovers;
import base.Printable;
import base.Time;
import base.Why;
import build.Version;
import cache.DayCache;
import command.Cli;
import command.FolderCommand;
import cron.CronWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import probe.ControlPlaneApi;
import probe.Overhead;
import process.Growth;
import process.Supervisor;
import settings.Config;
import settings.ConfigDoubts;
import settings.ExistingSoak;
import settings.Plan;
import soak.Access;
import soak.PlanTemplate;
import soak.Reserve;
import soak.SoakDir;
import workload.ClosedRounds;
import workload.DeadMansSwitch;
import workload.DiskOutlook;
import workload.Handover;
import workload.HealthCheck;
import workload.History;
import workload.Machine;
import workload.MetricsScrape;
import workload.PlanCreates;
import workload.PlanLedger;
import workload.Probe;
import workload.RecoveredPlans;
import workload.Recovery;
import workload.RoundClock;
import workload.RoundFolder;
import workload.RoundLock;
import workload.RoundNews;
import workload.RoundSeal;
import workload.RoundSummary;
import workload.SetCheck;
import workload.SignalWatch;
import workload.SlotWarnings;
import workload.Standing;
import workload.Steps;
import workload.StoreCheck;
import workload.SummaryDraft;

/**
 * One workload round of the soak: the plan's seven steps in the plan's order, each a method of its name. The next step
 * runs even if one failed, except that nothing is created on a control plane that is not healthy.
 *
 * <p>Inputs: SOAK_DIR with config.env, plan-template.json and cp.pid, as setup.java makes them. Environment: SOAK_DIR,
 * where no argument is given.
 *
 * <p>Files written: rounds/YYYY-MM-DD/round-HHMMSS/ (docs/evidence.md), alerts.log, metrics/soak.prom, and cp.pid and
 * cp.log where the control plane had to be started. PING_URL of config.env is told of its start and end.
 *
 * <p>With --probe: no round and no file, only a look (exit 10: something is not as it should be).
 *
 * <p>Run: ./round.java SOAK_DIR
 */
@Command(
        name = "round",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "One workload round: checks health, creates plans, scans for stuck ones and recovers them, counts all"
                        + " plans, scrapes the metrics and writes the evidence.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every step is PASS",
            "10:recorded, and some step is FAIL; --probe: something is wrong",
            "64:usage or configuration",
            "70:the evidence could not be written",
            "75:another round is running; nothing was changed"
        })
class round extends FolderCommand {
    @Option(
            names = "--probe",
            description =
                    "Look at everything that a round looks at, without a round: create, recover and write nothing. A"
                            + " probe never counts.")
    boolean probe;

    private final Time time;
    private final Machine machine;
    private ClosedRounds closedRounds;
    /** A process of its own, which may be of another build than the soak's. */
    private boolean alone;

    private Config config;
    private SoakDir dir;
    private Supervisor controlPlane;
    private ControlPlaneApi api;
    private HealthCheck health;
    private PlanTemplate template;
    private PlanTemplate drillTemplate;
    private Reserve reserve;
    private Overhead overhead;
    private volatile RoundFolder folder;
    private RoundClock clock;
    private History history;
    private RoundNews news;
    private Steps steps;
    private int roundNumber;
    /** What the round came to, in a line. */
    private String result;

    /** Whether the control plane answers: false until the health check has seen it. */
    private boolean usable;

    private String absence = "its health check did not end";
    private ControlPlaneApi.StuckScan scan = ControlPlaneApi.StuckScan.NONE;
    private List<String> rolledBack = List.of();
    private RecoveredPlans recovered = new RecoveredPlans(List.of(), List.of());

    private final SummaryDraft summary =
            new SummaryDraft(sentence -> Printable.text(api.credentials().redacted(sentence)));
    /** What was written, once it was. */
    private RoundSummary written;

    round() {
        this(Time.system());
        alone = true;
    }

    round(Time time) {
        this(time, Machine.real(), null);
    }

    /** @param closedRounds filled by rounds of the same soak that ran before in this process; null: there were none */
    round(Time time, Machine machine, ClosedRounds closedRounds) {
        this.time = time;
        this.machine = machine;
        this.closedRounds = closedRounds;
    }

    public static void main(String[] args) {
        System.exit(Cli.nightly(new round(), "round", () -> true, args));
    }

    @Override
    public Integer call() throws Exception {
        dir = ExistingSoak.of(soakDir);
        if (probe) {
            config = Config.read(dir);
            return new Probe(
                            config,
                            time,
                            machine.controlPlane(config, time),
                            alone ? CronWatch.of(dir, System.getenv(), Path.of("/")) : null)
                    .run(out);
        }
        dir.requireNoArchiveForRounds();
        if (alone) {
            Handover handover = new Handover(dir, System.getenv());
            Optional<Integer> exit = handover.run(err);
            if (exit.isPresent()) {
                return exit.get();
            }
            handover.warning().ifPresent(summary::warn);
        }
        config = Config.read(dir);
        if (alone) {
            config.requireNoRehearsal("a round of now");
        }
        try (SignalWatch signals = SignalWatch.of(alone, err, () -> folder);
                RoundLock held = RoundLock.take(dir)) {
            Access.foreign(dir, "round").ifPresent(summary::warn);
            DeadMansSwitch pings = new DeadMansSwitch(config.pingUrl());
            pings.started(() -> RoundNews.headBefore(dir)).ifPresent(summary::warn);
            int exit = Exit.FAILED;
            result = "round: an unknown failure, see cron.log";
            try {
                exit = work();
                return exit;
            } catch (Failure known) {
                exit = known.exitCode();
                result = "round: " + known.getMessage();
                throw known;
            } finally {
                pings.ended(exit, result).ifPresent(problem -> err.println("round: warning: " + problem));
            }
        }
    }

    private int work() throws InterruptedException {
        try {
            prepare();
            openEvidence();

            steps.run("v01_health", this::cpHealthCheck);
            steps.ofOurs("v02_creates", this::planCreates);
            steps.ofOurs("v03_stuck_scan", this::stuckScan);
            steps.ofOurs("v04_recovery", this::stuckRecovery);
            steps.ofOurs("v05_plan_count", this::planCountCheck);
            steps.run("v07_integrity", this::storeCheck);
            steps.ofOurs("v06_metrics", this::prometheusScrape);
            roundSummaryWrite();

            steps.run("alerts", () -> news.raiseAlerts(written));
            news.refreshMetrics(written);
            news.tellWitnesses(written);
            return tell();
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private Failure notWritten(IOException e) {
        return Failure.failed(
                "the evidence of this round cannot be written, or that of an earlier one cannot be read ("
                        + Why.of(e, dir.root()) + "): " + Why.remedy(e, dir.root())
                        + ", then look at the newest folder in rounds/",
                e);
    }

    /**
     * Everything that can be wrong with the configuration or the program is found, and the prober warmed up, before the
     * round begins.
     */
    private void prepare() {
        Version.current(); // rests on a library that nothing else here needs
        Leftovers.remove(dir.tmp());
        reserve = new Reserve(dir);
        reserve.fill();
        config.schedule();
        template = PlanTemplate.read(dir.planTemplate());
        if (config.recoveryDrillEvery() > 0) {
            drillTemplate = PlanTemplate.read(dir.drillTemplate());
        }
        controlPlane = machine.controlPlane(config, time);
        api = new ControlPlaneApi(config, time, controlPlane::stranger);
        byte[] body = template.body(config.planIdPrefix() + "-" + time.now().getEpochSecond() + "-01");
        overhead = machine.overhead(time, body);
        api.warmUp(body);
    }

    private void openEvidence() throws IOException, InterruptedException {
        clock = new RoundClock(time, config.schedule());
        folder = RoundFolder.claim(dir, time, reserve);
        history = History.before(dir, folder.path());
        closedRounds = closedRounds == null ? new ClosedRounds(DayCache.of(config)) : closedRounds;
        news = new RoundNews(config, history, closedRounds, err);
        health = new HealthCheck(config, time, controlPlane, api, folder, history, closedRounds);
        steps = new Steps(summary, health, err);
        roundNumber = history.size() + 1;
        summary.begin(config, folder, roundNumber, machine.bootId());
        ConfigDoubts.of(config).forEach(summary::warn);
        SlotWarnings.of(config, history, folder.second()).forEach(summary::warn);
        DiskOutlook.warning(config, folder.second()).ifPresent(summary::warn);
        summary.overhead(overhead);
    }

    // 1. CP health check: GET /v1/health; restart the control plane if it is dead.
    private void cpHealthCheck() throws IOException, InterruptedException {
        summary.put("health", "failed"); // until it is known better
        HealthCheck.Outcome found = health.run();
        summary.take(found);
        api.credentials().endingSoon(clock.beganAt(), config.schedule().end()).forEach(summary::warn);
        steps.lost(found.notWritten());
        usable = found.usable();
        absence = found.absence();
        summary.decide("v01_health", found.healthy(), found.problem());
    }

    // 2. 10 plan creates: unique ids, each timed on a connection of its own.
    private void planCreates() throws IOException {
        List<String> ids = usable ? PlanCreates.ids(config, folder) : List.of();
        PlanCreates.Outcome made =
                new PlanCreates(config, machine, api, folder).run(ids, roundNumber, template, drillTemplate);
        summary.take(made);
        summary.decide(
                "v02_creates",
                usable && made.errors() == 0,
                usable ? made.problem() : "nothing was created: " + absence);
    }

    // 3. Stuck scan: GET /v1/rollouts/stuck?threshold_seconds=3600; record stuck_count.
    private void stuckScan() throws IOException {
        scan = api.stuck(config.listingTimeout());
        folder.stuckScan(scan.raw(), scan.planIds().size());
        summary.put("scan_http_code", scan.code())
                .put("scan_ok", scan.ok())
                .put("stuck_count", scan.ok() ? scan.planIds().size() : null);
        summary.decide("v03_stuck_scan", scan.ok(), scan.problem());
    }

    // 4. Stuck recovery: for each stuck plan `rollback execute`; record success or failure.
    private void stuckRecovery() throws InterruptedException, IOException {
        Recovery.Outcome outcome =
                new Recovery(config, time, machine, folder, health::stranger).recover(scan, history, closedRounds);
        rolledBack = outcome.rolledBack();
        recovered = new RecoveredPlans(outcome.retried(), rolledBack);
        summary.take(outcome);
        boolean scanned = Boolean.TRUE.equals(summary.record().scanOk());
        summary.decide(
                "v04_recovery",
                scanned && outcome.problem() == null,
                scanned ? outcome.problem() : "without a stuck scan the stuck plans are unknown");
    }

    // 5. Plan count check: page through GET /v1/rollouts until the cursor is empty; every plan promised must be there
    // once.
    private void planCountCheck() throws IOException, InterruptedException {
        PlanLedger ledger = new PlanLedger(history, closedRounds);
        ledger.add(folder.path());
        ledger.unnamed().ifPresent(summary::warn);
        ledger.forget(rolledBack);
        SetCheck.Outcome outcome = new SetCheck(config, api, ledger, history, time, recovered).check();
        Optional<String> stranger = health.strangerSince(outcome.lacksEveryPlan());
        if (stranger.isPresent()) {
            steps.notOfAStranger("v05_plan_count", stranger.get());
            return;
        }
        outcome.write(folder, rolledBack);
        recovered.warning().ifPresent(summary::warn);
        summary.take(outcome);
        Long count = summary.record().planCount();
        boolean enough = roundNumber < Plan.FLEET_ROUND || Standing.isFleet(config, count);
        summary.decide(
                "v05_plan_count",
                outcome.listingProblem() == null && enough,
                outcome.listingProblem() != null
                        ? outcome.listingProblem()
                        : count + " plans are listed, but the target from round " + Plan.FLEET_ROUND + " on is "
                                + config.get("TARGET_PLAN_COUNT"));
        summary.decide("v07_integrity", outcome.problem() == null, outcome.problem());
    }

    /** Beside the set check, and whether or not the control plane answers: its database's own check of itself. */
    private void storeCheck() throws IOException, InterruptedException {
        StoreCheck.Finding finding =
                StoreCheck.inRound(config, history, folder, summary.record().healthy(), time);
        summary.put("store_check", finding.result()).put("store_unchecked", finding.uncheckedText());
        finding.warning().ifPresent(summary::warn);
        if (finding.damaged()) {
            summary.alsoFail("v07_integrity", finding.damage());
        }
    }

    // 6. Prometheus scrape; extract cp_http_requests_total and cp_rollout_plans_total.
    private void prometheusScrape() throws IOException {
        MetricsScrape scrape = MetricsScrape.of(api.metrics());
        if (scrape.body().length > 0) {
            folder.metrics(scrape.body());
        }
        summary.putAll(scrape.figures());
        scrape.warnings().forEach(summary::warn);
        summary.decide("v06_metrics", scrape.problem() == null, config.metricsUrl() + ": " + scrape.problem());
    }

    // 7. Round summary write: last, so that a folder without one is known for an interrupted round.
    private void roundSummaryWrite() throws IOException {
        RoundSeal.put(summary, config, folder, history);
        summary.putAll(Growth.of(config, controlPlane));
        summary.take(clock.stopped());
        summary.put("harness_cpu_ms", machine.harnessCpuMillis())
                .put("harness_peak_rss_bytes", machine.harnessPeakResidentBytes())
                .put("evidence_bytes", Growth.bytes(folder.path(), ""));
        written = summary.record();
        folder.summary(written, reserve).ifPresent(steps::lost);
    }

    /** One line for cron.log, and one on stderr for each step that failed. */
    private int tell() {
        RoundSummary said = summary.record(); // with what failed since it was written
        result = news.tell(said, out);
        if (steps.evidenceLost() != null) {
            throw notWritten(steps.evidenceLost());
        }
        return said.failures().isEmpty() ? Exit.OK : Exit.BAD;
    }
}
