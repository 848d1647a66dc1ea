import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import soak.RoundFiles;

/** {@code --heads}: how a head is found in a text, and which rounds it anchors. */
@Tag("slow")
class HeadsTest extends AttachedSoak {
    private List<RoundRig.Round> rounds;

    @BeforeEach
    void start() throws IOException {
        rounds = rig.rounds(4);
    }

    private Reports.Ran verifyBy(String heads) throws IOException {
        return verifyBy(Files.writeString(scratch.resolve("heads"), heads));
    }

    private Reports.Ran verifyBy(Path file) {
        return Reports.run("2026-10-01T03:00:00Z", rig.dir.root(), "--type", "verify", "--heads", file.toString());
    }

    @Test
    void heads_are_found_in_broken_mail_and_in_json_of_any_order_and_never_taken_for_another_rounds() throws Exception {
        List<String> ids =
                rounds.stream().map(round -> RoundFiles.id(round.folder())).toList();
        List<String> hashes = new ArrayList<>();
        for (RoundRig.Round round : rounds) {
            hashes.add(Sha256.of(round.folder().resolve("round-summary.json")));
        }
        String line = ids.get(1) + " " + hashes.get(1);
        Reports.Ran ran = verifyBy(line.substring(0, 60) + "=\r\n" + line.substring(60) + "\n");
        assertTrue(ran.out().startsWith("rounds anchored: 2, "), ran.out());
        String json = "{\"sha256\":\"%s\",\"round_id\":\"%s\"},";
        ran = verifyBy(
                "[" + json.formatted(hashes.get(0), ids.get(0)) + json.formatted(hashes.get(2), ids.get(2)) + "]");
        assertEquals(0, ran.exit(), ran.out());
        assertTrue(ran.out().startsWith("rounds anchored: 3, "), ran.out());
        ran = verifyBy(ids.get(0) + " was killed, " + line);
        assertEquals(0, ran.exit(), ran.out());
        assertTrue(ran.out().startsWith("rounds anchored: 2, "), ran.out());
    }

    /** Whoever forges a round and owns its machine can have it mail the forged line too. */
    @Test
    void of_two_heads_of_a_round_the_one_that_it_has_does_not_excuse_the_other() throws Exception {
        Path folder = rounds.get(2).folder();
        String id = RoundFiles.id(folder);
        String here = Sha256.of(folder.resolve("round-summary.json"));
        String known = "ab".repeat(32);
        for (String text :
                List.of(id + " " + known + "\n" + id + " " + here, id + " " + here + "\n" + id + " " + known)) {
            Reports.Ran ran = verifyBy(text);
            assertEquals(10, ran.exit(), ran.out());
            assertTrue(
                    ran.out()
                            .contains("altered: rounds/" + id + "/round-summary.json: has the head "
                                    + here.substring(0, 12) + ", not abababababab as "),
                    ran.out());
            assertFalse(ran.out().contains("rounds anchored"), ran.out());
        }
        Reports.Ran ran = verifyBy(id + " " + here + "\n" + id + " head " + here);
        assertEquals(0, ran.exit(), ran.out());
    }

    /** What a person at a Windows machine keeps: UTF-16 with its mark, line ends of two characters, capitals. */
    @Test
    void heads_are_found_in_a_file_as_windows_saves_it() throws Exception {
        RoundRig.Round third = rounds.get(2);
        String line = RoundFiles.id(third.folder()) + " "
                + Sha256.of(third.folder().resolve("round-summary.json")).toUpperCase(Locale.ROOT) + "\r\n";
        Path file = scratch.resolve("heads");
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Files.write(file, ("\uFEFF" + line).getBytes(charset));
            Reports.Ran ran = verifyBy(file);
            assertEquals(0, ran.exit(), ran.out() + ran.err());
            assertTrue(ran.out().startsWith("rounds anchored: 3, "), ran.out());
        }
    }

    /** A report that was given heads asks for none. */
    @Test
    void a_report_whose_heads_anchor_nothing_says_so() throws Exception {
        Path file = Files.writeString(
                scratch.resolve("heads"), RoundFiles.id(rounds.get(1).folder()) + " " + "0123".repeat(16) + "\n");
        String given = Reports.run(
                        "2026-10-01T03:00:00Z", rig.dir.root(), "--type", "final", "--print-only", "--heads", file + "")
                .out();
        assertTrue(
                given.contains("no head that was given belongs to a round of this folder: --type verify with"
                        + " the same file names each"),
                given);
        assertFalse(given.contains("give --heads FILE"), given);
    }

    /** As a final report that is given the same heads says. */
    @Test
    void what_heads_find_is_in_the_verdicts_that_a_verification_judges_again() throws Exception {
        String now = "2026-10-01T03:00:00Z";
        String head = RoundFiles.id(rounds.get(2).folder()) + " "
                + Sha256.of(rounds.get(2).folder().resolve("round-summary.json"));
        Path file = Files.writeString(scratch.resolve("heads"), head);
        Reports.run(now, rig.dir.root(), "--type", "final");
        Reports.Ran ran = verifyBy(head);
        assertEquals(0, ran.exit(), ran.out());

        Forger.rebuild(rounds, 1);
        ran = verifyBy(head);
        String judged = "overall FAIL, Gate D NOT PROVEN (evidence altered: 1 file, first rounds/"
                + RoundFiles.id(rounds.get(2).folder()) + "/round-summary.json)\n";
        assertTrue(ran.out().contains(judged), ran.out());
        assertTrue(ran.out().contains("\ndiffers: final-report.json: gate_d is "), ran.out());
        Reports.run(now, rig.dir.root(), "--type", "final", "--heads", file.toString());
        ran = verifyBy(head);
        assertTrue(ran.out().contains(judged), ran.out());
        assertFalse(ran.out().contains("differs:"), ran.out());
    }

    /** Of the places that the contract names, the status and the daily summary are JSON. */
    @Test
    void heads_are_found_in_the_json_of_a_status_and_of_a_daily_summary() throws Exception {
        String now = "2026-10-01T03:00:00Z";
        String status = Reports.run(now, rig.dir.root(), "--type", "status", "--format", "json")
                .out();
        Reports.run(now, rig.dir.root(), "--type", "daily", "--date", "2026-10-01");
        String daily = Files.readString(rig.dir.root().resolve("daily/2026-10-01-summary.json"));
        for (String json : List.of(status, daily)) {
            Reports.Ran ran = verifyBy(json);
            assertTrue(ran.out().contains("rounds anchored: 4, "), ran.out() + ran.err());
            Reports.Ran other =
                    verifyBy(json.replaceFirst("(\"sha256\" : \")[0-9a-f]{8}(.{56}\"\\s+\\})", "$100000000$2"));
            assertEquals(10, other.exit(), other.out() + other.err());
        }
    }

    @Test
    void a_line_whose_time_is_none_names_a_round_that_is_not_there() throws Exception {
        Reports.Ran ran = verifyBy("2026-13-45T00:00:00Z round 1 slot 0: PASS, head 0123456789ab\n");
        assertEquals(10, ran.exit(), ran.err());
        assertTrue(
                ran.out().startsWith("missing: rounds/2026-13-45/round-000000/round-summary.json: is missing"),
                ran.out());
    }

    @Test
    void a_round_whose_summary_an_archive_masks_is_tied_to_no_later_head() throws Exception {
        Path masked = rounds.get(1).folder().resolve("round-summary.json");
        String heads = "";
        for (RoundRig.Round round : rounds) {
            heads += RoundFiles.id(round.folder()) + " "
                    + Sha256.of(round.folder().resolve("round-summary.json")) + "\n";
        }
        ObjectNode summary = (ObjectNode) Json.parse(Files.readString(masked));
        summary.withArray("warnings").add("token [masked] was seen");
        Files.writeString(masked, Json.write(summary));
        Files.writeString(
                rig.dir.root().resolve("ARCHIVE-README.txt"),
                "- rounds/2026-10-01/round-003000/round-summary.json (1 place)\n");
        Reports.Ran ran = verifyBy(heads);
        assertEquals(0, ran.exit(), ran.out());
        assertTrue(ran.out().contains("the other files of its round are checked against this file alone"), ran.out());
        assertTrue(ran.out().contains("round-summary.json: does not have the head "), ran.out());
        assertTrue(ran.out().contains("rounds anchored: 3, "), ran.out());
        ran = verifyBy(heads.lines().toList().get(3));
        assertTrue(ran.out().contains("rounds anchored: 2, 2026-10-01/round-010000 to "), ran.out());
        Forger.editTimes(rounds.get(1));
        ran = verifyBy(heads);
        assertEquals(10, ran.exit(), ran.out());
        assertTrue(
                ran.out().startsWith("altered: rounds/2026-10-01/round-003000/create-times.txt: is not what the "),
                ran.out());
    }
}
