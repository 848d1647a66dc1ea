import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.SoakDir;
import workload.ClosedRounds;
import workload.History;
import workload.RoundLock;
import workload.SoakMetrics;

/** metrics/soak.prom: read as Prometheus reads it, and held against what the reports say of the same rounds. */
@Tag("slow")
class SoakMetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)\\{soak_id=\"[^\"]*\"(?:,(.*))?\\} (\\S+)");

    @TempDir
    Path folder;

    /** Samples by name and labels, without soak_id: {@code soak_creates_total{result="ok"}}. */
    static Map<String, Double> samples(String text) {
        Map<String, Double> samples = new LinkedHashMap<>();
        for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
            Matcher m = SAMPLE.matcher(line);
            assertTrue(m.matches(), line);
            assertNull(
                    samples.put(
                            m.group(1) + (m.group(2) == null ? "" : "{" + m.group(2) + "}"),
                            Double.valueOf(m.group(3))),
                    "twice: " + line);
        }
        return samples;
    }

    /** What the last round of this folder would write. */
    static String text(Config config) throws IOException {
        List<Path> rounds = History.before(config.dir(), null).folders();
        Path last = rounds.get(rounds.size() - 1);
        return SoakMetrics.text(
                config,
                History.before(config.dir(), last),
                new ClosedRounds(),
                Json.parse(Files.readString(last.resolve("round-summary.json"))));
    }

    private static JsonNode figures(SoakFixture soak, String now, String sql) throws IOException {
        Reports.Ran ran = Reports.run(now, soak.dir().root(), "--format", "json", "--sql", sql);
        assertEquals("", ran.err());
        return Json.parse(ran.out()).get(0);
    }

    static SoakFixture soakWithEverything(Path folder) {
        return SoakFixture.in(folder)
                .days(2)
                .drillEvery(4)
                .set("TARGET_UPTIME_PCT", "80")
                .rounds(0, 70)
                .round(5, FixtureRound::failed)
                .round(6, FixtureRound::restarted)
                .round(7, FixtureRound::down)
                .round(12, FixtureRound::interrupted)
                .round(20, r -> r.codes("503", "500").recoveries(3, 2))
                .round(0, FixtureRound::legacy)
                .round(30, r -> r.uncounted())
                .round(31, r -> r.lost("soak-1-01"))
                .round(32, r -> r.duplicate("soak-2-01"))
                .round(33, r -> r.set("recovery_fail", null))
                .missed(40, 41, 42)
                .roundAt(50 * 1800 + 60, r -> r.failed())
                .round(68, FixtureRound::failed)
                .round(69, r -> r.failed().deferred(4).set("unconfirmed_plans", 3));
    }

    @Test
    void every_figure_that_a_report_has_too_is_the_same_there() throws Exception {
        SoakFixture soak = soakWithEverything(folder);
        Map<String, Double> metrics = samples(text(soak.write()));
        JsonNode f = figures(
                soak,
                soak.slotStart(70).toString(),
                "SELECT f.total_recovery_ok, f.total_recovery_fail, s.*, (SELECT count(*) FROM rounds WHERE counted"
                    + " AND (lost_plans > 0 OR duplicate_plans > 0)) AS bad_sets, (SELECT count(*) FROM slots) -"
                    + " (SELECT count(*) FROM slots WHERE status = 'ok') AS bad_slots, (SELECT sum(create_ok) FROM"
                    + " rounds WHERE counted AND kind <> 'interrupted') AS recorded_ok, (SELECT sum(create_errors)"
                    + " FROM rounds WHERE counted AND kind <> 'interrupted') AS recorded_errors FROM final_report f,"
                    + " status s");
        assertEquals(f.get("healthy_rounds").asDouble(), metrics.get("soak_rounds_total{state=\"healthy\"}"));
        assertEquals(f.get("failed_rounds").asDouble(), metrics.get("soak_rounds_total{state=\"failed\"}"));
        assertEquals(f.get("interrupted_rounds").asDouble(), metrics.get("soak_rounds_total{state=\"interrupted\"}"));
        assertEquals(f.get("missed_rounds").asDouble(), metrics.get("soak_missed_slots_total"));
        assertEquals(3, metrics.get("soak_missed_slots_total"));
        assertEquals(f.get("recorded_ok").asDouble(), metrics.get("soak_creates_total{result=\"ok\"}"));
        assertEquals(f.get("recorded_errors").asDouble(), metrics.get("soak_creates_total{result=\"error\"}"));
        assertEquals(f.get("total_recovery_ok").asDouble(), metrics.get("soak_recoveries_total{result=\"ok\"}"));
        assertEquals(f.get("total_recovery_fail").asDouble(), metrics.get("soak_recoveries_total{result=\"failed\"}"));
        assertEquals(
                f.get("consecutive_unhealthy_rounds").asDouble(), metrics.get("soak_consecutive_unhealthy_rounds"));
        assertEquals(2, metrics.get("soak_consecutive_unhealthy_rounds"));
        assertEquals(f.get("bad_sets").asDouble(), metrics.get("soak_rounds_with_lost_plans_total"));
        assertEquals(f.get("last_plan_count").asDouble(), metrics.get("soak_last_round_plans"));
        assertEquals(3, metrics.get("soak_last_round_unconfirmed_plans"));
        assertEquals(f.get("last_p99_ms").asDouble() / 1000, metrics.get("soak_last_round_create_p99_seconds"), 1e-12);
        assertEquals(f.get("total_slots").asDouble(), metrics.get("soak_scheduled_rounds"));
        // 96 slots, 80 %: 19 may be lost. Of the slots so far 3 were missed, and 7 have a round that was not healthy.
        assertEquals(19, metrics.get("soak_uptime_budget_rounds{verdict=\"C4\"}"));
        assertEquals(19 - f.get("bad_slots").asDouble(), metrics.get("soak_uptime_budget_left_rounds{verdict=\"C4\"}"));
        // 68 rounds in 67 slots so far and 26 more to come: 18 of 94.
        assertEquals(18, metrics.get("soak_uptime_budget_rounds{verdict=\"VAL12-08\"}"));
        assertEquals(
                18
                        - f.get("failed_rounds").asDouble()
                        - f.get("interrupted_rounds").asDouble(),
                metrics.get("soak_uptime_budget_left_rounds{verdict=\"VAL12-08\"}"));
    }

    @Test
    void the_budget_left_is_the_margin_that_the_reports_tell() throws Exception {
        SoakFixture soak = SoakFixture.in(folder)
                .days(30)
                .rounds(0, 40)
                .set("TARGET_UPTIME_PCT", "99")
                .round(5, FixtureRound::failed)
                .round(6, FixtureRound::interrupted)
                .missed(7, 8);
        Map<String, Double> metrics = samples(text(soak.write()));
        for (String id : List.of("VAL12-08", "C4")) {
            String margin = figures(
                            soak, soak.slotStart(40).toString(), "SELECT margin FROM margins WHERE id = '" + id + "'")
                    .get("margin")
                    .asText();
            long allowed = metrics.get("soak_uptime_budget_rounds{verdict=\"" + id + "\"}")
                    .longValue();
            long used = allowed
                    - metrics.get("soak_uptime_budget_left_rounds{verdict=\"" + id + "\"}")
                            .longValue();
            assertTrue(
                    margin.startsWith(used + " ") && margin.endsWith(", " + allowed + " allowed"),
                    margin + " against " + used + " of " + allowed);
        }
    }

    @Test
    void the_plans_soak_may_have_one_unhealthy_round_and_says_so_to_the_end() throws Exception {
        SoakFixture soak = SoakFixture.in(folder).rounds(0, 1440);
        Map<String, Double> clean = samples(text(soak.write()));
        assertEquals(1, clean.get("soak_uptime_budget_left_rounds{verdict=\"VAL12-08\"}"));
        assertEquals(1, clean.get("soak_uptime_budget_left_rounds{verdict=\"C4\"}"));
        soak.round(700, FixtureRound::failed).round(701, FixtureRound::failed);
        Map<String, Double> bad = samples(text(soak.write()));
        assertEquals(-1, bad.get("soak_uptime_budget_left_rounds{verdict=\"VAL12-08\"}"));
        assertEquals(-1, bad.get("soak_uptime_budget_left_rounds{verdict=\"C4\"}"));
    }

    @Test
    void the_criteria_of_gate_d_are_met_when_the_verdict_would_find_them_met() throws Exception {
        for (SoakFixture soak : List.of(
                SoakFixture.in(folder.resolve("good")).days(1).rounds(0, 48),
                SoakFixture.in(folder.resolve("small"))
                        .days(1)
                        .rounds(0, 48)
                        .each(r -> r.planCount(99).set("expected_plans", 99)),
                SoakFixture.in(folder.resolve("big-but-early")).days(1).rounds(0, 9),
                SoakFixture.in(folder.resolve("never-stuck"))
                        .days(1)
                        .drillEvery(0)
                        .rounds(0, 48),
                SoakFixture.in(folder.resolve("one-of-hundred"))
                        .days(1)
                        .drillEvery(0)
                        .rounds(0, 48)
                        .round(3, r -> r.recoveries(99, 1)),
                SoakFixture.in(folder.resolve("two-of-hundred"))
                        .days(1)
                        .drillEvery(0)
                        .rounds(0, 48)
                        .round(3, r -> r.recoveries(98, 2)),
                SoakFixture.in(folder.resolve("lost")).days(1).rounds(0, 48).round(3, r -> r.lost("soak-1-01")))) {
            Map<String, Double> metrics = samples(text(soak.write()));
            JsonNode f = figures(
                    soak,
                    soak.end().toString(),
                    "SELECT (SELECT verdict = 'PASS' FROM checks WHERE id = 'VAL12-03') AS fleet, (SELECT verdict ="
                        + " 'PASS' FROM checks WHERE id = 'VAL12-10') AS rate, lost_plans = 0 AND duplicate_plans = 0"
                        + " AS whole FROM final_report");
            String name = soak.dir().root().getFileName().toString();
            assertEquals(
                    f.get("fleet").asBoolean() ? 1 : 0,
                    metrics.get("soak_gate_criterion_met{criterion=\"VAL12-03\"}"),
                    name);
            assertEquals(
                    f.get("rate").asBoolean() ? 1 : 0,
                    metrics.get("soak_gate_criterion_met{criterion=\"VAL12-10\"}"),
                    name);
            assertEquals(
                    f.get("whole").asBoolean() ? 1 : 0,
                    metrics.get("soak_gate_criterion_met{criterion=\"nothing_lost\"}"),
                    name);
        }
    }

    @Test
    void promtool_finds_nothing_to_say_of_the_file_whatever_happened() throws Exception {
        for (SoakFixture soak : List.of(
                soakWithEverything(folder.resolve("all")),
                SoakFixture.in(folder.resolve("one")).rounds(0, 1),
                SoakFixture.in(folder.resolve("down"))
                        .set("SOAK_ID", "val.12-b")
                        .round(0, FixtureRound::down))) {
            Config config = soak.write();
            SoakMetrics.write(config.dir(), text(config));
            Fork.Result checked = Promtool.run(config.dir().soakMetrics(), "check", "metrics");
            assertEquals(new Fork.Result(0, "", ""), checked);
        }
        Path slip = Files.writeString(folder.resolve("slip.prom"), "# TYPE soak_rounds counter\nsoak_rounds 1\n");
        assertFalse(Promtool.run(slip, "check", "metrics").exit() == 0, "the checker sees a slip");
    }

    @Test
    void what_was_not_measured_is_absent_and_never_zero() throws Exception {
        String text = text(
                SoakFixture.in(folder).rounds(0, 3).round(2, FixtureRound::down).write());
        for (String name : List.of(
                "soak_last_round_create_p99_seconds",
                "soak_last_round_stuck_plans",
                "soak_last_round_plans",
                "soak_last_round_lost_plans",
                "soak_last_round_unconfirmed_plans")) {
            assertFalse(text.contains(name), name);
        }
        assertEquals(0, samples(text).get("soak_last_round_passed"));
        assertEquals(0, samples(text).get("soak_last_round_step_passed{step=\"v01_health\"}"));
        assertEquals(1, samples(text).get("soak_last_round_step_passed{step=\"v06_metrics\"}"));
    }

    @Test
    void rounds_outside_the_soak_are_the_last_round_and_count_nowhere() throws Exception {
        Map<String, Double> metrics =
                samples(text(SoakFixture.in(folder).days(1).rounds(0, 50).write()));
        assertEquals(48, metrics.get("soak_rounds_total{state=\"healthy\"}"));
        assertEquals(50, metrics.get("soak_last_round_number"));
    }

    // --- the file
    // ------------------------------------------------------------------------------------------------------

    @Test
    void each_round_refreshes_the_file_and_every_user_may_read_it_whatever_the_umask() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder)) {
            List<String> round = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh"));
            round.addAll(Fork.java("round", folder.toString()));
            rig.with(
                    "SOAK_STARTED_AT",
                    java.time.Instant.now()
                            .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                            .toString());
            assertEquals(Exit.OK, Fork.run(round).exit());
            Path file = folder.resolve("metrics/soak.prom");
            assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
            assertEquals(10, samples(Files.readString(file)).get("soak_last_round_plans"));
            assertEquals(
                    List.of("soak.prom"),
                    List.of(file.getParent().toFile().list()),
                    "no other name lies there for the collector");
        }
    }

    @Test
    void a_round_that_fails_says_so_and_one_that_comes_to_nothing_leaves_the_file_as_it_was() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder)) {
            Path file = new SoakDir(folder).soakMetrics();
            rig.round();
            assertEquals(1, samples(Files.readString(file)).get("soak_last_round_passed"));
            rig.cp.set("health", "500");
            RoundRig.Round failed = rig.round();
            assertEquals(0, samples(Files.readString(file)).get("soak_last_round_passed"));
            assertEquals(
                    java.time.Instant.parse(failed.summary().get("finished_at").asText())
                            .getEpochSecond(),
                    samples(Files.readString(file)).get("soak_last_round_end_timestamp_seconds"));
            byte[] before = Files.readAllBytes(file);
            try (RoundLock other = RoundLock.take(rig.dir)) {
                assertEquals(Exit.LOCKED, rig.round().exit());
            }
            Files.writeString(rig.dir.planTemplate(), "no JSON");
            assertEquals(Exit.USAGE, rig.round().exit());
            assertArrayEquals(before, Files.readAllBytes(file));
        }
    }

    @Test
    void a_file_that_cannot_be_written_is_a_warning_and_the_round_is_as_good_as_it_was() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder)) {
            Files.writeString(folder.resolve("metrics"), "a file where the folder should be");
            RoundRig.Round round = rig.round();
            assertEquals(Exit.OK, round.exit());
            assertTrue(round.err().contains("round: warning: ") && round.err().contains("soak.prom"), round.err());
        }
    }
}
