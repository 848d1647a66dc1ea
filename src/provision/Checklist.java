package provision;

import base.Failure;
import base.Folders;
import base.Room;
import base.ShellWords;
import base.Time;
import cron.CronWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import probe.HttpCall;
import process.CommandRun;
import process.ControlPlane;
import process.ProcessIdentity;
import settings.Config;
import settings.ConfigDoubts;
import settings.Secrets;
import settings.Traces;
import soak.PlanTemplate;
import soak.Schedule;
import soak.SoakDir;

/**
 * The findings of a {@link Preflight}: everything that can be known of a soak before anything is written or started.
 */
public final class Checklist {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    /** On disk: a dozen files in blocks of 4 KiB. */
    private static final long ROUND_BYTES = 64 * KIB;

    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
    private static final long PROBE_PAUSE_MS = 100;
    private static final Duration TIMEDATECTL = Duration.ofSeconds(3);

    private final Preflight preflight;
    private final Map<String, String> environment;
    private final Time time;

    public Checklist(Preflight preflight, Map<String, String> environment, Time time) {
        this.preflight = preflight;
        this.environment = environment;
        this.time = time;
    }

    /** What needs no settings. @return whether the folder can be a soak's */
    public boolean hostAndFolder(SoakDir dir) throws InterruptedException {
        preflight.check("host", () -> {
            Doctor.checkHost(environment.get("PATH"));
            return "Java " + System.getProperty("java.version") + ", setsid, no musl";
        });
        boolean usable = preflight.check("folder", () -> {
            Doctor.checkName(dir);
            new Traces(dir).requireSettings();
            Doctor.requirePrograms(dir);
            return dir.root() + (Files.exists(dir.config()) ? " holds a soak" : " is new") + ", and "
                    + Doctor.requireWritable(dir) + " can be written";
        });
        preflight.check("disk", () -> disk(dir));
        preflight.check("clock", () -> clock(dir));
        return usable;
    }

    private String disk(SoakDir dir) throws IOException {
        OptionalLong free = Room.free(Folders.existing(dir.root()));
        long needed = new FrozenBuild(dir).bytesToFreeze() + Doctor.FIRST_FILES_BYTES;
        if (free.isEmpty()) {
            preflight.remark("the file system of SOAK_DIR " + dir.root()
                    + " does not report its size: make sure that it has room" + " for the " + (needed / MIB + 1)
                    + " MiB that a setup writes there");
            return "unknown";
        }
        if (free.getAsLong() < needed) {
            throw Failure.failed("the disk of SOAK_DIR " + dir.root() + " has " + free.getAsLong() / MIB
                    + " MiB free, and a setup writes " + (needed / MIB + 1)
                    + " MiB there: free space, or choose another folder");
        }
        return free.getAsLong() / MIB + " MiB free";
    }

    private String clock(SoakDir dir) throws IOException, InterruptedException {
        Instant now = time.now();
        Instant newest = Beginning.lastRound(dir).orElse(Instant.EPOCH);
        if (newest.isAfter(now.plus(CLOCK_TOLERANCE))) {
            String apart = "the clock says " + now + ", but the newest round of this soak began at " + newest;
            if (!Files.exists(dir.setupSummary())) {
                throw Failure.failed(apart + ": set the clock (NTP) first");
            }
            // Cron's rounds run on by whatever clock: without its control plane the next one would only be unhealthy.
            preflight.warn(
                    apart + ": if the clock is behind, set it (NTP); if it was ahead when that round ran, nothing is"
                            + " wrong, and the next round ends this warning");
        }
        String synchronised = synchronised();
        if ("no".equals(synchronised)) {
            preflight.warn(
                    "the clock is not synchronised (timedatectl): if it steps during the soak, rounds move into other"
                            + " slots; switch NTP on (timedatectl set-ntp true)");
        } else if (!"yes".equals(synchronised)) {
            preflight.remark(
                    "timedatectl does not say whether the clock is synchronised: make sure that NTP" + " runs");
        }
        return "synchronised; " + now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** @return yes, no, or whatever else systemd says, "" where it says nothing */
    private String synchronised() throws InterruptedException {
        Path program = Doctor.find("timedatectl", environment.get("PATH")).orElse(null);
        if (program == null) {
            return "";
        }
        String words = "exec \"$0\" show -p NTPSynchronized --value 2>/dev/null";
        return CommandRun.of(List.of("/bin/sh", "-c", words, program.toString()), Map.of(), Path.of("/"), TIMEDATECTL)
                .output()
                .strip();
    }

    /** What hangs on the settings. */
    public void soak(Preparation p) throws InterruptedException {
        Config config = p.config();
        preflight.check("keys", () -> {
            p.unknownKeys()
                    .forEach(key -> preflight.warn("--set " + key
                            + ": no program reads this key; it stays in config.env, but check its spelling"));
            ConfigDoubts.of(config).forEach(preflight::warn);
            Optional<Moved> moved = Moved.of(p.dir());
            if (moved.isPresent()) {
                moved.get().requireFollowing(config);
                preflight.remark("SOAK_DIR was moved from " + moved.get().from()
                        + ": the crontab needs lines for the new folder; --install-crontab adds them and"
                        + " removes the old ones");
            }
            return "every key is known";
        });
        preflight.check("cli", () -> {
            Doctor.checkCli(config);
            boolean own = Path.of(config.cli()).startsWith(config.dir().bin());
            if (own && !config.cpMode().equals("embedded") && !p.resumed()) {
                preflight.warn(
                        "no --cli is given: the embedded control plane's own CLI makes the recoveries, so they prove"
                                + " nothing about your product's CLI; give it with --cli PATH");
            }
            Optional<String> refusal = own ? OwnCli.refusal(config) : Optional.empty();
            if (refusal.isPresent() && !p.resumed()) {
                throw Failure.usage(refusal.get());
            }
            refusal.ifPresent(preflight::warn); // a soak that runs needs its control plane all the same
            return own ? "the frozen build's own" : config.cli();
        });
        preflight.check("tls and headers", () -> Transport.check(config));
        if (p.starts()) {
            preflight.check("program", () -> {
                String warning = Doctor.checkStartCommand(config, environment.get("PATH"));
                if (warning != null) {
                    preflight.warn(warning);
                }
                return config.cpMode().equals("embedded")
                        ? "the frozen build's own"
                        : Secrets.of(config).shown("CP_COMMAND", config.get("CP_COMMAND"));
            });
            preflight.check("ports", () -> {
                Doctor.checkPorts(config);
                return config.cpUrl() + " and " + config.metricsUrl() + " are free";
            });
        } else {
            preflight.check("control plane", () -> running(p));
        }
        if (config.attached() && !p.resumed()) {
            preflight.check("plan ids", () -> {
                ForeignPlans.refuse(config, time, preflight::warn);
                return "no plan there has an id " + config.planIdPrefix() + "-TIME-NUMBER";
            });
        }
        if (!p.resumed()) {
            preflight.check("room", () -> room(config));
            preflight.check("outset", () -> outset(config));
        } else if (!config.get("SOAK_STARTED_AT").isEmpty()) {
            preflight.check("calendar", () -> calendar(config));
        }
    }

    private String calendar(Config config) {
        Instant end = config.schedule().end();
        if (hasEnded(config)) {
            preflight.warn("the soak ended at " + end + ", and no round counts any more: make the final report ("
                    + config.dir().script("report") + " " + config.dir().word()
                    + " --type final --archive), then run --remove-crontab and --stop");
        }
        return config.get("SOAK_STARTED_AT") + " to " + end;
    }

    private String room(Config config) throws IOException {
        OptionalLong free = Room.free(Folders.existing(config.dir().root()));
        long rounds = (long) config.days() * Schedule.SECONDS_PER_DAY / config.intervalSeconds();
        long needed = rounds * ROUND_BYTES;
        if (free.isEmpty()) {
            preflight.warn(
                    "the file system of SOAK_DIR does not report its size, so no warning comes before it is full: "
                            + rounds
                            + " rounds of some " + ROUND_BYTES / KIB + " KiB take " + needed / MIB
                            + " MiB without the control plane's store; make sure that it has room for them, or choose"
                            + " another folder");
        } else if (free.getAsLong() < needed) {
            preflight.warn("the disk of SOAK_DIR has " + free.getAsLong() / MIB + " MiB free, and " + rounds
                    + " rounds of some "
                    + ROUND_BYTES / KIB + " KiB take " + needed / MIB
                    + " MiB without the control plane's store: a full disk costs rounds; free space, or choose"
                    + " another folder");
        }
        return "for " + rounds + " rounds: some " + needed / MIB + " MiB";
    }

    private String outset(Config config) throws IOException {
        SetupNotes.of(config).forEach(preflight::warn);
        try {
            Outset.of(config, time).forEach(preflight::warn);
            return "every check can still pass";
        } catch (Failure noDatabase) { // a soak can begin without it; its reports cannot
            preflight.warn(
                    "the effect of these settings on the checks could not be computed: " + noDatabase.getMessage());
            return "";
        }
    }

    /** What cron runs, of a soak that is there. */
    public void frozenBuild(SoakDir dir) throws InterruptedException {
        if (Files.exists(dir.config())) {
            preflight.check("frozen build", () -> {
                FrozenBuild build = new FrozenBuild(dir);
                if (!build.exists()) {
                    preflight.warn("there is none in " + dir.bin() + ": a line of a crontab that runs one starts"
                            + " nothing until setup.java " + dir.word() + " makes it");
                    return "";
                }
                build.doubts().forEach(preflight::warn);
                return build.version();
            });
        }
    }

    /** What starts the rounds, as far as this machine tells. */
    public void cron(SoakDir dir, Path machine) throws InterruptedException {
        preflight.check("cron", () -> {
            CronWatch watch = CronWatch.of(dir, environment, machine);
            if (!Files.exists(dir.config())) { // it has no line yet: setup prints it
                if (watch.daemon().answer() != CronWatch.Answer.YES) {
                    preflight.warn(
                            watch.daemon().words() + ": " + watch.daemon().remedy());
                }
                return watch.daemon().words();
            }
            watch.missing(!hasEnded(Config.read(dir))).forEach(preflight::warn);
            watch.unknown().forEach(preflight::warn);
            watch.several().ifPresent(preflight::warn);
            return watch.sentence();
        });
    }

    private boolean hasEnded(Config config) {
        return !config.get("SOAK_STARTED_AT").isEmpty() && config.schedule().hasEnded(time.now());
    }

    private String running(Preparation p) throws InterruptedException {
        Config config = p.config();
        if (!config.attached()) {
            long pid = p.controlPlane().identity().map(ProcessIdentity::pid).orElse(0L);
            Moved.of(p.dir())
                    .filter(moved -> moved.isNamedBy(pid))
                    .ifPresent(moved -> preflight.warn("SOAK_DIR was moved from " + moved.from()
                            + " while its control plane (pid " + pid
                            + ") ran, which may go on writing there: between two"
                            + " rounds run --stop and then this again, and keep what it left in the old folder"));
            HttpCall.Answer health = p.controlPlane().health();
            return "it runs (health " + (health.is(200) ? health.code() : health.describe()) + ")";
        }
        awaitAttached(p.controlPlane(), config);
        return "health 200 at " + config.cpUrl();
    }

    /** @throws Failure exit 70 if it is not healthy in time */
    public static void awaitAttached(ControlPlane controlPlane, Config config) throws InterruptedException {
        long deadline = System.nanoTime() + config.startTimeout().toNanos();
        HttpCall.Answer health = controlPlane.health();
        while (!health.is(200) && System.nanoTime() < deadline) {
            Thread.sleep(PROBE_PAUSE_MS); // a process of the machine, whatever clock the soak has
            health = controlPlane.health();
        }
        if (!health.is(200)) {
            throw Failure.failed("nothing healthy answers at " + config.cpUrl() + "/v1/health within "
                    + config.startTimeout().toSeconds() + " s (" + health.describe()
                    + "): make sure that this control plane runs and that "
                    + (Files.exists(config.dir().config())
                            ? "CP_URL in " + config.dir().config() + " names it"
                            : "--listen names it"));
        }
    }

    /** The create that is not made here: how a person tries the template against the real thing. */
    public static String curl(Config config, String template) {
        String body = template.replace(PlanTemplate.PLACEHOLDER, config.planIdPrefix() + "-try")
                .replaceAll("\\s*\\n\\s*", " ")
                .strip();
        return "curl -i" + Transport.curlOptions(config) + " -X POST "
                + ShellWords.quote(config.cpUrl() + "/v1/rollouts") + " -H 'Content-Type: application/json' -H "
                + ShellWords.quoted("X-Autonomy-Operator: " + config.operator()) + " -d " + ShellWords.quoted(body);
    }
}
