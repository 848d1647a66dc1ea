package seal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import soak.Json;
import soak.RoundFiles;
import soak.Sha256;

/**
 * A closed round, as a link of the chain.
 *
 * @param roundId by its folder
 * @param sha256 of its summary
 * @param saidId the round that its summary says it is; null where that tells nothing, or has no seal
 * @param number of the round, 0 likewise
 * @param startedAt SOAK_STARTED_AT as the round found it; null where it tells nothing
 * @param seal null for a round without one
 * @param readable whether its summary is one JSON object
 */
record Link(String roundId, String sha256, String saidId, long number, String startedAt, Seal seal, boolean readable) {
    private static final String SEAL = "\"" + Seal.FIELD + "\"";

    /** Empty for a folder without a summary. */
    static Optional<Link> of(Path round) {
        String id = RoundFiles.id(round);
        Path file = round.resolve(RoundFiles.SUMMARY);
        byte[] bytes;
        try {
            bytes = RoundFiles.bytes(file);
        } catch (IOException unreadable) {
            return Optional.of(new Link(id, FolderHashes.UNREADABLE, null, 0, null, null, false));
        }
        if (bytes == null) {
            return Optional.empty();
        }
        String sha256 = Sha256.of(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.contains(SEAL) && text.stripTrailing().endsWith("}")) {
            return Optional.of(new Link(id, sha256, null, 0, null, null, true)); // most soaks have all, or none
        }
        try {
            JsonNode summary = Json.parse(text);
            return Optional.of(new Link(
                    id,
                    sha256,
                    summary.path("round_id").isTextual()
                            ? summary.get("round_id").asText()
                            : null,
                    summary.path("round").asLong(),
                    summary.path("targets").path("SOAK_STARTED_AT").asText(null),
                    Seal.of(summary).orElse(null),
                    summary.isObject()));
        } catch (IOException broken) {
            return Optional.of(new Link(id, sha256, null, 0, null, null, false));
        }
    }

    /** The same, where the hashes of the round's own files are needed no more. */
    Link withoutFiles() {
        return new Link(
                roundId, sha256, saidId, number, startedAt, seal == null ? null : seal.withoutFiles(), readable);
    }

    /** All but the hashes of the round's own files, as {@link #of(JsonNode)} reads it. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("round_id", roundId);
        json.put("sha256", sha256);
        json.put("said_id", saidId);
        json.put("number", number);
        json.put("started_at", startedAt);
        json.put(Seal.FIELD, seal == null ? null : seal.withoutFiles().toJson());
        json.put("readable", readable);
        return json;
    }

    static Link of(JsonNode json) {
        return new Link(
                json.path("round_id").asText(),
                json.path("sha256").asText(),
                json.path("said_id").asText(null),
                json.path("number").asLong(),
                json.path("started_at").asText(null),
                Seal.of(json).orElse(null),
                json.path("readable").asBoolean());
    }

    boolean isSealed() {
        return seal != null;
    }

    /** Whether the round before it is what it sealed. */
    boolean seals(Link before) {
        return isSealed() && new Head(before.roundId, before.sha256).equals(seal.previous());
    }

    boolean isElsewhere() {
        return saidId != null && !saidId.equals(roundId);
    }

    String summaryPath() {
        return Sealed.path(roundId, RoundFiles.SUMMARY);
    }
}
