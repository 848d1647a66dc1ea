package lab.rehearsal;

import base.Durable;
import base.Failure;
import base.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import provision.Templates;
import settings.Config;
import settings.Setting;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * What setup.java does for a soak, for a rehearsal: the folder and its config.env, or what an interrupted one left
 * there.
 */
final class Provision {
    /**
     * What a rehearsal's config.env has other than the defaults. In parallel, the order of the recoveries' lines would
     * be chance.
     */
    static final Map<String, String> SETTINGS = Map.of("RECOVERY_PARALLELISM", "1", "RECOVERY_DRILL_EVERY", "4");

    /** What a scenario cannot change: its length is stated elsewhere, and its control plane is the stage's. */
    static final Set<String> OWN = Set.of(
            "SOAK_STARTED_AT",
            "SOAK_DAYS",
            "ROUND_INTERVAL_SECONDS",
            "CP_URL",
            "CP_METRICS_URL",
            "CP_COMMAND",
            "AUTONOMY_CLI");

    static final String SCENARIO = "REHEARSAL_SCENARIO";
    static final String SEED = "REHEARSAL_SEED";
    /** What to do about a folder that takes no rehearsal. */
    static final String ELSEWHERE = "give another folder";

    private Provision() {}

    /** Whether the folder holds a rehearsal already; one that holds anything else is refused. */
    static boolean begun(SoakDir dir) throws IOException {
        if (Files.exists(dir.config())) {
            if (!Config.read(dir).rehearsal()) {
                throw Failure.usage(dir.root() + " holds a soak that is not a rehearsal: " + ELSEWHERE);
            }
            return true;
        }
        if (Files.exists(dir.root())
                && (!Files.isDirectory(dir.root())
                        || !RoundFiles.children(dir.root()).isEmpty())) {
            throw Failure.usage(dir.root() + " is not empty and holds no rehearsal: " + ELSEWHERE);
        }
        return false;
    }

    static void create(SoakDir dir, Scenario scenario, long seed, Instant firstRound, Ports ports) throws IOException {
        for (Path folder :
                new Path[] {dir.root(), dir.cpData(), dir.auditStore(), dir.rounds(), dir.daily(), dir.checkpoints()}) {
            Folders.make(folder, folder.toString(), ELSEWHERE);
        }
        Durable.write(dir.planTemplate(), Templates.PLAN);
        Durable.write(dir.drillTemplate(), Templates.DRILL);
        Durable.write(scenario(dir), scenario.toJson());
        Durable.write(
                dir.config(),
                "# Written by rehearse.java: this is not evidence about a control plane: its time is virtual.\n"
                        + config(dir, scenario, seed, firstRound, ports).render());
    }

    /** What goes wrong in the rehearsal of this folder, as a scenario file. */
    static Path scenario(SoakDir dir) {
        return dir.root().resolve("rehearsal-scenario.json");
    }

    private static Config config(SoakDir dir, Scenario scenario, long seed, Instant firstRound, Ports ports) {
        Map<String, String> values = new LinkedHashMap<>();
        Arrays.stream(Setting.values()).forEach(setting -> values.put(setting.name(), setting.standard()));
        values.put("SOAK_STARTED_AT", firstRound.truncatedTo(ChronoUnit.SECONDS).toString());
        values.put("SOAK_DAYS", Integer.toString(scenario.days()));
        values.put("ROUND_INTERVAL_SECONDS", Integer.toString(scenario.intervalSeconds()));
        values.put("CP_URL", ports.url());
        values.put("CP_METRICS_URL", ports.metricsUrl());
        values.put(
                "CP_COMMAND",
                "controlplane.java serve --listen {listen} --metrics-listen {metrics_listen} --data-dir {data_dir}");
        values.put("AUTONOMY_CLI", "controlplane.java");
        values.putAll(SETTINGS);
        values.putAll(scenario.config());
        values.put("SOAK_REHEARSAL", "true");
        values.put(SCENARIO, scenario.name());
        values.put(SEED, Long.toString(seed));
        return Config.of(dir, values);
    }
}
