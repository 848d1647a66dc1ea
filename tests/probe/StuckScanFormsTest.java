import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;

/** What a stuck scan may look like: a report counts the plans in it that the round counted, and no others. */
class StuckScanFormsTest extends AnsweringRig {
    private static final String PLANS = "[{\"plan_id\":\"soak-a\"},{\"plan_id\":\"soak-b\"}]";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                | {'data':{'plans':PLANS},'error':null}",
                "                | {'data':{'plans':PLANS},'next_cursor':null,'links':[{'rel':'self'}]}",
                "                | {'links':[{'rel':'self'}],'plans':PLANS,'Warnings':['a','b','c']}",
                "data.stuck-plans| {'data':{'stuck-plans':PLANS},'filters':['a']}",
                "                |"
                        + " {'data':{'stuck':{'edges':[{'node':{'id':'a'}},{'node':{'id':'b'}}]}},'errors':null}",
                "                | {'stuck_plans':PLANS,'n':1e999999999}",
                "data..stuck/~x  | {'data':{'':{'stuck/~x':PLANS}},'filters':['a']}",
                "                | PLANS",
            })
    void what_stands_beside_the_plans_in_a_scan_takes_no_recovery_away(String key, String answer) {
        String scan = answer.strip().replace('\'', '"').replace("PLANS", PLANS);
        assertEquals(
                Map.of("stuck_count", 2L, "recovery_ok", 2L, "recovery_fail", 0L, "problems", List.of()),
                judged(key, scan, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "          | {'data':{'plans':[]},'links':[{'rel':'self'}]}",
                "          | {'plans':null,'warnings':['a','b']}",
                "          | {'plans':null,'regions':['eu']}",
                "data.plans| {'data':{'plans':[]},'filters':['a']}",
                "data.plans| {'data':{'plans':null},'filters':['a']}",
            })
    void what_stands_beside_no_plans_in_a_scan_is_no_recovery_that_failed(String key, String answer) {
        assertEquals(
                Map.of("stuck_count", 0L, "recovery_ok", 0L, "recovery_fail", 0L, "problems", List.of()),
                judged(key, answer.strip().replace('\'', '"'), 0));
    }

    @Test
    void a_field_that_holds_no_id_makes_no_two_plans_one() {
        SoakFixture soak = soak(
                        "{\"stuck_plans\":[{\"plan_id\":\"a\",\"held\":true},{\"plan_id\":\"b\",\"held\":true}]}", 2)
                .set("CP_ID_KEY", "held");
        assertEquals(2L, judged(soak).get("recovery_ok"));
    }

    @Test
    void more_plans_in_the_scan_than_a_round_tells_count_under_whatever_name_they_stand() {
        for (String scan : List.of("{\"halted\":PLANS,\"next\":null}", "{\"a\":{\"b\":PLANS},\"halted\":[]}")) {
            Map<String, Object> judged = judged("a.b", scan.replace("PLANS", PLANS), 0);
            assertEquals(List.of(2L, 2L), List.of(judged.get("stuck_count"), judged.get("recovery_fail")), scan);
        }
    }

    /** A round that found so many plans stuck and recovered each. */
    private SoakFixture soak(String scan, int stuck) {
        return SoakFixture.in(folder.resolve("evidence"))
                .days(1)
                .interval(21600)
                .drillEvery(0)
                .rounds(0, 4)
                .round(
                        1,
                        r -> r.set("stuck_count", stuck)
                                .set("recovery_ok", stuck)
                                .raw("recovery.txt", stuck == 0 ? null : "soak-a exit=0 ms=12\nsoak-b exit=0 ms=12\n")
                                .raw("stuck-scan.json", scan));
    }

    private Map<String, Object> judged(String key, String scan, int stuck) {
        return judged(soak(scan, stuck).set("CP_STUCK_KEY", key == null ? "" : key));
    }

    private static Map<String, Object> judged(SoakFixture soak) {
        soak.write();
        try (EvidenceDatabase database =
                EvidenceDatabase.open(Config.read(soak.dir()), new Scope(soak.end(), false, null))) {
            Map<String, Object> judged = database.query(
                            "SELECT stuck_count, recovery_ok, recovery_fail FROM rounds WHERE slot = 1")
                    .get(0);
            return Map.of(
                    "stuck_count",
                    judged.get("stuck_count"),
                    "recovery_ok",
                    judged.get("recovery_ok"),
                    "recovery_fail",
                    judged.get("recovery_fail"),
                    "problems",
                    database.query("SELECT reason FROM problems WHERE file LIKE '%round-060000%'").stream()
                            .map(problem -> problem.get("reason"))
                            .toList());
        }
    }

    /** Go writes a nil slice as null, and leaves an empty one away where its field is marked "omitempty". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null |             | true",
                "null | stuck_plans | true",
                "{}   | stuck_plans | true",
                "{}   |             | false",
                "0    | stuck_plans | false",
                "{\"total\":0} | stuck_plans | false",
            })
    void an_answer_without_any_field_is_an_empty_scan_as_far_as_that_hides_no_plan(
            String answer, String key, boolean isScan) throws Exception {
        rig.cp.answer("stuck", bytes("200 OK", answer.getBytes(UTF_8)));
        rig.with("CP_STUCK_KEY", key == null ? "" : key);
        RoundRig.Round round = rig.round();
        assertEquals(isScan, round.summary().get("scan_ok").asBoolean(), Json.write(round.summary()));
        assertEquals(
                isScan ? "PASS" : "FAIL", round.summary().get("v03_stuck_scan").asText());
        assertEquals(isScan ? "0" : "null", round.summary().get("stuck_count").asText());
        assertEquals(answer, round.text("stuck-scan.json"));
        List<?> problems = (List<?>) judged(key, answer, 0).get("problems");
        assertEquals(isScan, problems.isEmpty(), problems.toString());
    }

    @Test
    void a_listing_that_is_null_alone_is_not_read_and_loses_no_plan() throws Exception {
        rig.cp.answer("list", bytes("200 OK", "null".getBytes(UTF_8)));
        JsonNode summary = rig.round().summary();
        assertEquals("FAIL", summary.get("v05_plan_count").asText(), Json.write(summary));
        assertEquals(true, summary.get("lost_plans").isNull(), Json.write(summary));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"plans\":null,\"regions\":[\"eu\"]}", "{\"stuck\":null,\"a\":[\"b\"],\"c\":[1]}"})
    void texts_beside_a_null_in_place_of_the_plans_are_no_plans(String answer) throws Exception {
        rig.cp.answer("stuck", bytes("200 OK", answer.getBytes(UTF_8)));
        JsonNode summary = rig.round().summary();
        assertEquals("PASS", summary.get("v03_stuck_scan").asText(), Json.write(summary));
        assertEquals(0, summary.get("stuck_count").asInt());
    }

    /** As Cloudflare's API wraps what it answers. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'result':PLANS,'success':true,'errors':[],'messages':[]}",
                "{'messages':['old'],'result':PLANS}",
                "{'messages':[],'tags':[],'data':{'page':PLANS},'n':1}",
            })
    void a_list_of_messages_beside_the_object_that_holds_the_plans_hides_no_plan(String form) throws Exception {
        String answer = form.replace('\'', '"');
        rig.cp.answer(
                "stuck",
                bytes("200 OK", answer.replace("PLANS", "{\"stuck\":[]}").getBytes(UTF_8)));
        String plans = "{\"rollouts\":[{\"id\":\"soak-SECOND-01\"},{\"id\":\"soak-SECOND-02\"}]}"
                .replace("SECOND", Long.toString(RoundRig.START.getEpochSecond()));
        rig.cp.answer("list", bytes("200 OK", answer.replace("PLANS", plans).getBytes(UTF_8)));
        JsonNode first = rig.round().summary();
        assertEquals(
                List.of(2, 0, 0),
                List.of(
                        first.get("plan_count").asInt(),
                        first.get("lost_plans").asInt(),
                        first.get("stuck_count").asInt()),
                Json.write(first));
        rig.cp.answer(
                "stuck",
                bytes(
                        "200 OK",
                        answer.replace("PLANS", plans.replace("rollouts", "stuck"))
                                .getBytes(UTF_8)));
        RoundRig.Round second = rig.round();
        assertEquals(2, second.summary().get("stuck_count").asInt(), Json.write(second.summary()));
        assertEquals(2L, judged("", second.text("stuck-scan.json"), 2).get("recovery_ok"));
    }

    /** As programs leave it that cut a message by its bytes, or by halves of characters. */
    @ParameterizedTest
    @CsvSource({
        "caf\u00c3, caf\ufffd",
        "\\ud83d, \\ufffd",
        "\\uDE00\\ud83d\\ude00, \\ufffd\\ud83d\\ude00",
        "\\\\ud83d, \\\\ud83d",
    })
    void a_character_that_was_cut_in_a_scan_that_a_round_reads_keeps_no_report_from_reading_it(String came, String kept)
            throws Exception {
        String scan = "{\"stuck_plans\":[],\"message\":\"MESSAGE\"}";
        rig.cp.answer("stuck", bytes("200 OK", scan.replace("MESSAGE", came).getBytes(ISO_8859_1)));
        RoundRig.Round round = rig.round();
        assertEquals("PASS", round.summary().get("v03_stuck_scan").asText(), Json.write(round.summary()));
        assertEquals(scan.replace("MESSAGE", kept), round.text("stuck-scan.json"));
        assertEquals(List.of(), judged("", round.text("stuck-scan.json"), 0).get("problems"));
    }
}
