import base.Json;
import base.ShellWords;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A control plane of the tests' own that differs from the embedded one wherever the product leaves a name or a shape
 * open, and that can be told to misbehave. Nothing of the product is in it but the JSON mapper.
 *
 * <p>In the test's own JVM (`--attach`):
 *
 * <pre>
 *   try (ForeignControlPlane cp = ForeignControlPlane.start()) {      // free ports, plans in memory
 *     … cp.url(), cp.metricsUrl(), ForeignControlPlane.cli(folder) …   // AUTONOMY_CLI: a bash script that talks to it
 *     cp.set("health", "500");  cp.set("create_503_every", "3");      // see ForeignSwitches; "" = back to normal
 *     cp.requests();  cp.cliCalls();  cp.cliPeak();                    // what it was asked
 *   }
 * </pre>
 *
 * As a process that setup starts (`--cp-command`, the placeholders are setup's): {@link #command()}; plans then survive
 * a SIGKILL in {data_dir}/plans.log, and switches are set from outside by {@link #set(String, String, String)} or
 * before the start in {data_dir}/switches, lines of name=value.
 *
 * <p>How it differs: a create needs {@link #TEMPLATE} ({@code id} and {@code spec.artifact}, not plan_id); lists stand
 * under {@code items}, newest first, at most 50 a page whatever the limit, and the cursor is given as
 * {@code page_token} (setup: {@code --set CP_CURSOR_PARAM=page_token}); the scan's array is {@code diagnosis}, newest
 * first; no list is ever {@code []} but {@code null}; health says {@code {"state":"serving"}}; metrics have other
 * labels, time stamps and exponents, and no cp_rollout_plans_total before the first create. A plan is stuck once it is
 * older than the larger of threshold_seconds and its {@code spec.grace_seconds} (so 0 in a drill template obeys the
 * threshold alone).
 */
final class ForeignControlPlane implements Closeable {
    /** What a create's body must look like, for plan-template.json: never stuck within a test. */
    static final String TEMPLATE =
            "{\"id\": \"{plan_id}\", \"spec\": {\"artifact\": \"registry.test/app@sha256:0\", \"grace_seconds\":"
                    + " 259200}}\n";
    /** As {@link #TEMPLATE}, stuck as soon as STUCK_THRESHOLD_SECONDS say so. */
    static final String DRILL_TEMPLATE =
            "{\"id\": \"{plan_id}\", \"spec\": {\"artifact\": \"registry.test/app@sha256:0\", \"grace_seconds\": 0}}\n";

    static final int HUGE = 32 << 20;
    static final long HANG_MS = 300_000;

    private final ForeignSwitches switches = new ForeignSwitches();
    private final ForeignStore store;
    private final ForeignLists lists;
    private final Map<String, RawHttpServer.Answer> answers = new ConcurrentHashMap<>();
    private final ForeignMetrics figures = new ForeignMetrics(switches);
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final ForeignCli cli = new ForeignCli();
    private final Random random = new Random(12);
    private final RawHttpServer api;
    private final RawHttpServer metrics;

    private ForeignControlPlane(String host, int port, int metricsPort, Path dataDir) throws IOException {
        store = new ForeignStore(dataDir);
        lists = new ForeignLists(switches, store);
        if (dataDir != null && Files.exists(dataDir.resolve("switches"))) {
            Files.readAllLines(dataDir.resolve("switches"))
                    .forEach(line -> set(line.split("=", 2)[0], line.split("=", 2)[1]));
        }
        api = new RawHttpServer(host, port, r -> half(r, api(r)));
        metrics = new RawHttpServer(host, metricsPort, r -> half(r, figures.answer(r)));
    }

    static ForeignControlPlane start() throws IOException {
        return new ForeignControlPlane("127.0.0.1", 0, 0, null);
    }

    /** In this JVM on a port that another one had: to whatever asks there it is a stranger. */
    static ForeignControlPlane startAt(URI url) throws IOException {
        return new ForeignControlPlane(url.getHost(), url.getPort(), 0, null);
    }

    /** The start command for `--cp-command`, with setup's placeholders. */
    static String command() {
        return Fork.java("ForeignControlPlane").stream().map(ShellWords::quote).collect(Collectors.joining(" "))
                + " --listen {listen} --metrics-listen {metrics_listen} --data-dir {data_dir}";
    }

    /** Arguments: --listen HOST:PORT --metrics-listen HOST:PORT --data-dir DIR. SIGTERM ends it with 0. */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        String[] listen = options.get("--listen").split(":");
        String[] metricsListen = options.get("--metrics-listen").split(":");
        ForeignControlPlane cp;
        try {
            cp = new ForeignControlPlane(
                    listen[0],
                    Integer.parseInt(listen[1]),
                    Integer.parseInt(metricsListen[1]),
                    Path.of(options.get("--data-dir")));
        } catch (java.net.BindException taken) {
            System.err.println("foreign control plane: cannot listen on " + options.get("--listen") + " or "
                    + options.get("--metrics-listen") + ": " + taken.getMessage());
            System.exit(3);
            return;
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
        System.out.println("foreign control plane serves " + cp.url());
        Thread.currentThread().join();
    }

    String url() {
        return "http://127.0.0.1:" + api.port();
    }

    String metricsUrl() {
        return "http://127.0.0.1:" + metrics.port() + "/metrics";
    }

    /** Sets a switch; "" puts it back to normal. */
    void set(String name, String value) {
        switches.set(name, value);
        if (name.equals("reset_counters")) {
            figures.clear();
        }
    }

    /** Sets a switch of one that runs in another process. */
    static void set(String url, String name, String value) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        url + "/_switch?name=" + name + "&value=" + URLEncoder.encode(value, StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalArgumentException(answer.body());
        }
    }

    /** Everything asked of the API so far, in order: {@code GET /v1/rollouts?limit=100}. */
    List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** The plan ids that the CLI was run for, in the order of their starts. */
    List<String> cliCalls() {
        return cli.calls();
    }

    /** How many CLI processes ran at the same time at most. */
    int cliPeak() {
        return cli.peak();
    }

    /** The ids in the store, oldest first. */
    List<String> planIds() {
        return store.ids();
    }

    /** Makes a plan as if a create had, and returns nothing but that it is there: to fill a store. */
    void add(String id, long graceSeconds) throws IOException {
        store.commit(id, graceSeconds);
    }

    /** Removes a plan for good: what a corrupted store does. */
    void destroy(String id) {
        store.destroy(id);
    }

    @Override
    public void close() throws IOException {
        api.close();
        metrics.close();
        store.close();
    }

    /** The CLI, for AUTONOMY_CLI; it finds the control plane by --orchestrator-url, wherever that runs. */
    static Path cli(Path folder) throws IOException {
        return ForeignCli.in(folder);
    }

    private int recover(String id, String strategy) throws IOException {
        synchronized (store) {
            return recovered(id, strategy);
        }
    }

    private int recovered(String id, String strategy) throws IOException {
        ForeignStore.Plan plan = store.all().stream()
                .filter(p -> lists.shown(p).equals(id))
                .findFirst()
                .orElse(null);
        if (plan == null) {
            return 404;
        }
        if (!List.of("published", "active").contains(plan.phase())) {
            return 409;
        }
        if (!switches.has("recover_has_no_effect")) {
            store.append(
                    plan.in(switches.value("recover_phase", strategy.equals("rollback") ? "rolled_back" : "active")));
        }
        return 200;
    }

    private RawHttpServer.Answer api(RawHttpServer.Request r) throws IOException, InterruptedException {
        if (r.path().equals("/_switch")) {
            try {
                set(r.query("name", ""), r.query("value", ""));
                return RawHttpServer.Answer.of(200, "text/plain", "");
            } catch (IllegalArgumentException e) {
                return RawHttpServer.Answer.of(400, "text/plain", e.getMessage());
            }
        }
        if (r.path().startsWith("/_cli/")) {
            return r.path().endsWith("/end") ? cli.ended() : cli.begun(r, switches, this::recover);
        }
        String query = r.query().entrySet().stream().map(Object::toString).collect(Collectors.joining("&"));
        requests.add(r.method() + " " + r.path() + (query.isEmpty() ? "" : "?" + query));
        figures.count("cp_http_requests_total{route=\""
                + r.path().replaceAll("/v1/rollouts/[^/]+/", "/v1/rollouts/{id}/") + "\",verb=\"" + r.method() + "\"}");
        if (r.path().equals("/v1/health")) {
            return health();
        }
        if (r.path().equals("/v1/rollouts") && r.method().equals("POST")) {
            return create(r);
        }
        if (r.path().equals("/v1/rollouts/stuck")) {
            return odd(
                    "stuck",
                    switches.value(
                            "stuck_json",
                            lists.stuck(
                                    Long.parseLong(r.query("threshold_seconds", "3600")),
                                    Integer.parseInt(r.query(switches.value("cursor_param", "page_token"), "0")))));
        }
        if (r.path().equals("/v1/rollouts")) {
            if (r.query(switches.value("cursor_param", "page_token"), "").isEmpty()
                    && switches.countsDown("list_fails_after") == 0) {
                return problem(500, "as told");
            }
            return odd(
                    "list",
                    lists.list(
                            Integer.parseInt(r.query("limit", "20")),
                            r.query(switches.value("cursor_param", "page_token"), "")));
        }
        if (r.path().endsWith("/recover")) {
            if (r.headers().getOrDefault("x-autonomy-operator", "").isEmpty()) {
                return problem(401, "who are you?");
            }
            int status = recover(
                    r.path().split("/")[3],
                    Json.parse(r.body()).path("strategy").asText());
            return status == 200 ? RawHttpServer.Answer.json(200, "{}") : problem(status, "cannot recover");
        }
        return r.path().startsWith("/v1/rollouts/") && r.method().equals("GET")
                ? lists.byId(r.path().split("/")[3])
                : problem(404, "nothing here");
    }

    /** What was done is done, only its answer is not whole. */
    private RawHttpServer.Answer half(RawHttpServer.Request r, RawHttpServer.Answer whole) {
        String[] wanted = switches.value("half", "none none").split(" ");
        String endpoint = switch (r.path()) {
            case "/v1/health" -> "health";
            case "/v1/rollouts" -> r.method().equals("POST") ? "create" : "list";
            case "/v1/rollouts/stuck" -> "stuck";
            case "/metrics" -> "metrics";
            default -> "another";
        };
        if (answers.containsKey(endpoint)) {
            return answers.get(endpoint);
        }
        return endpoint.equals(wanted[0]) ? HalfAnswers.of(wanted[1], endpoint.equals("create") ? 201 : 200) : whole;
    }

    /**
     * In this JVM: what is answered from now on at health, create, list, stuck or metrics, after the request had its
     * effect; null = as ever.
     */
    void answer(String endpoint, RawHttpServer.Answer answer) {
        if (answer == null) {
            answers.remove(endpoint);
        } else {
            answers.put(endpoint, answer);
        }
    }

    static RawHttpServer.Answer problem(int status, String text) {
        return RawHttpServer.Answer.of(status, "application/problem+json", "{\"title\":\"" + text + "\"}");
    }

    private RawHttpServer.Answer health() {
        String healthy = "{\"state\":\"serving\""
                + (switches.value("instance", "").isEmpty()
                        ? ""
                        : ",\"instance_id\":\"" + switches.value("instance", "") + "\"")
                + "}";
        String how = switches.value("health", "");
        return switch (how) {
            case "" -> RawHttpServer.Answer.json(200, healthy);
            case "garbage" -> RawHttpServer.Answer.of(200, "text/html", "<html>captive portal</html>");
            case "not-http" -> RawHttpServer.Answer.notHttp();
            case "hang" -> RawHttpServer.Answer.hang(HANG_MS);
            case "trickle" -> RawHttpServer.Answer.trickle(healthy, 1000);
            case "drop" -> RawHttpServer.Answer.drop();
            case "redirect" -> RawHttpServer.Answer.redirect(url() + "/elsewhere");
            case "exit" ->
                out -> {
                    Runtime.getRuntime().halt(9);
                    return false;
                };
            default -> problem(Integer.parseInt(how), "not well");
        };
    }

    private RawHttpServer.Answer create(RawHttpServer.Request r) throws IOException, InterruptedException {
        JsonNode body;
        try {
            body = Json.parse(r.body());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return problem(400, "not JSON");
        }
        String id = body.path("id").asText();
        if (id.isEmpty()
                || body.path("spec").path("artifact").asText().isEmpty()
                || !r.headers().getOrDefault("content-type", "").startsWith("application/json")) {
            return problem(422, "id and spec.artifact are needed, as application/json");
        }
        long delay = Long.parseLong(switches.value("create_delay_ms", "0"));
        int upTo = Integer.parseInt(switches.value("create_delay_random_ms", "0"));
        Thread.sleep(delay + (upTo > 0 ? random.nextInt(upTo + 1) : 0));
        if (switches.turn("create_503_every")) {
            return problem(503, "writer busy");
        }
        if (switches.has("create_status")) {
            return problem(Integer.parseInt(switches.value("create_status", "")), "as told");
        }
        if (switches.turn("create_lose_every")) {
            return RawHttpServer.Answer.json(201, "{\"accepted\":true}");
        }
        if (!store.commit(id, body.path("spec").path("grace_seconds").asLong(259_200))) {
            return problem(422, "id is taken");
        }
        figures.count("cp_rollout_plans_total{phase=\"published\",tenant=\"a \\\"quoted\\\" } one\"}");
        if (switches.has("id_as")) {
            return RawHttpServer.Answer.json(201, lists.json(store.plan(id)).toString());
        }
        return switches.turn("create_drop_every")
                ? RawHttpServer.Answer.drop()
                : RawHttpServer.Answer.json(201, "{\"accepted\":true}");
    }

    /** A right answer, spoilt as the switch says. */
    private RawHttpServer.Answer odd(String name, String right) {
        String how = switches.value(name, "");
        return switch (how) {
            case "" -> RawHttpServer.Answer.json(200, right);
            case "truncated" -> RawHttpServer.Answer.truncated(right, right.length() / 2);
            case "half-json" -> RawHttpServer.Answer.json(200, right.substring(0, right.length() / 2));
            case "huge" ->
                RawHttpServer.Answer.json(
                        200, right.substring(0, right.length() - 1) + ",\"padding\":\"" + "x".repeat(HUGE) + "\"}");
            case "html" -> RawHttpServer.Answer.of(200, "text/html", "<html>captive portal</html>");
            case "no-array" -> RawHttpServer.Answer.json(200, "{\"message\":\"fine\"}");
            case "two-arrays" -> RawHttpServer.Answer.json(200, "{\"these\":[],\"those\":[],\"next_cursor\":\"\"}");
            case "no-cursor" -> RawHttpServer.Answer.json(200, right.replaceAll(",\"next_cursor\":\"[^\"]*\"", ""));
            case "redirect" -> RawHttpServer.Answer.redirect(url() + "/elsewhere");
            case "drop" -> RawHttpServer.Answer.drop();
            case "hang" -> RawHttpServer.Answer.hang(HANG_MS);
            case "not-http" -> RawHttpServer.Answer.notHttp();
            default -> problem(Integer.parseInt(how), "as told");
        };
    }
}
