import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import build.Judge;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.SoakDir;

/** Who judges, whom the soak pinned, and what is said where they are not the same. */
@Tag("slow")
class PinnedJudgeTest {
    private static final String AFTER = "2025-02-01T00:00:00Z";
    private static final String SETUP = "result: PASS\ncp_start_ms: 412\nhealth_http_code: 200\ncp_mode: external\n";
    private static final String CREATES = "sql/4-checks/VAL12-09-total-creates.sql";
    private static final String RULE = "verdict_word(f.total_creates >= t.total_creates,";
    private static final String STRICTER = "verdict_word(f.total_creates >= 10 * t.total_creates,";

    @TempDir
    Path scratch;

    private String setUpHere() {
        return SETUP + "soak_dir: " + scratch.resolve("soak") + "\n";
    }

    private SoakFixture soak() {
        return SoakFixture.in(scratch.resolve("soak"))
                .startedAt("2025-01-01T00:00:00Z")
                .days(8)
                .interval(21600)
                .rounds(0, 32)
                .set("TARGET_TOTAL_CREATES", "300");
    }

    /** A soak whose frozen build, the pinned one, asks for ten times as many creates. */
    private SoakDir pinnedByAStricterOne() throws Exception {
        SoakDir dir = new SoakDir(scratch.resolve("soak"));
        Judge pinned = FrozenBuilds.freezeAnother(dir, CREATES, RULE, STRICTER);
        soak().setupSummary(setUpHere() + pinned.inSummaryText()).write();
        return dir;
    }

    private static Reports.Ran report(SoakDir dir, String... arguments) {
        return Reports.run(AFTER, dir.root(), arguments);
    }

    private static JsonNode judge(SoakDir dir, String... arguments) throws Exception {
        return Json.parse(report(dir, arguments).out()).path("judge");
    }

    @Test
    void a_stranger_computes_the_judges_hash_from_a_checkout_by_the_line_on_the_page() throws Exception {
        String page = Files.readString(Project.folder("docs/evidence.md"));
        String line = page.lines()
                .filter(text -> text.startsWith("find sql templates "))
                .findFirst()
                .orElseThrow();
        Fork.Result computed = Fork.run(
                Map.of("LC_ALL", "en_US.UTF-8"),
                List.of("sh", "-c", "cd \"$0\" && " + line, Project.folder(".").toString()));
        assertEquals(Judge.own().sha256() + "  -\n", computed.out(), computed.err());
    }

    @Test
    void a_report_by_the_pinned_judge_names_it_in_text_json_and_page() throws Exception {
        SoakFixture soak = soak().setupSummary(setUpHere() + Judge.own().inSummaryText());
        soak.write();
        SoakDir dir = soak.dir();
        for (List<String> type : List.of(
                List.of("--type", "daily", "--date", "2025-01-02"),
                List.of("--type", "checkpoint", "--day", "7"),
                List.of("--type", "final"),
                List.of("--type", "status", "--format", "text"))) {
            String text = report(dir, type.toArray(String[]::new)).out();
            assertTrue(text.contains("\nJudge: " + Judge.own().sha256() + " (the pinned one)\n"), type + "\n" + text);
            assertFalse(text.contains("ANOTHER JUDGE"), text);
            List<String> json = new ArrayList<>(type.subList(0, type.contains("status") ? 2 : type.size()));
            json.addAll(List.of("--format", "json"));
            JsonNode judge = judge(dir, json.toArray(String[]::new));
            assertEquals(List.of("version", "sha256", "pinned"), Reports.names(judge), type.toString());
            assertEquals(Judge.own().sha256(), judge.path("sha256").asText());
            assertEquals(Json.MAPPER.valueToTree(Judge.own().toJson()), judge.path("pinned"));
        }
        for (String page : List.of(
                "daily/2025-01-02-summary.html",
                "checkpoints/checkpoint-7d.html",
                "final-report.html",
                "status.html")) {
            String html = Files.readString(dir.root().resolve(page));
            assertTrue(html.contains("<code>" + Judge.own().sha256() + "</code> (the pinned one)"), page);
            assertFalse(html.contains("ANOTHER JUDGE"), page);
        }
    }

    @Test
    void a_soak_of_an_older_build_says_that_no_judge_is_pinned_and_nothing_else() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report(soak.dir(), "--type", "final");
        assertEquals(0, ran.exit(), ran.out());
        assertTrue(
                ran.out()
                        .contains("\nJudge: " + Judge.own().sha256()
                                + " (not pinned: the build that set this soak up pinned none)\n"),
                ran.out());
        assertTrue(judge(soak.dir(), "--type", "final", "--format", "json")
                .path("pinned")
                .isNull());
    }

    @Test
    void a_report_by_another_judge_says_so_first_and_shows_the_pinned_ones_verdicts_beside_its_own() throws Exception {
        SoakDir dir = pinnedByAStricterOne();
        Map<String, String> before = Reports.contents(dir.root());
        Reports.Ran ran = report(dir, "--type", "final", "--print-only");
        assertEquals(before, Reports.contents(dir.root()), "neither of the two writes");
        assertEquals(0, ran.exit(), ran.out());
        Judge pinned = Judge.pinned(dir, Instant.parse(AFTER)).orElseThrow();
        List<String> head = ran.out().lines().limit(9).toList();
        assertEquals("", head.get(1));
        assertEquals(
                "ANOTHER JUDGE: " + Judge.own().brief() + " made this report, but the soak pinned " + pinned.brief()
                        + ", so a verdict here may differ from the agreed judge's: rely on"
                        + " SOAK_DIR/bin/report, or pin this judge by setup.java SOAK_DIR --upgrade.",
                head.get(2));
        assertEquals(
                List.of(
                        "The two differ in " + CREATES + ".",
                        "VAL12-09 is PASS (320) by this judge, FAIL (320) by the pinned one.",
                        "overall is PASS by this judge, FAIL by the pinned one."),
                head.subList(3, 6));
        assertTrue(ran.out().contains(" (not the pinned one, " + pinned.sha256() + ")\n"), ran.out());

        JsonNode judge = judge(dir, "--type", "checkpoint", "--day", "7", "--format", "json", "--print-only");
        assertEquals(pinned.sha256(), judge.at("/pinned/sha256").asText());
        assertTrue(judge.path("notice").asText().startsWith("ANOTHER JUDGE: "), judge.toString());
        assertEquals(CREATES, judge.at("/differing_files/0").asText());
        assertTrue(judge.path("pinned_not_run").isNull(), judge.toString());

        report(dir, "--type", "final");
        JsonNode report = Reports.json(dir.finalJson());
        assertEquals(
                Json.parse("{\"id\":\"VAL12-09\",\"verdict\":\"PASS\",\"value\":320,\"pinned_verdict\":\"FAIL\","
                        + "\"pinned_value\":320}"),
                report.at("/judge/differences/0"));
        assertEquals("PASS", report.at("/checks/8/verdict").asText(), "its own verdict stands");
        String page = Files.readString(dir.root().resolve("final-report.html"));
        assertTrue(page.contains("<p>VAL12-09 is PASS (320) by this judge, FAIL (320) by the pinned one.</p>"));
    }

    @Test
    void a_daily_by_another_judge_holds_its_figures_against_the_pinned_ones_and_the_screen_says_so() throws Exception {
        SoakDir dir = pinnedByAStricterOne();
        Reports.Ran ran = report(dir, "--type", "daily", "--date", "2025-01-02");
        assertTrue(ran.out().contains("\nThe pinned judge comes to the same verdicts.\n"), ran.out());
        String screen = report(dir, "--type", "status").out();
        assertTrue(screen.contains("\nJudge  not the pinned one: --format text says more\n"), screen);
    }

    @Test
    void a_pinned_judge_that_cannot_be_run_is_told_in_one_sentence_with_the_reason() throws Exception {
        SoakDir dir = pinnedByAStricterOne();
        Path script = dir.bin().resolve("report");
        String whole = Files.readString(script);
        Files.writeString(script, "#!/bin/sh\necho 'no Java here' >&2\nexit 127\n");
        assertEquals(
                "bin/report ended with exit code 127: no Java here",
                judge(dir, "--type", "final", "--format", "json")
                        .path("pinned_not_run")
                        .asText());
        Path note = Files.writeString(dir.root().resolve("ARCHIVE-README.txt"), "An archive, unpacked.\n");
        assertTrue(report(dir, "--type", "final")
                .out()
                .contains("\nThe pinned judge was not run: this is an archive, and a program out of "));
        Files.delete(note);
        // Of an archive too, whose note was taken out: a folder that setup did not make here.
        SoakDir elsewhere = new SoakDir(Files.move(dir.root(), scratch.resolve("elsewhere")));
        assertEquals(
                "nothing shows that setup made this soak in " + elsewhere.root()
                        + ", so its programs may come from anybody; if" + " you trust them, run bin/report",
                judge(elsewhere, "--type", "final", "--format", "json")
                        .path("pinned_not_run")
                        .asText());
        Files.move(elsewhere.root(), dir.root());
        Files.writeString(script, "#!/bin/sh\necho '{}'\n");
        assertTrue(report(dir, "--type", "final")
                .out()
                .contains("\nThe pinned judge was not run: bin/report leads to another build.\n"));
        Files.writeString(script, whole);
        FrozenBuilds.alter(dir, CREATES, STRICTER, RULE.replace(">=", ">"), true);
        String third = report(dir, "--type", "final").out();
        assertTrue(third.contains("\nThe pinned judge was not run: the frozen build holds another one ("), third);
        Files.delete(script);
        String fourth = report(dir, "--type", "final").out();
        assertTrue(fourth.contains("\nThe pinned judge was not run: bin/report is not there.\n"), fourth);
    }

    @Test
    void a_program_that_was_unpacked_where_its_soak_says_that_setup_made_it_is_not_run() throws Exception {
        SoakDir dir = pinnedByAStricterOne();
        Path archive = scratch.resolve("forged.tar");
        Path ran = scratch.resolve("ran");
        Files.writeString(dir.bin().resolve("report"), "#!/bin/sh\ntouch " + ran + "\n");
        tar("-cf", archive);
        Files.move(dir.root(), scratch.resolve("aside"));
        tar("-xf", archive);
        assertTrue(report(dir, "--type", "final")
                .out()
                .contains("\nThe pinned judge was not run: nothing shows that setup made this soak in " + dir.root()
                        + ", so its programs may come from anybody; if you trust them, run bin/report.\n"));
        assertFalse(Files.exists(ran));
    }

    private void tar(String how, Path archive) {
        Fork.Result tar = Fork.run("tar", "-C", scratch.toString(), how, archive.toString(), "soak");
        assertEquals(0, tar.exit(), tar.err());
    }

    @Test
    void what_has_no_frozen_build_is_not_sent_to_one() throws Exception {
        SoakFixture soak = soak().setupSummary(SETUP + new Judge("1.9.0", "a".repeat(64)).inSummaryText());
        SoakDir dir = soak.write().dir();
        JsonNode judge = judge(dir, "--type", "final", "--format", "json", "--print-only");
        assertEquals("bin/report is not there", judge.path("pinned_not_run").asText());
        assertTrue(judge.path("notice").asText().endsWith("by setup.java SOAK_DIR --upgrade."), judge.toString());
        Path note = Files.writeString(dir.root().resolve("ARCHIVE-README.txt"), "An archive, unpacked.\n");
        String archive = judge(dir, "--type", "final", "--format", "json", "--print-only")
                .path("notice")
                .asText();
        assertTrue(
                archive.endsWith(": rely on the verdicts of a clone of the build that ARCHIVE-README.txt names."),
                archive);
        Files.delete(note);
        soak.set("SOAK_REHEARSAL", "true").write();
        String rehearsal = judge(dir, "--type", "status", "--format", "json")
                .path("notice")
                .asText();
        assertTrue(
                rehearsal.endsWith(": rely on the verdicts of a clone of the build that rehearsed, or rehearse again."),
                rehearsal);
    }

    @Test
    void the_newest_upgrade_before_the_reports_moment_pins_the_judge() throws Exception {
        SoakFixture soak = soak().setupSummary(setUpHere() + new Judge("0.8.0", "a".repeat(64)).inSummaryText())
                .resume("2025-01-03T00:00:00Z resumed control_plane=alive pid=7")
                .resume("2025-01-04T00:00:00Z upgraded from=0.8.0 to=0.9.0 "
                        + new Judge("0.9.0", "b".repeat(64)).inLog())
                .resume("2025-01-05T00:00:00Z upgraded from=0.9.0 to=1.0.0");
        soak.write();
        assertEquals("0.8.0", pinned(soak, "2025-01-03T23:59:59Z").orElseThrow().version());
        assertEquals(
                new Judge("0.9.0", "b".repeat(64)),
                pinned(soak, "2025-01-04T00:00:00Z").orElseThrow());
        assertEquals("0.9.0", pinned(soak, AFTER).orElseThrow().version());
    }

    @Test
    void a_judge_that_was_pinned_after_the_reports_moment_is_another_one_and_that_is_said() throws Exception {
        SoakFixture soak = soak().setupSummary(setUpHere() + new Judge("0.8.0", "a".repeat(64)).inSummaryText())
                .resume("2025-01-20T00:00:00Z upgraded from=0.8.0 to=1.1.0 "
                        + Judge.own().inLog());
        soak.write();
        String text = report(soak.dir(), "--type", "final").out();
        assertTrue(text.contains(" the soak was upgraded to this one after the report's moment, so show "), text);
        text = report(soak.dir(), "--type", "status", "--format", "text").out();
        assertTrue(text.contains(" (the pinned one)\n"), text);
    }

    private static Optional<Judge> pinned(SoakFixture soak, String moment) {
        return Judge.pinned(soak.dir(), Instant.parse(moment));
    }

    @Test
    void a_verification_asks_the_pinned_judge_too_and_tells_each_difference_as_a_finding() throws Exception {
        SoakDir dir = pinnedByAStricterOne();
        report(dir, "--type", "final");
        JsonNode judge = Json.parse(
                        report(dir, "--type", "verify", "--format", "json").out())
                .path("judge");
        assertEquals("VAL12-09", judge.at("/differences/0/id").asText());
        String junit = report(dir, "--type", "verify", "--format", "junit").out();
        assertTrue(junit.contains("name=\"judge comes_to_what_the_pinned_one_does\""), junit);
        report(dir, "--type", "checkpoint", "--day", "7");
        Map<String, String> before = Reports.contents(dir.root());
        Reports.Ran ran = report(dir, "--type", "verify");
        assertEquals(before, Reports.contents(dir.root()), "neither of the two writes");
        assertEquals(10, ran.exit(), ran.out());
        for (String line : List.of(
                "differs: judge: VAL12-09 is PASS (320) by this judge, FAIL (320) by the pinned one",
                "differs: final-report.json: by the pinned judge, VAL12-09.verdict is PASS, the evidence gives FAIL",
                "judge: differs from the pinned one in " + CREATES)) {
            assertTrue(ran.out().contains(line + "\n"), ran.out());
        }
        assertTrue(
                ran.out()
                        .endsWith("The pinned judge comes to another result: judge: VAL12-09 is PASS (320) by this"
                                + " judge, FAIL (320) by the pinned one; nothing is sealed.\n"),
                ran.out());
    }

    @Test
    void a_verification_runs_no_program_of_an_archive_and_says_so() throws Exception {
        SoakDir dir = pinnedByAStricterOne();
        report(dir, "--type", "final");
        assertEquals(0, report(dir, "--type", "archive").exit());
        Path archive = scratch.resolve("soak-val12-2025-02-01.tar.gz");
        Reports.Ran ran = Reports.run(AFTER, archive, "--type", "verify");
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(
                ran.out()
                        .contains("\nnot checked: what the pinned judge says: this is an archive, and a program"
                                + " out of an archive is not run, since it may come from anybody\n"),
                ran.out());
    }

    @Test
    void one_byte_of_the_sql_in_the_frozen_build_is_found_by_name() throws Exception {
        SoakFixture soak = soak().setupSummary(setUpHere() + Judge.own().inSummaryText());
        soak.write();
        FrozenBuilds.freeze(soak.dir());
        report(soak.dir(), "--type", "final");
        Reports.Ran clean = report(soak.dir(), "--type", "verify");
        assertEquals(0, clean.exit(), clean.out());
        assertTrue(clean.out().contains("\njudge: " + Judge.own().sha256() + " (the pinned one)\n"), clean.out());

        FrozenBuilds.alter(soak.dir(), CREATES, RULE, RULE.replace(">=", "<="), false);
        Reports.Ran ran = report(soak.dir(), "--type", "verify");
        assertEquals(10, ran.exit(), ran.out());
        String line = ran.out().lines().findFirst().orElseThrow();
        assertTrue(line.matches("altered: bin/lib/\\S+\\.jar: holds the judge [0-9a-f]{12}, but .*"), line);
        assertTrue(line.endsWith(" was pinned: it differs in " + CREATES), line);
        Fork.Result itself = Fork.run(
                soak.dir().bin().resolve("report").toString(),
                soak.dir().root().toString(),
                "--type",
                "final",
                "--print-only");
        assertTrue(itself.out().contains("\nANOTHER JUDGE: "), itself.out() + itself.err());
        assertTrue(
                itself.out().contains("\nThe pinned judge was not run: the frozen build holds another one ("),
                itself.out());
    }
}
