import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.ShellWords;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A soak that the bash scripts began is taken over as it stands (tests/fixtures/legacy says what is in it). */
@Tag("slow")
class EndToEndLegacyTest {
    private static final int LEGACY_ROUNDS = 12;

    @TempDir
    Path folder;

    /**
     * The captured rounds as of the day before yesterday and yesterday, so that they lie in the past whenever this
     * runs.
     */
    private static void copyRounds(Path fixture, Path soak, LocalDate first) throws IOException {
        try (Stream<Path> files = Files.walk(fixture.resolve("rounds"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String place = fixture.relativize(file)
                        .toString()
                        .replace("2026-10-01", first.toString())
                        .replace("2026-10-02", first.plusDays(1).toString());
                Files.createDirectories(soak.resolve(place).getParent());
                Files.copy(file, soak.resolve(place));
            }
        }
        Files.copy(fixture.resolve("setup-summary.txt"), soak.resolve("setup-summary.txt"));
        Files.copy(fixture.resolve("plan-template.json"), soak.resolve("plan-template.json"));
    }

    private static String bashConfig(Path soak, int port, Path cli) {
        String command = Fork.java("controlplane", "serve").stream()
                .map(ShellWords::quote)
                .collect(Collectors.joining(" "));
        return "CP_URL=http://127.0.0.1:" + port + "\nCP_METRICS_URL=http://127.0.0.1:" + Ports.free() + "/metrics\n"
                + "CP_COMMAND='" + command
                + " --listen {listen} --metrics-listen {metrics_listen} --data-dir {data_dir}'\nAUTONOMY_CLI=" + cli
                + "\n"
                + "AUTONOMY_OPERATOR=bash-operator\nAUTONOMY_AUDIT_DIR='" + soak
                + "/audit-store'\n"
                + "AUTONOMY_RBAC_ENFORCEMENT=0\n"
                + "PLANS_PER_ROUND=10\n"
                + "CP_START_TIMEOUT_SECONDS=60\n"
                + "SOME_KEY_OF_THEIRS=kept\n";
    }

    /** What the real store would still hold of the rounds before. */
    private static void fillStore(int port, int plans) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        for (int i = 0; i < plans; i++) {
            HttpRequest create = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/rollouts"))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"plan_id\":\"legacy-" + i + "\",\"artifact_ref\":\"a\",\"stuck_after_seconds\":259200}"))
                    .build();
            assertEquals(
                    201, http.send(create, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void a_soak_that_bash_scripts_began_goes_on_and_is_judged_as_one() throws Exception {
        Path fixture = SoakUnderTest.repository().resolve("tests/fixtures/legacy");
        LocalDate first = LocalDate.now(ZoneOffset.UTC).minusDays(2);
        int port = Ports.free();
        Path dir = Files.createDirectory(folder.resolve("soak"));
        copyRounds(fixture, dir, first);
        Files.writeString(dir.resolve("config.env"), bashConfig(dir, port, ForeignControlPlane.cli(folder)));
        String summary = Files.readString(dir.resolve("setup-summary.txt"));

        try (SoakUnderTest soak = SoakUnderTest.in(dir)) {
            Fork.Result setup = soak.setup();
            assertEquals(0, setup.exit(), setup.out() + setup.err());
            assertEquals(LEGACY_ROUNDS, soak.rounds().size(), "a take-over burns no slot");
            assertEquals(first + "T20:00:05Z", soak.config().get("SOAK_STARTED_AT"), "the first of them");
            assertEquals(summary, soak.text("setup-summary.txt"));
            assertEquals("bash-operator", soak.config().get("AUTONOMY_OPERATOR"));
            assertTrue(soak.text("config.env").contains("SOME_KEY_OF_THEIRS=kept"));

            fillStore(port, 123);
            JsonNode round = soak.round(0);
            assertEquals(LEGACY_ROUNDS + 1, round.get("round").asInt());
            assertEquals(133, round.get("plan_count").asInt());
            assertEquals(
                    10, round.get("expected_plans").asInt(), "the scripts did not write down which plans they made");

            Fork.Result daily = soak.frozen("report", "--type", "daily", "--date", first.toString());
            assertEquals(10, daily.exit(), daily.out() + daily.err());
            JsonNode day = soak.json("daily/" + first + "-summary.json");
            assertEquals(1, day.get("day").asInt());
            assertEquals(8, day.get("total_rounds").asInt());
            assertEquals(7, day.get("healthy_rounds").asInt());
            assertEquals(10.356, day.get("daily_p99_ms").asDouble());
            assertEquals(0, day.get("missed_rounds").asInt());
            assertTrue(
                    soak.text("alerts.log").contains(" ALERT daily_uptime_pct=87.5 threshold=99.9 day=1"),
                    soak.text("alerts.log"));

            assertEquals(10, soak.frozen("report", "--type", "final").exit());
            JsonNode report = soak.json("final-report.json");
            assertEquals(LEGACY_ROUNDS + 1, report.get("total_rounds").asInt());
            assertEquals(LEGACY_ROUNDS, report.get("healthy_rounds").asInt());
            assertEquals(1, report.get("failed_rounds").asInt());
            assertEquals(0, report.get("interrupted_rounds").asInt());
            assertEquals(130, report.get("total_creates").asInt());
            assertEquals(3, report.get("total_recovery_attempts").asInt());
            assertEquals(7.093, report.get("round1_p99_ms").asDouble());
            assertEquals(133, report.get("final_plan_count").asInt());
            assertTrue(report.get("cp_restart_count").asInt() >= 1);
            assertFalse(report.get("complete").asBoolean());
            Fork.Result verified = soak.frozen("report", "--type", "verify");
            assertEquals(0, verified.exit(), verified.out() + verified.err());
            assertTrue(
                    verified.out().contains(": " + LEGACY_ROUNDS + " rounds up to rounds/"),
                    "the scripts' rounds are adopted: " + verified.out());
        }
    }
}
