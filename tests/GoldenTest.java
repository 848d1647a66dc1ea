import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import soak.Config;
import soak.ExistingSoak;
import soak.Json;

/**
 * Golden scenarios: a soak folder is made, judged, and every figure compared with the files of tests/golden/NAME.
 *
 * <p>Rewrite them by {@code GOLDEN_REWRITE=1 ./jbang test --only '.*GoldenTest'}, then read the difference in git.
 */
@Tag("slow")
class GoldenTest {
    private static final boolean REWRITE = System.getenv("GOLDEN_REWRITE") != null;

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> every_scenario_gives_its_expected_figures_and_verdicts() {
        return GoldenScenarios.ALL.entrySet().stream()
                .map(s -> DynamicTest.dynamicTest(s.getKey(), () -> check(s.getKey(), s.getValue())));
    }

    @Test
    void every_scenario_has_a_folder_with_a_readme_and_every_folder_a_scenario() throws IOException {
        try (Stream<Path> folders = Files.list(Project.folder("tests/golden"))) {
            Set<String> names = folders.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
            assertEquals(GoldenScenarios.ALL.keySet(), new java.util.TreeSet<>(names));
            for (String name : names) {
                assertTrue(Files.size(Project.folder("tests/golden/" + name + "/README.md")) > 0, name);
            }
        }
    }

    private void check(String name, GoldenScenarios.Scenario scenario) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve(name));
        Scope scope = scenario.write(folder);
        Config config = EvidenceDatabase.withStart(Config.read(ExistingSoak.of(folder)));
        try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
            compare(name, "expected-figures.json", figures(database, scope));
            compare(name, "expected-findings.txt", findings(database));
        }
    }

    private static void compare(String name, String file, String found) throws IOException {
        Path expected = Project.folder("tests/golden").resolve(name).resolve(file);
        if (REWRITE) {
            Files.createDirectories(expected.getParent());
            Files.writeString(expected, found);
        }
        assertEquals(Files.readString(expected), found, expected + " (GOLDEN_REWRITE=1 rewrites it)");
    }

    private static String figures(EvidenceDatabase database, Scope scope) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (scope.checkpointDay() != null) {
            all.put(
                    "checkpoint_report",
                    rows(database, "FROM checkpoint_report").get(0));
        } else {
            all.put("final_report", rows(database, "FROM final_report").get(0));
            all.put("final_text", rows(database, """
                SELECT agg_rollback_rate, rollback_rate_7d, round1_p99_ms, day7_p99_ms, day30_p99_ms, p99_ms_7d,
                  max_p99_ms, pooled_p99_ms, p95_of_p99_ms,
                  uptime_pct, scheduled_uptime_pct, total_creates, target_total_creates,
                    expected_total_creates FROM final_text\
                """).get(0));
        }
        return Json.write(all);
    }

    /** A line each, so that a difference names the check. */
    private static String findings(EvidenceDatabase database) {
        StringBuilder text = new StringBuilder();
        for (String view : List.of("checks", "claims")) {
            text.append("# ").append(view).append('\n');
            rows(database, "FROM " + view)
                    .forEach(c -> text.append(c.get("id"))
                            .append(' ')
                            .append(c.get("name"))
                            .append(": ")
                            .append(c.get("verdict"))
                            .append(" (")
                            .append(c.get("detail"))
                            .append(") value=")
                            .append(c.get("value"))
                            .append(" target=")
                            .append(c.get("target"))
                            .append('\n'));
        }
        for (String sql : List.of(
                "SELECT line AS alerts FROM alerts",
                "SELECT line AS daily_alert_lines FROM daily_alert_lines",
                "SELECT file || ' ' || reason AS problems FROM problems")) {
            text.append(sql.replaceFirst(".* AS (\\S+) .*", "# $1\n"));
            rows(database, sql)
                    .forEach(row ->
                            row.values().forEach(line -> text.append(line).append('\n')));
        }
        return text.toString();
    }

    private static List<Map<String, Object>> rows(EvidenceDatabase database, String sql) {
        List<Map<String, Object>> rows = database.query(sql);
        rows.forEach(row -> row.replaceAll(
                (column, value) -> value instanceof Instant || value instanceof LocalDate ? value.toString() : value));
        return rows;
    }
}
