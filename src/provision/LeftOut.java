package provision;

import base.Failure;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Options of setup that leave no place for others, which would be left out without a word: what ends something does
 * nothing beside, least of all for somebody who asks for a look, a resume prints one line, and lines of a crontab
 * beside timers would start each round twice.
 */
public final class LeftOut {
    private static final List<String> ENDS = List.of("--stop", "--remove-crontab");
    private static final List<String> SCHEDULES = List.of("--install-crontab", "--systemd");

    private LeftOut() {}

    /** @param given the long names of the options on the command line */
    public static void refuse(Set<String> given) {
        Set<String> others = new TreeSet<>(given);
        others.removeAll(ENDS);
        for (String end : ENDS) {
            if (given.contains(end) && !others.isEmpty()) {
                throw Failure.usage(end + " does nothing else, and " + String.join(", ", others)
                        + " asks for more: nothing was changed; run them one after the other");
            }
        }
        for (String scheduled : SCHEDULES) {
            if (given.contains("--resume") && given.contains(scheduled)) {
                throw Failure.usage("--resume prints one line and no others, and " + scheduled
                        + " asks for more: nothing was changed; run setup without --resume, which resumes the soak"
                        + " too");
            }
        }
        if (given.containsAll(SCHEDULES)) {
            throw Failure.usage("--install-crontab and --systemd: lines of the crontab and timers would start each"
                    + " round twice; nothing was changed; give one of them");
        }
    }
}
