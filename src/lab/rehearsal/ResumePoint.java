package lab.rehearsal;

import base.Durable;
import base.Folders;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * Where a rehearsal that is cut off goes on: all that it was when a day began. Going back there and on again leaves the
 * same bytes as never having stopped. It lies in the folder's tmp/ and is gone when the rehearsal has ended.
 *
 * @param now the wall clock, which a fault may have set
 * @param alive whether the control plane ran
 * @param scrape what it had counted, as Prometheus text
 * @param rounds the folders that there were, by their names: where the clock was set back, their times do not tell
 * @param logBytes how long each log was, by its name below the folder
 */
record ResumePoint(
        long slot,
        Instant now,
        boolean alive,
        long leakedBytes,
        int starts,
        String scrape,
        Set<String> rounds,
        Map<String, Long> logBytes) {
    private static final String FILE = "resume-point.json";

    private static Path file(SoakDir dir) {
        return dir.tmp().resolve(FILE);
    }

    private static Path copy(SoakDir dir, long slot) {
        return dir.tmp().resolve("resume-point-" + slot + ".db");
    }

    static boolean exists(SoakDir dir) {
        return Files.exists(file(dir));
    }

    /** Of two that a cut-off may leave behind, the file names the one that is whole. */
    static void write(
            SoakDir dir, Config config, StagedStore store, StagedControlPlane controlPlane, long slot, Instant now)
            throws IOException {
        Files.createDirectories(dir.tmp());
        List<Path> older = copies(dir);
        store.copyExactlyTo(copy(dir, slot));
        Map<String, Long> logBytes = new LinkedHashMap<>();
        for (Path log : logs(dir, config)) {
            logBytes.put(dir.name(log), Files.size(log));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("slot", slot);
        json.put("now", now.toString());
        json.put("alive", controlPlane.alive());
        json.put("leaked_bytes", controlPlane.leakedBytes());
        json.put("starts", controlPlane.starts());
        json.put("scrape", controlPlane.scrape());
        json.put(
                "rounds",
                RoundFiles.folders(dir.rounds()).stream().map(dir::name).toList());
        json.put("log_bytes", logBytes);
        Durable.write(file(dir), Json.write(json));
        for (Path copy : older) {
            if (!copy.equals(copy(dir, slot))) {
                Files.delete(copy);
            }
        }
    }

    static ResumePoint read(SoakDir dir) throws IOException {
        JsonNode json = Json.parse(Files.readString(file(dir)));
        Map<String, Long> logBytes = new LinkedHashMap<>();
        json.path("log_bytes")
                .properties()
                .forEach(log -> logBytes.put(log.getKey(), log.getValue().asLong()));
        Set<String> rounds = new HashSet<>();
        json.path("rounds").forEach(round -> rounds.add(round.asText()));
        return new ResumePoint(
                json.path("slot").asLong(),
                Instant.parse(json.path("now").asText()),
                json.path("alive").asBoolean(),
                json.path("leaked_bytes").asLong(),
                json.path("starts").asInt(),
                json.path("scrape").asText(),
                rounds,
                logBytes);
    }

    /** Takes back what happened since. What reports wrote stays: they will write the same. */
    void restore(SoakDir dir, Config config, StagedStore store) throws IOException {
        for (Path round : RoundFiles.folders(dir.rounds())) {
            if (!rounds.contains(dir.name(round))) {
                Folders.delete(round);
                if (RoundFiles.children(round.getParent()).isEmpty()) {
                    Files.delete(round.getParent());
                }
            }
        }
        for (Path log : logs(dir, config)) {
            Long bytes = logBytes.get(dir.name(log));
            if (bytes == null) {
                Files.delete(log);
            } else {
                try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                    channel.truncate(bytes);
                }
            }
        }
        store.replaceBy(copy(dir, slot));
    }

    private static List<Path> logs(SoakDir dir, Config config) throws IOException {
        List<Path> logs = new ArrayList<>(RoundFiles.children(config.auditDir()));
        for (Path log : List.of(dir.cronLog(), dir.alertsLog(), dir.cpLog())) {
            if (Files.exists(log)) {
                logs.add(log);
            }
        }
        return logs;
    }

    private static List<Path> copies(SoakDir dir) throws IOException {
        return RoundFiles.children(dir.tmp()).stream()
                .filter(f -> f.getFileName().toString().matches("resume-point-\\d+\\.db"))
                .toList();
    }
}
