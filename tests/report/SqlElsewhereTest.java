import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                "SELECT CAST('%1$s' AS TIMESTAMPTZ) AS a, CAST('%1$s' AS TIMESTAMP) AS b, CAST('%1$s' AS DATE) AS c";
        for (String word : new String[] {"infinity", "-infinity"}) {
            assertEquals(
                    "a,b,c\r\n" + word + "," + word + "," + word + "\r\n",
                    asked(String.format(Locale.ROOT, sql, word)).out());
        }
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
