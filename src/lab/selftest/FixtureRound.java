package lab.selftest;

import base.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import soak.RoundFiles;

/** One round's evidence; every method varies it and returns it. */
public final class FixtureRound {
    final SoakFixture soak;
    public final Instant at;
    final long offset;
    final List<String> codes = new ArrayList<>();
    final List<Double> seconds = new ArrayList<>();
    final List<Boolean> recoveries = new ArrayList<>();
    Boolean drilled;
    int stuckBeyondRecoveries;
    Long planCount;
    boolean counted = true;
    final List<String> refuted = new ArrayList<>();
    List<String> lost = List.of();
    List<String> duplicate = List.of();
    List<String> revived = List.of();
    boolean interrupted;
    boolean legacy;
    Consumer<ObjectNode> edit = fields -> {};
    String summaryText;
    final Map<String, String> raw = new LinkedHashMap<>();

    FixtureRound(SoakFixture soak, Instant at, long offset) {
        this.soak = soak;
        this.at = at;
        this.offset = offset;
        for (int i = 0; i < Integer.parseInt(soak.config.getOrDefault("PLANS_PER_ROUND", "10")); i++) {
            codes.add("201");
            seconds.add((4000 + Math.floorMod(offset / soak.interval() * 37 + i * 101, 2000)) / 1e6);
        }
        if (!seconds.isEmpty() && offset % soak.interval() != 0) { // no two rounds of a slot measure the same
            int fastest = seconds.indexOf(Collections.min(seconds));
            seconds.set(fastest, seconds.get(fastest) - (1 + Math.floorMod(offset, 997)) / 1e6);
        }
    }

    public String id() {
        return RoundFiles.id(at);
    }

    public String planId(int place) {
        return String.format(Locale.ROOT, "soak-%d-%02d", at.getEpochSecond(), place);
    }

    /** The health probe failed; the control plane came back by itself, so the workload ran. */
    public FixtureRound failed() {
        return set("health", "failed").set("health_http_code", "000").set("v01_health", "FAIL");
    }

    public FixtureRound restarted() {
        return failed().set("restarted", true).set("restart_ms", 1200);
    }

    /** Nothing ran but the probe: the control plane did not come back. */
    public FixtureRound down() {
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
    public FixtureRound interrupted() {
        interrupted = true;
        return this;
    }

    public FixtureRound latencyMs(double... millis) {
        for (int i = 0; i < millis.length; i++) {
            seconds.set(i, millis[i] / 1000);
        }
        return this;
    }

    public FixtureRound codes(String... answers) {
        for (int i = 0; i < answers.length; i++) {
            codes.set(i, answers[i]);
        }
        return this;
    }

    /** Recoveries that the round ran, in this order; they replace the drill's. */
    public FixtureRound recoveries(int ok, int failed) {
        drilled = false;
        for (int i = 0; i < ok + failed; i++) {
            recoveries.add(i < ok);
        }
        return this;
    }

    /** Stuck plans beyond those recovered. */
    public FixtureRound deferred(int plans) {
        stuckBeyondRecoveries = plans;
        return this;
    }

    /** Its scan refutes a recovery of an earlier round. */
    public FixtureRound refutes(FixtureRound earlier, String planId) {
        refuted.add(earlier.id() + " " + planId);
        return this;
    }

    /** The plan of the n-th recovery, from 1, that {@link #recoveries} gives this round. */
    public String recoveredPlan(int n) {
        return "soak-stuck-" + at.getEpochSecond() + "-" + n;
    }

    public FixtureRound planCount(long plans) {
        planCount = plans;
        return this;
    }

    /** The paging did not reach its end. */
    public FixtureRound uncounted() {
        counted = false;
        return this;
    }

    public FixtureRound lost(String... ids) {
        lost = List.of(ids);
        return this;
    }

    public FixtureRound duplicate(String... ids) {
        duplicate = List.of(ids);
        return this;
    }

    public FixtureRound revived(String... ids) {
        revived = List.of(ids);
        return this;
    }

    public FixtureRound rehearsal() {
        return set("rehearsal", true);
    }

    /** As the bash scripts write it: the known fields, no schema, no ids. */
    public FixtureRound legacy() {
        legacy = true;
        return this;
    }

    /** A field of the summary, as Java writes it; the raw files stay as they are. */
    public FixtureRound set(String field, Object value) {
        return edit(fields -> fields.set(field, Json.MAPPER.valueToTree(value)));
    }

    public FixtureRound without(String field) {
        return edit(fields -> fields.remove(field));
    }

    public FixtureRound edit(Consumer<ObjectNode> change) {
        edit = edit.andThen(change);
        return this;
    }

    /** round-summary.json as it stands, whatever that is. */
    public FixtureRound summary(String text) {
        summaryText = text;
        return this;
    }

    /** A raw file as it stands; null takes it away. */
    public FixtureRound raw(String file, String text) {
        raw.put(file, text);
        return this;
    }

    long acknowledged() {
        return codes.stream().filter("201"::equals).count();
    }
}
