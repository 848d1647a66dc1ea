package workload;

import base.Durable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import seal.Head;
import settings.Config;
import soak.Schedule;
import soak.SoakDir;

/**
 * metrics/soak.prom: where the soak stands after this round, for node_exporter's textfile collector (contract, section
 * 3 "Metrics"). Made from the rounds' summaries, not from the reports: a round never starts a database. A figure that a
 * report has too means the same and is held against it by a test; the verdicts are the reports' alone, and what is
 * decided here is {@link Standing}'s and {@link UptimeBudget}'s.
 */
public final class SoakMetrics {
    private final Config config;
    private final Schedule schedule;
    private final JsonNode last;
    private final UptimeBudget budget;
    private final List<RoundOutcome> inSoak;
    private final MetricsText metrics;

    private SoakMetrics(Config config, History history, ClosedRounds closed, JsonNode last) {
        this.config = config;
        this.schedule = config.schedule();
        this.last = last;
        this.budget = UptimeBudget.of(config, history, closed, last);
        this.inSoak = budget.rounds();
        this.metrics = new MetricsText(Map.of("soak_id", config.soakId()));
    }

    /**
     * @param history the rounds before this one
     * @param last round-summary.json of this one
     */
    public static String text(Config config, History history, ClosedRounds closed, JsonNode last) {
        SoakMetrics soak = new SoakMetrics(config, history, closed, last);
        soak.about();
        soak.lastRound();
        soak.totals(new RoundAlerts(history, config.alertConsecutive()));
        soak.budget();
        soak.gate();
        soak.targets();
        return soak.metrics.toString();
    }

    /** For every user to read, since node_exporter is another one; whole or not at all. */
    public static void write(SoakDir dir, String text) throws IOException {
        if (!Files.isDirectory(dir.metrics())) {
            Files.createDirectories(dir.metrics());
            Files.setPosixFilePermissions(dir.metrics(), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Durable.write(dir.soakMetrics(), text, "rw-r--r--");
    }

    private void about() {
        metrics.gauge("soak_info", "Which soak this is, by the labels; always 1.")
                .sample(
                        1,
                        "version",
                        last.path("harness_version").asText(),
                        "cp_mode",
                        config.cpMode(),
                        "rehearsal",
                        Boolean.toString(config.rehearsal()));
        metrics.gauge("soak_start_timestamp_seconds", "When the soak started.")
                .sample(schedule.startedAt().getEpochSecond());
        metrics.gauge("soak_end_timestamp_seconds", "When the soak's last slot ends.")
                .sample(schedule.end().getEpochSecond());
        metrics.gauge("soak_round_interval_seconds", "Seconds from one round to the next.")
                .sample(schedule.intervalSeconds());
        metrics.gauge("soak_scheduled_rounds", "Slots of the whole soak.").sample(schedule.totalSlots());
    }

    private void lastRound() {
        boolean passed = RoundSummary.STEPS.stream()
                .allMatch(step -> last.path(step).asText().equals("PASS"));
        metrics.gauge("soak_last_round_number", "The ordinal of the last round that was recorded.")
                .sample(whole("round"));
        Head.ofRound(config.dir().round(last.path("round_id").asText()))
                .ifPresent(head -> metrics.gauge(
                                "soak_evidence_head_info",
                                "Head of the evidence: the hash of the newest round-summary.json.")
                        .sample(1, "round_id", head.roundId(), "sha256", head.sha256()));
        metrics.gauge("soak_last_round_start_timestamp_seconds", "When the last round started.")
                .sample(Instant.parse(last.path("started_at").asText()).getEpochSecond());
        metrics.gauge("soak_last_round_end_timestamp_seconds", "When the last round ended and wrote this file.")
                .sample(Instant.parse(last.path("finished_at").asText()).getEpochSecond());
        metrics.gauge("soak_last_round_duration_seconds", "How long the last round took.")
                .sample(seconds("duration_ms"));
        metrics.gauge("soak_last_round_passed", "Whether every step of the last round passed.")
                .sample(passed);
        MetricsText.Family step =
                metrics.gauge("soak_last_round_step_passed", "Whether this step of the last round passed.");
        RoundSummary.STEPS.forEach(name -> step.sample(last.path(name).asText().equals("PASS"), "step", name));
        metrics.gauge(
                        "soak_last_round_healthy",
                        "Whether the last round found the control plane healthy and did not restart it.")
                .sample(lastOutcome().healthy());
        metrics.gauge("soak_last_round_create_p50_seconds", "Median latency of the last round's creates.")
                .sample(seconds("p50_ms"));
        metrics.gauge(
                        "soak_last_round_create_p99_seconds",
                        "99th percentile of the latency of the last round's creates, by nearest rank.")
                .sample(seconds("p99_ms"));
        metrics.gauge("soak_last_round_create_max_seconds", "Largest latency of the last round's creates.")
                .sample(seconds("max_ms"));
        metrics.gauge("soak_last_round_creates", "Creates of the last round.")
                .sample(whole("create_ok"), "result", "ok")
                .sample(whole("create_errors"), "result", "error");
        metrics.gauge(
                        "soak_last_round_recoveries",
                        "Recoveries of the last round; deferred ones did not fit into its budget.")
                .sample(whole("recovery_ok"), "result", "ok")
                .sample(whole("recovery_fail"), "result", "failed")
                .sample(whole("recovery_deferred"), "result", "deferred");
        metrics.gauge(
                        "soak_last_round_refuted_recoveries",
                        "Recoveries of earlier rounds that answered 0 and that the last round's scan refuted; absent"
                                + " without a scan.")
                .sample(whole("recoveries_refuted"));
        metrics.gauge("soak_last_round_stuck_plans", "Plans that the last round found stuck.")
                .sample(whole("stuck_count"));
        metrics.gauge(
                        "soak_last_round_plans",
                        "Plans that the last round counted; absent if the listing was not complete.")
                .sample(whole("plan_count"));
        metrics.gauge(
                        "soak_last_round_lost_plans",
                        "Acknowledged plans that the last round's listing lacks, new or old.")
                .sample(whole("lost_plans"));
        metrics.gauge("soak_last_round_duplicate_plans", "Plans that the last round's listing has more than once.")
                .sample(whole("duplicate_plans"));
        metrics.gauge(
                        "soak_last_round_unconfirmed_plans",
                        "Plans that the last round missed or saw twice in one listing and not in the next: no verdict"
                                + " rests on them.")
                .sample(whole("unconfirmed_plans"));
        metrics.gauge("soak_control_plane_store_bytes", "Size of the control plane's data folder.")
                .sample(whole("store_bytes"));
        metrics.gauge("soak_control_plane_resident_memory_bytes", "Resident memory of the control plane.")
                .sample(whole("cp_rss_bytes"));
        metrics.gauge("soak_control_plane_open_fds", "Open file descriptors of the control plane.")
                .sample(whole("cp_open_fds"));
    }

    /** The last round itself, whether or not it belongs to the soak. */
    private RoundOutcome lastOutcome() {
        return RoundOutcome.of(Instant.EPOCH, last);
    }

    private void totals(RoundAlerts streaks) {
        metrics.counter("soak_rounds_total", "Rounds so far; an interrupted one left no summary.")
                .sample(count(RoundOutcome::healthy), "state", "healthy")
                .sample(count(round -> round.recorded() && !round.healthy()), "state", "failed")
                .sample(count(round -> !round.recorded()), "state", "interrupted");
        metrics.counter("soak_missed_slots_total", "Slots before the last round's in which no round ran.")
                .sample(budget.missedSlots());
        metrics.counter("soak_restarts_total", "Rounds that restarted the control plane.")
                .sample(count(RoundOutcome::restarted));
        metrics.counter("soak_creates_total", "Creates of the recorded rounds so far.")
                .sample(sum(RoundOutcome::createOk), "result", "ok")
                .sample(sum(RoundOutcome::createErrors), "result", "error");
        metrics.counter("soak_recoveries_total", "Recoveries of the recorded rounds so far.")
                .sample(sum(RoundOutcome::recoveryOk), "result", "ok")
                .sample(sum(RoundOutcome::recoveryFail), "result", "failed");
        metrics.counter(
                        "soak_recoveries_refuted_total",
                        "Recoveries that answered 0 and that a later scan refuted; they stay in soak_recoveries_total"
                                + " as ok.")
                .sample(sum(RoundOutcome::recoveriesRefuted));
        metrics.counter(
                        "soak_rounds_with_lost_plans_total",
                        "Rounds whose listing lacked an acknowledged plan or had one twice: one is enough to lose"
                                + " claim C1 for good.")
                .sample(count(RoundOutcome::foundLossOrDoubles));
        metrics.gauge("soak_consecutive_unhealthy_rounds", "Unhealthy rounds in a row up to the last one.")
                .sample(streaks.unhealthyInARow(lastOutcome().healthy()));
        Long stuck = whole("stuck_count");
        metrics.gauge("soak_consecutive_stuck_rounds", "Rounds in a row up to the last one that found stuck plans.")
                .sample(streaks.stuckInARow(stuck));
    }

    private void budget() {
        UptimeBudget.Of rounds = budget.byRounds();
        UptimeBudget.Of slots = budget.bySlots();
        metrics.gauge(
                        "soak_uptime_budget_rounds",
                        "Unhealthy rounds that the availability target allows in the whole soak, by the verdict that"
                                + " counts them.")
                .sample(rounds.allowed(), "verdict", "VAL12-08")
                .sample(slots.allowed(), "verdict", "C4");
        metrics.gauge(
                        "soak_uptime_budget_left_rounds",
                        "How many more unhealthy rounds it allows; below 0 the verdict is lost.")
                .sample(rounds.left(), "verdict", "VAL12-08")
                .sample(slots.left(), "verdict", "C4");
    }

    /** Gate D's three criteria as they stand now; a rehearsal has them too, and is told by soak_info. */
    private void gate() {
        Standing standing = Standing.of(config, inSoak);
        metrics.gauge("soak_gate_criterion_met", "Whether this criterion of Gate D is met as of the last round.")
                .sample(standing.fleet(), "criterion", "VAL12-03")
                .sample(standing.rate(), "criterion", "VAL12-10")
                .sample(standing.nothingLost(), "criterion", "nothing_lost");
    }

    private void targets() {
        metrics.gauge("soak_target_create_p99_seconds", "Largest create p99 that a round may have.")
                .sample(config.decimal("TARGET_P99_MS").movePointLeft(3));
        metrics.gauge("soak_target_plans", "Plans that must be in the store at once.")
                .sample(config.decimal("TARGET_PLAN_COUNT"));
        metrics.gauge("soak_target_rollback_ratio", "Share of recoveries that must succeed.")
                .sample(config.decimal("TARGET_ROLLBACK_RATE"));
        metrics.gauge("soak_target_uptime_ratio", "Share of rounds that must be healthy.")
                .sample(config.decimal("TARGET_UPTIME_PCT").movePointLeft(2));
        metrics.gauge("soak_target_creates", "Creates that must succeed in the whole soak.")
                .sample(config.decimal("TARGET_TOTAL_CREATES"));
    }

    private Long whole(String field) {
        return RoundOutcome.whole(last, field);
    }

    private BigDecimal seconds(String millis) {
        return last.path(millis).isNumber() ? last.path(millis).decimalValue().movePointLeft(3) : null;
    }

    private long count(Predicate<RoundOutcome> which) {
        return inSoak.stream().filter(which).count();
    }

    private long sum(ToLongFunction<RoundOutcome> of) {
        return inSoak.stream().mapToLong(of).sum();
    }
}
