import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A time-stamping authority that nobody here wrote: {@code openssl ts} behind a socket of this machine. */
final class OpensslTsa implements Closeable {
    private static final String CONFIG = """
        [ tsa ]
        default_tsa = it
        [ it ]
        dir = %1$s
        serial = %1$s/serial
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        ess_cert_id_alg = sha256
        [ ca ]
        basicConstraints = critical,CA:TRUE
        keyUsage = critical,keyCertSign
        [ stamps ]
        extendedKeyUsage = critical,timeStamping
        [ req ]
        distinguished_name = name
        [ name ]
        """;

    /** What it answers: by openssl, or otherwise. */
    enum Mood {
        STAMPS,
        REFUSES,
        TALKS_RUBBISH,
        STAMPS_ANOTHER_HASH
    }

    private final Path folder;
    private final HttpServer server;
    final AtomicInteger asked = new AtomicInteger();
    volatile Mood mood = Mood.STAMPS;

    OpensslTsa(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        Files.writeString(folder.resolve("tsa.cnf"), String.format(CONFIG, folder));
        Files.writeString(folder.resolve("serial"), "01\n");
        certificate("ca", "/CN=A CA", List.of("-x509", "-extensions", "ca"));
        certificate(
                "tsa",
                "/O=Somebody Else/CN=A TSA",
                List.of("-x509", "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-extensions", "stamps"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] query = exchange.getRequestBody().readAllBytes();
            byte[] answer = answer(query);
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(mood == Mood.REFUSES ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/tsr";
    }

    Path ca() {
        return folder.resolve("ca.pem");
    }

    private byte[] answer(byte[] query) throws IOException {
        return switch (mood) {
            case STAMPS -> {
                Files.write(folder.resolve("query.tsq"), query);
                yield reply(folder.resolve("query.tsq"));
            }
            case STAMPS_ANOTHER_HASH -> stamp(Files.writeString(folder.resolve("other"), "another text"));
            case REFUSES, TALKS_RUBBISH -> "<html>the lobby's network</html>".getBytes();
        };
    }

    /** A stamp of a file that was asked for by openssl too. */
    byte[] stamp(Path file) throws IOException {
        Path query = folder.resolve("own.tsq");
        openssl("ts", "-query", "-data", file.toString(), "-sha256", "-cert", "-out", query.toString());
        return reply(query);
    }

    private byte[] reply(Path query) throws IOException {
        Path answer = folder.resolve("answer.tsr");
        openssl(
                "ts",
                "-reply",
                "-config",
                path("tsa.cnf"),
                "-queryfile",
                query.toString(),
                "-signer",
                path("tsa.pem"),
                "-inkey",
                path("tsa.key"),
                "-chain",
                path("ca.pem"),
                "-out",
                answer.toString());
        return Files.readAllBytes(answer);
    }

    private void certificate(String name, String subject, List<String> more) {
        List<String> words = new java.util.ArrayList<>(List.of(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-config",
                path("tsa.cnf"),
                "-subj",
                subject,
                "-days",
                "30",
                "-keyout",
                path(name + ".key"),
                "-out",
                path(name + ".pem")));
        words.addAll(more);
        openssl(words.toArray(String[]::new));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    static String openssl(String... words) {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Fork.Result ran = Fork.run(Map.of(), command);
        if (ran.exit() != 0) {
            throw new AssertionError(command + ": " + ran.out() + ran.err());
        }
        return ran.out() + ran.err();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
