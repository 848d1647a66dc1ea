package evidence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The raw tables of sql/1-evidence, open for rows while the soak is walked. */
final class RawTables implements AutoCloseable {
    final DuckDBAppender rounds;
    final DuckDBAppender texts;
    final DuckDBAppender objects;
    final DuckDBAppender lines;
    final DuckDBAppender stray;
    final DuckDBAppender unreadable;
    final DuckDBAppender stored;
    final DuckDBAppender daily;
    final DuckDBAppender seals;
    final DuckDBAppender sealRounds;

    RawTables(Connection connection) throws SQLException {
        rounds = appender(connection, "raw_round");
        texts = appender(connection, "raw_text");
        objects = appender(connection, "raw_object");
        lines = appender(connection, "raw_log_line");
        stray = appender(connection, "raw_stray");
        unreadable = appender(connection, "raw_unreadable");
        stored = appender(connection, "raw_stored");
        daily = appender(connection, "raw_daily");
        seals = appender(connection, "raw_seal_finding");
        sealRounds = appender(connection, "raw_seal_round");
    }

    static DuckDBAppender appender(Connection connection, String table) throws SQLException {
        return ((DuckDBConnection) connection).createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
    }

    static void row(DuckDBAppender table, Object... values) throws SQLException {
        table.beginRow();
        for (Object value : values) {
            if (value == null) {
                table.appendNull();
            } else if (value instanceof Boolean flag) {
                table.append(flag);
            } else if (value instanceof Long number) {
                table.append(number);
            } else if (value instanceof Double number) {
                table.append(number.doubleValue());
            } else {
                table.append(EvidenceText.wellFormed(value.toString()));
            }
        }
        table.endRow();
    }

    /** Each line of a text with its number, from 1 on. */
    static void lines(DuckDBAppender table, String file, String text) throws SQLException {
        long number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            row(table, file, ++number, line);
        }
    }

    @Override
    public void close() throws SQLException {
        for (DuckDBAppender appender :
                List.of(rounds, texts, objects, lines, stray, unreadable, stored, daily, seals, sealRounds)) {
            appender.close();
        }
    }
}
