package base;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The POSIX shell's quotes, written and read. */
public final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,+{}-]*");
    /** What a backslash in double quotes makes literal; before anything else it stands for itself. */
    private static final String ESCAPED = "\\\"$`";

    /** How a character stands in a text. */
    public enum Standing {
        /** Outside quotes: the shell may act on it. */
        BARE,
        /** In double quotes, where the shell still expands. */
        IN_DOUBLE,
        /** For itself alone: in single quotes, or behind a backslash. */
        LITERAL,
        /** A quote that begins or ends. */
        QUOTE,
        /** The quote that was open when the text ended. */
        OPEN
    }

    /** @param at where it stands; of an escaped one, where its backslash does */
    public record Letter(char c, Standing standing, int at) {
        /** Whether it is one of these, and the shell may act on it. */
        public boolean isBare(String any) {
            return standing == Standing.BARE && any.indexOf(c) >= 0;
        }

        /** Whether it is of the word, and no quote around a piece of it. */
        public boolean isText() {
            return standing != Standing.QUOTE && standing != Standing.OPEN;
        }

        /** Whether the shell would expand what begins here. */
        public boolean expands() {
            return (c == '$' || c == '`') && (standing == Standing.BARE || standing == Standing.IN_DOUBLE);
        }
    }

    private ShellWords() {}

    /** As it stands where that is safe, else in single quotes (contract, section 2). */
    public static String quote(String word) {
        return PLAIN.matcher(word).matches() && !word.isEmpty() ? word : quoted(word);
    }

    /** A line of config.env: an empty value stands without quotes. */
    public static String assignment(String key, String value) {
        return key + "=" + (value.isEmpty() ? "" : quote(value));
    }

    /** Always in single quotes. */
    public static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** A text from there on, as the shell reads it before it expands anything. */
    public static List<Letter> letters(String text, int from) {
        List<Letter> letters = new ArrayList<>();
        char open = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLast = i + 1 == text.length();
            if (open == 0 ? c == '\'' || c == '"' : c == open) {
                letters.add(new Letter(c, Standing.QUOTE, i));
                open = open == 0 ? c : 0;
            } else if (open == '\'') {
                letters.add(new Letter(c, Standing.LITERAL, i));
            } else if (c == '\\' && !isLast && (open == 0 || ESCAPED.indexOf(text.charAt(i + 1)) >= 0)) {
                letters.add(new Letter(text.charAt(i + 1), Standing.LITERAL, i));
                i++;
            } else {
                letters.add(new Letter(c, open == 0 ? Standing.BARE : Standing.IN_DOUBLE, i));
            }
        }
        if (open != 0) {
            letters.add(new Letter(open, Standing.OPEN, text.length()));
        }
        return letters;
    }
}
