import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import soak.Exit;
import soak.Json;
import workload.RoundLock;
import workload.StoreCheck;

/** A round on a foreign control plane that runs in this JVM: what it writes, and what it makes of every odd answer. */
class RoundTest {
    @TempDir
    Path folder;

    RoundRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = RoundRig.attached(folder);
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private static List<String> failed(RoundRig.Round round) {
        List<String> steps = new ArrayList<>();
        round.summary().properties().forEach(field -> {
            if (field.getKey().matches("v0\\d_.*") && field.getValue().asText().equals("FAIL")) {
                steps.add(field.getKey());
            }
        });
        return steps;
    }

    private static List<String> ids(RoundRig.Round round, String array) throws IOException {
        List<String> ids = new ArrayList<>();
        Json.parse(round.text("integrity.json")).get(array).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    @Test
    void a_good_round_writes_every_file_of_the_contract_and_exits_0() throws Exception {
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(folder.resolve("rounds/2026-10-01/round-000000"), round.folder());
        List<String> ids = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> String.format("soak-%d-%02d", RoundRig.START.getEpochSecond(), i))
                .toList();
        assertEquals(ids, round.lines("plan-ids.txt"));
        assertEquals(ids, rig.cp.planIds().stream().sorted().toList());
        assertEquals(
                List.of("201", "201", "201", "201", "201", "201", "201", "201", "201", "201"),
                round.lines("plans-created.txt"));
        assertEquals(10, round.lines("create-times.txt").size());
        assertTrue(round.lines("create-times.txt").stream()
                .allMatch(t -> t.matches("\\d+\\.\\d{6}") && Double.parseDouble(t) > 0));
        assertTrue(Json.parse(round.text("stuck-scan.json")).get("diagnosis").isNull());
        assertTrue(round.text("metrics-scrape.prom").contains("cp_http_requests_total"));
        assertEquals(List.of(), ids(round, "lost"));
        JsonNode s = round.summary();
        assertEquals(1, s.get("schema").asInt());
        assertEquals("2026-10-01/round-000000", s.get("round_id").asText());
        assertEquals(0, s.get("slot").asInt());
        assertEquals("200", s.get("health_http_code").asText());
        assertTrue(s.get("health_http_code").isTextual());
        assertEquals(10, s.get("create_ok").asInt());
        assertEquals(10, s.get("plan_count").asInt());
        assertEquals(10, s.get("expected_plans").asInt());
        assertTrue(s.get("probe_overhead_ms").asDouble() > 0);
        double slowest = round.lines("create-times.txt").stream()
                        .mapToDouble(Double::parseDouble)
                        .max()
                        .orElseThrow()
                * 1000;
        assertEquals(slowest, s.get("p99_ms").asDouble(), 1e-9);
        assertTrue(round.out().contains("round 1 slot 0: PASS, created 10/10"), round.out());
    }

    @Test
    void the_tenth_round_must_count_the_fleet_and_the_ninth_need_not() throws Exception {
        rig.with("TARGET_PLAN_COUNT", "101");
        List<RoundRig.Round> rounds = rig.rounds(10);
        assertEquals(List.of(), failed(rounds.get(8)));
        assertEquals(List.of("v05_plan_count"), failed(rounds.get(9)));
        assertEquals(100, rounds.get(9).summary().get("plan_count").asInt());
        assertEquals(2, rounds.get(9).summary().get("list_pages").asInt());
        assertEquals(Exit.BAD, rounds.get(9).exit());
        assertTrue(
                rounds.get(9).err().contains("100 plans are listed, the target from round 10 on is 101"),
                rounds.get(9).err());
    }

    @Test
    void a_fast_refusal_does_not_improve_the_percentile_and_a_slow_one_counts() throws Exception {
        rig.cp.set("create_status", "503");
        JsonNode fast = rig.round().summary();
        assertEquals(0, fast.get("create_ok").asInt());
        assertEquals(10, fast.get("create_errors").asInt());
        assertTrue(fast.get("p99_ms").isNull());
        rig.cp.set("create_delay_ms", "30");
        JsonNode slow = rig.with("TARGET_P99_MS", "20").round().summary();
        assertEquals(10, slow.get("create_errors").asInt());
        assertTrue(slow.get("p99_ms").asDouble() >= 30, slow.get("p99_ms").asText());
    }

    @Test
    void a_create_whose_connection_drops_is_in_doubt_until_a_listing_shows_it_and_expected_from_then_on()
            throws Exception {
        rig.cp.set("create_drop_every", "10");
        RoundRig.Round first = rig.round();
        assertEquals(9, first.summary().get("create_ok").asInt());
        assertEquals("000", first.lines("plans-created.txt").get(9));
        assertEquals(1, first.summary().get("revived_plans").asInt());
        assertEquals(9, first.summary().get("expected_plans").asInt());
        assertEquals("PASS", first.summary().get("v07_integrity").asText());
        rig.cp.set("create_drop_every", "");
        RoundRig.Round second = rig.round();
        assertEquals(20, second.summary().get("expected_plans").asInt());
        assertEquals(0, second.summary().get("revived_plans").asInt());
        String revived = ids(first, "revived").get(0);
        rig.cp.destroy(revived);
        assertEquals(List.of(revived), ids(rig.round(), "lost"));
    }

    @Test
    void ten_plans_lost_and_ten_foreign_ones_added_are_found_although_the_count_is_right() throws Exception {
        RoundRig.Round first = rig.round();
        rig.round();
        List<String> victims = first.lines("plan-ids.txt");
        victims.forEach(rig.cp::destroy);
        rig.createOthers(10);
        RoundRig.Round third = rig.round();
        assertEquals(30, third.summary().get("plan_count").asInt());
        assertEquals(victims, ids(third, "lost"));
        assertEquals(10, third.summary().get("lost_plans").asInt());
        assertEquals(List.of("v07_integrity"), failed(third));
        assertEquals(
                "2026-10-01/round-003000",
                Json.parse(third.text("integrity.json"))
                        .get("last_seen")
                        .get(victims.get(0))
                        .asText());
        assertTrue(
                third.err().contains(victims.get(0)) && third.err().contains("2026-10-01/round-003000"), third.err());
        assertEquals(List.of("2026-10-01T01:00:10Z ALERT lost_plans=10 threshold=0 day=1"), rig.alerts());
        RoundRig.Round fourth = rig.round();
        assertEquals(
                "2026-10-01/round-003000",
                Json.parse(fourth.text("integrity.json"))
                        .get("last_seen")
                        .get(victims.get(9))
                        .asText());
        assertEquals(1, rig.alerts().size()); // once per date and key
        fourth.lines("plan-ids.txt").forEach(rig.cp::destroy);
        rig.round();
        assertEquals(
                List.of(
                        "2026-10-01T01:00:10Z ALERT lost_plans=10 threshold=0 day=1",
                        "2026-10-01T02:00:20Z ALERT lost_plans=20 threshold=0 day=1"),
                rig.alerts());
    }

    @Test
    void a_plan_that_was_acknowledged_and_never_stored_is_lost_in_its_own_round() throws Exception {
        rig.cp.set("create_lose_every", "10");
        RoundRig.Round round = rig.round();
        assertEquals(10, round.summary().get("create_ok").asInt());
        assertEquals(List.of(round.lines("plan-ids.txt").get(9)), ids(round, "lost"));
    }

    @Test
    void a_plan_listed_twice_is_named() throws Exception {
        rig.round();
        rig.cp.set("duplicate", "1");
        RoundRig.Round round = rig.round();
        assertEquals(1, round.summary().get("duplicate_plans").asInt());
        assertEquals(List.of(round.lines("plan-ids.txt").get(9)), ids(round, "duplicate"));
        assertEquals(21, round.summary().get("plan_count").asInt());
        assertTrue(
                round.err()
                        .contains("; first listed more than once "
                                + round.lines("plan-ids.txt").get(9)),
                round.err());
        assertEquals(List.of("2026-10-01T00:30:10Z ALERT duplicate_plans=1 threshold=0 day=1"), rig.alerts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "repeat", "endless"})
    void a_cursor_that_never_ends_is_an_error_and_not_an_endless_loop(String fault) throws Exception {
        rig.cp.set("page_max", "4");
        rig.cp.set("cursor", fault);
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v05_plan_count", "v07_integrity"), failed(round));
        for (String field : List.of(
                "plan_count", "list_pages", "expected_plans", "lost_plans", "duplicate_plans", "revived_plans")) {
            assertTrue(round.summary().get(field).isNull(), field);
        }
        assertFalse(Files.exists(round.folder().resolve("integrity.json")));
        rig.cp.set("cursor", "");
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void a_listing_that_takes_too_long_is_given_up_between_two_pages() throws Exception {
        rig.round();
        rig.cp.set("page_max", "3");
        probe.ControlPlaneApi api = new probe.ControlPlaneApi(soak.Config.read(rig.dir), soak.Time.system());
        assertTrue(api.list(java.time.Duration.ofMinutes(1)).complete());
        probe.ControlPlaneApi.Listing given = api.list(java.time.Duration.ofNanos(-1));
        assertFalse(given.complete());
        assertTrue(given.problem().contains("given up"), given.problem());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "truncated",
                "half-json",
                "html",
                "no-array",
                "two-arrays",
                "redirect",
                "drop",
                "hang",
                "not-http",
                "500"
            })
    void a_listing_that_cannot_be_read_is_not_counted_and_the_steps_after_it_still_run(String fault) throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1").cp.set("list", fault);
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v05_plan_count", "v07_integrity"), failed(round), round.err());
        assertTrue(round.summary().get("plan_count").isNull());
        assertTrue(round.summary().get("metrics_ok").asBoolean());
    }

    @ParameterizedTest
    @ValueSource(strings = {"truncated", "half-json", "html", "no-array", "drop", "hang", "not-http", "503"})
    void a_stuck_scan_that_cannot_be_read_is_a_failed_scan_with_its_answer_kept(String fault) throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1").cp.set("stuck", fault);
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v03_stuck_scan", "v04_recovery"), failed(round));
        assertFalse(round.summary().get("scan_ok").asBoolean());
        assertTrue(round.summary().get("stuck_count").isNull());
        String code = List.of("truncated", "drop", "hang", "not-http").contains(fault)
                ? "000"
                : fault.equals("503") ? "503" : "200";
        assertEquals(code, round.summary().get("scan_http_code").asText());
        assertEquals(10, round.summary().get("plan_count").asInt());
    }

    @Test
    void a_stuck_scan_of_three_pages_is_read_to_its_end_and_its_evidence_agrees() throws Exception {
        for (int i = 0; i < 250; i++) {
            rig.cp.add("old-" + i, 0);
        }
        rig.cp.set("stuck_plans", "250");
        rig.cp.set("stuck_page_max", "100");
        RoundRig.Round round = rig.with("RECOVERY_BUDGET_SECONDS", "0").round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(250, round.summary().get("stuck_count").asInt());
        JsonNode pointer = Json.parse(round.text("stuck-scan.json"));
        assertEquals(3, pointer.path("pages").asInt());
        int kept = 0;
        try (java.io.InputStream in = new java.util.zip.GZIPInputStream(
                Files.newInputStream(round.folder().resolve("stuck-scan.json.gz")))) {
            for (String line : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                kept += Json.parse(line).path("diagnosis").size();
            }
        }
        assertEquals(250, kept);
        assertEquals(List.of(), problems());
        rig.cp.set("stuck_key", "unheard_of");
        rig.with("CP_STUCK_KEY", "unheard_of");
        assertEquals(250, rig.round().summary().get("stuck_count").asInt());
    }

    /** What a report finds odd about the evidence. */
    private List<Object> problems() throws Exception {
        try (evidence.EvidenceDatabase database = evidence.EvidenceDatabase.open(
                soak.Config.read(rig.dir), new evidence.Scope(RoundRig.START.plusSeconds(7200), false, null))) {
            return database.query("FROM problems").stream()
                    .<Object>map(row -> row.get("file") + " " + row.get("reason"))
                    .filter(p -> !p.toString().startsWith("setup-summary.txt"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plans", "rollouts", "items", "whatever_it_is"})
    void arrays_of_any_name_are_found(String name) throws Exception {
        rig.cp.set("list_key", name);
        rig.cp.set("stuck_key", name);
        rig.cp.set("id_key", "id");
        rig.cp.set("last_cursor", "absent");
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void stuck_plans_are_recovered_oldest_first_by_the_exit_code_of_the_cli() throws Exception {
        RoundRig.Round first = rig.with("RECOVERY_PARALLELISM", "1").round();
        rig.cp.set("stuck_plans", "6");
        rig.cp.set("cli_fail_every", "3");
        rig.cp.set("cli_output_bytes", "10000000");
        RoundRig.Round second = rig.round();
        assertEquals(6, second.summary().get("stuck_count").asInt());
        assertEquals(4, second.summary().get("recovery_ok").asInt());
        assertEquals(2, second.summary().get("recovery_fail").asInt());
        assertEquals(List.of("v04_recovery"), failed(second));
        List<String> entries = second.lines("recovery.txt").stream()
                .filter(l -> !l.startsWith(" "))
                .toList();
        assertEquals(
                first.lines("plan-ids.txt").subList(0, 6),
                entries.stream().map(l -> l.split(" ")[0]).toList());
        assertTrue(entries.stream().allMatch(l -> l.matches("\\S+ exit=(0|7) ms=\\d+")), entries.toString());
        assertEquals(2, entries.stream().filter(l -> l.contains(" exit=7 ")).count());
        assertTrue(
                Files.size(second.folder().resolve("recovery.txt")) < 6 * 2500,
                "at most 2 KiB of each command's output is kept");
    }

    @Test
    void recoveries_run_in_parallel_and_what_the_budget_does_not_allow_is_deferred_which_is_no_failure()
            throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "10");
        rig.cp.set("cli_seconds", "0.7");
        RoundRig.Round round = rig.with("RECOVERY_PARALLELISM", "3", "RECOVERY_BUDGET_SECONDS", "1")
                .round();
        assertEquals(3, rig.cp.cliPeak());
        int recovered = round.summary().get("recovery_ok").asInt();
        assertTrue(recovered >= 3 && recovered < 10, "at least the first three, and not all: " + recovered);
        assertEquals(10 - recovered, round.summary().get("recovery_deferred").asInt());
        assertEquals("PASS", round.summary().get("v04_recovery").asText());
    }

    @Test
    void a_cli_that_hangs_is_killed_with_its_children_and_counts_as_124() throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        rig.cp.set("cli_hang", "yes");
        RoundRig.Round round = rig.with("RECOVERY_TIMEOUT_SECONDS", "1").round();
        assertTrue(round.lines("recovery.txt").get(0).contains(" exit=124 "), round.text("recovery.txt"));
        assertEquals(1, round.summary().get("recovery_fail").asInt());
    }

    @Test
    void a_cli_that_is_missing_or_not_executable_fails_each_recovery_as_a_shell_would_say_it() throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        assertTrue(rig.with("AUTONOMY_CLI", folder.resolve("no such file").toString())
                .round()
                .text("recovery.txt")
                .contains(" exit=127 "));
        Path plain = Files.writeString(folder.resolve("plain"), "text");
        assertTrue(rig.with("AUTONOMY_CLI", plain.toString())
                .round()
                .text("recovery.txt")
                .contains(" exit=126 "));
    }

    @Test
    void every_nth_round_makes_a_drill_plan_and_its_recovery_is_told_apart() throws Exception {
        rig.with("RECOVERY_DRILL_EVERY", "2", "STUCK_THRESHOLD_SECONDS", "0");
        List<RoundRig.Round> rounds = rig.rounds(3);
        assertFalse(Files.exists(rounds.get(0).folder().resolve("drill-plan.txt")));
        assertEquals(
                rounds.get(1).lines("plan-ids.txt").get(9),
                rounds.get(1).text("drill-plan.txt").strip());
        assertEquals(1, rounds.get(1).summary().get("drill_recoveries").asInt());
        assertEquals(1, rounds.get(1).summary().get("recovery_ok").asInt());
        rig.cp.set("stuck_plans", "1");
        RoundRig.Round fourth = rig.round();
        assertEquals(
                fourth.summary().get("recovery_ok").asInt() - 1,
                fourth.summary().get("drill_recoveries").asInt());
    }

    @Test
    void a_damaged_drill_file_names_no_drill_and_costs_no_figure_of_the_recovery() throws Exception {
        rig.with("RECOVERY_DRILL_EVERY", "2", "STUCK_THRESHOLD_SECONDS", "3600");
        List<RoundRig.Round> rounds = rig.rounds(2);
        Files.write(rounds.get(1).folder().resolve("drill-plan.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});
        RoundRig.Round next = rig.with("RECOVERY_DRILL_EVERY", "0", "STUCK_THRESHOLD_SECONDS", "0")
                .round();
        assertEquals(Exit.OK, next.exit(), next.err());
        assertEquals(1, next.summary().get("recovery_ok").asInt());
        assertEquals(0, next.summary().get("drill_recoveries").asInt());
    }

    @Test
    void a_large_stuck_scan_is_kept_compressed_and_its_file_says_so() throws Exception {
        rig.rounds(60);
        rig.cp.set("stuck_plans", "600");
        RoundRig.Round round = rig.with("RECOVERY_BUDGET_SECONDS", "0").round();
        JsonNode pointer = Json.parse(round.text("stuck-scan.json"));
        assertEquals(600, pointer.get("stuck_count").asInt());
        byte[] raw = new java.util.zip.GZIPInputStream(Files.newInputStream(
                        round.folder().resolve(pointer.get("stored_in").asText())))
                .readAllBytes();
        assertEquals(pointer.get("bytes").asInt(), raw.length);
        assertEquals(600, Json.parse(new String(raw, "UTF-8")).get("diagnosis").size());
        assertEquals(600, round.summary().get("recovery_deferred").asInt());
    }

    @Test
    void a_sick_control_plane_gets_nothing_created_and_every_later_step_still_runs() throws Exception {
        rig.cp.set("health", "500");
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v01_health", "v02_creates"), failed(round));
        assertEquals("failed", round.summary().get("health").asText());
        assertEquals("500", round.summary().get("health_http_code").asText());
        assertFalse(round.summary().get("restarted").asBoolean());
        assertEquals(List.of(), round.lines("plan-ids.txt"));
        assertEquals(List.of(), rig.cp.planIds());
        rig.cp.set("health", "");
        assertEquals(Exit.OK, rig.round().exit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "not-http", "hang", "trickle", "drop", "redirect"})
    void a_health_check_that_does_not_end_well_in_time_is_failed(String fault) throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1").cp.set("health", fault);
        RoundRig.Round round = rig.round();
        boolean answered200 = fault.equals("garbage"); // 200 with another body: the plan asks for the code alone
        assertEquals(
                answered200 ? "ok" : "failed", round.summary().get("health").asText());
        String why = fault.equals("redirect")
                ? "nothing was created: the control plane answers its health check with 30"
                : "nothing was created: the control plane does not answer";
        assertEquals(!answered200, round.err().contains(why), round.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"503", "garbage", "drop", "hang"})
    void metrics_that_cannot_be_read_fail_their_own_step_alone(String fault) throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1").cp.set("metrics", fault);
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v06_metrics"), failed(round));
        assertTrue(round.summary().get("cp_http_requests_total").isNull());
    }

    private List<String> alerts(String key) throws IOException {
        return rig.alerts().stream().filter(line -> line.contains(" " + key)).toList();
    }

    private List<String> streaks() throws IOException {
        return alerts("cp_health_failed");
    }

    @Test
    void the_failure_that_uses_up_the_budget_of_uptime_is_told_at_once_and_once_in_the_whole_soak() throws Exception {
        rig.setNow(Instant.parse("2026-10-01T22:30:00Z"));
        rig.cp.set("health", "500");
        RoundRig.Round first = rig.round();
        assertEquals(
                List.of("2026-10-01T22:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1"),
                rig.alerts(),
                "1,440 rounds at 99.9 % allow one");
        assertTrue(first.err().contains("ALERT uptime_budget_left=0"), first.err());
        rig.cp.set("health", "");
        rig.rounds(3);
        assertEquals(1, rig.alerts().size(), "neither a later round nor another date repeats it: " + rig.alerts());
        rig.cp.set("health", "500");
        rig.rounds(3);
        assertEquals(
                List.of(
                        "2026-10-01T22:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1",
                        "2026-10-02T00:30:00Z ALERT uptime_budget_left=-1 threshold=1 day=2"),
                alerts("uptime_budget_left"));
    }

    @Test
    void the_last_failures_of_a_larger_budget_are_told_one_by_one_also_on_one_date() throws Exception {
        rig.with("TARGET_UPTIME_PCT", "99.7"); // of 1,440 rounds four may fail
        rig.cp.set("health", "500");
        rig.rounds(7);
        assertEquals(
                List.of(
                        "01:00:00Z ALERT uptime_budget_left=1 threshold=1 day=1",
                        "01:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1",
                        "02:00:00Z ALERT uptime_budget_left=-1 threshold=1 day=1"),
                alerts("uptime_budget_left").stream()
                        .map(line -> line.substring("2026-10-01T".length()))
                        .toList());
    }

    @Test
    void a_round_that_was_killed_uses_the_budget_and_the_next_one_tells_though_it_is_healthy() throws Exception {
        rig.round();
        assertEquals(List.of(), rig.alerts());
        Files.createDirectories(rig.dir.round("2026-10-01/round-001000"));
        rig.round();
        assertEquals(List.of("2026-10-01T00:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1"), rig.alerts());
    }

    private static List<String> ofItsPlace(RoundRig.Round round) {
        List<String> warnings = new ArrayList<>();
        round.summary().get("warnings").forEach(warning -> warnings.add(warning.asText()));
        return warnings.stream().filter(warning -> warning.contains("slot ")).toList();
    }

    @Test
    void a_round_by_hand_counts_and_says_so() throws Exception {
        assertEquals(List.of(), ofItsPlace(rig.round()));
        rig.setNow(RoundRig.START.plusSeconds(900));
        String beside = ofItsPlace(rig.round()).toString();
        assertTrue(
                beside.contains(
                        "slot 0 has a round already (2026-10-01/round-000000): this one counts beside it, in uptime as"
                                + " in all else; SOAK_DIR/bin/probe looks and counts nowhere"),
                beside);
        rig.setNow(RoundRig.START.plusSeconds(1800 + 121));
        RoundRig.Round late = rig.round();
        assertTrue(
                ofItsPlace(late)
                        .toString()
                        .contains("this round began 121 s after the start of slot 1, late or by hand: it counts as that"
                                + " slot's round"),
                ofItsPlace(late).toString());
        assertEquals(Exit.OK, late.exit());
        rig.setNow(RoundRig.START.plusSeconds(3600 + 120));
        assertEquals(List.of(), ofItsPlace(rig.round()), "cron's own delay");
        Files.createDirectories(rig.dir.round("2026-10-01/round-011000"));
        rig.setNow(RoundRig.START.plusSeconds(3600 + 900));
        assertTrue(ofItsPlace(rig.round())
                .toString()
                .contains("slot 2 has 2 rounds already, first 2026-10-01/round-010200: this one counts beside it"));
    }

    @Test
    void three_unhealthy_rounds_raise_an_alert_once_a_date_and_the_streak_runs_across_midnight() throws Exception {
        rig.cp.set("health", "500");
        rig.setNow(Instant.parse("2026-10-01T22:30:00Z"));
        rig.round();
        rig.round();
        assertEquals(List.of(), streaks());
        List<RoundRig.Round> rounds = rig.rounds(3);
        assertEquals(
                List.of(
                        "2026-10-01T23:30:00Z ALERT cp_health_failed consecutive_failures=3 day=1",
                        "2026-10-02T00:00:00Z ALERT cp_health_failed consecutive_failures=4 day=2"),
                streaks());
        assertTrue(rounds.get(0).err().contains("ALERT cp_health_failed"));
    }

    @Test
    void an_interrupted_round_counts_in_the_streak_of_failures() throws Exception {
        rig.round();
        Files.createDirectories(rig.dir.round("2026-10-01/round-001000"));
        rig.cp.set("health", "500");
        rig.rounds(2);
        assertEquals(List.of("2026-10-01T01:00:00Z ALERT cp_health_failed consecutive_failures=3 day=1"), streaks());
    }

    @Test
    void three_rounds_with_stuck_plans_raise_an_alert_and_a_round_without_a_scan_neither_lengthens_nor_ends_the_streak()
            throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        rig.cp.set("recover_has_no_effect", "yes");
        rig.rounds(2);
        rig.cp.set("stuck", "503");
        rig.round();
        String refuted = "2026-10-01T01:00:00Z ALERT recoveries_refuted=1 threshold=0 day=1";
        assertEquals(List.of(refuted), rig.alerts());
        rig.cp.set("stuck", "");
        rig.round();
        assertEquals(
                List.of(refuted, "2026-10-01T02:00:00Z ALERT stuck_plans consecutive_rounds=3 day=1"), rig.alerts());
    }

    @Test
    void while_one_round_holds_the_lock_another_changes_nothing_and_exits_75() throws Exception {
        try (RoundLock held = RoundLock.take(rig.dir)) {
            Fork.Result other = Fork.run(java.util.Map.of(), Fork.java("round", folder.toString()));
            assertEquals(Exit.LOCKED, other.exit(), other.err());
            assertEquals(1, other.err().lines().count(), other.err());
            RoundRig.Round sameProcess = rig.round();
            assertEquals(Exit.LOCKED, sameProcess.exit());
            assertNull(sameProcess.folder());
        }
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void two_rounds_never_share_a_second() throws Exception {
        rig.round();
        rig.setNow(RoundRig.START);
        RoundRig.Round second = rig.round();
        assertEquals("2026-10-01/round-000001", second.summary().get("round_id").asText());
        assertEquals(Exit.OK, second.exit());
    }

    @Test
    void a_template_that_is_no_json_or_lacks_the_id_is_a_usage_error_before_anything_is_written() throws Exception {
        for (String broken : List.of("{\"plan_id\": {plan_id}", "{\"plan_id\": \"fixed\"}", "[\"{plan_id}\"]")) {
            Files.writeString(rig.dir.planTemplate(), broken);
            RoundRig.Round round = rig.round();
            assertEquals(Exit.USAGE, round.exit());
            assertTrue(round.err().contains("plan-template.json"), round.err());
            assertNull(round.folder());
        }
    }

    @Test
    void what_the_control_plane_lists_under_the_soak_rolled_back_itself_is_expected_no_more() throws Exception {
        rig.with("RECOVERY_STRATEGY", "rollback").round();
        rig.cp.set("stuck_plans", "2");
        RoundRig.Round second = rig.round();
        assertEquals(18, second.summary().get("expected_plans").asInt());
        assertEquals(0, second.summary().get("revived_plans").asInt());
        List<String> rolledBack = ids(second, "rolled_back");
        rig.cp.set("stuck_plans", "");
        rolledBack.forEach(rig.cp::destroy);
        RoundRig.Round third = rig.round();
        assertEquals(List.of(), ids(third, "lost"));
        assertEquals(28, third.summary().get("expected_plans").asInt());
    }

    @Test
    void a_plan_that_was_retried_stays_expected_though_the_strategy_is_rollback_now() throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        rig.cp.set("list", "500"); // so that this round leaves no integrity.json
        RoundRig.Round second = rig.round();
        assertEquals(1, second.summary().get("recovery_ok").asInt());
        rig.cp.set("stuck_plans", "");
        rig.cp.set("list", "");
        String retried = second.lines("recovery.txt").get(0).split(" ")[0];
        rig.cp.destroy(retried);
        assertEquals(
                List.of(retried), ids(rig.with("RECOVERY_STRATEGY", "rollback").round(), "lost"));
    }

    @Test
    void acknowledged_plans_whose_ids_are_gone_are_said_to_be_unchecked() throws Exception {
        RoundRig.Round first = rig.round();
        Files.delete(first.folder().resolve("plan-ids.txt"));
        RoundRig.Round second = rig.round();
        assertEquals(10, second.summary().get("expected_plans").asInt());
        String warning = "warning: 10 acknowledged plans of earlier rounds cannot be looked for:"
                + " 2026-10-01/round-000000/plan-ids.txt is gone or cut";
        assertTrue(second.err().contains(warning), second.err());
        Path summary = first.folder().resolve("round-summary.json");
        Files.writeString(
                summary,
                Files.readString(summary)
                        .replaceFirst("\"schema\" : 1,", "")); // as the bash scripts wrote it, which had no ids
        assertFalse(rig.round().err().contains("cannot be looked for"));
    }

    @Test
    void a_folder_of_a_day_that_no_calendar_has_is_none_of_ours() throws Exception {
        Files.createDirectories(rig.dir.rounds().resolve("2026-02-30/round-000000"));
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(1, round.summary().get("round").asInt());
        assertFalse(round.err().contains("Exception"), round.err());
    }

    @Test
    void a_file_called_db_that_is_no_sqlite_is_another_programs_until_it_has_been_a_database() throws Exception {
        Path data = Files.createDirectories(rig.dir.cpData());
        Files.writeString(data.resolve("meta.db"), "a key-value store of its own kind, of some length".repeat(40));
        assertNull(StoreCheck.of(data, Set.of(), soak.Time.system()));
        try (java.sql.Connection c =
                soak.Sqlite.open(data.resolve("plans.db"), false, java.time.Duration.ofSeconds(1))) {
            soak.Sqlite.execute(c, "CREATE TABLE plan (id INTEGER PRIMARY KEY)");
        }
        StoreCheck.Finding good = StoreCheck.of(data, Set.of(), soak.Time.system());
        assertEquals(List.of("plans.db"), good.databases());
        assertEquals("ok", good.result());
        Files.writeString(data.resolve("plans.db"), "overwritten".repeat(200));
        StoreCheck.Finding bad = StoreCheck.of(data, Set.copyOf(good.databases()), soak.Time.system());
        assertEquals("plans.db: it is no database any more (file is not a database)", bad.result());
    }
}
