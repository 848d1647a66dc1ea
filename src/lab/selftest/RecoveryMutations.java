package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.DRILL;
import static lab.selftest.Mutations.PLAIN;
import static lab.selftest.Mutations.SUMMARY;
import static lab.selftest.Mutations.bad;
import static lab.selftest.Mutations.eachRound;
import static lab.selftest.Mutations.plain;

import java.io.IOException;
import java.util.List;

/** Recoveries that failed, were refuted or never tried, and a summary that says otherwise. */
final class RecoveryMutations {
    /** On day 3. */
    private static final int EARLY_DRILL = 31;

    private RecoveryMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.of("a failed recovery on day 3", s -> failedRecovery(s, EARLY_DRILL))
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("total_recovery_fail", 1)
                        .names(at(EARLY_DRILL)),
                Mutation.of("a failed recovery on day 9", s -> failedRecovery(s, DRILL))
                        .fails("VAL12-10", "C2")
                        .figure("total_recovery_fail", 1)
                        .names(at(DRILL)),
                Mutation.of("a failed recovery that nulls recovery_fail", s -> {
                            failedRecovery(s, EARLY_DRILL);
                            s.summary(at(EARLY_DRILL), f -> f.putNull("recovery_fail"));
                        })
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .names(at(EARLY_DRILL) + SUMMARY),
                Mutation.of("failed recoveries whose successes are null, recovery.txt gone", s -> {
                            s.summary(
                                    at(EARLY_DRILL),
                                    f -> bad(f, "v04_recovery")
                                            .putNull("recovery_ok")
                                            .put("recovery_fail", 50));
                            s.delete(at(EARLY_DRILL) + "/recovery.txt");
                        })
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("total_recovery_fail", 50)
                        .names(at(EARLY_DRILL) + SUMMARY),
                Mutation.of(
                                "a recovery of day 3 that the next round refutes",
                                s -> refuted(s, EARLY_DRILL, EARLY_DRILL + 1))
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("recoveries_refuted", 1)
                        .figure("rollback_rate_7d_by_exit_code", 1.0)
                        .figure("total_recovery_ok", 30)
                        .names(at(EARLY_DRILL + 1)),
                Mutation.of("a recovery of day 9 that is refuted", s -> refuted(s, DRILL, DRILL + 1))
                        .fails("VAL12-10", "C2")
                        .figure("recoveries_refuted", 1)
                        .names(at(DRILL + 1)),
                Mutation.of(
                                "a recovery of the last round of day 7 that the first of day 8 refutes",
                                s -> refuted(s, 7 * GoodSoak.SLOTS_A_DAY - 1, 7 * GoodSoak.SLOTS_A_DAY))
                        .fails("VAL12-10", "C2")
                        .figure("recoveries_refuted", 1)
                        .names(at(7 * GoodSoak.SLOTS_A_DAY)),
                Mutation.of("a recovery that two rounds refute counts once", s -> {
                            refuted(s, DRILL, DRILL + 1);
                            refuted(s, DRILL, DRILL + 2);
                        })
                        .fails("VAL12-10", "C2")
                        .figure("recoveries_refuted", 1)
                        .names(at(DRILL + 1)),
                Mutation.of("a refuted recovery, refuted.txt gone", s -> {
                            refuted(s, EARLY_DRILL, EARLY_DRILL + 1);
                            s.delete(at(EARLY_DRILL + 1) + "/refuted.txt");
                        })
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("recoveries_refuted", 1)
                        .names(at(EARLY_DRILL + 1) + SUMMARY),
                Mutation.of("a refuted recovery that the summary does not own to", s -> {
                            refuted(s, EARLY_DRILL, EARLY_DRILL + 1);
                            s.summary(at(EARLY_DRILL + 1), f -> f.put("recoveries_refuted", 0));
                        })
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("recoveries_refuted", 1)
                        .names(at(EARLY_DRILL + 1) + SUMMARY),
                Mutation.of("a refuted recovery, and v04_recovery still PASS", s -> {
                            refuted(s, DRILL, DRILL + 1);
                            s.summary(at(DRILL + 1), f -> f.put("v04_recovery", "PASS"));
                        })
                        .fails("VAL12-10", "C2")
                        .names(at(DRILL + 1) + SUMMARY + ": says v04_recovery"),
                Mutation.of(
                                "more refuted recoveries than ever succeeded",
                                s -> s.summary(at(PLAIN), f -> f.put("recoveries_refuted", 1_000)))
                        .fails("VAL12-10", "C2")
                        .figure("agg_rollback_rate", 0.0)
                        .names(at(PLAIN) + SUMMARY),
                plain("recoveries_refuted in words", f -> f.put("recoveries_refuted", "none"))
                        .fails("VAL12-10", "C2")
                        .names(at(PLAIN) + SUMMARY),
                plain("plans of other people left alone", f -> f.put("stuck_foreign", 3))
                        .names("this soak did not make: up to 3 at once"),
                plain("recoveries of other people's plans", f -> f.put("foreign_recoveries", 1))
                        .names("1 recovery of such plans ran and counts"),
                Mutation.of(
                                "config.env: RECOVER_FOREIGN=yes",
                                s -> s.edit("config.env", text -> text + "RECOVER_FOREIGN=yes\n"))
                        .names("RECOVER_FOREIGN=yes"),
                Mutation.of(
                                "recovery_fail 1, recovery.txt says otherwise",
                                s -> s.summary(
                                        at(DRILL), f -> f.put("recovery_ok", 0).put("recovery_fail", 1)))
                        .fails("VAL12-10", "C2")
                        .names(at(DRILL) + SUMMARY),
                Mutation.of(
                                "no recovery attempt in any summary",
                                s -> eachRound(
                                        s,
                                        f -> f.put("recovery_ok", 0)
                                                .put("recovery_fail", 0)
                                                .put("drill_recoveries", 0)))
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("total_recovery_attempts", 0)
                        .names(at(3) + SUMMARY),
                Mutation.of("no recovery attempt on days 1-7", s -> {
                            for (int slot = 3; slot < 7 * GoodSoak.SLOTS_A_DAY; slot += GoodSoak.DRILL_EVERY) {
                                s.summary(at(slot), f -> f.put("recovery_ok", 0).put("drill_recoveries", 0));
                            }
                        })
                        .fails("VAL12-06")
                        .figure("rollback_rate_7d", "null")
                        .names(at(3) + SUMMARY));
    }

    /** As a round writes it whose scan shows the plan of an earlier round's drill as if nobody had touched it. */
    private static void refuted(SoakFolder soak, int recovered, int refuting) throws IOException {
        String roundId = at(recovered).substring("rounds/".length());
        String plan = soak.text(at(recovered) + "/drill-plan.txt").strip();
        soak.write(at(refuting) + "/refuted.txt", roundId + " " + plan + "\n");
        soak.summary(
                at(refuting),
                f -> bad(f, "v04_recovery")
                        .put("recoveries_refuted", 1)
                        .putArray("refuted_recoveries")
                        .addObject()
                        .put("round_id", roundId)
                        .put("plan_id", plan));
    }

    private static void failedRecovery(SoakFolder soak, int slot) throws IOException {
        soak.replace(at(slot) + "/recovery.txt", " exit=0 ", " exit=1 ");
        soak.summary(at(slot), f -> bad(f, "v04_recovery").put("recovery_ok", 0).put("recovery_fail", 1));
    }
}
