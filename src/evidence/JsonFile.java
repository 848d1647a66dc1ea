package evidence;

import base.Json;
import base.Printable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A file that should hold one JSON object.
 *
 * @param object its text, if it is one whole object
 * @param problem why it is none
 * @param unread whether that is for want of its bytes, which may be read at another time
 */
record JsonFile(boolean absent, String object, String problem, boolean unread) {
    private static final Pattern HALF_CHARACTER = Pattern.compile("\\\\u[dD][89a-fA-F]");

    static JsonFile broken(String problem) {
        return new JsonFile(false, null, problem, false);
    }

    static JsonFile unread(IOException why) {
        return new JsonFile(false, null, EvidenceText.reason(why), !(why instanceof CharacterCodingException));
    }

    static JsonFile of(Path file) {
        try {
            return of(EvidenceText.of(file));
        } catch (IOException e) {
            return unread(e);
        }
    }

    static JsonFile of(String text) {
        try {
            if (text == null) {
                return new JsonFile(true, null, null, false);
            }
            if (text.isBlank()) {
                return broken(text.isEmpty() ? "is empty" : "holds only blanks");
            }
            JsonNode tree = Json.parse(text);
            if (!tree.isObject()) {
                return broken("holds " + article(tree) + ", not a JSON object");
            }
            if (HALF_CHARACTER.matcher(text).find() && holdsHalfACharacter(tree)) {
                // for the database that is not JSON, and would end the report
                return broken("holds half a character (a broken \\u escape)");
            }
            return new JsonFile(false, text, null, false);
        } catch (JsonProcessingException e) {
            return broken(Json.why(e));
        }
    }

    private static boolean holdsHalfACharacter(JsonNode tree) {
        if (tree.isTextual()) {
            return !tree.textValue().equals(Printable.wellFormed(tree.textValue()));
        }
        boolean found = tree.properties().stream()
                .anyMatch(field -> !field.getKey().equals(Printable.wellFormed(field.getKey())));
        for (JsonNode child : tree) {
            found |= holdsHalfACharacter(child);
        }
        return found;
    }

    private static String article(JsonNode tree) {
        String type = tree.getNodeType().name().toLowerCase(Locale.ROOT);
        return type.equals("null") ? "null" : (type.equals("array") ? "an " : "a ") + type;
    }
}
