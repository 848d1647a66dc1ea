package workload;

import base.Why;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import seal.Seal;
import seal.Sealer;
import settings.Config;
import soak.RoundFiles;

/** A round's seal, as the last word of its summary: nothing but the summary is written into the folder after it. */
public final class RoundSeal {
    private RoundSeal() {}

    /** What cannot be sealed is a warning: a round without a seal is evidence all the same. */
    public static void put(SummaryDraft summary, Config config, RoundFolder folder, History history) {
        try {
            Seal seal = Sealer.of(config, folder.path(), history.folders());
            summary.put(Seal.FIELD, seal.toJson());
            interrupted(seal.unclosed().keySet()).ifPresent(summary::warn);
        } catch (IOException | UncheckedIOException e) {
            summary.warn("this round has no seal, the next one adopts it: " + Why.of(e, null));
        }
    }

    /** Of what was killed since the round before no line of cron.log tells, and its seal names each of them once. */
    private static Optional<String> interrupted(Set<String> unclosed) {
        return unclosed.isEmpty()
                ? Optional.empty()
                : Optional.of("rounds/" + String.join(", rounds/", unclosed) + " ended without a " + RoundFiles.SUMMARY
                        + ": killed, or the power failed; each such round counts as interrupted, which is unhealthy,"
                        + " with a failed stuck scan; its files are kept, and a listing settles what it created");
    }
}
