package seal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the seals tell of a soak's evidence.
 *
 * @param findings the first bad one first
 * @param anchored rounds at or before the newest head that was known elsewhere
 * @param sealed those after it
 * @param unsealed those that nothing fixed when they ended: of the bash scripts, of older builds, and the one that runs
 * @param head of the newest sealed round; null if no round is sealed
 */
public record SealReport(List<Finding> findings, Rounds anchored, Rounds sealed, Rounds unsealed, Head head) {
    /** Some rounds, the oldest first. */
    public record Rounds(List<String> ids) {
        public int count() {
            return ids.size();
        }

        /** Null if there are none, likewise {@link #last}. */
        public String first() {
            return ids.isEmpty() ? null : ids.get(0);
        }

        public String last() {
            return ids.isEmpty() ? null : ids.get(ids.size() - 1);
        }

        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("count", count());
            json.put("first", first());
            json.put("last", last());
            return json;
        }
    }

    /** With what else was found. */
    public SealReport with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        all.sort(Finding.FIRST_BAD_FIRST);
        return new SealReport(List.copyOf(all), anchored, sealed, unsealed, head);
    }

    public List<Finding> alterations() {
        return findings.stream()
                .filter(finding -> finding.kind().isAlteration())
                .toList();
    }
}
