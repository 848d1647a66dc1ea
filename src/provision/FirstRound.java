package provision;

import base.Durable;
import base.Exit;
import base.Failure;
import base.Time;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import settings.Config;
import soak.RoundFiles;

/** A soak's first round, which setup runs as cron will run the others; the soak begins with it. */
public final class FirstRound {
    private final Preparation p;
    private final Config config;
    private final Running running;
    private final Time time;

    public FirstRound(Preparation p, Config config, Running running, Time time) {
        this.p = p;
        this.config = config;
        this.running = running;
        this.time = time;
    }

    /** @throws Failure exit 70 if it could not do its job */
    public void run(Map<String, String> environment, PrintWriter err) throws IOException, InterruptedException {
        err.println("setup: the first round, as cron will run it:");
        int exit = Beginning.runFirstRound(p.dir(), environment, err);
        if (exit == Exit.BAD) {
            err.println("setup: THE FIRST ROUND FOUND SOMETHING BAD (exit " + exit + "): its " + RoundFiles.SUMMARY
                    + " in " + p.dir().rounds() + " says which step; the checks of the first round depend on it");
        } else if (exit != Exit.OK) {
            String reason = "the first round could not do its job (exit " + exit + ")";
            p.summary().fail(config, reason, running.startText(), running.healthCode());
            throw Failure.failed(reason + ": see above; the control plane keeps running (setup.java "
                    + p.dir().word() + " --stop ends it)");
        }
        begin();
        FirstListing.warnings(config, time).forEach(warning -> err.println("setup: WARNING: " + warning));
    }

    /** The soak starts when its first round did, to the second; a slot that has passed meanwhile stays passed. */
    private void begin() throws IOException {
        Instant first = Beginning.firstRound(p.dir())
                .orElseThrow(() -> new IllegalStateException("a round ended well and left no folder"));
        if (config.schedule().slot(first) == 0) {
            Durable.write(
                    p.dir().config(),
                    Settings.withValue(Files.readString(p.dir().config()), "SOAK_STARTED_AT", first.toString()));
            p.summary().began(Config.read(p.dir()));
        }
    }
}
