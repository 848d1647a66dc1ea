package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import soak.Json;
import soak.RoundFiles;
import soak.SoakDir;

/** The rounds that ran before this one, oldest first, by their folders. What else lies there is none of ours. */
public final class History {
    private final List<Path> folders;

    private History(List<Path> folders) {
        this.folders = folders;
    }

    /** @param current the round that runs, left out; null for none */
    public static History before(SoakDir dir, Path current) throws IOException {
        return new History(RoundFiles.folders(dir.rounds()).stream()
                .filter(round -> !round.equals(current))
                .toList());
    }

    public List<Path> folders() {
        return folders;
    }

    public int size() {
        return folders.size();
    }

    /** From the newest back. */
    public List<Path> newestFirst() {
        List<Path> reversed = new ArrayList<>(folders);
        Collections.reverse(reversed);
        return reversed;
    }

    /** A round's summary; empty if it has none that can be read: the round was interrupted. */
    public static Optional<JsonNode> summary(Path round) {
        try {
            JsonNode summary = Json.parse(RoundFolder.readBounded(round.resolve(RoundFiles.SUMMARY)));
            return summary.isObject() ? Optional.of(summary) : Optional.empty();
        } catch (IOException missingOrBroken) {
            return Optional.empty();
        }
    }

    /**
     * What a round's check of the control plane's store came to.
     *
     * @param hasResult whether it was sound or damaged; else it could not be checked
     * @param complete whether nothing was left unchecked
     */
    record StoreCheckSaid(boolean hasResult, boolean complete, Set<String> databases, long millis) {}

    /** Empty if the round did not check, or its file cannot be read. */
    static Optional<StoreCheckSaid> storeCheck(Path round) {
        Path file = round.resolve(RoundFiles.STORE_CHECK);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode said = Json.parse(RoundFolder.readBounded(file));
            Set<String> names = new HashSet<>();
            said.path("databases").forEach(name -> names.add(name.asText()));
            return Optional.of(new StoreCheckSaid(
                    said.path("result").isTextual(),
                    said.path("unchecked").isEmpty(),
                    names,
                    said.path("ms").asLong()));
        } catch (IOException broken) {
            return Optional.empty();
        }
    }

    /** The databases that could be checked, back to the last check that left nothing unchecked. */
    public Set<String> databasesCheckedBefore() {
        Set<String> names = new HashSet<>();
        for (Path round : newestFirst()) {
            Optional<StoreCheckSaid> said = storeCheck(round);
            if (said.isPresent()) {
                names.addAll(said.get().databases());
                if (said.get().complete()) {
                    break;
                }
            }
        }
        return names;
    }
}
