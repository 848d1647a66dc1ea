//COMPILE_OPTIONS -XDignore.symbol.file
package lab.controlplane;

import base.Exit;
import base.Failure;
import base.Time;
import build.Version;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** {@code serve}: runs until SIGTERM or SIGINT, then drains and exits 0. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Serves the API and the metrics until SIGTERM, then drains and exits 0.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended by SIGTERM or SIGINT",
            "64:usage",
            "70:data dir in use, address taken, or database damaged"
        })
public final class ServeCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("\\[?(?<host>[^\\[\\]]+)\\]?:(?<port>\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:19000",
            description = "Address of the API (default: ${DEFAULT-VALUE}).")
    String listen;

    @Option(
            names = "--metrics-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:19100",
            description = "Address of /metrics (default: ${DEFAULT-VALUE}).")
    String metricsListen;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            required = true,
            description = "Folder of the database; created if it does not exist.")
    Path dataDir;

    @Option(
            names = "--tls-cert-file",
            paramLabel = "PEM",
            description = "Serve TLS with this certificate, followed by its chain.")
    Path certFile;

    @Option(names = "--tls-key-file", paramLabel = "PEM", description = "Its private key.")
    Path keyFile;

    @Option(
            names = "--tls-ca-file",
            paramLabel = "PEM",
            description = "Require a client certificate from one of these CAs.")
    Path caFile;

    @Option(names = "--metrics-tls", description = "Serve the metrics over TLS too (default: plain HTTP).")
    boolean metricsTls;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Require this token from clients, as Authorization: Bearer TOKEN.")
    Path tokenFile;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = Surroundings.of(spec);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Time time = surroundings.time();
        Path auditDir = auditDir(surroundings, dataDir);
        Server.Settings settings = new Server.Settings(
                        address("--listen", listen),
                        address("--metrics-listen", metricsListen),
                        dataDir,
                        auditDir,
                        Server.BUSY_TIMEOUT,
                        time,
                        err)
                .guardedBy(Guard.of(certFile, keyFile, caFile, metricsTls, tokenFile));
        try (Server server = new Server(settings)) {
            SignalHandler stop = signal -> server.requestStop();
            SignalHandler previousTerm = Signal.handle(new Signal("TERM"), stop);
            SignalHandler previousInt = Signal.handle(new Signal("INT"), stop);
            try {
                server.start();
                out.println(time.now() + " serving the API on "
                        + settings.listen().getHostString() + ":" + server.port() + ", metrics on "
                        + settings.metricsListen().getHostString() + ":" + server.metricsPort() + ", data dir "
                        + dataDir.toAbsolutePath().normalize()
                        + ", audit dir " + auditDir + ", " + server.planCount() + " plans, pid "
                        + ProcessHandle.current().pid());
                out.flush();
                Optional<String> fatal = server.awaitEnd();
                if (fatal.isPresent()) {
                    throw Failure.failed(fatal.get());
                }
                server.close();
            } finally {
                Signal.handle(new Signal("TERM"), previousTerm);
                Signal.handle(new Signal("INT"), previousInt);
            }
            out.println(time.now() + " stopped");
        }
        return Exit.OK;
    }

    /** AUTONOMY_AUDIT_DIR, else audit-store beside the data dir. */
    private static Path auditDir(Surroundings surroundings, Path dataDir) {
        String dir = surroundings.environment().getOrDefault("AUTONOMY_AUDIT_DIR", "");
        return dir.isEmpty()
                ? dataDir.toAbsolutePath().normalize().resolveSibling("audit-store")
                : Path.of(dir).toAbsolutePath().normalize();
    }

    static InetSocketAddress address(String option, String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches() || Integer.parseInt(address.group("port")) > MAX_PORT) {
            throw Failure.usage(option + " must be HOST:PORT, not " + text);
        }
        return new InetSocketAddress(address.group("host"), Integer.parseInt(address.group("port")));
    }
}
