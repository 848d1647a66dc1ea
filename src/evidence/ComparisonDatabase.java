package evidence;

import base.SqlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * The evidence of two soaks side by side, in SQL: what the views of each say, in tables of the same names with one
 * column more, {@code side}, and the scripts of sql/8-compare over them.
 *
 * <pre>{@code
 * database.take("baseline", evidence, hashes);
 * database.take("this", evidence, hashes);
 * database.judge();
 * }</pre>
 */
public final class ComparisonDatabase implements AutoCloseable {
    public static final String BASELINE = "baseline";
    public static final String THIS = "this";

    /** What the comparison reads of a soak. */
    private static final List<String> TAKEN =
            List.of("soak", "raw_config", "rounds", "slots", "checks", "claims", "final_report", "final_text");

    private final Connection connection;
    private final Path scratch;

    private ComparisonDatabase(Connection connection, Path scratch) {
        this.connection = connection;
        this.scratch = scratch;
    }

    /** @param scratch a folder for what goes from one database to the other; its owner removes it */
    public static ComparisonDatabase open(Path scratch) {
        return new ComparisonDatabase(DuckDb.open(scratch), scratch);
    }

    /** Copies what one soak says; its own database is needed no more afterwards. */
    public void take(String side, EvidenceDatabase evidence, Map<String, String> sha256OfFiles) {
        Path file = scratch.resolve("taken.parquet");
        String taken = SqlText.literal(file);
        evidence.loadFor(String.join(", ", TAKEN));
        try (Statement from = evidence.connection().createStatement();
                Statement into = connection.createStatement()) {
            for (String relation : TAKEN) {
                from.execute("COPY (SELECT '" + side + "' AS side, * FROM " + relation + ") TO " + taken
                        + " (FORMAT parquet)");
                into.execute("CREATE TABLE IF NOT EXISTS " + relation + " AS FROM " + taken + " LIMIT 0; INSERT INTO "
                        + relation + " BY NAME FROM " + taken);
            }
            into.execute("CREATE TABLE IF NOT EXISTS soak_file (side VARCHAR, file VARCHAR, sha256 VARCHAR)");
            try (PreparedStatement hashes = connection.prepareStatement("INSERT INTO soak_file VALUES (?, ?, ?)")) {
                for (Map.Entry<String, String> hash : sha256OfFiles.entrySet()) {
                    hashes.setString(1, side);
                    hashes.setString(2, hash.getKey());
                    hashes.setString(3, hash.getValue());
                    hashes.execute();
                }
            }
            Files.deleteIfExists(file);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares what was taken. */
    public void judge() {
        SqlScript.run(connection, SqlScript.ofTwoSoaks());
    }

    /** For tests that make the rows themselves. */
    public Connection connection() {
        return connection;
    }

    /** The rows of one statement, with the value types of {@link EvidenceDatabase#query}. */
    public List<Map<String, Object>> query(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return EvidenceDatabase.rows(rows);
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
