package provision;

import base.ThisUser;
import cron.CronWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import settings.Config;
import soak.SoakDir;

/** What runs a soak's rounds and reports at their times: lines of a crontab, or units of systemd. */
public final class Scheduled {
    private final Config config;
    private final Map<String, String> environment;
    private final Path etc;
    private final PrintWriter out;
    private final PrintWriter err;

    /** @param etc /etc, for the machine's time zone */
    public Scheduled(Config config, Map<String, String> environment, Path etc, PrintWriter out, PrintWriter err) {
        this.config = config;
        this.environment = environment;
        this.etc = etc;
        this.out = out;
        this.err = err;
    }

    /** @param needsLine whether a crontab that lacks the line is to be told of */
    public void tell(boolean installCrontab, boolean systemd, boolean needsLine) throws IOException {
        Crontab crontab = new Crontab(config.dir(), environment);
        String zone = Timetable.machineZone(etc);
        if (installCrontab) {
            Moved.of(config.dir()).ifPresent(moved -> new Crontab(new SoakDir(moved.from()), environment).remove());
            crontab.install(config, zone);
            err.println("setup: the crontab has the lines of this soak (--remove-crontab takes them out)");
        }
        if (systemd) {
            SystemdUnits.lines(config, ThisUser.name()).forEach(out::println);
        } else {
            if (!installCrontab) {
                err.println("setup: for the crontab (crontab -e, or --install-crontab):");
            }
            crontab.lines(config, zone).forEach(out::println);
        }
        CronWatch cron =
                CronWatch.of(config.dir(), environment, etc.toAbsolutePath().getParent());
        cron.missing(needsLine && !systemd)
                .forEach(sentence ->
                        err.println("setup: WARNING: " + sentence)); // a first setup has just told of the line
        cron.several().ifPresent(sentence -> err.println("setup: WARNING: " + sentence));
    }
}
