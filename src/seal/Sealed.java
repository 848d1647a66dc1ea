package seal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import settings.Config;
import settings.Secrets;
import soak.RoundFiles;
import soak.SoakDir;

/** What beside the rounds' folders is sealed: one list for those who seal and those who check. */
final class Sealed {
    private Sealed() {}

    /** Files that a user may edit while the soak runs, but for the last, which nobody may. */
    private static List<Path> settingFiles(SoakDir dir) {
        return List.of(dir.config(), dir.planTemplate(), dir.drillTemplate(), dir.setupSummary());
    }

    static List<Path> logFiles(SoakDir dir) {
        return List.of(dir.alertsLog(), dir.setupResumes());
    }

    static SortedMap<String, String> settings(SoakDir dir) {
        SortedMap<String, String> settings = new TreeMap<>();
        for (Path file : settingFiles(dir)) {
            String hash = FolderHashes.of(file);
            if (hash != null) {
                settings.put(file.getFileName().toString(), hash);
            }
        }
        return settings;
    }

    static SortedMap<String, LogPrefix> logs(SoakDir dir) throws IOException {
        SortedMap<String, LogPrefix> logs = new TreeMap<>();
        for (Path file : logFiles(dir)) {
            LogPrefix prefix = LogPrefix.of(file);
            if (prefix != null) {
                logs.put(file.getFileName().toString(), prefix);
            }
        }
        return logs;
    }

    /** What config.env says, key by key; a secret is masked. */
    static SortedMap<String, String> values(Config config, Secrets secrets) {
        SortedMap<String, String> values = new TreeMap<>();
        config.effective().forEach((key, value) -> {
            if (config.has(key)) {
                values.put(key, secrets.shown(key, value));
            }
        });
        return values;
    }

    /** A file of a round, as a finding and adopted-rounds.txt name it. */
    static String path(Path round, String name) {
        return path(RoundFiles.id(round), name);
    }

    static String path(String roundId, String name) {
        return SoakDir.roundName(roundId) + "/" + name;
    }
}
