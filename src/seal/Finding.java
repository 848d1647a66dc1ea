package seal;

import base.Printable;
import java.util.Comparator;
import java.util.Locale;

/**
 * Something that the seals tell of the evidence.
 *
 * @param path of a file or folder, below the soak's
 * @param roundId the round that it belongs to, or since which it is so: what is judged as of an earlier moment does not
 *     see it; null where there is no such round
 */
public record Finding(Kind kind, String path, String what, String roundId) {
    /** One line each: a file's name may hold line ends, and must not tell a finding or a verdict of its own. */
    public Finding {
        path = Printable.name(path);
        what = Printable.name(what);
    }

    /** What it is. */
    public enum Kind {
        ALTERED,
        MISSING,
        ADDED,
        /** Hashes could not be compared: what was masked in an archive, or could not be read when it was sealed. */
        UNCHECKED,
        /** What a user may edit. */
        CHANGED,
        /** No seal speaks of it. */
        UNSEALED;

        /** Whether evidence that was sealed is not as it was. */
        public boolean isAlteration() {
            return ordinal() <= ADDED.ordinal();
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What was altered first, and of that the oldest round first. */
    public static final Comparator<Finding> FIRST_BAD_FIRST = Comparator.comparing(
                    (Finding finding) -> finding.kind.isAlteration() ? 0 : 1)
            .thenComparing(finding -> finding.roundId, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Finding::path)
            .thenComparing(Finding::kind);

    public String line() {
        return kind.word() + ": " + path + ": " + what;
    }
}
