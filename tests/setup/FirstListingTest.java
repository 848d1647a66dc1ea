import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Time;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import provision.FirstListing;
import settings.Config;

/** What setup says at once, after the first round, of a paging and of ids that would cost the soak hours later. */
class FirstListingTest extends AttachedSoak {
    private List<String> warnings() throws Exception {
        rig.round();
        return FirstListing.warnings(Config.read(rig.dir), Time.system());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "null", "absent"})
    void a_paging_that_is_understood_and_ids_that_come_back_are_nothing_to_warn_of(String lastCursor) throws Exception {
        rig.cp.set("last_cursor", lastCursor);
        rig.cp.set("no_total", "yes");
        assertEquals(List.of(), warnings());
    }

    @Test
    void one_plan_is_none_to_try_it_on() throws Exception {
        rig.cp.set("list", "no-cursor");
        rig.cp.set("no_total", "yes");
        rig.with("PLANS_PER_ROUND", "1");
        assertEquals(List.of(), warnings());
    }

    @Test
    void a_listing_that_does_not_say_whether_there_is_more_is_found_with_ten_plans_and_not_with_a_hundred()
            throws Exception {
        rig.cp.set("list", "no-cursor");
        rig.cp.set("no_total", "yes");
        List<String> warnings = warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(
                warnings.get(0).contains("tried with limit=1 on 10 plans")
                        && warnings.get(0).contains("CP_PAGING"),
                warnings.get(0));
    }

    @Test
    void a_control_plane_that_refuses_so_small_a_page_shows_nothing_of_its_paging() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder)) {
            rig.round();
            rig.cp.answer("list", ForeignControlPlane.problem(400, "limit must be at least 10"));
            assertEquals(
                    List.of("how the listing is paged could not be tried, since the control plane refuses limit=1"
                            + " (page 1: HTTP 400: {\"title\":\"limit must be at least 10\"}): once there are more"
                            + " than 100 plans, see that v05_plan_count is PASS"),
                    FirstListing.warnings(Config.read(rig.dir), Time.system()));
        }
    }

    /** 14,400 plans in one answer, of which a round reads 16 MiB. */
    @ParameterizedTest
    @CsvSource({"1100, 0", "1200, 1"})
    void a_listing_that_is_one_answer_is_told_when_the_soaks_plans_will_not_fit_into_it(int bytes, int told)
            throws Exception {
        rig.round();
        String plans = rig.cp.planIds().stream()
                .map(id -> "{\"id\":\"" + id + "\",\"spec\":\"" + "x".repeat(bytes - id.length() - 19) + "\"}")
                .collect(Collectors.joining(",", "{\"items\":[", "],\"next_cursor\":\"\"}"));
        rig.cp.answer("list", RawHttpServer.Answer.json(200, plans));
        List<String> warnings = FirstListing.warnings(Config.read(rig.dir), Time.system());
        assertEquals(told, warnings.size(), warnings.toString());
        assertTrue(
                warnings.stream()
                        .allMatch(one -> one.contains("lists 10 plans in one answer")
                                && one.contains("all 14400 plans")
                                && one.contains("more than 16 MiB")),
                warnings.toString());
    }

    @Test
    void a_cursor_whose_parameter_is_another_is_named() throws Exception {
        rig.cp.set("cursor_param", "weiter");
        List<String> warnings = warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(
                warnings.get(0).contains("next_cursor says that there is more")
                        && warnings.get(0).contains("CP_CURSOR_PARAM is page_token"),
                warnings.get(0));
    }

    @ParameterizedTest
    @CsvSource({"own, CP_ID_KEY=labels.name", "upper, PLAN_ID_PREFIX"})
    void ids_that_come_back_otherwise_are_noticed_at_the_first_creates(String how, String remedy) throws Exception {
        rig.cp.set("id_as", how);
        List<String> warnings = warnings();
        assertTrue(
                warnings.get(0).contains("none of the 10 expected plans is listed")
                        && warnings.get(0).contains(remedy)
                        && warnings.get(0).contains("in a new soak")
                        && !warnings.get(0).contains("Until then"),
                warnings.toString());
    }

    @Test
    void a_cursor_that_gives_a_plan_once_more_is_understood_by_pages_of_two() throws Exception {
        rig.cp.set("inclusive", "yes");
        assertEquals(List.of(), warnings());
    }
}
