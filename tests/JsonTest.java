import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import soak.Json;

class JsonTest {
  @Test
  void a_round_figure_is_not_written_as_a_power_of_ten() {
    assertEquals("[ 100, 0.98951, 14400, 0.0000123 ]\n", Json.write(List.of(100.0, 0.98951, 14400L, 0.0000123)));
  }

  @Test
  void what_is_no_number_is_never_written() {
    assertThrows(IllegalStateException.class, () -> Json.write(List.of(Double.NaN)));
    assertThrows(IllegalStateException.class, () -> Json.write(List.of(Double.POSITIVE_INFINITY)));
  }
}
