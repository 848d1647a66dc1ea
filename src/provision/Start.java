package provision;

import base.Exit;
import base.Failure;
import base.Time;
import base.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import probe.HttpCall;
import process.ControlPlane;
import process.ProcessIdentity;
import process.Supervisor;
import settings.Config;
import workload.RoundLock;

/** The control plane of a setup: found running, attached to, or started. */
public final class Start {

    /** How a shell says that it found no such program, or may not run it: nothing ran. */
    private static final Pattern NOTHING_RAN = Pattern.compile("with exit code 12[67]\\b");

    private final Preparation p;
    private final Config config;
    private final Time time;
    private final PrintWriter err;

    public Start(Preparation p, Time time, PrintWriter err) {
        this.p = p;
        this.config = p.config();
        this.time = time;
        this.err = err;
    }

    /**
     * A start that came to nothing by the hand of whoever gave the options: nothing of ours has run, so nothing is
     * recorded.
     */
    public static final class Slip extends Exception {
        private final int exitCode;

        Slip(String sentence, int exitCode) {
            super(sentence);
            this.exitCode = exitCode;
        }

        /** @param more said after the sentence */
        public Failure failure(String more) {
            return exitCode == Exit.USAGE ? Failure.usage(getMessage() + more) : Failure.failed(getMessage() + more);
        }
    }

    /** @throws Failure exit 70 if it does not run; the first setup is then recorded as one that failed */
    public Running startOrFind() throws Slip, IOException, InterruptedException {
        try (FirstStart first = new FirstStart(p, err)) {
            Running running = running(first);
            summarise(running);
            return running;
        }
    }

    private Running running(FirstStart first) throws Slip, IOException, InterruptedException {
        if (config.attached()) {
            Checklist.awaitAttached(p.controlPlane(), config);
            err.println("setup: attached to the control plane at " + config.cpUrl());
            return new Running("attached", 0, -1, "200");
        }
        if (p.state() != ControlPlane.State.DEAD) {
            return found();
        }
        ControlPlane.Outcome outcome = started();
        if (outcome instanceof ControlPlane.Started started) {
            err.println("setup: the control plane runs (pid " + started.pid() + "), healthy after " + started.startMs()
                    + " ms");
            refuseForeignPlans();
            return new Running("started", started.pid(), started.startMs(), started.healthCode());
        }
        first.settle(); // what a signal ended is no start that failed
        ControlPlane.NotStarted not = (ControlPlane.NotStarted) outcome;
        p.controlPlane().stop(Supervisor.STOP_GRACE);
        if (not.portConflict()) {
            throw new Slip(not.sentence(), Exit.FAILED);
        }
        Matcher nothingRan = NOTHING_RAN.matcher(not.sentence());
        if (nothingRan.find()) {
            String log = not.sentence().indexOf('\n') < 0
                    ? ""
                    : not.sentence().substring(not.sentence().indexOf('\n'));
            throw new Slip(
                    "the shell found no program to run (CP_COMMAND ended " + nothingRan.group() + "): "
                            + Doctor.commandRemedy(config) + log,
                    Exit.FAILED);
        }
        p.summary().fail(config, not.sentence(), "n/a", "000");
        throw Failure.failed(not.sentence()
                + (!p.summary().isFirst()
                        ? ""
                        : "\n  " + p.dir().setupSummary()
                                + " now says FAIL, and the check of the first setup depends on it: repair the cause"
                                + " and start a soak in a new folder"));
    }

    private Running found() {
        long pid = p.controlPlane().identity().map(ProcessIdentity::pid).orElse(0L);
        HttpCall.Answer health = p.controlPlane().health();
        String code = health.code();
        err.println("setup: the control plane runs (pid " + pid + ", health "
                + (health.is(200) ? code : health.describe()) + ")"
                + (p.state() == ControlPlane.State.UNVERIFIED
                        ? "; cp.pid holds a bare pid written by a script, so the process is never signalled"
                        : "")
                + (code.equals("200") ? "" : "; WARNING: it is not healthy; the next round says why")
                + p.controlPlane()
                        .stranger(URI.create(config.cpUrl()))
                        .map(stranger -> "; its health is unknown: " + stranger)
                        .orElse(""));
        return new Running("alive", pid, -1, code);
    }

    private ControlPlane.Outcome started() throws Slip {
        try (RoundLock noRoundStartsItToo = RoundLock.take(p.dir())) {
            return p.controlPlane().tryStart(config.startTimeout());
        } catch (Failure failure) {
            if (failure.exitCode() == Exit.LOCKED) {
                throw Failure.failed(
                        "a round is running and restarts the dead control plane itself: run this again when"
                                + " the round has ended");
            }
            throw new Slip(failure.getMessage(), failure.exitCode());
        } catch (IOException e) {
            throw new Slip("round.lock cannot be closed (" + Why.of(e, null) + ")", Exit.FAILED);
        }
    }

    /** A soak that has made nothing yet finds nothing under its own ids, unless the store is another soak's too. */
    private void refuseForeignPlans() throws Slip {
        if (p.resumed()) {
            return;
        }
        try {
            ForeignPlans.refuse(config, time, warning -> err.println("setup: WARNING: " + warning));
        } catch (Failure taken) {
            p.controlPlane().stop(Supervisor.STOP_GRACE);
            throw new Slip(taken.getMessage(), taken.exitCode());
        }
    }

    /** The first setup is judged at once: a month on a check that is lost would be run in vain. */
    private void summarise(Running running) throws IOException {
        if (!p.summary().isFirst()) {
            return;
        }
        String lost = p.summary().write(config, time, running);
        boolean goesOnAllTheSame = p.state() == ControlPlane.State.UNVERIFIED
                || Beginning.firstRound(p.dir()).isPresent(); // a soak that scripts began
        if (lost != null && !goesOnAllTheSame) {
            if (running.how().equals("started")) {
                p.controlPlane().stop(WindDown.STOP_GRACE);
            }
            throw Failure.failed("the check of the first setup is lost for this folder: " + lost + ". No round was run"
                    + (running.how().equals("started") ? " and the control plane was ended" : "")
                    + ": repair the cause and start a soak in a new folder; the same command in this folder continues,"
                    + " but that check stays lost");
        }
    }
}
