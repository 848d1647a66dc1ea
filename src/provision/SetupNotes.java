package provision;

import java.util.ArrayList;
import java.util.List;
import settings.Config;

/** What the settings of a soak mean for its verdicts, where many expect otherwise. */
public final class SetupNotes {
    private SetupNotes() {}

    public static List<String> of(Config config) {
        List<String> notes = new ArrayList<>();
        if (config.recoveryDrillEvery() == 0) {
            notes.add("there is no recovery drill: unless plans get stuck on their own, nothing is recovered, and the"
                    + " checks of the rollback rate and Gate D, which need at least one recovery, fail. Give the body"
                    + " of a plan that gets stuck by --drill-template FILE, before the first setup; a soak that has"
                    + " begun without one needs a new folder");
        }
        if (config.recoverForeign()) {
            notes.add("RECOVER_FOREIGN=yes: every stuck plan on " + config.cpUrl() + " is recovered ("
                    + config.recoveryStrategy() + "), whoever made it, and counts in this soak's rates. "
                    + "RECOVER_FOREIGN=no recovers only what this soak made");
        }
        return notes;
    }
}
