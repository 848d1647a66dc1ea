import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans that every listing misses, each asked for by its id before a round calls it lost. */
@Tag("slow")
class PlanByIdTest extends AttachedSoak {
    private static JsonNode v(RoundRig.Round round, String field) {
        return round.summary().get(field);
    }

    /** A cap on the entries of a listing, an index that lags: "losses that never happened". */
    @Test
    void what_no_listing_shows_but_the_control_plane_answers_with_by_its_id_is_not_lost() throws Exception {
        rig.rounds(3);
        rig.cp.set("by_id", "plan");
        rig.cp.set("lose", "25");
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(0, v(round, "lost_plans").asInt());
        assertEquals(0, v(round, "unconfirmed_plans").asInt());
        assertEquals(40, v(round, "plan_count").asInt());
        assertEquals(25, round.ids("shown_by_id").size());
        assertTrue(round.err().contains("no listing shows 25 expected plans"), round.err());
        assertTrue(round.err().contains("answers with 25 of them by their ids"), round.err());
        assertFalse(round.err().contains("in one listing, but not in another"), round.err());
        assertEquals(List.of(), rig.alerts());

        String victim = rig.cp.planIds().get(30);
        rig.cp.destroy(victim);
        round = rig.round();
        assertEquals(List.of(victim), round.ids("lost"), "a loss among them is found");
        assertEquals(49, v(round, "plan_count").asInt());
    }

    @Test
    void one_page_of_which_nothing_says_that_it_is_all_counts_if_all_other_plans_are_shown_by_id() throws Exception {
        rig.cp.set("last_cursor", "absent");
        rig.cp.set("no_total", "yes");
        rig.cp.set("page_max", "20");
        rig.rounds(2);
        rig.cp.set("by_id", "plan");
        rig.cp.set("list", "no-cursor"); // from now on 20 of 30, without a word
        RoundRig.Round round = rig.round();
        assertEquals(0, v(round, "lost_plans").asInt(-1), round.err());
        assertEquals(30, v(round, "plan_count").asInt());
        assertEquals(10, round.ids("shown_by_id").size());
        rig.cp.destroy(rig.cp.planIds().get(0));
        round = rig.round();
        assertTrue(v(round, "lost_plans").isNull(), "an only page still convicts nobody");
        assertTrue(round.err().contains("1 of 40 expected plans are not on its only page"), round.err());
    }

    /** An index that lags, in the first round, on a control plane that others use too. */
    @Test
    void plans_that_are_shown_by_id_are_there_however_many_of_others_are_listed_before_any_was_seen() throws Exception {
        rig.cp.set("by_id", "plan");
        rig.cp.answer("list", RawHttpServer.Answer.json(200, othersAlone()));
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(0, v(round, "lost_plans").asInt(-1));
        assertEquals(30, v(round, "plan_count").asInt());
        assertEquals(10, round.ids("shown_by_id").size());
        rig.cp.set("instance", "renamed");
        rig.cp.answer("list", null);
        rig.round();
        rig.cp.set("instance", "renamed again");
        rig.cp.answer("list", RawHttpServer.Answer.json(200, othersAlone()));
        round = rig.round();
        assertFalse(v(round, "port_conflict").asBoolean(), round.err());
        assertTrue(
                round.err()
                        .contains("; it still counts as the same, because 20 of 20 expected plans are shown by their"
                                + " ids"),
                round.err());
    }

    /** @param byId how the control plane answers for the five plans that no listing shows, and for others */
    private RoundRig.Round missingFive(String byId) throws Exception {
        rig.rounds(2);
        rig.cp.set("by_id", byId);
        rig.cp.set("lose", "5");
        return rig.round();
    }

    private static String othersAlone() {
        return IntStream.range(0, 20)
                .mapToObj(i -> "{\"plan_id\":\"of-others-" + i + "\"}")
                .collect(Collectors.joining(",", "{\"items\":[", "],\"next_cursor\":\"\"}"));
    }

    /** Such as a database that casts the id to its own type, and an error that nobody catches. */
    @Test
    void a_control_plane_that_fails_on_an_id_that_nobody_made_is_asked_for_the_plans_all_the_same() throws Exception {
        RoundRig.Round round = missingFive("fails");
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(5, round.ids("shown_by_id").size());
        String victim = rig.cp.planIds().get(0);
        rig.cp.destroy(victim);
        assertEquals(List.of(victim), rig.round().ids("lost"), "here 500 says no more of a plan than 404 elsewhere");
    }

    @Test
    void a_plan_with_a_zero_time_of_deletion_is_there() throws Exception {
        RoundRig.Round round = missingFive("never deleted");
        assertEquals(0, v(round, "lost_plans").asInt(-1), round.err());
        assertEquals(5, round.ids("shown_by_id").size());
    }

    /** A limit on the rate of requests, and an index that lags. */
    @Test
    void where_the_control_plane_does_not_answer_when_it_is_asked_by_ids_no_plan_is_called_lost() throws Exception {
        RoundRig.Round round = missingFive("later");
        assertTrue(v(round, "lost_plans").isNull() && v(round, "plan_count").isNull(), round.err());
        assertTrue(
                round.err()
                        .contains("it misses 5 expected plans, and the control plane does not answer whether they are"
                                + " there (GET /v1/rollouts/ID). No plan is reported lost"),
                round.err());
        assertEquals(List.of(), rig.alerts());
        rig.cp.set("by_id", "");
        assertEquals(5, v(rig.round(), "lost_plans").asInt(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "deleted"})
    void an_answer_by_id_that_shows_no_plan_acquits_none(String form) throws Exception {
        RoundRig.Round round = missingFive(form);
        assertEquals(5, v(round, "lost_plans").asInt());
        assertEquals(0, v(round, "unconfirmed_plans").asInt());
    }

    @Test
    void where_some_plans_are_shown_by_id_and_others_not_answered_the_listing_is_not_complete() throws Exception {
        rig.rounds(2);
        rig.cp.set("by_id", "busy");
        rig.cp.set("lose", "6");
        RoundRig.Round round = rig.round();
        assertTrue(v(round, "lost_plans").isNull());
        assertTrue(
                v(round, "failures")
                        .get("v07_integrity")
                        .asText()
                        .contains("whether the other 3 are there is not known"),
                round.err());
        assertEquals(List.of(), rig.alerts());
    }
}
