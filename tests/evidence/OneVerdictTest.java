import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.SoakDir;

/**
 * One soak, one verdict: status, checkpoint and final report, day by day, and what became of their words in the end.
 */
@Tag("slow")
class OneVerdictTest {
    private static final int SEEDS = Integer.getInteger("soak.seeds", 3);
    private static final int EARLY_DAYS = 7;
    private static final int CHECKS = PlanChecks.CHECKS.size();
    /** A status of a soak that ended long ago; the seventh day of a shorter one would have passed by then. */
    private static final Duration LONG_AFTER = Duration.ofDays(40);

    @TempDir
    Path scratch;

    private record Said(String verdict, String outlook) {}

    /** What a report of that scope says: of a checkpoint or status with a day, of a final report without one. */
    private static Map<String, Said> said(Config config, Instant asOf, boolean isNow, Integer day) {
        Map<String, Said> all = new TreeMap<>();
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(asOf, isNow, day))) {
            database.query("SELECT m.id, v.verdict, m.outlook FROM margin_row m JOIN (FROM checks UNION ALL FROM"
                            + " claims) v USING (id)")
                    .forEach(row -> all.put((String) row.get("id"), new Said((String) row.get("verdict"), (String)
                            row.get("outlook"))));
        }
        assertEquals(PlanChecks.allBut().size(), all.size());
        all.forEach((id, said) -> assertFalse(
                said.verdict.equals("PASS") && said.outlook.equals("already lost"),
                id + " " + said + " as of " + asOf + ", day " + day));
        return all;
    }

    /** @param days at whose ends the reports are held against each other */
    private static void oneVerdict(Config config, Iterable<Integer> days, String what) {
        Instant begin = config.schedule().t0();
        Instant end = config.schedule().end();
        int length = (int) Duration.between(begin, end).toDays();
        Map<String, Said> last = said(config, end, false, null);
        for (Integer day : days) {
            Instant asOf = begin.plus(Duration.ofDays(day));
            Map<String, Said> checkpoint = said(config, asOf, false, day);
            Map<String, Said> early = asOf.equals(end) ? last : said(config, asOf, false, null);
            if (day == Math.min(EARLY_DAYS, length)) {
                assertEquals(checkpoint, said(config, asOf, false, length), what + ": a status on day " + day);
            }
            checkpoint.forEach((id, said) -> {
                String told = what + ", day " + day + ": " + id + " " + said + ", final report of that moment "
                        + early.get(id) + ", in the end " + last.get(id);
                assertFalse(
                        List.of("PASS FAIL", "FAIL PASS").contains(said.verdict + " " + early.get(id).verdict), told);
                assertEquals(said.outlook, early.get(id).outlook, told);
                if (said.verdict.equals("PASS") || said.outlook.equals("passed for good")) {
                    assertEquals("PASS", last.get(id).verdict, told);
                }
                if (said.outlook.equals("already lost")) {
                    assertEquals("FAIL", last.get(id).verdict, told);
                }
                if (asOf.equals(end)) {
                    assertEquals(said, early.get(id), told);
                }
            });
        }
        assertEquals(last, said(config, end.plus(LONG_AFTER), true, length), what + ": a status long after the end");
        last.forEach((id, said) ->
                assertTrue(List.of("PASS", "FAIL").contains(said.verdict), what + ": " + id + " " + said));
    }

    private static List<Integer> everyDay(long days) {
        return IntStream.rangeClosed(1, (int) days).boxed().toList();
    }

    // --- soaks of every length
    // ------------------------------------------------------------------------------------------

    @TestFactory
    Stream<DynamicTest> soaks_of_every_length_have_one_verdict_on_each_day_that_decides() {
        return Stream.of(1, 3, 7, 8, 30)
                .map(days -> DynamicTest.dynamicTest(
                        days + " days",
                        () -> oneVerdict(
                                slow(SoakFixture.in(scratch.resolve("good-" + days)), days)
                                        .write(),
                                days <= 3 ? everyDay(days) : daysThatDecide(days),
                                days + " good days")));
    }

    /** The first, and those around day 7 and the end: between them good rounds change no rule. */
    private static List<Integer> daysThatDecide(int days) {
        return Stream.of(1, EARLY_DAYS - 1, EARLY_DAYS, days - 1, days)
                .distinct()
                .sorted()
                .toList();
    }

    /** Two to four rounds a day, so that a month is read in a moment. */
    private static SoakFixture slow(SoakFixture soak, int days) {
        int interval = days == 30 ? 43200 : 21600;
        return soak.days(days)
                .interval(interval)
                .set("TARGET_PLAN_COUNT", "30")
                .set("TARGET_TOTAL_CREATES", "40")
                .rounds(0, days * 86400L / interval);
    }

    @TestFactory
    Stream<DynamicTest> random_soaks_have_one_verdict_every_day() {
        return IntStream.range(0, SEEDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    Random random = new Random(seed);
                    int days = List.of(1, 3, 7, 8).get(random.nextInt(4));
                    SoakFixture soak = slow(SoakFixture.in(scratch.resolve("seed-" + seed)), days)
                            .set("TARGET_UPTIME_PCT", random.nextBoolean() ? "99.9" : "80");
                    for (int slot = 0; slot < days * 4; slot++) {
                        int at = slot;
                        switch (random.nextInt(24)) {
                            case 0 -> soak.round(slot, r -> r.failed());
                            case 1 -> soak.missed(slot);
                            case 2 -> soak.round(slot, r -> r.interrupted());
                            case 3 -> soak.round(slot, r -> r.latencyMs(700));
                            case 4 -> soak.round(slot, r -> r.recoveries(1, 1));
                            case 5 -> soak.round(slot, r -> r.set("scan_ok", false));
                            case 6 ->
                                soak.round(slot, r -> r.set("p99_ms", null).raw("create-times.txt", null));
                            case 7 -> soak.round(slot, r -> r.lost(r.planId(1)));
                            case 9 -> soak.round(slot, r -> r.uncounted());
                            case 10 -> soak.round(slot, r -> r.set("lost_plans", null));
                            case 11 -> soak.roundAt(slot * 21600L + 600, r -> r.failed());
                            case 12 ->
                                soak.round(
                                        slot,
                                        r -> r.codes(
                                                "503", "503", "503", "503", "503", "503", "503", "503", "503", "503"));
                            case 8 ->
                                soak.round(
                                        slot,
                                        r -> r.set(
                                                "store_check",
                                                at % 2 == 0 ? "plans.db: row 7 missing from index" : "ok"));
                            default -> {}
                        }
                    }
                    oneVerdict(soak.write(), everyDay(days), "seed " + seed);
                }));
    }

    // --- the golden scenarios
    // -------------------------------------------------------------------------------------------

    @TestFactory
    Stream<DynamicTest> golden_scenarios_have_one_verdict_on_day_seven_and_in_the_end() {
        return GoldenScenarios.withOneMonth().entrySet().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.getKey(), () -> {
                    Path folder = Files.createDirectories(scratch.resolve(scenario.getKey()));
                    scenario.getValue().write(folder);
                    Config config = EvidenceDatabase.withStart(Config.read(new SoakDir(folder)));
                    int days = config.schedule().days();
                    oneVerdict(config, List.of(Math.max(1, Math.min(EARLY_DAYS, days - 1)), days), scenario.getKey());
                }));
    }

    // --- the reports themselves
    // -----------------------------------------------------------------------------------------

    /** The words of a report in all its forms. */
    private static List<String> words(String now, SoakFixture soak, String type) throws Exception {
        String[] more = {"--type", type};
        JsonNode json = Json.parse(Reports.run(now, soak.dir().root(), more[0], more[1], "--format", "json")
                .out());
        String text = Reports.run(now, soak.dir().root(), more[0], more[1], "--format", "text")
                .out();
        String junit = Reports.run(now, soak.dir().root(), more[0], more[1], "--format", "junit")
                .out();
        List<String> words = new ArrayList<>();
        for (String list : List.of("checks", "claims")) {
            for (JsonNode each : json.path(list)) {
                String named =
                        each.path("id").asText() + " " + each.path("name").asText();
                String word = each.path("verdict").asText();
                words.add(named + ": " + word);
                assertTrue(text.contains("\n" + named + ": " + word), named + ": " + word + " is not in\n" + text);
                String told = junit.substring(junit.indexOf("name=\"" + named + "\""));
                told = told.substring(0, told.indexOf("<testcase") < 0 ? told.length() : told.indexOf("<testcase"));
                assertEquals(
                        word,
                        told.contains("<failure") ? "FAIL" : told.contains("<skipped") ? "PENDING" : "PASS",
                        named + " in JUnit: " + told);
            }
        }
        return words;
    }

    @Test
    void a_soak_of_one_day_says_the_same_in_status_page_checkpoint_and_final_report_long_after_its_end()
            throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("day"))
                .days(1)
                .interval(1800)
                .set("TARGET_TOTAL_CREATES", "400")
                .rounds(0, 48);
        soak.write();
        String now = "2026-11-20T00:00:00Z";
        List<String> status = words(now, soak, "status");
        assertTrue(
                status.contains("VAL12-06 rollback_rate_7d: FAIL")
                        && status.contains("VAL12-07 latency_maintained_7d: FAIL")
                        && status.contains("VAL12-10 agg_rollback_rate: PASS"),
                status.toString());
        assertEquals(status, words(now, soak, "checkpoint"));
        assertEquals(status, words(now, soak, "final"));
        assertTrue(Reports.run(now, soak.dir().root(), "--type", "status", "--format", "text")
                .out()
                .contains("VAL12-06 rollback_rate_7d: FAIL (attempts=12, rate=1.000, target=0.990, not measured:"
                        + " a soak of 1 day has no day 7)"));
        assertEquals(
                0,
                Reports.run(now, soak.dir().root(), "--type", "daily", "--date", "2026-10-01")
                        .exit());
        assertTrue(
                Files.readString(soak.dir().statusPage()).contains("2 of " + CHECKS + " checks failed"),
                "the page of a status");
    }

    @Test
    void what_can_still_be_lost_is_pending_and_what_is_lost_takes_the_page_off_its_track() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("open"))
                .days(8)
                .interval(21600)
                .set("TARGET_TOTAL_CREATES", "100")
                .rounds(0, 12)
                .round(3, r -> r.failed());
        soak.write();
        List<String> status = words("2026-10-04T00:00:00Z", soak, "status");
        assertTrue(
                status.contains("VAL12-05 stuck_detection_ops: PENDING")
                        && status.contains("VAL12-08 cp_availability: PENDING"),
                status.toString());
        Reports.run("2026-10-04T00:00:00Z", soak.dir().root(), "--type", "checkpoint", "--day", "3");
        String page = Files.readString(soak.dir().root().resolve("checkpoints/checkpoint-3d.html"));
        assertTrue(
                page.contains("1 of " + CHECKS
                                + " checks failed and 1 claim (including those that can no longer pass): VAL12-08"
                                + " cp_availability (already lost: 1 unhealthy round, none allowed)")
                        && !page.contains("ON TRACK"),
                body(page));
    }

    @Test
    void a_page_on_track_says_what_is_open_which_rounds_were_unhealthy_and_what_is_behind() throws Exception {
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("behind")).rounds(0, 48).round(2, r -> r.failed());
        soak.write();
        Reports.run("2026-10-02T00:00:00Z", soak.dir().root(), "--type", "checkpoint", "--day", "1");
        String page = Files.readString(soak.dir().root().resolve("checkpoints/checkpoint-1d.html"));
        assertTrue(
                page.contains("No check has failed. ")
                        && page.contains(" are still open. Of 48 rounds, 1 was not healthy. Below target now, and can"
                                + " still reach it: VAL12-")
                        && page.contains("BEHIND")
                        && !page.contains("ON TRACK"),
                body(page));
    }

    @Test
    void a_fleet_below_its_target_is_open_while_rounds_are_to_come_and_fails_at_the_end() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("fleet"))
                .days(8)
                .interval(21600)
                .set("TARGET_PLAN_COUNT", "200")
                .set("TARGET_TOTAL_CREATES", "100")
                .rounds(0, 12);
        soak.write();
        Reports.Ran status =
                Reports.run("2026-10-04T00:00:00Z", soak.dir().root(), "--type", "status", "--format", "text");
        assertEquals(0, status.exit(), status.out());
        assertTrue(
                status.out().contains("VAL12-03 fleet_target_reached: PENDING (plan_count=120, target=200)")
                        && status.out().contains("VAL12-03 fleet_target_reached: behind (plan_count 120, target 200)")
                        && status.out().contains("plan_count has not reached 200 yet"),
                status.out());
        Reports.run("2026-10-04T00:00:00Z", soak.dir().root(), "--type", "checkpoint", "--day", "3");
        String page = Files.readString(soak.dir().root().resolve("checkpoints/checkpoint-3d.html"));
        assertTrue(
                page.contains("BEHIND") && page.contains("can still reach it: VAL12-03 fleet_target_reached."),
                body(page));
        assertTrue(words("2026-10-30T00:00:00Z", soak, "status").contains("VAL12-03 fleet_target_reached: FAIL"));
        assertTrue(Reports.run("2026-10-30T00:00:00Z", soak.dir().root(), "--type", "status", "--format", "text")
                .out()
                .contains("only 12 of 32 slots have a round, coverage needs 95 %"));
    }

    @Test
    void a_page_whose_checks_all_pass_says_which_claims_failed() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("claim"))
                .days(8)
                .interval(21600)
                .set("TARGET_TOTAL_CREATES", "100")
                .rounds(0, 32)
                .round(30, r -> r.latencyMs(5, 700));
        soak.write();
        Reports.run("2026-10-10T00:00:00Z", soak.dir().root(), "--type", "final");
        String page = Files.readString(soak.dir().root().resolve("final-report.html"));
        assertTrue(
                page.contains("All " + CHECKS + " checks pass, but 1 claim failed: C3 latency_throughout"), body(page));
    }

    @Test
    void what_a_date_did_not_measure_has_no_unit_and_one_of_a_thing_is_no_plural() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("nothing"))
                .days(8)
                .interval(43200)
                .rounds(0, 1)
                .missed(2, 3)
                .round(1, r -> r.interrupted());
        soak.write();
        for (String date : List.of("2026-10-01", "2026-10-02")) {
            Reports.run("2026-10-03T00:00:00Z", soak.dir().root(), "--type", "daily", "--date", date);
            String page = Files.readString(soak.dir().root().resolve("daily/" + date + "-summary.html"));
            assertFalse(page.matches("(?s).*n/a (ms|%|bytes).*"), body(page));
        }
        Reports.run("2026-10-01T12:00:00Z", soak.dir().root(), "--type", "checkpoint", "--day", "1");
        String page = Files.readString(soak.dir().root().resolve("checkpoints/checkpoint-1d.html"));
        assertFalse(
                page.matches("(?s).*[^0-9,.]1 (rounds|recoveries|round summaries|scheduled slots|alerts)\\b.*"), page);
        assertTrue(page.contains("The only round"), page);
    }

    /** As much of a page as a failed test shows. */
    private static String body(String page) {
        return page.substring(page.indexOf("<body"), page.indexOf("<body") + 3000);
    }
}
