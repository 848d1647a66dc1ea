import evidence.SqlScript;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A soak as the SQL of the trends sees it, without a folder of files: the product's own macros and views over rounds
 * that were made up.
 */
final class TrendSoak implements AutoCloseable {
    /** One counted round; what is null was not measured. */
    static final class Round {
        final long slot;
        Long plans;
        Boolean restarted = false;
        String boot = "one boot";
        String identity;
        Double p99;
        Double p50;
        Double store;
        Double wal;
        Double memory;
        Double descriptors;

        Round(long slot) {
            this.slot = slot;
            plans = 10 * (slot + 1);
        }
    }

    private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");
    private static final List<String> SCRIPTS =
            List.of("0-macros/", "3-figures/50-trend", "3-figures/51-trend", "3-figures/52-trend");

    private final Connection connection;
    private final int interval;
    private PreparedStatement told;

    /** @param interval seconds from round to round */
    TrendSoak(int interval) {
        this.interval = interval;
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            // The settings that a report has.
            execute("SET threads = 1; SET ieee_floating_point_ops = false; SET TimeZone = 'UTC'");
            SqlScript.bundled().stream()
                    .filter(script -> script.path().startsWith(SCRIPTS.get(0)))
                    .forEach(script -> execute(script.text()));
            execute("CREATE TABLE targets AS SELECT 500.0::DOUBLE AS p99_ms; CREATE TABLE soak AS SELECT " + interval
                    + "::BIGINT AS interval_seconds");
            execute("""
                CREATE TABLE round_row (round_id VARCHAR, counted BOOLEAN, starts_at TIMESTAMPTZ, date DATE,
                  restarted BOOLEAN, boot_id VARCHAR, cp_identity VARCHAR, plan_count BIGINT,
                  p99_ms DOUBLE, p50_ms DOUBLE, store_bytes DOUBLE, wal_bytes DOUBLE, audit_bytes DOUBLE,
                    cp_rss_bytes DOUBLE, cp_open_fds DOUBLE)\
                """);
            // As views, so that they follow the rounds from one play to the next.
            SqlScript.bundled().stream()
                    .filter(script -> SCRIPTS.stream().skip(1).anyMatch(script.path()::startsWith))
                    .forEach(script -> execute(script.text().replace("CREATE TABLE", "CREATE VIEW")));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param rounds how many; each is made from its slot by {@code as} */
    static TrendSoak of(int interval, int rounds, Consumer<Round> as) {
        TrendSoak soak = new TrendSoak(interval);
        soak.play(rounds, as);
        return soak;
    }

    /** In place of the rounds that it had. */
    void play(int rounds, Consumer<Round> as) {
        execute("DELETE FROM round_row");
        try (DuckDBAppender rows =
                ((DuckDBConnection) connection).createAppender(DuckDBConnection.DEFAULT_SCHEMA, "round_row")) {
            for (long slot = 0; slot < rounds; slot++) {
                Round round = new Round(slot);
                as.accept(round);
                Instant at = START.plusSeconds(slot * interval);
                rows.beginRow();
                rows.append("round " + slot);
                rows.append(true);
                rows.append(OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
                rows.append(LocalDate.ofInstant(at, ZoneOffset.UTC));
                rows.append(round.restarted);
                rows.append(round.boot);
                rows.append(round.identity);
                rows.append(round.plans);
                for (Double amount : new Double[] {
                    round.p99, round.p50, round.store, round.wal, null, round.memory, round.descriptors
                }) {
                    rows.append(amount);
                }
                rows.endRow();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, Object> trend(String series) {
        return query("SELECT * FROM trends WHERE series = '" + series + "'").get(0);
    }

    List<Map<String, Object>> query(String sql) {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            return evidence.EvidenceDatabase.rows(rows);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + "\n" + sql, e);
        }
    }

    /**
     * 1 where a growth is told, -1 where it shrinks, 0 where no trend is shown: what the words rest on, without the
     * words, which take longer.
     */
    int told(String series) {
        try {
            if (told == null) {
                told = connection.prepareStatement("SELECT CASE WHEN is_trend THEN sign(slope) ELSE"
                        + " 0 END"
                        + " FROM"
                        + " trend_told"
                        + " WHERE"
                        + " series"
                        + " = ?"); // planning it takes longer than running it
            }
            told.setString(1, series);
            try (ResultSet row = told.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + "\n" + sql, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
