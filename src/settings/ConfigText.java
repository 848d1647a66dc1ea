package settings;

import base.Failure;
import base.PlainFile;
import base.ShellWords;
import base.Why;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.Access;

/** The text of a config.env, as a POSIX shell would read it without expanding anything. */
public final class ConfigText {
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");
    private static final Pattern BLANK_BEFORE = Pattern.compile("\\s*(?:export\\s+)?[A-Za-z_][A-Za-z0-9_]*\\s+=.*");

    private ConfigText() {}

    /** @throws Failure exit 64 if it cannot be read as text */
    static String read(Path file) {
        String text;
        try {
            text = PlainFile.text(file);
        } catch (PlainFile.Refused e) {
            throw Failure.usage(e.getMessage());
        } catch (CharacterCodingException e) {
            throw Failure.usage(file + notUtf8(file) + " is not UTF-8 text: save the file as UTF-8");
        } catch (IOException e) {
            Access.require(e);
            throw Failure.usage(file + " cannot be read (" + Why.of(e, file) + "): let this user read it");
        }
        if (text.startsWith("\uFEFF")) {
            throw Failure.usage(
                    file + " begins with a byte order mark, which a shell cannot read: save it as UTF-8 without one");
        }
        return text;
    }

    /** Which line, for a single letter in a comment is hard to find: {@code " line 7"}. */
    private static String notUtf8(Path file) {
        try {
            // each byte is one character, so that every line can be read by itself
            List<String> lines =
                    PlainFile.text(file, StandardCharsets.ISO_8859_1).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                byte[] bytes = lines.get(i).getBytes(StandardCharsets.ISO_8859_1);
                if (!Arrays.equals(bytes, new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))) {
                    return " line " + (i + 1);
                }
            }
        } catch (IOException gone) {
            // the sentence stands without it
        }
        return "";
    }

    /**
     * @param file for messages
     * @throws Failure exit 64 naming file, line number and text of the first broken line
     */
    static Map<String, String> values(Path file, String text) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            Matcher m = ASSIGNMENT.matcher(line);
            Word word = m.matches() ? Word.of(m.group(2).stripTrailing()) : Word.not(noAssignment(line));
            if (word.value() == null) {
                throw Failure.usage(file + " line " + (i + 1) + " is not KEY=value, as a shell would read it ("
                        + word.problem() + "): " + Secrets.masked("CP_COMMAND", secretLine(line)));
            }
            values.put(m.group(1), word.value());
        }
        return values;
    }

    /** The key of each line that has one, in their order. */
    static List<String> keys(String text) {
        return text.lines()
                .map(ASSIGNMENT::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();
    }

    /**
     * The text of a config.env that is to be shown, with the number of lines in which something is masked; every other
     * line stays as it is.
     */
    public static Secrets.Masked masked(String text, Secrets secrets) {
        StringBuilder masked = new StringBuilder();
        int lines = 0;
        for (String line : text.split("(?<=\n)")) {
            Matcher m = ASSIGNMENT.matcher(line.stripTrailing());
            String value = m.matches() ? Word.of(m.group(2).stripTrailing()).value() : null;
            String shown = value == null ? secrets.scanned(line, true).text() : secrets.shown(m.group(1), value);
            boolean same = shown.equals(value == null ? line : value);
            masked.append(same ? line : value == null ? shown : m.group(1) + "=" + ShellWords.quote(shown) + "\n");
            lines += same ? 0 : 1;
        }
        return new Secrets.Masked(masked.toString(), lines);
    }

    /** A line that cannot be read may still hold a secret. */
    private static String secretLine(String line) {
        Matcher m = ASSIGNMENT.matcher(line);
        return m.matches() && Secrets.isSecret(m.group(1)) ? m.group(1) + "=" + Secrets.MASK : line;
    }

    private static String noAssignment(String line) {
        return BLANK_BEFORE.matcher(line).matches()
                ? "take out the blank before ="
                : "a line is KEY=value, empty or a # comment";
    }

    /**
     * One shell word: bare, 'single' or "double" quoted pieces.
     *
     * @param value null if a shell would do more than read it
     * @param problem then what to do about it, in a clause
     */
    private record Word(String value, String problem) {
        private static final String EXPANDED = "a shell would expand ";
        private static final String SINGLE = ": put the value in single quotes";

        static Word not(String problem) {
            return new Word(null, problem);
        }

        static Word of(String raw) {
            StringBuilder value = new StringBuilder();
            for (ShellWords.Letter letter : ShellWords.letters(raw, 0)) {
                char c = letter.c();
                int at = letter.at();
                if (letter.standing() == ShellWords.Standing.OPEN) {
                    return not("close the quote " + c + " in the same line: a value ends with its line");
                } else if (letter.expands()) {
                    return not(EXPANDED + c + SINGLE);
                } else if (letter.isBare("\\")) {
                    return not("take out the \\ at its end: a value ends with its line");
                } else if (letter.isBare("~") && (at == 0 || raw.charAt(at - 1) == ':')) {
                    return not(EXPANDED + "~: write the folder in full");
                } else if (letter.standing() == ShellWords.Standing.BARE && Character.isWhitespace(c)) {
                    return raw.substring(at).strip().startsWith("#")
                            ? new Word(value.toString(), null)
                            : not(
                                    at == 0
                                            ? "take out the blank behind ="
                                            : "put a value that has blanks in quotes, and a blank before the # of a"
                                                    + " comment");
                } else if (letter.isBare(";&|<>()")) {
                    return not("a shell would act on " + c + SINGLE);
                } else if (letter.isText()) {
                    value.append(c);
                }
            }
            return new Word(value.toString(), null);
        }
    }
}
