package base;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What strangers wrote, made fit for eyes: a control character could move the cursor, set a window's title or begin a
 * line of its own in a log, and an invisible one turn a sentence round. Each is shown as {@code \}{@code u001b}, which
 * within a JSON string means the same.
 *
 * <p>Each way out cleans once: {@link command.Cli} what goes to stdout and stderr (and so to cron.log),
 * {@code output.Templates} reports and pages, {@link Json} what is written as JSON.
 */
public final class Printable {
    private static final char ZERO_WIDTH_NON_JOINER = '\u200c'; // letters of some scripts need the two
    private static final char ZERO_WIDTH_JOINER = '\u200d';
    private static final char SOFT_HYPHEN = '\u00ad';
    private static final String CUT = "…";
    private static final Pattern HALF = Pattern.compile("\\p{Cs}");

    private Printable() {}

    /**
     * The text with its line ends and tabs, and every other character that does something rather than show something
     * spelt out.
     */
    public static String text(String text) {
        int first = 0;
        while (first < text.length() && isPlain(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, first);
        text.substring(first).codePoints().forEach(c -> {
            if (shows(c)) {
                shown.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    shown.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
                }
            }
        });
        return shown.toString();
    }

    /** With U+FFFD in place of each half of a character, as a text has it that was cut there: no reader takes those. */
    public static String wellFormed(String text) {
        return HALF.matcher(text).replaceAll("\ufffd");
    }

    /** As {@link #text}, in one line: a line end or a tab is spelt out too, so that a file's name can be told by it. */
    public static String name(String text) {
        return text(text).replace("\n", "\\u000a").replace("\t", "\\u0009");
    }

    /** As {@link #text}, in one line: whatever breaks a line is a blank, and several blanks are one. */
    public static String line(String text) {
        return text(text.replaceAll("[\\s\\u0085\\u2028\\u2029]+", " ").strip());
    }

    /**
     * As {@link #name}, with every blank that is none of ASCII spelt out, for a value in which one may be the fault.
     */
    public static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        name(text)
                .chars()
                .forEach(c -> shown.append(
                        c != ' ' && Character.isSpaceChar(c) ? String.format(Locale.ROOT, "\\u%04x", c) : (char) c));
        return shown.toString();
    }

    /**
     * As {@link #line(String)}, cut to so many bytes of UTF-8 together with the sign that it is cut. No character is
     * cut in two.
     */
    public static String line(String text, int mostBytes) {
        String line = line(text);
        if (line.getBytes(StandardCharsets.UTF_8).length <= mostBytes) {
            return line;
        }
        int room = mostBytes - CUT.getBytes(StandardCharsets.UTF_8).length;
        int end = 0;
        while (true) {
            int c = line.codePointAt(end);
            room -= c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (room < 0) {
                return line.substring(0, end) + CUT;
            }
            end += Character.charCount(c);
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~' || c == '\n' || c == '\t';
    }

    private static boolean shows(int c) {
        if (c == '\n' || c == '\t' || c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER || c == SOFT_HYPHEN) {
            return true;
        }
        if (isInvisible(c)) {
            return false;
        }
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE
                && (c & 0xFFFE) != 0xFFFE; // the last two of each plane are no characters
    }

    /**
     * What Unicode says is not to be seen (Default_Ignorable_Code_Point) though it is a letter, a mark or not assigned;
     * signs that choose a variant of the one before aside.
     */
    private static boolean isInvisible(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || c == 0x2065
                || c == 0x3164
                || c == 0xFFA0
                || c >= 0xFFF0 && c <= 0xFFF8
                || c >= 0xE0000 && c <= 0xE0FFF;
    }

    /** A writer through which nothing but text comes. */
    public static PrintWriter on(PrintWriter out) {
        return out instanceof Clean ? out : new Clean(out);
    }

    /**
     * What lies behind a writer of {@link #on}: for our own signs to a terminal, beside words that are clean already.
     */
    public static PrintWriter behind(PrintWriter out) {
        return out instanceof Clean clean ? clean.behind : out;
    }

    private static final class Clean extends PrintWriter {
        private final PrintWriter behind;

        Clean(PrintWriter behind) {
            super(new Cleaning(behind), true);
            this.behind = behind;
        }
    }

    private static final class Cleaning extends Writer {
        private final PrintWriter behind;
        /** The first half of a character whose second half is yet to come; 0 if none is. */
        private char half;

        Cleaning(PrintWriter behind) {
            this.behind = behind;
        }

        @Override
        public void write(char[] from, int offset, int count) {
            synchronized (lock) {
                String text = (half == 0 ? "" : String.valueOf(half)) + new String(from, offset, count);
                half = 0;
                if (!text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1))) {
                    half = text.charAt(text.length() - 1);
                    text = text.substring(0, text.length() - 1);
                }
                behind.write(text(text));
            }
        }

        @Override
        public void flush() {
            behind.flush();
        }

        @Override
        public void close() {
            behind.close();
        }
    }
}
