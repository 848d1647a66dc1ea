package workload;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import soak.RoundFiles;
import soak.SoakDir;

/** The rounds that ran before this one, oldest first, by their folders. What else lies there is none of ours. */
public final class History {
    private static final String NUMBER = "round";

    private final List<Path> folders;
    private List<Path> newestFirst;

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

    /**
     * From the one that ran last back. Their names tell that, but where the clock was set back, their numbers: one
     * round by a clock that stood years ahead would be the newest to the end of the soak, and a streak of failures end
     * at it.
     */
    public List<Path> newestFirst() {
        if (newestFirst == null) {
            List<Path> reversed = new ArrayList<>(folders);
            Collections.reverse(reversed);
            if (clockWasSetBack(reversed)) {
                Map<Path, Long> numbers = numbers();
                reversed.sort(Comparator.comparing(numbers::get, Comparator.reverseOrder()));
            }
            newestFirst = Collections.unmodifiableList(reversed);
        }
        return newestFirst;
    }

    /** Rounds are numbered by the folders that they found: the last one's number is theirs today. */
    private boolean clockWasSetBack(List<Path> byName) {
        int killed = 0;
        for (Path round : byName) {
            Optional<JsonNode> summary = summary(round);
            if (summary.isPresent()) {
                return summary.get().path(NUMBER).asLong() + killed < folders.size();
            }
            killed++;
        }
        return false;
    }

    /** One without a number, which was killed or is of the bash scripts, stays behind the one before it. */
    private Map<Path, Long> numbers() {
        Map<Path, Long> numbers = new HashMap<>();
        long number = 0;
        for (Path round : folders) {
            long own = summary(round).map(it -> it.path(NUMBER).asLong()).orElse(0L);
            number = own > 0 ? own : number;
            numbers.put(round, number);
        }
        return numbers;
    }

    /** A round's summary; empty if it has none that can be read: the round was interrupted. */
    public static Optional<JsonNode> summary(Path round) {
        return json(round.resolve(RoundFiles.SUMMARY)).filter(JsonNode::isObject);
    }

    /** What a file of a round holds; empty where it is missing or broken. */
    static Optional<JsonNode> json(Path file) {
        try {
            return Optional.of(Json.parse(RoundFolder.readBounded(file)));
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
        return (Files.exists(file) ? json(file) : Optional.<JsonNode>empty()).map(said -> {
            Set<String> names = new HashSet<>();
            said.path("databases").forEach(name -> names.add(name.asText()));
            return new StoreCheckSaid(
                    said.path("result").isTextual(),
                    said.path("unchecked").isEmpty(),
                    names,
                    said.path("ms").asLong());
        });
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
