package provision;

import base.Durable;
import base.Failure;
import base.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import settings.Config;
import soak.RoundFiles;
import soak.Schedule;
import soak.SoakDir;
import workload.History;

/** When a soak begins, and its first round (contract, section 1: setup never burns a slot). */
public final class Beginning {
    /** A round that begins this close to its slot's end might be counted in the next: its JVM has to start first. */
    private static final Duration ROUND_START = Duration.ofSeconds(5);

    private Beginning() {}

    /** The start of the first round that the folder holds, by its name. */
    public static Optional<Instant> firstRound(SoakDir dir) throws IOException {
        return RoundFiles.folders(dir.rounds()).stream().findFirst().map(RoundFiles::second);
    }

    /** The start of the round that ran last, by whatever clock. */
    public static Optional<Instant> lastRound(SoakDir dir) throws IOException {
        return History.before(dir, null).newestFirst().stream().findFirst().map(RoundFiles::second);
    }

    /** The start of the slot after {@code now}, or now itself where a slot begins. */
    public static Instant nextSlot(Instant now, int intervalSeconds) {
        Instant floor = Schedule.floor(now, intervalSeconds);
        return floor.equals(now) ? now : floor.plusSeconds(intervalSeconds);
    }

    /** Lets the end of a slot pass that is too near for a round to start in it. */
    public static void awaitRoomInSlot(Time time, int intervalSeconds, PrintWriter err) throws InterruptedException {
        Duration left = Duration.between(
                time.now(), Schedule.floor(time.now(), intervalSeconds).plusSeconds(intervalSeconds));
        if (left.compareTo(ROUND_START) < 0 && intervalSeconds > 2 * ROUND_START.toSeconds()) {
            err.println("setup: waiting " + (left.toSeconds() + 1)
                    + " s for the next slot, so that the first round does not straddle two");
            time.sleep(left);
        }
    }

    /**
     * Writes into config.env when the soak begins, unless that is known already.
     *
     * @return whether its first round is to be run now
     */
    public static boolean settle(SoakDir dir, boolean noFirstRound, Time time, PrintWriter err)
            throws IOException, InterruptedException {
        Config config = Config.read(dir);
        Optional<Instant> earlier = firstRound(dir);
        if (!config.get("SOAK_STARTED_AT").isEmpty()) {
            return earlier.isEmpty() && !noFirstRound && wasCutOff(config, time.now());
        }
        boolean firstRound = earlier.isEmpty() && !noFirstRound;
        if (firstRound) {
            awaitRoomInSlot(time, config.intervalSeconds(), err);
        }
        Instant start = earlier.orElse(
                noFirstRound
                        ? nextSlot(time.now(), config.intervalSeconds())
                        : time.now().truncatedTo(ChronoUnit.SECONDS));
        Durable.write(
                dir.config(), Settings.withValue(Files.readString(dir.config()), "SOAK_STARTED_AT", start.toString()));
        return firstRound;
    }

    /**
     * Whether a setup ended between its start of the soak and the first round, for which the slot still has time. A
     * start where a slot begins is cron's: its first round is none of setup's.
     */
    private static boolean wasCutOff(Config config, Instant now) {
        Schedule schedule = config.schedule();
        return !schedule.startedAt().equals(schedule.t0())
                && schedule.slot(now) == 0
                && schedule.slot(now.plus(ROUND_START)) == 0;
    }

    /**
     * Runs the frozen round as cron will: with cron's bare environment, from the home folder.
     *
     * @return the round's exit code
     */
    public static int runFirstRound(SoakDir dir, Map<String, String> environment, PrintWriter err)
            throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        dir.script("round").toString(), dir.root().toString())
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("SHELL", "/bin/sh");
        for (String key : new String[] {"HOME", "LOGNAME", "USER"}) {
            if (environment.containsKey(key)) {
                builder.environment().put(key, environment.get(key));
            }
        }
        try {
            Process round = builder.start();
            try (InputStream out = round.getInputStream()) {
                new String(out.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(line -> err.println("  " + line));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return round.waitFor();
        } catch (IOException e) {
            throw Failure.failed(
                    dir.script("round") + " cannot be run (" + e.getMessage()
                            + "): is SOAK_DIR on a file system mounted noexec? Choose another",
                    e);
        }
    }
}
