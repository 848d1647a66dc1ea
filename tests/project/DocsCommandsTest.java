import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import command.Cli;
import evidence.EvidenceDatabase;
import evidence.Scope;
import evidence.SqlScript;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lab.rehearsal.Rehearsals;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import settings.Config;
import settings.Setting;
import soak.SoakDir;

/**
 * Every command and code block of every page runs, or is at least understood: its options, types and file names are
 * those of the program. What needs a real control plane, a crontab or another program is not started.
 */
class DocsCommandsTest extends WeekOfEvidence {
    private static final String NOW = "2026-10-08T00:10:00Z";

    /** How pages name a soak or its archive. */
    private static final Set<String> SOAKS =
            Set.of("SOAK_DIR", "$HOME/soak-val12", "../soak-val12", "../soak-val12-2026-11-27.tar.gz");

    private static final Set<String> LANGUAGES = Set.of("", "bash", "json", "mermaid", "sh", "sql", "yaml");

    @Test
    void a_block_is_of_a_kind_that_is_tried() {
        for (Path page : Pages.all()) {
            for (Pages.Block block : Pages.blocks(page)) {
                assertTrue(
                        LANGUAGES.contains(block.language()), block + ": nothing tries a block of " + block.language());
            }
        }
    }

    @Test
    void every_piece_of_shell_is_one_that_a_shell_understands() {
        int pieces = 0;
        for (Path page : Pages.all()) {
            for (Pages.Block block : Pages.blocks(page)) {
                String shell = block.language().equals("sh") || block.language().isEmpty()
                        ? DocsCall.shell(block)
                        : block.language().equals("bash") ? block.text() : ""; // a script, which another test runs
                if (!shell.isBlank()) {
                    pieces++;
                    Fork.Result read = Fork.run("bash", "-n", "-c", shell);
                    assertEquals(0, read.exit(), block + ": " + read.err());
                }
            }
        }
        assertTrue(pieces > 20, pieces + " pieces");
    }

    @Test
    void every_command_has_options_and_types_that_the_program_knows() throws IOException {
        List<DocsCall> calls = DocsCall.all();
        for (DocsCall call : calls) {
            String[] arguments = call.arguments().toArray(String[]::new);
            if (call.arguments().contains("--completion")) { // Cli offers it
                StringWriter script = new StringWriter();
                assertEquals(
                        Exit.OK,
                        Cli.run(
                                DocsProgram.program(call.program()),
                                new PrintWriter(script),
                                new PrintWriter(script),
                                arguments),
                        call + ": " + script);
            } else {
                assertDoesNotThrow(() -> DocsProgram.line(call.program()).parseArgs(arguments), call.toString());
            }
        }
        Set<String> programs = calls.stream().map(DocsCall::program).collect(Collectors.toSet());
        assertTrue(
                programs.containsAll(Set.of("setup", "round", "report", "rehearse", "test")) && calls.size() > 40,
                programs + " " + calls.size());
    }

    @Test
    @Tag("slow")
    void every_report_of_a_page_runs() throws IOException {
        Path own = Files.writeString(folder.resolve("own.sql"), "SELECT count(*) AS n FROM rounds");
        Files.createDirectories(soak.resolve("views"));
        for (Pages.Block block : Pages.blocks("sql")) {
            if (block.text().contains("CREATE VIEW")) {
                Files.writeString(soak.resolve("views/of-a-page.sql"), block.text());
            }
        }
        Set<List<String>> ran = new HashSet<>();
        for (DocsCall call : DocsCall.all()) {
            if (call.program().equals("report")
                    && Stream.of("--selftest", "--watch", "--completion").noneMatch(call.arguments()::contains)) {
                List<String> arguments = new ArrayList<>();
                boolean named = false;
                for (String word : call.arguments()) {
                    named |= SOAKS.contains(word);
                    arguments.add(
                            switch (word) {
                                case "OLDER_SOAK_DIR" -> older.toString();
                                case "@my-own-question.sql" -> "@" + own;
                                case "~/soak-export" -> folder.resolve("export").toString();
                                default -> SOAKS.contains(word) ? soak.toString() : word;
                            });
                }
                if (!ran.add(arguments)) {
                    continue;
                }
                Reports.Ran report = Reports.run(NOW, named ? null : soak, arguments.toArray(String[]::new));
                assertTrue(
                        Set.of(Exit.OK, Exit.BAD).contains(report.exit()),
                        call + " ended with " + report.exit() + ": " + report.err());
                assertNotEquals("", report.out(), call.toString());
            }
        }
        assertTrue(ran.size() >= 10, ran.toString());
    }

    @Test
    void every_choice_of_tests_chooses_one() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Project.folder("tests"))) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith("Test.java"))::iterator) {
                String name = file.getFileName().toString().replace(".java", "");
                Pattern.compile("  void (\\w+)\\(")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(method -> names.addAll(List.of(name, name + "#" + method.group(1))));
            }
        }
        int choices = 0;
        for (DocsCall call : DocsCall.all()) {
            int at = call.program().equals("test") ? call.arguments().indexOf("--only") : -1;
            if (at >= 0) {
                choices++;
                assertTrue(
                        names.stream()
                                .anyMatch(Pattern.compile(call.arguments().get(at + 1))
                                        .asPredicate()),
                        call.toString());
            }
        }
        assertTrue(choices >= 3, choices + " choices");
    }

    @Test
    void every_setting_of_a_page_is_one() throws IOException {
        int settings = 0;
        for (DocsCall call : DocsCall.all()) {
            for (int i = 1; i < call.arguments().size(); i++) {
                if (call.arguments().get(i - 1).equals("--set")) {
                    settings++;
                    String key = call.arguments().get(i).replaceFirst("=.*", "");
                    assertTrue(Setting.isKey(key), call.toString());
                }
            }
        }
        assertTrue(settings > 0, settings + " settings");
    }

    @Test
    void every_scenario_of_a_page_exists_and_every_one_that_is_shown_can_be_played() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (Pages.Block block : Pages.blocks("json")) {
            assertTrue(Json.parse(block.text()).isObject(), block.toString());
            if (block.text().contains("\"faults\"")) {
                Path file = Files.writeString(folder.resolve("shown.json"), block.text());
                assertEquals(15, Rehearsals.stated(file.toString()).size(), block.toString());
                shown.add(Pages.name(block.page()));
            }
        }
        assertEquals(Set.of("scenarios/README.md"), shown);
        for (DocsCall call : DocsCall.all()) {
            int at = call.arguments().indexOf("--scenario");
            String name = at < 0 || !call.program().equals("rehearse")
                    ? "clean"
                    : call.arguments().get(at + 1);
            assertTrue(
                    name.equals("my-night.json")
                            || name.equals("random")
                            || Rehearsals.bundled().contains(name),
                    call.toString());
        }
    }

    @Test
    @Tag("slow")
    void the_scenario_of_the_scenarios_page_ends_as_it_states() throws IOException {
        Pages.Block block = Pages.blocks(Project.folder("scenarios/README.md")).stream()
                .filter(b -> b.language().equals("json"))
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(folder.resolve("my-night.json"), block.text());
        Rehearsed ended = Rehearsed.by(folder.resolve("night").toString(), "--scenario", file.toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(ended.hasAll("stated"), ended.out());
    }

    /**
     * In sql/README.md a check of the plan, elsewhere one of a soak's own; a view is tried by the command that asks for
     * it.
     */
    @Test
    void a_check_a_view_or_a_question_of_a_page_runs() throws IOException {
        Path own = folder.resolve("own");
        SoakFixture.in(own).days(7).interval(7200).rounds(0, 7 * 12).write();
        Set<String> shown = new TreeSet<>();
        for (Pages.Block block : Pages.blocks("sql")) {
            Matcher id = Pattern.compile("'([\\w-]+)' AS id, '(\\w+)' AS name").matcher(block.text());
            Matcher view = Pattern.compile("CREATE VIEW (\\w+) AS").matcher(block.text());
            if (view.find()) {
                Files.writeString(
                        Files.createDirectories(own.resolve("views")).resolve(view.group(1) + ".sql"), block.text());
                answers(block, own, "--sql", "FROM " + view.group(1));
            } else if (!id.find()) {
                answers(block, own, "--sql", block.text());
            } else if (Pages.name(block.page()).equals("sql/README.md")) {
                List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
                scripts.add(new SqlScript("4-checks/" + id.group(1) + "-of-a-page.sql", block.text()));
                Scope scope = new Scope(java.time.Instant.parse(NOW), false, null);
                try (EvidenceDatabase database =
                        EvidenceDatabase.open(Config.read(new SoakDir(own)), scope, SqlScript.ordered(scripts))) {
                    assertEquals(
                            1,
                            database.query("FROM checks WHERE id = '" + id.group(1) + "' AND verdict = 'PASS'")
                                    .size(),
                            block.toString());
                }
                shown.add("check");
            } else {
                Files.writeString(
                        Files.createDirectories(own.resolve("checks")).resolve(id.group(1) + ".sql"), block.text());
                String report = answers(block, own, "--type", "final");
                assertTrue(report.contains("\n" + id.group(1) + " " + id.group(2) + ": PASS"), block + ": " + report);
                shown.add("site check");
            }
        }
        assertEquals(Set.of("check", "site check"), shown);
    }

    private static String answers(Pages.Block block, Path dir, String... arguments) {
        Reports.Ran ran = Reports.run(NOW, dir, arguments);
        assertTrue(Set.of(Exit.OK, Exit.BAD).contains(ran.exit()), block + ": " + ran.err());
        return ran.out();
    }

    @Test
    void a_diagram_has_one_arrow_a_line_and_a_list_of_yaml_one_line() {
        for (Pages.Block block : Pages.blocks("mermaid")) {
            List<String> lines = block.text().lines().toList();
            assertTrue(lines.get(0).matches("flowchart (LR|TD)"), block.toString());
            String node = "\\w+(\\[[^\\[\\]\"]+\\])?";
            lines.stream()
                    .skip(1)
                    .forEach(line -> assertTrue(line.matches("  " + node + " --> " + node), block + ": " + line));
        }
        for (Pages.Block block : Pages.blocks("yaml")) {
            assertTrue(block.text().matches("rule_files: \\[/etc/prometheus/rules/([\\w.-]+)\\]\n"), block.toString());
            assertTrue(
                    Files.exists(
                            Project.folder("grafana/" + block.text().replaceFirst("(?s).*/([\\w.-]+)\\].*", "$1"))),
                    block.toString());
        }
    }
}
