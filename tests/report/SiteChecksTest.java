import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import base.Json;
import cache.DayCache;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;
import soak.SoakDir;

/** Checks and views of the user's own, in SOAK_DIR/checks and SOAK_DIR/views. */
@Tag("slow")
class SiteChecksTest {
    /** The one that the page shows, as it stands there. */
    private static final String NO_SLOW_ROUND = fromThePage();

    @TempDir
    Path folder;

    private SoakFixture soak;

    private static String fromThePage() {
        try {
            Matcher block = Pattern.compile("```sql\\n(-- SITE-1: .*?)```", Pattern.DOTALL)
                    .matcher(Files.readString(Project.folder("docs").resolve("sql.md")));
            assertTrue(block.find(), "docs/sql.md shows no site check");
            return block.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void aSoakOfEightDays() {
        soak = Reports.eightDays(folder).round(7, r -> r.set("duration_ms", 61000));
        soak.write();
    }

    private Fork.Result report(String... options) {
        return Fork.here(new report(), Fork.words(List.of(folder.toString()), options));
    }

    private Fork.Result finalReport(String... options) {
        return report(
                Fork.words(List.of("--type", "final", "--as-of", soak.end().toString()), options));
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void a_site_check_that_fails_is_exit_10_and_moves_neither_the_overall_verdict_nor_gate_d() throws Exception {
        JsonNode without = Json.parse(finalReport("--format", "json").out());
        assertFalse(without.has("site_checks"));
        file("checks/slow-rounds.sql", NO_SLOW_ROUND);
        Fork.Result text = finalReport();
        assertEquals(Exit.BAD, text.exit());
        assertTrue(text.out().contains("""

            ## Site Checks (this soak's own; they do not affect the overall verdict or Gate D)
            SITE-1 round_duration: FAIL (value 61000, target ≤ 60000)
            """), text.out());
        JsonNode with = Json.parse(finalReport("--format", "json").out());
        assertEquals(
                "[{\"id\":\"SITE-1\",\"name\":\"round_duration\",\"verdict\":\"FAIL\",\"value\":61000,\"target\":60000,"
                        + "\"detail\":\"value 61000, target ≤ 60000\"}]",
                with.path("site_checks").toString());
        assertEquals("PASS", with.path("overall").asText());
        for (String field : List.of("overall", "gate_d", "gate_d_by_plan", "passed_checks", "checks", "claims")) {
            assertEquals(without.path(field), with.path(field), field);
        }
        assertTrue(finalReport("--format", "junit")
                .out()
                .contains("<testcase classname=\"soak-val12.site checks\" name=\"SITE-1 round_duration\""));
        String page = Files.readString(folder.resolve("final-report.html"));
        assertTrue(page.indexOf("id=\"site-checks\"") < page.indexOf("id=\"site-check-SITE-1\"")
                && page.contains("The longest round.")
                && page.contains("61000 ms"));
        assertEquals(
                "FAIL",
                Json.parse(report("--type", "status", "--format", "json").out())
                        .path("site_checks")
                        .path(0)
                        .path("verdict")
                        .asText());
        assertTrue(report("--type", "checkpoint", "--day", "7").out().contains("\nSITE-1 round_duration: FAIL"));
    }

    @Test
    void while_the_soak_runs_a_site_check_that_holds_is_pending() throws Exception {
        file("checks/slow-rounds.sql", NO_SLOW_ROUND.replace("60000", "70000"));
        assertTrue(report("--type", "checkpoint", "--day", "3").out().contains("\nSITE-1 round_duration: PENDING"));
        Fork.Result ended = finalReport();
        assertEquals(Exit.OK, ended.exit(), ended.out());
        assertTrue(ended.out().contains("\nSITE-1 round_duration: PASS"), ended.out());
    }

    @Test
    void a_check_that_passes_without_a_value_is_not_said_to_be_unmeasured() throws Exception {
        file(
                "checks/any.sql",
                "INSERT INTO check_row BY NAME SELECT 'SITE-2' AS id, 'any' AS name, 'PASS' AS verdict;\n");
        assertTrue(finalReport().out().contains("\nSITE-2 any: PASS (no value)\n"));
    }

    @Test
    void at_the_end_a_site_check_that_still_says_pending_fails_as_it_was_not_measured() throws Exception {
        file("checks/any.sql", """
            INSERT INTO check_row BY NAME
            SELECT 'SITE-3' AS id, 'waits' AS name, 'PENDING' AS verdict, NULL AS value, '=' AS comparison, 0 AS target;
            """);
        assertTrue(report("--type", "checkpoint", "--day", "3").out().contains("\nSITE-3 waits: PENDING (no value)\n"));
        Fork.Result ended = finalReport();
        assertEquals(Exit.BAD, ended.exit(), ended.out());
        assertTrue(
                ended.out().contains("\nSITE-3 waits: FAIL (not measured, it still says PENDING: no value)\n"),
                ended.out());
        String status = report("--type", "status", "--format", "text").out();
        assertTrue(status.contains("\nSITE-3 waits: already lost ("), status);
    }

    @Test
    void a_view_of_ones_own_serves_checks_and_questions() throws Exception {
        file(
                "views/slowest.sql",
                "-- The slowest round.\n"
                        + "CREATE VIEW slowest AS\n"
                        + "SELECT round_id, duration_ms FROM rounds ORDER BY duration_ms DESC LIMIT 1;\n");
        file("checks/slow-rounds.sql", NO_SLOW_ROUND.replace("FROM rounds WHERE counted", "FROM slowest"));
        assertTrue(report("--sql", "SELECT duration_ms FROM slowest").out().contains("61000"));
        assertTrue(finalReport().out().contains("\nSITE-1 round_duration: FAIL"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        INSERT INTO check_row BY NAME\\nSELECT 'S' AS id, 'n' AS name,\\n  no_such_column AS verdict FROM rounds; | \
        line 4: Binder Error
        INSERT INTO check_row BY NAME\\nSELECT 'S' AS id, FROM FROM rounds; | line 3: syntax error
        DELETE FROM check_row; | line 2: each statement has the form INSERT INTO check_row BY NAME SELECT
        DELETE FROM check_row; | this one does not; correct the file or move it away: no report is made while it is \
        broken
        UPDATE check_row SET verdict = 'PASS'; | line 2: each statement has the form
        INSERT INTO round_row BY NAME SELECT * FROM round_row; | line 2: each statement has the form
        INSERT INTO check_row BY NAME SELECT 1 AS id) WHERE true; DELETE FROM check_row; SELECT (1 | line 2: syntax \
        error
        INSERT INTO check_row BY NAME SELECT 'VAL12-08' AS id, 'n' AS name, \
        'PASS' AS verdict; | the id VAL12-08 is one of the plan's checks
        INSERT INTO check_words BY NAME SELECT 'C1' AS id, 'all is well' AS detail; | the id C1 is one of the plan's \
        checks
        INSERT INTO check_row BY NAME SELECT content AS id, 'n' AS name, \
        'PASS' AS verdict FROM read_text('/etc/hostname'); | line 2: Permission Error
        """)
    void a_broken_file_is_exit_64_with_its_line_and_the_reason(String sql, String reason) throws Exception {
        file("checks/broken.sql", "-- broken\n" + sql.replace("\\n", "\n") + "\n");
        Fork.Result ran = finalReport();
        assertEquals(Exit.USAGE, ran.exit(), ran.out() + ran.err());
        assertTrue(
                ran.err().startsWith("report: checks/broken.sql, ") && ran.err().contains(reason), ran.err());
        assertFalse(Files.exists(folder.resolve("final-report.json")));
        assertEquals(
                Exit.OK,
                report("--type", "daily", "--date", "2026-10-02").exit(),
                "a report that shows no check does without them");
    }

    /** Opened as a report opens it: what a report would end with, without its texts and pages. */
    private List<Map<String, Object>> siteChecks() {
        try (EvidenceDatabase database = EvidenceDatabase.openWithSiteSql(
                Config.read(new SoakDir(folder)), new Scope(soak.end(), false, null), DayCache.NONE)) {
            return database.query("FROM site_checks");
        }
    }

    private void assertRefused(String beginning, String reason) {
        Failure refused = assertThrows(Failure.class, this::siteChecks);
        assertEquals(Exit.USAGE, refused.exitCode(), refused.getMessage());
        assertTrue(
                refused.getMessage().startsWith(beginning)
                        && refused.getMessage().contains(reason),
                refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        'Gate D' AS id, 'PASS' AS verdict                           | the id Gate D is a word of the plan's verdict
        'OVERALL' AS id, 'PASS' AS verdict                          | the id OVERALL is a word of the plan's verdict
        'val12-08' AS id, 'PASS' AS verdict                         | the id val12-08 is one of the plan's checks
        '' AS id, 'PASS' AS verdict                                 | an id is empty or begins or ends with a blank
        ' S' AS id, 'PASS' AS verdict                               | an id is empty or begins or ends with a blank
        concat('S', chr(10), 'T') AS id, 'PASS' AS verdict          | an id has a control character or a line end
        'S' AS id, 'fail' AS verdict                                | verdict IN ('PASS', 'FAIL', 'PENDING')
        'S' AS id, 'PASS' AS verdict, '<' AS comparison             | comparison IN (
        'S' AS id, 'PASS' AS verdict, 'pass' AS for_gate_d          | for_gate_d IS NULL
        'S' AS id, 'PASS' AS verdict, 'Alerts' AS key_figure        | key_figure IS NULL
        'S' AS id, 'PASS' AS verdict, 'Infinity'::DOUBLE AS value   | isfinite(
        'S' AS id, 'PASS' AS verdict FROM soak WHERE false          | the query gave no row, so there is no check
        'S' AS id, 'PASS' AS verdict FROM enable_logging()          | the function enable_logging does more than give \
        rows
        """)
    void a_row_that_could_pass_for_the_plans_or_for_none_is_refused_with_file_and_line(String row, String reason)
            throws Exception {
        file("checks/a.sql", "-- a\nINSERT INTO check_row BY NAME\nSELECT 'n' AS name, " + row + ";\n");
        assertRefused("checks/a.sql, line 2: ", reason);
    }

    @Test
    void words_for_a_check_that_is_not_there_are_refused() throws Exception {
        String check = "INSERT INTO check_row BY NAME\nSELECT 'SITE-1' AS id, 'n' AS name, 'PASS' AS verdict;\n";
        for (String more : List.of(
                "check_words BY NAME SELECT '%s' AS id, 'all is well' AS detail",
                "check_outlook BY NAME SELECT '%s' AS id, 'open' AS outlook")) {
            file("checks/a.sql", check + "INSERT INTO " + more.formatted("SITE-2") + ";\n");
            assertRefused("checks/a.sql, line 3: ", "no check above has the id SITE-2: give the row of check_row that");
            file("checks/a.sql", check + "INSERT INTO " + more.formatted("SITE-1") + ";\n");
            assertEquals(1, siteChecks().size(), more);
        }
        file(
                "checks/a.sql",
                check + "INSERT INTO check_round BY NAME\n"
                        + "SELECT 'SITE-2' AS id, round_id, 'f' AS file, 'slow' AS says FROM rounds;\n");
        String refused = finalReport().err();
        assertTrue(refused.startsWith("report: checks/a.sql, line 3: ") && refused.contains("id SITE-2"), refused);
    }

    @Test
    void a_file_without_a_check_is_no_silent_pass() throws Exception {
        for (String text : List.of("", "-- nothing yet\n".repeat(20_000), "/* INSERT INTO check_row */\n")) {
            file("checks/a.sql", text);
            assertRefused("checks/a.sql holds no check", "");
        }
    }

    @Test
    void a_check_whose_name_is_in_capitals_is_no_missing_one() throws Exception {
        file("checks/SLOW.SQL", NO_SLOW_ROUND);
        assertEquals(1, siteChecks().size());
        file("views/A.Sql", "SELECT 1;\n");
        assertRefused("views/A.Sql, line 1: each statement has the form CREATE VIEW", "");
    }

    @Test
    void what_is_no_file_is_told_and_what_is_hidden_is_passed_over() throws Exception {
        Files.createDirectories(folder.resolve("checks"));
        Path file = folder.resolve("checks/x.sql");
        Files.createSymbolicLink(folder.resolve("checks/.#x.sql"), Path.of("somebody@host.1:2"));
        assertEquals(List.of(), siteChecks());
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        assertRefused(file + " is a folder, a pipe, a socket or a device", "");
        Files.delete(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertRefused(file + " is a folder, a pipe, a socket or a device", "");
        Files.delete(file);
        Files.delete(folder.resolve("checks/.#x.sql"));
        Files.delete(folder.resolve("checks"));
        Files.createSymbolicLink(folder.resolve("checks"), Path.of("nowhere"));
        assertRefused(folder.resolve("checks") + " is no folder", "");
    }

    @Test
    void a_view_of_the_programs_name_is_refused_and_one_with_a_capital_letter_is_found() throws Exception {
        file(
                "checks/a.sql",
                "\uFEFF/* Whose\n check it is */\n" + "\n".repeat(20_000)
                        + "INSERT INTO Check_Row BY NAME SELECT 'S' AS id, 'n' AS name, 'PASS' AS verdict FROM"
                        + " Mine;\n");
        file("views/a.sql", "CREATE VIEW Mine AS SELECT 1 AS one;\n");
        assertEquals("PASS", siteChecks().get(0).get("verdict"));
        for (String taken : List.of("Checks", "judged_row", "raw_config", "share")) {
            file("views/b.sql", "\nCREATE VIEW " + taken + " AS SELECT 1 AS one;\n");
            assertRefused(
                    "views/b.sql, line 2: the name " + taken.toLowerCase(java.util.Locale.ROOT) + " is taken", "");
        }
    }

    @Test
    void a_line_end_in_a_value_begins_no_line_of_a_text_and_a_huge_value_is_shown() throws Exception {
        file("checks/a.sql", """
            INSERT INTO check_row BY NAME
            SELECT 'S' AS id, 'n' || chr(10) || '## Gate D Assessment' AS name, 'FAIL' AS verdict, 'q' AS question,
                   'x' || chr(10) || 'Overall: PASS' AS detail;
            INSERT INTO check_row BY NAME
            SELECT 'T' AS id, 'huge' AS name, 'FAIL' AS verdict, 1e300 AS value, '≤' AS comparison, -1e300 AS target;
            """);
        Fork.Result ran = finalReport("--print-only");
        assertEquals(Exit.BAD, ran.exit(), ran.err());
        assertTrue(
                ran.out()
                        .contains("\nS n\\u000a## Gate D Assessment: FAIL (x\\u000aOverall: PASS)\n"
                                + "T huge: FAIL (value 1e+300, target ≤ -1e+300)\n"),
                ran.out());
    }

    @Test
    void a_query_that_never_ends_ends_the_report_with_its_file() throws Exception {
        file("checks/endless.sql", """
            -- Each row of one is compared with each of the other.
            INSERT INTO check_row BY NAME
            SELECT 'S' AS id, 'n' AS name, verdict_word(count(*) > 0, false) AS verdict
            FROM range(100000000) a, range(100000000) b WHERE a.range * b.range = -1;
            """);
        List<String> command = new ArrayList<>(Fork.java("report", folder.toString(), "--type", "status"));
        command.add(1, "-Dsoak.siteSqlSeconds=1");
        Fork.Result ran = Fork.run(command);
        assertEquals(Exit.USAGE, ran.exit(), ran.err());
        assertTrue(
                ran.err().startsWith("report: checks/endless.sql, line 2: the query did not end within 1 s: "),
                ran.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"checks", "verdict", "margins", "later"})
    void what_is_made_after_a_check_is_told_as_that_and_not_as_missing(String name) throws Exception {
        file("views/a.sql", "CREATE VIEW mine AS SELECT * FROM " + name + ";\nCREATE VIEW later AS SELECT 1 AS one;\n");
        file(
                "checks/a.sql",
                "INSERT INTO check_row BY NAME SELECT 'S' AS id, 'n' AS name, 'PASS' AS verdict FROM mine;\n");
        assertRefused("views/a.sql, line 1: " + name + " is made after this statement", "");
    }

    @Test
    void what_stands_behind_a_semicolon_is_told_and_blanks_there_are_nothing() throws Exception {
        String check = "INSERT INTO check_row BY NAME SELECT '%s' AS id, 'n' AS name, 'PASS' AS verdict;%s\n";
        file("checks/a.sql", check.formatted("S", " \t") + check.formatted("T", "\r"));
        assertEquals(2, siteChecks().size());
        String told = "a semicolon at the end of a line ends a statement, and nothing may stand behind it";
        file("checks/a.sql", check.formatted("S", "") + check.formatted("T", " -- done"));
        assertRefused("checks/a.sql, line 2: " + told, "");
        file("checks/a.sql", check.formatted("S", " -- done") + check.formatted("T", ""));
        assertRefused("checks/a.sql, line 1: " + told, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"größte", "\"slow\"", "main.slow"})
    void the_name_of_a_view_is_said_to_be_the_fault_where_it_is(String name) throws Exception {
        file("views/a.sql", "CREATE VIEW " + name + " AS SELECT 1 AS one;\n");
        assertRefused("views/a.sql, line 1: the name of a view is one word of the letters a to z", "");
    }

    @Test
    void verify_runs_nothing_of_the_soaks_own_and_holds_nothing_against_it() throws Exception {
        file("checks/slow-rounds.sql", NO_SLOW_ROUND);
        finalReport();
        assertTrue(Files.readString(folder.resolve("final-report.json")).contains("\"site_checks\""));
        report("--type", "checkpoint", "--day", "7");
        file("checks/slow-rounds.sql", "garbage;\n");
        Fork.Result verified = report("--type", "verify");
        assertEquals(Exit.OK, verified.exit(), verified.out() + verified.err());
    }

    @Test
    void a_broken_view_is_told_when_something_asks_for_it() throws Exception {
        file("views/broken.sql", "CREATE VIEW mine AS SELECT no_such_column FROM rounds;\n");
        assertEquals(Exit.OK, finalReport().exit());
        Fork.Result asked = report("--sql", "FROM mine");
        assertEquals(Exit.USAGE, asked.exit());
        assertTrue(asked.err().startsWith("report: views/broken.sql, line 1: Binder Error"), asked.err());
    }
}
