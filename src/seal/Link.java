package seal;

import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import soak.RoundFiles;

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
 * @param version the harness_version of a sealed round, and of one of this tool without a seal that does not say that
 *     it could not be sealed: empty where that one tells none; null for all others
 */
record Link(
        String roundId,
        String sha256,
        String saidId,
        long number,
        String startedAt,
        Seal seal,
        boolean readable,
        String version) {
    private static final String SEAL = "\"" + Seal.FIELD + "\"";
    /** The bash scripts write none. */
    private static final String SCHEMA = "\"schema\"";
    /** What is told of {@link #stripped}. */
    static final String STRIPPED = "has no seal, though a build wrote it that seals each round: it was taken out";

    /** Empty for a folder without a summary. */
    static Optional<Link> of(Path round) {
        String id = RoundFiles.id(round);
        Path file = round.resolve(RoundFiles.SUMMARY);
        byte[] bytes;
        try {
            bytes = RoundFiles.bytes(file);
        } catch (IOException unreadable) {
            return Optional.of(new Link(id, FolderHashes.UNREADABLE, null, 0, null, null, false, null));
        }
        if (bytes == null) {
            return Optional.empty();
        }
        String sha256 = Sha256.of(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (isPlain(text) && text.stripTrailing().endsWith("}")) {
            return Optional.of(new Link(id, sha256, null, 0, null, null, true, null));
        }
        try {
            JsonNode summary = Json.parse(text);
            if (!summary.has(Seal.FIELD)) {
                return Optional.of(new Link(id, sha256, null, 0, null, null, summary.isObject(), version(summary)));
            }
            return Optional.of(new Link(
                    id,
                    sha256,
                    summary.path("round_id").isTextual()
                            ? summary.get("round_id").asText()
                            : null,
                    summary.path("round").asLong(),
                    summary.path("targets").path("SOAK_STARTED_AT").asText(null),
                    Seal.of(summary).orElse(null),
                    summary.isObject(),
                    summary.path(Seal.FIELD).isNull() ? null : version(summary)));
        } catch (IOException broken) {
            return Optional.of(new Link(id, sha256, null, 0, null, null, false, null));
        }
    }

    /** Whether no parser is needed to see that it has neither: a backslash may spell any letter of a name. */
    private static boolean isPlain(String text) {
        return !text.contains(SEAL) && !text.contains(SCHEMA) && text.indexOf('\\') < 0;
    }

    private static String version(JsonNode summary) {
        return summary.hasNonNull("schema") ? summary.path("harness_version").asText("") : null;
    }

    /** Those without a seal whose build has sealed other rounds: it writes null where it cannot seal one. */
    static List<Link> stripped(Collection<Link> closed) {
        Set<String> sealing = closed.stream()
                .filter(link -> link.isSealed() && link.version != null)
                .map(Link::version)
                .collect(Collectors.toSet());
        return closed.stream()
                .filter(link -> !link.isSealed() && link.version != null && !sealing.isEmpty())
                .filter(link -> link.version.isEmpty() || sealing.contains(link.version))
                .toList();
    }

    /** The same, where the hashes of the round's own files are needed no more. */
    Link withoutFiles() {
        return new Link(
                roundId,
                sha256,
                saidId,
                number,
                startedAt,
                seal == null ? null : seal.withoutFiles(),
                readable,
                version);
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
        json.put("version", version);
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
                json.path("readable").asBoolean(),
                json.path("version").asText(null));
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
