package settings;

import static settings.Setting.Rests.DECIDES;
import static settings.Setting.Rests.HIGHER_ASKS_LESS;
import static settings.Setting.Rests.LOWER_ASKS_LESS;
import static settings.Setting.Rests.NOTHING;
import static settings.Setting.Rests.TELLS_WHOSE;
import static settings.Setting.Trait.ADDRESS_IS_SECRET;
import static settings.Setting.Trait.IN_NAMES;
import static settings.Setting.Trait.MAY_HOLD_SECRETS;
import static settings.Setting.Trait.NAMES_A_FILE;
import static settings.Setting.Trait.NOT_FROM_ENVIRONMENT;
import static settings.Setting.Trait.OPEN;
import static settings.SettingCheck.BASE_URL;
import static settings.SettingCheck.CLI_VARIABLES;
import static settings.SettingCheck.FIELD;
import static settings.SettingCheck.FULL_URL;
import static settings.SettingCheck.INSTANT;
import static settings.SettingCheck.INTERVAL;
import static settings.SettingCheck.TEXT;
import static settings.SettingCheck.decimal;
import static settings.SettingCheck.decimalTo;
import static settings.SettingCheck.oneOf;
import static settings.SettingCheck.seconds;
import static settings.SettingCheck.whole;

import base.EditDistance;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of config.env, in the order in which setup writes them: the one place that knows a key's default, what its
 * value must be, what it means, and what rests on it. A test holds the table of contract, section 2, against it.
 *
 * <p>A default that the plan gives is the plan's value. Where a default depends on the folder (CP_COMMAND,
 * AUTONOMY_CLI, AUTONOMY_AUDIT_DIR) or on what is there (RECOVERY_DRILL_EVERY), setup writes another.
 */
public enum Setting {
    SOAK_ID("soak-val12", TEXT, TELLS_WHOSE, "the soak's name", IN_NAMES, OPEN),
    /** An earlier soak's start must not slip in from a shell that has sourced its config.env. */
    SOAK_STARTED_AT(
            "", INSTANT, DECIDES, "when the soak began, in whole seconds; setup writes it", NOT_FROM_ENVIRONMENT),
    SOAK_DAYS("30", whole(1), LOWER_ASKS_LESS, "how long the soak lasts"),
    ROUND_INTERVAL_SECONDS("1800", INTERVAL, HIGHER_ASKS_LESS, "seconds from one round to the next"),
    PLANS_PER_ROUND("10", whole(1, 10_000), LOWER_ASKS_LESS, "creates in each round"),
    PLAN_ID_PREFIX(
            "soak",
            TEXT,
            NOTHING,
            "ids are `PREFIX-<unix_ts>-01…`; setup takes SOAK_ID where that is not its default",
            IN_NAMES,
            OPEN),
    CP_URL("http://127.0.0.1:19000", BASE_URL, NOTHING, "the control plane", MAY_HOLD_SECRETS, OPEN),
    CP_METRICS_URL("http://127.0.0.1:19100/metrics", FULL_URL, NOTHING, "its metrics", MAY_HOLD_SECRETS, OPEN),
    CP_TLS_CA("", TEXT, NOTHING, "a PEM file for https: the CAs to trust in place of Java's own", NAMES_A_FILE),
    CP_TLS_CERT("", TEXT, NOTHING, "a PEM file for https: the client certificate, followed by its chain", NAMES_A_FILE),
    CP_TLS_KEY(
            "",
            TEXT,
            NOTHING,
            "a PEM file for https: the certificate's key (PKCS#8, PKCS#1 or SEC1, without a passphrase)",
            NAMES_A_FILE),
    CP_HEADERS_FILE(
            "",
            TEXT,
            NOTHING,
            "a file with headers for every request, one `Name: value` a line, mode 600; see below",
            NAMES_A_FILE),
    CP_CLI_ENV(
            "AUTONOMY_TLS_CA=ca AUTONOMY_TLS_CERT=cert AUTONOMY_TLS_KEY=key AUTONOMY_HEADERS_FILE=headers",
            CLI_VARIABLES,
            NOTHING,
            "the environment variables that pass TLS and headers to the CLI: `ca`, `cert`, `key`, `headers` are the"
                    + " files' names, `bearer` the token of Authorization, `header:NAME` a header's value"),
    CP_MODE(
            "embedded",
            oneOf("embedded", "external", "attached"),
            NOTHING,
            "`external`: the soak starts it; `attached`: someone else runs it",
            OPEN),
    CP_COMMAND(
            "",
            TEXT,
            NOTHING,
            "the start command, which stays in the foreground; `{listen}`, `{metrics_listen}`, `{data_dir}`,"
                    + " `{audit_dir}` are filled in",
            MAY_HOLD_SECRETS),
    CP_LIST_KEY(
            "",
            TEXT,
            NOTHING,
            "dotted path of the array of plans in a listing, if the tool cannot find it by itself (section 5)"),
    CP_STUCK_KEY("", TEXT, NOTHING, "the same in a stuck scan"),
    CP_ID_KEY(
            "",
            FIELD,
            NOTHING,
            "dotted path of the field of a listed plan, and of a create's answer, that holds the plan's id, if the tool"
                    + " cannot find it by itself (section 5)"),
    CP_PAGING(
            "auto",
            oneOf("auto", "cursor", "link", "offset", "page", "none"),
            NOTHING,
            "how lists are paged (section 5)"),
    CP_CURSOR_FIELD(
            "",
            FIELD,
            NOTHING,
            "dotted path of the field that leads to the next page, if the tool cannot find it by itself"),
    CP_CURSOR_PARAM(
            "cursor",
            TEXT,
            NOTHING,
            "the query parameter for what that field holds (with `offset` and `page`: for the number)"),
    CP_START_TIMEOUT_SECONDS(
            "10",
            seconds(1),
            NOTHING,
            "how long setup waits for the control plane; the limit of the check of the first setup stays the same"),
    CP_RESTART_TIMEOUT_SECONDS(
            "30", seconds(1), NOTHING, "how long a round waits for a control plane that it restarted"),
    AUTONOMY_CLI(
            "",
            TEXT,
            NOTHING,
            "the program of the recovery command; every AUTONOMY_ key is exported to it and to the control plane",
            MAY_HOLD_SECRETS),
    AUTONOMY_OPERATOR("soak-val12", TEXT, NOTHING, "the operator in whose name it recovers", OPEN),
    AUTONOMY_AUDIT_DIR("", TEXT, NOTHING, "where it writes its audit records"),
    AUTONOMY_RBAC_ENFORCEMENT("0", TEXT, NOTHING, "whether it checks who may recover"),
    /** Whether a plan that was just made can be retried shows nothing of one that got stuck. */
    STUCK_THRESHOLD_SECONDS("3600", whole(0), LOWER_ASKS_LESS, "the age from which the stuck scan reports a plan"),
    RECOVERY_STRATEGY("retry", TEXT, NOTHING, "the recovery command's `--strategy`", OPEN),
    RECOVERY_REASON("soak-auto-recovery", TEXT, NOTHING, "its `--reason`", OPEN),
    RECOVERY_PARALLELISM("4", whole(1, 1_000), NOTHING, "how many recoveries run at a time"),
    RECOVERY_BUDGET_SECONDS("600", seconds(0), NOTHING, "the time after which a round starts no further recovery"),
    RECOVERY_TIMEOUT_SECONDS("60", seconds(1), NOTHING, "how long one recovery may take"),
    RECOVERY_DRILL_EVERY(
            "0", whole(0), NOTHING, "once in so many rounds the last plan is a drill, which gets stuck; 0: never"),
    RECOVER_FOREIGN(
            "no",
            oneOf("yes", "no"),
            NOTHING,
            "`no`: rounds recover only plans that this soak made (by plan-ids.txt of its rounds; for a round without"
                    + " one, by prefix and second). `yes`: rounds recover every stuck plan, and it counts"),
    REQUEST_TIMEOUT_SECONDS("30", seconds(1), NOTHING, "for each complete HTTP exchange"),
    TARGET_PLAN_COUNT("100", decimal(), LOWER_ASKS_LESS, "plans in the store at once"),
    TARGET_P99_MS("500", decimal(), HIGHER_ASKS_LESS, "p99 of a round's creates"),
    TARGET_ROLLBACK_RATE("0.990", decimalTo(1, "a rate", "0.990"), LOWER_ASKS_LESS, "share of recoveries that succeed"),
    TARGET_UPTIME_PCT(
            "99.9",
            decimalTo(100, "a percentage", "99.9"),
            LOWER_ASKS_LESS,
            "share of rounds that find the control plane healthy"),
    TARGET_TOTAL_CREATES("4000", decimal(), LOWER_ASKS_LESS, "creates in the whole soak"),
    TARGET_COVERAGE_PCT(
            "95",
            decimalTo(100, "a percentage", "95"),
            LOWER_ASKS_LESS,
            "the percentage of slots that must have a round, and of healthy rounds that must have a set check"),
    WARN_DAILY_P99_MS("1000", decimal(), NOTHING, "the p99 of a day above which a daily report raises a warning"),
    ALERT_CONSECUTIVE(
            "3",
            whole(1),
            NOTHING,
            "the number of consecutive rounds from which a streak raises an alert; daily_stuck_rounds needs more"),
    ALERT_COMMAND(
            "",
            TEXT,
            NOTHING,
            "run by `sh -c` once per new alert line, the line on its stdin",
            MAY_HOLD_SECRETS,
            ADDRESS_IS_SECRET),
    /** Unchecked, but by setup: a slip in it must not end a soak's rounds. */
    PING_URL(
            "",
            TEXT,
            NOTHING,
            "the dead man's switch that each round pings, see below",
            MAY_HOLD_SECRETS,
            ADDRESS_IS_SECRET),
    HEAD_COMMAND(
            "",
            TEXT,
            NOTHING,
            "run by `sh -c` once a UTC date, `round_id sha256` of a round's head on its stdin (section 8)",
            MAY_HOLD_SECRETS,
            ADDRESS_IS_SECRET),
    /** Unchecked, but by setup, as above. */
    TSA_URL(
            "",
            TEXT,
            NOTHING,
            "the RFC 3161 time-stamping authority that stamps a round's head once a UTC date (section 8)",
            MAY_HOLD_SECRETS);

    /** What of the verdicts rests on a setting. Which checks those are, each check's own file tells. */
    public enum Rests {
        NOTHING,
        TELLS_WHOSE,
        DECIDES,
        LOWER_ASKS_LESS,
        HIGHER_ASKS_LESS
    }

    /** What else must be known of a key. */
    public enum Trait {
        /** Becomes part of file names and plan ids. */
        IN_NAMES,
        NOT_FROM_ENVIRONMENT,
        NAMES_A_FILE,
        /** Of our own keys, these alone can hold a secret: what stands in the others is named by it or is a figure. */
        MAY_HOLD_SECRETS,
        /** A command or URL whose address is known to nobody else: whoever has it can ping, or post. */
        ADDRESS_IS_SECRET,
        /** Its words are compared, counted or named by every file of evidence: none of them can be kept secret. */
        OPEN
    }

    /** Every key with its default, in their order. */
    static final Map<String, String> DEFAULTS;

    static {
        Map<String, String> defaults = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(setting -> defaults.put(setting.name(), setting.standard));
        DEFAULTS = Collections.unmodifiableMap(defaults);
    }

    private static final int LETTERS_A_SLIP = 5;

    private final String standard;
    private final SettingCheck check;
    private final Rests rests;
    private final String meaning;
    private final List<Trait> traits;

    Setting(String standard, SettingCheck check, Rests rests, String meaning, Trait... traits) {
        this.standard = standard;
        this.check = check;
        this.rests = rests;
        this.meaning = meaning;
        this.traits = List.of(traits);
    }

    /** The value where config.env has none. */
    public String standard() {
        return standard;
    }

    /** What a value must be, in words; empty where any text will do. */
    public String wanted() {
        return check.wanted();
    }

    /** The words of which a value must be one; empty where it may be another. */
    public List<String> words() {
        return check.words();
    }

    public String meaning() {
        return meaning;
    }

    public boolean accepts(String value) {
        return check.accepts().test(value);
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether each round records it, so that an edit in the middle of a soak is seen, and a round of another soak. */
    public boolean isRecorded() {
        return rests != NOTHING;
    }

    public boolean decidesVerdicts() {
        return isRecorded() && rests != TELLS_WHOSE;
    }

    /** On which side of the plan's value less is asked for, or seen: lower, higher, or null. */
    public String laxer() {
        return rests == LOWER_ASKS_LESS ? "lower" : rests == HIGHER_ASKS_LESS ? "higher" : null;
    }

    public static boolean isKey(String name) {
        return DEFAULTS.containsKey(name);
    }

    /**
     * The key that may have been meant by {@code name}, which is none: few letters away for its length (SOAK_DIR, which
     * scripts use, is no SOAK_ID), or begun by it.
     */
    static Optional<Setting> meantBy(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return isKey(name)
                ? Optional.empty()
                : Arrays.stream(values())
                        .filter(setting ->
                                EditDistance.between(upper, setting.name()) <= upper.length() / LETTERS_A_SLIP
                                        || upper.contains("_") && setting.name().startsWith(upper + "_"))
                        .min(Comparator.comparingInt(setting -> EditDistance.between(upper, setting.name())));
    }

    /** Whether {@code name} is a key of ours with this trait. */
    public static boolean is(String name, Trait trait) {
        return isKey(name) && valueOf(name).is(trait);
    }

    public static Stream<Setting> with(Trait trait) {
        return Arrays.stream(values()).filter(setting -> setting.is(trait));
    }
}
