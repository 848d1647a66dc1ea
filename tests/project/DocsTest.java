import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import build.Version;
import com.fasterxml.jackson.databind.JsonNode;
import command.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lab.rehearsal.Rehearsals;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents say of the program is held against the program, and the documents against each other. */
class DocsTest {
    private static final int README_WORDS = 1200;
    private static final int GLOSSARY_LINES = 20;
    private static final long PICTURE_BYTES = 300_000;
    /** Words: what is shorter may well be said twice. */
    private static final int SENTENCE = 10;

    private static String page(String name) {
        return Pages.text(Project.folder(name));
    }

    private static String section(String text, String from) {
        int start = text.indexOf(from);
        assertTrue(start >= 0, "the page lacks " + from);
        int end = text.indexOf("\n\n", start);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    private static TreeSet<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    // --- against the program
    // -------------------------------------------------------------------------------------------

    @Test
    void the_page_on_operating_lists_exactly_the_options_that_help_lists() {
        for (Callable<Integer> command :
                List.<Callable<Integer>>of(new setup(), new round(), new report(), new rehearse())) {
            StringWriter help = new StringWriter();
            Cli.run(command, new PrintWriter(help), new PrintWriter(help), "--help");
            TreeSet<String> options = found(Pattern.compile("(?m)^  (?:-\\w, |    )(--[a-z-]+)"), help.toString());
            options.removeAll(List.of("--help", "--version"));
            String name = new CommandLine(command).getCommandName();
            String table = section(page("docs/operating.md"), "| `" + name + ".java` | |");
            Names.assertSame(
                    options,
                    found(Pattern.compile("`(--[a-z-]+)`"), table),
                    "docs/operating.md, in the options of " + name + ".java,");
        }
    }

    @Test
    void the_page_on_operating_lists_exactly_the_exit_codes_that_help_lists() {
        TreeSet<String> codes = new TreeSet<>();
        for (Object command : List.of(new setup(), new round(), new report(), new rehearse())) {
            codes.addAll(new CommandLine(command)
                    .getCommandSpec()
                    .usageMessage()
                    .exitCodeList()
                    .keySet());
        }
        assertEquals(
                codes,
                found(
                        Pattern.compile("(?m)^\\| (\\d+) \\|"),
                        section(page("docs/operating.md"), "| exit | meaning |")));
    }

    @Test
    void the_table_of_scenarios_states_what_their_files_state() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String name : Rehearsals.bundled()) {
            JsonNode scenario = Json.parse(page("scenarios/" + name + ".json"));
            Map<String, String> stated = Rehearsals.stated(name);
            String fails = stated.entrySet().stream()
                    .filter(e -> e.getValue().equals("FAIL") && !e.getKey().equals("overall"))
                    .map(e -> e.getKey().replace("VAL12-", ""))
                    .sorted()
                    .collect(Collectors.joining(", "));
            rows.add("| " + name + " | " + scenario.path("title").asText() + " | " + stated.get("overall") + " | "
                    + (fails.isEmpty() ? "none" : fails) + " |");
        }
        List<String> told = section(page("docs/scenarios.md"), "| scenario | what goes wrong")
                .lines()
                .skip(2)
                .filter(row -> !row.startsWith("| random |"))
                .toList();
        Names.assertSame(rows, told, "docs/scenarios.md, in its table,");
    }

    @Test
    void the_changelog_begins_with_the_version_that_runs_and_says_what_it_means_for_evidence_and_verdicts() {
        Matcher newest = Pattern.compile("(?m)^## (\\S+)\n\n(.*)$").matcher(page("CHANGELOG.md"));
        assertTrue(newest.find());
        assertEquals(Version.NUMBER, newest.group(1));
        assertTrue(
                newest.group(2).contains("**Evidence:**") && newest.group(2).contains("**Verdicts:**"),
                newest.group(2));
        assertTrue(Version.current().startsWith(Version.NUMBER), Version.current());
    }

    @Test
    void the_list_of_dependencies_is_what_the_sources_declare_each_with_its_licence() throws IOException {
        TreeSet<String> declared = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Project.folder(""))) {
            for (Path file : (Iterable<Path>)
                    files.filter(f -> f.toString().matches("(?!.*/(\\.|bench/)).*\\.java"))::iterator) {
                declared.addAll(found(Pattern.compile("(?m)^//DEPS (\\S+)$"), Files.readString(file)));
            }
        }
        Matcher rows =
                Pattern.compile("(?m)^\\| `([^`]+)` \\| [^|]+ \\| ([^|]+) \\|$").matcher(page("docs/dependencies.md"));
        TreeSet<String> listed = new TreeSet<>();
        while (rows.find()) {
            listed.add(rows.group(1));
            assertTrue(
                    rows.group(2)
                            .matches("(Apache-2\\.0|MIT|EPL-2\\.0|MPL-2\\.0|Bouncy Castle Licence \\(MIT\\))(; .*)?"),
                    rows.group());
        }
        assertEquals(declared, listed);
        assertTrue(page("docs/dependencies.md")
                .contains("JBang "
                        + section(page("jbang"), "JBANG_VERSION=")
                                .lines()
                                .findFirst()
                                .orElseThrow()
                                .substring("JBANG_VERSION=".length())
                        + " "));
        assertTrue(
                page("LICENSE").contains("Apache License") && page("LICENSE").contains("END OF TERMS AND CONDITIONS"));
    }

    // --- for whoever reads them
    // ----------------------------------------------------------------------------------------

    @Test
    void the_readme_is_short_and_shows_a_report_and_how_it_comes_about() throws IOException {
        String readme = page("README.md");
        int words = readme.strip().split("\\s+").length;
        assertTrue(words <= README_WORDS, words + " words");
        List<String> order = List.of(
                "\n# ",
                "**It needs**",
                "\n## Ten minutes",
                "\n```mermaid\n",
                "\n## 3 a.m.",
                "maintenance",
                "\n## A real control plane",
                "\n## Taking over from bash",
                "\n## For the reviewer",
                "\n## Where to read on");
        int at = -1;
        for (String part : order) {
            int next = ("\n" + readme).indexOf(part, at + 1);
            assertTrue(next > at, "README lacks, or has elsewhere: " + part);
            at = next;
        }
        Matcher picture =
                Pattern.compile("!\\[([^\\]]{40,})\\]\\(([^)]+\\.png)\\)").matcher(readme);
        assertTrue(picture.find(), "no picture with a text in its place");
        long bytes = Files.size(Project.folder(picture.group(2)));
        assertTrue(bytes < PICTURE_BYTES, picture.group(2) + " has " + bytes + " bytes");
    }

    @Test
    void every_page_begins_with_whom_it_is_for() {
        List<Path> pages = new ArrayList<>(Pages.docs());
        pages.addAll(List.of(
                Project.folder("HACKING.md"), Project.folder("CHANGELOG.md"), Project.folder("scenarios/README.md")));
        for (Path page : pages) {
            assertTrue(
                    Pages.text(page).matches("(?s)# [^\n]+\n\nFor (who|every|authors).*"),
                    Pages.name(page) + " does not begin with whom it is for");
        }
    }

    @Test
    void every_link_leads_somewhere_and_the_readme_leads_to_every_page() {
        TreeSet<String> fromReadme = new TreeSet<>();
        for (Path page : Pages.all()) {
            for (Matcher link = Pattern.compile("\\]\\(([^)#\\s]*)(#[^)]*)?\\)").matcher(Pages.prose(page));
                    link.find(); ) {
                if (link.group(1).startsWith("https://")) {
                    continue;
                }
                Path target = link.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(link.group(1)).normalize();
                assertTrue(Files.exists(target), Pages.name(page) + " leads to " + link.group(1));
                if (link.group(2) != null) {
                    assertTrue(anchors(target).contains(link.group(2)), Pages.name(page) + " leads to " + link.group());
                }
                if (Pages.name(page).equals("README.md")) {
                    fromReadme.add(Pages.name(target));
                }
            }
        }
        Pages.docs()
                .forEach(page -> assertTrue(
                        fromReadme.contains(Pages.name(page)), "README does not lead to " + Pages.name(page)));
    }

    private static List<String> anchors(Path page) {
        return Pattern.compile("(?m)^#+ (.+)$")
                .matcher(Pages.prose(page))
                .results()
                .map(m -> "#"
                        + m.group(1)
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\w -]", "")
                                .replace(' ', '-'))
                .toList();
    }

    /** A sentence that stands twice is changed once. Cells of one table may be alike. */
    @Test
    void nothing_stands_twice() {
        Map<String, String> seen = new HashMap<>();
        for (Path page : Pages.all()) {
            String prose = Pages.prose(page);
            for (String sentence :
                    prose.replaceAll("(?m)^\\|.*$", "").replaceAll("\\s+", " ").split("(?<=[.:!?]) ")) {
                saidOnce(sentence, page, seen);
            }
            prose.lines()
                    .filter(line -> line.startsWith("|"))
                    .flatMap(line -> Stream.of(line.split("\\|")))
                    .map(String::strip)
                    .distinct()
                    .forEach(cell -> saidOnce(cell, page, seen));
        }
    }

    private static void saidOnce(String sentence, Path page, Map<String, String> seen) {
        String before = sentence.strip().split(" ").length < SENTENCE
                ? null
                : seen.putIfAbsent(sentence.strip(), Pages.name(page));
        assertTrue(before == null, before + " and " + Pages.name(page) + " both say: " + sentence);
    }

    @Test
    void the_glossary_is_short() {
        assertTrue(page("docs/glossary.md").lines().count() <= GLOSSARY_LINES);
    }

    @Test
    void every_row_of_the_fault_table_names_a_test_that_exists() throws Exception {
        Matcher named = Pattern.compile("\\| (\\w+Test)\\.(\\w+) \\|").matcher(page("docs/faults.md"));
        int rows = 0;
        while (named.find()) {
            rows++;
            List<String> methods = java.util.Arrays.stream(
                            Class.forName(named.group(1)).getDeclaredMethods())
                    .map(java.lang.reflect.Method::getName)
                    .toList();
            assertTrue(methods.contains(named.group(2)), named.group());
        }
        long faults = page("docs/faults.md")
                .lines()
                .filter(l -> l.startsWith("| ") && !l.startsWith("| fault"))
                .count();
        assertEquals(faults, rows, "a row without a test");
    }
}
