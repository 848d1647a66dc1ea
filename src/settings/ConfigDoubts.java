package settings;

import base.KeyedLines;
import base.PlainFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import soak.Schedule;
import soak.SoakDir;

/**
 * What an edit of config.env by hand may have missed, since no program fails on it: it changes nothing, or it fails
 * verdicts. Keys that resemble none of ours are another program's.
 */
public final class ConfigDoubts {
    private ConfigDoubts() {}

    /** @return a sentence each; none where the file cannot be read, which whoever reads it next tells */
    public static List<String> of(Config config) {
        SoakDir dir = config.dir();
        List<String> keys;
        try {
            keys = ConfigText.keys(PlainFile.text(dir.config()));
        } catch (IOException unreadable) {
            return List.of();
        }
        Set<String> seen = new TreeSet<>();
        Set<String> repeated = new LinkedHashSet<>();
        keys.stream().filter(key -> !seen.add(key)).forEach(repeated::add);
        return Stream.of(
                        seen.stream().flatMap(ConfigDoubts::misspelt),
                        repeated.stream()
                                .map(key -> key + " is set in more than one line, and the last one counts: remove the"
                                        + " others"),
                        edited(config, KeyedLines.orNone(dir.setupSummary())))
                .flatMap(doubts -> doubts)
                .map(doubt -> dir.config() + ": " + doubt)
                .toList();
    }

    /** Reports say of each edit which verdicts it fails: they also know what rounds recorded. */
    private static Stream<String> edited(Config config, Map<String, String> setUp) {
        return config.recorded().entrySet().stream().flatMap(now -> {
            String key = now.getKey();
            String before = setUp.get(key.equals("SOAK_STARTED_AT") ? "started_at" : key.toLowerCase(Locale.ROOT));
            return before == null || before.equals("n/a") || isSame(now.getValue(), before, config)
                    ? Stream.empty()
                    : Stream.of(key + " is " + now.getValue() + ", but the soak was set up with " + before
                            + ": verdicts that depend on it fail until it is restored (--type status names them)");
        });
    }

    private static boolean isSame(String now, String before, Config config) {
        try {
            return now.equals(before)
                    || Setting.SOAK_STARTED_AT.accepts(now)
                            && slotOf(now, config).equals(slotOf(before, config))
                    || new BigDecimal(now).compareTo(new BigDecimal(before)) == 0;
        } catch (NumberFormatException | DateTimeException anotherText) {
            return false;
        }
    }

    private static Instant slotOf(String start, Config config) {
        return Schedule.floor(Instant.parse(start), config.intervalSeconds());
    }

    private static Stream<String> misspelt(String key) {
        return Setting.meantBy(key).stream()
                .map(meant -> key + " is no setting, and no program reads it: if " + meant
                        + " was meant, it has not changed; correct the name");
    }
}
