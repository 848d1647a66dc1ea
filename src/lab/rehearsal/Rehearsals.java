package lab.rehearsal;

import base.Exit;
import base.Failure;
import base.Room;
import command.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import settings.Config;
import soak.SoakDir;

/** What {@code rehearse.java} offers: one rehearsal, the list of scenarios, or all of them. */
public final class Rehearsals {
    public static final String CLEAN = "clean";
    public static final long SEED = 1;

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ENOUGH_BYTES = 1L << 30;
    private static final int AT_A_TIME = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * What the command line asks for; null where it does not say.
     *
     * @param keep with all: keep the folders of those that went as stated
     */
    public record Asked(Path soakDir, String scenario, Long seed, Integer days, Integer intervalSeconds, boolean keep) {
        long seedOrDefault() {
            return seed == null ? SEED : seed;
        }
    }

    /** The scenarios' names, for a shell's completion. */
    public static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Scenarios.titles().keySet().iterator();
        }
    }

    private final Commands commands;
    private final PrintWriter out;
    private final PrintWriter err;

    public Rehearsals(Commands commands, PrintWriter out, PrintWriter err) {
        this.commands = commands;
        this.out = out;
        this.err = err;
    }

    public int list() {
        Scenarios.titles().forEach((name, title) -> out.println(String.format(Locale.ROOT, "%-18s %s", name, title)));
        return Exit.OK;
    }

    /** The names of the scenarios that come with the program as files. */
    public static List<String> bundled() {
        return Scenarios.titles().keySet().stream()
                .filter(name -> !name.equals(RandomScenario.NAME))
                .toList();
    }

    /** The verdicts that a scenario's file states. */
    public static Map<String, String> stated(String scenario) {
        return Scenarios.named(scenario, SEED, null, null).expect();
    }

    /** The verdicts that follow from a scenario's faults, in the length that it has itself. */
    public static Map<String, String> foreseen(String scenario, long seed) {
        return Oracle.verdicts(Scenarios.named(scenario, seed, null, null), seed);
    }

    /** @return 0 if the verdicts are the stated ones, else 10 */
    public int one(Asked asked) throws IOException {
        SoakDir dir = new SoakDir(asked.soakDir() != null ? asked.soakDir() : temporary(asked));
        Provision.begun(dir); // a folder of anything else is refused before it is named as that of a rehearsal
        err.println("rehearse: in " + dir.root());
        err.flush();
        Result result = run(dir, asked, Terminal.of(2, System.getenv()).present());
        out.print(result.outcome().finalReport());
        out.println();
        out.println("Rehearsal: scenario " + result.scenario().name() + ", seed " + result.seed() + ", "
                + result.outcome().rounds() + " rounds and " + result.outcome().reports() + " reports in "
                + String.format(Locale.ROOT, "%.1f", result.seconds()) + " s");
        for (Fault fault : result.scenario().faults()) {
            boolean late = fault.firstSlot(result.scenario().intervalSeconds())
                    >= (long) result.scenario().days()
                            * soak.Schedule.SECONDS_PER_DAY
                            / result.scenario().intervalSeconds();
            out.println("Fault: " + fault + (late ? " (after the end of this rehearsal: it did not happen)" : ""));
        }
        tellVerdicts(result.outcome(), foreseenFor(asked));
        out.println("Files: " + dir.root());
        return result.asStated() ? Exit.OK : Exit.BAD;
    }

    /** A scenario's file states the verdicts of its own length; those of another one the oracle foresees. */
    private static String foreseenFor(Asked asked) {
        boolean itsOwn = asked.days() == null && asked.intervalSeconds() == null;
        if (itsOwn) {
            return "stated";
        }
        return "foreseen for "
                + (asked.days() == null
                        ? "an interval of " + asked.intervalSeconds() + " s"
                        : asked.days() + (asked.days() == 1 ? " day" : " days"));
    }

    private void tellVerdicts(Rehearsal.Outcome outcome, String as) {
        if (outcome.stated() == 0) {
            out.println("Verdicts: not compared, because the oracle can foresee none for this interval, these"
                    + " settings or these faults");
        } else if (outcome.unexpected().isEmpty()) {
            out.println("Verdicts: all " + outcome.stated() + " as " + as
                    + (outcome.stated() < Scenario.JUDGED.size()
                            ? ", the oracle cannot foresee the others for this length"
                            : ""));
        } else {
            outcome.unexpected().forEach(difference -> out.println("Verdicts: NOT AS STATED: " + difference));
        }
    }

    /** Every scenario. @return 0 if all verdicts are the stated ones, else 10 */
    public int all(Asked asked) throws IOException, InterruptedException {
        return new AllScenarios(this, asked, asked.soakDir() != null ? asked.soakDir() : temporary(asked), out, err)
                        .run()
                ? Exit.OK
                : Exit.BAD;
    }

    /** As many seeds of the scenario random. @return see {@link Swarm#run()} */
    public int swarm(Asked asked, int seeds) throws IOException, InterruptedException {
        return new Swarm(this, asked, seeds, out, err).run();
    }

    /** One rehearsal from its beginning, without a word. @param eachSlot is told of each slot, and may throw */
    Rehearsal.Outcome play(SoakDir dir, Scenario scenario, long seed, Runnable eachSlot) throws IOException {
        try (Ports ports = Ports.free(seed, scenario.name())) {
            Provision.create(dir, scenario, seed, Rehearsal.roundStart(scenario, seed, 0), ports);
            return new Rehearsal(scenario, seed, dir, commands, Watcher.each(eachSlot)).run();
        }
    }

    /**
     * A rehearsal that has ended.
     *
     * @param seconds what it took; of one that was cut off, what its last part took
     */
    record Result(Scenario scenario, long seed, Rehearsal.Outcome outcome, double seconds) {
        boolean asStated() {
            return outcome.unexpected().isEmpty();
        }
    }

    /** @param terminal whether its progress is a line that moves */
    Result run(SoakDir dir, Asked asked, boolean terminal) throws IOException {
        long began = System.nanoTime(); // for a person who waits
        boolean begun = Provision.begun(dir);
        long seed;
        Scenario scenario;
        Ports ports;
        if (begun) {
            Config config = Config.read(dir);
            refuseOther(dir, "--seed", asked.seed(), config.get(Provision.SEED));
            refuseOther(dir, "--days", asked.days(), config.get("SOAK_DAYS"));
            refuseOther(dir, "--interval", asked.intervalSeconds(), config.get("ROUND_INTERVAL_SECONDS"));
            seed = Long.parseLong(config.get(Provision.SEED));
            scenario = Scenario.read(config.get(Provision.SCENARIO), Files.readString(Provision.scenario(dir)));
            if (asked.scenario() != null) {
                refuseOther(dir, asked.scenario(), scenario, seed);
            }
            ports = Rehearsal.hasEnded(dir) ? null : Ports.of(config);
            err.println("rehearse: " + scenario.name() + " continues where it was interrupted");
        } else {
            seed = asked.seedOrDefault();
            scenario = scenario(asked);
            ports = Ports.free(seed, scenario.name());
            Provision.create(dir, scenario, seed, Rehearsal.roundStart(scenario, seed, 0), ports);
        }
        try (ports;
                Progress progress = new Progress(err, terminal, scenario)) {
            Thread atCutOff = new Thread(() -> {
                progress.close();
                err.println("rehearse: interrupted; the same command with " + dir.root() + " continues");
                err.flush();
            });
            Runtime.getRuntime().addShutdownHook(atCutOff);
            Rehearsal.Outcome outcome = new Rehearsal(scenario, seed, dir, commands, progress).run();
            Runtime.getRuntime().removeShutdownHook(atCutOff);
            return new Result(scenario, seed, outcome, (System.nanoTime() - began) / NANOS_PER_SECOND);
        }
    }

    private static Scenario scenario(Asked asked) {
        return Scenarios.named(
                asked.scenario() == null ? CLEAN : asked.scenario(),
                asked.seedOrDefault(),
                asked.days(),
                asked.intervalSeconds());
    }

    /** A file is another scenario once it has been edited. */
    private static void refuseOther(SoakDir dir, String asked, Scenario begun, long seed) {
        Scenario named = Scenarios.named(asked, seed, begun.days(), begun.intervalSeconds());
        refuseOther(dir, "--scenario", named.name(), begun.name());
        if (!named.toJson().equals(begun.toJson())) {
            throw Failure.usage("--scenario " + asked + " has changed since the rehearsal in " + dir.root()
                    + " began: leave the option out to continue with what it was, or give another folder");
        }
    }

    private static void refuseOther(SoakDir dir, String option, Object asked, String begun) {
        if (asked != null && !asked.toString().equals(begun)) {
            throw Failure.usage(option + " " + asked + ": the rehearsal in " + dir.root() + " began with " + begun
                    + "; leave the option out, or give another folder");
        }
    }

    /** Where no folder is given. */
    private static Path temporary(Asked asked) throws IOException {
        scenario(asked); // what cannot be rehearsed leaves no folder behind
        return Files.createTempDirectory(temporaryParent(), "soak-rehearsal-");
    }

    /** For several rehearsals at a time: each has a clock, a control plane and ports of its own. */
    static ExecutorService threads() {
        return Executors.newFixedThreadPool(
                Math.min(AT_A_TIME, Runtime.getRuntime().availableProcessors()));
    }

    /**
     * In memory if there is room, since a rehearsal syncs each file to disk as a soak does, a hundred thousand times,
     * and what it leaves is no evidence; else where temporary files belong.
     */
    static Path temporaryParent() throws IOException {
        return Files.isWritable(MEMORY) && Room.free(MEMORY).orElse(Long.MAX_VALUE) > ENOUGH_BYTES
                ? MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }
}
