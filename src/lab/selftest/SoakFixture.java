package lab.selftest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import soak.Config;
import soak.Json;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * A soak folder as the contract describes it, made in milliseconds: a good round in every slot, varied round by round.
 *
 * <pre>{@code
 * SoakFixture soak = SoakFixture.in(folder).days(3).interval(3600);
 * soak.rounds(0, 72).round(17, r -> r.failed()).missed(20).write();
 * }</pre>
 *
 * Latencies depend on slot and place alone, so that the same fixture gives the same bytes.
 */
public final class SoakFixture {
    private final SoakDir dir;
    private final Map<String, String> config = new LinkedHashMap<>();
    private final TreeMap<Long, Round> rounds = new TreeMap<>(); // by offset from the start in seconds
    private final List<String> alerts = new ArrayList<>();
    private final List<String> resumes = new ArrayList<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private String setupSummary = "result: PASS\ncp_start_ms: 412\nhealth_http_code: 200\ncp_mode: external\n";
    private int drillEvery = 4;
    private Map<String, String> settings = Map.of();

    private SoakFixture(Path folder) {
        dir = new SoakDir(folder);
        config.put("SOAK_ID", "soak-val12");
        config.put("SOAK_STARTED_AT", "2026-10-01T00:00:00Z");
        config.put("SOAK_DAYS", "30");
        config.put("ROUND_INTERVAL_SECONDS", "1800");
        config.put("CP_MODE", "external");
    }

    public static SoakFixture in(Path folder) {
        return new SoakFixture(folder);
    }

    public SoakFixture startedAt(String instant) {
        return set("SOAK_STARTED_AT", instant);
    }

    public SoakFixture days(int days) {
        return set("SOAK_DAYS", Integer.toString(days));
    }

    public SoakFixture interval(int seconds) {
        return set("ROUND_INTERVAL_SECONDS", Integer.toString(seconds));
    }

    /** A key of config.env; null takes it out. */
    public SoakFixture set(String key, String value) {
        if (value == null) {
            config.remove(key);
        } else {
            config.put(key, value);
        }
        return this;
    }

    /** Every n-th round recovers one plan, as the drill makes it; 0 = none is ever stuck. */
    public SoakFixture drillEvery(int n) {
        drillEvery = n;
        return this;
    }

    public SoakFixture setupSummary(String text) {
        setupSummary = text;
        return this;
    }

    public SoakFixture alert(String line) {
        alerts.add(line);
        return this;
    }

    public SoakFixture resume(String line) {
        resumes.add(line);
        return this;
    }

    /** Any file, by its path in the soak folder; text {@code null} makes a folder. */
    public SoakFixture file(String path, String text) {
        files.put(path, text);
        return this;
    }

    public Instant start() {
        return Instant.parse(
                config.get("SOAK_STARTED_AT") == null ? "2026-10-01T00:00:00Z" : config.get("SOAK_STARTED_AT"));
    }

    public int interval() {
        return Integer.parseInt(config.get("ROUND_INTERVAL_SECONDS"));
    }

    public Instant slotStart(long slot) {
        return start().plusSeconds(slot * interval());
    }

    public Instant end() {
        return start().plus(Duration.ofDays(Long.parseLong(config.get("SOAK_DAYS"))));
    }

    /** One round in each slot of [from, to). */
    public SoakFixture rounds(long from, long to) {
        for (long slot = from; slot < to; slot++) {
            round(slot, r -> {});
        }
        return this;
    }

    /** The round of a slot, made if there is none. */
    public SoakFixture round(long slot, Consumer<Round> variation) {
        return roundAt(slot * interval(), variation);
    }

    /**
     * A round so many seconds after the start of the soak: for a second round in a slot, or one before or after the
     * soak.
     */
    public SoakFixture roundAt(long offsetSeconds, Consumer<Round> variation) {
        variation.accept(rounds.computeIfAbsent(offsetSeconds, o -> new Round(start().plusSeconds(o), o)));
        return this;
    }

    public SoakFixture missed(long... slots) {
        for (long slot : slots) {
            rounds.remove(slot * interval());
        }
        return this;
    }

    public SoakFixture each(Consumer<Round> variation) {
        rounds.values().forEach(variation);
        return this;
    }

    public SoakDir dir() {
        return dir;
    }

    /** Writes the folder and reads its configuration back. */
    public Config write() {
        try {
            Files.createDirectories(dir.rounds());
            Files.writeString(dir.config(), Config.of(dir, config).render());
            settings = new LinkedHashMap<>(Config.of(dir, config).verdictSettings());
            settings.put("SOAK_STARTED_AT", start().toString()); // no round runs without one
            if (setupSummary != null) {
                Files.writeString(dir.setupSummary(), setupSummary);
            }
            writeLines(dir.alertsLog(), alerts);
            writeLines(dir.setupResumes(), resumes);
            long ordinal = 0;
            long plans = 0;
            for (Round round : rounds.values()) {
                ordinal++;
                plans += round.acknowledged();
                round.write(ordinal, plans);
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = dir.root().resolve(file.getKey());
                if (file.getValue() == null) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    Files.writeString(path, file.getValue());
                }
            }
            return Config.read(dir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeLines(Path file, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            Files.writeString(file, String.join("\n", lines) + "\n");
        }
    }

    /** One round's evidence; every method varies it and returns it. */
    public final class Round {
        public final Instant at;
        private final long offset;
        private final List<String> codes = new ArrayList<>();
        private final List<Double> seconds = new ArrayList<>();
        private final List<Boolean> recoveries = new ArrayList<>();
        private Boolean drilled;
        private int stuckBeyondRecoveries;
        private Long planCount;
        private boolean counted = true;
        private final List<String> refuted = new ArrayList<>();
        private List<String> lost = List.of();
        private List<String> duplicate = List.of();
        private List<String> revived = List.of();
        private boolean interrupted;
        private boolean legacy;
        private Consumer<ObjectNode> edit = fields -> {};
        private String summaryText;
        private final Map<String, String> raw = new LinkedHashMap<>();

        private Round(Instant at, long offset) {
            this.at = at;
            this.offset = offset;
            for (int i = 0; i < Integer.parseInt(config.getOrDefault("PLANS_PER_ROUND", "10")); i++) {
                codes.add("201");
                seconds.add((4000 + Math.floorMod(offset / interval() * 37 + i * 101, 2000)) / 1e6);
            }
        }

        public String id() {
            return RoundFiles.id(at);
        }

        public String planId(int place) {
            return String.format(Locale.ROOT, "soak-%d-%02d", at.getEpochSecond(), place);
        }

        /** The health probe failed; the control plane came back by itself, so the workload ran. */
        public Round failed() {
            return set("health", "failed").set("health_http_code", "000").set("v01_health", "FAIL");
        }

        public Round restarted() {
            return failed().set("restarted", true).set("restart_ms", 1200);
        }

        /** Nothing ran but the probe: the control plane did not come back. */
        public Round down() {
            codes.clear();
            seconds.clear();
            recoveries.clear();
            drilled = false;
            counted = false;
            return failed().set("v02_creates", "FAIL")
                    .set("v03_stuck_scan", "FAIL")
                    .set("scan_http_code", "000")
                    .set("scan_ok", false)
                    .set("stuck_count", null);
        }

        /** Killed before its summary. */
        public Round interrupted() {
            interrupted = true;
            return this;
        }

        public Round latencyMs(double... millis) {
            for (int i = 0; i < millis.length; i++) {
                seconds.set(i, millis[i] / 1000);
            }
            return this;
        }

        public Round codes(String... answers) {
            for (int i = 0; i < answers.length; i++) {
                codes.set(i, answers[i]);
            }
            return this;
        }

        /** Recoveries that the round ran, in this order; they replace the drill's. */
        public Round recoveries(int ok, int failed) {
            drilled = false;
            for (int i = 0; i < ok + failed; i++) {
                recoveries.add(i < ok);
            }
            return this;
        }

        /** Stuck plans beyond those recovered. */
        public Round deferred(int plans) {
            stuckBeyondRecoveries = plans;
            return this;
        }

        /** Its scan refutes a recovery of an earlier round. */
        public Round refutes(Round earlier, String planId) {
            refuted.add(earlier.id() + " " + planId);
            return this;
        }

        /** The plan of the n-th recovery, from 1, that {@link #recoveries} gives this round. */
        public String recoveredPlan(int n) {
            return "soak-stuck-" + at.getEpochSecond() + "-" + n;
        }

        public Round planCount(long plans) {
            planCount = plans;
            return this;
        }

        /** The paging did not reach its end. */
        public Round uncounted() {
            counted = false;
            return this;
        }

        public Round lost(String... ids) {
            lost = List.of(ids);
            return this;
        }

        public Round duplicate(String... ids) {
            duplicate = List.of(ids);
            return this;
        }

        public Round revived(String... ids) {
            revived = List.of(ids);
            return this;
        }

        public Round rehearsal() {
            return set("rehearsal", true);
        }

        /** As the bash scripts write it: the known fields, no schema, no ids. */
        public Round legacy() {
            legacy = true;
            return this;
        }

        /** A field of the summary, as Java writes it; the raw files stay as they are. */
        public Round set(String field, Object value) {
            return edit(fields -> fields.set(field, Json.MAPPER.valueToTree(value)));
        }

        public Round without(String field) {
            return edit(fields -> fields.remove(field));
        }

        public Round edit(Consumer<ObjectNode> change) {
            edit = edit.andThen(change);
            return this;
        }

        /** round-summary.json as it stands, whatever that is. */
        public Round summary(String text) {
            summaryText = text;
            return this;
        }

        /** A raw file as it stands; null takes it away. */
        public Round raw(String file, String text) {
            raw.put(file, text);
            return this;
        }

        private long acknowledged() {
            return codes.stream().filter("201"::equals).count();
        }

        private void write(long ordinal, long plans) throws IOException {
            Path folder = dir.round(id());
            Files.createDirectories(folder);
            boolean drill = drilled == null && drillEvery > 0 && ordinal % drillEvery == 0;
            if (drill) {
                recoveries.add(true);
            }
            int ok = (int) recoveries.stream().filter(r -> r).count();
            Map<String, String> texts = new LinkedHashMap<>();
            StringBuilder ids = new StringBuilder();
            StringBuilder times = new StringBuilder();
            StringBuilder recovered = new StringBuilder();
            for (int i = 0; i < codes.size(); i++) {
                ids.append(planId(i + 1)).append('\n');
                times.append(String.format(Locale.ROOT, "%.6f\n", seconds.get(i)));
            }
            for (int i = 0; i < recoveries.size(); i++) {
                recovered
                        .append(drill ? planId(codes.size()) : recoveredPlan(i + 1))
                        .append(recoveries.get(i) ? " exit=0 ms=12\n  recovered\n" : " exit=1 ms=15\n  error: 503\n");
            }
            if (!legacy) {
                texts.put("plan-ids.txt", ids.toString());
            }
            texts.put("plans-created.txt", codes.isEmpty() ? "" : String.join("\n", codes) + "\n");
            texts.put("create-times.txt", times.toString());
            StringBuilder stuck = new StringBuilder();
            for (int i = 0; i < recoveries.size() + stuckBeyondRecoveries; i++) {
                stuck.append(i == 0 ? "" : ",")
                        .append("{\"plan_id\":\"stuck-")
                        .append(i)
                        .append("\"}");
            }
            texts.put("stuck-scan.json", "{\"stuck_plans\":[" + stuck + "]}");
            if (!recoveries.isEmpty()) {
                texts.put("recovery.txt", recovered.toString());
            }
            if (!refuted.isEmpty()) {
                texts.put("refuted.txt", String.join("\n", refuted) + "\n");
            }
            if (drill && !legacy) {
                texts.put("drill-plan.txt", planId(codes.size()) + "\n");
            }
            texts.put(
                    "metrics-scrape.prom",
                    "# TYPE cp_http_requests_total counter\ncp_http_requests_total{code=\"200\"} " + ordinal * 5
                            + "\ncp_http_requests_total{code=\"201\"} " + plans + "\ncp_rollout_plans_total " + plans
                            + "\n");
            if (!legacy && counted) {
                Map<String, Object> integrity = new LinkedHashMap<>();
                integrity.put("lost", lost);
                integrity.put("duplicate", duplicate);
                integrity.put("revived", revived);
                texts.put("integrity.json", Json.write(integrity));
            }
            if (!interrupted) {
                texts.put(
                        "round-summary.json",
                        summaryText != null
                                ? summaryText
                                : Json.write(
                                        legacy ? legacySummary(ok, plans) : ourSummary(ordinal, ok, plans, drill)));
            }
            texts.putAll(raw);
            for (Map.Entry<String, String> text : texts.entrySet()) {
                if (text.getValue() != null) {
                    Files.write(folder.resolve(text.getKey()), text.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
        }

        private List<Double> countedMs() {
            List<Double> counted = new ArrayList<>();
            for (int i = 0; i < codes.size(); i++) {
                double ms = seconds.get(i) * 1000;
                if (codes.get(i).equals("201")
                        || ms > Double.parseDouble(config.getOrDefault("TARGET_P99_MS", "500"))) {
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
            f.put("slot", Math.floorDiv(offset, (long) interval()));
            f.put("round_id", id());
            f.put("started_at", at.toString());
            f.put("finished_at", at.plusSeconds(2).toString());
            f.put("unix_ts", at.getEpochSecond());
            f.put("duration_ms", 2000);
            f.put("rehearsal", false);
            f.put("harness_version", "1.0.0+fixture");
            f.put("cp_mode", config.getOrDefault("CP_MODE", "external"));
            f.put("boot_id", "00000000-0000-0000-0000-000000000000");
            f.put("targets", settings);
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
            f.put("create_ok", acknowledged());
            f.put("create_errors", codes.size() - acknowledged());
            f.put("p50_ms", rank(50));
            f.put("p99_ms", rank(99));
            f.put("max_ms", rank(100));
            f.put("probe_overhead_ms", 0.4);
            f.put("scan_http_code", "200");
            f.put("scan_ok", true);
            f.put("stuck_count", recoveries.size() + stuckBeyondRecoveries);
            f.put("recovery_ok", ok);
            f.put("recovery_fail", recoveries.size() - ok);
            f.put("recovery_deferred", stuckBeyondRecoveries);
            f.put("drill_recoveries", drill ? 1 : 0);
            f.put("stuck_foreign", 0);
            f.put("foreign_recoveries", 0);
            f.put("recoveries_refuted", refuted.size());
            f.put(
                    "refuted_recoveries",
                    refuted.stream()
                            .map(line -> Map.of("round_id", line.split(" ", 2)[0], "plan_id", line.split(" ", 2)[1]))
                            .toList());
            f.put("plan_count", counted ? (planCount != null ? planCount : plans) : null);
            f.put("list_pages", plans / 100 + 1);
            f.put("expected_plans", counted ? plans : null);
            f.put("lost_plans", counted ? lost.size() : null);
            f.put("duplicate_plans", counted ? duplicate.size() : null);
            f.put("revived_plans", counted ? revived.size() : null);
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
                    f.path("health").asText().equals("ok")
                            && !f.path("restarted").asBoolean());
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
            f.put("create_ok", acknowledged());
            f.put("create_errors", codes.size() - acknowledged());
            f.put("p99_ms", rank(99));
            f.put("stuck_count", recoveries.size() + stuckBeyondRecoveries);
            f.put("recovery_ok", ok);
            f.put("recovery_fail", recoveries.size() - ok);
            f.put("health", "ok");
            f.put("restarted", false);
            f.put("v01_health", "PASS");
            f.put("plan_count", planCount != null ? planCount : plans);
            f.put("scan_http_code", "200");
            f.put("scan_ok", true);
            return edited(f);
        }

        private ObjectNode edited(Map<String, Object> fields) {
            ObjectNode tree = Json.MAPPER.valueToTree(fields);
            edit.accept(tree);
            return tree;
        }
    }
}
