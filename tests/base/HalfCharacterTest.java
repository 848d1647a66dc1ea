import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Half of a character, where somebody cut a text by its units: no reader of JSON takes it. */
class HalfCharacterTest extends AnsweringRig {
    private static final String FACE = "\ud83d\ude00";

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\ude00", "\\ud83d\\ud83d\\ude00"})
    void a_name_of_the_control_plane_with_half_a_character_leaves_a_summary_that_reads_and_stays_its_name(String half)
            throws Exception {
        assertStaysTheSame("cp-" + half);
    }

    @Test
    void a_name_that_is_cut_within_a_character_stays_the_name() throws Exception {
        assertStaysTheSame("a" + FACE.repeat(150));
    }

    private void assertStaysTheSame(String instance) throws Exception {
        rig.cp.answer("health", bytes("200 OK", ("{\"instance_id\":\"" + instance + "\"}").getBytes(UTF_8)));
        rig.round();
        RoundRig.Round round = rig.round();
        String summary = round.text("round-summary.json");
        assertFalse(summary.matches("(?s).*\\\\u[dD][89a-fA-F].*"), summary);
        JsonNode told = round.summary();
        assertFalse(
                told.get("warnings").toString().contains("identity"),
                told.get("warnings").toString());
        assertEquals("ok", told.get("health").asText());
    }

    @Test
    void json_holds_the_halves_of_a_character_together_alone() {
        assertEquals(
                "{\n  \"a\" : \"\ufffd" + FACE + "\ufffd\"\n}\n", Json.write(Map.of("a", "\ude00" + FACE + "\ud83d")));
    }
}
