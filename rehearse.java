///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:-UsePerfData -Dsun.net.httpserver.nodelay=true -XX:+UseSerialGC -Duser.timezone=UTC
//SOURCES controlplane.java
//SOURCES report.java
//SOURCES round.java
//SOURCES src/*/*.java
//SOURCES src/lab/*/*.java
//SOURCES src/lab/rehearsal/jvm/Heap.java
import base.Failure;
import base.Time;
import build.Version;
import command.Cli;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import lab.rehearsal.Commands;
import lab.rehearsal.Rehearsals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import workload.ClosedRounds;
import workload.Machine;

/**
 * A whole soak in minutes, on a virtual clock: the code of round.java and report.java, real HTTP, the embedded control
 * plane with real SQLite; a scenario says what goes wrong and which verdicts the final report must give.
 *
 * <p>Input: nothing, or a scenario by name or file. SOAK_DIR is where the evidence goes; without it a temporary folder,
 * whose place is printed. One that was cut off goes on when it is started again with the same SOAK_DIR.
 *
 * <p>Files written: SOAK_DIR as a soak's, marked as a rehearsal in config.env, in every round and in every report.
 *
 * <p>Output: the final report on stdout; progress on stderr.
 *
 * <p>Exit codes: 0 the verdicts are those that the scenario states, or that can be foreseen for this length; 10 they
 * are not; 64 usage; 70 could not do its job.
 *
 * <p>Run: ./rehearse.java
 */
@Command(
        name = "rehearse",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description =
                "Plays a whole soak in minutes on a virtual clock: what do the reports say if something goes wrong?",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the verdicts are those that the scenario states, or that the oracle foresees for this length",
            "10:the verdicts differ",
            "64:usage",
            "70:could not do its job"
        })
class rehearse implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SOAK_DIR",
            description = "Where the evidence goes: a new or empty folder, or the folder of a rehearsal that was"
                    + " interrupted (default: a temporary folder).")
    Path soakDir;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            completionCandidates = Rehearsals.Names.class,
            description = "What goes wrong: a name of --list, or a file as scenarios/README.md describes it (default: "
                    + Rehearsals.CLEAN + ").")
    String scenario;

    @Option(names = "--list", description = "List the scenarios, and do nothing else.")
    boolean list;

    @Option(
            names = "--all",
            description =
                    "Run every scenario, two at a time, and print their table. SOAK_DIR then has a folder for each;"
                            + " with the same SOAK_DIR again, scenarios that have ended are not repeated.")
    boolean all;

    @Option(
            names = "--swarm",
            paramLabel = "N",
            description = "Play the scenario random with N seeds, from --seed on, two at a time, and print the seeds on"
                    + " which the final report and the oracle differ. Only the folders of the first ten of"
                    + " these are kept.")
    Integer swarm;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed gives the same evidence and the same reports; with --swarm the first seed"
                    + " (default: " + Rehearsals.SEED + ").")
    Long seed;

    @Option(names = "--days", paramLabel = "N", description = "Length of the soak (default: the scenario's, 30).")
    Integer days;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "Time from one round to the next (default: the scenario's, 1800).")
    Integer interval;

    @Option(names = "--keep", description = "With --all: also keep the folders of scenarios that ended as stated.")
    boolean keep;

    @Spec
    CommandSpec spec;

    public static void main(String[] args) {
        System.exit(Cli.run(new rehearse(), args));
    }

    @Override
    public Integer call() throws Exception {
        if (days != null && days < 1) {
            throw Failure.usage("--days " + days + " is not a length: give at least 1");
        }
        if (interval != null && (interval < 1 || soak.Schedule.SECONDS_PER_DAY % interval != 0)) {
            throw Failure.usage(
                    "--interval " + interval + " must be " + settings.Setting.ROUND_INTERVAL_SECONDS.wanted());
        }
        if (all && scenario != null) {
            throw Failure.usage("--all runs every scenario, --scenario one: give one of them");
        }
        if (swarm != null && all) {
            throw Failure.usage("--swarm plays random scenarios, --all every other one: give one of them");
        }
        if (keep && !all && swarm == null) { // a swarm says by itself what it keeps
            throw Failure.usage(
                    "--keep goes with --all alone, since one scenario always keeps its folder: leave it out");
        }
        Rehearsals rehearsals = new Rehearsals(
                new Scripts(), spec.commandLine().getOut(), spec.commandLine().getErr());
        Rehearsals.Asked asked = new Rehearsals.Asked(soakDir, scenario, seed, days, interval, keep);
        if (swarm != null && !list) {
            return rehearsals.swarm(asked, swarm);
        }
        return list ? rehearsals.list() : all ? rehearsals.all(asked) : rehearsals.one(asked);
    }

    private static final class Scripts implements Commands {
        @Override
        public Callable<Integer> round(Time time, Machine machine, ClosedRounds closedRounds) {
            return new round(time, machine, closedRounds);
        }

        @Override
        public Callable<Integer> report(Time time) {
            return new report(time);
        }

        @Override
        public Callable<Integer> controlPlane(Map<String, String> environment, Time time) {
            return new controlplane(environment, time);
        }
    }
}
