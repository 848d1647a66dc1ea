package workload;

import base.Failure;
import base.SqlText;
import base.Sqlite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.Collation;
import org.sqlite.Function;
import org.sqlite.ProgressHandler;

/**
 * One SQLite file: sound, damaged, or not to be checked by this program, which is no damage. SQLite's integrity_check
 * is compiled as a whole, so that a single collation or function that only the control plane has keeps it from looking
 * at anything: then the structure is checked with stand-ins for these, and the content of each table that does not need
 * them.
 *
 * <p>Sources: sqlite.org/pragma.html, "integrity_check", "quick_check" and "writable_schema"; sqlite.org/rescode.html.
 */
final class DatabaseCheck {
    private static final int FINDINGS = 20;
    private static final String TOO_LONG = "its check was stopped unfinished, so that this round ends in time:"
            + " check a copy of it by hand (PRAGMA integrity_check)";
    private static final int MOST_STAND_INS = 100;
    private static final int DETERMINISTIC = 0x800; // SQLITE_DETERMINISTIC: an index may hold no other function
    private static final int ANY_ARGUMENTS = -1;
    private static final int STEPS_BETWEEN_LOOKS = 1_000; // of SQLite's machine, or pages
    private static final int READ_VERSION = 19; // sqlite.org/fileformat.html, "The Database Header"
    private static final int WITH_LOG = 2;
    private static final Pattern NO_COLLATION = Pattern.compile("no such collation sequence: ([^)]+)");
    private static final Pattern NO_FUNCTION = Pattern.compile("(?:no such function: |unknown function: )([^()]+)");
    private static final Pattern OWN_WORDS = Pattern.compile("\\[SQLITE_\\w+] [^(]*\\((.*)\\)", Pattern.DOTALL);
    /** What quick_check says of rows, which a stand-in cannot read as the program does. */
    private static final String OF_ROWS =
            "(NULL value in|CHECK constraint failed in|non-\\w+ value in|(NUMERIC|TEXT|REAL|INTEGER|INT|BLOB) value"
                    + " in) .*";
    /** Said of the pages of a table whose definition is not understood. */
    private static final String OF_UNKNOWN_TABLES = "Page \\d+: never used";

    /**
     * @param damage what SQLite found wrong
     * @param unchecked why it could not look at everything, else null
     * @param isOfAnotherKind no SQLite file, and nothing says that it ever was one
     */
    record Outcome(List<String> damage, String unchecked, boolean isOfAnotherKind) {}

    private final Path file;
    private final boolean wasOne;
    private final Duration busy;
    private final BooleanSupplier isTooLate;

    /**
     * @param wasOne whether an earlier check could read it: what SQLite cannot make sense of now is damage then
     * @param busy how long the lock of another process is waited for
     * @param isTooLate asked all the time: once it is, what has not been looked at stays unchecked
     */
    DatabaseCheck(Path file, boolean wasOne, Duration busy, BooleanSupplier isTooLate) {
        this.file = file;
        this.wasOne = wasOne;
        this.busy = busy;
        this.isTooLate = isTooLate;
    }

    static boolean hasLog(Path file) {
        return Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
    }

    /**
     * Whether it has a write-ahead log by its head and none beside it: then no program has it open, and a connection
     * that may not write would make the log and leave it there. The head may be read for the same reason
     * ({@link Sqlite}).
     */
    static boolean isUnheld(Path file) {
        if (hasLog(file) || Files.exists(file.resolveSibling(file.getFileName() + "-journal"))) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(READ_VERSION + 1);
            return head.length > READ_VERSION && head[READ_VERSION] == WITH_LOG;
        } catch (IOException goneOrForbidden) {
            return false;
        }
    }

    private Connection open() throws SQLException {
        Connection connection = isUnheld(file) ? Sqlite.openUnheld(file) : Sqlite.open(file, true, busy);
        ProgressHandler.setHandler(connection, STEPS_BETWEEN_LOOKS, new ProgressHandler() {
            @Override
            protected int progress() {
                return isTooLate.getAsBoolean() ? 1 : 0;
            }
        });
        return connection;
    }

    Outcome run() {
        try (Connection connection = open()) {
            connection.setAutoCommit(false);
            List<String> damage = new ArrayList<>();
            for (String found : rows(connection, "PRAGMA integrity_check(" + FINDINGS + ")")) {
                if (!found.equals("ok")) {
                    damage.add(found);
                }
            }
            connection.rollback();
            return new Outcome(damage, null, false);
        } catch (SQLException e) {
            return failed(e);
        } catch (Failure noSqlite) {
            return unchecked(noSqlite.getMessage());
        }
    }

    private Outcome failed(SQLException e) {
        String told = told(e);
        return switch (Sqlite.resultCode(e)) {
            case Sqlite.NOT_A_DATABASE ->
                wasOne
                        ? new Outcome(List.of("it is no longer a database (" + told + ")"), null, false)
                        : hasLog(file)
                                ? unchecked("it is encrypted, or damaged since before the first check (" + told + ")")
                                : new Outcome(List.of(), null, true);
            // A definition that this SQLite cannot read was damaged since the last check, or always was beyond it.
            case Sqlite.CORRUPT ->
                wasOne || !told.startsWith("malformed database schema")
                        ? new Outcome(List.of(told), null, false)
                        : inPart(told);
            case Sqlite.BUSY, Sqlite.LOCKED ->
                unchecked("another process held its lock for more than " + busy.toSeconds() + " s (" + told + ")");
            case Sqlite.INTERRUPT -> unchecked(TOO_LONG);
            case Sqlite.ERROR ->
                wasOne && told.contains("unsupported file format")
                        ? new Outcome(List.of(told), null, false)
                        : inPart(told);
            default ->
                // a disk that cannot be read, rights, memory, a journal that only a writer may play back
                unchecked(told);
        };
    }

    private static Outcome unchecked(String why) {
        return new Outcome(List.of(), why, false);
    }

    /** @param why the whole could not be checked */
    private Outcome inPart(String why) {
        List<String> damage = new ArrayList<>();
        try (Connection connection = open()) {
            lenient(connection);
            boolean wholeSchema = !why.startsWith("malformed database schema");
            for (String found : withStandIns(connection, "PRAGMA quick_check(" + FINDINGS + ")")) {
                found.lines()
                        .filter(line -> !line.equals("ok")
                                && !line.startsWith("*** in database ")
                                && !line.matches(OF_ROWS)
                                && (wholeSchema || !line.matches(OF_UNKNOWN_TABLES)))
                        .forEach(damage::add);
            }
        } catch (SQLException e) {
            if (Sqlite.resultCode(e) == Sqlite.INTERRUPT) {
                return unchecked(TOO_LONG);
            }
            return Sqlite.resultCode(e) == Sqlite.CORRUPT && !told(e).startsWith("malformed database schema")
                    ? new Outcome(List.of(told(e)), why, false)
                    : unchecked(why);
        }
        List<String> skipped = new ArrayList<>();
        try (Connection connection = open()) {
            lenient(connection);
            for (String table : rows(
                    connection,
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY"
                            + " name")) {
                try {
                    rows(connection, "PRAGMA integrity_check(" + SqlText.literal(table) + ")").stream()
                            .filter(found -> !found.equals("ok"))
                            .forEach(damage::add);
                } catch (SQLException e) {
                    if (Sqlite.resultCode(e) == Sqlite.CORRUPT) {
                        damage.add(told(e));
                    } else {
                        skipped.add(table);
                    }
                }
            }
        } catch (SQLException e) {
            return new Outcome(damage, why, false);
        }
        return new Outcome(
                damage.stream().distinct().limit(FINDINGS).toList(),
                why
                        + (damage.isEmpty()
                                ? "; its structure is sound, and so is the content of all tables"
                                        + (skipped.isEmpty()
                                                ? " that it could read"
                                                : " but " + String.join(", ", skipped))
                                : ""),
                false);
    }

    /** A definition that cannot be read hides its own table alone, and no condition of the program's is asked. */
    private static void lenient(Connection connection) throws SQLException {
        Sqlite.execute(connection, "PRAGMA writable_schema = ON");
        Sqlite.execute(connection, "PRAGMA ignore_check_constraints = ON");
    }

    /** The name that is missing stands in SQLite's message alone: it is asked for again until none is missing. */
    private static List<String> withStandIns(Connection connection, String sql) throws SQLException {
        for (int standIns = 0; ; standIns++) {
            try {
                return rows(connection, sql);
            } catch (SQLException e) {
                Matcher collation = NO_COLLATION.matcher(told(e));
                Matcher function = NO_FUNCTION.matcher(told(e));
                if (standIns < MOST_STAND_INS && collation.find()) {
                    Collation.create(connection, collation.group(1), new ByCodeUnits());
                } else if (standIns < MOST_STAND_INS && function.find()) {
                    Function.create(connection, function.group(1), new Nothing(), ANY_ARGUMENTS, DETERMINISTIC);
                } else {
                    throw e;
                }
            }
        }
    }

    private static final class ByCodeUnits extends Collation {
        @Override
        protected int xCompare(String one, String other) {
            return one.compareTo(other);
        }
    }

    private static final class Nothing extends Function {
        @Override
        protected void xFunc() throws SQLException {
            result();
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    /** SQLite's own words: the driver puts the code's name and its meaning before them. */
    private static String told(SQLException e) {
        Matcher words = OWN_WORDS.matcher(String.valueOf(e.getMessage()));
        return words.matches() ? words.group(1) : String.valueOf(e.getMessage());
    }
}
