package workload;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the set check found; ids in the order in which they were made.
 *
 * @param expectedCount how many plans had to be listed
 * @param unconfirmed what one listing missed or showed twice, and another did not
 * @param shownById what all listings missed, and the control plane answered with when it was asked for it
 * @param lastSeen for each lost plan the last round that saw it; absent if none did
 */
public record Findings(
        int expectedCount,
        List<String> lost,
        List<String> duplicate,
        List<String> revived,
        List<String> unconfirmed,
        List<String> shownById,
        Map<String, String> lastSeen) {
    /** What both say; what came to life is the later one's word. */
    Findings and(Findings later) {
        return new Findings(
                expectedCount,
                both(lost, later.lost),
                both(duplicate, later.duplicate),
                later.revived,
                List.of(),
                List.of(),
                lastSeen);
    }

    /** How many plans are lost here that {@code before} showed. */
    long lostSince(Findings before) {
        Set<String> missing = new HashSet<>(before.lost);
        return lost.stream().filter(id -> !missing.contains(id)).count();
    }

    /** These, with what each of the listings said beyond them. */
    Findings confirming(List<Findings> listings) {
        Set<String> open = new LinkedHashSet<>();
        for (Findings listing : listings) {
            open.addAll(listing.lost);
            open.addAll(listing.duplicate);
        }
        lost.forEach(open::remove);
        duplicate.forEach(open::remove);
        Map<String, String> seen = new TreeMap<>(lastSeen);
        seen.keySet().retainAll(lost);
        return new Findings(expectedCount, lost, duplicate, revived, List.copyOf(open), shownById, seen);
    }

    /** These without the lost plans that the control plane showed when it was asked for them. */
    Findings without(Set<String> shown) {
        Map<String, String> seen = new TreeMap<>(lastSeen);
        seen.keySet().removeAll(shown);
        List<String> stillLost = lost.stream().filter(id -> !shown.contains(id)).toList();
        return new Findings(expectedCount, stillLost, duplicate, revived, unconfirmed, List.copyOf(shown), seen);
    }

    boolean beyond(Set<String> known) {
        return !known.containsAll(lost) || !known.containsAll(duplicate);
    }

    private static List<String> both(List<String> one, List<String> other) {
        Set<String> others = new HashSet<>(other);
        return one.stream().filter(others::contains).toList();
    }

    /** The content of integrity.json; {@code rolledBack} are the plans that this round itself took away. */
    public Map<String, Object> toJson(List<String> rolledBack) {
        Map<String, Object> ids = new LinkedHashMap<>();
        ids.put("lost", lost);
        ids.put("duplicate", duplicate);
        ids.put("revived", revived);
        if (!rolledBack.isEmpty()) {
            ids.put("rolled_back", rolledBack);
        }
        if (!lost.isEmpty()) {
            ids.put("last_seen", lastSeen);
        }
        List<String> neverListed =
                lost.stream().filter(id -> !lastSeen.containsKey(id)).toList();
        if (!neverListed.isEmpty()) {
            ids.put("never_listed", neverListed);
        }
        if (!unconfirmed.isEmpty()) {
            ids.put("unconfirmed", unconfirmed);
        }
        if (!shownById.isEmpty()) {
            ids.put("shown_by_id", shownById);
        }
        return ids;
    }
}
