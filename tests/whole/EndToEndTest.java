import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product as a user has it, on the embedded control plane: setup, rounds, a crash, a resume, all reports. */
@Tag("slow")
class EndToEndTest {
    private static final int ROUNDS = 15;
    private static final int KILLED_BEFORE = 7;
    private static final List<String> GERMAN =
            List.of("TZ=Europe/Berlin", "LC_ALL=C.UTF-8", "JAVA_TOOL_OPTIONS=-Duser.language=de -Duser.country=DE");

    @TempDir
    Path folder;

    private static long sum(List<JsonNode> summaries, String field) {
        return summaries.stream().mapToLong(s -> s.get(field).asLong()).sum();
    }

    private Path drillTemplate() throws Exception {
        return Files.writeString(folder.resolve("drill.json"), """
            {"plan_id": "{plan_id}", "artifact_ref": "soak/agent:1", "stages": [{"stage_id": "canary"}],
              "stuck_after_seconds": 1, "completes_after_seconds": 0}
            """);
    }

    @Test
    void a_soak_of_fifteen_rounds_survives_a_killed_control_plane_and_is_reported() throws Exception {
        try (SoakUnderTest soak = SoakUnderTest.in(folder.resolve("söak val12"))) {
            Fork.Result setup = soak.setup(
                    "--listen",
                    "127.0.0.1:" + Ports.free(),
                    "--metrics-listen",
                    "127.0.0.1:" + Ports.free(),
                    "--set",
                    "ROUND_INTERVAL_SECONDS=1",
                    "--set",
                    "STUCK_THRESHOLD_SECONDS=1",
                    "--set",
                    "RECOVERY_DRILL_EVERY=2",
                    "--drill-template",
                    drillTemplate().toString());
            assertEquals(0, setup.exit(), setup.out() + setup.err());
            assertTrue(soak.text("setup-summary.txt").contains("result: PASS"), soak.text("setup-summary.txt"));
            assertTrue(setup.out().contains("CRON_TZ=UTC"), setup.out());

            for (int n = 2; n <= ROUNDS; n++) {
                if (n == KILLED_BEFORE) {
                    long dead = soak.controlPlanePid();
                    soak.killControlPlane();
                    JsonNode restarted = soak.round(10);
                    assertEquals("failed", restarted.get("health").asText());
                    assertTrue(restarted.get("restarted").asBoolean());
                    assertEquals("FAIL", restarted.get("v01_health").asText());
                    assertEquals(10, restarted.get("create_ok").asInt());
                    assertNotEquals(dead, soak.controlPlanePid());
                } else {
                    assertEquals("ok", soak.round(0).get("health").asText());
                }
            }
            everyPlanIsThereAndTheDrillsWereRecovered(soak.summaries());
            resumesAsTheContractSays(soak);
            theReportsSayTheSame(soak);
            theWholeFolderIsInUtcAndDotsWhereverTheReaderLives(soak);
            Fork.Result verified = soak.frozen("report", "--type", "verify");
            assertEquals(0, verified.exit(), verified.out() + verified.err());
            assertTrue(verified.out().startsWith("rounds sealed: " + (ROUNDS + 1) + ", "), verified.out());

            long pid = soak.controlPlanePid();
            assertEquals(0, soak.frozen("setup", "--stop").exit());
            assertFalse(SoakUnderTest.alive(pid));
        }
    }

    private static void everyPlanIsThereAndTheDrillsWereRecovered(List<JsonNode> summaries) {
        assertEquals(ROUNDS, summaries.size());
        for (int i = 0; i < ROUNDS; i++) {
            JsonNode s = summaries.get(i);
            assertEquals(i + 1, s.get("round").asInt());
            assertEquals(10 * (i + 1), s.get("plan_count").asInt());
            assertEquals(10 * (i + 1), s.get("expected_plans").asInt());
            assertEquals("PASS", s.get("v07_integrity").asText(), s.toString());
            assertEquals("embedded", s.get("cp_mode").asText());
        }
        assertEquals(0, sum(summaries, "create_errors"));
        assertEquals(0, sum(summaries, "recovery_fail"));
        assertTrue(sum(summaries, "recovery_ok") >= 4, "plans recovered: " + sum(summaries, "recovery_ok"));
        assertEquals(sum(summaries, "recovery_ok"), sum(summaries, "drill_recoveries"));
    }

    private static void resumesAsTheContractSays(SoakUnderTest soak) {
        String summary = soak.text("setup-summary.txt");
        String startedAt = soak.config().get("SOAK_STARTED_AT");
        soak.killControlPlane();
        Fork.Result resumed = soak.setup("--no-first-round");
        assertEquals(0, resumed.exit(), resumed.err());
        assertEquals(0, soak.frozen("setup", "--no-first-round").exit());
        List<String> log = soak.text("setup-resumes.log").lines().toList();
        assertEquals(2, log.size());
        assertTrue(
                log.get(0)
                        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ resumed control_plane=started pid="
                                + soak.controlPlanePid()),
                log.get(0));
        assertTrue(log.get(1).contains(" resumed control_plane=alive pid=" + soak.controlPlanePid()), log.get(1));
        assertEquals(summary, soak.text("setup-summary.txt"));
        assertEquals(startedAt, soak.config().get("SOAK_STARTED_AT"));
        assertEquals(ROUNDS, soak.rounds().size());
    }

    private static JsonNode check(JsonNode report, String id) {
        return StreamSupport.stream(report.get("checks").spliterator(), false)
                .filter(c -> c.get("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void theReportsSayTheSame(SoakUnderTest soak) {
        String today = LocalDate.ofInstant(
                        Instant.ofEpochSecond(soak.lastSummary().get("unix_ts").asLong()), ZoneOffset.UTC)
                .toString();
        Fork.Result daily = soak.frozen("report", "--type", "daily", "--date", today);
        assertEquals(10, daily.exit(), daily.out() + daily.err()); // a failed round of fifteen is an ALERT
        if (soak.rounds().stream()
                .allMatch(round -> round.getParent().getFileName().toString().equals(today))) {
            JsonNode day = soak.json("daily/" + today + "-summary.json");
            assertEquals(ROUNDS, day.get("total_rounds").asInt());
            assertEquals(ROUNDS - 1, day.get("healthy_rounds").asInt());
            assertTrue(soak.text("alerts.log").contains(" ALERT daily_uptime_pct="), soak.text("alerts.log"));
        }

        assertEquals(
                0, soak.frozen("report", "--type", "checkpoint").exit(), "nothing that it can judge yet has failed");
        JsonNode checkpoint = soak.json("checkpoints/checkpoint-7d.json");
        assertFalse(checkpoint.get("complete").asBoolean());
        assertEquals("PENDING", check(checkpoint, "VAL12-06").get("verdict").asText());
        assertEquals("PASS", check(checkpoint, "VAL12-03").get("verdict").asText());

        Fork.Result done = soak.frozen("report", "--type", "final");
        assertEquals(10, done.exit(), done.err());
        JsonNode report = soak.json("final-report.json");
        assertEquals(ROUNDS, report.get("total_rounds").asInt());
        assertEquals(ROUNDS - 1, report.get("healthy_rounds").asInt());
        assertEquals(1, report.get("failed_rounds").asInt());
        assertEquals(2, report.get("cp_restart_count").asInt(), "one by a round, one by a resume");
        assertEquals(10 * ROUNDS, report.get("total_creates").asInt());
        assertEquals(10 * ROUNDS, report.get("max_plan_count").asInt());
        assertEquals(0, report.get("lost_plans").asInt());
        assertEquals("INCOMPLETE", report.get("overall").asText());
        assertEquals(
                "NOT ASSESSED (STUCK_THRESHOLD_SECONDS=1)", report.get("gate_d").asText());
        for (String id : List.of("VAL12-01", "VAL12-02", "VAL12-03", "VAL12-04", "VAL12-05", "VAL12-10")) {
            assertEquals("PASS", check(report, id).get("verdict").asText(), id);
        }
        for (String id : List.of("VAL12-06", "VAL12-07", "VAL12-08", "VAL12-09")) {
            assertEquals("FAIL", check(report, id).get("verdict").asText(), id);
        }

        Fork.Result sql = soak.frozen(
                "report", "--sql", "SELECT count(*) AS n, sum(create_ok) AS made FROM rounds", "--format", "csv");
        assertEquals(
                List.of("n,made", ROUNDS + "," + 10 * ROUNDS), sql.out().lines().toList(), sql.err());
    }

    private static void theWholeFolderIsInUtcAndDotsWhereverTheReaderLives(SoakUnderTest soak) throws Exception {
        Fork.Result round = soak.frozen(GERMAN, "round");
        assertEquals(0, round.exit(), round.out() + round.err());
        Path folder = soak.lastRound();
        JsonNode summary = soak.lastSummary();
        assertEquals(
                folder.getParent().getFileName() + "/" + folder.getFileName(),
                summary.get("round_id").asText());
        Instant time = Instant.ofEpochSecond(summary.get("unix_ts").asLong());
        assertEquals(
                "round-" + time.toString().substring(11, 19).replace(":", ""),
                folder.getFileName().toString());
        assertTrue(Files.readAllLines(folder.resolve("create-times.txt")).stream()
                .allMatch(line -> line.matches("\\d+\\.\\d{6}")));

        String asOf = time.plusSeconds(1).toString();
        SoakUnderTest.await(asOf, () -> Instant.now().isAfter(time.plusSeconds(1)));
        assertEquals(
                10, soak.frozen("report", "--type", "final", "--as-of", asOf).exit());
        String json = soak.text("final-report.json");
        String text = soak.text("final-report.txt");
        Fork.Result german = soak.frozen(GERMAN, "report", "--type", "final", "--as-of", asOf);
        assertEquals(10, german.exit(), german.err());
        assertEquals(json, soak.text("final-report.json"));
        assertEquals(text, soak.text("final-report.txt"));
    }
}
