import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.SoakDir;

/** An archive as it was unpacked stays so, whoever judges it: what is compared with must not be written over. */
@Tag("slow")
class ArchiveReadOnlyTest {
    /** With a soak and its archive, which no test changes. */
    @TempDir
    static Path owner;

    private static Path soak;
    private static Path packed;

    @TempDir
    Path scratch;

    private SoakDir archive;

    @BeforeAll
    static void pack() throws Exception {
        soak = owner.resolve("soak");
        SoakFixture ended = SoakFixture.in(soak)
                .set("CP_MODE", "embedded")
                .days(2)
                .interval(3600)
                .rounds(0, 48);
        ended.write();
        for (List<String> type : List.of(
                List.of("--type", "daily", "--date", "2026-10-02"),
                List.of("--type", "checkpoint", "--day", "1"),
                List.of("--type", "final", "--archive"))) {
            Reports.of(Reports.AFTER, ended, type.toArray(String[]::new));
        }
        packed = owner.resolve(
                Reports.json(ended.dir().finalJson()).get("archive").asText());
    }

    @BeforeEach
    void unpack() throws Exception {
        Path to = Files.createDirectory(scratch.resolve("reviewer"));
        sh("tar -xzf \"$1\" -C \"$2\"", packed, to);
        archive = new SoakDir(to.resolve("soak"));
        assertTrue(archive.isUnpackedArchive());
    }

    @AfterEach
    void makeItRemovable() {
        sh("chmod -R u+w \"$1\"", scratch);
    }

    private static void sh(String script, Path... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", script, "sh"));
        List.of(arguments).forEach(argument -> command.add(argument.toString()));
        Fork.Result ran = Fork.run(command);
        assertEquals(0, ran.exit(), ran.err());
    }

    private Reports.Ran report(String... arguments) {
        return Reports.run(Reports.AFTER, archive.root(), arguments);
    }

    /** For root, who may write in a folder that nobody may write, as for all others. */
    @Test
    void no_report_of_any_kind_changes_a_byte_a_time_or_a_folder_of_it() throws Exception {
        sh("chmod -R a-w \"$1\"", archive.root());
        String before = Listing.of(archive.root().getParent());
        for (List<String> arguments : List.of(
                List.of("--type", "daily", "--date", "2026-10-02"),
                List.of("--type", "daily", "--date", "2026-10-01"),
                List.of("--type", "checkpoint", "--day", "1"),
                List.of("--type", "final"),
                List.of("--type", "final", "--as-of", "2026-10-02T00:00:00Z"),
                List.of("--type", "status"),
                List.of("--type", "verify"),
                List.of("--sql", "SELECT count(*) FROM rounds"),
                List.of("--compare", archive.root().toString()),
                List.of("--compare", packed.toString()),
                List.of("--type", "archive"),
                List.of("--type", "final", "--archive"))) {
            Reports.Ran ran = report(arguments.toArray(String[]::new));
            assertNotEquals(Exit.FAILED, ran.exit(), arguments + ran.err());
            assertEquals(before, Listing.of(archive.root().getParent()), arguments + ran.err());
        }
        Fork.Result process = Fork.run(Fork.java("report", archive.root().toString(), "--type", "final"));
        assertTrue(process.err().contains(" is an unpacked archive and stays as it is"), process.err());
        assertEquals(before, Listing.of(archive.root().getParent()), "by a process of its own");
    }

    @Test
    void the_verdict_that_is_made_again_is_printed_and_the_stored_one_is_what_it_is_compared_with() throws Exception {
        String forged = Files.readString(archive.finalText()).replace("\nOverall: ", "\nOverall: forged, not ");
        Files.writeString(archive.finalText(), forged);
        Reports.Ran ran = report("--type", "final");
        assertTrue(ran.out().contains("\nOverall: ") && !ran.out().contains("forged"), ran.out());
        assertTrue(ran.err().contains("this report is only printed"), ran.err());
        assertEquals(forged, Files.readString(archive.finalText()));
    }

    @Test
    void its_report_names_no_command_that_an_unpacked_archive_refuses() {
        String said = report("--type", "final").out();
        assertTrue(
                said.endsWith("\n## Artifact\n"
                        + "Archive: n/a (this folder is an unpacked archive: see the file that it came in)\n"
                        + "SHA-256: n/a\n"
                        + "Restore check: n/a (this folder is an unpacked archive, which is tried out where it"
                        + " was made)\n"),
                said);
    }

    @Test
    void no_archive_is_made_of_an_archive_and_none_is_signed() throws Exception {
        for (List<String> asked : List.of(List.of("--type", "archive"), List.of("--type", "final", "--archive"))) {
            Reports.Ran ran = report(asked.toArray(String[]::new));
            assertEquals(Exit.USAGE, ran.exit(), ran.err());
            assertTrue(ran.err().contains("is an unpacked archive"), ran.err());
        }
        Path key = scratch.resolve("key.pem");
        sh("openssl genpkey -algorithm ed25519 -out \"$1\"", key);
        Reports.Ran signed = report("--type", "final", "--sign-key", key.toString());
        assertEquals(Exit.USAGE, signed.exit(), signed.err());
    }

    /** A setup makes tmp/: the soak goes on, and its reports are files again. */
    @Test
    void a_soak_that_goes_on_from_an_archive_has_its_reports_written() throws Exception {
        Files.createDirectory(archive.tmp());
        assertFalse(archive.isUnpackedArchive());
        Files.delete(archive.finalText());
        Reports.Ran ran = report("--type", "final");
        assertEquals(ran.out(), Files.readString(archive.finalText()));
    }

    @Test
    void a_round_by_hand_is_refused_and_leaves_no_folder() throws Exception {
        String before = Listing.of(archive.root());
        Fork.Result ran = Fork.run(Fork.java("round", archive.root().toString()));
        assertEquals(Exit.USAGE, ran.exit(), ran.out());
        assertTrue(
                ran.err().contains("Z round: " + archive.root() + " is an unpacked archive, and a round would change"),
                ran.err());
        assertEquals(before, Listing.of(archive.root()));
    }

    /** Of what came after it was packed an archive says nothing: the soak went on elsewhere, or did not. */
    @Test
    void an_archive_of_a_soak_that_had_not_ended_is_judged_as_of_its_own_moment() throws Exception {
        Instant end = Instant.parse("2026-10-03T00:00:00Z");
        assertEquals(end.toString(), judgedAsOf("final"), "its last slot has passed, whatever the time of its files");
        for (int hour = 22; hour < 24; hour++) {
            sh("rm -r \"$1\"", archive.round("2026-10-02/round-" + hour + "0000"));
        }
        forgetNewest();
        Files.setLastModifiedTime(archive.archiveReadme(), FileTime.from(end.minusSeconds(5000)));
        assertEquals(end.minusSeconds(5000).toString(), judgedAsOf("final"));
        Reports.Ran ran = report("--type", "final");
        assertEquals(Exit.BAD, ran.exit());
        assertTrue(ran.out().contains("\nOverall: INCOMPLETE "), ran.out());
        Files.setLastModifiedTime(archive.archiveReadme(), FileTime.from(end.minusSeconds(50000)));
        assertEquals("2026-10-02T22:00:00Z", judgedAsOf("final"), "the slot of its last round is over");
        sh("rm \"$1\"", archive.finalJson());
        assertEquals("2026-10-02T22:00:00Z", judgedAsOf("verify"));
        Files.createDirectory(archive.tmp());
        assertEquals(end.toString(), judgedAsOf("final"), "a soak that goes on is judged as of now");
    }

    /** As older builds wrote it. */
    private void forgetNewest() throws Exception {
        String text = Files.readString(archive.archiveReadme());
        String older = text.replaceFirst("(?m)^Its newest file is of .*$", "");
        assertNotEquals(text, older);
        Files.writeString(archive.archiveReadme(), older);
    }

    /** {@code cp -r}, {@code scp -r} and {@code tar --mtime} give each file another time. */
    @Test
    void copies_with_other_times_tell_the_same_moment_packed_and_unpacked() throws Exception {
        SoakFixture half =
                SoakFixture.in(scratch.resolve("half")).days(2).interval(3600).rounds(0, 30);
        half.write();
        String moment = "2026-10-02T06:30:00Z";
        sh("find \"$1\" -exec touch -d " + moment + " {} +", half.dir().root());
        Reports.run(moment, half.dir().root(), "--type", "archive");
        Path halfPacked = scratch.resolve("soak-val12-2026-10-02.tar.gz");
        Path to = Files.createDirectory(scratch.resolve("copy"));
        sh("tar -xmzf \"$1\" -C \"$2\"", halfPacked, to);
        archive = new SoakDir(to.resolve("half"));
        Path anew = scratch.resolve("anew.tar.gz");
        sh("tar -C \"$1\" --mtime=@0 -czf \"$2\" half", to, anew);
        for (Path copy : List.of(archive.root(), halfPacked, anew)) {
            assertEquals(moment, verifiedAsOf(copy), copy.toString());
            Reports.Ran ran = Reports.run(Reports.AFTER, soak, "--compare", copy.toString(), "--format", "json");
            assertEquals("INCOMPLETE", overallOfBaseline(ran), copy.toString());
        }
        assertEquals(moment, judgedAsOf("final"));
        forgetNewest();
        sh("tar -C \"$1\" --mtime=@0 -czf \"$2\" half", to, anew);
        assertEquals("2026-10-02T06:00:00Z", verifiedAsOf(anew), "the slot of its last round is over");
    }

    private static String verifiedAsOf(Path copy) throws Exception {
        Reports.Ran ran = Reports.run(Reports.AFTER, copy, "--type", "verify", "--format", "json");
        assertEquals(Exit.OK, ran.exit(), ran.out() + ran.err());
        assertEquals("INCOMPLETE", Json.parse(ran.out()).path("overall").asText());
        return Json.parse(ran.out()).get("as_of").asText();
    }

    private static String overallOfBaseline(Reports.Ran ran) throws Exception {
        for (JsonNode verdict : Json.parse(ran.out()).get("verdicts")) {
            if (verdict.get("id").asText().equals("overall")) {
                return verdict.get("baseline").asText();
            }
        }
        throw new AssertionError(ran.out() + ran.err());
    }

    private String judgedAsOf(String type) throws Exception {
        return Json.parse(report("--type", type, "--format", "json").out())
                .get("as_of")
                .asText();
    }
}
