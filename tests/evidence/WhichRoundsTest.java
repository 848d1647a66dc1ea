import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;

/** Which rounds there are, which were taken away, and which of two statements of one round counts. */
@Tag("slow")
class WhichRoundsTest {
    @TempDir
    Path folder;

    /** Eight days of four slots each. */
    private SoakFixture soak() {
        return Reports.eightDays(folder);
    }

    private static EvidenceDatabase judged(SoakFixture soak, String... gone) {
        return judged(soak, new Scope(soak.end(), false, null), gone);
    }

    private static EvidenceDatabase judged(SoakFixture soak, Scope scope, String... gone) {
        Config config = soak.write();
        for (String round : gone) {
            try (Stream<Path> files = Files.walk(config.dir().round(round))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return EvidenceDatabase.open(config, scope);
    }

    @Test
    void a_page_links_to_no_folder_that_is_gone() throws Exception {
        judged(soak(), "2026-10-02/round-060000").close();
        Reports.run("2026-11-01T00:00:00Z", folder, "--type", "final");
        String page = Files.readString(folder.resolve("final-report.html"));
        assertTrue(page.contains("<td>2026-10-02/round-6-is-gone<td>interrupted"), "the row of the round");
        assertFalse(page.contains("href=\"rounds/2026-10-02/round-6-is-gone"), "a link to its folder");
    }

    @Test
    void rounds_that_are_gone_are_interrupted_at_the_slots_between_their_neighbours() {
        try (EvidenceDatabase database =
                judged(soak(), "2026-10-02/round-060000", "2026-10-02/round-120000", "2026-10-04/round-000000")) {
            assertEquals(
                    List.of("2026-10-02/round-6-is-gone", "2026-10-02/round-7-is-gone", "2026-10-04/round-13-is-gone"),
                    Databases.one(
                            database, "SELECT list(round_id ORDER BY round) FROM rounds WHERE kind = 'interrupted'"));
            assertEquals(
                    List.of(5L, 6L, 12L),
                    Databases.one(
                            database,
                            "SELECT list(slot ORDER BY round) FROM rounds WHERE NOT healthy AND NOT scanned AND"
                                    + " counted"));
            assertEquals(
                    List.of(6L, 7L, 13L),
                    Databases.one(
                            database, "SELECT list(round ORDER BY round) FROM rounds WHERE kind = 'interrupted'"));
            assertEquals(
                    List.of(
                            "rounds/2026-10-02/round-180000/round-summary.json says it is round 8, but rounds 6 to 7"
                                    + " are missing: their folders were removed, and they count as interrupted",
                            "rounds/2026-10-04/round-060000/round-summary.json says it is round 14, but round 13 is"
                                    + " missing: its folder was removed, and it counts as interrupted"),
                    Databases.one(database, "SELECT list(file || ' ' || reason ORDER BY file) FROM problems"));
            assertEquals(0L, Databases.one(database, "SELECT missed_rounds FROM final_report"));
        }
    }

    @Test
    void a_slot_that_was_missed_leaves_no_number_out() {
        try (EvidenceDatabase database = judged(soak().missed(5, 6, 12))) {
            assertEquals(
                    List.of(0L, 3L),
                    database
                            .query("SELECT interrupted_rounds, missed_rounds FROM final_report")
                            .get(0)
                            .values()
                            .stream()
                            .toList());
            assertEquals(0L, Databases.one(database, "SELECT count(*) FROM problems"));
        }
    }

    @Test
    void a_round_that_is_gone_from_a_slot_that_has_another_leaves_no_slot_missed() {
        SoakFixture soak = soak().missed(9).roundAt(5 * 21600 + 600, r -> {});
        try (EvidenceDatabase database = judged(soak, "2026-10-02/round-060000")) {
            assertEquals(
                    List.of("2026-10-02/round-000000", "2026-10-02/round-6-is-gone", "2026-10-02/round-061000"),
                    Databases.one(
                            database, "SELECT list(round_id ORDER BY round) FROM rounds WHERE round BETWEEN 5 AND 7"));
            assertEquals(1L, Databases.one(database, "SELECT missed_rounds FROM final_report"));
        }
    }

    @Test
    void the_first_rounds_that_are_gone_are_not_round_1_and_stand_in_the_first_slots() {
        try (EvidenceDatabase database = judged(soak(), "2026-10-01/round-000000", "2026-10-01/round-060000")) {
            assertEquals(
                    List.of(0L, 1L),
                    Databases.one(database, "SELECT list(slot ORDER BY slot) FROM rounds WHERE kind = 'interrupted'"));
            assertEquals(
                    List.of("FAIL", "FAIL"),
                    Databases.one(database, "SELECT list(verdict) FROM checks WHERE id IN ('VAL12-02', 'VAL12-04')"));
        }
    }

    @Test
    void a_clock_that_was_set_back_puts_rounds_out_of_order_and_none_is_gone() {
        SoakFixture soak = soak();
        long[] numbers = {1, 2, 3, 6, 4, 7, 5, 8};
        for (int slot = 0; slot < numbers.length; slot++) {
            long number = numbers[slot];
            soak.round(slot, r -> r.set("round", number));
        }
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(0L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
        }
    }

    /** Ten rounds make the fleet: the ninth, by a clock that stood ahead, has the folder behind the tenth's. */
    @Test
    void a_fleet_that_was_not_yet_reached_when_the_clock_was_set_back_has_not_shrunk() {
        String shrunk = "SELECT contains(detail, 'later rounds below it: 1') FROM claims WHERE id = 'C1'";
        for (boolean setBack : new boolean[] {true, false}) {
            SoakFixture soak = SoakFixture.in(folder.resolve("fleet-" + setBack))
                    .days(8)
                    .interval(21600)
                    .rounds(0, 32);
            for (int slot = 0; slot < 32; slot++) {
                int ran = slot == 8 ? 10 : slot == 9 ? 9 : slot + 1;
                long number = setBack ? ran : slot + 1;
                soak.round(slot, r -> r.set("round", number).set("plan_count", 10L * ran));
            }
            try (EvidenceDatabase database = judged(soak)) {
                assertEquals(!setBack, Databases.one(database, shrunk), "" + setBack);
            }
        }
    }

    /** A checkpoint of that day stays as it is for good, so it must not miss what it does not see. */
    @Test
    void a_round_by_a_clock_that_stood_ahead_lies_beyond_a_report_and_is_not_gone_from_it() {
        SoakFixture soak = soak();
        for (int slot = 10; slot < 32; slot++) {
            long number = slot == 30 ? 11 : slot < 30 ? slot + 2 : slot + 1;
            soak.round(slot, r -> r.set("round", number));
        }
        String gone = "SELECT list(round_id) FROM rounds WHERE kind = 'interrupted'";
        Scope week = new Scope(Instant.parse("2026-10-08T00:00:00Z"), false, 7);
        try (EvidenceDatabase database = judged(soak, week)) {
            assertNull(Databases.one(database, gone));
        }
        try (EvidenceDatabase database = judged(soak, week, "2026-10-06/round-000000")) {
            assertEquals(List.of("2026-10-06/round-22-is-gone"), Databases.one(database, gone));
        }
    }

    /** As after a reboot with a flat battery, and before NTP: round 1 was the first all the same. */
    @Test
    void a_round_that_ran_while_the_clock_stood_before_the_start_takes_nothing_from_round_1() {
        SoakFixture soak = soak();
        for (int slot = 0; slot < 32; slot++) {
            long number = slot + 1;
            soak.round(slot, r -> r.set("round", number));
        }
        soak.roundAt(-864_000, r -> r.set("round", 33L));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of("PASS", "PASS"),
                    Databases.one(database, "SELECT list(verdict) FROM checks WHERE id IN ('VAL12-02', 'VAL12-04')"));
            assertEquals(0L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
        }
        soak.roundAt(-842_400, r -> r.interrupted());
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of("PASS", "PASS"),
                    Databases.one(database, "SELECT list(verdict) FROM checks WHERE id IN ('VAL12-02', 'VAL12-04')"));
        }
    }

    @Test
    void a_killed_round_is_there_and_has_no_number() {
        try (EvidenceDatabase database = judged(
                soak().round(5, r -> r.interrupted()).round(6, r -> r.interrupted()), "2026-10-02/round-180000")) {
            assertEquals(3L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
            assertTrue(((List<?>) Databases.one(database, "SELECT list(reason) FROM problems"))
                    .contains("says it is round 9, but 1 of rounds 6 to 8 is missing: its folder was removed,"
                            + " and it counts as interrupted"));
        }
    }

    @Test
    void of_bash_rounds_that_became_ours_each_that_was_there_is_counted() {
        SoakFixture soak = soak();
        for (int slot = 0; slot < 8; slot++) {
            soak.round(slot, r -> r.legacy());
        }
        try (EvidenceDatabase database = judged(soak, "2026-10-01/round-120000")) {
            assertEquals(1L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
            assertEquals(
                    1L,
                    problems(
                            database,
                            "file = 'rounds/2026-10-03/round-000000/round-summary.json' AND reason LIKE 'says it is"
                                    + " round 9, but 1 of rounds 1 to 8 is missing%'"));
        }
    }

    @Test
    void a_bash_round_after_the_first_of_ours_is_interrupted_and_the_problem_says_that_the_scripts_must_not_run() {
        try (EvidenceDatabase database = judged(soak().round(0, r -> r.legacy()).round(5, r -> r.legacy()))) {
            assertEquals(1L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
            assertEquals(
                    1L,
                    problems(
                            database,
                            "file = 'rounds/2026-10-02/round-060000/round-summary.json' AND reason = 'has no schema,"
                                + " but earlier rounds have one: the bash scripts must not run any more once this tool"
                                + " has gone on with their soak (the round counts as interrupted)'"));
        }
    }

    @Test
    void where_every_round_names_another_start_it_is_config_env_that_was_edited() {
        Config config = soak().write();
        Config edited = Config.of(config.dir(), new java.util.LinkedHashMap<>(config.effective()) {
            {
                put("SOAK_STARTED_AT", "2026-10-01T12:00:00Z");
            }
        });
        try (EvidenceDatabase database =
                EvidenceDatabase.open(edited, new Scope(edited.schedule().end(), false, null))) {
            assertEquals(0L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
            assertEquals(1L, problems(database, "file = 'config.env' AND reason LIKE 'SOAK_STARTED_AT is %'"));
        }
    }

    @Test
    void a_start_that_setup_moved_within_its_slot_is_the_soaks_own() {
        SoakFixture soak = soak().round(
                        0,
                        r -> r.edit(f -> ((com.fasterxml.jackson.databind.node.ObjectNode) f.get("targets"))
                                .put("SOAK_STARTED_AT", "2026-10-01T00:00:04Z")));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(0L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
        }
    }

    @Test
    void what_a_strangers_files_say_in_the_soaks_favour_counts_nothing_and_what_they_say_against_it_does() {
        SoakFixture soak = soak().round(3, r -> r.recoveries(4, 1).codes("503").set("unix_ts", 1));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of(0L, 1L, 0L, 1L),
                    database
                            .query("SELECT create_ok, create_errors, recovery_ok, recovery_fail FROM rounds WHERE"
                                    + " slot = 3")
                            .get(0)
                            .values()
                            .stream()
                            .toList());
        }
    }

    @Test
    void the_stuck_plans_of_a_scan_with_a_wrong_code_count_for_the_days_alert() {
        SoakFixture soak =
                SoakFixture.in(folder).days(1).interval(3600).drillEvery(0).rounds(0, 24);
        for (int slot = 4; slot < 9; slot++) {
            soak.round(slot, r -> r.deferred(1).set("scan_http_code", 200));
        }
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of("ALERT daily_stuck_rounds=5 threshold=3 day=1"),
                    Databases.one(
                            database, "SELECT list(text) FROM daily_alert_lines WHERE key = 'daily_stuck_rounds'"));
        }
    }

    @Test
    void plans_of_a_scan_are_told_apart_by_their_ids_as_the_round_told_them_apart() {
        String twice =
                "{\"stuck_plans\": [{\"plan_id\": \"a\", \"age_seconds\": 4000}, {\"plan_id\": \"a\", \"age_seconds\":"
                        + " 4001}]}";
        String two =
                "{\"stuck_plans\": [{\"plan_id\": \"a\", \"age_seconds\": 4000}, {\"plan_id\": \"b\", \"age_seconds\":"
                        + " 4000}]}";
        String byKey = "{\"stuck_plans\": [{\"name\": \"n\", \"meta\": {\"uid\": \"a\"}}, {\"name\": \"n\", \"meta\":"
                + " {\"uid\": \"b\"}}]}";
        SoakFixture soak = soak().set("CP_ID_KEY", "meta.uid")
                .round(1, r -> r.recoveries(1, 0).raw("stuck-scan.json", twice))
                .round(2, r -> r.recoveries(1, 0).raw("stuck-scan.json", two))
                .round(3, r -> r.recoveries(2, 0).raw("stuck-scan.json", byKey));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of(1L, 2L, 2L),
                    Databases.one(
                            database, "SELECT list(stuck_count ORDER BY slot) FROM rounds WHERE slot BETWEEN 1 AND 3"));
            assertEquals(
                    List.of(0L, 1L, 0L),
                    Databases.one(
                            database,
                            "SELECT list(recovery_fail ORDER BY slot) FROM rounds WHERE slot BETWEEN 1 AND 3"),
                    "of the second plan of round 3 nothing is told");
        }
    }

    @Test
    void a_bash_round_whose_recovery_txt_tells_as_many_recoveries_is_judged_by_the_failures_in_it() {
        SoakFixture soak = soak().round(
                        1,
                        r -> r.legacy().recoveries(1, 1).set("recovery_ok", 2).set("recovery_fail", 0))
                .round(0, r -> r.legacy().recoveries(2, 0).set("recovery_ok", 1));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of(0L, 1L),
                    Databases.one(database, "SELECT list(recovery_fail ORDER BY slot) FROM rounds WHERE slot < 2"));
        }
    }

    @Test
    void a_count_is_read_however_it_is_written_and_what_is_none_is_not() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.putAll(Map.of(
                "\"1e1\"",
                10L,
                "1e1",
                10L,
                "\"1.0e1\"",
                10L,
                "\"1.5e1\"",
                15L,
                " 3",
                3L,
                "\" 3 \"",
                3L,
                "\"+3\"",
                3L,
                "\"003\"",
                3L,
                "3.0",
                3L));
        counts.putAll(Map.of("1e+02", 100L, "150e-1", 15L, "-0", 0L));
        for (String none :
                List.of("3.5", "-3", "1e15", "1e99", "\"NaN\"", "\"0x10\"", "\"1_000\"", "\"\"", "true", "[3]")) {
            counts.put(none, null);
        }
        try (EvidenceDatabase database = judged(soak())) {
            counts.forEach((json, count) -> assertEquals(
                    count, Databases.one(database, "SELECT json_count(CAST('" + json + "' AS JSON))"), json));
        }
    }

    private static Object problems(EvidenceDatabase database, String where) {
        return Databases.one(database, "SELECT count(*) FROM problems WHERE " + where);
    }
}
