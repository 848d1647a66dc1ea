import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a round calls lost or listed twice: never on the word of one listing, and never because ids come back otherwise.
 */
@Tag("slow")
class SetCheckTest extends AttachedSoak {
    private static JsonNode v(RoundRig.Round round, String field) {
        return round.summary().get(field);
    }

    private long listings() {
        return rig.cp.requests().stream()
                .filter(r -> r.startsWith("GET /v1/rollouts?") && !r.contains("page_token=b"))
                .count();
    }

    @ParameterizedTest
    @CsvSource({"lose, 20, 1", "lose, 20, 3", "duplicate, 13, 1", "duplicate, 13, 2"})
    void what_the_next_listings_do_not_confirm_is_told_and_convicts_nobody(String fault, int plans, int listings)
            throws Exception {
        rig.rounds(3);
        rig.cp.set(fault, Integer.toString(plans));
        rig.cp.set("for_listings", Integer.toString(listings));
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(0, v(round, "lost_plans").asInt());
        assertEquals(0, v(round, "duplicate_plans").asInt());
        assertEquals(plans, v(round, "unconfirmed_plans").asInt());
        assertEquals(plans, round.ids("unconfirmed").size());
        assertEquals(40, v(round, "plan_count").asInt());
        assertTrue(round.err().contains(plans + " plans were missing or listed twice in one listing"), round.err());
        assertFalse(Files.exists(round.folder().resolve("listing.json.gz")));
        assertEquals(List.of(), rig.alerts());
        assertEquals(0, v(rig.round(), "unconfirmed_plans").asInt());
    }

    @Test
    void what_every_listing_misses_is_lost_and_the_listing_that_says_so_is_kept() throws Exception {
        rig.rounds(6);
        String victim = rig.cp.planIds().get(3);
        rig.cp.destroy(victim);
        long before = listings();
        RoundRig.Round round = rig.round();
        assertEquals(List.of(victim), round.ids("lost"));
        assertEquals(1, v(round, "lost_plans").asInt());
        assertEquals(0, v(round, "unconfirmed_plans").asInt());
        assertEquals(4, listings() - before, "after pauses of 1, 3 and 6 s");
        List<String> kept = new ArrayList<>();
        int pages = 0;
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(round.folder().resolve("listing.json.gz")))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                Json.parse(line)
                        .path("items")
                        .forEach(plan -> kept.add(plan.path("plan_id").asText()));
                pages++;
            }
        }
        assertEquals(2, pages);
        assertEquals(
                rig.cp.planIds().stream().sorted().toList(),
                kept.stream().sorted().toList());

        before = listings();
        RoundRig.Round later = rig.round();
        assertEquals(List.of(victim), later.ids("lost"));
        assertEquals(1, listings() - before, "it was convicted already");
        assertFalse(Files.exists(later.folder().resolve("listing.json.gz")));
    }

    @Test
    void a_listing_that_is_never_confirmed_concludes_nothing() throws Exception {
        rig.rounds(2);
        rig.cp.set("lose", "5");
        rig.cp.set("list_fails_after", "1");
        RoundRig.Round round = rig.round();
        for (String field : List.of("plan_count", "lost_plans", "duplicate_plans", "unconfirmed_plans")) {
            assertTrue(v(round, field).isNull(), field);
        }
        assertTrue(
                v(round, "failures").get("v07_integrity").asText().contains("5 plans seemed to be lost")
                        && v(round, "failures").get("v07_integrity").asText().contains("HTTP 500"),
                round.err());
        assertEquals(List.of(), rig.alerts());
    }

    @Test
    void a_plan_that_the_last_listing_lacks_and_an_earlier_one_of_the_round_showed_is_counted() throws Exception {
        rig.rounds(2);
        AtomicInteger listing = new AtomicInteger();
        rig.cp.answer("list", out -> {
            List<String> ids = new ArrayList<>(rig.cp.planIds());
            ids.remove(listing.getAndIncrement() % 2);
            String plans = ids.stream().map(id -> "{\"id\":\"" + id + "\"}").collect(Collectors.joining(","));
            return RawHttpServer.Answer.json(200, "{\"plans\":[" + plans + "],\"next_cursor\":\"\"}")
                    .write(out);
        });
        RoundRig.Round round = rig.round();
        assertEquals(2, listing.get());
        assertEquals(0, v(round, "lost_plans").asInt(-1));
        assertEquals(2, v(round, "unconfirmed_plans").asInt());
        assertEquals(30, v(round, "plan_count").asInt());
    }

    /** As pages by offset over ORDER BY random(): each listing lacks other plans, and repeats as many. */
    @ParameterizedTest
    @CsvSource({"true, 3", "false, 0"})
    void listings_without_an_order_that_stays_convict_nobody(boolean shuffled, int others) throws Exception {
        rig.rounds(3);
        AtomicInteger listing = new AtomicInteger();
        rig.cp.answer("list", out -> {
            List<String> ids = new ArrayList<>(rig.cp.planIds());
            List<String> gone = new ArrayList<>(List.of(ids.get(0)));
            int from = 1 + 3 * listing.getAndIncrement();
            gone.addAll(ids.subList(from, from + others));
            ids.removeAll(gone);
            ids.addAll(ids.subList(20, 20 + others));
            String plans = ids.stream().map(id -> "{\"id\":\"" + id + "\"}").collect(Collectors.joining(","));
            return RawHttpServer.Answer.json(200, "{\"plans\":[" + plans + "],\"next_cursor\":\"\"}")
                    .write(out);
        });
        RoundRig.Round round = rig.round();
        assertEquals(4, listing.get());
        assertEquals(shuffled, v(round, "lost_plans").isNull(), "a plan that is in no stable listing is lost");
        assertEquals(shuffled, v(round, "plan_count").isNull());
        String why = v(round, "failures").get("v07_integrity").asText();
        assertEquals(shuffled, why.contains("its order changes: up to 3 plans"), why);
        assertEquals(shuffled ? 0 : 1, rig.alerts().size());
    }

    @Test
    void a_plan_that_no_listing_ever_showed_is_never_listed_and_no_earlier_round_has_seen_it() throws Exception {
        rig.rounds(2);
        rig.cp.set("create_lose_every", "10");
        RoundRig.Round round = rig.round();
        String lost = round.lines("plan-ids.txt").get(9);
        assertEquals(List.of(lost), round.ids("never_listed"));
        assertEquals(
                0, Json.parse(round.text("integrity.json")).path("last_seen").size());
        assertTrue(round.err().contains("first " + lost + ", never listed"), round.err());
        rig.cp.set("create_lose_every", "");
        assertEquals(List.of(lost), rig.round().ids("never_listed"));
    }

    @ParameterizedTest
    @CsvSource({
        "upper, changes their spelling",
        "blank, changes their spelling",
        "encoded, changes their spelling",
        "own, CP_ID_KEY=labels.name"
    })
    void ids_that_come_back_otherwise_are_no_loss_and_the_sentence_says_what_helps(String how, String remedy)
            throws Exception {
        rig.cp.set("id_as", how);
        for (RoundRig.Round round : rig.rounds(2)) {
            assertEquals(Exit.BAD, round.exit());
            assertEquals("FAIL", v(round, "v07_integrity").asText());
            assertEquals("PASS", v(round, "v05_plan_count").asText());
            assertTrue(v(round, "lost_plans").isNull());
            assertFalse(v(round, "plan_count").isNull());
            String why = v(round, "failures").get("v07_integrity").asText();
            assertTrue(why.contains("no plan is reported lost") && why.contains(remedy), why);
            assertTrue(why.contains("Do that in a new soak, in another folder: this one can no longer prove"), why);
        }
        assertEquals(List.of(), rig.alerts());
        rig.cp.set("id_as", "");
        assertEquals(Exit.OK, rig.round().exit());
        rig.cp.set("id_as", how);
        assertEquals(
                40,
                v(rig.round(), "lost_plans").asInt(),
                "once plans were seen under their ids, plans that vanish are lost");
    }

    @ParameterizedTest
    @CsvSource({
        "plan_id, '): CP_ID_KEY must name a field that is spelt alike in the create''s answer'",
        "uid, '(it is uid now, and no create''s answer has an id there)'"
    })
    void ids_that_cp_id_key_does_not_join_are_told_by_what_that_key_must_name(String key, String remedy)
            throws Exception {
        rig.with("CP_ID_KEY", key).cp.set("id_as", "own");
        rig.cp.answer(
                "list",
                RawHttpServer.Answer.json(
                        200,
                        IntStream.range(0, 15)
                                .mapToObj(i -> "{\"plan_id\":\"SRV-" + i + "\"}")
                                .collect(Collectors.joining(",", "{\"items\":[", "],\"next_cursor\":\"\"}"))));
        RoundRig.Round round = rig.round();
        String why = v(round, "failures").get("v07_integrity").asText();
        assertTrue(v(round, "lost_plans").isNull() && why.contains(remedy), why);
    }

    @Test
    void plans_that_were_made_before_cp_id_key_was_set_are_not_called_lost() throws Exception {
        rig.cp.set("id_as", "own");
        rig.round();
        rig.with("CP_ID_KEY", "plan_id");
        for (RoundRig.Round round : rig.rounds(2)) {
            assertTrue(v(round, "lost_plans").isNull(), round.err());
            String why = v(round, "failures").get("v07_integrity").asText();
            assertTrue(
                    why.startsWith("10 plans were made before the control plane's own ids were known (CP_ID_KEY)")
                            && why.contains("Start a new soak"),
                    why);
        }
        assertEquals(List.of(), rig.alerts());
        rig.cp.destroy(rig.cp.planIds().get(12));
        assertEquals(11, v(rig.round(), "lost_plans").asInt(), "a plan that was known is lost");
    }

    @Test
    void a_plan_whose_id_has_an_unknown_name_is_told_with_the_fields_that_it_has() throws Exception {
        rig.cp.set("id_key", "plan_ref");
        RoundRig.Round round = rig.round();
        assertTrue(v(round, "plan_count").isNull());
        String why = v(round, "failures").get("v05_plan_count").asText();
        assertTrue(
                why.contains(
                        "a plan in the answer has no id (looked for plan_id, id, rollout_id, rollout_plan_id, name;"
                                + " it has plan_ref, phase"),
                why);
        assertTrue(why.contains("): name its field in CP_ID_KEY"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan_id", "labels.name"})
    void with_cp_id_key_plans_are_known_by_the_ids_that_the_control_plane_gives(String key) throws Exception {
        rig.cp.set("id_as", "own");
        rig.with("CP_ID_KEY", key, "RECOVERY_DRILL_EVERY", "1", "STUCK_THRESHOLD_SECONDS", "86400");
        RoundRig.Round first = rig.round();
        assertEquals(Exit.OK, first.exit(), first.err());
        assertEquals(key.equals("plan_id"), Files.exists(first.folder().resolve("plan-ids-given.txt")));
        rig.cp.set("stuck_plans", "1");
        RoundRig.Round second = rig.round();
        assertEquals(Exit.OK, second.exit(), second.err());
        assertEquals(20, v(second, "expected_plans").asInt());
        assertEquals(1, v(second, "recovery_ok").asInt(), second.err());
        assertEquals(List.of("srv-0"), rig.cp.cliCalls());
        rig.cp.destroy(rig.cp.planIds().get(1));
        assertEquals(
                List.of(
                        key.equals("plan_id")
                                ? "srv-1"
                                : first.lines("plan-ids.txt").get(1)),
                rig.round().ids("lost"));
    }

    @Test
    void an_id_that_the_control_plane_gives_to_a_second_plan_is_a_plan_that_is_lost() throws Exception {
        rig.cp.set("id_as", "again");
        rig.with("CP_ID_KEY", "plan_id");
        assertEquals(0, v(rig.round(), "lost_plans").asInt());
        for (String id : rig.cp.planIds().subList(0, 5)) {
            rig.cp.destroy(id); // the second round's plans take their places
        }
        RoundRig.Round second = rig.round();
        List<String> lost = second.lines("plan-ids.txt").subList(5, 10);
        assertEquals(lost, second.ids("lost"), second.err());
        assertEquals(15, v(second, "plan_count").asInt());
        assertEquals(20, v(second, "expected_plans").asInt());
        assertEquals(
                "5 acknowledged plans are lost and 0 are listed more than once, see integrity.json; first "
                        + lost.get(0)
                        + ", never listed: the control plane gave it the id srv-0, which another plan has already",
                v(second, "failures").get("v07_integrity").asText());
        RoundRig.Round later = rig.round();
        assertTrue(later.ids("lost").containsAll(lost), "a plan that is not there does not come back");
        assertEquals(later.ids("lost"), later.ids("never_listed"), "no round can have seen it");
    }

    @Test
    void ids_that_the_control_plane_gives_may_hold_whatever_json_holds() throws Exception {
        rig.cp.set("id_as", "odd");
        rig.with("CP_ID_KEY", "plan_id", "STUCK_THRESHOLD_SECONDS", "86400", "AUTONOMY_CLI", "/bin/true");
        RoundRig.Round first = rig.round();
        assertEquals(0, v(first, "lost_plans").asInt(), first.err());
        rig.cp.set("stuck_plans", "10");
        RoundRig.Round second = rig.round();
        assertEquals(0, v(second, "lost_plans").asInt(), second.err());
        assertEquals(20, v(second, "expected_plans").asInt());
        assertEquals(10, v(second, "recovery_ok").asInt(), second.err());
        assertEquals(
                10,
                second.lines("recovery.txt").stream()
                        .filter(line -> line.matches("\\S.* exit=0 ms=\\d+"))
                        .count());
        assertEquals(10, v(rig.round(), "recoveries_refuted").asInt());
        rig.cp.destroy(rig.cp.planIds().get(0));
        assertEquals(List.of("0 "), rig.round().ids("lost"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, false",
        "409, false",
        "422, false",
        "429, false",
        "408, true",
        "500, true",
        "503, true",
        "202, true",
        "303, true"
    })
    void a_refused_create_is_an_answer_and_only_what_leaves_a_doubt_is_revived(int status, boolean doubt)
            throws Exception {
        long second = RoundRig.START.getEpochSecond();
        for (int i = 1; i <= 10; i++) {
            rig.cp.add(String.format("soak-%d-%02d", second, i), 259_200); // another soak's, made in the same second
        }
        rig.cp.set("create_status", Integer.toString(status));
        RoundRig.Round round = rig.round();
        assertEquals(doubt ? 10 : 0, v(round, "revived_plans").asInt());
        rig.cp.set("create_status", "");
        assertEquals(doubt ? 20 : 10, v(rig.round(), "expected_plans").asInt());
        rig.cp.planIds().stream()
                .filter(id -> id.contains(Long.toString(second)))
                .toList()
                .forEach(rig.cp::destroy);
        assertEquals(doubt ? 10 : 0, v(rig.round(), "lost_plans").asInt());
    }

    @Test
    void a_plan_whose_create_was_refused_is_another_ones_and_is_not_recovered() throws Exception {
        rig.cp.add("soak-" + RoundRig.START.getEpochSecond() + "-01", 259_200);
        assertEquals(9, v(rig.round(), "create_ok").asInt());
        rig.cp.set("stuck_plans", "1");
        RoundRig.Round round = rig.round();
        assertEquals(1, v(round, "stuck_count").asInt());
        assertEquals(List.of(), rig.cp.cliCalls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "page"})
    void a_short_page_of_which_nothing_says_that_it_is_all_convicts_nobody(String total) throws Exception {
        rig.cp.set("last_cursor", "absent");
        rig.cp.set("no_total", total);
        rig.cp.set("page_max", "20");
        assertEquals(Exit.OK, rig.rounds(2).get(1).exit());
        rig.cp.set("list", "no-cursor"); // from now on 20 of 30, without a word
        RoundRig.Round round = rig.round();
        assertTrue(v(round, "lost_plans").isNull());
        assertTrue(v(round, "failures").get("v07_integrity").asText().contains("CP_PAGING"), round.err());
    }

    @Test
    void a_cursor_that_gives_the_last_plan_of_a_page_once_more_makes_no_plan_one_that_is_listed_twice()
            throws Exception {
        rig.cp.set("inclusive", "yes");
        rig.rounds(5);
        RoundRig.Round two = rig.round();
        assertEquals(Exit.OK, two.exit(), two.err());
        assertEquals(0, v(two, "duplicate_plans").asInt());
        assertEquals(60, v(two, "plan_count").asInt());
        assertFalse(two.err().contains("whatever limit"), two.err());
        rig.rounds(5);
        RoundRig.Round three = rig.round();
        assertEquals(Exit.OK, three.exit(), three.err());
        assertEquals(0, v(three, "unconfirmed_plans").asInt());
        assertEquals(120, v(three, "plan_count").asInt());
        assertEquals(List.of(), rig.alerts());
    }

    @Test
    void two_pages_of_which_no_limit_makes_more_leave_a_doubt_that_is_told_and_convicts_nobody() throws Exception {
        rig.cp.set("inclusive", "yes");
        rig.cp.set("page_max", "20");
        rig.rounds(2);
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(0, v(round, "duplicate_plans").asInt());
        assertTrue(
                round.err().contains("the second of two pages begins with what the first one ended with"), round.err());
    }
}
