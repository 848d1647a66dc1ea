package lab.selftest;

import java.util.List;

/** setup-summary.txt: what it says twice, of another soak, or beyond belief. */
final class SetupSummaryMutations {
    private SetupSummaryMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.of(
                                "setup-summary.txt: a PASS stands before its FAIL",
                                s -> s.edit(
                                        "setup-summary.txt",
                                        text -> "result: PASS\n" + text.replace("result: PASS", "result: FAIL")))
                        .fails("VAL12-01")
                        .names("says result more than once: FAIL and PASS"),
                Mutation.of(
                                "setup-summary.txt: a fast start stands before its slow one",
                                s -> s.replace(
                                        "setup-summary.txt",
                                        "cp_start_ms: 412\n",
                                        "cp_start_ms: 412\ncp_start_ms: 20000\n"))
                        .fails("VAL12-01")
                        .names("says cp_start_ms more than once"),
                Mutation.of(
                                "setup-summary.txt of another soak, by its name",
                                s -> s.replace("setup-summary.txt", "soak_id: soak-val12", "soak_id: soak-other"))
                        .fails("VAL12-01")
                        .names("says soak_id: soak-other"),
                Mutation.of(
                                "setup-summary.txt of another soak, by its start",
                                s -> s.replace("setup-summary.txt", "started_at: 2026-10-01", "started_at: 2026-09-01"))
                        .fails("VAL12-01")
                        .names("says started_at: 2026-09-01T00:00:00Z"),
                Mutation.of(
                                "setup-summary.txt: cp_start_ms 1e30",
                                s -> s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: 1e30"))
                        .fails("VAL12-01")
                        .names("setup-summary.txt"),
                Mutation.of(
                                "setup-summary.txt: another target than the rounds'",
                                s -> s.replace("setup-summary.txt", "target_p99_ms: 500", "target_p99_ms: 5000"))
                        .names("says target_p99_ms: 5000, but the soak began with 500"),
                Mutation.of(
                                "setup-summary.txt: an attached control plane, and no round says what it ran against",
                                s -> {
                                    s.replace("setup-summary.txt", "cp_mode: external", "cp_mode: attached");
                                    s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: n/a");
                                    for (String round : s.rounds()) {
                                        s.summary(round, f -> f.remove("cp_mode"));
                                    }
                                })
                        .fails("VAL12-01")
                        .names("setup-summary.txt"),
                Mutation.of(
                                "setup-summary.txt: cp_mode attached, the rounds say otherwise",
                                s -> s.replace("setup-summary.txt", "cp_mode: external", "cp_mode: attached"))
                        .names("setup-summary.txt: says cp_mode: attached"),
                Mutation.of(
                                "setup-summary.txt: a slow start on an attached control plane, which the rounds"
                                        + " started",
                                s -> {
                                    s.replace("setup-summary.txt", "cp_mode: external", "cp_mode: attached");
                                    s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: 20000");
                                })
                        .fails("VAL12-01")
                        .names("setup-summary.txt"),
                Mutation.of(
                                "setup-summary.txt: no start measured on an attached control plane, which the rounds"
                                        + " started",
                                s -> {
                                    s.replace("setup-summary.txt", "cp_mode: external", "cp_mode: attached");
                                    s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: n/a");
                                })
                        .fails("VAL12-01")
                        .names("setup-summary.txt"),
                Mutation.of(
                                "setup-summary.txt: cp_start_ms -5",
                                s -> s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: -5"))
                        .fails("VAL12-01")
                        .names("setup-summary.txt says -5"));
    }
}
