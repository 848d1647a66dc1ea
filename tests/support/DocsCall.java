import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A command of a page: the program, and what it is given. */
record DocsCall(Pages.Block block, String program, List<String> arguments) {
    private static final Pattern CRON = Pattern.compile("(?m)^(?:[\\d*/,-]+ ){5}(.*)$");
    /** Programs of others that a page may use. */
    private static final Set<String> OTHERS = Set.of(
            "cd",
            "chmod",
            "duckdb",
            "git",
            "head",
            "ln",
            "mv",
            "node_exporter",
            "printf",
            "sha256sum",
            "source",
            "tar");
    /** What JBang itself does, beside running a script. */
    private static final Set<String> OF_JBANG = Set.of("edit");

    @Override
    public String toString() {
        return block + ": " + program + " " + String.join(" ", arguments);
    }

    /** What a block types into a shell. */
    static String shell(Pages.Block block) {
        if (block.language().equals("sh")) {
            return block.text();
        }
        StringBuilder typed = new StringBuilder(); // $ begins what was typed; a quote or a backslash leads it on
        boolean open = false;
        for (String line : block.text().lines().toList()) {
            if (line.startsWith("$ ") || open) {
                typed.append(open ? line : line.substring(2)).append('\n');
                String last = typed.substring(Math.max(0, typed.lastIndexOf("$ ")));
                open = line.endsWith("\\") || last.chars().filter(c -> c == '"').count() % 2 == 1;
            }
        }
        Matcher cron = CRON.matcher(block.text());
        while (cron.find()) {
            typed.append(cron.group(1)).append('\n');
        }
        return typed.toString();
    }

    /** Those of all pages. */
    static List<DocsCall> all() throws IOException {
        List<DocsCall> calls = new ArrayList<>();
        for (Path page : Pages.all()) {
            for (Pages.Block block : Pages.blocks(page)) {
                if (block.language().equals("sh") || block.language().isEmpty()) {
                    for (List<String> words : ShellText.commands(shell(block))) {
                        of(block, words).ifPresent(calls::add);
                    }
                }
            }
        }
        return calls;
    }

    private static Optional<DocsCall> of(Pages.Block block, List<String> words) throws IOException {
        int first = 0;
        while (first < words.size() && words.get(first).matches("\\w+=.*")) {
            String name = words.get(first++).replaceFirst("=.*", "");
            assertTrue(
                    !DocsProgram.KEY.matcher(name).matches() || DocsProgram.SOURCES.contains("\"" + name + "\""),
                    block + " sets " + name + ", which nothing reads");
        }
        if (first == words.size()) {
            return Optional.empty();
        }
        String word = words.get(first);
        List<String> rest = words.subList(first + 1, words.size());
        if (OTHERS.contains(word)) {
            return Optional.empty();
        }
        if (word.equals("bash")) {
            assertTrue(Files.exists(Project.folder(rest.get(0))), block + ": " + rest);
            return Optional.empty();
        }
        if (word.equals("./jbang") && OF_JBANG.contains(rest.get(0))) {
            assertTrue(Files.exists(Project.folder(rest.get(rest.size() - 1))), block + ": " + rest);
            return Optional.empty();
        }
        if (word.equals("./jbang")) {
            word = Json.parse(Files.readString(Project.folder("jbang-catalog.json")))
                    .path("aliases")
                    .path(rest.get(0))
                    .path("script-ref")
                    .asText();
            assertNotEquals("", word, block + ": " + rest + " is no alias of jbang-catalog.json");
            rest = rest.subList(1, rest.size());
        }
        if (word.endsWith(".java")) {
            assertTrue(Files.exists(Project.folder(word)), block + ": " + word);
        } else {
            assertTrue(
                    word.matches("((SOAK_DIR|NEW)/)?bin/(setup|round|report|probe)"),
                    block + ": what is " + word + "?");
            rest = word.endsWith("probe")
                    ? Stream.concat(Stream.of("--probe"), rest.stream()).toList()
                    : rest;
        }
        String program = word.replaceFirst(".*/", "").replaceFirst("\\.java$", "");
        if (!DocsProgram.OURS.contains(program) && !program.equals("probe")) {
            return Optional.empty(); // a tool of the project, whose file is there
        }
        return Optional.of(new DocsCall(block, program.equals("probe") ? "round" : program, List.copyOf(rest)));
    }
}
