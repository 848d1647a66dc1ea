import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Half an answer with a good status line is no answer, at each endpoint that a round asks. */
@Tag("slow")
class HalfAnswerTest extends AttachedSoak {
    @BeforeEach
    void start() throws IOException {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1", "PLANS_PER_ROUND", "2");
    }

    static String[] forms() {
        return HalfAnswers.names();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_create_that_is_half_answered_is_in_doubt_until_a_listing_shows_it(String form) throws Exception {
        rig.cp.set("half", "create " + form);
        RoundRig.Round round = rig.round();
        JsonNode summary = round.summary();
        assertEquals(Collections.nCopies(2, "000"), round.lines("plans-created.txt"));
        assertEquals("FAIL", summary.get("v02_creates").asText());
        assertEquals(0, summary.get("create_ok").asInt());
        assertEquals(2, summary.get("create_errors").asInt());
        assertEquals(2, summary.get("revived_plans").asInt(), "made, and the listing shows them");
        assertEquals(0, summary.get("lost_plans").asInt());
        rig.cp.set("half", "");
        rig.cp.destroy(round.lines("plan-ids.txt").get(0));
        assertEquals(1, rig.round().summary().get("lost_plans").asInt(), "expected from then on");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_health_check_that_is_half_answered_is_failed(String form) throws Exception {
        rig.cp.set("half", "health " + form);
        JsonNode summary = rig.round().summary();
        assertEquals("failed", summary.get("health").asText());
        assertEquals("000", summary.get("health_http_code").asText());
        assertEquals("000", rig.controlPlane().health().code(), "setup's own probe, too");
        assertEquals(0, rig.cp.planIds().size(), "nothing is created on it");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_stuck_scan_that_is_half_answered_is_failed(String form) throws Exception {
        rig.cp.set("half", "stuck " + form);
        JsonNode summary = rig.round().summary();
        assertEquals("000", summary.get("scan_http_code").asText());
        assertFalse(summary.get("scan_ok").asBoolean());
        assertTrue(summary.get("stuck_count").isNull());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_listing_that_is_half_answered_counts_nothing_and_calls_nothing_lost(String form) throws Exception {
        rig.cp.set("half", "list " + form);
        JsonNode summary = rig.round().summary();
        assertEquals("FAIL", summary.get("v05_plan_count").asText());
        assertTrue(
                summary.get("plan_count").isNull() && summary.get("lost_plans").isNull(), summary.toString());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_scrape_that_is_half_answered_gives_no_figure(String form) throws Exception {
        rig.cp.set("half", "metrics " + form);
        JsonNode summary = rig.round().summary();
        assertEquals("FAIL", summary.get("v06_metrics").asText());
        assertFalse(summary.get("metrics_ok").asBoolean());
        assertTrue(summary.get("cp_http_requests_total").isNull());
    }

    @Test
    void what_came_of_it_is_told_and_kept() throws Exception {
        rig.cp.set("half", "stuck length-that-never-comes");
        RoundRig.Round round = rig.round();
        assertEquals(
                "page 1: HTTP 200, the body ended 29 bytes early; received: {\"plans\":[]",
                round.summary().get("failures").get("v03_stuck_scan").asText());
        assertEquals("{\"plans\":[]", round.text("stuck-scan.json"));
    }
}
