package selftest;

import static selftest.GoodSoak.at;
import static selftest.Mutations.SUMMARY;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Two statements of one round that disagree, or a value of a wrong type: the worse one counts, and the difference is told. */
final class ContradictionMutations {
  private static final int FIRST = 60;
  private static final int MANY = 20;
  private static final int PLAIN = 102;
  private static final int DRILL = 103;
  private static final String[] UNHEALTHY = {"VAL12-08", "C4"};
  private static final String[] FAILED_RECOVERY = {"VAL12-10", "C2"};

  private ContradictionMutations() {}

  static List<Mutation> all() {
    return List.of(
        // --- health
        many("health ok beside health_http_code 500 and v01_health FAIL", f -> f.put("health_http_code", "500").put("v01_health", "FAIL"))
            .fails(UNHEALTHY).figure("failed_rounds", MANY).names("says health ok, but health_http_code is 500"),
        plain("health ok beside health_http_code 500 alone", f -> f.put("health_http_code", "500")).fails(UNHEALTHY).names("says health ok, but health_http_code is 500"),
        plain("health_http_code as a number", f -> f.put("health_http_code", 500)).fails(UNHEALTHY).names("counts as 000"),
        plain("health ok, and failures say why it failed", f -> ((ObjectNode) f.get("failures")).put("v01_health", "the process is dead"))
            .fails(UNHEALTHY).names("say why it failed: the failure counts"),
        plain("v01_health as a flag", f -> f.put("v01_health", true)).fails(UNHEALTHY).names("v01_health is true"),
        plain("health as a flag", f -> f.put("health", true)).fails(UNHEALTHY).names("health is true"),
        plain("hung, and health ok", f -> f.put("hung", true)).fails(UNHEALTHY).names("hung is true"),
        many("restarted \"true\"", f -> f.put("restarted", "true")).fails(UNHEALTHY).figure("cp_restart_count", MANY).names("restarted is \"true\""),
        many("restarted 1", f -> f.put("restarted", 1)).fails(UNHEALTHY).figure("cp_restart_count", MANY).names("restarted is 1"),
        plain("a restart that took a time and was none", f -> f.put("restart_ms", 1200)).fails(UNHEALTHY).figure("cp_restart_count", 1).names("restart_ms is 1200"),
        plain("rehearsal \"true\"", f -> f.put("rehearsal", "true")).figure("gate_d", "NOT ASSESSED (rehearsal)").names("rehearsal is \"true\""),

        // --- creates and latency
        Mutation.of("create_ok 1000000 for three days without creates", s -> {
          noCreates(s);
          s.summary(at(PLAIN), f -> f.put("create_ok", 1_000_000));
        }).fails("VAL12-09").figure("total_creates", 1007).names("says create_ok=1000000, plans-created.txt has 12"),
        Mutation.of("create_ok 1000000, and the files beside it are gone", s -> {
          noCreates(s);
          s.summary(at(PLAIN), f -> f.put("create_ok", 1_000_000));
          s.delete(at(PLAIN) + "/plans-created.txt");
          s.delete(at(PLAIN) + "/plan-ids.txt");
        }).fails("VAL12-09").figure("total_creates", 1007).names("PLANS_PER_ROUND was 12"),
        Mutation.of("create_ok 1000000, and only plan-ids.txt is left", s -> {
          noCreates(s);
          s.summary(at(PLAIN), f -> f.put("create_ok", 1_000_000));
          s.delete(at(PLAIN) + "/plans-created.txt");
          s.truncate(at(PLAIN) + "/plan-ids.txt", 3 * 19);
        }).fails("VAL12-09").figure("total_creates", 998).names("plan-ids.txt names 3"),
        Mutation.of("round 1: v02_creates FAIL, create_errors 0", s -> s.summary(at(0), f -> f.put("v02_creates", "FAIL"))).fails("VAL12-02").names("says v02_creates FAIL"),
        Mutation.of("round 1: create_errors in words", s -> s.summary(at(0), f -> f.put("create_errors", "none"))).fails("VAL12-02").names("counts as 1"),
        plain("p99_ms as a flag", f -> f.put("p99_ms", true)).fails("C3").names("p99_ms is true"),
        Mutation.of("max_ms of a slow round, create-times.txt gone", s -> {
          s.summary(at(PLAIN), f -> f.put("max_ms", 640.25));
          s.delete(at(PLAIN) + "/create-times.txt");
        }).fails("C3").figure("max_p99_ms", 640.25).names("max_ms of fewer than 100 creates is 640.25"),
        plain("p50_ms above p99_ms and the files", f -> f.put("p50_ms", 640.25)).fails("C3").names("says p50_ms=640.25"),

        // --- the stuck scan
        plain("v03_stuck_scan FAIL, scan_ok true", f -> f.put("v03_stuck_scan", "FAIL")).fails("VAL12-05").names("says v03_stuck_scan FAIL"),
        plain("scan_ok true, and failures say why it failed", f -> ((ObjectNode) f.get("failures")).put("v03_stuck_scan", "HTTP 500"))
            .fails("VAL12-05").names("say why it failed: the failure counts"),
        plain("scan_ok 1", f -> f.put("scan_ok", 1)).fails("VAL12-05").names("counts as false"),
        plain("stuck_count in words", f -> f.put("stuck_count", "none")).figure("total_stuck_plans", 31).names("counts as 1"),
        plain("stuck_count 5 beside a scan that has another type of code", f -> f.put("stuck_count", 5).put("scan_http_code", 200)).fails("VAL12-05").figure("total_stuck_plans", 35)
            .names("scan_http_code is 200"),

        // --- recoveries
        Mutation.of("each recovery.txt says exit=1, the summaries say ok", s -> {
          for (int slot = 3; slot < GoodSoak.SLOTS; slot += GoodSoak.DRILL_EVERY) {
            if (slot != GoodSoak.COMPRESSED) {
              s.replace(at(slot) + "/recovery.txt", " exit=0 ", " exit=1 ");
            }
          }
        }).fails("VAL12-06", "VAL12-10", "C2").figure("total_recovery_fail", 29).names("recovery.txt has 0 and 1"),
        Mutation.of("v04_recovery FAIL, recovery_fail 0", s -> s.summary(at(DRILL), f -> f.put("v04_recovery", "FAIL"))).fails(FAILED_RECOVERY).figure("total_recovery_fail", 1)
            .names("says v04_recovery FAIL"),
        Mutation.of("recovery_fail in words", s -> s.summary(at(DRILL), f -> f.put("recovery_fail", "none"))).fails(FAILED_RECOVERY).names("counts as 1"),
        Mutation.of("recovery_fail \"1e1\"", s -> s.summary(at(DRILL), f -> f.put("recovery_fail", "1e1"))).fails(FAILED_RECOVERY).figure("total_recovery_fail", 10)
            .names("says recovery_ok=1 and recovery_fail=10"),
        Mutation.of("recovery_fail \" +1.0 \"", s -> s.summary(at(DRILL), f -> f.put("recovery_fail", " +1.0 "))).fails(FAILED_RECOVERY).figure("total_recovery_fail", 1)
            .names("says recovery_ok=1 and recovery_fail=1"),
        Mutation.of("recovery_fail 1.0e1", s -> s.edit(at(DRILL) + SUMMARY, text -> text.replaceFirst("\"recovery_fail\" : 0", "\"recovery_fail\" : 1.0e1")))
            .fails(FAILED_RECOVERY).figure("total_recovery_fail", 10).names("says recovery_ok=1 and recovery_fail=10"),

        // --- the fleet
        plain("lost_plans in words", f -> f.put("lost_plans", "none")).fails("C1").names("lost_plans is \"none\""),
        plain("duplicate_plans as a flag", f -> f.put("duplicate_plans", false)).fails("C1").names("duplicate_plans is false"),
        plain("store_check as a flag", f -> f.put("store_check", true)).fails("C1").names("store_check is true"),
        plain("v05_plan_count FAIL beside a full fleet", f -> f.put("v05_plan_count", "FAIL")).names("says v05_plan_count FAIL"),
        plain("metrics_ok \"true\"", f -> f.put("metrics_ok", "true")).names("metrics_ok is \"true\""),

        // --- how the soak was begun
        Mutation.of("setup-summary.txt: cp_mode attached, the rounds say otherwise", s -> s.replace("setup-summary.txt", "cp_mode: external", "cp_mode: attached"))
            .names("setup-summary.txt: says cp_mode: attached"),
        Mutation.of("setup-summary.txt: a slow start on an attached control plane, which the rounds started", s -> {
          s.replace("setup-summary.txt", "cp_mode: external", "cp_mode: attached");
          s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: 20000");
        }).fails("VAL12-01").names("setup-summary.txt"),
        Mutation.of("setup-summary.txt: no start measured on an attached control plane, which the rounds started", s -> {
          s.replace("setup-summary.txt", "cp_mode: external", "cp_mode: attached");
          s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: n/a");
        }).fails("VAL12-01").names("setup-summary.txt"),
        Mutation.of("setup-summary.txt: cp_start_ms -5", s -> s.replace("setup-summary.txt", "cp_start_ms: 412", "cp_start_ms: -5")).fails("VAL12-01").names("setup-summary.txt says -5"));
  }

  private static void noCreates(SoakFolder soak) throws IOException {
    for (int slot = 24; slot < 60; slot++) {
      soak.summary(at(slot), f -> f.put("create_ok", 0));
    }
  }

  private static Mutation plain(String name, Consumer<ObjectNode> change) {
    return Mutation.of(name, s -> s.summary(at(PLAIN), change));
  }

  private static Mutation many(String name, Consumer<ObjectNode> change) {
    return Mutation.of(name + " in " + MANY + " rounds", s -> {
      for (int slot = FIRST; slot < FIRST + MANY; slot++) {
        s.summary(at(slot), change);
      }
    });
  }
}
