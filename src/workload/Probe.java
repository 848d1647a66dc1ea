package workload;

import base.Exit;
import base.HeldLock;
import base.Mounts;
import base.Printable;
import base.Room;
import base.Time;
import cron.CronWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import probe.ControlPlaneApi;
import probe.HttpCall;
import probe.PrometheusText;
import process.ControlPlane;
import process.Growth;
import process.Supervisor;
import settings.Config;
import soak.Access;
import soak.RoundFiles;
import soak.Schedule;
import soak.SoakDir;

/**
 * A look at everything that a round looks at, which counts nowhere: nothing is created, recovered, started, ended or
 * written, and no lock is taken, so that a round is never hindered. Of a control plane that is not this soak's only the
 * health is asked.
 */
public final class Probe {
    private static final int LABEL = 9;
    private static final int SHOWN_BYTES = 600;

    private final Config config;
    private final SoakDir dir;
    private final Time time;
    private final Supervisor controlPlane;
    private final ControlPlaneApi api;
    private final CronWatch cron;
    private final List<String> lines = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();

    /** @param cron what starts the rounds on this machine; null where it is not to be looked at */
    public Probe(Config config, Time time, Supervisor controlPlane, CronWatch cron) {
        this.config = config;
        this.dir = config.dir();
        this.time = time;
        this.controlPlane = controlPlane;
        this.api = new ControlPlaneApi(config, time, controlPlane::stranger);
        this.cron = cron;
    }

    /**
     * @return exit code: 10 if something is not as it should be
     * @throws base.Failure exit 64 for a round that this user may not read
     */
    public int run(PrintWriter out) throws IOException, InterruptedException {
        try {
            return look(out);
        } catch (IOException e) {
            Access.require(e);
            throw e;
        }
    }

    private int look(PrintWriter out) throws IOException, InterruptedException {
        Instant now = time.now().truncatedTo(ChronoUnit.SECONDS);
        History history = History.before(dir, null);
        boolean running = inProgress(history, now);
        if (process(history)) {
            stuck(history);
            plans(history, running);
            metrics();
        }
        sizes();
        rounds(history, running, now);
        out.println(config.soakId() + " at " + now + ": a probe, which never counts");
        lines.forEach(out::println);
        boolean unstarted =
                cron != null && !config.rehearsal() && !cron.missing().isEmpty();
        out.println(
                bad.isEmpty()
                        ? unstarted
                                ? "Everything that a round looks at is good; the line Cron says what may keep the next"
                                        + " round from starting."
                                : "Everything is good."
                        : "Something is wrong: " + String.join(", ", bad) + ".");
        out.flush();
        return bad.isEmpty() ? Exit.OK : Exit.BAD;
    }

    private void say(String label, boolean good, String text) {
        lines.add(label
                + " ".repeat(LABEL - label.length())
                + (good ? "" : "FAIL: ")
                + Printable.line(api.credentials().redacted(text), SHOWN_BYTES));
        if (!good) {
            bad.add(label.toLowerCase(Locale.ROOT));
        }
    }

    /** @return whether what answers is this soak's to ask */
    private boolean process(History history) throws IOException {
        if (config.attached()) {
            say("Process", true, "run by someone else (CP_MODE=attached)");
        } else {
            ControlPlane.State state = controlPlane.state();
            say(
                    "Process",
                    state != ControlPlane.State.DEAD,
                    state == ControlPlane.State.DEAD
                            ? "dead: the next round restarts it"
                            : "runs, pids " + controlPlane.pids());
        }
        long began = time.nanoTime();
        HttpCall.Answer health = api.health();
        long millis = (time.nanoTime() - began) / 1_000_000;
        Optional<String> stranger = new HealthCheck(config, time, controlPlane, api, null, history, new ClosedRounds())
                .strangerBehind(health);
        say(
                "Health",
                health.is(200) && stranger.isEmpty(),
                stranger.orElse((health.is(200) ? "200" : health.describe()) + " in " + millis + " ms"));
        return stranger.isEmpty() && !health.code().equals(HttpCall.NO_ANSWER);
    }

    private void stuck(History history) throws IOException {
        ControlPlaneApi.StuckScan scan = api.stuck(config.listingTimeout());
        SoakPlans soaks = new SoakPlans(dir, config.planIdPrefix(), history);
        int leftAlone = 0;
        for (String id : config.recoverForeign() ? List.<String>of() : scan.planIds()) {
            leftAlone += soaks.made(id) ? 0 : 1;
        }
        String due = switch (scan.planIds().size() - leftAlone) {
            case 0 -> leftAlone == 0 ? "no plan is stuck" : "no plan of this soak is stuck";
            case 1 -> "1 plan; the next round recovers it";
            default -> scan.planIds().size() - leftAlone + " plans; the next round recovers them";
        };
        String others = leftAlone == 0
                ? ""
                : "; " + leftAlone + (leftAlone == 1 ? " is" : " are") + " not of this soak, and left alone";
        say("Stuck", scan.ok(), scan.ok() ? due + others : scan.problem());
    }

    /** The ledger first: what a round creates meanwhile must not look lost. */
    private void plans(History history, boolean running) throws IOException, InterruptedException {
        SetCheck.Outcome outcome =
                new SetCheck(config, api, new PlanLedger(history, new ClosedRounds()), history, time).check();
        Findings found = outcome.findings();
        if (found == null) {
            say("Plans", false, outcome.problem());
            return;
        }
        boolean whole = found.lost().isEmpty() && found.duplicate().isEmpty();
        say(
                "Plans",
                whole || running,
                outcome.figures().get("plan_count") + " listed in " + pages(outcome) + ", " + found.expectedCount()
                        + " expected: "
                        + found.lost().size() + " lost, " + found.duplicate().size() + " twice"
                        + (found.unconfirmed().isEmpty()
                                ? ""
                                : ", " + found.unconfirmed().size() + " unconfirmed")
                        + (found.shownById().isEmpty()
                                ? ""
                                : ", " + found.shownById().size() + " only by their ids (GET /v1/rollouts/ID)")
                        + (whole
                                ? ""
                                : running
                                        ? "; a round is running: look again when it has ended"
                                        : found.lost().stream()
                                                .findFirst()
                                                .map(id -> "; first " + id)
                                                .orElse("")));
    }

    private static String pages(SetCheck.Outcome outcome) {
        int pages = (Integer) outcome.figures().get("list_pages");
        return pages + (pages == 1 ? " page" : " pages");
    }

    private void metrics() {
        HttpCall.Answer answer = api.metrics();
        String problem = ControlPlaneApi.scrapeProblem(answer);
        say(
                "Metrics",
                problem == null,
                problem == null
                        ? "cp_http_requests_total " + figure(answer, "cp_http_requests_total")
                                + ", cp_rollout_plans_total " + figure(answer, "cp_rollout_plans_total")
                        : config.metricsUrl() + ": " + problem);
    }

    private static String figure(HttpCall.Answer answer, String name) {
        Double sum = PrometheusText.sum(answer.text(), name);
        return sum == null ? "absent" : String.format(Locale.ROOT, "%.0f", sum);
    }

    private void sizes() throws IOException {
        if (!config.attached()) {
            say(
                    "Store",
                    true,
                    size(Growth.bytes(dir.cpData(), "")) + ", of it write-ahead log "
                            + size(Growth.bytes(dir.cpData(), "-wal")) + "; audit store "
                            + size(Growth.bytes(config.auditDir(), "")));
        }
        if (Mounts.isReadOnly(dir.root())) {
            say(
                    "Disk",
                    false,
                    "the file system of SOAK_DIR is mounted read-only, so no round can be recorded: see dmesg for why,"
                            + " and mount it for writing");
            return;
        }
        OptionalLong free = Room.free(dir.root());
        if (free.isEmpty()) {
            say("Disk", true, "unknown: the file system of SOAK_DIR does not report its size");
            return;
        }
        boolean enough = free.getAsLong() >= Room.FOR_ROUNDS;
        say(
                "Disk",
                enough,
                size(free.getAsLong()) + " free for SOAK_DIR"
                        + (enough ? "" : ", too little to be sure that a round is recorded: free space"));
    }

    private static String size(Long bytes) {
        return bytes == null
                ? "n/a"
                : bytes < 1 << 20 ? bytes / 1024 + " KiB" : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    private void rounds(History history, boolean running, Instant now) {
        Schedule schedule = config.schedule();
        Optional<Path> last = history.newestFirst().stream().findFirst();
        say(
                "Last",
                true,
                last.map(round -> RoundFiles.id(round)
                                + (running
                                        ? ", running now"
                                        : History.summary(round).isPresent()
                                                ? ", recorded"
                                                : ", without a summary: it was killed"))
                        .orElse("no round yet"));
        long slot = schedule.slot(now);
        if (slot >= schedule.totalSlots()) {
            say("Next", true, "none: the soak has ended");
            return;
        }
        Instant next = schedule.t0().plusSeconds(Math.max(0, slot + 1) * schedule.intervalSeconds());
        boolean thisSlotHasIts = slot < 0
                || running
                || last.map(round -> schedule.slot(RoundFiles.second(round)) >= slot)
                        .orElse(false);
        long waiting = slot < 0
                ? 0
                : Duration.between(schedule.t0().plusSeconds(slot * schedule.intervalSeconds()), now)
                        .toSeconds();
        boolean overdue = !thisSlotHasIts && SlotWarnings.isOverdue(schedule, waiting);
        say(
                "Next",
                !overdue,
                overdue
                        ? "slot " + slot + " has waited " + waiting + " s for its round"
                        : !thisSlotHasIts
                                ? "slot " + slot + ", due now"
                                : slot + 1 >= schedule.totalSlots()
                                        ? "none: the last slot has its round"
                                        : "slot " + Math.max(0, slot + 1) + " at " + next);
        if (cron != null && !config.rehearsal()) {
            say("Cron", !overdue || cron.missing().isEmpty(), cron.told());
        }
    }

    /** As a report sees it: the newest folder, without a summary and younger than an interval. */
    private boolean inProgress(History history, Instant now) {
        return history.newestFirst().stream()
                .findFirst()
                .filter(round -> !Files.exists(round.resolve(RoundFiles.SUMMARY))
                        && (RoundFiles.second(round)
                                        .plusSeconds(config.intervalSeconds())
                                        .isAfter(now)
                                || HeldLock.on(config.dir().roundLock())))
                .isPresent();
    }
}
