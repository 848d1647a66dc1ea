package settings;

import base.Failure;
import base.Printable;
import base.ShellWords;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.Schedule;
import soak.SoakDir;

/**
 * config.env: shell-sourceable {@code KEY=value} lines (contract, section 2). The file alone counts once it is written;
 * a key that it lacks has the default of {@link Setting}, so that a file of the bash scripts is read alike.
 */
public final class Config {
    private static final int LISTING_REQUEST_TIMEOUTS = 10;
    /** A month with a round each second has 2.6 million; ten years of half hours 175,000. */
    private static final int MOST_SLOTS = 3_000_000;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)\\}");

    private final SoakDir dir;
    private final Map<String, String> values;

    private Config(SoakDir dir, Map<String, String> values) {
        this.dir = dir;
        this.values = values;
    }

    /** @throws Failure exit 64 naming file, line number and text of the first broken line or value */
    public static Config read(SoakDir dir) {
        return parse(dir, ConfigText.read(dir.config()));
    }

    /** The text of a config.env, wherever it comes from; failures name the file of {@code dir}. */
    public static Config parse(SoakDir dir, String text) {
        return of(dir, ConfigText.values(dir.config(), text));
    }

    /** A configuration that is not (yet) a file; checks every value that has a type. */
    public static Config of(SoakDir dir, Map<String, String> values) {
        Config config = new Config(dir, new LinkedHashMap<>(values));
        config.check();
        return config;
    }

    private void check() {
        for (Setting setting : Setting.values()) {
            if (!setting.accepts(get(setting.name()))) {
                throw broken(setting.name(), setting.wanted());
            }
        }
        if ((long) days() * Schedule.SECONDS_PER_DAY / intervalSeconds() > MOST_SLOTS) {
            throw broken(
                    "SOAK_DAYS",
                    "so small that the soak has at most " + MOST_SLOTS + " slots of " + intervalSeconds() + " s");
        }
    }

    private Failure broken(String key, String wanted) {
        String shown = Printable.visible(Secrets.masked("CP_COMMAND", get(key)));
        return Failure.usage(dir.config() + ": " + key + "=" + shown + " must be " + wanted);
    }

    /** The value as text; the default where the file has none; "" for a key that nobody knows. */
    public String get(String key) {
        String value = values.get(key);
        return value != null ? value : Setting.DEFAULTS.getOrDefault(key, "");
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Everything that counts: the defaults, then what the file says, unknown keys included. */
    public Map<String, String> effective() {
        Map<String, String> all = new LinkedHashMap<>(Setting.DEFAULTS);
        all.putAll(values);
        return all;
    }

    /** What each round records of it, as text: 0.990 stays 0.990 (contract, section 3). */
    public Map<String, String> recorded() {
        Map<String, String> settings = new LinkedHashMap<>();
        Arrays.stream(Setting.values())
                .filter(Setting::isRecorded)
                .forEach(setting -> settings.put(setting.name(), get(setting.name())));
        return settings;
    }

    /**
     * The lines of setup-summary.txt that say what a soak is begun with; name and start stand in lines of their own.
     */
    public Map<String, String> begunWith() {
        Map<String, String> lines = new LinkedHashMap<>();
        recorded().forEach((key, value) -> {
            if (!key.equals("SOAK_ID") && !key.equals("SOAK_STARTED_AT")) {
                lines.put(key.toLowerCase(Locale.ROOT), value);
            }
        });
        return lines;
    }

    private int integer(String key) {
        return Integer.parseInt(get(key));
    }

    private Duration seconds(String key) {
        return Duration.ofSeconds(integer(key));
    }

    public SoakDir dir() {
        return dir;
    }

    public String soakId() {
        return get("SOAK_ID");
    }

    /** @throws Failure exit 64 if the soak has no start yet or a broken one */
    public Instant startedAt() {
        String startedAt = get("SOAK_STARTED_AT");
        if (startedAt.isEmpty()) {
            throw Failure.usage(dir.config() + ": SOAK_STARTED_AT is empty: the soak has not begun, or the line was"
                    + " lost: run setup.java " + dir.word() + ", which begins it or restores the line from its rounds");
        }
        if (!Setting.SOAK_STARTED_AT.accepts(startedAt)) {
            throw broken("SOAK_STARTED_AT", Setting.SOAK_STARTED_AT.wanted());
        }
        return Instant.parse(startedAt);
    }

    public Schedule schedule() {
        return new Schedule(startedAt(), intervalSeconds(), days());
    }

    /** A target: config.env gives it in decimals, and verdicts compare it exactly. */
    public BigDecimal decimal(String key) {
        return new BigDecimal(get(key));
    }

    public int days() {
        return integer("SOAK_DAYS");
    }

    public int intervalSeconds() {
        return integer("ROUND_INTERVAL_SECONDS");
    }

    public int plansPerRound() {
        return integer("PLANS_PER_ROUND");
    }

    public String planIdPrefix() {
        return get("PLAN_ID_PREFIX");
    }

    /** Without a slash at its end. */
    public String cpUrl() {
        return get("CP_URL").replaceAll("/+$", "");
    }

    public String metricsUrl() {
        return get("CP_METRICS_URL");
    }

    /** A file that the key names, if it names one; a relative name is meant within SOAK_DIR. */
    public Optional<Path> file(String key) {
        return get(key).isEmpty()
                ? Optional.empty()
                : Optional.of(dir.root().resolve(get(key)).normalize());
    }

    /**
     * The variables by which the CLI is told of TLS and headers: name, and what it is to hold (contract, section 2).
     */
    public Map<String, String> cliVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String pair : get("CP_CLI_ENV").strip().split("\\s+")) {
            if (!pair.isEmpty()) {
                variables.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        return variables;
    }

    public String cpMode() {
        return get("CP_MODE");
    }

    /** A control plane that someone else runs: no PID, no restart, never signalled. */
    public boolean attached() {
        return cpMode().equals("attached");
    }

    /** The start command for a shell, its placeholders filled in as quoted words. */
    public String cpCommand() {
        Map<String, String> known = Map.of(
                "listen", authority(cpUrl()),
                "metrics_listen", authority(metricsUrl()),
                "data_dir", dir.cpData().toString(),
                "audit_dir", auditDir().toString());
        return PLACEHOLDER
                .matcher(get("CP_COMMAND"))
                .replaceAll(m -> Matcher.quoteReplacement(
                        known.containsKey(m.group(1)) ? ShellWords.quote(known.get(m.group(1))) : m.group()));
    }

    private static String authority(String url) {
        return URI.create(url).getAuthority();
    }

    public String listKey() {
        return get("CP_LIST_KEY");
    }

    public String stuckKey() {
        return get("CP_STUCK_KEY");
    }

    /** The field of a listed plan, and of a create's answer, that holds the plan's id; empty = found out. */
    public String idKey() {
        return get("CP_ID_KEY");
    }

    /** How lists are paged: auto, cursor, link, offset, page or none (contract, section 5). */
    public String paging() {
        return get("CP_PAGING");
    }

    /** The dotted path of the field that leads to the next page; empty = found out. */
    public String cursorField() {
        return get("CP_CURSOR_FIELD");
    }

    public String cursorParam() {
        return get("CP_CURSOR_PARAM").isBlank() ? Setting.CP_CURSOR_PARAM.standard() : get("CP_CURSOR_PARAM");
    }

    public Duration startTimeout() {
        return seconds("CP_START_TIMEOUT_SECONDS");
    }

    public Duration restartTimeout() {
        return seconds("CP_RESTART_TIMEOUT_SECONDS");
    }

    /** A relative name is one in SOAK_DIR, so that it follows a folder that is moved. */
    public String cli() {
        String cli = get("AUTONOMY_CLI");
        if (!cli.contains("/") || !Files.exists(dir.root().resolve(cli)) && Files.exists(Path.of(cli))) {
            return cli; // found by PATH, or, in a bash soak, from the folder that its crontab changes to
        }
        return dir.root().resolve(cli).toString();
    }

    public String operator() {
        return get("AUTONOMY_OPERATOR");
    }

    public Path auditDir() {
        return get("AUTONOMY_AUDIT_DIR").isEmpty()
                ? dir.auditStore()
                : dir.root().resolve(get("AUTONOMY_AUDIT_DIR"));
    }

    /** What the control plane and its CLI find in their environment. */
    public Map<String, String> autonomyEnvironment() {
        Map<String, String> env = new LinkedHashMap<>();
        effective().forEach((key, value) -> {
            if (key.startsWith("AUTONOMY_") && !value.isEmpty()) {
                env.put(key, value);
            }
        });
        env.computeIfPresent("AUTONOMY_CLI", (key, value) -> cli());
        env.put("AUTONOMY_AUDIT_DIR", auditDir().toString());
        return env;
    }

    public int stuckThresholdSeconds() {
        return integer("STUCK_THRESHOLD_SECONDS");
    }

    public String recoveryStrategy() {
        return get("RECOVERY_STRATEGY");
    }

    public String recoveryReason() {
        return get("RECOVERY_REASON");
    }

    public int recoveryParallelism() {
        return integer("RECOVERY_PARALLELISM");
    }

    public Duration recoveryBudget() {
        return seconds("RECOVERY_BUDGET_SECONDS");
    }

    public Duration recoveryTimeout() {
        return seconds("RECOVERY_TIMEOUT_SECONDS");
    }

    /** The last plan of every n-th round is a drill; 0 = never (contract, section 6). */
    public int recoveryDrillEvery() {
        return integer("RECOVERY_DRILL_EVERY");
    }

    /** Whether stuck plans are recovered that this soak did not make. */
    public boolean recoverForeign() {
        return get("RECOVER_FOREIGN").equals("yes");
    }

    public Duration requestTimeout() {
        return seconds("REQUEST_TIMEOUT_SECONDS");
    }

    /** For all pages of a listing together: its share of the half hour, beside ten creates and the recovery budget. */
    public Duration listingTimeout() {
        return requestTimeout().multipliedBy(LISTING_REQUEST_TIMEOUTS);
    }

    public double targetP99Ms() {
        return decimal("TARGET_P99_MS").doubleValue();
    }

    public int alertConsecutive() {
        return integer("ALERT_CONSECUTIVE");
    }

    /** Run once per new alert line, the line on its stdin; empty = none. */
    public String alertCommand() {
        return get("ALERT_COMMAND");
    }

    /**
     * The dead man's switch that each round pings; empty = none. Unchecked here: a slip in it must not end a soak's
     * rounds.
     */
    public String pingUrl() {
        return get("PING_URL");
    }

    /** Told a head once a UTC date, on its stdin; empty = none. */
    public String headCommand() {
        return get("HEAD_COMMAND");
    }

    /** The time-stamping authority; empty = none. Unchecked here, as PING_URL is. */
    public String tsaUrl() {
        return get("TSA_URL");
    }

    /** True if any evidence made under this file is a rehearsal's (contract, section 4 "Gate D"). */
    public boolean rehearsal() {
        return get("SOAK_REHEARSAL").equals("true");
    }

    /** @throws Failure exit 64 where this is a rehearsal, whose clock and control plane are its own */
    public void requireNoRehearsal(String what) {
        if (rehearsal()) {
            throw Failure.usage(dir.root() + " is the folder of a rehearsal, which has a clock and a control plane of"
                    + " its own, and " + what + " is no part of it: give the folder of a soak, or set up another one");
        }
    }

    /** The file's text: one {@code KEY=value} a line, quoted where needed. */
    public String render() {
        List<String> lines = new ArrayList<>();
        values.forEach((key, value) -> lines.add(ShellWords.assignment(key, value)));
        return String.join("\n", lines) + "\n";
    }
}
