import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages in a real browser: what a reviewer sees, on paper, on a phone, in the dark, and with evidence that means
 * harm.
 */
@Tag("slow")
class HtmlPageTest {
    private static final String AFTER = "2026-11-01T00:00:00Z";
    private static final List<String> HOSTILE = List.of(
            "<script>document.title='owned'</script>",
            "\"><img src=x onerror=\"document.title='owned'\">",
            "]]>--></style></title>",
            "${1+1}<#if x>&amp;&#39;'");
    private static final String LOST = "soak-'\"><script>document.title='owned'</script>";

    @TempDir
    static Path scratch;

    private static Path soak;
    private static Browser browser;

    @BeforeAll
    static void a_soak_with_everything_in_it() throws Exception {
        browser = Browser.start(scratch);
        soak = Files.createDirectories(scratch.resolve("soak"));
        SoakFixture fixture = SoakFixture.in(soak).rounds(0, 1440).each(r -> r.set("wal_bytes", 4_000_000));
        for (int i = 0; i < HOSTILE.size(); i++) {
            String reason = HOSTILE.get(i);
            fixture.round(100 + i, r -> r.failed().set("failures", Map.of("v01_health", reason)));
        }
        fixture.round(300, r -> r.restarted())
                .round(301, r -> r.interrupted())
                .round(302, r -> r.down())
                .round(420, r -> r.recoveries(3, 2))
                .round(500, r -> r.latencyMs(740, 750))
                .round(600, r -> r.lost(LOST))
                .missed(700, 701, 702)
                .alert("2026-10-07T06:00:03Z ALERT cp_health_failed consecutive_failures=3 day=7")
                .alert("2026-10-14T01:00:00Z WARN daily_p99_ms=1250ms threshold=1000ms day=14")
                .alert("2026-10-15T01:00:00Z ALERT daily_uptime_pct=97.9 threshold=99.9 day=15 " + HOSTILE.get(0));
        fixture.write();
        assertEquals(
                10,
                Reports.run(AFTER, soak, "--type", "daily", "--date", "2026-10-15")
                        .exit());
        assertEquals(
                10,
                Reports.run(AFTER, soak, "--type", "checkpoint", "--day", "14").exit());
        assertEquals(10, Reports.run(AFTER, soak, "--type", "final").exit());
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Path finalPage() {
        return soak.resolve("final-report.html");
    }

    static Stream<Path> pages() {
        return Stream.of(
                        "final-report.html",
                        "checkpoints/checkpoint-14d.html",
                        "daily/2026-10-15-summary.html",
                        "status.html")
                .map(soak::resolve);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void a_page_asks_for_nothing_beside_itself_and_the_console_stays_empty(Path page) throws Exception {
        browser.open(page, 1440, false);
        assertEquals(List.of(), browser.console());
        assertEquals(List.of(page.toUri().toString()), browser.requests());
        String html = Files.readString(page);
        assertFalse(html.contains("url("), "a style that loads");
        assertEquals(
                0L,
                browser.js("[...document.querySelectorAll('[src],link,"
                        + "script,iframe,object,embed,base,meta[http-equiv]')].length"));
        assertEquals(
                List.of(),
                browser.js("[...document.querySelectorAll('[href]')].map(e => e.getAttribute('href')).filter(h =>"
                        + " /^[a-z]+:|^\\/\\//i.test(h))"),
                "a link out of the folder");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_link_leads_to_a_file_or_a_place_that_is_there(Path page) {
        browser.open(page, 1440, false);
        for (Object href :
                (List<?>) browser.js("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")) {
            String to = (String) href;
            if (to.startsWith("#")) {
                assertEquals(1, browser.count("[id='" + to.substring(1) + "']"), to);
            } else {
                assertTrue(Files.exists(page.resolveSibling(to)), page + " links to " + to);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"390,false", "390,true", "1440,false", "1440,true"})
    void no_page_is_wider_than_its_window(int width, boolean unfolded) {
        for (Path page : pages().toList()) {
            browser.open(page, width, false);
            if (unfolded) {
                browser.js("[...document.querySelectorAll('details')].forEach(d => d.open = true)");
            }
            assertEquals(
                    List.of((long) width, (long) width),
                    browser.js("[document.documentElement.clientWidth, document.documentElement.scrollWidth]"),
                    page + " at " + width);
        }
    }

    @ParameterizedTest
    @CsvSource({"false,1440", "true,1440", "false,390", "true,390"})
    void axe_finds_nothing_serious(boolean dark, int width) {
        for (Path page : pages().toList()) {
            browser.open(page, width, dark);
            assertEquals(
                    List.of(),
                    browser.accessibilityFaults(),
                    page + (dark ? " in the dark" : " in the light") + " at " + width);
        }
    }

    /** Who speaks to the browser says what stands there: WCAG 2.5.3, label in name. */
    @Test
    void what_unfolds_is_called_by_the_words_that_are_seen() {
        browser.open(finalPage(), 1440, false);
        assertEquals(
                List.of(),
                browser.js("[...document.querySelectorAll('summary[aria-label], a[aria-label]')].filter(e => "
                        + "!e.getAttribute('aria-label').includes(e.textContent.trim())).map(e => e.outerHTML)"));
    }

    @Test
    void dark_and_light_are_not_the_same() {
        browser.open(finalPage(), 1440, false);
        Object light = browser.js("getComputedStyle(document.body).backgroundColor");
        browser.open(finalPage(), 1440, true);
        assertFalse(light.equals(browser.js("getComputedStyle(document.body).backgroundColor")));
    }

    @Test
    void the_verdict_stands_at_the_top_and_every_check_and_claim_is_visible_worst_first() throws Exception {
        browser.open(finalPage(), 1440, false);
        JsonNode json = Json.parse(Files.readString(soak.resolve("final-report.json")));
        assertEquals(
                json.path("overall").asText(),
                browser.js("document.querySelector('.verdict .word').textContent.trim()"));
        assertEquals(true, browser.js("document.querySelector('.verdict').getBoundingClientRect().bottom < 600"));
        for (String list : List.of("checks", "claims")) {
            for (JsonNode check : json.path(list)) {
                String row = "document.getElementById('" + check.path("id").asText() + "')";
                assertEquals(
                        true,
                        browser.js(row + ".checkVisibility() && " + row + ".getBoundingClientRect().height > 20"),
                        check.toString());
                String text = (String) browser.js(row + ".innerText");
                assertTrue(
                        text.contains(check.path("name").asText())
                                && text.contains(check.path("verdict").asText()),
                        text);
            }
        }
        List<?> order =
                (List<?>) browser.js("[...document.querySelectorAll('.check .badge')].map(b => b.textContent.trim())");
        assertEquals(order.stream().sorted().toList(), order, "FAIL comes before PASS");
        assertTrue(order.contains("FAIL") && order.contains("PASS"));
    }

    @Test
    void a_check_shows_its_sql_and_links_the_rounds_that_it_turns_on() throws Exception {
        browser.open(finalPage(), 1440, false);
        assertTrue(((String) browser.js("document.querySelector('[id=\"VAL12-08\"] pre').textContent"))
                .strip()
                .equals(Files.readString(Project.folder("sql/4-checks/VAL12-08-cp-availability.sql"))
                        .strip()));
        List<?> links = (List<?>)
                browser.js("[...document.querySelectorAll('[id=\"C3\"] a')].map(a => a.getAttribute('href'))");
        assertTrue(links.contains("rounds/2026-10-11/round-100000/create-times.txt"), links.toString());
    }

    @Test
    void the_grid_has_a_cell_for_each_of_the_1440_slots_and_each_names_its_round() {
        browser.open(finalPage(), 1440, false);
        assertEquals(1440, browser.count("#slots .slots .cell"));
        assertEquals(
                1440L,
                browser.js("new Set([...document.querySelectorAll('#slots .slots .cell > title')].map(t =>"
                        + " t.textContent)).size"));
        assertEquals(
                1437L,
                browser.js("[...document.querySelectorAll('#slots .slots .cell > title')].filter(t =>"
                        + " /^2026-10-\\d\\d\\/round-\\d{6}:"
                        + " (ok|failed|interrupted)$/.test(t.textContent)).length"));
        assertEquals(
                List.of(6L, 1L, 3L),
                browser.js(
                        "['failed', 'interrupted', 'missed'].map(k => document.querySelectorAll('#slots .slots .cell-'"
                                + " + k).length)"));
        assertEquals(
                true,
                browser.js("[...document.querySelectorAll('#slots .slots .cell')].every(c => { const b ="
                        + " c.getBoundingClientRect(); return b.width > 3 && b.height > 3; })"));
    }

    @Test
    void a_cell_that_is_not_ok_has_a_form_of_its_own_beside_its_colour() {
        browser.open(finalPage(), 1440, false);
        assertEquals(
                3L,
                browser.js("new Set(['failed', 'interrupted', 'missed'].map(k => { const c ="
                        + " document.querySelector('#slots .slots .cell-' + k).cloneNode(true);"
                        + " c.querySelector('title').remove(); return c.innerHTML; })).size"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void each_chart_has_marks_that_are_drawn_inside_of_it_and_its_numbers_as_a_table(Path page) {
        for (int width : new int[] {390, 1440}) {
            browser.open(page, width, false);
            assertEquals(List.of(), browser.js("""
                [...document.querySelectorAll('figure.chart .plot')].flatMap(plot => {
                  const frame = plot.querySelector('.area').getBoundingClientRect();
                  const marks = [...plot.querySelectorAll(
                    '.area path.series, .area path.fit, .area circle, .area use')];
                  const boxes = marks.map(m => m.getBoundingClientRect());
                  const name = plot.parentElement.id;
                  const out = boxes.filter(b => b.left < frame.left - 12 || b.right > frame.right + 12
                    || b.top < frame.top - 12 || b.bottom > frame.bottom + 12);
                  return [marks.length > 0 ? null : name + ' has no mark',
                    boxes.some(b => b.width > 0) ? null : name + ' draws nothing',
                    out.length === 0 ? null : name + ' draws ' + out.length + ' marks outside',
                    plot.parentElement.querySelectorAll('table tbody tr').length > 0 ? null
                      : name + ' has no table'].filter(x => x);
                })\
                """), page + " at " + width);
        }
    }

    @Test
    void each_healthy_round_is_a_dot_that_names_it_and_the_others_are_marked() {
        browser.open(finalPage(), 1440, false);
        assertEquals(1440 - 3 - 6 - 1, browser.count("#latency circle > title"));
        assertEquals(
                List.of(6L, 1L, 1L),
                browser.js(
                        "['failed', 'interrupted', 'restart'].map(k => document.querySelectorAll('#latency .area use.'"
                                + " + k).length)"));
        assertTrue(((String) browser.js("document.querySelector('#latency .area use.restart title').textContent"))
                .startsWith("2026-10-07/round-060000"));
        assertEquals(1L, browser.js("document.querySelectorAll('#latency .area path.target').length"));
    }

    @Test
    void what_stands_in_a_reason_an_id_or_a_log_line_shows_as_text() {
        browser.open(finalPage(), 1440, false);
        assertFalse("owned".equals(browser.js("document.title")));
        assertEquals(0, browser.count("script, img"));
        String text = browser.text();
        for (String hostile : HOSTILE) {
            assertTrue(
                    text.contains(Json.MAPPER.valueToTree(hostile).toString().replaceAll("^\"|\"$", ""))
                            || text.contains(hostile),
                    hostile);
        }
        assertTrue(text.contains(LOST), "the plan that was lost");
    }

    @Test
    void a_page_of_1440_rounds_stays_below_two_megabytes() throws Exception {
        assertTrue(Files.size(finalPage()) < 2_000_000, Files.size(finalPage()) + " bytes");
    }

    @Test
    void the_tiles_of_a_day_group_digits_as_those_of_the_other_pages_do() throws Exception {
        String day = Files.readString(soak.resolve("daily/2026-10-15-summary.html"));
        assertTrue(day.matches("(?s).*Plans in store</div><div class=\"value\">\\d,\\d{3}</div>.*"), day);
    }

    @Test
    void a_second_run_leaves_every_page_as_it_is() throws Exception {
        Map<String, String> before = Reports.contents(soak);
        Reports.run("2026-11-02T00:00:00Z", soak, "--type", "daily", "--date", "2026-10-15");
        Reports.run("2026-11-02T00:00:00Z", soak, "--type", "checkpoint", "--day", "14");
        Reports.run("2026-11-02T00:00:00Z", soak, "--type", "final");
        assertEquals(List.of(), Reports.changed(before, Reports.contents(soak)));
    }

    @Test
    void the_status_never_goes_back_to_an_earlier_date() throws Exception {
        String before = Files.readString(soak.resolve("status.html"));
        Reports.run(AFTER, soak, "--type", "daily", "--date", "2026-10-01");
        assertEquals(before, Files.readString(soak.resolve("status.html")));
        Files.write(soak.resolve("status.html"), new byte[] {'<', (byte) 0xff});
        Reports.Ran ran = Reports.run(AFTER, soak, "--type", "daily", "--date", "2026-10-30");
        assertEquals("", ran.err(), "a page that is damaged is written anew");
        assertTrue(Files.readString(soak.resolve("status.html")).contains("<meta name=\"as-of\""));
    }

    @ParameterizedTest
    @CsvSource({"2, 1800, 96, 1", "3, 86400, 3, 1", "2, 864, 100, 2", "1, 60, 96, 15"})
    void a_soak_of_any_length_and_interval_has_its_grid(int days, int interval, int cells, int slotsPerCell)
            throws Exception {
        Path other = Files.createDirectories(scratch.resolve("soak-" + days + "-" + interval));
        int slots = days * 86_400 / interval;
        SoakFixture.in(other)
                .days(days)
                .interval(interval)
                .rounds(0, slots)
                .round(1, r -> r.failed())
                .write();
        Reports.run(AFTER, other, "--type", "final");
        browser.open(other.resolve("final-report.html"), 390, false);
        assertEquals(List.of(), browser.console());
        assertEquals(cells, browser.count("#slots .slots .cell"));
        assertEquals(
                1,
                browser.count("#slots .slots .cell-failed"),
                "of " + slotsPerCell + " slots in a cell the worst is shown");
        assertEquals(
                List.of(390L, 390L),
                browser.js("[document.documentElement.clientWidth, document.documentElement.scrollWidth]"));
    }

    @Test
    void a_month_with_a_slot_each_second_fits_a_page_and_the_memory_of_a_report() throws Exception {
        Path other = Files.createDirectories(scratch.resolve("seconds"));
        SoakFixture.in(other)
                .interval(1)
                .rounds(0, 15)
                .round(3, r -> r.failed())
                .write();
        Reports.run("2026-10-01T02:00:00Z", other, "--type", "final");
        browser.open(other.resolve("final-report.html"), 390, false);
        assertEquals(
                List.of(30L * 96, 1L, 7L, 2872L),
                browser.js("['', '-failed', '-missed', '-to-come'].map(k => document.querySelectorAll('#slots .slots"
                        + " .cell' + k).length)"));
        assertTrue(((String) browser.js("document.querySelector('#slots summary').textContent"))
                .startsWith("Slots that are not ok: 7186; the first 3000 are listed"));
        assertEquals(
                10,
                Reports.run("2026-10-02T01:00:00Z", other, "--type", "daily").exit());
    }

    @Test
    void a_soak_without_recoveries_alerts_or_plans_has_its_page_too() throws Exception {
        Path other = Files.createDirectories(scratch.resolve("bare"));
        SoakFixture.in(other).days(2).drillEvery(0).round(0, r -> r.down()).write();
        Reports.run("2026-10-01T02:00:00Z", other, "--type", "final");
        browser.open(other.resolve("final-report.html"), 1440, false);
        assertEquals(List.of(), browser.console());
        assertEquals("INCOMPLETE", browser.js("document.querySelector('.verdict .word').textContent.trim()"));
        assertEquals(
                List.of(1L, 3L, 92L),
                browser.js("['failed', 'missed', 'to-come'].map(k => document.querySelectorAll('#slots .slots .cell-' +"
                        + " k).length)"));
    }

    @Test
    void on_paper_it_is_light_and_whole() {
        browser.open(finalPage(), 1440, true);
        browser.print();
        assertEquals("rgb(255, 255, 255)", browser.js("getComputedStyle(document.body).backgroundColor"));
        assertEquals("none", browser.js("getComputedStyle(document.querySelector('.jump')).display"));
        assertEquals(true, browser.js("document.querySelector('.verdict').checkVisibility()"));
    }
}
