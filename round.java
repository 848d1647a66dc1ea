///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -Dcom.sun.net.ssl.requireCloseNotify=true -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms32m -Xmx160m -Xshare:auto
//SOURCES src/soak/*.java
//SOURCES src/process/*.java
//SOURCES src/probe/*.java
//SOURCES src/workload/*.java
//SOURCES src/provision/CronWatch.java
//SOURCES src/provision/CronLines.java
//SOURCES src/provision/CrontabCommand.java

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import probe.ControlPlaneApi;
import probe.HttpCall;
import probe.Overhead;
import probe.PrometheusText;
import probe.Stalls;
import process.Growth;
import process.Supervisor;
import provision.CronWatch;
import soak.AlertLog;
import soak.Cli;
import soak.Config;
import soak.Exit;
import soak.Failure;
import soak.Json;
import soak.Leftovers;
import soak.PlanTemplate;
import soak.Printable;
import soak.Reserve;
import soak.SoakDir;
import soak.Time;
import soak.Version;
import workload.ClosedRounds;
import workload.DeadMansSwitch;
import workload.Handover;
import workload.HealthCheck;
import workload.History;
import workload.Machine;
import workload.Percentiles;
import workload.PlanLedger;
import workload.Probe;
import workload.Recovery;
import workload.RoundAlerts;
import workload.RoundFolder;
import workload.RoundLock;
import workload.SetCheck;
import workload.SlotWarnings;
import workload.SoakMetrics;
import workload.StoreCheck;
import workload.UptimeBudget;

/**
 * One workload round of the soak: the plan's seven steps in the plan's order, each a method of its name. The next step
 * runs even if one failed, except that nothing is created on a control plane that is not healthy.
 *
 * <p>Inputs: SOAK_DIR with config.env, plan-template.json and cp.pid, as setup.java makes them.
 * Environment: SOAK_DIR, where no argument is given.
 *
 * <p>Files written: rounds/YYYY-MM-DD/round-HHMMSS/ (docs/evidence.md), alerts.log, metrics/soak.prom, and
 * cp.pid and cp.log where the control plane had to be started. PING_URL of config.env is told of its start and end.
 *
 * <p>With --probe: no round and no file, only a look (exit 10: something is not as it should be).
 *
 * <p>Exit codes: 0 every step PASS; 10 recorded, and some step FAIL; 64 usage or configuration; 70 the evidence could
 * not be written; 75 another round is running, nothing was changed.
 *
 * <p>Run: ./round.java SOAK_DIR
 */
@Command(name = "round", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "One workload round: checks health, creates plans, scans for stuck ones and recovers them, counts all plans, scrapes the metrics and writes the evidence.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every step is PASS", "10:recorded, and some step is FAIL; --probe: something is not as it should be", "64:usage or configuration",
        "70:the evidence could not be written", "75:another round is running; nothing was changed"})
class round implements Callable<Integer> {
  private static final int FLEET_ROUND = 10; // "check >= 100 after round 10"
  private static final String PASS = "PASS";
  private static final String FAIL = "FAIL";
  private static final double HIGH_OVERHEAD_MS = 5;
  private static final double STALL_MS = 5;
  private static final long CLOCK_STEP_MS = 1000;
  private static final int SHOWN_BYTES = 600; // of a sentence in cron.log; round-summary.json has the whole of it

  @Parameters(index = "0", arity = "0..1", paramLabel = "SOAK_DIR", description = "The soak's folder (default: $$SOAK_DIR, else the working directory if it has a config.env).")
  Path soakDir;

  @Option(names = "--probe", description = "Only look, at all that a round looks at: no round, nothing is created, recovered or written, and it counts nowhere.")
  boolean probe;

  @Spec
  CommandSpec spec;

  private final Time time;
  private final Machine machine;
  private final ClosedRounds closedRounds;
  /** A process of its own, which may be of another build than the soak's. */
  private boolean alone;
  private PrintWriter err;
  private Config config;
  private SoakDir dir;
  private Supervisor controlPlane;
  private ControlPlaneApi api;
  private HealthCheck health;
  private PlanTemplate template;
  private Reserve reserve;
  private Overhead overhead;
  private RoundFolder folder;
  private long began;
  private Instant beganAt;
  private History history;
  private int roundNumber;
  /** What the round came to, in a line. */
  private String result;

  /** Whether the control plane answers: false until the health check has seen it. */
  private boolean usable;
  private String absence;
  private ControlPlaneApi.StuckScan scan = ControlPlaneApi.StuckScan.NONE;
  private List<String> rolledBack = List.of();

  /** round-summary.json, in the contract's order. What no step has measured stays null, a step that did not run FAIL. */
  private final Map<String, Object> summary = new LinkedHashMap<>();
  /** Why a step is FAIL, by the step's name. */
  private final Map<String, String> failures = new LinkedHashMap<>();
  /** What a reader of the figures must know, though no step failed by it. */
  private final List<String> warnings = new ArrayList<>();
  /** The first write that failed, if one did. */
  private IOException evidenceLost;

  round() {
    this(Time.system());
    alone = true;
  }

  round(Time time) {
    this(time, Machine.real(), new ClosedRounds());
  }

  /** @param closedRounds filled by rounds of the same soak that ran before in this process */
  round(Time time, Machine machine, ClosedRounds closedRounds) {
    this.time = time;
    this.machine = machine;
    this.closedRounds = closedRounds;
  }

  public static void main(String[] args) {
    System.exit(Cli.run(new round(), args));
  }

  @Override
  public Integer call() throws Exception {
    err = spec.commandLine().getErr();
    dir = SoakDir.existing(soakDir);
    if (probe) {
      config = Config.read(dir);
      return new Probe(config, time, machine.controlPlane(config, time), alone ? CronWatch.of(dir, System.getenv(), Path.of("/")) : null).run(spec.commandLine().getOut());
    }
    if (alone) {
      Handover handover = new Handover(dir, System.getenv());
      Optional<Integer> exit = handover.run(err);
      if (exit.isPresent()) {
        return exit.get();
      }
      handover.warning().ifPresent(warnings::add);
    }
    config = Config.read(dir);
    try (RoundLock held = RoundLock.take(dir)) {
      DeadMansSwitch pings = new DeadMansSwitch(config.pingUrl());
      pings.started().ifPresent(warnings::add);
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

      step("v01_health", this::cpHealthCheck);
      ofOurs("v02_creates", this::planCreates);
      ofOurs("v03_stuck_scan", this::stuckScan);
      ofOurs("v04_recovery", this::stuckRecovery);
      ofOurs("v05_plan_count", this::planCountCheck);
      step("v07_integrity", this::storeCheck);
      ofOurs("v06_metrics", this::prometheusScrape);
      roundSummaryWrite();

      step("alerts", this::raiseAlerts);
      refreshMetrics();
      return tell();
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  /** A step of the plan: what it could not write or do is its failure, and the next step runs all the same. */
  private void step(String verdict, Step step) throws InterruptedException {
    try {
      step.run();
    } catch (IOException e) {
      evidenceLost = e;
      fail(verdict, "its evidence cannot be written, or that of an earlier round read: " + e);
    } catch (Failure known) {
      fail(verdict, known.getMessage());
    } catch (RuntimeException | VirtualMachineError unknown) {
      fail(verdict, "an unknown failure (" + unknown + "): its stack trace is in cron.log");
      unknown.printStackTrace(err);
    }
  }

  /** A step that asks the control plane for something or acts on it: never where a stranger answers in its place. */
  private void ofOurs(String verdict, Step step) throws InterruptedException {
    step(verdict, () -> {
      Optional<String> stranger = health.stranger();
      if (stranger.isPresent()) {
        notOfAStranger(verdict, stranger.get());
      } else {
        step.run();
      }
    });
  }

  private void notOfAStranger(String verdict, String stranger) {
    summary.put("port_conflict", true);
    fail(verdict, "not done: " + stranger);
    if (verdict.equals("v05_plan_count")) {
      fail("v07_integrity", "nothing is concluded: " + stranger);
    }
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private Failure notWritten(IOException e) {
    return Failure.failed("the evidence of this round cannot be written (" + e + "): free space and rights on " + dir.root() + ", then look at the newest folder in rounds/", e);
  }

  /** Everything that can be wrong with the configuration is found, and the prober warmed up, before the round begins. */
  private void prepare() {
    Leftovers.remove(dir.tmp());
    reserve = new Reserve(dir);
    reserve.fill();
    config.schedule();
    template = PlanTemplate.read(dir.planTemplate());
    if (config.recoveryDrillEvery() > 0) {
      PlanTemplate.read(dir.drillTemplate());
    }
    controlPlane = machine.controlPlane(config, time);
    api = new ControlPlaneApi(config, time, controlPlane::stranger);
    byte[] body = template.body(config.planIdPrefix() + "-" + time.now().getEpochSecond() + "-01");
    overhead = machine.overhead(time, body);
    api.warmUp(body);
  }

  private void openEvidence() throws IOException, InterruptedException {
    began = time.nanoTime();
    beganAt = time.now();
    try {
      folder = RoundFolder.claim(dir, time);
    } catch (IOException full) {
      reserve.release();
      folder = RoundFolder.claim(dir, time);
    }
    history = History.before(dir, folder.path());
    health = new HealthCheck(config, time, controlPlane, api, folder, history, closedRounds);
    roundNumber = history.size() + 1;
    summary.put("schema", 1);
    summary.put("round", roundNumber);
    summary.put("slot", config.schedule().slot(folder.second()));
    summary.put("round_id", folder.roundId());
    warnings.addAll(SlotWarnings.of(config, history, folder.second()));
    summary.put("started_at", folder.second().toString());
    summary.put("finished_at", null);
    summary.put("unix_ts", folder.second().getEpochSecond());
    summary.put("duration_ms", null);
    summary.put("rehearsal", config.rehearsal());
    summary.put("harness_version", Version.current());
    summary.put("cp_mode", config.cpMode());
    summary.put("boot_id", machine.bootId());
    summary.put("targets", config.verdictSettings());
    for (String field : List.of("health", "health_http_code", "restarted", "restart_ms", "hung", "port_conflict", "cp_identity")) {
      summary.put(field, null);
    }
    for (String step : List.of("v01_health", "v02_creates", "v03_stuck_scan", "v04_recovery", "v05_plan_count", "v06_metrics", "v07_integrity")) {
      fail(step, "the step did not run");
    }
    for (String field : List.of("create_ok", "create_errors", "p50_ms", "p99_ms", "max_ms", "stalled_creates", "max_stall_ms")) {
      summary.put(field, null);
    }
    summary.put("probe_overhead_ms", rounded(overhead.p50Ms()));
    summary.put("probe_overhead_max_ms", rounded(overhead.maxMs()));
    if (overhead.p50Ms() > HIGH_OVERHEAD_MS) {
      warnings.add("probe_overhead_ms is " + rounded(overhead.p50Ms()) + ", above " + HIGH_OVERHEAD_MS + ": the latencies of this round are partly the prober's own; is the machine starved?");
    }
    for (String field : List.of("scan_http_code", "scan_ok", "stuck_count", "stuck_foreign",
        "recovery_ok", "recovery_fail", "recovery_deferred", "drill_recoveries", "foreign_recoveries", "recoveries_refuted", "refuted_recoveries",
        "plan_count", "list_pages", "expected_plans", "lost_plans", "duplicate_plans", "revived_plans", "unconfirmed_plans",
        "cp_http_requests_total", "cp_rollout_plans_total", "metrics_ok", "store_bytes", "audit_bytes", "cp_rss_bytes", "cp_open_fds",
        "wal_bytes", "store_check", "store_unchecked", "clock_step_ms", "harness_cpu_ms", "harness_peak_rss_bytes", "evidence_bytes")) {
      summary.put(field, null);
    }
  }

  // 1. CP health check: GET /v1/health; restart the control plane if it is dead.
  private void cpHealthCheck() throws IOException, InterruptedException {
    summary.put("health", "failed"); // until it is known better
    HealthCheck.Outcome found = health.run();
    summary.putAll(found.fields());
    warnings.addAll(found.warnings());
    warnings.addAll(api.credentials().endingSoon(beganAt, config.schedule().end()));
    evidenceLost = found.notWritten();
    usable = found.usable();
    absence = found.absence();
    decide("v01_health", found.healthy(), found.problem());
  }

  // 2. 10 plan creates: unique ids, each timed on a connection of its own.
  private void planCreates() throws IOException {
    List<String> ids = new ArrayList<>();
    if (usable) {
      for (int i = 1; i <= config.plansPerRound(); i++) {
        ids.add(String.format(Locale.ROOT, "%s-%d-%02d", config.planIdPrefix(), folder.second().getEpochSecond(), i));
      }
    }
    folder.planIds(ids);
    PlanTemplate drill = null;
    if (usable && config.recoveryDrillEvery() > 0 && roundNumber % config.recoveryDrillEvery() == 0) {
      drill = PlanTemplate.read(dir.drillTemplate());
      folder.drillPlan(ids.get(ids.size() - 1));
    }
    int ok = 0;
    int errors = 0;
    String firstError = null;
    List<Double> countedMs = new ArrayList<>();
    double longestStallMs = 0;
    int stalled = 0;
    try (Stalls watch = machine.watchStalls()) {
      for (int i = 0; i < ids.size(); i++) {
        byte[] body = (drill != null && i == ids.size() - 1 ? drill : template).body(ids.get(i));
        watch.reset();
        HttpCall.Answer answer = api.create(body);
        double stallMs = watch.longestMs();
        if (answer.is(201)) {
          folder.givenId(ids.get(i), api.givenId(answer, ids.get(i)));
        }
        folder.created(answer.code(), answer.nanos(), stallMs);
        longestStallMs = Math.max(longestStallMs, stallMs);
        stalled += stallMs >= STALL_MS ? 1 : 0;
        double millis = answer.nanos() / 1_000 / 1_000.0; // the whole microseconds that create-times.txt has
        boolean created = answer.code().equals("201");
        if (created) {
          ok++;
        } else {
          errors++;
          firstError = firstError == null ? ids.get(i) + ": " + answer.describe() : firstError;
        }
        // A slow error is latency that a user suffers; a fast refusal must not improve the figure.
        if (created || millis > config.targetP99Ms()) {
          countedMs.add(millis);
        }
      }
    }
    if (!ids.isEmpty()) {
      summary.put("stalled_creates", stalled);
      summary.put("max_stall_ms", rounded(longestStallMs));
    }
    if (stalled > 0) {
      warnings.add(stalled + " creates were measured while this process itself stood still, for up to " + rounded(longestStallMs) + " ms (" + RoundFolder.STALLS + "): that part of their latency is not the control plane's");
    }
    summary.put("create_ok", ok);
    summary.put("create_errors", errors);
    summary.put("p50_ms", rounded(Percentiles.nearestRank(countedMs, 50)));
    summary.put("p99_ms", rounded(Percentiles.nearestRank(countedMs, 99)));
    summary.put("max_ms", rounded(Percentiles.nearestRank(countedMs, 100)));
    decide("v02_creates", usable && errors == 0, usable ? errors + " of " + ids.size() + " creates failed, first " + firstError : "nothing was created: " + absence);
  }

  // 3. Stuck scan: GET /v1/rollouts/stuck?threshold_seconds=3600; record stuck_count.
  private void stuckScan() throws IOException {
    scan = api.stuck(config.listingTimeout());
    folder.stuckScan(scan.raw(), scan.planIds().size());
    summary.put("scan_http_code", scan.code());
    summary.put("scan_ok", scan.ok());
    summary.put("stuck_count", scan.ok() ? scan.planIds().size() : null);
    decide("v03_stuck_scan", scan.ok(), scan.problem());
  }

  // 4. Stuck recovery: for each stuck plan `rollback execute`; record success or failure.
  private void stuckRecovery() throws InterruptedException, IOException {
    Recovery.Outcome outcome = new Recovery(config, time, machine, folder, health::stranger).recover(scan, history, closedRounds);
    rolledBack = outcome.rolledBack();
    summary.putAll(outcome.figures());
    warnings.addAll(outcome.warnings());
    boolean scanned = Boolean.TRUE.equals(summary.get("scan_ok"));
    decide("v04_recovery", scanned && outcome.problem() == null, scanned ? outcome.problem() : "without a stuck scan it is not known what to recover");
  }

  // 5. Plan count check: page through GET /v1/rollouts until the cursor is empty; every plan promised must be there once.
  private void planCountCheck() throws IOException, InterruptedException {
    PlanLedger ledger = new PlanLedger(history, closedRounds);
    ledger.add(folder.path());
    ledger.unnamed().ifPresent(warnings::add);
    ledger.forget(rolledBack);
    SetCheck.Outcome outcome = new SetCheck(api, ledger, time, config.listingTimeout()).check();
    Optional<String> stranger = health.strangerSince(outcome.lacksEveryPlan());
    if (stranger.isPresent()) {
      notOfAStranger("v05_plan_count", stranger.get());
      return;
    }
    outcome.write(folder, rolledBack);
    summary.putAll(outcome.figures());
    warnings.addAll(outcome.warnings());
    boolean early = roundNumber < FLEET_ROUND;
    decide("v05_plan_count", outcome.listingProblem() == null && (early || (Integer) summary.get("plan_count") >= config.targetPlanCount()), outcome.listingProblem() != null
        ? outcome.listingProblem() : summary.get("plan_count") + " plans are listed, the target from round " + FLEET_ROUND + " on is " + config.get("TARGET_PLAN_COUNT"));
    decide("v07_integrity", outcome.problem() == null, outcome.problem());
  }

  /** Beside the set check, and whether or not the control plane answers: its database's own check of itself. */
  private void storeCheck() throws IOException {
    StoreCheck.Finding finding = StoreCheck.inRound(config, history, folder, healthy(), time);
    summary.put("store_check", finding.result());
    summary.put("store_unchecked", finding.uncheckedText());
    finding.warning().ifPresent(warnings::add);
    if (finding.damaged()) {
      fail("v07_integrity", Stream.of(failures.get("v07_integrity"), finding.damage()).filter(Objects::nonNull).collect(Collectors.joining("; ")));
    }
  }

  // 6. Prometheus scrape; extract cp_http_requests_total and cp_rollout_plans_total.
  private void prometheusScrape() throws IOException {
    HttpCall.Answer answer = api.metrics();
    String problem = ControlPlaneApi.scrapeProblem(answer);
    boolean ok = problem == null;
    if (answer.body().length > 0) {
      folder.metrics(answer.body());
    }
    summary.put("cp_http_requests_total", ok ? whole(PrometheusText.sum(answer.text(), "cp_http_requests_total")) : null);
    summary.put("cp_rollout_plans_total", ok ? whole(PrometheusText.sum(answer.text(), "cp_rollout_plans_total")) : null);
    summary.put("metrics_ok", ok);
    decide("v06_metrics", ok, config.metricsUrl() + ": " + problem);
  }

  // 7. Round summary write: last, so that a folder without one is known for an interrupted round.
  private void roundSummaryWrite() throws IOException {
    if (!config.attached()) {
      summary.put("store_bytes", Growth.bytes(dir.cpData(), ""));
      summary.put("wal_bytes", Growth.bytes(dir.cpData(), "-wal"));
      summary.put("cp_rss_bytes", controlPlane.residentBytes());
      summary.put("cp_open_fds", controlPlane.openDescriptors());
    }
    summary.put("audit_bytes", Growth.bytes(config.auditDir(), ""));
    Instant finishedAt = time.now();
    long durationMs = (time.nanoTime() - began) / 1_000_000;
    long stepMs = Duration.between(beganAt, finishedAt).toMillis() - durationMs;
    summary.put("finished_at", finishedAt.truncatedTo(ChronoUnit.SECONDS).toString());
    summary.put("duration_ms", durationMs);
    summary.put("clock_step_ms", stepMs);
    if (Math.abs(stepMs) > CLOCK_STEP_MS) {
      warnings.add("the wall clock stepped by " + stepMs + " ms during the round; durations are of the monotonic clock");
    }
    summary.put("harness_cpu_ms", machine.harnessCpuMillis());
    summary.put("harness_peak_rss_bytes", machine.harnessPeakResidentBytes());
    summary.put("evidence_bytes", Growth.bytes(folder.path(), ""));
    warnings.replaceAll(warning -> Printable.text(api.credentials().redacted(warning)));
    summary.put("failures", failures);
    summary.put("warnings", warnings);
    try {
      folder.summary(summary);
    } catch (IOException full) {
      evidenceLost = full;
      if (!reserve.release()) {
        throw full;
      }
      folder.summary(summary); // what was kept aside for this moment
    }
  }

  private boolean healthy() {
    return "ok".equals(summary.get("health")) && !Boolean.TRUE.equals(summary.get("restarted"));
  }

  private void raiseAlerts() throws IOException {
    Instant at = Instant.parse((String) summary.get("finished_at"));
    long day = config.schedule().dayOfDate(LocalDate.ofInstant(at, ZoneOffset.UTC));
    Long left = UptimeBudget.of(config, history, closedRounds, Json.MAPPER.valueToTree(summary)).leftOnceUsed();
    AlertLog log = new AlertLog(config, err);
    for (String alert : new RoundAlerts(history, config.alertConsecutive())
        .due(healthy(), (Integer) summary.get("stuck_count"), (Integer) summary.get("recoveries_refuted"), (Integer) summary.get("lost_plans"),
            (Integer) summary.get("duplicate_plans"), left, day)) {
      if (log.raise(at, alert)) {
        err.println(AlertLog.line(at, alert));
      }
    }
  }

  /** For whatever watches the machine; no evidence, so that what goes wrong with it is a warning. */
  private void refreshMetrics() {
    try {
      SoakMetrics.write(dir, SoakMetrics.text(config, history, closedRounds, Json.MAPPER.valueToTree(summary)));
    } catch (IOException | RuntimeException e) {
      err.println("round: warning: " + dir.soakMetrics() + " stays as it was: " + e);
    }
  }

  /** One line for cron.log, and one on stderr for each step that failed. */
  private int tell() {
    String when = summary.get("started_at") + " round " + roundNumber;
    warnings.forEach(warning -> err.println(when + ": warning: " + Printable.line(warning, SHOWN_BYTES)));
    failures.forEach((step, why) -> err.println(when + ": " + step + " FAIL: " + Printable.line(why, SHOWN_BYTES)));
    result = String.format(Locale.ROOT, "%s slot %s: %s, created %s/%d, p99 %s ms, stuck %s, recovered %s%s, plans %s, lost %s",
        when, summary.get("slot"), failures.isEmpty() ? PASS : FAIL + " " + failures.keySet(), summary.get("create_ok"), config.plansPerRound(), shown("p99_ms"),
        shown("stuck_count"), shown("recovery_ok"), summary.get("recoveries_refuted") instanceof Integer refuted && refuted > 0 ? " (refuted " + refuted + ")" : "", shown("plan_count"), shown("lost_plans"));
    spec.commandLine().getOut().println(result);
    if (evidenceLost != null) {
      throw notWritten(evidenceLost);
    }
    return failures.isEmpty() ? Exit.OK : Exit.BAD;
  }

  private Object shown(String field) {
    return summary.get(field) == null ? "n/a" : summary.get(field);
  }

  private void decide(String step, boolean passed, String why) {
    if (passed) {
      summary.put(step, PASS);
      failures.remove(step);
    } else {
      fail(step, why);
    }
  }

  private void fail(String step, String why) {
    summary.put(step, FAIL);
    failures.put(step, Printable.text(api.credentials().redacted(why)));
  }

  /** Milliseconds with the three decimals that create-times.txt has. */
  private static Double rounded(Double millis) {
    return millis == null ? null : Math.round(millis * 1000) / 1000.0;
  }

  private static Object whole(Double value) {
    return value == null || value != Math.rint(value) ? value : (Object) value.longValue();
  }
}
