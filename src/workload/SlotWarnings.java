package workload;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import settings.Config;
import settings.Plan;
import soak.RoundFiles;
import soak.Schedule;

/**
 * What a reader must know of a round's place in the timetable: whether it counts, and that one started by hand does.
 */
public final class SlotWarnings {
    private SlotWarnings() {}

    /**
     * @param history the rounds before this one
     * @param second when it began
     */
    public static List<String> of(Config config, History history, Instant second) {
        Schedule schedule = config.schedule();
        long slot = schedule.slot(second);
        if (slot < 0) {
            return List.of("the soak begins at " + config.startedAt()
                    + ": this round is too early and does not count; if the clock is behind, set it (NTP)");
        }
        if (slot >= schedule.totalSlots()) {
            return List.of("the soak ended at " + schedule.end()
                    + ": this round does not count; if the clock is right, remove the soak's lines from the crontab"
                    + " (setup.java --remove-crontab) or disable its timers (systemctl disable --now), else set it"
                    + " (NTP)");
        }
        List<String> warnings = new ArrayList<>();
        Instant start = schedule.t0().plusSeconds(slot * schedule.intervalSeconds());
        String from = RoundFiles.id(start);
        String before = RoundFiles.id(start.plusSeconds(schedule.intervalSeconds()));
        List<String> sharing = history.folders().stream()
                .map(RoundFiles::id)
                .filter(id -> id.compareTo(from) >= 0 && id.compareTo(before) < 0)
                .toList();
        Duration late = Duration.between(start, second);
        if (!sharing.isEmpty()) {
            String others = sharing.size() == 1
                    ? "has a round already (" + sharing.get(0) + ")"
                    : "has " + sharing.size() + " rounds already, first " + sharing.get(0);
            warnings.add("slot " + slot + " " + others
                    + ": this round counts as well; to look without counting, run SOAK_DIR/bin/probe");
        } else if (history.size() > 0
                && isOverdue(schedule, late.toSeconds())) { // the first of all begins when setup is run
            warnings.add("this round began " + late.toSeconds() + " s after the start of slot " + slot
                    + ", late or started by a person: it counts as that slot's round; to look without counting, run"
                    + " SOAK_DIR/bin/probe");
        }
        return warnings;
    }

    /** Whether a slot has waited so long for its round that cron has not started it on time. */
    static boolean isOverdue(Schedule schedule, long seconds) {
        return seconds * 2 > Math.min(Plan.OVERDUE_SECONDS * 2, schedule.intervalSeconds());
    }
}
