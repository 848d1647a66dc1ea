import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.SoakDir;

/**
 * Settings that no round recorded, as in soaks of the bash scripts and of older builds: setup-summary.txt tells them,
 * else the plan.
 */
@Tag("slow")
class UnrecordedSettingsTest {
    private static final String SETUP = "result: PASS\ncp_start_ms: 412\nhealth_http_code: 200\ncp_mode: external\n";

    @TempDir
    static Path month;

    private static SoakDir unrecorded;
    private static String config;
    private static String setup;

    @TempDir
    Path scratch;

    /**
     * A month by the plan, of rounds that recorded nothing; what differs from test to test is config.env and
     * setup-summary.txt.
     */
    @BeforeAll
    static void aMonthThatRecordedNothing() throws Exception {
        SoakFixture soak = SoakFixture.in(month.resolve("soak")).rounds(0, 1440).each(r -> r.without("targets"));
        soak.write();
        unrecorded = soak.dir();
        config = Files.readString(unrecorded.config());
        setup = Files.readString(unrecorded.setupSummary());
    }

    private static Map<String, String> judged(String... lines) throws Exception {
        return judgedAfter(setup, lines);
    }

    private static Map<String, String> judgedAfter(String setupSummary, String... lines) throws Exception {
        Files.writeString(unrecorded.config(), config);
        Files.writeString(unrecorded.setupSummary(), setupSummary);
        return judged(unrecorded, lines);
    }

    /** Judged after these lines of config.env were put in place of those of the same keys, or added. */
    private static Map<String, String> judged(SoakDir dir, String... lines) throws Exception {
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(dir.config())) {
            String key = line.replaceFirst("=.*", "=");
            text.append(List.of(lines).stream()
                            .filter(l -> l.startsWith(key))
                            .findFirst()
                            .orElse(line))
                    .append('\n');
        }
        List.of(lines).stream()
                .filter(line -> !text.toString().contains("\n" + line + "\n"))
                .forEach(line -> text.append(line).append('\n'));
        Files.writeString(dir.config(), text.toString());
        Config config = Config.read(dir);
        Map<String, String> said = new TreeMap<>();
        try (EvidenceDatabase database =
                EvidenceDatabase.open(config, new Scope(config.schedule().end(), false, null))) {
            database.query("FROM checks UNION ALL FROM claims")
                    .forEach(row -> said.put((String) row.get("id"), row.get("verdict") + " " + row.get("detail")));
            database.query("FROM verdict").get(0).forEach((name, value) -> said.put(name, String.valueOf(value)));
            said.put(
                    "problems",
                    database.query("SELECT string_agg(file || ': ' || reason, chr(10)) AS p FROM problems")
                                    .get(0)
                                    .get("p")
                            + "");
        }
        return said;
    }

    private static List<String> failed(Map<String, String> said) {
        return said.entrySet().stream()
                .filter(e ->
                        e.getKey().matches("VAL12-\\d+|C\\d") && e.getValue().startsWith("FAIL"))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void the_plans_own_settings_need_no_record() throws Exception {
        Map<String, String> said = judged();
        assertEquals(List.of(), failed(said));
        assertEquals("PASS", said.get("gate_d"));
        assertEquals("null", said.get("problems"));
        assertEquals(
                List.of(),
                failed(judged("TARGET_P99_MS=250", "TARGET_TOTAL_CREATES=5000")),
                "a stricter target is nobody's gain");
    }

    @Test
    void a_laxer_target_that_nothing_recorded_fails_what_rests_on_it_and_says_what_to_do() throws Exception {
        Map<String, String> said = judged("TARGET_P99_MS=5000");
        assertEquals(List.of("C3", "VAL12-04", "VAL12-07"), failed(said));
        String reason =
                "config.env says TARGET_P99_MS=5000, which is laxer than the plan's 500, and neither a round nor"
                        + " setup-summary.txt recorded it: set TARGET_P99_MS=500";
        assertTrue(said.get("C3").startsWith("FAIL " + reason), said.get("C3"));
        assertTrue(
                said.get("problems").contains("config.env: TARGET_P99_MS=5000, which is laxer than the plan's 500"),
                said.get("problems"));
        assertEquals(List.of("C4", "VAL12-08"), failed(judged("TARGET_UPTIME_PCT=90")));
        assertEquals(List.of("C2", "VAL12-06", "VAL12-10"), failed(judged("TARGET_ROLLBACK_RATE=0.5")));
        said = judged("STUCK_THRESHOLD_SECONDS=1");
        assertEquals(List.of(), failed(said), "builds before 2.0.0 recorded it nowhere");
        assertEquals("NOT ASSESSED (STUCK_THRESHOLD_SECONDS=1)", said.get("gate_d"));
    }

    @Test
    void a_shorter_a_sparser_and_a_later_schedule_than_the_rounds_show_are_named_failures() throws Exception {
        Map<String, String> said = judged("SOAK_DAYS=10");
        assertTrue(failed(said).containsAll(List.of("VAL12-03", "VAL12-08", "VAL12-10", "C1", "C4")), said.toString());
        assertEquals("FAIL", said.get("gate_d"), "it is not let off by being short");
        said = judged("ROUND_INTERVAL_SECONDS=3600");
        assertEquals(PlanChecks.allBut("VAL12-01"), failed(said));
        assertTrue(
                said.get("C1")
                        .contains(
                                "config.env says ROUND_INTERVAL_SECONDS=3600, but the rounds came every 1800 s, and no"
                                        + " round recorded the setting: set ROUND_INTERVAL_SECONDS=1800"),
                said.get("C1"));
        said = judged("SOAK_STARTED_AT=2026-10-02T00:00:00Z");
        assertEquals(PlanChecks.allBut("VAL12-01"), failed(said));
        assertTrue(
                said.get("C1")
                        .contains("config.env says SOAK_STARTED_AT=2026-10-02T00:00:00Z, but the first round began"
                                + " 2026-10-01T00:00:00Z, and no round recorded the setting"),
                said.get("C1"));
    }

    @Test
    void a_relaxed_target_that_setup_recorded_is_judged_as_it_is_and_an_edit_of_it_fails() throws Exception {
        String recorded = SETUP + "target_p99_ms: 700\n";
        assertEquals(List.of(), failed(judgedAfter(recorded, "TARGET_P99_MS=700")));
        Map<String, String> said = judgedAfter(recorded, "TARGET_P99_MS=5000");
        assertEquals(List.of("C3", "VAL12-04", "VAL12-07"), failed(said));
        assertTrue(
                said.get("C3")
                        .contains("the soak began with 700 (recorded in setup-summary.txt): restore TARGET_P99_MS=700"),
                said.get("C3"));
    }

    @Test
    void a_start_later_than_setups_is_an_edit_where_the_file_is_ours() throws Exception {
        String recorded = SETUP + "started_at: 2026-10-01T00:00:00Z\nsoak_id: soak-val12\n";
        SoakFixture soak = SoakFixture.in(scratch.resolve("later"))
                .rounds(48, 1440)
                .each(r -> r.without("targets"))
                .setupSummary(recorded);
        soak.write();
        Map<String, String> said = judged(soak.dir(), "SOAK_STARTED_AT=2026-10-02T00:00:00Z");
        assertTrue(
                said.get("C1")
                        .contains("config.env says SOAK_STARTED_AT=2026-10-02T00:00:00Z, but the soak began with"
                                + " 2026-10-01T00:00:00Z (recorded in setup-summary.txt): restore"),
                said.get("C1"));
    }

    @Test
    void an_older_round_that_recorded_no_coverage_is_judged_by_the_plans() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("older"))
                .rounds(0, 1440)
                .each(r -> r.edit(f -> ((com.fasterxml.jackson.databind.node.ObjectNode) f.get("targets"))
                        .remove("TARGET_COVERAGE_PCT")));
        soak.write();
        assertEquals(List.of(), failed(judged(soak.dir())));
        Map<String, String> said = judged(soak.dir(), "TARGET_COVERAGE_PCT=10");
        assertEquals(List.of("C1"), failed(said));
        assertEquals("FAIL", said.get("overall"));
        assertEquals("FAIL", said.get("gate_d"));
    }
}
