import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import probe.HttpCall;

/**
 * An attached control plane that is suddenly another one, and one that has lost everything: the two must not be mixed
 * up.
 */
class AnotherControlPlaneTest extends AttachedSoak {
    ForeignControlPlane other;

    @BeforeEach
    void start() throws IOException {
        rig.cp.set("instance", "one");
        other = ForeignControlPlane.start();
        for (int i = 0; i < 30; i++) {
            other.add("somebody-elses-" + i, 0);
        }
        other.set("stuck_plans", "5");
    }

    @AfterEach
    void stop() throws IOException {
        other.close();
    }

    private RoundRig toThe(ForeignControlPlane cp) throws IOException {
        return rig.with("CP_URL", cp.url(), "CP_METRICS_URL", cp.metricsUrl());
    }

    @Test
    void one_that_calls_itself_otherwise_and_has_none_of_our_plans_is_another_and_nothing_is_done_to_it_or_concluded()
            throws Exception {
        RoundRig.Round first = rig.round();
        assertEquals("one", first.summary().get("cp_identity").get("instance").asText());
        other.set("instance", "two");
        RoundRig.Round round = toThe(other).with("RECOVER_FOREIGN", "yes").round();
        JsonNode summary = round.summary();
        assertEquals(Exit.BAD, round.exit());
        assertEquals("failed", summary.get("health").asText());
        assertTrue(summary.get("port_conflict").asBoolean());
        assertTrue(
                summary.get("failures")
                        .get("v07_integrity")
                        .asText()
                        .contains(
                                "instance two (was one) since 2026-10-01/round-000000, and it lists none of the soak's"
                                        + " plans"),
                round.err());
        for (String field :
                List.of("create_ok", "stuck_count", "recovery_ok", "plan_count", "lost_plans", "metrics_ok")) {
            assertTrue(summary.get(field).isNull(), field + " is " + summary.get(field));
        }
        assertEquals(List.of(), other.cliCalls());
        assertTrue(
                other.requests().stream()
                        .allMatch(request -> request.equals("GET /v1/health")
                                || request.startsWith("GET /v1/rollouts?")
                                || request.startsWith("GET /v1/rollouts/soak-")),
                other.requests().toString());
        assertTrue(rig.round().summary().get("lost_plans").isNull(), "it stays another one in the round after");
        RoundRig.Round back = toThe(rig.cp).round();
        assertEquals(Exit.OK, back.exit(), back.err());
        assertEquals(0, back.summary().get("lost_plans").asInt());
    }

    @Test
    void one_that_is_sick_as_well_gets_no_recovery_either() throws Exception {
        rig.round();
        rig.cp.set("health", "500"); // its name is not known now, but the host shows that another program listens
        Path earlier = rig.folders().get(0).resolve("round-summary.json");
        Files.writeString(
                earlier,
                Files.readString(earlier).replaceFirst("\"program\" : \"[^\"]+\"", "\"program\" : \"/opt/autonomy\""));
        rig.cp.planIds().forEach(rig.cp::destroy);
        rig.cp.add("somebody-elses", 0);
        rig.cp.set("stuck_plans", "1");
        RoundRig.Round round = rig.with("RECOVER_FOREIGN", "yes").round();
        assertTrue(
                round.summary().get("failures").get("v04_recovery").asText().contains("(was /opt/autonomy)"),
                round.err());
        assertEquals(List.of(), rig.cp.cliCalls());
    }

    @Test
    void a_store_that_was_wiped_under_the_same_name_or_under_none_is_a_loss() throws Exception {
        for (String instance : List.of("one", "")) {
            rig.cp.set("instance", instance);
            rig.round();
            rig.cp.planIds().forEach(rig.cp::destroy);
            RoundRig.Round round = rig.round();
            assertTrue(round.summary().get("lost_plans").asInt() >= 10, round.err());
            assertFalse(round.summary().get("port_conflict").asBoolean());
        }
    }

    @Test
    void a_new_name_over_the_same_plans_is_a_warning() throws Exception {
        rig.round();
        rig.cp.set("instance", "renamed");
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertTrue(
                round.err()
                        .contains(
                                "instance renamed (was one) since 2026-10-01/round-000000; it still counts as the same,"
                                        + " because 10 of 10 expected plans are listed"),
                round.err());
        assertEquals(20, round.summary().get("plan_count").asInt());
        assertFalse(rig.round().err().contains("calls itself otherwise"), "once is enough");
    }

    @Test
    void a_new_name_over_some_of_the_plans_is_the_same_control_plane_and_the_rest_is_lost() throws Exception {
        rig.round();
        rig.cp.set("instance", "restored");
        rig.cp.destroy(rig.cp.planIds().get(3));
        RoundRig.Round round = rig.round();
        assertEquals(1, round.summary().get("lost_plans").asInt(), round.err());
    }

    @Test
    void one_that_takes_the_place_within_the_round_is_seen_before_anything_is_called_lost() throws Exception {
        rig.round();
        Thread replaced = new Thread(() -> {
            SoakUnderTest.await(
                    "the second scan",
                    () -> rig.cp.requests().stream()
                                    .filter(request -> request.startsWith("GET /v1/rollouts/stuck"))
                                    .count()
                            >= 2);
            rig.cp.set("instance", "two");
            rig.cp.planIds().forEach(rig.cp::destroy);
            rig.cp.set("stuck", "");
        });
        rig.cp.set("stuck", "hang");
        rig.with("REQUEST_TIMEOUT_SECONDS", "2");
        replaced.start();
        RoundRig.Round round = rig.round();
        replaced.join();
        assertTrue(round.summary().get("lost_plans").isNull(), round.err());
        assertTrue(round.summary().get("port_conflict").asBoolean());
        assertEquals("ok", round.summary().get("health").asText());
    }

    @Test
    void an_answer_that_came_when_the_port_was_no_longer_ours_does_not_count_and_nothing_is_sent_to_a_stranger() {
        AtomicReference<String> stranger = new AtomicReference<>();
        HttpCall http = new HttpCall(Time.system(), Duration.ofSeconds(10), 1000)
                .guardedBy(uri -> java.util.Optional.ofNullable(stranger.get()));
        URI create = URI.create(other.url() + "/v1/rollouts");
        byte[] body = ForeignControlPlane.TEMPLATE.replace("{plan_id}", "ours").getBytes(StandardCharsets.UTF_8);
        assertEquals("201", http.postJson(create, body).code());
        int asked = other.requests().size();
        stranger.set("port 1 is taken");
        HttpCall.Answer refused = http.postJson(create, body);
        assertEquals("000", refused.code());
        assertEquals("nothing was sent: port 1 is taken", refused.problem());
        assertEquals(asked, other.requests().size());
        AtomicReference<String> late = new AtomicReference<>();
        HttpCall robbed = new HttpCall(Time.system(), Duration.ofSeconds(10), 1000)
                .guardedBy(uri -> java.util.Optional.ofNullable(late.getAndSet("port 1 is taken")));
        HttpCall.Answer answer = robbed.get(URI.create(other.url() + "/v1/health"));
        assertEquals("000", answer.code());
        assertEquals("the answer may come from another process: port 1 is taken", answer.problem());
        assertEquals(0, answer.body().length);
    }
}
