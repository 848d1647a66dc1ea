package restore;

import archive.Archive;
import archive.ArchivedSoak;
import archive.Restored;
import base.Durable;
import base.Failure;
import base.Folders;
import base.Json;
import base.Scratch;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import probe.ControlPlaneApi;
import process.ControlPlane;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;
import workload.ClosedRounds;
import workload.History;
import workload.PlanLedger;
import workload.SetCheck;
import workload.StoreCheck;

/**
 * Whether the database in an archive is one that a control plane can go on with: unpacks the archive, starts the
 * embedded control plane on the copy, on free ports, and requires each plan that the soak was promised once in its
 * list. Before that SQLite checks the copy. The soak's own control plane and folder are not touched.
 */
public final class RestoreCheck implements Restored.Check {
    private static final String SCRATCH = "restore";
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Config config;
    /** The machine's own, whatever clock the report goes by: a process is waited for. */
    private final Time time = Time.system();

    private RestoreCheck(Config config) {
        this.config = config;
    }

    /**
     * @return null where none is wanted
     * @throws Failure exit 64 where the soak's control plane is not the embedded one
     */
    public static RestoreCheck of(boolean wanted, Config config) {
        if (wanted && !config.cpMode().equals("embedded")) {
            throw Failure.usage("--restore-check starts the embedded control plane on the archive's database, and this"
                    + " soak's is " + config.cpMode() + ": leave it out, and try the restore by the control plane's own"
                    + " means");
        }
        return wanted ? new RestoreCheck(config) : null;
    }

    /**
     * Writes what it came to beside the archive too, as {@code ARCHIVE.restore.json}.
     *
     * @param since when the archive was begun: what rounds did from then on may be missing in its database
     */
    @Override
    public Restored of(Archive.Result archive, Instant since) throws IOException, InterruptedException {
        Restored result = checked(archive.file(), since);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("archive", archive.file().getFileName().toString());
        json.put("archive_sha256", archive.sha256());
        json.put("verdict", result.verdict());
        json.put("what", result.what());
        json.putAll(result.plans());
        Durable.write(Restored.file(archive.file()), Json.write(json));
        return result;
    }

    private Restored checked(Path archive, Instant since) throws IOException, InterruptedException {
        try (Scratch scratch = Scratch.of(SCRATCH)) {
            SoakDir restored =
                    new SoakDir(ArchivedSoak.unpack(archive, scratch.folder(), ArchivedSoak.Limits.USUAL, names -> true)
                            .folder());
            leaveOutSince(restored, since);
            StoreCheck.Finding store = StoreCheck.of(restored.cpData(), Set.of(), time);
            // it may start and list all the same, until it needs the page that is broken
            if (store != null && store.damaged()) {
                return failed("the archive's database is damaged: " + store.result());
            }
            Config copy = configOf(restored);
            ControlPlane controlPlane = new ControlPlane(copy, time);
            scratch.endFirst(() -> controlPlane.stop(STOP));
            if (controlPlane.tryStart(config.restartTimeout()) instanceof ControlPlane.NotStarted failed) {
                return failed("the control plane does not start on the archive's database: "
                        + failed.sentence().replace(restored.root() + "/", "")); // which is gone with the check
            }
            Restored result = compared(restored, copy, controlPlane, Restored.file(archive));
            return store != null || result.passed()
                    ? result
                    : new Restored(
                            result.verdict(),
                            "cp-data of the archive holds no database; " + result.what(),
                            result.plans());
        }
    }

    private static Restored failed(String what) {
        return new Restored("FAIL", what, Map.of());
    }

    /** @param record which will hold what a round writes into its integrity.json */
    private Restored compared(SoakDir restored, Config copy, ControlPlane controlPlane, Path record)
            throws IOException, InterruptedException {
        History history = History.before(restored, null);
        PlanLedger ledger = new PlanLedger(history, new ClosedRounds());
        ControlPlaneApi api = new ControlPlaneApi(copy, time, controlPlane::stranger);
        SetCheck.Outcome outcome = new SetCheck(copy, api, ledger, history, time).check();
        Map<String, Object> plans = new LinkedHashMap<>(outcome.figures());
        plans.remove("unrecorded_plans"); // rounds since the database was copied are left out
        if (outcome.findings() != null) {
            plans.put("lost", outcome.findings().lost());
            plans.put("duplicate", outcome.findings().duplicate());
        }
        Optional<String> unnamed = ledger.unnamed();
        if (outcome.findings() != null && outcome.findings().expectedCount() == 0) {
            return new Restored(
                    "FAIL", "the rounds in the archive were promised no plan: there is nothing to look for", plans);
        }
        if (outcome.problem() != null || unnamed.isPresent()) {
            String what = outcome.problem() != null ? outcome.problem() : unnamed.get();
            return new Restored(
                    "FAIL",
                    what.replace(RoundFiles.INTEGRITY, record.getFileName().toString()),
                    plans);
        }
        return new Restored(
                "PASS",
                "the control plane starts on the archive's database and lists each of the "
                        + plans.get("expected_plans") + " expected plans once",
                plans);
    }

    /** A round that ran while the database was copied may have made plans that the copy does not have. */
    private static void leaveOutSince(SoakDir restored, Instant since) throws IOException {
        List<Path> rounds = RoundFiles.folders(restored.rounds());
        for (int i = 0; i < rounds.size(); i++) {
            boolean newest = i == rounds.size() - 1;
            if (History.summary(rounds.get(i))
                    .map(summary -> !endedBefore(summary, since))
                    .orElse(newest)) {
                Folders.delete(rounds.get(i));
            }
        }
    }

    private static boolean endedBefore(JsonNode summary, Instant since) {
        try {
            return Instant.parse(summary.path("finished_at").asText()).isBefore(since);
        } catch (DateTimeException none) {
            return true; // of a bash round, which has no such field
        }
    }

    /** The soak's settings for the copy: its own folder and ports, and the soak's own program. */
    private Config configOf(SoakDir restored) throws IOException {
        if (Files.isDirectory(config.dir().bin())) {
            Folders.delete(restored.bin()); // an archive has no jars
            Files.createSymbolicLink(restored.bin(), config.dir().bin());
        }
        Map<String, String> settings = new LinkedHashMap<>(config.effective());
        settings.put("CP_URL", onFreePort(config.cpUrl()));
        settings.put("CP_METRICS_URL", onFreePort(config.metricsUrl()));
        settings.put("AUTONOMY_AUDIT_DIR", restored.auditStore().toString());
        return Config.of(restored, settings);
    }

    private static String onFreePort(String url) throws IOException {
        URI given = URI.create(url);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return given.getScheme() + "://127.0.0.1:" + free.getLocalPort()
                    + (given.getRawPath() == null ? "" : given.getRawPath());
        }
    }
}
