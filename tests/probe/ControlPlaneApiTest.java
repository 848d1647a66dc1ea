import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sqlite;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import lab.controlplane.ApiError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class ControlPlaneApiTest extends ServedControlPlane {
    @Test
    void health_says_ok() {
        assertEquals("{\"status\":\"ok\"}", client.get("/v1/health").raw().body());
    }

    @Test
    void a_new_plan_is_published_and_keeps_the_fields_that_the_server_does_not_know() {
        ControlPlanes.Reply created = client.create("p-1", ",\"spec\":{\"max_duration\":\"72h\"},\"colour\":\"blue\"");
        assertEquals(201, created.code());
        assertEquals("published", created.json().path("phase").asText());
        JsonNode plan = client.get("/v1/rollouts/p-1").json();
        assertEquals("72h", plan.path("spec").path("max_duration").asText());
        assertEquals("blue", plan.path("colour").asText());
        assertEquals("canary", plan.path("current_stage_id").asText());
        assertEquals("2026-10-01T00:00:00Z", plan.path("created_at").asText());
    }

    @Test
    void pages_hold_each_plan_once_in_the_order_of_creation_although_all_were_made_in_the_same_millisecond() {
        List<String> created =
                IntStream.range(0, 25).mapToObj(i -> "p-" + (97 * i % 25)).toList();
        created.forEach(client::create);
        for (int limit : new int[] {1, 7, 24, 25, 26, 1000}) {
            assertEquals(created, client.listAll(limit), "limit " + limit);
        }
        JsonNode full = client.get("/v1/rollouts?limit=25").json();
        assertEquals("", full.path("next_cursor").textValue(), "a full last page is the last one");
    }

    @Test
    void plans_made_during_a_paging_come_at_its_end_and_shift_nothing() {
        IntStream.range(0, 10).forEach(i -> client.create("old-" + i));
        JsonNode first = client.get("/v1/rollouts?limit=6").json();
        IntStream.range(0, 3).forEach(i -> client.create("new-" + i));
        JsonNode second = client.get("/v1/rollouts?limit=6&cursor="
                        + first.path("next_cursor").textValue())
                .json();
        JsonNode third = client.get("/v1/rollouts?limit=6&cursor="
                        + second.path("next_cursor").textValue())
                .json();
        List<String> seen = new ArrayList<>(ControlPlanes.ids(first.path("plans")));
        seen.addAll(ControlPlanes.ids(second.path("plans")));
        seen.addAll(ControlPlanes.ids(third.path("plans")));
        assertEquals(client.listAll(1000), seen);
        assertEquals(13, seen.size());
    }

    @Test
    void a_page_holds_100_plans_unless_asked_otherwise_and_never_more_than_1000() {
        IntStream.range(0, 101).forEach(i -> client.create("p-" + i));
        assertEquals(100, client.get("/v1/rollouts").json().path("plans").size());
        assertEquals(
                101,
                client.get("/v1/rollouts?limit=999999999999")
                        .json()
                        .path("plans")
                        .size());
    }

    @Test
    void an_empty_store_lists_an_empty_array() {
        assertEquals(
                "{\"plans\":[],\"next_cursor\":\"\"}",
                client.get("/v1/rollouts?limit=100").raw().body());
        assertEquals(
                "{\"stuck_plans\":[]}", client.get("/v1/rollouts/stuck").raw().body());
    }

    @Test
    void a_known_plan_id_is_refused_and_the_first_plan_stays() {
        client.create("p-1");
        ControlPlanes.Reply second = client.post("/v1/rollouts", "{\"plan_id\":\"p-1\",\"artifact_ref\":\"other\"}");
        assertEquals(409, second.code());
        assertEquals("there is a plan p-1 already", second.error());
        assertEquals(
                "registry/app:1",
                client.get("/v1/rollouts/p-1").json().path("artifact_ref").asText());
        assertEquals(List.of("p-1"), client.listAll(10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                                                     | the body must be a JSON object",
                "{\"plan_id\":                                        | the body is cut off",
                "[]                                                   | the body must be a JSON object",
                "{} {}                                                | the body continues after its first value",
                "{\"artifact_ref\":\"a\"}                             | plan_id is missing",
                "{\"plan_id\":null,\"artifact_ref\":\"a\"}            | plan_id is missing",
                "{\"plan_id\":7,\"artifact_ref\":\"a\"}               | plan_id must be a text",
                "{\"plan_id\":\"a/b\",\"artifact_ref\":\"a\"}         | plan_id must be 1 to 200",
                "{\"plan_id\":\"stuck\",\"artifact_ref\":\"a\"}       | not be the word stuck",
                "{\"plan_id\":\"p\"}                                  | artifact_ref is missing",
                "{\"plan_id\":\"p\",\"artifact_ref\":\" \"}           | artifact_ref must be a text",
                "{\"plan_id\":\"p\",\"artifact_ref\":\"a\",\"stages\":{}}  | stages must be an array",
                "{\"plan_id\":\"p\",\"artifact_ref\":\"a\",\"stages\":[7]} | stages must hold ids",
                "{\"plan_id\":\"p\",\"artifact_ref\":\"a\",\"stuck_after_seconds\":-1}      | stuck_after_seconds must"
                        + " be a whole number",
                "{\"plan_id\":\"p\",\"artifact_ref\":\"a\",\"stuck_after_seconds\":1e300}   | stuck_after_seconds must"
                        + " be a whole number",
                "{\"plan_id\":\"p\",\"artifact_ref\":\"a\",\"completes_after_seconds\":\"1\"} |"
                        + " completes_after_seconds must be a whole number",
                "{\"plan_id\":\"p\",\"plan_id\":\"q\",\"artifact_ref\":\"a\"} | the body is ambiguous: duplicate field"
            })
    void a_malformed_create_is_refused_with_the_field_named_and_creates_nothing(String body, String error) {
        ControlPlanes.Reply reply = client.post("/v1/rollouts", body == null ? "" : body);
        assertEquals(400, reply.code(), reply.raw().body());
        assertTrue(reply.error().contains(error), reply.error());
        assertEquals(List.of(), client.listAll(10));
    }

    @Test
    void a_body_beyond_one_mebibyte_is_refused() {
        assertEquals(
                413,
                client.create("p-1", ",\"padding\":\"" + "x".repeat(1 << 20) + "\"")
                        .code());
        assertEquals(201, client.create("p-2").code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=-1", "limit=ten", "cursor=AAAA", "cursor=7", "cursor=!"})
    void a_listing_with_a_broken_parameter_is_refused(String query) {
        assertEquals(400, client.get("/v1/rollouts?" + query).code());
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE,/v1/rollouts,GET,POST",
        "POST,/v1/health,GET,GET",
        "PUT,/v1/rollouts/p-1,GET,GET",
        "GET,/v1/rollouts/p-1/recover,POST,POST",
        "POST,/v1/rollouts/stuck,GET,GET"
    })
    void a_wrong_method_is_refused_with_the_right_ones_named(String method, String path, String one, String other) {
        ControlPlanes.Reply reply = client.send(method, path, "{}");
        assertEquals(405, reply.code());
        String allow = reply.raw().headers().firstValue("Allow").orElse("");
        assertTrue(allow.contains(one) && allow.contains(other), allow);
        assertFalse(reply.error().isBlank());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/rollouts/",
                "/v1/rollouts/nope",
                "/v1/rollouts/nope/explode",
                "/v1/rollouts/a/b/c",
                "/v2/rollouts",
                "/v1/rolloutsx"
            })
    void an_unknown_path_or_plan_is_not_found(String path) {
        ControlPlanes.Reply reply = client.get(path);
        assertEquals(404, reply.code());
        assertFalse(reply.error().isBlank());
    }

    @Test
    void a_write_that_waits_for_another_program_too_long_is_told_to_come_again() throws Exception {
        try (Connection other = Sqlite.open(folder.resolve("cp-data/controlplane.db"), false, Duration.ofSeconds(5))) {
            Sqlite.execute(other, "BEGIN IMMEDIATE");
            assertEquals(503, client.create("p-1").code());
            assertEquals(200, client.get("/v1/rollouts").code(), "reading goes on");
            Sqlite.execute(other, "ROLLBACK");
        }
        assertEquals(201, client.create("p-1").code());
    }

    @Test
    void a_full_disk_is_507_and_a_busy_database_503() {
        assertEquals(
                Optional.of(507),
                ApiError.of(new SQLiteException("full", SQLiteErrorCode.SQLITE_FULL))
                        .map(e -> e.status));
        assertEquals(
                Optional.of(503),
                ApiError.of(new SQLiteException("busy", SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT))
                        .map(e -> e.status));
        assertEquals(Optional.empty(), ApiError.of(new SQLiteException("broken", SQLiteErrorCode.SQLITE_CORRUPT)));
    }

    @Test
    void each_plan_leaves_one_audit_record_with_every_mandatory_field_in_the_file_of_its_utc_day() throws Exception {
        client.create("p-1");
        client.create("p-1");
        time.advance(86_400);
        client.create("p-2");
        List<String> first = Files.readAllLines(folder.resolve("audit-store/audit-2026-10-01.jsonl"));
        assertEquals(1, first.size(), "a refused plan leaves none");
        JsonNode record = Json.parse(first.get(0));
        assertEquals("rollout.plan.created", record.path("event_name").asText());
        assertEquals("success", record.path("outcome").asText());
        assertEquals("orchestrator", record.path("source").asText());
        assertEquals("2026-10-01T00:00:00Z", record.path("timestamp").asText());
        assertEquals("rollout_plan", record.path("resource_type").asText());
        assertEquals("p-1", record.path("resource").asText());
        for (String field : new String[] {"category", "action", "actor"}) {
            assertFalse(record.path(field).asText().isBlank(), field);
        }
        assertEquals(
                1,
                Files.readAllLines(folder.resolve("audit-store/audit-2026-10-02.jsonl"))
                        .size());
    }

    @Test
    void a_record_does_not_become_the_tail_of_one_that_a_power_cut_left_half() throws Exception {
        Files.createDirectories(folder.resolve("audit-store"));
        Path file = folder.resolve("audit-store/audit-2026-10-01.jsonl");
        Files.writeString(file, "{\"event_name\":\"roll");
        client.create("p-1");
        List<String> lines = Files.readAllLines(file);
        assertEquals(2, lines.size());
        assertEquals("p-1", Json.parse(lines.get(1)).path("resource").asText());
    }

    private double family(String name) throws Exception {
        String text = new String(
                URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics")
                        .toURL()
                        .openStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        List<String> samples = text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .toList();
        assertFalse(samples.isEmpty(), name + " is not in\n" + text);
        return samples.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void the_metrics_count_requests_and_plans_and_begin_at_zero_with_the_process() throws Exception {
        assertEquals(0, family("cp_rollout_plans_total"));
        assertEquals(0, family("cp_events_ingested_total"));
        IntStream.range(0, 3).forEach(i -> client.create("p-" + i));
        client.create("p-0");
        client.recover("p-0", "retry");
        client.get("/made/up/path");
        assertEquals(6, family("cp_http_requests_total"));
        assertEquals(6, family("cp_http_request_duration_seconds_count"));
        assertEquals(4, family("cp_rollout_plans_total"), "3 entered published, 1 active");
        assertEquals(4, family("cp_events_ingested_total"));
        server.close();
        serve();
        assertEquals(0, family("cp_rollout_plans_total"));
        assertEquals(3, server.planCount());
    }

    @Test
    void a_client_that_goes_away_in_mid_request_disturbs_nobody() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("POST /v1/rollouts HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"plan_id\":"
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }
        assertEquals(201, client.create("p-1").code());
        assertEquals(List.of("p-1"), client.listAll(10));
    }

    @Test
    void plans_and_phases_outlive_a_restart() throws Exception {
        client.create("p-1");
        client.create("p-2", ",\"completes_after_seconds\":60");
        client.recover("p-1", "rollback");
        client.recover("p-2", "retry");
        server.close();
        time.advance(60);
        serve();
        assertEquals("rolled_back", client.phase("p-1"));
        assertEquals("completed", client.phase("p-2"));
        assertEquals(List.of("p-1", "p-2"), client.listAll(1));
    }
}
