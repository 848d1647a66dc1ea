import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import build.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever holds two reports must see whether one version made both. */
@Tag("slow")
class ReportVersionTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";

    @TempDir
    Path scratch;

    private SoakFixture soak;

    @BeforeEach
    void write() {
        soak = Reports.eightDays(scratch.resolve("soak"));
        soak.write();
    }

    private String report(String... arguments) {
        Reports.Ran ran = Reports.run(AFTER, soak.dir().root(), arguments);
        assertTrue(!ran.out().isEmpty(), ran.err());
        return ran.out();
    }

    @Test
    void every_report_names_its_version_in_text_json_and_junit() throws Exception {
        for (List<String> type : List.of(
                List.of("--type", "daily", "--date", "2026-10-02"),
                List.of("--type", "checkpoint", "--day", "7"),
                List.of("--type", "final"),
                List.of("--type", "status"))) {
            assertEquals(
                    Version.NUMBER,
                    Json.parse(report(with(type, "--format", "json")))
                            .path("report_version")
                            .asText(),
                    type.toString());
            String junit = report(with(type, "--format", "junit")); // with the text report in system-out
            assertTrue(junit.contains("\nReport version: " + Version.NUMBER + "\n"), type.toString());
            assertTrue(
                    junit.contains("<property name=\"report_version\" value=\"" + Version.NUMBER + "\"/>"),
                    type.toString());
        }
    }

    @Test
    void a_comparison_names_its_version_too() throws Exception {
        List<String> with = List.of("--compare", soak.dir().root().toString());
        assertTrue(report(with(with)).contains("\n- Report version: " + Version.NUMBER + "\n"));
        assertEquals(
                Version.NUMBER,
                Json.parse(report(with(with, "--format", "json")))
                        .path("report_version")
                        .asText());
    }

    @Test
    void every_page_names_its_version() throws Exception {
        report("--type", "daily", "--date", "2026-10-02");
        report("--type", "checkpoint", "--day", "7");
        report("--type", "final");
        Path root = soak.dir().root();
        for (String page : List.of(
                "daily/2026-10-02-summary.html",
                "checkpoints/checkpoint-7d.html",
                "final-report.html",
                "status.html")) {
            assertTrue(
                    Files.readString(root.resolve(page)).contains(", made by version " + Version.NUMBER + "."), page);
        }
    }

    private static String[] with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }
}
