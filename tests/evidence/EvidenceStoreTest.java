import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store's own check says of a soak. */
@Tag("slow")
class EvidenceStoreTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(2).interval(21600).drillEvery(0).rounds(0, 8);
    }

    @Test
    void damage_found_by_the_stores_own_check_fails_the_claim_though_no_plan_is_lost() {
        SoakFixture soak = soak().round(0, r -> r.set("store_check", "ok"))
                .round(4, r -> r.set("store_check", "plans.db: row 7 missing from index"));
        try (EvidenceDatabase database = Databases.judged(soak.set("TARGET_PLAN_COUNT", "10"))) {
            Map<String, Object> claim = database.query("SELECT verdict, value, detail FROM claims WHERE id = 'C1'")
                    .get(0);
            assertEquals("FAIL", claim.get("verdict"));
            assertEquals(0.0, claim.get("value"));
            assertTrue(
                    claim.get("detail")
                            .toString()
                            .endsWith(", store damaged on 1 of 2 days checked, first in 2026-10-02/round-000000:"
                                    + " plans.db: row 7 missing from index"),
                    claim.toString());
            assertEquals(
                    Arrays.asList("ok", "plans.db: row 7 missing from index"),
                    Databases.one(database, "SELECT list(store_check ORDER BY date) FROM daily"));
        }
    }

    @Test
    void a_clean_check_says_on_how_many_days_and_no_check_says_so() {
        try (EvidenceDatabase database =
                Databases.judged(soak().set("TARGET_PLAN_COUNT", "10").round(0, r -> r.set("store_check", "ok")))) {
            assertEquals("PASS", Databases.one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
            assertTrue(Databases.one(database, "SELECT detail FROM claims WHERE id = 'C1'")
                    .toString()
                    .endsWith(", store checked ok on 1 of 2 days (1 check, in 2026-10-01/round-000000), not on"
                            + " 2026-10-02"));
            assertEquals(
                    Arrays.asList("ok", null),
                    Databases.one(database, "SELECT list(store_check ORDER BY date) FROM daily"));
        }
    }

    @Test
    void a_store_that_could_not_be_checked_fails_nothing_and_is_said_with_its_reason() {
        try (EvidenceDatabase database = Databases.judged(SoakFixture.in(folder.resolve("attached"))
                .days(2)
                .interval(21600)
                .set("CP_MODE", "attached")
                .rounds(0, 8))) {
            String detail = Databases.one(database, "SELECT detail FROM claims WHERE id = 'C1'")
                    .toString();
            assertTrue(
                    detail.contains(", store not checked: a soak cannot reach the store of an attached control plane,"),
                    detail);
        }
        String file =
                "{\"result\": null, \"databases\": [], \"unchecked\": {\"plans.db\": \"locked\", \"a \\\"b\\\".db\":"
                        + " \"encrypted\"}, \"ms\": 1}";
        SoakFixture soak = soak().set("TARGET_PLAN_COUNT", "10")
                .round(0, r -> r.set("store_check", "ok").raw("store-check.json", "{\"result\": \"ok\"}"))
                .round(1, r -> r.set("store_check", "ok").raw("store-check.json", "{\"result\": \"ok\"}"))
                .round(
                        3,
                        r -> r.set("store_unchecked", "a \"b\".db: encrypted; plans.db: locked")
                                .raw("store-check.json", file))
                .round(
                        4,
                        r -> r.interrupted()
                                .raw(
                                        "store-check.json",
                                        "{\"result\": null, \"unchecked\": {\"plans.db\": \"locked\"}}"));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals("PASS", Databases.one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
            String detail = Databases.one(database, "SELECT detail FROM claims WHERE id = 'C1'")
                    .toString();
            assertTrue(
                    detail.endsWith(
                            ", store checked ok on 1 of 2 days (2 checks, first in 2026-10-01/round-000000, last in"
                                + " 2026-10-01/round-060000), not on 2026-10-02, store could not be checked in full in"
                                + " 2 rounds, last in 2026-10-02/round-000000: plans.db: locked"),
                    detail);
            assertEquals(
                    "a \"b\".db: encrypted; plans.db: locked",
                    Databases.one(database, "SELECT store_unchecked FROM rounds WHERE slot = 3"));
            assertEquals(
                    List.of(),
                    Databases.problems(database).stream()
                            .filter(problem -> problem.contains("store"))
                            .toList());
        }
    }

    @Test
    void damage_that_a_killed_round_found_is_not_forgotten_and_beats_a_later_ok() {
        SoakFixture soak = soak().set("TARGET_PLAN_COUNT", "10")
                .round(
                        1,
                        r -> r.interrupted()
                                .raw(
                                        "store-check.json",
                                        "{\"result\": \"plans.db: broken page\", \"databases\": [\"plans.db\"],"
                                                + " \"ms\": 3}"))
                .round(2, r -> r.set("store_check", "ok"));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals("FAIL", Databases.one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
            assertEquals(
                    Arrays.asList("plans.db: broken page", null),
                    Databases.one(database, "SELECT list(store_check ORDER BY date) FROM daily"));
        }
    }

    @Test
    void a_summary_and_its_store_check_that_disagree_are_listed() {
        SoakFixture soak = soak().round(
                        1,
                        r -> r.set("store_check", "ok")
                                .set("v07_integrity", "FAIL")
                                .raw("store-check.json", "{\"result\": \"x.db: broken\"}"))
                .round(2, r -> r.set("store_check", "ok").raw("store-check.json", "{\"result\":"));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of(
                            "rounds/2026-10-01/round-060000/round-summary.json says store_check \"ok\","
                                    + " but store-check.json says \"x.db: broken\": the damage counts",
                            "rounds/2026-10-01/round-120000/store-check.json is cut off (line 1, column 11)"),
                    Databases.problems(database));
            assertEquals("FAIL", Databases.one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
        }
    }
}
