import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import workload.RoundLock;
import workload.StoreCheck;

/** A round on a foreign control plane that runs in this JVM: what it writes, and what it makes of every odd answer. */
class RoundTest extends AttachedSoak {
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
        assertEquals(List.of(), round.ids("lost"));
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
    void a_sick_control_plane_gets_nothing_created_and_every_later_step_still_runs() throws Exception {
        rig.cp.set("health", "500");
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v01_health", "v02_creates"), round.failed());
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
        assertEquals(List.of("v06_metrics"), round.failed());
        assertTrue(round.summary().get("cp_http_requests_total").isNull());
    }

    @ParameterizedTest
    @CsvSource({"1.7e308, Infinity", "9.3e18, 1.86E19", "-2, -4.0"})
    void a_counter_that_can_be_no_count_is_not_measured_and_a_warning(String value, String sum) throws Exception {
        rig.cp.answer(
                "metrics",
                RawHttpServer.Answer.of(
                        200,
                        "text/plain",
                        "cp_http_requests_total " + value + "\ncp_http_requests_total{a=\"b\"} " + value
                                + "\ncp_rollout_plans_total 7\n"));
        RoundRig.Round round = rig.round();
        assertTrue(round.summary().get("metrics_ok").asBoolean());
        assertTrue(round.summary().get("cp_http_requests_total").isNull(), round.err());
        assertEquals(7, round.summary().get("cp_rollout_plans_total").asInt());
        String warnings = round.summary().get("warnings").toString();
        assertTrue(warnings.contains("cp_http_requests_total adds up to " + sum + ", "), warnings);
    }

    @Test
    void a_round_by_root_in_somebody_elses_soak_says_whose_it_is() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can be somebody else here");
        assertFalse(rig.round().err().contains("this round runs as"));
        Files.setOwner(
                rig.dir.roundLock(),
                rig.dir.root().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        rig.setNow(RoundRig.START.plusSeconds(1800));
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit());
        assertTrue(
                round.err()
                        .contains("this round runs as root, and the soak is nobody's, who cannot change what this"
                                + " round writes: later rounds may end with exit 70 until the files are given back"
                                + " by chown -R nobody " + rig.dir.root() + "; run rounds as nobody"),
                round.err());
    }

    @Test
    void a_round_that_cannot_read_an_earlier_one_does_not_say_that_it_cannot_write() throws Exception {
        Path ids = rig.round().folder().resolve("plan-ids.txt");
        Files.delete(ids);
        Files.createDirectory(ids);
        rig.setNow(RoundRig.START.plusSeconds(1800));
        RoundRig.Round round = rig.round();
        assertEquals(Exit.FAILED, round.exit());
        assertTrue(
                round.err()
                        .contains("the evidence of this round cannot be written, or that of an earlier one cannot be"
                                + " read (" + ids
                                + ": it is not a regular file): correct the file or folder that is named, or its"
                                + " rights, then look at the newest"),
                round.err());
    }

    @Test
    void a_round_says_which_edit_of_its_settings_changed_nothing() throws Exception {
        Files.writeString(rig.dir.config(), "TARGET_P99=400\n", StandardOpenOption.APPEND);
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit());
        String told = rig.dir.config() + ": TARGET_P99 is no setting, and no program reads it: if TARGET_P99_MS was";
        assertTrue(round.err().contains(": warning: " + told), round.err());
        assertTrue(round.summary().get("warnings").toString().contains(told));
    }

    @Test
    void a_round_says_which_edit_of_its_settings_fails_verdicts() throws Exception {
        Files.writeString(rig.dir.setupSummary(), "target_p99_ms: 500\nplans_per_round: 10\n");
        RoundRig.Round round = rig.with("TARGET_P99_MS", "1000").round();
        assertEquals(Exit.OK, round.exit());
        String told = rig.dir.config() + ": TARGET_P99_MS is 1000, but the soak was set up with 500: verdicts that";
        assertTrue(round.err().contains(": warning: " + told), round.err());
        assertTrue(round.summary().get("warnings").toString().contains(told));
    }

    @Test
    void a_round_outside_the_soak_does_not_take_a_wrong_clock_for_its_end() throws Exception {
        rig.setNow(Instant.parse("2036-10-01T00:00:00Z"));
        assertTrue(rig.round()
                .err()
                .contains("this round does not count; if the clock is right, remove the soak's lines from the crontab"
                        + " (setup.java --remove-crontab) or disable its timers (systemctl disable --now), else set it"
                        + " (NTP)"));
        rig.setNow(Instant.parse("2006-10-01T00:00:00Z"));
        assertTrue(rig.round()
                .err()
                .contains("this round is too early and does not count; if the clock is behind, set it (NTP)"));
    }

    @Test
    void a_round_by_hand_counts_and_says_so() throws Exception {
        assertEquals(List.of(), rig.round().warnings("slot "));
        rig.setNow(RoundRig.START.plusSeconds(900));
        String beside = rig.round().warnings("slot ").toString();
        assertTrue(
                beside.contains(
                        "slot 0 has a round already (2026-10-01/round-000000): this round counts as well; to look"
                                + " without counting, run SOAK_DIR/bin/probe"),
                beside);
        rig.setNow(RoundRig.START.plusSeconds(1800 + 121));
        RoundRig.Round late = rig.round();
        assertTrue(
                late.warnings("slot ")
                        .toString()
                        .contains("this round began 121 s after the start of slot 1, late or started by a person: it"
                                + " counts as that slot's round"),
                late.warnings("slot ").toString());
        assertEquals(Exit.OK, late.exit());
        rig.setNow(RoundRig.START.plusSeconds(3600 + 120));
        assertEquals(List.of(), rig.round().warnings("slot "), "cron's own delay");
        Files.createDirectories(rig.dir.round("2026-10-01/round-011000"));
        rig.setNow(RoundRig.START.plusSeconds(3600 + 900));
        assertTrue(rig.round()
                .warnings("slot ")
                .toString()
                .contains("slot 2 has 2 rounds already, first 2026-10-01/round-010200: this round counts as well"));
    }

    @Test
    void while_one_round_holds_the_lock_another_changes_nothing_and_exits_75() throws Exception {
        try (RoundLock held = RoundLock.take(rig.dir)) {
            Fork.Result other = Fork.run(Fork.java("round", folder.toString()));
            assertEquals(Exit.LOCKED, other.exit(), other.err());
            assertEquals(1, other.err().lines().count(), other.err());
            String instant = "20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
            assertTrue(
                    other.err()
                            .matches("(?s)" + instant + " round: another round of .* is still running, or setup starts"
                                    + " its control plane, since " + instant + ": nothing was changed, .*"),
                    other.err());
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
        assertNull(StoreCheck.of(data, Set.of(), base.Time.system()));
        try (java.sql.Connection c =
                base.Sqlite.open(data.resolve("plans.db"), false, java.time.Duration.ofSeconds(1))) {
            base.Sqlite.execute(c, "CREATE TABLE plan (id INTEGER PRIMARY KEY)");
        }
        StoreCheck.Finding good = StoreCheck.of(data, Set.of(), base.Time.system());
        assertEquals(List.of("plans.db"), good.databases());
        assertEquals("ok", good.result());
        Files.writeString(data.resolve("plans.db"), "overwritten".repeat(200));
        StoreCheck.Finding bad = StoreCheck.of(data, Set.copyOf(good.databases()), base.Time.system());
        assertEquals("plans.db: it is no longer a database (file is not a database)", bad.result());
    }

    @Test
    void a_disk_that_cp_log_fills_within_a_week_is_told_while_there_is_still_room() throws Exception {
        Files.writeString(rig.dir.cpLog(), "");
        try (RandomAccessFile log = new RandomAccessFile(rig.dir.cpLog().toFile(), "rw")) {
            log.setLength(1L << 43); // a hole, which takes no room: more than any disk of a test has in seven days
        }
        assertFalse(rig.round().err().contains("at the pace so far"), "a first round knows no pace");
        rig.setNow(Instant.parse("2026-10-02T00:00:00Z"));
        String told = rig.round().summary().get("warnings").toString();
        assertTrue(told.contains("at the pace so far the disk of SOAK_DIR is full by 2026-10-0"), told);
        assertTrue(told.contains("cp.log has 8388608 MiB"), told);
        Files.writeString(rig.dir.cpLog(), "");
        rig.setNow(Instant.parse("2026-10-02T00:30:00Z"));
        assertFalse(rig.round().err().contains("at the pace so far"), "it was emptied");
    }
}
