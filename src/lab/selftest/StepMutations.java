package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.PLAIN;
import static lab.selftest.Mutations.SUMMARY;
import static lab.selftest.Mutations.bad;
import static lab.selftest.Mutations.plain;

import java.io.IOException;
import java.util.List;

/** A round whose health, creates, latencies or scan were bad, and a summary that says otherwise. */
final class StepMutations {
    /** On day 3. */
    private static final int EARLY = 30;

    private StepMutations() {}

    static List<Mutation> all() {
        return List.of(
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
                        .names(at(PLAIN) + SUMMARY));
    }

    private static void slow(SoakFolder soak, int slot) throws IOException {
        soak.edit(at(slot) + "/create-times.txt", text -> text.replaceFirst("[0-9.]+\n", "0.640250\n"));
        soak.summary(at(slot), f -> f.put("p99_ms", 640.25).put("max_ms", 640.25));
    }
}
