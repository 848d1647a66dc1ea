import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rehearsed days whose listings are paged in foreign ways, or come from a replica. */
@Tag("slow")
class RehearseListingTest {
    @TempDir
    Path folder;

    @Test
    void foreign_ways_of_paging_and_a_replica_that_lags_convict_nobody() throws Exception {
        String faults = """
            {"fault": "unknown-paging", "day": 1, "time": "11:00", "rounds": 2},
            {"fault": "other-paging", "day": 1, "time": "07:00", "rounds": 6, "amount": 1},
            {"fault": "other-paging", "day": 1, "time": "10:00", "rounds": 8, "amount": 2},
            {"fault": "other-paging", "day": 1, "time": "14:00", "rounds": 6, "amount": 3},
            {"fault": "replica-lag", "day": 1, "time": "00:00", "rounds": 1, "amount": 3},
            {"fault": "replica-lag", "day": 1, "time": "12:30", "rounds": 4, "amount": 7}\
            """;
        Rehearsed ended = Rehearsed.by(
                "--scenario",
                Rehearsed.scenario(folder, "[" + faults + "]").toString(),
                folder.resolve("a").toString());
        assertEquals(Exit.OK, ended.exit(), ended.out() + ended.err());
        assertTrue(
                ended.out()
                        .contains(
                                "unconfirmed plans, which one listing missed or showed twice and the next did not: in 5"
                                        + " rounds (most 10"),
                ended.out());
        List<Path> rounds = Rehearsed.rounds(folder.resolve("a"));
        for (int slot = 0; slot < rounds.size(); slot++) {
            JsonNode round = Rehearsed.summary(rounds.get(slot));
            boolean unknown = slot == 22 || slot == 23;
            boolean lags = slot == 0 || slot >= 25 && slot < 29;
            assertEquals(
                    unknown ? "null" : Integer.toString((slot + 1) * 10),
                    round.get("plan_count").asText(),
                    "slot " + slot);
            assertEquals(unknown ? "null" : "0", round.get("lost_plans").asText(), "slot " + slot);
            assertEquals(
                    unknown ? "null" : lags ? "10" : "0",
                    round.get("unconfirmed_plans").asText(),
                    "slot " + slot);
            assertFalse(Files.exists(rounds.get(slot).resolve("listing.json.gz")));
        }
        assertTrue(
                Rehearsed.summary(rounds.get(22))
                        .get("failures")
                        .get("v05_plan_count")
                        .asText()
                        .contains("list_cursor"),
                Rehearsed.summary(rounds.get(22)).toString());
    }

    @Test
    void a_replica_that_lags_longer_than_anybody_waits_is_a_loss_with_its_listing_kept() throws Exception {
        Path longer = Rehearsed.scenario(
                folder,
                "[{\"fault\": \"replica-lag\", \"day\": 1, \"time\": \"20:00\", \"amount\": 60}]",
                "C1",
                "FAIL");
        assertEquals(
                Exit.OK,
                Rehearsed.by(
                                "--scenario",
                                longer.toString(),
                                folder.resolve("b").toString())
                        .exit());
        assertEquals(
                10,
                Rehearsed.summary(Rehearsed.rounds(folder.resolve("b")).get(40))
                        .get("lost_plans")
                        .asInt());
        assertTrue(Files.exists(Rehearsed.rounds(folder.resolve("b")).get(40).resolve("listing.json.gz")));
    }
}
