package command;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Parameters;

/**
 * A command whose usual line is a folder and no option. {@link Cli} runs such a line without the option parser, whose
 * start takes as long as the JVM's own (bench/README.md).
 */
public abstract class FolderCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SOAK_DIR",
            description = "The soak's folder (default: $$SOAK_DIR, else the working directory if it has a config.env).")
    protected Path soakDir;

    protected PrintWriter out;
    protected PrintWriter err;

    /**
     * Tells it where it prints, and reads the line if that is a folder alone.
     *
     * @return whether it is; of what is no path the parser says so
     */
    final boolean takes(PrintWriter out, PrintWriter err, String... args) {
        this.out = out;
        this.err = err;
        if (args.length != 1 || args[0].isEmpty() || args[0].startsWith("-")) {
            return false;
        }
        try {
            soakDir = Path.of(args[0]);
            return true;
        } catch (InvalidPathException notOne) {
            return false;
        }
    }
}
