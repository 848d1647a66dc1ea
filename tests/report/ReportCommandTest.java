import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What report.java prints, writes and returns; its figures are tested with the SQL that makes them. */
@Tag("slow")
class ReportCommandTest {
    @TempDir
    Path scratch;

    @Test
    void status_says_where_the_soak_stands_and_writes_nothing() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch).alert("2026-10-03T02:00:00Z ALERT lost_plans=1 threshold=0 day=3");
        soak.write();
        Map<String, String> before = Reports.contents(scratch);
        Reports.Ran ran = Reports.of("2026-10-05T12:34:56Z", soak, "--type", "status", "--format", "text");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertTrue(
                ran.out().contains("\nLast round: 2026-10-05T12:00:00Z (healthy; ")
                        && ran.out().contains("\nNext round due: 2026-10-05T14:00:00Z\n")
                        && ran.out().contains("\nVAL12-06 rollback_rate_7d: PENDING (")
                        && ran.out().endsWith("ALERT lost_plans=1 threshold=0 day=3\n"),
                ran.out());
        JsonNode status = Json.parse(Reports.of("2026-10-05T12:34:56Z", soak, "--type", "status", "--format", "json")
                .out());
        assertEquals("2026-10-05T14:00:00Z", status.path("next_due_at").asText());
        assertEquals(PlanChecks.CHECKS, status.path("checks").findValuesAsText("id"));
        assertEquals(List.of(), Reports.changed(before, Reports.contents(scratch)));
    }

    /** As the screen and the JSON have it: the next slot to begin said nothing of the one that waits. */
    @Test
    void the_text_of_a_status_tells_an_overdue_round_and_that_none_is_to_come() throws Exception {
        SoakFixture late =
                SoakFixture.in(scratch.resolve("late")).days(2).interval(7200).rounds(0, 4);
        late.write();
        assertEquals(
                "2026-10-01T08:00:00Z, overdue by 4 h 5 min, 2 slots missed", nextDue("2026-10-01T12:05:00Z", late));
        assertEquals("2026-10-01T08:00:00Z", nextDue("2026-10-01T08:01:00Z", late));
        assertEquals("none", nextDue("2026-10-03T00:00:00Z", late));
        SoakFixture whole =
                SoakFixture.in(scratch.resolve("whole")).days(2).interval(7200).rounds(0, 24);
        whole.write();
        assertEquals("none", nextDue("2026-10-02T23:00:00Z", whole));
        assertTrue(Json.parse(Reports.of("2026-10-02T23:00:00Z", whole, "--type", "status", "--format", "json")
                        .out())
                .path("next_due_at")
                .isNull());
    }

    /** A slot that runs has not passed, and a slot may have several rounds. */
    @Test
    void the_text_of_a_status_says_no_more_rounds_than_scheduled_and_tells_the_failed_ones() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("soak"))
                .days(2)
                .interval(7200)
                .rounds(0, 4)
                .round(2, r -> r.set("health", "failed").set("v01_health", "FAIL"));
        soak.write();
        String out = Reports.of("2026-10-01T06:30:00Z", soak, "--type", "status", "--format", "text")
                .out();
        assertTrue(
                out.contains("\nRounds: 4, slots that have passed: 3 (healthy 3, failed 1, interrupted 0, missed 0)\n"),
                out);
    }

    private static String nextDue(String now, SoakFixture soak) {
        String out =
                Reports.of(now, soak, "--type", "status", "--format", "text").out();
        return out.replaceAll("(?s).*\nNext round due: ([^\n]*)\n.*", "$1");
    }

    @Test
    void without_a_round_there_is_nothing_to_judge_and_no_file() throws Exception {
        SoakFixture empty = SoakFixture.in(scratch.resolve("soak")).days(10).interval(7200);
        empty.write();
        Map<String, String> before = Reports.contents(scratch);
        for (String[] type : new String[][] {
            {"daily", "--date", "2026-10-01"},
            {"checkpoint"},
            {"final"},
            {"status"},
            {"archive"},
            {"final", "--archive"}
        }) {
            List<String> args = new ArrayList<>(List.of("--type"));
            args.addAll(List.of(type));
            Reports.Ran ran = Reports.of("2026-10-02T01:00:00Z", empty, args.toArray(String[]::new));
            assertEquals(Exit.NO_EVIDENCE, ran.exit(), type[0]);
            assertEquals(
                    type[0].equals("status"),
                    ran.out().contains("no round yet"),
                    "the screen of a soak says so too, and nothing else does: " + ran.out());
            assertTrue(
                    ran.err().startsWith("report: there is no round before 2026-10-0")
                            && !ran.err().contains("round.java") // it would count
                            && ran.err().lines().count() == 1,
                    ran.err());
        }
        assertEquals(List.of(), Reports.changed(before, Reports.contents(scratch)));
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Reports.Ran early = Reports.of(Reports.AFTER, soak, "--type", "final", "--as-of", "2026-10-01T00:00:00Z");
        assertEquals(Exit.NO_EVIDENCE, early.exit(), "a round that starts at as_of is not before it");
        assertTrue(
                early.err().contains("if a round ran after that, give a later instant or date; if none ever ran,"),
                early.err());
        assertEquals(
                Exit.OK,
                Reports.of("2026-10-01T00:00:01Z", soak, "--sql", "SELECT 1").exit());
    }

    private void refused(String part, String... args) throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        Map<String, String> before = Reports.contents(scratch);
        Reports.Ran ran = Reports.of("2026-10-05T12:00:00Z", soak, args);
        assertEquals(Exit.USAGE, ran.exit(), part);
        assertEquals("", ran.out());
        assertTrue(ran.err().contains(part), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
        assertEquals(List.of(), Reports.changed(before, Reports.contents(scratch)));
    }

    @Test
    void a_wrong_option_is_one_sentence_that_names_it_and_the_remedy() throws Exception {
        refused(
                "--type weekly is unknown: give daily, checkpoint, final, status, archive or verify",
                "--type",
                "weekly");
        refused("give --type daily, checkpoint, final, status, archive or verify, or --sql");
        refused("--date 2026-10-06 is in the future", "--type", "daily", "--date", "2026-10-06");
        refused(
                "--date 2026-09-30 is before the soak, whose first date is 2026-10-01: give --date from 2026-10-01 to"
                        + " 2026-10-05\n",
                "--type",
                "daily",
                "--date",
                "2026-09-30");
        refused("--day 0 is not a day of the soak: give 1 to 10", "--type", "checkpoint", "--day", "0");
        refused("--day 11 is not a day of the soak", "--type", "checkpoint", "--day", "11");
        refused("--day 8 is in the future", "--type", "checkpoint", "--day", "8");
        refused("--as-of 2026-10-05T12:00:01Z is in the future", "--type", "final", "--as-of", "2026-10-05T12:00:01Z");
        refused(
                "lies beyond the end of soak day 2",
                "--type",
                "checkpoint",
                "--day",
                "2",
                "--as-of",
                "2026-10-03T00:00:01Z");
        refused("--as-of does not go with --type status", "--type", "status", "--as-of", "2026-10-03T00:00:01Z");
        refused("--date goes with --type daily alone", "--type", "final", "--date", "2026-10-01");
        refused("--day goes with --type checkpoint alone", "--type", "daily", "--day", "1");
        refused("--archive goes with --type final alone", "--type", "archive", "--archive");
        refused("--format xml is unknown with --type: give text, json or junit", "--type", "final", "--format", "xml");
        refused("--dated", "--type", "final", "--dated", "x");
    }

    @Test
    void a_folder_that_is_no_soak_is_refused_with_the_remedy() throws Exception {
        Files.writeString(scratch.resolve("file"), "");
        Files.createDirectory(scratch.resolve("empty"));
        for (String[] wrong :
                new String[][] {{"missing", "does not exist"}, {"file", "is a file"}, {"empty", "has no config.env"}}) {
            Reports.Ran ran = Reports.run(Reports.AFTER, scratch.resolve(wrong[0]), "--type", "final");
            assertEquals(Exit.USAGE, ran.exit());
            assertTrue(ran.err().contains(wrong[1]) && ran.err().contains("setup.java"), ran.err());
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_said_so() throws Exception {
        SoakFixture soak = Reports.tenDays(scratch);
        soak.write();
        // stands where the temporary file would
        Files.createDirectories(soak.dir().daily().resolve("2026-10-02-summary.json.tmp"));
        Reports.Ran ran = Reports.of("2026-10-03T01:00:00Z", soak, "--type", "daily");
        assertEquals(Exit.FAILED, ran.exit());
        assertTrue(
                ran.err().contains("2026-10-02-summary.json could not be written")
                        && ran.err().lines().count() == 1,
                ran.err());
    }
}
