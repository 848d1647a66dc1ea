import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import evidence.SqlScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import soak.Config;
import soak.Failure;

/** The database itself: its views, its lock, and the traps of DuckDB that it must not step into (one test each). */
@Tag("slow")
class EvidenceDatabaseTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(8).interval(21600);
    }

    private EvidenceDatabase judged(SoakFixture soak) {
        return EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null));
    }

    private static Object one(EvidenceDatabase database, String sql) {
        List<Map<String, Object>> rows = database.query(sql);
        assertEquals(1, rows.size(), sql);
        return rows.get(0).values().iterator().next();
    }

    // --- the shape
    // -----------------------------------------------------------------------------------------------------

    @Test
    void adding_a_check_adds_one_sql_file_and_touches_nothing_else() {
        List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
        scripts.add(new SqlScript("4-checks/VAL12-11-list-pages.sql", """
            INSERT INTO check_row BY NAME
            SELECT 'VAL12-11' AS id, 'list_pages' AS name, verdict_word(max(list_pages) <= 3, false) AS verdict,
                   max(list_pages) AS value, 3 AS target, 'pages=' || max(list_pages) AS detail
            FROM rounds WHERE counted\
            """));
        SoakFixture soak = soak().set("TARGET_TOTAL_CREATES", "300").rounds(0, 32);
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null), SqlScript.ordered(scripts))) {
            assertEquals("FAIL", one(database, "SELECT verdict FROM checks WHERE id = 'VAL12-11'"));
            assertEquals(
                    Map.of(
                            "passed_checks",
                            10L,
                            "total_checks",
                            11L,
                            "overall",
                            "FAIL",
                            "gate_d",
                            "NOT ASSESSED (a soak of 8 days)",
                            "gate_d_by_plan",
                            "NOT ASSESSED (a soak of 8 days)",
                            "complete",
                            true),
                    database.query("FROM verdict").get(0));
        }
    }

    @Test
    void the_ten_checks_and_four_claims_of_the_plan_are_there() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            assertEquals(
                    List.of(
                            "VAL12-01",
                            "VAL12-02",
                            "VAL12-03",
                            "VAL12-04",
                            "VAL12-05",
                            "VAL12-06",
                            "VAL12-07",
                            "VAL12-08",
                            "VAL12-09",
                            "VAL12-10"),
                    one(database, "SELECT list(id) FROM checks"));
            assertEquals(List.of("C1", "C2", "C3", "C4"), one(database, "SELECT list(id) FROM claims"));
        }
    }

    @Test
    void a_check_that_crashes_ends_the_report_instead_of_passing() {
        List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
        scripts.add(new SqlScript(
                "4-checks/VAL12-11-broken.sql",
                "INSERT INTO check_row BY NAME SELECT no_such_column AS id FROM rounds"));
        SoakFixture soak = soak().rounds(0, 1);
        Config config = soak.write();
        RuntimeException crash = assertThrows(RuntimeException.class, () -> {
            try (EvidenceDatabase database =
                    EvidenceDatabase.open(config, new Scope(soak.end(), false, null), SqlScript.ordered(scripts))) {
                database.query("FROM verdict");
            }
        });
        assertTrue(crash.getMessage().contains("VAL12-11-broken.sql"), crash.getMessage());
    }

    @Test
    void every_public_view_and_each_of_its_columns_says_what_it_means() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            assertEquals(
                    List.of(
                            "alerts",
                            "audit",
                            "checkpoint_report",
                            "checks",
                            "claims",
                            "creates",
                            "daily",
                            "final_report",
                            "harness_cost",
                            "integrity",
                            "margins",
                            "metrics",
                            "notes",
                            "outlook",
                            "problems",
                            "recoveries",
                            "rounds",
                            "slots",
                            "soak_days",
                            "status",
                            "trends",
                            "verdict"),
                    one(
                            database,
                            "SELECT list(view_name ORDER BY view_name) FROM duckdb_views() WHERE NOT internal AND"
                                    + " comment IS NOT NULL"));
            assertEquals(List.of(), database.query("""
                SELECT c.table_name, c.column_name FROM duckdb_columns() c JOIN duckdb_views() v ON v.view_name = c.table_name
                WHERE v.comment IS NOT NULL AND c.comment IS NULL\
                """));
        }
    }

    @Test
    void the_reports_fields_stand_in_the_contracts_order() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            assertEquals(words("""
                soak_id soak_start soak_end as_of duration_days complete rehearsal cp_mode total_rounds scheduled_rounds healthy_rounds failed_rounds
                interrupted_rounds missed_rounds rounds_after_end cp_restart_count total_creates total_create_errors max_plan_count final_plan_count store_bytes_final
                total_recovery_attempts rollback_sampled total_recovery_ok total_recovery_fail total_recovery_deferred drill_recoveries recoveries_refuted agg_rollback_rate rollback_rate_7d rollback_rate_30d
                rollback_rate_by_exit_code rollback_rate_7d_by_exit_code
                round1_p99_ms day7_p99_ms day30_p99_ms p99_ms_7d pooled_p99_ms_7d max_p99_ms pooled_p99_ms p95_of_p99_ms uptime_pct slot_uptime_pct scheduled_uptime_pct covered_slots coverage_pct
                longest_downtime_rounds scan_failures total_stuck_plans auto_recovery_rate lost_plans duplicate_plans revived_plans passed_checks overall gate_d gate_d_by_plan\
                """), columns(database, "final_report"));
            assertEquals(words("""
                day window_start window_end as_of complete rehearsal cp_mode total_rounds healthy_rounds interrupted_rounds missed_rounds uptime_pct total_creates
                rollback_rate_nd recovery_attempts_nd total_recovery_attempts recoveries_refuted rollback_rate_by_exit_code p99_ms_nd pooled_p99_ms_nd\
                """), columns(database, "checkpoint_report"));
            assertEquals(words("""
                date day total_rounds healthy_rounds interrupted_rounds missed_rounds create_ok daily_create_errors recovery_ok recovery_fail recoveries_refuted recovery_attempts
                recoveries_held daily_rollback_rate rollback_rate_by_exit_code daily_p99_ms pooled_p99_ms daily_uptime_pct daily_stuck_rounds stuck_rounds plan_count store_bytes store_check\
                """), columns(database, "daily"));
        }
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    private static List<String> columns(EvidenceDatabase database, String view) {
        return new ArrayList<>(database.query("FROM " + view).get(0).keySet());
    }

    @Test
    void every_field_of_a_summary_is_a_column_of_rounds() {
        SoakFixture soak = soak().rounds(0, 1);
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(List.of(), database.query("""
                SELECT e.key FROM (SELECT summary FROM raw_round), json_each(summary) e
                WHERE e.key NOT IN (SELECT column_name FROM duckdb_columns() WHERE table_name = 'rounds')\
                """));
            Map<String, Object> round = database.query("FROM rounds").get(0);
            assertEquals("2026-10-01/round-000000", round.get("round_id"));
            assertEquals(Instant.parse("2026-10-01T00:00:00Z"), round.get("starts_at"));
            assertEquals(LocalDate.parse("2026-10-01"), round.get("date"));
            assertEquals(10L, round.get("create_ok"));
            assertEquals(4.909, round.get("p99_ms"));
            assertEquals(true, round.get("healthy"));
            assertNull(round.get("restart_ms"));
        }
    }

    // --- lazily read evidence, and the lock
    // ------------------------------------------------------------------------------

    @Test
    void audit_and_metrics_are_read_when_a_statement_names_them_also_after_the_lock() {
        SoakFixture soak =
                soak().rounds(0, 3).file("audit-store/a.jsonl", """
                    {"event_name":"rollback.executed","outcome":"success","timestamp":"2026-10-01T03:00:00Z","resource":"soak-1-01"}
                    {"event_name":"late","timestamp":"2027-01-01T00:00:00Z"}
                    broken line
                    """).file("audit-store/notes.txt", "no audit");
        try (EvidenceDatabase database = judged(soak)) {
            database.lock();
            assertEquals(
                    List.of("rollback.executed", "broken line"),
                    one(database, "SELECT list(coalesce(event_name, record) ORDER BY line_no) FROM audit"));
            assertEquals(
                    15.0 + 30,
                    one(
                            database,
                            "SELECT value FROM metrics WHERE family = 'cp_http_requests_total' AND round_id LIKE"
                                    + " '%120000'"));
            assertEquals(
                    2L,
                    one(
                            database,
                            "SELECT samples FROM metrics WHERE family = 'cp_http_requests_total' AND round_id LIKE"
                                    + " '%120000'"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY rounds TO '%s/out.csv'",
                "SELECT * FROM read_text('/etc/hostname')",
                "ATTACH '%s/x.duckdb'",
                "SET enable_external_access = true",
                "INSTALL httpfs",
                "SET threads = 4",
                "SELECT * FROM glob('%s/*')"
            })
    void once_locked_nothing_can_be_written_read_attached_or_set(String sql) throws SQLException {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            database.lock();
            try (Statement statement = database.connection().createStatement()) {
                assertThrows(SQLException.class, () -> statement.execute(sql.formatted(folder)));
            }
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_reported_all_the_same() throws Exception {
        SoakFixture soak = soak().rounds(0, 2);
        Config config = soak.write();
        Files.writeString(
                folder.resolve("tmp"), "a file where the folder would be"); // also stops root, whom permissions do not
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
            assertEquals(2L, one(database, "SELECT total_rounds FROM final_report"));
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void native_libraries_of_killed_processes_are_removed_and_young_ones_kept() throws Exception {
        SoakFixture soak = soak().rounds(0, 1);
        Config config = soak.write();
        Path old = Files.createDirectories(config.dir().tmp()).resolve("libduckdb_java1.so");
        Path young = config.dir().tmp().resolve("libduckdb_java2.so");
        Path other = config.dir().tmp().resolve("other.so");
        for (Path file : List.of(old, young, other)) {
            Files.writeString(file, "x");
        }
        for (Path file : List.of(old, other)) {
            Files.setLastModifiedTime(
                    file, java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(3600)));
        }
        EvidenceDatabase.open(config, new Scope(soak.end(), false, null)).close();
        assertEquals(List.of(false, true, true), List.of(Files.exists(old), Files.exists(young), Files.exists(other)));
    }

    @Test
    void without_a_start_and_without_rounds_the_configuration_is_to_blame() {
        Config config = soak().set("SOAK_STARTED_AT", null).write();
        assertThrows(Failure.class, () -> EvidenceDatabase.open(config, new Scope(Instant.now(), true, null)));
    }

    @Test
    void an_empty_soak_has_no_rounds_no_rate_and_no_pass() {
        try (EvidenceDatabase database = judged(soak())) {
            assertEquals(0L, one(database, "SELECT count(*) FROM rounds"));
            assertEquals(32L, one(database, "SELECT missed_rounds FROM final_report"));
            assertEquals(List.of("VAL12-01"), one(database, "SELECT list(id) FROM checks WHERE verdict <> 'FAIL'"));
            assertEquals(0L, one(database, "SELECT count(*) FROM claims WHERE verdict <> 'FAIL'"));
            assertEquals("INCOMPLETE", one(database, "SELECT overall FROM verdict"));
        }
    }

    // --- DuckDB's traps
    // --------------------------------------------------------------------------------------------------

    @Test
    void zero_of_zero_is_null_and_reaches_no_target() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            assertNull(one(database, "SELECT 0.0::DOUBLE / 0.0::DOUBLE"));
            assertNull(one(database, "SELECT share(0, 0)"));
            assertNull(one(database, "SELECT percentage(0, 0)"));
            assertEquals(false, one(database, "SELECT share_reaches(0, 0, 0.99)"));
            assertEquals("FAIL", one(database, "SELECT verdict_word(NULL, false)"));
            assertEquals("FAIL", one(database, "SELECT verdict_word(share(0, 0) >= 0.99, false)"));
        }
    }

    @Test
    void a_target_is_compared_exactly_and_not_by_a_rounded_fraction() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            assertEquals(true, one(database, "SELECT share_reaches(99, 100, (SELECT rollback_rate FROM targets))"));
            assertEquals(
                    true,
                    one(
                            database,
                            "SELECT share_reaches(990000000000, 1000000000000, (SELECT rollback_rate FROM targets))"));
            assertEquals(
                    false,
                    one(
                            database,
                            "SELECT share_reaches(989999999999, 1000000000000, (SELECT rollback_rate FROM targets))"));
            assertEquals(true, one(database, "SELECT percentage_reaches(999, 1000, (SELECT uptime_pct FROM targets))"));
            assertEquals(
                    false, one(database, "SELECT percentage_reaches(1438, 1440, (SELECT uptime_pct FROM targets))"));
        }
    }

    @Test
    void percentiles_are_nearest_rank_whatever_the_number_of_values() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            for (int n : List.of(1, 2, 10, 99, 100, 101, 480, 1440, 3360, 14400)) {
                assertEquals(
                        List.of((n * 50L + 99) / 100, (n * 95L + 99) / 100, (n * 99L + 99) / 100),
                        one(
                                database,
                                "SELECT [quantile_disc(i, 0.50), quantile_disc(i, 0.95), "
                                        + "quantile_disc(i, 0.99)] FROM range(1, %d) t(i)".formatted(n + 1)),
                        "n=" + n);
            }
            assertEquals(10L, one(database, "SELECT quantile_disc(i, 0.99) FROM range(1, 11) t(i)"));
        }
    }

    @Test
    void numbers_beyond_a_thousand_stay_plain() {
        try (EvidenceDatabase database = judged(
                soak().rounds(0, 12).round(11, r -> r.planCount(1234567)).round(9, r -> r.set("p99_ms", 12345.5)))) {
            assertEquals("1234567", one(database, "SELECT max_plan_count FROM final_text"));
            assertEquals("12345.5", one(database, "SELECT max_p99_ms FROM final_text"));
            assertEquals(
                    "4,000",
                    one(database, "SELECT target_total_creates FROM final_text")); // as the plan's template has it
        }
    }

    @Test
    void shown_figures_are_rounded_but_a_failed_one_is_cut_toward_the_failing_side() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 1))) {
            assertEquals(
                    List.of("0.992", "0.989", "0.989", "0.989", "1.000", "n/a"),
                    one(
                            database,
                            "SELECT [shown_rate(0.99151, false), shown_rate(0.98951, false), shown_rate(0.98951,"
                                    + " true), shown_rate(989.0 / 1000, true), shown_rate(1, false), shown_rate(NULL,"
                                    + " true)]"));
            assertEquals(
                    List.of("99.9", "99.8", "97.9", "100.0"),
                    one(
                            database,
                            "SELECT [shown_pct(99.861, false), shown_pct(99.861, true), shown_pct(47 * 100.0 / 48,"
                                    + " true), shown_pct(100, false)]"));
            assertEquals(
                    List.of("500.001", "500", "1250.5", "0.1", "n/a"),
                    one(
                            database,
                            "SELECT [shown_ms(500.0004, true), shown_ms(500.0004, false), shown_ms(1250.5, true),"
                                    + " shown_ms(0.1, false), shown_ms(NULL, NULL)]"));
        }
    }

    @Test
    void one_truncated_file_among_many_costs_one_round_and_not_the_report() {
        try (EvidenceDatabase database =
                judged(soak().rounds(0, 32).round(17, r -> r.summary("{\"health\": \"ok\", \"cre")))) {
            assertEquals(
                    Map.of("total_rounds", 32L, "interrupted_rounds", 1L, "healthy_rounds", 31L),
                    database.query("SELECT total_rounds, interrupted_rounds, healthy_rounds FROM final_report")
                            .get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{} {}",
                "{\"health\":\"ok\"}x",
                "1",
                "\"ok\"",
                "{\"health\":\"ok\",}",
                "{\"a\":Infinity}"
            })
    void what_is_no_whole_object_is_one_interrupted_round_and_listed(String text) {
        try (EvidenceDatabase database = judged(soak().rounds(0, 4).round(2, r -> r.summary(text)))) {
            assertEquals(1L, one(database, "SELECT interrupted_rounds FROM final_report"));
            assertEquals(4L, one(database, "SELECT total_rounds FROM final_report"));
            assertEquals(
                    1L,
                    one(
                            database,
                            "SELECT count(*) FROM problems WHERE file LIKE '%round-summary.json' AND reason LIKE"
                                    + " '%interrupted%'"));
        }
    }

    @Test
    void a_summary_that_cannot_be_read_at_all_is_listed() throws Exception {
        SoakFixture soak = soak().rounds(0, 4).round(1, r -> r.raw("round-summary.json", null));
        Config config = soak.write();
        Path round = config.dir().round("2026-10-01/round-060000");
        Files.createDirectory(round.resolve("round-summary.json"));
        Files.write(
                config.dir().round("2026-10-01/round-120000").resolve("round-summary.json"),
                new byte[] {'{', (byte) 0xff, '}'});
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
            assertEquals(2L, one(database, "SELECT interrupted_rounds FROM final_report"));
            assertEquals(List.of(true, true), one(database, """
                SELECT [bool_or(file LIKE '%060000/round-summary.json' AND reason LIKE 'cannot be read%'), bool_or(file LIKE '%120000/round-summary.json' AND reason LIKE 'is not UTF-8%')]
                FROM problems\
                """));
        }
    }

    @Test
    void temporary_and_hidden_files_are_no_summaries() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 4)
                .round(
                        1,
                        r -> r.interrupted()
                                .raw("round-summary.json.tmp", "{\"health\":\"ok\"}")
                                .raw(".round-summary.json", "{\"health\":\"ok\"}")))) {
            assertEquals(1L, one(database, "SELECT interrupted_rounds FROM final_report"));
        }
    }

    @Test
    void a_field_that_older_rounds_lack_is_read_from_the_newer_ones() {
        SoakFixture soak = SoakFixture.in(folder).days(30).rounds(0, 60);
        for (int i = 0; i < 40; i++) {
            soak.round(i, r -> r.without("cp_rss_bytes"));
        }
        try (EvidenceDatabase database = judged(soak.round(59, r -> r.set("a_new_field", 1)))) {
            assertEquals(20L, one(database, "SELECT count(cp_rss_bytes) FROM rounds"));
        }
    }

    @Test
    void an_http_code_is_a_string_and_equals_without_quotes() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 4).round(1, r -> r.set("scan_http_code", 200)))) {
            assertEquals(
                    List.of(true, false, true, true), one(database, "SELECT list(scanned ORDER BY round) FROM rounds"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"NaN\"", "\"Infinity\"", "\"0x10\"", "true", "[1]", "{}", "\"\"", "\"ten\"", "-3", "1e999"})
    void what_is_no_finite_number_from_zero_on_is_not_measured_and_listed(String value) {
        SoakFixture soak = soak().rounds(0, 2)
                .round(
                        1,
                        r -> r.raw("create-times.txt", null)
                                .edit(f -> f.putRawValue(
                                        "p99_ms", new com.fasterxml.jackson.databind.util.RawValue(value))));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(1L, one(database, "SELECT count(p99_ms) FROM rounds"), value);
            assertEquals(
                    1L,
                    one(database, "SELECT count(*) FROM problems WHERE reason LIKE 'p99_ms is %: not measured'"),
                    value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"12.5", "\"12.5\"", "\" 12.5 \"", "1.25e1", "12.50"})
    void a_number_is_read_also_as_a_string(String value) {
        SoakFixture soak = soak().rounds(0, 2)
                .round(
                        1,
                        r -> r.edit(
                                f -> f.putRawValue("p99_ms", new com.fasterxml.jackson.databind.util.RawValue(value))));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(12.5, one(database, "SELECT p99_ms FROM rounds WHERE round = 2"));
        }
    }

    @Test
    void a_null_recovery_failure_count_is_not_zero_failures() {
        SoakFixture soak = soak().drillEvery(0)
                .rounds(0, 32)
                .round(3, r -> r.recoveries(5, 0).set("recovery_fail", null).raw("recovery.txt", null));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(0L, one(database, "SELECT total_recovery_attempts FROM final_report"));
            assertEquals("FAIL", one(database, "SELECT verdict FROM checks WHERE id = 'VAL12-10'"));
        }
    }

    @Test
    void a_figure_that_the_summary_nulls_comes_from_the_raw_files_so_that_nothing_hides_by_a_null() {
        SoakFixture soak = soak().rounds(0, 32)
                .round(1, r -> r.latencyMs(640.25).set("p99_ms", null))
                .round(2, r -> r.recoveries(4, 1).set("recovery_fail", null));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(640.25, one(database, "SELECT max_p99_ms FROM final_report"));
            assertEquals(1L, one(database, "SELECT total_recovery_fail FROM final_report"));
            assertEquals(
                    2L,
                    one(
                            database,
                            "SELECT count(*) FROM problems WHERE reason LIKE '%is null, % gives %: the file counts'"));
        }
    }

    // --- edges of the contract that no golden scenario stands on
    // -----------------------------------------------------------

    @Test
    void a_restarted_round_is_not_healthy_whatever_its_health_says() {
        try (EvidenceDatabase database = judged(
                soak().rounds(0, 3).round(1, r -> r.set("restarted", true)).round(2, r -> r.set("health", "OK")))) {
            assertEquals(List.of(true, false, false), one(database, "SELECT list(healthy ORDER BY round) FROM rounds"));
        }
    }

    @Test
    void a_round_that_starts_at_as_of_is_not_seen_and_its_slot_has_not_elapsed() {
        SoakFixture soak = soak().rounds(0, 32);
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(16), false, null))) {
            assertEquals(
                    Map.of("total_rounds", 16L, "scheduled_rounds", 16L, "missed_rounds", 0L),
                    database.query("SELECT total_rounds, scheduled_rounds, missed_rounds FROM final_report")
                            .get(0));
        }
    }

    @Test
    void a_stuck_streak_of_the_threshold_is_no_daily_alert_and_one_more_is() {
        SoakFixture soak =
                SoakFixture.in(folder).days(2).interval(3600).drillEvery(0).rounds(0, 48);
        for (int i : List.of(1, 2, 3, 22, 23, 24, 25, 26, 27)) { // midnight parts the second streak: 2 and 4
            soak.round(i, r -> r.deferred(1));
        }
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(List.of(3L, 4L), one(database, "SELECT list(daily_stuck_rounds ORDER BY date) FROM daily"));
            assertEquals(
                    List.of("ALERT daily_stuck_rounds=4 threshold=3 day=2"),
                    one(database, "SELECT list(text) FROM daily_alert_lines WHERE key = 'daily_stuck_rounds'"));
        }
    }

    @Test
    void a_bash_round_whose_scan_failed_says_none_stuck_and_ends_no_streak() {
        SoakFixture soak =
                SoakFixture.in(folder).days(1).interval(3600).drillEvery(0).rounds(0, 24);
        for (int i : List.of(1, 2, 4, 5)) {
            soak.round(i, r -> r.deferred(1));
        }
        soak.round(
                3,
                r -> r.legacy()
                        .set("scan_ok", false)
                        .set("scan_http_code", "500")
                        .set("stuck_count", 0));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(List.of(4L), one(database, "SELECT list(daily_stuck_rounds) FROM daily"));
        }
    }

    @Test
    void a_folder_without_a_summary_is_in_progress_only_if_newest_young_and_now() {
        SoakFixture soak = soak().rounds(0, 8).round(6, r -> r.interrupted()).round(7, r -> r.interrupted());
        Config config = soak.write();
        Instant young = soak.slotStart(7).plusSeconds(21599);
        for (Scope scope : List.of(
                new Scope(young, true, null),
                new Scope(young, false, null),
                new Scope(soak.slotStart(8), true, null))) {
            try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
                boolean running = scope.isNow() && scope.asOf().equals(young);
                assertEquals(
                        running ? List.of("interrupted", "in_progress") : List.of("interrupted", "interrupted"),
                        one(database, "SELECT list(kind ORDER BY starts_at) FROM rounds WHERE slot >= 6"));
                assertEquals(0L, one(database, "SELECT missed_rounds FROM final_report"));
            }
        }
    }

    @Test
    void half_written_lines_and_fast_refusals_do_not_improve_a_latency() {
        try (EvidenceDatabase database = judged(soak().rounds(0, 2)
                .round(
                        0,
                        r -> r.interrupted()
                                .latencyMs(1, 600, 8)
                                .codes("503", "503")
                                .raw("create-times.txt", "0.001000\n0.600000\n0.008000\n0.0")
                                .raw("plans-created.txt", "503\n503\n201\n201\n")))) {
            assertEquals(
                    List.of(false, true, true, false),
                    one(
                            database,
                            "SELECT list(counted ORDER BY plan) FROM creates WHERE round_id LIKE '%/round-000000' AND"
                                    + " plan <= 4"));
            assertEquals(600.0, one(database, "SELECT p99_ms FROM rounds WHERE round = 1"));
            assertEquals(8.0, one(database, "SELECT p50_ms FROM rounds WHERE round = 1"));
        }
    }

    @Test
    void the_same_evidence_and_as_of_give_the_same_figures() {
        SoakFixture soak = soak().rounds(0, 32)
                .round(4, r -> r.interrupted())
                .alert("2026-10-02T00:00:00Z WARN daily_create_errors=4 threshold=0 day=1");
        Config config = soak.write();
        List<List<Map<String, Object>>> answers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
                List<Map<String, Object>> all = new ArrayList<>();
                List.of("final_report", "checks", "claims", "daily", "problems", "alerts")
                        .forEach(view -> all.addAll(database.query("FROM " + view)));
                answers.add(all);
            }
        }
        assertEquals(answers.get(0), answers.get(1));
    }
}
