import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --sql} says of a name that it does not know: inner tables and macros change from build to build. */
@Tag("slow")
class SqlNamesTest {
    @TempDir
    Path soak;

    @BeforeEach
    void a_soak_with_a_view_of_its_own() throws Exception {
        Files.writeString(soak.resolve("config.env"), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
        Files.createDirectory(soak.resolve("views"));
        Files.writeString(soak.resolve("views/mine.sql"), "CREATE VIEW nightly AS SELECT p99_ms FROM rounds;\n");
    }

    private String said(int exit, String text) {
        Fork.Result ran = Fork.here(new report(), soak.toString(), "--sql", text, "--format", "csv");
        assertEquals(exit, ran.exit(), ran.err());
        return ran.out() + ran.err();
    }

    @ParameterizedTest
    @CsvSource({
        "round,rounds",
        "creations,creates",
        "raw_rounds,rounds",
        "final,final_report",
        "rounds_slots,rounds",
        "nightlie,nightly"
    })
    void a_view_that_is_misspelt_is_found_among_those_for_people(String written, String meant) {
        String said = said(Exit.USAGE, "SELECT 1 FROM " + written);
        assertTrue(said.contains("Table with name " + written + " does not exist!\nDid you mean \"" + meant), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FROM summaries", "FROM targetz", "SELECT nosuchfunc(1)"})
    void no_inner_table_and_no_macro_is_named_as_what_was_meant(String text) {
        String said = said(Exit.USAGE, text);
        assertTrue(said.contains("does not exist!") && said.contains("LINE 1: " + text), said);
        assertFalse(said.contains("Did you mean"), said);
    }

    @Test
    void a_function_of_the_databases_that_is_misspelt_is_still_found() {
        String said = said(Exit.USAGE, "SELECT medain(1)");
        assertTrue(said.contains("Did you mean \"median\"?"), said);
    }

    @Test
    void a_column_that_is_missing_is_found_in_the_views_that_have_it() {
        String said = said(Exit.USAGE, "SELECT date, p99_ms FROM daily");
        assertTrue(said.contains("\nIn daily: daily_p99_ms, pooled_p99_ms\n"), said);
        assertTrue(said.contains("\nViews with a column p99_ms: nightly, rounds\n"), said);
        assertTrue(
                said(Exit.USAGE, "SELECT c.p99 FROM creates c JOIN rounds USING (round_id)")
                        .contains("\nIn rounds: p99_ms\n"),
                said);
    }

    @Test
    void show_tables_lists_the_views_for_people_and_no_inner_table() {
        String listed = said(Exit.OK, "show tables;");
        assertTrue(listed.startsWith("name,meaning\r\nalerts,One row per line of alerts.log"), listed);
        assertTrue(
                listed.contains("\r\nrounds,")
                        && listed.contains("\r\nnightly,A view of this soak's own (SOAK_DIR/views)\r\n"),
                listed);
        assertFalse(listed.contains("raw_round"), listed);
    }

    @Test
    void what_is_no_select_is_refused_in_one_plain_sentence() {
        assertEquals(
                "report: --sql only reads, and this is not a SELECT: give one SELECT, FROM, WITH, VALUES, DESCRIBE or"
                        + " SUMMARIZE\n",
                said(Exit.USAGE, "DELETE FROM rounds"));
    }
}
