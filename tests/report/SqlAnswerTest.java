import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import base.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import output.TableFormat;

/** An answer of --sql that is larger than memory: a soak of a round a minute has 432,000 creates of 12 columns. */
class SqlAnswerTest {
    private static final List<String> COLUMNS = List.of("n", "t");

    private final StringWriter printed = new StringWriter();
    private final PrintWriter out = new PrintWriter(printed);

    private static List<Object> row(int n) {
        List<Object> row = new ArrayList<>();
        row.add(n);
        row.add(n % 2 == 0 ? null : Map.of("list", List.of(n, "ü")));
        return row;
    }

    @ParameterizedTest
    @EnumSource(names = {"CSV", "JSON"})
    void each_row_is_printed_before_the_next_one_is_asked_for(TableFormat format) {
        Iterable<List<Object>> rows = () -> IntStream.range(1, 5)
                .peek(n -> assertTrue(n < 3 || printed.toString().contains(String.valueOf(n - 2)), printed.toString()))
                .mapToObj(SqlAnswerTest::row)
                .iterator();
        format.print(COLUMNS, rows, out);
        assertTrue(printed.toString().contains("4"), printed.toString());
    }

    @Test
    void json_of_many_rows_none_and_one_is_what_the_whole_array_would_be() {
        for (int n = 0; n < 3; n++) {
            printed.getBuffer().setLength(0);
            List<List<Object>> rows =
                    IntStream.rangeClosed(1, n).mapToObj(SqlAnswerTest::row).toList();
            TableFormat.JSON.print(COLUMNS, rows, out);
            List<Object> whole = new ArrayList<>();
            rows.forEach(row -> {
                Map<String, Object> object = new java.util.LinkedHashMap<>();
                object.put("n", row.get(0));
                object.put("t", row.get(1));
                whole.add(object);
            });
            assertEquals(Json.write(whole), printed.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TABLE", "MARKDOWN"})
    void a_table_that_memory_would_not_hold_is_refused_with_a_way_out(TableFormat format) {
        String wide = "x".repeat(1 << 20);
        Iterable<List<Object>> rows = () -> IntStream.range(0, Integer.MAX_VALUE)
                .<List<Object>>mapToObj(n -> List.of(n, wide))
                .iterator();
        Failure refused = assertThrows(Failure.class, () -> format.print(COLUMNS, rows, out));
        assertEquals(Exit.USAGE, refused.exitCode());
        assertEquals(
                "--sql failed: an answer of more than 63 such rows is too large for a table: ask for fewer rows or"
                        + " columns, or give --format csv or json, which print each row as it comes",
                refused.getMessage());
        assertEquals("", printed.toString());
    }
}
