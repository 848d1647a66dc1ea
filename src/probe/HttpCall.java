package probe;

import base.Printable;
import base.Time;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 exchange on a connection of its own, timed from the TCP connect to the last byte, as {@code curl -w
 * '%{time_total}'} does it.
 *
 * <p>Our own on purpose: this is the measurement. The JDK's clients keep connections, repeat a POST whose connection
 * broke, follow redirects, hand the exchange to other threads, and let a server that sends a byte a second hold them
 * for ever. Here nothing happens but what is written down: one connect, one write, reads until the answer is complete
 * or the deadline has passed.
 */
public final class HttpCall {
    /** What stands for "no answer" in place of a status code, as curl has it. */
    public static final String NO_ANSWER = "000";

    private static final String[][] STANDARD_HEADERS = {{"User-Agent", "soak-val12"}, {"Accept", "*/*"}};
    private static final int FAREWELL_MILLIS = 50;
    private static final int MOST_OF_AN_ADDRESS = 300;
    private static final int UNAUTHORIZED = 401;

    /**
     * What came back.
     *
     * @param code the status code as text; {@link #NO_ANSWER} if no whole answer came: half an answer is none, whatever
     *     its first line said
     * @param body as much of the body as came; never null
     * @param nanos connect to last byte, or to the failure
     * @param problem null if the answer is complete, else why it is not, with the code of a status line that did come
     * @param headers the answer's header fields as far as they came, names in lower case, each with all its values in
     *     their order
     * @param refused whether one side would not speak with the other as it came: a certificate that was not taken, TLS
     *     that met plain HTTP, an HTTP answer that does not say where it ends. No silence, and no reason to end a
     *     process
     * @param quote gives the body's beginning as a sentence may quote it ({@link BodyText#said}), empty where there is
     *     none; made when it is asked for, since of a listing's pages hardly any is ever quoted
     */
    public record Answer(
            String code,
            byte[] body,
            long nanos,
            String problem,
            Map<String, List<String>> headers,
            boolean refused,
            Supplier<String> quote) {
        /** There is none, and nobody said anything. */
        public static Answer none(long nanos, String problem, boolean refused) {
            return new Answer(NO_ANSWER, new byte[0], nanos, problem, Map.of(), refused, () -> "");
        }

        /** Every value of a header field, whose name is given in lower case; none where the answer lacks it. */
        public List<String> header(String name) {
            return headers.getOrDefault(name, List.of());
        }

        public boolean is(int wanted) {
            return problem == null && code.equals(Integer.toString(wanted));
        }

        public String text() {
            return BodyText.of(body, header("content-type"));
        }

        /** The body for evidence: the text in UTF-8 without a byte order mark, whatever it came in. */
        public byte[] utf8() {
            return BodyText.utf8(body, header("content-type"));
        }

        public String said() {
            return quote.get();
        }

        /** For a message: the code, or what was wrong, and what the other side said of it. */
        public String describe() {
            if (problem != null) {
                return problem + came();
            }
            String said = said();
            return "HTTP " + code + (said.isEmpty() ? "" : ": " + said);
        }

        /** Whether the body is a page for people: what a proxy or a portal shows in place of the one who was asked. */
        public boolean isPage() {
            return said().startsWith(BodyText.PAGE);
        }

        /** For a message about a body that is not what it should be, behind it. */
        public String came() {
            String said = said();
            return said.isEmpty() ? "" : "; received: " + said;
        }
    }

    private final Time time;
    private final Duration timeout;
    private final int maxBodyBytes;
    private Guard guard = uri -> Optional.empty();
    private final Credentials credentials;

    /** To a control plane that is open to everybody. */
    public HttpCall(Time time, Duration timeout, int maxBodyBytes) {
        this(time, timeout, maxBodyBytes, Credentials.NONE);
    }

    /**
     * @param timeout for the whole exchange, however slowly bytes drip
     * @param maxBodyBytes what is read of a body at the most; more is a problem, not an exhausted heap
     * @param credentials what each request brings along
     */
    public HttpCall(Time time, Duration timeout, int maxBodyBytes, Credentials credentials) {
        this.time = time;
        this.timeout = timeout;
        this.maxBodyBytes = maxBodyBytes;
        this.credentials = credentials;
    }

    /** The same calls, but nothing is sent where the guard refuses it, and no answer counts that came from there. */
    public HttpCall guardedBy(Guard guard) {
        HttpCall guarded = new HttpCall(time, timeout, maxBodyBytes, credentials);
        guarded.guard = guard;
        return guarded;
    }

    public Answer get(URI uri) {
        return send("GET", uri, null, new String[0]);
    }

    public Answer postJson(URI uri, byte[] body, String... headers) {
        return send("POST", uri, body, headers);
    }

    private Answer send(String method, URI uri, byte[] body, String[] headers) {
        Optional<String> refusal = guard.refusal(uri);
        if (refusal.isPresent()) {
            return Answer.none(0, "nothing was sent: " + refusal.get(), false);
        }
        Answer answer = exchange(method, uri, body, headers);
        return guard.refusal(uri)
                .map(since -> Answer.none(answer.nanos(), "the answer may come from another process: " + since, false))
                .orElse(answer);
    }

    /** A scheme has no case (RFC 3986, section 3.1), and an address in a page may be written in capitals. */
    private static boolean isTls(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** The port that an address names, or else that of its scheme. */
    public static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isTls(uri) ? 443 : 80;
    }

    private Answer exchange(String method, URI uri, byte[] sent, String[] headers) {
        byte[] request = request(method, uri, sent, headers);
        boolean tls = isTls(uri);
        int port = port(uri);
        String where = uri.getHost() + ":" + port;
        if (tls) {
            credentials.readyForHandshake();
        }
        AnswerReader reader = null;
        Trouble.Stage stage = Trouble.Stage.CONNECT;
        long began = time.nanoTime();
        // the machine's own clock: a socket does not wait on a virtual one
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Socket plain = Connect.to(uri.getHost(), port, deadline)) {
            stage = Trouble.Stage.HANDSHAKE;
            plain.setSoTimeout(AnswerReader.remainingMillis(deadline));
            Socket socket = tls ? credentials.handshake(plain, uri.getHost(), port) : plain;
            stage = Trouble.Stage.EXCHANGE;
            reader = new AnswerReader(socket, deadline, maxBodyBytes, credentials);
            IOException unsent = write(socket, request);
            try {
                reader.readAnswer();
            } catch (IOException e) {
                throw unsent == null || reader.heard() || Trouble.isRefusal(e, tls, credentials) ? e : unsent;
            }
            long nanos = time.nanoTime() - began; // the last byte is there: what closing takes is no latency
            farewell(socket);
            byte[] body = BodyText.unpacked(reader.body(), reader.headers(), maxBodyBytes);
            return new Answer(
                    Integer.toString(reader.status()), body, nanos, null, reader.headers(), false, said(body, reader));
        } catch (IOException | RuntimeException e) {
            long nanos = time.nanoTime() - began;
            // the latter where the soak's clock is a virtual one
            boolean late = e instanceof SocketTimeoutException || nanos > timeout.toNanos();
            String problem = late
                    ? Trouble.late(stage, where, tls, timeout.toMillis())
                    : Trouble.sentence(e, stage, where, tls, credentials);
            boolean refused = !late && Trouble.isRefusal(e, tls, credentials);
            if (reader == null) {
                return Answer.none(nanos, problem, refused);
            }
            String seen = reader.status() == 0 ? "" : "HTTP " + reader.status() + ", ";
            return new Answer(
                    NO_ANSWER,
                    reader.body(),
                    nanos,
                    seen + problem,
                    reader.headers(),
                    refused,
                    said(reader.body(), reader));
        }
    }

    private Supplier<String> said(byte[] body, AnswerReader reader) {
        return () -> {
            String text = BodyText.said(body, reader.headers(), credentials::redacted);
            String means = means(reader);
            return means.isEmpty() || text.isEmpty() ? means + text : means + "; received: " + text;
        };
    }

    /** What a code says by itself, with the setting that it is about; "" for most. */
    private String means(AnswerReader reader) {
        List<String> to = reader.headers().getOrDefault("location", List.of());
        if (reader.status() / 100 == 3 && !to.isEmpty()) {
            return "a redirect to " + Printable.line(credentials.redacted(to.get(0)), MOST_OF_AN_ADDRESS)
                    + ", which is not followed: config.env must name the address that it leads to";
        }
        return reader.status() == UNAUTHORIZED
                ? "it asks for valid credentials, in the file that CP_HEADERS_FILE names"
                : "";
    }

    /**
     * TLS says goodbye; a side that does not answer that is not waited for, and the answer is whole whatever comes of
     * it.
     */
    private static void farewell(Socket socket) {
        if (socket instanceof SSLSocket) {
            try {
                socket.setSoTimeout(FAREWELL_MILLIS);
                socket.close();
            } catch (IOException gone) {
                // so is the other side
            }
        }
    }

    /** @return what kept the request from being sent whole: whoever hangs up on it may have answered before */
    private static IOException write(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private byte[] request(String method, URI uri, byte[] body, String[] headers) {
        StringBuilder head = new StringBuilder(256);
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        head.append(method).append(' ').append(path);
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.1\r\nHost: ").append(uri.getRawAuthority()).append("\r\nConnection: close\r\n");
        for (String[] standard : STANDARD_HEADERS) {
            if (!credentials.hasHeader(standard[0])) {
                head.append(standard[0]).append(": ").append(standard[1]).append("\r\n");
            }
        }
        credentials.headerLines().forEach(line -> head.append(line).append("\r\n"));
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        if (body == null) {
            return start;
        }
        byte[] all = new byte[start.length + body.length]; // one write, so one segment where it fits
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }
}
