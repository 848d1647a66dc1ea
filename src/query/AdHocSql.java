package query;

import base.Failure;
import base.Why;
import cache.DayCache;
import evidence.EvidenceDatabase;
import evidence.ParsedSql;
import evidence.Scope;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import output.Cell;
import output.TableFormat;
import settings.Config;

/** {@code --sql}: a person's own SELECT over the evidence views. It reads the loaded evidence and nothing else. */
public final class AdHocSql {
    /** The views for people are those that say what they hold. */
    private static final String VIEWS = """
        SELECT view_name, comment FROM duckdb_views() WHERE NOT internal AND comment IS NOT NULL ORDER BY view_name\
        """;

    private static final String COLUMNS =
            "SELECT c.table_name AS view, c.column_name AS \"column\", c.data_type AS type,"
                    + " coalesce(c.comment, '') AS meaning" + PublicNames.OF_VIEWS + " AND v.comment IS NOT NULL"
                    + PublicNames.IN_ORDER;

    /** What the database says of a file or an address in a question, and no configuration here turns on. */
    private static final String NO_FILES = "file system operations are disabled";

    private static final String LISTS_VIEWS = "--sql without a text lists the views and what their columns mean";

    /** To the database also its inner tables are tables. */
    private static final Pattern SHOW_TABLES =
            Pattern.compile("\\s*SHOW\\s+(ALL\\s+)?TABLES\\s*;?\\s*", Pattern.CASE_INSENSITIVE);

    private static final Pattern PIVOT = Pattern.compile("\\bPIVOT\\b", Pattern.CASE_INSENSITIVE);

    private AdHocSql() {}

    /**
     * @param sql blank for the list of views
     * @throws Failure as {@link #run}
     */
    public static void answer(Config config, Scope scope, String sql, TableFormat format, PrintWriter out) {
        try (EvidenceDatabase database = EvidenceDatabase.openWithSiteSql(config, scope, DayCache.asItIs(config))) {
            if (sql.isBlank()) {
                list(database, format, out);
            } else {
                run(database, sql, format, out);
            }
        }
    }

    /** @throws Failure exit 64 with the database's own words, for what is no single SELECT, does not parse or fails */
    private static void run(EvidenceDatabase database, String sql, TableFormat format, PrintWriter out) {
        database.lock();
        try {
            if (SHOW_TABLES.matcher(sql).matches()) {
                database.loadFor(COLUMNS);
                List<List<Object>> views = new PublicNames(database).views();
                format.print(List.of("name", "meaning"), views, out);
                return;
            }
            requireOneSelect(database, sql);
            database.loadFor(sql);
            try (Statement statement = database.connection().createStatement();
                    ResultSet answer = statement.executeQuery(sql)) {
                print(answer, format, out);
            }
        } catch (SQLException e) {
            throw Failure.usage("--sql failed: "
                    + Why.memory(e)
                            .map(refused -> "it needs more memory than a report may take (" + refused
                                    + "): ask for fewer rows or columns, or export the views by --export DIR and ask"
                                    + " DIR/soak.duckdb, where no limit is set")
                            .orElseGet(() -> reason(database, sql, e) + "\n" + advice(e)));
        }
    }

    /** In the database's words, but for its hints. */
    private static String reason(EvidenceDatabase database, String sql, SQLException failed) {
        String said = failed.getMessage().strip();
        if (!PublicNames.concern(said)) {
            return said;
        }
        database.loadFor(COLUMNS);
        return new PublicNames(database).reworded(said, sql);
    }

    private static String advice(SQLException failed) {
        return failed.getMessage().contains(NO_FILES)
                ? "--sql reads this soak's evidence and no other file: --export DIR writes the views as"
                        + " DIR/soak.duckdb, where DuckDB joins them with files of your own"
                : LISTS_VIEWS;
    }

    /** Views and columns with their meaning. */
    private static void list(EvidenceDatabase database, TableFormat format, PrintWriter out) {
        database.loadFor(COLUMNS);
        try (Statement statement = database.connection().createStatement()) {
            if (format != TableFormat.TABLE) {
                try (ResultSet columns = statement.executeQuery(COLUMNS)) {
                    print(columns, format, out);
                }
                return;
            }
            List<List<Object>> views = rows(statement.executeQuery(VIEWS));
            List<List<Object>> allColumns = rows(statement.executeQuery(COLUMNS));
            for (List<Object> view : views) {
                out.print(view.get(0) + ": " + view.get(1) + "\n");
                List<List<Object>> columns = allColumns.stream()
                        .filter(c -> c.get(0).equals(view.get(0)))
                        .map(c -> c.subList(1, c.size()))
                        .toList();
                int name = columns.stream()
                        .mapToInt(c -> TableFormat.length(c.get(0).toString()))
                        .max()
                        .orElse(0);
                int type = columns.stream()
                        .mapToInt(c -> TableFormat.length(c.get(1).toString()))
                        .max()
                        .orElse(0);
                columns.forEach(c -> out.print(
                        ("  " + pad(c.get(0), name) + "  " + pad(c.get(1), type) + "  " + c.get(2)).stripTrailing()
                                + "\n"));
                out.print("\n");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pad(Object text, int width) {
        return text + " ".repeat(width - TableFormat.length(text.toString()));
    }

    private static void requireOneSelect(EvidenceDatabase database, String sql) throws SQLException {
        ParsedSql parsed = ParsedSql.of(database.connection(), sql);
        if (parsed.reason() != null) {
            throw Failure.usage(
                    parsed.isOther()
                            ? "--sql only reads, and this is not a SELECT: give one SELECT, FROM, WITH, VALUES,"
                                    + " DESCRIBE or SUMMARIZE"
                                    + (PIVOT.matcher(sql).find()
                                            ? "; a PIVOT with its values, ON health IN ('ok', 'failed'), is one too"
                                            : "")
                            : "--sql failed: " + parsed.reason() + at(sql, parsed.position()) + "\n" + LISTS_VIEWS);
        }
        if (parsed.selects() != 1) {
            throw Failure.usage("--sql takes one statement, and this is " + parsed.selects() + ": give one SELECT");
        }
        if (parsed.acting() != null) {
            throw Failure.usage(
                    "--sql only reads, and the function " + parsed.acting() + " does more than that: ask without it");
        }
    }

    private static String at(String sql, int position) {
        if (position < 0 || position > sql.length()) {
            return "";
        }
        return position == sql.length()
                ? " (at its end)"
                : " (at: " + TableFormat.printable(sql.substring(position)) + ")";
    }

    private static void print(ResultSet answer, TableFormat format, PrintWriter out) throws SQLException {
        List<String> columns = new ArrayList<>();
        ResultSetMetaData meta = answer.getMetaData();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(meta.getColumnLabel(i));
        }
        try {
            format.print(columns, () -> iterator(answer, columns.size()), out);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** However many rows there are, one at a time is kept. */
    private static Iterator<List<Object>> iterator(ResultSet answer, int columns) {
        return new Iterator<>() {
            private boolean hasNext = advance();

            @Override
            public boolean hasNext() {
                return hasNext;
            }

            @Override
            public List<Object> next() {
                List<Object> row = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    int column = i;
                    row.add(taken(() -> Cell.of(answer.getObject(column))));
                }
                hasNext = advance();
                return row;
            }

            private boolean advance() {
                return taken(answer::next);
            }
        };
    }

    private interface Taking<T> {
        T take() throws SQLException;
    }

    /** The driver meets values that Java has no object for with whatever exception its own code runs into. */
    private static <T> T taken(Taking<T> value) {
        try {
            return value.take();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            throw Failure.usage("--sql failed: the answer has a value that Java cannot take over, such as the time"
                    + " 24:00:00, an infinite TIMESTAMP_S or a text of several 100 MB: ask for"
                    + " CAST(... AS VARCHAR), or for a part of the text");
        }
    }

    private static List<List<Object>> rows(ResultSet answer) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        iterator(answer, answer.getMetaData().getColumnCount()).forEachRemaining(rows::add);
        answer.close();
        return rows;
    }
}
