import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The yardstick is checked too: a double that is wrong makes every test against it worthless. */
class ForeignControlPlaneTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> create(String url, String template, String id) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/rollouts"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(template.replace("{plan_id}", id)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private List<String> listAll(String url) throws Exception {
        List<String> ids = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = Json.parse(
                    get(url + "/v1/rollouts?limit=100&page_token=" + token).body());
            page.path("items").forEach(plan -> ids.add(plan.path("plan_id").asText()));
            token = page.path("next_cursor").asText();
        } while (!token.isEmpty());
        return ids;
    }

    @Test
    void it_pages_newest_first_and_says_null_for_nothing() throws Exception {
        try (ForeignControlPlane cp = ForeignControlPlane.start()) {
            assertTrue(Json.parse(get(cp.url() + "/v1/rollouts?limit=100").body())
                    .get("items")
                    .isNull());
            for (int i = 0; i < 120; i++) {
                cp.add("p" + i, 0);
            }
            List<String> ids = listAll(cp.url());
            assertEquals(120, ids.size());
            assertEquals("p119", ids.get(0));
            assertEquals("p0", ids.get(119));
            cp.set("lose", "2");
            cp.set("duplicate", "3");
            assertEquals(120 - 2 + 3, listAll(cp.url()).size());
        }
    }

    @Test
    void its_faults_are_what_a_client_sees() throws Exception {
        try (ForeignControlPlane cp = ForeignControlPlane.start()) {
            assertEquals(
                    422, create(cp.url(), "{\"plan_id\":\"{plan_id}\"}", "x").statusCode());
            cp.set("create_drop_every", "2");
            assertEquals(
                    201, create(cp.url(), ForeignControlPlane.TEMPLATE, "a").statusCode());
            assertThrows(IOException.class, () -> create(cp.url(), ForeignControlPlane.TEMPLATE, "b"));
            cp.set("create_drop_every", "");
            assertEquals(List.of("a", "b"), cp.planIds(), "dropped after the commit");
            cp.set("health", "503");
            assertEquals(503, get(cp.url() + "/v1/health").statusCode());
            cp.set("list", "truncated");
            assertThrows(IOException.class, () -> get(cp.url() + "/v1/rollouts"));
            assertThrows(IllegalArgumentException.class, () -> cp.set("no_such_switch", "1"));
        }
    }

    @Test
    void its_cli_recovers_a_stuck_plan_and_fails_when_told(@TempDir Path folder) throws Exception {
        try (ForeignControlPlane cp = ForeignControlPlane.start()) {
            cp.add("s1", 259_200);
            cp.add("s2", 259_200);
            cp.set("stuck_plans", "1");
            JsonNode scan = Json.parse(
                    get(cp.url() + "/v1/rollouts/stuck?threshold_seconds=3600").body());
            assertEquals("s1", scan.at("/diagnosis/0/plan_id").asText());
            List<String> command = List.of(
                    ForeignControlPlane.cli(folder).toString(),
                    "rollback",
                    "execute",
                    "--target",
                    "rollout_plan",
                    "--resource",
                    "s1",
                    "--strategy",
                    "retry",
                    "--reason",
                    "test",
                    "--orchestrator-url",
                    cp.url());
            assertEquals(4, Fork.run(Map.of("AUTONOMY_OPERATOR", ""), command).exit());
            cp.set("cli_fail_every", "1");
            assertEquals(7, Fork.run(Map.of("AUTONOMY_OPERATOR", "me"), command).exit());
            cp.set("cli_fail_every", "");
            cp.set("cli_output_bytes", "100000");
            Fork.Result done =
                    Fork.run(Map.of("AUTONOMY_OPERATOR", "me", "AUTONOMY_AUDIT_DIR", folder.toString()), command);
            assertEquals(0, done.exit(), done.err());
            assertTrue(done.out().length() > 100_000);
            assertEquals(
                    "success",
                    Json.parse(Files.readString(folder.resolve("cli.jsonl")))
                            .path("outcome")
                            .asText());
            cp.set("stuck_plans", "");
            assertTrue(Json.parse(get(cp.url() + "/v1/rollouts/stuck?threshold_seconds=3600")
                            .body())
                    .get("diagnosis")
                    .isNull());
            assertEquals(List.of("s1", "s1"), cp.cliCalls());
        }
    }

    @Test
    void as_a_process_it_keeps_its_plans_through_a_kill(@TempDir Path folder) throws Exception {
        int port = Ports.free();
        String url = "http://127.0.0.1:" + port;
        List<String> command = Fork.java(
                "ForeignControlPlane",
                "--listen",
                "127.0.0.1:" + port,
                "--metrics-listen",
                "127.0.0.1:" + Ports.free(),
                "--data-dir",
                folder.toString());
        Process first = start(command);
        try {
            ForeignControlPlane.set(url, "create_status", "");
            assertEquals(201, create(url, ForeignControlPlane.TEMPLATE, "kept").statusCode());
        } finally {
            first.destroyForcibly().waitFor();
        }
        Process second = start(command);
        try {
            assertEquals(List.of("kept"), listAll(url));
            assertFalse(get(url + "/v1/rollouts").body().contains("rolled_back"));
        } finally {
            second.destroyForcibly().waitFor();
        }
    }

    /** Returns once the process has said that it serves. */
    private static Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String line = process.inputReader().readLine();
        assertTrue(line != null && line.contains("serves"), "said " + line);
        return process;
    }
}
