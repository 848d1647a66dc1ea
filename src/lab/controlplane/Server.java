package lab.controlplane;

import base.Failure;
import base.Time;
import base.Why;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A control plane in this process: API, metrics listener, store. {@code new Server(settings).start()}; {@link #close()}
 * drains, moves the WAL into the database and frees the data dir.
 */
public final class Server implements AutoCloseable {
    static {
        // The JDK's server leaves Nagle's algorithm on, which costs 40 ms a request on a kept connection. Read once,
        // before the first server.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // A client that stalls in the middle of its request must not keep a thread for ever (seconds).
        if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
            System.setProperty("sun.net.httpserver.maxReqTime", "30");
        }
    }

    private static final int THREADS = 8;
    private static final int BACKLOG = 256;
    private static final long DRAIN_MS = 10_000;
    public static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

    /**
     * @param listen port 0 = any free one, see {@link #port()}
     * @param busyTimeout how long a write waits for another one before 503
     * @param time decides what is stuck and what has completed, and stamps plans and audit records
     * @param log for what an operator must see
     * @param ownProcess whether this process is the control plane's alone, so that the metrics tell of the process too
     * @param threads how many requests are answered at once; 0: the thread that accepts them answers them too, one
     *     after the other
     * @param filters what each request passes on its way to the API: a rehearsal stages its faults there
     * @param guard who may speak to it
     */
    public record Settings(
            InetSocketAddress listen,
            InetSocketAddress metricsListen,
            Path dataDir,
            Path auditDir,
            Duration busyTimeout,
            Time time,
            PrintWriter log,
            boolean ownProcess,
            int threads,
            List<Filter> filters,
            Guard guard) {
        /** A process of its own, open to everybody. */
        public Settings(
                InetSocketAddress listen,
                InetSocketAddress metricsListen,
                Path dataDir,
                Path auditDir,
                Duration busyTimeout,
                Time time,
                PrintWriter log) {
            this(
                    listen,
                    metricsListen,
                    dataDir,
                    auditDir,
                    busyTimeout,
                    time,
                    log,
                    true,
                    THREADS,
                    List.of(),
                    Guard.NONE);
        }

        public Settings guardedBy(Guard its) {
            return with(ownProcess, threads, filters, its);
        }

        /** Within another process, a request after the other. */
        public Settings staged(Filter... its) {
            return with(false, 0, List.of(its), guard);
        }

        private Settings with(boolean own, int answering, List<Filter> passed, Guard guarding) {
            return new Settings(
                    listen, metricsListen, dataDir, auditDir, busyTimeout, time, log, own, answering, passed, guarding);
        }
    }

    private final Settings settings;
    private final boolean warmsUp;
    private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();
    private DataDirLock lock;
    private Store store;
    private Metrics metrics;
    private Api api;
    private HttpServer http;
    private ExecutorService threads;

    public Server(Settings settings) {
        this(settings, true);
    }

    /** @param warmsUp whether the code is run in before the first request comes, see {@link WarmUp} */
    Server(Settings settings, boolean warmsUp) {
        this.settings = settings;
        this.warmsUp = warmsUp;
    }

    /**
     * Serves when this returns.
     *
     * @throws Failure data dir in use or not writable, an address taken, a database that cannot be used; nothing is
     *     left running then
     */
    public synchronized Server start() throws IOException {
        try {
            lock = DataDirLock.take(settings.dataDir);
            if (warmsUp) {
                WarmUp.run(settings.dataDir, settings.log, settings.guard.open());
            }
            http = bind("--listen", settings.listen, this::listen);
            store = new Store(settings.dataDir, settings.busyTimeout);
            metrics = bind(
                    "--metrics-listen",
                    settings.metricsListen,
                    () -> new Metrics(settings.metricsListen, settings.ownProcess, settings.guard));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        api = new Api(
                store,
                metrics,
                new Audit(settings.auditDir),
                settings.time,
                settings.log,
                why -> end.complete(Optional.of(why)));
        if (settings.threads > 0) {
            AtomicInteger number = new AtomicInteger();
            threads = Executors.newFixedThreadPool(
                    settings.threads, task -> new Thread(task, "http-" + number.incrementAndGet()));
            http.setExecutor(threads);
        }
        HttpContext context = http.createContext("/", api);
        context.getFilters().addAll(settings.filters);
        if (settings.guard.token() != null) {
            context.setAuthenticator(settings.guard.authenticator());
        }
        http.start();
        return this;
    }

    private HttpServer listen() throws IOException {
        if (settings.guard.tls() == null) {
            return HttpServer.create(settings.listen, BACKLOG);
        }
        HttpsServer https = HttpsServer.create(settings.listen, BACKLOG);
        https.setHttpsConfigurator(settings.guard.configurator());
        return https;
    }

    private interface Binding<T> {
        T open() throws IOException;
    }

    private static <T> T bind(String option, InetSocketAddress address, Binding<T> binding) throws IOException {
        if (address.isUnresolved()) {
            throw Failure.usage("the host " + address.getHostString() + " of " + option + " is not known");
        }
        try {
            return binding.open();
        } catch (BindException e) {
            throw Failure.failed(
                    "cannot listen on " + text(address) + " (" + e.getMessage()
                            + "): end the program that uses it, or give another " + option,
                    e);
        }
    }

    static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** The API's port. */
    public int port() {
        return http.getAddress().getPort();
    }

    public int metricsPort() {
        return metrics.port();
    }

    /** How many plans the store holds. */
    public long planCount() throws SQLException {
        return store.count();
    }

    /** Its counters go on from an earlier scrape of such a server, which a rehearsal that was cut off has kept. */
    public void countOnFrom(String scrape) {
        metrics.countOnFrom(scrape);
    }

    /** Makes {@link #awaitEnd()} return. */
    public void requestStop() {
        end.complete(Optional.empty());
    }

    /** @return why it cannot go on, or nothing if it was asked to stop; it serves until {@link #close()} either way */
    public Optional<String> awaitEnd() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it is only ever completed with a value
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (api != null) {
                api.drain(DRAIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever waits for us is in a hurry: close without waiting
        }
        requestStop();
        if (http != null) {
            http.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
        if (metrics != null) {
            metrics.close();
        }
        try {
            if (store != null) {
                store.close();
            }
            if (lock != null) {
                lock.close();
            }
        } catch (SQLException | IOException e) {
            throw Failure.failed(
                    "the data dir " + settings.dataDir + " could not be closed cleanly: " + Why.of(e, null), e);
        }
        api = null;
        http = null;
        threads = null;
        metrics = null;
        store = null;
        lock = null;
    }
}
