package evidence;

import base.Printable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The raw tables of sql/1-evidence, open for rows while the soak is read. */
final class RawTables implements RawTable.Rows, AutoCloseable {
    private final DuckDBConnection connection;
    private final Map<RawTable, DuckDBAppender> open = new EnumMap<>(RawTable.class);

    RawTables(Connection connection) {
        this.connection = (DuckDBConnection) connection;
    }

    @Override
    public void add(RawTable table, Object... values) {
        try {
            DuckDBAppender appender = open.get(table);
            if (appender == null) {
                appender = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table.relation());
                open.put(table, appender);
            }
            add(appender, values);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(DuckDBAppender appender, Object... values) throws SQLException {
        appender.beginRow();
        for (Object value : values) {
            if (value == null) {
                appender.appendNull();
            } else if (value instanceof Boolean flag) {
                appender.append(flag);
            } else if (value instanceof Long number) {
                appender.append(number);
            } else if (value instanceof Double number) {
                appender.append(number.doubleValue());
            } else {
                appender.append(Printable.wellFormed(value.toString())); // DuckDB takes no half of a character
            }
        }
        appender.endRow();
    }

    @Override
    public void close() throws SQLException {
        for (DuckDBAppender appender : open.values()) {
            appender.close();
        }
    }
}
