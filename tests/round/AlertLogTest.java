import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.ShellWords;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.SoakDir;
import workload.AlertLog;

class AlertLogTest {
    private static final Instant AT = Instant.parse("2026-10-03T00:30:01.234Z");
    private static final String LOST = "ALERT lost_plans=2 threshold=0 day=3";

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    private AlertLog log(String command, Duration limit) {
        return new AlertLog(
                Config.of(new SoakDir(folder), Map.of("ALERT_COMMAND", command)), new PrintWriter(err, true), limit);
    }

    private AlertLog log(String command) {
        return log(command, Duration.ofSeconds(60));
    }

    private List<String> lines() throws Exception {
        return Files.readAllLines(folder.resolve("alerts.log"));
    }

    @Test
    void a_line_has_the_plans_format_and_whole_seconds() throws Exception {
        assertTrue(log("").raise(AT, LOST));
        assertEquals(List.of("2026-10-03T00:30:01Z " + LOST), lines());
    }

    /** The plan counts days from 1; a clock that is wrong may stand before the first. */
    @Test
    void a_day_before_the_soak_began_is_one() throws Exception {
        String early = "ALERT lost_plans=2 threshold=0 day=-2";
        assertTrue(log("").raise(AT, early));
        assertFalse(log("").raise(AT.plusSeconds(1800), early));
        assertTrue(log("").raise(AT, "ALERT lost_plans=2 threshold=0 day=2"));
        assertEquals(2, lines().size());
    }

    @Test
    void an_alert_stands_once_per_date_and_key_whatever_its_stamp() throws Exception {
        log("").raise(AT, LOST);
        assertFalse(log("").raise(AT.plusSeconds(1800), LOST));
        assertTrue(log("").raise(AT, "ALERT lost_plans=2 threshold=0 day=31"), "day 31 is not day 3");
        assertTrue(log("").raise(AT, "ALERT duplicate_plans=2 threshold=0 day=3"), "another key");
        assertTrue(log("").raise(AT, "ALERT cp_health_failed consecutive_failures=3 day=3"), "a key without a value");
        assertFalse(log("").raise(AT, "ALERT cp_health_failed consecutive_failures=4 day=3"));
        assertEquals(4, lines().size());
    }

    @Test
    void an_alert_that_was_rotated_out_of_the_log_is_raised_all_the_same_and_told_no_second_time() throws Exception {
        String used = "ALERT uptime_budget_left=-1 threshold=1 day=3";
        assertTrue(log("").raise(AT, used));
        Files.move(folder.resolve("alerts.log"), folder.resolve("alerts.log.1"));
        assertTrue(log("").raise(AT, LOST));
        try (OutputStream packed =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("alerts.log-20261003.gz")))) {
            packed.write(Files.readAllBytes(folder.resolve("alerts.log")));
        }
        Files.write(folder.resolve("alerts.log"), new byte[0]);
        Files.writeString(folder.resolve("alerts.log.9.gz"), "half packed");
        assertFalse(log("").raise(AT.plusSeconds(86_400), used.replace("day=3", "day=4")), "once in the whole soak");
        assertFalse(log("").raise(AT, LOST), "once a date");
        assertTrue(log("").raise(AT, LOST.replace("=2", "=20")), "more");
        assertEquals(List.of("2026-10-03T00:30:01Z " + LOST.replace("=2", "=20")), lines());
    }

    @Test
    void what_has_grown_since_is_told_again_and_what_has_not_is_not() throws Exception {
        for (String key : List.of("lost_plans", "duplicate_plans", "recoveries_refuted")) {
            assertTrue(log("").raise(AT, "ALERT " + key + "=10 threshold=0 day=3"));
            assertFalse(log("").raise(AT, "ALERT " + key + "=9 threshold=0 day=3"));
            assertTrue(log("").raise(AT, "ALERT " + key + "=200 threshold=0 day=3"), "more");
            assertFalse(log("").raise(AT, "ALERT " + key + "=200 threshold=0 day=3"));
            assertFalse(
                    log("").raise(AT, "ALERT " + key + "=100 threshold=0 day=3"),
                    "more than ten, and less than what was told");
        }
        assertTrue(log("").raise(AT, "ALERT stuck_plans consecutive_rounds=3 day=3"));
        assertFalse(
                log("").raise(AT, "ALERT stuck_plans consecutive_rounds=4 day=3"), "a streak grows with each round");
    }

    @Test
    void a_date_that_is_over_corrects_what_was_told_while_it_ran_and_one_that_runs_does_not() throws Exception {
        java.time.Instant end = java.time.Instant.parse("2026-10-04T00:00:00Z");
        assertTrue(log("").raise(AT, "ALERT daily_missed_rounds=1 threshold=0 day=3"));
        assertFalse(log("").raise(AT.plusSeconds(60), "ALERT daily_missed_rounds=2 threshold=0 day=3"));
        assertTrue(log("").raise(end, "ALERT daily_missed_rounds=5 threshold=0 day=3"));
        assertFalse(log("").raise(end, "ALERT daily_missed_rounds=5 threshold=0 day=3"));
    }

    @Test
    void each_value_of_what_is_used_up_stands_once_in_the_whole_soak() throws Exception {
        assertTrue(log("").raise(AT, "ALERT uptime_budget_left=1 threshold=1 day=3"));
        assertTrue(log("").raise(AT, "ALERT uptime_budget_left=0 threshold=1 day=3"), "the same date");
        assertFalse(log("").raise(AT, "ALERT uptime_budget_left=1 threshold=1 day=4"));
        assertFalse(log("").raise(AT, "ALERT uptime_budget_left=0 threshold=1 day=4"));
        assertTrue(log("").raise(AT, "ALERT uptime_budget_left=-1 threshold=1 day=4"));
    }

    @Test
    void a_torn_line_and_bytes_that_are_no_text_neither_hide_nor_swallow_the_next_alert() throws Exception {
        Files.write(folder.resolve("alerts.log"), new byte[] {(byte) 0xff, (byte) 0xfe, 'x'});
        assertTrue(log("").raise(AT, LOST));
        String text = Files.readString(folder.resolve("alerts.log"), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(text.endsWith("x\n2026-10-03T00:30:01Z " + LOST + "\n"), text);
    }

    @Test
    void the_command_runs_once_per_new_line_with_the_line_on_its_stdin() throws Exception {
        Path got = folder.resolve("it's got");
        String command = "cat >> " + ShellWords.quoted(got.toString()) + "; echo on stdout";
        log(command).raise(AT, LOST);
        log(command).raise(AT, LOST);
        assertEquals("2026-10-03T00:30:01Z " + LOST + "\n", Files.readString(got));
        assertEquals("", err.toString());
    }

    @Test
    void a_failing_command_is_told_of_and_the_alert_stands() throws Exception {
        assertTrue(log("echo no such mailbox >&2; exit 3").raise(AT, LOST));
        assertTrue(
                err.toString().contains("ALERT_COMMAND exited with 3")
                        && err.toString().contains("no such mailbox"),
                err.toString());
        assertEquals(1, lines().size());
    }

    @Test
    void of_what_a_command_prints_without_end_only_the_end_is_kept_and_the_disk_stays_empty() throws Exception {
        log("yes | head -c 20000000; echo tmp has $(cat \"$SOAK_DIR\"/tmp/* | wc -c) bytes; exit 3")
                .raise(AT, LOST);
        assertTrue(err.toString().contains("tmp has 0 bytes"), err.toString());
    }

    @Test
    void half_a_secret_at_the_cut_is_not_shown() throws Exception {
        log("printf 'hunter-22'; head -c 65530 /dev/zero | tr '\\0' '\\n'; echo no such mailbox; exit 3")
                .raise(AT, LOST);
        assertTrue(
                err.toString().contains("it said: no such mailbox")
                        && !err.toString().contains("-22"),
                err.toString());
    }

    @Test
    void a_command_that_hangs_is_killed_with_its_children() throws Exception {
        Path pid = folder.resolve("child.pid");
        log("sleep 600 & echo $! > " + pid + "; wait", Duration.ofMillis(500)).raise(AT, LOST);
        assertTrue(err.toString().contains("was killed"), err.toString());
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElse(null);
        if (child != null) {
            child.onExit().get(60, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void a_command_that_does_not_read_its_stdin_is_no_failure() throws Exception {
        assertTrue(log("exec true").raise(AT, LOST));
        assertEquals("", err.toString());
    }

    @Test
    void what_is_no_alert_is_refused() {
        for (String bad :
                List.of("lost plans", "ALERT lost_plans=2", "ALERT day=3", "ALERT lost=1 day=3\nALERT x=1 day=3")) {
            assertThrows(IllegalArgumentException.class, () -> log("").raise(AT, bad), bad);
        }
    }
}
