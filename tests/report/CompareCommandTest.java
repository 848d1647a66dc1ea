import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import base.Leftovers;
import build.Version;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --compare prints and returns; its statistics are tested with the SQL that makes them. */
@Tag("slow")
class CompareCommandTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";
    private static final String NOT_OVER =
            " is not over: a FAIL of its verdicts may only say that something is not measured yet";

    @TempDir
    Path scratch;

    /** Ten days, a round every four hours, whose latencies differ by slot and by soak. */
    private SoakFixture soak(String name, int salt) {
        SoakFixture soak =
                SoakFixture.in(scratch.resolve(name)).days(10).interval(14_400).rounds(0, 60);
        for (int slot = 0; slot < 60; slot++) {
            double noise = Math.floorMod(slot * 7919L + salt * 104_729L, 1000) / 1000.0;
            soak.round(slot, r -> r.latencyMs(20 + noise, 21 + noise, 22 + 2 * noise));
        }
        return soak;
    }

    private static SoakFixture slow(SoakFixture soak) {
        for (int slot = 0; slot < 60; slot++) {
            double noise = Math.floorMod(slot * 7919L, 1000) / 1000.0;
            soak.round(slot, r -> r.latencyMs(90 + noise, 91 + noise, 92 + 2 * noise, 90, 90, 90));
        }
        return soak;
    }

    private Reports.Ran compare(SoakFixture soak, Path baseline, String... more) {
        return Reports.run(AFTER, soak.dir().root(), Fork.words(List.of("--compare", baseline.toString()), more));
    }

    private JsonNode json(SoakFixture soak, SoakFixture baseline) throws Exception {
        Reports.Ran ran = compare(soak, baseline.dir().root(), "--format", "json");
        assertEquals("", ran.err());
        return Json.parse(ran.out());
    }

    private static JsonNode figure(JsonNode report, String name) {
        for (JsonNode figure : report.path("figures")) {
            if (figure.path("figure").asText().equals(name)) {
                return figure;
            }
        }
        throw new AssertionError("no figure " + name);
    }

    @Test
    void soaks_that_differ_by_noise_alone_exit_0_and_say_so_and_neither_is_changed() throws Exception {
        SoakFixture baseline = soak("old", 1);
        SoakFixture soak = soak("new", 2);
        baseline.write();
        soak.write();
        Map<String, String> old = Reports.contents(baseline.dir().root());
        Map<String, String> own = Reports.contents(soak.dir().root());
        Reports.Ran ran = compare(soak, baseline.dir().root());
        assertEquals(Exit.OK, ran.exit(), ran.out() + ran.err());
        assertTrue(
                ran.out()
                        .startsWith("# VAL 12 — new compared with old\n\n"
                                + "- Baseline: old\n"
                                + "- This: new\n"
                                + "- Report version: " + Version.NUMBER + "\n"
                                + "- Result: no difference shown ("),
                ran.out());
        assertTrue(ran.out().contains("\n## Differences in Setup\n\nnone\n"), ran.out());
        assertTrue(
                ran.out()
                        .contains("- Over time: the first 10 days of each, in 10 blocks of 24 hours (baseline 60, this"
                                + " 60 rounds)\n"),
                ran.out());
        assertFalse(ran.out().contains(NOT_OVER), ran.out());
        assertEquals(ran.out(), compare(soak, baseline.dir().root()).out(), "same inputs, same bytes");
        assertEquals(
                List.of(), Reports.changed(old, Reports.contents(baseline.dir().root())));
        assertEquals(List.of(), Reports.changed(own, Reports.contents(soak.dir().root())));
    }

    @Test
    void soaks_of_two_machines_in_folders_of_one_name_are_told_apart_and_their_first_minutes_are_not_0_days()
            throws Exception {
        SoakFixture baseline = SoakFixture.in(scratch.resolve("a/home/soak-val12"));
        SoakFixture soak = SoakFixture.in(scratch.resolve("b/home/soak-val12"));
        baseline.days(1).interval(60).rounds(0, 2).write();
        soak.days(1).interval(60).rounds(0, 2).write();
        String text = compare(soak, baseline.dir().root()).out();
        assertTrue(
                text.startsWith("# VAL 12 — b/home/soak-val12 compared with a/home/soak-val12\n\n"
                        + "- Baseline: a/home/soak-val12\n"
                        + "- This: b/home/soak-val12\n"),
                text);
        assertTrue(
                text.contains("- Over time: the first minutes of each, in 1 block of 6 hours (baseline 2, this 2"),
                text);
        assertEquals("a/home/soak-val12", json(soak, baseline).path("baseline").asText());
    }

    @Test
    void a_slower_soak_exits_10_and_the_other_way_round_it_is_better_by_as_much() throws Exception {
        SoakFixture baseline = soak("old", 1);
        SoakFixture soak = slow(soak("new", 2));
        baseline.write();
        soak.write();
        Reports.Ran ran = compare(soak, baseline.dir().root());
        assertEquals(Exit.BAD, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("\n- worse: p99_ms_per_round "), ran.out());
        JsonNode there = json(soak, baseline);
        Reports.Ran better = compare(baseline, soak.dir().root(), "--format", "json");
        assertEquals(Exit.OK, better.exit(), better.err());
        JsonNode back = Json.parse(better.out());
        assertEquals(
                "worse", figure(there, "p99_ms_at_equal_plans").path("result").asText());
        assertEquals(
                "better", figure(back, "p99_ms_at_equal_plans").path("result").asText());
        assertEquals(there.path("worse").asInt(), back.path("better").asInt());
        for (JsonNode one : there.path("figures")) {
            JsonNode other = figure(back, one.path("figure").asText());
            String name = one.path("figure").asText();
            assertEquals(
                    one.path("difference").asDouble(), -other.path("difference").asDouble(), 1e-9, name);
            assertEquals(
                    one.path("interval_low").asDouble(),
                    -other.path("interval_high").asDouble(),
                    1e-9,
                    name);
            assertEquals(one.path("p_value").asDouble(), other.path("p_value").asDouble(), 1e-12, name);
            assertEquals(one.path("baseline").asDouble(), other.path("this").asDouble(), 1e-12, name);
        }
    }

    @Test
    void a_soak_compared_with_itself_says_so_and_its_archive_is_the_same() throws Exception {
        SoakFixture soak = soak("new", 2);
        soak.write();
        Reports.Ran folder = compare(soak, soak.dir().root());
        assertEquals(Exit.OK, folder.exit());
        assertTrue(
                folder.out().contains("- both have the same rounds: one soak was compared with itself\n"),
                folder.out());
        assertEquals(
                Exit.OK,
                Reports.run(AFTER, soak.dir().root(), "--type", "archive").exit());
        Path archive = scratch.resolve("soak-val12-2026-12-01.tar.gz");
        Reports.Ran archived = compare(soak, archive);
        assertEquals(
                folder.out()
                        .replace("with new\n", "with " + archive.getFileName() + "\n")
                        .replace("Baseline: new\n", "Baseline: " + archive.getFileName() + "\n"),
                archived.out());
        try (Stream<Path> left = Files.list(soak.dir().tmp())) {
            assertEquals(
                    List.of(),
                    left.filter(f -> f.getFileName().toString().startsWith(Leftovers.SCRATCH))
                            .toList(),
                    "what was unpacked is removed");
        }
    }

    @Test
    void a_week_beside_ten_days_is_compared_on_the_week_and_at_equal_plan_counts() throws Exception {
        SoakFixture baseline = soak("old", 1);
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("new")).days(10).interval(14_400).rounds(0, 54);
        baseline.write();
        soak.write();
        JsonNode report = Json.parse(Reports.run(
                        "2026-10-10T00:00:00Z",
                        soak.dir().root(),
                        "--compare",
                        baseline.dir().root().toString(),
                        "--format",
                        "json")
                .out());
        assertEquals(9.0, report.path("common_days").asDouble());
        assertEquals(0, report.path("baseline_rounds_left_out").asInt(), "both were judged as of the same moment");
        report = json(soak, baseline);
        assertEquals(54, report.path("baseline_rounds").asInt());
        assertEquals(6, report.path("baseline_rounds_left_out").asInt());
        assertEquals(10, report.path("fewest_plans").asInt());
        assertEquals(540, report.path("most_plans").asInt());
        Reports.Ran text = compare(soak, baseline.dir().root());
        assertTrue(
                text.out()
                        .contains("- Over time: the first 9 days of each, in 9 blocks of 24 hours (baseline 54, this 54"
                                + " rounds; later rounds, left out: 6 and 0)\n"),
                text.out());
        assertTrue(
                text.out().contains("verdict worse: overall PASS -> INCOMPLETE")
                        || text.out().contains("overall"),
                text.out());
    }

    @Test
    void a_fail_of_a_soak_that_goes_on_is_told_as_what_it_may_be() throws Exception {
        SoakFixture baseline =
                SoakFixture.in(scratch.resolve("old")).days(10).interval(14_400).rounds(0, 60);
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("new")).days(10).interval(14_400).rounds(0, 2);
        baseline.write();
        soak.write();
        String text = Reports.run(
                        "2026-10-01T08:00:00Z",
                        soak.dir().root(),
                        "--compare",
                        baseline.dir().root().toString())
                .out();
        assertTrue(text.contains("\n- this soak" + NOT_OVER), text);
    }

    @Test
    void differences_of_the_set_up_stand_on_top_but_names_places_and_dates_are_none() throws Exception {
        SoakFixture baseline = soak("old", 1)
                .set("SOAK_ID", "before")
                .set("CP_URL", "http://127.0.0.1:1")
                .set("AUTONOMY_AUDIT_DIR", "/srv/old/audit-store")
                .set("CP_COMMAND", "/srv/old/bin/cp serve")
                .file("plan-template.json", "{\"plan_id\":\"{plan_id}\"}\n");
        SoakFixture soak = soak("new", 2)
                .startedAt("2026-10-01T00:00:00Z")
                .set("TARGET_P99_MS", "400")
                .set("AUTONOMY_AUDIT_DIR", "/srv/new/audit-store")
                .set("CP_COMMAND", "/srv/new/bin/cp serve")
                .file("plan-template.json", "{\"plan_id\":\"{plan_id}\",\"more\":1}\n");
        soak.each(r -> r.set("cp_mode", "embedded").rehearsal());
        baseline.write();
        soak.write();
        JsonNode report = json(soak, baseline);
        assertEquals(
                List.of("TARGET_P99_MS", "plan-template.json", "control plane (cp_mode)"),
                report.path("setup_differences").findValuesAsText("name"));
        assertEquals(
                "500", report.path("setup_differences").get(0).path("baseline").asText());
        assertTrue(report.path("rehearsal").asBoolean());
        assertTrue(compare(soak, baseline.dir().root())
                .out()
                .startsWith("# VAL 12 — new compared with old (REHEARSAL)\n"));
    }

    @Test
    void markdown_has_tables_of_its_own() {
        SoakFixture baseline = soak("old", 1);
        SoakFixture soak = soak("new", 2).set("SOAK_ID", "a|b");
        baseline.write();
        soak.write();
        Reports.Ran ran = compare(soak, baseline.dir().root(), "--format", "markdown");
        assertTrue(
                ran.out()
                        .contains("| figure | unit | baseline | this | difference | relative | 95 % interval | n | p"
                                + " (Holm) | shown from | result |\n"
                                + "| --- |"),
                ran.out());
        assertTrue(ran.out().contains("| soak_id | soak-val12 | a\\|b |\n"), ran.out());
    }

    @Test
    void a_soak_without_rounds_is_no_evidence_and_too_short_a_one_tells_nothing() throws Exception {
        SoakFixture baseline = SoakFixture.in(scratch.resolve("old")).days(10).interval(14_400);
        SoakFixture soak = soak("new", 2);
        baseline.write();
        soak.write();
        Reports.Ran none = compare(soak, baseline.dir().root());
        assertEquals(Exit.NO_EVIDENCE, none.exit());
        assertTrue(
                none.err().contains("there is no round before")
                        && none.err().contains(baseline.dir().root().toString()),
                none.err());
        assertEquals("", none.out());
        assertEquals(Exit.NO_EVIDENCE, compare(baseline, soak.dir().root()).exit());
        baseline.rounds(0, 3).write();
        Reports.Ran brief = compare(soak, baseline.dir().root());
        assertEquals(Exit.OK, brief.exit(), brief.err());
        assertTrue(
                brief.out()
                        .contains(
                                "- too short to compare: the common time has 2 blocks of 6 hours; telling a difference"
                                        + " from noise needs 8 (two days)\n"),
                brief.out());
        assertTrue(
                brief.out().contains("\n- Result: no difference shown (0 tested, 22 inconclusive)\n")
                        && brief.out().contains("\"Inconclusive\" (in JSON: not told) means"),
                brief.out());
        JsonNode figures = json(soak, baseline).path("figures");
        assertFalse(figures.isEmpty(), "no figures");
        for (JsonNode figure : figures) {
            assertTrue(figure.path("p_value").isNull(), figure.toString());
            assertFalse(figure.path("result").asText().matches("better|worse"), figure.toString());
        }
    }

    @Test
    void what_was_not_measured_in_both_is_no_0() {
        SoakFixture baseline = SoakFixture.in(scratch.resolve("old"))
                .days(10)
                .interval(14_400)
                .drillEvery(0)
                .rounds(0, 3);
        SoakFixture soak = soak("new", 2);
        baseline.write();
        soak.write();
        String text = compare(soak, baseline.dir().root()).out();
        assertTrue(text.matches("(?s).*\np99_ms_at_equal_plans +ms +n/a +n/a +n/a +0 pairs .*"), text);
        assertTrue(text.matches("(?s).*\nrollback_rate_pct +% +n/a .*"), text);
        assertTrue(text.matches("(?s).*\nlost_plans +plans +0 +0 +\\+0 +3 rounds +within noise\n.*"), text);
    }

    @Test
    void a_side_that_alone_is_a_rehearsal_is_named() throws Exception {
        SoakFixture baseline = soak("old", 1).each(r -> r.rehearsal());
        SoakFixture soak = soak("new", 2);
        baseline.write();
        soak.write();
        assertTrue(compare(soak, baseline.dir().root())
                .out()
                .contains("\n- the baseline is a rehearsal, and the other is not: "));
        assertTrue(compare(baseline, soak.dir().root())
                .out()
                .contains("\n- this soak is a rehearsal, and the other is not: "));
        assertFalse(compare(baseline, baseline.dir().root()).out().contains("and the other is not"));
    }

    @Test
    void a_side_that_alone_is_too_short_for_day_seven_is_named_as_why_its_checks_of_day_seven_fail() {
        SoakFixture baseline = soak("old", 1);
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("new")).days(6).interval(14_400).rounds(0, 36);
        baseline.write();
        soak.write();
        String said = " has fewer than 7 days: the checks of days 1-7 fail, whatever it measured\n";
        assertTrue(compare(soak, baseline.dir().root()).out().contains("\n- this soak" + said));
        assertTrue(compare(baseline, soak.dir().root()).out().contains("\n- the baseline" + said));
        assertFalse(compare(soak, soak.dir().root()).out().contains(said));
    }

    @Test
    void what_does_not_go_together_is_refused() {
        SoakFixture soak = soak("new", 2);
        soak.write();
        String own = soak.dir().root().toString();
        assertEquals(
                Exit.USAGE, compare(soak, soak.dir().root(), "--type", "final").exit());
        assertEquals(
                Exit.USAGE,
                compare(soak, soak.dir().root(), "--sql", "SELECT 1").exit());
        assertTrue(
                compare(soak, soak.dir().root(), "--format", "csv")
                        .err()
                        .contains("--format csv is unknown with --compare"),
                own);
        Reports.Ran absent = compare(soak, scratch.resolve("nowhere"));
        assertEquals(Exit.USAGE, absent.exit());
        assertTrue(absent.err().contains("nowhere does not exist"), absent.err());
        assertEquals(Exit.USAGE, compare(soak, scratch).exit(), "a folder that is no soak");
    }
}
