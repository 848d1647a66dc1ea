package evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import soak.Json;

/**
 * What the database's own parser makes of a text, before any of it runs: the JDBC driver runs all statements but the
 * last as soon as they are prepared.
 *
 * @param reason the parser's words for what it cannot take, or null
 * @param isOther whether the reason is a statement that is not a SELECT
 * @param position of the error in the text, or -1
 * @param selects how many SELECTs there are
 */
public record ParsedSql(String reason, boolean isOther, int position, int selects) {
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
                failed ? parsed.path("error_message").asText() : null,
                failed && parsed.path("error_type").asText().equals("not implemented"),
                parsed.path("position").asInt(-1),
                parsed.path("statements").size());
    }
}
