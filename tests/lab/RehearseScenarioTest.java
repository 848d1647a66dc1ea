import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import lab.rehearsal.Rehearsals;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenarios on the virtual clock: their faults reach the evidence, and their verdicts are those that are stated or
 * foreseen.
 */
@Tag("slow")
class RehearseScenarioTest {
    @TempDir
    Path folder;

    private Path soak(String name) {
        return folder.resolve(name);
    }

    @Test
    void a_control_plane_that_dies_or_hangs_is_started_again_by_the_round_and_the_scenario_must_say_so()
            throws Exception {
        Path scenario = Rehearsed.scenario(
                folder,
                "[{\"fault\": \"killed\", \"day\": 1, \"time\": \"05:00\"}, {\"fault\": \"hung\", \"day\": 1,"
                        + " \"time\": \"09:00\"}]",
                "VAL12-08",
                "FAIL",
                "C4",
                "FAIL");
        Rehearsed ended =
                Rehearsed.by("--scenario", scenario.toString(), soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(ended.hasAll("stated"), ended.out());
        JsonNode killed = Rehearsed.summary(Rehearsed.rounds(soak("a")).get(10));
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
        JsonNode hung = Rehearsed.summary(Rehearsed.rounds(soak("a")).get(18));
        assertTrue(hung.get("hung").asBoolean());
        assertTrue(
                hung.get("failures").toString().contains("no complete answer within 30000 ms"),
                hung.get("failures").toString());
    }

    @Test
    void a_verdict_that_is_not_the_stated_one_is_named_and_exits_10() throws Exception {
        Rehearsed ended = Rehearsed.by(
                "--scenario",
                Rehearsed.scenario(folder, "[{\"fault\": \"loses\", \"day\": 1, \"time\": \"10:00\"}]")
                        .toString(),
                soak("a").toString());
        assertEquals(Exit.BAD, ended.exit(), ended.err());
        assertTrue(ended.out().contains("NOT AS STATED: C1 is FAIL, stated was PASS"), ended.out());
    }

    @Test
    void faults_of_the_api_the_timetable_and_the_store_reach_the_evidence() throws Exception {
        Path scenario = Rehearsed.scenario(
                folder,
                """
                [{"fault": "slow", "day": 1, "time": "01:00", "amount": 600},
                 {"fault": "refuses", "day": 1, "time": "02:00", "amount": 3},
                 {"fault": "scan-fails", "day": 1, "time": "03:30"},
                 {"fault": "recovery-fails", "day": 1, "time": "04:00", "rounds": 4},
                 {"fault": "missed", "day": 1, "time": "06:00", "rounds": 2},
                 {"fault": "lists-twice", "day": 1, "time": "08:00"},
                 {"fault": "port-taken", "day": 1, "time": "10:00"},
                 {"fault": "clock-steps", "day": 1, "time": "20:00", "amount": 90}]\
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
        Rehearsed ended =
                Rehearsed.by("--scenario", scenario.toString(), soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        Map<Integer, JsonNode> bySlot = new TreeMap<>();
        for (Path round : Rehearsed.rounds(soak("a"))) {
            bySlot.put(Rehearsed.summary(round).get("slot").asInt(), Rehearsed.summary(round));
        }
        assertTrue(bySlot.get(2).get("p99_ms").asDouble() > 600);
        assertEquals(3, bySlot.get(4).get("create_errors").asInt());
        assertEquals("500", bySlot.get(7).get("scan_http_code").asText());
        // the drill of slot 7: an hour old in one of them
        assertEquals(
                1,
                bySlot.get(9).get("recovery_fail").asInt()
                        + bySlot.get(10).get("recovery_fail").asInt());
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
        Path scenario = Rehearsed.scenario(
                folder,
                "[{\"fault\": \"port-taken\", \"day\": 1, \"time\": \"23:30\"}]",
                "VAL12-05",
                "FAIL",
                "VAL12-08",
                "FAIL",
                "C1",
                "FAIL",
                "C4",
                "FAIL");
        Rehearsed ended =
                Rehearsed.by("--scenario", scenario.toString(), soak("a").toString());
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
        Path scenario = Rehearsed.scenario(
                folder,
                "[{\"fault\": \"hollow-recoveries\", \"day\": 1, \"time\": \"04:00\", \"rounds\": 6}]",
                "VAL12-10",
                "FAIL",
                "C2",
                "FAIL");
        Rehearsed ended =
                Rehearsed.by("--scenario", scenario.toString(), soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        int refuted = 0;
        int recovered = 0;
        for (Path round : Rehearsed.rounds(soak("a"))) {
            refuted += Rehearsed.summary(round).get("recoveries_refuted").asInt();
            recovered += Rehearsed.summary(round).get("recovery_ok").asInt();
            assertEquals(
                    Rehearsed.summary(round).get("recoveries_refuted").asInt() > 0 ? "FAIL" : "PASS",
                    Rehearsed.summary(round).get("v04_recovery").asText());
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
        Rehearsed ended = Rehearsed.by("--list");
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
        Rehearsed ended =
                Rehearsed.by("--scenario", "bad-start", "--days", "1", soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(ended.hasAll("foreseen for 1 day"), ended.out());
        assertTrue(ended.out().contains("VAL12-02 initial_round_success: FAIL"), ended.out());
    }

    @Test
    void settings_with_which_the_oracle_does_not_reckon_leave_the_verdicts_uncompared() throws Exception {
        Path scenario = Rehearsed.scenario(folder, "[], \"config\": {\"RECOVERY_BUDGET_SECONDS\": \"0\"}");
        Rehearsed ended = Rehearsed.by(
                "--scenario",
                scenario.toString(),
                "--interval",
                "3600",
                soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(
                ended.out().contains("VAL12-10 agg_rollback_rate: FAIL (attempts=0,")
                        && ended.out().contains("Verdicts: not compared, because the oracle can foresee none for this"),
                ended.out());
    }

    @Test
    void a_clock_that_is_set_beyond_the_end_of_the_soak_ends_no_rehearsal() throws Exception {
        Path scenario = Rehearsed.scenario(
                folder, "[{\"fault\": \"clock-steps\", \"day\": 1, \"time\": \"22:00\", \"amount\": 259200}]");
        Rehearsed ended = Rehearsed.by(
                "--scenario",
                scenario.toString(),
                "--days",
                "2",
                "--interval",
                "3600",
                soak("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(ended.hasAll("foreseen for 2 days"), ended.out());
        assertTrue(ended.out().contains(", 23 rounds and 1 reports in "), ended.out());
    }

    @Test
    void random_draws_the_same_faults_for_the_same_seed_and_the_report_says_what_the_oracle_does() throws Exception {
        Map<JsonNode, Integer> drawnBy = new HashMap<>();
        for (int seed = 31; seed < 35; seed++) {
            Rehearsed ended = Rehearsed.by(
                    "--scenario",
                    "random",
                    "--days",
                    "1",
                    "--interval",
                    "3600",
                    "--seed",
                    Integer.toString(seed),
                    soak("r" + seed).toString());
            assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
            assertTrue(ended.out().contains("Fault: ") && ended.hasAll("foreseen for 1 day"), ended.out());
            for (JsonNode fault : Json.parse(Files.readString(soak("r" + seed).resolve("rehearsal-scenario.json")))
                    .path("faults")) {
                assertEquals(seed, drawnBy.merge(fault, seed, Integer::min), "drawn by two seeds: " + fault);
            }
        }
        Rehearsed.by(
                "--scenario",
                "random",
                "--days",
                "1",
                "--interval",
                "3600",
                "--seed",
                "31",
                soak("again").toString());
        assertEquals(Rehearsed.contents(soak("r31")), Rehearsed.contents(soak("again")));
        assertFalse(Files.readString(soak("r31").resolve("rehearsal-scenario.json"))
                .equals(Files.readString(soak("r32").resolve("rehearsal-scenario.json"))));
    }
}
