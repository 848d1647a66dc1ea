import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Failure;
import evidence.EvidenceDatabase;
import evidence.Scope;
import evidence.SqlScript;
import java.io.IOException;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;
import workload.RoundSummary;

/** The database itself: its views, its lock, and the traps of DuckDB that it must not step into (one test each). */
@Tag("slow")
class EvidenceDatabaseTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(8).interval(21600);
    }

    @Test
    void adding_a_check_adds_one_sql_file_and_touches_nothing_else() {
        List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
        scripts.add(new SqlScript("4-checks/VAL12-99-list-pages.sql", """
            INSERT INTO check_row BY NAME
            SELECT 'VAL12-99' AS id, 'list_pages' AS name, verdict_word(max(list_pages) <= 3, false) AS verdict,
                   max(list_pages) AS value, 3 AS target, 'pages=' || max(list_pages) AS detail
            FROM rounds WHERE counted\
            """));
        SoakFixture soak = soak().set("TARGET_TOTAL_CREATES", "300").rounds(0, 32);
        Map<String, Object> without;
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null))) {
            without = database.query("FROM verdict").get(0);
        }
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null), SqlScript.ordered(scripts))) {
            assertEquals("FAIL", Databases.one(database, "SELECT verdict FROM checks WHERE id = 'VAL12-99'"));
            assertEquals(
                    Map.of(
                            "passed_checks",
                            without.get("passed_checks"),
                            "total_checks",
                            (Long) without.get("total_checks") + 1,
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
    void every_check_and_every_claim_of_the_plan_is_there_and_no_other() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
            assertEquals(PlanChecks.CHECKS, Databases.one(database, "SELECT list(id) FROM checks"));
            assertEquals(PlanChecks.CLAIMS, Databases.one(database, "SELECT list(id) FROM claims"));
        }
    }

    @Test
    void a_check_that_crashes_ends_the_report_instead_of_passing() {
        List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
        scripts.add(new SqlScript(
                "4-checks/VAL12-99-broken.sql",
                "INSERT INTO check_row BY NAME SELECT no_such_column AS id FROM rounds"));
        SoakFixture soak = soak().rounds(0, 1);
        Config config = soak.write();
        RuntimeException crash = assertThrows(RuntimeException.class, () -> {
            try (EvidenceDatabase database =
                    EvidenceDatabase.open(config, new Scope(soak.end(), false, null), SqlScript.ordered(scripts))) {
                database.query("FROM verdict");
            }
        });
        assertTrue(crash.getMessage().contains("VAL12-99-broken.sql"), crash.getMessage());
    }

    @Test
    void every_public_view_and_each_of_its_columns_says_what_it_means() throws IOException {
        // the rows of the folders that make them
        String folders = Pattern.compile("(?m)^\\| `[236]-\\w+`.*")
                .matcher(Files.readString(Project.folder("sql/README.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining("\n"));
        List<String> told = Pattern.compile("`([a-z_]+)`")
                .matcher(folders)
                .results()
                .map(m -> m.group(1))
                .toList();
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
            Names.assertSame(
                    (List<?>) Databases.one(
                            database,
                            "SELECT list(view_name ORDER BY view_name) FROM duckdb_views() WHERE NOT internal AND"
                                    + " comment IS NOT NULL"),
                    told,
                    "sql/README.md, in its table of folders,");
            assertEquals(List.of(), database.query("""
                SELECT c.table_name, c.column_name FROM duckdb_columns() c JOIN duckdb_views() v
                  ON v.view_name = c.table_name
                WHERE v.comment IS NOT NULL AND c.comment IS NULL\
                """));
        }
    }

    @Test
    void the_reports_fields_stand_in_the_contracts_order() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
            assertEquals(words("""
                soak_id soak_start soak_end as_of duration_days complete rehearsal cp_mode total_rounds scheduled_rounds
                  healthy_rounds failed_rounds
                interrupted_rounds missed_rounds rounds_after_end cp_restart_count total_creates total_create_errors
                  max_plan_count final_plan_count store_bytes_final
                total_recovery_attempts rollback_sampled total_recovery_ok total_recovery_fail total_recovery_deferred
                  drill_recoveries recoveries_refuted agg_rollback_rate rollback_rate_7d rollback_rate_30d
                rollback_rate_by_exit_code rollback_rate_7d_by_exit_code
                round1_p99_ms day7_p99_ms day30_p99_ms p99_ms_7d pooled_p99_ms_7d max_p99_ms pooled_p99_ms p95_of_p99_ms
                  uptime_pct slot_uptime_pct scheduled_uptime_pct covered_slots coverage_pct
                longest_downtime_rounds scan_failures total_stuck_plans auto_recovery_rate lost_plans duplicate_plans
                  revived_plans passed_checks overall gate_d gate_d_by_plan\
                """), columns(database, "final_report"));
            assertEquals(words("""
                day window_start window_end as_of complete rehearsal cp_mode total_rounds healthy_rounds
                  interrupted_rounds missed_rounds uptime_pct total_creates
                rollback_rate_nd recovery_attempts_nd total_recovery_attempts recoveries_refuted
                  rollback_rate_by_exit_code p99_ms_nd pooled_p99_ms_nd\
                """), columns(database, "checkpoint_report"));
            assertEquals(words("""
                date day total_rounds healthy_rounds interrupted_rounds missed_rounds create_ok daily_create_errors
                  recovery_ok recovery_fail recoveries_refuted recovery_attempts
                recoveries_held daily_rollback_rate rollback_rate_by_exit_code daily_p99_ms pooled_p99_ms
                  daily_uptime_pct daily_stuck_rounds stuck_rounds plan_count store_bytes store_check\
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
        try (EvidenceDatabase database = Databases.judged(soak)) {
            Set<String> fields = new TreeSet<>(RoundSummary.types().keySet());
            fields.removeAll(columns(database, "rounds"));
            assertEquals(Set.of("seal"), fields, "sql/2-views/80-public.sql: the view rounds lacks all but the hashes");
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

    @Test
    void audit_and_metrics_are_read_when_a_statement_names_them_also_after_the_lock() {
        SoakFixture soak =
                soak().rounds(0, 3).file("audit-store/a.jsonl", """
                    {"event_name":"rollback.executed","outcome":"success",\
                    "timestamp":"2026-10-01T03:00:00Z","resource":"soak-1-01"}
                    {"event_name":"late","timestamp":"2027-01-01T00:00:00Z"}
                    broken line
                    """).file("audit-store/notes.txt", "no audit");
        try (EvidenceDatabase database = Databases.judged(soak)) {
            database.lock();
            assertEquals(
                    List.of("rollback.executed", "broken line"),
                    Databases.one(database, "SELECT list(coalesce(event_name, record) ORDER BY line_no) FROM audit"));
            assertEquals(
                    15.0 + 30,
                    Databases.one(
                            database,
                            "SELECT value FROM metrics WHERE family = 'cp_http_requests_total' AND round_id LIKE"
                                    + " '%120000'"));
            assertEquals(
                    2L,
                    Databases.one(
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
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 1))) {
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
        // also stops root, whom permissions do not
        Files.writeString(folder.resolve("tmp"), "a file where the folder would be");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
            assertEquals(2L, Databases.one(database, "SELECT total_rounds FROM final_report"));
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
    void each_way_to_write_the_start_is_the_same_instant_to_rounds_and_reports() {
        for (String start : List.of(
                "2026-10-01T00:00:00Z",
                "2026-10-01T00:00:00.123456789Z",
                "2026-10-01T00:00:00+00:00",
                "2026-10-01T05:30:00+05:30",
                "2026-09-30T20:30:00-03:30")) {
            Config config = soak().set("SOAK_STARTED_AT", start).write();
            assertEquals(
                    Instant.parse("2026-10-01T00:00:00Z"), config.schedule().t0(), start);
            try (EvidenceDatabase database =
                    EvidenceDatabase.open(config, new Scope(Instant.parse("2026-10-02T00:00:00Z"), false, null))) {
                assertEquals(
                        "1790812800",
                        String.valueOf(database.query("SELECT epoch(t0)::BIGINT AS t0 FROM soak")
                                .get(0)
                                .get("t0")),
                        start);
            }
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
