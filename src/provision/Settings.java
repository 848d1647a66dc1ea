package provision;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.Config;
import soak.Failure;
import soak.ShellWords;
import soak.SoakDir;

/**
 * What config.env is to say: defaults, then the environment (at the first setup alone), then the options.
 *
 * @param dir the soak
 * @param environment of the process; its PATH makes programs absolute, for cron has another
 * @param asked keys and values that options ask for, {@code --set} included
 * @param options what asked for a key, for messages
 */
public record Settings(SoakDir dir, Map<String, String> environment, Map<String, String> asked, Map<String, String> options, boolean drillTemplate) {
  /** An earlier soak's start must not slip in from a shell that has sourced its config.env. */
  private static final Set<String> NEVER_FROM_ENVIRONMENT = Set.of("SOAK_STARTED_AT");

  /** A first word that a shell would take as it stands. */
  private static final Pattern PLAIN_PROGRAM = Pattern.compile("\\s*([A-Za-z0-9_./:@,+-]+)(\\s.*|)", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\]):([0-9]{1,5})");
  private static final int LAST_PORT = 65_535;

  /** How often the recovery drill makes a plan that gets stuck: one recovery every two hours at the plan's interval. */
  private static final String DRILL_EVERY = "4";

  /** Collects what options ask for, and refuses two that contradict each other. */
  public static final class Asked {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    public Asked put(String option, String key, String value) {
      if (value == null) {
        return this;
      }
      if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
        throw Failure.usage(option + ": the value of " + key + " has a line break, which config.env cannot hold");
      }
      String before = values.putIfAbsent(key, value);
      if (before != null && !before.equals(value)) {
        throw Failure.usage(options.get(key) + " and " + option + " contradict each other: " + key + " is " + before + " by one and " + value + " by the other");
      }
      options.putIfAbsent(key, option);
      return this;
    }

    /** @param address HOST:PORT or null */
    public Asked listen(String option, String key, String address, String path) {
      if (address == null) {
        return this;
      }
      Matcher m = ADDRESS.matcher(address);
      if (!m.matches() || Integer.parseInt(m.group(2)) < 1 || Integer.parseInt(m.group(2)) > LAST_PORT) {
        throw Failure.usage(option + " " + address + " is not HOST:PORT, such as 127.0.0.1:19000");
      }
      return put(option, key, "http://" + address + path);
    }

    public Settings settings(SoakDir dir, Map<String, String> environment, boolean drillTemplate) {
      return new Settings(dir, environment, values, options, drillTemplate);
    }
  }

  /** For a folder without a config.env. */
  public Config first() {
    Map<String, String> known = fromEnvironment();
    known.putAll(asked);
    makeProgramsAbsolute(known);
    return completed(known);
  }

  /**
   * For a folder that has one: what it says stays; keys that it lacks are added. A file that no setup of ours wrote
   * (it has no CP_MODE) is completed as at a first setup.
   *
   * @throws Failure exit 64 if an option contradicts the file: a running soak must not change under its evidence
   */
  public Config resumed(Config present) {
    boolean ours = present.has("CP_MODE");
    Map<String, String> known = ours ? new LinkedHashMap<>() : fromEnvironment();
    known.putAll(asked);
    makeProgramsAbsolute(known);
    for (String key : asked.keySet()) {
      String value = known.get(key);
      if (present.has(key) && !(present.get(key).isEmpty() && key.equals("SOAK_STARTED_AT")) && !present.get(key).equals(value)) {
        throw Failure.usage(options.get(key) + " asks for " + key + "=" + value + ", but this soak has " + key + "=" + present.get(key)
            + ": a resume changes nothing; edit " + dir.config() + " if you mean it");
      }
    }
    Config.DEFAULTS.keySet().stream().filter(present::has).forEach(key -> known.put(key, present.get(key)));
    present.effective().forEach((key, value) -> {
      if (!Config.DEFAULTS.containsKey(key)) {
        known.put(key, value);
      }
    });
    if (!ours && !known.containsKey("CP_MODE") && known.getOrDefault("CP_COMMAND", "").isEmpty()) {
      throw Failure.usage(dir.config() + " does not say which control plane this soak runs against: give --cp-command \"CMD …\" (started by the soak), "
          + "--attach (someone else runs it), or --set CP_MODE=embedded");
    }
    return completed(known);
  }

  private Map<String, String> fromEnvironment() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : Config.DEFAULTS.keySet()) {
      String value = environment.get(key);
      if (value != null && !NEVER_FROM_ENVIRONMENT.contains(key)) {
        values.put(key, value);
      }
    }
    return values;
  }

  private Config completed(Map<String, String> known) {
    String command = known.getOrDefault("CP_COMMAND", "");
    String mode = known.computeIfAbsent("CP_MODE", key -> command.isEmpty() ? "embedded" : "external");
    if (mode.equals("attached") && !command.isEmpty()) {
      throw Failure.usage("--attach leaves the control plane to someone else, CP_COMMAND (" + command + ") starts one: give one of them");
    }
    if (mode.equals("external") && command.isEmpty()) {
      throw Failure.usage("CP_MODE=external needs the start command: give --cp-command \"CMD …\"");
    }
    if (command.isEmpty() && mode.equals("embedded")) {
      known.put("CP_COMMAND", embeddedCommand());
    }
    if (known.getOrDefault("AUTONOMY_CLI", "").isEmpty()) {
      known.put("AUTONOMY_CLI", embeddedProgram().toString());
    }
    String audit = known.getOrDefault("AUTONOMY_AUDIT_DIR", "");
    known.put("AUTONOMY_AUDIT_DIR", audit.isEmpty() ? dir.auditStore().toString() : Path.of(audit).toAbsolutePath().toString());
    boolean drills = mode.equals("embedded") || drillTemplate || Files.exists(dir.drillTemplate());
    known.putIfAbsent("RECOVERY_DRILL_EVERY", drills ? DRILL_EVERY : "0");
    if (!drills && !known.get("RECOVERY_DRILL_EVERY").equals("0")) {
      throw Failure.usage("RECOVERY_DRILL_EVERY=" + known.get("RECOVERY_DRILL_EVERY") + " needs a plan that gets stuck: give it by --drill-template FILE, or set 0");
    }
    Map<String, String> all = new LinkedHashMap<>();
    Config.DEFAULTS.forEach((key, standard) -> all.put(key, known.getOrDefault(key, standard)));
    known.forEach(all::putIfAbsent);
    Config config = checked(all);
    for (String key : List.of("SOAK_ID", "PLAN_ID_PREFIX")) {
      if (!NAME.matcher(config.get(key)).matches()) {
        throw Failure.usage(key + "=" + config.get(key) + " becomes part of file names and plan ids: use letters, digits, dot, dash and underscore");
      }
    }
    if (!config.pingUrl().isEmpty() && !Config.isUrl(config.pingUrl())) {
      throw Failure.usage("PING_URL must be an http:// or https:// URL, such as the one that healthchecks.io gives to a check");
    }
    if (!config.attached() && config.cpUrl().equals(config.metricsUrl().replaceAll("/metrics$", ""))) {
      throw Failure.usage("CP_URL and CP_METRICS_URL are both " + config.cpUrl() + ": the metrics have a listener of their own");
    }
    return config;
  }

  /** What an option asks for is told by the option: a first setup has no config.env yet to look into. */
  private Config checked(Map<String, String> all) {
    try {
      return Config.of(dir, all);
    } catch (Failure wrong) {
      String message = wrong.getMessage();
      for (String key : asked.keySet()) {
        String start = dir.config() + ": " + key + "=";
        if (message.startsWith(start)) {
          String option = options.get(key).equals("--set") ? "--set " + key + "=" : options.get(key) + " ";
          throw Failure.usage(option + message.substring(start.length()));
        }
      }
      throw wrong;
    }
  }

  /** Keys that were given by {@code --set} and that nothing reads: kept, since other programs may, but it may be a slip. */
  public List<String> unknown() {
    return asked.keySet().stream().filter(key -> options.get(key).equals("--set") && !Config.DEFAULTS.containsKey(key) && !key.startsWith("AUTONOMY_")).toList();
  }

  private Path embeddedProgram() {
    return dir.bin().resolve("controlplane");
  }

  private String embeddedCommand() {
    return ShellWords.quote(embeddedProgram().toString()) + " serve --listen {listen} --metrics-listen {metrics_listen} --data-dir {data_dir}";
  }

  /** Cron has another PATH and another working directory than the person who runs setup. */
  private void makeProgramsAbsolute(Map<String, String> values) {
    values.computeIfPresent("AUTONOMY_CLI", (key, program) -> program.isEmpty() ? program : absolute(program));
    values.computeIfPresent("CP_COMMAND", (key, command) -> {
      Matcher m = PLAIN_PROGRAM.matcher(command);
      return m.matches() ? ShellWords.quote(absolute(m.group(1))) + m.group(2) : command;
    });
  }

  private String absolute(String program) {
    if (program.contains("/")) {
      return Path.of(program).toAbsolutePath().normalize().toString();
    }
    return Doctor.find(program, environment.get("PATH")).map(Path::toString).orElse(program);
  }

  /**
   * The text of config.env: a new one whole; an existing one byte for byte, with the missing keys at its end.
   *
   * @param present the file's text, or null
   */
  public static String text(String present, Config complete) {
    if (present == null) {
      return "# Written by setup; read by all commands, and by any shell. The environment does not override it.\n" + complete.render();
    }
    List<String> missing = new ArrayList<>();
    Config before = Config.parse(complete.dir(), present);
    complete.effective().forEach((key, value) -> {
      if (!before.has(key)) {
        missing.add(line(key, value));
      }
    });
    if (missing.isEmpty()) {
      return present;
    }
    return present + (present.isEmpty() || present.endsWith("\n") ? "" : "\n") + String.join("\n", missing) + "\n";
  }

  /** The file's text with one key set, in its own place if the file has it. */
  public static String withValue(String text, String key, String value) {
    Matcher m = Pattern.compile("(?m)^\\s*(?:export\\s+)?" + Pattern.quote(key) + "=.*$").matcher(text);
    return m.find() ? m.replaceFirst(Matcher.quoteReplacement(line(key, value))) : text + (text.endsWith("\n") ? "" : "\n") + line(key, value) + "\n";
  }

  private static String line(String key, String value) {
    return key + "=" + (value.isEmpty() ? "" : ShellWords.quote(value));
  }
}
