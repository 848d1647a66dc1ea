package provision;

import base.Exit;
import base.Failure;
import base.HeldLock;
import base.Mounts;
import base.Time;
import base.Why;
import cron.CronWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import process.ControlPlane;
import process.ProcessIdentity;
import settings.Config;
import soak.SoakDir;
import workload.RoundLock;

/** What setup takes back: a soak's lines of the crontab, and the control plane that it started. */
public final class WindDown {
    /** Until a control plane that was asked to end is made to. */
    public static final Duration STOP_GRACE = Duration.ofSeconds(30);

    private final SoakDir dir;
    private final Map<String, String> environment;
    private final Time time;
    private final Path machine;
    private final PrintWriter out;

    /** @param machine / , where timers and other crontabs are looked for */
    public WindDown(SoakDir dir, Map<String, String> environment, Time time, Path machine, PrintWriter out) {
        this.dir = dir;
        this.environment = environment;
        this.time = time;
        this.machine = machine;
        this.out = out;
    }

    public int run(boolean removeCrontab, boolean stop) throws IOException {
        if (removeCrontab) {
            boolean removed = new Crontab(dir, environment).remove();
            out.println(
                    removed
                            ? "removed the lines of this soak from the crontab"
                            : "the crontab had no lines of this soak between its markers");
            CronWatch.Finding left = CronWatch.of(dir, environment, machine).line();
            if (left.answer() == CronWatch.Answer.YES) { // pasted without the markers, in /etc/cron.d, or a timer
                out.println("WARNING: rounds still start: " + left.words()
                        + "; take that out by hand (a timer: systemctl disable --now)");
            }
        }
        if (stop) {
            stopControlPlane();
        }
        return Exit.OK;
    }

    /** A round that loses its control plane in the middle is unhealthy, and a failed scan is never made good again. */
    private RoundLock betweenRounds() {
        try {
            return RoundLock.take(dir);
        } catch (Failure running) {
            if (running.exitCode() != Exit.LOCKED) {
                throw running;
            }
            throw roundRuns();
        }
    }

    private Failure roundRuns() {
        return Failure.locked("a round of " + dir.root() + " is running: without its control plane it would fail, so"
                + " nothing was stopped; wait for its line in " + dir.cronLog() + ", then run --stop again");
    }

    private void stopControlPlane() throws IOException {
        Config config = Config.read(dir);
        if (config.attached()) {
            out.println("this soak is attached to a control plane that someone else runs: nothing was stopped");
            return;
        }
        if (!Mounts.isReadOnly(dir.root())) {
            try (SetupLock lock = SetupLock.take(dir);
                    RoundLock noRoundRuns = betweenRounds()) {
                end(config);
            }
        } else if (HeldLock.on(dir.roundLock())) {
            throw roundRuns();
        } else { // no lock can be taken there, and such a disk can be checked only once nothing has it open
            end(config);
        }
    }

    private void end(Config config) {
        ControlPlane controlPlane = new ControlPlane(config, time);
        long pid = controlPlane.identity().map(ProcessIdentity::pid).orElse(0L);
        if (controlPlane.state() == ControlPlane.State.UNVERIFIED) {
            throw Failure.failed(dir.pidFile() + " holds a bare pid (" + pid
                    + ") written by a script, which may belong to another process now: nothing was signalled;"
                    + " check it with ps -fp " + pid + " and end it yourself");
        }
        if (controlPlane.stop(STOP_GRACE).isPresent()) {
            out.println("the control plane (pid " + pid
                    + ") has ended; if cron or a timer runs this soak's rounds, the next one starts it again"
                    + " (--remove-crontab takes cron's lines out, systemctl disable --now a timer)");
            try {
                ResumeLog.append(dir, time, "stopped control_plane=stopped pid=" + pid);
            } catch (IOException unrecorded) {
                out.println("WARNING: " + dir.setupResumes().getFileName() + " does not record it ("
                        + Why.of(unrecorded, dir.root()) + ")");
            }
        } else {
            out.println("no control plane of this soak runs: nothing was stopped");
            // another user's may be hidden from this one, if /proc is mounted with hidepid
            controlPlane.stranger(URI.create(config.cpUrl())).ifPresent(who -> out.println("WARNING: " + who));
        }
    }
}
