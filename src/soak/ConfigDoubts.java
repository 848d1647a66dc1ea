package soak;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an edit of config.env by hand may have missed: no program fails on it, and the edit changes nothing. Keys that
 * resemble none of ours are another program's.
 */
public final class ConfigDoubts {
    private ConfigDoubts() {}

    /** @return a sentence each; none where the file cannot be read, which whoever reads it next tells */
    public static List<String> of(SoakDir dir) {
        List<String> keys;
        try {
            keys = ConfigText.keys(PlainFile.text(dir.config()));
        } catch (IOException unreadable) {
            return List.of();
        }
        Set<String> seen = new TreeSet<>();
        Set<String> repeated = new LinkedHashSet<>();
        keys.stream().filter(key -> !seen.add(key)).forEach(repeated::add);
        return Stream.concat(
                        seen.stream().flatMap(ConfigDoubts::misspelt),
                        repeated.stream()
                                .map(key -> key + " is set in more than one line, and the last one counts: remove the"
                                        + " others"))
                .map(doubt -> dir.config() + ": " + doubt)
                .toList();
    }

    private static Stream<String> misspelt(String key) {
        return Setting.meantBy(key).stream()
                .map(meant -> key + " is no setting, and no program reads it: if " + meant
                        + " was meant, it has not changed; correct the name");
    }
}
