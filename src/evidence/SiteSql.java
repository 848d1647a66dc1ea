package evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import soak.Failure;
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
    private static final Set<String> TABLES_OF_CHECKS =
            Set.of("check_row", "check_outlook", "check_words", "check_round");
    private static final Pattern VIEW = Pattern.compile(
            "((?:\\s|--[^\n]*)*)CREATE\\s+VIEW\\s+(\\w+)\\s+AS\\b(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern ROWS = Pattern.compile(
            "((?:\\s|--[^\n]*)*)INSERT(\\s+)INTO(\\s+)(\\w+)(\\s+)BY(\\s+)NAME\\b(.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("LINE (\\d+):");

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

    static boolean isOne(SqlScript.Statement statement) {
        return statement.path().startsWith(VIEWS) || statement.path().startsWith(CHECKS);
    }

    static Failure broken(SqlScript.Statement statement, SQLException reason) {
        Matcher within = LINE.matcher(reason.getMessage());
        int line = within.find() ? statement.line() + Integer.parseInt(within.group(1)) - 1 : firstLine(statement);
        return broken(
                statement, line, reason.getMessage().strip().lines().findFirst().orElse(""));
    }

    private static Failure broken(SqlScript.Statement statement, int line, String words) {
        return Failure.usage(shown(statement) + ", line " + line + ": " + words
                + "; correct the file or move it away: no report is made while it is broken");
    }

    private static String shown(SqlScript.Statement statement) {
        return statement.path().replaceFirst("^5-site-\\d-", "");
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Failure.usage(folder + " cannot be read (" + e + "): let this user read it, or move it away");
        }
    }

    /** @param before and after what stands around the query when it is run */
    private record Wrapped(String before, String query, String after) {}

    private interface Wrapping {
        /** @return null for a statement of another form */
        Wrapped of(String statement);
    }

    private static List<SqlScript.Statement> wrapped(
            Connection connection, String layer, Path file, String form, Wrapping wrapping) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.usage(
                    file + " cannot be read (" + e + "): let this user read it, see that it is UTF-8, or move it away");
        }
        List<SqlScript.Statement> statements = new ArrayList<>();
        for (SqlScript.Statement statement : new SqlScript(layer + file.getFileName(), text).statements()) {
            Wrapped wrapped = wrapping.of(statement.text().stripTrailing().replaceFirst(";$", ""));
            ParsedSql parsed = wrapped == null ? null : parsed(connection, wrapped.query);
            if (parsed != null && parsed.reason() != null && !parsed.isOther()) {
                String until = wrapped.before
                        + wrapped.query.substring(0, Math.max(0, Math.min(parsed.position(), wrapped.query.length())));
                throw broken(
                        statement,
                        statement.line()
                                + (int) until.chars().filter(c -> c == '\n').count(),
                        parsed.reason());
            }
            if (parsed == null || parsed.isOther() || parsed.selects() != 1) {
                throw Failure.usage(
                        shown(statement) + ", line " + firstLine(statement) + ": each statement has the form " + form
                                + " and ends its last line with a semicolon; this one does not");
            }
            statements.add(new SqlScript.Statement(
                    statement.path(), wrapped.before + wrapped.query + wrapped.after, statement.line()));
        }
        return statements;
    }

    /** Where its SQL begins, after comments. */
    private static int firstLine(SqlScript.Statement statement) {
        return statement.line()
                + (int) statement
                        .text()
                        .lines()
                        .takeWhile(line -> line.isBlank() || line.stripLeading().startsWith("--"))
                        .count();
    }

    private static ParsedSql parsed(Connection connection, String query) {
        try {
            return ParsedSql.of(connection, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Wrapped view(String statement) {
        Matcher view = VIEW.matcher(statement);
        return view.matches()
                ? new Wrapped(view.group(1) + "CREATE VIEW " + view.group(2) + " AS FROM (", view.group(3), "\n)")
                : null;
    }

    /** The wrapping keeps the file's lines, so that an error names the right one. */
    private static Wrapped rows(String statement) {
        Matcher rows = ROWS.matcher(statement);
        if (!rows.matches() || !TABLES_OF_CHECKS.contains(rows.group(4).toLowerCase(java.util.Locale.ROOT))) {
            return null;
        }
        String table = rows.group(4).toLowerCase(java.util.Locale.ROOT);
        return new Wrapped(
                rows.group(1) + "INSERT INTO " + table + " BY NAME SELECT *"
                        + (table.equals("check_row") ? ", 'site check' AS kind" : "") + " FROM (",
                rows.group(7),
                "\n"
                    + ") WHERE CASE WHEN id IN (SELECT id FROM check_row WHERE kind <> 'site check') THEN error('the"
                    + " id ' || id || ' is one of the plan''s checks') ELSE true END");
    }
}
