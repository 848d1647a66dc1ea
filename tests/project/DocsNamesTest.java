import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import soak.RoundFiles;
import workload.AlertLog;

/** Options, settings, files and exit codes that a page names are those of the program. */
class DocsNamesTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

    private static final Pattern FILE =
            Pattern.compile("(?:src|tests|sql|docs|scenarios|bench|templates|grafana|launcher|\\.ci)/[\\w./*-]+"
                    + "|[\\w-]+\\.java|\\.?/?[\\w./-]+\\.sh");

    /** Options of theirs, and of the product's recovery CLI and the embedded control plane. */
    private static final Set<String> OPTIONS_OF_OTHERS =
            Set.of("--reason", "--resource", "--strategy", "--target", "--token");

    @Test
    void every_option_that_a_page_names_is_an_option() {
        Set<String> known = new TreeSet<>(OPTIONS_OF_OTHERS);
        known.addAll(List.of("--completion", "--help", "--version")); // of every command
        for (String program : DocsProgram.OURS) {
            add(DocsProgram.line(program), known);
        }
        int options = 0;
        for (Path page : Pages.all()) {
            for (String span : Pages.spans(page)) {
                for (Matcher option = OPTION.matcher(span); option.find(); ) {
                    options++;
                    boolean ofABench = Pages.name(page).startsWith("bench/")
                            && DocsProgram.SOURCES.contains("\"" + option.group() + "\"");
                    assertTrue(
                            known.contains(option.group()) || ofABench,
                            Pages.name(page) + " names " + option.group() + " in " + span);
                }
            }
        }
        assertTrue(options > 100, options + " options");
    }

    private static void add(CommandLine line, Set<String> options) {
        line.getCommandSpec().options().forEach(option -> options.addAll(Arrays.asList(option.names())));
        line.getSubcommands().values().forEach(command -> add(command, options));
    }

    /** A comment that leads to a passage which was renamed leads nowhere. */
    @Test
    void every_passage_of_the_contract_that_a_comment_names_is_there() throws IOException {
        String contract = Files.readString(Project.folder("docs/contract.md"));
        Pattern named = Pattern.compile("ontract, section (\\d)((?:,? \"[^\"]+\")+)");
        int passages = 0;
        for (String part : List.of("src", "sql", "tests")) {
            try (Stream<Path> all = Files.walk(Project.folder(part))) {
                for (Path file :
                        all.filter(f -> f.toString().matches(".*\\.(java|sql)")).toList()) {
                    String text = Files.readString(file).replaceAll("\\n\\s*(?:\\*|--|//)\\s*", " ");
                    for (Matcher at = named.matcher(text); at.find(); ) {
                        String section = contract.split("\n## ")[Integer.parseInt(at.group(1))];
                        for (String passage :
                                at.group(2).replaceAll("^,? \"|\"$", "").split("\",? \"")) {
                            passages++;
                            assertTrue(section.contains("**" + passage), file + " names " + passage);
                        }
                    }
                }
            }
        }
        assertTrue(passages > 10, passages + " passages");
    }

    @Test
    void every_file_and_every_name_in_capitals_that_a_page_names_exists() throws IOException {
        int files = 0;
        int keys = 0;
        for (Path page : Pages.all()) {
            for (String span : Pages.spans(page)) {
                if (FILE.matcher(span).matches()) {
                    files++;
                    assertTrue(exists(page, span), Pages.name(page) + " names the file " + span);
                }
                if (DocsProgram.KEY.matcher(span).matches()) {
                    keys++;
                    assertTrue(DocsProgram.SOURCES.contains(span), Pages.name(page) + " names " + span);
                }
            }
        }
        assertTrue(files > 50 && keys > 20, files + " files, " + keys + " names in capitals");
    }

    /** A path of the tree, of the page's own folder, or of one in src; a star stands for any name. */
    private static boolean exists(Path page, String name) throws IOException {
        if (!name.contains("*") && Files.exists(page.resolveSibling(name))) {
            return true;
        }
        Pattern wanted = Pattern.compile("(.*/)?"
                + Pattern.quote(name.replaceFirst("^\\./", "").replace("NAME", "*"))
                        .replace("*", "\\E[^/]*\\Q") + "/?");
        try (Stream<Path> files = Files.walk(Project.folder(""))) {
            return files.anyMatch(
                    file -> wanted.matcher(Project.folder("").relativize(file).toString())
                            .matches());
        }
    }

    /** Those that a round and a daily report raise, as their sources have them. */
    @Test
    void the_pages_and_junit_know_every_alert_that_is_raised() throws IOException {
        String rounds = Files.readString(Project.folder("src/workload/RoundAlerts.java"));
        Set<String> raised = names("(?:\"ALERT |aboveNone\\(alerts, \")(\\w+)", rounds);
        raised.add(AlertLog.UPTIME_BUDGET_LEFT);
        raised.addAll(names(
                "'(?:ALERT|WARN)'(?: AS level)?, '(\\w+)'",
                Files.readString(Project.folder("sql/6-reports/40-daily-alert-lines.sql"))));
        String operating = Pages.text(Project.folder("docs/operating.md"));
        String table = operating.substring(operating.indexOf("| alert | it means"));
        Set<String> told = new TreeSet<>();
        table.substring(0, table.indexOf("\n\n"))
                .lines()
                .forEach(row -> told.addAll(names("`(\\w+)`", row.split("\\|")[1])));
        Names.assertSame(raised, told, "docs/operating.md, in its table of alerts,");
        String contract = Pages.text(Project.folder("docs/contract.md"));
        String passage = contract.substring(contract.indexOf("**Alerts**"));
        Names.assertSame(
                raised,
                names("`(\\w+)`", passage.substring(passage.indexOf("By rounds:"), passage.indexOf("\n\n"))),
                "docs/contract.md, section 4, **Alerts**");
        String junit = Files.readString(Project.folder("src/report/Junit.java"));
        String keys = junit.substring(junit.indexOf("ALERT_KEYS = List.of("));
        Names.assertSame(raised, names("\"(\\w+)\"", keys.substring(0, keys.indexOf(';'))), "ALERT_KEYS of Junit");
    }

    private static Set<String> names(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_exit_code_that_a_page_names_is_one() {
        Set<Integer> known = Set.of(
                Exit.OK,
                Exit.BAD,
                Exit.NO_EVIDENCE,
                Exit.USAGE,
                Exit.FAILED,
                Exit.LOCKED,
                1,
                126,
                127); // JBang's and a shell's
        int codes = 0;
        for (Path page : Pages.all()) {
            for (Matcher code = Pattern.compile("\\b[Ee]xit(?: code)? (\\d+)").matcher(Pages.prose(page));
                    code.find(); ) {
                codes++;
                assertTrue(known.contains(Integer.parseInt(code.group(1))), Pages.name(page) + " says " + code.group());
            }
        }
        assertTrue(codes > 20, codes + " exit codes");
    }

    @Test
    void the_trees_name_files_that_the_program_writes_and_every_file_of_a_round() throws Exception {
        for (String page : List.of("docs/operating.md", "docs/evidence.md")) {
            String tree = Pages.blocks(Project.folder(page)).stream()
                    .map(Pages.Block::text)
                    .filter(text -> text.matches("(?s)(SOAK_DIR|rounds/\\S+)/\n.*"))
                    .findFirst()
                    .orElseThrow();
            int names = 0;
            for (Matcher name = Pattern.compile("(?m)^  +([\\w.-]+\\.[\\w.]+)").matcher(tree); name.find(); ) {
                names++;
                assertTrue(
                        DocsProgram.SOURCES.contains("\"" + name.group(1).replaceFirst("\\.gz$", "")),
                        page + " names " + name.group(1));
            }
            assertTrue(names >= 10, page + " names " + names + " files");
        }
        String tree = Pages.text(Project.folder("docs/evidence.md"));
        int files = 0;
        for (Field constant : RoundFiles.class.getFields()) {
            String name = String.valueOf(constant.get(null));
            if (constant.getType() == String.class && !name.equals(RoundFiles.GZIPPED)) {
                files++;
                assertTrue(tree.contains("\n  " + name + " "), "docs/evidence.md lacks " + name);
            }
        }
        assertTrue(files > 15, files + " files");
    }
}
