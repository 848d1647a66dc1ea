package command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What reads the output.
 *
 * @param present whether it is a terminal that can move its cursor
 * @param colors whether it takes colours, and its user wants them (NO_COLOR)
 * @param unicode whether its locale shows more than ASCII
 * @param columns COLUMNS, 0 where that says nothing
 */
public record Terminal(boolean present, boolean colors, boolean unicode, int columns) {
    /** A file, a pipe, a test. */
    public static final Terminal NONE = new Terminal(false, false, true, 0);

    private static final int USUAL_COLUMNS = 80;

    /** @param fd 1 for stdout, 2 for stderr */
    public static Terminal of(int fd, Map<String, String> environment) {
        boolean present =
                isTerminal(fd) && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(
                present,
                present && environment.getOrDefault("NO_COLOR", "").isEmpty(),
                isUnicode(environment),
                columns(environment.get("COLUMNS")));
    }

    /** System.console() would speak of stdin and stdout together. */
    public static boolean isTerminal(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd))
                    .toString()
                    .matches("/dev/(pts/\\d+|tty\\w*|console)");
        } catch (IOException unknown) {
            return false;
        }
    }

    /** The launchers run Java in a UTF-8 locale for the sake of file names, and keep the user's own in SOAK_LOCALE. */
    private static boolean isUnicode(Map<String, String> environment) {
        for (String name : new String[] {"SOAK_LOCALE", "LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = environment.getOrDefault(name, "");
            if (!locale.isEmpty()) {
                return locale.toUpperCase(Locale.ROOT).matches(".*UTF-?8.*");
            }
        }
        return false;
    }

    private static int columns(String text) {
        return text != null && text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : 0;
    }

    /** @param asked finds the width of a terminal out; asked only where there is one */
    public int columns(IntSupplier asked) {
        return columns > 0 ? columns : present ? asked.getAsInt() : USUAL_COLUMNS;
    }
}
