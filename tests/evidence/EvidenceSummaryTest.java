import static org.junit.jupiter.api.Assertions.assertEquals;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;

/** How round-summary.json is read, whole, broken, mistyped or of another version. */
@Tag("slow")
class EvidenceSummaryTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(8).interval(21600);
    }

    @Test
    void one_truncated_file_among_many_costs_one_round_and_not_the_report() {
        try (EvidenceDatabase database =
                Databases.judged(soak().rounds(0, 32).round(17, r -> r.summary("{\"health\": \"ok\", \"cre")))) {
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
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 4).round(2, r -> r.summary(text)))) {
            assertEquals(1L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
            assertEquals(4L, Databases.one(database, "SELECT total_rounds FROM final_report"));
            assertEquals(
                    1L,
                    Databases.one(
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
            assertEquals(2L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
            assertEquals(List.of(true, true), Databases.one(database, """
                SELECT [bool_or(file LIKE '%060000/round-summary.json' AND reason LIKE 'cannot be read%'),
                  bool_or(file LIKE '%120000/round-summary.json' AND reason LIKE 'is not UTF-8%')]
                FROM problems\
                """));
        }
    }

    @Test
    void temporary_and_hidden_files_are_no_summaries() {
        try (EvidenceDatabase database = Databases.judged(soak().rounds(0, 4)
                .round(
                        1,
                        r -> r.interrupted()
                                .raw("round-summary.json.tmp", "{\"health\":\"ok\"}")
                                .raw(".round-summary.json", "{\"health\":\"ok\"}")))) {
            assertEquals(1L, Databases.one(database, "SELECT interrupted_rounds FROM final_report"));
        }
    }

    @Test
    void a_field_that_older_rounds_lack_is_read_from_the_newer_ones() {
        SoakFixture soak = SoakFixture.in(folder).days(30).rounds(0, 60);
        for (int i = 0; i < 40; i++) {
            soak.round(i, r -> r.without("cp_rss_bytes"));
        }
        try (EvidenceDatabase database = Databases.judged(soak.round(59, r -> r.set("a_new_field", 1)))) {
            assertEquals(20L, Databases.one(database, "SELECT count(cp_rss_bytes) FROM rounds"));
        }
    }

    @Test
    void an_http_code_is_a_string_and_equals_without_quotes() {
        try (EvidenceDatabase database =
                Databases.judged(soak().rounds(0, 4).round(1, r -> r.set("scan_http_code", 200)))) {
            assertEquals(
                    List.of(true, false, true, true),
                    Databases.one(database, "SELECT list(scanned ORDER BY round) FROM rounds"));
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
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(1L, Databases.one(database, "SELECT count(p99_ms) FROM rounds"), value);
            assertEquals(
                    1L,
                    Databases.one(
                            database, "SELECT count(*) FROM problems WHERE reason LIKE 'p99_ms is %: not measured'"),
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
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(12.5, Databases.one(database, "SELECT p99_ms FROM rounds WHERE round = 2"));
        }
    }

    @Test
    void a_null_recovery_failure_count_is_not_zero_failures() {
        SoakFixture soak = soak().drillEvery(0)
                .rounds(0, 32)
                .round(3, r -> r.recoveries(5, 0).set("recovery_fail", null).raw("recovery.txt", null));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(0L, Databases.one(database, "SELECT total_recovery_attempts FROM final_report"));
            assertEquals("FAIL", Databases.one(database, "SELECT verdict FROM checks WHERE id = 'VAL12-10'"));
        }
    }

    @Test
    void a_figure_that_the_summary_nulls_comes_from_the_raw_files_so_that_nothing_hides_by_a_null() {
        SoakFixture soak = soak().rounds(0, 32)
                .round(1, r -> r.latencyMs(640.25).set("p99_ms", null))
                .round(2, r -> r.recoveries(4, 1).set("recovery_fail", null));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(640.25, Databases.one(database, "SELECT max_p99_ms FROM final_report"));
            assertEquals(1L, Databases.one(database, "SELECT total_recovery_fail FROM final_report"));
            assertEquals(
                    2L,
                    Databases.one(
                            database,
                            "SELECT count(*) FROM problems WHERE reason LIKE '%is null, % gives %: the file counts'"));
        }
    }
}
