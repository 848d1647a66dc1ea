import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Time;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import probe.ControlPlaneApi;
import process.ControlPlane;
import process.Listeners;
import process.ProcessIdentity;
import process.Supervisor;
import settings.Config;
import workload.ClosedRounds;
import workload.HealthCheck;
import workload.History;

/** What a round makes of each kind of answer to its health probe, of a control plane that the soak started. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HealthProbeTest extends ExternalSoak {
    @BeforeEach
    void start() throws IOException {
        rig.startControlPlane();
    }

    private void set(String name, String value) throws Exception {
        ForeignControlPlane.set(Config.read(rig.dir).cpUrl(), name, value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "health not-http",
                "health drop",
                "health trickle",
                "health hang",
                "half health length-that-never-comes",
                "half health cut-chunk",
                "half health header-without-end"
            })
    void what_holds_its_port_and_twice_gives_no_http_answer_is_examined_ended_and_started_again(String fault)
            throws Exception {
        assertEquals(Exit.OK, rig.round().exit());
        ProcessIdentity sick = identity();
        set(fault.split(" ", 2)[0], fault.split(" ", 2)[1]);
        RoundRig.Round round = rig.round();
        assertEquals("failed", round.summary().get("health").asText());
        assertEquals("000", round.summary().get("health_http_code").asText());
        assertTrue(round.summary().get("hung").asBoolean(), round.err());
        assertTrue(round.summary().get("restarted").asBoolean());
        assertFalse(sick.alive());
        assertTrue(round.text("cp-forensics.txt").contains("process " + sick.pid()));
        assertEquals(10, round.summary().get("create_ok").asInt());
        assertEquals(0, round.summary().get("lost_plans").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "503", "404", "redirect"})
    void what_answers_http_is_left_alone_whatever_the_code(String answer) throws Exception {
        ProcessIdentity sick = identity();
        set("health", answer);
        RoundRig.Round round = rig.round();
        assertEquals("failed", round.summary().get("health").asText());
        assertEquals(
                answer.equals("redirect") ? "302" : answer,
                round.summary().get("health_http_code").asText());
        assertFalse(round.summary().get("hung").asBoolean());
        assertFalse(round.summary().get("restarted").asBoolean());
        assertTrue(sick.alive());
        assertFalse(Files.exists(round.folder().resolve("cp-forensics.txt")));
        assertEquals(0, round.summary().get("create_ok").asInt());
        assertEquals("PASS", round.summary().get("v03_stuck_scan").asText(), round.err());
        set("health", "");
        assertEquals(Exit.OK, rig.round().exit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-lengths", "unasked-coding"})
    void what_answers_http_and_says_its_length_in_a_way_that_is_not_read_is_no_silence_and_left_alone(String answer)
            throws Exception {
        ProcessIdentity sick = identity();
        set("half", "health " + answer);
        RoundRig.Round round = rig.round();
        assertEquals("failed", round.summary().get("health").asText());
        assertFalse(round.summary().get("hung").asBoolean(), round.err());
        assertFalse(round.summary().get("restarted").asBoolean());
        assertTrue(sick.alive());
        assertTrue(round.err().contains("v01_health FAIL: GET /v1/health: "), round.err());
        assertFalse(Files.exists(round.folder().resolve("cp-forensics.txt")));
    }

    @Test
    void one_that_dies_of_the_probe_is_dead_and_not_hung_and_is_started_again() throws Exception {
        rig.round();
        set("health", "exit");
        RoundRig.Round round = rig.round();
        assertFalse(round.summary().get("hung").asBoolean(), round.err());
        assertTrue(round.summary().get("restarted").asBoolean());
        assertTrue(round.summary().get("restart_ms").asLong() > 0);
        assertFalse(Files.exists(round.folder().resolve("cp-forensics.txt")));
        assertTrue(round.err().contains("its process has ended meanwhile; started again"), round.err());
        assertEquals(10, round.summary().get("create_ok").asInt());
        assertEquals(0, round.summary().get("lost_plans").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void where_nobody_can_see_whose_the_port_is_the_answer_counts_with_a_warning() throws Exception {
        Config config = Config.read(rig.dir);
        ControlPlane real = rig.controlPlane();
        Supervisor hidden = (Supervisor) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Supervisor.class},
                (proxy, method, arguments) -> method.getName().equals("portOwner")
                        ? Listeners.Owner.UNKNOWN
                        : method.invoke(real, arguments));
        HealthCheck.Outcome found = new HealthCheck(
                        config,
                        Time.system(),
                        hidden,
                        new ControlPlaneApi(config, Time.system()),
                        null,
                        History.before(rig.dir, rig.dir.rounds()),
                        new ClosedRounds())
                .run();
        assertTrue(found.healthy() && found.usable(), found.problem());
        assertEquals(1, found.warnings().size());
        assertTrue(
                found.warnings().get(0).contains("this user cannot see whether the process"),
                found.warnings().toString());
    }

    @Test
    void a_bare_pid_that_hangs_is_hung_and_left_alone() throws Exception {
        String ours = Files.readString(rig.dir.pidFile());
        ProcessIdentity identity = identity();
        Files.writeString(rig.dir.pidFile(), identity.pid() + "\n");
        set("health", "hang");
        RoundRig.Round round = rig.round();
        assertTrue(round.summary().get("hung").asBoolean(), round.err());
        assertFalse(round.summary().get("restarted").asBoolean());
        assertTrue(identity.alive());
        Files.writeString(rig.dir.pidFile(), ours);
        assertEquals(ControlPlane.State.RUNNING, rig.controlPlane().state());
    }
}
