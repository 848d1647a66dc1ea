//DEPS info.picocli:picocli:4.7.7
//JAVAC_OPTIONS -XDstringConcat=inline
package command;

import base.Exit;
import base.Failure;
import base.PlainFile;
import base.Printable;
import base.Why;
import build.OwnBuild;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * Runs a picocli command with our exit codes and our manners towards errors. Every script starts here, so this is where
 * the option of their compiler stands: joined strings cost a start no classes (docs/design.md).
 */
public final class Cli {
    private Cli() {}

    /** For a script's {@code main}: the process's own streams, as UTF-8 whatever the locale. */
    public static int run(Callable<Integer> command, String... args) {
        return run(command, false, Stamp.NONE, args);
    }

    /**
     * The same for what cron runs: what it says of itself stands in cron.log with its time.
     *
     * @param crons whether this is a call as cron's lines have it; asked once the arguments are known
     */
    public static int nightly(Callable<Integer> command, String name, BooleanSupplier crons, String... args) {
        return run(command, false, new Stamp(name + ": ", crons), args);
    }

    /**
     * The same for a command whose output is what it is for: where that is lost, on a full disk, it ends with 70 though
     * all else went well.
     *
     * @param crons as of {@link #nightly}
     */
    public static int print(Callable<Integer> command, String name, BooleanSupplier crons, String... args) {
        return run(command, true, new Stamp(name + ": ", crons), args);
    }

    private static int run(Callable<Integer> command, boolean isForItsOutput, Stamp dated, String... args) {
        Locale.setDefault(Locale.ROOT); // our own calls name theirs; libraries' need not
        Stdout stdout = new Stdout();
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exit = run(command, new PrintWriter(stdout, true, StandardCharsets.UTF_8), err, dated, args);
        Optional<String> lost = stdout.failure();
        String name = command.getClass().getSimpleName(); // a script's class has its command's name
        lost.ifPresent(why -> new Dated(err, dated)
                .println(name + ": the standard output cannot be written (" + why
                        + "): what was printed is incomplete; print it where there is room"));
        return isForItsOutput && lost.isPresent() && (exit == Exit.OK || exit == Exit.BAD) ? Exit.FAILED : exit;
    }

    /**
     * For tests and for commands that run each other: streams are given. Whatever the command says of strangers, no
     * control character reaches them.
     */
    public static int run(Callable<Integer> command, PrintWriter out, PrintWriter unclean, String... args) {
        return run(command, out, unclean, Stamp.NONE, args);
    }

    private static int run(
            Callable<Integer> command, PrintWriter out, PrintWriter unclean, Stamp dated, String... args) {
        PrintWriter err = new Dated(Printable.on(unclean), dated);
        boolean needsNoParser = command instanceof FolderCommand ours && ours.takes(Printable.on(out), err, args);
        int exit;
        try {
            exit = needsNoParser
                    ? call(command, err)
                    : commandLine(command, out, err).execute(args);
        } catch (VirtualMachineError | LinkageError e) { // which the parser hands through
            exit = told(command.getClass().getSimpleName(), e, err);
        }
        out.flush();
        err.flush();
        return exit;
    }

    private static int call(Callable<Integer> command, PrintWriter err) {
        try {
            return command.call();
        } catch (Exception e) {
            return told(command.getClass().getSimpleName(), e, err);
        }
    }

    private static CommandLine commandLine(Callable<Integer> command, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(command);
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false); // @ begins the name of a question (--sql), not a file of arguments
        Completion.offerBy(line);
        CommandLine.IExecutionStrategy strategy = line.getExecutionStrategy();
        line.setExecutionStrategy(parsed -> {
            // our own words alone, which a terminal may show in bold
            Integer helped = CommandLine.executeHelpRequest(parsed);
            line.setOut(Printable.on(out));
            if (helped != null) {
                return helped;
            }
            Optional<String> refusal = BadValue.empty(parsed);
            refusal.ifPresent(sentence -> err.println(name(line) + ": " + sentence));
            return refusal.isPresent() ? Exit.USAGE : strategy.execute(parsed);
        });
        line.setParameterExceptionHandler((e, a) -> {
            String sentence = BadValue.of(e).orElseGet(() -> e.getMessage() + " (see --help)");
            err.println(name(e.getCommandLine()) + ": " + sentence);
            return Exit.USAGE;
        });
        line.setExecutionExceptionHandler((e, at, parsed) -> told(name(at), e, err));
        return line;
    }

    /** @return the exit code */
    private static int told(String name, Throwable e, PrintWriter err) {
        if (e instanceof Failure known) {
            err.println(name + ": " + known.getMessage());
            return known.exitCode();
        }
        Optional<String> cause = e instanceof PlainFile.Refused file
                ? Optional.of(file.getMessage())
                : Why.thread(e)
                        .or(() -> Why.memory(e)
                                .map(refused -> "the database has no more memory (" + refused
                                        + "): see that ulimit -v and the memory of the container leave this process"
                                        + " 600 MB, and that SOAK_DIR/tmp, where it spills, can be written and has"
                                        + " room; then run it again. No evidence has changed."));
        if (cause.isPresent()) {
            err.println(name + ": " + cause.get());
            return Exit.FAILED;
        }
        List<Path> broken = OwnBuild.broken();
        if (!broken.isEmpty()) {
            err.println(name + ": the program is not whole ("
                    + broken.stream().map(Path::toString).collect(Collectors.joining(", "))
                    + ", missing or damaged): of a frozen build, setup.java SOAK_DIR --upgrade puts it back, or restore"
                    + " SOAK_DIR/bin from a copy");
            return Exit.NO_PROGRAM;
        }
        boolean ofAFile = e instanceof IOException || e instanceof UncheckedIOException;
        err.println(name + ": "
                + (ofAFile
                        ? "a file or connection could not be used (" + Why.of((Exception) e, null)
                                + "): see that this user may"
                                + " use it, and that the disk has room; the stack trace says where"
                        : "an unknown failure; its stack trace follows"));
        e.printStackTrace(err);
        return Exit.FAILED;
    }

    /** @param lead how the lines begin that get the time before them */
    private record Stamp(String lead, BooleanSupplier wanted) {
        static final Stamp NONE = new Stamp("", () -> false);
    }

    private static final class Dated extends PrintWriter {
        private final Stamp stamp;

        Dated(PrintWriter out, Stamp stamp) {
            super(out, true);
            this.stamp = stamp;
        }

        @Override
        public void println(String line) {
            boolean dated = line.startsWith(stamp.lead) && stamp.wanted.getAsBoolean();
            super.println(dated ? Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + line : line);
        }
    }

    private static String name(CommandLine line) {
        return line.getCommandSpec().qualifiedName();
    }
}
