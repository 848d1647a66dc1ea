package evidence;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/**
 * What the database's own parser makes of a text, before any of it runs: the JDBC driver runs all statements but the
 * last as soon as they are prepared.
 *
 * @param reason the parser's words for what it cannot take, or null
 * @param isOther whether the reason is a statement that is not a SELECT
 * @param position of the error in the text, or -1
 * @param selects how many SELECTs there are
 * @param acting the first function in it that does something beside giving rows, or null
 */
public record ParsedSql(String reason, boolean isOther, int position, int selects, String acting) {
    /**
     * A SELECT may call them and no setting of the database forbids it: they switch its log on, which then goes to
     * stdout, or end the process; run a text that nobody has looked at; or read memory at an address.
     */
    public static final Set<String> ACTING = Set.of(
            "arrow_scan",
            "arrow_scan_dumb",
            "checkpoint",
            "disable_logging",
            "enable_logging",
            "force_checkpoint",
            "json_execute_serialized_sql",
            "query",
            "seq_scan",
            "truncate_duckdb_logs",
            "write_log");

    private static final String FUNCTION = "function_name";
    private static final String NO_HINT = "errhint ";

    public static ParsedSql of(Connection connection, String sql) throws SQLException {
        JsonNode parsed;
        try (PreparedStatement parse = connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            parse.setString(1, sql);
            try (ResultSet answer = parse.executeQuery()) {
                answer.next();
                parsed = Json.parse(answer.getString(1));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the parser's answer is not JSON", e);
        }
        boolean failed = parsed.path("error").asBoolean();
        return new ParsedSql(
                failed ? words(parsed.path("error_message").asText()) : null,
                failed && parsed.path("error_type").asText().equals("not implemented"),
                parsed.path("position").asInt(-1),
                parsed.path("statements").size(),
                acting(parsed));
    }

    /** Where its parser would give a hint, the database says that it has none. */
    private static String words(String reason) {
        return reason.startsWith(NO_HINT)
                ? "the database knows no LIMIT 5, 10 and the like: write LIMIT 10 OFFSET 5, or the clause of another"
                        + " database in DuckDB's words"
                : reason;
    }

    private static String acting(JsonNode node) {
        String name = node.path(FUNCTION).asText("").toLowerCase(Locale.ROOT);
        if (ACTING.contains(name)) {
            return name;
        }
        for (JsonNode child : node) {
            String within = acting(child);
            if (within != null) {
                return within;
            }
        }
        return null;
    }
}
