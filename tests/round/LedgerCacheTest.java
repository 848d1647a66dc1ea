import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Folders;
import base.Json;
import cache.DayCache;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import settings.Config;
import workload.ClosedRounds;
import workload.Findings;
import workload.History;
import workload.PlanLedger;
import workload.SoakMetrics;

/** A round reads the files of today's rounds, and of the days that are over what an earlier round made of them. */
@Tag("slow")
class LedgerCacheTest extends AttachedSoak {
    private final List<RoundRig.Round> rounds = new ArrayList<>();

    @BeforeEach
    void run() throws Exception {
        Files.createDirectories(rig.dir.tmp());
        on("2026-10-01T01:00:00Z", 3);
        on("2026-10-02T01:00:00Z", 3);
        Folders.delete(rig.dir.cache()); // where the machine is slow, rounds kept a ledger meanwhile
        Settled.await(folder);
    }

    private RoundRig.Round on(String instant, int count) throws IOException {
        rig.setNow(Instant.parse(instant));
        rounds.addAll(rig.rounds(count));
        return rounds.get(rounds.size() - 1);
    }

    /** What a round of its own process knows: each plan that must be listed, and the metrics. */
    private List<Object> known(DayCache cache) throws IOException {
        History history = History.before(rig.dir, null);
        ClosedRounds closed = new ClosedRounds(cache);
        Findings all = new PlanLedger(history, closed).compare(Map.of());
        return List.of(
                all.lost(),
                all.lastSeen(),
                SoakMetrics.text(
                        Config.read(rig.dir),
                        history,
                        closed,
                        rounds.get(rounds.size() - 1).summary()));
    }

    @Test
    void days_that_are_over_are_kept_and_a_round_knows_the_same_with_and_without() throws Exception {
        RoundRig.Round third = on("2026-10-03T01:00:00Z", 1);
        assertEquals(0, third.exit(), third.err());
        assertEquals(List.of("2026-10-01.ledger", "2026-10-02.ledger"), rig.kept());
        assertEquals(70, third.summary().get("expected_plans").asInt());
        Map<String, String> before = Reports.contents(rig.dir.cache());
        assertEquals(known(DayCache.NONE), known(DayCache.of(Config.read(rig.dir))));
        RoundRig.Round fourth = on("2026-10-03T02:00:00Z", 1);
        assertEquals(80, fourth.summary().get("expected_plans").asInt());
        assertEquals(before, Reports.contents(rig.dir.cache()), "nothing is made anew");
    }

    @Test
    void a_plan_of_a_day_that_is_over_is_missed_when_it_is_gone() throws Exception {
        on("2026-10-03T01:00:00Z", 1);
        String gone = rounds.get(0).lines("plan-ids.txt").get(0);
        rig.cp.set("lose", "1");
        RoundRig.Round next = on("2026-10-03T02:00:00Z", 1);
        assertEquals(List.of(gone), next.ids("lost"));
        assertEquals(80, next.summary().get("expected_plans").asInt());
    }

    @Test
    void two_plans_of_a_day_that_is_over_that_were_given_one_id_stay_two_but_for_one_that_the_soak_rolled_back()
            throws Exception {
        List<String> asked = new ArrayList<>();
        for (RoundRig.Round round : rounds.subList(0, 3)) {
            asked.add(round.lines("plan-ids.txt").get(0));
            Files.writeString(round.folder().resolve("plan-ids-given.txt"), asked.get(asked.size() - 1) + " srv-1\n");
        }
        ObjectNode found =
                (ObjectNode) Json.parse(Files.readString(rounds.get(1).folder().resolve("integrity.json")));
        found.putArray("rolled_back").add("srv-1"); // so the third has its id alone
        Files.writeString(rounds.get(1).folder().resolve("integrity.json"), Json.write(found));
        Settled.await(folder);
        on("2026-10-03T01:00:00Z", 1);
        assertEquals(List.of("2026-10-01.ledger", "2026-10-02.ledger"), rig.kept());
        List<Object> known = known(DayCache.of(Config.read(rig.dir)));
        assertEquals(known(DayCache.NONE), known);
        List<?> expected = List.copyOf((Collection<?>) known.get(0));
        assertTrue(expected.contains(asked.get(1)), expected.toString());
        assertFalse(expected.contains(asked.get(0)) || expected.contains(asked.get(2)), expected.toString());
    }

    @Test
    void a_day_that_leaves_a_question_open_is_read_each_time_so_that_a_restored_file_counts() throws Exception {
        Path codes = rounds.get(1).folder().resolve("plans-created.txt");
        String whole = Files.readString(codes);
        Files.writeString(codes, "201\n201\n");
        Settled.await(folder);
        RoundRig.Round third = on("2026-10-03T01:00:00Z", 1);
        assertEquals(List.of("2026-10-02.ledger"), rig.kept());
        assertEquals(62, third.summary().get("expected_plans").asInt());
        Files.writeString(codes, whole);
        assertEquals(
                80,
                on("2026-10-03T02:00:00Z", 1).summary().get("expected_plans").asInt());
        Files.delete(rounds.get(4).folder().resolve("round-summary.json"));
        Settled.await(folder);
        on("2026-10-03T03:00:00Z", 1);
        assertEquals(known(DayCache.NONE), known(DayCache.of(Config.read(rig.dir))), "an interrupted round");
    }

    @Test
    void a_file_that_is_replaced_and_a_round_that_is_gone_are_seen() throws Exception {
        on("2026-10-03T01:00:00Z", 1);
        Path codes = rounds.get(1).folder().resolve("plans-created.txt");
        Path other = folder.resolve("other");
        Files.writeString(other, "201\n".repeat(9) + "500\n");
        Files.move(other, codes, StandardCopyOption.ATOMIC_MOVE);
        assertEquals(
                79,
                on("2026-10-03T02:00:00Z", 1).summary().get("expected_plans").asInt());
        Settled.await(folder);
        known(DayCache.of(Config.read(rig.dir)));
        Files.writeString(codes, "201\n".repeat(8) + "500\n500\n"); // over the same file: its folder does not change
        assertEquals(known(DayCache.NONE), known(DayCache.of(Config.read(rig.dir))), "written over");
        Path round = rounds.get(3).folder();
        Files.move(round, folder.resolve("aside"));
        on("2026-10-03T03:00:00Z", 1);
        assertEquals(known(DayCache.NONE), known(DayCache.of(Config.read(rig.dir))));
    }

    @Test
    void a_ledger_that_is_damaged_is_passed_over_and_a_cache_that_cannot_be_written_is_no_failure() throws Exception {
        on("2026-10-03T01:00:00Z", 1);
        Path ledger = rig.dir.cache().resolve("2026-10-01.ledger");
        byte[] bytes = Files.readAllBytes(ledger);
        bytes[bytes.length - 1] ^= 1;
        Files.write(ledger, bytes);
        RoundRig.Round next = on("2026-10-03T02:00:00Z", 1);
        assertEquals(80, next.summary().get("expected_plans").asInt());
        assertFalse(next.err().contains("cache"), next.err());
        for (String name : rig.kept()) {
            Files.delete(rig.dir.cache().resolve(name));
        }
        Files.delete(rig.dir.cache());
        Files.writeString(rig.dir.cache(), "a file");
        RoundRig.Round last = on("2026-10-03T03:00:00Z", 1);
        assertEquals(0, last.exit(), last.err());
        assertFalse(last.err().contains("cache"), last.err());
        assertTrue(Files.isRegularFile(rig.dir.cache()));
        assertFalse(last.out().contains("cache"), last.out());
    }

    @Test
    void a_day_whose_set_check_cannot_be_read_is_not_kept() throws Exception {
        Path check = rounds.get(1).folder().resolve("integrity.json");
        Files.writeString(check, "{\"lost\" : [ ], \"rolled_back\" : [ \"" + "x".repeat(80));
        Settled.await(folder);
        on("2026-10-03T01:00:00Z", 1);
        assertEquals(List.of("2026-10-02.ledger"), rig.kept());
    }
}
