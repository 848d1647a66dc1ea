package evidence;

import cache.DayCache;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import settings.Config;

/**
 * The evidence of one soak as of one moment, in SQL. The views and their columns are described by sql/README.md and by
 * their own comments ({@code SELECT * FROM columns}).
 *
 * <p>Every figure is made by the scripts in {@code sql/}; this class only reads the files, runs of the scripts what a
 * question needs ({@link SqlOnDemand}), and hands rows over.
 */
public final class EvidenceDatabase implements AutoCloseable {
    private static final String FIRST_OF_REPORTS = "6";

    private final Connection connection;
    private final EvidenceReader reader;
    private final SqlOnDemand scripts;
    private final List<String> siteViews;
    private boolean locked;

    private EvidenceDatabase(
            Connection connection, EvidenceReader reader, SqlOnDemand scripts, List<String> siteViews) {
        this.connection = connection;
        this.reader = reader;
        this.scripts = scripts;
        this.siteViews = siteViews;
    }

    /**
     * @throws base.Failure exit 64 if config.env has no usable SOAK_STARTED_AT and there is no round to take it from
     */
    public static EvidenceDatabase open(Config config, Scope scope) {
        return open(config, scope, DayCache.NONE);
    }

    /** The same for a report that is asked for over and over. */
    public static EvidenceDatabase open(Config config, Scope scope, DayCache cache) {
        return open(config, scope, SqlScript.bundled(), false, cache);
    }

    /**
     * With the views and checks of the user's own ({@link SiteSql}). They are run where nothing outside can be reached,
     * so such a database is locked from the start.
     *
     * @throws base.Failure exit 64 for a file of theirs that is broken, as soon as it is needed
     */
    public static EvidenceDatabase openWithSiteSql(Config config, Scope scope, DayCache cache) {
        return open(config, scope, SqlScript.bundled(), true, cache);
    }

    /** With scripts of the caller's: tests add a check this way. */
    public static EvidenceDatabase open(Config config, Scope scope, List<SqlScript> scripts) {
        return open(config, scope, scripts, false, DayCache.NONE);
    }

    private static EvidenceDatabase open(
            Config config, Scope scope, List<SqlScript> scripts, boolean withSiteSql, DayCache cache) {
        Config dated = EvidenceReader.withStart(config);
        dated.startedAt(); // a broken one is told in one sentence, not by a NULL in every figure
        Connection connection = DuckDb.open(config.dir().scratch());
        EvidenceReader reader = new EvidenceReader(dated, connection, cache);
        try {
            List<SqlScript.Statement> site = withSiteSql ? SiteSql.of(config.dir(), connection) : List.of();
            EvidenceDatabase database = new EvidenceDatabase(
                    connection, reader, new SqlOnDemand(connection, inOrder(scripts, site)), SiteSql.viewsOf(site));
            database.scripts.runBeforeReading();
            reader.readScope(scope);
            reader.readSoak(scope.heads());
            if (!site.isEmpty()) {
                database.lock();
            }
            return database;
        } catch (SQLException | RuntimeException e) {
            close(connection);
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }

    /**
     * config with SOAK_STARTED_AT filled in from the first round where it has none: evidence of the bash scripts alone.
     */
    public static Config withStart(Config config) {
        return EvidenceReader.withStart(config);
    }

    /** Names of the views of the user's own. */
    public List<String> siteViews() {
        return siteViews;
    }

    /** For statements that this class does not offer; call {@link #loadFor} first. */
    public Connection connection() {
        return connection;
    }

    /**
     * Makes what {@code sql} names, and reads the evidence that only some statements need (the audit store, the metrics
     * scrapes). Works after {@link #lock} too.
     */
    public void loadFor(String sql) {
        reader.readFor(sql);
        scripts.require(sql);
    }

    /** Those of the user's between the plan's own checks and what judges them all. */
    private static List<SqlScript.Statement> inOrder(List<SqlScript> scripts, List<SqlScript.Statement> site) {
        return Stream.of(
                        scripts.stream()
                                .filter(script -> script.path().compareTo(FIRST_OF_REPORTS) < 0)
                                .flatMap(script -> script.statements().stream()),
                        site.stream(),
                        scripts.stream()
                                .filter(script -> script.path().compareTo(FIRST_OF_REPORTS) >= 0)
                                .flatMap(script -> script.statements().stream()))
                .flatMap(all -> all)
                .toList();
    }

    /** From here on no statement can write a file, read one, attach a database or change a setting. */
    public void lock() {
        if (locked) {
            return;
        }
        locked = true;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET enable_external_access = false; SET lock_configuration = true");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The rows of one statement, columns in their order.
     *
     * @return values as String, Boolean, Long, Double, Instant (TIMESTAMPTZ), LocalDate, List, Map or null; a Double
     *     may be a whole number
     */
    public List<Map<String, Object>> query(String sql, Object... parameters) {
        loadFor(sql);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(
                        i + 1, parameters[i] instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows(rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + "\n" + sql, e);
        }
    }

    /** All rows of a result, with the value types of {@link #query}. */
    public static List<Map<String, Object>> rows(ResultSet result) throws SQLException {
        ResultSetMetaData meta = result.getMetaData();
        List<Map<String, Object>> rows = new ArrayList<>();
        while (result.next()) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                row.put(meta.getColumnName(i), plain(result.getObject(i)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object plain(Object value) throws SQLException {
        if (value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Long
                || value instanceof Double
                || value instanceof LocalDate) {
            return value;
        }
        if (value instanceof BigInteger
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigDecimal || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof OffsetDateTime at) {
            return at.toInstant();
        }
        if (value instanceof Timestamp at) {
            return at.toInstant();
        }
        if (value instanceof LocalDateTime at) {
            return at.toInstant(ZoneOffset.UTC);
        }
        if (value instanceof Array array) {
            return plainList((Object[]) array.getArray());
        }
        if (value instanceof Struct struct) {
            return plainList(struct.getAttributes());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                plain.put(String.valueOf(entry.getKey()), plain(entry.getValue()));
            }
            return plain;
        }
        return value.toString(); // JSON, intervals, times
    }

    private static List<Object> plainList(Object[] values) throws SQLException {
        List<Object> plain = new ArrayList<>(values.length);
        for (Object value : values) {
            plain.add(plain(value));
        }
        return plain;
    }

    @Override
    public void close() {
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
