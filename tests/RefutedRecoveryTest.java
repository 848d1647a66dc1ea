import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import soak.Exit;
import soak.Json;

/** A recovery that answers 0 and does nothing is told by a later round's scan (contract, section 4 "Refuted"). */
@Tag("slow")
class RefutedRecoveryTest {
    private static final String FIRST_PLAN = "soak-1790812800-01"; // of the round at 00:00

    @TempDir
    Path folder;

    private RoundRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = RoundRig.attached(folder);
        rig.with("AUTONOMY_CLI", script("exit 0"));
        rig.round(); // at 00:00: makes the plans
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private String script(String what) throws IOException {
        Path script = folder.resolve("a-cli");
        Files.writeString(script, "#!/bin/sh\n" + what + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"))
                .toString();
    }

    /** The next scans have these plans and no others; {@code since} is JSON, or null for none. */
    private void stuck(String since, String... plans) throws IOException {
        ArrayNode all = Json.MAPPER.createArrayNode();
        for (String plan : plans) {
            ObjectNode one = all.addObject().put("plan_id", plan).put("phase", "published");
            if (since != null) {
                one.set("stuck_since", Json.parse(since));
            }
        }
        rig.cp.set(
                "stuck_json",
                Json.MAPPER
                        .createObjectNode()
                        .<ObjectNode>set("stuck_plans", all)
                        .toString());
    }

    private static String at(String time) {
        return "\"2026-10-01T" + time + "Z\"";
    }

    private static List<String> refuted(RoundRig.Round round) {
        return StreamSupport.stream(round.summary().get("refuted_recoveries").spliterator(), false)
                .map(one ->
                        one.get("round_id").asText() + " " + one.get("plan_id").asText())
                .toList();
    }

    private RoundRig.Round roundAt(String time) throws IOException {
        rig.setNow(Instant.parse("2026-10-01T" + time + "Z"));
        return rig.round();
    }

    @Test
    void a_cli_that_only_exits_0_is_refuted_by_the_next_scan_and_the_step_fails_and_says_which() throws Exception {
        stuck(at("00:00:01"), FIRST_PLAN);
        RoundRig.Round recovers = roundAt("01:30:00");
        assertEquals(Exit.OK, recovers.exit(), "nothing can be told in the same round");
        assertEquals(0, recovers.summary().get("recoveries_refuted").asInt(-1));
        RoundRig.Round refutes = roundAt("02:00:00");
        assertEquals(Exit.BAD, refutes.exit());
        assertEquals(1, refutes.summary().get("recoveries_refuted").asInt());
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refuted(refutes));
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
        stuck(at("00:00:01"), FIRST_PLAN);
        List<RoundRig.Round> rounds = rig.rounds(12);
        assertEquals(List.of(), refuted(rounds.get(0)));
        for (int i = 1; i < rounds.size(); i++) {
            assertEquals(
                    List.of(rounds.get(i - 1).summary().get("round_id").asText() + " " + FIRST_PLAN),
                    refuted(rounds.get(i)));
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
        assertEquals(List.of("2026-10-01/round-010000 " + FIRST_PLAN), refuted(third), third.err());
        assertTrue(
                rig.cp.cliCalls().stream().allMatch("soak-1790812800-02"::equals),
                rig.cp.cliCalls().toString());
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
        stuck(since, FIRST_PLAN);
        roundAt("01:30:00");
        rig.setNow(Instant.parse("2026-10-04T00:00:00Z"));
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refuted(rig.round()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"\"",
                "\"a while ago\"",
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
        stuck(since, FIRST_PLAN);
        roundAt("01:30:00");
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refuted(roundAt("02:29:59")));
        RoundRig.Round later = roundAt("03:29:59");
        assertEquals(List.of(), refuted(later));
        assertTrue(later.err().contains("says no stuck_since") && later.err().contains(FIRST_PLAN), later.err());
    }

    @Test
    void a_plan_that_an_honest_retry_refreshed_and_that_got_stuck_again_refutes_nothing() throws Exception {
        stuck(at("00:00:01"), FIRST_PLAN);
        roundAt("01:30:00");
        stuck(at("01:30:02"), FIRST_PLAN);
        assertEquals(List.of(), refuted(roundAt("03:00:00")), "stuck since its last update, the retry");
        stuck(at("04:00:02"), FIRST_PLAN);
        assertEquals(List.of(), refuted(roundAt("04:30:00")), "stuck since its last update and the threshold");
    }

    @ParameterizedTest
    @ValueSource(longs = {-5 * 3600, -7, 0, 7, 5 * 3600})
    void a_control_plane_whose_clock_is_off_is_held_against_its_own_clock(long offSeconds) throws Exception {
        stuck(off("00:10:00", offSeconds), FIRST_PLAN);
        roundAt("01:30:00");
        stuck(off("01:30:02", offSeconds), FIRST_PLAN);
        assertEquals(List.of(), refuted(roundAt("03:00:00")), "an honest retry moved it");
        assertEquals(
                List.of("2026-10-01/round-030000 " + FIRST_PLAN),
                refuted(roundAt("05:30:00")),
                "the next one did nothing");
    }

    private static String off(String time, long seconds) {
        return "\"" + Instant.parse("2026-10-01T" + time + "Z").plusSeconds(seconds) + "\"";
    }

    @Test
    void a_time_that_moved_and_still_lies_before_the_recovery_refutes_it() throws Exception {
        stuck(at("00:00:01"), FIRST_PLAN);
        roundAt("01:30:00");
        stuck(at("00:20:00"), FIRST_PLAN);
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refuted(roundAt("04:00:00")));
    }

    @Test
    void
            a_failed_or_deferred_recovery_is_never_refuted_and_an_earlier_one_is_refuted_once_across_them_and_across_a_failed_scan()
                    throws Exception {
        stuck(at("00:00:01"), FIRST_PLAN);
        roundAt("01:30:00");
        rig.cp.set("stuck", "500");
        RoundRig.Round blind = roundAt("02:00:00");
        assertTrue(blind.summary().get("recoveries_refuted").isNull(), "without a scan nothing is known");
        rig.cp.set("stuck", "");
        rig.with("AUTONOMY_CLI", script("exit 7"));
        RoundRig.Round refutes = roundAt("02:30:00");
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refuted(refutes));
        assertEquals(1, refutes.summary().get("recovery_fail").asInt());
        rig.with("RECOVERY_BUDGET_SECONDS", "0");
        RoundRig.Round defers = roundAt("03:00:00");
        assertEquals(1, defers.summary().get("recovery_deferred").asInt());
        assertEquals(List.of(), refuted(defers));
        assertEquals(List.of(), refuted(roundAt("03:30:00")));
    }

    @Test
    void an_interrupted_round_is_judged_by_its_recovery_txt_and_what_it_refuted_itself_stays_refuted_once()
            throws Exception {
        stuck(at("00:00:01"), FIRST_PLAN);
        RoundRig.Round one = roundAt("01:30:00");
        RoundRig.Round two = roundAt("02:00:00");
        Files.delete(one.folder().resolve("round-summary.json"));
        Files.delete(two.folder().resolve("round-summary.json"));
        assertEquals(
                List.of("2026-10-01/round-020000 " + FIRST_PLAN),
                refuted(roundAt("02:30:00")),
                "the one of 01:30 was refuted at 02:00");
        Files.delete(two.folder().resolve("refuted.txt")); // as if it had been killed before it could say so
        Files.delete(rig.dir.round("2026-10-01/round-023000").resolve("refuted.txt"));
        Files.delete(rig.dir.round("2026-10-01/round-023000").resolve("recovery.txt"));
        assertEquals(
                List.of("2026-10-01/round-020000 " + FIRST_PLAN, "2026-10-01/round-013000 " + FIRST_PLAN),
                refuted(roundAt("03:00:00")));
    }

    @Test
    void a_bash_round_is_judged_by_its_recovery_txt_without_a_length_and_without_its_own_time() throws Exception {
        Path legacy = Files.createDirectories(rig.dir.round("2026-10-01/round-010000"));
        Files.writeString(legacy.resolve("recovery.txt"), FIRST_PLAN + " exit=0\nretry requested\n");
        stuck(at("00:00:01"), FIRST_PLAN);
        assertEquals(List.of("2026-10-01/round-010000 " + FIRST_PLAN), refuted(roundAt("03:00:00")));
    }

    @Test
    void a_plan_that_was_rolled_back_and_stands_in_a_scan_again_refutes_that_whatever_its_time() throws Exception {
        rig.with("RECOVERY_STRATEGY", "rollback");
        stuck(at("00:00:01"), FIRST_PLAN);
        roundAt("01:30:00");
        stuck(at("04:30:00"), FIRST_PLAN);
        assertEquals(List.of("2026-10-01/round-013000 " + FIRST_PLAN), refuted(roundAt("06:00:00")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "60", "1800"})
    void a_threshold_of_at_most_the_interval_refutes_by_the_time_and_not_by_its_absence(String threshold)
            throws Exception {
        rig.with("STUCK_THRESHOLD_SECONDS", threshold);
        stuck(at("00:00:01"), FIRST_PLAN);
        roundAt("01:30:00");
        assertEquals(1, refuted(roundAt("02:00:00")).size());
        stuck(null, FIRST_PLAN);
        RoundRig.Round round = roundAt("02:30:00");
        assertEquals(List.of(), refuted(round));
        assertTrue(round.err().contains("cannot be told once STUCK_THRESHOLD_SECONDS=" + threshold), round.err());
    }

    @Test
    void a_clock_that_was_set_back_between_rounds_accuses_nobody_without_a_time_and_refutes_nothing_twice()
            throws Exception {
        stuck(null, FIRST_PLAN);
        roundAt("06:00:00");
        assertEquals(List.of(), refuted(roundAt("05:00:00")));
        stuck(at("00:00:01"), FIRST_PLAN);
        roundAt("04:00:00");
        List<String> refuted = Stream.of(roundAt("04:30:00"), roundAt("07:00:00"))
                .flatMap(round -> refuted(round).stream())
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
        stuck(at("00:00:01"), FIRST_PLAN);
        RoundRig.Round round = roundAt("01:30:00");
        assertEquals(List.of(), refuted(round), "nobody can have recovered it a month before it was made");
    }

    @Test
    void thousands_of_refuted_recoveries_are_all_kept_and_the_summary_names_the_first() throws Exception {
        String[] plans =
                IntStream.range(0, 3000).mapToObj(i -> "somebody's plan " + i).toArray(String[]::new);
        rig.with("RECOVER_FOREIGN", "yes", "RECOVERY_PARALLELISM", "1", "RECOVERY_BUDGET_SECONDS", "0");
        stuck(at("00:00:01"), plans);
        RoundRig.Round first = roundAt("01:30:00");
        Files.writeString(
                first.folder().resolve("recovery.txt"), String.join(" exit=0 ms=3\n", plans) + " exit=0 ms=3\n");
        RoundRig.Round second = roundAt("02:00:00");
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
        assertEquals(List.of(), refuted(roundAt("02:30:00")), "each but once");
    }

    @Test
    void only_plans_that_this_soak_made_are_recovered_and_the_others_are_counted_and_named() throws Exception {
        rig.cp.add("somebody-else-1", 0);
        String like = "soak-1790812800-11"; // our prefix and our second, and yet no plan of ours
        stuck(at("00:00:01"), "somebody-else-1", FIRST_PLAN, like, "soak-1790809200-01");
        RoundRig.Round round = roundAt("01:30:00");
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(4, round.summary().get("stuck_count").asInt());
        assertEquals(3, round.summary().get("stuck_foreign").asInt());
        assertEquals(1, round.summary().get("recovery_ok").asInt());
        assertEquals(0, round.summary().get("foreign_recoveries").asInt());
        assertEquals(0, round.summary().get("recovery_deferred").asInt());
        assertEquals(
                List.of(FIRST_PLAN),
                round.lines("recovery.txt").stream().map(l -> l.split(" ")[0]).toList());
        assertTrue(
                round.err()
                        .contains(
                                "3 stuck plans were not made by this soak and left alone (RECOVER_FOREIGN=yes recovers"
                                        + " such plans too): somebody-else-1, "
                                        + like),
                round.err());
    }

    @Test
    void recover_foreign_yes_recovers_all_and_says_so_in_every_round() throws Exception {
        rig.with("RECOVER_FOREIGN", "yes");
        stuck(at("00:00:01"), "somebody-else-1", FIRST_PLAN);
        RoundRig.Round round = roundAt("01:30:00");
        assertEquals(2, round.summary().get("recovery_ok").asInt());
        assertEquals(1, round.summary().get("foreign_recoveries").asInt());
        assertEquals(1, round.summary().get("stuck_foreign").asInt());
        assertTrue(
                round.err().contains("recovered all the same, and counted (RECOVER_FOREIGN=yes): somebody-else-1"),
                round.err());
        assertEquals(2, refuted(roundAt("02:00:00")).size(), "they are refuted alike");
    }

    @Test
    void nobody_elses_plan_is_ever_rolled_back_by_default() throws Exception {
        rig.with(
                "RECOVERY_STRATEGY",
                "rollback",
                "AUTONOMY_CLI",
                ForeignControlPlane.cli(folder).toString());
        rig.cp.add("somebody-else-1", 0);
        rig.cp.set("stuck_json", "{\"stuck_plans\":[{\"plan_id\":\"somebody-else-1\"}]}");
        RoundRig.Round round = rig.round();
        assertEquals(List.of(), rig.cp.cliCalls());
        assertFalse(Files.exists(round.folder().resolve("recovery-strategy.txt")));
    }

    @Test
    void a_plan_of_a_bash_round_which_wrote_down_no_ids_is_ours_by_prefix_and_second_alone() throws Exception {
        Path legacy = Files.createDirectories(rig.dir.round("2026-10-01/round-003000"));
        Files.writeString(legacy.resolve("plans-created.txt"), "201\n");
        long second = Instant.parse("2026-10-01T00:30:00Z").getEpochSecond();
        String ours = "soak-" + second + "-01";
        String late = "soak-" + (second - 3) + "-02"; // it took its time stamp before its folder's name
        stuck(at("00:00:01"), ours, late, "other-" + second + "-01", "soak-" + (second + 300) + "-01");
        RoundRig.Round round = roundAt("02:00:00");
        assertEquals(
                Set.of(ours, late),
                round.lines("recovery.txt").stream().map(l -> l.split(" ")[0]).collect(Collectors.toSet()));
        assertEquals(2, round.summary().get("stuck_foreign").asInt());
    }

    @Test
    void without_a_scan_nothing_is_known_of_foreign_plans() throws Exception {
        rig.cp.set("stuck", "500");
        assertTrue(rig.round().summary().get("stuck_foreign").isNull());
    }
}
