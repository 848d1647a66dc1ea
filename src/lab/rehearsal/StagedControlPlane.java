package lab.rehearsal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lab.controlplane.Server;
import probe.HttpCall;
import process.ControlPlane;
import process.Listeners;
import process.Supervisor;
import settings.Config;
import soak.SoakDir;

/** The embedded control plane inside this process: it is killed, hangs, leaks and comes back as the scenario has it. */
final class StagedControlPlane implements Supervisor, AutoCloseable {
    private static final Duration START = Duration.ofMillis(640);
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);
    private static final int HEALTH_BYTES = 64 * 1024;
    private static final int SCRAPE_BYTES = 1 << 20;
    private static final long RESIDENT_BYTES = 96L << 20;
    private static final long OPEN_DESCRIPTORS = 31;

    private final Config config;
    private final SoakDir dir;
    private final VirtualTime time;
    private final Stage stage;
    private final PrintWriter log;
    private Server server;
    private boolean hung;
    private long leakedBytes;
    private int starts;

    StagedControlPlane(Config config, VirtualTime time, Stage stage) throws IOException {
        this.config = config;
        this.dir = config.dir();
        this.time = time;
        this.stage = stage;
        this.log = new PrintWriter(
                Files.newBufferedWriter(
                        dir.cpLog(), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true);
        stage.attach(this);
    }

    boolean hung() {
        return hung;
    }

    void hang() {
        hung = server != null; // one that is dead already does not hang when it is started
    }

    void leak(long bytes) {
        leakedBytes += bytes;
    }

    /** Ends it as a crash would, as far as its store can tell. */
    void kill() {
        if (server != null) {
            server.close();
            server = null;
        }
        hung = false;
        leakedBytes = 0;
    }

    boolean alive() {
        return server != null;
    }

    long leakedBytes() {
        return leakedBytes;
    }

    int starts() {
        return starts;
    }

    /** What it has counted; empty where it is dead. */
    String scrape() {
        return server == null
                ? ""
                : new HttpCall(time, HEALTH_TIMEOUT, SCRAPE_BYTES)
                        .get(URI.create(config.metricsUrl()))
                        .text();
    }

    /** As if it had never been gone: no time passes, nothing is logged, and it counts on from what it had counted. */
    void resume(ResumePoint point) throws IOException {
        leakedBytes = point.leakedBytes();
        starts = point.starts();
        if (point.alive()) {
            serve();
            server.countOnFrom(point.scrape());
        }
    }

    private void serve() throws IOException {
        server = new Server(new Server.Settings(
                                address(URI.create(config.cpUrl())),
                                address(URI.create(config.metricsUrl())),
                                dir.cpData(),
                                config.auditDir(),
                                Server.BUSY_TIMEOUT,
                                time,
                                log)
                        .staged(stage))
                .start();
    }

    @Override
    public void close() {
        kill();
        log.close();
    }

    @Override
    public ControlPlane.State state() {
        return server == null ? ControlPlane.State.DEAD : ControlPlane.State.RUNNING;
    }

    @Override
    public Listeners.Owner portOwner() {
        return stage.fault(Fault.Kind.PORT_TAKEN) != null
                ? Listeners.Owner.STRANGER
                : server == null ? Listeners.Owner.NOBODY : Listeners.Owner.OURS;
    }

    @Override
    public Optional<String> stranger(URI url) {
        return portOwner() == Listeners.Owner.STRANGER ? Optional.of(taken()) : Optional.empty();
    }

    @Override
    public Map<String, String> listener() {
        return Map.of(); // a rehearsal's process is another one each time
    }

    private String taken() {
        return "port " + URI.create(config.cpUrl()).getPort() + " is taken by another process";
    }

    @Override
    public ControlPlane.Outcome tryStart(Duration timeout) {
        URI url = URI.create(config.cpUrl());
        if (stage.fault(Fault.Kind.PORT_TAKEN) != null) {
            return new ControlPlane.NotStarted(taken(), true);
        }
        if (stage.fault(Fault.Kind.DOES_NOT_START) != null) {
            time.advance(timeout);
            return new ControlPlane.NotStarted(
                    "the control plane was not healthy within " + timeout.toSeconds() + " s", false);
        }
        URI metrics = URI.create(config.metricsUrl());
        time.advance(START);
        try {
            serve();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        log.println(
                time.now() + " serving the API on " + url.getAuthority() + ", metrics on " + metrics.getAuthority());
        HttpCall.Answer answer = new HttpCall(time, HEALTH_TIMEOUT, HEALTH_BYTES).get(url.resolve("/v1/health"));
        if (!answer.is(200)) {
            throw new IllegalStateException("the control plane started and is not healthy: " + answer.describe());
        }
        return new ControlPlane.Started(++starts, START.toMillis(), answer.code());
    }

    static InetSocketAddress address(URI url) {
        return new InetSocketAddress(url.getHost(), url.getPort());
    }

    @Override
    public Optional<String> stop(Duration grace) {
        boolean ran = server != null;
        kill();
        return ran ? Optional.of("KILL") : Optional.empty();
    }

    @Override
    public List<Long> pids() {
        return List.of();
    }

    @Override
    public Long residentBytes() {
        return server == null ? null : RESIDENT_BYTES + leakedBytes;
    }

    @Override
    public Long openDescriptors() {
        return server == null ? null : OPEN_DESCRIPTORS;
    }
}
