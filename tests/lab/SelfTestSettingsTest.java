import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;

/**
 * Settings that decide verdicts: each round records them, and an edit of config.env in the middle of a soak is seen.
 */
class SelfTestSettingsTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return Reports.eightDays(folder);
    }

    /** What the judge says once config.env has been edited. */
    private Map<String, String> judged(SoakFixture soak, String find, String replace) throws Exception {
        soak.write();
        Path config = soak.dir().config();
        String text = Files.readString(config);
        assertTrue(text.contains(find), text);
        Files.writeString(config, text.replace(find, replace));
        return judged(soak);
    }

    private static Map<String, String> judged(SoakFixture soak) {
        Map<String, String> verdicts = new TreeMap<>();
        try (EvidenceDatabase database =
                EvidenceDatabase.open(Config.read(soak.dir()), new Scope(soak.end(), false, null))) {
            for (Map<String, Object> row : database.query(
                    "SELECT id, verdict, detail FROM checks UNION ALL SELECT id, verdict, detail FROM claims")) {
                verdicts.put((String) row.get("id"), row.get("verdict") + " " + row.get("detail"));
            }
            verdicts.put(
                    "problems",
                    database.query("FROM problems").stream()
                            .map(p -> p.get("file") + ": " + p.get("reason"))
                            .collect(Collectors.joining("\n")));
        }
        return verdicts;
    }

    private static List<String> failed(Map<String, String> verdicts) {
        return verdicts.entrySet().stream()
                .filter(v -> v.getValue().startsWith("FAIL"))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static ObjectNode targets(ObjectNode summary) {
        return (ObjectNode) summary.get("targets");
    }

    @Test
    void a_target_edited_in_mid_soak_fails_what_rests_on_it_and_names_the_remedy() throws Exception {
        Map<String, String> verdicts =
                judged(soak().set("TARGET_P99_MS", "500"), "TARGET_P99_MS=500", "TARGET_P99_MS=5000");
        assertEquals(List.of("C3", "VAL12-04", "VAL12-07"), failed(verdicts));
        assertEquals(
                "FAIL config.env says TARGET_P99_MS=5000, but the soak began with 500 (recorded in"
                        + " 2026-10-01/round-000000): restore TARGET_P99_MS=500; p99=4.909ms, target=5000ms",
                verdicts.get("VAL12-04"));
        assertEquals(
                "config.env: TARGET_P99_MS is 5000, but the soak began with 500"
                        + " (rounds/2026-10-01/round-000000/round-summary.json): the verdicts that depend on it fail"
                        + " (VAL12-04, VAL12-07, C3) until you restore TARGET_P99_MS=500",
                verdicts.get("problems"));
    }

    @Test
    void the_same_number_or_instant_written_in_another_way_is_no_edit() throws Exception {
        SoakFixture soak = soak().set("TARGET_ROLLBACK_RATE", "0.990")
                .each(r -> r.edit(s -> targets(s)
                        .put("SOAK_STARTED_AT", "2026-10-01T00:00:00+00:00")
                        .put("TARGET_P99_MS", 500.0)));
        Map<String, String> verdicts = judged(soak, "TARGET_ROLLBACK_RATE=0.990", "TARGET_ROLLBACK_RATE=0.99");
        assertEquals(List.of(), failed(verdicts));
        assertEquals("", verdicts.get("problems"));
    }

    @Test
    void a_start_that_moves_within_its_slot_is_no_edit_and_into_the_next_slot_is_one() throws Exception {
        SoakFixture soak = soak(); // setup moves it to the second in which its first round began
        assertEquals(
                List.of(),
                failed(judged(soak, "SOAK_STARTED_AT=2026-10-01T00:00:00Z", "SOAK_STARTED_AT=2026-10-01T05:59:59Z")));
        Files.writeString(
                soak.dir().config(), Files.readString(soak.dir().config()).replace("05:59:59", "06:00:00"));
        List<String> failed = failed(judged(soak));
        assertTrue(failed.containsAll(List.of("VAL12-02", "VAL12-08", "C1", "C4")), failed.toString());
    }

    @Tag("slow")
    @Test
    void a_daily_summary_that_was_altered_says_both_figures_as_they_are_written() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        assertEquals(
                0,
                Reports.run("2026-10-09T00:00:00Z", soak.dir().root(), "--type", "daily", "--date", "2026-10-02")
                        .exit());
        Path daily = soak.dir().dailySummary(java.time.LocalDate.parse("2026-10-02"));
        Files.writeString(
                daily,
                Files.readString(daily)
                        .replace("\"healthy_rounds\" : 4", "\"healthy_rounds\" : 3")
                        .replaceFirst("\"daily_p99_ms\" : [0-9.]+", "\"daily_p99_ms\" : 1.5")
                        .replace("\"create_ok\" : 40", "\"create_ok\" : null"));
        assertEquals(
                "daily/2026-10-02-summary.json: says create_ok is null, but the evidence gives 40; daily_p99_ms=1.5,"
                        + " but the evidence gives 5.168; healthy_rounds=3, but the evidence gives 4: this file or its"
                        + " rounds were changed afterwards",
                judged(soak).get("problems"));
    }

    @Test
    void restored_in_time_an_edit_is_a_problem_of_the_rounds_that_ran_under_it_and_no_verdict() throws Exception {
        SoakFixture soak = soak();
        for (int slot : new int[] {10, 11, 12, 20}) {
            soak.round(slot, r -> r.edit(s -> targets(s).put("TARGET_P99_MS", "5000")));
        }
        Map<String, String> verdicts = judged(soak, "SOAK_DAYS=8", "SOAK_DAYS=8");
        assertEquals(List.of(), failed(verdicts));
        assertEquals("""
            rounds/2026-10-03/round-120000/round-summary.json: ran under TARGET_P99_MS=5000, \
            but the soak began with 500; so did 2 more rounds, up to 2026-10-04/round-000000
            rounds/2026-10-06/round-000000/round-summary.json: ran under TARGET_P99_MS=5000, \
            but the soak began with 500\
            """, verdicts.get("problems"));
    }

    @Test
    void a_shifted_calendar_fails_all_but_the_provisioning() throws Exception {
        Map<String, String> verdicts =
                judged(soak(), "SOAK_STARTED_AT=2026-10-01T00:00:00Z", "SOAK_STARTED_AT=2026-10-01T06:00:00Z");
        assertEquals(PlanChecks.allBut("VAL12-01"), failed(verdicts), verdicts.toString());
        assertTrue(
                verdicts.get("VAL12-02").contains("restore SOAK_STARTED_AT=2026-10-01T00:00:00Z"), verdicts.toString());
    }

    @Test
    void a_round_of_another_soak_does_not_count() throws Exception {
        SoakFixture soak = soak().round(
                        9,
                        r -> r.edit(s ->
                                targets(s).put("SOAK_ID", "other").put("SOAK_STARTED_AT", "2026-09-30T00:00:00Z")));
        Map<String, String> verdicts = judged(soak, "SOAK_DAYS=8", "SOAK_DAYS=8");
        assertTrue(
                verdicts.get("problems")
                        .contains("rounds/2026-10-03/round-060000/round-summary.json: says SOAK_ID other, begun"
                                + " 2026-09-30T00:00:00Z, but config.env says SOAK_ID=soak-val12: the round belongs to"
                                + " another soak, or config.env was edited; if it was edited, restore SOAK_ID=other"
                                + " (the round counts as interrupted)"),
                verdicts.toString());
        assertTrue(failed(verdicts).contains("C4"), verdicts.toString());
    }

    @Test
    void every_setting_that_rounds_record_has_its_checks_and_every_check_a_setting() throws Exception {
        SoakFixture soak = soak();
        Config config = soak.write();
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
            TreeSet<Object> keys = new TreeSet<>(config.recorded().keySet());
            keys.remove("SOAK_ID"); // it tells whose a round is
            assertEquals(
                    keys,
                    database.query("SELECT key FROM verdict_setting").stream()
                            .map(r -> r.get("key"))
                            .collect(Collectors.toCollection(TreeSet::new)));
            assertEquals(
                    List.of(Map.of("id", "VAL12-01")), database.query("SELECT id FROM judged_row WHERE rests_on = []"));
            assertEquals(
                    List.of(),
                    database.query(
                            "SELECT id, key FROM (SELECT id, unnest(rests_on) AS key FROM judged_row) WHERE key NOT IN"
                                    + " (SELECT key FROM verdict_setting)"));
        }
    }

    /** Another value of each setting on which verdicts rest, as the soak might have begun with it. */
    private static final Map<String, String> OTHERWISE = Map.ofEntries(
            Map.entry("SOAK_STARTED_AT", "2026-10-02T00:00:00Z"),
            Map.entry("SOAK_DAYS", "7"),
            Map.entry("ROUND_INTERVAL_SECONDS", "43200"),
            Map.entry("PLANS_PER_ROUND", "9"),
            Map.entry("STUCK_THRESHOLD_SECONDS", "60"),
            Map.entry("TARGET_PLAN_COUNT", "1000"),
            Map.entry("TARGET_P99_MS", "1"),
            Map.entry("TARGET_ROLLBACK_RATE", "1"),
            Map.entry("TARGET_UPTIME_PCT", "50"),
            Map.entry("TARGET_TOTAL_CREATES", "400"));

    /** It decides nothing while every round has a set check: one has none here. */
    private static final Map<String, String> COVERAGE = Map.of("TARGET_COVERAGE_PCT", "100");

    /** What each check says of a soak that began with that value, and was never edited. */
    private Map<Object, Object> rules(String key, String value) throws Exception {
        SoakFixture soak = Reports.eightDays(folder.resolve(key + value))
                .round(3, r -> r.uncounted())
                .each(r -> r.edit(s -> targets(s).put(key, value)));
        soak.write();
        Path config = soak.dir().config();
        String others = Files.readString(config).replaceAll("(?m)^" + key + "=.*\n", "");
        Files.writeString(config, others + key + "=" + value + "\n");
        try (EvidenceDatabase database =
                EvidenceDatabase.open(Config.read(soak.dir()), new Scope(soak.end(), false, null))) {
            assertEquals(List.of(), database.query("FROM edited_verdict"), "begun so, and not edited");
            return database
                    .query("SELECT id, concat_ws(' ', verdict, value, target, detail) AS says FROM judged_row")
                    .stream()
                    .collect(Collectors.toMap(r -> r.get("id"), r -> r.get("says")));
        }
    }

    private Map<Object, List<Object>> restsOn() {
        SoakFixture soak = soak();
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null))) {
            return database.query("SELECT id, unnest(rests_on) AS key FROM judged_row").stream()
                    .collect(Collectors.groupingBy(
                            r -> r.get("key"), Collectors.mapping(r -> r.get("id"), Collectors.toList())));
        }
    }

    /** HACKING.md, "Add a setting": who forgets it in rests_on is told here, and who names one for nothing too. */
    @Tag("slow")
    @Test
    void a_check_that_another_value_of_a_setting_moves_has_it_among_those_on_which_it_rests() throws Exception {
        Map<Object, List<Object>> resting = restsOn();
        Map<String, String> all = new TreeMap<>(OTHERWISE);
        all.putAll(COVERAGE);
        assertEquals(new TreeSet<>(resting.keySet()), new TreeSet<Object>(all.keySet()), "another value of each");
        Map<Object, Object> before = rules("TARGET_COVERAGE_PCT", "95");
        for (Map.Entry<String, String> setting : all.entrySet()) {
            TreeSet<Object> moved = new TreeSet<>(before.keySet());
            Map<Object, Object> after = rules(setting.getKey(), setting.getValue());
            moved.removeIf(id -> before.get(id).equals(after.get(id)));
            TreeSet<Object> named = new TreeSet<>(resting.get(setting.getKey()));
            if (setting.getKey().startsWith("TARGET_")) {
                assertEquals(named, moved, setting.getKey());
            }
            assertTrue(named.containsAll(moved), setting.getKey() + " moves " + moved + ", named by " + named);
        }
    }

    @Test
    void a_real_round_records_its_settings_as_config_env_writes_them() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder).with("TARGET_ROLLBACK_RATE", "0.990")) {
            JsonNode targets = rig.round().summary().get("targets");
            assertEquals(Config.read(rig.dir).recorded(), Json.MAPPER.convertValue(targets, Map.class));
            assertEquals("0.990", targets.get("TARGET_ROLLBACK_RATE").asText());
        }
    }
}
