package cron;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The machine's crontab(1), by whatever cron brought it: run, and its words told apart. */
public final class CrontabCommand {
    /** A crontab is bytes; this charset maps each to a character and back. */
    public static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final int NOT_FOUND = 127; // a shell's exit code
    private static final int TIMED_OUT = 124; // timeout(1)'s
    private static final long LIMIT_SECONDS = 20;

    private CrontabCommand() {}

    /** What one run of it came to. */
    public record Run(int exit, String out, String err) {
        /** There is no such command. */
        public boolean missing() {
            return exit == NOT_FOUND;
        }

        /** What it says, in one line. */
        public String says() {
            return err.isBlank() ? "no words" : err.strip().replaceAll("\\s*\\R\\s*", " ");
        }

        /** It says that the user has no crontab, which is as good as an empty one. */
        public boolean saysThereIsNone() {
            // cron's and busybox's words
            return err.toLowerCase(Locale.ROOT).contains("no crontab") || err.contains("can't open");
        }
    }

    /**
     * @param environment the process's; its PATH leads to the command
     * @param input for its stdin; null for none
     */
    public static Run run(Map<String, String> environment, String input, String... arguments)
            throws IOException, InterruptedException {
        // the shell searches the PATH that it is given
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec crontab \"$@\"", "crontab"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C"); // its words are read
        Process process = builder.start();
        try {
            // By pipes, and never by files: on a full disk crontab -l ends with 0 and half a crontab, and whoever
            // writes that back has lost the user's other lines.
            FutureTask<String> out = beside(() -> text(process.getInputStream()));
            FutureTask<String> err = beside(() -> text(process.getErrorStream()));
            beside(() -> {
                try (OutputStream in = process.getOutputStream()) {
                    in.write((input == null ? "" : input).getBytes(BYTES));
                } catch (IOException notRead) {
                    // its exit code says what came of it
                }
                return "";
            });
            if (process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return new Run(
                        process.exitValue(),
                        out.get(LIMIT_SECONDS, TimeUnit.SECONDS),
                        err.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            }
        } catch (TimeoutException held) {
            // what it left running holds its streams, so that nobody knows whether it has said all
        } catch (ExecutionException e) {
            throw new IOException("what it says cannot be read", e.getCause());
        } finally {
            process.destroyForcibly().waitFor();
        }
        return new Run(TIMED_OUT, "", "no answer within " + LIMIT_SECONDS + " s");
    }

    private static FutureTask<String> beside(Callable<String> work) {
        FutureTask<String> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "a stream of crontab");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static String text(InputStream stream) throws IOException {
        try (stream) {
            return new String(stream.readAllBytes(), BYTES);
        }
    }
}
