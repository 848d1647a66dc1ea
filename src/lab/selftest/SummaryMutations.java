package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.INTERRUPTED;
import static lab.selftest.Mutations.SUMMARY;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import soak.Json;

/** round-summary.json: damaged, mistyped, contradictory, or telling of a round that was bad. */
final class SummaryMutations {
    private static final int PLAIN = 102;
    private static final int DRILL = 103;
    /** Both on day 3. */
    private static final int EARLY = 30;

    private static final int EARLY_DRILL = 31;
    private static final String LOST_ID = "soak-1790812800-01";

    private SummaryMutations() {}

    static List<Mutation> all() {
        return List.of(
                // --- no summary at all
                broken("cut off", text -> text.substring(0, text.length() / 2)),
                broken("empty", text -> ""),
                broken("null", text -> "null\n"),
                broken("an array", text -> "[" + text + "]"),
                broken("two objects", text -> text + text),
                broken("all NUL bytes", text -> "\0".repeat(200)),
                Mutation.of(
                                "a summary behind a byte order mark",
                                s -> s.edit(at(PLAIN) + SUMMARY, text -> "\uFEFF" + text))
                        .changesNothing(),
                broken(
                        "of a round with p99_ms NaN",
                        text -> text.replaceFirst("\"p99_ms\" : [0-9.]+", "\"p99_ms\" : NaN")),
                broken(
                        "of a key that stands twice",
                        text -> text.replaceFirst("\"health\"", "\"health\" : \"failed\", \"health\"")),
                broken(
                        "with half a character",
                        text -> text.replaceFirst("\"cp_mode\" : \"external\"", "\"cp_mode\" : \"\\\\ud800\"")),
                broken("without anything", text -> "{}\n"),
                broken(
                        "of another second",
                        text -> text.replaceFirst("\"unix_ts\" : (\\d+)", "\"unix_ts\" : 1790812801")),
                Mutation.of(
                                "CRLF line ends in a summary",
                                s -> s.edit(at(PLAIN) + SUMMARY, text -> text.replace("\n", "\r\n")))
                        .changesNothing(),
                plain(
                                "numbers as strings",
                                f -> f.put("create_ok", "12")
                                        .put("create_errors", "0")
                                        .put("p99_ms", f.get("p99_ms").asText())
                                        .put("plan_count", f.get("plan_count").asText()))
                        .changesNothing(),
                plain("a field that nobody knows", f -> f.put("mood", "good")).changesNothing(),

                // --- values of the wrong type or size
                plain("create_ok in words", f -> f.put("create_ok", "twelve"))
                        .figure("total_creates", 1427)
                        .names(at(PLAIN) + SUMMARY),
                plain("a negative create_ok", f -> f.put("create_ok", -12))
                        .figure("total_creates", 1427)
                        .names(at(PLAIN) + SUMMARY),
                plain("p99_ms in seconds", f -> f.put("p99_ms", f.get("p99_ms").asDouble() / 1000))
                        .names(at(PLAIN) + SUMMARY),
                plain("a negative p99_ms", f -> f.put("p99_ms", -5)).fails("C3").names(at(PLAIN) + SUMMARY),
                plain("p99_ms null, though plans were created", f -> f.putNull("p99_ms"))
                        .names(at(PLAIN) + SUMMARY),
                plain("create_ok null", f -> f.putNull("create_ok"))
                        .figure("total_creates", 1427)
                        .names(at(PLAIN) + SUMMARY),
                plain("create_errors null", f -> f.putNull("create_errors")).names(at(PLAIN) + SUMMARY),
                plain("stuck_count null, scan_ok still true", f -> f.putNull("stuck_count"))
                        .names(at(PLAIN) + SUMMARY),
                plain("restarted null, health still ok", f -> f.putNull("restarted"))
                        .names(at(PLAIN) + SUMMARY),
                plain("restarted as a string", f -> f.put("restarted", "no"))
                        .fails("VAL12-08", "C4")
                        .names(at(PLAIN) + SUMMARY),
                plain("schema 2", f -> f.put("schema", 2)).names(at(PLAIN) + SUMMARY),
                plain("another slot's number", f -> f.put("slot", 99)).names(at(PLAIN) + SUMMARY),
                plain("another round's ordinal", f -> f.put("round", 99))
                        .fails(INTERRUPTED)
                        .names(at(PLAIN) + SUMMARY),

                // --- health
                plain("health in upper case", f -> f.put("health", "OK"))
                        .fails("VAL12-08", "C4")
                        .figure("failed_rounds", 1)
                        .names(at(PLAIN) + SUMMARY),
                plain("health renamed", f -> f.set("Health", f.remove("health")))
                        .fails("VAL12-08", "C4")
                        .names(at(PLAIN) + SUMMARY),
                plain(
                                "an honest failed health check",
                                f -> bad(f, "v01_health")
                                        .put("health", "failed")
                                        .put("health_http_code", "000"))
                        .fails("VAL12-08", "C4")
                        .figure("failed_rounds", 1)
                        .names(at(PLAIN)),
                plain("health failed, v01_health still PASS", f -> f.put("health", "failed"))
                        .fails("VAL12-08", "C4")
                        .names(at(PLAIN) + SUMMARY),
                plain(
                                "an honest restart",
                                f -> bad(f, "v01_health")
                                        .put("health", "failed")
                                        .put("restarted", true))
                        .fails("VAL12-08", "C4")
                        .figure("cp_restart_count", 1)
                        .names(at(PLAIN)),
                plain("v01_health FAIL, health still ok", f -> f.put("v01_health", "FAIL"))
                        .fails("VAL12-08", "C4")
                        .names(at(PLAIN) + SUMMARY),

                // --- creates and latency
                Mutation.of("a refused create in round 1", s -> {
                            s.summary(
                                    at(0),
                                    f -> bad(f, "v02_creates")
                                            .put("create_ok", 11)
                                            .put("create_errors", 1));
                            s.edit(at(0) + "/plans-created.txt", text -> text.replaceFirst("201", "503"));
                        })
                        .fails("VAL12-02")
                        .figure("total_create_errors", 2)
                        .names(at(0)),
                Mutation.of(
                                "round 1 says that a create failed, its codes do not",
                                s -> s.summary(
                                        at(0), f -> f.put("create_ok", 11).put("create_errors", 1)))
                        .fails("VAL12-02")
                        .names(at(0) + SUMMARY),
                Mutation.of("round 1 created too few", s -> s.summary(at(0), f -> f.put("create_ok", 11)))
                        .fails("VAL12-02")
                        .names(at(0) + SUMMARY),
                Mutation.of("round 1 lacks create_errors", s -> s.summary(at(0), f -> f.remove("create_errors")))
                        .fails("VAL12-02")
                        .names(at(0) + SUMMARY),
                Mutation.of("a refused create that nulls create_errors", s -> {
                            s.summary(
                                    at(PLAIN),
                                    f -> bad(f, "v02_creates")
                                            .put("create_ok", 11)
                                            .putNull("create_errors"));
                            s.edit(at(PLAIN) + "/plans-created.txt", text -> text.replaceFirst("201", "503"));
                        })
                        .figure("total_create_errors", 2)
                        .names(at(PLAIN) + SUMMARY),
                plain("create_ok inflated", f -> f.put("create_ok", 1000))
                        .figure("total_creates", 1439)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("a slow round 1", s -> slow(s, 0))
                        .fails("VAL12-04", "VAL12-07", "C3")
                        .figure("round1_p99_ms", 640.25)
                        .names(at(0)),
                Mutation.of("a slow round on day 3", s -> slow(s, EARLY))
                        .fails("VAL12-07", "C3")
                        .figure("p99_ms_7d", 640.25)
                        .names(at(EARLY)),
                Mutation.of("a slow round on day 9", s -> slow(s, PLAIN))
                        .fails("C3")
                        .figure("max_p99_ms", 640.25)
                        .names(at(PLAIN)),
                Mutation.of("a slow round on day 3 that nulls its p99_ms", s -> {
                            slow(s, EARLY);
                            s.summary(at(EARLY), f -> f.putNull("p99_ms").putNull("max_ms"));
                        })
                        .fails("VAL12-07", "C3")
                        .figure("p99_ms_7d", 640.25)
                        .names(at(EARLY) + SUMMARY),
                Mutation.of("a slow round on day 3 that says it in seconds", s -> {
                            slow(s, EARLY);
                            s.summary(at(EARLY), f -> f.put("p99_ms", 0.64025));
                        })
                        .fails("VAL12-07", "C3")
                        .figure("p99_ms_7d", 640.25)
                        .names(at(EARLY) + SUMMARY),
                Mutation.of("no latency at all in round 1", s -> {
                            s.summary(at(0), f -> f.putNull("p99_ms"));
                            s.delete(at(0) + "/create-times.txt");
                        })
                        .fails("VAL12-04", "VAL12-07", "C3")
                        .names(at(0)),
                Mutation.of("no latency in a round that nulls create_ok too", s -> {
                            s.summary(at(PLAIN), f -> f.putNull("p99_ms").putNull("create_ok"));
                            s.delete(at(PLAIN) + "/create-times.txt");
                        })
                        .fails("C3")
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("p99_ms null and one of its latencies left", s -> {
                            s.summary(at(PLAIN), f -> f.putNull("p99_ms"));
                            s.edit(
                                    at(PLAIN) + "/create-times.txt",
                                    text -> text.lines().findFirst().orElseThrow() + "\n");
                        })
                        .fails("C3")
                        .names(at(PLAIN) + SUMMARY),
                plain("a p99_ms beyond all measure", f -> f.put("p99_ms", 1e99))
                        .fails("C3")
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("plan_count and create_ok beyond all measure", s -> {
                            for (int slot : new int[] {PLAIN, PLAIN + 1}) {
                                s.summary(
                                        at(slot),
                                        f -> f.put("plan_count", Long.MAX_VALUE).put("create_ok", Long.MAX_VALUE));
                            }
                        })
                        .fails("C1")
                        .names(at(PLAIN) + SUMMARY),
                plain("expected_plans falls below what the round created", f -> f.put("expected_plans", 10))
                        .fails("C1")
                        .names(at(PLAIN) + SUMMARY),

                // --- the stuck scan
                plain(
                                "a scan that failed",
                                f -> bad(f, "v03_stuck_scan")
                                        .put("scan_ok", false)
                                        .put("scan_http_code", "500")
                                        .putNull("stuck_count"))
                        .fails("VAL12-05")
                        .figure("scan_failures", 1)
                        .names(at(PLAIN)),
                plain("scan_ok false, v03_stuck_scan still PASS", f -> f.put("scan_ok", false))
                        .fails("VAL12-05")
                        .names(at(PLAIN) + SUMMARY),
                plain("scan_http_code as a number", f -> f.put("scan_http_code", 200))
                        .fails("VAL12-05")
                        .names(at(PLAIN) + SUMMARY),
                plain("scan_ok as a string", f -> f.put("scan_ok", "true"))
                        .fails("VAL12-05")
                        .names(at(PLAIN) + SUMMARY),
                plain("a stuck_count that the scan does not hold", f -> f.put("stuck_count", 5))
                        .fails("VAL12-10", "C2")
                        .figure("total_recovery_fail", 5)
                        .names(at(PLAIN) + SUMMARY),

                // --- recoveries
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
                        .names(at(3) + SUMMARY),

                // --- the fleet
                Mutation.of("a lost plan, v07_integrity still PASS", s -> ids(s, PLAIN, "lost"))
                        .fails("C1")
                        .figure("lost_plans", 1)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("an honest lost plan", s -> {
                            ids(s, PLAIN, "lost");
                            s.summary(at(PLAIN), f -> bad(f, "v07_integrity").put("lost_plans", 1));
                        })
                        .fails("C1")
                        .figure("lost_plans", 1)
                        .names(at(PLAIN)),
                Mutation.of("an honest duplicate", s -> {
                            ids(s, PLAIN, "duplicate");
                            s.summary(at(PLAIN), f -> bad(f, "v07_integrity").put("duplicate_plans", 1));
                        })
                        .fails("C1")
                        .figure("duplicate_plans", 1)
                        .names(at(PLAIN)),
                Mutation.of("plans that one listing alone missed", s -> {
                            ids(s, PLAIN, "unconfirmed");
                            s.summary(at(PLAIN), f -> f.put("unconfirmed_plans", 1));
                        })
                        .names(at(PLAIN).substring("rounds/".length())),
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

    private interface Text {
        String of(String text);
    }

    private static Mutation broken(String how, Text change) {
        return Mutation.of("a summary " + how, s -> s.edit(at(PLAIN) + SUMMARY, change::of))
                .fails(INTERRUPTED)
                .figure("interrupted_rounds", 1)
                .names(at(PLAIN) + SUMMARY);
    }

    private static Mutation plain(String name, Consumer<ObjectNode> change) {
        return Mutation.of(name, s -> s.summary(at(PLAIN), change));
    }

    private static void eachRound(SoakFolder soak, Consumer<ObjectNode> change) throws IOException {
        for (String round : soak.rounds()) {
            soak.summary(round, change.andThen(f -> f.put("touched", true)));
        }
    }

    /** As a round marks a step that failed. */
    private static ObjectNode bad(ObjectNode summary, String step) {
        ((ObjectNode) summary.get("failures")).put(step, "it failed");
        return summary.put(step, "FAIL");
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

    private static void slow(SoakFolder soak, int slot) throws IOException {
        soak.edit(at(slot) + "/create-times.txt", text -> text.replaceFirst("[0-9.]+\n", "0.640250\n"));
        soak.summary(at(slot), f -> f.put("p99_ms", 640.25).put("max_ms", 640.25));
    }

    private static void failedRecovery(SoakFolder soak, int slot) throws IOException {
        soak.replace(at(slot) + "/recovery.txt", " exit=0 ", " exit=1 ");
        soak.summary(at(slot), f -> bad(f, "v04_recovery").put("recovery_ok", 0).put("recovery_fail", 1));
    }

    private static void ids(SoakFolder soak, int slot, String finding) throws IOException {
        soak.edit(at(slot) + "/integrity.json", text -> {
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
