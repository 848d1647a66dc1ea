import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The views margins and outlook: what they foretell of random evidence is held against what becomes of it. */
@Tag("slow")
class OutlookTest {
    private static final int SEEDS = Integer.getInteger("soak.seeds", 6);

    @TempDir
    Path scratch;

    // --- what later evidence can change
    // ---------------------------------------------------------------------------------

    /** One random soak up to a moment, and what may follow. */
    private final class Story {
        final Random random;
        final int days;
        final int interval;
        final int slots;
        final Map<String, String> settings = new LinkedHashMap<>();
        final TreeMap<Long, Consumer<FixtureRound>> prefix = new TreeMap<>(); // by offset in seconds
        Instant cut;

        Story(long seed) {
            random = new Random(seed);
            days = List.of(1, 3, 7, 8, 30, 30).get(random.nextInt(6));
            interval = days == 30 ? 86400 : random.nextBoolean() ? 21600 : 28800;
            slots = days * 86400 / interval;
            settings.put("TARGET_UPTIME_PCT", List.of("99.9", "90", "75").get(random.nextInt(3)));
            settings.put("TARGET_ROLLBACK_RATE", List.of("0.990", "0.8").get(random.nextInt(2)));
            settings.put("TARGET_TOTAL_CREATES", Integer.toString(slots * 10 * (4 + random.nextInt(6)) / 10));
            settings.put("TARGET_PLAN_COUNT", List.of("60", "100").get(random.nextInt(2)));
            settings.put("TARGET_COVERAGE_PCT", List.of("95", "95", "60").get(random.nextInt(3)));
            // At the start of a slot its round is not there yet; at its end the next one's is not.
            int reached = random.nextInt(4) == 0 ? slots : random.nextInt(slots + 1);
            cut = start().plusSeconds((long) reached * interval)
                    .plusSeconds(
                            reached == slots ? 0 : List.of(0, 60, interval - 1).get(random.nextInt(3)));
            int faults = random.nextInt(4); // 0: a good soak
            for (long slot = 0; slot < slots && at(slot * interval).isBefore(cut); slot++) {
                boolean faulty = faults > 0 && random.nextInt(faults == 3 ? 3 : 12) == 0;
                if (!faulty || random.nextInt(5) > 0) { // else the slot is missed
                    prefix.put(slot * interval, faulty ? fault(random.nextInt(12), (int) slot) : good((int) slot));
                    if (faulty
                            && random.nextInt(4) == 0
                            && at(slot * interval + 600).isBefore(cut)) { // a second round in its slot
                        prefix.put(slot * interval + 600, random.nextBoolean() ? r -> r.failed() : good((int) slot));
                    }
                }
            }
        }

        Instant start() {
            return Instant.parse("2026-10-01T00:00:00Z");
        }

        Instant at(long offset) {
            return start().plusSeconds(offset);
        }

        Consumer<FixtureRound> good(int slot) {
            return r -> r.recoveries(slot % 3 == 0 ? 1 : 0, 0);
        }

        Consumer<FixtureRound> fault(int kind, int slot) {
            return switch (kind) {
                case 0 -> r -> r.failed();
                case 1 -> r -> r.down();
                case 2 -> r -> r.interrupted();
                case 3 -> r -> r.latencyMs(640);
                case 4 -> r -> r.codes("503", "503", "503");
                case 5 -> r -> r.set("scan_ok", false);
                case 6 -> r -> r.recoveries(1, 1);
                case 7 -> slot % 2 == 0 ? r -> r.lost("soak-1-01") : r -> r.duplicate("soak-1-01");
                case 8 -> slot % 2 == 0 ? r -> r.planCount(3) : r -> r.uncounted();
                case 9 -> r -> r.uncounted();
                case 10 -> r -> r.set("duplicate_plans", null);
                default -> r -> r.codes("503", "503", "503", "503", "503", "503", "503", "503", "503", "503");
            };
        }

        /** @param next what the round of each slot does that can still have one; null misses it */
        SoakFixture told(String name, Consumer<FixtureRound> next) {
            SoakFixture soak = SoakFixture.in(scratch.resolve(name))
                    .days(days)
                    .interval(interval)
                    .drillEvery(0);
            settings.forEach(soak::set);
            prefix.forEach(soak::roundAt);
            for (long slot = 0; next != null && slot < slots; slot++) {
                if (!prefix.containsKey(slot * interval)
                        && at((slot + 1) * interval).isAfter(cut)) {
                    soak.roundAt(Math.max(slot * interval, cut.getEpochSecond() - start().getEpochSecond()), next);
                }
            }
            return soak;
        }

        /** Everything that can go right does, and everything that can go wrong, each in its way. */
        Map<String, Consumer<FixtureRound>> continuations() {
            Map<String, Consumer<FixtureRound>> all = new LinkedHashMap<>();
            all.put("best", r -> r.recoveries(400, 0).planCount(1000));
            all.put(
                    "worst",
                    r -> r.failed()
                            .latencyMs(900, 900)
                            .set("scan_ok", false)
                            .recoveries(0, 4000)
                            .lost("soak-9-09")
                            .planCount(0)
                            .codes("503", "503", "503", "503", "503", "503", "503", "503", "503", "503"));
            all.put("silent", null);
            all.put("killed", r -> r.interrupted());
            all.put(
                    "random",
                    r -> fault(Math.floorMod((int) r.at.getEpochSecond() / interval, 12), (int)
                                    (r.at.getEpochSecond() / interval))
                            .accept(r));
            return all;
        }
    }

    private record Judged(
            Map<String, Map<String, Object>> margins, Map<String, Object> outlook, Map<String, Object> verdict) {}

    private static Judged judged(SoakFixture soak, Instant asOf) {
        return judged(soak, asOf, null);
    }

    private static Judged judged(SoakFixture soak, Instant asOf, Integer day) {
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(asOf, false, day))) {
            Map<String, Map<String, Object>> margins = new TreeMap<>();
            database.query("FROM margins").forEach(row -> margins.put((String) row.get("id"), row));
            return new Judged(
                    margins,
                    database.query("FROM outlook").get(0),
                    database.query("FROM verdict").get(0));
        }
    }

    @TestFactory
    Stream<DynamicTest> what_is_foretold_comes_true_whatever_follows() {
        return IntStream.range(0, SEEDS).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> tell(seed)));
    }

    private void tell(int seed) {
        Story story = new Story(seed);
        String told = "seed " + seed + ", " + story.days + " days of " + story.slots + " slots, as of " + story.cut;
        SoakFixture begun = story.told(seed + "-begun", null);
        Judged now = judged(begun, story.cut);
        Map<String, List<String>> ends = new TreeMap<>();
        List<Judged> whole = new ArrayList<>();
        story.continuations().forEach((name, next) -> {
            SoakFixture soak = story.told(seed + "-" + name, next);
            Judged end = judged(soak, soak.end());
            whole.add(end);
            end.margins.forEach((id, row) -> {
                ends.computeIfAbsent(id, i -> new ArrayList<>()).add((String) row.get("result"));
                assertEquals(
                        row.get("result").equals("PASS") ? "passed for good" : "already lost",
                        row.get("outlook"),
                        told + ", in the end, " + name + ": " + row);
            });
        });
        now.margins.forEach((id, row) -> {
            String what = told + ": " + row + ", and what became of it: " + ends.get(id);
            switch ((String) row.get("outlook")) {
                case "passed for good" ->
                    assertEquals(
                            List.of("PASS"), ends.get(id).stream().distinct().toList(), what);
                case "already lost" ->
                    assertEquals(
                            List.of("FAIL"), ends.get(id).stream().distinct().toList(), what);
                default -> {
                    assertEquals("PASS", ends.get(id).get(0), what); // "best"
                    assertTrue(ends.get(id).contains("FAIL"), what);
                }
            }
        });
        judged(begun, story.cut, story.days).margins.forEach((id, row) -> {
            if (row.get("result").equals("PASS")) {
                assertEquals(
                        List.of("PASS"),
                        ends.get(id).stream().distinct().toList(),
                        told + ", a status: " + row + ", and what became of it: " + ends.get(id));
            }
        });
        foretold(
                (String) now.outlook.get("overall"),
                whole.stream().map(end -> end.verdict.get("overall")).toList(),
                told + ": overall " + now.outlook);
        foretold(
                (String) now.outlook.get("gate_d"),
                whole.stream().map(end -> end.verdict.get("gate_d")).toList(),
                told + ": Gate D " + now.outlook);
        now.margins.values().stream()
                .map(row -> (String) row.get("lost_since_round_id"))
                .filter(id -> id != null)
                .distinct()
                .forEach(round -> {
                    Instant began = Instant.parse(round.substring(0, 10) + "T" + round.substring(17, 19) + ":"
                            + round.substring(19, 21) + ":" + round.substring(21) + "Z");
                    Judged before = judged(begun, began);
                    Judged after = judged(begun, began.plusSeconds(1));
                    now.margins.values().stream()
                            .filter(row -> round.equals(row.get("lost_since_round_id")))
                            .forEach(row -> {
                                assertEquals(
                                        "already lost",
                                        after.margins.get(row.get("id")).get("outlook"),
                                        told + ": after " + round + ": " + row);
                                assertNotEquals(
                                        "already lost",
                                        before.margins.get(row.get("id")).get("outlook"),
                                        told + ": before " + round + ": " + row);
                            });
                });
    }

    private static void foretold(String word, List<Object> ends, String what) {
        what += ", and what became of it: " + ends;
        switch (word) {
            case "passed for good" ->
                assertEquals(List.of("PASS"), ends.stream().distinct().toList(), what);
            case "already lost" -> assertTrue(!ends.contains("PASS"), what);
            // By name alone: a soak of a week is no 30-day soak, whatever becomes of it.
            case "not assessed" ->
                assertTrue(ends.stream().allMatch(end -> ((String) end).startsWith("NOT ASSESSED (a soak of ")), what);
            default -> {
                assertEquals("can still pass", word, what);
                assertTrue(ends.stream().anyMatch(end -> !end.equals("PASS")), what);
            }
        }
    }

    // --- single words
    // -----------------------------------------------------------------------------------------------------

    private SoakFixture month() {
        return SoakFixture.in(scratch.resolve("month")).interval(3600);
    }

    private static String margin(Judged judged, String id) {
        Map<String, Object> row = judged.margins.get(id);
        return row.get("outlook") + ": " + row.get("margin");
    }

    @Test
    void an_edited_target_is_no_loss_since_restoring_it_heals() {
        SoakFixture soak = month().rounds(0, 24)
                .each(r -> r.set("targets", Map.of("TARGET_P99_MS", "500", "ROUND_INTERVAL_SECONDS", "3600")))
                .set("TARGET_P99_MS", "1");
        Judged judged = judged(soak, soak.slotStart(24));
        assertTrue(
                margin(judged, "C3")
                        .startsWith("not yet measured: config.env says TARGET_P99_MS=1, the soak began with 500"),
                margin(judged, "C3"));
        assertNull(judged.outlook.get("because"));
    }

    @Test
    void before_the_first_round_nothing_is_measured_and_all_can_still_pass() {
        Judged judged = judged(month(), Instant.parse("2026-10-01T00:30:00Z"));
        assertEquals("not yet measured: first answer in round 1", margin(judged, "VAL12-02"));
        assertEquals("not yet measured: no recovery yet", margin(judged, "VAL12-10"));
        assertEquals("can still pass", judged.outlook.get("overall"));
        assertEquals(720L, judged.outlook.get("rounds_to_come"));
    }

    @Test
    void a_soak_shorter_than_seven_days_has_lost_its_day_seven_from_the_start() {
        SoakFixture soak = month().days(2).rounds(0, 3);
        Judged judged = judged(soak, soak.slotStart(3));
        assertEquals("already lost: a soak of 2 days has no day 7", margin(judged, "VAL12-06"));
        assertEquals("already lost: a soak of 2 days has no day 7", margin(judged, "VAL12-07"));
        assertNull(judged.outlook.get("lost_since_round_id"));
    }

    @Test
    void the_second_failed_round_of_a_month_loses_availability_and_is_named() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("two"))
                .rounds(0, 60)
                .round(20, r -> r.failed())
                .round(40, r -> r.restarted());
        Judged judged = judged(soak, soak.slotStart(60));
        assertEquals("already lost: 2 failed rounds, 1 is allowed", margin(judged, "VAL12-08"));
        assertEquals("2026-10-01/round-200000", judged.margins.get("VAL12-08").get("lost_since_round_id"));
        assertEquals("2026-10-01/round-200000", judged.margins.get("C4").get("lost_since_round_id"));
        assertEquals(
                "Overall is already lost since 2026-10-01/round-200000: VAL12-08 cp_availability (2 failed rounds, 1"
                        + " is allowed); Gate D: can still pass",
                judged.outlook.get("line"));
        assertEquals("behind: 1 failed round, 1 is allowed", margin(judged(soak, soak.slotStart(40)), "VAL12-08"));
    }

    @Test
    void a_slot_without_a_round_that_loses_the_claim_is_named_by_its_time() {
        SoakFixture soak =
                SoakFixture.in(scratch.resolve("missed")).rounds(0, 60).missed(20, 40);
        Judged judged = judged(soak, soak.slotStart(60));
        assertEquals(
                "already lost: 2 unhealthy slots, 1 is allowed; lost by the slot of 2026-10-01T20:00:00Z",
                margin(judged, "C4"));
        assertNull(judged.margins.get("C4").get("lost_since_round_id"));
        assertEquals("on track: no failed rounds, 1 is allowed", margin(judged, "VAL12-08"));
    }

    @Test
    void a_check_that_says_nothing_of_its_outlook_is_decided_by_time() throws Exception {
        List<evidence.SqlScript> scripts = new ArrayList<>(evidence.SqlScript.bundled());
        scripts.add(new evidence.SqlScript("4-checks/VAL12-11-list-pages.sql", """
            INSERT INTO check_row BY NAME
            SELECT 'VAL12-11' AS id, 'list_pages' AS name, verdict_word(max(list_pages) <= 200, false) AS verdict, max(list_pages) AS value, 200 AS target,
                   'pages=' || shown_count(max(list_pages)) AS detail
            FROM rounds WHERE counted;\
            """));
        SoakFixture soak = month().rounds(0, 720);
        for (var end : Map.of(soak.slotStart(100), "on track", soak.end(), "passed for good")
                .entrySet()) {
            try (EvidenceDatabase database = EvidenceDatabase.open(
                    soak.write(), new Scope(end.getKey(), false, null), evidence.SqlScript.ordered(scripts))) {
                Map<String, Object> row =
                        database.query("FROM margins WHERE id = 'VAL12-11'").get(0);
                assertEquals(end.getValue(), row.get("outlook"));
                assertTrue(((String) row.get("margin")).startsWith("pages="), row.toString());
            }
        }
    }

    @Test
    void a_rate_below_its_target_is_behind_while_it_can_still_be_reached_though_one_slot_is_left() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("one-left"))
                .interval(3600)
                .rounds(0, 719)
                .each(r -> r.recoveries(0, 0))
                .round(5, r -> r.recoveries(197, 3));
        Judged judged = judged(soak, soak.slotStart(719));
        assertEquals(
                "behind: 3 of 200 recoveries failed, 100 more recoveries without a failure reach 0.990",
                margin(judged, "VAL12-10"));
        assertEquals("behind", judged.margins.get("C2").get("outlook"));
        assertEquals("can still pass", judged.outlook.get("gate_d"));
    }

    @Test
    void a_target_of_one_is_lost_by_the_first_failure_and_that_round_is_named() {
        SoakFixture soak = month().set("TARGET_ROLLBACK_RATE", "1")
                .rounds(0, 30)
                .each(r -> r.recoveries(2, 0))
                .round(20, r -> r.recoveries(1, 1));
        assertEquals(
                "on track: none of 40 recoveries failed, none is allowed",
                margin(judged(soak, soak.slotStart(20)), "VAL12-10"));
        Judged judged = judged(soak, soak.slotStart(30));
        for (String id : List.of("VAL12-06", "VAL12-10", "C2")) {
            assertTrue(
                    margin(judged, id).startsWith("already lost: 1 of 62 recoveries failed, none is allowed"),
                    margin(judged, id));
            assertEquals("2026-10-01/round-200000", judged.margins.get(id).get("lost_since_round_id"));
            assertTrue(
                    ((String) judged.margins.get(id).get("confidence_text"))
                            .endsWith("no number of recoveries shows 1.000"),
                    judged.margins.get(id).toString());
        }
    }

    @Test
    void no_figure_and_no_target_is_rounded_to_what_it_is_not() {
        SoakFixture soak = month().set("TARGET_ROLLBACK_RATE", "0.99999")
                .set("TARGET_UPTIME_PCT", "99.999")
                .rounds(0, 30)
                .each(r -> r.recoveries(0, 0))
                .round(20, r -> r.recoveries(9999, 1));
        Map<String, Object> row = judged(soak, soak.slotStart(30)).margins.get("VAL12-10");
        assertEquals(
                "1 of 10000 recoveries failed, 90000 more recoveries without a failure reach 0.99999",
                row.get("margin"));
        assertTrue(((String) row.get("confidence_text")).contains("to show 0.99999 at"), row.toString());
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(30), false, null))) {
            assertEquals(
                    Map.of(
                            "v",
                            List.of("0.99990", "0.99998", "0.99999", "1.00000", "99.999", "100.000", "99.999", "n/a")),
                    database.query("SELECT [shown_rate(0.9999, true), shown_rate(0.9999899, false),"
                                    + " shown_rate(0.999998, false), shown_rate(1, false), shown_pct(99.9995,"
                                    + " false), shown_pct(100, false), shown_pct(99.9999, true), shown_pct(NULL,"
                                    + " true)] AS v")
                            .get(0));
        }
    }

    @Test
    void a_rate_by_exit_codes_that_misses_its_target_is_not_rounded_up_to_it() {
        SoakFixture soak = month().rounds(0, 30).each(r -> r.recoveries(0, 0));
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(30), false, null))) {
            assertEquals(
                    Map.of("v", ", refuted=1, by exit codes 0.989"),
                    database.query("SELECT shown_refuted(1, 0.98996::DOUBLE) AS v")
                            .get(0));
            assertEquals(
                    Map.of("v", List.of("0.999", "99.9", "0.990", "99.5")),
                    database.query("SELECT [shown_rate(0.99996, false), shown_pct(99.96, false), shown_rate(0.99,"
                                    + " false), shown_pct(99.45, false)] AS v")
                            .get(0));
        }
    }

    @Test
    void how_many_more_successes_reach_a_target_is_exact() {
        List<Map<String, Object>> rows;
        try (EvidenceDatabase database =
                EvidenceDatabase.open(month().write(), new Scope(Instant.parse("2026-10-01T00:30:00Z"), false, null))) {
            rows = database.query(
                    "SELECT n, failed, target, successes_missing(n - failed, n, target) AS missing FROM range(1, 60)"
                            + " r(n), range(0, 12) f(failed), (SELECT unnest([0.5, 0.9, 0.99, 0.995, 0.999, 0.99999,"
                            + " 1]::DECIMAL(18, 9)[]) AS target) WHERE failed <= n");
        }
        assertTrue(rows.size() > 4000);
        for (Map<String, Object> row : rows) {
            long n = (Long) row.get("n");
            long failed = (Long) row.get("failed");
            java.math.BigDecimal target =
                    new java.math.BigDecimal(row.get("target").toString());
            if (failed > 0 && target.compareTo(java.math.BigDecimal.ONE) == 0) {
                assertNull(row.get("missing"), row.toString());
                continue;
            }
            // By trial: from what the answer claims, one fewer must not do, and it must.
            long more = (Long) row.get("missing");
            assertTrue(reaches(n - failed + more, n + more, target), row.toString());
            assertTrue(more == 0 || !reaches(n - failed + more - 1, n + more - 1, target), row.toString());
        }
    }

    private static boolean reaches(long ok, long n, java.math.BigDecimal target) {
        return java.math.BigDecimal.valueOf(ok).compareTo(target.multiply(java.math.BigDecimal.valueOf(n))) >= 0;
    }

    @Test
    void what_is_left_is_said_without_riddles() {
        Map<String, Object> said =
                sql("SELECT [shown_budget(0, 0, 'failed scans'), shown_budget(1, 0, 'failed scans'), shown_budget(0,"
                    + " 1, 'failed rounds'), shown_budget(1, 1, 'failed rounds'), shown_budget(2, 14, 'failed"
                    + " rounds'), shown_budget(0, 0, 'lost or duplicate plans'), shown_rate_margin(0, 0, 0.99, '0.99',"
                    + " true), shown_rate_margin(1, 1, 0.99, '0.99', true), shown_rate_margin(300, 300, 0.99, '0.99',"
                    + " false), shown_rate_margin(98, 100, 0.99, '0.99', true), shown_rate_margin(98, 99, 0.99,"
                    + " '0.99', false)] AS v");
        assertEquals(
                List.of(
                        "no failed scans, none is allowed",
                        "1 failed scan, none is allowed",
                        "no failed rounds, 1 is allowed",
                        "1 failed round, 1 is allowed",
                        "2 failed rounds, 14 are allowed",
                        "no lost or duplicate plans, none is allowed",
                        "no recovery ran",
                        "none of 1 recovery failed, none is allowed",
                        "none of 300 recoveries failed, 3 are allowed",
                        "2 of 100 recoveries failed, 1 is allowed",
                        "1 of 99 recoveries failed, 1 more recovery without a failure reaches 0.99"),
                said.get("v"));
    }

    // --- confidence
    // ---------------------------------------------------------------------------------------------------------

    /** One row of SQL over an empty soak. */
    private Map<String, Object> sql(String text) {
        try (EvidenceDatabase database =
                EvidenceDatabase.open(month().write(), new Scope(Instant.parse("2026-10-01T00:30:00Z"), false, null))) {
            return database.query(text).get(0);
        }
    }

    @Test
    void clopper_pearson_agrees_with_the_published_tables_and_with_the_closed_form() {
        // As statisticians' tables and the manuals of statistics programs give them.
        double[][] known = {
            {0, 10, 0, 0.308497},
            {1, 10, 0.002529, 0.445016},
            {5, 10, 0.187086, 0.812914},
            {10, 10, 0.691503, 1},
            {15, 20, 0.508954, 0.913429},
            {7, 50, 0.058192, 0.267396},
            {682, 925, 0.707668, 0.765407}
        };
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < known.length; i++) {
            columns.append(String.format(
                    java.util.Locale.ROOT,
                    "clopper_pearson_low(%1$d, %2$d) AS low%3$d, clopper_pearson_high(%1$d, %2$d) AS high%3$d, ",
                    (int) known[i][0],
                    (int) known[i][1],
                    i));
        }
        Map<String, Object> row = sql("SELECT " + columns
                + "clopper_pearson_high(0, 14400) AS none_failed, clopper_pearson_low(77, 77) AS none_passed,"
                + " clopper_pearson_low(0, 0) AS nothing");
        for (int i = 0; i < known.length; i++) {
            assertEquals(
                    known[i][2], (Double) row.get("low" + i), 1e-6, "low of " + known[i][0] + " in " + known[i][1]);
            assertEquals(
                    known[i][3], (Double) row.get("high" + i), 1e-6, "high of " + known[i][0] + " in " + known[i][1]);
        }
        assertEquals(1 - Math.pow(0.025, 1.0 / 14400), (Double) row.get("none_failed"), 1e-12);
        assertEquals(Math.pow(0.025, 1.0 / 77), (Double) row.get("none_passed"), 1e-12);
        assertNull(row.get("nothing"));
    }

    @Test
    void so_many_trials_show_the_target() {
        assertEquals(
                Map.of("shown", List.of(299L, 473L, 628L, 773L, 913L, 1049L)),
                sql("SELECT list(trials_that_show(f, 0.99::DOUBLE) ORDER BY f) AS shown FROM range(6) r(f)"));
        Map<String, Object> row =
                sql("SELECT trials_that_show(0, 0.999::DOUBLE) AS shown, trials_that_show(0, 1::DOUBLE) AS never");
        assertEquals(2995L, row.get("shown"));
        assertNull(row.get("never"));
    }

    @Test
    void order_statistics_bound_a_99th_percentile_from_368_values_on() {
        // One-sided 95 %: the j-th smallest of n, j = 479, 3337 and 14276, is the (n + 1 - j)-th largest.
        assertEquals(
                Map.of("places", List.of(480L + 1 - 479, 3360L + 1 - 3337, 14400L + 1 - 14276)),
                sql("SELECT [binomial_rank(480, 0.01::DOUBLE, 0.05), binomial_rank(3360, 0.01::DOUBLE, 0.05),"
                        + " binomial_rank(14400, 0.01::DOUBLE, 0.05)] AS places"));
        Map<String, Object> row =
                sql("SELECT p99_high_place(367) AS few, p99_high_place(368) AS enough, p99_low_place(10) AS low,"
                        + " p99_low_place(1) AS one");
        assertNull(row.get("few"));
        assertEquals(1L, row.get("enough"));
        assertEquals(2L, row.get("low")); // P(the second largest of ten is beyond the 99th percentile) = 0.0043
        assertEquals(1L, row.get("one")); // it is beyond the 99th percentile in 1 % of cases
    }

    @Test
    void a_latencys_interval_holds_values_that_were_measured() {
        SoakFixture soak = month().rounds(0, 40);
        try (EvidenceDatabase database =
                EvidenceDatabase.open(soak.write(), new Scope(soak.slotStart(40), false, null))) {
            Map<String, Object> row =
                    database.query("FROM margins WHERE id = 'C3'").get(0);
            List<Map<String, Object>> sorted =
                    database.query("SELECT latency_ms FROM creates WHERE counted ORDER BY latency_ms DESC");
            assertEquals(400, sorted.size());
            assertEquals(sorted.get(0).get("latency_ms"), row.get("confidence_high"));
            assertEquals(sorted.get(4).get("latency_ms"), row.get("estimate"));
            // P(X <= 8) = 0.9795 for X of Binomial(400, 0.01), P(X <= 7) = 0.9496
            assertEquals(sorted.get(8).get("latency_ms"), row.get("confidence_low"));
            assertTrue(
                    ((String) row.get("confidence_text"))
                            .endsWith("0 of 40 rounds above 500 ms: 95 % interval 0.00 to 8.81 %, if rounds are"
                                    + " independent"),
                    row.toString());
        }
    }

    private static String confidence(Judged judged, String id) {
        return (String) judged.margins.get(id).get("confidence_text");
    }

    @Test
    void what_no_round_can_show_any_more_is_said_so_and_not_as_more_rounds() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("whole"))
                .rounds(0, 1440)
                .each(r -> r.recoveries(r.at.getEpochSecond() % 86400 == 0 ? 1 : 0, 0));
        Judged ended = judged(soak, soak.end());
        assertTrue(
                confidence(ended, "VAL12-08")
                        .endsWith(
                                " of 1440 rounds, if rounds are independent; 99.9 % cannot be shown at 95 % confidence"
                                        + " (one-sided) by 1440 rounds: that takes 2995 without a failure"),
                confidence(ended, "VAL12-08"));
        assertTrue(
                confidence(ended, "VAL12-10")
                        .endsWith(
                                "0.990 cannot be shown at 95 % confidence (one-sided) by 30 recoveries: that takes 299"
                                        + " without a failure"),
                confidence(ended, "VAL12-10"));
        Judged running = judged(soak, soak.slotStart(100));
        assertTrue(
                confidence(running, "C4")
                        .endsWith("99.9 % cannot be shown at 95 % confidence (one-sided) in a soak of 1440 slots: that"
                                + " takes 2995"),
                confidence(running, "C4"));
        assertTrue(
                confidence(running, "VAL12-10")
                        .endsWith(
                                "; 296 more recoveries without a failure to show 0.990 at 95 % confidence (one-sided)"),
                confidence(running, "VAL12-10"));
    }

    @Test
    void rounds_that_fail_together_are_worth_fewer_and_the_interval_says_so() {
        SoakFixture one =
                SoakFixture.in(scratch.resolve("together")).interval(3600).rounds(0, 720);
        SoakFixture other =
                SoakFixture.in(scratch.resolve("apart")).interval(3600).rounds(0, 720);
        for (int i = 0; i < 12; i++) {
            one.round(100 + i, r -> r.failed()); // an outage of half a day
            other.round(30 + 55 * i, r -> r.failed());
        }
        Map<String, Object> together = judged(one, one.end()).margins.get("VAL12-08");
        Map<String, Object> apart = judged(other, other.end()).margins.get("VAL12-08");
        assertEquals(together.get("estimate"), apart.get("estimate"));
        assertEquals("independent days", together.get("confidence_assumes"));
        assertTrue(
                (Double) together.get("confidence_low") < (Double) apart.get("confidence_low") - 3,
                together + " against " + apart);
        assertTrue(
                ((String) together.get("confidence_text")).contains(" of 720 rounds (if days are independent: worth "),
                together.toString());
    }
}
