package probe;

import java.net.URI;
import java.util.Map;

/** GET /v1/health: by rounds, by setup, and while a control plane starts. */
public final class HealthProbe {
    private static final int LOOK_MILLIS = 2_000;

    private HealthProbe() {}

    /**
     * One probe. Where the connection is closed without a word, and plain HTTP was spoken, it is seen whether TLS would
     * have been right: many a TLS port says nothing to plain HTTP.
     *
     * @param cpUrl CP_URL, without a slash at its end
     */
    public static HttpCall.Answer of(HttpCall http, String cpUrl) {
        URI uri = URI.create(cpUrl + "/v1/health");
        HttpCall.Answer answer = http.get(uri);
        boolean closed = AnswerReader.CLOSED.equals(answer.problem());
        if (closed
                && "http".equals(uri.getScheme())
                && Credentials.tlsAt(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort(), LOOK_MILLIS)) {
            String told = uri.getAuthority() + " speaks TLS and not plain HTTP: write https:// in CP_URL";
            return new HttpCall.Answer(answer.code(), answer.body(), answer.nanos(), told, Map.of(), true);
        }
        return answer;
    }
}
