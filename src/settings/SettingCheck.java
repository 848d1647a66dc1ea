package settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import soak.Schedule;

/**
 * What a value of config.env may be.
 *
 * @param wanted what it must be, in words; empty where any text will do
 */
public record SettingCheck(String wanted, List<String> words, Predicate<String> accepts) {
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    /** What Java and SQL read alike: to SQL a t or z in small letters, and the second 60, is no time. */
    private static final Pattern RFC_3339 = Pattern.compile(
            "\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d" + "(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private static final Pattern CLI_VARIABLE =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=(ca|cert|key|headers|bearer|header:[A-Za-z0-9-]+)");
    private static final Pattern DOTTED = Pattern.compile("|[^.\\s].*[^.\\s]|[^.\\s]");
    private static final String URL =
            "a URL that begins with http:// or https:// in small letters, with a host (a name, or all four"
                    + " numbers of an address) and, if any, a port from 1 to 65535";
    private static final String NO_SECRETS = "; user, password and tokens belong in CP_HEADERS_FILE";

    static final SettingCheck TEXT = new SettingCheck("", value -> true);
    static final SettingCheck INSTANT = new SettingCheck(
            "an RFC 3339 instant in UTC such as 2026-10-01T00:00:00Z, with T and Z in capitals and no leap second",
            value -> value.isEmpty() || isInstant(value));
    static final SettingCheck INTERVAL = new SettingCheck(
            "a divisor of " + Schedule.SECONDS_PER_DAY + ", so that rounds keep their places from day to day",
            value -> isWhole(value, 1) && Schedule.SECONDS_PER_DAY % Integer.parseInt(value) == 0);
    static final SettingCheck FIELD = new SettingCheck(
            "a field's name or dotted path (pagination.next_cursor)",
            value -> DOTTED.matcher(value).matches());
    /** Paths are put behind it. */
    static final SettingCheck BASE_URL = new SettingCheck(
            URL + ", and without a query" + NO_SECRETS, value -> isUrl(value) && !value.matches(".*[?#].*"));

    static final SettingCheck FULL_URL = new SettingCheck(URL + NO_SECRETS, SettingCheck::isUrl);
    static final SettingCheck CLI_VARIABLES = new SettingCheck(
            "NAME=SOURCE, separated by spaces, with a SOURCE of ca, cert, key, headers, bearer or header:NAME",
            value -> value.isBlank()
                    || List.of(value.strip().split("\\s+")).stream()
                            .allMatch(pair -> CLI_VARIABLE.matcher(pair).matches()));

    private SettingCheck(String wanted, Predicate<String> accepts) {
        this(wanted, List.of(), accepts);
    }

    static SettingCheck whole(int least) {
        return new SettingCheck("a whole number of at least " + least, value -> isWhole(value, least));
    }

    /** Of what fills a round: far above any real value, and far below what a slip of the pen makes endless. */
    static SettingCheck whole(int least, int most) {
        return new SettingCheck(
                "a whole number from " + least + " to " + most,
                value -> isWhole(value, least) && Integer.parseInt(value) <= most);
    }

    /** For how long anything within a round may take: no round has more than a day. */
    static SettingCheck seconds(int least) {
        return whole(least, Schedule.SECONDS_PER_DAY);
    }

    /** Plain decimals alone: what Java would also read, 0.99d or 0x1p-1, SQL would not. */
    static SettingCheck decimal() {
        return new SettingCheck(
                "a plain decimal number such as 0.990",
                value -> DECIMAL.matcher(value).matches());
    }

    static SettingCheck decimalTo(int most, String what, String example) {
        return new SettingCheck(
                what + " from 0 to " + most + ", a plain decimal number such as " + example,
                value -> DECIMAL.matcher(value).matches() && Double.parseDouble(value) <= most);
    }

    static SettingCheck oneOf(String... words) {
        List<String> all = List.of(words);
        return new SettingCheck(
                String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.get(all.size() - 1),
                all,
                all::contains);
    }

    /** In the digits that SQL and a shell read too: Java knows those of every script. */
    private static boolean isWhole(String value, int least) {
        try {
            return WHOLE.matcher(value).matches() && Integer.parseInt(value) >= least;
        } catch (NumberFormatException none) {
            return false;
        }
    }

    private static boolean isInstant(String value) {
        try {
            return RFC_3339.matcher(value).matches() && isOfCalendar(Instant.parse(value));
        } catch (DateTimeException none) {
            return false;
        }
    }

    /** Java's instants reach a billion years farther than those of SQL and the four digits of a round's folder. */
    public static boolean isOfCalendar(Instant at) {
        int year = at.atOffset(ZoneOffset.UTC).getYear();
        return year >= 1 && year < 9_999;
    }

    /** A slip of the pen in CP_URL must not look like a control plane that hangs: that one would be ended. */
    public static boolean isUrl(String text) {
        if (!text.matches("https?://[^/\\s]+(/\\S*)?")) {
            return false;
        }
        try {
            URI url = new URI(text);
            return url.getHost() != null
                    && (url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65535))
                    && url.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
