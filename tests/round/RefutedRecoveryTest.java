import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A recovery that answers 0 and does nothing is told by a later round's scan (contract, section 4 "Refuted"). */
@Tag("slow")
class RefutedRecoveryTest extends StuckSoak {
    @Test
    void a_cli_that_only_exits_0_is_refuted_by_the_next_scan_and_the_step_fails_and_says_which() throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        RoundRig.Round recovers = rig.roundAt("01:30:00");
        assertEquals(Exit.OK, recovers.exit(), "nothing can be told in the same round");
        assertEquals(0, recovers.summary().get("recoveries_refuted").asInt(-1));
        RoundRig.Round refutes = rig.roundAt("02:00:00");
        assertEquals(Exit.BAD, refutes.exit());
        assertEquals(1, refutes.summary().get("recoveries_refuted").asInt());
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refutes.refuted());
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refutes.lines("refuted.txt"));
        assertEquals("FAIL", refutes.summary().get("v04_recovery").asText());
        assertEquals("PASS", refutes.summary().get("v03_stuck_scan").asText());
        String why = refutes.summary().get("failures").get("v04_recovery").asText();
        assertTrue(
                why.contains(FIRST_PLAN + ", recovered in 2026-10-01/round-013000") && why.contains("AUTONOMY_CLI"),
                why);
        assertEquals(1, refutes.summary().get("recovery_ok").asInt(), "the literal count, by exit codes");
        assertTrue(refutes.out().contains("recovered 1 (refuted 1),"), refutes.out());
        assertEquals(
                List.of("2026-10-01T02:00:00Z ALERT recoveries_refuted=1 threshold=0 day=1"),
                rig.alerts().stream().filter(l -> l.contains("refuted")).toList());
        String metrics = Files.readString(rig.dir.soakMetrics());
        assertTrue(
                metrics.contains("soak_recoveries_refuted_total{soak_id=\"soak-val12\"} 1\n")
                        && metrics.contains("soak_last_round_refuted_recoveries{soak_id=\"soak-val12\"} 1\n"),
                metrics);
        assertTrue(
                metrics.contains("soak_gate_criterion_met{soak_id=\"soak-val12\",criterion=\"VAL12-10\"} 0\n"),
                metrics);
    }

    @Test
    void of_recoveries_of_one_plan_in_every_round_all_but_the_last_are_refuted_each_by_the_next_round_and_once()
            throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        List<RoundRig.Round> rounds = rig.rounds(12);
        assertEquals(List.of(), rounds.get(0).refuted());
        for (int i = 1; i < rounds.size(); i++) {
            assertEquals(
                    List.of(rounds.get(i - 1).summary().get("round_id").asText() + " " + FIRST_PLAN),
                    rounds.get(i).refuted());
        }
    }

    @Test
    void a_cli_that_recovers_another_plan_is_refuted_too() throws Exception {
        rig.with(
                "AUTONOMY_CLI",
                script("exec '" + ForeignControlPlane.cli(folder)
                        + "' rollback execute --target rollout_plan --resource soak-1790812800-02 --strategy retry"
                        + " --orchestrator-url '"
                        + rig.cp.url() + "'"));
        rig.cp.set("stuck_plans", "1");
        rig.rounds(2);
        RoundRig.Round third = rig.round();
        assertEquals(List.of("2026-10-01/round-010000 " + FIRST_PLAN), third.refuted(), third.err());
        assertEquals(Set.of("soak-1790812800-02"), Set.copyOf(rig.cp.cliCalls()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"2026-10-01T00:00:01Z\"",
                "\"2026-10-01T00:00:01.123456789Z\"",
                "\"2026-10-01T02:00:01+02:00\"",
                "\"2026-10-01T00:00:01\"",
                "\"2026-10-01 00:00:01+00\"",
                "\"2026-10-01t00:00:01z\"",
                "1790812801",
                "1790812801.5",
                "1790812801123",
                "\"1790812801\"",
                "1790812801123456789"
            })
    void a_time_in_any_usual_form_that_has_not_moved_refutes_even_days_later(String since) throws Exception {
        rig.stuck(since, FIRST_PLAN);
        rig.roundAt("01:30:00");
        rig.setNow(Instant.parse("2026-10-04T00:00:00Z"));
        assertEquals(
                List.of("2026-10-01/round-013000 " + FIRST_PLAN), rig.round().refuted());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"\"",
                "\"a while ago\"",
                "\"Thu, 01 Oct 2026 00:00:01 GMT\"",
                "\"0001-01-01T00:00:00Z\"",
                "0",
                "true",
                "{}",
                "\"2026-13-01T00:00:00Z\"",
                "-1",
                "99999999999999999999999"
            })
    void what_names_no_time_is_as_none_refuted_within_the_stuck_threshold_and_not_after_it(String since)
            throws Exception {
        rig.stuck(since, FIRST_PLAN);
        rig.roundAt("01:30:00");
        assertEquals(
                List.of("2026-10-01/round-013000 " + FIRST_PLAN),
                rig.roundAt("02:29:59").refuted());
        RoundRig.Round later = rig.roundAt("03:29:59");
        assertEquals(List.of(), later.refuted());
        assertTrue(later.err().contains("without a stuck_since that names a time: once"), later.err());
        assertTrue(later.err().contains(FIRST_PLAN), later.err());
    }

    @Test
    void a_plan_that_an_honest_retry_refreshed_and_that_got_stuck_again_refutes_nothing() throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        rig.roundAt("01:30:00");
        rig.stuck(at("01:30:02"), FIRST_PLAN);
        assertEquals(List.of(), rig.roundAt("03:00:00").refuted(), "stuck since its last update, the retry");
        rig.stuck(at("04:00:02"), FIRST_PLAN);
        assertEquals(List.of(), rig.roundAt("04:30:00").refuted(), "stuck since its last update and the threshold");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02:00:00", "01:50:00", "02:00:07"})
    void a_time_that_whatever_looks_for_stuck_plans_makes_anew_hides_nothing_within_the_threshold(String since)
            throws Exception {
        rig.stuck(at("01:30:00"), FIRST_PLAN);
        rig.roundAt("01:30:00");
        rig.stuck(at(since), FIRST_PLAN);
        assertEquals(
                List.of("2026-10-01/round-013000 " + FIRST_PLAN),
                rig.roundAt("02:00:00").refuted());
    }

    @Test
    void a_control_plane_that_goes_by_a_shorter_threshold_and_tells_the_retrys_time_refutes_nothing_and_warns()
            throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        RoundRig.Round young = rig.roundAt("00:30:00");
        assertTrue(
                young.err().contains("1 plan in the stuck scan is younger than STUCK_THRESHOLD_SECONDS=3600")
                        && young.err().contains(FIRST_PLAN),
                young.err());
        rig.stuck(at("00:30:02"), FIRST_PLAN);
        RoundRig.Round later = rig.roundAt("01:00:00");
        assertEquals(List.of(), later.refuted());
        assertEquals(Exit.OK, later.exit());
        assertFalse(later.err().contains("younger"), later.err());
    }

    @ParameterizedTest
    @CsvSource({"'', true", "500, false", "deferred, false", "foreign, true", "foreign deferred, false"})
    void a_complete_scan_without_the_plan_proves_that_the_recoveries_before_it_took_effect(
            String between, boolean proves) throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN); // since when its stage makes no progress: a retry moves no such time
        rig.roundAt("01:30:00");
        String[] others = between.startsWith("foreign") ? new String[] {"somebody-elses"} : new String[0];
        if (between.endsWith("deferred")) { // the scan lists a plan that no file names
            rig.with("RECOVERY_BUDGET_SECONDS", "0");
            rig.stuck(
                    null,
                    Stream.concat(Stream.of(others), Stream.of(FIRST_PLAN)).toArray(String[]::new));
        } else {
            rig.stuck(null, others);
            rig.cp.set("stuck", between.replace("foreign", ""));
        }
        rig.roundAt("03:30:00");
        rig.cp.set("stuck", "");
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        assertEquals(
                proves ? List.of() : List.of("2026-10-01/round-013000 " + FIRST_PLAN),
                rig.roundAt("04:30:00").refuted());
    }

    @ParameterizedTest
    @ValueSource(longs = {-5 * 3600, -7, 0, 7, 5 * 3600})
    void a_control_plane_whose_clock_is_off_is_held_against_its_own_clock(long offSeconds) throws Exception {
        rig.stuck(off("00:10:00", offSeconds), FIRST_PLAN);
        rig.roundAt("01:30:00");
        rig.stuck(off("01:30:02", offSeconds), FIRST_PLAN);
        assertEquals(List.of(), rig.roundAt("03:00:00").refuted(), "an honest retry moved it");
        assertEquals(
                List.of("2026-10-01/round-030000 " + FIRST_PLAN),
                rig.roundAt("05:30:00").refuted(),
                "the next one did nothing");
    }

    private static String off(String time, long seconds) {
        return "\"" + Instant.parse("2026-10-01T" + time + "Z").plusSeconds(seconds) + "\"";
    }

    @Test
    void a_time_that_moved_and_still_lies_before_the_recovery_refutes_it() throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        rig.roundAt("01:30:00");
        rig.stuck(at("00:20:00"), FIRST_PLAN);
        assertEquals(
                List.of("2026-10-01/round-013000 " + FIRST_PLAN),
                rig.roundAt("04:00:00").refuted());
    }

    @Test
    void
            a_failed_or_deferred_recovery_is_never_refuted_and_an_earlier_one_is_refuted_once_across_them_and_across_a_failed_scan()
                    throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        rig.roundAt("01:30:00");
        rig.cp.set("stuck", "500");
        RoundRig.Round blind = rig.roundAt("02:00:00");
        assertTrue(blind.summary().get("recoveries_refuted").isNull(), "without a scan nothing is known");
        rig.cp.set("stuck", "");
        rig.with("AUTONOMY_CLI", script("exit 7"));
        RoundRig.Round refutes = rig.roundAt("02:30:00");
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refutes.refuted());
        assertEquals(1, refutes.summary().get("recovery_fail").asInt());
        rig.with("RECOVERY_BUDGET_SECONDS", "0");
        RoundRig.Round defers = rig.roundAt("03:00:00");
        assertEquals(1, defers.summary().get("recovery_deferred").asInt());
        assertEquals(List.of(), defers.refuted());
        assertEquals(List.of(), rig.roundAt("03:30:00").refuted());
    }

    @Test
    void an_interrupted_round_is_judged_by_its_recovery_txt_and_what_it_refuted_itself_stays_refuted_once()
            throws Exception {
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        RoundRig.Round one = rig.roundAt("01:30:00");
        RoundRig.Round two = rig.roundAt("02:00:00");
        Files.delete(one.folder().resolve("round-summary.json"));
        Files.delete(two.folder().resolve("round-summary.json"));
        assertEquals(
                List.of("2026-10-01/round-020000 " + FIRST_PLAN),
                rig.roundAt("02:30:00").refuted(),
                "the one of 01:30 was refuted at 02:00");
        Files.delete(two.folder().resolve("refuted.txt")); // as if it had been killed before it could say so
        Files.delete(rig.dir.round("2026-10-01/round-023000").resolve("refuted.txt"));
        Files.delete(rig.dir.round("2026-10-01/round-023000").resolve("recovery.txt"));
        assertEquals(
                List.of("2026-10-01/round-020000 " + FIRST_PLAN, "2026-10-01/round-013000 " + FIRST_PLAN),
                rig.roundAt("03:00:00").refuted());
    }

    @Test
    void a_bash_round_is_judged_by_its_recovery_txt_without_a_length_and_without_its_own_time() throws Exception {
        Path legacy = Files.createDirectories(rig.dir.round("2026-10-01/round-010000"));
        Files.writeString(legacy.resolve("recovery.txt"), FIRST_PLAN + " exit=0\nretry requested\n");
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        assertEquals(
                List.of("2026-10-01/round-010000 " + FIRST_PLAN),
                rig.roundAt("03:00:00").refuted());
    }

    @Test
    void a_plan_that_was_rolled_back_and_stands_in_a_scan_again_refutes_that_whatever_its_time() throws Exception {
        rig.with("RECOVERY_STRATEGY", "rollback");
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        rig.roundAt("01:30:00");
        rig.stuck(at("04:30:00"), FIRST_PLAN);
        assertEquals(
                List.of("2026-10-01/round-013000 " + FIRST_PLAN),
                rig.roundAt("06:00:00").refuted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "60", "1800"})
    void a_threshold_of_at_most_the_interval_refutes_by_the_time_and_not_by_its_absence(String threshold)
            throws Exception {
        rig.with("STUCK_THRESHOLD_SECONDS", threshold);
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        rig.roundAt("01:30:00");
        assertEquals(1, rig.roundAt("02:00:00").refuted().size());
        rig.stuck(null, FIRST_PLAN);
        RoundRig.Round round = rig.roundAt("02:30:00");
        assertEquals(List.of(), round.refuted());
        assertTrue(
                round.err()
                        .contains("once STUCK_THRESHOLD_SECONDS=" + threshold + " have passed, nothing shows whether"),
                round.err());
    }

    @Test
    void a_clock_that_was_set_back_between_rounds_accuses_nobody_without_a_time_and_refutes_nothing_twice()
            throws Exception {
        rig.stuck(null, FIRST_PLAN);
        rig.roundAt("06:00:00");
        assertEquals(List.of(), rig.roundAt("05:00:00").refuted());
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        rig.roundAt("04:00:00");
        List<String> refuted = Stream.of(rig.roundAt("04:30:00"), rig.roundAt("07:00:00"))
                .flatMap(round -> round.refuted().stream())
                .toList();
        assertEquals(refuted.size(), refuted.stream().distinct().count(), refuted.toString());
    }

    @Test
    void a_round_reads_only_as_far_back_as_its_stuck_plans_reach() throws Exception {
        for (Path old : IntStream.range(0, 1440)
                .mapToObj(i -> rig.dir.round(
                        soak.RoundFiles.id(Instant.parse("2026-09-01T00:00:00Z").plusSeconds(1800L * i))))
                .toList()) {
            Files.createDirectories(old);
            Files.writeString(old.resolve("recovery.txt"), FIRST_PLAN + " exit=0 ms=1\n");
        }
        rig.stuck(at("00:00:01"), FIRST_PLAN);
        RoundRig.Round round = rig.roundAt("01:30:00");
        assertEquals(List.of(), round.refuted(), "nobody can have recovered it a month before it was made");
    }

    @Test
    void thousands_of_refuted_recoveries_are_all_kept_and_the_summary_names_the_first() throws Exception {
        String[] plans =
                IntStream.range(0, 3000).mapToObj(i -> "somebody's plan " + i).toArray(String[]::new);
        rig.with("RECOVER_FOREIGN", "yes", "RECOVERY_PARALLELISM", "1", "RECOVERY_BUDGET_SECONDS", "0");
        rig.stuck(at("00:00:01"), plans);
        RoundRig.Round first = rig.roundAt("01:30:00");
        Files.writeString(
                first.folder().resolve("recovery.txt"), String.join(" exit=0 ms=3\n", plans) + " exit=0 ms=3\n");
        RoundRig.Round second = rig.roundAt("02:00:00");
        assertEquals(3000, second.summary().get("recoveries_refuted").asInt());
        assertEquals(20, second.summary().get("refuted_recoveries").size());
        assertEquals(
                3000,
                workload.RoundFolder.readBounded(second.folder().resolve("refuted.txt"))
                        .lines()
                        .count());
        assertTrue(Files.exists(second.folder().resolve("refuted.txt.gz")));
        JsonNode pointer = Json.parse(second.text("refuted.txt"));
        assertEquals(pointer.get("bytes"), pointer.get("kept_bytes"));
        assertEquals(List.of(), rig.roundAt("02:30:00").refuted(), "each but once");
    }
}
