package seal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import soak.RoundFiles;

/**
 * The object {@code seal}, the last of a round-summary.json (contract, section 8): hashes of all that stood there when
 * the round ended.
 *
 * @param previous the newest summary before this one; null in the first round
 * @param adopted all rounds before, where the newest of them has no seal; else null
 * @param files of the round's own folder, by name
 * @param unclosed folders without a summary since {@code previous}, with their files
 * @param settings config.env, the templates and setup-summary.txt, as far as they are there
 * @param config the settings themselves, secrets masked, where config.env is not what the round before sealed; else
 *     null
 * @param logs what stood in each
 * @param build the hash of bin/SHA256SUMS; null without a frozen build
 */
public record Seal(
        Head previous,
        Adopted adopted,
        Map<String, String> files,
        Map<String, ? extends Map<String, String>> unclosed,
        Map<String, String> settings,
        Map<String, String> config,
        Map<String, LogPrefix> logs,
        String build) {
    public static final String FIELD = "seal";

    /** @param sha256 of the sorted lines {@code sha256 path} of all their files: that of adopted-rounds.txt */
    record Adopted(long rounds, String sha256) {}

    /** What it says of everything but the round's own files. */
    Seal withoutFiles() {
        return new Seal(previous, adopted, Map.of(), unclosed, settings, config, logs, build);
    }

    /** As the file has it. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("previous", previous == null ? null : previous.toJson());
        if (adopted != null) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("rounds", adopted.rounds());
            told.put("sha256", adopted.sha256());
            json.put("adopted", told);
        }
        json.put("files", files);
        json.put("unclosed", unclosed);
        json.put("settings", settings);
        if (config != null) {
            json.put("config", config);
        }
        Map<String, Object> prefixes = new LinkedHashMap<>();
        logs.forEach((log, prefix) -> {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("bytes", prefix.bytes());
            told.put("sha256", prefix.sha256());
            prefixes.put(log, told);
        });
        json.put("logs", prefixes);
        json.put("build", build);
        return json;
    }

    /** The seal that a summary holds; empty if it has none, or one that is no seal. */
    public static Optional<Seal> of(JsonNode summary) {
        JsonNode json = summary.path(FIELD);
        if (!json.path("files").isObject()) {
            return Optional.empty();
        }
        SortedMap<String, SortedMap<String, String>> unclosed = new TreeMap<>();
        json.path("unclosed").properties().stream()
                .filter(round -> RoundFiles.second(round.getKey()).isPresent()) // a name that leads elsewhere is none
                .forEach(round -> unclosed.put(round.getKey(), texts(round.getValue())));
        SortedMap<String, LogPrefix> logs = new TreeMap<>();
        json.path("logs")
                .properties()
                .forEach(log -> logs.put(
                        log.getKey(),
                        new LogPrefix(
                                log.getValue().path("bytes").asLong(),
                                log.getValue().path("sha256").asText())));
        JsonNode adopted = json.path("adopted");
        return Optional.of(new Seal(
                Head.of(json.path("previous")).orElse(null),
                adopted.isObject()
                        ? new Adopted(
                                adopted.path("rounds").asLong(),
                                adopted.path("sha256").asText())
                        : null,
                texts(json.path("files")),
                unclosed,
                texts(json.path("settings")),
                json.path("config").isObject() ? texts(json.path("config")) : null,
                logs,
                json.path("build").isTextual() ? json.get("build").asText() : null));
    }

    private static SortedMap<String, String> texts(JsonNode object) {
        SortedMap<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}
