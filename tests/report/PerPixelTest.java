import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A soak of many rounds has a page and a text that can be read, and nothing that stood out is lost in them. */
@Tag("slow")
class PerPixelTest {
    private static final int ROUNDS = 4320;
    private static final int SLOW = 1234;

    @TempDir
    Path scratch;

    /** Three days of a round a minute; an alert a minute besides. */
    private SoakFixture soak() {
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("soak")).days(3).interval(60).rounds(0, ROUNDS);
        soak.round(SLOW, round -> round.latencyMs(777, 777, 777, 777, 777, 777, 777, 777, 777, 777));
        for (int i = 0; i < 2500; i++) {
            soak.alert(soak.slotStart(i) + (i % 2 == 0 ? " ALERT lost_plans=" : " WARN odd'key=") + i
                    + " threshold=0 day=1");
        }
        soak.write();
        return soak;
    }

    private static String chart(String page, String id) {
        Matcher figure = Pattern.compile("<figure class=\"card chart\" id=\"" + id + "\">.*?</figure>", Pattern.DOTALL)
                .matcher(page);
        assertTrue(figure.find(), id);
        return figure.group();
    }

    private static long count(String text, String what) {
        return Pattern.compile(what).matcher(text).results().count();
    }

    @Test
    void a_page_draws_three_points_a_pixel_and_the_slowest_round_is_one_of_them() throws Exception {
        SoakFixture soak = soak();
        Reports.Ran ran = Reports.of(Reports.AFTER, soak, "--type", "final");
        String page = Files.readString(soak.dir().root().resolve("final-report.html"));
        assertTrue(page.length() < 3_000_000, "" + page.length());
        String latency = chart(page, "latency");
        long dots = count(latency, "<circle class=\"round\" cx=\"[0-9.]+%");
        assertEquals(3 * 800, dots, "the lowest, the median and the highest over each pixel");
        String told = " Of all points over one pixel, the lowest, the median and the highest are drawn.";
        assertTrue(latency.contains(told));
        assertTrue(chart(page, "plans").contains(told));
        Matcher series =
                Pattern.compile("<path class=\"series\" d=\"(M[^\"]{40,})\"").matcher(chart(page, "plans"));
        assertTrue(series.find());
        long points = count(series.group(1), "[ML]");
        assertEquals(3 * 800, points);

        double highest = Pattern.compile(" cy=\"([0-9.]+)%\" r=\"2\"")
                .matcher(latency)
                .results()
                .mapToDouble(dot -> Double.parseDouble(dot.group(1)))
                .min()
                .orElseThrow();
        assertTrue(highest < 5, "the dot of the slowest round: " + highest);

        String alerts = chart(page, "alerts");
        assertTrue(alerts.contains("aria-label=\"lost_plans: 1250 alerts\""), alerts.substring(0, 900));
        assertTrue(alerts.contains("Lines of alerts.log: 2500"));
        List<String> list = ran.out()
                .lines()
                .dropWhile(line -> !line.equals("## Alerts Issued"))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .toList();
        assertEquals(
                List.of(
                        "2026-10-01T00:00:00Z ALERT lost_plans=0 threshold=0 day=1",
                        "2026-10-01T00:01:00Z WARN odd'key=1 threshold=0 day=1",
                        "2026-10-01T00:02:00Z ALERT lost_plans=2 threshold=0 day=1",
                        "2026-10-01T00:03:00Z WARN odd'key=3 threshold=0 day=1",
                        "2026-10-01T00:04:00Z ALERT lost_plans=4 threshold=0 day=1",
                        "2026-10-01T00:05:00Z WARN odd'key=5 threshold=0 day=1",
                        "1,247 more ALERT lost_plans, the last at 2026-10-02T17:38:00Z: --sql \"FROM alerts WHERE"
                                + " level = 'ALERT' AND key = 'lost_plans'\"",
                        "1,247 more WARN odd'key, the last at 2026-10-02T17:39:00Z: --sql \"FROM alerts WHERE"
                                + " level = 'WARN' AND key = 'odd''key'\""),
                list);
        var json = Json.parse(Files.readString(soak.dir().finalJson()));
        assertEquals(2000, json.get("alerts").size());
        assertEquals(
                "[{\"level\":\"ALERT\",\"key\":\"lost_plans\",\"alerts\":250},"
                        + "{\"level\":\"WARN\",\"key\":\"odd'key\",\"alerts\":250}]",
                json.get("alerts_left_out").toString());
        assertTrue(ran.out().lines().count() < 400, "" + ran.out().lines().count());
    }
}
