package workload;

import base.Time;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import probe.ControlPlaneApi;
import probe.HealthProbe;
import probe.HttpCall;
import process.ControlPlane;
import process.Listeners;
import process.Supervisor;
import settings.Config;
import soak.RoundFiles;

/**
 * The plan's first step: whether the control plane that this soak is about is there and answers, and what is done where
 * it is not. One that is dead is started again. One that gives no HTTP answer to two probes, the second one later, is
 * examined, ended and started again: silence, a dropped connection, bytes that are no HTTP and half an answer are no
 * answer. One that answers, whatever the code, is left as it is. A stranger at its place is asked for its health and
 * nothing else.
 */
public final class HealthCheck {
    /** From the beginning of the first probe to the second: a moment's trouble must not end a process. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Config config;
    private final Time time;
    private final Supervisor controlPlane;
    private final ControlPlaneApi api;
    private final RoundFolder folder;
    private final History history;
    private final ClosedRounds closedRounds;
    private final List<String> warnings = new ArrayList<>();
    /** Why what answers is another control plane than the attached one. */
    private Optional<String> another = Optional.empty();

    /** Whether this soak started it, and so starts it again. */
    private final boolean own;

    private HttpCall.Answer first;
    /** The second probe's where there was one. */
    private HttpCall.Answer last;

    private Optional<String> stranger = Optional.empty();
    private boolean dead;
    private boolean hung;
    private boolean healthy;
    private boolean usable;
    private boolean portConflict;
    private String problem;
    private Long restartMs;
    private IOException notWritten;

    /**
     * What became of it.
     *
     * @param figures of the first step
     * @param healthy by the first probe
     * @param usable whether plans may be created on it now
     * @param problem why it is not healthy
     * @param notWritten the first piece of evidence that could not be written; null if all was
     */
    public record Outcome(
            Map<String, Object> figures,
            boolean healthy,
            boolean usable,
            String problem,
            List<String> warnings,
            IOException notWritten)
            implements StepOutcome {
        /** Why nothing may be created: what answers with an error was never away. */
        public String absence() {
            Object code = figures.get("health_http_code");
            return Boolean.TRUE.equals(figures.get("port_conflict"))
                    ? "what answers is not the control plane of this soak"
                    : Boolean.TRUE.equals(figures.get("restarted"))
                            ? "the control plane was down and could not be started"
                            : HttpCall.NO_ANSWER.equals(code)
                                    ? "the control plane does not answer"
                                    : "the control plane answers its health check with " + code;
        }
    }

    public HealthCheck(
            Config config,
            Time time,
            Supervisor controlPlane,
            ControlPlaneApi api,
            RoundFolder folder,
            History history,
            ClosedRounds closedRounds) {
        this.config = config;
        this.own = !config.attached();
        this.time = time;
        this.controlPlane = controlPlane;
        this.api = api;
        this.folder = folder;
        this.history = history;
        this.closedRounds = closedRounds;
    }

    /**
     * Why nothing may be asked of what answers at CP_URL now; empty while it is the control plane, nobody, or nobody
     * can tell.
     */
    public Optional<String> stranger() {
        return another.isPresent() ? another : controlPlane.stranger(URI.create(config.cpUrl()));
    }

    /**
     * As {@link #stranger()}, of a listing that lacks every plan: the attached control plane may have been replaced
     * within the round.
     */
    public Optional<String> strangerSince(boolean lacksEveryPlan) throws IOException {
        if (config.attached() && another.isEmpty() && lacksEveryPlan) {
            recognise(CpIdentity.of(api.health(), controlPlane.listener()), true);
        }
        return stranger();
    }

    /** As {@link #stranger()}, for one who looks and does nothing about it. */
    public Optional<String> strangerBehind(HttpCall.Answer health) throws IOException {
        if (config.attached() && !silent(health)) {
            recognise(CpIdentity.of(health, controlPlane.listener()), false);
        }
        return stranger();
    }

    /** Once a round. */
    public Outcome run() throws IOException, InterruptedException {
        look();
        if (own && silent(last) && !dead && stranger.isEmpty() && controlPlane.state() == ControlPlane.State.RUNNING) {
            end();
        }
        portConflict = stranger.isPresent();
        if (dead) {
            startAgain();
        }
        CpIdentity identity = CpIdentity.of(last, controlPlane.listener()).with(history, controlPlane::build);
        if (!own) {
            recognise(identity, false);
        }
        if (another.isPresent()) {
            healthy = false;
            usable = false;
            portConflict = true;
            problem = another.get();
        }
        if (own && usable && controlPlane.portOwner() == Listeners.Owner.UNKNOWN) {
            warnings.add("this user cannot see whether the process that this soak started is the one that answers at "
                    + config.cpUrl() + " (a program with capabilities hides its open files, and another host shows"
                    + " none): the answers count as its own");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("health", healthy ? "ok" : "failed");
        fields.put("health_http_code", first.code());
        fields.put("restarted", dead);
        fields.put("restart_ms", restartMs);
        fields.put("hung", hung);
        fields.put("port_conflict", portConflict);
        fields.put(CpIdentity.FIELD, identity.toJson());
        return new Outcome(fields, healthy, usable, problem, List.copyOf(warnings), notWritten);
    }

    /** The first probe, and a second one where that tells of nothing that is well, dead or a stranger. */
    private void look() throws InterruptedException {
        long began = time.nanoTime();
        dead = own && controlPlane.state() == ControlPlane.State.DEAD;
        first = api.health();
        last = first;
        stranger = stranger();
        healthy = !dead && stranger.isEmpty() && first.is(200);
        usable = healthy;
        problem = dead ? "the control plane's process is dead" : stranger.orElse("GET /v1/health: " + first.describe());
        if (healthy) {
            warnOfBody();
        } else if (!dead && stranger.isEmpty()) {
            if (own && silent(first)) {
                time.sleep(LATER.minusNanos(Math.min(time.nanoTime() - began, LATER.toNanos())));
            }
            last = api.health();
            dead = own && controlPlane.state() == ControlPlane.State.DEAD; // it may have died of the probe
            stranger = stranger();
            usable = last.is(200) && !dead && stranger.isEmpty();
            hung = silent(last) && !dead && stranger.isEmpty() && holdsItsPort(last);
            problem = dead ? problem + "; its process has ended meanwhile" : stranger.orElse(problem);
        }
    }

    private void warnOfBody() {
        if (first.isPage()) {
            warnings.add("GET /v1/health: HTTP 200 with " + first.said()
                    + ". The code makes it healthy: make sure that CP_URL leads to the control plane and not to a"
                    + " proxy's page");
        } else if (HealthProbe.saysUnhealthy(first)) {
            warnings.add("GET /v1/health: HTTP 200 with " + first.said()
                    + ". The code makes it healthy, and its body says that it is not: look into the control plane");
        }
    }

    private void startAgain() {
        ControlPlane.Outcome outcome = controlPlane.tryStart(config.restartTimeout());
        if (outcome instanceof ControlPlane.Started started) {
            restartMs = started.startMs();
            usable = true;
            portConflict = false;
            problem += "; started again";
        } else if (outcome instanceof ControlPlane.NotStarted not) {
            portConflict |= not.portConflict();
            problem += "; the restart failed: " + not.sentence();
        }
    }

    private static boolean silent(HttpCall.Answer answer) {
        // whoever does not take our certificate is alive
        return answer.code().equals(HttpCall.NO_ANSWER) && !answer.refused();
    }

    /** Of an attached one on another host nobody can tell: then time that has run out says that it took the request. */
    private boolean holdsItsPort(HttpCall.Answer answer) {
        Listeners.Owner owner = controlPlane.portOwner();
        return owner == Listeners.Owner.OURS
                || owner == Listeners.Owner.UNKNOWN
                        && (!config.attached()
                                || answer.nanos() >= config.requestTimeout().toNanos());
    }

    /** Ends it, whatever of that cannot be written. */
    private void end() {
        try {
            Forensics.capture(folder, config.dir(), controlPlane.pids(), first, api.credentials());
        } catch (IOException full) {
            notWritten = full;
        }
        Optional<String> signal = controlPlane.stop(Supervisor.STOP_GRACE);
        try {
            Forensics.ended(folder, signal, Supervisor.STOP_GRACE);
        } catch (IOException full) {
            notWritten = notWritten == null ? full : notWritten;
        }
        dead = true;
        problem += (hung ? "" : "; it runs but does not listen") + "; the round ended the process, see "
                + RoundFiles.FORENSICS;
    }

    /**
     * Whether this is the attached control plane that the rounds before knew. It is another one only if it says so
     * itself, or /proc does, and if none of the soak's plans is there. A store that lost everything under the same
     * identity is a loss.
     */
    private void recognise(CpIdentity now, boolean listsNone) throws IOException {
        CpIdentity.Seen before = CpIdentity.lastSeen(history).orElse(null);
        if (before == null) {
            return;
        }
        if (!now.isAnotherThan(before.identity())) {
            if (now.isRestartOf(before.identity())) {
                warnings.add("the control plane was restarted since " + before.round() + ": "
                        + now.changedSince(before.identity()));
            }
            return;
        }
        String change = now.changedSince(before.identity()) + " since " + before.round();
        PlanLedger ledger = new PlanLedger(history, closedRounds);
        ControlPlaneApi.Listing listing = listsNone ? null : api.list(config.listingTimeout());
        if (listing != null && !listing.complete()) {
            another = Optional.of(config.cpUrl() + " may lead to another control plane now (" + change
                    + "), and its plans cannot be read: " + listing.problem());
            return;
        }
        Findings found = listing == null ? null : ledger.compare(listing.timesListed());
        int expected = found == null ? 1 : found.expectedCount();
        int there = found == null ? 0 : expected - found.lost().size();
        boolean listed = there > 0;
        if (found != null && !listed) { // a listing that ends early, or lags, may lack them all
            long deadline = System.nanoTime() + config.listingTimeout().toNanos();
            there = AskedByItself.of(api, found.lost(), () -> Duration.ofNanos(deadline - System.nanoTime()))
                    .shown()
                    .size();
        }
        if (found != null && (expected == 0 || there > 0)) {
            warnings.add("the control plane reports another identity: " + change
                    + "; it still counts as the same, because "
                    + (expected == 0
                            ? "no plan is expected yet"
                            : there + " of " + expected + " expected plans are "
                                    + (listed ? "listed" : "shown by their ids (GET /v1/rollouts/ID)")));
            return;
        }
        another = Optional.of("another control plane answers at " + config.cpUrl() + ": " + change
                + ", and it lists none of the soak's plans. The round requested only its health and did not check the"
                + " plans: bring back the right control plane, or correct CP_URL in "
                + config.dir().config());
    }
}
