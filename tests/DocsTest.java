import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents say of the program is held against the program. */
class DocsTest {
  private static final Path ROOT = Path.of(System.getenv().getOrDefault("SOAK_SOURCE_DIR", "."));

  private static String section(String text, String from) {
    int start = text.indexOf(from);
    assertTrue(start >= 0, "README lacks " + from);
    int end = text.indexOf("\n\n", start);
    return text.substring(start, end < 0 ? text.length() : end);
  }

  private static TreeSet<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void the_readme_lists_exactly_the_options_that_help_lists() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    for (Object command : List.of(new setup(), new round(), new report(), new rehearse())) {
      CommandLine line = new CommandLine(command);
      TreeSet<String> options = line.getCommandSpec().options().stream().map(o -> o.longestName()).collect(Collectors.toCollection(TreeSet::new));
      options.removeAll(List.of("--help", "--version"));
      String name = line.getCommandName();
      assertEquals(options, found(Pattern.compile("`(--[a-z-]+)`"), section(readme, "| `" + name + ".java` | |")), name);
    }
  }

  @Test
  void the_readme_lists_exactly_the_exit_codes_that_help_lists() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    TreeSet<String> codes = new TreeSet<>();
    for (Object command : List.of(new setup(), new round(), new report(), new rehearse())) {
      codes.addAll(new CommandLine(command).getCommandSpec().usageMessage().exitCodeList().keySet());
    }
    assertEquals(codes, found(Pattern.compile("(?m)^\\| (\\d+) \\|"), section(readme, "| exit | meaning |")));
  }

  @Test
  void every_row_of_the_fault_table_names_a_test_that_exists() throws Exception {
    Matcher named = Pattern.compile("\\| (\\w+Test)\\.(\\w+) \\|").matcher(Files.readString(ROOT.resolve("docs/faults.md")));
    int rows = 0;
    while (named.find()) {
      rows++;
      List<String> methods = java.util.Arrays.stream(Class.forName(named.group(1)).getDeclaredMethods()).map(java.lang.reflect.Method::getName).toList();
      assertTrue(methods.contains(named.group(2)), named.group());
    }
    long faults = Files.readAllLines(ROOT.resolve("docs/faults.md")).stream().filter(l -> l.startsWith("| ") && !l.startsWith("| fault")).count();
    assertEquals(faults, rows, "a row without a test");
  }
}
