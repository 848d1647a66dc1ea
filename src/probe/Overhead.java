package probe;

import base.Time;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * What the prober itself adds to a latency, in milliseconds: creates against a throw-away server of our own that
 * answers at once. It also warms the whole request path up, which costs a fresh JVM tens of milliseconds, so that the
 * first create on the control plane is not the measurement of our own start. Where it cannot be measured, as on a host
 * that was suspended in its midst, that is no reason to lose a round.
 *
 * @param p50Ms nearest-rank median of the last {@link #MEASURED} exchanges; null if they cannot be made
 * @param maxMs their maximum; null likewise
 * @param problem why they cannot be made; null if they can
 */
public record Overhead(Double p50Ms, Double maxMs, String problem) {
    // HotSpot compiles a method at its 200th call (Tier3InvocationThreshold): with fewer, it would do so during the
    // creates.
    private static final int WARM_UP = 400;
    private static final int MEASURED = 50;
    static final int BACKLOG = 50;
    static final int MAX_ANSWER_BYTES = 64 * 1024;
    static final String LOOPBACK = "127.0.0.1";
    static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final byte[] ANSWER = ("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 22\r\nConnection: close\r\n\r\n{\"phase\": \"published\"}\n")
            .getBytes(StandardCharsets.US_ASCII);

    /** @param body a create's body, so that what is measured has the size of what is sent */
    public static Overhead measure(Time time, byte[] body) {
        try (ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getByName(LOOPBACK))) {
            answer(server, body.length);
            HttpCall http = new HttpCall(time, TIMEOUT, MAX_ANSWER_BYTES);
            URI uri = URI.create("http://" + LOOPBACK + ":" + server.getLocalPort() + "/v1/rollouts");
            exchanges(http, uri, body, WARM_UP);
            double[] millis = exchanges(http, uri, body, MEASURED);
            Arrays.sort(millis);
            return new Overhead(millis[(MEASURED + 1) / 2 - 1], millis[MEASURED - 1], null);
        } catch (IOException e) {
            return new Overhead(null, null, e.getMessage());
        }
    }

    /** @return what each took, in milliseconds, in their order */
    static double[] exchanges(HttpCall http, URI uri, byte[] body, int count) throws IOException {
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            HttpCall.Answer answer = http.postJson(uri, body);
            if (!answer.is(201)) {
                throw new IOException("the prober's own server did not answer: " + answer.describe());
            }
            millis[i] = answer.nanos() / 1e6;
        }
        return millis;
    }

    static void answer(ServerSocket server, int bodyLength) {
        Thread answering = new Thread(() -> answerAll(server, bodyLength), "overhead-server");
        answering.setDaemon(true);
        answering.start();
    }

    private static void answerAll(ServerSocket server, int bodyLength) {
        while (true) {
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                readRequest(socket.getInputStream(), bodyLength);
                socket.getOutputStream().write(ANSWER);
            } catch (IOException closed) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private static void readRequest(InputStream in, int bodyLength) throws IOException {
        int ends = 0; // of \r\n\r\n seen so far
        byte[] buffer = new byte[4096];
        int afterHead = -1;
        while (afterHead < bodyLength) {
            int count = in.read(buffer);
            if (count < 0) {
                return;
            }
            for (int i = 0; i < count; i++) {
                if (afterHead >= 0) {
                    afterHead++;
                } else {
                    ends = buffer[i] == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
                    if (ends == 4) {
                        afterHead = 0;
                    }
                }
            }
        }
    }
}
