package provision;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import process.Listeners;
import soak.Cli;
import soak.Config;
import soak.Failure;
import soak.SoakDir;

/** What must be true of host and folder before anything is written; each finding is one sentence with its remedy. */
public final class Doctor {
  private static final Path MEMORY_MAP = Path.of("/proc/self/maps");

  private Doctor() {}

  /** Java runs already and is new enough, or this class would not have been loaded. */
  public static void checkHost(String searchPath) {
    if (find("setsid", searchPath).isEmpty()) {
      throw Failure.failed("there is no setsid on PATH: the control plane could not outlive its starter; install util-linux");
    }
    try (Stream<String> mapped = Files.lines(MEMORY_MAP, StandardCharsets.ISO_8859_1)) {
      if (mapped.anyMatch(line -> line.contains("/ld-musl"))) {
        throw Failure.failed("this Java runs on musl, and the reports' database needs glibc: use a JDK on a glibc distribution");
      }
    } catch (IOException noProc) {
      // not Linux: cp.pid could not tell a recycled pid, but that is the control plane's to say
    }
  }

  /** The folder's name works everywhere it will stand. */
  public static void checkName(SoakDir dir) {
    String name = dir.root().toString();
    Cli.requireReadableFileNames(name);
    if (name.indexOf(':') >= 0) {
      throw Failure.usage("SOAK_DIR " + name + " has a colon in its name, which Java takes for the end of a class path entry: choose a name without one");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw Failure.usage("SOAK_DIR " + name.replaceAll("\\p{Cntrl}", "?") + " has a control character in its name, which no crontab can hold: choose another name");
    }
    if (Files.exists(dir.root()) && !Files.isDirectory(dir.root())) {
      throw Failure.usage("SOAK_DIR " + dir.root() + " is a file, not a folder: give the name of a new folder, or of a soak's");
    }
  }

  /** This user may write into the folder. Creates it. */
  public static void checkFolder(SoakDir dir) {
    try {
      Files.createDirectories(dir.root());
      Files.delete(Files.createTempFile(dir.root(), "setup-", ".tmp"));
    } catch (IOException e) {
      throw Failure.usage("SOAK_DIR " + dir.root() + " cannot be written by " + System.getProperty("user.name") + " (" + e + "): give a folder that can, or change its rights");
    }
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
        throw Failure.failed("port " + port + " (" + key + ") is taken by another process, " + place.holderInWords() + ": end it (ss -ltnp 'sport = :" + port + "' lists it), or "
            + (Files.exists(config.dir().config()) ? "change " + key + " in " + config.dir().config() : "choose another by " + (key.equals("CP_URL") ? "--listen" : "--metrics-listen")));
      }
    }
  }

  /** The CLI that recovers stuck plans can be run; the frozen one is there by construction. */
  public static void checkCli(Config config) {
    Path cli = Path.of(config.cli());
    if (!cli.startsWith(config.dir().bin()) && (Files.isDirectory(cli) || !Files.isExecutable(cli))) {
      throw Failure.usage("AUTONOMY_CLI " + cli + " is not a program that " + System.getProperty("user.name") + " may run: "
          + (Files.exists(config.dir().config()) ? "correct it in " + config.dir().config() : "give the autonomy binary by --cli PATH"));
    }
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
