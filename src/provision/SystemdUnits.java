package provision;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import settings.Config;
import soak.SoakDir;

/** The same jobs as timer units, for hosts without cron: each file's name stands in a comment above it. */
public final class SystemdUnits {
    private static final String RESUME = "resume";

    private SystemdUnits() {}

    public static List<String> lines(Config config, String user) {
        SoakDir dir = config.dir();
        List<String> lines = new ArrayList<>();
        lines.add("# Each part goes to /etc/systemd/system under the name above it; then, as root:");
        lines.add("#   systemctl daemon-reload && systemctl enable --now " + timers(config));
        if (!config.attached()) {
            lines.add("#   systemctl enable " + unit(config, RESUME) + ".service");
        }
        lines.add("# Before a longer maintenance, and once the soak has ended:");
        lines.add("#   systemctl disable --now " + timers(config)
                + (config.attached() ? "" : " " + unit(config, RESUME) + ".service"));
        for (Job job : Job.of(config)) {
            String unit = unit(config, job.name());
            lines.add("");
            lines.add("# --- " + unit + ".service");
            lines.add("[Unit]");
            lines.add("Description=" + config.soakId() + ": " + job.comment().replace("%", "%%"));
            if (job.when() == null) {
                lines.add("After=local-fs.target");
            } else if (!config.attached()) {
                // A slot that begins while the machine starts waits for the control plane, and finds it alive.
                lines.add("After=" + unit(config, RESUME) + ".service");
            }
            lines.add("[Service]");
            lines.add("Type=oneshot");
            lines.add("User=" + user);
            // A round may restart the control plane, which must outlive the unit that did it.
            lines.add("KillMode=process");
            // 10: done, and what it found is bad; 75: another round runs.
            lines.add("SuccessExitStatus=10 75");
            if (job.when() != null && job.when().calendar().step() != 0) {
                lines.add("ExecCondition=/bin/sh " + word(dir.script("due")) + " "
                        + job.when().due(job.when().calendar()));
            }
            // The shell opens the log, as cron's does: systemd itself would make it root's. It is also the one program
            // whose name systemd has to like; what follows may have any.
            lines.add("ExecStart=/bin/sh -c 'exec \"$$@\" >>\"$$0\" 2>&1' " + word(dir.cronLog()) + " "
                    + word(dir.script(job.program())) + " " + word(dir.root()) + job.arguments());
            if (job.when() == null) {
                lines.add("[Install]");
                lines.add("WantedBy=multi-user.target");
                continue;
            }
            lines.add("");
            lines.add("# --- " + unit + ".timer");
            lines.add("[Unit]");
            lines.add("Description=" + config.soakId() + ": " + job.comment().replace("%", "%%"));
            lines.add("[Timer]");
            lines.add("OnCalendar=" + job.when().calendar().fields());
            lines.add("AccuracySec=1s");
            // What was missed stays missed: a slot without a round is a result.
            lines.add("Persistent=false");
            lines.add("[Install]");
            lines.add("WantedBy=timers.target");
        }
        return lines;
    }

    private static String timers(Config config) {
        return Job.of(config).stream()
                .filter(job -> job.when() != null)
                .map(job -> unit(config, job.name()) + ".timer")
                .collect(Collectors.joining(" "));
    }

    private static String unit(Config config, String job) {
        return config.soakId() + "-" + job;
    }

    /** An argument of an Exec line: quoted, and with systemd's own specifiers and variables taken literally. */
    private static String word(Path path) {
        return "\""
                + path.toString()
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("%", "%%")
                        .replace("$", "$$") + "\"";
    }
}
