package soak;

import java.util.regex.Pattern;

/** Quoting for the POSIX shell, one word at a time. */
public final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,+{}-]*");

    private ShellWords() {}

    /** As it stands where that is safe, else in single quotes (contract, section 2). */
    public static String quote(String word) {
        return PLAIN.matcher(word).matches() && !word.isEmpty() ? word : quoted(word);
    }

    /** A line of config.env: an empty value stands without quotes. */
    public static String assignment(String key, String value) {
        return key + "=" + (value.isEmpty() ? "" : quote(value));
    }

    /** Always in single quotes. */
    public static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
