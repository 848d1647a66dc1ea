import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import soak.RoundFiles;

/** {@code --type verify}: of a folder and of an archive, with heads from elsewhere and without. */
@Tag("slow")
class VerifyTest extends AttachedSoak {
    private static final String NOW = "2026-10-01T03:00:00Z";

    private List<RoundRig.Round> rounds;

    @BeforeEach
    void start() throws IOException {
        rounds = rig.rounds(4);
        Files.writeString(rig.dir.alertsLog(), "");
    }

    private static Reports.Ran verify(Path what, String... more) {
        return Reports.run(NOW, what, Fork.words(List.of("--type", "verify"), more));
    }

    private static String last(String text) {
        List<String> lines = text.lines().toList();
        return lines.get(lines.size() - 1);
    }

    @Test
    void an_untouched_soak_fits_and_nothing_is_written_into_it() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        Reports.run(NOW, folder, "--type", "checkpoint");
        Map<String, String> before = Reports.contents(folder);
        Reports.Ran ran = verify(folder);
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertEquals("Everything that is sealed fits, and 2 stored reports agree with the evidence.", last(ran.out()));
        assertTrue(ran.out().startsWith("rounds sealed: 4, "), ran.out());
        assertTrue(ran.out().contains("\nnot checked: pages and texts (.html, .txt) "), ran.out());
        assertFalse(ran.out().contains("the JSON that each report writes"), ran.out());
        assertEquals("", ran.err());
        assertEquals(before, Reports.contents(folder));
    }

    @Test
    void a_stored_report_of_a_moment_or_a_day_beyond_every_calendar_is_told_as_one_that_differs() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        Reports.run(NOW, folder, "--type", "checkpoint");
        Path stored = folder.resolve("final-report.json");
        Files.writeString(
                stored,
                Files.readString(stored)
                        .replaceFirst("\"as_of\" ?: ?\"[^\"]*", "\"as_of\": \"+999999999-12-31T23:59:59Z"));
        Path day = folder.resolve("checkpoints/checkpoint-99999d.json");
        Files.move(folder.resolve("checkpoints/checkpoint-7d.json"), day);
        Reports.Ran ran = verify(folder);
        assertEquals(10, ran.exit(), ran.err());
        assertEquals("", ran.err());
        assertTrue(ran.out().startsWith("differs: final-report.json: is no report that can be read\n"), ran.out());
        assertTrue(ran.out().contains("\ndiffers: checkpoints/checkpoint-99999d.json: day is 7, "), ran.out());
    }

    @Test
    void an_edited_byte_is_named_with_its_file_and_what_the_stored_report_says_otherwise() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        Forger.editTimes(rounds.get(1));
        Reports.Ran ran = verify(folder);
        assertEquals(10, ran.exit());
        assertTrue(
                ran.out()
                        .startsWith("altered: rounds/2026-10-01/round-003000/create-times.txt: is not what the round's"
                                + " seal says (sha256 "),
                ran.out());
        assertTrue(ran.out().contains("\ndiffers: final-report.json: max_p99_ms is "), ran.out());
        assertEquals(
                "ALTERED since it was sealed: 1 file or folder changed, missing or added, the first"
                        + " rounds/2026-10-01/round-003000/create-times.txt. 1 stored report differs from the"
                        + " evidence.",
                last(ran.out()));
        JsonNode json = Json.parse(verify(folder, "--format", "json").out());
        assertFalse(json.get("ok").asBoolean());
        assertEquals(1, json.get("altered_files").asInt());
        assertEquals("altered", json.get("findings").get(0).get("kind").asText());
        assertEquals(
                "2026-10-01/round-003000",
                json.get("findings").get(0).get("round_id").asText());
        String junit = verify(folder, "--format", "junit").out();
        assertTrue(junit.contains("<testsuite name=\"soak-val12 verify\" tests=\"2\" failures=\"2\""), junit);
    }

    @Test
    void an_archive_is_verified_from_itself_alone() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        assertEquals(0, Reports.run(NOW, folder, "--type", "archive").exit());
        Path archive = scratch.resolve("soak-val12-2026-10-01.tar.gz");
        Reports.Ran ran = verify(archive);
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertEquals("Everything that is sealed fits, and 1 stored report agrees with the evidence.", last(ran.out()));

        assertFalse(ran.out().contains("whose folder"), ran.out());
        Files.delete(archive.resolveSibling(archive.getFileName() + ".sha256"));
        Forger.editTimes(rounds.get(2));
        ran = packedByHand(archive);
        assertEquals(10, ran.exit());
        assertTrue(ran.out().startsWith("altered: rounds/2026-10-01/round-010000/create-times.txt: "), ran.out());
        assertTrue(ran.out().contains("\nnot checked: whose folder it is, unpacked: "), ran.out());
        Files.writeString(folder.resolve("ARCHIVE-README.txt"), "An archive.\n");
        Files.createDirectories(folder.resolve("tmp"));
        assertTrue(packedByHand(archive).out().contains("\nnot checked: whose folder it is, unpacked: "));
    }

    private Reports.Ran packedByHand(Path archive) {
        List<String> tar = List.of("tar", "-C", scratch.toString(), "-czf", archive.toString(), "soak");
        assertEquals(0, Fork.run(tar).exit());
        return verify(archive);
    }

    @Test
    void an_archive_is_verified_by_another_user_with_no_home() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        Reports.run(NOW, folder, "--type", "archive");
        Path archive = scratch.resolve("soak-val12-2026-10-01.tar.gz");
        Fork.run("chmod", "-R", "a+rX", scratch.toString());
        Fork.run("chmod", "-R", "go-rwx", folder.toString());
        Fork.Result ran = OtherUser.run(Fork.java("report", archive.toString(), "--type", "verify"));
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertEquals("Everything that is sealed fits, and 1 stored report agrees with the evidence.", last(ran.out()));
    }

    @Test
    void heads_from_elsewhere_anchor_rounds_and_find_seals_that_were_made_anew() throws Exception {
        String head = Sha256.of(rounds.get(2).folder().resolve("round-summary.json"));
        Path heads =
                Files.writeString(scratch.resolve("heads"), "From: cron\n\n2026-10-01/round-010000 " + head + "\n");
        Reports.Ran ran = verify(folder, "--heads", heads.toString());
        assertEquals(0, ran.exit(), ran.out());
        assertTrue(
                ran.out()
                        .contains("rounds anchored: 3, 2026-10-01/round-000000 to 2026-10-01/round-010000\n"
                                + "rounds sealed: 1, 2026-10-01/round-013000\n"),
                ran.out());
        assertTrue(
                ran.out()
                        .contains("not checked: whether the seals of the rounds that are sealed and not anchored were"
                                + " rebuilt after an edit: to check, give --heads FILE with the head of"
                                + " rounds/2026-10-01/round-013000 or of a round after it\n"),
                ran.out());
        String newest = Sha256.of(rounds.get(3).folder().resolve("round-summary.json"));
        Path all = Files.writeString(scratch.resolve("newest"), "2026-10-01/round-013000 " + newest + "\n");
        ran = verify(folder, "--heads", all.toString());
        assertFalse(ran.out().contains("rebuilt"), ran.out());

        Forger.rebuild(rounds, 1);
        ran = verify(folder);
        assertEquals(0, ran.exit(), "without a head it cannot be told");
        assertTrue(ran.out().contains("whether all seals were rebuilt after an edit"));
        ran = verify(folder, "--heads", heads.toString());
        assertEquals(10, ran.exit());
        assertTrue(
                ran.out().startsWith("altered: rounds/2026-10-01/round-010000/round-summary.json: has the head "),
                ran.out());
    }

    @Test
    void heads_leave_by_the_rounds_line_the_metrics_the_daily_summary_and_verify() throws Exception {
        String head = Sha256.of(rounds.get(3).folder().resolve("round-summary.json"));
        assertTrue(
                rounds.get(3).out().endsWith(", head " + head.substring(0, 12) + "\n"),
                rounds.get(3).out());
        String metric = "\nsoak_evidence_head_info{soak_id=\"soak-val12\",round_id=\"2026-10-01/round-013000\","
                + "sha256=\"" + head + "\"} 1\n";
        assertTrue(Files.readString(rig.dir.soakMetrics()).contains(metric), Files.readString(rig.dir.soakMetrics()));
        Reports.Ran daily = Reports.run(NOW, folder, "--type", "daily", "--date", "2026-10-01");
        assertTrue(daily.out().contains("\nHead of the evidence: 2026-10-01/round-013000 " + head + "\n"), daily.out());
        JsonNode told = Json.parse(Files.readString(rig.dir.dailySummary(java.time.LocalDate.parse("2026-10-01"))))
                .get("head");
        assertEquals("2026-10-01/round-013000", told.get("round_id").asText());
        assertEquals(head, told.get("sha256").asText());
        assertEquals(told, Json.parse(verify(folder, "--format", "json").out()).get("head"));
        Path mailbox = Files.writeString(
                scratch.resolve("mailbox"),
                "From: cron\n\n" + rounds.get(1).out() + "\n" + Files.readString(rig.dir.soakMetrics()));
        Reports.Ran ran = verify(folder, "--heads", mailbox.toString());
        assertTrue(ran.out().contains("rounds anchored: 4, "), ran.out());
        mailbox = Files.writeString(scratch.resolve("mailbox"), rounds.get(1).out());
        assertTrue(verify(folder, "--heads", mailbox.toString()).out().contains("rounds anchored: 2, "));
    }

    @Test
    void a_report_counts_anchored_sealed_and_unsealed_rounds_as_of_its_moment_in_text_and_page() throws Exception {
        Files.createDirectories(folder.resolve("rounds/2026-10-01/round-020000")); // a round that runs, or was killed
        String text = Reports.run(NOW, folder, "--type", "final").out();
        String rounds = "0 anchored, 4 sealed (2026-10-01/round-000000 to 2026-10-01/round-013000), 1 unsealed"
                + " (2026-10-01/round-020000)";
        assertTrue(text.contains("\nRounds by their seals: " + rounds + " (to anchor them, give --heads FILE "), text);
        Reports.run(NOW, folder, "--type", "daily", "--date", "2026-10-01");
        for (String page : List.of("final-report.html", "daily/2026-10-01-summary.html", "status.html")) {
            String html = Files.readString(folder.resolve(page));
            assertTrue(html.contains("<p class=\"seals\">Rounds by their seals: " + rounds + " (to anchor them"), page);
        }
        text = Reports.run(NOW, folder, "--type", "final", "--as-of", "2026-10-01T01:10:00Z")
                .out();
        assertTrue(
                text.contains(": 0 anchored, 3 sealed (2026-10-01/round-000000 to 2026-10-01/round-010000), 0 unsealed"
                        + " (to anchor them"),
                text);
    }

    @Test
    void a_report_that_is_given_heads_counts_anchored_rounds_and_finds_seals_that_were_made_anew() throws Exception {
        Path heads = Files.writeString(scratch.resolve("heads"), rounds.get(1).out());
        String anchored = "Rounds by their seals: 2 anchored (2026-10-01/round-000000 to 2026-10-01/round-003000),"
                + " 2 sealed (2026-10-01/round-010000 to 2026-10-01/round-013000), 0 unsealed";
        Reports.Ran ran = Reports.run(NOW, folder, "--type", "final", "--heads", heads.toString());
        assertTrue(ran.out().contains("\n" + anchored + "\n"), ran.out());
        assertEquals(0, verify(folder).exit(), "heads change no field of the stored report");
        Reports.run(NOW, folder, "--type", "checkpoint", "--heads", heads.toString());
        for (String page : List.of("final-report.html", "checkpoints/checkpoint-7d.html")) {
            String html = Files.readString(folder.resolve(page));
            assertTrue(html.contains("<p class=\"seals\">" + anchored + ".</p>"), page);
        }

        Forger.rebuild(rounds, 1);
        for (String type : List.of("final", "checkpoint", "status")) {
            ran = Reports.run(NOW, folder, "--type", type, "--heads", heads.toString(), "--format", "json");
            assertEquals(10, ran.exit(), type);
            assertTrue(
                    ran.out().contains("evidence altered: 1 file, first rounds/2026-10-01/round-003000/round-summary"),
                    ran.out());
        }
    }

    @Test
    void heads_go_with_the_reports_that_count_rounds_alone() {
        for (List<String> arguments : List.of(
                List.of("--type", "daily", "--heads", "x"),
                List.of("--type", "archive", "--tsa-ca", "x"),
                List.of("--sql", "SELECT 1", "--heads", "x"))) {
            Reports.Ran ran = Reports.run(NOW, folder, arguments.toArray(String[]::new));
            assertEquals(64, ran.exit(), ran.err());
            assertTrue(
                    ran.err().contains(" goes with --type checkpoint, final, status or verify alone: leave it out"),
                    ran.err());
        }
        for (String type : List.of("final", "verify")) {
            Reports.Ran ran = Reports.run(NOW, folder, "--type", type, "--heads", "no/such/file");
            assertEquals(64, ran.exit(), ran.err());
            assertTrue(ran.err().startsWith("report: --heads no/such/file cannot be read ("), ran.err());
        }
    }

    @Test
    void what_the_first_report_of_a_date_noted_finds_seals_that_were_made_anew() throws Exception {
        Reports.run(NOW, folder, "--type", "daily", "--date", "2026-10-01");
        Forger.rebuild(rounds, 3);
        Reports.run(NOW, folder, "--type", "daily", "--date", "2026-10-01");
        Reports.Ran ran = verify(folder);
        assertEquals(10, ran.exit());
        assertTrue(
                ran.out().startsWith("altered: rounds/2026-10-01/round-013000/round-summary.json: has the head "),
                ran.out());
        assertTrue(ran.out().contains(" as daily/2026-10-01-summary.json says: "), ran.out());
    }

    @Test
    void what_an_archive_masks_is_told_as_unchecked_and_the_sentence_does_not_say_that_it_fits() throws Exception {
        Files.writeString(
                rig.dir.alertsLog(), "2026-10-01T00:00:00Z ALERT x=ghp_0123456789abcdefghijABCDEFGHIJ012345\n");
        rig.round();
        Reports.run(NOW, folder, "--type", "final");
        assertEquals(0, verify(folder).exit());
        Reports.Ran packed = Reports.run(NOW, folder, "--type", "archive");
        assertEquals(0, packed.exit(), packed.err());
        Reports.Ran ran = verify(scratch.resolve("soak-val12-2026-10-01.tar.gz"));
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("unchecked: alerts.log: secrets in it are masked in this archive"), ran.out());
        assertEquals(
                "What is sealed fits, except for 1 file that cannot be checked, and 1 stored report agrees with"
                        + " the evidence.",
                last(ran.out()));
    }

    private ObjectNode finalReport() throws IOException {
        return (ObjectNode) Json.parse(Files.readString(rig.dir.finalJson()));
    }

    private void differs(ObjectNode stored, String what) throws IOException {
        Files.writeString(rig.dir.finalJson(), Json.write(stored));
        Reports.Ran ran = verify(folder);
        assertEquals(10, ran.exit(), ran.out());
        assertTrue(ran.out().contains("differs: final-report.json: " + what), ran.out());
    }

    @Test
    void a_mask_in_a_stored_report_excuses_no_other_value() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        ObjectNode made = finalReport();
        differs(made.deepCopy().put("overall", "PASS [masked]"), "overall is PASS [masked], the evidence gives INCOM");
        differs(made.deepCopy().put("max_p99_ms", "[masked]"), "max_p99_ms is [masked], the evidence gives ");
    }

    @Test
    void a_field_that_a_stored_report_lacks_is_missed_unless_an_older_judge_did_not_know_it() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        ObjectNode whole = finalReport();
        differs(whole.deepCopy().without("lost_plans"), "lost_plans is not there, the evidence gives 0");
        ObjectNode older = whole.deepCopy().remove(List.of("lost_plans", "judge"));
        Files.writeString(rig.dir.finalJson(), Json.write(older));
        assertEquals(0, verify(folder).exit(), "as older builds wrote it");
        differs(older.deepCopy().without("gate_d"), "gate_d is not there, the evidence gives ");
        ((ObjectNode) older.get("checks").get(0)).remove("verdict");
        differs(older, "VAL12-01.verdict is not there, the evidence gives ");
    }

    @Test
    void a_page_whose_json_is_gone_is_named_in_a_folder_and_in_an_archive() throws Exception {
        Reports.run(NOW, folder, "--type", "final");
        Reports.run(NOW, folder, "--type", "checkpoint");
        Files.delete(folder.resolve("final-report.json"));
        Files.delete(folder.resolve("checkpoints/checkpoint-7d.json"));
        Reports.run(NOW, folder, "--type", "archive");
        for (Path what : List.of(folder, scratch.resolve("soak-val12-2026-10-01.tar.gz"))) {
            Reports.Ran ran = verify(what);
            assertTrue(
                    ran.out()
                            .contains("\n"
                                    + "not checked: final-report.html, final-report.intoto.json, final-report.txt,"
                                    + " checkpoints/checkpoint-7d.html: the JSON that each report writes beside"
                                    + " these files is missing, "),
                    ran.out() + ran.err());
        }
    }

    /** The page on evidence shows the same check with sha256sum and jq alone. */
    @Test
    void a_stranger_finds_the_same_by_hand() throws Exception {
        String last = RoundFiles.id(rounds.get(3).folder()) + "/round-summary.json";
        String head = Sha256.of(folder.resolve("rounds/" + last)) + "  " + last;
        assertEquals(List.of(head), ByHand.check(folder));
        Forger.editTimes(rounds.get(1));
        Path summary = rounds.get(2).folder().resolve("round-summary.json");
        Files.writeString(summary, Files.readString(summary) + "\n");
        String edited = RoundFiles.id(rounds.get(2).folder()) + "/round-summary.json";
        List<String> found = ByHand.check(folder);
        assertEquals(
                List.of("2026-10-01/round-003000/create-times.txt: FAILED", edited + ": FAILED"), found.subList(0, 2));
        assertEquals(Set.of(Sha256.of(summary) + "  " + edited, head), Set.copyOf(found.subList(2, found.size())));
    }

    @Test
    void what_cannot_be_verified_is_told_in_one_sentence() throws Exception {
        Path none = Files.writeString(scratch.resolve("none"), "Dear Sir, no heads today.\n");
        Reports.Ran ran = verify(folder, "--heads", none.toString());
        assertEquals(64, ran.exit());
        assertTrue(ran.err().contains("holds no head: give a text with lines"), ran.err());
        assertEquals(
                64,
                verify(folder, "--heads", scratch.resolve("absent").toString()).exit());
        Path text = Files.writeString(scratch.resolve("text.tar.gz"), "no archive");
        ran = verify(text);
        assertEquals(70, ran.exit());
        assertTrue(ran.err().contains("could not be unpacked"), ran.err());
        assertEquals(64, verify(scratch.resolve("absent")).exit());
        assertEquals(
                64,
                Reports.run(NOW, folder, "--type", "final", "--heads", none.toString())
                        .exit());
        assertEquals(1, ran.err().lines().count());
    }
}
