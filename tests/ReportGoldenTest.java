import static org.junit.jupiter.api.Assertions.assertEquals;

import build.Judge;
import build.Version;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What report.java prints for each scenario of tests/golden, word for word, with its exit code.
 *
 * <p>Rewrite the expected texts by {@code GOLDEN_REWRITE=1 ./jbang test --only '.*GoldenTest'}, then read the
 * difference in git.
 */
@Tag("slow")
class ReportGoldenTest {
    private static final boolean REWRITE = System.getenv("GOLDEN_REWRITE") != null;

    @TempDir
    Path scratch;

    @TestFactory
    Stream<DynamicTest> every_scenario_gives_its_expected_text_and_exit_code() {
        return GoldenScenarios.ALL.entrySet().stream()
                .map(s -> DynamicTest.dynamicTest(s.getKey(), () -> check(s.getKey(), s.getValue())));
    }

    private void check(String name, GoldenScenarios.Scenario scenario) throws Exception {
        Path soak = Files.createDirectories(scratch.resolve(name));
        Scope scope = scenario.write(soak);
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
        String found = "exit " + ran.exit() + "\n"
                + ran.out()
                        .replace("\nReport version: " + Version.NUMBER + "\n", "\nReport version: NUMBER\n")
                        .replaceFirst(
                                "\nJudging build: .*\nIts source: .*\n",
                                "\nJudging build: BUILD\nIts source: CHECKOUT\n")
                        .replace("\nJudge: " + Judge.own().sha256() + " (", "\nJudge: SHA256 (");
        Path expected = Project.folder("tests/golden").resolve(name).resolve("expected-report.txt");
        if (REWRITE) {
            Files.writeString(expected, found);
        }
        assertEquals(
                Files.readString(expected), found, expected + " (GOLDEN_REWRITE=1 rewrites it); stderr: " + ran.err());
    }
}
