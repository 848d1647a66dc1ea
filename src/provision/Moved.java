package provision;

import base.Failure;
import base.ShellWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import process.ProcessIdentity;
import settings.Config;
import settings.Traces;
import soak.SoakDir;

/**
 * A folder that was moved since its first setup, as setup-summary.txt tells.
 *
 * @param from where it stood
 */
public record Moved(SoakDir dir, Path from) {
    /** @return empty also where a soak stands in the old place: that folder was copied, and is nobody's to touch */
    public static Optional<Moved> of(SoakDir dir) {
        return new Traces(dir)
                .madeAt()
                .filter(from -> !from.equals(dir.root()) && !Files.exists(new SoakDir(from).config()))
                .map(from -> new Moved(dir, from));
    }

    /**
     * @throws Failure exit 64 if config.env still names the old place: all keys at once, for each alone would cost a
     *     round
     */
    public void requireFollowing(Config config) {
        List<String> stale = config.effective().entrySet().stream()
                .filter(entry -> entry.getValue().contains(from + "/"))
                .map(Map.Entry::getKey)
                .toList();
        if (!stale.isEmpty()) {
            throw Failure.usage("SOAK_DIR was moved from " + from + " to " + dir.root() + ", and " + listed(stale)
                    + " in " + dir.config() + " still name" + (stale.size() == 1 ? "s" : "")
                    + " the old folder: write the new one there (sed -i 's|" + from + "/|" + dir.root() + "/|g' "
                    + ShellWords.quote(dir.config().toString()) + "), then run this again");
        }
    }

    /** Whether a process was told of the old folder when it was started: it goes on writing there. */
    public boolean isNamedBy(long pid) {
        try {
            return Files.readString(ProcessIdentity.folder(pid).resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .contains(new String((from + "/").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return false;
        }
    }

    private static String listed(List<String> keys) {
        return keys.size() == 1
                ? keys.get(0)
                : String.join(", ", keys.subList(0, keys.size() - 1)) + " and " + keys.get(keys.size() - 1);
    }
}
