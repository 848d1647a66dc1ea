package soak;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command of config.env that is told one line on its stdin: by {@code sh -c}, in SOAK_DIR, within a time limit. */
public final class ToldCommand {
    /** How long such a command may run before it is killed. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int OUTPUT_SHOWN = 500;

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
            // A file and not a pipe: what the command leaves running in the background must not hold us.
            output = Files.createTempFile(
                    Files.createDirectories(config.dir().tmp()), "told-command", Durable.TEMPORARY);
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", shellCommand);
            builder.directory(config.dir().root().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("SOAK_DIR", config.dir().root().toString());
            Process command = builder.start();
            try (OutputStream stdin = command.getOutputStream()) {
                stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException notRead) {
                // A command need not read what it is given.
            }
            if (!command.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                command.descendants().forEach(ProcessHandle::destroyForcibly);
                command.destroyForcibly();
                return problem("did not end within " + limit.toMillis() + " ms and was killed", config, output);
            }
            return command.exitValue() == 0
                    ? Optional.empty()
                    : problem("exited with " + command.exitValue(), config, output);
        } catch (IOException e) {
            return Optional.of(new Problem("could not be run (" + e.getMessage() + ")", ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Problem("was interrupted", ""));
        } finally {
            deleteQuietly(output);
        }
    }

    private static Optional<Problem> problem(String what, Config config, Path output) {
        String said;
        try {
            String text = Secrets.of(config)
                    .scanned(
                            new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
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
