import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lab.rehearsal.Rehearsals;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.Cli;
import soak.Config;
import soak.Exit;
import soak.Json;
import soak.SoakDir;

/** rehearse.java: soaks of a day or two on the virtual clock, by the scripts themselves. */
@Tag("slow")
class RehearseTest {
    private static final Pattern PORT = Pattern.compile("(127\\.\\d+\\.12\\.1):\\d{5}");

    @TempDir
    Path folder;

    record Ended(int exit, String out, String err) {}

    static Ended rehearse(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Cli.run(new rehearse(), new PrintWriter(out), new PrintWriter(err), args);
        return new Ended(exit, out.toString(), err.toString());
    }

    private Path soak(String name) {
        return folder.resolve(name);
    }

    static List<Path> rounds(Path soak) throws IOException {
        try (Stream<Path> all = Files.find(
                soak.resolve("rounds"), 2, (p, a) -> p.getFileName().toString().startsWith("round-"))) {
            return all.sorted().toList();
        }
    }

    static JsonNode summary(Path round) throws IOException {
        return Json.parse(Files.readString(round.resolve("round-summary.json")));
    }

    /** Every file's content by its name. */
    private static Map<String, String> contents(Path soak) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(soak)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String content = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                contents.put(
                        soak.relativize(file).toString(),
                        PORT.matcher(content)
                                .replaceAll("$1:PORT")); // a port may be taken, by another run of this test too
            }
        }
        return contents;
    }

    /** A scenario of one day, all checks stated as a clean day gives them, but for those named. */
    private Path scenario(String faults, String... verdicts) throws IOException {
        return scenario(folder, faults, verdicts);
    }

    static Path scenario(Path folder, String faults, String... verdicts) throws IOException {
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
        Files.writeString(
                file,
                "{\"title\": \"of a test\", \"days\": 1, \"faults\": " + faults + ", \"expect\": " + Json.write(expect)
                        + "}");
        return file;
    }

    @Test
    void a_day_leaves_what_a_soak_leaves_marked_as_a_rehearsal_everywhere() throws Exception {
        Ended ended = rehearse("--days", "1", soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.err());
        assertTrue(ended.out().contains("VAL12-05 stuck_detection_ops: PASS"), ended.out());
        assertTrue(ended.out().contains("NOT ASSESSED (rehearsal)"), ended.out());
        assertTrue(ended.out().lines().findFirst().orElse("").endsWith("(REHEARSAL)"), ended.out());
        assertTrue(Files.readString(soak("a").resolve("cron.log"))
                .contains("# VAL 12 — Daily Summary 2026-10-01 (day 1) (REHEARSAL)\n"));
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
        assertTrue(
                last.get("p99_ms").asDouble() > 1 && last.get("p99_ms").asDouble() < 40,
                last.get("p99_ms").asText());
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
    void a_rehearsal_that_is_killed_and_goes_on_leaves_the_same_bytes_as_one_that_is_not() throws Exception {
        Path scenario = scenario("""
            [{"fault": "killed", "day": 1, "time": "05:00"}, {"fault": "recovery-fails", "day": 1, "time": "08:00", "rounds": 9}, {"fault": "leaks", "day": 1, "rounds": 40},
             {"fault": "old-store", "day": 2, "time": "01:00", "amount": 3}, {"fault": "clock-steps", "day": 1, "time": "23:00", "amount": 5400}]\
            """);
        String[] options = {"--scenario", scenario.toString(), "--days", "2", "--interval", "3600", "--seed", "57"};
        rehearse(with(options, soak("whole")));
        Map<String, String> whole = contents(soak("whole"));
        Map<String, Moment> moments = Map.of(
                "in the first round", soak -> rounds(soak).size() == 1,
                "in a round of the first day",
                        soak -> rounds(soak).size() >= 11
                                && !Files.exists(last(rounds(soak)).resolve("round-summary.json")),
                "in the round after the store came back",
                        soak -> rounds(soak).size() >= 25
                                && !Files.exists(last(rounds(soak)).resolve("round-summary.json")),
                "in or near the first daily report",
                        soak -> rounds(soak).size() == 24
                                && Files.exists(last(rounds(soak)).resolve("round-summary.json")),
                "in or near the last reports",
                        soak -> rounds(soak).size() == 46
                                && Files.exists(last(rounds(soak)).resolve("round-summary.json")));
        for (Map.Entry<String, Moment> moment : moments.entrySet()) {
            Path cut = soak("cut " + moment.getKey());
            kill(moment.getValue(), cut, with(options, cut));
            Ended ended = rehearse(cut.toString());
            assertEquals(Exit.OK, ended.exit(), moment.getKey() + ended.out() + ended.err());
            assertEquals(List.of(), differences(whole, contents(cut)), moment.getKey());
        }
    }

    /** The names of the files that differ, each with the first line that does. */
    private static List<String> differences(Map<String, String> expected, Map<String, String> seen) {
        List<String> differences = new ArrayList<>();
        for (String name : Stream.concat(expected.keySet().stream(), seen.keySet().stream())
                .distinct()
                .sorted()
                .toList()) {
            String[] ours = expected.getOrDefault(name, "absent").split("\n");
            String[] theirs = seen.getOrDefault(name, "absent").split("\n");
            int line = java.util.Arrays.mismatch(ours, theirs);
            if (line >= 0) {
                differences.add(name + ": " + (line < ours.length ? ours[line] : "the end") + " | "
                        + (line < theirs.length ? theirs[line] : "the end"));
            }
        }
        return differences;
    }

    private interface Moment {
        boolean came(Path soak) throws IOException;
    }

    private static Path last(List<Path> rounds) {
        return rounds.get(rounds.size() - 1);
    }

    private static String[] with(String[] options, Path soak) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(soak.toString());
        return all.toArray(String[]::new);
    }

    /** Starts a rehearsal as a process of its own and ends it as kill -9 does, when the moment has come. */
    private static void kill(Moment moment, Path soak, String... args) throws Exception {
        Process process = new ProcessBuilder(Fork.java("rehearse", args))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (!Files.exists(soak.resolve("rounds")) || !moment.came(soak)) {
                assertTrue(process.isAlive(), "it ended before the moment came");
                Thread.sleep(1);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_rehearsal_that_has_ended_only_tells_its_report_again() throws Exception {
        Ended first = rehearse("--days", "1", "--interval", "3600", soak("a").toString());
        Map<String, String> before = contents(soak("a"));
        Ended again = rehearse(soak("a").toString());
        assertEquals(Exit.OK, again.exit(), again.err());
        assertEquals(
                first.out().substring(0, first.out().indexOf("\nRehearsal: ")),
                again.out().substring(0, again.out().indexOf("\nRehearsal: ")));
        assertEquals(before, contents(soak("a")));
    }

    @Test
    void two_of_the_same_seed_at_once_do_not_meet() {
        List<CompletableFuture<Fork.Result>> both = Stream.of("a", "b")
                .map(name -> CompletableFuture.supplyAsync(() -> Fork.run(
                        Map.of(),
                        Fork.java("rehearse", "--days", "1", soak(name).toString()))))
                .toList();
        both.forEach(
                ended -> assertEquals(Exit.OK, ended.join().exit(), ended.join().err()));
    }

    @Test
    void one_whose_ports_are_taken_meanwhile_says_so_unless_it_has_ended() throws Exception {
        assertEquals(Exit.OK, rehearse("--days", "1", soak("a").toString()).exit());
        URI url = URI.create(Config.read(new SoakDir(soak("a"))).cpUrl());
        try (ServerSocket taken = new ServerSocket(url.getPort(), 1, InetAddress.getByName(url.getHost()))) {
            assertEquals(Exit.OK, rehearse(soak("a").toString()).exit());
            Files.delete(soak("a").resolve("final-report.json"));
            Ended refused = rehearse(soak("a").toString());
            assertEquals(Exit.FAILED, refused.exit());
            assertTrue(
                    refused.err()
                            .contains("the ports " + url.getAuthority() + " and " + (url.getPort() + 1)
                                    + ", with which the rehearsal in " + soak("a") + " began, are in use"),
                    refused.err());
        }
    }

    @Test
    void a_control_plane_that_dies_or_hangs_is_started_again_by_the_round_and_the_scenario_must_say_so()
            throws Exception {
        Path scenario = scenario(
                "[{\"fault\": \"killed\", \"day\": 1, \"time\": \"05:00\"}, {\"fault\": \"hung\", \"day\": 1,"
                        + " \"time\": \"09:00\"}]",
                "VAL12-08",
                "FAIL",
                "C4",
                "FAIL");
        Ended ended = rehearse("--scenario", scenario.toString(), soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(ended.out().contains("all 15 as stated"), ended.out());
        JsonNode killed = summary(rounds(soak("a")).get(10));
        assertTrue(killed.get("restarted").asBoolean());
        assertEquals("failed", killed.get("health").asText());
        assertEquals(10, killed.get("create_ok").asInt());
        List<String> budget = Files.readAllLines(soak("a").resolve("alerts.log")).stream()
                .filter(line -> line.contains("uptime_budget_left"))
                .toList();
        assertEquals(1, budget.size(), "of 48 rounds none may fail, and the second one changes nothing: " + budget);
        assertTrue(
                budget.get(0).matches("2026-10-01T05:0\\d:\\d\\dZ ALERT uptime_budget_left=-1 threshold=1 day=1"),
                budget.get(0));
        JsonNode daily = Json.parse(Files.readString(soak("a").resolve("daily/2026-10-01-summary.json")));
        assertTrue(
                daily.get("alerts").toString().contains(budget.get(0)),
                daily.get("alerts").toString());
        JsonNode hung = summary(rounds(soak("a")).get(18));
        assertTrue(hung.get("hung").asBoolean());
        assertTrue(
                hung.get("failures").toString().contains("no complete answer within 30000 ms"),
                hung.get("failures").toString());
    }

    @Test
    void a_verdict_that_is_not_the_stated_one_is_named_and_exits_10() throws Exception {
        Ended ended = rehearse(
                "--scenario",
                scenario("[{\"fault\": \"loses\", \"day\": 1, \"time\": \"10:00\"}]")
                        .toString(),
                soak("a").toString());
        assertEquals(Exit.BAD, ended.exit(), ended.err());
        assertTrue(ended.out().contains("NOT AS STATED: C1 is FAIL, stated is PASS"), ended.out());
    }

    @Test
    void faults_of_the_api_the_timetable_and_the_store_reach_the_evidence() throws Exception {
        Path scenario = scenario(
                """
                [{"fault": "slow", "day": 1, "time": "01:00", "amount": 600}, {"fault": "refuses", "day": 1, "time": "02:00", "amount": 3},
                 {"fault": "scan-fails", "day": 1, "time": "03:30"}, {"fault": "recovery-fails", "day": 1, "time": "04:00", "rounds": 4},
                 {"fault": "missed", "day": 1, "time": "06:00", "rounds": 2}, {"fault": "lists-twice", "day": 1, "time": "08:00"},
                 {"fault": "port-taken", "day": 1, "time": "10:00"}, {"fault": "clock-steps", "day": 1, "time": "20:00", "amount": 90}]\
                """,
                "VAL12-05",
                "FAIL",
                "VAL12-08",
                "FAIL",
                "VAL12-10",
                "FAIL",
                "C1",
                "FAIL",
                "C2",
                "FAIL",
                "C3",
                "FAIL",
                "C4",
                "FAIL");
        Ended ended = rehearse("--scenario", scenario.toString(), soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        Map<Integer, JsonNode> bySlot = new TreeMap<>();
        for (Path round : rounds(soak("a"))) {
            bySlot.put(summary(round).get("slot").asInt(), summary(round));
        }
        assertTrue(bySlot.get(2).get("p99_ms").asDouble() > 600);
        assertEquals(3, bySlot.get(4).get("create_errors").asInt());
        assertEquals("500", bySlot.get(7).get("scan_http_code").asText());
        assertEquals(
                1,
                bySlot.get(9).get("recovery_fail").asInt()
                        + bySlot.get(10)
                                .get("recovery_fail")
                                .asInt()); // the drill of slot 7: an hour old in one of them
        assertFalse(bySlot.containsKey(12) || bySlot.containsKey(13));
        assertEquals(1, bySlot.get(16).get("duplicate_plans").asInt());
        JsonNode robbed = bySlot.get(20);
        assertTrue(robbed.get("port_conflict").asBoolean());
        assertEquals("200", robbed.get("health_http_code").asText(), "the thief is healthy");
        for (String field :
                List.of("create_ok", "stuck_count", "recovery_ok", "plan_count", "lost_plans", "metrics_ok")) {
            assertTrue(robbed.get(field).isNull(), field + " is " + robbed.get(field));
        }
        assertEquals(90_000, bySlot.get(40).get("clock_step_ms").asInt());
    }

    @Test
    void a_soak_that_ends_with_a_stranger_in_its_place_is_no_soak_that_lost_nothing() throws Exception {
        Path scenario = scenario(
                "[{\"fault\": \"port-taken\", \"day\": 1, \"time\": \"23:30\"}]",
                "VAL12-05",
                "FAIL",
                "VAL12-08",
                "FAIL",
                "C1",
                "FAIL",
                "C4",
                "FAIL");
        Ended ended = rehearse("--scenario", scenario.toString(), soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(
                ended.out().contains("lost=0, duplicate=0")
                        && ended.out()
                                .contains("not measured since a stranger took the control plane's place in"
                                        + " 2026-10-01/round-2330"),
                ended.out());
    }

    @Test
    void a_cli_that_answers_0_and_does_nothing_is_refuted_alike_in_rounds_metrics_and_every_report() throws Exception {
        Path scenario = scenario(
                "[{\"fault\": \"hollow-recoveries\", \"day\": 1, \"time\": \"04:00\", \"rounds\": 6}]",
                "VAL12-10",
                "FAIL",
                "C2",
                "FAIL");
        Ended ended = rehearse("--scenario", scenario.toString(), soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        int refuted = 0;
        int recovered = 0;
        for (Path round : rounds(soak("a"))) {
            refuted += summary(round).get("recoveries_refuted").asInt();
            recovered += summary(round).get("recovery_ok").asInt();
            assertEquals(
                    summary(round).get("recoveries_refuted").asInt() > 0 ? "FAIL" : "PASS",
                    summary(round).get("v04_recovery").asText());
        }
        assertTrue(refuted >= 4 && refuted <= 10, "one or two plans, each round but the last of them: " + refuted);
        JsonNode report = Json.parse(Files.readString(soak("a").resolve("final-report.json")));
        assertEquals(refuted, report.get("recoveries_refuted").asInt());
        assertEquals(
                (double) (recovered - refuted) / recovered,
                report.get("agg_rollback_rate").asDouble(),
                1e-9);
        assertEquals(1.0, report.get("rollback_rate_by_exit_code").asDouble());
        JsonNode daily = Json.parse(Files.readString(soak("a").resolve("daily/2026-10-01-summary.json")));
        assertEquals(refuted, daily.get("recoveries_refuted").asInt());
        assertEquals(report.get("agg_rollback_rate"), daily.get("daily_rollback_rate"));
        String total = " " + refuted;
        assertTrue(Files.readAllLines(soak("a").resolve("metrics/soak.prom")).stream()
                .anyMatch(line -> line.startsWith("soak_recoveries_refuted_total{") && line.endsWith(total)));
        assertTrue(Files.readString(soak("a").resolve("final-report.html"))
                .contains(refuted + " refuted, by exit codes 1.000"));
        String alerts = Files.readString(soak("a").resolve("alerts.log"));
        assertTrue(
                alerts.contains(" ALERT recoveries_refuted=") && alerts.contains(" ALERT daily_rollback_rate=0."),
                alerts);
        assertTrue(
                ended.out().contains("Refuted recoveries: " + refuted)
                        && ended.out().contains("Rate by exit codes alone: 1.000"),
                ended.out());
    }

    @Test
    void every_bundled_scenario_is_listed_and_states_every_verdict() {
        Ended ended = rehearse("--list");
        assertEquals(Exit.OK, ended.exit());
        List<String> names = new ArrayList<>();
        ended.out().lines().forEach(line -> names.add(line.split(" ")[0]));
        assertTrue(
                names.containsAll(List.of(
                        "clean",
                        "one-bad-night",
                        "crash-loop",
                        "degrading",
                        "slow-disk",
                        "lossy",
                        "amnesia",
                        "double-listing",
                        "never-stuck",
                        "flaky-rollback",
                        "missed-cron",
                        "host-down-6h",
                        "half-soak",
                        "hung",
                        "leaky",
                        "clock-jump",
                        "port-thief",
                        "hollow-recovery",
                        "foreign-paging",
                        "replica-lag",
                        "random")),
                names.toString());
    }

    @Test
    void rehearsals_that_begin_together_all_find_their_scenarios() {
        List<String> names = Rehearsals.bundled();
        IntStream.range(0, 40).parallel().forEach(i -> assertEquals(names, Rehearsals.bundled()));
    }

    @Test
    void what_each_bundled_scenario_states_is_what_the_oracle_foresees() {
        for (String name : Rehearsals.bundled()) {
            assertEquals(new TreeMap<>(Rehearsals.foreseen(name, 1)), new TreeMap<>(Rehearsals.stated(name)), name);
        }
    }

    @Test
    void a_scenario_of_another_length_is_held_against_what_is_foreseen_for_that_length() throws Exception {
        Ended ended =
                rehearse("--scenario", "bad-start", "--days", "1", soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(ended.out().contains("Verdicts: all 15 as stated"), ended.out());
        assertTrue(ended.out().contains("VAL12-02 initial_round_success: FAIL"), ended.out());
    }

    @Test
    void random_draws_the_same_faults_for_the_same_seed_and_the_report_says_what_the_oracle_does() throws Exception {
        for (int seed = 31; seed < 35; seed++) {
            Ended ended = rehearse(
                    "--scenario",
                    "random",
                    "--days",
                    "1",
                    "--seed",
                    Integer.toString(seed),
                    soak("r" + seed).toString());
            assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
            assertTrue(
                    ended.out().contains("Fault: ") && ended.out().contains("Verdicts: all 15 as stated"), ended.out());
        }
        rehearse(
                "--scenario",
                "random",
                "--days",
                "1",
                "--seed",
                "31",
                soak("again").toString());
        assertEquals(contents(soak("r31")), contents(soak("again")));
        assertFalse(Files.readString(soak("r31").resolve("rehearsal-scenario.json"))
                .equals(Files.readString(soak("r32").resolve("rehearsal-scenario.json"))));
    }

    @Test
    void what_cannot_be_rehearsed_is_refused_in_one_sentence() throws Exception {
        Path broken = Files.writeString(
                folder.resolve("broken.json"),
                "{\"title\": \"x\", \"faults\": [{\"fault\": \"boredom\"}], \"expect\": {}}");
        Path silent = Files.writeString(
                folder.resolve("silent.json"), "{\"title\": \"x\", \"faults\": [], \"expect\": {\"C1\": \"PASS\"}}");
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
