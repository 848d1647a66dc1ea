import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import soak.RoundFiles;

/** What the host does to a round: kills it, turns its clock, lets thousands of plans get stuck at once. */
@Tag("slow")
class HostFaultTest extends AttachedSoak {
    private static final int KILLS = Integer.getInteger("soak.kills", 60);
    private static final long LONGEST_ROUND_MS = 1_500;

    @Test
    void a_clock_that_steps_in_mid_round_changes_no_duration_and_is_said() throws Exception {
        for (Duration step : List.of(Duration.ofHours(-1), Duration.ofDays(1))) {
            rig.stepMidRound(step);
            RoundRig.Round round = rig.round();
            assertEquals(Exit.OK, round.exit(), round.err());
            assertEquals(step.toMillis(), round.summary().get("clock_step_ms").asLong(), 60_000);
            assertTrue(round.summary().get("duration_ms").asLong() < 60_000);
            assertTrue(
                    round.summary().get("warnings").toString().contains("the wall clock stepped by"),
                    round.summary().get("warnings").toString());
            assertTrue(round.lines("create-times.txt").stream().allMatch(t -> Double.parseDouble(t) < 60));
        }
        RoundRig.Round steady = rig.round();
        assertFalse(steady.summary().get("warnings").toString().contains("the wall clock"));
    }

    @Test
    void a_clock_that_was_set_back_between_rounds_forgets_no_plan() throws Exception {
        rig.round();
        rig.round();
        rig.setNow(RoundRig.START.minus(Duration.ofHours(1)));
        RoundRig.Round early = rig.round();
        assertEquals(30, early.summary().get("expected_plans").asInt());
        assertEquals(-2, early.summary().get("slot").asInt());
        assertEquals(Exit.OK, early.exit());
    }

    @Test
    void seven_thousand_stuck_plans_at_once_and_a_slow_cli_cost_a_round_its_budget_and_little_disk() throws Exception {
        rig.with("RECOVER_FOREIGN", "yes", "RECOVERY_BUDGET_SECONDS", "3");
        rig.createOthers(7_200);
        rig.cp.set("stuck_plans", "7200");
        rig.cp.set("cli_seconds", "2");
        RoundRig.Round round = rig.round();
        int recovered = round.summary().get("recovery_ok").asInt();
        assertTrue(
                recovered >= 4 && recovered <= 8,
                "4 at a time, 2 s each at least, none started after 3 s: " + recovered);
        assertEquals(7_200 - recovered, round.summary().get("recovery_deferred").asInt());
        assertEquals("PASS", round.summary().get("v04_recovery").asText());
        assertTrue(
                round.err()
                        .contains(
                                " of 7200 stuck plans were left for the next round, because RECOVERY_BUDGET_SECONDS=3"),
                round.err());
        assertTrue(
                round.summary().get("evidence_bytes").asLong() < 200_000,
                round.summary().get("evidence_bytes").asText());
        rig.cp.set("stuck_plans", "");
        assertEquals(Exit.OK, rig.round().exit());
    }

    /** SIGTERM, as a host that shuts down sends it, once the round has announced its plans. */
    private List<String> saidByOneThatASignalMeets(String createDelayMs) throws Exception {
        rig.with("TARGET_PLAN_COUNT", "1");
        rig.cp.set("create_delay_ms", createDelayMs);
        Path said = folder.resolve("cron.log");
        Process round = new ProcessBuilder(Fork.java("round", folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        while (rig.folders().isEmpty() || !Files.exists(rig.folders().get(0).resolve(RoundFiles.PLAN_IDS))) {
            assertTrue(round.isAlive(), Files.readString(said));
            Thread.sleep(1);
        }
        round.destroy();
        assertEquals(128 + 15, round.waitFor());
        String id = RoundFiles.id(rig.folders().get(0));
        return Files.readAllLines(said).stream()
                .map(line -> line.replace("rounds/" + id, "rounds/ID").replaceFirst("^20\\S+Z round: ", "TIME round: "))
                .toList();
    }

    private static final String GOES_ON = "TIME round: a signal came: rounds/ID goes on to its end, for at most 30 s";

    @Test
    void a_round_that_a_signal_meets_goes_on_to_its_end() throws Exception {
        List<String> said = saidByOneThatASignalMeets("200");
        assertEquals(GOES_ON, said.get(0));
        assertTrue(said.get(said.size() - 1).contains(": PASS, created 10/10, "), said.toString());
        assertTrue(Files.exists(rig.folders().get(0).resolve(RoundFiles.SUMMARY)));
    }

    @Test
    void a_round_that_a_signal_ends_says_so_and_the_next_one_settles_what_it_created() throws Exception {
        assertEquals(
                List.of(
                        GOES_ON,
                        "TIME round: a signal ends rounds/ID: without a round-summary.json it counts as interrupted,"
                            + " which is unhealthy; its files are kept, and the next round settles what it created"),
                saidByOneThatASignalMeets("600000"));
        rig.cp.set("create_delay_ms", "");
        rig.setNow(Instant.now().plusSeconds(5));
        RoundRig.Round next = rig.round();
        assertEquals(Exit.OK, next.exit(), next.err());
        assertFalse(next.err().contains("a signal"), next.err());
    }

    @Test
    void a_round_of_which_no_line_tells_is_named_by_the_next_one_and_by_no_other() throws Exception {
        rig.round();
        Files.createDirectories(rig.dir.round("2026-10-01/round-001500")); // as a power cut leaves it
        RoundRig.Round next = rig.round();
        assertEquals(
                1,
                next.err()
                        .lines()
                        .filter(line -> line.startsWith("2026-10-01T00:30:00Z round 3: warning: rounds/2026-10-01/"
                                + "round-001500 ended without a round-summary.json: killed, or the power failed; each"
                                + " such round counts as interrupted"))
                        .count(),
                next.err());
        assertFalse(rig.round().err().contains("ended without"));
    }

    /**
     * Rounds killed at seeded moments: no half file is ever read as whole, no plan that the control plane has is
     * unknown to the evidence, no acknowledged plan is forgotten, and the next round runs.
     */
    @Test
    void rounds_killed_at_any_moment_lose_nothing() throws Exception {
        // how far killed rounds came is the machine's affair
        rig.with("TARGET_PLAN_COUNT", "1");
        rig.cp.set("create_delay_ms", "20"); // so that many of the kills meet a create
        Random random = new Random(4711);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process round = new ProcessBuilder(Fork.java("round", folder.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!round.waitFor(random.nextLong(LONGEST_ROUND_MS), TimeUnit.MILLISECONDS)) {
                round.destroyForcibly().waitFor();
                killed++;
            }
            for (Path each : rig.folders()) {
                Path summary = each.resolve("round-summary.json");
                if (Files.exists(summary)) {
                    assertEquals(
                            1,
                            Json.parse(Files.readString(summary)).get("schema").asInt());
                }
                Path ids = each.resolve("plan-ids.txt");
                if (Files.exists(ids)) {
                    assertTrue(
                            Files.readString(ids).isEmpty()
                                    || Files.readAllLines(ids).size() == 10,
                            ids + " is whole or absent");
                }
            }
        }
        assertTrue(killed > KILLS / 4, killed + " of " + KILLS + " rounds were killed in mid-work");
        rig.cp.set("create_delay_ms", "");
        rig.setNow(Instant.now().plusSeconds(5));
        RoundRig.Round last = rig.round();
        assertEquals(Exit.OK, last.exit(), last.err());
        Set<String> known = new HashSet<>();
        int acknowledged = 0;
        int revived = 0;
        for (Path each : rig.folders()) {
            if (Files.exists(each.resolve("plan-ids.txt"))) {
                known.addAll(Files.readAllLines(each.resolve("plan-ids.txt")));
            }
            if (Files.exists(each.resolve("plans-created.txt"))) {
                acknowledged += (int) Files.readAllLines(each.resolve("plans-created.txt")).stream()
                        .filter("201"::equals)
                        .count();
            }
            if (Files.exists(each.resolve("integrity.json"))) {
                revived += Json.parse(Files.readString(each.resolve("integrity.json")))
                        .get("revived")
                        .size();
            }
        }
        assertTrue(known.containsAll(rig.cp.planIds()), "every plan that exists was announced on disk before");
        assertEquals(
                rig.cp.planIds().size(),
                acknowledged + revived,
                "each is acknowledged, or was in doubt and settled by a listing");
        assertEquals(0, last.summary().get("lost_plans").asInt());
        assertFalse(Files.exists(last.folder().resolve("round-summary.json.tmp")));
        assertNull(last.summary().get("failures").get("v07_integrity"));
        SealReport seals = SealCheck.of(rig.dir, Heads.NONE, SealCheck.Progress.NONE);
        assertEquals(List.of(), seals.findings(), "the last round closes what was killed");
        assertEquals(rig.folders().size(), seals.sealed().count());
        System.out.println(
                "kills: " + killed + " of " + KILLS + " rounds killed in mid-work, " + known.size() + " ids announced, "
                        + acknowledged + " acknowledged, " + revived + " in doubt and settled by a listing, 0 lost");
    }
}
