import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import base.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void a_round_figure_is_not_written_as_a_power_of_ten() {
        assertEquals("[ 100, 0.98951, 14400, 0.0000123 ]\n", Json.write(List.of(100.0, 0.98951, 14400L, 0.0000123)));
    }

    @Test
    void a_byte_order_mark_before_the_text_says_nothing_and_a_second_is_an_error() throws Exception {
        assertEquals(1, Json.parse("\uFEFF{\"a\": 1}").get("a").asInt());
        assertThrows(com.fasterxml.jackson.core.JsonProcessingException.class, () -> Json.parse("\uFEFF\uFEFF{}"));
    }

    @Test
    void a_template_with_a_mark_is_sent_without_it(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
            throws Exception {
        java.nio.file.Path file =
                java.nio.file.Files.writeString(folder.resolve("plan.json"), "\uFEFF{\"plan_id\": \"{plan_id}\"}");
        assertEquals(
                "{\"plan_id\": \"p\"}",
                new String(soak.PlanTemplate.read(file).body("p"), java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void what_is_no_number_is_never_written() {
        assertThrows(IllegalStateException.class, () -> Json.write(List.of(Double.NaN)));
        assertThrows(IllegalStateException.class, () -> Json.write(List.of(Double.POSITIVE_INFINITY)));
    }
}
