package evidence;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * What a final report comes to for a policy engine, by sql/0-macros/attestation.sql.
 *
 * @param result PASSED, WARNED or FAILED
 * @param passed the checks, claims and gate that passed, likewise {@code failed}
 */
public record Attestation(String result, List<String> passed, List<String> failed) {
    private static final String ASKED =
            "SELECT attested_result(r), attested_tests(r, 'PASS'), attested_tests(r, 'FAIL') FROM (SELECT CAST(? AS"
                    + " JSON) AS r)";

    /**
     * @param scratch where the database's library may unpack itself; null: anywhere
     * @param reportJson the text of a final-report.json, which may lie in an archive
     */
    public static Attestation of(Path scratch, String reportJson) {
        try (Connection connection = DuckDb.open(scratch)) {
            SqlScript.run(connection, SqlScript.named("0-macros/attestation.sql"));
            try (PreparedStatement statement = connection.prepareStatement(ASKED)) {
                statement.setString(1, reportJson);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return new Attestation(row.getString(1), texts(row.getArray(2)), texts(row.getArray(3)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }
}
