package seal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import soak.RoundFiles;

/**
 * A time stamp of a head, {@code seals/DATE.tsr}.
 *
 * @param file below the soak's folder
 * @param sha256 the hash that it stamps, 64 hex digits; null if it is no stamp
 * @param at when, by the authority's clock; null likewise
 * @param authority who signed, by its certificate; null likewise
 * @param problem why it proves nothing, as the end of a sentence; null for a stamp that is whole
 * @param trusted whether one of the CAs that were given vouches for the signer: then the head was known elsewhere
 */
public record Stamp(String file, String sha256, Instant at, String authority, String problem, boolean trusted) {
    /** For an authority that was away, and for clocks that differ. */
    private static final Duration SLACK = Duration.ofDays(1);

    /** Rounds ask on their own date alone: whoever asks later may have made the rounds anew before. */
    boolean isLate(String roundId) {
        return at.isAfter(RoundFiles.second(roundId)
                .map(began -> began.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS))
                .map(end -> end.plus(SLACK))
                .orElse(Instant.MAX));
    }

    /** What is odd about its time, beside that of the round whose head it stamps; empty for none. */
    Optional<String> untimely(String roundId) {
        Instant began = RoundFiles.second(roundId).orElse(at);
        if (isLate(roundId)) {
            return Optional.of("was made at " + at + ", more than a day after the date of its round, which began at "
                    + began + ", had ended: rounds are stamped on their own date, so it anchors nothing");
        }
        return at.plus(SLACK).isBefore(began)
                ? Optional.of("was made at " + at + ", more than a day before its round began, at " + began
                        + ": the clock of the soak's machine was wrong then, or the round's time is")
                : Optional.empty();
    }
}
