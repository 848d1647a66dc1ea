import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A soak against a control plane that names everything otherwise, run by someone else or started by the soak. */
@Tag("slow")
class EndToEndForeignTest {
    @TempDir
    Path folder;

    @Test
    void an_attached_foreign_control_plane_is_exercised_and_never_restarted() throws Exception {
        try (ForeignControlPlane cp = ForeignControlPlane.start();
                SoakUnderTest soak = SoakUnderTest.in(folder.resolve("soak"))) {
            Fork.Result setup = soak.setup(Setups.attachedTo(
                    cp,
                    folder,
                    "--set",
                    "ROUND_INTERVAL_SECONDS=1",
                    "--set",
                    "RECOVERY_TIMEOUT_SECONDS=5",
                    "--set",
                    "REQUEST_TIMEOUT_SECONDS=5"));
            assertEquals(0, setup.exit(), setup.out() + setup.err());
            assertEquals("attached", soak.config().get("CP_MODE"));
            assertFalse(Files.exists(soak.dir.resolve("cp.pid")));
            for (int i = 0; i < 120; i++) {
                cp.add("someone-elses-" + i, 259_200);
            }

            JsonNode paged = soak.round(0);
            assertEquals(140, paged.get("plan_count").asInt());
            assertEquals(20, paged.get("expected_plans").asInt());
            assertEquals("attached", paged.get("cp_mode").asText());
            assertTrue(paged.get("cp_http_requests_total").asLong() > 0, paged.toString());

            cp.set("stuck_plans", "3");
            JsonNode recovered = soak.round(0);
            assertEquals(3, recovered.get("stuck_count").asInt());
            assertEquals(3, recovered.get("recovery_ok").asInt());
            assertEquals(
                    cp.planIds().subList(0, 3), cp.cliCalls().stream().sorted().toList(), "the oldest");

            cp.set("cli_output_bytes", String.valueOf(10 << 20));
            cp.set("cli_fail_every", "3");
            JsonNode failing = soak.round(10);
            assertEquals(2, failing.get("recovery_ok").asInt());
            assertEquals(1, failing.get("recovery_fail").asInt());
            assertTrue(Files.size(soak.lastRound().resolve("recovery.txt")) < 3 * 3000);
            for (String name : new String[] {"cli_output_bytes", "cli_fail_every", "stuck_plans"}) {
                cp.set(name, "");
            }

            cp.set("lose", "1");
            cp.set("duplicate", "2");
            JsonNode corrupt = soak.round(10);
            assertEquals(1, corrupt.get("lost_plans").asInt());
            assertEquals(2, corrupt.get("duplicate_plans").asInt());
            assertTrue(
                    soak.text("alerts.log").contains(" ALERT lost_plans=1 threshold=0 day=1"), soak.text("alerts.log"));
            cp.set("lose", "");
            cp.set("duplicate", "");

            cp.set("cursor", "repeat");
            JsonNode endless = soak.round(10);
            assertEquals("FAIL", endless.get("v05_plan_count").asText());
            assertTrue(
                    endless.get("plan_count").isNull()
                            && endless.get("lost_plans").isNull(),
                    endless.toString());
            cp.set("cursor", "");

            cp.set("create_drop_every", "5");
            JsonNode dropped = soak.round(10);
            assertEquals(2, dropped.get("create_errors").asInt());
            assertEquals(2, dropped.get("revived_plans").asInt(), "made, though nobody heard of it");
            cp.set("create_drop_every", "");

            cp.set("health", "503");
            JsonNode unwell = soak.round(10);
            assertEquals("failed", unwell.get("health").asText());
            assertEquals("503", unwell.get("health_http_code").asText());
            assertFalse(unwell.get("restarted").asBoolean(), "it is someone else's");
            cp.set("health", "");
            assertEquals(0, soak.round(0).get("lost_plans").asInt());
        }
    }

    @Test
    void a_second_round_at_the_same_time_changes_nothing() throws Exception {
        try (ForeignControlPlane cp = ForeignControlPlane.start();
                SoakUnderTest soak = SoakUnderTest.in(folder.resolve("soak"))) {
            String[] options = Setups.attachedTo(cp, folder, "--set", "ROUND_INTERVAL_SECONDS=1", "--no-first-round");
            assertEquals(0, soak.setup(options).exit());
            SoakUnderTest.await(
                    "the first slot",
                    () -> java.time.Instant.now()
                            .isAfter(java.time.Instant.parse(soak.config().get("SOAK_STARTED_AT"))));
            cp.set("create_delay_ms", "2000"); // ten of them: it cannot end before the second has come and gone
            Process first = soak.startRound();
            try {
                SoakUnderTest.await("its first create", () -> cp.requests().contains("POST /v1/rollouts"));
                Fork.Result second = soak.frozen("round");
                assertEquals(75, second.exit(), second.out() + second.err());
                assertEquals(1, second.err().lines().count(), second.err());
                assertEquals(1, soak.rounds().size());
                cp.set("create_delay_ms", "");
                assertEquals(0, first.waitFor(), "slow creates are no errors");
            } finally {
                first.destroyForcibly();
            }
            assertEquals(1, soak.rounds().size());

            cp.set("create_delay_ms", "2000");
            long seen = cp.requests().size();
            Process killed = soak.startRound();
            SoakUnderTest.await(
                    "a create of the next",
                    () -> cp.requests()
                            .subList((int) seen, cp.requests().size())
                            .contains("POST /v1/rollouts"));
            killed.destroyForcibly().waitFor();
            cp.set("create_delay_ms", "");
            assertEquals(3, soak.round(0).get("round").asInt(), "a killed round frees the lock, and counts");
        }
    }

    @Test
    void a_foreign_control_plane_that_the_soak_starts_is_restarted_and_keeps_its_plans() throws Exception {
        try (SoakUnderTest soak = SoakUnderTest.in(folder.resolve("soak"))) {
            Path drill = Files.writeString(folder.resolve("drill.json"), ForeignControlPlane.DRILL_TEMPLATE);
            Fork.Result setup = soak.setup(Setups.onForeign(
                    folder,
                    "--listen",
                    "127.0.0.1:" + Ports.free(),
                    "--metrics-listen",
                    "127.0.0.1:" + Ports.free(),
                    "--drill-template",
                    drill.toString(),
                    "--set",
                    "RECOVERY_DRILL_EVERY=1",
                    "--set",
                    "STUCK_THRESHOLD_SECONDS=1",
                    "--set",
                    "ROUND_INTERVAL_SECONDS=1"));
            assertEquals(0, setup.exit(), setup.out() + setup.err());
            assertEquals("external", soak.config().get("CP_MODE"));
            soak.round(0);
            soak.killControlPlane();
            JsonNode restarted = soak.round(10);
            assertTrue(restarted.get("restarted").asBoolean());
            assertEquals(30, restarted.get("plan_count").asInt());
            assertEquals(0, restarted.get("lost_plans").asInt());
            SoakUnderTest.await(
                    "a drill's second",
                    () -> java.time.Instant.now().getEpochSecond()
                            > restarted.get("unix_ts").asLong() + 2);
            JsonNode after = soak.round(0);
            assertTrue(
                    after.get("recovery_ok").asInt() >= 1
                            && after.get("recovery_fail").asInt() == 0,
                    after.toString());
            assertTrue(soak.text("audit-store/cli.jsonl").contains("\"outcome\":\"success\""));
            assertEquals(0, soak.frozen("setup", "--stop").exit());
        }
    }
}
