package process;

import base.Durable;
import base.Failure;
import base.Room;
import base.Time;
import base.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import probe.HttpCall;
import settings.Config;
import soak.SoakDir;

/** One start of the control plane: its process, and the wait for its health. */
final class CpStart {
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);
    /** On a machine that others keep busy. */
    private static final Duration LONGEST_EXEC = Duration.ofSeconds(1);
    /** With less a database that opens its files may fail. */
    private static final long LEAST_ROOM_BYTES = 1 << 20;

    private final ControlPlane controlPlane;
    private final Config config;
    private final SoakDir dir;
    private final Time time;
    private final CpLog log;

    CpStart(ControlPlane controlPlane, Config config, Time time) {
        this.controlPlane = controlPlane;
        this.config = config;
        this.dir = config.dir();
        this.time = time;
        this.log = new CpLog(config);
    }

    /** @return what it came to, also where another has started it meanwhile */
    ControlPlane.Outcome startOrJoin(Duration timeout) {
        long logStart = log.size();
        long began = time.nanoTime();
        if (controlPlane.state() == ControlPlane.State.RUNNING) {
            return awaitHealth(controlPlane.identity().orElseThrow(), null, timeout, began, logStart);
        }
        String command = config.cpCommand();
        if (command.isBlank()) {
            return new ControlPlane.NotStarted(
                    dir.config()
                            + " has no CP_COMMAND: set it to the command that starts the control plane, or attach to a"
                            + " running one (setup --attach)",
                    false);
        }
        endWhatWasLeft();
        if (controlPlane.place(controlPlane.apiUrl()).staysTaken()) {
            return new ControlPlane.NotStarted(
                    controlPlane.taken(controlPlane.place(controlPlane.apiUrl()), "CP_URL"), true);
        }
        byte[] noted = noted();
        String mark = UUID.randomUUID().toString();
        Process process = spawn(command, mark);
        // What it bears is known here: its environment shows it only once setsid has become the control plane.
        ProcessIdentity identity = ProcessIdentity.of(process.pid())
                .map(p -> new ProcessIdentity(p.pid(), p.startTicks(), p.bootId(), mark))
                .orElse(new ProcessIdentity(process.pid(), "", "", ""));
        try {
            Durable.write(dir.pidFile(), identity.render());
        } catch (IOException e) {
            process.destroyForcibly();
            throw Failure.failed(
                    dir.pidFile() + " cannot be written (" + Why.of(e, dir.pidFile()) + "): "
                            + Why.remedy(e, dir.root()),
                    e);
        }
        ControlPlane.Outcome outcome = awaitHealth(identity, process, timeout, began, logStart);
        if (noted != null
                && !process.isAlive()
                && identity.session().isEmpty()
                && identity.marked().isEmpty()) {
            leaveAsItWas(noted);
        }
        return outcome;
    }

    /** What cp.pid says before a start; null where it says nothing that can be kept. */
    private byte[] noted() {
        try {
            return Files.readAllBytes(dir.pidFile());
        } catch (IOException none) {
            return null;
        }
    }

    /**
     * A start of which nothing is left was none. What cp.pid named may live where this machine, or this container, sees
     * no process: on another one that has the same folder, and holds the data dir. It would take its own control plane
     * for a stranger from then on.
     */
    private void leaveAsItWas(byte[] noted) {
        try {
            Durable.write(dir.pidFile(), noted);
        } catch (IOException e) {
            // then it names a process that has ended, as it did
        }
    }

    /** @param process null where someone else started it, whose exit code is then not known */
    private ControlPlane.Outcome awaitHealth(
            ProcessIdentity identity, Process process, Duration timeout, long began, long logStart) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            boolean ended = (process == null || !process.isAlive())
                    && identity.session().isEmpty();
            HttpCall.Answer answer = ended ? null : controlPlane.health(HEALTH_TIMEOUT);
            Listeners place = controlPlane.place(controlPlane.apiUrl());
            Listeners.Owner owner = ControlPlane.owner(place, identity);
            if (ended) {
                return ended(identity, process, owner, logStart);
            }
            if (owner == Listeners.Owner.STRANGER) { // whatever it answers
                return new ControlPlane.NotStarted(
                        "the control plane was started, but " + controlPlane.taken(place, "CP_URL")
                                + ". If that process is the control plane itself, and CP_COMMAND has another program"
                                + " start it (docker, systemctl), the soak cannot watch it: attach to it (setup"
                                + " --attach)" + log.since(logStart),
                        true);
            }
            if (answer.is(200) && owner != Listeners.Owner.NOBODY) {
                return new ControlPlane.Started(identity.pid(), (time.nanoTime() - began) / 1_000_000, answer.code());
            }
            if (System.nanoTime() > deadline) {
                return new ControlPlane.NotStarted(
                        "the control plane was not healthy within " + timeout.toSeconds() + " s (last answer: "
                                + answer.describe() + "): " + seeWhy(logStart) + log.since(logStart),
                        false);
            }
            ControlPlane.pause();
        }
    }

    private ControlPlane.NotStarted ended(
            ProcessIdentity identity, Process process, Listeners.Owner owner, long logStart) {
        String how = process == null ? "" : " with exit code " + process.exitValue();
        boolean quietly = process != null && process.exitValue() == 0;
        List<Long> left = leftRunning(identity, quietly);
        if (!left.isEmpty()) {
            return new ControlPlane.NotStarted(
                    "CP_COMMAND went into the background: it ended" + how + " and left a process running: "
                            + left.stream().map(Listeners::inWords).collect(Collectors.joining(", "))
                            + ". It must stay in the foreground, so that the soak can watch it: remove what makes it a"
                            + " daemon (such as & or --daemon) from CP_COMMAND in "
                            + dir.config() + ", and end the process that it left" + log.since(logStart),
                    owner == Listeners.Owner.STRANGER);
        }
        return new ControlPlane.NotStarted(
                "the control plane ended at once" + how
                        + (owner == Listeners.Owner.STRANGER
                                ? ", and " + controlPlane.taken(controlPlane.place(controlPlane.apiUrl()), "CP_URL")
                                : "")
                        + ": " + seeWhy(logStart) + " and " + remedy()
                        + (quietly ? "; if it went into the background: it must stay in the foreground" : "")
                        + log.since(logStart),
                owner == Listeners.Owner.STRANGER);
    }

    /** Many a program logs elsewhere. */
    private String seeWhy(long logStart) {
        return "see the reason "
                + (log.since(logStart).isEmpty()
                        ? "where it logs (syslog, the journal, a file of its own; " + dir.cpLog()
                                + " has nothing of this start)"
                        : "in " + dir.cpLog());
    }

    /** A process that is just becoming another program shows no environment, and so no mark, for that moment. */
    private static List<Long> leftRunning(ProcessIdentity identity, boolean quietly) {
        long deadline = System.nanoTime() + (quietly ? LONGEST_EXEC.toNanos() : 0);
        List<Long> left = identity.marked();
        while (left.isEmpty() && System.nanoTime() < deadline) {
            ControlPlane.pause();
            left = identity.marked();
        }
        return left;
    }

    /** Most programs that cannot write their store end, whatever they were started by. */
    private String remedy() {
        String correct = "correct CP_COMMAND in " + dir.config();
        OptionalLong free = Room.free(dir.root());
        return free.isEmpty() || free.getAsLong() >= LEAST_ROOM_BYTES
                ? correct
                : "free space, since the disk of " + dir.root() + " has " + (free.getAsLong() >> 10)
                        + " KiB left; if that is not the reason, " + correct;
    }

    private Process spawn(String command, String mark) {
        // A plain command replaces the shell, so that the pid is the control plane's own.
        boolean plain = command.chars().noneMatch(c -> ";&|<>()$`\n".indexOf(c) >= 0)
                && !command.strip().split("\\s", 2)[0].contains("=");
        ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh", "-c", (plain ? "exec " : "") + command)
                .directory(dir.root().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.cpLog().toFile()))
                .redirectErrorStream(true);
        builder.environment().putAll(config.autonomyEnvironment());
        builder.environment().put(ProcessIdentity.MARK, mark);
        try {
            Files.createDirectories(dir.cpData());
            Files.createDirectories(config.auditDir());
            return builder.start();
        } catch (IOException e) {
            throw Failure.failed(
                    "the control plane cannot be started (" + Why.of(e, null)
                            + "): setsid of util-linux must be installed, and " + dir.cpLog() + ", " + dir.cpData()
                            + " and " + config.auditDir() + " must be usable for this user",
                    e);
        }
    }

    /**
     * Ends what bears our mark and holds our port, though our own process has ended: the child of a control plane that
     * was killed.
     */
    private void endWhatWasLeft() {
        Listeners place = controlPlane.place(controlPlane.apiUrl());
        List<Long> left = controlPlane.identity().map(ProcessIdentity::marked).orElse(List.of());
        if (!left.isEmpty() && place.owner(left) == Listeners.Owner.OURS) {
            ControlPlane.signal(left, false);
            if (place.staysTaken()) {
                ControlPlane.signal(left, true);
            }
        }
    }
}
