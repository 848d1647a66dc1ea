package process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of a command that may hang, flood its output or not exist.
 *
 * @param exit its exit code; 124 if it was killed at its time limit, 127 not found, 126 not executable, as in a shell
 * @param output what it printed, both streams; of much the beginning and the end
 */
public record CommandRun(int exit, long millis, String output) {
    public static final int TIMED_OUT = 124;
    static final int NOT_EXECUTABLE = 126;
    static final int NOT_FOUND = 127;
    private static final long DRAIN_MILLIS = 500;

    /** Runs it to its end, or kills it and what it started once {@code limit} has passed. */
    public static CommandRun of(List<String> command, Map<String, String> environment, Path folder, Duration limit)
            throws InterruptedException {
        long began = System.nanoTime();
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true);
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            Path program = Path.of(command.get(0));
            return new CommandRun(
                    Files.exists(program) ? NOT_EXECUTABLE : NOT_FOUND,
                    elapsed(began),
                    Interpreter.missing(program)
                            .map(what -> program + " " + what)
                            .orElse(e.getMessage()));
        }
        PrintedEnds printed = new PrintedEnds();
        Thread reader = new Thread(() -> keep(process.getInputStream(), printed), "output of " + command.get(0));
        reader.setDaemon(true);
        boolean ended;
        try {
            reader.start();
            ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | OutOfMemoryError e) { // the second: no further thread can be started
            kill(process);
            throw e;
        }
        if (!ended) {
            kill(process);
            process.waitFor();
        }
        long millis = elapsed(began);
        reader.join(DRAIN_MILLIS); // what it left running may hold the pipe for ever
        return new CommandRun(ended ? process.exitValue() : TIMED_OUT, millis, printed.text());
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static long elapsed(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** Reads to the end: a command whose pipe is full would wait for ever. */
    private static void keep(InputStream output, PrintedEnds printed) {
        byte[] buffer = new byte[8192];
        try (output) {
            for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                printed.add(buffer, count);
            }
        } catch (IOException pipeClosed) {
            // killed in mid-sentence
        }
    }
}
