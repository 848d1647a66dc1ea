import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What rounds raise an alert at: bad rounds in a row, and a budget of uptime that runs out. */
class RoundAlertsTest extends AttachedSoak {
    private List<String> alerts(String key) throws IOException {
        return rig.alerts().stream().filter(line -> line.contains(" " + key)).toList();
    }

    private List<String> streaks() throws IOException {
        return alerts("cp_health_failed");
    }

    @Test
    void the_failure_that_uses_up_the_budget_of_uptime_is_told_at_once_and_once_in_the_whole_soak() throws Exception {
        rig.setNow(Instant.parse("2026-10-01T22:30:00Z"));
        rig.cp.set("health", "500");
        RoundRig.Round first = rig.round();
        assertEquals(
                List.of("2026-10-01T22:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1"),
                rig.alerts(),
                "1,440 rounds at 99.9 % allow one");
        assertTrue(first.err().contains("ALERT uptime_budget_left=0"), first.err());
        rig.cp.set("health", "");
        rig.rounds(3);
        assertEquals(1, rig.alerts().size(), "neither a later round nor another date repeats it: " + rig.alerts());
        rig.cp.set("health", "500");
        rig.rounds(3);
        assertEquals(
                List.of(
                        "2026-10-01T22:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1",
                        "2026-10-02T00:30:00Z ALERT uptime_budget_left=-1 threshold=1 day=2"),
                alerts("uptime_budget_left"));
    }

    @Test
    void the_last_failures_of_a_larger_budget_are_told_one_by_one_also_on_one_date() throws Exception {
        rig.with("TARGET_UPTIME_PCT", "99.7"); // of 1,440 rounds four may fail
        rig.cp.set("health", "500");
        rig.rounds(7);
        assertEquals(
                List.of(
                        "01:00:00Z ALERT uptime_budget_left=1 threshold=1 day=1",
                        "01:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1",
                        "02:00:00Z ALERT uptime_budget_left=-1 threshold=1 day=1"),
                alerts("uptime_budget_left").stream()
                        .map(line -> line.substring("2026-10-01T".length()))
                        .toList());
    }

    @Test
    void a_round_that_was_killed_uses_the_budget_and_the_next_one_tells_though_it_is_healthy() throws Exception {
        rig.round();
        assertEquals(List.of(), rig.alerts());
        Files.createDirectories(rig.dir.round("2026-10-01/round-001000"));
        rig.round();
        assertEquals(List.of("2026-10-01T00:30:00Z ALERT uptime_budget_left=0 threshold=1 day=1"), rig.alerts());
    }

    @Test
    void a_round_by_a_clock_that_stood_years_ahead_ends_no_streak_and_is_not_the_last_one_that_ran() throws Exception {
        rig.round();
        rig.setNow(Instant.parse("2036-10-01T00:00:00Z"));
        rig.round();
        rig.setNow(Instant.parse("2026-10-01T00:30:00Z"));
        rig.cp.set("health", "500");
        rig.rounds(3);
        assertEquals(List.of("2026-10-01T01:30:00Z ALERT cp_health_failed consecutive_failures=3 day=1"), streaks());
        String probe = rig.probe().out();
        assertTrue(probe.contains("Last     2026-10-01/round-013000, recorded"), probe);
        rig.setNow(Instant.parse("2026-10-01T04:20:00Z"));
        probe = rig.probe().out();
        assertTrue(probe.contains("slot 8 has waited 1200 s for its round"), probe);
    }

    @Test
    void three_unhealthy_rounds_raise_an_alert_once_a_date_and_the_streak_runs_across_midnight() throws Exception {
        rig.cp.set("health", "500");
        rig.setNow(Instant.parse("2026-10-01T22:30:00Z"));
        rig.round();
        rig.round();
        assertEquals(List.of(), streaks());
        List<RoundRig.Round> rounds = rig.rounds(3);
        assertEquals(
                List.of(
                        "2026-10-01T23:30:00Z ALERT cp_health_failed consecutive_failures=3 day=1",
                        "2026-10-02T00:00:00Z ALERT cp_health_failed consecutive_failures=4 day=2"),
                streaks());
        assertTrue(rounds.get(0).err().contains("ALERT cp_health_failed"));
    }

    @Test
    void an_interrupted_round_counts_in_the_streak_of_failures() throws Exception {
        rig.round();
        Files.createDirectories(rig.dir.round("2026-10-01/round-001000"));
        rig.cp.set("health", "500");
        rig.rounds(2);
        assertEquals(List.of("2026-10-01T01:00:00Z ALERT cp_health_failed consecutive_failures=3 day=1"), streaks());
    }

    @Test
    void three_rounds_with_stuck_plans_raise_an_alert_and_a_round_without_a_scan_neither_lengthens_nor_ends_the_streak()
            throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        rig.cp.set("recover_has_no_effect", "yes");
        rig.rounds(2);
        rig.cp.set("stuck", "503");
        rig.round();
        String refuted = "2026-10-01T01:00:00Z ALERT recoveries_refuted=1 threshold=0 day=1";
        assertEquals(List.of(refuted), rig.alerts());
        rig.cp.set("stuck", "");
        rig.round();
        assertEquals(
                List.of(refuted, "2026-10-01T02:00:00Z ALERT stuck_plans consecutive_rounds=3 day=1"), rig.alerts());
    }
}
