import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.Cli;
import soak.Exit;
import soak.Json;

/** rehearse.java: soaks of a day or two on the virtual clock, by the scripts themselves. */
class RehearseTest {
  @TempDir Path folder;

  private record Ended(int exit, String out, String err) {}

  private static Ended rehearse(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = Cli.run(new rehearse(), new PrintWriter(out), new PrintWriter(err), args);
    return new Ended(exit, out.toString(), err.toString());
  }

  private Path soak(String name) {
    return folder.resolve(name);
  }

  private static List<Path> rounds(Path soak) throws IOException {
    try (Stream<Path> all = Files.find(soak.resolve("rounds"), 2, (p, a) -> p.getFileName().toString().startsWith("round-"))) {
      return all.sorted().toList();
    }
  }

  private static JsonNode summary(Path round) throws IOException {
    return Json.parse(Files.readString(round.resolve("round-summary.json")));
  }

  /** Every file's content by its name. */
  private static Map<String, String> contents(Path soak) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(soak)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        contents.put(soak.relativize(file).toString(), new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  /** A scenario of one day, all checks stated as a clean day gives them, but for those named. */
  private Path scenario(String faults, String... verdicts) throws IOException {
    Map<String, String> expect = new TreeMap<>();
    for (int i = 1; i <= 10; i++) {
      expect.put(String.format("VAL12-%02d", i), "PASS");
    }
    List.of("C1", "C2", "C3", "C4").forEach(claim -> expect.put(claim, "PASS"));
    List.of("VAL12-06", "VAL12-07", "VAL12-09", "overall").forEach(tooShort -> expect.put(tooShort, "FAIL"));
    for (int i = 0; i < verdicts.length; i += 2) {
      expect.put(verdicts[i], verdicts[i + 1]);
    }
    Path file = folder.resolve("scenario.json");
    Files.writeString(file, "{\"title\": \"of a test\", \"days\": 1, \"faults\": " + faults + ", \"expect\": " + Json.write(expect) + "}");
    return file;
  }

  @Test
  void a_day_leaves_what_a_soak_leaves_marked_as_a_rehearsal_everywhere() throws Exception {
    Ended ended = rehearse("--days", "1", soak("a").toString());
    assertEquals(Exit.OK, ended.exit(), ended.err());
    assertTrue(ended.out().contains("VAL12-05 stuck_detection_ops: PASS"), ended.out());
    assertTrue(ended.out().contains("NOT ASSESSED (rehearsal)"), ended.out());
    assertTrue(ended.out().lines().findFirst().orElse("").endsWith("(REHEARSAL)"), ended.out());
    assertTrue(Files.readString(soak("a").resolve("cron.log")).contains("# VAL 12 — Daily Summary 2026-10-01 (day 1) (REHEARSAL)\n"));
    assertTrue(ended.out().contains("Files: " + soak("a")), ended.out());
    assertTrue(ended.err().contains("clean  day 1 of 1  48 rounds  480 plans  0 faults"), ended.err());
    assertTrue(Files.readString(soak("a").resolve("config.env")).contains("SOAK_REHEARSAL=true\n"));
    List<Path> rounds = rounds(soak("a"));
    assertEquals(48, rounds.size());
    for (Path round : rounds) {
      assertTrue(summary(round).get("rehearsal").asBoolean(), round.toString());
    }
    JsonNode last = summary(rounds.get(47));
    assertEquals(480, last.get("plan_count").asInt());
    assertEquals(47, last.get("slot").asInt());
    assertTrue(last.get("p99_ms").asDouble() > 1 && last.get("p99_ms").asDouble() < 40, last.get("p99_ms").asText());
    assertTrue(last.get("harness_cpu_ms").isNull());
    JsonNode report = Json.parse(Files.readString(soak("a").resolve("final-report.json")));
    assertTrue(report.get("rehearsal").asBoolean());
    assertEquals("embedded", report.get("cp_mode").asText());
    assertEquals(11, report.get("total_recovery_ok").asInt());
    assertTrue(Files.exists(soak("a").resolve("daily/2026-10-01-summary.json")));
  }

  @Test
  void the_same_seed_gives_the_same_bytes_and_another_seed_others() throws Exception {
    rehearse("--days", "1", "--seed", "7", soak("a").toString());
    rehearse("--days", "1", "--seed", "7", soak("b").toString());
    rehearse("--days", "1", "--seed", "8", soak("c").toString());
    assertEquals(contents(soak("a")), contents(soak("b")));
    assertFalse(contents(soak("a")).equals(contents(soak("c"))));
  }

  @Test
  void a_rehearsal_that_was_cut_off_makes_its_newest_round_again_and_ends_with_the_same_verdicts() throws Exception {
    rehearse("--days", "1", soak("whole").toString());
    rehearse("--days", "1", soak("cut").toString());
    List<Path> rounds = rounds(soak("cut"));
    for (Path round : rounds.subList(31, 48)) { // as if it had been killed in the middle of round 31, which recovers a drill
      for (Path file : files(round)) {
        Files.delete(file);
      }
      Files.delete(round);
    }
    Files.delete(rounds.get(30).resolve("round-summary.json"));
    Files.delete(soak("cut").resolve("final-report.json"));
    Ended ended = rehearse(soak("cut").toString());
    assertEquals(Exit.OK, ended.exit(), ended.err());
    assertTrue(ended.err().contains("goes on where it was cut off"), ended.err());
    assertEquals(verdicts("whole"), verdicts("cut"));
    List<Path> again = rounds(soak("cut"));
    assertEquals(rounds.size(), again.size());
    for (int i = 0; i < again.size(); i++) { // the scrapes differ: the control plane's counters began anew, as after any restart
      Path whole = rounds(soak("whole")).get(i);
      for (String file : List.of("plan-ids.txt", "plans-created.txt", "create-times.txt", "integrity.json", "stuck-scan.json")) {
        assertEquals(Files.readString(whole.resolve(file)), Files.readString(again.get(i).resolve(file)), again.get(i) + "/" + file);
      }
    }
    assertEquals(Files.readString(soak("whole").resolve("audit-store/audit-2026-10-01.jsonl")), Files.readString(soak("cut").resolve("audit-store/audit-2026-10-01.jsonl")));
  }

  private String verdicts(String soak) throws IOException {
    String report = Files.readString(soak(soak).resolve("final-report.txt"));
    // What grows is not compared: a store that was opened once more has another write-ahead log.
    return report.substring(report.indexOf("## Rollback Reliability"), report.indexOf("## Growth"));
  }

  private static List<Path> files(Path round) throws IOException {
    try (Stream<Path> all = Files.list(round)) {
      return all.toList();
    }
  }

  @Test
  void a_control_plane_that_dies_or_hangs_is_started_again_by_the_round_and_the_scenario_must_say_so() throws Exception {
    Path scenario = scenario("[{\"fault\": \"killed\", \"day\": 1, \"time\": \"05:00\"}, {\"fault\": \"hung\", \"day\": 1, \"time\": \"09:00\"}]", "VAL12-08", "FAIL", "C4", "FAIL");
    Ended ended = rehearse("--scenario", scenario.toString(), soak("a").toString());
    assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
    assertTrue(ended.out().contains("all 15 as the scenario states them"), ended.out());
    JsonNode killed = summary(rounds(soak("a")).get(10));
    assertTrue(killed.get("restarted").asBoolean());
    assertEquals("failed", killed.get("health").asText());
    assertEquals(10, killed.get("create_ok").asInt());
    JsonNode hung = summary(rounds(soak("a")).get(18));
    assertTrue(hung.get("hung").asBoolean());
    assertTrue(hung.get("failures").toString().contains("no complete answer within 30000 ms"), hung.get("failures").toString());
  }

  @Test
  void a_verdict_that_is_not_the_stated_one_is_named_and_exits_10() throws Exception {
    Ended ended = rehearse("--scenario", scenario("[{\"fault\": \"loses\", \"day\": 1, \"time\": \"10:00\"}]").toString(), soak("a").toString());
    assertEquals(Exit.BAD, ended.exit(), ended.err());
    assertTrue(ended.out().contains("NOT AS STATED: C1 is FAIL, stated is PASS"), ended.out());
  }

  @Test
  void faults_of_the_api_the_timetable_and_the_store_reach_the_evidence() throws Exception {
    Path scenario = scenario("""
        [{"fault": "slow", "day": 1, "time": "01:00", "amount": 600}, {"fault": "refuses", "day": 1, "time": "02:00", "amount": 3},
         {"fault": "scan-fails", "day": 1, "time": "03:30"}, {"fault": "recovery-fails", "day": 1, "time": "04:00", "rounds": 4},
         {"fault": "missed", "day": 1, "time": "06:00", "rounds": 2}, {"fault": "lists-twice", "day": 1, "time": "08:00"},
         {"fault": "port-taken", "day": 1, "time": "10:00"}, {"fault": "clock-steps", "day": 1, "time": "20:00", "amount": 90}]""",
        "VAL12-05", "FAIL", "VAL12-08", "FAIL", "VAL12-10", "FAIL", "C1", "FAIL", "C2", "FAIL", "C3", "FAIL", "C4", "FAIL");
    Ended ended = rehearse("--scenario", scenario.toString(), soak("a").toString());
    assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
    Map<Integer, JsonNode> bySlot = new TreeMap<>();
    for (Path round : rounds(soak("a"))) {
      bySlot.put(summary(round).get("slot").asInt(), summary(round));
    }
    assertTrue(bySlot.get(2).get("p99_ms").asDouble() > 600);
    assertEquals(3, bySlot.get(4).get("create_errors").asInt());
    assertEquals("500", bySlot.get(7).get("scan_http_code").asText());
    assertEquals(1, bySlot.get(9).get("recovery_fail").asInt() + bySlot.get(10).get("recovery_fail").asInt()); // the drill of slot 7: an hour old in one of them
    assertFalse(bySlot.containsKey(12) || bySlot.containsKey(13));
    assertEquals(1, bySlot.get(16).get("duplicate_plans").asInt());
    assertTrue(bySlot.get(20).get("port_conflict").asBoolean());
    assertEquals(90_000, bySlot.get(40).get("clock_step_ms").asInt());
  }

  @Test
  void every_bundled_scenario_is_listed_and_states_every_verdict() {
    Ended ended = rehearse("--list");
    assertEquals(Exit.OK, ended.exit());
    List<String> names = new ArrayList<>();
    ended.out().lines().forEach(line -> names.add(line.split(" ")[0]));
    assertTrue(names.containsAll(List.of("clean", "one-bad-night", "crash-loop", "degrading", "slow-disk", "lossy", "amnesia", "double-listing", "never-stuck",
        "flaky-rollback", "missed-cron", "host-down-6h", "half-soak", "hung", "leaky", "clock-jump", "port-thief")), names.toString());
  }

  @Test
  void what_cannot_be_rehearsed_is_refused_in_one_sentence() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"title\": \"x\", \"faults\": [{\"fault\": \"boredom\"}], \"expect\": {}}");
    Path silent = Files.writeString(folder.resolve("silent.json"), "{\"title\": \"x\", \"faults\": [], \"expect\": {\"C1\": \"PASS\"}}");
    Files.createDirectories(soak("real"));
    Files.writeString(soak("real").resolve("config.env"), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
    Files.createDirectories(soak("mine"));
    Files.writeString(soak("mine").resolve("letter.txt"), "dear all");
    Map<List<String>, String> refusals = Map.of(
        List.of("--scenario", "nothing-such"), "there is no scenario nothing-such",
        List.of("--scenario", broken.toString()), "the fault boredom is unknown",
        List.of("--scenario", silent.toString()), "must state the verdict of each of",
        List.of("--days", "0"), "--days 0 is not a length",
        List.of("--interval", "7000"), "a divisor of 86400",
        List.of("--all", "--scenario", "clean"), "give one of them",
        List.of(soak("real").toString()), "holds a soak that is no rehearsal",
        List.of(soak("mine").toString()), "is not empty");
    refusals.forEach((args, sentence) -> {
      Ended ended = rehearse(args.toArray(String[]::new));
      assertEquals(Exit.USAGE, ended.exit(), args + ended.err());
      assertTrue(ended.err().contains(sentence), args + ": " + ended.err());
    });
    assertEquals("dear all", Files.readString(soak("mine").resolve("letter.txt")));
  }
}
