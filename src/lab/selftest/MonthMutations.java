package lab.selftest;

import static lab.selftest.GoodSoak.inMonth;
import static lab.selftest.Mutations.CALENDAR;
import static lab.selftest.Mutations.SUMMARY;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import soak.RoundFiles;

/**
 * What is not there: days, slots, set checks, latencies, and records of the settings, in a soak of the 30 days that
 * Gate D speaks of.
 */
final class MonthMutations {
    private static final int SLOTS = GoodSoak.MONTH * 86_400 / GoodSoak.MONTH_INTERVAL;
    private static final int A_DAY = 86_400 / GoodSoak.MONTH_INTERVAL;
    private static final int PLAIN = 50;
    private static final String CONFIG = "config.env";
    private static final String SETUP = "setup-summary.txt";
    private static final String NO_CHECK = "no set check on";

    private MonthMutations() {}

    static List<Mutation> all() {
        List<Mutation> all = new ArrayList<>(List.of(
                month(
                                "ten rounds in 30 days, and cron says that it was so",
                                s -> keep(s, slot -> slot < 9 || slot == SLOTS - 1))
                        .fails("VAL12-09", "C1", "C3", "C4")
                        .figure("gate_d", "NOT PROVEN (rounds in 10 of 120 slots)")
                        .figure("gate_d_by_plan", "PASS")
                        .figure("overall", "FAIL")
                        .names(NO_CHECK, "no latency measured on"),
                month("rounds on days 1-7 and 28-30 only", s -> keep(s, slot -> slot < 7 * A_DAY || slot >= 27 * A_DAY))
                        .fails("VAL12-09", "C1", "C3", "C4")
                        .figure("gate_d", "NOT PROVEN (rounds in 40 of 120 slots)")
                        .figure("overall", "FAIL")
                        .names("no set check on 20 soak days: 8-27", "no latency measured on 20 soak days: 8-27"),
                month("rounds in 94 % of the slots", s -> keep(s, slot -> slot % A_DAY != 1 || slot >= 7 * A_DAY))
                        .fails("C4")
                        .figure("coverage_pct", 100 * 113.0 / SLOTS)
                        .figure("gate_d", "NOT PROVEN (rounds in 113 of 120 slots)")
                        .figure("gate_d_by_plan", "PASS")
                        .figure("overall", "FAIL")
                        .names("7 missed"),
                month("rounds in 95 % of the slots", s -> keep(s, slot -> slot % A_DAY != 1 || slot >= 6 * A_DAY))
                        .fails("C4")
                        .figure("coverage_pct", "95.0")
                        .figure("gate_d", "PASS")
                        .figure("overall", "PASS")
                        .names("6 missed"),
                month(
                                "eleven days are deleted, and no folder covers their slots",
                                s -> IntStream.range(36, 80).forEach(slot -> gone(s, slot)))
                        .fails("VAL12-05", "VAL12-08", "VAL12-09", "C1", "C3", "C4")
                        .figure("gate_d", "NOT PROVEN (rounds in 76 of 120 slots)")
                        .figure("overall", "FAIL")
                        .names("rounds 37 to 80 are missing"),
                month("every second slot holds an empty folder", s -> {
                            for (int slot = 1; slot < SLOTS; slot += 2) {
                                s.delete(inMonth(slot));
                                s.write(inMonth(slot) + "/plan-ids.txt", "");
                            }
                        })
                        .fails("VAL12-05", "VAL12-06", "VAL12-08", "VAL12-09", "VAL12-10", "C2", "C4")
                        .figure("gate_d", "FAIL")
                        .figure("coverage_pct", "50.0")
                        .names("is missing: the round was interrupted"),
                month("one lost plan, and Gate D knows it", s -> s.summary(inMonth(PLAIN), f -> f.put("lost_plans", 1)))
                        .fails("C1")
                        .figure("gate_d", "FAIL")
                        .names(inMonth(PLAIN) + SUMMARY),
                month(
                                "no recovery in any summary, and Gate D knows it",
                                s -> each(
                                        s,
                                        slot -> slot % GoodSoak.DRILL_EVERY == GoodSoak.DRILL_EVERY - 1,
                                        f -> f.put("recovery_ok", 0).put("recovery_fail", 0)))
                        .fails("VAL12-06", "VAL12-10", "C2")
                        .figure("gate_d", "FAIL")
                        .names(SUMMARY),
                month(
                                "lost_plans null in every round from the 20th on",
                                s -> each(s, slot -> slot >= 19, f -> f.putNull("lost_plans")))
                        .fails("C1")
                        .figure("gate_d", "FAIL")
                        .figure("gate_d_by_plan", "PASS")
                        .names("no set check in 101 rounds that listed all plans, first in " + inMonth(19)),
                month(
                                "duplicate_plans null in one round",
                                s -> s.summary(inMonth(PLAIN), f -> f.putNull("duplicate_plans")))
                        .fails("C1")
                        .figure("gate_d", "FAIL")
                        .names("no set check in 1 round that listed all plans, first in " + inMonth(PLAIN)),
                month("listings that never end from day 4 on", s -> unlisted(s, slot -> slot >= 3 * A_DAY))
                        .fails("C1")
                        .figure("gate_d", "FAIL")
                        .names("no set check on 27 soak days: 4-30"),
                month("listings that end once a day", s -> unlisted(s, slot -> slot % A_DAY != 0))
                        .fails("C1")
                        .figure("gate_d", "FAIL")
                        .names("no set check in 90 of 120 healthy rounds, 6 allowed"),
                month("six listings that did not end", s -> unlisted(s, slot -> slot % 20 == 11))
                        .names("checked in 114 of 120 rounds"),
                month("creates refused from day 11 on", MonthMutations::refused)
                        .fails("VAL12-09", "C3")
                        .names("no latency measured on 20 soak days: 11-30"),
                month("three failed rounds, and good rounds by hand in their slots", MonthMutations::diluted)
                        .fails("VAL12-08", "C4")
                        .figure("healthy_rounds", 157)
                        .figure("total_rounds", 160)
                        .names("by rounds 98.1% (157 of 160), by slots 97.5% (117 of 120 with rounds)"),
                month("the first folder says that it is round 3", s -> s.summary(inMonth(0), f -> f.put("round", 3)))
                        .fails("VAL12-02", "VAL12-04", "VAL12-05", "VAL12-08", "C4")
                        .names("round 1 was interrupted"),
                month(
                                "the first folder does not say which round it is",
                                s -> s.summary(inMonth(0), f -> f.remove("round")))
                        .fails("VAL12-02", "VAL12-04", "VAL12-05", "VAL12-08", "C4")
                        .names("round 1 was interrupted")));
        all.addAll(List.of(
                stripped("TARGET_P99_MS", "500", "5000", "VAL12-04", "VAL12-07", "C3"),
                stripped("TARGET_ROLLBACK_RATE", "0.990", "0.5", "VAL12-06", "VAL12-10", "C2")
                        .figure("gate_d", "FAIL"),
                stripped(
                                "SOAK_DAYS",
                                "30",
                                "29",
                                "VAL12-03",
                                "VAL12-05",
                                "VAL12-08",
                                "VAL12-09",
                                "VAL12-10",
                                "C1",
                                "C2",
                                "C3",
                                "C4")
                        .figure("gate_d", "FAIL"),
                stripped("ROUND_INTERVAL_SECONDS", "21600", "43200", CALENDAR),
                stripped("SOAK_STARTED_AT", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", CALENDAR),
                stripped("TARGET_COVERAGE_PCT", "95", "50", "C1")
                        .figure("gate_d", "FAIL")
                        .figure("overall", "FAIL"),
                month(
                                "config.env: TARGET_COVERAGE_PCT 95 becomes 50",
                                s -> s.replace(CONFIG, "TARGET_COVERAGE_PCT=95\n", "TARGET_COVERAGE_PCT=50\n"))
                        .fails("C1")
                        .figure("gate_d", "FAIL")
                        .figure("overall", "FAIL")
                        .names("restore TARGET_COVERAGE_PCT=95"),
                month("nothing recorded the settings, and the interval is not the plan's", s -> {
                            each(s, slot -> true, f -> f.remove("targets"));
                            s.replace(SETUP, "round_interval_seconds: 21600\n", "");
                        })
                        .fails(CALENDAR)
                        .names("set ROUND_INTERVAL_SECONDS=1800"),
                month(
                                "the settings are recorded by setup-summary.txt alone",
                                s -> each(s, slot -> true, f -> f.remove("targets")))
                        .changesNothing()));
        return all;
    }

    private static Mutation month(String name, Mutation.Damage damage) {
        return Mutation.of("a month: " + name, damage).inTheMonth();
    }

    /** No round recorded the setting; setup did. */
    private static Mutation stripped(String key, String from, String to, String... failing) {
        return month(key + " " + from + " becomes " + to + " where rounds hold no targets", s -> {
                    each(s, slot -> true, f -> f.remove("targets"));
                    s.replace(CONFIG, key + "=" + from + "\n", key + "=" + to + "\n");
                })
                .fails(failing)
                .names("config.env says " + key + "=" + to);
    }

    private static void each(SoakFolder soak, IntPredicate slots, Consumer<ObjectNode> change) throws IOException {
        for (int slot : IntStream.range(0, SLOTS).filter(slots).toArray()) {
            soak.summary(inMonth(slot), change);
        }
    }

    /** The others never were: the rounds that stay are counted anew. */
    private static void keep(SoakFolder soak, IntPredicate kept) throws IOException {
        int round = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (!kept.test(slot)) {
                soak.delete(inMonth(slot));
                continue;
            }
            round++;
            int number = round;
            if (number != slot + 1) {
                soak.summary(inMonth(slot), f -> f.put("round", number));
            }
        }
    }

    private static void gone(SoakFolder soak, int slot) {
        try {
            soak.delete(inMonth(slot));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unlisted(SoakFolder soak, IntPredicate slots) throws IOException {
        each(
                soak,
                slots,
                f -> f.putNull("plan_count")
                        .putNull("lost_plans")
                        .putNull("duplicate_plans")
                        .putNull("revived_plans")
                        .put("v05_plan_count", "FAIL")
                        .put("v07_integrity", "FAIL"));
        for (int slot : IntStream.range(0, SLOTS).filter(slots).toArray()) {
            soak.delete(inMonth(slot) + "/integrity.json");
        }
    }

    private static void refused(SoakFolder soak) throws IOException {
        each(
                soak,
                slot -> slot >= 10 * A_DAY,
                f -> f.put("create_ok", 0)
                        .put("create_errors", GoodSoak.PLANS)
                        .putNull("p50_ms")
                        .putNull("p99_ms")
                        .putNull("max_ms")
                        .put("v02_creates", "FAIL"));
        for (int slot = 10 * A_DAY; slot < SLOTS; slot++) {
            soak.write(inMonth(slot) + "/plans-created.txt", "503\n".repeat(GoodSoak.PLANS));
        }
    }

    /** The soak was begun with a target of 98 %, which 3 of 160 rounds reach and 3 of 120 slots do not. */
    private static void diluted(SoakFolder soak) throws IOException {
        soak.replace(CONFIG, "TARGET_UPTIME_PCT=99.9\n", "TARGET_UPTIME_PCT=98\n");
        int[] number = new int[1];
        for (int slot = 0; slot < SLOTS; slot++) {
            boolean failed = slot == 20 || slot == 40 || slot == 60;
            int own = ++number[0];
            soak.summary(inMonth(slot), f -> {
                f.put("round", own);
                ((ObjectNode) f.get("targets")).put("TARGET_UPTIME_PCT", "98");
                if (failed) {
                    f.put("health", "failed").put("health_http_code", "503").put("v01_health", "FAIL");
                }
            });
            for (int more = 1; more <= 20 && (slot == 20 || slot == 40); more++) {
                byHand(soak, slot, more, ++number[0]);
            }
        }
    }

    /** A good round some minutes later, with plans of its own. */
    private static void byHand(SoakFolder soak, int slot, int more, int number) throws IOException {
        Instant at =
                Instant.parse("2026-10-01T00:00:00Z").plusSeconds((long) slot * GoodSoak.MONTH_INTERVAL + more * 600L);
        String folder = "rounds/" + RoundFiles.id(at);
        soak.copy(inMonth(1), folder);
        WhichRoundsMutations.adaptTime(soak, folder, at, slot, number);
        soak.summary(folder, f -> f.put("plan_count", 100_000));
        StringBuilder ids = new StringBuilder();
        for (int plan = 1; plan <= GoodSoak.PLANS; plan++) {
            ids.append(String.format(Locale.ROOT, "soak-%d-%02d%n", at.getEpochSecond(), plan));
        }
        soak.write(folder + "/plan-ids.txt", ids.toString());
    }
}
