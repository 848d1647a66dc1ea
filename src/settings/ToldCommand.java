package settings;

import base.Durable;
import base.Leftovers;
import base.Why;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command of config.env that is told one line on its stdin: by {@code sh -c}, in SOAK_DIR, within a time limit. */
public final class ToldCommand {
    /** How long such a command may run before it is killed. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int OUTPUT_SHOWN = 500;
    private static final int OUTPUT_KEPT = 64 * 1024;
    private static final long DRAIN_MILLIS = 500;

    private ToldCommand() {}

    /**
     * Why the line may not have arrived.
     *
     * @param what what the command did, as the end of a sentence
     * @param said the end of what it printed, secrets masked; empty if nothing
     */
    public record Problem(String what, String said) {}

    /** @return empty if the command ended with 0 */
    public static Optional<Problem> run(Config config, String shellCommand, String line, Duration limit) {
        Path output = null;
        try {
            // Into a file, by a process of its own: what the command leaves running in the background must not hold us,
            // nor end with us, and whoever prints without end must fill neither the disk nor our memory.
            output = Files.createTempFile(
                    Files.createDirectories(config.dir().tmp()), Leftovers.owned("told-command"), Durable.TEMPORARY);
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", shellCommand);
            builder.directory(config.dir().root().toFile()).redirectErrorStream(true);
            builder.environment().put("SOAK_DIR", config.dir().root().toString());
            ProcessBuilder keeper = new ProcessBuilder("/bin/sh", "-c", "exec tail -c " + OUTPUT_KEPT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(output.toFile());
            List<Process> pipeline = ProcessBuilder.startPipeline(List.of(builder, keeper));
            Process command = pipeline.get(0);
            Process tail = pipeline.get(1);
            try (OutputStream stdin = command.getOutputStream()) {
                stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException notRead) {
                // A command need not read what it is given.
            }
            if (!command.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                command.descendants().forEach(ProcessHandle::destroyForcibly);
                command.destroyForcibly();
                return problem("did not end within " + limit.toMillis() + " ms and was killed", config, output, tail);
            }
            return command.exitValue() == 0
                    ? Optional.empty()
                    : problem("exited with " + command.exitValue(), config, output, tail);
        } catch (IOException e) {
            return Optional.of(new Problem("could not be run (" + Why.of(e, null) + ")", ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Problem("was interrupted", ""));
        } finally {
            deleteQuietly(output);
        }
    }

    private static Optional<Problem> problem(String what, Config config, Path output, Process tail)
            throws InterruptedException {
        tail.waitFor(DRAIN_MILLIS, TimeUnit.MILLISECONDS); // what it left running may hold the pipe for ever
        String said;
        try {
            byte[] end = Files.readAllBytes(output);
            String printed = new String(end, StandardCharsets.UTF_8);
            String text = Secrets.of(config)
                    .scanned(
                            // What was cut off may be half a secret, which nobody would know for one.
                            (end.length < OUTPUT_KEPT ? printed : printed.replaceFirst("^\\S*", ""))
                                    .strip()
                                    .replaceAll("\\s*\\R\\s*", " | "),
                            true)
                    .text();
            said = text.isEmpty()
                    ? ""
                    : "; it said: "
                            + (text.length() <= OUTPUT_SHOWN
                                    ? text
                                    : "…" + text.substring(text.length() - OUTPUT_SHOWN));
        } catch (IOException e) {
            said = "; its output cannot be read";
        }
        return Optional.of(new Problem(what, said));
    }

    private static void deleteQuietly(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A leftover in tmp does no harm.
        }
    }
}
