import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code --type verify} on daily summaries that somebody edited. */
@Tag("slow")
class VerifyDailyTest extends AttachedSoak {

    @BeforeEach
    void start() throws IOException {
        rig.rounds(2);
    }

    @Test
    void what_a_daily_summary_lacks_or_says_of_the_store_is_missed_and_one_of_an_earlier_moment_is_named()
            throws Exception {
        String next = "2026-10-02T02:00:00Z";
        String file = "daily/2026-10-01-summary.json";
        Path stored = folder.resolve(file);
        Reports.run(next, folder, "--type", "daily", "--date", "2026-10-01");
        ObjectNode made = (ObjectNode) Json.parse(Files.readString(stored));
        assertEquals(0, Reports.run(next, folder, "--type", "verify").exit());
        Map<ObjectNode, String> forged = Map.of(
                made.deepCopy().without("daily_p99_ms"),
                "lacks daily_p99_ms\n",
                made.deepCopy().without(List.of("head", "notes", "total_rounds")),
                "lacks head, notes, total_rounds\n",
                made.deepCopy().put("store_check", "ok"),
                "store_check is ok, the evidence gives null\n");
        for (Map.Entry<ObjectNode, String> one : forged.entrySet()) {
            Files.writeString(stored, Json.write(one.getKey()));
            Reports.Ran ran = Reports.run(next, folder, "--type", "verify");
            assertEquals(10, ran.exit(), ran.out());
            assertTrue(ran.out().contains("differs: " + file + ": " + one.getValue()), ran.out());
            assertEquals(2, ran.out().split("differs: ", -1).length, "what it lacks is told once: " + ran.out());
        }
        Files.writeString(
                stored, Json.write(made.deepCopy().put("complete", false).put("daily_p99_ms", 1)));
        String other = "daily/2026-12-01-summary.json";
        Files.writeString(folder.resolve(other), Json.write(made));
        Reports.Ran ran = Reports.run("2026-10-02T02:00:00.123456789Z", folder, "--type", "verify");
        assertTrue(
                ran.out().contains("not checked: " + other + ": the evidence has no such date as of 2026-10-02T"),
                ran.out());
        assertTrue(ran.out().contains(" 2026-10-02T02:00:00.123Z"), ran.out());
        assertTrue(
                ran.out().contains("not checked: " + file + ": it says that its date was not over (complete=false), "),
                ran.out());
        assertEquals(
                "Everything that is sealed fits, and there is no stored report to compare with it.",
                ran.out().lines().reduce((first, second) -> second).orElse(""));
    }

    @Test
    void an_alert_that_the_log_lacks_is_missed_and_one_that_was_rotated_away_is_not() throws Exception {
        String next = "2026-10-02T02:00:00Z";
        String file = "daily/2026-10-01-summary.json";
        Path stored = folder.resolve(file);
        Path log = folder.resolve("alerts.log");
        Reports.run(next, folder, "--type", "daily", "--date", "2026-10-01");
        ObjectNode made = (ObjectNode) Json.parse(Files.readString(stored));
        String alert = made.path("alerts").path(0).asText();
        assertTrue(alert.contains(" ALERT daily_missed_rounds="), made::toString);
        for (String name : List.of("alerts.log.1", "alerts.log-20261002")) {
            Files.move(log, folder.resolve(name));
            assertEquals(0, Reports.run(next, folder, "--type", "verify").exit(), name);
            Fork.run("gzip", folder.resolve(name).toString());
            assertEquals(0, Reports.run(next, folder, "--type", "verify").exit(), name + ".gz");
            Fork.run("gunzip", folder.resolve(name).toString());
            Files.move(folder.resolve(name), log);
        }
        made.withArray("alerts").add(alert.replace("day=1", "day=7"));
        Files.writeString(stored, Json.write(made));
        Reports.Ran ran = Reports.run(next, folder, "--type", "verify");
        assertEquals(10, ran.exit(), ran.out());
        assertTrue(
                ran.out()
                        .contains("differs: " + file + ": has an alert that alerts.log lacks: "
                                + alert.replace("day=1", "day=7") + "\n"),
                ran.out());
    }
}
