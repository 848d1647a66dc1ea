import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page in a real browser, of a soak whose name has no place to break: in a window of 320 pixels it is as wide. */
@Tag("slow")
class LongNamesPageTest {
    @TempDir
    static Path scratch;

    private static Browser browser;

    @BeforeAll
    static void a_soak_with_a_long_name() throws Exception {
        browser = Browser.start(scratch);
        Path soak = Files.createDirectories(scratch.resolve("soak"));
        SoakFixture.in(soak)
                .days(2)
                .interval(21600)
                .set("SOAK_ID", "W".repeat(200))
                .rounds(0, 8)
                .write();
        Reports.run("2026-11-01T00:00:00Z", soak, "--type", "final");
        browser.open(soak.resolve("final-report.html"), 320, false);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void the_name_of_a_soak_makes_no_page_wider_than_its_window() {
        assertEquals(320L, browser.js("document.documentElement.scrollWidth"));
    }

    /** Verdicts quote names of files, which may be as long as a file system takes them. */
    @Test
    void what_quotes_a_file_makes_no_page_wider_than_its_window() {
        assertEquals(
                List.of(320L, 320L),
                browser.js("['altered', 'gate'].map(part => { const text = document.createElement('p');"
                        + " text.className = part; text.textContent = 'W'.repeat(200);"
                        + " document.querySelector('.verdict').append(text);"
                        + " return document.documentElement.scrollWidth; })"));
    }

    /** A server may forbid the style, as Jenkins does: no sign is then larger than its word, and no chart is a blot. */
    @Test
    void without_its_style_no_drawing_stands_in_the_way_of_the_words() {
        assertEquals(
                List.of(),
                browser.js("(() => { const style = document.styleSheets[0]; style.disabled = true;"
                        + " const large = [...document.querySelectorAll('svg:not(svg svg)')]"
                        + ".filter(svg => svg.getBoundingClientRect().height > 20)"
                        + ".map(svg => svg.outerHTML.slice(0, 99));"
                        + " style.disabled = false; return large; })()"));
    }

    /** Who hears a page is told of its parts by their names. */
    @Test
    void no_two_parts_of_a_page_have_one_name() {
        List<?> names = (List<?>) browser.js("[...document.querySelectorAll('section, nav, [role=region]')].map(e =>"
                + " e.getAttribute('aria-label') || document.getElementById(e.getAttribute('aria-labelledby'))"
                + ".textContent)");
        assertEquals(names.stream().distinct().toList(), names);
    }
}
