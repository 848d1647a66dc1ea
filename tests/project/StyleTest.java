import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Files and lines that a person takes in, and names that read as sentences. ./jbang format --check looks at the rest.
 */
class StyleTest {
    private static final int COLUMNS = 120;
    private static final int LINES = 400;

    @Test
    void no_line_of_a_source_is_longer_than_120_columns() throws IOException {
        List<String> longer = new ArrayList<>();
        List<Path> files = sources(".*\\.(java|sql|ftlh?|css|py|jq|sh)|.ci/run|jbang");
        for (Path file : files) {
            boolean isHead = true;
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                isHead &= line.startsWith("//"); // what JBang reads ends with the line
                if (!isHead && line.codePointCount(0, line.length()) > COLUMNS && !isOneWord(line)) {
                    longer.add(name(file) + ":" + number);
                }
            }
        }
        assertTrue(
                files.size() > 400 && files.containsAll(List.of(Project.folder("jbang"), Project.folder(".ci/run"))),
                files.size() + " files");
        assertEquals(List.of(), longer);
    }

    @Test
    void no_source_file_is_longer_than_400_lines() throws IOException {
        List<String> longer = new ArrayList<>();
        List<Path> files = sources(".*\\.(java|sql|ftlh?|css|py|jq|sh)");
        for (Path file : files) {
            int lines = Files.readAllLines(file).size();
            if (lines > LINES) {
                longer.add(name(file) + ": " + lines);
            }
        }
        assertTrue(
                files.stream().anyMatch(file -> file.toString().endsWith(".ftlh")) && files.size() > 400,
                files.size() + " files");
        assertEquals(List.of(), longer, "a longer file has several subjects: give each its own");
    }

    /** What a tool or a crash leaves behind would go into the next commit, with the paths of the machine in it. */
    @Test
    void every_file_in_git_is_of_a_kind_that_the_project_has() throws IOException {
        Fork.Result listed = Fork.run("git", "-C", Project.folder("").toString(), "ls-files");
        Assumptions.assumeTrue(listed.exit() == 0, "these sources are not in git, which tells what belongs to them");
        List<String> files = listed.out().lines().toList();
        String known =
                "(.*/)?([\\w-]+(\\.(txt|test))?\\.(java|sql|ftlh?|css|md|txt|jsonl?|prom|sh|py|c|jq|png|ya?ml|xsd|env)"
                        + "|\\.gitignore|\\.editorconfig|jbang|LICENSE|run)";
        assertEquals(
                List.of(), files.stream().filter(file -> !file.matches(known)).toList());
        assertTrue(files.size() > 800, files.size() + " files");
    }

    @Test
    void every_test_method_is_named_by_a_sentence_in_snake_case() throws Exception {
        List<String> others = new ArrayList<>();
        int tests = 0;
        for (Path file : sources(".*\\.java")) {
            if (!name(file).matches("tests/\\w+/\\w+Test\\.java")) {
                continue;
            }
            Class<?> type = Class.forName(file.getFileName().toString().replaceFirst("\\.java$", ""));
            for (Method method : type.getDeclaredMethods()) {
                if (AnnotationSupport.isAnnotated(method, Testable.class)) {
                    tests++;
                    if (!method.getName().matches("[a-z0-9]+(_[a-z0-9]+)+")) {
                        others.add(type.getName() + "." + method.getName());
                    }
                }
            }
        }
        assertTrue(tests > 800, tests + " tests");
        assertEquals(List.of(), others);
    }

    /** The class of an exception and its bare message are for whoever programs: {@link base.Why} has the words. */
    @Test
    void no_sentence_has_an_exception_of_java_in_it_as_it_came() throws IOException {
        Pattern caught = Pattern.compile("catch \\(([\\w.| ]*Exception) (\\w+)\\) \\{(.*?)\\n( *)\\}", Pattern.DOTALL);
        List<String> raw = new ArrayList<>();
        int catches = 0;
        for (Path file : sources(".*\\.java")) {
            if (!name(file).matches("(src/.*|\\w+)\\.java")) {
                continue;
            }
            Matcher found = caught.matcher(Files.readString(file));
            while (found.find()) {
                catches++;
                String e = found.group(2);
                boolean ofAFile = found.group(1).matches(".*\\b(IO|UncheckedIO)?Exception\\b.*");
                if (ofAFile
                        && Pattern.compile("\\+ " + e + "(?![.\\w])|append\\(" + e + "\\)|\\b" + e
                                        + "\\.(toString\\(\\)|getClass\\(\\)\\.getSimpleName)")
                                .matcher(found.group(3))
                                .find()) {
                    raw.add(name(file) + ": "
                            + found.group().lines().findFirst().orElse(""));
                }
            }
        }
        assertTrue(catches > 150, catches + " places");
        assertEquals(List.of(), raw);
    }

    /** What a row stands for is the first thing to know of a table. A view that only hands a table on has its words. */
    @Test
    void every_table_and_view_of_the_sql_says_what_one_row_is() throws IOException {
        Pattern made = Pattern.compile("CREATE (?:TABLE|VIEW|(?=MACRO .* AS TABLE$)MACRO) (\\w+).*");
        Pattern handedOn = Pattern.compile("CREATE VIEW \\w+ AS FROM \\w+;");
        List<String> silent = new ArrayList<>();
        int tables = 0;
        for (Path file : sources(".*\\.sql")) {
            String comment = "";
            for (String line : Files.readAllLines(file)) {
                Matcher table = made.matcher(line);
                if (table.matches() && !handedOn.matcher(line).matches()) {
                    tables++;
                    if (!comment.contains("-- One row")) {
                        silent.add(name(file) + ": " + table.group(1));
                    }
                }
                comment = line.startsWith("--") ? comment + line : "";
            }
        }
        assertTrue(tables > 150, tables + " tables");
        assertEquals(List.of(), silent);
    }

    /** @param names a pattern of paths from the project's folder on */
    private static List<Path> sources(String names) throws IOException {
        Pattern wanted = Pattern.compile("(?!\\.(git|jbang)/)(" + names + ")");
        try (Stream<Path> all = Files.walk(Project.folder(""))) {
            return all.filter(file -> wanted.matcher(name(file)).matches())
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path file) {
        return Project.folder("").relativize(file).toString();
    }

    /** A text without a space, or a long name: nowhere to break. */
    private static boolean isOneWord(String line) {
        String code = line.strip().replaceFirst("^(\\+|\\*|void) ", "");
        return code.matches("\"[^ ]*\".{0,3}|\\w+\\(\\)|rollback execute .*");
    }
}
