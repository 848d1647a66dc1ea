package process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import probe.HttpCall;
import soak.Config;
import soak.Durable;
import soak.Failure;
import soak.Mutex;
import soak.SoakDir;
import soak.Time;

/**
 * The control plane process that this soak started: it outlives its starter, and nothing else is ever taken for it.
 *
 * <p>It runs in a session of its own, its input from null, its output appended to cp.log; cp.pid says who it is.
 */
public final class ControlPlane implements Supervisor {
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration KILL_GRACE = Duration.ofSeconds(5);
  private static final int HEALTH_BODY_BYTES = 64 * 1024;
  private static final int TAIL_LINES = 10;
  private static final int TAIL_BYTES = 8 * 1024;

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

  public ControlPlane(Config config, Time time) {
    this.config = config;
    this.dir = config.dir();
    this.time = time;
  }

  public Optional<ProcessIdentity> identity() {
    try {
      return ProcessIdentity.read(dir.pidFile());
    } catch (IOException e) {
      throw Failure.failed(dir.pidFile() + " cannot be read (" + e + "): make it readable for this user", e);
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
    return identity.get().alive() ? State.UNVERIFIED : State.DEAD;
  }

  /** By what /proc knows. */
  @Override
  public Listeners.Owner portOwner() {
    List<Long> ours = new ArrayList<>(pids());
    if (state() == State.UNVERIFIED) { // a script noted its shell's pid, and the listener may be a child of that
      identity().flatMap(i -> ProcessHandle.of(i.pid())).ifPresent(shell -> {
        ours.add(shell.pid());
        shell.descendants().forEach(child -> ours.add(child.pid()));
      });
    }
    return Listeners.owner(port(), ours);
  }

  /** One probe of GET /v1/health: its code, "000" for no answer. */
  public String healthCode() {
    return health(config.requestTimeout()).code();
  }

  private HttpCall.Answer health(Duration timeout) {
    return new HttpCall(time, timeout, HEALTH_BODY_BYTES).get(URI.create(config.cpUrl() + "/v1/health"));
  }

  /** Starts it and waits for health; one that does not get healthy is ended again. */
  public Started start(Duration timeout) {
    Outcome outcome = tryStart(timeout);
    if (outcome instanceof Started started) {
      return started;
    }
    stop(KILL_GRACE);
    throw Failure.failed(((NotStarted) outcome).sentence());
  }

  /**
   * Starts it and waits for health. One that is not healthy in time is left running: it may be busy with a long
   * recovery of its store, and the next round sees what became of it.
   */
  @Override
  public Outcome tryStart(Duration timeout) {
    try {
      // A round and a resume after a reboot may both find it dead: the second one must find it started.
      return Mutex.holding(dir, "cp-start.lock", () -> startOrJoin(timeout));
    } catch (IOException noLock) {
      return startOrJoin(timeout); // a disk that takes no lock file is no reason to leave it dead
    }
  }

  private Outcome startOrJoin(Duration timeout) {
    long logStart = size(dir.cpLog());
    long began = time.nanoTime();
    if (state() == State.RUNNING) {
      return awaitHealth(identity().orElseThrow(), null, timeout, began, logStart);
    }
    String command = config.cpCommand();
    if (command.isBlank()) {
      return new NotStarted(dir.config() + " has no CP_COMMAND: say there how the control plane is started, or attach to a running one (setup --attach)", false);
    }
    if (Listeners.owner(port(), List.of()) == Listeners.Owner.STRANGER) {
      return new NotStarted("port " + port() + " is taken by another process: end it (ss -ltnp 'sport = :" + port() + "' names it; it may be this soak's own, if cp.pid was lost), or change CP_URL in " + dir.config(), true);
    }
    String mark = UUID.randomUUID().toString();
    Process process = spawn(command, mark);
    // What it bears is known here: its environment shows it only once setsid has become the control plane.
    ProcessIdentity identity = ProcessIdentity.of(process.pid()).map(p -> new ProcessIdentity(p.pid(), p.startTicks(), p.bootId(), mark)).orElse(new ProcessIdentity(process.pid(), "", "", ""));
    try {
      Durable.write(dir.pidFile(), identity.render());
    } catch (IOException e) {
      process.destroyForcibly();
      throw Failure.failed(dir.pidFile() + " cannot be written (" + e + "): free space or rights on SOAK_DIR", e);
    }
    return awaitHealth(identity, process, timeout, began, logStart);
  }

  /** @param process null where someone else started it, whose exit code is then not known */
  private Outcome awaitHealth(ProcessIdentity identity, Process process, Duration timeout, long began, long logStart) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      boolean ended = (process == null || !process.isAlive()) && identity.session().isEmpty();
      HttpCall.Answer answer = ended ? null : health(HEALTH_TIMEOUT);
      if (answer != null && answer.is(200)) {
        Listeners.Owner owner = Listeners.owner(port(), identity.session());
        if (owner == Listeners.Owner.OURS || owner == Listeners.Owner.UNKNOWN) {
          return new Started(identity.pid(), (time.nanoTime() - began) / 1_000_000, answer.code());
        }
        if (owner == Listeners.Owner.STRANGER) {
          return new NotStarted("port " + port() + " answers health, but it belongs to another process than the control plane that was started: end that process, or change CP_URL in " + dir.config() + logTail(logStart), true);
        }
      }
      if (ended) {
        return new NotStarted("the control plane ended at once" + (process == null ? "" : " with exit code " + process.exitValue()) + ": see why in " + dir.cpLog() + " and mend CP_COMMAND in " + dir.config() + logTail(logStart), false);
      }
      if (System.nanoTime() > deadline) {
        return new NotStarted("the control plane was not healthy within " + timeout.toSeconds() + " s (last answer: " + answer.describe() + "): see why in " + dir.cpLog() + logTail(logStart), false);
      }
      pause();
    }
  }

  private Process spawn(String command, String mark) {
    // A plain command replaces the shell, so that the pid is the control plane's own.
    boolean plain = command.chars().noneMatch(c -> ";&|<>()$`\n".indexOf(c) >= 0) && !command.strip().split("\\s", 2)[0].contains("=");
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
      throw Failure.failed("the control plane cannot be started (" + e.getMessage() + "): setsid of util-linux, " + dir.cpLog() + ", " + dir.cpData() + " and " + config.auditDir() + " must be usable for this user", e);
    }
  }

  /**
   * Ends it: TERM, then KILL once {@code grace} has passed. Nothing but a process of the session that this soak
   * started is signalled.
   *
   * @return false if nothing of ours ran
   */
  @Override
  public Optional<String> stop(Duration grace) {
    Optional<ProcessIdentity> identity = identity();
    if (identity.isEmpty() || identity.get().session().isEmpty()) {
      return Optional.empty();
    }
    signal(identity.get(), false);
    if (awaitEnd(identity.get(), grace)) {
      return Optional.of("TERM");
    }
    signal(identity.get(), true);
    if (awaitEnd(identity.get(), KILL_GRACE)) {
      return Optional.of("KILL");
    }
    throw Failure.failed("the control plane (pid " + identity.get().pid() + ") does not end, not even by SIGKILL: it hangs in the kernel, look at its disk");
  }

  @Override
  public List<Long> pids() {
    return identity().map(ProcessIdentity::session).orElse(List.of());
  }

  @Override
  public Long residentBytes() {
    return Growth.residentBytes(pids());
  }

  @Override
  public Long openDescriptors() {
    return Growth.openDescriptors(pids());
  }

  private static void signal(ProcessIdentity identity, boolean kill) {
    for (long pid : identity.session()) {
      ProcessHandle.of(pid).ifPresent(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
    }
  }

  private boolean awaitEnd(ProcessIdentity identity, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!identity.session().isEmpty()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis()); // a process of the machine, whatever clock the soak has
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.failed("interrupted while the control plane was awaited");
    }
  }

  private int port() {
    URI uri = URI.create(config.cpUrl());
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  /** What the control plane has said since {@code from}, its last lines, each on a line of its own; "" for nothing. */
  private String logTail(long from) {
    List<String> lines = tail(dir.cpLog(), from);
    return lines.isEmpty() ? "" : "\n  cp.log: " + String.join("\n  cp.log: ", lines);
  }

  /** The last lines of a log at or after byte {@code from}. */
  public static List<String> tail(Path log, long from) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(Math.min(from, file.length()), file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException noLog) {
      return List.of();
    }
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
