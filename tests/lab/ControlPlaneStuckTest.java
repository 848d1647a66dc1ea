import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans that get stuck, and what retries, pauses and ends do to them. */
class ControlPlaneStuckTest extends ServedControlPlane {
    private static final long HOURS_72 = 72 * 3600;

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1h", "99999999999"})
    void a_scan_with_a_broken_threshold_is_refused(String threshold) {
        assertEquals(
                400,
                client.get("/v1/rollouts/stuck?threshold_seconds=" + threshold).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"recover", "pause", "cancel"})
    void nothing_can_be_done_to_an_unknown_plan(String verb) {
        assertEquals(
                404,
                client.post("/v1/rollouts/nope/" + verb, "{\"strategy\":\"retry\"}")
                        .code());
    }

    @Test
    void a_plan_is_stuck_once_it_is_older_than_the_threshold() {
        client.create("p-1");
        time.advance(3600);
        assertEquals(List.of(), client.stuck(3600));
        time.advance(1);
        client.create("p-2");
        JsonNode scan = client.get("/v1/rollouts/stuck").json();
        assertEquals(List.of("p-1"), ControlPlanes.ids(scan.path("stuck_plans")), "3600 is the default");
        JsonNode stuck = scan.path("stuck_plans").path(0);
        assertEquals("published", stuck.path("phase").asText());
        assertEquals("canary", stuck.path("current_stage_id").asText());
        assertEquals("2026-10-01T00:00:00Z", stuck.path("stuck_since").asText());
        assertEquals("no stage promotion for 3601 s", stuck.path("stuck_reason").asText());
    }

    @Test
    void the_scan_takes_the_larger_of_the_threshold_and_the_plans_own_patience() {
        client.create("patient", ",\"stuck_after_seconds\":" + HOURS_72);
        client.create("quick", ",\"stuck_after_seconds\":10");
        time.advance(3601);
        assertEquals(List.of("quick"), client.stuck(3600));
        assertEquals(List.of(), client.stuck(7200));
        time.advance(HOURS_72 - 3601);
        assertEquals(List.of("quick"), client.stuck(3600));
        time.advance(1);
        assertEquals(List.of("patient", "quick"), client.stuck(3600));
    }

    @Test
    void a_retry_makes_a_plan_active_and_takes_it_out_of_the_scan_until_it_is_stuck_again() {
        client.create("p-1");
        time.advance(4000);
        assertEquals(List.of("p-1"), client.stuck(3600));
        assertEquals(200, client.recover("p-1", "retry").code());
        assertEquals("active", client.phase("p-1"));
        assertEquals(
                "2026-10-01T01:06:40Z",
                client.get("/v1/rollouts/p-1").json().path("updated_at").asText());
        assertEquals(List.of(), client.stuck(3600));
        time.advance(3601);
        assertEquals(List.of("p-1"), client.stuck(3600));
    }

    @Test
    void a_plan_completes_so_long_after_its_retry_and_then_nothing_changes_it() {
        client.create("p-1", ",\"completes_after_seconds\":60");
        time.advance(10_000);
        assertEquals(List.of("p-1"), client.stuck(3600), "without a retry it never completes");
        client.recover("p-1", "retry");
        time.advance(59);
        assertEquals("active", client.phase("p-1"));
        time.advance(1);
        JsonNode plan = client.get("/v1/rollouts/p-1").json();
        assertEquals("completed", plan.path("phase").asText());
        assertEquals(
                "2026-10-01T02:47:40Z", plan.path("updated_at").asText(), "when it completed, not when someone looked");
        assertEquals(
                "completed",
                client.get("/v1/rollouts")
                        .json()
                        .path("plans")
                        .path(0)
                        .path("phase")
                        .asText());
        time.advance(10_000);
        assertEquals(List.of(), client.stuck(0));
        for (String strategy : new String[] {"retry", "rollback"}) {
            assertEquals(409, client.recover("p-1", strategy).code());
        }
        assertEquals(409, client.post("/v1/rollouts/p-1/pause", "").code());
        assertEquals("completed", client.phase("p-1"));
    }

    @Test
    void a_plan_that_is_to_complete_long_after_its_retry_can_be_stuck_again_before() {
        client.create("p-1", ",\"completes_after_seconds\":100000");
        client.recover("p-1", "retry");
        time.advance(3601);
        assertEquals(List.of("p-1"), client.stuck(3600));
        client.recover("p-1", "retry");
        time.advance(99_999);
        assertEquals("active", client.phase("p-1"), "a second retry begins the wait anew");
    }

    @ParameterizedTest
    @CsvSource({"recover,rolled_back", "cancel,cancelled"})
    void a_plan_that_was_ended_is_never_stuck_and_never_changed(String verb, String phase) {
        client.create("p-1");
        assertEquals(
                200,
                client.post("/v1/rollouts/p-1/" + verb, "{\"strategy\":\"rollback\"}")
                        .code());
        assertEquals(phase, client.phase("p-1"));
        time.advance(1_000_000);
        assertEquals(List.of(), client.stuck(0));
        ControlPlanes.Reply again = client.recover("p-1", "retry");
        assertEquals(409, again.code());
        assertTrue(again.error().contains(phase), again.error());
        assertEquals(List.of("p-1"), client.listAll(10), "it stays listed");
    }

    @Test
    void a_paused_plan_is_never_stuck_until_it_is_retried() {
        client.create("p-1");
        assertEquals(
                "paused",
                client.post("/v1/rollouts/p-1/pause", "").json().path("phase").asText());
        time.advance(1_000_000);
        assertEquals(List.of(), client.stuck(0));
        client.recover("p-1", "retry");
        time.advance(1);
        assertEquals(List.of("p-1"), client.stuck(0));
    }

    @Test
    void a_retry_that_skips_the_failed_stage_goes_on_with_the_next_one_and_stays_on_the_last() {
        client.create("p-1");
        for (int i = 0; i < 2; i++) {
            ControlPlanes.Reply reply =
                    client.post("/v1/rollouts/p-1/recover", "{\"strategy\":\"retry\",\"skip_failed\":true}");
            assertEquals("fleet", reply.json().path("current_stage_id").asText());
        }
    }

    @Test
    void a_plan_without_stages_is_recovered_like_any_other() {
        client.post("/v1/rollouts", "{\"plan_id\":\"p-1\",\"artifact_ref\":\"a\"}");
        ControlPlanes.Reply reply =
                client.post("/v1/rollouts/p-1/recover", "{\"strategy\":\"retry\",\"skip_failed\":true}");
        assertEquals(200, reply.code());
        assertTrue(reply.json().path("current_stage_id").isNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"strategy\":\"explode\"}", "{\"strategy\":\"retry\",\"skip_failed\":\"yes\"}", "retry"})
    void a_malformed_recovery_is_refused_and_changes_nothing(String body) {
        client.create("p-1");
        assertEquals(400, client.post("/v1/rollouts/p-1/recover", body).code());
        assertEquals("published", client.phase("p-1"));
    }
}
