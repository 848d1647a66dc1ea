import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Control planes that keep a deleted plan in their listing, with a mark. */
class DeletedPlanTest extends AnsweringRig {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'deleted':true                                       | 1",
                "'deletedAt':'2026-01-01T00:00:00Z','state':'active'  | 1",
                "'metadata':{},'phase':'Deleted'                      | 1",
                "'deleted':false,'deleted_at':'0001-01-01T00:00:00Z'  | 0",
                "'deleted_at':null,'phase':'active'                   | 0",
                "'deleted':3,'removed':[],'state':'removing_canary'   | 0",
                "'deletion_time':'2999-01-01T00:00:00Z'               | 0",
            })
    void a_plan_that_is_listed_with_a_mark_of_deletion_is_gone(String fields, int lost) throws Exception {
        String plans = "{'rollouts':[{'id':'soak-SECOND-01'},{'id':'soak-SECOND-02',FIELDS}],'next_cursor':''}"
                .replace("SECOND", Long.toString(RoundRig.START.getEpochSecond()))
                .replace("FIELDS", fields.strip());
        rig.cp.answer("list", bytes("200 OK", plans.replace('\'', '"').getBytes(UTF_8)));
        RoundRig.Round round = rig.round();
        JsonNode summary = round.summary();
        assertEquals(lost, summary.get("lost_plans").asInt(-1), Json.write(summary));
        assertEquals(2 - lost, summary.get("plan_count").asInt(), Json.write(summary));
        String told = summary.get("warnings").toString();
        assertEquals(lost == 1, told.contains("1 lost plan is listed with a mark of deletion"), told);
    }
}
