import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --type archive --restore-check}: real archives of real stores, and a control plane that is started on them.
 */
@Tag("slow")
class RestoreCheckTest {
    private static final String NOW = "2026-10-01T03:00:00Z";
    private static final String ARCHIVE = "soak-val12-2026-10-01.tar.gz";

    @TempDir
    Path scratch;

    private RoundRig rig;

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private Path soak() throws IOException {
        return Files.createDirectories(scratch.resolve("soak"));
    }

    private Reports.Ran archive(String... more) {
        return Reports.run(NOW, rig.dir.root(), Fork.words(List.of("--type", "archive", "--restore-check"), more));
    }

    @Test
    void the_archive_of_a_running_soak_restores_and_the_soak_goes_on_beside_it() throws Exception {
        rig = RoundRig.embedded(soak());
        rig.rounds(2);
        String pid = Files.readString(rig.dir.pidFile());
        Map<String, String> before = Reports.contents(rig.dir.rounds());
        Reports.Ran ran = archive();
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(
                ran.out()
                        .endsWith("Restore check: PASS: the control plane starts on the archive's database and lists"
                                + " each of the 20 expected plans once\n"),
                ran.out());
        JsonNode kept = Json.parse(Files.readString(scratch.resolve(ARCHIVE + ".restore.json")));
        assertEquals("PASS", kept.get("verdict").asText());
        assertEquals(20, kept.get("expected_plans").asInt());
        assertEquals(0, kept.get("lost").size());
        assertEquals(pid, Files.readString(rig.dir.pidFile()));
        assertEquals(before, Reports.contents(rig.dir.rounds()));
        assertEquals(0, rig.round().exit());
    }

    @Test
    void the_final_report_says_what_came_of_the_archive_that_it_quotes_and_of_no_other() throws Exception {
        rig = RoundRig.embedded(soak());
        rig.round();
        Reports.run(NOW, rig.dir.root(), "--type", "final");
        assertTrue(finalJson().get("restore_check").isNull());
        archive();
        String passed = "PASS: the control plane starts on the archive's database and lists each of the 10 expected"
                + " plans once";
        assertEquals(passed, finalJson().get("restore_check").asText());
        assertTrue(Files.readString(rig.dir.finalText()).endsWith("\nRestore check: " + passed + "\n"));
        String packed = base.Sha256.of(scratch.resolve(ARCHIVE));
        Reports.run(NOW, rig.dir.root(), "--type", "final");
        assertEquals(passed, finalJson().get("restore_check").asText());
        Reports.run(NOW, rig.dir.root(), "--type", "archive");
        assertEquals(packed, base.Sha256.of(scratch.resolve(ARCHIVE)), "the archive does not hold its own check");
        rig.round();
        Reports.run(NOW, rig.dir.root(), "--type", "archive");
        assertTrue(finalJson().get("restore_check").isNull(), "another archive, which nobody tried out");
    }

    private JsonNode finalJson() throws IOException {
        return Json.parse(Files.readString(rig.dir.finalJson()));
    }

    @Test
    void a_store_that_lacks_plans_does_not_restore_and_they_are_named() throws Exception {
        rig = RoundRig.embedded(soak());
        RoundRig.Round round = rig.round();
        rig.controlPlane().stop(java.time.Duration.ofSeconds(10));
        String gone = round.lines("plan-ids.txt").get(3);
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + store());
                Statement statement = database.createStatement()) {
            assertEquals(1, statement.executeUpdate("DELETE FROM plans WHERE plan_id = '" + gone + "'"));
        }
        Reports.Ran ran = archive("--format", "json");
        assertEquals(10, ran.exit(), ran.err() + ran.out());
        assertEquals("FAIL", Json.parse(ran.out()).at("/restore_check/verdict").asText());
        String what = Json.parse(ran.out()).at("/restore_check/what").asText();
        assertTrue(what.contains(", see " + ARCHIVE + ".restore.json; first " + gone), what);
        JsonNode kept = Json.parse(Files.readString(scratch.resolve(ARCHIVE + ".restore.json")));
        assertEquals("[\"" + gone + "\"]", kept.get("lost").toString());
    }

    @Test
    void a_control_plane_that_does_not_start_on_it_is_told_with_its_last_words() throws Exception {
        rig = RoundRig.embedded(soak());
        rig.round();
        rig.controlPlane().stop(java.time.Duration.ofSeconds(10));
        rig.with("CP_COMMAND", "echo 'the store is of another version' >&2; exit 3");
        Reports.Ran ran = archive();
        assertEquals(10, ran.exit());
        assertTrue(
                ran.out().contains("Restore check: FAIL: the control plane does not start on the archive's database: "),
                ran.out());
        assertTrue(ran.out().contains("the store is of another version"), ran.out());
        assertTrue(ran.out().contains(": see the reason in cp.log and "), "no file that is gone: " + ran.out());
    }

    private Path store() throws IOException {
        try (var files = Files.list(rig.dir.cpData())) {
            return files.filter(file -> file.toString().endsWith(".db"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void a_damaged_store_does_not_restore_though_it_lists_each_plan() throws Exception {
        rig = RoundRig.embedded(soak());
        rig.round();
        rig.controlPlane().stop(java.time.Duration.ofSeconds(10));
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + store());
                Statement statement = database.createStatement()) {
            statement.execute("PRAGMA writable_schema = ON");
            statement.execute("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name ="
                    + " 'plans') WHERE name = 'stuck_candidates'"); // an index that shares the table's pages
        }
        Reports.Ran ran = archive();
        assertEquals(10, ran.exit(), ran.out());
        assertTrue(ran.out().contains("Restore check: FAIL: the archive's database is damaged: "), ran.out());
    }

    @Test
    void an_archive_without_a_store_is_told_as_that() throws Exception {
        rig = RoundRig.embedded(soak());
        rig.round();
        rig.controlPlane().stop(java.time.Duration.ofSeconds(10));
        Files.delete(store());
        Reports.Ran ran = archive();
        assertEquals(10, ran.exit(), ran.out());
        assertTrue(ran.out().contains("Restore check: FAIL: cp-data of the archive holds no database"), ran.out());
    }

    @Test
    void without_a_plan_to_look_for_nothing_is_shown() throws Exception {
        rig = RoundRig.embedded(soak());
        String command = settings.Config.read(rig.dir).get("CP_COMMAND");
        rig.with("CP_COMMAND", "exit 3");
        assertEquals(10, rig.round().exit());
        rig.with("CP_COMMAND", command);
        Reports.Ran ran = archive();
        assertEquals(10, ran.exit());
        assertTrue(ran.out().endsWith("promised no plan: there is nothing to look for\n"), ran.out());
    }

    @Test
    void another_control_plane_is_not_started_by_guess() throws Exception {
        rig = RoundRig.attached(soak());
        rig.round();
        Reports.Ran ran = archive();
        assertEquals(64, ran.exit());
        assertTrue(ran.err().startsWith("report: --restore-check starts the embedded control plane"), ran.err());
        assertFalse(Files.exists(scratch.resolve(ARCHIVE)));
    }
}
