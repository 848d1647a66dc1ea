import base.Json;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import lab.controlplane.Server;

/** An embedded control plane in the test's own process, and a client for any control plane. */
final class ControlPlanes {
    static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    private static final int MAX_LISTED = 100_000;

    private ControlPlanes() {}

    /** A clock that stands still until it is told to move. */
    static final class SetTime implements Time {
        private final AtomicReference<Instant> now;

        SetTime(String start) {
            now = new AtomicReference<>(Instant.parse(start));
        }

        void advance(long seconds) {
            now.updateAndGet(before -> before.plusSeconds(seconds));
        }

        @Override
        public Instant now() {
            return now.get();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) {
            now.updateAndGet(before -> before.plus(duration));
        }
    }

    static Server.Settings settings(Path folder, Time time, StringWriter log) {
        return new Server.Settings(
                ANY_PORT,
                ANY_PORT,
                folder.resolve("cp-data"),
                folder.resolve("audit-store"),
                Duration.ofMillis(200),
                time,
                new PrintWriter(log, true));
    }

    record Reply(int code, JsonNode json, HttpResponse<String> raw) {
        String error() {
            return json.path("error").asText();
        }
    }

    static final class Client {
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final String base;

        Client(int port) {
            base = "http://127.0.0.1:" + port;
        }

        String base() {
            return base;
        }

        Reply send(String method, String path, String body) {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build();
                HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
                return new Reply(
                        response.statusCode(),
                        response.body().startsWith("{") ? Json.parse(response.body()) : null,
                        response);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        Reply get(String path) {
            return send("GET", path, null);
        }

        Reply post(String path, String body) {
            return send("POST", path, body);
        }

        Reply create(String planId) {
            return create(planId, "");
        }

        /** @param more further fields, beginning with a comma */
        Reply create(String planId, String more) {
            return post(
                    "/v1/rollouts",
                    "{\"plan_id\":\"" + planId
                            + "\",\"artifact_ref\":\"registry/app:1\","
                            + "\"stages\":[{\"stage_id\":\"canary\"},{\"stage_id\":\"fleet\"}]"
                            + more + "}");
        }

        Reply recover(String planId, String strategy) {
            return post("/v1/rollouts/" + planId + "/recover", "{\"strategy\":\"" + strategy + "\"}");
        }

        String phase(String planId) {
            return get("/v1/rollouts/" + planId).json().path("phase").asText();
        }

        List<String> stuck(long thresholdSeconds) {
            return ids(get("/v1/rollouts/stuck?threshold_seconds=" + thresholdSeconds)
                    .json()
                    .path("stuck_plans"));
        }

        /** Every page, in order. */
        List<String> listAll(int limit) {
            List<String> all = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = get("/v1/rollouts?limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                        .json();
                all.addAll(ids(page.path("plans")));
                String next = page.path("next_cursor").textValue();
                if (!next.isEmpty() && (next.equals(cursor) || all.size() > MAX_LISTED)) {
                    throw new AssertionError("the paging does not end: cursor " + next);
                }
                cursor = next;
            } while (!cursor.isEmpty());
            return all;
        }
    }

    static List<String> ids(JsonNode plans) {
        List<String> ids = new ArrayList<>();
        plans.forEach(plan -> ids.add(plan.path("plan_id").asText()));
        return ids;
    }
}
