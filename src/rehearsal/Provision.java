package rehearsal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import provision.Templates;
import soak.Config;
import soak.Durable;
import soak.Failure;
import soak.SoakDir;

/** What setup.java does for a soak, for a rehearsal: the folder and its config.env, or what an interrupted one left there. */
final class Provision {
  /** What a rehearsal's config.env has other than the defaults. In parallel, the order of the recoveries' lines would be chance. */
  static final Map<String, String> SETTINGS = Map.of("RECOVERY_PARALLELISM", "1", "RECOVERY_DRILL_EVERY", "4");
  static final String SCENARIO = "REHEARSAL_SCENARIO";
  static final String SEED = "REHEARSAL_SEED";
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000; // below what kernels hand out by themselves
  private static final int TRIES = 100;

  private Provision() {}

  /** Whether the folder holds a rehearsal already; one that holds anything else is refused. */
  static boolean begun(SoakDir dir) throws IOException {
    if (Files.exists(dir.config())) {
      if (!Config.read(dir).rehearsal()) {
        throw Failure.usage(dir.root() + " holds a soak that is no rehearsal: give another folder");
      }
      return true;
    }
    if (Files.exists(dir.root()) && (!Files.isDirectory(dir.root()) || !Folders.children(dir.root()).isEmpty())) {
      throw Failure.usage(dir.root() + " is not empty and holds no rehearsal: give another folder");
    }
    return false;
  }

  static void create(SoakDir dir, Scenario scenario, long seed, Instant firstRound) throws IOException {
    for (Path folder : new Path[] {dir.cpData(), dir.auditStore(), dir.rounds(), dir.daily(), dir.checkpoints()}) {
      Files.createDirectories(folder);
    }
    Durable.write(dir.planTemplate(), Templates.PLAN);
    Durable.write(dir.drillTemplate(), Templates.DRILL);
    Durable.write(scenario(dir), scenario.toJson());
    Durable.write(dir.config(), "# Written by rehearse.java: this is no evidence of a control plane, time was a virtual one.\n" + config(dir, scenario, seed, firstRound).render());
  }

  /** What goes wrong in the rehearsal of this folder, as a scenario file. */
  static Path scenario(SoakDir dir) {
    return dir.root().resolve("rehearsal-scenario.json");
  }

  private static Config config(SoakDir dir, Scenario scenario, long seed, Instant firstRound) {
    Map<String, String> values = new LinkedHashMap<>(Config.DEFAULTS);
    String host = "127." + (1 + Math.floorMod(seed, 250)) + ".12.1";
    int port = freePort(host, seed, scenario.name());
    values.put("SOAK_STARTED_AT", firstRound.truncatedTo(ChronoUnit.SECONDS).toString());
    values.put("SOAK_DAYS", Integer.toString(scenario.days()));
    values.put("ROUND_INTERVAL_SECONDS", Integer.toString(scenario.intervalSeconds()));
    values.put("CP_URL", "http://" + host + ":" + port);
    values.put("CP_METRICS_URL", "http://" + host + ":" + (port + 1) + "/metrics");
    values.put("CP_COMMAND", "controlplane.java serve --listen {listen} --metrics-listen {metrics_listen} --data-dir {data_dir}");
    values.put("AUTONOMY_CLI", "controlplane.java");
    values.putAll(SETTINGS);
    values.putAll(scenario.config());
    values.put("SOAK_REHEARSAL", "true");
    values.put(SCENARIO, scenario.name());
    values.put(SEED, Long.toString(seed));
    return Config.of(dir, values);
  }

  /** The same for the same seed and scenario, so that the same rehearsal writes the same config.env, unless it is taken. */
  private static int freePort(String host, long seed, String name) {
    RandomGenerator random = Stage.random(seed, name.hashCode());
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST_PORT + 2 * random.nextInt(PORTS / 2);
      if (free(host, port) && free(host, port + 1)) {
        return port;
      }
    }
    throw Failure.failed("no free pair of ports found on " + host + " from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS) + ": is this address of the loopback network usable here?");
  }

  private static boolean free(String host, int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
