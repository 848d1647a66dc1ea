import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import evidence.EvidenceDatabase;
import evidence.Scope;
import evidence.SqlScript;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;

/**
 * sql/examples: each question finds what was planted, and none stumbles over a soak in which there is nothing to find.
 */
@Tag("slow")
class ReportExamplesTest {
    private static final String NOW = "2026-10-09T00:00:10Z";
    private static final int SLOTS = 8 * 48;

    @TempDir
    static Path folder;

    private static Path soak;
    /** What each question must say of the soak below: lines of its CSV. */
    private static final Map<String, String> PLANTED = new TreeMap<>();

    @BeforeAll
    static void a_soak_in_which_all_of_it_happened() {
        soak = folder.resolve("soak");
        SoakFixture f = SoakFixture.in(soak).days(8).rounds(0, SLOTS);
        FixtureRound[] rounds = new FixtureRound[SLOTS];
        for (int slot = 0; slot < SLOTS; slot++) {
            int s = slot;
            f.round(slot, r -> {
                rounds[s] = r;
                // slow at 03 h; slower from the 6th day on
                r.latencyMs(latencies(5 + (s % 48 / 2 == 3 ? 15 : 0) + (s >= 5 * 48 ? 40 : 0) + s % 7 / 10.0));
                r.set("cp_rss_bytes", 90_000_000L + s * 10_000L);
                r.set("harness_version", s < 300 ? "1.0.0+old" : "1.1.0+new");
                r.set("boot_id", s < 204 ? "boot-a" : "boot-b");
            });
        }
        PLANTED.put("latency-by-hour", "3,16,160,20.5,60.6,60.6,3.73");
        PLANTED.put("trend-break", "2026-10-06,5.3,45.3,754.7,");
        // the boot, less the second control plane's
        PLANTED.put("leaks", "2026-10-05/round-060000,180,3.73,92040000,93830000,480000.0,21,21,0.0");
        PLANTED.put("what-changed", "2026-10-07/round-060000,2026-10-08/round-233000,84,1.1.0+new,external,boot-b,");
        PLANTED.put("store-growth", "2026-10-02,960,484000,480,192000,400000.0,");

        f.round(
                100,
                r -> r.restarted()
                        .latencyMs(5, 5, 903.25)
                        .edit(s -> s.set("failures", Json.MAPPER.valueToTree(Map.of("v01_health", "it was dead")))));
        PLANTED.put(
                "slowest-creates",
                "903.25,201," + rounds[100].planId(3) + "," + rounds[100].id()
                        + ",5.2,,control plane was started again");
        PLANTED.put("around-restarts", rounds[100].id() + ",1200.0,");
        f.round(
                120,
                r -> r.codes("503")
                        .set("v02_creates", "FAIL")
                        .edit(s -> s.set(
                                "failures", Json.MAPPER.valueToTree(Map.of("v02_creates", "1 of 10 was refused")))));
        PLANTED.put("error-codes-by-day", "2026-10-03,503,1,1," + rounds[120].id() + ",");
        PLANTED.put("failed-steps", "v02_creates,1 of 10 was refused,1," + rounds[120].id() + "," + rounds[120].id());
        f.round(121, r -> r.codes("000", "000"));
        f.round(122, r -> r.revived(rounds[121].planId(1)));
        PLANTED.put(
                "unanswered-creates",
                rounds[121].id() + "," + rounds[121].planId(1) + ",000,5.2," + rounds[122].id() + ",true\r\n"
                        + rounds[121].id() + "," + rounds[121].planId(2) + ",000,5.2,,false\r\n");
        f.round(150, r -> r.set("cp_http_requests_total", 3));
        PLANTED.put("counter-resets", rounds[150].id() + ",");
        f.missed(200, 201, 202, 203);
        PLANTED.put(
                "missed-hours",
                "2026-10-05T04:00:00Z,2026-10-05T05:30:00Z,4," + rounds[199].id() + "," + rounds[204].id() + ",true");
        for (int slot = 250; slot < 256; slot++) {
            f.round(slot, FixtureRound::down);
        }
        f.alert(rounds[252].at.plusSeconds(2) + " ALERT cp_health_failed consecutive_failures=3 day=6");
        PLANTED.put("alert-to-recovery", "2026-10-06T06:00:02Z,cp_health_failed,6,2026-10-06T08:00:00Z,120.0,");
        PLANTED.put(
                "longest-outages",
                "outage_from,until_slot,minutes,slots,failed,interrupted,missed\r\n"
                        + "2026-10-06T05:00:00Z,2026-10-06T08:00:00Z,180.0,6,6,0,0\r\n"
                        + "2026-10-05T04:00:00Z,");
        f.round(
                270,
                r -> r.raw("create-stalls.txt", "0\n81.5\n" + "0\n".repeat(8))
                        .latencyMs(45, 140.5)
                        .set("stalled_creates", 1)
                        .set("max_stall_ms", 81.5));
        PLANTED.put("harness-bottleneck", rounds[270].id() + ",140.5,45.4,1,81.5,");
        f.round(
                280,
                r -> r.recoveries(0, 2)
                        .raw(
                                "recovery.txt",
                                "soak-x exit=1 ms=15\n  error: 503\n  at length\nsoak-y exit=124 ms=60000\n"));
        f.round(284, r -> r.recoveries(1, 0).raw("recovery.txt", "soak-x exit=0 ms=12\n"));
        PLANTED.put(
                "failed-recoveries",
                "1,error: 503,1,0,15," + rounds[280].id() + "," + rounds[280].id() + ",soak-x\r\n124,");
        PLANTED.put("stuck-again", "soak-x,2,2,1," + rounds[280].id() + "," + rounds[284].id() + ",false");
        PLANTED.put("recoveries-by-week", "1,false,3,1,33.33,");
        String lost = rounds[310].planId(4);
        f.round(
                312,
                r -> r.lost(lost)
                        .raw(
                                "integrity.json",
                                "{\"lost\":[\"" + lost + "\"],\"duplicate\":[],\"revived\":[],\"last_seen\":{\"" + lost
                                        + "\":\"" + rounds[311].id() + "\"}}"));
        PLANTED.put(
                "missing-plans",
                lost + "," + rounds[310].id() + "," + rounds[311].id() + "," + rounds[312].id() + ",1,true");
        StringBuilder audit = new StringBuilder();
        for (int slot = 0; slot < 48; slot++) {
            for (int plan = 1; plan <= 10; plan++) {
                if (slot != 20 || plan != 6) {
                    audit.append(
                                    "{\"event_name\":\"rollout.plan.created\",\"source\":\"orchestrator\",\"timestamp\":\"")
                            .append(rounds[slot].at)
                            .append("\",\"resource\":\"")
                            .append(rounds[slot].planId(plan))
                            .append("\"}\n");
                }
            }
        }
        f.file("audit-store/audit-" + LocalDate.ofInstant(rounds[0].at, ZoneOffset.UTC) + ".jsonl", audit.toString());
        // The plan's second recovery alone left a record: that of a CLI that did nothing at first.
        f.file(
                "audit-store/audit-" + LocalDate.ofInstant(rounds[284].at, ZoneOffset.UTC) + ".jsonl",
                "{\"event_name\":\"rollback.executed\",\"source\":\"cli\",\"timestamp\":\""
                        + rounds[284].at.plusSeconds(1) + "\",\"resource\":\"soak-x\"}\n");
        PLANTED.put("audit-vs-creates", "2026-10-01,480,1,");
        f.write();
    }

    private static double[] latencies(double ms) {
        double[] all = new double[10];
        java.util.Arrays.fill(all, ms);
        return all;
    }

    static List<String> names() {
        return SqlScript.examples().stream().map(SqlScript::name).toList();
    }

    private static String answer(Path soak, String... arguments) {
        Reports.Ran ran = Reports.run(NOW, soak, arguments);
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertEquals("", ran.err());
        return ran.out();
    }

    @Test
    void every_question_has_a_planted_answer() {
        Names.assertSame(names(), PLANTED.keySet(), "PLANTED, the answer that each question must give here,");
        assertTrue(names().size() >= 16, names().toString());
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_question_finds_what_was_planted(String name) {
        assertTrue(PLANTED.containsKey(name), "PLANTED has no answer for " + name);
        String answer = answer(soak, "--sql", "@" + name, "--format", "csv");
        assertTrue(answer.contains(PLANTED.get(name)), PLANTED.get(name) + " is not in\n" + answer);
    }

    @Test
    void a_recovery_is_not_audited_by_the_record_of_a_later_one() {
        String answer = answer(soak, "--sql", "@audit-vs-creates", "--format", "csv");
        assertTrue(answer.matches("(?s).*\r\n2026-10-06,\\d+,\\d+,13,12\r\n.*"), answer);
    }

    @Test
    void the_first_row_is_the_answer_where_rows_are_ranked() {
        for (String name : List.of(
                "slowest-creates",
                "trend-break",
                "stuck-again",
                "harness-bottleneck",
                "missed-hours",
                "missing-plans")) {
            assertTrue(
                    answer(soak, "--sql", "@" + name, "--format", "csv")
                            .split("\r\n")[1]
                            .startsWith(PLANTED.get(name)),
                    name);
        }
        assertTrue(answer(soak, "--sql", "@trend-break", "--format", "csv")
                .split("\r\n")[1]
                .endsWith(",true"));
    }

    @Test
    void an_outage_at_the_end_of_a_soak_is_no_longer_for_being_asked_of_later() {
        Config config = SoakFixture.in(folder.resolve("silent-end"))
                .days(2)
                .rounds(0, 90)
                .write();
        try (EvidenceDatabase database = EvidenceDatabase.open(
                config, new Scope(java.time.Instant.parse("2026-12-24T00:00:00Z"), false, null))) {
            SqlScript question = SqlScript.examples().stream()
                    .filter(s -> s.name().equals("longest-outages"))
                    .findFirst()
                    .orElseThrow();
            Map<String, Object> row = database.query(question.text()).get(0);
            assertEquals("6 missed, 180.0 min", row.get("missed") + " missed, " + row.get("minutes") + " min");
        }
    }

    /** Zero rounds, and one: the places in which a lag, a share or a maximum has nothing to go by. */
    @Test
    void no_question_stumbles_over_an_empty_soak_or_one_round() {
        for (int rounds : List.of(0, 1)) {
            Config config = SoakFixture.in(folder.resolve("rounds-" + rounds))
                    .rounds(0, rounds)
                    .write();
            try (EvidenceDatabase database = EvidenceDatabase.open(
                    config, new Scope(java.time.Instant.parse("2026-10-01T00:10:00Z"), false, null))) {
                for (SqlScript example : SqlScript.examples()) {
                    try {
                        database.query(example.text());
                    } catch (IllegalStateException e) {
                        throw new AssertionError("@" + example.name() + " over " + rounds + " rounds", e);
                    }
                }
            }
        }
        assertEquals(
                0,
                answer(folder.resolve("rounds-0"), "--sql", "@slowest-creates", "--format", "csv")
                                .lines()
                                .count()
                        - 1);
        assertEquals(
                10,
                answer(folder.resolve("rounds-1"), "--sql", "@slowest-creates", "--format", "csv")
                                .lines()
                                .count()
                        - 1);
    }

    /** A question is read before its answer: its first line asks, the next ones say how to read what comes. */
    @ParameterizedTest
    @MethodSource("names")
    void a_question_asks_in_one_sentence_and_says_how_to_read_its_answer(String name) {
        List<String> lines = SqlScript.examples().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow()
                .text()
                .lines()
                .toList();
        assertTrue(lines.get(0).matches("-- [A-Z][^?]*\\?"), "line 1 is no question of one sentence: " + lines.get(0));
        assertEquals("--", lines.get(1));
        assertTrue(
                lines.get(2).matches("-- One row per .*"),
                "line 3 begins otherwise than \"One row per\": " + lines.get(2));
    }

    @Test
    void the_list_names_every_question_and_needs_no_soak() throws Exception {
        String list = answer(null, "--sql", "@");
        assertTrue(list.contains("@missed-hours        Which hours did cron miss?\n"), list);
        assertEquals(names().size() + 2, list.lines().count());
        assertEquals(
                names().size(),
                Json.parse(answer(null, "--sql", "@", "--format", "json")).size());
    }

    @Test
    void the_page_on_sql_lists_the_questions_of_the_folder() throws IOException {
        String page = Files.readString(Project.folder("docs/sql.md"));
        List<String> rows = SqlScript.examples().stream()
                .map(s -> "| `@" + s.name() + "` | "
                        + s.text().lines().findFirst().orElseThrow().substring(3) + " |")
                .toList();
        List<String> told = page.lines().filter(line -> line.startsWith("| `@")).toList();
        Names.assertSame(rows, told, "docs/sql.md, in its table of questions,");
        assertEquals(rows, told, "in the order of their names");
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "markdown", "table"})
    void every_format_shows_the_same_answer(String format) {
        assertTrue(
                answer(soak, "--sql", "@missed-hours", "--format", format).contains("2026-10-05/round-033000"), format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missed-hour", "hours", "what-hours-were-missed"})
    void an_unknown_question_is_told_in_one_sentence_with_the_nearest_names(String name) {
        Reports.Ran ran = Reports.run(NOW, soak, "--sql", "@" + name);
        assertEquals(Exit.USAGE, ran.exit());
        assertEquals("", ran.out());
        assertTrue(
                ran.err().contains("@" + name)
                        && ran.err().contains("did you mean @")
                        && ran.err().contains("@missed-hours")
                        && ran.err().contains("--sql @ lists"),
                ran.err());
        assertEquals(1, ran.err().lines().count());
    }

    @Test
    void a_name_that_is_near_to_none_is_sent_to_the_list() {
        assertEquals(
                "report: --sql @xyzzy is neither a question that the program knows nor a file: --sql @ lists the"
                        + " questions\n",
                Reports.run(NOW, soak, "--sql", "@xyzzy").err());
    }

    @Test
    void a_file_of_ones_own_is_run_and_what_is_no_text_or_no_select_is_refused() throws IOException {
        Path file =
                Files.writeString(folder.resolve("own question.sql"), "-- mine\nSELECT count(*) AS n FROM alerts;\n");
        assertEquals("n\r\n1\r\n", answer(soak, "--sql", "@" + file, "--format", "csv"));
        Files.writeString(file, "COPY alerts TO '" + folder.resolve("out") + "'");
        assertEquals(Exit.USAGE, Reports.run(NOW, soak, "--sql", "@" + file).exit());
        Files.write(file, new byte[] {'S', (byte) 0xff});
        Reports.Ran ran = Reports.run(NOW, soak, "--sql", "@" + file);
        assertTrue(ran.exit() == Exit.USAGE && ran.err().contains("is not UTF-8 text"), ran.err());
    }

    @Test
    void a_dash_reads_standard_input() {
        InputStream own = System.in;
        System.setIn(new ByteArrayInputStream("SELECT 'ü' AS x".getBytes(StandardCharsets.UTF_8)));
        try {
            assertEquals("x\r\nü\r\n", answer(soak, "--sql", "-", "--format", "csv"));
        } finally {
            System.setIn(own);
        }
    }

    /** From any folder, and where JBang hands the words on: it must not take @ for a file of arguments. */
    @Test
    void it_works_from_any_folder_through_the_launcher() throws IOException {
        Path file = Files.writeString(folder.resolve("one.sql"), "SELECT count(*) AS n FROM alerts");
        Fork.Result ran = Fork.run(
                "/bin/sh",
                "-c",
                "cd / && exec \"$0\" \"$@\"",
                SoakUnderTest.repository().resolve("report.java").toString(),
                soak.toString(),
                "--as-of",
                "2026-10-09T00:00:00Z",
                "--sql",
                "@" + file,
                "--format",
                "csv");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertEquals("n\r\n1\r\n", ran.out());
    }

    @Test
    void no_question_is_part_of_the_layers() {
        assertEquals(
                List.of(),
                SqlScript.bundled().stream()
                        .map(SqlScript::path)
                        .filter(p -> p.startsWith("examples"))
                        .collect(Collectors.toList()));
    }
}
