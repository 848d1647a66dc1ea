import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checkpoint report, and a question about an earlier moment. */
@Tag("slow")
class ReportCheckpointTest {
    @TempDir
    Path scratch;

    @Test
    void a_checkpoint_has_the_contracts_fields_with_its_day_in_their_names() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-08T02:00:00Z", soak, "--type", "checkpoint");
        assertEquals(Exit.OK, ran.exit(), ran.out());
        JsonNode checkpoint = Reports.json(soak.dir().root().resolve("checkpoints/checkpoint-7d.json"));
        assertEquals(
                Reports.words("day, window_start, window_end, as_of, complete, rehearsal, cp_mode, total_rounds,"
                        + " healthy_rounds, interrupted_rounds, missed_rounds, uptime_pct, total_creates,"
                        + " rollback_rate_7d, recovery_attempts_7d, total_recovery_attempts, recoveries_refuted,"
                        + " rollback_rate_by_exit_code, p99_ms_7d, pooled_p99_ms_7d, checks, claims, outlook,"
                        + " margins, trends, harness_cost, notes, problems, problems_left_out, report_version, judge"),
                Reports.names(checkpoint));
        assertEquals(PlanChecks.CHECKS, checkpoint.path("checks").findValuesAsText("id"));
        assertEquals(PlanChecks.CLAIMS, checkpoint.path("claims").findValuesAsText("id"));
        assertEquals(
                Reports.words("id, name, verdict, value, target, detail"),
                Reports.names(checkpoint.path("checks").path(0)));
        assertTrue(checkpoint.path("complete").asBoolean());
        assertEquals("2026-10-08T00:00:00Z", checkpoint.path("as_of").asText());
        assertTrue(ran.out().contains("\nVAL12-08 cp_availability: PENDING ("), ran.out());
        assertTrue(Reports.names(Reports.json(checkpointOf(soak, "--day", "3"))).contains("rollback_rate_3d"));
    }

    @Test
    void a_question_about_an_earlier_moment_is_answered_and_takes_no_complete_reports_place() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.of(Reports.AFTER, soak, "--type", "checkpoint", "--day", "2");
        Reports.of(Reports.AFTER, soak, "--type", "final");
        for (String file : List.of("checkpoints/checkpoint-2d.json", "final-report.json", "final-report.txt")) {
            byte[] complete = Files.readAllBytes(soak.dir().root().resolve(file));
            List<String> question = new ArrayList<>(
                    file.startsWith("final")
                            ? List.of("--type", "final")
                            : List.of("--type", "checkpoint", "--day", "2"));
            question.addAll(
                    List.of("--as-of", soak.start().plusSeconds(36 * 3600).toString()));
            Reports.Ran ran = Reports.of(Reports.AFTER, soak, question.toArray(String[]::new));
            assertTrue(ran.err().contains("is complete and is kept"), ran.err());
            assertTrue(ran.out().contains("INCOMPLETE"), ran.out());
            assertArrayEquals(complete, Files.readAllBytes(soak.dir().root().resolve(file)), file);
        }
    }

    private static Path checkpointOf(SoakFixture soak, String option, String day) {
        Reports.of(Reports.AFTER, soak, "--type", "checkpoint", option, day);
        return soak.dir().root().resolve("checkpoints/checkpoint-" + day + "d.json");
    }

    @Test
    void a_checkpoint_before_its_day_is_not_complete_and_a_later_run_replaces_it() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        assertEquals(
                Exit.OK,
                Reports.of("2026-10-04T02:00:00Z", soak, "--type", "checkpoint").exit());
        Path file = soak.dir().root().resolve("checkpoints/checkpoint-7d.json");
        assertFalse(Reports.json(file).path("complete").asBoolean());
        Reports.of(Reports.AFTER, soak, "--type", "checkpoint", "--day", "7");
        assertTrue(Reports.json(file).path("complete").asBoolean());
    }

    @Test
    void a_checkpoint_with_a_failed_check_is_exit_10() {
        SoakFixture soak = Reports.tenDays(scratch).round(3, r -> r.set("scan_http_code", "500"));
        soak.write();
        Reports.Ran ran = Reports.of("2026-10-08T02:00:00Z", soak, "--type", "checkpoint");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(
                ran.out()
                        .contains("\n"
                                + "VAL12-05 stuck_detection_ops: FAIL (scan_failures=1, lost since"
                                + " rounds/2026-10-01/round-060000)\n"),
                ran.out());
    }
}
