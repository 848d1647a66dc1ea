package provision;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The machine's crontab(1), by whatever cron brought it: run, and its words told apart. */
final class CrontabCommand {
    /** A crontab is bytes; this charset maps each to a character and back. */
    static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final int NOT_FOUND = 127; // a shell's exit code
    private static final int TIMED_OUT = 124; // timeout(1)'s
    private static final long LIMIT_SECONDS = 20;

    private CrontabCommand() {}

    /** What one run of it came to. */
    record Run(int exit, String out, String err) {
        /** There is no such command. */
        boolean missing() {
            return exit == NOT_FOUND;
        }

        /** It says that the user has no crontab, which is as good as an empty one. */
        boolean saysThereIsNone() {
            return err.toLowerCase(Locale.ROOT).contains("no crontab")
                    || err.contains("can't open"); // cron's and busybox's words
        }
    }

    /**
     * @param environment the process's; its PATH leads to the command
     * @param input for its stdin; null for none
     */
    static Run run(Map<String, String> environment, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh", "-c", "exec crontab \"$@\"", "crontab")); // the shell searches the PATH that it is given
        command.addAll(List.of(arguments));
        Path in = Files.createTempFile("crontab", ".in");
        Path out = Files.createTempFile("crontab", ".out");
        Path err = Files.createTempFile("crontab", ".err");
        try {
            Files.write(in, (input == null ? "" : input).getBytes(BYTES));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put("LC_ALL", "C"); // its words are read
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return new Run(TIMED_OUT, "", "no answer within " + LIMIT_SECONDS + " s");
            }
            return new Run(process.exitValue(), Files.readString(out, BYTES), Files.readString(err, BYTES));
        } finally {
            for (Path file : List.of(in, out, err)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
