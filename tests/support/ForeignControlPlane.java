import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import soak.Json;
import soak.ShellWords;

/**
 * A control plane of the tests' own that differs from the embedded one wherever the product leaves a name or a shape
 * open, and that can be told to misbehave. Nothing of the product is in it but the JSON mapper.
 *
 * <p>In the test's own JVM (`--attach`):
 *
 * <pre>
 *   try (ForeignControlPlane cp = ForeignControlPlane.start()) {      // free ports, plans in memory
 *     … cp.url(), cp.metricsUrl(), ForeignControlPlane.cli(folder) …   // AUTONOMY_CLI: a bash script that talks to it
 *     cp.set("health", "500");  cp.set("create_503_every", "3");      // see SWITCHES; "" = back to normal
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

    /** Every switch and its values; the normal state is the empty value. */
    static final Map<String, String> SWITCHES = new TreeMap<>(Map.ofEntries(
            Map.entry("list_key", "name of the list's array (items)"),
            Map.entry("stuck_key", "name of the scan's array (diagnosis)"),
            Map.entry("id_key", "name of the plan id in both (plan_id)"),
            Map.entry("cursor_param", "name of the query parameter (page_token)"),
            Map.entry("empty", "null or [] for an empty list (null)"),
            Map.entry("last_cursor", "\"\", null or absent on the last page (\"\")"),
            Map.entry("page_max", "plans a page at most (50)"),
            Map.entry("for_listings", "n: lose and duplicate spoil the next n listings alone"),
            Map.entry("list_fails_after", "n: the next n listings are right, those after them are answered 500"),
            Map.entry(
                    "id_as",
                    "how ids come back: upper, blank, encoded, or own (the control plane's; ours stands in"
                            + " labels.name, and the create's answer has its own)"),
            Map.entry("no_total", "any value: a listing does not say how many plans there are"),
            Map.entry("stuck_page_max", "stuck plans a page at most (all on one), with meta.next for the page after"),
            Map.entry(
                    "health",
                    "an HTTP status, or garbage, not-http, hang, trickle (a byte a second), drop, redirect, exit (the"
                            + " process ends)"),
            Map.entry("instance", "what health calls this instance"),
            Map.entry("create_503_every", "n: every n-th create is answered 503 and not made"),
            Map.entry("create_status", "an HTTP status for every create, which is not made"),
            Map.entry("create_delay_ms", "every create is answered after so long"),
            Map.entry("create_delay_random_ms", "as before, but 0 to so long, by a seeded generator"),
            Map.entry(
                    "half",
                    "ENDPOINT FORM: what is answered at health, create, stuck, list or metrics is half an answer of"
                            + " that form (HalfAnswers)"),
            Map.entry(
                    "create_drop_every", "n: every n-th create is made, and the connection dropped without an answer"),
            Map.entry("create_lose_every", "n: every n-th create is answered 201 and never made"),
            Map.entry(
                    "list",
                    "truncated, half-json, huge, html, no-array, two-arrays, no-cursor, redirect, drop, hang,"
                            + " not-http, or an HTTP status"),
            Map.entry("stuck", "as list"),
            Map.entry(
                    "cursor",
                    "loop (always the same), repeat (page 1 again and again, with new cursors), endless (new cursors,"
                            + " empty pages)"),
            Map.entry("lose", "n: the n oldest plans are missing from the list"),
            Map.entry("duplicate", "n: the n newest plans are listed twice"),
            Map.entry("stuck_json", "the stuck scan's whole answer"),
            Map.entry("stuck_plans", "n: the n oldest published plans count as stuck, until recovered"),
            Map.entry(
                    "metrics", "an HTTP status, or absent (no family that the plan names), garbage, drop, hang, huge"),
            Map.entry("reset_counters", "any value: counters start at 0 again, once"),
            Map.entry("cli_fail_every", "n: every n-th recovery fails with exit 7"),
            Map.entry("cli_seconds", "a recovery takes so long (fractions too)"),
            Map.entry("cli_hang", "any value: a recovery never ends, its child neither"),
            Map.entry("cli_output_bytes", "a recovery prints so much on its standard output"),
            Map.entry("recover_has_no_effect", "any value: recoveries exit 0 but the plan stays stuck")));

    private static final int HUGE = 32 << 20;
    private static final long HANG_MS = 300_000;

    private record Plan(String id, long seq, long grace, Instant created, Instant updated, String phase) {
        Plan in(String newPhase) {
            return new Plan(id, seq, grace, created, Instant.now(), newPhase);
        }
    }

    private final Map<String, String> switches = new ConcurrentHashMap<>();
    private final Map<String, RawHttpServer.Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Plan> plans = new TreeMap<>();
    private final List<Plan> bySequence = new ArrayList<>();
    private final Map<String, AtomicInteger> counters = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> cliCalls = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger cliNow = new AtomicInteger();
    private final AtomicInteger cliPeak = new AtomicInteger();
    private final Random random = new Random(12);
    private final FileOutputStream log; // null = in memory
    private final RawHttpServer api;
    private final RawHttpServer metrics;

    private ForeignControlPlane(String host, int port, int metricsPort, Path dataDir) throws IOException {
        if (dataDir == null) {
            log = null;
        } else {
            Files.createDirectories(dataDir);
            Path file = dataDir.resolve("plans.log");
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(this::replay);
            }
            if (Files.exists(dataDir.resolve("switches"))) {
                Files.readAllLines(dataDir.resolve("switches"))
                        .forEach(line -> set(line.split("=", 2)[0], line.split("=", 2)[1]));
            }
            log = new FileOutputStream(file.toFile(), true);
        }
        api = new RawHttpServer(host, port, r -> half(r, api(r)));
        metrics = new RawHttpServer(host, metricsPort, r -> half(r, metrics(r)));
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
        if (!SWITCHES.containsKey(name)) {
            throw new IllegalArgumentException("no switch " + name + "; there are " + SWITCHES.keySet());
        }
        if (name.equals("reset_counters")) {
            counters.clear();
        } else if (value.isEmpty()) {
            switches.remove(name);
        } else {
            turns.remove(name); // every n-th from now on
            switches.put(name, value);
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
        synchronized (cliCalls) {
            return List.copyOf(cliCalls);
        }
    }

    /** How many CLI processes ran at the same time at most. */
    int cliPeak() {
        return cliPeak.get();
    }

    /** The ids in the store, oldest first. */
    synchronized List<String> planIds() {
        return bySequence.stream().map(Plan::id).toList();
    }

    /** Makes a plan as if a create had, and returns nothing but that it is there: to fill a store. */
    void add(String id, long graceSeconds) throws IOException {
        commit(id, graceSeconds);
    }

    /** Removes a plan for good: what a corrupted store does. */
    synchronized void destroy(String id) {
        plans.remove(id);
        bySequence.removeIf(plan -> plan.id().equals(id));
    }

    @Override
    public void close() throws IOException {
        api.close();
        metrics.close();
        if (log != null) {
            log.close();
        }
    }

    /**
     * Writes the CLI into a folder, and returns its path for AUTONOMY_CLI. It takes the flags of {@code autonomy
     * rollback execute} and finds the control plane by --orchestrator-url, wherever that runs.
     */
    static Path cli(Path folder) throws IOException {
        Path script = folder.resolve("autonomy");
        Files.writeString(script, CLI);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** In bash for its /dev/tcp: a JVM for each recovery would be most of a test's time. */
    private static final String CLI = """
        #!/bin/bash
        # Exit codes: 0 done, 3 usage, 4 no operator, 5 control plane out of reach, 7 the control plane refused.
        [ "$1 $2" = "rollback execute" ] || { echo "unknown command: $*" >&2; exit 3; }
        shift 2
        while [ $# -gt 0 ]; do
          case $1 in
            --target) target=$2 ;; --resource) resource=$2 ;; --strategy) strategy=$2 ;;
            --reason) reason=$2 ;; --orchestrator-url) url=$2 ;; --output) : ;;
            *) echo "unknown flag $1" >&2; exit 3 ;;
          esac
          shift 2
        done
        [ "$target" = rollout_plan ] && [ -n "$resource" ] && [ -n "$url" ] || { echo "--target rollout_plan, --resource and --orchestrator-url are needed" >&2; exit 3; }
        [ -n "$AUTONOMY_OPERATOR" ] || { echo "no operator identity" >&2; exit 4; }
        ask() { # METHOD PATH: the answer's body
          authority=${url#http://}
          { exec 3<>"/dev/tcp/${authority%%:*}/${authority##*:}"; } 2>/dev/null || { echo "cannot reach $url" >&2; exit 5; }
          printf '%s %s HTTP/1.1\\r\\nHost: %s\\r\\nX-Autonomy-Operator: %s\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n' "$1" "$2" "$authority" "$AUTONOMY_OPERATOR" >&3
          while IFS= read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
          cat <&3
          exec 3>&-
        }
        read -r code seconds bytes <<<"$(ask POST "/_cli/start?id=$resource&strategy=$strategy")"
        [ -n "$code" ] || { echo "cannot reach $url" >&2; exit 5; }
        if [ "$seconds" != 0 ]; then sleep "$seconds"; fi
        if [ "$bytes" != 0 ]; then yes "output of a talkative command" | head -c "$bytes"; fi
        outcome=$([ "$code" = 0 ] && echo success || echo failure)
        record='{"event_name":"rollback.executed","category":"rollout","action":"execute","outcome":"'$outcome'","source":"cli","timestamp":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'","actor":"'$AUTONOMY_OPERATOR'","resource_type":"rollout_plan","resource":"'$resource'","details":{"reason":"'$reason'"}}'
        echo "$record" >&2
        if [ -n "$AUTONOMY_AUDIT_DIR" ] && [ -d "$AUTONOMY_AUDIT_DIR" ]; then echo "$record" >>"$AUTONOMY_AUDIT_DIR/cli.jsonl"; fi
        ask POST "/_cli/end" >/dev/null
        if [ "$code" = 0 ]; then echo "plan $resource: $strategy requested"; else echo "plan $resource: ERROR success is not what this is" >&2; fi
        exit "$code"
        """;

    // --- state
    // --------------------------------------------------------------------------------------------------------

    private String value(String name, String otherwise) {
        return switches.getOrDefault(name, otherwise);
    }

    /** @return what was left before; -1 where the switch is not set */
    private synchronized int countsDown(String name) {
        int left = Integer.parseInt(value(name, "-1"));
        if (left > 0) {
            switches.put(name, Integer.toString(left - 1));
        }
        return left;
    }

    private boolean turn(String everyNth) {
        int n = Integer.parseInt(value(everyNth, "0"));
        return n > 0
                && turns.computeIfAbsent(everyNth, k -> new AtomicInteger()).incrementAndGet() % n == 0;
    }

    private void count(String metric) {
        counters.computeIfAbsent(metric, k -> new AtomicInteger()).incrementAndGet();
    }

    /** Lines of plans.log: id, grace, phase, instant. */
    private void replay(String line) {
        String[] f = line.split("\t");
        Instant at = Instant.parse(f[3]);
        Plan known = plans.get(f[0]);
        put(
                known == null
                        ? new Plan(f[0], bySequence.size(), Long.parseLong(f[1]), at, at, f[2])
                        : new Plan(f[0], known.seq(), known.grace(), known.created(), at, f[2]));
    }

    private synchronized void put(Plan plan) {
        if (plans.put(plan.id(), plan) == null) {
            bySequence.add(plan);
        } else {
            bySequence.replaceAll(p -> p.id().equals(plan.id()) ? plan : p);
        }
    }

    private synchronized void append(Plan plan) throws IOException {
        put(plan);
        if (log != null) {
            log.write((plan.id() + "\t" + plan.grace() + "\t" + plan.phase() + "\t" + plan.updated() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            log.getFD().sync();
        }
    }

    private synchronized boolean commit(String id, long grace) throws IOException {
        if (plans.containsKey(id)) {
            return false;
        }
        Instant now = Instant.now();
        append(new Plan(
                id,
                bySequence.isEmpty() ? 0 : bySequence.get(bySequence.size() - 1).seq() + 1,
                grace,
                now,
                now,
                "published"));
        return true;
    }

    private String shown(Plan plan) {
        return switch (value("id_as", "")) {
            case "upper" -> plan.id().toUpperCase(java.util.Locale.ROOT);
            case "blank" -> " " + plan.id() + " ";
            case "encoded" -> plan.id().replace("-", "%2D");
            case "own" -> "srv-" + plan.seq();
            default -> plan.id();
        };
    }

    private synchronized int recover(String id, String strategy) throws IOException {
        Plan plan =
                bySequence.stream().filter(p -> shown(p).equals(id)).findFirst().orElse(null);
        if (plan == null) {
            return 404;
        }
        if (!List.of("published", "active").contains(plan.phase())) {
            return 409;
        }
        if (!switches.containsKey("recover_has_no_effect")) {
            append(plan.in(strategy.equals("rollback") ? "rolled_back" : "active"));
        }
        return 200;
    }

    // --- API
    // ----------------------------------------------------------------------------------------------------------

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
            return cli(r);
        }
        String query = r.query().entrySet().stream().map(Object::toString).collect(Collectors.joining("&"));
        requests.add(r.method() + " " + r.path() + (query.isEmpty() ? "" : "?" + query));
        count("cp_http_requests_total{route=\"" + r.path().replaceAll("/v1/rollouts/[^/]+/", "/v1/rollouts/{id}/")
                + "\",verb=\"" + r.method() + "\"}");
        if (r.path().equals("/v1/health")) {
            return health();
        }
        if (r.path().equals("/v1/rollouts") && r.method().equals("POST")) {
            return create(r);
        }
        if (r.path().equals("/v1/rollouts/stuck")) {
            return odd(
                    "stuck",
                    value(
                            "stuck_json",
                            stuck(
                                    Long.parseLong(r.query("threshold_seconds", "3600")),
                                    Integer.parseInt(r.query(value("cursor_param", "page_token"), "0")))));
        }
        if (r.path().equals("/v1/rollouts")) {
            if (r.query(value("cursor_param", "page_token"), "").isEmpty() && countsDown("list_fails_after") == 0) {
                return problem(500, "as told");
            }
            return odd(
                    "list",
                    list(Integer.parseInt(r.query("limit", "20")), r.query(value("cursor_param", "page_token"), "")));
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
        return problem(404, "nothing here");
    }

    /** What was done is done, only its answer is not whole. */
    private RawHttpServer.Answer half(RawHttpServer.Request r, RawHttpServer.Answer whole) {
        String[] wanted = value("half", "none none").split(" ");
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

    private static RawHttpServer.Answer problem(int status, String text) {
        return RawHttpServer.Answer.of(status, "application/problem+json", "{\"title\":\"" + text + "\"}");
    }

    private RawHttpServer.Answer health() {
        String healthy = "{\"state\":\"serving\""
                + (value("instance", "").isEmpty() ? "" : ",\"instance_id\":\"" + value("instance", "") + "\"") + "}";
        String how = value("health", "");
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
        long delay = Long.parseLong(value("create_delay_ms", "0"));
        int upTo = Integer.parseInt(value("create_delay_random_ms", "0"));
        Thread.sleep(delay + (upTo > 0 ? random.nextInt(upTo + 1) : 0));
        if (turn("create_503_every")) {
            return problem(503, "writer busy");
        }
        if (switches.containsKey("create_status")) {
            return problem(Integer.parseInt(value("create_status", "")), "as told");
        }
        if (turn("create_lose_every")) {
            return RawHttpServer.Answer.json(201, "{\"accepted\":true}");
        }
        if (!commit(id, body.path("spec").path("grace_seconds").asLong(259_200))) {
            return problem(422, "id is taken");
        }
        count("cp_rollout_plans_total{phase=\"published\",tenant=\"a \\\"quoted\\\" } one\"}");
        if (switches.containsKey("id_as")) {
            return RawHttpServer.Answer.json(201, json(plans.get(id)).toString());
        }
        return turn("create_drop_every")
                ? RawHttpServer.Answer.drop()
                : RawHttpServer.Answer.json(201, "{\"accepted\":true}");
    }

    private ObjectNode json(Plan plan) {
        return (ObjectNode) Json.MAPPER
                .createObjectNode()
                .put(value("id_key", "plan_id"), shown(plan))
                .put("phase", plan.phase())
                .put("updated_at", plan.updated().toString())
                .set(
                        "labels",
                        Json.MAPPER
                                .createObjectNode()
                                .put("name", value("id_as", "").equals("own") ? plan.id() : "none"));
    }

    private void put(ObjectNode page, String key, ArrayNode array) {
        if (array.isEmpty() && value("empty", "null").equals("null")) {
            page.putNull(key);
        } else {
            page.set(key, array);
        }
    }

    private synchronized String stuck(long threshold, int from) {
        Instant now = Instant.now();
        int forced = Integer.parseInt(value("stuck_plans", "0"));
        List<Plan> found = new ArrayList<>();
        for (Plan plan : bySequence) {
            boolean forcedOne = plan.phase().equals("published") && forced-- > 0;
            boolean old = List.of("published", "active").contains(plan.phase())
                    && plan.updated()
                            .plusSeconds(Math.max(threshold, plan.grace()))
                            .isBefore(now);
            if (forcedOne || old) {
                found.add(0, plan);
            }
        }
        ArrayNode array = Json.MAPPER.createArrayNode();
        int most = Integer.parseInt(value("stuck_page_max", "1000000"));
        for (Plan plan : found.subList(Math.min(from, found.size()), Math.min(found.size(), from + most))) {
            array.add(json(plan)
                    .put("current_stage_id", "s1")
                    .put("stuck_since", plan.updated().toString())
                    .put("stuck_reason", "no promotion"));
        }
        ObjectNode answer = Json.MAPPER.createObjectNode();
        put(answer, value("stuck_key", "diagnosis"), array);
        if (from + most < found.size()) {
            answer.putObject("meta").put("next", from + most);
        }
        return answer.put("scanned", bySequence.size()).toString();
    }

    private synchronized String list(int limit, String token) {
        int size = Math.min(limit, Integer.parseInt(value("page_max", "50")));
        String trick = value("cursor", "");
        long below = token.isEmpty() || !trick.isEmpty()
                ? Long.MAX_VALUE
                : Long.parseLong(token.substring("before-".length()));
        boolean spoilt = !switches.containsKey("for_listings")
                || (token.isEmpty()
                        ? countsDown("for_listings") != 0
                        : !value("for_listings", "").equals("0"));
        int hidden = spoilt ? Integer.parseInt(value("lose", "0")) : 0;
        int twice = spoilt ? Integer.parseInt(value("duplicate", "0")) : 0;
        ArrayNode array = Json.MAPPER.createArrayNode();
        long last = Long.MAX_VALUE;
        int at = bySequence.size() - 1;
        for (; at >= hidden && array.size() < size; at--) {
            Plan plan = bySequence.get(at);
            if (plan.seq() < below) {
                array.add(json(plan));
                last = plan.seq();
                if (at >= bySequence.size() - twice) {
                    array.add(json(plan));
                }
            }
        }
        if (trick.equals("endless") && !token.isEmpty()) {
            array.removeAll();
        }
        boolean more = at >= hidden;
        String next = switch (trick) {
            case "loop" -> "again";
            case "repeat", "endless" -> "page-" + System.nanoTime();
            default -> more ? "before-" + last : "";
        };
        ObjectNode page = Json.MAPPER.createObjectNode();
        put(page, value("list_key", "items"), array);
        if (!switches.containsKey("no_total")) {
            page.put("total", bySequence.size() - Math.min(hidden, bySequence.size()));
        }
        String lastCursor = value("last_cursor", "\"\"");
        if (!next.isEmpty() || lastCursor.equals("\"\"")) {
            page.put("next_cursor", next);
        } else if (lastCursor.equals("null")) {
            page.putNull("next_cursor");
        }
        return page.toString();
    }

    /** A right answer, spoilt as the switch says. */
    private RawHttpServer.Answer odd(String name, String right) {
        String how = value(name, "");
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

    private RawHttpServer.Answer cli(RawHttpServer.Request r) throws IOException {
        if (r.path().endsWith("/end")) {
            cliNow.decrementAndGet();
            return RawHttpServer.Answer.of(200, "text/plain", "");
        }
        cliPeak.accumulateAndGet(cliNow.incrementAndGet(), Math::max);
        String id = r.query("id", "");
        cliCalls.add(id);
        int status = turn("cli_fail_every") ? 500 : recover(id, r.query("strategy", ""));
        String seconds = switches.containsKey("cli_hang") ? String.valueOf(HANG_MS / 1000) : value("cli_seconds", "0");
        return RawHttpServer.Answer.of(
                200,
                "text/plain",
                (status == 200 ? 0 : 7) + " " + seconds + " " + value("cli_output_bytes", "0") + "\n");
    }

    private RawHttpServer.Answer metrics(RawHttpServer.Request r) {
        if (!r.path().equals("/metrics")) {
            return problem(404, "metrics are at /metrics");
        }
        String how = value("metrics", "");
        StringBuilder text =
                new StringBuilder("# HELP cp_http_requests_total Requests.\n# TYPE cp_http_requests_total counter\n");
        if (!how.equals("absent")) {
            long now = System.currentTimeMillis();
            new TreeMap<>(counters)
                    .forEach((name, n) -> text.append(name)
                            .append(' ')
                            .append(String.format(java.util.Locale.ROOT, "%e", (double) n.get()))
                            .append(' ')
                            .append(now)
                            .append('\n'));
        }
        text.append("cp_http_requests_total_created 1.7e9\ngo_goroutines 12\nprocess_start_time_seconds +Inf\n");
        return switch (how) {
            case "", "absent" -> RawHttpServer.Answer.of(200, "text/plain; version=0.0.4", text.toString());
            case "garbage" -> RawHttpServer.Answer.of(200, "text/html", "<html>cp_http_requests_total lots</html>");
            case "drop" -> RawHttpServer.Answer.drop();
            case "hang" -> RawHttpServer.Answer.hang(HANG_MS);
            case "huge" ->
                RawHttpServer.Answer.of(200, "text/plain", text + ("# " + "x".repeat(1000) + "\n").repeat(HUGE / 1003));
            default -> problem(Integer.parseInt(how), "no metrics");
        };
    }
}
