import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import build.Judge;
import build.Version;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import settings.ExistingSoak;

/**
 * Golden scenarios: a soak folder is made and judged. What report.java prints is compared with the files of
 * tests/golden/NAME word for word, with its exit code, and so are the figures that it rounds or does not print.
 *
 * <p>Rewrite them by {@code GOLDEN_REWRITE=1 ./jbang test --only GoldenTest}, then read the difference in git.
 */
@Tag("slow")
class GoldenTest {
    private static final boolean REWRITE = System.getenv("GOLDEN_REWRITE") != null;
    /** Beside what is rounded: the text says these only of a soak that is not complete, or not proven. */
    private static final Set<String> NOT_PRINTED = Set.of("complete", "gate_d_by_plan");

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> every_scenario_gives_its_expected_figures_and_report() {
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
            compare(name, "expected-figures.txt", figures(database, scope));
        }
        compare(name, "expected-report.txt", report(folder, scope));
    }

    private static void compare(String name, String file, String found) throws IOException {
        Path expected = Project.folder("tests/golden").resolve(name).resolve(file);
        if (REWRITE) {
            Files.createDirectories(expected.getParent());
            Files.writeString(expected, found);
        }
        assertEquals(Files.readString(expected), found, expected + " (GOLDEN_REWRITE=1 rewrites it)");
    }

    /** A line each, so that a difference names the figure. */
    private static String figures(EvidenceDatabase database, Scope scope) {
        List<String> lines = new ArrayList<>();
        database.query(scope.checkpointDay() == null ? "FROM final_report" : "FROM checkpoint_report")
                .get(0)
                .forEach((name, value) -> {
                    if (value instanceof Double || NOT_PRINTED.contains(name)) {
                        lines.add(name + "=" + value);
                    }
                });
        for (String view : List.of("checks", "claims")) {
            database.query("FROM " + view)
                    .forEach(c -> lines.add(c.get("id") + " value=" + c.get("value") + " target=" + c.get("target")));
        }
        database.query("FROM daily_alert_lines").forEach(alert -> lines.add((String) alert.get("line")));
        return String.join("\n", lines) + "\n";
    }

    private static String report(Path soak, Scope scope) {
        List<String> args = new ArrayList<>(
                scope.checkpointDay() == null
                        ? List.of("--type", "final")
                        : List.of(
                                "--type",
                                "checkpoint",
                                "--day",
                                scope.checkpointDay().toString()));
        if (!scope.isNow()) {
            args.addAll(List.of("--as-of", scope.asOf().toString()));
        }
        Reports.Ran ran = Reports.run(
                scope.isNow() ? scope.asOf().toString() : "2027-01-01T00:00:00Z", soak, args.toArray(String[]::new));
        // Neither a release nor an edit of the SQL that changes no verdict is a difference.
        return "exit " + ran.exit() + "\n"
                + ran.out()
                        .replace("\nReport version: " + Version.NUMBER + "\n", "\nReport version: NUMBER\n")
                        .replaceFirst(
                                "\nJudging build: .*\nIts source: .*\n",
                                "\nJudging build: BUILD\nIts source: CHECKOUT\n")
                        .replace("\nJudge: " + Judge.own().sha256() + " (", "\nJudge: SHA256 (");
    }
}
