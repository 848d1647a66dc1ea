///bin/sh "$(dirname "$(readlink -f "$0")")/../../jbang" "$(readlink -f "$0")" "$@" ; exit $?
//JAVA 17+
//SOURCES Noise.java
//SOURCES Bars.java
//SOURCES ../../src/evidence/*.java
//SOURCES ../../src/cache/*.java
//SOURCES ../../src/seal/*.java
//SOURCES ../../src/base/*.java
//SOURCES ../../src/soak/*.java
//SOURCES ../../src/settings/*.java
//SOURCES ../../src/build/*.java
//SOURCES ../../src/command/*.java
//SOURCES ../../src/probe/PrometheusText.java
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
import command.Cli;
import evidence.EvidenceDatabase;
import evidence.SqlScript;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How often the 95 % intervals beside rates and percentiles hold what is true, where failures come together and days
 * are slow as a whole: the product's own SQL (sql/3-figures/62-bounds) over seeded soaks whose truth is known. No bar:
 * an interval says in its own line what it takes for granted.
 */
@Command(
        name = "calibration/bounds",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Coverage of the confidence intervals, over seeded soaks.")
class bounds implements Callable<Integer> {
    private static final int A_DAY = 48;
    private static final int CREATES = 10;
    private static final double Z_99 = 2.3263478740408408;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "200",
            description = "Soaks for each line (default: ${DEFAULT-VALUE}).")
    int seeds;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "30",
            description = "Length of each soak (default: ${DEFAULT-VALUE}).")
    int days;

    @Spec
    CommandSpec spec;

    private Connection connection;
    private Bars bars;

    public static void main(String[] args) {
        System.exit(Cli.run(new bounds(), args));
    }

    @Override
    public Integer call() throws SQLException {
        PrintWriter out = spec.commandLine().getOut();
        bars = new Bars(out);
        connection = DriverManager.getConnection("jdbc:duckdb:");
        execute("SET threads = 1; SET ieee_floating_point_ops = false; SET TimeZone = 'UTC'");
        scripts("0-macros/");
        execute("""
            CREATE TABLE soak AS SELECT 7 AS early_days; CREATE TABLE targets AS SELECT 500.0::DOUBLE AS p99_ms;
            CREATE TABLE slot_row (soak_day BIGINT, healthy BOOLEAN);
            CREATE TABLE create_row (round_id VARCHAR, counted BOOLEAN, latency_ms DOUBLE);
            CREATE TABLE round_row (round_id VARCHAR, counted BOOLEAN, soak_day BIGINT, round BIGINT, healthy BOOLEAN,
              p99_ms DOUBLE,
              counted_recovery_ok BIGINT, recovery_fail BIGINT, recoveries_refuted BIGINT)\
            """);
        scripts("3-figures/62-bounds");
        out.println("Soaks for each line: " + seeds + " of " + days + " days, seeds 1 to " + seeds
                + "; a round every half hour, " + CREATES + " creates each");
        bars.heading("Availability: the interval holds the true share");
        for (double share : new double[] {0.005, 0.02, 0.1}) {
            availability(share, 1);
            availability(share, 4);
            availability(share, 24);
        }
        bars.heading("The 99th percentile of all creates: the interval holds the true one");
        for (double[] day : new double[][] {{0, 0}, {0.05, 0.5}, {0.2, 0}, {0.2, 0.5}}) {
            percentile(day[0], day[1]);
        }
        connection.close();
        return 0;
    }

    /** @param rounds how many rounds an outage lasts on average; 1: failures are independent */
    private void availability(double share, int rounds) throws SQLException {
        double stays = rounds == 1 ? share : 1 - 1.0 / rounds;
        double begins = rounds == 1 ? share : share * (1 - stays) / (1 - share);
        int held = 0;
        int naive = 0;
        int told = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            Random random = new Random(seed);
            execute("DELETE FROM slot_row");
            boolean out = random.nextDouble() < share;
            try (DuckDBAppender rows = appender("slot_row")) {
                for (int slot = 0; slot < days * A_DAY; slot++) {
                    rows.beginRow();
                    rows.append((long) slot / A_DAY + 1);
                    rows.append(!out);
                    rows.endRow();
                    out = random.nextDouble() < (out ? stays : begins);
                }
            }
            for (Map<String, Object> row : query("""
                SELECT worth IS NOT NULL AS told,
                       clopper_pearson_low(bad * coalesce(worth / n, 1), coalesce(worth, n)) AS low,
                       clopper_pearson_high(bad * coalesce(worth / n, 1), coalesce(worth, n)) AS high,
                       clopper_pearson_low(bad, n) AS naive_low, clopper_pearson_high(bad, n) AS naive_high
                FROM rate_worth WHERE kind = 'slots, soak'\
                """)) {
                boolean adjusted = (Boolean) row.get("told");
                told += adjusted ? 1 : 0;
                held += adjusted && holds(share, row.get("low"), row.get("high")) ? 1 : 0;
                naive += holds(share, row.get("naive_low"), row.get("naive_high")) ? 1 : 0;
            }
        }
        lines(
                String.format(
                        Locale.ROOT,
                        "%.1f %% of the rounds fail, %s",
                        100 * share,
                        rounds == 1 ? "independent" : "about " + rounds + " in a row"),
                held,
                told,
                naive);
    }

    /**
     * @param share standard deviation of what a day's latencies have in common, as a share of them; @param r how much a
     *     day resembles the one before
     */
    private void percentile(double share, double r) throws SQLException {
        double own = 0.25;
        double truth = 20 * Math.exp(Z_99 * Math.sqrt(share * share + own * own));
        int held = 0;
        int naive = 0;
        int told = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            Random random = new Random(seed);
            execute("DELETE FROM round_row; DELETE FROM create_row");
            double[] day = Noise.days(random, days * A_DAY, A_DAY, r);
            try (DuckDBAppender rounds = appender("round_row");
                    DuckDBAppender creates = appender("create_row")) {
                for (int slot = 0; slot < days * A_DAY; slot++) {
                    rounds.beginRow();
                    rounds.append("round " + slot);
                    rounds.append(true);
                    rounds.append((long) slot / A_DAY + 1);
                    rounds.append(slot + 1L);
                    rounds.append(true);
                    for (int unused = 0; unused < 4; unused++) {
                        rounds.appendNull();
                    }
                    rounds.endRow();
                    for (int i = 0; i < CREATES; i++) {
                        creates.beginRow();
                        creates.append("round " + slot);
                        creates.append(true);
                        creates.append(20 * Math.exp(share * day[slot] + own * random.nextGaussian()));
                        creates.endRow();
                    }
                }
            }
            Map<String, Object> row = query("""
                SELECT creates_worth IS NOT NULL AS told, low_ms AS low, high_ms AS high,
                       largest[p99_low_place(creates)] AS naive_low, largest[p99_high_place(creates)] AS naive_high
                FROM p99_bound, (SELECT list(latency_ms ORDER BY latency_ms DESC) AS largest FROM create_row)
                WHERE span = 'soak'\
                """).get(0);
            boolean adjusted = (Boolean) row.get("told");
            told += adjusted ? 1 : 0;
            held += adjusted && holds(truth, row.get("low"), row.get("high")) ? 1 : 0;
            naive += holds(truth, row.get("naive_low"), row.get("naive_high")) ? 1 : 0;
        }
        lines(
                share == 0
                        ? "creates are independent"
                        : String.format(
                                Locale.ROOT,
                                "days differ by %.0f %%%s",
                                100 * share,
                                r == 0 ? "" : " and resemble each other (" + r + ")"),
                held,
                told,
                naive);
    }

    private void lines(String what, int held, int told, int naive) {
        bars.told(what + ": days as clusters", held, told);
        bars.told(what + ": as if all were independent", naive, seeds);
    }

    /** An end that is not told is open. */
    private static boolean holds(double truth, Object low, Object high) {
        return (low == null || ((Number) low).doubleValue() <= truth)
                && (high == null || truth <= ((Number) high).doubleValue());
    }

    private void scripts(String path) throws SQLException {
        for (SqlScript script : SqlScript.bundled()) {
            if (script.path().startsWith(path)) {
                // views follow the rounds from seed to seed
                execute(script.text().replace("CREATE TABLE", "CREATE VIEW"));
            }
        }
    }

    private DuckDBAppender appender(String table) throws SQLException {
        return ((DuckDBConnection) connection).createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
    }

    private List<Map<String, Object>> query(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            return EvidenceDatabase.rows(rows);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
