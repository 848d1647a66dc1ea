package evidence;

import base.Failure;
import base.Json;
import base.PlainFile;
import base.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import soak.SoakDir;

/**
 * Views and checks of the user's own: {@code SOAK_DIR/views/*.sql} and {@code SOAK_DIR/checks/*.sql} ("site checks"),
 * in the form of the bundled ones. They read the evidence and change nothing of it: a check's rows have the kind
 * {@code site check}, whatever its file says, so that they move neither the overall verdict nor Gate D.
 *
 * <p>Each statement is one query, for a view or for the rows of a check: it is wrapped here, so that a file can hold
 * nothing else, and runs where no file can be read or written ({@link EvidenceDatabase#lock}).
 */
final class SiteSql {
    private static final String VIEWS = "5-site-1-views/";
    private static final String CHECKS = "5-site-2-checks/";
    private static final String ENDING = ".sql";
    /** The table in which a row is a check. */
    static final String CHECK_ROW = "check_row";

    private static final Set<String> TABLES_OF_CHECKS =
            Set.of(CHECK_ROW, "check_outlook", "check_words", "check_round");
    private static final Pattern VIEW =
            Pattern.compile("CREATE\\s+VIEW\\s+(\\w+)\\s+AS\\b(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern BEGINS_VIEW =
            Pattern.compile("CREATE\\s+VIEW\\s+(?!\\w+\\s)\\S", Pattern.CASE_INSENSITIVE);
    private static final Pattern ROWS =
            Pattern.compile("INSERT\\s+INTO\\s+(\\w+)\\s+BY\\s+NAME\\b(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("LINE (\\d+):");
    private static final Pattern NO_SUCH_TABLE = Pattern.compile("Table with name (\\w+) does not exist");
    private static final Pattern BEHIND_SEMICOLON = Pattern.compile(";[ \\t]*(?:--|/\\*)");
    private static final String NOTHING_BEHIND =
            "a semicolon at the end of a line ends a statement, and nothing may stand"
                    + " behind it, no comment either: move that to the next line";
    private static final String INTERRUPTED = "INTERRUPT Error";
    /** A query that never ends would be a report without an end, and without a word of which file it waits for. */
    static final int MOST_SECONDS = Integer.getInteger("soak.siteSqlSeconds", 600);

    private SiteSql() {}

    /**
     * The files of a soak, as scripts that run after the plan's own checks and before all are judged.
     *
     * @throws Failure exit 64 for a file that cannot be read, or that holds anything but views or rows of checks
     */
    static List<SqlScript.Statement> of(SoakDir dir, Connection connection) {
        List<SqlScript.Statement> statements = new ArrayList<>();
        for (Path file : files(dir.siteViews())) {
            statements.addAll(wrapped(connection, VIEWS, file, "CREATE VIEW name AS SELECT …", SiteSql::view));
        }
        for (Path file : files(dir.siteChecks())) {
            statements.addAll(
                    wrapped(connection, CHECKS, file, "INSERT INTO check_row BY NAME SELECT …", SiteSql::rows));
        }
        return statements;
    }

    static List<String> viewsOf(List<SqlScript.Statement> statements) {
        return statements.stream()
                .map(statement -> VIEW.matcher(statement.text()))
                .filter(Matcher::find)
                .map(view -> view.group(1).toLowerCase(Locale.ROOT))
                .toList();
    }

    static boolean isOne(SqlScript.Statement statement) {
        return statement.path().startsWith(VIEWS) || statement.path().startsWith(CHECKS);
    }

    /** @param made whether a statement of that name exists, which then runs later than this one */
    static Failure broken(SqlScript.Statement statement, SQLException reason, Predicate<String> made) {
        if (reason.getMessage().startsWith(INTERRUPTED)) {
            return broken(
                    statement,
                    firstLine(statement),
                    "the query did not end within " + MOST_SECONDS
                            + " s: let it read less, such as one view in place of two that are not joined");
        }
        Matcher table = NO_SUCH_TABLE.matcher(reason.getMessage());
        if (table.find() && made.test(table.group(1).toLowerCase(Locale.ROOT))) {
            return broken(
                    statement,
                    firstLine(statement),
                    table.group(1) + " is made after this statement, so it cannot be read here: verdicts and what is"
                            + " made from them come after all checks, and a view of this soak's own is defined before"
                            + " what reads it");
        }
        boolean isSemicolon = reason.getMessage().contains("syntax error at or near \";\"");
        Matcher within = LINE.matcher(reason.getMessage());
        int line = within.find() ? statement.line() + Integer.parseInt(within.group(1)) - 1 : firstLine(statement);
        return broken(
                statement,
                line,
                isSemicolon
                        ? NOTHING_BEHIND
                        : reason.getMessage().strip().lines().findFirst().orElse(""));
    }

    private static Failure broken(SqlScript.Statement statement, int line, String words) {
        return Failure.usage(shown(statement) + ", line " + line + ": " + words
                + "; correct the file or move it away: no report is made while it is broken");
    }

    private static String shown(SqlScript.Statement statement) {
        return statement.path().replaceFirst("^5-site-\\d-", "");
    }

    /** Whether a view of the user's may have that name is told when the files are read, whatever is asked. */
    static Failure nameIsTaken(SqlScript.Statement statement, String name) {
        return broken(
                statement,
                firstLine(statement),
                "the name " + name + " is taken by a table, a view or a macro of this program, or by another view of"
                        + " this soak: give the view another name");
    }

    /** A check without a row would be in no report, and what is not measured is never a pass. */
    static Failure givesNoCheck(SqlScript.Statement statement) {
        return broken(
                statement,
                firstLine(statement),
                "the query gave no row, so there is no check: let it give one row whatever the evidence holds, such as"
                        + " verdict_word(NULL, false) where nothing was measured");
    }

    /** A lock of an editor's is hidden. A check must not be missing in silence because its name is in capitals. */
    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw Failure.usage(folder + " is no folder, so its SQL cannot be read: make it one, or move it away");
            }
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName()
                                    .toString()
                                    .toLowerCase(Locale.ROOT)
                                    .endsWith(ENDING)
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Failure.usage(
                    folder + " cannot be read (" + Why.of(e, folder) + "): let this user read it, or move it away");
        }
    }

    /**
     * A query of the user's and what is put around it.
     *
     * @param begins where the query begins in the statement, which ends with it
     */
    private record Wrapping(int begins, String before, String after) {}

    private interface Form {
        /** @return null for a statement of another form */
        Wrapping of(String statement);
    }

    private static List<SqlScript.Statement> wrapped(
            Connection connection, String layer, Path file, String words, Form form) {
        List<SqlScript.Statement> statements = new ArrayList<>();
        for (SqlScript.Statement statement : new SqlScript(layer + file.getFileName(), text(file)).statements()) {
            int lead = lead(statement.text());
            String sql = statement.text().substring(lead).stripTrailing().replaceFirst(";$", "");
            if (sql.isEmpty()) {
                continue;
            }
            Wrapping wrapping = form.of(sql);
            ParsedSql parsed = wrapping == null ? null : parsed(connection, sql.substring(wrapping.begins));
            if (parsed != null && parsed.reason() != null && !parsed.isOther()) {
                int until = lead + wrapping.begins + Math.max(0, parsed.position());
                throw broken(statement, line(statement, until), parsed.reason());
            }
            if (parsed == null || parsed.isOther() || parsed.selects() != 1) {
                Matcher behind = BEHIND_SEMICOLON.matcher(sql);
                if (behind.find()) {
                    throw broken(statement, line(statement, lead + behind.start()), NOTHING_BEHIND);
                }
                throw broken(
                        statement,
                        firstLine(statement),
                        (wrapping == null
                                        && layer.equals(VIEWS)
                                        && BEGINS_VIEW.matcher(sql).lookingAt()
                                ? "the name of a view is one word of the letters a to z, digits and _, without"
                                        + " quotation marks and without a schema: " + words
                                : sql.startsWith("/*")
                                        ? "a line that ends with a semicolon ends a statement within a comment too:"
                                                + " begin each line of the comment with --"
                                        : "each statement has the form " + words
                                                + " and ends its last line with a semicolon; this one does not"));
            }
            if (parsed.acting() != null) {
                throw broken(
                        statement,
                        firstLine(statement),
                        "the function " + parsed.acting() + " does more than give rows");
            }
            int newLines = line(statement, lead + wrapping.begins) - statement.line();
            statements.add(new SqlScript.Statement(
                    statement.path(),
                    "\n".repeat(newLines) + wrapping.before + sql.substring(wrapping.begins) + wrapping.after,
                    statement.line()));
        }
        if (layer.equals(CHECKS) && statements.isEmpty()) {
            throw Failure.usage("checks/" + file.getFileName() + " holds no check (" + words
                    + "): write one, or move the file away; a check that is in no report is no pass");
        }
        return statements;
    }

    private static String text(Path file) {
        try {
            return Json.withoutMark(PlainFile.text(file));
        } catch (PlainFile.Refused e) {
            throw Failure.usage(e.getMessage());
        } catch (IOException e) {
            throw Failure.usage(file + " cannot be read (" + Why.of(e, file)
                    + "): let this user read it, see that it is UTF-8, or move it away");
        }
    }

    /** Where its SQL begins, after blanks and comments. */
    private static int lead(String text) {
        int at = 0;
        while (at < text.length()) {
            int end = at;
            if (Character.isWhitespace(text.charAt(at))) {
                end = at + 1;
            } else if (text.startsWith("--", at)) {
                end = text.indexOf('\n', at);
            } else if (text.startsWith("/*", at) && text.indexOf("*/", at + 2) > 0) {
                end = text.indexOf("*/", at + 2) + 2;
            }
            if (end <= at) {
                break;
            }
            at = end;
        }
        return at;
    }

    private static int firstLine(SqlScript.Statement statement) {
        return line(statement, lead(statement.text()));
    }

    /** Of the file. */
    private static int line(SqlScript.Statement statement, int position) {
        String until = statement
                .text()
                .substring(0, Math.min(position, statement.text().length()));
        return statement.line() + (int) until.chars().filter(c -> c == '\n').count();
    }

    private static ParsedSql parsed(Connection connection, String query) {
        try {
            return ParsedSql.of(connection, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Wrapping view(String statement) {
        Matcher view = VIEW.matcher(statement);
        return view.matches()
                ? new Wrapping(view.start(2), "CREATE VIEW " + view.group(1) + " AS FROM (", "\n)")
                : null;
    }

    private static Wrapping rows(String statement) {
        Matcher rows = ROWS.matcher(statement);
        if (!rows.matches() || !TABLES_OF_CHECKS.contains(rows.group(1).toLowerCase(Locale.ROOT))) {
            return null;
        }
        String table = rows.group(1).toLowerCase(Locale.ROOT);
        boolean isCheck = table.equals(CHECK_ROW);
        return new Wrapping(
                rows.start(2),
                "INSERT INTO " + table + " BY NAME SELECT *" + (isCheck ? ", 'site check' AS kind" : "") + " FROM (",
                "\n) WHERE " + (isCheck ? "is_site_id" : "is_of_site_check") + "(CAST(id AS VARCHAR))");
    }
}
