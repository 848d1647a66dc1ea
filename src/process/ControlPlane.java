package process;

import base.Failure;
import base.ThisUser;
import base.Time;
import base.Why;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import probe.Credentials;
import probe.HealthProbe;
import probe.HttpCall;
import settings.Config;
import soak.Mutex;
import soak.SoakDir;

/**
 * The control plane process that this soak started: it outlives its starter, and nothing else is ever taken for it.
 *
 * <p>It runs in a session of its own, its input from null, its output appended to cp.log; cp.pid says who it is.
 */
public final class ControlPlane implements Supervisor {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration POLL = Duration.ofMillis(25);
    private static final Duration KILL_GRACE = Duration.ofSeconds(5);
    /** What may pass between the start of a process and the note of its pid, by clocks that are set. */
    private static final Duration NOTING = Duration.ofMinutes(1);

    private static final int HEALTH_BODY_BYTES = 64 * 1024;

    /** What is known of the process that cp.pid names. */
    public enum State {
        RUNNING,
        /** A pid that a script wrote alone lives: taken for the control plane, but never signalled. */
        UNVERIFIED,
        DEAD
    }

    /** What a start came to. */
    public sealed interface Outcome permits Started, NotStarted {}

    /** @param startMs from the start of the process to its first healthy answer */
    public record Started(long pid, long startMs, String healthCode) implements Outcome {}

    /** @param portConflict someone else holds the port */
    public record NotStarted(String sentence, boolean portConflict) implements Outcome {}

    private final Config config;
    private final SoakDir dir;
    private final Time time;
    private final Map<URI, Listeners> places = new ConcurrentHashMap<>();
    /** Sockets that were last seen in our own hands. */
    private final Map<Listeners, Seen> ours = new ConcurrentHashMap<>();

    private Credentials credentials; // read when they are first needed: to stop a control plane needs none

    /**
     * No other process comes by the same sockets, so these need no second look. @param nanos when they were read, by
     * System.nanoTime
     */
    private record Seen(Set<String> sockets, long nanos) {}

    public ControlPlane(Config config, Time time) {
        this.config = config;
        this.dir = config.dir();
        this.time = time;
    }

    public Optional<ProcessIdentity> identity() {
        return noted().filter(identity -> !isCopied(identity));
    }

    private Optional<ProcessIdentity> noted() {
        try {
            return ProcessIdentity.read(dir.pidFile());
        } catch (IOException e) {
            throw Failure.failed(
                    dir.pidFile() + " cannot be read (" + Why.of(e, dir.pidFile())
                            + "): make it readable for this user",
                    e);
        }
    }

    /**
     * A copy of a soak's folder has its cp.pid too, and must not take the control plane of the original for its own:
     * that runs there, and is named there. The folder itself by another name, as a bind mount gives it, is no copy.
     */
    private boolean isCopied(ProcessIdentity identity) {
        try {
            Path cwd = ProcessIdentity.folder(identity.pid()).resolve("cwd");
            Path runsIn = Files.readSymbolicLink(cwd);
            return identity.verifiable()
                    && !runsIn.equals(dir.root().toRealPath())
                    && !Files.isSameFile(cwd, dir.root())
                    && ProcessIdentity.read(new SoakDir(runsIn).pidFile())
                            .filter(identity::equals)
                            .isPresent();
        } catch (IOException goneOrHidden) {
            return false;
        }
    }

    @Override
    public State state() {
        Optional<ProcessIdentity> identity = identity();
        if (identity.isEmpty()) {
            return State.DEAD;
        }
        if (identity.get().verifiable()) { // the session lives on where the shell that led it has ended
            return identity.get().session().isEmpty() ? State.DEAD : State.RUNNING;
        }
        if (!identity.get().alive()
                || isYoungerThanItsFile(identity.get().pid())
                        && place(apiUrl()).owner(ofScript(identity.get())) != Listeners.Owner.OURS) {
            return State.DEAD;
        }
        return State.UNVERIFIED;
    }

    /**
     * A script notes the pid of what runs already: a process that began later has come by a pid that was free again.
     */
    private boolean isYoungerThanItsFile(long pid) {
        try {
            Instant noted = Files.getLastModifiedTime(dir.pidFile()).toInstant();
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .filter(noted.plus(NOTING)::isBefore)
                    .isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** A script noted its shell's pid, and the listener may be a child of that. */
    private static List<Long> ofScript(ProcessIdentity shell) {
        List<Long> all = new ArrayList<>(List.of(shell.pid()));
        ProcessHandle.of(shell.pid())
                .ifPresent(process -> process.descendants().forEach(child -> all.add(child.pid())));
        return all;
    }

    Listeners place(URI url) {
        return places.computeIfAbsent(url, Listeners::at);
    }

    URI apiUrl() {
        return URI.create(config.cpUrl());
    }

    /** By what /proc knows. Whose the port of an attached control plane is, nobody has told. */
    @Override
    public Listeners.Owner portOwner() {
        Listeners.Owner owner = owner(place(apiUrl()));
        return config.attached() && owner == Listeners.Owner.STRANGER ? Listeners.Owner.UNKNOWN : owner;
    }

    private Listeners.Owner owner(Listeners place) {
        long now = System.nanoTime();
        Seen seen = ours.get(place);
        if (seen != null && now - seen.nanos < LOOK_EVERY.toNanos() && place.heldAsBefore()) {
            return Listeners.Owner.OURS; // a listing has hundreds of pages, each with a look before and after it
        }
        Optional<Set<String>> sockets = place.sockets();
        if (seen != null && sockets.equals(Optional.of(seen.sockets))) {
            ours.put(place, new Seen(seen.sockets, now));
            return Listeners.Owner.OURS;
        }
        Optional<ProcessIdentity> identity = identity();
        Listeners.Owner owner = identity.isEmpty()
                ? place.owner(List.of())
                : identity.get().verifiable()
                        ? owner(place, identity.get())
                        : place.owner(() -> state() == State.DEAD ? List.of() : ofScript(identity.get()));
        if (owner == Listeners.Owner.OURS) {
            place.sockets()
                    .filter(same -> !same.isEmpty() && sockets.equals(Optional.of(same)))
                    .ifPresent(same -> ours.put(place, new Seen(same, now)));
        }
        return owner;
    }

    /** Most have no child in a session of its own, and to look for one means to look at every process of the host. */
    static Listeners.Owner owner(Listeners place, ProcessIdentity identity) {
        Listeners.Owner owner = place.owner(identity::session);
        return owner == Listeners.Owner.STRANGER ? place.owner(identity::family) : owner;
    }

    @Override
    public Optional<String> stranger(URI url) {
        boolean api = url.getAuthority().equals(apiUrl().getAuthority());
        boolean metrics = !api
                && url.getAuthority().equals(URI.create(config.metricsUrl()).getAuthority())
                && config.get("CP_COMMAND").contains("{metrics_listen}");
        if (config.attached() || !api && !metrics) {
            return Optional.empty(); // nothing says whose it should be
        }
        Listeners place = place(api ? apiUrl() : URI.create(config.metricsUrl()));
        return owner(place) == Listeners.Owner.STRANGER
                ? Optional.of(taken(place, api ? "CP_URL" : "CP_METRICS_URL"))
                : Optional.empty();
    }

    String taken(Listeners place, String key) {
        boolean ofTheOriginal = noted().filter(this::isCopied)
                .filter(original -> place.owner(original::session) == Listeners.Owner.OURS)
                .isPresent();
        return "port " + place.port() + " is taken by another process, " + place.holderInWords()
                + (ofTheOriginal
                        ? ": it is the control plane of the soak of which " + dir.root() + " is a copy, so leave it"
                                + " alone, and start no rounds in the copy"
                        : ": end it (ss -ltnp 'sport = :" + place.port()
                                + "' lists it; it may belong to this soak, if cp.pid was lost)")
                + ", or change " + key + " in " + dir.config();
    }

    @Override
    public Map<String, String> listener() {
        Optional<Long> holder = place(apiUrl()).holder();
        Map<String, String> known = new LinkedHashMap<>();
        holder.flatMap(ProcessIdentity::of).ifPresent(process -> {
            ProcessHandle.of(process.pid())
                    .flatMap(handle -> handle.info().command())
                    .ifPresent(program -> known.put("program", program));
            known.put("process", process.pid() + "@" + process.startTicks() + "@" + process.bootId());
        });
        return known;
    }

    @Override
    public Map<String, String> build() {
        return place(apiUrl()).holder().map(RunningProgram::of).orElse(Map.of());
    }

    /**
     * One probe of GET /v1/health; a stranger is asked nothing and told no secret, and what comes from one is no
     * answer.
     */
    public HttpCall.Answer health() {
        Optional<String> before = stranger(apiUrl());
        HttpCall.Answer answer = before.isPresent() ? null : health(config.requestTimeout());
        return before.or(() -> stranger(apiUrl()))
                .map(who -> HttpCall.Answer.none(0, who, false))
                .orElse(answer);
    }

    /** What the control plane wants of its clients, with what its last health answer has shown. */
    public Credentials credentials() {
        if (credentials == null) {
            credentials = Credentials.of(config);
        }
        return credentials;
    }

    HttpCall.Answer health(Duration timeout) {
        return HealthProbe.of(new HttpCall(time, timeout, HEALTH_BODY_BYTES, credentials()), config.cpUrl());
    }

    @Override
    public Outcome tryStart(Duration timeout) {
        try {
            // A round and a resume after a reboot may both find it dead: the second one must find it started.
            return Mutex.holding(dir, "cp-start.lock", () -> new CpStart(this, config, time).startOrJoin(timeout));
        } catch (IOException noLock) {
            // a disk that takes no lock file is no reason to leave it dead
            return new CpStart(this, config, time).startOrJoin(timeout);
        }
    }

    /** By TERM, then by KILL. Nothing but a process of the session that this soak started is signalled. */
    @Override
    public Optional<String> stop(Duration grace) {
        Optional<ProcessIdentity> identity = identity();
        if (identity.isEmpty() || identity.get().session().isEmpty()) {
            return Optional.empty();
        }
        List<ProcessIdentity> family = identity.get().family().stream()
                .flatMap(pid -> ProcessIdentity.of(pid).stream())
                .toList(); // known before the first of them ends: those of a wrapper are orphans then
        if (awaitEnd(identity.get(), family, signal(pids(family), false) ? grace : Duration.ZERO)) {
            return Optional.of("TERM");
        }
        boolean taken = signal(pids(family), true)
                | signal(identity.get().session(), true)
                | signal(identity.get().marked(), true);
        if (awaitEnd(identity.get(), family, taken ? KILL_GRACE : Duration.ZERO)) {
            return Optional.of("KILL");
        }
        throw Failure.failed("the control plane (pid " + identity.get().pid() + ") "
                + strangers(family)
                        .map(owner -> "is " + owner + "'s, and " + ThisUser.name() + " may not end it: let root end it")
                        .orElse("does not end even after SIGKILL: it hangs in the kernel; check its disk"));
    }

    @Override
    public List<Long> pids() {
        return identity().map(ProcessIdentity::family).orElse(List.of());
    }

    @Override
    public Long residentBytes() {
        return Growth.residentBytes(pids());
    }

    @Override
    public Long openDescriptors() {
        return Growth.openDescriptors(pids());
    }

    /** @return whether any took it: those of another user do not */
    static boolean signal(List<Long> pids, boolean kill) {
        return pids.stream()
                        .flatMap(pid -> ProcessHandle.of(pid).stream())
                        .filter(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy)
                        .count()
                > 0;
    }

    private static List<Long> pids(List<ProcessIdentity> family) {
        return family.stream()
                .filter(ProcessIdentity::alive)
                .map(ProcessIdentity::pid)
                .toList();
    }

    /** Whose process it is that lives on, where this user may signal none but his own. */
    private static Optional<String> strangers(List<ProcessIdentity> family) {
        return pids(family).stream()
                .flatMap(pid ->
                        ProcessHandle.of(pid).flatMap(process -> process.info().user()).stream())
                .filter(owner ->
                        !owner.equals(ThisUser.name()) && !ThisUser.name().equals("root"))
                .findFirst();
    }

    private boolean awaitEnd(ProcessIdentity identity, List<ProcessIdentity> family, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!identity.session().isEmpty()
                || !identity.marked().isEmpty()
                || !pids(family).isEmpty()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause();
        }
        return true;
    }

    static void pause() {
        try {
            Thread.sleep(POLL.toMillis()); // a process of the machine, whatever clock the soak has
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while the control plane was awaited");
        }
    }
}
