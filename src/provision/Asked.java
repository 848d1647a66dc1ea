package provision;

import base.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import settings.Secrets;
import soak.SoakDir;

/** Collects what options ask for, and refuses two that contradict each other. */
public final class Asked {
    private static final Pattern ADDRESS =
            Pattern.compile("(https?://)?([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\]):([0-9]{1,5})");
    private static final int LAST_PORT = 65_535;

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
            throw Failure.usage(options.get(key) + " and " + option + " contradict each other: one sets " + key + " to "
                    + before + ", the other to " + value);
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
        if (!m.matches() || Integer.parseInt(m.group(3)) < 1 || Integer.parseInt(m.group(3)) > LAST_PORT) {
            throw Failure.usage(option + " " + Secrets.masked(key, address)
                    + " is not HOST:PORT, such as 127.0.0.1:19000 or https://127.0.0.1:19000; for a URL with a path,"
                    + " --set "
                    + key + "=http://HOST:PORT/PATH in its place");
        }
        return put(option, key, (m.group(1) == null ? "http://" : "") + address + path);
    }

    /** @param pairs each KEY=VALUE, of {@code --set} */
    public Asked pairs(List<String> pairs) {
        for (String pair : pairs) {
            if (!pair.matches("(?s)[A-Za-z_][A-Za-z0-9_]*=.*")) {
                throw Failure.usage("--set " + Secrets.masked("CP_COMMAND", pair)
                        + " is not KEY=VALUE, such as --set TARGET_P99_MS=500");
            }
            int equals = pair.indexOf('=');
            put("--set", pair.substring(0, equals), pair.substring(equals + 1));
        }
        return this;
    }

    public Settings settings(SoakDir dir, Map<String, String> environment, boolean drillTemplate) {
        return new Settings(dir, environment, values, options, drillTemplate);
    }
}
