import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import evidence.EvidenceDatabase;
import evidence.ParsedSql;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;
import soak.SoakDir;

@Tag("slow")
class ReportSqlTest {
    @TempDir
    Path scratch;

    private Path soak;

    @BeforeEach
    void a_soak() throws Exception {
        soak = Files.createDirectory(scratch.resolve("soak"));
        Files.writeString(soak.resolve("config.env"), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
        Files.writeString(soak.resolve("alerts.log"), "2026-10-01T00:30:00Z ALERT lost_plans=2 threshold=0 day=1\n");
    }

    private Fork.Result sql(String... more) {
        return Fork.here(new report(), Fork.words(List.of(soak.toString()), more));
    }

    private String answer(String text, String format) {
        Fork.Result ran = sql("--sql", text, "--format", format);
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertEquals("", ran.err());
        return ran.out();
    }

    private static final String AWKWARD = """
        SELECT * FROM (VALUES
          (1234567, 0.0000123::DOUBLE, true, 'a,"b"' || chr(10) || 'c|d', TIMESTAMPTZ '2026-10-01 02:00:00+02',
            DATE '2026-10-01', [1, NULL], {'k': 'v'}),
          (NULL, NULL, NULL, '', NULL, NULL, NULL, NULL)) v(n, x, ok, "text", "at", d, l, s)\
        """;

    @Test
    void the_table_is_aligned_and_null_is_visible() {
        assertEquals("""
                  n          x  ok    text        at                    d           l          s
            -------  ---------  ----  ----------  --------------------  ----------  ---------  ------
            1234567  0.0000123  true  a,"b"\\nc|d  2026-10-01T00:00:00Z  2026-10-01  [1, NULL]  {k: v}
               NULL       NULL  NULL              NULL                  NULL        NULL       NULL
            """, answer(AWKWARD, "table"));
    }

    @Test
    void csv_is_that_of_rfc_4180() {
        assertEquals(
                "n,x,ok,text,at,d,l,s\r\n"
                        + "1234567,0.0000123,true,\"a,\"\"b\"\"\n"
                        + "c|d\",2026-10-01T00:00:00Z,2026-10-01,\"[1,null]\",\"{\"\"k\"\":\"\"v\"\"}\"\r\n"
                        + ",,,\"\",,,,\r\n",
                answer(AWKWARD, "csv"));
    }

    @Test
    void json_keeps_types_and_nulls() throws Exception {
        assertEquals(Json.parse("""
            [{"n": 1234567, "x": 0.0000123, "ok": true, "text": "a,\\"b\\"\\nc|d", "at": "2026-10-01T00:00:00Z",
              "d": "2026-10-01", "l": [1, null], "s": {"k": "v"}},
             {"n": null, "x": null, "ok": null, "text": "", "at": null, "d": null, "l": null, "s": null}]\
            """), Json.parse(answer(AWKWARD, "json")));
    }

    @Test
    void markdown_is_a_table_whose_cells_stay_cells() {
        assertEquals("""
            | n | x | ok | text | at | d | l | s |
            | ---: | ---: | --- | --- | --- | --- | --- | --- |
            | 1234567 | 0.0000123 | true | a,"b"<br>c\\|d | 2026-10-01T00:00:00Z | 2026-10-01 | [1, NULL] | {k: v} |
            | NULL | NULL | NULL |  | NULL | NULL | NULL | NULL |
            """, answer(AWKWARD, "markdown"));
    }

    @Test
    void a_cell_of_markdown_is_text_whatever_the_evidence_holds() {
        assertEquals(
                "| a | b | c |\n"
                        + "| --- | --- | --- |\n"
                        + "| &lt;img src=x onerror=1>&amp;lt; | ![x]\\(http://x/) \\`y\\` \\*z\\* | a\\\\\\|b"
                        + " \\~\\~c\\~\\~ some_name (d) |\n",
                answer(
                        "SELECT '<img src=x onerror=1>&lt;' AS a, '![x](http://x/) `y` *z*' AS b,"
                                + " 'a\\|b ~~c~~ some_name (d)' AS c",
                        "markdown"));
    }

    @Test
    void a_row_of_csv_that_is_one_null_is_no_empty_line() {
        assertEquals("x\r\na\r\n\"\"\r\n", answer("SELECT * FROM (VALUES ('a'), (NULL)) v(x)", "csv"));
    }

    @Test
    void figures_are_not_rounded_and_times_are_utc() {
        assertEquals("x,p\r\n0.30000000000000004,4.9E-134\r\n", answer("SELECT 0.1e0 + 0.2 x, 4.9e-134 p", "csv"));
        assertEquals(
                "t\r\n2026-10-01T00:30:00.123456Z\r\n",
                answer("SELECT TIMESTAMPTZ '2026-10-01 00:30:00.123456Z' AS t", "csv"));
        assertEquals("t,u\r\n00:30:00,12:00:00\r\n", answer("SELECT TIME '00:30' AS t, TIME '12:00' AS u", "csv"));
    }

    @Test
    void what_evidence_holds_cannot_steer_a_terminal() {
        assertTrue(answer("SELECT chr(27) || '[31mred' AS x", "table").contains("\\u001b[31mred"));
    }

    @Test
    void columns_of_one_name_stay_apart_except_in_json() {
        assertEquals("a,a\r\n1,2\r\n", answer("SELECT 1 AS a, 2 AS a", "csv"));
        Fork.Result ran = sql("--sql", "SELECT 1 AS a, 2 AS b, 3 AS a", "--format", "json");
        assertEquals(Exit.USAGE, ran.exit());
        assertTrue(ran.err().contains("more than one column is called a: name them with AS"), ran.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "FROM alerts",
                "WITH a AS (SELECT 1 AS n) SELECT n FROM a;",
                "VALUES (1)",
                "DESCRIBE rounds",
                "SUMMARIZE alerts",
                "SHOW TABLES",
                "SELECT count(*) FROM audit",
                "SELECT count(*) FROM metrics"
            })
    void reading_is_allowed(String text) {
        assertTrue(answer(text, "table").lines().count() >= 2, "a heading and what is below it");
    }

    @Test
    void the_views_hold_the_evidence() {
        assertEquals("key,value,day\r\nlost_plans,2,1\r\n", answer("SELECT key, value, day FROM alerts", "csv"));
    }

    /** Nothing here may write, attach, load, change a setting, or read what is not evidence. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY (SELECT 1) TO '{out}'",
                "COPY alerts TO '{out}' (FORMAT csv)",
                "EXPORT DATABASE '{out}'",
                "ATTACH '{out}' AS x",
                "DETACH memory",
                "USE memory",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SET threads = 4",
                "RESET threads",
                "SET enable_external_access = true",
                "PRAGMA threads = 4",
                "PRAGMA enable_profiling",
                "CREATE TABLE x (i INT)",
                "CREATE VIEW x AS SELECT 1",
                "CREATE OR REPLACE VIEW rounds AS SELECT 1",
                "CREATE MACRO m() AS 1",
                "INSERT INTO check_row VALUES ('a', 'b', 'PASS', 1, 1, '')",
                "UPDATE check_row SET verdict = 'PASS'",
                "DELETE FROM check_row",
                "DROP VIEW rounds",
                "ALTER VIEW rounds RENAME TO r",
                "TRUNCATE check_row",
                "COMMENT ON VIEW rounds IS 'x'",
                "BEGIN",
                "COMMIT",
                "VACUUM",
                "CHECKPOINT",
                "PREPARE p AS SELECT 1",
                "EXECUTE p",
                "CALL pragma_version()",
                "CREATE SECRET s (TYPE http)",
                "SELECT 1; SELECT 2",
                "SELECT 1; DROP VIEW rounds",
                "SELECT 1; COPY alerts TO '{out}'",
                "SELECT 1;;COPY alerts TO '{out}'",
                "/* SELECT */ COPY alerts TO '{out}'",
                "-- x\nCOPY alerts TO '{out}'",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM read_blob('/proc/self/environ')",
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM read_json('{soak}/config.env')",
                "SELECT * FROM '/etc/passwd.csv'",
                "FROM '{soak}/x.parquet'",
                "SELECT * FROM glob('/etc/*')",
                "SELECT * FROM parquet_metadata('/etc/passwd')",
                "SELECT * FROM sniff_csv('/etc/passwd')",
                "SELECT * FROM query('COPY alerts TO ''{out}''')",
                "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
                "SELECT * FROM json_execute_serialized_sql('x')",
                "FROM enable_logging()",
                "FROM disable_logging()",
                "FROM truncate_duckdb_logs()",
                "FROM Checkpoint()",
                "SELECT (SELECT count(*) FROM main.force_checkpoint())",
                "SUMMARIZE FROM enable_logging()",
                "WITH a AS (SELECT write_log('x')) FROM a",
                "FROM query('FROM enable_logging()')",
                "SELECT getenv('HOME')",
                "SELECT * FROM read_text('http://127.0.0.1:1/x')",
                "SELECT * FROM sqlite_scan('{soak}/cp-data/x.db', 'plan')",
                "SELECT * FROM st_read('/etc/passwd')",
                "SELECT nextval('s')",
                "SELECT set_config('threads', '4')",
                "SELECT * FROM duckdb_extensions()",
                "",
                ";",
                "SELEC 1",
                "SELECT FROM",
                "SELECT * FROM nowhere",
                "SELECT 1/",
                "'",
                "SELECT error('no')"
            })
    void everything_else_is_refused_and_leaves_no_trace(String text) throws Exception {
        String hostile =
                text.replace("{out}", scratch.resolve("out").toString()).replace("{soak}", soak.toString());
        List<String> before = files();
        Fork.Result ran = sql("--sql", hostile.isEmpty() ? " ;" : hostile);
        assertEquals(Exit.USAGE, ran.exit(), ran.out());
        assertEquals("", ran.out());
        assertTrue(ran.err().startsWith("report: --sql "), ran.err());
        assertFalse(ran.err().contains("\tat "), ran.err());
        assertEquals(before, files());
        assertEquals("n\r\n1\r\n", answer("SELECT count(*) AS n FROM alerts", "csv"));
    }

    /**
     * Of the tables and of what is not a function of its arguments; one that a new version brings must be looked at.
     */
    @Test
    void each_function_of_the_database_is_known_to_act_or_not() {
        Set<String> harmless = Set.of("""
            current_connection_id current_query current_query_id current_transaction_id currval error
            gen_random_uuid generate_series glob icu_calendar_names json_each json_tree nextval
            parquet_bloom_probe parquet_file_metadata parquet_kv_metadata parquet_metadata parquet_scan
            parquet_schema pg_timezone_names query_table random range read_blob read_csv read_csv_auto read_json
            read_json_auto read_json_objects read_json_objects_auto read_ndjson read_ndjson_auto
            read_ndjson_objects read_parquet read_text repeat repeat_row setseed sniff_csv stats summary
            test_all_types test_vector_types unnest uuid uuidv4 uuidv7 which_secret\
            """.split("\\s+"));
        try (EvidenceDatabase database =
                EvidenceDatabase.open(Config.read(new SoakDir(soak)), new Scope(Instant.now(), true, null))) {
            Set<Object> all = database
                    .query("SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type ="
                            + " 'table' OR stability = 'VOLATILE' AND function_type = 'scalar'")
                    .stream()
                    .map(row -> row.get("name"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertTrue(all.containsAll(ParsedSql.ACTING), "no longer there: " + ParsedSql.ACTING);
            all.removeAll(ParsedSql.ACTING);
            all.removeAll(harmless);
            all.removeIf(name -> name.toString().matches("(duckdb|pragma)_.*")); // they list what there is
            assertEquals(Set.of(), all, "does it act? If so it belongs to ParsedSql.ACTING");
        }
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.walk(scratch)) {
            return all.filter(f -> !f.startsWith(soak.resolve("tmp")))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void an_error_has_all_of_the_databases_words() {
        String err = sql("--sql", "SELECT p99 FROM rounds").err();
        assertTrue(
                err.contains("p99")
                        && err.contains("LINE 1: SELECT p99 FROM rounds")
                        && err.contains("Candidate bindings"),
                err);
    }

    @Test
    void a_view_that_is_misspelt_is_found_and_a_pivot_without_its_values_is_told_how_it_runs() {
        assertTrue(sql("--sql", "SELECT 1 FROM round").err().contains("Did you mean \"rounds\"?"));
        assertTrue(sql("--sql", "SELECT 1 FROM slot").err().contains("Did you mean \"slots\"?"));
        Fork.Result pivot = sql("--sql", "PIVOT rounds ON health USING count(*) GROUP BY date");
        assertEquals(Exit.USAGE, pivot.exit());
        assertTrue(pivot.err().endsWith("; a PIVOT with its values, ON health IN ('ok', 'failed'), is one too\n"));
        answer("PIVOT rounds ON health IN ('ok', 'failed') USING count(*) GROUP BY date", "csv");
    }

    @Test
    void without_a_text_views_and_columns_are_listed_with_their_meaning() throws Exception {
        Fork.Result ran = sql("--sql");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        for (String view : List.of(
                "rounds",
                "creates",
                "recoveries",
                "slots",
                "alerts",
                "checks",
                "claims",
                "daily",
                "audit",
                "metrics",
                "problems")) {
            assertTrue(ran.out().matches("(?s)(.*\n)?" + view + ": \\S.*"), view + " in\n" + ran.out());
        }
        for (var column : Json.parse(sql("--sql", "--format", "json").out())) {
            assertFalse(column.path("meaning").asText().isBlank(), column.toString());
        }
    }

    @Test
    void the_folder_may_stand_after_sql_where_there_is_no_text() {
        Fork.Result ran = Fork.here(new report(), "--sql", soak.toString());
        assertEquals(Exit.OK, ran.exit());
        assertEquals(sql("--sql").out(), ran.out());
    }

    @Test
    void type_and_sql_do_not_mix_and_a_format_must_be_known() {
        assertEquals(Exit.USAGE, sql("--sql", "SELECT 1", "--type", "final").exit());
        Fork.Result ran = sql("--sql", "SELECT 1", "--format", "xml");
        assertEquals(Exit.USAGE, ran.exit());
        assertTrue(ran.err().contains("--format xml") && ran.err().contains("table, csv, json or markdown"), ran.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--sql|FROM soak_days", "--sql|--format|json", "--completion=bash", "--help"})
    void an_answer_that_a_full_disk_took_is_no_success(String asked) {
        Fork.Result ran = printedTo("exec \"$@\" > /dev/full", asked.split("\\|"));
        assertEquals(Exit.FAILED, ran.exit(), ran.err());
        assertTrue(
                ran.err()
                        .contains("report: the standard output cannot be written (No space left on device): what was"
                                + " printed is incomplete; print it where there is room"),
                ran.err());
    }

    @Test
    void a_reader_that_wants_no_more_is_no_failure() {
        Fork.Result ran = printedTo(
                "{ \"$@\"; echo $? >&2; } | head -c 1",
                "--sql",
                "SELECT repeat('x', 4000) FROM range(4000)",
                "--format",
                "csv");
        assertEquals(Exit.OK + "\n", ran.err());
        assertEquals(1, ran.out().length());
    }

    /** A report as a process of its own, started by a line of sh in which "$@" is its command. */
    private Fork.Result printedTo(String line, String... asked) {
        List<String> report = new ArrayList<>(Fork.java("report", asked));
        report.add(soak.toString());
        List<String> command = new ArrayList<>(List.of("sh", "-c", line, "sh"));
        command.addAll(report);
        return Fork.run(command);
    }
}
