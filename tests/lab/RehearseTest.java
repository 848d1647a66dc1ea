import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;

/** rehearse.java: soaks of a day or two on the virtual clock, by the scripts themselves. */
@Tag("slow")
class RehearseTest {
    @TempDir
    Path folder;

    private Path soak(String name) {
        return folder.resolve(name);
    }

    @Test
    void a_day_leaves_what_a_soak_leaves_marked_as_a_rehearsal_everywhere() throws Exception {
        Rehearsed ended = Rehearsed.by("--days", "1", soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.err());
        assertTrue(ended.out().contains("VAL12-05 stuck_detection_ops: PASS"), ended.out());
        assertTrue(ended.out().contains("NOT ASSESSED (rehearsal)"), ended.out());
        assertTrue(ended.out().lines().findFirst().orElse("").endsWith("(REHEARSAL)"), ended.out());
        assertTrue(Files.readString(soak("a").resolve("cron.log"))
                .contains("# VAL 12 — Daily Summary 2026-10-01 (day 1) (REHEARSAL)\n"));
        assertTrue(ended.out().contains("Files: " + soak("a")), ended.out());
        assertTrue(ended.err().contains("clean  day 1 of 1  rounds 48  plans 480  faults 0"), ended.err());
        assertTrue(Files.readString(soak("a").resolve("config.env")).contains("SOAK_REHEARSAL=true\n"));
        List<Path> rounds = Rehearsed.rounds(soak("a"));
        assertEquals(48, rounds.size());
        for (Path round : rounds) {
            assertTrue(Rehearsed.summary(round).get("rehearsal").asBoolean(), round.toString());
        }
        JsonNode last = Rehearsed.summary(rounds.get(47));
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
        Rehearsed.by(
                "--days", "1", "--interval", "3600", "--seed", "7", soak("a").toString());
        Rehearsed.by(
                "--days", "1", "--interval", "3600", "--seed", "7", soak("b").toString());
        Rehearsed.by(
                "--days", "1", "--interval", "3600", "--seed", "8", soak("c").toString());
        Map<String, String> first = Rehearsed.contents(soak("a"));
        assertEquals(List.of(), differences(first, Rehearsed.contents(soak("b"))));
        assertFalse(differences(first, Rehearsed.contents(soak("c"))).isEmpty());
    }

    @Test
    void a_rehearsal_that_is_killed_time_and_again_and_goes_on_leaves_the_same_bytes_as_one_that_is_not()
            throws Exception {
        Path scenario = Rehearsed.scenario(folder, """
            [{"fault": "killed", "day": 1, "time": "05:00"},
             {"fault": "recovery-fails", "day": 1, "time": "08:00", "rounds": 9},
             {"fault": "leaks", "day": 1, "rounds": 40},
             {"fault": "old-store", "day": 2, "time": "01:00", "amount": 3},
             {"fault": "clock-steps", "day": 1, "time": "23:00", "amount": 5400}]\
            """);
        String[] options = {"--scenario", scenario.toString(), "--days", "2", "--interval", "3600", "--seed", "57"};
        Rehearsed.by(with(options, soak("whole")));
        Map<String, String> whole = Rehearsed.contents(soak("whole"));
        int all = Rehearsed.rounds(soak("whole")).size();
        Path cut = soak("cut");
        String[] goesOn = with(options, cut);
        Moment inARound = soak -> !Files.exists(last(Rehearsed.rounds(soak)).resolve(RoundFiles.SUMMARY));
        kill("in the first round", soak -> Rehearsed.rounds(soak).size() == 1, cut, goesOn);
        goesOn = new String[] {cut.toString()};
        kill(
                "in a round of the first day",
                soak -> Rehearsed.rounds(soak).size() >= 11 && inARound.came(soak),
                cut,
                goesOn);
        kill(
                "in or near the first daily report",
                soak -> Rehearsed.rounds(soak).size() == 24 && !inARound.came(soak),
                cut,
                goesOn);
        kill(
                "in the round after the store came back",
                soak -> Rehearsed.rounds(soak).size() >= 25 && inARound.came(soak),
                cut,
                goesOn);
        kill(
                "in or near the last reports",
                soak -> Rehearsed.rounds(soak).size() == all && !inARound.came(soak),
                cut,
                goesOn);
        Rehearsed ended = Rehearsed.by(goesOn);
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertEquals(List.of(), differences(whole, Rehearsed.contents(cut)));
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

    /** One that goes on takes the rounds of the day back, and a folder may go while it is looked at. */
    private static boolean hasCome(Moment moment, Path soak) throws IOException {
        try {
            return Files.exists(soak.resolve("rounds")) && moment.came(soak);
        } catch (UncheckedIOException | NoSuchFileException takenBack) {
            return false;
        }
    }

    /** Starts a rehearsal as a process of its own and ends it as kill -9 does, when the moment has come. */
    private static void kill(String when, Moment moment, Path soak, String... args) throws Exception {
        Process process = new ProcessBuilder(Fork.java("rehearse", args))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (!hasCome(moment, soak)) {
                assertTrue(process.isAlive(), "it ended before the moment came: " + when);
                Thread.sleep(1);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_rehearsal_that_has_ended_only_tells_its_report_again() throws Exception {
        Rehearsed first =
                Rehearsed.by("--days", "1", "--interval", "3600", soak("a").toString());
        Map<String, String> before = Rehearsed.contents(soak("a"));
        Rehearsed again = Rehearsed.by(soak("a").toString());
        assertEquals(Exit.OK, again.exit(), again.err());
        assertEquals(
                first.out().substring(0, first.out().indexOf("\nRehearsal: ")),
                again.out().substring(0, again.out().indexOf("\nRehearsal: ")));
        assertEquals(before, Rehearsed.contents(soak("a")));
    }

    @Test
    void two_of_the_same_seed_at_once_do_not_meet() {
        List<CompletableFuture<Fork.Result>> both = Stream.of("a", "b")
                .map(name -> CompletableFuture.supplyAsync(() -> Fork.run(Fork.java(
                        "rehearse",
                        "--days",
                        "1",
                        "--interval",
                        "3600",
                        soak(name).toString()))))
                .toList();
        both.forEach(
                ended -> assertEquals(Exit.OK, ended.join().exit(), ended.join().err()));
    }

    @Test
    void one_whose_ports_are_taken_meanwhile_says_so_unless_it_has_ended() throws Exception {
        assertEquals(
                Exit.OK,
                Rehearsed.by("--days", "1", "--interval", "14400", soak("a").toString())
                        .exit());
        URI url = URI.create(Config.read(new SoakDir(soak("a"))).cpUrl());
        try (ServerSocket taken = new ServerSocket(url.getPort(), 1, InetAddress.getByName(url.getHost()))) {
            assertEquals(Exit.OK, Rehearsed.by(soak("a").toString()).exit());
            Files.delete(soak("a").resolve("final-report.json"));
            Rehearsed refused = Rehearsed.by(soak("a").toString());
            assertEquals(Exit.FAILED, refused.exit());
            assertTrue(
                    refused.err()
                            .contains("the ports " + url.getAuthority() + " and " + (url.getPort() + 1)
                                    + ", with which the rehearsal in " + soak("a") + " began, are in use"),
                    refused.err());
        }
    }

    @Test
    void what_cannot_be_rehearsed_is_refused_in_one_sentence() throws Exception {
        Path broken = Files.writeString(
                folder.resolve("broken.json"),
                "{\"title\": \"x\", \"faults\": [{\"fault\": \"boredom\"}], \"expect\": {}}");
        Path silent = Files.writeString(
                folder.resolve("silent.json"), "{\"title\": \"x\", \"faults\": [], \"expect\": {\"C1\": \"PASS\"}}");
        Path bytes = Files.write(folder.resolve("bytes.json"), new byte[] {'{', (byte) 0xff});
        Files.createDirectories(soak("real"));
        Files.writeString(soak("real").resolve("config.env"), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
        Files.createDirectories(soak("mine"));
        Files.writeString(soak("mine").resolve("letter.txt"), "dear all");
        Map<List<String>, String> refusals = new HashMap<>(Map.of(
                List.of("--scenario", "nothing-such"), "there is no scenario nothing-such",
                List.of("--scenario", broken.toString()), "fault 1 has fault boredom: give one of killed, ",
                List.of("--scenario", silent.toString()), "must state the verdict of each of",
                List.of("--scenario", bytes.toString()),
                        "bytes.json cannot be read (it is not UTF-8 text): a scenario is",
                List.of("--days", "0"), "--days 0 is not a length",
                List.of("--interval", "7000"), "a divisor of 86400",
                List.of("--all", "--scenario", "clean"), "give one of them",
                List.of(soak("real").toString()), "holds a soak that is not a rehearsal",
                List.of(soak("mine").toString()), "is not empty"));
        refusals.put(List.of("--keep"), "--keep goes with --all alone");
        refusals.forEach((args, sentence) -> {
            Rehearsed ended = Rehearsed.by(args.toArray(String[]::new));
            assertEquals(Exit.USAGE, ended.exit(), args + ended.err());
            assertTrue(ended.err().contains(sentence), args + ": " + ended.err());
        });
        Rehearsed real = Rehearsed.by(soak("real").toString());
        assertFalse(real.err().contains("rehearse: in "), real.err());
        for (String all : List.of("--all", "--days=1")) {
            Rehearsed nowhere =
                    Rehearsed.by(all, soak("mine").resolve("letter.txt/in").toString());
            assertEquals(Exit.FAILED, nowhere.exit(), nowhere.err());
            assertTrue(nowhere.err().contains("letter.txt/in cannot be created ("), nowhere.err());
            assertTrue(nowhere.err().contains("): give another folder"), nowhere.err());
        }
        assertEquals("dear all", Files.readString(soak("mine").resolve("letter.txt")));
    }

    @Test
    void the_page_on_scenarios_tells_each_kind_of_fault_that_there_is() throws Exception {
        Path none = Files.writeString(
                folder.resolve("none.json"), "{\"title\": \"x\", \"faults\": [{\"fault\": \"\"}], \"expect\": {}}");
        String refusal = Rehearsed.by("--scenario", none.toString()).err();
        List<String> kinds =
                List.of(refusal.strip().replaceFirst(".*give one of ", "").split(", "));
        List<String> told = Files.readAllLines(Project.folder("scenarios/README.md")).stream()
                .dropWhile(line -> !line.startsWith("| `fault` |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("| "))
                .map(line -> line.split("`")[1])
                .toList();
        assertTrue(kinds.size() > 15, refusal);
        assertEquals(kinds, told);
    }

    /** Taken for the default, it would be another soak's verdicts that are as stated. */
    @Test
    void a_value_that_is_none_of_its_field_is_refused_and_never_taken_for_the_default() throws Exception {
        String good = Files.readString(Rehearsed.scenario(
                folder, "[{\"fault\": \"killed\", \"day\": 1, \"time\": \"05:00\", \"rounds\": 1, \"amount\": 1}]"));
        Map<List<String>, String> refusals = Map.ofEntries(
                Map.entry(List.of("\"days\": 1", "\"days\": \"thirty\""), "days \"thirty\": give a whole number"),
                Map.entry(
                        List.of("\"days\": 1", "\"days\": 3000000000"),
                        "days 3000000000: give a whole number of at least 1 and at most 2147483647"),
                Map.entry(List.of("\"days\": 1", "\"days\": 0"), "it has days 0: give a whole number of at least 1"),
                Map.entry(
                        List.of("\"days\": 1", "\"days\": 1, \"interval_seconds\": 7000"),
                        "interval_seconds 7000: give a divisor of 86400"),
                Map.entry(List.of("\"days\": 1", "\"days\": 1, \"median_ms\": \"fast\""), "median_ms \"fast\": give"),
                Map.entry(List.of("\"rounds\": 1", "\"rounds\": -1"), "fault 1 has rounds -1: give a whole number"),
                Map.entry(List.of("\"amount\": 1", "\"amount\": 1.5"), "fault 1 has amount 1.5: give a whole number"),
                Map.entry(List.of("05:00", "24:00"), "fault 1 has time 24:00: give HH:MM"),
                Map.entry(List.of("[{", "{\"a\": [{", "}]", "}]}"), "faults {\"a\":"),
                Map.entry(List.of("\"C1\" : \"PASS\"", "\"C1\" : \"pass\""), "expect.C1 pass: give PASS or FAIL"),
                Map.entry(
                        List.of("\"days\": 1", "\"days\": 1, \"config\": {\"TARGET_UPTIM_PCT\": \"97\"}"),
                        "TARGET_UPTIM_PCT, which is no key of config.env"),
                Map.entry(
                        List.of("\"days\": 1", "\"days\": 1, \"config\": {\"SOAK_DAYS\": \"5\"}"),
                        "SOAK_DAYS, which is the rehearsal's own"),
                Map.entry(
                        List.of("\"days\": 1", "\"days\": 1, \"config\": {\"TARGET_UPTIME_PCT\": \"a lot\"}"),
                        "config.TARGET_UPTIME_PCT a lot: give a percentage from 0 to 100"));
        for (Map.Entry<List<String>, String> refusal : refusals.entrySet()) {
            List<String> edit = refusal.getKey();
            String edited = good;
            for (int i = 0; i < edit.size(); i += 2) {
                assertTrue(edited.contains(edit.get(i)), edit.get(i));
                edited = edited.replace(edit.get(i), edit.get(i + 1));
            }
            Path file = Files.writeString(folder.resolve("edited.json"), edited);
            Rehearsed ended =
                    Rehearsed.by("--scenario", file.toString(), soak("none").toString());
            assertEquals(Exit.USAGE, ended.exit(), edit + ended.err());
            assertTrue(
                    ended.err().contains("the scenario edited cannot be used: ")
                            && ended.err().contains(refusal.getValue()),
                    edit + ": " + ended.err());
            assertFalse(Files.exists(soak("none")), edit + ": a folder was left");
        }
    }

    @Test
    void the_same_command_continues_a_scenario_of_a_file_unless_the_file_has_changed() throws Exception {
        Path file = Rehearsed.scenario(folder, "[]");
        String[] command = {
            "--scenario", file.toString(), "--interval", "14400", soak("a").toString()
        };
        Rehearsed first = Rehearsed.by(command);
        Rehearsed again = Rehearsed.by(command);
        assertEquals(first.exit(), again.exit(), again.err());
        assertTrue(again.err().contains("rehearse: scenario continues where it was interrupted"), again.err());
        Files.writeString(file, Files.readString(file).replace("[]", "[{\"fault\": \"killed\"}]"));
        Rehearsed other = Rehearsed.by(command);
        assertEquals(Exit.USAGE, other.exit());
        assertTrue(other.err().contains("has changed since the rehearsal in " + soak("a") + " began: "), other.err());
    }
}
