package probe;

import base.Time;
import java.io.IOException;
import java.net.URI;

/**
 * Keeps TLS handshakes run in, by exchanges with a server of our own that has the credentials which the control plane
 * will see. What they take is no overhead: a handshake is part of a create, by whatever client. One that cannot run is
 * passed over: a create is then a little slower, and that is no reason to lose a round.
 */
final class WarmHandshakes {
    static final WarmHandshakes NONE = new WarmHandshakes(null, null, null);

    /**
     * bench/fidelity.py: with 50 the first creates still take half a millisecond more than the last, with 200 it is not
     * much less.
     */
    private static final int FIRST = 100;

    private final HttpCall http;
    private final URI uri;
    private final byte[] body;

    private WarmHandshakes(HttpCall http, URI uri, byte[] body) {
        this.http = http;
        this.uri = uri;
        this.body = body;
    }

    /** Its server ends with the process. @param body a create's */
    static WarmHandshakes start(Time time, byte[] body, Credentials credentials) {
        try {
            TlsWarmUp.Server server = TlsWarmUp.open();
            Overhead.answer(server.socket(), body.length);
            URI uri = URI.create(
                    "https://" + Overhead.LOOPBACK + ":" + server.socket().getLocalPort() + "/v1/rollouts");
            HttpCall http = new HttpCall(
                    time, Overhead.TIMEOUT, Overhead.MAX_ANSWER_BYTES, credentials.trusting(server.certificate()));
            Overhead.exchanges(http, uri, body, FIRST);
            System.gc(); // else what these have left is collected during a create, which takes it 3 ms
            return new WarmHandshakes(http, uri, body);
        } catch (IOException e) {
            return NONE;
        }
    }

    /**
     * Right before a create: while a control plane takes its time over one, the processor forgets how the next
     * handshake goes (bench/fidelity.py at 50 ms).
     */
    void again() {
        if (http != null) {
            http.postJson(uri, body);
        }
    }
}
