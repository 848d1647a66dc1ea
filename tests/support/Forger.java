import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Somebody who can write the soak's folder, and knows how seals are made. */
final class Forger {
    private Forger() {}

    /** Another latency for the round's creates. */
    static void editTimes(RoundRig.Round round) throws IOException {
        Path times = round.folder().resolve("create-times.txt");
        Files.writeString(times, Files.readString(times).replaceFirst("0\\.0", "0.9"));
    }

    /** Edits one round and makes the seals of all of them anew. */
    static void rebuild(List<RoundRig.Round> rounds, int edited) throws IOException {
        editTimes(rounds.get(edited));
        Map<String, Object> previous = null;
        for (RoundRig.Round round : rounds) {
            Path file = round.folder().resolve("round-summary.json");
            ObjectNode summary = (ObjectNode) Json.parse(Files.readString(file));
            ObjectNode seal = (ObjectNode) summary.get("seal");
            seal.set("previous", Json.MAPPER.valueToTree(previous));
            ((ObjectNode) seal.get("files"))
                    .put("create-times.txt", Sha256.of(round.folder().resolve("create-times.txt")));
            Files.writeString(file, Json.write(summary));
            previous = Map.of("round_id", summary.get("round_id").asText(), "sha256", Sha256.of(file));
        }
    }
}
