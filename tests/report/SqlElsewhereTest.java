import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --sql} by people who come from another database or live in another zone. */
class SqlElsewhereTest {
    @TempDir
    Path soak;

    @BeforeEach
    void write() {
        SoakFixture.in(soak).days(2).interval(21600).rounds(0, 8).write();
    }

    private Reports.Ran asked(String sql) {
        return Reports.run("2026-11-01T00:00:00Z", soak, "--format", "csv", "--sql", sql);
    }

    @Test
    void a_time_in_another_zone_does_not_call_itself_utc() {
        assertEquals(
                "t,l\r\n2026-10-01T02:30:00,\"[\"\"2026-10-01T02:30:00\"\"]\"\r\n",
                asked("SELECT TIMESTAMPTZ '2026-10-01 00:30:00Z' AT TIME ZONE 'Europe/Berlin' AS t, [t] AS l")
                        .out());
    }

    /** As a table shows them, these two lists look alike. */
    @Test
    void a_list_of_csv_can_be_read_back_whatever_its_texts_hold() {
        assertEquals(
                "a,b,c,d\r\n\"[\"\"x, y\"\",\"\"NULL\"\"]\",\"[\"\"x\"\",\"\"y\"\",null]\","
                        + "\"{\"\"k\"\":[1.50]}\",\"[\"\"12:00:00\"\"]\"\r\n",
                asked("SELECT ['x, y', 'NULL'] AS a, ['x', 'y', NULL] AS b, {'k': [1.50]} AS c, [TIME '12:00'] AS d")
                        .out());
    }

    @Test
    void an_endless_time_is_no_date_of_a_far_year() {
        String sql =
                "SELECT CAST('%1$s' AS TIMESTAMPTZ) AS a, CAST('%1$s' AS TIMESTAMP) AS b, CAST('%1$s' AS DATE) AS c,"
                        + " CAST('%1$s' AS TIMESTAMP_NS) AS d, CAST('%1$s' AS TIMESTAMP_MS) AS e";
        for (String word : new String[] {"infinity", "-infinity"}) {
            assertEquals(
                    "a,b,c,d,e\r\n" + String.join(",", Collections.nCopies(5, word)) + "\r\n",
                    asked(String.format(Locale.ROOT, sql, word)).out());
        }
    }

    @Test
    void a_time_before_the_year_1_keeps_its_era() {
        assertEquals(
                "a,b,c,d\r\n-0043-03-15T10:00:00,0000-12-31T00:00:00,0001-01-01T00:00:00,-0043-03-15\r\n",
                asked("SELECT TIMESTAMP '0044-03-15 (BC) 10:00:00' AS a, TIMESTAMP '0001-12-31 (BC) 00:00:00' AS b,"
                                + " TIMESTAMP '0001-01-01 00:00:00' AS c, DATE '0044-03-15 (BC)' AS d")
                        .out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TIME '24:00:00'",
                "CAST('24:00:00+00' AS TIMETZ)",
                "CAST('infinity' AS TIMESTAMP_S)",
                "[TIME '24:00:00']",
                "{'k': TIME '24:00:00'}",
                "MAP {'k': TIME '24:00:00'}",
                "union_value(k := TIME '24:00:00')",
                "TIMESTAMP '0005-02-29 (BC) 00:00:00'"
            })
    void a_value_that_java_has_no_object_for_is_asked_for_as_text(String value) {
        for (String format : new String[] {"table", "csv", "json", "markdown"}) {
            Reports.Ran refused =
                    Reports.run("2026-11-01T00:00:00Z", soak, "--format", format, "--sql", "SELECT " + value);
            assertEquals(64, refused.exit(), refused.err());
            assertTrue(refused.err().contains("Java cannot take over"), refused.err());
        }
        Reports.Ran text = asked("SELECT CAST(" + value + " AS VARCHAR)");
        assertEquals(0, text.exit(), text.err());
    }

    @Test
    void what_the_parser_has_no_words_for_is_refused_with_the_words_that_it_takes() {
        Reports.Ran ran = asked("SELECT round_id FROM rounds LIMIT 5, 5");
        assertEquals(64, ran.exit());
        assertTrue(ran.err().contains("write LIMIT 10 OFFSET 5"), ran.err());
    }

    @Test
    void a_file_of_ones_own_is_refused_with_the_way_to_join_it() {
        Path own = soak.resolveSibling("deploys.csv");
        for (String from : new String[] {"read_csv('" + own + "')", "'" + own + "'"}) {
            Reports.Ran ran = asked("SELECT * FROM " + from + " JOIN rounds USING (round_id)");
            assertEquals(64, ran.exit());
            assertTrue(
                    ran.err().contains("no other file: --export DIR writes the views as DIR/soak.duckdb"), ran.err());
        }
    }
}
