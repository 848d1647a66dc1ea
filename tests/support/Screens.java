import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** A terminal's screen of the usual size. */
final class Screens {
    static final int COLUMNS = 80;
    static final int LINES = 24;

    private Screens() {}

    static void fits(String text) {
        List<String> lines = text.lines().toList();
        assertTrue(lines.size() < LINES, lines.size() + " lines and the prompt:\n" + text);
        lines.forEach(line -> assertTrue(line.length() <= COLUMNS, line.length() + " columns: " + line));
    }
}
