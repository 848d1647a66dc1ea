package workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has been read of rounds that have ended. Their files never change, so a process that runs many rounds need read
 * each but once; a round of its own process begins with an empty one, and so with the files.
 */
public final class ClosedRounds {
    /**
     * A round's part in the ledger.
     *
     * @param made the ids that were asked for and not refused
     * @param acknowledged those of them that were answered with 201
     * @param unnamed answers of 201 beyond the ids that are there
     * @param revived listed for the first time, though never acknowledged
     * @param rolledBack taken away by the soak itself
     * @param convicted lost or listed twice; null where the round could not tell
     */
    record Part(
            List<String> made,
            List<String> acknowledged,
            long unnamed,
            List<String> revived,
            List<String> rolledBack,
            Set<String> convicted) {}

    interface Reading {
        Part read(Path round) throws IOException;
    }

    private final Map<Path, Part> parts = new HashMap<>();
    private final Map<Path, Refutations.Told> recoveries = new HashMap<>();
    private final Map<Path, RoundOutcome> outcomes = new HashMap<>();

    Part part(Path round, Reading reading) throws IOException {
        Part known = parts.get(round);
        if (known == null) {
            known = reading.read(round);
            parts.put(round, known);
        }
        return known;
    }

    Refutations.Told recoveries(Path round) {
        return recoveries.computeIfAbsent(round, Refutations.Told::of);
    }

    RoundOutcome outcome(Path round) {
        return outcomes.computeIfAbsent(round, RoundOutcome::of);
    }
}
