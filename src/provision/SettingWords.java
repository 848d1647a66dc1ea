package provision;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import settings.Setting;

/**
 * What a shell may complete behind {@code --set}: each key of config.env, with each of its words where only these will
 * do.
 */
public final class SettingWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(Setting.values()).flatMap(SettingWords::of).iterator();
    }

    private static Stream<String> of(Setting setting) {
        return setting.words().isEmpty()
                ? Stream.of(setting.name() + "=")
                : setting.words().stream().map(word -> setting.name() + "=" + word);
    }
}
