package seal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A round's head: the SHA-256 of its round-summary.json. Since each summary holds the head before it, and the hashes of
 * its round's files, one head fixes everything up to it.
 *
 * @param sha256 64 hex digits
 */
public record Head(String roundId, String sha256) {
    /** So many digits are enough to compare by eye. */
    private static final int SHORT = 12;

    /** As the line of a round ends with it. */
    public String brief() {
        return sha256.substring(0, SHORT);
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("round_id", roundId);
        json.put("sha256", sha256);
        return json;
    }

    /** Empty for what is none. */
    public static Optional<Head> of(JsonNode json) {
        String sha256 = json.path("sha256").asText();
        return json.path("round_id").isTextual() && FolderHashes.isHash(sha256)
                ? Optional.of(new Head(json.get("round_id").asText(), sha256))
                : Optional.empty();
    }
}
