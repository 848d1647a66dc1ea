package workload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import soak.Durable;
import soak.Json;
import soak.SoakDir;
import soak.Time;

/**
 * The evidence folder of one round, {@code rounds/YYYY-MM-DD/round-HHMMSS}, and its files (contract, section 3).
 *
 * @param second the round's time in whole seconds: its unix_ts, and its folder's name
 */
public record RoundFolder(Path path, String roundId, Instant second) {
  public static final String PLAN_IDS = "plan-ids.txt";
  public static final String CODES = "plans-created.txt";
  public static final String TIMES = "create-times.txt";
  public static final String DRILL = "drill-plan.txt";
  public static final String STUCK_SCAN = "stuck-scan.json";
  public static final String RECOVERY = "recovery.txt";
  public static final String METRICS = "metrics-scrape.prom";
  public static final String INTEGRITY = "integrity.json";
  public static final String SUMMARY = "round-summary.json";
  private static final int LARGE_SCAN_BYTES = 64 * 1024;

  /** Claims a second that no other round has; waits for the next one if need be. */
  public static RoundFolder claim(SoakDir dir, Time time) throws IOException, InterruptedException {
    while (true) {
      Instant second = time.now().truncatedTo(ChronoUnit.SECONDS);
      String roundId = SoakDir.roundId(second);
      Path path = dir.round(roundId);
      Files.createDirectories(path.getParent());
      try {
        Files.createDirectory(path);
        Durable.syncFolder(path.getParent());
        Durable.syncFolder(dir.rounds());
        return new RoundFolder(path, roundId, second);
      } catch (FileAlreadyExistsException taken) {
        time.sleep(Duration.between(time.now(), second.plusSeconds(1)).plusMillis(1));
      }
    }
  }

  private Path file(String name) {
    return path.resolve(name);
  }

  /** The ids are on disk before the first create: whatever happens next, it is known what may have been created. */
  public void planIds(List<String> ids) throws IOException {
    Durable.write(file(PLAN_IDS), lines(ids));
  }

  /** Which of the ids is the recovery drill's. */
  public void drillPlan(String id) throws IOException {
    Durable.write(file(DRILL), id + "\n");
  }

  public void created(String code, long nanos) throws IOException {
    Durable.appendLine(file(CODES), code);
    Durable.appendLine(file(TIMES), String.format(java.util.Locale.ROOT, "%d.%06d", nanos / 1_000_000_000, nanos % 1_000_000_000 / 1_000));
  }

  /** The answer as it came; a large one goes beside it, compressed, and this file says so with its count and hash. */
  public void stuckScan(byte[] raw, int stuckCount) throws IOException {
    if (raw.length == 0) {
      return; // no answer is no file, rather than an empty one
    }
    if (raw.length <= LARGE_SCAN_BYTES) {
      Durable.write(file(STUCK_SCAN), raw);
      return;
    }
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(raw);
    }
    Durable.write(file(STUCK_SCAN + ".gz"), compressed.toByteArray());
    Map<String, Object> pointer = new LinkedHashMap<>();
    pointer.put("stored_in", STUCK_SCAN + ".gz");
    pointer.put("stuck_count", stuckCount);
    pointer.put("bytes", raw.length);
    pointer.put("sha256", sha256(raw));
    Durable.write(file(STUCK_SCAN), Json.write(pointer));
  }

  public void recovered(String planId, int exit, long millis, String output) throws IOException {
    StringBuilder entry = new StringBuilder(planId + " exit=" + exit + " ms=" + millis);
    output.lines().filter(line -> !line.isBlank()).forEach(line -> entry.append("\n  ").append(line));
    Durable.appendLine(file(RECOVERY), entry.toString());
  }

  public void metrics(byte[] scrape) throws IOException {
    Durable.write(file(METRICS), scrape);
  }

  public void integrity(Map<String, Object> ids) throws IOException {
    Durable.write(file(INTEGRITY), Json.write(ids));
  }

  /** Last of all: with it the round exists. */
  public void summary(Map<String, Object> fields) throws IOException {
    Durable.write(file(SUMMARY), Json.write(fields));
  }

  private static String lines(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  static List<String> readLines(Path file) throws IOException {
    return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().map(String::strip).filter(l -> !l.isEmpty()).toList() : List.of();
  }
}
