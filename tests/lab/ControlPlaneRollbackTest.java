import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import command.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import lab.controlplane.Audit;
import lab.controlplane.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import provision.OwnCli;
import settings.Config;
import soak.SoakDir;

class ControlPlaneRollbackTest {
    @TempDir
    Path folder;

    private final ControlPlanes.SetTime time = new ControlPlanes.SetTime("2026-10-01T00:00:00Z");
    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;
    private ControlPlanes.Client client;

    @BeforeEach
    void start() throws Exception {
        server = new Server(ControlPlanes.settings(folder, time, new StringWriter())).start();
        client = new ControlPlanes.Client(server.port());
        client.create("p-1");
        environment.putAll(Map.of(
                "AUTONOMY_OPERATOR",
                "soak-val12",
                "AUTONOMY_AUDIT_DIR",
                folder.resolve("cli-audit").toString(),
                "AUTONOMY_RBAC_ENFORCEMENT",
                "0"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String[] command(String target, String planId, String strategy, String... more) {
        return Fork.words(
                List.of("rollback", "execute", "--target", target, "--resource", planId, "--strategy", strategy),
                Fork.words(List.of("--reason", "soak-auto-recovery"), more));
    }

    private int rollback(String planId, String strategy, String... more) {
        return run(command(
                "rollout_plan",
                planId,
                strategy,
                List.of(more).contains("--orchestrator-url")
                        ? more
                        : Fork.words(List.of(more), "--orchestrator-url", client.base())));
    }

    private int run(String... command) {
        return Cli.run(new controlplane(environment, time), new PrintWriter(out), new PrintWriter(err), command);
    }

    /** Setup tells before the first round which settings this command refuses, and no others. */
    @ParameterizedTest
    @CsvSource({
        "soak-val12, retry, 0, true",
        "soak-val12, ROLLBACK, 0, true",
        "~!, rollback, 0, true",
        "Jane Doe, retry, 0, false",
        "Jörg, retry, 0, false",
        "soak-val12, retri, 0, false",
        "soak-val12, skip_failed, 0, false",
        "soak-val12, retry, 1, false",
    })
    void what_this_command_refuses_setup_refuses_before_the_first_round(
            String operator, String strategy, String enforcement, boolean taken) throws Exception {
        for (String name :
                List.of(operator, operator + "x".repeat(200 - operator.length()), operator + "x".repeat(200))) {
            String plan = "p-of-" + name.length();
            client.create(plan);
            environment.put("AUTONOMY_OPERATOR", name);
            environment.put("AUTONOMY_RBAC_ENFORCEMENT", enforcement);
            boolean isTaken = taken && name.length() <= 200;
            assertEquals(isTaken, rollback(plan, strategy) == Exit.OK, err::toString);
            Config config = Config.parse(
                    new SoakDir(folder),
                    "AUTONOMY_OPERATOR='" + name + "'\nRECOVERY_STRATEGY=" + strategy + "\nAUTONOMY_RBAC_ENFORCEMENT="
                            + enforcement + "\n");
            assertEquals(isTaken, OwnCli.refusal(config).isEmpty(), name);
        }
    }

    private List<JsonNode> audit() throws Exception {
        List<JsonNode> records = new ArrayList<>();
        Path file = folder.resolve("cli-audit/audit-2026-10-01.jsonl");
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            records.add(Json.parse(line));
        }
        return records;
    }

    @Test
    void a_retry_recovers_the_plan_and_leaves_one_record_in_the_trail_and_on_stderr() throws Exception {
        assertEquals(Exit.OK, rollback("p-1", "retry"), err::toString);
        assertEquals("active", client.phase("p-1"));
        assertEquals("recovered plan p-1 by retry\n", out.toString());
        assertEquals(1, audit().size());
        JsonNode record = audit().get(0);
        assertEquals(Json.parse(err.toString()), record);
        assertEquals("rollback.executed", record.path("event_name").asText());
        assertEquals("success", record.path("outcome").asText());
        assertEquals("cli", record.path("source").asText());
        assertEquals("soak-val12", record.path("actor").asText());
        assertEquals("rollout_plan", record.path("resource_type").asText());
        assertEquals("p-1", record.path("resource").asText());
        assertEquals("2026-10-01T00:00:00Z", record.path("timestamp").asText());
        assertEquals("soak-auto-recovery", record.path("details").path("reason").asText());
        assertFalse(record.path("category").asText().isBlank()
                || record.path("action").asText().isBlank());
    }

    @Test
    void a_rollback_ends_the_plan() {
        assertEquals(Exit.OK, rollback("p-1", "rollback"), err::toString);
        assertEquals("rolled_back", client.phase("p-1"));
    }

    @Test
    void the_answer_can_be_had_as_json() throws Exception {
        assertEquals(Exit.OK, rollback("p-1", "retry", "--output", "json"));
        JsonNode answer = Json.parse(out.toString());
        assertEquals("success", answer.path("outcome").asText());
        assertEquals("p-1", answer.path("resource").asText());
        assertEquals("rollout_plan", answer.path("resource_type").asText());
    }

    @Test
    void an_unknown_plan_is_a_failure_that_is_recorded_as_one() throws Exception {
        assertEquals(Exit.FAILED, rollback("nope", "retry"));
        assertTrue(
                err.toString()
                        .contains("plan nope was not recovered: the control plane answered 404: there is no plan nope"),
                err::toString);
        assertEquals("", out.toString());
        assertEquals("failure", audit().get(0).path("outcome").asText());
        assertEquals("404", audit().get(0).path("details").path("http_code").asText());
    }

    @Test
    void a_plan_that_has_ended_already_is_a_failure() {
        rollback("p-1", "rollback");
        assertEquals(Exit.FAILED, rollback("p-1", "retry"));
        assertTrue(err.toString().contains("409: plan p-1 is rolled_back"), err::toString);
    }

    @Test
    void a_control_plane_that_is_down_is_a_failure_that_says_so() throws Exception {
        String dead = "http://127.0.0.1:" + Ports.free();
        assertEquals(Exit.FAILED, rollback("p-1", "retry", "--orchestrator-url", dead));
        assertTrue(err.toString().contains("no answer from " + dead), err::toString);
        assertEquals("000", audit().get(0).path("details").path("http_code").asText());
    }

    @Test
    void a_lost_answer_does_not_make_the_recovery_happen_twice() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer careless = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        careless.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            exchange.close(); // no answer at all
        });
        careless.start();
        try {
            assertEquals(
                    Exit.FAILED,
                    rollback(
                            "p-1",
                            "retry",
                            "--orchestrator-url",
                            "http://127.0.0.1:" + careless.getAddress().getPort()));
            assertEquals(1, requests.get());
        } finally {
            careless.stop(0);
        }
    }

    @Test
    void without_an_operator_nothing_is_done() throws Exception {
        environment.remove("AUTONOMY_OPERATOR");
        assertEquals(Exit.USAGE, rollback("p-1", "retry"));
        assertTrue(err.toString().contains("AUTONOMY_OPERATOR is not set"), err::toString);
        assertEquals("published", client.phase("p-1"));
        assertEquals(List.of(), audit());
    }

    @Test
    void an_operator_that_would_break_the_request_is_refused() {
        environment.put("AUTONOMY_OPERATOR", "me\r\nX-Evil: 1");
        assertEquals(Exit.USAGE, rollback("p-1", "retry"));
        assertEquals("published", client.phase("p-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "127.0.0.1:19000", "http://", "not a url"})
    void a_broken_url_is_a_usage_error(String url) {
        assertEquals(Exit.USAGE, rollback("p-1", "retry", "--orchestrator-url", url));
    }

    @Test
    void an_unknown_strategy_is_a_usage_error() {
        assertEquals(Exit.USAGE, rollback("p-1", "explode"));
        assertEquals("published", client.phase("p-1"));
    }

    @Test
    void another_target_is_a_usage_error() {
        assertEquals(Exit.USAGE, run(command("device", "p-1", "retry", "--orchestrator-url", client.base())));
    }

    @Test
    void with_access_control_on_an_empty_store_denies_and_records_it() throws Exception {
        environment.remove("AUTONOMY_RBAC_ENFORCEMENT"); // on is the default
        environment.put("AUTONOMY_RBAC_DIR", folder.resolve("rbac").toString());
        assertEquals(Exit.FAILED, rollback("p-1", "retry"));
        assertTrue(err.toString().contains("access denied: soak-val12"), err::toString);
        assertEquals("published", client.phase("p-1"));
        assertEquals(
                List.of("auth.access.denied"),
                audit().stream()
                        .map(record -> record.path("event_name").asText())
                        .toList());
        assertEquals("denied", audit().get(0).path("outcome").asText());
    }

    @Test
    void with_access_control_on_a_known_operator_may() throws Exception {
        environment.put("AUTONOMY_RBAC_ENFORCEMENT", "1");
        environment.put(
                "AUTONOMY_RBAC_DIR",
                Files.createDirectories(folder.resolve("rbac")).toString());
        Files.writeString(folder.resolve("rbac/operators"), "someone-else\nsoak-val12\n");
        assertEquals(Exit.OK, rollback("p-1", "retry"), err::toString);
        environment.put("AUTONOMY_OPERATOR", "soak");
        assertEquals(Exit.FAILED, rollback("p-1", "retry"), "a part of a name is no name");
    }

    @Test
    void a_record_that_cannot_be_written_is_a_failure() throws Exception {
        Files.writeString(folder.resolve("a-file"), "");
        environment.put("AUTONOMY_AUDIT_DIR", folder.resolve("a-file").toString());
        assertEquals(Exit.FAILED, rollback("p-1", "retry"));
        assertTrue(err.toString().contains("AUTONOMY_AUDIT_DIR"), err::toString);
    }

    @Test
    void records_of_several_writers_never_run_into_each_other() throws Exception {
        int writers = 6;
        int each = 200;
        String padding = "\"\\\n\t\u00e4\ud83d\ude80\u0001".repeat(100);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Future<?>> done = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            Audit audit = new Audit(folder.resolve("busy")); // one each, as each process has
            int writer = w;
            done.add(threads.submit(() -> {
                for (int i = 0; i < each; i++) {
                    audit.append(new Audit.Event(
                            "e",
                            "c",
                            "a",
                            "success",
                            "cli",
                            Instant.parse("2026-10-01T00:00:00Z"),
                            "me",
                            "rollout_plan",
                            writer + "-" + i,
                            Map.of("padding", padding, "n", i)));
                }
                return null;
            }));
        }
        for (Future<?> one : done) {
            one.get();
        }
        threads.shutdown();
        Set<String> resources = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("busy/audit-2026-10-01.jsonl"))) {
            JsonNode record = Json.parse(line);
            assertEquals(padding, record.path("details").path("padding").asText());
            resources.add(record.path("resource").asText());
        }
        assertEquals(writers * each, resources.size());
    }

    @Test
    void as_a_process_of_its_own_it_says_the_same_by_its_exit_code() {
        String[] args = command("rollout_plan", "p-1", "retry", "--orchestrator-url", client.base());
        Fork.Result good = Fork.run(environment, Fork.java("controlplane", args));
        assertEquals(0, good.exit(), good.err());
        assertEquals("recovered plan p-1 by retry\n", good.out());
        environment.put("AUTONOMY_OPERATOR", "");
        assertEquals(
                Exit.USAGE,
                Fork.run(environment, Fork.java("controlplane", args)).exit());
    }
}
