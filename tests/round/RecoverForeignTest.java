import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose stuck plans a round recovers: its soak's own, and those of others only where RECOVER_FOREIGN says so. */
@Tag("slow")
class RecoverForeignTest extends StuckSoak {
    @Test
    void only_plans_that_this_soak_made_are_recovered_and_the_others_are_counted_and_named() throws Exception {
        rig.cp.add("somebody-else-1", 0);
        String like = "soak-1790812800-11"; // our prefix and our second, and yet no plan of ours
        rig.stuck(at("00:00:01"), "somebody-else-1", FIRST_PLAN, like, "soak-1790809200-01");
        RoundRig.Round round = rig.roundAt("01:30:00");
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(4, round.summary().get("stuck_count").asInt());
        assertEquals(3, round.summary().get("stuck_foreign").asInt());
        assertEquals(1, round.summary().get("recovery_ok").asInt());
        assertEquals(0, round.summary().get("foreign_recoveries").asInt());
        assertEquals(0, round.summary().get("recovery_deferred").asInt());
        assertEquals(
                List.of(FIRST_PLAN),
                round.lines("recovery.txt").stream().map(l -> l.split(" ")[0]).toList());
        assertTrue(
                round.err()
                        .contains(
                                "3 stuck plans were not made by this soak and left alone (RECOVER_FOREIGN=yes recovers"
                                        + " such plans too): somebody-else-1, "
                                        + like),
                round.err());
    }

    @Test
    void recover_foreign_yes_recovers_all_and_says_so_in_every_round() throws Exception {
        rig.with("RECOVER_FOREIGN", "yes");
        rig.stuck(at("00:00:01"), "somebody-else-1", FIRST_PLAN);
        RoundRig.Round round = rig.roundAt("01:30:00");
        assertEquals(2, round.summary().get("recovery_ok").asInt());
        assertEquals(1, round.summary().get("foreign_recoveries").asInt());
        assertEquals(1, round.summary().get("stuck_foreign").asInt());
        assertTrue(round.err().contains("recovered and counted (RECOVER_FOREIGN=yes): somebody-else-1"), round.err());
        assertEquals(2, rig.roundAt("02:00:00").refuted().size(), "they are refuted alike");
    }

    @Test
    void nobody_elses_plan_is_ever_rolled_back_by_default() throws Exception {
        rig.with(
                "RECOVERY_STRATEGY",
                "rollback",
                "AUTONOMY_CLI",
                ForeignControlPlane.cli(folder).toString());
        rig.cp.add("somebody-else-1", 0);
        rig.cp.set("stuck_json", "{\"stuck_plans\":[{\"plan_id\":\"somebody-else-1\"}]}");
        RoundRig.Round round = rig.round();
        assertEquals(List.of(), rig.cp.cliCalls());
        assertFalse(Files.exists(round.folder().resolve("recovery-strategy.txt")));
    }

    @Test
    void a_plan_of_a_bash_round_which_wrote_down_no_ids_is_ours_by_prefix_and_second_alone() throws Exception {
        Path legacy = Files.createDirectories(rig.dir.round("2026-10-01/round-003000"));
        Files.writeString(legacy.resolve("plans-created.txt"), "201\n");
        long second = Instant.parse("2026-10-01T00:30:00Z").getEpochSecond();
        String ours = "soak-" + second + "-01";
        String late = "soak-" + (second - 3) + "-02"; // it took its time stamp before its folder's name
        rig.stuck(at("00:00:01"), ours, late, "other-" + second + "-01", "soak-" + (second + 300) + "-01");
        RoundRig.Round round = rig.roundAt("02:00:00");
        assertEquals(
                Set.of(ours, late),
                round.lines("recovery.txt").stream().map(l -> l.split(" ")[0]).collect(Collectors.toSet()));
        assertEquals(2, round.summary().get("stuck_foreign").asInt());
    }

    @Test
    void without_a_scan_nothing_is_known_of_foreign_plans() throws Exception {
        rig.cp.set("stuck", "500");
        assertTrue(rig.round().summary().get("stuck_foreign").isNull());
    }
}
