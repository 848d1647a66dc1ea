package provision;

import base.Failure;
import base.Folders;
import base.Mounts;
import base.ShellWords;
import base.ThisUser;
import base.Why;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import process.CommandRun;
import process.Interpreter;
import process.Listeners;
import settings.Config;
import settings.Secrets;
import soak.Access;
import soak.SoakDir;

/** What must be true of host and folder before anything is written; each finding is one sentence with its remedy. */
public final class Doctor {
    private static final Path MEMORY_MAP = Path.of("/proc/self/maps");
    private static final String CRON_PATH = "/usr/bin:/bin";
    private static final Duration SHELL_READS = Duration.ofMinutes(1);
    /** What a setup writes beside the frozen build, with the reserve and the first round. */
    static final long FIRST_FILES_BYTES = 4 * 1024 * 1024;

    private Doctor() {}

    /** Java runs already and is new enough, or this class would not have been loaded. */
    public static void checkHost(String searchPath) {
        if (find("setsid", searchPath).isEmpty()) {
            throw Failure.failed(
                    "there is no setsid on PATH, so the control plane would end with the command that starts it:"
                            + " install util-linux");
        }
        try (Stream<String> mapped = Files.lines(MEMORY_MAP, StandardCharsets.ISO_8859_1)) {
            if (mapped.anyMatch(line -> line.contains("/ld-musl"))) {
                throw Failure.failed(
                        "this Java runs on musl, and the reports' database needs glibc: use a JDK on a glibc"
                                + " distribution");
            }
        } catch (IOException noProc) {
            // not Linux: cp.pid could not tell a recycled pid, but that is the control plane's to say
        }
    }

    /** The folder's name works everywhere it will stand. */
    public static void checkName(SoakDir dir) {
        String name = dir.root().toString();
        Folders.requireReadableName(name);
        if (name.indexOf(':') >= 0) {
            throw Failure.usage(
                    "SOAK_DIR " + name + " has a colon in its name, which ends an entry of Java's class path: choose a"
                            + " name without one");
        }
        if (name.matches("(?s).*%(?![0-9A-Fa-f]{2}).*")) {
            throw Failure.usage(
                    "SOAK_DIR " + name + " has a % without two hexadecimal digits behind it in its name, and"
                            + " Java finds no library below such a folder: choose a name without one");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw Failure.usage("SOAK_DIR " + name.replaceAll("\\p{Cntrl}", "?")
                    + " has a control character in its name, which no crontab can hold: choose another name");
        }
        if (Files.exists(dir.root()) && !Files.isDirectory(dir.root())) {
            throw Failure.usage("SOAK_DIR " + dir.root()
                    + " is a file, not a folder: give the name of a new folder, or of a soak's");
        }
    }

    /**
     * This user may write into the folder, or make it, as far as that is known without doing it. @return where it would
     * write
     */
    public static Path requireWritable(SoakDir dir) {
        IOException fault = Access.fault(dir.root());
        if (fault != null && !(fault instanceof AccessDeniedException)) { // else the folder that is closed is named
            throw cannotBeWritten(dir, Why.of(fault, dir.root()));
        }
        Path place = Folders.existing(dir.root());
        if (Mounts.isReadOnly(place)) {
            throw cannotBeWritten(dir, "its file system is read-only");
        }
        if (!Files.isDirectory(place) || !Files.isWritable(place)) {
            throw cannotBeWritten(dir, place + (Files.isDirectory(place) ? " is not writable" : " is not a folder"));
        }
        return place;
    }

    /** Programs of the frozen build can be started in the folder, or where it would be made. */
    public static void requirePrograms(SoakDir dir) {
        Mounts.withoutPrograms(Folders.existing(dir.root())).ifPresent(mount -> {
            throw Failure.usage("SOAK_DIR " + dir.root() + " lies on a file system that is mounted noexec (" + mount
                    + "), where neither cron nor anybody else can start the programs of its frozen build: choose"
                    + " another folder, or mount it for programs too (mount -o remount,exec "
                    + ShellWords.quote(mount.toString())
                    + ", and in /etc/fstab)");
        });
    }

    /** This user may write into the folder. Creates it. */
    public static void checkFolder(SoakDir dir) throws IOException {
        try {
            Files.createDirectories(dir.root());
            Files.delete(Files.createTempFile(dir.root(), "setup-", ".tmp"));
        } catch (IOException e) {
            if (Why.isFull(e)) {
                throw e;
            }
            throw cannotBeWritten(dir, Why.of(e, dir.root()));
        }
    }

    private static Failure cannotBeWritten(SoakDir dir, String why) {
        return Failure.usage("SOAK_DIR " + dir.root() + " cannot be written by " + ThisUser.name() + " (" + why
                + "): give a folder that can, or change its rights");
    }

    /** A disk that takes nothing more is a known cause; everything else stays what it was. */
    public static Exception told(SoakDir dir, Exception e) {
        if (Why.isFull(e)) {
            return Failure.failed(
                    "the disk of SOAK_DIR " + dir.root() + " is full (" + Why.of(e, dir.root())
                            + "): free space, and run this again",
                    e);
        }
        return Why.isRefusedWrite(e)
                ? Failure.failed(
                        "a file of SOAK_DIR " + dir.root() + " cannot be written (" + Why.of(e, dir.root())
                                + "): correct that, and run this again",
                        e)
                : e;
    }

    /** Nobody else holds the control plane's ports: found out before the soak has a first setup that failed. */
    public static void checkPorts(Config config) {
        if (config.attached()) {
            return;
        }
        for (String key : new String[] {"CP_URL", "CP_METRICS_URL"}) {
            Listeners place = Listeners.at(URI.create(config.get(key)));
            if (place.staysTaken()) {
                int port = place.port();
                throw Failure.failed("port " + port + " (" + key + ") is taken by another process, "
                        + place.holderInWords() + ": end it (ss -ltnp 'sport = :" + port + "' lists it), or "
                        + (Files.exists(config.dir().config())
                                ? "change " + key + " in " + config.dir().config()
                                : "choose another by " + (key.equals("CP_URL") ? "--listen" : "--metrics-listen")));
            }
        }
    }

    /** The CLI that recovers stuck plans can be run; the frozen one is there by construction. */
    public static void checkCli(Config config) {
        Path cli = Path.of(config.cli());
        if (!cli.startsWith(config.dir().bin())) {
            requireProgram(
                    "AUTONOMY_CLI", cli, remedy(config, "AUTONOMY_CLI", "give the autonomy binary by --cli PATH"));
        }
    }

    /**
     * Whatever of CP_COMMAND can be known without running it: that a shell can read it, and that its program is there.
     *
     * @param searchPath of the person who runs setup; cron has another
     * @return a warning, null if there is none
     */
    public static String checkStartCommand(Config config, String searchPath) throws InterruptedException {
        String remedy = commandRemedy(config);
        String broken = shellObjection(config.cpCommand());
        if (broken != null) {
            throw Failure.usage("CP_COMMAND is not a command that a shell can read (" + broken + "): " + remedy);
        }
        String warning = null;
        for (StartCommand.Program program :
                StartCommand.programs(config.get("CP_COMMAND"), config.dir().root())) {
            Path file;
            if (program.name().contains("/")) {
                file = program.folder().resolve(program.name());
            } else {
                file = find(program.name(), searchPath)
                        .orElseThrow(() -> Failure.usage(
                                "CP_COMMAND: there is no program " + program.name() + " on PATH: " + remedy));
                if (find(program.name(), CRON_PATH).isEmpty()) {
                    warning = "CP_COMMAND: " + program.name() + " is on your PATH, at " + file + ", but not on cron's ("
                            + CRON_PATH + "), with which rounds restart the control plane: write " + file
                            + " in CP_COMMAND";
                }
            }
            if (!file.startsWith(config.dir().bin())) {
                requireProgram("CP_COMMAND", file, remedy);
            }
        }
        return warning;
    }

    static String commandRemedy(Config config) {
        return remedy(config, "CP_COMMAND", "correct --cp-command");
    }

    private static String remedy(Config config, String key, String option) {
        return Files.exists(config.dir().config())
                ? "correct " + key + " in " + config.dir().config()
                : option;
    }

    /** A program that is there, that this user may run, and whose interpreter, if it is a script, is there too. */
    private static void requireProgram(String key, Path program, String remedy) {
        if (Files.isDirectory(program) || !Files.isExecutable(program)) {
            throw Failure.usage(key + ": " + Secrets.masked(key, program.toString())
                    + (Files.exists(program)
                            ? " is not a program that " + ThisUser.name() + " may run"
                            : " does not exist")
                    + ": " + remedy);
        }
        Optional<String> missing = Interpreter.missing(program);
        if (missing.isPresent()) {
            throw Failure.usage(key + ": " + program + " " + missing.get() + ", or " + remedy);
        }
    }

    /** @return null where the shell takes it */
    private static String shellObjection(String command) throws InterruptedException {
        CommandRun read = CommandRun.of(List.of("/bin/sh", "-n", "-c", command), Map.of(), Path.of("/"), SHELL_READS);
        return read.exit() == 0 ? null : read.output().lines().findFirst().orElse("no words");
    }

    /** @return the absolute path of a program, as a shell with {@code searchPath} finds it */
    public static Optional<Path> find(String program, String searchPath) {
        return Stream.of((searchPath == null ? "" : searchPath).split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).toAbsolutePath().resolve(program))
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .findFirst();
    }
}
