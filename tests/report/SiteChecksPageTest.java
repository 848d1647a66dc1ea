import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the page of a final report shows the checks of a soak's own. */
class SiteChecksPageTest {
    private static final String AFTER = "2026-11-01T00:00:00Z";

    @TempDir
    Path folder;

    @BeforeEach
    void aSoakOfTwoDays() {
        SoakFixture.in(folder).days(2).interval(21600).rounds(0, 8).write();
    }

    private void check(String text) throws IOException {
        Files.createDirectories(folder.resolve("checks"));
        Files.writeString(folder.resolve("checks/any.sql"), text);
    }

    private String page() throws Exception {
        Reports.run(AFTER, folder, "--type", "final");
        return Files.readString(folder.resolve("final-report.html"));
    }

    @Test
    void a_page_shows_the_target_of_a_site_check_and_not_that_of_the_plan() throws Exception {
        check("""
            INSERT INTO check_row BY NAME
            SELECT 'R' AS id, 'rated' AS name, 'FAIL' AS verdict, 0.41 AS value, '≥' AS comparison,
                   0.5 AS target, 'rate' AS unit;
            INSERT INTO check_row BY NAME
            SELECT 'P' AS id, 'percents' AS name, 'PASS' AS verdict, 41.5 AS value, '≥' AS comparison,
                   40.25 AS target, 'pct' AS unit;
            INSERT INTO check_row BY NAME
            SELECT 'M' AS id, 'millis' AS name, 'FAIL' AS verdict, 41.5 AS value, '≤' AS comparison,
                   0.25 AS target, 'ms' AS unit;
            """);
        String page = page();
        for (String shown : List.of("≥ 0.5<", "≥ 40.25 %<", "≤ 0.25 ms<")) {
            assertTrue(page.contains("<span class=\"cap\">target</span><span class=\"big\">" + shown), shown);
        }
    }

    @Test
    void a_site_check_that_is_called_like_a_part_of_the_page_gives_no_id_twice() throws Exception {
        check("""
            INSERT INTO check_row BY NAME
            SELECT unnest(['latency', 'rounds', 'g-alert', 'two words', 'two-words', 'Größe "x"']) AS id,
                   'any' AS name, 'PASS' AS verdict;
            """);
        List<String> ids = Pattern.compile(" id=\"([^\"]*)\"")
                .matcher(page())
                .results()
                .map(id -> id.group(1))
                .toList();
        assertEquals(
                List.of(),
                ids.stream().filter(id -> Collections.frequency(ids, id) > 1).toList());
        assertTrue(ids.containsAll(List.of("latency", "site-check-latency", "site-check-two%20words")), ids.toString());
    }
}
