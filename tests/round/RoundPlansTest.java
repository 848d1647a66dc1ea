import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Folders;
import base.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round makes of the plans that a control plane lists: all of them, some, or none that can be read. */
class RoundPlansTest extends AttachedSoak {
    @Test
    void the_tenth_round_must_count_the_fleet_and_the_ninth_need_not() throws Exception {
        rig.with("TARGET_PLAN_COUNT", "101");
        List<RoundRig.Round> rounds = rig.rounds(10);
        assertEquals(List.of(), rounds.get(8).failed());
        assertEquals(List.of("v05_plan_count"), rounds.get(9).failed());
        assertEquals(100, rounds.get(9).summary().get("plan_count").asInt());
        assertEquals(2, rounds.get(9).summary().get("list_pages").asInt());
        assertEquals(Exit.BAD, rounds.get(9).exit());
        assertTrue(
                rounds.get(9).err().contains("100 plans are listed, but the target from round 10 on is 101"),
                rounds.get(9).err());
    }

    @Test
    void a_create_whose_connection_drops_is_in_doubt_until_a_listing_shows_it_and_expected_from_then_on()
            throws Exception {
        rig.cp.set("create_drop_every", "10");
        RoundRig.Round first = rig.round();
        assertEquals(9, first.summary().get("create_ok").asInt());
        assertEquals("000", first.lines("plans-created.txt").get(9));
        assertEquals(1, first.summary().get("revived_plans").asInt());
        assertEquals(9, first.summary().get("expected_plans").asInt());
        assertEquals("PASS", first.summary().get("v07_integrity").asText());
        rig.cp.set("create_drop_every", "");
        RoundRig.Round second = rig.round();
        assertEquals(20, second.summary().get("expected_plans").asInt());
        assertEquals(0, second.summary().get("revived_plans").asInt());
        String revived = first.ids("revived").get(0);
        rig.cp.destroy(revived);
        assertEquals(List.of(revived), rig.round().ids("lost"));
    }

    @Test
    void rounds_of_another_soak_that_were_copied_into_this_one_lose_no_plans(@TempDir Path elsewhere) throws Exception {
        rig.rounds(2);
        try (RoundRig other = RoundRig.attached(elsewhere)) {
            other.with("SOAK_ID", "another-soak");
            other.setNow(RoundRig.START.plusSeconds(600));
            Path copied = other.round().folder();
            Files.move(copied, rig.dir.rounds().resolve(other.dir.rounds().relativize(copied)));
            RoundRig.Round third = rig.round();
            assertEquals(Exit.OK, third.exit(), third.err());
            assertEquals(0, third.summary().get("lost_plans").asInt());
            assertEquals(30, third.summary().get("expected_plans").asInt());
            assertTrue(
                    third.err()
                            .contains(
                                    "1 round in rounds/ ran for another soak, by its SOAK_ID or SOAK_STARTED_AT, first "
                                            + other.dir.rounds().relativize(copied)),
                    third.err());
            assertEquals(List.of(), rig.alerts());
        }
        rig.cp.destroy(rig.cp.planIds().get(0));
        assertEquals(1, rig.round().summary().get("lost_plans").asInt(), "a loss beside them is found");
        rig.with("SOAK_ID", "edited");
        String gone = rig.cp.planIds().get(0);
        rig.cp.destroy(gone);
        assertTrue(rig.round().ids("lost").contains(gone), "an edit of SOAK_ID hides no loss");
    }

    @Test
    void plans_of_rounds_that_are_gone_are_told_with_the_rounds_and_those_of_other_people_are_not() throws Exception {
        rig.createOthers(3);
        List<RoundRig.Round> rounds = rig.rounds(4);
        assertEquals(0, rounds.get(3).summary().get("unrecorded_plans").asInt());
        Folders.delete(rounds.get(1).folder());
        RoundRig.Round fifth = rig.round();
        assertEquals(10, fifth.summary().get("unrecorded_plans").asInt());
        assertTrue(
                fifth.err()
                        .contains("10 listed plans have ids that rounds of this soak give, and rounds/ has no such"
                                + " round: 2026-10-01/round-003000. If they were deleted"),
                fifth.err());
        Folders.delete(rounds.get(3).folder());
        Folders.delete(fifth.folder());
        RoundRig.Round sixth = rig.round();
        assertEquals(0, sixth.summary().get("lost_plans").asInt());
        assertEquals(30, sixth.summary().get("unrecorded_plans").asInt());
        assertTrue(
                sixth.err()
                        .contains("30 listed plans have ids that rounds of this soak give, and rounds/ has no such"
                                + " round: 2026-10-01/round-003000 to 2026-10-01/round-020000 (3 rounds). If they"),
                sixth.err());
        assertEquals(Exit.OK, sixth.exit());
    }

    @Test
    void a_plan_that_a_round_asked_for_or_a_bash_round_made_is_none_of_a_round_that_is_gone() throws Exception {
        rig.cp.add("soak-1790813403-01", 0);
        Files.createDirectories(rig.dir.round("2026-10-01/round-001000"));
        rig.cp.add("soak-1790812800-01", 0); // another's, so that the create of this id is refused
        RoundRig.Round round = rig.round();
        assertEquals(1, round.summary().get("create_errors").asInt());
        assertEquals(0, round.summary().get("unrecorded_plans").asInt());
        assertFalse(round.err().contains("no such round"), round.err());
    }

    @Test
    void ten_plans_lost_and_ten_foreign_ones_added_are_found_although_the_count_is_right() throws Exception {
        RoundRig.Round first = rig.round();
        rig.round();
        List<String> victims = first.lines("plan-ids.txt");
        victims.forEach(rig.cp::destroy);
        rig.createOthers(10);
        RoundRig.Round third = rig.round();
        assertEquals(30, third.summary().get("plan_count").asInt());
        assertEquals(victims, third.ids("lost"));
        assertEquals(10, third.summary().get("lost_plans").asInt());
        assertEquals(List.of("v07_integrity"), third.failed());
        assertEquals(
                "2026-10-01/round-003000",
                Json.parse(third.text("integrity.json"))
                        .get("last_seen")
                        .get(victims.get(0))
                        .asText());
        assertTrue(
                third.err().contains(victims.get(0)) && third.err().contains("2026-10-01/round-003000"), third.err());
        assertEquals(List.of("2026-10-01T01:00:10Z ALERT lost_plans=10 threshold=0 day=1"), rig.alerts());
        RoundRig.Round fourth = rig.round();
        assertEquals(
                "2026-10-01/round-003000",
                Json.parse(fourth.text("integrity.json"))
                        .get("last_seen")
                        .get(victims.get(9))
                        .asText());
        assertEquals(1, rig.alerts().size()); // once per date and key
        fourth.lines("plan-ids.txt").forEach(rig.cp::destroy);
        rig.round();
        assertEquals(
                List.of(
                        "2026-10-01T01:00:10Z ALERT lost_plans=10 threshold=0 day=1",
                        "2026-10-01T02:00:20Z ALERT lost_plans=20 threshold=0 day=1"),
                rig.alerts());
    }

    @Test
    void a_plan_that_was_acknowledged_and_never_stored_is_lost_in_its_own_round() throws Exception {
        rig.cp.set("create_lose_every", "10");
        RoundRig.Round round = rig.round();
        assertEquals(10, round.summary().get("create_ok").asInt());
        assertEquals(List.of(round.lines("plan-ids.txt").get(9)), round.ids("lost"));
    }

    @Test
    void a_plan_listed_twice_is_named() throws Exception {
        rig.round();
        rig.cp.set("duplicate", "1");
        RoundRig.Round round = rig.round();
        assertEquals(1, round.summary().get("duplicate_plans").asInt());
        assertEquals(List.of(round.lines("plan-ids.txt").get(9)), round.ids("duplicate"));
        assertEquals(20, round.summary().get("plan_count").asInt(), "one of them counts once");
        assertTrue(
                round.err()
                        .contains("; first listed more than once "
                                + round.lines("plan-ids.txt").get(9)),
                round.err());
        assertEquals(List.of("2026-10-01T00:30:10Z ALERT duplicate_plans=1 threshold=0 day=1"), rig.alerts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "repeat", "endless"})
    void a_cursor_that_never_ends_is_an_error_and_not_an_endless_loop(String fault) throws Exception {
        rig.cp.set("page_max", "4");
        rig.cp.set("cursor", fault);
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v05_plan_count", "v07_integrity"), round.failed());
        for (String field : List.of(
                "plan_count", "list_pages", "expected_plans", "lost_plans", "duplicate_plans", "revived_plans")) {
            assertTrue(round.summary().get(field).isNull(), field);
        }
        assertFalse(Files.exists(round.folder().resolve("integrity.json")));
        rig.cp.set("cursor", "");
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void a_listing_that_takes_too_long_is_given_up_between_two_pages() throws Exception {
        rig.round();
        rig.cp.set("page_max", "3");
        probe.ControlPlaneApi api = new probe.ControlPlaneApi(settings.Config.read(rig.dir), base.Time.system());
        assertTrue(api.list(java.time.Duration.ofMinutes(1)).complete());
        probe.ControlPlaneApi.Listing given = api.list(java.time.Duration.ofNanos(-1));
        assertFalse(given.complete());
        assertTrue(given.problem().contains("the listing was given up after 0 pages"), given.problem());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "truncated",
                "half-json",
                "html",
                "no-array",
                "two-arrays",
                "redirect",
                "drop",
                "hang",
                "not-http",
                "500"
            })
    void a_listing_that_cannot_be_read_is_not_counted_and_the_steps_after_it_still_run(String fault) throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1").cp.set("list", fault);
        RoundRig.Round round = rig.round();
        assertEquals(List.of("v05_plan_count", "v07_integrity"), round.failed(), round.err());
        assertTrue(round.summary().get("plan_count").isNull());
        assertTrue(round.summary().get("metrics_ok").asBoolean());
    }

    @Test
    void what_the_control_plane_lists_under_the_soak_rolled_back_itself_is_expected_no_more() throws Exception {
        rig.with("RECOVERY_STRATEGY", "rollback").round();
        rig.cp.set("stuck_plans", "2");
        RoundRig.Round second = rig.round();
        assertEquals(18, second.summary().get("expected_plans").asInt());
        assertEquals(0, second.summary().get("revived_plans").asInt());
        List<String> rolledBack = second.ids("rolled_back");
        rig.cp.set("stuck_plans", "");
        rolledBack.forEach(rig.cp::destroy);
        RoundRig.Round third = rig.round();
        assertEquals(List.of(), third.ids("lost"));
        assertEquals(28, third.summary().get("expected_plans").asInt());
    }

    @Test
    void a_plan_that_was_retried_stays_expected_though_the_strategy_is_rollback_now() throws Exception {
        rig.round();
        rig.cp.set("stuck_plans", "1");
        rig.cp.set("list", "500"); // so that this round leaves no integrity.json
        RoundRig.Round second = rig.round();
        assertEquals(1, second.summary().get("recovery_ok").asInt());
        rig.cp.set("stuck_plans", "");
        rig.cp.set("list", "");
        String retried = second.lines("recovery.txt").get(0).split(" ")[0];
        rig.cp.destroy(retried);
        assertEquals(
                List.of(retried),
                rig.with("RECOVERY_STRATEGY", "rollback").round().ids("lost"));
    }

    @Test
    void acknowledged_plans_whose_ids_are_gone_are_said_to_be_unchecked() throws Exception {
        RoundRig.Round first = rig.round();
        Files.delete(first.folder().resolve("plan-ids.txt"));
        RoundRig.Round second = rig.round();
        assertEquals(10, second.summary().get("expected_plans").asInt());
        String warning = "warning: 10 acknowledged plans of earlier rounds cannot be checked:"
                + " 2026-10-01/round-000000/plan-ids.txt is missing or truncated";
        assertTrue(second.err().contains(warning), second.err());
        Path summary = first.folder().resolve("round-summary.json");
        // as the bash scripts wrote it, which had no ids
        Files.writeString(summary, Files.readString(summary).replaceFirst("\"schema\" : 1,", ""));
        assertFalse(rig.round().err().contains("cannot be checked:"));
    }
}
