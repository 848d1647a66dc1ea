import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was not measured is no pass: too few rounds, days without a latency or a set check, slots whose worst round
 * counts; and the exit codes.
 */
@Tag("slow")
class CoverageTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";
    private static final int SLOTS = 120;

    @TempDir
    Path scratch;

    private int months;

    /** 30 days of four rounds each, in a folder of its own. */
    private SoakFixture month() {
        return SoakFixture.in(scratch.resolve("month-" + ++months))
                .interval(21600)
                .set("TARGET_TOTAL_CREATES", "100")
                .rounds(0, SLOTS);
    }

    private static SoakFixture only(SoakFixture soak, LongPredicate kept) {
        return soak.missed(LongStream.range(0, SLOTS).filter(kept.negate()).toArray());
    }

    private static Map<String, String> judged(SoakFixture soak, Instant asOf, Integer day) {
        Map<String, String> said = new TreeMap<>();
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(asOf, false, day))) {
            database.query("FROM checks UNION ALL FROM claims")
                    .forEach(row -> said.put((String) row.get("id"), row.get("verdict") + " " + row.get("detail")));
            database.query("FROM verdict").get(0).forEach((name, value) -> said.put(name, String.valueOf(value)));
            database.query("FROM outlook")
                    .get(0)
                    .forEach((name, value) -> said.put("outlook " + name, String.valueOf(value)));
            database.query("SELECT id, outlook, lost_since_round_id FROM margins")
                    .forEach(row -> said.put(
                            "outlook " + row.get("id"), row.get("outlook") + " " + row.get("lost_since_round_id")));
        }
        return said;
    }

    private static Map<String, String> judged(SoakFixture soak) {
        return judged(soak, soak.end(), null);
    }

    private static void is(String start, String verdict) {
        assertTrue(verdict.startsWith(start), verdict);
    }

    // --- coverage and Gate D
    // --------------------------------------------------------------------------------------------

    @Test
    void ten_rounds_in_thirty_days_prove_nothing_and_the_plans_own_words_stand_beside() {
        Map<String, String> said = judged(only(month(), slot -> slot < 9 || slot == SLOTS - 1));
        assertEquals("NOT PROVEN (rounds in 10 of 120 slots)", said.get("gate_d"));
        assertEquals("PASS", said.get("gate_d_by_plan"));
        assertEquals("FAIL", said.get("overall"));
        is("FAIL no set check on 26 soak days: 4-29; ", said.get("C1"));
    }

    @Test
    void a_share_of_exactly_the_target_is_covered_and_a_slot_less_is_not() {
        Map<String, String> enough = judged(only(month(), slot -> slot % 4 != 1 || slot >= 24));
        assertEquals("PASS", enough.get("gate_d"));
        assertEquals("PASS", enough.get("overall"));
        Map<String, String> tooFew = judged(only(month(), slot -> slot % 4 != 1 || slot >= 28));
        assertEquals("NOT PROVEN (rounds in 113 of 120 slots)", tooFew.get("gate_d"));
        assertEquals("FAIL", tooFew.get("overall"));
        Map<String, String> asked = judged(only(month().set("TARGET_COVERAGE_PCT", "94"), s -> s % 4 != 1 || s >= 28));
        assertEquals("PASS", asked.get("overall"), "a target that the rounds recorded");
        assertEquals("NOT ASSESSED (TARGET_COVERAGE_PCT=94)", asked.get("gate_d"), "of which Gate D does not speak");
    }

    @Test
    void recoveries_of_plans_that_were_only_just_made_are_none_of_which_gate_d_speaks() {
        assertEquals(
                "NOT ASSESSED (STUCK_THRESHOLD_SECONDS=3599)",
                judged(month().set("STUCK_THRESHOLD_SECONDS", "3599")).get("gate_d"));
        assertEquals(
                "PASS", judged(month().set("STUCK_THRESHOLD_SECONDS", "86400")).get("gate_d"));
    }

    @Test
    void a_control_plane_that_is_down_has_rounds_which_show_no_fleet() {
        SoakFixture dead = month();
        LongStream.range(12, SLOTS).forEach(slot -> dead.round(slot, r -> r.down()));
        Map<String, String> said = judged(dead);
        assertEquals("NOT PROVEN (plans counted in 12 of 120 slots)", said.get("gate_d"));
        assertEquals("PASS", said.get("gate_d_by_plan"));
        assertEquals("FAIL", said.get("overall"));
        said = judged(dead, dead.slotStart(40), 30);
        assertEquals("already lost", said.get("outlook gate_d"));
        is(
                "Gate D is already lost: the plans can be counted in at most 92 of 120 slots, coverage needs 95 %",
                said.get("outlook line"));
    }

    @Test
    void an_outage_of_five_percent_of_the_slots_is_what_coverage_allows() {
        for (int out : new int[] {6, 7}) {
            SoakFixture soak = month().set("TARGET_UPTIME_PCT", "90");
            LongStream.range(40, 40 + out)
                    .forEach(slot -> soak.round(slot, r -> r.failed().uncounted()));
            Map<String, String> said = judged(soak);
            assertEquals(
                    out == 6 ? "PASS" : "NOT PROVEN (plans counted in 113 of 120 slots)", said.get("gate_d"), out + "");
            assertEquals(out == 6 ? "PASS" : "FAIL", said.get("overall"), out + "");
            assertEquals(
                    out == 6 ? "can still pass" : "already lost",
                    judged(soak, soak.slotStart(60), 30).get("outlook overall"),
                    out + "");
        }
    }

    @Test
    void a_folder_that_was_made_on_the_last_day_ends_no_soak() {
        SoakFixture soak = only(month(), slot -> slot < 115).round(SLOTS - 1, r -> r.interrupted());
        Map<String, String> said = judged(soak);
        assertEquals("INCOMPLETE (day 29 of 30)", said.get("gate_d"));
        assertEquals("INCOMPLETE", said.get("overall"));
        assertEquals("already lost", said.get("outlook gate_d"));
    }

    @Test
    void a_coverage_that_cannot_be_reached_any_more_is_said_while_the_soak_runs() {
        SoakFixture soak = only(month(), slot -> slot < 40 && (slot < 10 || slot >= 17));
        Map<String, String> said = judged(soak, soak.slotStart(40), 30);
        assertEquals("already lost", said.get("outlook gate_d"));
        assertEquals("already lost", said.get("outlook overall"));
        is(
                "Gate D is already lost: at most 113 of 120 slots can still have a round, coverage needs 95 %",
                said.get("outlook line"));
        assertEquals("INCOMPLETE", said.get("overall"));
        assertEquals(
                "can still pass",
                judged(only(month(), slot -> slot < 40 && (slot < 10 || slot >= 16)), soak.slotStart(40), 30)
                        .get("outlook gate_d"));
    }

    @Test
    void gate_d_speaks_of_thirty_days_and_of_no_shorter_soak() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("short"))
                .days(29)
                .interval(21600)
                .set("TARGET_TOTAL_CREATES", "100")
                .rounds(0, 116);
        Map<String, String> said = judged(soak);
        assertEquals("NOT ASSESSED (a soak of 29 days)", said.get("gate_d"));
        assertEquals("PASS", said.get("overall"));
        assertEquals("not assessed", judged(soak, soak.slotStart(40), 29).get("outlook gate_d"));
        assertEquals(
                "NOT ASSESSED (a soak of 1 day)",
                judged(SoakFixture.in(scratch.resolve("day")).days(1).rounds(0, 48))
                        .get("gate_d"));
    }

    @Test
    void gate_d_speaks_of_a_hundred_plans_and_of_99_percent_and_of_no_softer_target() {
        SoakFixture soak = month().set("TARGET_ROLLBACK_RATE", "0.5").round(40, r -> r.recoveries(0, 10));
        Map<String, String> said = judged(soak);
        assertEquals("NOT ASSESSED (TARGET_ROLLBACK_RATE=0.5)", said.get("gate_d"));
        assertEquals("NOT ASSESSED (TARGET_ROLLBACK_RATE=0.5)", said.get("gate_d_by_plan"));
        assertEquals("PASS", said.get("overall"), "the soak's own targets");
        assertEquals("not assessed", judged(soak, soak.slotStart(80), 30).get("outlook gate_d"));
        assertEquals(
                "NOT ASSESSED (TARGET_PLAN_COUNT=99, TARGET_ROLLBACK_RATE=0.9899)",
                judged(month().set("TARGET_PLAN_COUNT", "99").set("TARGET_ROLLBACK_RATE", "0.9899"))
                        .get("gate_d"));
        assertEquals(
                "PASS",
                judged(month().set("TARGET_PLAN_COUNT", "200").set("TARGET_ROLLBACK_RATE", "0.99"))
                        .get("gate_d"));
    }

    // --- C3: a latency in every day
    // -------------------------------------------------------------------------------------

    @Test
    void creates_refused_from_day_11_on_leave_twenty_days_without_a_latency() {
        SoakFixture soak = month();
        for (int slot = 40; slot < SLOTS; slot++) {
            soak.round(slot, r -> r.codes("503", "503", "503", "503", "503", "503", "503", "503", "503", "503"));
        }
        is(
                "FAIL no latency measured on 20 soak days: 11-30; max_p99=",
                judged(soak).get("C3"));
        Map<String, String> open = judged(soak, soak.slotStart(43), 30);
        assertEquals("on track null", open.get("outlook C3"), "day 11 can still have one");
        assertEquals(
                "already lost 2026-10-11/round-180000",
                judged(soak, soak.slotStart(43).plusSeconds(1), 30).get("outlook C3"));
    }

    @Test
    void a_day_without_any_round_has_no_latency_and_no_set_check_and_is_named() {
        Map<String, String> said = judged(only(month(), slot -> slot / 4 != 11));
        is("FAIL no latency measured on soak day 12; ", said.get("C3"));
        is("FAIL no set check on soak day 12; ", said.get("C1"));
        assertEquals("PASS", said.get("gate_d"), "one day of 30 is within the coverage");
    }

    // --- C1: a set check wherever there was a listing
    // -------------------------------------------------------------------

    @Test
    void a_whole_listing_that_nobody_held_against_the_plans_is_made_up_for_by_no_other() {
        Map<String, String> said = judged(month().round(50, r -> r.set("lost_plans", null)));
        is(
                "FAIL no set check in 1 round that listed all plans, first in rounds/2026-10-13/round-120000; ",
                said.get("C1"));
        assertEquals("FAIL", said.get("gate_d"));
        assertEquals("already lost 2026-10-13/round-120000", said.get("outlook C1"));
    }

    @Test
    void a_few_listings_that_did_not_end_and_an_outage_cost_c1_nothing_and_one_listing_a_day_is_not_enough() {
        SoakFixture few = month();
        for (long slot : new long[] {5, 30, 50, 70, 90}) {
            few.round(slot, r -> r.uncounted());
        }
        few.round(60, r -> r.down()).round(61, r -> r.down());
        is("PASS lost=0, duplicate=0, checked in 113 of 120 rounds", judged(few).get("C1"));
        SoakFixture daily = month();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (slot % 4 > 0) {
                daily.round(slot, r -> r.uncounted());
            }
        }
        Map<String, String> said = judged(daily);
        is("FAIL no set check in 90 of 120 healthy rounds, 6 allowed; ", said.get("C1"));
        assertEquals("FAIL", said.get("gate_d"));
    }

    @Test
    void the_round_whose_listing_was_one_too_many_is_named() {
        SoakFixture soak = month();
        for (long slot : new long[] {5, 10, 15, 21, 26, 31, 37}) {
            soak.round(slot, r -> r.uncounted());
        }
        assertEquals(
                "already lost 2026-10-10/round-060000",
                judged(soak, soak.slotStart(40), 30).get("outlook C1"));
        assertEquals("on track null", judged(soak, soak.slotStart(37), 30).get("outlook C1"));
    }

    // --- of several rounds in a slot the worst
    // --------------------------------------------------------------------------

    @Test
    void good_rounds_by_hand_do_not_dilute_a_failed_one_in_their_slot() {
        SoakFixture soak = month().set("TARGET_UPTIME_PCT", "98")
                .round(20, r -> r.failed())
                .round(40, r -> r.failed())
                .round(60, r -> r.failed());
        for (int more = 1; more <= 40; more++) {
            soak.roundAt(20 * 21600L + more * 300L, r -> {});
        }
        Map<String, String> said = judged(soak);
        is(
                "FAIL uptime=97.5%, target=98%, by rounds 98.1% (157 of 160), by slots 97.5% (117 of 120 with rounds)",
                said.get("VAL12-08"));
        assertEquals("already lost 2026-10-16/round-000000", said.get("outlook VAL12-08"));
        is(
                "PASS uptime=98.3%",
                judged(month().set("TARGET_UPTIME_PCT", "98")
                                .round(20, r -> r.failed())
                                .round(40, r -> r.failed()))
                        .get("VAL12-08"));
    }

    @Test
    void a_bad_round_by_hand_spoils_its_slot_and_a_latency_of_it_counts() {
        SoakFixture soak = month().roundAt(
                        20 * 21600L + 600, r -> r.failed().latencyMs(900).set("scan_ok", false));
        Map<String, String> said = judged(soak);
        is("FAIL uptime=99.1%", said.get("VAL12-08"));
        is("FAIL scan_failures=1", said.get("VAL12-05"));
        is("FAIL max_p99=900ms", said.get("C3"));
    }

    // --- round 1
    // --------------------------------------------------------------------------------------------------------

    @Test
    void a_first_folder_that_is_not_round_1_leaves_round_1_not_measured() {
        Map<String, String> far = judged(month().round(0, r -> r.set("round", 3000)));
        is("FAIL not measured: round 1 is missing", far.get("VAL12-02"));
        is("FAIL p99=n/a, target=500ms, not measured", far.get("VAL12-04"));
        // another round's number, or none: what stands in its place is no round 1
        for (Object number : new Object[] {2, 7, 0, null, "first"}) {
            Map<String, String> said = judged(month().round(0, r -> r.set("round", number)));
            is("FAIL round 1 was interrupted", said.get("VAL12-02"));
            is("FAIL", said.get("VAL12-04"));
            assertTrue(said.get("VAL12-04").contains("round 1 was interrupted"), said.get("VAL12-04"));
        }
        is("PASS", judged(month().round(0, r -> r.legacy())).get("VAL12-02"));
    }

    @Test
    void a_bash_round_whose_creates_were_all_refused_has_no_latency_but_a_slow_one() {
        for (double p99 : new double[] {4.2, 640}) {
            SoakFixture soak = month();
            LongStream.range(0, 4)
                    .forEach(slot -> soak.round(
                            slot,
                            r -> r.legacy()
                                    .codes(Collections.nCopies(10, "503").toArray(String[]::new))
                                    .set("p99_ms", p99)));
            Map<String, String> said = judged(soak);
            is(p99 < 500 ? "FAIL p99=n/a, target=500ms, not measured" : "FAIL p99=640ms", said.get("VAL12-04"));
            is(p99 < 500 ? "FAIL no latency measured on soak day 1" : "FAIL max_p99=640ms", said.get("C3"));
        }
    }

    // --- exit codes
    // -----------------------------------------------------------------------------------------------------

    private static int exit(SoakFixture soak, String now, String... args) {
        return Reports.run(now, soak.dir().root(), args).exit();
    }

    @Test
    void what_is_fail_in_a_final_a_checkpoint_or_a_status_exits_10_in_every_form() {
        Map<String, SoakFixture> bad = new TreeMap<>(Map.of(
                "a claim alone",
                        SoakFixture.in(scratch.resolve("claim"))
                                .interval(21600)
                                .set("TARGET_TOTAL_CREATES", "100")
                                .rounds(0, SLOTS)
                                .missed(50),
                "coverage alone",
                        only(
                                SoakFixture.in(scratch.resolve("few"))
                                        .interval(21600)
                                        .set("TARGET_TOTAL_CREATES", "100")
                                        .set("TARGET_UPTIME_PCT", "1")
                                        .rounds(0, SLOTS),
                                slot -> slot % 4 != 1),
                "a check",
                        SoakFixture.in(scratch.resolve("check"))
                                .interval(21600)
                                .set("TARGET_TOTAL_CREATES", "100")
                                .rounds(0, SLOTS)
                                .round(60, r -> r.set("scan_ok", false))));
        List<List<String>> types = List.of(List.of("final"), List.of("checkpoint", "--day", "30"), List.of("status"));
        List<String> forms = List.of("text", "json", "junit");
        bad.forEach((what, soak) -> {
            soak.write();
            for (int type = 0; type < types.size(); type++) {
                // what is FAIL is a matter of the type, and no form asks for more: every one of every type once
                for (String form : what.equals("a claim alone") ? forms : forms.subList(type, type + 1)) {
                    List<String> args = new java.util.ArrayList<>(List.of("--format", form, "--type"));
                    args.addAll(types.get(type));
                    assertEquals(Exit.BAD, exit(soak, AFTER, args.toArray(String[]::new)), what + ": " + args);
                }
            }
            assertEquals(Exit.BAD, exit(soak, AFTER, "--type", "status"), what + ": the screen");
        });
    }

    @Test
    void a_soak_that_is_well_exits_0_while_it_runs_but_its_final_report_does_not_before_the_end() {
        SoakFixture soak = month();
        soak.write();
        for (String type : List.of("status", "checkpoint")) {
            assertEquals(Exit.OK, exit(soak, "2026-10-09T00:00:00Z", "--type", type), type);
            assertEquals(Exit.OK, exit(soak, AFTER, "--type", type), type + " after the end");
        }
        assertEquals(Exit.BAD, exit(soak, "2026-10-09T00:00:00Z", "--type", "final"), "INCOMPLETE");
        assertEquals(Exit.OK, exit(soak, AFTER, "--type", "final"));
        assertFalse(
                Reports.run(AFTER, soak.dir().root(), "--type", "final").out().contains("NOT PROVEN"));
    }
}
