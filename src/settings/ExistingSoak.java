package settings;

import base.Failure;
import base.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import soak.Access;
import soak.SoakDir;

/** The soak that a command line names. */
public final class ExistingSoak {
    private ExistingSoak() {}

    /**
     * Finds the soak folder as the contract says: the argument, else {@code $SOAK_DIR}, else the working directory if
     * it has a config.env.
     *
     * @throws Failure exit 64 if there is none, if it is a file, if it was never set up, or if its settings are gone
     */
    public static SoakDir of(Path argument) {
        Path path = argument;
        if (path == null
                && System.getenv("SOAK_DIR") != null
                && !System.getenv("SOAK_DIR").isBlank()) {
            path = Path.of(System.getenv("SOAK_DIR"));
        }
        if (path == null && Files.exists(Path.of(SoakDir.CONFIG))) {
            path = Path.of("");
        }
        if (path == null) {
            throw Failure.usage(
                    "no soak is named: give SOAK_DIR as the argument or in the environment, or run in a folder that"
                            + " has a config.env");
        }
        Folders.requireReadableName(path.toString());
        SoakDir dir = new SoakDir(path);
        Access.requireReachable(dir.root());
        if (!Files.exists(dir.root())) {
            throw Failure.usage(
                    "SOAK_DIR " + dir.root() + " does not exist: mount its disk, or name the folder to which it"
                            + " was moved; where no soak ever was, setup.java " + dir.word() + " begins one");
        }
        if (!Files.isDirectory(dir.root())) {
            throw Failure.usage(
                    "SOAK_DIR " + dir.root() + " is a file, not a folder: give the folder that setup.java created");
        }
        if (!Files.isReadable(dir.root()) || !Files.isExecutable(dir.root())) {
            throw Access.denied("SOAK_DIR " + dir.root(), dir.root());
        }
        new Traces(dir).requireSettings();
        if (!Files.exists(dir.config())) {
            throw Failure.usage("SOAK_DIR " + dir.root()
                    + " has no config.env and no soak has begun there: run setup.java " + dir.word() + " first");
        }
        return dir;
    }
}
