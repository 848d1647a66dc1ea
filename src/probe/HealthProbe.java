package probe;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** GET /v1/health: by rounds, by setup, and while a control plane starts. */
public final class HealthProbe {
    private static final int LOOK_MILLIS = 2_000;
    /** What health endpoints call their state (health+json, Spring, gRPC, Docker, Kubernetes). */
    private static final List<String> STATES = List.of("status", "state", "health");

    private static final List<String> TRUTHS = List.of("healthy", "ok", "success", "ready");
    private static final Set<String> UNHEALTHY =
            Set.of(("unhealthy nothealthy error fail failed failing failure critical fatal degraded down"
                            + " outofservice unavailable notserving notready notok broken")
                    .split(" "));

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
                && Credentials.tlsAt(uri.getHost(), HttpCall.port(uri), LOOK_MILLIS)) {
            String told = uri.getAuthority() + " speaks TLS and not plain HTTP: write https:// in CP_URL";
            return HttpCall.Answer.none(answer.nanos(), told, true);
        }
        return answer;
    }

    /** Whether the body belies its code: a state, a truth or an error at its top says that it is not healthy. */
    public static boolean saysUnhealthy(HttpCall.Answer answer) {
        try {
            JsonNode body = Json.parse(answer.text());
            return STATES.stream()
                            .map(body::path)
                            .anyMatch(state -> state.isTextual()
                                    && UNHEALTHY.contains(state.asText()
                                            .toLowerCase(Locale.ROOT)
                                            .replaceAll("[^a-z]", "")))
                    || TRUTHS.stream().map(body::path).anyMatch(truth -> truth.isBoolean() && !truth.asBoolean())
                    || PageSigns.says(body.path("error"));
        } catch (JsonProcessingException noJson) {
            return false;
        }
    }
}
