package soak;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * config.env: shell-sourceable {@code KEY=value} lines (contract, section 2). The file alone counts once it is written;
 * a key that it lacks has the default of {@link #DEFAULTS}, so that a file of the bash scripts is read alike.
 */
public final class Config {
  private static final int LISTING_REQUEST_TIMEOUTS = 10;
  /** Every key with a fixed default. Keys whose default depends on the folder are written by setup. */
  public static final Map<String, String> DEFAULTS;

  static {
    Map<String, String> d = new LinkedHashMap<>();
    d.put("SOAK_ID", "soak-val12");
    d.put("SOAK_STARTED_AT", "");
    d.put("SOAK_DAYS", "30");
    d.put("ROUND_INTERVAL_SECONDS", "1800");
    d.put("PLANS_PER_ROUND", "10");
    d.put("PLAN_ID_PREFIX", "soak");
    d.put("CP_URL", "http://127.0.0.1:19000");
    d.put("CP_METRICS_URL", "http://127.0.0.1:19100/metrics");
    d.put("CP_TLS_CA", "");
    d.put("CP_TLS_CERT", "");
    d.put("CP_TLS_KEY", "");
    d.put("CP_HEADERS_FILE", "");
    d.put("CP_CLI_ENV", "AUTONOMY_TLS_CA=ca AUTONOMY_TLS_CERT=cert AUTONOMY_TLS_KEY=key AUTONOMY_HEADERS_FILE=headers");
    d.put("CP_MODE", "embedded");
    d.put("CP_COMMAND", "");
    d.put("CP_LIST_KEY", "");
    d.put("CP_STUCK_KEY", "");
    d.put("CP_ID_KEY", "");
    d.put("CP_PAGING", "auto");
    d.put("CP_CURSOR_FIELD", "");
    d.put("CP_CURSOR_PARAM", "cursor");
    d.put("CP_START_TIMEOUT_SECONDS", "10");
    d.put("CP_RESTART_TIMEOUT_SECONDS", "30");
    d.put("AUTONOMY_CLI", "");
    d.put("AUTONOMY_OPERATOR", "soak-val12");
    d.put("AUTONOMY_AUDIT_DIR", "");
    d.put("AUTONOMY_RBAC_ENFORCEMENT", "0");
    d.put("STUCK_THRESHOLD_SECONDS", "3600");
    d.put("RECOVERY_STRATEGY", "retry");
    d.put("RECOVERY_REASON", "soak-auto-recovery");
    d.put("RECOVERY_PARALLELISM", "4");
    d.put("RECOVERY_BUDGET_SECONDS", "600");
    d.put("RECOVERY_TIMEOUT_SECONDS", "60");
    d.put("RECOVERY_DRILL_EVERY", "0");
    d.put("RECOVER_FOREIGN", "no");
    d.put("REQUEST_TIMEOUT_SECONDS", "30");
    d.put("TARGET_PLAN_COUNT", "100");
    d.put("TARGET_P99_MS", "500");
    d.put("TARGET_ROLLBACK_RATE", "0.990");
    d.put("TARGET_UPTIME_PCT", "99.9");
    d.put("TARGET_TOTAL_CREATES", "4000");
    d.put("TARGET_COVERAGE_PCT", "95");
    d.put("WARN_DAILY_P99_MS", "1000");
    d.put("ALERT_CONSECUTIVE", "3");
    d.put("ALERT_COMMAND", "");
    d.put("PING_URL", "");
    DEFAULTS = Collections.unmodifiableMap(d);
  }

  /** What decides verdicts: each round records it, so that an edit in the middle of a soak is seen (contract, section 3). */
  public static final List<String> VERDICT_KEYS = List.of("SOAK_ID", "SOAK_STARTED_AT", "SOAK_DAYS", "ROUND_INTERVAL_SECONDS", "PLANS_PER_ROUND",
      "TARGET_PLAN_COUNT", "TARGET_P99_MS", "TARGET_ROLLBACK_RATE", "TARGET_UPTIME_PCT", "TARGET_TOTAL_CREATES", "TARGET_COVERAGE_PCT");

  /** A month with a round each second has 2.6 million; ten years of half hours 175,000. */
  private static final int MOST_SLOTS = 3_000_000;
  private static final Pattern ASSIGNMENT = Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  private static final Pattern CLI_VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=(ca|cert|key|headers|bearer|header:[A-Za-z0-9-]+)");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)\\}");

  private static final Pattern DOTTED = Pattern.compile("|[^.\\s].*[^.\\s]|[^.\\s]");
  private static final List<String> PAGINGS = List.of("auto", "cursor", "link", "offset", "page", "none");

  private final SoakDir dir;
  private final Map<String, String> values;

  private Config(SoakDir dir, Map<String, String> values) {
    this.dir = dir;
    this.values = values;
  }

  /** @throws Failure exit 64 naming file, line number and text of the first broken line or value */
  public static Config read(SoakDir dir) {
    Path file = dir.config();
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Failure.usage(file + " cannot be read (" + e + "): it must be UTF-8 text that this user may read");
    }
    if (text.startsWith("\uFEFF")) {
      throw Failure.usage(file + " begins with a byte order mark, which no shell reads: save it as UTF-8 without one");
    }
    return parse(dir, text);
  }

  /** The text of a config.env, wherever it comes from; failures name the file of {@code dir}. */
  public static Config parse(SoakDir dir, String text) {
    Path file = dir.config();
    Map<String, String> values = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      Matcher m = ASSIGNMENT.matcher(line);
      String value = m.matches() ? unquote(m.group(2).stripTrailing()) : null;
      if (value == null) {
        throw Failure.usage(file + " line " + (i + 1) + " is not KEY=value, as a shell would read it: " + Secrets.masked("CP_COMMAND", secretLine(line)));
      }
      values.put(m.group(1), value);
    }
    return of(dir, values);
  }

  /** The text of a config.env that is to be shown, with the number of lines in which something is masked; every other line stays as it is. */
  public static Secrets.Masked masked(String text, Secrets secrets) {
    StringBuilder masked = new StringBuilder();
    int lines = 0;
    for (String line : text.split("(?<=\n)")) {
      Matcher m = ASSIGNMENT.matcher(line.stripTrailing());
      String value = m.matches() ? unquote(m.group(2).stripTrailing()) : null;
      String shown = value == null ? secrets.scanned(line, true).text() : secrets.shown(m.group(1), value);
      boolean same = shown.equals(value == null ? line : value);
      masked.append(same ? line : value == null ? shown : m.group(1) + "=" + ShellWords.quote(shown) + "\n");
      lines += same ? 0 : 1;
    }
    return new Secrets.Masked(masked.toString(), lines);
  }

  /** A line that cannot be read may still hold a secret. */
  private static String secretLine(String line) {
    Matcher m = ASSIGNMENT.matcher(line);
    return m.matches() && Secrets.isSecret(m.group(1)) ? m.group(1) + "=" + Secrets.MASK : line;
  }

  /** A configuration that is not (yet) a file; checks every value that has a type. */
  public static Config of(SoakDir dir, Map<String, String> values) {
    Config config = new Config(dir, new LinkedHashMap<>(values));
    config.check();
    return config;
  }

  /** One shell word: bare, 'single' or "double" quoted pieces; null if a shell would do more than read it. */
  private static String unquote(String raw) {
    StringBuilder value = new StringBuilder();
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == '\'') {
        int end = raw.indexOf('\'', i + 1);
        if (end < 0) {
          return null;
        }
        value.append(raw, i + 1, end);
        i = end + 1;
      } else if (c == '"') {
        i++;
        while (i < raw.length() && raw.charAt(i) != '"') {
          if (raw.charAt(i) == '\\' && i + 1 < raw.length() && "\\\"$`".indexOf(raw.charAt(i + 1)) >= 0) {
            i++;
          } else if ("$`".indexOf(raw.charAt(i)) >= 0) {
            return null; // would be expanded
          }
          value.append(raw.charAt(i++));
        }
        if (i == raw.length()) {
          return null;
        }
        i++;
      } else if (c == '\\' && i + 1 < raw.length()) {
        value.append(raw.charAt(i + 1));
        i += 2;
      } else if (c == '\\' || c == '~' && (i == 0 || raw.charAt(i - 1) == ':')) {
        return null; // a line that goes on, somebody's home
      } else if (Character.isWhitespace(c)) {
        String rest = raw.substring(i).strip();
        return rest.startsWith("#") ? value.toString() : null;
      } else if ("$`;&|<>()".indexOf(c) >= 0) {
        return null;
      } else {
        value.append(c);
        i++;
      }
    }
    return value.toString();
  }

  private void check() {
    for (String key : List.of("SOAK_DAYS", "ROUND_INTERVAL_SECONDS", "PLANS_PER_ROUND", "RECOVERY_PARALLELISM", "REQUEST_TIMEOUT_SECONDS",
        "RECOVERY_TIMEOUT_SECONDS", "CP_START_TIMEOUT_SECONDS", "CP_RESTART_TIMEOUT_SECONDS", "ALERT_CONSECUTIVE")) {
      if (integer(key) < 1) {
        throw broken(key, "a whole number of at least 1");
      }
    }
    for (String key : List.of("RECOVERY_BUDGET_SECONDS", "RECOVERY_DRILL_EVERY", "STUCK_THRESHOLD_SECONDS")) {
      if (integer(key) < 0) {
        throw broken(key, "a whole number of at least 0");
      }
    }
    if (Schedule.SECONDS_PER_DAY % intervalSeconds() != 0) {
      throw broken("ROUND_INTERVAL_SECONDS", "a divisor of 86400, so that rounds keep their places from day to day");
    }
    if ((long) integer("SOAK_DAYS") * Schedule.SECONDS_PER_DAY / intervalSeconds() > MOST_SLOTS) {
      throw broken("SOAK_DAYS", "so small that the soak has at most " + MOST_SLOTS + " slots of " + intervalSeconds() + " s");
    }
    for (String key : List.of("TARGET_PLAN_COUNT", "TARGET_P99_MS", "TARGET_ROLLBACK_RATE", "TARGET_UPTIME_PCT", "TARGET_TOTAL_CREATES", "TARGET_COVERAGE_PCT", "WARN_DAILY_P99_MS")) {
      decimal(key);
    }
    if (decimal("TARGET_ROLLBACK_RATE") > 1) {
      throw broken("TARGET_ROLLBACK_RATE", "a rate from 0 to 1, such as 0.990");
    }
    for (String key : List.of("TARGET_UPTIME_PCT", "TARGET_COVERAGE_PCT")) {
      if (decimal(key) > 100) {
        throw broken(key, "a percentage from 0 to 100, such as " + DEFAULTS.get(key));
      }
    }
    if (!List.of("embedded", "external", "attached").contains(cpMode())) {
      throw broken("CP_MODE", "embedded, external or attached");
    }
    if (!List.of("yes", "no").contains(get("RECOVER_FOREIGN"))) {
      throw broken("RECOVER_FOREIGN", "yes or no");
    }
    if (!PAGINGS.contains(paging())) {
      throw broken("CP_PAGING", "one of " + String.join(", ", PAGINGS));
    }
    for (String key : List.of("CP_CURSOR_FIELD", "CP_ID_KEY")) {
      if (!DOTTED.matcher(get(key)).matches()) {
        throw broken(key, "a field's name, or a dotted path to it such as pagination.next_cursor");
      }
    }
    if (!get("SOAK_STARTED_AT").isEmpty()) {
      startedAt();
    }
    cliVariables();
    for (String key : List.of("CP_URL", "CP_METRICS_URL")) {
      if (!isUrl(get(key)) || key.equals("CP_URL") && get(key).matches(".*[?#].*")) { // paths are put behind CP_URL
        throw broken(key, "an http:// or https:// URL with a host and, if any, a port from 1 to 65535 (CP_URL without a query); user, password and tokens belong into CP_HEADERS_FILE");
      }
    }
  }

  /** A slip of the pen in CP_URL must not look like a control plane that hangs: that one would be ended. */
  public static boolean isUrl(String text) {
    if (!text.matches("https?://[^/\\s]+(/\\S*)?")) {
      return false;
    }
    try {
      URI url = new URI(text);
      return url.getHost() != null && (url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65535)) && url.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private Failure broken(String key, String wanted) {
    return Failure.usage(dir.config() + ": " + key + "=" + Secrets.masked("CP_COMMAND", get(key)) + " must be " + wanted);
  }

  /** The value as text; the default where the file has none; "" for a key that nobody knows. */
  public String get(String key) {
    String value = values.get(key);
    return value != null ? value : DEFAULTS.getOrDefault(key, "");
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Everything that counts: the defaults, then what the file says, unknown keys included. */
  public Map<String, String> effective() {
    Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
    all.putAll(values);
    return all;
  }

  /** The values of {@link #VERDICT_KEYS}, as text: 0.990 stays 0.990. */
  public Map<String, String> verdictSettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    VERDICT_KEYS.forEach(key -> settings.put(key, get(key)));
    return settings;
  }

  private int integer(String key) {
    try {
      return Integer.parseInt(get(key));
    } catch (NumberFormatException e) {
      throw broken(key, "a whole number");
    }
  }

  /** Plain decimals alone: what Java would also read, 0.99d or 0x1p-1, SQL would not. */
  private double decimal(String key) {
    if (!DECIMAL.matcher(get(key)).matches()) {
      throw broken(key, "a plain decimal number such as 0.990");
    }
    return Double.parseDouble(get(key));
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
    try {
      return Instant.parse(get("SOAK_STARTED_AT"));
    } catch (DateTimeParseException e) {
      throw broken("SOAK_STARTED_AT", "an RFC 3339 instant in UTC such as 2026-10-01T00:00:00Z");
    }
  }

  public Schedule schedule() {
    return new Schedule(startedAt(), intervalSeconds(), days());
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
    return get(key).isEmpty() ? Optional.empty() : Optional.of(dir.root().resolve(get(key)).normalize());
  }

  /** The variables by which the CLI is told of TLS and headers: name, and what it is to hold (contract, section 2). */
  public Map<String, String> cliVariables() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String pair : get("CP_CLI_ENV").strip().split("\\s+")) {
      if (CLI_VARIABLE.matcher(pair).matches()) {
        variables.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      } else if (!pair.isEmpty()) {
        throw broken("CP_CLI_ENV", "NAME=SOURCE, separated by spaces, with a SOURCE of ca, cert, key, headers, bearer or header:NAME");
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
    return PLACEHOLDER.matcher(get("CP_COMMAND")).replaceAll(m -> Matcher.quoteReplacement(
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
    return get("CP_CURSOR_PARAM").isBlank() ? DEFAULTS.get("CP_CURSOR_PARAM") : get("CP_CURSOR_PARAM");
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
    return get("AUTONOMY_AUDIT_DIR").isEmpty() ? dir.auditStore() : dir.root().resolve(get("AUTONOMY_AUDIT_DIR"));
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

  public double targetPlanCount() {
    return decimal("TARGET_PLAN_COUNT");
  }

  public double targetP99Ms() {
    return decimal("TARGET_P99_MS");
  }

  public int alertConsecutive() {
    return integer("ALERT_CONSECUTIVE");
  }

  /** Run once per new alert line, the line on its stdin; empty = none. */
  public String alertCommand() {
    return get("ALERT_COMMAND");
  }

  /** The dead man's switch that each round pings; empty = none. Unchecked here: a slip in it must not end a soak's rounds. */
  public String pingUrl() {
    return get("PING_URL");
  }

  /** True if any evidence made under this file is a rehearsal's (contract, section 4 "Verdict words"). */
  public boolean rehearsal() {
    return get("SOAK_REHEARSAL").equals("true");
  }

  /** The file's text: one {@code KEY=value} a line, quoted where needed. */
  public String render() {
    List<String> lines = new ArrayList<>();
    values.forEach((key, value) -> lines.add(key + "=" + (value.isEmpty() ? "" : ShellWords.quote(value))));
    return String.join("\n", lines) + "\n";
  }
}
