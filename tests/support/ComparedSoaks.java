import evidence.ComparisonDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Two soaks as the comparison's SQL sees them, without a folder of files: for its statistics. */
final class ComparedSoaks implements AutoCloseable {
    static final int DAY = 86_400;

    /** One round, good unless it says otherwise. */
    static final class Row {
        long slot;
        boolean healthy = true;
        boolean restarted;
        boolean scanned = true;
        long createOk = 10;
        long createErrors;
        long recoveryOk;
        long recoveryFail;
        long refuted;
        Long plans;
        Double p50;
        Double p99;
        Long store;
        Long rss;
        Long descriptors;
        long lost;

        Row(long slot) {
            this.slot = slot;
        }

        Row latency(double p50Ms, double p99Ms) {
            p50 = p50Ms;
            p99 = p99Ms;
            return this;
        }

        Row plans(long count) {
            plans = count;
            return this;
        }

        Row unhealthy() {
            healthy = false;
            return this;
        }
    }

    private final Map<Object, Map<String, Object>> figures = new LinkedHashMap<>();

    private static final String TABLES = """
        CREATE TABLE soak (side VARCHAR, interval_seconds BIGINT, day_seconds BIGINT);
        CREATE TABLE rounds (side VARCHAR, slot BIGINT, counted BOOLEAN, healthy BOOLEAN, restarted BOOLEAN,
          scanned BOOLEAN, create_ok BIGINT, create_errors BIGINT,
          recovery_ok BIGINT, recovery_fail BIGINT, plan_count BIGINT, p50_ms DOUBLE, p99_ms DOUBLE,
            store_bytes BIGINT, wal_bytes BIGINT, audit_bytes BIGINT,
          cp_rss_bytes BIGINT, cp_open_fds BIGINT, lost_plans BIGINT, duplicate_plans BIGINT, harness_version VARCHAR,
            recoveries_refuted BIGINT);
        CREATE TABLE slots (side VARCHAR, slot BIGINT, healthy BOOLEAN);
        CREATE TABLE raw_config (side VARCHAR, key VARCHAR, value VARCHAR);
        CREATE TABLE soak_file (side VARCHAR, file VARCHAR, sha256 VARCHAR);
        CREATE TABLE checks (side VARCHAR, id VARCHAR, name VARCHAR, verdict VARCHAR, value DOUBLE);
        CREATE TABLE claims (side VARCHAR, id VARCHAR, name VARCHAR, verdict VARCHAR, value DOUBLE);
        CREATE TABLE final_report (side VARCHAR, complete BOOLEAN, rehearsal BOOLEAN, cp_mode VARCHAR, overall VARCHAR,
          gate_d VARCHAR, duration_days BIGINT);
        CREATE TABLE final_text (side VARCHAR, soak_id VARCHAR, soak_start VARCHAR, as_of VARCHAR, complete VARCHAR,
          rehearsal VARCHAR, cp_mode VARCHAR, duration_days VARCHAR,
          total_rounds VARCHAR, healthy_rounds VARCHAR, interrupted_rounds VARCHAR, missed_rounds VARCHAR,
            cp_restart_count VARCHAR, total_creates VARCHAR,
          total_create_errors VARCHAR, max_plan_count VARCHAR, total_recovery_attempts VARCHAR,
            recoveries_refuted VARCHAR, max_p99_ms VARCHAR, pooled_p99_ms VARCHAR, store_bytes_final VARCHAR);
        """;

    private final Path scratch;
    private final ComparisonDatabase database;

    ComparedSoaks() {
        try {
            scratch = Files.createTempDirectory("compared-");
            database = ComparisonDatabase.open(scratch);
            execute(TABLES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void execute(String sql) {
        try (Statement statement = database.connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fills both sides and compares them. A slot up to the last round's that has no round was missed. */
    static ComparedSoaks of(int interval, List<Row> baseline, List<Row> candidate) {
        ComparedSoaks soaks = new ComparedSoaks();
        soaks.side("baseline", interval, baseline);
        soaks.side("this", interval, candidate);
        soaks.database.judge();
        return soaks;
    }

    private void side(String side, int interval, List<Row> rows) {
        execute("INSERT INTO soak VALUES ('" + side + "', " + interval + ", 86400)");
        Connection connection = database.connection();
        try (DuckDBAppender a =
                ((DuckDBConnection) connection).createAppender(DuckDBConnection.DEFAULT_SCHEMA, "rounds")) {
            for (Row r : rows) {
                a.beginRow();
                a.append(side);
                a.append(r.slot);
                a.append(true);
                a.append(r.healthy);
                a.append(r.restarted);
                a.append(r.scanned);
                for (long n : new long[] {r.createOk, r.createErrors, r.recoveryOk, r.recoveryFail}) {
                    a.append(n);
                }
                for (Object value : new Object[] {r.plans, r.p50, r.p99, r.store, null, null, r.rss, r.descriptors}) {
                    if (value instanceof Long n) {
                        a.append(n);
                    } else if (value instanceof Double d) {
                        a.append(d);
                    } else {
                        a.appendNull();
                    }
                }
                a.append(r.lost);
                a.append(0L);
                a.append("test");
                a.append(r.refuted);
                a.endRow();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        execute("INSERT INTO slots SELECT '" + side
                + "', s.slot, coalesce(bool_and(r.healthy), false) FROM range((SELECT max(slot) + 1 FROM rounds WHERE"
                + " side = '"
                + side + "')) s(slot) LEFT JOIN rounds r ON r.side = '" + side
                + "' AND r.slot = s.slot GROUP BY s.slot");
    }

    /** All are asked for at once, and once: no test changes the rounds meanwhile. */
    Map<String, Object> figure(String name) {
        if (figures.isEmpty()) {
            query("FROM compared_figures").forEach(row -> figures.put(row.get("figure"), row));
        }
        return figures.get(name);
    }

    double number(String figure, String column) {
        return ((Number) figure(figure).get(column)).doubleValue();
    }

    List<Map<String, Object>> query(String sql) {
        return database.query(sql);
    }

    @Override
    public void close() {
        database.close();
        try {
            Files.walk(scratch)
                    .sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double asked(String expression) {
        try (ComparedSoaks soaks = ComparedSoaks.of(DAY, List.of(new Row(0)), List.of(new Row(0)))) {
            return ((Number) soaks.query("SELECT CAST(" + expression + " AS DOUBLE) AS x")
                            .get(0)
                            .get("x"))
                    .doubleValue();
        }
    }

    /** A day for each value: one round a day, so that a day's median is the value. */
    static List<Row> days(double... p99) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < p99.length; i++) {
            rows.add(new Row(i).latency(1, p99[i]));
        }
        return rows;
    }

    /** A bin of plan counts for each value: four rounds a bin, which is the fewest, with the value in all of them. */
    static List<Row> bins(double... p99) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 4 * p99.length; i++) {
            rows.add(new Row(i).plans(i + 1).latency(1, p99[i / 4]));
        }
        return rows;
    }
}
