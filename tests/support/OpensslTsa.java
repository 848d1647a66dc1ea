import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.tsp.TimeStampResp;

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
        REFUSES_IN_TWO_LINES,
        TALKS_RUBBISH,
        STAMPS_ANOTHER_HASH,
        STAMPS_WITHOUT_ITS_CERTIFICATE,
        SIGNS_OTHER_BYTES
    }

    /** Status 2, rejection, with two lines of UTF-8 (RFC 3161, section 2.4.2). */
    private static final String REJECTION = "30133011020102300c0c0a" + "6e6f0a726f756e643a20"; // no, round:

    private final Path folder;
    /** As {@code openssl req} takes them. */
    private final List<String> key;

    private final HttpServer server;
    final AtomicInteger asked = new AtomicInteger();
    volatile Mood mood = Mood.STAMPS;

    OpensslTsa(Path folder) throws IOException {
        this(folder, "ec", "ec_paramgen_curve:P-256");
    }

    /** One whose keys, and its CA's, are of another kind. */
    OpensslTsa(Path folder, String algorithm, String parameter) throws IOException {
        this.folder = Files.createDirectories(folder);
        key = List.of("-newkey", algorithm, "-pkeyopt", parameter);
        Files.writeString(folder.resolve("tsa.cnf"), String.format(CONFIG, folder));
        Files.writeString(folder.resolve("serial"), "01\n");
        certificate("ca", "/CN=A CA", List.of("-x509", "-extensions", "ca"));
        calls("A TSA");
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

    /** What it goes by from now on, of the organization Somebody Else. */
    void calls(String itself) {
        certified(itself, "-sha256");
    }

    /** @param hash by which its CA signs its certificate, such as -md5 */
    void certified(String itself, String hash) {
        certificate(
                "tsa",
                "/O=Somebody Else/CN=" + itself,
                List.of("-x509", "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-extensions", "stamps", hash));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/tsr";
    }

    Path ca() {
        return folder.resolve("ca.pem");
    }

    private byte[] answer(byte[] query) throws IOException {
        return switch (mood) {
            case STAMPS -> reply(query);
            case STAMPS_WITHOUT_ITS_CERTIFICATE -> reply(withoutItsLastField(query));
            case SIGNS_OTHER_BYTES -> {
                byte[] answer = reply(query);
                answer[answer.length - 1] ^= 1; // in the signature
                yield answer;
            }
            case REFUSES_IN_TWO_LINES -> HexFormat.of().parseHex(REJECTION);
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

    /** The same with RSA-PSS, which {@code openssl ts} cannot make: {@code openssl cms} signs what it would have. */
    byte[] stampByPss(Path file) throws IOException {
        TimeStampResp usual = TimeStampResp.getInstance(stamp(file));
        Path token = Files.write(
                folder.resolve("usual.token"), usual.getTimeStampToken().getEncoded());
        Path said = folder.resolve("said.der");
        openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", token.toString(), "-out", said.toString());
        Path signed = folder.resolve("pss.token");
        openssl(
                "cms",
                "-sign",
                "-binary",
                "-nodetach",
                "-cades",
                "-econtent_type",
                "1.2.840.113549.1.9.16.1.4",
                "-in",
                said.toString(),
                "-signer",
                path("tsa.pem"),
                "-inkey",
                path("tsa.key"),
                "-md",
                "sha256",
                "-keyopt",
                "rsa_padding_mode:pss",
                "-outform",
                "DER",
                "-out",
                signed.toString());
        return new TimeStampResp(usual.getStatus(), ContentInfo.getInstance(Files.readAllBytes(signed))).getEncoded();
    }

    /** Whether it shall send its certificate. */
    private static byte[] withoutItsLastField(byte[] query) {
        byte[] shorter = Arrays.copyOf(query, query.length - 3); // BOOLEAN, 1 byte, TRUE
        shorter[1] -= 3; // the length of all
        return shorter;
    }

    private byte[] reply(byte[] query) throws IOException {
        return reply(Files.write(folder.resolve("query.tsq"), query));
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
        words.addAll(key);
        words.addAll(more);
        openssl(words.toArray(String[]::new));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    static String openssl(String... words) {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Fork.Result ran = Fork.run(command);
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
