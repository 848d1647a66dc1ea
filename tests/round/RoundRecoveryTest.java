import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round finds stuck, and how it recovers that. */
class RoundRecoveryTest extends AttachedSoak {
    @ParameterizedTest
    @ValueSource(strings = {"truncated", "half-json", "html", "no-array", "drop", "hang", "not-http", "503"})
    void a_stuck_scan_that_cannot_be_read_is_a_failed_scan_with_its_answer_kept(String fault) throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1").cp.set("stuck", fault);
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v03_stuck_scan", "v04_recovery"), round.failed());
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
                settings.Config.read(rig.dir), new evidence.Scope(RoundRig.START.plusSeconds(7200), false, null))) {
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
        assertEquals(List.of("v04_recovery"), second.failed());
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
        assertTrue(
                round.err()
                        .contains("warning: " + (10 - recovered)
                                + " of 10 stuck plans were left for the next round, because RECOVERY_BUDGET_SECONDS=1"
                                + " had passed: the rollback rate counts only recoveries that ran."),
                round.err());
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
    void a_cli_whose_interpreter_is_missing_is_told_by_that_and_not_as_a_file_that_is_not_there() throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        Path cli = Files.writeString(folder.resolve("cli"), "#!/no/such/python3\n");
        assertTrue(cli.toFile().setExecutable(true));
        String failed = v04(rig.with("AUTONOMY_CLI", cli.toString()).round());
        assertTrue(
                failed.endsWith("exit=126: " + cli + " is a script for /no/such/python3, which is not on this machine:"
                        + " install that"),
                failed);
        Files.writeString(cli, "#!/bin/sh\r\nexit 0\r\n");
        failed = v04(rig.round());
        assertTrue(failed.contains("exit=126: " + cli + " is a script with the line ends of Windows"), failed);
    }

    private static String v04(RoundRig.Round round) throws Exception {
        return round.summary().path("failures").path("v04_recovery").asText();
    }

    /** A CLI that prints by these lines of shell, and ends with exit code 3. */
    private Path failing(String... prints) throws Exception {
        Path cli = Files.writeString(folder.resolve("cli"), "#!/bin/sh\n" + String.join("\n", prints) + "\nexit 3\n");
        assertTrue(cli.toFile().setExecutable(true));
        return cli;
    }

    @Test
    void a_recovery_that_failed_is_told_with_its_exit_code_and_the_last_words_of_the_cli() throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "2");
        Path cli = failing("echo '{\"event_name\":\"rollback.executed\"}' >&2", "echo 'Error: no operator' >&2");
        RoundRig.Round round = rig.with("AUTONOMY_CLI", cli.toString()).round();
        String told = v04(round);
        assertTrue(
                told.startsWith("2 of 2 recoveries failed, see recovery.txt; first soak-1790812800-01, exit=3: ")
                        && told.endsWith("Error: no operator"),
                told);
    }

    @Test
    void of_a_cli_that_prints_much_the_beginning_and_the_last_words_are_kept_and_no_half_of_a_word() throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        Path cli = failing(
                "echo first",
                "i=0; while [ $i -lt 300 ]; do echo word-of-20-bytes-$((100 + i)); i=$((i + 1)); done",
                "echo 'Error: the store is read-only' >&2");
        RoundRig.Round round = rig.with("AUTONOMY_CLI", cli.toString()).round();
        assertTrue(v04(round).endsWith("Error: the store is read-only"), v04(round));
        List<String> printed =
                round.lines("recovery.txt").stream().skip(1).map(String::strip).toList();
        assertEquals("first", printed.get(0));
        assertEquals("Error: the store is read-only", printed.get(printed.size() - 1));
        assertEquals(
                List.of("[the middle of 6336 bytes is left out]"),
                printed.subList(1, printed.size() - 1).stream()
                        .filter(line -> !line.matches("word-of-20-bytes-\\d{3}"))
                        .toList());
        assertTrue(String.join("\n", printed).length() < 2100, printed.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"published", "active", "paused"})
    void a_rollback_after_which_the_plan_goes_on_or_waits_is_told(String phase) throws Exception {
        rig.with("RECOVERY_STRATEGY", "rollback").round();
        rig.cp.set("stuck_plans", "1");
        rig.cp.set("recover_phase", phase);
        RoundRig.Round round = rig.round();
        assertEquals(1, round.summary().get("recovery_ok").asInt(), round.err());
        assertEquals(
                List.of("1 plan that this round rolled back with exit code 0 is listed as not rolled back: the exit"
                        + " code counts as a recovery. Check what AUTONOMY_CLI does with --strategy rollback, and"
                        + " whether the listing lags behind: soak-1790812800-01 (" + phase + ")"),
                round.warnings("rolled back"));
        rig.cp.set("stuck_plans", "2");
        rig.cp.set("recover_phase", "");
        assertEquals(List.of(), rig.round().warnings("rolled back"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"paused", "cancelled", "rolled_back"})
    void a_retry_that_stops_the_plan_is_told_though_the_plan_leaves_the_scan(String phase) throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        rig.cp.set("recover_phase", phase);
        RoundRig.Round round = rig.round();
        assertEquals(1, round.summary().get("recovery_ok").asInt(), round.err());
        assertTrue(
                round.err().contains("1 plan that this round retried with exit code 0 is listed as stopped")
                        && round.err().contains("soak-1790812800-01 (" + phase + ")"),
                round.err());
        rig.cp.set("recover_phase", "");
        round = rig.round();
        assertEquals(1, round.summary().get("recovery_ok").asInt(), round.err());
        assertFalse(round.err().contains("stopped"), round.err());
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

    @Tag("slow")
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
}
