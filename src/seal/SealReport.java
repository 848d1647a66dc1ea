package seal;

import java.util.ArrayList;
import java.util.List;

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
    /**
     * Some rounds.
     *
     * @param first null if there are none, likewise {@code last}
     */
    public record Rounds(int count, String first, String last) {
        static Rounds of(List<String> ids) {
            return ids.isEmpty()
                    ? new Rounds(0, null, null)
                    : new Rounds(ids.size(), ids.get(0), ids.get(ids.size() - 1));
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
