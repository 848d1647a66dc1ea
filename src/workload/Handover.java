package workload;

import base.Durable;
import base.Exit;
import build.OwnBuild;
import build.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import soak.SoakDir;

/**
 * A soak keeps to the build that setup froze for it: round.java of any other build runs SOAK_DIR/bin/round in its
 * place. The launcher {@code jbang} does the same before anything is compiled; this is for those who start round.java
 * by a JBang of their own.
 *
 * <p>A frozen build that cannot run a round is no reason to lose the slot: then this build runs it, with a warning.
 */
public final class Handover {
    /**
     * In the environment of the round that is handed over to: its SOAK_DIR. A bin/round that leads back must not go
     * round and round.
     */
    private static final String HANDED_OVER = "SOAK_HANDED_OVER";
    /** From the launcher: why the frozen build did not run. */
    private static final String UNFROZEN = "SOAK_UNFROZEN";

    private static final Set<Integer> EXITS = Set.of(Exit.OK, Exit.BAD, Exit.USAGE, Exit.FAILED, Exit.LOCKED);
    private static final int BY_A_SIGNAL = 128;

    private final SoakDir dir;
    private final Map<String, String> environment;
    private final Path frozen;
    private String objection;

    /** @param environment this process's */
    public Handover(SoakDir dir, Map<String, String> environment) {
        this.dir = dir;
        this.environment = environment;
        this.frozen = dir.script("round");
        this.objection = environment.get(UNFROZEN);
    }

    /**
     * Runs the frozen round with this process's streams and environment.
     *
     * @param err where the handover is told of, once a soak
     * @return its exit code; empty if this process is to run the round
     */
    public Optional<Integer> run(PrintWriter err) throws IOException, InterruptedException {
        boolean isFrozen = Files.isRegularFile(dir.buildText()) && Files.isRegularFile(dir.buildSums());
        if (!isFrozen || objection != null || OwnBuild.isFrozenIn(dir.bin())) {
            return Optional.empty();
        }
        if (dir.root().toRealPath().toString().equals(environment.get(HANDED_OVER))) {
            objection = "it leads to another build";
        } else if (!Files.isRegularFile(frozen)) {
            objection = "it is missing";
        } else if (!Files.isExecutable(frozen)) {
            objection = "this user may not execute it";
        } else {
            tellOnce(err);
            int rounds = History.before(dir, null).size();
            ProcessBuilder round =
                    new ProcessBuilder(frozen.toString(), dir.root().toString()).inheritIO();
            round.environment().put(HANDED_OVER, dir.root().toRealPath().toString());
            int exit = round.start().waitFor();
            if (EXITS.contains(exit)
                    || exit > BY_A_SIGNAL
                    || rounds != History.before(dir, null).size()) {
                return Optional.of(exit);
            }
            objection = "it ended with exit code " + exit + " before it began a round";
        }
        return Optional.empty();
    }

    private void tellOnce(PrintWriter err) {
        Path told = dir.bin().resolve("handover.txt");
        if (!Files.exists(told)) {
            err.println("round: " + dir.root() + " has a frozen build: from now on round.java runs " + frozen
                    + " instead of itself (this message appears once; setup.java " + dir.word()
                    + " --upgrade replaces the frozen build)");
            try {
                Durable.write(told, Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n");
            } catch (IOException readOnly) {
                // then it is said again next time
            }
        }
    }

    /** Why a round of a soak with a frozen build is not that build's. */
    public Optional<String> warning() {
        return Optional.ofNullable(objection)
                .map(why -> "the frozen build did not run: " + frozen + " is not usable (" + why
                        + "). Version " + Version.current()
                        + " ran this round, and a commit may change the next one; setup.java " + dir.word()
                        + " --upgrade freezes a build again");
    }
}
