package provision;

import java.util.ArrayList;
import java.util.List;
import settings.Config;

/**
 * One of the soak's recurring commands (plan, "Round Frequency").
 *
 * @param name as in unit names
 * @param when null = at the start of the machine
 * @param program in SOAK_DIR/bin
 * @param arguments after SOAK_DIR, with a blank before each
 */
public record Job(String name, String comment, Timetable when, String program, String arguments) {
    private static final int DAILY_HOUR = 1;
    private static final int CHECKPOINT_HOUR = 2;

    public static List<Job> of(Config config) {
        List<Job> jobs = new ArrayList<>();
        jobs.add(new Job(
                "round",
                "One workload round every " + config.intervalSeconds() + " s.",
                Timetable.rounds(config.intervalSeconds()),
                "round",
                ""));
        jobs.add(new Job(
                "daily",
                "Daily at 01:00 UTC: the summary of yesterday.",
                Timetable.dailyAt(DAILY_HOUR),
                "report",
                " --type daily"));
        // Every day, not on three dates: a host that was down on day 7 gets its checkpoint a day later, and a rerun
        // changes nothing.
        jobs.add(new Job(
                "checkpoint",
                "Daily at 02:00 UTC: the checkpoint of the last full week (days 7, 14, 21, ...).",
                Timetable.dailyAt(CHECKPOINT_HOUR),
                "report",
                " --type checkpoint"));
        if (!config.attached()) {
            jobs.add(new Job("resume", "After a reboot: start the control plane again.", null, "setup", " --resume"));
        }
        return jobs;
    }
}
