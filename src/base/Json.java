//DEPS com.fasterxml.jackson.core:jackson-databind:2.21.8
package base;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The one JSON mapper: strict when it reads (evidence is never guessed at), stable when it writes. */
public final class Json {
    /** Refuses duplicate keys, trailing text and NaN. */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // a tree of ours holds 100.0 as a decimal, which would print as 1E+2
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Json() {}

    /**
     * @return the tree of {@code text}, which may begin with a byte order mark (RFC 8259, section 8.1); never null, a
     *     missing-node for an empty text
     */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(withoutMark(text));
    }

    /** What is wrong with a text, behind its name: the parser's own words name its classes and switches. */
    public static String why(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        String said = e.getOriginalMessage() == null
                ? ""
                : e.getOriginalMessage().lines().findFirst().orElse("");
        if (e instanceof JsonEOFException) {
            return "is cut off" + where;
        }
        if (e instanceof StreamConstraintsException) {
            return "is beyond what is read: " + said.replaceFirst(", from `[^`]*`", "") + where;
        }
        if (said.startsWith("Trailing token")) {
            return "continues after its first value" + where;
        }
        if (said.startsWith("Duplicate field")) {
            return "is ambiguous: " + said.replaceFirst("^D", "d") + where;
        }
        return "is not JSON: "
                + said.replaceFirst(":? (enable|\\(for|\\[Source).*$", "")
                        .replaceFirst(": only regular white space.*$", "")
                + where;
    }

    /** What some editors and servers put before a text says nothing of it. */
    public static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /**
     * Pretty-printed, with a line end: what a person opens and a diff shows well. A NaN or an infinity is a bug of
     * ours.
     */
    public static String write(Object value) {
        JsonNode tree = MAPPER.valueToTree(value);
        refuseNotANumber(tree);
        try {
            // all that the mapper leaves is within strings
            return Printable.text(Printable.wellFormed(MAPPER.writeValueAsString(tree))) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same in one line, for a field of another format. */
    public static String line(Object value) {
        try {
            return Printable.wellFormed(
                    MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refuseNotANumber(JsonNode node) {
        if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
            throw new IllegalStateException("a figure is " + node + ": not measured is null, never NaN or infinite");
        }
        node.forEach(Json::refuseNotANumber);
    }
}
