package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.PLAIN;
import static lab.selftest.Mutations.SUMMARY;
import static lab.selftest.Mutations.bad;
import static lab.selftest.Mutations.eachRound;
import static lab.selftest.Mutations.plain;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Plans that were lost, listed twice or never counted, and a summary that says otherwise. */
final class FleetMutations {
    private static final String LOST_ID = "soak-1790812800-01";

    private FleetMutations() {}

    static List<Mutation> all() {
        return List.of(
                // --- the fleet
                Mutation.of("a lost plan, v07_integrity still PASS", s -> ids(s, "lost"))
                        .fails("C1")
                        .figure("lost_plans", 1)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("an honest lost plan", s -> {
                            ids(s, "lost");
                            s.summary(at(PLAIN), f -> bad(f, "v07_integrity").put("lost_plans", 1));
                        })
                        .fails("C1")
                        .figure("lost_plans", 1)
                        .names(at(PLAIN)),
                Mutation.of("an honest duplicate", s -> {
                            ids(s, "duplicate");
                            s.summary(at(PLAIN), f -> bad(f, "v07_integrity").put("duplicate_plans", 1));
                        })
                        .fails("C1")
                        .figure("duplicate_plans", 1)
                        .names(at(PLAIN)),
                Mutation.of("plans that one listing alone missed", s -> {
                            ids(s, "unconfirmed");
                            s.summary(at(PLAIN), f -> f.put("unconfirmed_plans", 1));
                        })
                        .names(at(PLAIN).substring("rounds/".length())),
                Mutation.of("a plan that no listing showed, and an answer by its id did", s -> ids(s, "shown_by_id"))
                        .names("note: plans that no listing showed"),
                plain("unconfirmed_plans that integrity.json does not name", f -> f.put("unconfirmed_plans", 3))
                        .names(at(PLAIN) + SUMMARY),
                plain("unconfirmed_plans in words", f -> f.put("unconfirmed_plans", "some"))
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("plans whose ids came back otherwise in each round", s -> {
                            for (String round : s.rounds()) {
                                s.summary(
                                        round,
                                        f -> bad(f, "v07_integrity")
                                                .putNull("lost_plans")
                                                .putNull("duplicate_plans")
                                                .putNull("revived_plans"));
                                s.delete(round + "/integrity.json");
                            }
                        })
                        .fails("C1")
                        .figure("lost_plans", "null")
                        .names("not measured"),
                plain("lost_plans that integrity.json does not name", f -> f.put("lost_plans", 3))
                        .fails("C1")
                        .figure("lost_plans", 3)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("lost_plans null in every round", s -> eachRound(s, f -> f.putNull("lost_plans")))
                        .fails("C1")
                        .names(at(0) + SUMMARY),
                plain("plan_count falls below the target", f -> f.put("plan_count", 42))
                        .fails("C1")
                        .names(at(PLAIN) + SUMMARY),
                plain("plan_count falls, and stays above the target", f -> f.put("plan_count", 500))
                        .fails("C1")
                        .figure("lost_plans", 735)
                        .names(at(PLAIN) + SUMMARY),
                plain("plan_count null, v05_plan_count still PASS", f -> f.putNull("plan_count"))
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("a fleet that never reaches its target", s -> eachRound(s, f -> f.put("plan_count", 99)))
                        .fails("VAL12-03", "C1")
                        .figure("max_plan_count", 99)
                        .names(at(9) + SUMMARY),
                Mutation.of("plan_count in words", s -> eachRound(s, f -> f.put("plan_count", "many")))
                        .fails("VAL12-03", "C1")
                        .names(at(9) + SUMMARY),
                Mutation.of("a fleet that was never counted", s -> eachRound(s, f -> f.putNull("plan_count")))
                        .fails("VAL12-03", "C1")
                        .names(at(9) + SUMMARY),
                plain("a damaged store that store_check tells", f -> f.put("store_check", "row 7 missing from index"))
                        .fails("C1")
                        .names(at(PLAIN)),
                plain(
                                "a store that could not be checked, without its file",
                                f -> f.put("store_unchecked", "plans.db: another process held its lock"))
                        .names(at(PLAIN)),
                Mutation.of("three days without creates", s -> {
                            for (int slot = 24; slot < 60; slot++) {
                                s.summary(at(slot), f -> f.put("create_ok", 0));
                            }
                        })
                        .fails("VAL12-09")
                        .figure("total_creates", 1007)
                        .names(at(24) + SUMMARY),
                Mutation.of("create_ok missing on three days", s -> {
                            for (int slot = 24; slot < 60; slot++) {
                                s.summary(at(slot), f -> f.remove("create_ok"));
                            }
                        })
                        .fails("VAL12-09")
                        .figure("total_creates", 1007)
                        .names(at(24) + SUMMARY),

                // --- what was judged at all
                plain("a round of a rehearsal", f -> f.put("rehearsal", true))
                        .figure("gate_d", "NOT ASSESSED (rehearsal)")
                        .names(at(PLAIN) + SUMMARY),
                plain("a round on the embedded control plane", f -> f.put("cp_mode", "embedded"))
                        .figure("cp_mode", "embedded")
                        .names(at(PLAIN) + SUMMARY));
    }

    private static void ids(SoakFolder soak, String finding) throws IOException {
        soak.edit(at(PLAIN) + "/integrity.json", text -> {
            try {
                ObjectNode tree = (ObjectNode) Json.parse(text);
                tree.withArray(finding).add(LOST_ID);
                return Json.write(tree);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
