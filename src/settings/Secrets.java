package settings;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of config.env nobody else may read (contract, section 2 "Secrets"): the values of keys that are named as secrets
 * are, and what stands in commands and URLs as one. Wherever such a value turns up again, a mark that names its key
 * takes its place.
 */
public final class Secrets {
    /** In the place of a secret that no key names, and of a value in config.env itself. */
    public static final String MASK = "[masked]";
    /** Shorter ones are no secrets, and might be any word. */
    public static final int SHORTEST = 8;

    private static final String WORDS = "token|secret(?:[_-]?key)?|pass(?:word|wd|phrase)"
            + "|(?:api|private|access|signing|encryption|master|shared|session|ssh|hmac)[_-]?key"
            + "|cookie|credentials?|authorization";
    private static final Pattern SECRET_KEY =
            Pattern.compile("(?i)(?:.*_)?(?:[A-Z0-9]*(?:" + WORDS + ")S?|pass|pwd)(?:_.*)?");
    /** Such a key may as well hold a word, such as none. */
    private static final Pattern MAY_BE_SECRET = Pattern.compile("(?i)(?:.*_)?[A-Z0-9]*auth(?:entication)?(?:_.*)?");
    /** What a key speaks of in place of holding it: AUTONOMY_TOKEN_FILE, API_KEY_TTL_SECONDS. */
    private static final Pattern ABOUT_A_SECRET =
            Pattern.compile("(?i).*_(?:file|path|dir|url|uri|ttl|seconds|name|mode|type|method|enabled|enforcement)");

    private static final String NO_SECRET = "(?!\\[(?:masked|[A-Z0-9_]+ of )|[-/{$])";
    private static final String BARE = NO_SECRET + "[^\\s\"'\\\\,;&<>|]+";
    private static final Pattern OPTION = Pattern.compile("(?i)(?<![\\w-])(--?(?:[a-z0-9_-]*[-_])?(?:" + WORDS
            + "|pass|auth))(=|\\s+)(\"[^\"]{2,}\"|'[^']{2,}'|" + BARE + ")");
    /** curl's way. */
    private static final Pattern USER_OPTION = Pattern.compile(
            "(?<![\\w-])((?:-u|--user)(?:=|\\s*)[\"']?[^\\s\"':]+:)(?!\\d+(?:[\\s\"']|$))(" + BARE + ")");

    private static final String NAMED = "(?i)(" + WORDS + ")";
    private static final Pattern ASSIGNMENT =
            Pattern.compile(NAMED + "(\\\\?\"\\s*:\\s*\\\\?\"|=[\"']?)(?:(?:Bearer|Basic|Token)\\s+)?(" + BARE + ")");
    /** A word behind the colon tells what became of the token. */
    private static final Pattern FIELD = Pattern.compile(NAMED + "(\\s*[=:]\\s*[\"']?)(?:(?:Bearer|Basic|Token)\\s+)?("
            + NO_SECRET + "(?=[^\\s\"']{0,15}\\d|[^\\s\"']{16})" + BARE + ")");

    private static final Pattern USER_INFO = Pattern.compile(
            "(?i)((?<![a-z0-9+.-])[a-z0-9+.-]++://)([^/\\s:@\"'\\\\]*:)?([^/\\s:@\"'\\\\\\[\\]]+)(?=@)");
    private static final Pattern BEARER =
            Pattern.compile("(?i)(\\bBearer\\s+)((?=[A-Za-z]*[0-9._~+/=-]|[A-Za-z]{20})[A-Za-z0-9._~+/=-]{8,})");
    private static final Pattern BASIC = Pattern.compile("(\\bBasic\\s+)([A-Za-z0-9+/]{12,}={0,2})");
    private static final Pattern KNOWN_TOKENS = Pattern.compile(
            "()(\\beyJ[A-Za-z0-9_-]{6,4096}+\\.[A-Za-z0-9_-]{6,}(?:\\.[A-Za-z0-9_-]*)?|\\bgh[pousr]_[A-Za-z0-9]{20,}"
                    + "|\\bgithub_pat_\\w{20,}|\\bglpat-[\\w-]{16,}|\\bxox[abeprs]-[A-Za-z0-9-]{10,}"
                    + "|\\bAKIA[0-9A-Z]{16}|\\bhvs\\.[\\w-]{20,})");
    private static final String IN_KEY = "[A-Za-z0-9+/=:,\\s\\\\]{0,20000}+";
    private static final String BREAK = "(?=[\\s\\\\])\\s{0,40}+(?:\\\\[rn]){0,4}+\\s{0,40}+";
    /** With its END line, or cut: then as far as whole lines of base64 go. */
    private static final Pattern PRIVATE_KEY = Pattern.compile("()(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:" + IN_KEY
            + "(?:-(?!----)" + IN_KEY + "){0,20}-----END [A-Z0-9 ]*PRIVATE KEY-----" + "|(?:" + BREAK
            + "[A-Za-z0-9+/=]{16,}+(?=[\\s\\\\\"]|$)){0,200}))");

    /** An address that is no URL, for a slip in its scheme: what of it is secret cannot be told. */
    private static final Pattern NO_URL = Pattern.compile("(?i)^()((?!https?://)\\S+)$");

    private static final Pattern URL_PATH = Pattern.compile("(?i)(https?://[^/\\s\"']+/)([^\\s\"']+)");
    private static final List<Pattern> EVERYWHERE = List.of(PRIVATE_KEY, KNOWN_TOKENS, BEARER, USER_INFO);
    private static final List<Pattern> PRINTED =
            List.of(PRIVATE_KEY, KNOWN_TOKENS, BEARER, USER_INFO, BASIC, OPTION, USER_OPTION, ASSIGNMENT, FIELD);
    private static final Pattern WEBHOOK = Pattern.compile("(?i)(?:.*_)?(?:WEB)?HOOKS?(?:_.*)?");

    /** Where no value is known to be one. */
    public static final Secrets NONE = new Secrets(List.of());

    /** A text with its secrets masked, and in how many places. */
    public record Masked(String text, int places) {}

    private record Value(String text, String mark) {}

    private final List<Value> values;

    private Secrets(List<Value> values) {
        this.values = values;
    }

    /** @param more values of other files, such as headers, each with the mark that takes its place */
    public static Secrets of(Config config, Map<String, String> more) {
        Map<String, String> found = new LinkedHashMap<>();
        more.forEach((value, mark) -> add(found, value, mark));
        config.effective().forEach((key, value) -> {
            String mark = "[" + key + " of config.env]";
            if (isSecret(key)
                    && (!MAY_BE_SECRET.matcher(key).matches()
                            || SECRET_KEY.matcher(key).matches()
                            || !isWord(value))) {
                add(found, value, mark);
            }
            for (Pattern pattern : patterns(key)) {
                pattern.matcher(value)
                        .results()
                        .forEach(m -> userInfo(pattern, m).forEach(secret -> add(found, secret, mark)));
            }
        });
        String open = String.join(
                "\n",
                Setting.with(Setting.Trait.OPEN)
                        .map(key -> masked(key.name(), config.get(key.name())))
                        .toList());
        List<Value> values = new ArrayList<>();
        found.forEach((text, mark) -> {
            if (!open.contains(text)) {
                values.add(new Value(text, mark));
            }
        });
        values.sort(
                Comparator.comparingInt((Value v) -> v.text.length()).reversed().thenComparing(Value::text));
        return new Secrets(values);
    }

    public static Secrets of(Config config) {
        return of(config, Map.of());
    }

    /** The secret of a match; of user and password in a URL also both together, as a Basic header holds them. */
    private static Stream<String> userInfo(Pattern pattern, MatchResult match) {
        String secret = match.group(match.groupCount()).replaceFirst("^([\"'])(.*)\\1$", "$2");
        if (pattern != USER_INFO || match.group(2) == null) {
            return Stream.of(secret);
        }
        return Stream.of(
                secret, Base64.getEncoder().encodeToString((match.group(2) + secret).getBytes(StandardCharsets.UTF_8)));
    }

    private static void add(Map<String, String> found, String text, String mark) {
        String value = text.strip();
        // A number may be any figure of the evidence, and the name of a file is no secret.
        if (value.length() >= SHORTEST && !value.matches("[\\d.]+|\\.{0,2}(?:/[\\w. -]+){2,}")) {
            for (String spelling : Spellings.of(value)) {
                found.putIfAbsent(spelling, mark);
                found.putIfAbsent(
                        new String(spelling.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                        mark); // as bytes are looked at
            }
        }
    }

    /** Whether a key of config.env is named as a secret is; our own keys name files, or hold what is no secret. */
    public static boolean isSecret(String key) {
        return !Setting.isKey(key)
                && (SECRET_KEY.matcher(key).matches()
                        || MAY_BE_SECRET.matcher(key).matches())
                && !ABOUT_A_SECRET.matcher(key).matches();
    }

    private static boolean isWord(String value) {
        return value.matches("[a-z]{1,15}|[A-Z]{1,15}|[A-Z][a-z]{1,14}");
    }

    private static List<Pattern> patterns(String key) {
        if (Setting.isKey(key) && !Setting.is(key, Setting.Trait.MAY_HOLD_SECRETS)) {
            return List.of();
        }
        List<Pattern> patterns = new ArrayList<>(PRINTED);
        if (Setting.is(key, Setting.Trait.ADDRESS_IS_SECRET)) {
            patterns.add(NO_URL);
        }
        if (Setting.is(key, Setting.Trait.ADDRESS_IS_SECRET)
                || WEBHOOK.matcher(key).matches()) {
            patterns.add(URL_PATH);
        }
        return patterns;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** A value of config.env as it may be shown. */
    public String shown(String key, String value) {
        if (isSecret(key) && !value.isEmpty()) {
            return MASK;
        }
        if (patterns(key).isEmpty()) {
            return value;
        }
        Masked masked = new Masked(value, 0);
        for (Pattern pattern : patterns(key)) {
            masked = masked(pattern, masked);
        }
        return masked(masked.text).text;
    }

    /** A command, or what one printed, without what looks like a secret in it. */
    public static String masked(String key, String command) {
        return NONE.shown(key, command);
    }

    /** A text without whatever has the shape of a secret, as an archive masks what commands printed. */
    public static String withoutShapes(String text) {
        return NONE.scanned(text, true).text();
    }

    /** The text with a mark, which names the key, in the place of each value of config.env that is a secret. */
    public Masked masked(String text) {
        String masked = text;
        int places = 0;
        for (Value value : values) {
            int before = places;
            for (int at = masked.indexOf(value.text);
                    at >= 0;
                    at = masked.indexOf(value.text, at + value.text.length())) {
                places++;
            }
            masked = places > before ? masked.replace(value.text, value.mark) : masked;
        }
        return new Masked(masked, places);
    }

    /**
     * The same array where nothing is to be masked; each byte is a character of ISO-8859-1 and back, so that nothing
     * else changes.
     */
    public byte[] masked(byte[] raw) {
        if (isEmpty()) {
            return raw;
        }
        Masked masked = masked(new String(raw, StandardCharsets.ISO_8859_1));
        return masked.places == 0 ? raw : masked.text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Besides, whatever has the shape of a token or of a private key; in what commands print, also what is called a
     * secret.
     */
    public Masked scanned(String text, boolean printed) {
        Masked masked = masked(text);
        for (Pattern pattern : printed ? PRINTED : EVERYWHERE) {
            masked = masked(pattern, masked);
        }
        return masked;
    }

    /** The last group is the secret; what stands before it stays. */
    private static Masked masked(Pattern pattern, Masked so) {
        Matcher matcher = pattern.matcher(so.text);
        if (!matcher.find()) {
            return so;
        }
        int places = so.places;
        StringBuilder text = new StringBuilder();
        int end = 0;
        do {
            int from = matcher.start(matcher.groupCount());
            if (so.text.startsWith(MASK, from) || from == matcher.end(matcher.groupCount())) {
                continue;
            }
            text.append(so.text, end, from).append(MASK);
            end = matcher.end(matcher.groupCount());
            places++;
        } while (matcher.find());
        return new Masked(text.append(so.text, end, so.text.length()).toString(), places);
    }
}
