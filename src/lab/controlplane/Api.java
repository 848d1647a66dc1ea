package lab.controlplane;

import base.Json;
import base.Sqlite;
import base.Time;
import base.Why;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The HTTP API under /v1. Every answer is JSON; every refusal is {@code {"error":"…"}} with the status that fits. */
final class Api implements HttpHandler {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;
    private static final long DEFAULT_THRESHOLD_SECONDS = 3600;
    private static final String ROLLOUTS = "/v1/rollouts";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Store store;
    private final Metrics metrics;
    private final Audit audit;
    private final Time time;
    private final PrintWriter log;
    private final Consumer<String> onFatal;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean draining;

    /** @param onFatal told why, when the database turns out to be damaged */
    Api(Store store, Metrics metrics, Audit audit, Time time, PrintWriter log, Consumer<String> onFatal) {
        this.store = store;
        this.metrics = metrics;
        this.audit = audit;
        this.time = time;
        this.log = log;
        this.onFatal = onFatal;
    }

    private record Answer(int status, byte[] body) {}

    private interface Action {
        Answer run() throws IOException, SQLException;
    }

    /** What a path offers: its name in the metrics, and what each method does there. */
    private record Route(String name, Map<String, Action> methods) {}

    // --- one request ------------------------------------------------------------------------------------------------

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        inFlight.incrementAndGet();
        long started = time.nanoTime();
        String method = exchange.getRequestMethod();
        Route route = new Route("other", Map.of());
        Answer answer;
        try {
            route = route(exchange);
            answer = draining ? error(503, "the control plane is shutting down") : answer(exchange, route);
        } catch (ApiError e) {
            answer = error(e.status, e.getMessage());
        } catch (SQLException e) {
            answer = error(e);
        } catch (IOException e) { // the client went away while it sent its body
            inFlight.decrementAndGet();
            exchange.close();
            return;
        } catch (RuntimeException e) {
            answer = error(500, "internal error; the log has its stack trace");
            report(method + " " + exchange.getRequestURI(), e);
        }
        // Counted before it is sent, so that a client that has its answer finds it counted. Methods and paths that a
        // client made up are no labels.
        metrics.answered(
                route.methods.containsKey(method) ? method : "other",
                route.name,
                answer.status,
                (time.nanoTime() - started) / NANOS_PER_SECOND);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (draining) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            exchange.sendResponseHeaders(answer.status, answer.body.length);
            exchange.getResponseBody().write(answer.body);
        } finally {
            inFlight.decrementAndGet();
        }
    }

    /** Refuses what comes from now on, and waits for what is being answered. */
    void drain(long timeoutMs) throws InterruptedException {
        draining = true;
        long deadline = System.nanoTime() + timeoutMs * 1_000_000;
        while (inFlight.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
    }

    private static Answer answer(HttpExchange exchange, Route route) throws IOException, SQLException {
        if (route.methods.isEmpty()) {
            throw new ApiError(404, "there is no " + exchange.getRequestURI().getPath());
        }
        Action action = route.methods.get(exchange.getRequestMethod());
        if (action == null) {
            exchange.getResponseHeaders().set("Allow", String.join(", ", route.methods.keySet()));
            throw new ApiError(
                    405,
                    exchange.getRequestMethod() + " is not possible here, only "
                            + String.join(", ", route.methods.keySet()));
        }
        return action.run();
    }

    private Route route(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/v1/health")) {
            return new Route(
                    path, Map.of("GET", () -> new Answer(200, "{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8))));
        }
        if (path.equals(ROLLOUTS)) {
            return new Route(path, Map.of("GET", () -> list(Requests.query(exchange)), "POST", () -> create(exchange)));
        }
        if (path.equals(ROLLOUTS + "/stuck")) {
            return new Route(path, Map.of("GET", () -> stuck(Requests.query(exchange))));
        }
        String[] parts = path.startsWith(ROLLOUTS + "/")
                ? path.substring(ROLLOUTS.length() + 1).split("/", -1)
                : new String[0];
        if (parts.length == 1 && !parts[0].isEmpty()) {
            return new Route(ROLLOUTS + "/{id}", Map.of("GET", () -> detail(parts[0])));
        }
        String verb = parts.length == 2 ? parts[1] : "";
        return switch (verb) {
            case "recover" -> new Route(ROLLOUTS + "/{id}/recover", Map.of("POST", () -> recover(parts[0], exchange)));
            case "pause" ->
                new Route(ROLLOUTS + "/{id}/pause", Map.of("POST", () -> move(parts[0], "pause", Phase.PAUSED)));
            case "cancel" ->
                new Route(ROLLOUTS + "/{id}/cancel", Map.of("POST", () -> move(parts[0], "cancel", Phase.CANCELLED)));
            default -> new Route("other", Map.of());
        };
    }

    // --- what the paths do ------------------------------------------------------------------------------------------

    private Answer create(HttpExchange exchange) throws IOException, SQLException {
        JsonNode body = PlanRequest.object(Requests.body(exchange));
        long now = nowMs();
        Plan plan = PlanRequest.newPlan(body, now);
        if (!store.create(plan, body.toString())) {
            throw new ApiError(409, "there is a plan " + plan.planId() + " already");
        }
        metrics.accepted("create", plan.storedPhase());
        audit(new Audit.Event(
                "rollout.plan.created",
                "rollout",
                "create",
                "success",
                "orchestrator",
                Instant.ofEpochMilli(now),
                Requests.actor(exchange.getRequestHeaders()),
                "rollout_plan",
                plan.planId(),
                Map.of("artifact_ref", plan.artifactRef())));
        return answer(201, json -> write(json, plan, now));
    }

    /**
     * The plan is on disk and its client must hear so: a record that cannot be written is a fault of its own, logged
     * and counted.
     */
    private void audit(Audit.Event event) {
        try {
            audit.append(event);
        } catch (IOException e) {
            metrics.auditFailed();
            log.println(time.now() + " an audit record was not written (" + Why.of(e, null) + "): " + event.toJson());
        }
    }

    private Answer list(Map<String, String> query) throws IOException, SQLException {
        int limit = (int) Requests.number(query, "limit", DEFAULT_LIMIT, 1, Long.MAX_VALUE, MAX_LIMIT);
        long after = Requests.afterCursor(query.getOrDefault("cursor", ""));
        long now = nowMs();
        Optional<SettledPages> pages = store.pages();
        Optional<byte[]> kept = pages.flatMap(all -> all.body(after, limit, now));
        if (kept.isPresent()) {
            return new Answer(200, kept.get());
        }
        long changes = pages.map(SettledPages::changes).orElse(0L);
        List<Plan> plans = store.list(after, limit + 1); // one more than asked for tells whether this is the last page
        List<Plan> page = plans.subList(0, Math.min(limit, plans.size()));
        Answer answer = answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("plans");
            for (Plan plan : page) {
                write(json, plan, now);
            }
            json.writeEndArray();
            json.writeStringField(
                    "next_cursor",
                    plans.size() > limit ? Requests.cursor(page.get(limit - 1).seq()) : "");
            json.writeEndObject();
        });
        if (plans.size() > limit) {
            pages.ifPresent(all -> all.keep(after, limit, page, answer.body, now, changes));
        }
        return answer;
    }

    private Answer stuck(Map<String, String> query) throws IOException, SQLException {
        long threshold = Requests.number(
                query,
                "threshold_seconds",
                DEFAULT_THRESHOLD_SECONDS,
                0,
                PlanRequest.MAX_SECONDS,
                PlanRequest.MAX_SECONDS);
        long now = nowMs();
        List<Plan> plans = store.stuck(threshold, now);
        return answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("stuck_plans");
            for (Plan plan : plans) {
                json.writeStartObject();
                json.writeStringField("plan_id", plan.planId());
                json.writeStringField("phase", plan.phase(now).word());
                json.writeStringField("current_stage_id", plan.currentStageId());
                json.writeStringField("stuck_since", instant(plan.updatedAtMs(now)));
                json.writeStringField(
                        "stuck_reason", "no stage promotion for " + (now - plan.updatedAtMs(now)) / 1000 + " s");
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** The plan's own fields, over whatever else it was created with. */
    private Answer detail(String planId) throws IOException, SQLException {
        Store.Detail detail = store.detail(planId).orElseThrow(() -> unknown(planId));
        ObjectNode all = (ObjectNode) Json.parse(detail.body());
        all.setAll((ObjectNode) Json.parse(new String(
                answer(200, json -> write(json, detail.plan(), nowMs())).body, StandardCharsets.UTF_8)));
        return new Answer(200, all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Answer recover(String planId, HttpExchange exchange) throws IOException, SQLException {
        PlanRequest.Recovery recovery = PlanRequest.recovery(PlanRequest.object(Requests.body(exchange)));
        return recovery.retry()
                ? change(planId, "retry", (plan, now) -> plan.retried(recovery.skipFailed(), now))
                : change(planId, "rollback", (plan, now) -> plan.movedTo(Phase.ROLLED_BACK, now));
    }

    private Answer move(String planId, String kind, Phase phase) throws IOException, SQLException {
        return change(planId, kind, (plan, now) -> plan.movedTo(phase, now));
    }

    private interface Change {
        Plan apply(Plan plan, long nowMs);
    }

    private Answer change(String planId, String kind, Change change) throws IOException, SQLException {
        long now = nowMs();
        Plan after = store.change(planId, plan -> {
                    Phase phase = plan.phase(now);
                    if (phase.isTerminal()) {
                        throw new ApiError(
                                409, "plan " + planId + " is " + phase.word() + ", which nothing changes any more");
                    }
                    return change.apply(plan, now);
                })
                .orElseThrow(() -> unknown(planId));
        metrics.accepted(kind, after.storedPhase());
        return answer(200, json -> write(json, after, now));
    }

    private static ApiError unknown(String planId) {
        return new ApiError(404, "there is no plan " + planId);
    }

    // --- writing answers --------------------------------------------------------------------------------------------

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static Answer answer(int status, Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(bytes)) {
            writing.to(json);
        }
        return new Answer(status, bytes.toByteArray());
    }

    private static void write(JsonGenerator json, Plan plan, long now) throws IOException {
        String createdAt = instant(plan.createdAtMs());
        json.writeStartObject();
        json.writeStringField("plan_id", plan.planId());
        json.writeStringField("phase", plan.phase(now).word());
        json.writeStringField("artifact_ref", plan.artifactRef());
        json.writeStringField("created_at", createdAt);
        json.writeStringField(
                "updated_at", plan.updatedAtMs(now) == plan.createdAtMs() ? createdAt : instant(plan.updatedAtMs(now)));
        json.writeStringField("current_stage_id", plan.currentStageId());
        json.writeEndObject();
    }

    private static String instant(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }

    private Answer error(SQLException e) {
        Optional<ApiError> refusal = ApiError.of(e);
        if (refusal.isPresent()) {
            return error(refusal.get().status, refusal.get().getMessage());
        }
        int code = Sqlite.resultCode(e);
        if (code == Store.CORRUPT || code == Sqlite.NOT_A_DATABASE) {
            onFatal.accept(
                    "the database is damaged (" + e.getMessage() + "): restore it from a backup, or move it away");
            return error(500, "the database is damaged");
        }
        report("the database refused", e);
        return error(500, "the database refused; the log says why");
    }

    private static Answer error(int status, String sentence) {
        return new Answer(
                status,
                Json.MAPPER.createObjectNode().put("error", sentence).toString().getBytes(StandardCharsets.UTF_8));
    }

    private void report(String what, Exception e) {
        synchronized (log) {
            log.println(time.now() + " " + what);
            e.printStackTrace(log);
            log.flush();
        }
    }

    private long nowMs() {
        return time.now().toEpochMilli();
    }
}
