import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import settings.Config;
import soak.SoakDir;

/**
 * A soak of real processes, as a user has it: setup through the repository's launcher, everything else through what
 * setup froze into SOAK_DIR/bin. Closing it ends the control plane, also where setup --stop itself is what is broken.
 */
final class SoakUnderTest implements AutoCloseable {
    private static final long AWAIT_SECONDS = 60;
    private static final int STARTS = 5;

    final Path dir;
    private final List<String> bareEnvironment;

    /** @param home the HOME of every process; the rest of their environment is cron's */
    SoakUnderTest(Path dir, String home) {
        this.dir = dir;
        this.bareEnvironment = bare(home);
    }

    /** With this process's own HOME, so that the launcher finds what it has fetched before. */
    static SoakUnderTest in(Path dir) {
        return new SoakUnderTest(dir, System.getenv().getOrDefault("HOME", ""));
    }

    static List<String> bare(String home) {
        return List.of("/usr/bin/env", "-i", "HOME=" + home, "PATH=/usr/bin:/bin");
    }

    /** The repository that this test was built from. */
    static Path repository() {
        return Path.of(System.getenv("SOAK_SOURCE_DIR"));
    }

    private static String[] locations(Path script, Path dir, String... arguments) {
        List<String> command = new ArrayList<>(List.of(script.toString(), dir.toString()));
        command.addAll(Arrays.asList(arguments));
        return command.toArray(String[]::new);
    }

    Fork.Result run(String... command) {
        return run(List.of(), command);
    }

    /** @param variables NAME=value, beside HOME and PATH */
    Fork.Result run(List<String> variables, String... command) {
        List<String> all = new ArrayList<>(bareEnvironment);
        all.addAll(variables);
        all.addAll(Arrays.asList(command));
        return Fork.run(all);
    }

    /**
     * A first setup that a busy machine made too slow for the plan's limit begins again in a new folder, as setup says.
     */
    Fork.Result setup(String... options) {
        boolean isNew = !Files.exists(dir);
        Fork.Result result = run(locations(repository().resolve("setup.java"), dir, options));
        for (int again = 0;
                again < STARTS
                        && isNew
                        && result.exit() == 70
                        && result.err().matches("(?s).*(lost for this folder: cp_start_ms=|was not healthy within).*");
                again++) {
            delete(dir);
            result = run(locations(repository().resolve("setup.java"), dir, options));
        }
        return result;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Fork.Result frozen(String script, String... arguments) {
        return run(locations(dir.resolve("bin").resolve(script), dir, arguments));
    }

    Fork.Result frozen(List<String> variables, String script, String... arguments) {
        return run(variables, locations(dir.resolve("bin").resolve(script), dir, arguments));
    }

    /** A round that must end with this exit code; returns its summary. */
    JsonNode round(int exit) {
        Fork.Result result = frozen("round");
        if (result.exit() != exit) {
            throw new AssertionError(
                    "round ended with " + result.exit() + ", not " + exit + "\n" + result.out() + result.err());
        }
        return lastSummary();
    }

    /** Starts one that is not waited for; its streams are dropped. */
    Process startRound() throws IOException {
        List<String> all = new ArrayList<>(bareEnvironment);
        all.addAll(List.of(dir.resolve("bin/round").toString(), dir.toString()));
        return new ProcessBuilder(all)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    List<Path> rounds() {
        if (!Files.isDirectory(dir.resolve("rounds"))) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(dir.resolve("rounds"), 2)) {
            return all.filter(path -> path.getFileName().toString().startsWith("round-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path lastRound() {
        List<Path> rounds = rounds();
        return rounds.get(rounds.size() - 1);
    }

    List<JsonNode> summaries() {
        return rounds().stream()
                .map(round -> json(round.resolve("round-summary.json")))
                .toList();
    }

    JsonNode lastSummary() {
        return json(lastRound().resolve("round-summary.json"));
    }

    JsonNode json(String relative) {
        return json(dir.resolve(relative));
    }

    private static JsonNode json(Path file) {
        try {
            return Json.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String relative) {
        try {
            return Files.readString(dir.resolve(relative));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Config config() {
        return Config.read(new SoakDir(dir));
    }

    long controlPlanePid() {
        return Long.parseLong(text("cp.pid").lines().findFirst().orElseThrow());
    }

    /** SIGKILL; returns once the kernel has taken it away. */
    void killControlPlane() {
        long pid = controlPlanePid();
        ProcessHandle.of(pid)
                .orElseThrow(() -> new AssertionError("pid " + pid + " of cp.pid does not run"))
                .destroyForcibly();
        await("the end of pid " + pid, () -> !alive(pid));
    }

    /** Whether a process runs; a zombie does not. */
    static boolean alive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, AWAIT_SECONDS, condition);
    }

    static void await(String what, long seconds, BooleanSupplier condition) {
        long deadline = System.nanoTime() + seconds * 1_000_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + seconds + " s in vain for " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(dir.resolve("cp.pid"))) {
            return;
        }
        long pid = controlPlanePid();
        if (alive(pid) && Files.exists(dir.resolve("bin/setup"))) {
            frozen("setup", "--stop");
        }
        // A recycled pid must not be hit: only what has this folder on its command line is this soak's.
        if (alive(pid) && Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(dir.toString())) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
