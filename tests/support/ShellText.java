import java.util.ArrayList;
import java.util.List;

/**
 * The commands of a piece of shell as it stands in a page: no expansion, so that $HOME and SOAK_DIR stay words of their
 * own.
 */
final class ShellText {
    private final String text;
    private final List<List<String>> commands = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private int at;

    private ShellText(String text) {
        this.text = text;
    }

    /** @return the words of each command, also of one inside {@code <(…)}; redirections are left out */
    static List<List<String>> commands(String text) {
        ShellText shell = new ShellText(text);
        shell.read();
        return shell.commands;
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                at += 2;
            } else if (c == '\n' || c == ';' || c == '&' || c == '|') {
                endOfCommand();
                at++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#') {
                at = end('\n');
            } else if (text.startsWith("<(", at)) {
                int close = text.indexOf(')', at);
                commands.addAll(commands(text.substring(at + 2, close)));
                words.add("FILE");
                at = close + 1;
            } else if (c == '>' || c == '<' || text.startsWith("2>", at)) {
                at += text.startsWith("2>", at) ? 2 : 1;
                while (at < text.length() && ">& ".indexOf(text.charAt(at)) >= 0) {
                    at++;
                }
                word();
            } else {
                words.add(word());
            }
        }
        endOfCommand();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (at < text.length() && " \t\n;|&<>".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at++);
            if (c == '"' || c == '\'') {
                int close = end(c);
                word.append(text, at, close);
                at = close + 1;
            } else {
                word.append(c);
            }
        }
        return word.toString();
    }

    private int end(char c) {
        int end = text.indexOf(c, at);
        return end < 0 ? text.length() : end;
    }

    private void endOfCommand() {
        if (!words.isEmpty()) {
            commands.add(words);
            words = new ArrayList<>();
        }
    }
}
