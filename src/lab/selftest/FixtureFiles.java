package lab.selftest;

import base.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a round of a fixture leaves in its folder: the raw files, and the summary that tells of them. */
final class FixtureFiles {
    private final FixtureRound round;

    FixtureFiles(FixtureRound round) {
        this.round = round;
    }

    void write(long ordinal, long plans) throws IOException {
        Path folder = round.soak.dir().round(round.id());
        Files.createDirectories(folder);
        boolean drill = round.drilled == null && round.soak.drillEvery > 0 && ordinal % round.soak.drillEvery == 0;
        if (drill) {
            round.recoveries.add(true);
        }
        int ok = (int) round.recoveries.stream().filter(r -> r).count();
        Map<String, String> texts = new LinkedHashMap<>();
        StringBuilder ids = new StringBuilder();
        StringBuilder times = new StringBuilder();
        StringBuilder recovered = new StringBuilder();
        for (int i = 0; i < round.codes.size(); i++) {
            ids.append(round.planId(i + 1)).append('\n');
            times.append(String.format(Locale.ROOT, "%.6f\n", round.seconds.get(i)));
        }
        for (int i = 0; i < round.recoveries.size(); i++) {
            recovered
                    .append(drill ? round.planId(round.codes.size()) : round.recoveredPlan(i + 1))
                    .append(round.recoveries.get(i) ? " exit=0 ms=12\n  recovered\n" : " exit=1 ms=15\n  error: 503\n");
        }
        if (!round.legacy) {
            texts.put("plan-ids.txt", ids.toString());
        }
        texts.put("plans-created.txt", round.codes.isEmpty() ? "" : String.join("\n", round.codes) + "\n");
        texts.put("create-times.txt", times.toString());
        StringBuilder stuck = new StringBuilder();
        for (int i = 0; i < round.recoveries.size() + round.stuckBeyondRecoveries; i++) {
            stuck.append(i == 0 ? "" : ",")
                    .append("{\"plan_id\":\"stuck-")
                    .append(i)
                    .append("\"}");
        }
        texts.put("stuck-scan.json", "{\"stuck_plans\":[" + stuck + "]}");
        if (!round.recoveries.isEmpty()) {
            texts.put("recovery.txt", recovered.toString());
        }
        if (!round.refuted.isEmpty()) {
            texts.put("refuted.txt", String.join("\n", round.refuted) + "\n");
        }
        if (drill && !round.legacy) {
            texts.put("drill-plan.txt", round.planId(round.codes.size()) + "\n");
        }
        texts.put(
                "metrics-scrape.prom",
                "# TYPE cp_http_requests_total counter\ncp_http_requests_total{code=\"200\"} " + ordinal * 5
                        + "\ncp_http_requests_total{code=\"201\"} " + plans + "\ncp_rollout_plans_total " + plans
                        + "\n");
        if (!round.legacy && round.counted) {
            Map<String, Object> integrity = new LinkedHashMap<>();
            integrity.put("lost", round.lost);
            integrity.put("duplicate", round.duplicate);
            integrity.put("revived", round.revived);
            texts.put("integrity.json", Json.write(integrity));
        }
        if (!round.interrupted) {
            texts.put(
                    "round-summary.json",
                    round.summaryText != null
                            ? round.summaryText
                            : Json.write(
                                    round.legacy ? legacySummary(ok, plans) : ourSummary(ordinal, ok, plans, drill)));
        }
        texts.putAll(round.raw);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            if (text.getValue() != null) {
                Files.write(folder.resolve(text.getKey()), text.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private List<Double> countedMs() {
        List<Double> counted = new ArrayList<>();
        for (int i = 0; i < round.codes.size(); i++) {
            double ms = round.seconds.get(i) * 1000;
            if (round.codes.get(i).equals("201")
                    || ms > Double.parseDouble(round.soak.config.getOrDefault("TARGET_P99_MS", "500"))) {
                counted.add(Math.round(ms * 1000) / 1000.0);
            }
        }
        counted.sort(null);
        return counted;
    }

    private Double rank(int percent) {
        List<Double> sorted = countedMs();
        return sorted.isEmpty() ? null : sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }

    private ObjectNode ourSummary(long ordinal, int ok, long plans, boolean drill) {
        Map<String, Object> f = new LinkedHashMap<>();
        f.put("schema", 1);
        f.put("round", ordinal);
        f.put("slot", Math.floorDiv(round.offset, (long) round.soak.interval()));
        f.put("round_id", round.id());
        f.put("started_at", round.at.toString());
        f.put("finished_at", round.at.plusSeconds(2).toString());
        f.put("unix_ts", round.at.getEpochSecond());
        f.put("duration_ms", 2000);
        f.put("rehearsal", false);
        f.put("harness_version", "1.0.0+fixture");
        f.put("cp_mode", round.soak.config.getOrDefault("CP_MODE", "external"));
        f.put("boot_id", "00000000-0000-0000-0000-000000000000");
        f.put("targets", round.soak.settings);
        f.put("health", "ok");
        f.put("health_http_code", "200");
        f.put("restarted", false);
        f.put("restart_ms", null);
        f.put("hung", false);
        f.put("port_conflict", false);
        for (String step : List.of(
                "v01_health",
                "v02_creates",
                "v03_stuck_scan",
                "v04_recovery",
                "v05_plan_count",
                "v06_metrics",
                "v07_integrity")) {
            f.put(step, "PASS");
        }
        f.put("create_ok", round.acknowledged());
        f.put("create_errors", round.codes.size() - round.acknowledged());
        f.put("p50_ms", rank(50));
        f.put("p99_ms", rank(99));
        f.put("max_ms", rank(100));
        f.put("probe_overhead_ms", 0.4);
        f.put("scan_http_code", "200");
        f.put("scan_ok", true);
        f.put("stuck_count", round.recoveries.size() + round.stuckBeyondRecoveries);
        f.put("recovery_ok", ok);
        f.put("recovery_fail", round.recoveries.size() - ok);
        f.put("recovery_deferred", round.stuckBeyondRecoveries);
        f.put("drill_recoveries", drill ? 1 : 0);
        f.put("stuck_foreign", 0);
        f.put("foreign_recoveries", 0);
        f.put("recoveries_refuted", round.refuted.size());
        f.put(
                "refuted_recoveries",
                round.refuted.stream()
                        .map(line -> Map.of("round_id", line.split(" ", 2)[0], "plan_id", line.split(" ", 2)[1]))
                        .toList());
        f.put("plan_count", round.counted ? (round.planCount != null ? round.planCount : plans) : null);
        f.put("list_pages", plans / 100 + 1);
        f.put("expected_plans", round.counted ? plans : null);
        f.put("lost_plans", round.counted ? round.lost.size() : null);
        f.put("duplicate_plans", round.counted ? round.duplicate.size() : null);
        f.put("revived_plans", round.counted ? round.revived.size() : null);
        f.put("cp_http_requests_total", ordinal * 5 + plans);
        f.put("cp_rollout_plans_total", plans);
        f.put("metrics_ok", true);
        f.put("store_bytes", 100_000 + plans * 400);
        f.put("audit_bytes", ordinal * 2000);
        f.put("cp_rss_bytes", 90_000_000);
        f.put("cp_open_fds", 21);
        return withHonestSteps(edited(f));
    }

    /** A step is PASS only where its figures say so too, as in a round. */
    private static ObjectNode withHonestSteps(ObjectNode f) {
        boolean scanned = f.path("scan_ok").asBoolean()
                && f.path("scan_http_code").asText().equals("200");
        Map<String, Boolean> passes = new LinkedHashMap<>();
        passes.put(
                "v01_health",
                f.path("health").asText().equals("ok") && !f.path("restarted").asBoolean());
        passes.put("v02_creates", f.path("create_errors").asInt() == 0);
        passes.put("v03_stuck_scan", scanned);
        passes.put(
                "v04_recovery",
                scanned
                        && f.path("recovery_fail").asInt() == 0
                        && f.path("recoveries_refuted").asInt() == 0);
        passes.put("v05_plan_count", f.path("plan_count").isNumber());
        passes.put(
                "v07_integrity",
                f.path("lost_plans").isInt()
                        && f.path("duplicate_plans").isInt()
                        && f.path("lost_plans").asInt()
                                        + f.path("duplicate_plans").asInt()
                                == 0
                        && f.path("store_check").asText("ok").matches("ok|null"));
        passes.forEach((step, passed) -> {
            if (!passed && f.has(step)) {
                f.put(step, "FAIL");
            }
        });
        return f;
    }

    private ObjectNode legacySummary(int ok, long plans) {
        Map<String, Object> f = new LinkedHashMap<>();
        f.put("create_ok", round.acknowledged());
        f.put("create_errors", round.codes.size() - round.acknowledged());
        f.put("p99_ms", rank(99));
        f.put("stuck_count", round.recoveries.size() + round.stuckBeyondRecoveries);
        f.put("recovery_ok", ok);
        f.put("recovery_fail", round.recoveries.size() - ok);
        f.put("health", "ok");
        f.put("restarted", false);
        f.put("v01_health", "PASS");
        f.put("plan_count", round.planCount != null ? round.planCount : plans);
        f.put("scan_http_code", "200");
        f.put("scan_ok", true);
        return edited(f);
    }

    private ObjectNode edited(Map<String, Object> fields) {
        ObjectNode tree = Json.MAPPER.valueToTree(fields);
        round.edit.accept(tree);
        return tree;
    }
}
