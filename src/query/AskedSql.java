package query;

import base.EditDistance;
import base.Failure;
import base.Why;
import evidence.SqlScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import output.TableFormat;

/**
 * The text behind {@code --sql}: itself, {@code -} for standard input, {@code @NAME} for a question of
 * {@code sql/examples}, {@code @FILE} for a file of one's own.
 */
public final class AskedSql {
    /** {@code @} alone: which questions there are. */
    private static final String MARK = "@";

    private static final int LIKELY = 3;

    private AskedSql() {}

    /**
     * @throws Failure exit 64 for a name that is neither a question nor a file, and for a file that is not UTF-8 text
     */
    public static String text(String argument, InputStream in) {
        if (argument.equals("-")) {
            return read("standard input", in);
        }
        if (!argument.startsWith(MARK)) {
            return argument;
        }
        String name = argument.substring(MARK.length());
        Optional<SqlScript> question =
                SqlScript.examples().stream().filter(s -> s.name().equals(name)).findFirst();
        return question.isPresent() ? question.get().text() : file(name);
    }

    public static boolean asksForTheList(String argument) {
        return argument.strip().equals(MARK);
    }

    /** Every question: its name and what it asks. */
    public static void list(TableFormat format, PrintWriter out) {
        format.print(
                List.of("name", "question"),
                SqlScript.examples().stream()
                        .<List<Object>>map(s -> List.of(MARK + s.name(), question(s)))
                        .toList(),
                out);
    }

    /** The first sentence of its opening comment. */
    private static String question(SqlScript script) {
        return script.text().lines().findFirst().orElse("").replaceFirst("^--\\s*", "");
    }

    private static String file(String name) {
        Path file = Path.of(name);
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                return read(name, in);
            } catch (IOException e) {
                throw Failure.usage("--sql @" + name + " cannot be read (" + Why.of(e, file) + ")");
            }
        }
        List<String> near = nearest(name);
        throw Failure.usage("--sql @" + name + " is neither a question that the program knows nor a file"
                + (near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?")
                + (near.isEmpty() ? ": " : " ") + "--sql @ lists the questions");
    }

    private static String read(String what, InputStream in) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Failure.usage("--sql: " + what + " is not UTF-8 text");
        } catch (IOException e) {
            throw Failure.usage("--sql: " + what + " cannot be read (" + Why.of(e, null) + ")");
        }
    }

    /** Names that share a word with what was asked for, or are few letters away from it; the nearest first. */
    private static List<String> nearest(String asked) {
        List<String> words = List.of(asked.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"));
        return SqlScript.examples().stream()
                .map(SqlScript::name)
                .filter(n -> EditDistance.between(asked, n) <= LIKELY
                        || words.stream().anyMatch(w -> w.length() >= LIKELY && n.contains(w)))
                .sorted(Comparator.<String>comparingInt(n -> EditDistance.between(asked, n))
                        .thenComparing(n -> n))
                .limit(LIKELY)
                .map(MARK::concat)
                .toList();
    }
}
