package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.DRILL;
import static lab.selftest.Mutations.PLAIN;
import static lab.selftest.Mutations.SUMMARY;
import static lab.selftest.Mutations.plain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Two statements of one round that disagree, or a value of a wrong type: the worse one counts, and the difference is
 * told.
 */
final class ContradictionMutations {
    private static final int FIRST = 60;
    private static final int MANY = 20;
    private static final String[] UNHEALTHY = {"VAL12-08", "C4"};
    private static final String[] FAILED_RECOVERY = {"VAL12-10", "C2"};

    private ContradictionMutations() {}

    static List<Mutation> all() {
        return List.of(
                // --- health
                many(
                                "health ok beside health_http_code 500 and v01_health FAIL",
                                f -> f.put("health_http_code", "500").put("v01_health", "FAIL"))
                        .fails(UNHEALTHY)
                        .figure("failed_rounds", MANY)
                        .names("says health ok, but health_http_code is 500"),
                plain("health ok beside health_http_code 500 alone", f -> f.put("health_http_code", "500"))
                        .fails(UNHEALTHY)
                        .names("says health ok, but health_http_code is 500"),
                plain("health_http_code as a number", f -> f.put("health_http_code", 500))
                        .fails(UNHEALTHY)
                        .names("counts as 000"),
                plain(
                                "health ok, and failures say why it failed",
                                f -> ((ObjectNode) f.get("failures")).put("v01_health", "the process is dead"))
                        .fails(UNHEALTHY)
                        .names("give a reason for failing: the failure counts"),
                plain("v01_health as a flag", f -> f.put("v01_health", true))
                        .fails(UNHEALTHY)
                        .names("v01_health is true"),
                plain("health as a flag", f -> f.put("health", true))
                        .fails(UNHEALTHY)
                        .names("health is true"),
                plain("hung, and health ok", f -> f.put("hung", true))
                        .fails(UNHEALTHY)
                        .names("hung is true"),
                many("restarted \"true\"", f -> f.put("restarted", "true"))
                        .fails(UNHEALTHY)
                        .figure("cp_restart_count", MANY)
                        .names("restarted is \"true\""),
                many("restarted 1", f -> f.put("restarted", 1))
                        .fails(UNHEALTHY)
                        .figure("cp_restart_count", MANY)
                        .names("restarted is 1"),
                plain("a restart that took a time and was none", f -> f.put("restart_ms", 1200))
                        .fails(UNHEALTHY)
                        .figure("cp_restart_count", 1)
                        .names("restart_ms is 1200"),
                plain("rehearsal \"true\"", f -> f.put("rehearsal", "true"))
                        .figure("gate_d", "NOT ASSESSED (rehearsal)")
                        .names("rehearsal is \"true\""),

                // --- creates and latency
                Mutation.of("create_ok 1000000 for three days without creates", s -> {
                            noCreates(s);
                            s.summary(at(PLAIN), f -> f.put("create_ok", 1_000_000));
                        })
                        .fails("VAL12-09")
                        .figure("total_creates", 1007)
                        .names("says create_ok=1000000, but plans-created.txt has 12"),
                Mutation.of("create_ok 1000000, and the files beside it are gone", s -> {
                            noCreates(s);
                            s.summary(at(PLAIN), f -> f.put("create_ok", 1_000_000));
                            s.delete(at(PLAIN) + "/plans-created.txt");
                            s.delete(at(PLAIN) + "/plan-ids.txt");
                        })
                        .fails("VAL12-09")
                        .figure("total_creates", 1007)
                        .names("PLANS_PER_ROUND was 12"),
                Mutation.of("create_ok 1000000, and only plan-ids.txt is left", s -> {
                            noCreates(s);
                            s.summary(at(PLAIN), f -> f.put("create_ok", 1_000_000));
                            s.delete(at(PLAIN) + "/plans-created.txt");
                            s.truncate(at(PLAIN) + "/plan-ids.txt", 3 * 19);
                        })
                        .fails("VAL12-09")
                        .figure("total_creates", 998)
                        .names("plan-ids.txt names 3"),
                Mutation.of(
                                "round 1: v02_creates FAIL, create_errors 0",
                                s -> s.summary(at(0), f -> f.put("v02_creates", "FAIL")))
                        .fails("VAL12-02")
                        .names("says v02_creates FAIL"),
                Mutation.of(
                                "round 1: create_errors in words",
                                s -> s.summary(at(0), f -> f.put("create_errors", "none")))
                        .fails("VAL12-02")
                        .names("counts as 1"),
                plain("p99_ms as a flag", f -> f.put("p99_ms", true))
                        .fails("C3")
                        .names("p99_ms is true"),
                Mutation.of("max_ms of a slow round, create-times.txt gone", s -> {
                            s.summary(at(PLAIN), f -> f.put("max_ms", 640.25));
                            s.delete(at(PLAIN) + "/create-times.txt");
                        })
                        .fails("C3")
                        .figure("max_p99_ms", 640.25)
                        .names("max_ms of fewer than 100 creates is 640.25"),
                plain("p50_ms above p99_ms and the files", f -> f.put("p50_ms", 640.25))
                        .fails("C3")
                        .names("says p50_ms=640.25"),

                // --- the stuck scan
                plain("v03_stuck_scan FAIL, scan_ok true", f -> f.put("v03_stuck_scan", "FAIL"))
                        .fails("VAL12-05")
                        .names("says v03_stuck_scan FAIL"),
                plain(
                                "scan_ok true, and failures say why it failed",
                                f -> ((ObjectNode) f.get("failures")).put("v03_stuck_scan", "HTTP 500"))
                        .fails("VAL12-05")
                        .names("give a reason for failing: the failure counts"),
                Mutation.of(
                                "a scan that holds an error",
                                s -> s.write(at(PLAIN) + "/stuck-scan.json", "{\"error\":\"internal\"}"))
                        .fails("VAL12-05")
                        .names("holds no list of plans"),
                Mutation.of(
                                "a scan whose list lies deeper",
                                s -> s.write(at(PLAIN) + "/stuck-scan.json", "{\"data\":{\"items\":[]}}"))
                        .changesNothing(),
                plain("scan_ok 1", f -> f.put("scan_ok", 1)).fails("VAL12-05").names("counts as false"),
                plain("stuck_count in words", f -> f.put("stuck_count", "none"))
                        .fails(FAILED_RECOVERY)
                        .figure("total_stuck_plans", 31)
                        .names("counts as 1"),
                plain(
                                "stuck_count 5 beside a scan that has another type of code",
                                f -> f.put("stuck_count", 5).put("scan_http_code", 200))
                        .fails("VAL12-05", "VAL12-10", "C2")
                        .figure("total_stuck_plans", 35)
                        .names("scan_http_code is 200"),

                // --- recoveries
                Mutation.of("each recovery.txt says exit=1, the summaries say ok", s -> {
                            for (int slot = 3; slot < GoodSoak.SLOTS; slot += GoodSoak.DRILL_EVERY) {
                                if (slot != GoodSoak.COMPRESSED) {
                                    s.replace(at(slot) + "/recovery.txt", " exit=0 ", " exit=1 ");
                                }
                            }
                        })
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("total_recovery_fail", 29)
                        .names("recovery.txt has 0 and 1"),
                Mutation.of(
                                "v04_recovery FAIL, recovery_fail 0",
                                s -> s.summary(at(DRILL), f -> f.put("v04_recovery", "FAIL")))
                        .fails(FAILED_RECOVERY)
                        .figure("total_recovery_fail", 1)
                        .names("says v04_recovery FAIL"),
                Mutation.of("recovery_fail in words", s -> s.summary(at(DRILL), f -> f.put("recovery_fail", "none")))
                        .fails(FAILED_RECOVERY)
                        .names("counts as 1"),
                Mutation.of("recovery_fail \"1e1\"", s -> s.summary(at(DRILL), f -> f.put("recovery_fail", "1e1")))
                        .fails(FAILED_RECOVERY)
                        .figure("total_recovery_fail", 10)
                        .names("says recovery_ok=1 and recovery_fail=10"),
                Mutation.of(
                                "recovery_fail \" +1.0 \"",
                                s -> s.summary(at(DRILL), f -> f.put("recovery_fail", " +1.0 ")))
                        .fails(FAILED_RECOVERY)
                        .figure("total_recovery_fail", 1)
                        .names("says recovery_ok=1 and recovery_fail=1"),
                Mutation.of("a hundred recoveries that nobody needed, beside one that failed", s -> {
                            s.summary(
                                    at(DRILL),
                                    f -> f.put("recovery_ok", 100)
                                            .put("recovery_fail", 1)
                                            .put("v04_recovery", "FAIL"));
                            s.write(
                                    at(DRILL) + "/recovery.txt",
                                    "soak-1-01 exit=0 ms=12\n".repeat(100) + "soak-1-02 exit=1 ms=9\n");
                        })
                        .fails(FAILED_RECOVERY)
                        .figure("total_recovery_fail", 1)
                        .figure("total_recovery_ok", 29)
                        .names("says recovery_ok=100, but 1 plan was stuck"),
                Mutation.of("a killed round whose recovery.txt holds more than were stuck", s -> {
                            s.delete(at(DRILL) + SUMMARY);
                            s.write(at(DRILL) + "/recovery.txt", "soak-1-01 exit=0 ms=12\n".repeat(100));
                        })
                        .fails(Mutations.INTERRUPTED)
                        .figure("total_recovery_ok", 30)
                        .names("holds 100 successes, but 1 plan was stuck"),
                Mutation.of("recoveries that a killed round's scan does not know", s -> {
                            s.delete(at(DRILL) + SUMMARY);
                            s.delete(at(DRILL) + "/stuck-scan.json");
                        })
                        .fails(Mutations.INTERRUPTED)
                        .figure("total_recovery_ok", 29)
                        .names("but stuck-scan.json is missing: none counts"),
                Mutation.of("a recovery beside a scan that failed", s -> {
                            s.delete(at(DRILL) + "/stuck-scan.json");
                            s.summary(
                                    at(DRILL),
                                    f -> f.put("scan_ok", false)
                                            .put("scan_http_code", "503")
                                            .putNull("stuck_count")
                                            .put("v03_stuck_scan", "FAIL")
                                            .put("v04_recovery", "FAIL"));
                        })
                        .fails("VAL12-05")
                        .figure("total_recovery_ok", 29)
                        .names("says recovery_ok=1, but its scan told no stuck plans: none counts"),
                Mutation.of("a failed recovery is taken out, the scan still shows its plan", s -> {
                            s.delete(at(DRILL) + "/recovery.txt");
                            s.summary(at(DRILL), f -> f.put("recovery_ok", 0).put("drill_recoveries", 0));
                        })
                        .fails(FAILED_RECOVERY)
                        .figure("total_recovery_fail", 1)
                        .names("its scan showed 1 more stuck plan: it counts as a failed recovery"),
                Mutation.of("recoveries null and recovery.txt gone, the step passed", s -> {
                            s.delete(at(DRILL) + "/recovery.txt");
                            s.summary(at(DRILL), f -> f.putNull("recovery_ok").putNull("recovery_fail"));
                        })
                        .fails(FAILED_RECOVERY)
                        .figure("total_recovery_fail", 1)
                        .names("says recovery_ok=null"),
                Mutation.of("an exit code beyond all measure in a killed round", s -> {
                            s.delete(at(DRILL) + SUMMARY);
                            s.replace(at(DRILL) + "/recovery.txt", "exit=0", "exit=99999999999999999999");
                        })
                        .fails("VAL12-05", "VAL12-08", "VAL12-10", "C2", "C4")
                        .figure("total_recovery_fail", 1)
                        .names(at(DRILL)),
                Mutation.of("refuted.txt names a round that is not there", s -> {
                            s.write(at(DRILL + 1) + "/refuted.txt", "2026-10-01/round-111111 soak-1-01\n");
                            s.summary(
                                    at(DRILL + 1),
                                    f -> f.put("recoveries_refuted", 1).put("v04_recovery", "FAIL"));
                        })
                        .fails(FAILED_RECOVERY)
                        .figure("recoveries_refuted", 1)
                        .names("there is no such round: the refutation still counts"),
                Mutation.of(
                                "refuted_recoveries names one that refuted.txt does not",
                                s -> s.summary(
                                        at(DRILL + 1),
                                        f -> f.putArray("refuted_recoveries")
                                                .addObject()
                                                .put("round_id", at(DRILL).substring("rounds/".length()))
                                                .put("plan_id", "soak-1-01")))
                        .fails(FAILED_RECOVERY)
                        .figure("recoveries_refuted", 1)
                        .names("and refuted_recoveries 1 others"),
                Mutation.of(
                                "recovery_fail 1.0e1",
                                s -> s.edit(
                                        at(DRILL) + SUMMARY,
                                        text -> text.replaceFirst(
                                                "\"recovery_fail\" : 0", "\"recovery_fail\" : 1.0e1")))
                        .fails(FAILED_RECOVERY)
                        .figure("total_recovery_fail", 10)
                        .names("says recovery_ok=1 and recovery_fail=10"),

                // --- the fleet
                Mutation.of(
                                "integrity.json: nothing lost, and one never listed",
                                s -> s.edit(
                                        at(PLAIN) + "/integrity.json",
                                        text -> text.replaceFirst("\\}\\s*$", ", \"never_listed\": [\"soak-1-01\"]}")))
                        .fails("C1")
                        .figure("lost_plans", 1)
                        .names("integrity.json names 1"),
                Mutation.of(
                                "integrity.json: nothing lost, and one last seen",
                                s -> s.edit(
                                        at(PLAIN) + "/integrity.json",
                                        text -> text.replaceFirst(
                                                "\\}\\s*$",
                                                ", \"last_seen\": {\"soak-1-01\": \"2026-10-02/round-000000\"}}")))
                        .fails("C1")
                        .figure("lost_plans", 1)
                        .names("integrity.json names 1"),
                Mutation.of(
                                "integrity.json: nothing lost, and one never listed as a text",
                                s -> s.edit(
                                        at(PLAIN) + "/integrity.json",
                                        text -> text.replaceFirst("\\}\\s*$", ", \"never_listed\": \"soak-1-01\"}")))
                        .fails("C1")
                        .names("never_listed is not a list of ids"),
                Mutation.of(
                                "integrity.json: nothing lost, and one last seen as a list",
                                s -> s.edit(
                                        at(PLAIN) + "/integrity.json",
                                        text -> text.replaceFirst("\\}\\s*$", ", \"last_seen\": [\"soak-1-01\"]}")))
                        .fails("C1")
                        .names("last_seen is not an object of ids"),
                Mutation.of(
                                "a listing that convicts, and nothing lost",
                                s -> s.write(at(PLAIN) + "/listing.json.gz", "x"))
                        .fails("C1")
                        .names("exists only if plans were lost or listed twice"),
                plain(
                                "unconfirmed plans that the last listing lacks",
                                f -> f.put("plan_count", f.get("plan_count").asInt() - 3)
                                        .put("unconfirmed_plans", 3))
                        .names("note: unconfirmed plans, which one listing missed"),
                Mutation.of("nothing is expected in any listing", s -> {
                            for (String round : s.rounds()) {
                                s.summary(round, f -> f.put("expected_plans", 0));
                            }
                        })
                        .fails("C1")
                        .names("the set check did not cover all of them and does not count"),
                plain(
                                "not all promised plans are expected",
                                f -> f.put(
                                        "expected_plans",
                                        f.get("expected_plans").asInt() - 5))
                        .names("the set check did not cover all promised plans"),
                plain("port_conflict, and all steps passed", f -> f.put("port_conflict", true))
                        .names("says port_conflict, but all its steps passed"),
                plain("lost_plans in words", f -> f.put("lost_plans", "none"))
                        .fails("C1")
                        .names("lost_plans is \"none\""),
                plain("duplicate_plans as a flag", f -> f.put("duplicate_plans", false))
                        .fails("C1")
                        .names("duplicate_plans is false"),
                plain("store_check as a flag", f -> f.put("store_check", true))
                        .fails("C1")
                        .names("store_check is true"),
                plain("v05_plan_count FAIL beside a full fleet", f -> f.put("v05_plan_count", "FAIL"))
                        .names("says v05_plan_count FAIL"),
                plain("metrics_ok \"true\"", f -> f.put("metrics_ok", "true")).names("metrics_ok is \"true\""),

                // --- what a round always tells
                plain("failures as a text", f -> f.put("failures", "v01_health: the process is dead"))
                        .names("failures is \"v01_health"),
                plain("refuted_recoveries as a text", f -> f.put("refuted_recoveries", "none"))
                        .names("refuted_recoveries is \"none\""),
                plain("steps that tell nothing", f -> f.putNull("v01_health").remove("v03_stuck_scan"))
                        .names("does not report v01_health, v03_stuck_scan"),
                plain("rehearsal null", f -> f.putNull("rehearsal")).names("does not report rehearsal"),
                plain("health ok without a code", f -> f.putNull("health_http_code"))
                        .names("does not report health_http_code"),
                plain("a create is taken out of all figures and files", f -> f.put("create_ok", 11))
                        .figure("total_creates", 1438)
                        .names("some creates were removed"),
                plain("started_at infinity", f -> f.put("started_at", "infinity"))
                        .fails(Mutations.INTERRUPTED)
                        .names("started_at cannot be read"));
    }

    private static void noCreates(SoakFolder soak) throws IOException {
        for (int slot = 24; slot < 60; slot++) {
            soak.summary(at(slot), f -> f.put("create_ok", 0));
        }
    }

    private static Mutation many(String name, Consumer<ObjectNode> change) {
        return Mutation.of(name + " in " + MANY + " rounds", s -> {
            for (int slot = FIRST; slot < FIRST + MANY; slot++) {
                s.summary(at(slot), change);
            }
        });
    }
}
