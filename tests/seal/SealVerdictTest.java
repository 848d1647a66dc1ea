import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of the verdicts where evidence is not as it was sealed: in every report and every form of it. */
@Tag("slow")
class SealVerdictTest extends AttachedSoak {
    private static final String NOW = "2026-10-01T03:00:00Z";
    private static final String FILE = "rounds/2026-10-01/round-003000/create-times.txt";
    private static final String WORDS = "evidence altered: 1 file, first " + FILE;
    private static final String GATE_D = "NOT PROVEN (" + WORDS + ")";

    private static final String BEFORE_A_MISSED_ROUND = "2026-10-01T01:50:00Z";

    @BeforeEach
    void start() throws IOException {
        rig.rounds(4);
    }

    private String edit() throws IOException {
        Path file = folder.resolve(FILE);
        String whole = Files.readString(file);
        Files.writeString(file, whole.replaceFirst("0\\.", "00."));
        return whole;
    }

    private Reports.Ran report(String type, String... more) {
        return Reports.run(NOW, folder, Fork.words(List.of("--type", type), more));
    }

    private static String title(Reports.Ran ran) {
        return ran.out().lines().findFirst().orElse("");
    }

    @Test
    void altered_evidence_proves_nothing_in_text_json_page_junit_status_and_attestation() throws Exception {
        assertFalse(report("final").out().contains("ALTERED"));
        String[] date = {"--date", "2026-10-01", "--as-of", BEFORE_A_MISSED_ROUND};
        assertEquals(0, report("daily", date).exit());
        edit();
        String title = " (EVIDENCE ALTERED: 1 file, first " + FILE + ")";
        Reports.Ran text = report("final");
        assertEquals(10, text.exit());
        assertTrue(title(text).endsWith(title), text.out());
        assertTrue(text.out().contains("\n" + GATE_D + ": altered evidence proves nothing"), text.out());
        JsonNode json = Json.parse(Files.readString(folder.resolve("final-report.json")));
        assertEquals(GATE_D, json.get("gate_d").asText());
        assertEquals(GATE_D, json.get("gate_d_by_plan").asText());
        assertEquals("FAIL", json.get("overall").asText());
        assertTrue(
                json.get("problems").toString().contains(FILE + "\",\"reason\":\"altered since it was sealed"),
                json.get("problems").toString());
        String page = Files.readString(folder.resolve("final-report.html"));
        assertTrue(page.contains("(EVIDENCE ALTERED)</title>"));
        assertTrue(page.contains("<strong class=\"altered\">Evidence altered: 1 file, first " + FILE));
        JsonNode statement = Json.parse(Files.readString(folder.resolve("final-report.intoto.json")));
        assertEquals("FAILED", statement.get("predicate").get("result").asText());
        assertTrue(statement.toString().contains(GATE_D));
        assertTrue(report("final", "--format", "junit").out().contains("<failure message=\"" + GATE_D + "\""));

        Reports.Ran checkpoint = report("checkpoint");
        assertEquals(10, checkpoint.exit());
        assertTrue(title(checkpoint).endsWith(title), checkpoint.out());
        assertTrue(checkpoint.out().contains("\nGate D is already lost: " + WORDS), checkpoint.out());
        Reports.Ran daily = report("daily", date);
        assertEquals(10, daily.exit(), "cron's own report of the date is the first to see it");
        assertTrue(title(daily).endsWith(title));
        assertTrue(report("daily", "--date", "2026-10-01", "--format", "junit")
                .out()
                .contains(".evidence\" name=\"seals\""));
        assertTrue(Files.readString(folder.resolve("daily/2026-10-01-summary.html"))
                .contains("class=\"altered\""));
        assertTrue(Files.readString(folder.resolve("status.html")).contains("class=\"altered\""));
        Reports.Ran status = report("status");
        assertEquals(10, status.exit());
        assertTrue(title(status).contains("(EVIDENCE ALTERED)"), status.out());
        assertTrue(title(report("status", "--format", "text")).endsWith(title));
        assertEquals(
                GATE_D,
                Json.parse(report("status", "--format", "json").out())
                        .get("gate_d")
                        .asText());
    }

    @Test
    void a_file_that_is_brought_back_heals_the_verdict_and_an_earlier_moment_never_saw_it() throws Exception {
        Reports.Ran before = report("final", "--as-of", "2026-10-01T00:30:00Z");
        String whole = edit();
        assertEquals(before, report("final", "--as-of", "2026-10-01T00:30:00Z"));
        assertTrue(title(report("final", "--as-of", "2026-10-01T00:30:01Z")).contains("ALTERED"));
        Files.writeString(folder.resolve(FILE), whole);
        assertFalse(report("final").out().contains("ALTERED"));
    }

    @Test
    void what_no_seal_holds_and_what_a_user_may_edit_change_no_verdict() throws Exception {
        String before = report("final").out();
        rig.with("ALERT_CONSECUTIVE", "5");
        Files.writeString(rig.dir.planTemplate(), "{\"plan_id\": \"{plan_id}\"}");
        Files.createDirectories(rig.dir.round("2026-10-01/round-020000"));
        assertFalse(report("final").out().contains("ALTERED"));
        Files.delete(rig.dir.round("2026-10-01/round-020000"));
        assertEquals(before, report("final").out());
    }

    @Test
    void a_comparison_names_the_side_that_was_altered() throws Exception {
        String said = " was altered after its rounds sealed it, and proves nothing: " + GATE_D + "\n";
        String[] itself = {"--compare", folder.toString()};
        assertFalse(Reports.run(NOW, folder, itself).out().contains("proves nothing"));
        edit();
        String text = Reports.run(NOW, folder, itself).out();
        assertTrue(text.contains("\n- the baseline" + said + "- this soak" + said), text);
    }
}
