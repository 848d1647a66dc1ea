package workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import seal.Seal;
import seal.Sealer;
import soak.Config;

/** A round's seal, as the last word of its summary: nothing but the summary is written into the folder after it. */
public final class RoundSeal {
    private RoundSeal() {}

    /** What cannot be sealed is a warning: a round without a seal is evidence all the same. */
    public static void put(SummaryDraft summary, Config config, RoundFolder folder, History history) {
        try {
            summary.put(
                    Seal.FIELD,
                    Sealer.of(config, folder.path(), history.folders()).toJson());
        } catch (IOException | UncheckedIOException e) {
            summary.warn("this round has no seal, the next one adopts it: " + e);
        }
    }
}
