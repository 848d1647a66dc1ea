package provision;

import base.Folders;
import base.Time;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import settings.Config;
import soak.SoakDir;

/**
 * What is decided before a soak has a round, by the same SQL that will judge it: a copy of its settings and of its
 * setup-summary.txt in a scratch folder is a soak without evidence.
 */
public final class Outset {
    private Outset() {}

    /** A sentence for each check that these settings lose, or make harder than it looks. */
    public static List<String> of(Config config, Time time) throws IOException {
        return ask(config, time, null, "SELECT sentence FROM outset");
    }

    /**
     * Why the check of the first setup is lost, were this the setup-summary.txt.
     *
     * @return null if it is not
     */
    public static String startLost(Config config, Time time, String setupSummary) throws IOException {
        List<String> reasons = ask(
                config,
                time,
                setupSummary,
                "SELECT margin FROM margin_row WHERE is_of_first_setup AND outlook = 'already lost'");
        return reasons.isEmpty() ? null : reasons.get(0);
    }

    private static List<String> ask(Config config, Time time, String setupSummary, String sql) throws IOException {
        Path scratch = Files.createTempDirectory("setup-outset-");
        try {
            SoakDir dir = new SoakDir(scratch);
            Map<String, String> values = new LinkedHashMap<>(config.effective());
            if (values.get("SOAK_STARTED_AT").isEmpty()) {
                values.put(
                        "SOAK_STARTED_AT",
                        time.now().truncatedTo(ChronoUnit.SECONDS).toString());
            }
            if (setupSummary != null) {
                Files.writeString(dir.setupSummary(), setupSummary);
            }
            Config copy = Config.of(dir, values);
            Files.writeString(dir.config(), copy.render());
            try (EvidenceDatabase database = EvidenceDatabase.open(copy, new Scope(time.now(), true, copy.days()))) {
                return database.query(sql).stream()
                        .map(row -> (String) row.values().iterator().next())
                        .toList();
            }
        } finally {
            Folders.delete(scratch);
        }
    }
}
