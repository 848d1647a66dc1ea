///bin/sh "$(dirname "$(readlink -f "$0")")/../jbang" "$(readlink -f "$0")" "$@" ; exit $?
//JAVA 17+
//SOURCES ../src/base/*.java
//SOURCES ../src/soak/*.java
//SOURCES ../src/settings/*.java
//SOURCES ../src/build/*.java
//SOURCES ../src/command/*.java
//SOURCES ../src/cache/*.java
//SOURCES ../src/seal/*.java
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms32m -Xmx512m -Xshare:auto
import base.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import seal.Seal;
import seal.Sealer;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * What a seal costs a round: in fresh processes with the options of a round, in turn at round 10 and round 1,440. Each
 * has done before what every round has done by then (settings read, JSON parsed and written, random numbers drawn).
 *
 * <p>Run: bench/sealing.java [PAIRS] [BYTES_OF_A_ROUND]
 */
class sealing {
    private static final int[] ROUNDS = {10, 1440};

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("once")) {
            once(Path.of(args[1]));
            return;
        }
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        int bytes = args.length > 1 ? Integer.parseInt(args[1]) : 50_000;
        Path scratch = Files.createTempDirectory("sealing");
        List<Path> soaks = new ArrayList<>();
        for (int rounds : ROUNDS) {
            soaks.add(soak(scratch.resolve("rounds-" + rounds), rounds, bytes));
        }
        double[][] wall = new double[ROUNDS.length][pairs];
        double[][] cpu = new double[ROUNDS.length][pairs];
        for (int pair = 0; pair < pairs; pair++) {
            for (int i = 0; i < ROUNDS.length; i++) {
                String[] said = fresh(soaks.get(i)).split(" ");
                wall[i][pair] = Double.parseDouble(said[0]);
                cpu[i][pair] = Double.parseDouble(said[1]);
            }
        }
        for (int i = 0; i < ROUNDS.length; i++) {
            System.out.println("seal of round " + ROUNDS[i] + ", " + bytes + " bytes: wall ms " + told(wall[i])
                    + ", CPU ms " + told(cpu[i]));
        }
        delete(scratch);
    }

    private static String told(double[] values) {
        Arrays.sort(values);
        return String.format(
                Locale.ROOT, "%.1f [%.1f … %.1f]", values[values.length / 2], values[0], values[values.length - 1]);
    }

    private static String fresh(Path soak) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms32m", "-Xmx512m", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "sealing", "once", soak.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("a fresh process ended with " + process.exitValue());
        }
        return said;
    }

    private static void once(Path soak) throws Exception {
        SoakDir dir = new SoakDir(soak);
        Config config = Config.read(dir);
        List<Path> earlier = new ArrayList<>(RoundFiles.folders(dir.rounds()));
        Path own = earlier.remove(earlier.size() - 1);
        Json.write(Json.parse(Files.readString(earlier.get(0).resolve(RoundFiles.SUMMARY))));
        UUID.randomUUID();
        long cpu = cpu();
        long began = System.nanoTime();
        Map<String, Object> seal = Sealer.of(config, own, earlier).toJson();
        double wall = (System.nanoTime() - began) / 1e6;
        System.out.printf(Locale.ROOT, "%.3f %.3f%n", wall, (cpu() - cpu) / 1e6);
        if (!seal.containsKey("previous")) {
            throw new IllegalStateException("no seal");
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Rounds that are sealed one after the other; the last has no summary yet. */
    private static Path soak(Path folder, int rounds, int bytes) throws IOException {
        SoakDir dir = new SoakDir(Files.createDirectories(folder));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("SOAK_STARTED_AT", "2026-10-01T00:00:00Z");
        Config config = Config.of(dir, settings);
        Files.writeString(dir.config(), config.render());
        Files.writeString(dir.planTemplate(), "{\"plan_id\": \"{plan_id}\"}\n");
        Files.writeString(dir.setupSummary(), "result: PASS\n");
        Random random = new Random(1);
        List<Path> earlier = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Instant second = Instant.parse("2026-10-01T00:00:01Z").plusSeconds(1800L * i);
            Path round = Files.createDirectories(dir.round(RoundFiles.id(second)));
            for (String name : List.of(
                    RoundFiles.PLAN_IDS,
                    RoundFiles.CODES,
                    RoundFiles.TIMES,
                    RoundFiles.STALLS,
                    RoundFiles.STUCK_SCAN,
                    RoundFiles.INTEGRITY,
                    RoundFiles.METRICS)) {
                byte[] content = new byte[bytes / 7];
                random.nextBytes(content);
                Files.write(round.resolve(name), content);
            }
            if (i % 10 == 0) { // four alerts a day
                Files.writeString(
                        dir.alertsLog(), "x".repeat(79) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            if (i < rounds - 1) {
                Map<String, Object> summary = new LinkedHashMap<>();
                summary.put("round_id", RoundFiles.id(second));
                summary.put("round", i + 1);
                summary.put("warnings", List.of("w".repeat(2000)));
                summary.put(Seal.FIELD, Sealer.of(config, round, earlier).toJson());
                Files.writeString(round.resolve(RoundFiles.SUMMARY), Json.write(summary));
            }
            earlier.add(round);
        }
        return folder;
    }

    private static void delete(Path folder) throws IOException, InterruptedException {
        new ProcessBuilder("rm", "-r", folder.toString()).start().waitFor(1, TimeUnit.MINUTES);
    }
}
