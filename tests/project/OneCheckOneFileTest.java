import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check is one file of sql/: what it says stands nowhere else, and adding one is adding its file. */
@Tag("slow")
class OneCheckOneFileTest {
    private static final String TEST_99 = """
        -- TEST-99: no listing needed more than 3 pages.
        INSERT INTO check_row BY NAME
        SELECT 'TEST-99' AS id, 'list_pages' AS name, 'The most pages that one listing needed.' AS question,
               verdict_word(max(list_pages) <= 0, false) AS verdict, max(list_pages) AS value, '≤' AS comparison,
                 0 AS target, 'count' AS unit,
               ['SOAK_DAYS'] AS rests_on
        FROM rounds WHERE counted;

        INSERT INTO check_words BY NAME
        SELECT id, 'pages=' || shown_figure(value) AS detail,
          'pages ' || shown_figure(value) || ' of ' || shown_figure(target) AS margin,
          'list_pages of the summaries' AS files
        FROM check_row WHERE id = 'TEST-99';

        INSERT INTO check_round BY NAME
        SELECT 'TEST-99' AS id, round_id, 'round-summary.json' AS file, 'list_pages=' || list_pages AS says,
          -list_pages AS weight FROM rounds WHERE list_pages > 0;
        """;
    /**
     * Whoever foresees verdicts independently must not share what they are made of; and the labels of metrics are names
     * that others read.
     */
    private static final Pattern MAY_NAME = Pattern.compile(
            "sql/[45]-.*|src/lab/(rehearsal|selftest)/.*|src/workload/(SoakMetrics|UptimeBudget)\\.java");

    @TempDir
    Path folder;

    @Test
    void no_other_file_names_a_check() throws IOException {
        Path root = Project.folder(".");
        TreeSet<String> naming = new TreeSet<>();
        for (String part : List.of(
                "sql",
                "src",
                "templates",
                "setup.java",
                "round.java",
                "report.java",
                "rehearse.java",
                "controlplane.java")) {
            try (Stream<Path> files = Files.walk(root.resolve(part))) {
                for (Path file :
                        (Iterable<Path>) files.filter(f -> f.toString().matches(".*\\.(sql|java|ftlh?)$"))::iterator) {
                    if (Pattern.compile("VAL12-[0-9]|\\bC[1-4]\\b")
                            .matcher(Files.readString(file))
                            .find()) {
                        naming.add(root.relativize(file).toString());
                    }
                }
            }
        }
        assertTrue(
                naming.stream().anyMatch(file -> file.startsWith("sql/4-checks/")), "the search finds nothing at all");
        naming.removeIf(file -> MAY_NAME.matcher(file).matches());
        assertEquals(new TreeSet<>(), naming);
    }

    @Test
    void a_check_that_is_added_as_one_file_stands_whole_in_every_report() throws Exception {
        SoakFixture soak = Reports.eightDays(folder.resolve("soak")).round(5, r -> r.set("list_pages", 7));
        soak.write();
        String asOf = soak.end().toString();

        String text = report("--type", "final", "--as-of", asOf).out();
        assertTrue(
                text.contains("\nTEST-99 list_pages: FAIL (pages=7)\n")
                        && text.contains("\nOverall: FAIL (" + PlanChecks.CHECKS.size() + "/"
                                + (PlanChecks.CHECKS.size() + 1) + " checks)\n"),
                text);
        JsonNode json = Json.parse(Files.readString(folder.resolve("soak/final-report.json")));
        assertEquals(
                "{\"id\":\"TEST-99\",\"name\":\"list_pages\",\"verdict\":\"FAIL\",\"value\":7,\"target\":0,\"detail\":\"pages=7\"}",
                test99(json).toString());
        assertTrue(report("--type", "final", "--as-of", asOf, "--format", "junit")
                .out()
                .contains("<testcase classname=\"soak-val12.checks\" name=\"TEST-99 list_pages\""));
        assertPage(Files.readString(folder.resolve("soak/final-report.html")));

        Fork.Result checkpoint = report("--type", "checkpoint", "--day", "7");
        assertTrue(checkpoint.out().contains("\nTEST-99 list_pages: FAIL (pages=7)\n"), checkpoint.out());
        assertEquals(
                "FAIL",
                test99(Json.parse(Files.readString(folder.resolve("soak/checkpoints/checkpoint-7d.json"))))
                        .path("verdict")
                        .asText());
        assertPage(Files.readString(folder.resolve("soak/checkpoints/checkpoint-7d.html")));

        assertEquals(
                "FAIL",
                test99(Json.parse(report("--type", "status", "--format", "json").out()))
                        .path("verdict")
                        .asText());
        assertTrue(report("--type", "status", "--format", "text")
                .out()
                .contains("\nTEST-99 list_pages: FAIL (pages=7)\n"));

        Files.writeString(
                folder.resolve("soak/config.env"),
                Files.readString(folder.resolve("soak/config.env")).replace("SOAK_DAYS=8", "SOAK_DAYS=7"));
        String problems = report("--sql", "SELECT reason FROM problems WHERE file = 'config.env'", "--format", "json")
                .out();
        assertTrue(problems.contains("TEST-99"), problems);
    }

    private static JsonNode test99(JsonNode report) {
        return StreamSupport.stream(report.path("checks").spliterator(), false)
                .filter(check -> check.path("id").asText().equals("TEST-99"))
                .findFirst()
                .orElseThrow();
    }

    private static void assertPage(String page) {
        for (String part : List.of(
                "id=\"TEST-99\"",
                "The most pages that one listing needed.",
                "≤ 0",
                ">7<",
                "pages 7 of 0",
                "list_pages of the summaries",
                "list_pages=7",
                "sql/4-checks/TEST-99-list-pages.sql")) {
            assertTrue(page.contains(part), part);
        }
    }

    private Fork.Result report(String... options) throws IOException {
        List<String> command =
                Fork.java("report", Fork.words(List.of(folder.resolve("soak").toString()), options));
        String own = System.getProperty("java.class.path");
        String withCheck = withTest99();
        command.replaceAll(word -> word.equals(own) ? withCheck : word);
        Fork.Result result = Fork.run(command);
        assertTrue(List.of(Exit.OK, Exit.BAD).contains(result.exit()), result.err());
        return result;
    }

    /** The class path of this test with one file more in sql/. */
    private String withTest99() throws IOException {
        String own = System.getProperty("java.class.path");
        Path jar = Path.of(
                report.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Path copy = folder.resolve("with-test-99.jar");
        if (!Files.exists(copy)) {
            Files.copy(jar, copy);
            try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + copy.toUri()), Map.of())) {
                Files.writeString(zip.getPath("/sql/4-checks/TEST-99-list-pages.sql"), TEST_99);
            }
        }
        return Stream.of(own.split(":"))
                .map(entry -> entry.equals(jar.toString()) ? copy.toString() : entry)
                .collect(java.util.stream.Collectors.joining(":"));
    }
}
