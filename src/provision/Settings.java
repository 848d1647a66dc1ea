package provision;

import base.Failure;
import base.ShellWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import settings.Config;
import settings.Secrets;
import settings.Setting;
import settings.SettingCheck;
import soak.SoakDir;

/**
 * What config.env is to say: defaults, then the environment (at the first setup alone), then the options.
 *
 * @param dir the soak
 * @param environment of the process; its PATH makes programs absolute, for cron has another
 * @param asked keys and values that options ask for, {@code --set} included
 * @param options what asked for a key, for messages
 */
public record Settings(
        SoakDir dir,
        Map<String, String> environment,
        Map<String, String> asked,
        Map<String, String> options,
        boolean drillTemplate) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** The frozen control plane, which is its own CLI. */
    private static final String EMBEDDED = "controlplane";

    /**
     * How often the recovery drill makes a plan that gets stuck: one recovery every two hours at the plan's interval.
     */
    private static final String DRILL_EVERY = "4";

    /** For a folder without a config.env. */
    public Config first() {
        Map<String, String> known = fromEnvironment();
        known.putAll(asked);
        known.replaceAll(this::fixed);
        requireAddresses(known);
        String soakId = known.getOrDefault("SOAK_ID", "");
        if (!soakId.isEmpty() && !soakId.equals(Setting.SOAK_ID.standard())) {
            // two soaks on one control plane must not make the same ids in the same second
            known.putIfAbsent("PLAN_ID_PREFIX", soakId);
        }
        return completed(known);
    }

    /**
     * The default addresses are those of a soak on this machine: an attached one must not take another soak's by
     * silence.
     */
    private static void requireAddresses(Map<String, String> known) {
        if (!known.getOrDefault("CP_MODE", "").equals("attached")) {
            return;
        }
        if (known.getOrDefault("CP_URL", "").isEmpty()) {
            throw Failure.usage(
                    "--attach needs the address of the control plane that someone else runs: give --listen HOST:PORT,"
                            + " or --set CP_URL=URL");
        }
        if (known.getOrDefault("CP_METRICS_URL", "").isEmpty()) {
            throw Failure.usage(
                    "--attach needs the address of that control plane's metrics: give --metrics-listen HOST:PORT, or"
                            + " --set CP_METRICS_URL=URL");
        }
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
        known.replaceAll(this::fixed);
        for (String key : asked.keySet()) {
            String value = known.get(key);
            if (present.has(key)
                    && !(present.get(key).isEmpty() && key.equals("SOAK_STARTED_AT"))
                    && !asNewlyWritten(key, present.get(key)).equals(value)) {
                throw Failure.usage(options.get(key) + " (" + key + "=" + value + ") differs from " + key + "="
                        + present.get(key) + " in " + dir.config() + "; nothing was changed. " + remedy(key));
            }
        }
        present.effective().forEach((key, value) -> {
            if (present.has(key)) {
                known.put(key, value);
            }
        });
        if (!ours
                && !known.containsKey("CP_MODE")
                && known.getOrDefault("CP_COMMAND", "").isEmpty()) {
            throw Failure.usage(dir.config()
                    + " does not say which control plane this soak runs against: give --cp-command \"CMD …\" (started"
                    + " by the soak), --attach (someone else runs it), or --set CP_MODE=embedded");
        }
        return completed(known);
    }

    /** An edit heals nothing where verdicts rest on the setting: it fails them, or makes the rounds another soak's. */
    private String remedy(String key) {
        if (!Setting.isKey(key) || !Setting.valueOf(key).isRecorded()) {
            return "To change it, edit " + key + " in that file";
        }
        return "Leave the option out, or start a new soak in another folder: an edit after the first round "
                + (Setting.valueOf(key).decidesVerdicts()
                        ? "fails the verdicts that depend on " + key
                        : "makes the rounds before it count as interrupted");
    }

    private Map<String, String> fromEnvironment() {
        Map<String, String> values = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            String value = environment.get(setting.name());
            if (value != null && !setting.is(Setting.Trait.NOT_FROM_ENVIRONMENT)) {
                values.put(setting.name(), value);
            }
        }
        return values;
    }

    private Config completed(Map<String, String> known) {
        String command = known.getOrDefault("CP_COMMAND", "");
        String mode = known.computeIfAbsent("CP_MODE", key -> command.isEmpty() ? "embedded" : "external");
        if (mode.equals("attached") && !command.isEmpty()) {
            throw Failure.usage("CP_MODE=attached (--attach) leaves the control plane to someone else, and CP_COMMAND ("
                    + Secrets.masked("CP_COMMAND", command) + ") starts one: give one of them"
                    + (Files.exists(dir.config()) ? ", and take the other out of " + dir.config() : ""));
        }
        if (mode.equals("external") && command.isEmpty()) {
            throw Failure.usage("CP_MODE=external needs the start command: give --cp-command \"CMD …\"");
        }
        if (command.isEmpty() && mode.equals("embedded")) {
            known.put("CP_COMMAND", embeddedCommand());
        }
        if (known.getOrDefault("AUTONOMY_CLI", "").isEmpty()) {
            known.put("AUTONOMY_CLI", following(dir.bin().resolve(EMBEDDED)));
        }
        if (known.getOrDefault("AUTONOMY_AUDIT_DIR", "").isEmpty()) {
            known.put("AUTONOMY_AUDIT_DIR", following(dir.auditStore()));
        }
        boolean drills = mode.equals("embedded") || drillTemplate || Files.exists(dir.drillTemplate());
        known.putIfAbsent("RECOVERY_DRILL_EVERY", drills ? DRILL_EVERY : "0");
        if (!drills && !known.get("RECOVERY_DRILL_EVERY").equals("0")) {
            throw Failure.usage("RECOVERY_DRILL_EVERY=" + known.get("RECOVERY_DRILL_EVERY")
                    + " needs a plan that gets stuck: give it by --drill-template FILE, or set 0");
        }
        Map<String, String> all = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            all.put(setting.name(), known.getOrDefault(setting.name(), setting.standard()));
        }
        known.forEach(all::putIfAbsent);
        Config config = checked(all);
        for (String key :
                Setting.with(Setting.Trait.IN_NAMES).map(Setting::name).toList()) {
            if (!NAME.matcher(config.get(key)).matches()) {
                throw Failure.usage(key + "=" + config.get(key)
                        + " becomes part of file names and plan ids: use letters, digits, dot, dash and underscore");
            }
        }
        if (!config.pingUrl().isEmpty() && !SettingCheck.isUrl(config.pingUrl())) {
            throw Failure.usage(
                    "PING_URL must be an http:// or https:// URL, such as the one that healthchecks.io gives to a"
                            + " check");
        }
        if (!config.tsaUrl().isEmpty() && !SettingCheck.isUrl(config.tsaUrl())) {
            throw Failure.usage(
                    "TSA_URL must be an http:// or https:// URL, that of a time-stamping authority (RFC 3161)");
        }
        if (!config.attached() && config.cpUrl().equals(config.metricsUrl().replaceAll("/metrics$", ""))) {
            throw Failure.usage("CP_URL and CP_METRICS_URL are both " + config.cpUrl()
                    + ": the metrics have a listener of their own");
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

    /**
     * Keys that were given by {@code --set} and that nothing reads: kept, since other programs may, but it may be a
     * slip.
     */
    public List<String> unknown() {
        return asked.keySet().stream()
                .filter(key -> options.get(key).equals("--set") && !Setting.isKey(key) && !key.startsWith("AUTONOMY_"))
                .toList();
    }

    private String embeddedCommand() {
        return ShellWords.quote(following(dir.bin().resolve(EMBEDDED)))
                + " serve --listen {listen} --metrics-listen {metrics_listen} --data-dir {data_dir}";
    }

    /**
     * What lies in SOAK_DIR is named from there, so that it follows a folder that is moved; all else by its absolute
     * name.
     */
    private String following(Path path) {
        Path normal = path.normalize();
        return normal.startsWith(dir.root()) && !normal.equals(dir.root())
                ? dir.root().relativize(normal).toString()
                : path.toString();
    }

    /**
     * Cron has another PATH and another working directory than the person who runs setup: programs get a name that
     * holds there.
     */
    private String fixed(String key, String value) {
        if (key.equals("AUTONOMY_CLI") && !value.isEmpty()) {
            return program(value);
        }
        if ((key.equals("AUTONOMY_AUDIT_DIR") || Setting.is(key, Setting.Trait.NAMES_A_FILE)) && !value.isEmpty()) {
            return following(Path.of(value).toAbsolutePath());
        }
        if (!key.equals("CP_COMMAND")) {
            return value;
        }
        StringBuilder command = new StringBuilder(value);
        List<StartCommand.Program> programs = new ArrayList<>(StartCommand.programs(value, dir.root()));
        Collections.reverse(programs); // what is replaced moves what stands behind it
        for (StartCommand.Program program : programs) {
            if (program.start() >= 0 && program.folder().equals(dir.root())) {
                command.replace(program.start(), program.end(), ShellWords.quote(program(program.name())));
            }
        }
        return command.toString();
    }

    private String program(String program) {
        if (!program.contains("/")) {
            return Doctor.find(program, environment.get("PATH"))
                    .map(this::following)
                    .orElse(program);
        }
        return following(Path.of(program).toAbsolutePath().normalize());
    }

    /** A value of config.env, whose relative paths are in SOAK_DIR, as it would be written today. */
    private String asNewlyWritten(String key, String value) {
        boolean isPath = key.equals("AUTONOMY_CLI") && value.contains("/")
                || (key.equals("AUTONOMY_AUDIT_DIR") || Setting.is(key, Setting.Trait.NAMES_A_FILE))
                        && !value.isEmpty();
        if (key.equals("CP_COMMAND")) {
            Optional<StartCommand.Program> first =
                    StartCommand.programs(value, dir.root()).stream().findFirst();
            return first.isPresent() && Path.of(first.get().name()).isAbsolute() ? fixed(key, value) : value;
        }
        return isPath ? following(dir.root().resolve(value)) : value;
    }

    /**
     * The text of config.env: a new one whole; an existing one byte for byte, with the missing keys at its end.
     *
     * @param present the file's text, or null
     */
    public static String text(String present, Config complete) {
        if (present == null) {
            return "# Written by setup; read by all commands, and by any shell. The environment does not override it.\n"
                    + complete.render();
        }
        List<String> missing = new ArrayList<>();
        Config before = Config.parse(complete.dir(), present);
        complete.effective().forEach((key, value) -> {
            if (!before.has(key)) {
                missing.add(ShellWords.assignment(key, value));
            }
        });
        if (missing.isEmpty()) {
            return present;
        }
        return present + (present.isEmpty() || present.endsWith("\n") ? "" : "\n") + String.join("\n", missing) + "\n";
    }

    /** The file's text with one key set, in its own place if the file has it. */
    public static String withValue(String text, String key, String value) {
        Matcher m = Pattern.compile("(?m)^\\s*(?:export\\s+)?" + Pattern.quote(key) + "=.*$")
                .matcher(text);
        String line = ShellWords.assignment(key, value);
        return m.find()
                ? m.replaceFirst(Matcher.quoteReplacement(line))
                : text + (text.endsWith("\n") ? "" : "\n") + line + "\n";
    }
}
