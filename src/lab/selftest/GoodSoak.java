package lab.selftest;

import base.Json;
import base.Sha256;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import settings.Config;
import settings.Setting;
import soak.Gzip;
import soak.RoundFiles;

/**
 * Evidence that passes everything, with one kind of everything that a soak leaves behind, in 120 rounds: so few that
 * one failed round, or one failed recovery, is one too many. Ten days of a round every two hours, which most is done
 * to, so that there is a time after the seven that VAL12-06 and -07 are about; and a month of a round every six hours,
 * since Gate D speaks of 30 days.
 */
final class GoodSoak {
    static final int INTERVAL = 7200;
    static final int SLOTS_A_DAY = 86_400 / INTERVAL;
    static final int DAYS = 10;
    static final int SLOTS = DAYS * SLOTS_A_DAY;
    static final int PLANS = 12;
    static final int DRILL_EVERY = 4;
    static final int MONTH = 30;
    static final int MONTH_INTERVAL = 21_600;
    /** On day 8 one create was refused: a warning, and no check fails. */
    private static final long REFUSED_AT = 90L * INTERVAL;

    static final String WARNING = "2026-10-09T00:00:00Z WARN daily_create_errors=1 threshold=0 day=8";
    /** Its recovery.txt lies compressed in recovery.txt.gz. */
    static final int COMPRESSED = 47;

    private GoodSoak() {}

    static SoakFolder write(Path folder) throws IOException {
        return write(folder, DAYS, INTERVAL);
    }

    static SoakFolder writeMonth(Path folder) throws IOException {
        return write(folder, MONTH, MONTH_INTERVAL);
    }

    private static SoakFolder write(Path folder, int days, int interval) throws IOException {
        SoakFixture soak = SoakFixture.in(folder);
        Arrays.stream(Setting.values())
                .filter(setting -> setting.decidesVerdicts() && setting != Setting.SOAK_STARTED_AT)
                .forEach(setting -> soak.set(setting.name(), setting.standard()));
        soak.days(days)
                .interval(interval)
                .set("PLANS_PER_ROUND", Integer.toString(PLANS))
                .drillEvery(DRILL_EVERY)
                .set("TARGET_TOTAL_CREATES", "1200")
                .alert(WARNING)
                .resume("2026-10-08T09:00:00Z resumed control_plane=alive pid=4711")
                .rounds(0, SLOTS);
        for (int slot = 0; slot < SLOTS; slot++) {
            boolean checksStore = slot % (86_400 / interval) == 0;
            soak.round(
                    slot,
                    r -> r.set("store_check", checksStore ? "ok" : null)
                            .raw("store-check.json", checksStore ? "{\"result\": \"ok\"}\n" : null)
                            .set("stalled_creates", 0)
                            .set("max_stall_ms", 0.25)
                            .raw("create-stalls.txt", "0.250\n".repeat(PLANS))
                            .set("clock_step_ms", 1)
                            .set("failures", Map.of())
                            .set("warnings", List.of()));
        }
        String refusal = "1 of 12 creates failed, first HTTP 503";
        soak.round(
                REFUSED_AT / interval,
                r -> r.codes("201", "201", "503")
                        .set("v02_creates", "FAIL")
                        .set("failures", Map.of("v02_creates", refusal)));
        soak.setupSummary(setup(Config.of(soak.dir(), soak.config)));
        Config config = soak.write();
        SoakFolder written = new SoakFolder(soak.dir());
        compress(written, at(COMPRESSED, interval) + "/recovery.txt");
        writeDailySummaries(config, soak);
        return written;
    }

    /** Those of setup's lines that verdicts go by. */
    private static String setup(Config config) {
        return """
                result: PASS
                cp_start_ms: 412
                health_http_code: 200
                started_at: 2026-10-01T00:00:00Z
                soak_id: soak-val12
                cp_mode: external
                """
                + config.begunWith().entrySet().stream()
                        .map(line -> line.getKey() + ": " + line.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    /** The path of a slot's round. */
    static String at(int slot) {
        return at(slot, INTERVAL);
    }

    /** The same in the soak of 30 days. */
    static String inMonth(int slot) {
        return at(slot, MONTH_INTERVAL);
    }

    private static String at(int slot, int interval) {
        return "rounds/" + RoundFiles.id(Instant.parse("2026-10-01T00:00:00Z").plusSeconds((long) slot * interval));
    }

    /** As a round keeps a file of more than 64 KiB. */
    private static void compress(SoakFolder soak, String path) throws IOException {
        byte[] plain = soak.bytes(path);
        Path file = soak.dir.root().resolve(path);
        String whole = file.getFileName() + RoundFiles.GZIPPED;
        Files.write(file.resolveSibling(whole), Gzip.of(plain));
        RoundFiles.Pointer pointer = new RoundFiles.Pointer(whole, plain.length, Sha256.of(plain), plain.length);
        Files.writeString(file, pointer.text(Map.of()));
    }

    /** What the daily reports would have written, from one reading of the evidence. */
    private static void writeDailySummaries(Config config, SoakFixture soak) throws IOException {
        Files.createDirectories(config.dir().daily());
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
            for (Map<String, Object> row : database.query("FROM daily")) {
                Map<String, Object> summary = new LinkedHashMap<>(row);
                summary.replaceAll((field, value) -> value instanceof LocalDate ? value.toString() : value);
                summary.put("alerts", row.get("day").equals(8L) ? List.of(WARNING) : List.of());
                Files.writeString(config.dir().dailySummary((LocalDate) row.get("date")), Json.write(summary));
            }
        }
    }
}
