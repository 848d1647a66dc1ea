package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.INTERRUPTED;
import static lab.selftest.Mutations.SUMMARY;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import soak.RoundFiles;

/** Rounds that were taken away, and rounds that never ran there: bad ones deleted, gaps filled, failures diluted. */
final class WhichRoundsMutations {
    private static final int SLOT = 102; // 2026-10-09T12:00:00Z
    private static final String IT = at(SLOT) + SUMMARY;
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

    /** What no report can find from the folder alone: everything that tells of it was altered as well. */
    static final List<String> ONLY_A_SEAL = List.of(
            "the last rounds deleted: no later round counts them (the slots are missed, C4)",
            "a round deleted and all later ones renumbered (its slot is missed, C4)",
            "a round written anew as a whole: number, ids, times and raw files agree",
            "rounds, daily summaries and logs of a whole soak that never ran");

    private WhichRoundsMutations() {}

    static List<Mutation> all() {
        return List.of(
                // --- taken away
                Mutation.of("the two failed rounds' folders are deleted", s -> {
                            s.delete(at(50));
                            s.delete(at(70));
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 2)
                        .figure("missed_rounds", 0)
                        .names(
                                at(51) + SUMMARY + ": says it is round 52, but round 51 is missing",
                                at(71) + SUMMARY + ": says it is round 72, but round 71 is missing"),
                Mutation.of("three rounds in a row are deleted, one before them was missed", s -> {
                            renumber(s, SLOT - 10);
                            s.delete(at(SLOT));
                            s.delete(at(SLOT + 1));
                            s.delete(at(SLOT + 2));
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 3)
                        .figure("missed_rounds", 1)
                        .names("rounds 102 to 104 are missing"),
                Mutation.of("a round is deleted beside a slot that was missed", s -> {
                            renumber(s, SLOT);
                            s.delete(at(SLOT + 1));
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .figure("missed_rounds", 1)
                        .names("round 103 is missing"),
                Mutation.of("the first two rounds are deleted", s -> {
                            s.delete(at(0));
                            s.delete(at(1));
                        })
                        .fails("VAL12-02", "VAL12-04", "VAL12-05", "VAL12-08", "C4")
                        .figure("interrupted_rounds", 2)
                        .names("rounds 1 to 2 are missing"),
                Mutation.of("a round is deleted, its successor does not say its number", s -> {
                            s.delete(at(SLOT));
                            s.summary(at(SLOT + 1), f -> f.putNull("round"));
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 2)
                        .names(
                                at(SLOT + 1) + SUMMARY + ": does not say which round it is",
                                "1 of rounds 103 to 104 is missing"),
                Mutation.of("a round is deleted, an unfinished one takes its place", s -> {
                            s.delete(at(SLOT));
                            s.write(at(SLOT) + "/plan-ids.txt", "");
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .figure("missed_rounds", 0)
                        .names(IT + ": is missing"),
                Mutation.of("a slot was missed, and all later rounds are renumbered", s -> renumber(s, SLOT))
                        .fails("C4")
                        .figure("missed_rounds", 1)
                        .figure("interrupted_rounds", 0)
                        .names("daily/2026-10-09-summary.json"),

                // --- put there
                Mutation.of("a gap of six hours is filled with copies of a good round", s -> {
                            for (int slot = SLOT; slot < SLOT + 3; slot++) {
                                s.delete(at(slot));
                                s.copy(at(SLOT - 5), at(slot));
                                adapt(s, at(slot), slot, slot + 1);
                            }
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 3)
                        .figure("total_creates", 1439 - 36)
                        .names(IT + ": is beside a plan-ids.txt that holds"),
                Mutation.of("healthy rounds are added in the same slots, beside one that failed", s -> {
                            s.summary(
                                    at(SLOT),
                                    f -> f.put("health", "failed")
                                            .put("v01_health", "FAIL")
                                            .put("health_http_code", "000"));
                            for (int slot = 0; slot < 40; slot++) {
                                String beside = "rounds/"
                                        + RoundFiles.id(START.plusSeconds((long) slot * GoodSoak.INTERVAL + 600));
                                s.copy(at(slot), beside);
                                adaptTime(
                                        s,
                                        beside,
                                        START.plusSeconds((long) slot * GoodSoak.INTERVAL + 600),
                                        slot,
                                        slot + 1);
                            }
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 40)
                        .names("each id is used only once"),
                Mutation.of("healthy rounds are added with ids of their own, and the numbers of others", s -> {
                            for (int slot = 0; slot < 40; slot++) {
                                Instant time = START.plusSeconds((long) slot * GoodSoak.INTERVAL + 600);
                                String beside = "rounds/" + RoundFiles.id(time);
                                s.copy(at(slot), beside);
                                adaptTime(s, beside, time, slot, slot + 1);
                                s.replace(
                                        beside + "/plan-ids.txt",
                                        "-" + time.minusSeconds(600).getEpochSecond() + "-",
                                        "-" + time.getEpochSecond() + "-");
                            }
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 40)
                        .names("one of the two is a copy"),
                stranger(
                        "another soak's name",
                        f -> ((ObjectNode) f.get("targets")).put("SOAK_ID", "soak-other"),
                        "says SOAK_ID soak-other"),
                stranger(
                        "another soak's start",
                        f -> ((ObjectNode) f.get("targets")).put("SOAK_STARTED_AT", "2026-09-01T00:00:00Z"),
                        "says that its soak began at 2026-09-01T00:00:00Z"),
                stranger(
                        "targets that are none",
                        f -> f.put("targets", "the usual"),
                        "does not say to which round it belongs: targets"),
                stranger(
                        "another start time",
                        f -> f.put("started_at", "2026-10-08T12:00:00Z"),
                        "says started_at 2026-10-08T12:00:00Z"),
                stranger(
                        "another end",
                        f -> f.put("finished_at", "2026-10-08T12:00:02Z"),
                        "says finished_at 2026-10-08T12:00:02Z"),
                stranger(
                        "unix_ts in words",
                        f -> f.put("unix_ts", "noon"),
                        "does not say to which round it belongs: unix_ts"),
                stranger(
                        "round in words",
                        f -> f.put("round", "103rd"),
                        "does not say to which round it belongs: round"),
                stranger("no number", f -> f.remove("round"), "does not say which round it is"),
                stranger(
                        "the number of another round",
                        f -> f.put("round", 7),
                        "says it is round 7, and so does 2026-10-01/round-120000"),
                Mutation.of("a number beyond all measure", s -> s.summary(at(SLOT), f -> f.put("round", 999_999_999)))
                        .figure("interrupted_rounds", 0)
                        .names(IT + ": says it is round 999999999"),
                Mutation.of("a round without its schema", s -> s.summary(at(SLOT), f -> f.remove("schema")))
                        .figure("interrupted_rounds", 0)
                        .names(IT + ": lacks schema"),
                Mutation.of(
                                "a round that looks like one of the bash scripts",
                                s -> s.summary(
                                        at(SLOT),
                                        f -> f.remove(List.of(
                                                "schema",
                                                "round_id",
                                                "boot_id",
                                                "harness_version",
                                                "targets",
                                                "v07_integrity"))))
                        .fails(INTERRUPTED)
                        .names(IT + ": has no schema, but earlier rounds have one"),
                Mutation.of("the first ten rounds look like those of the bash scripts", s -> {
                            for (int slot = 0; slot < 10; slot++) {
                                s.summary(
                                        at(slot),
                                        f -> f.retain(
                                                "create_ok",
                                                "create_errors",
                                                "p99_ms",
                                                "stuck_count",
                                                "recovery_ok",
                                                "recovery_fail",
                                                "health",
                                                "restarted",
                                                "v01_health",
                                                "plan_count",
                                                "scan_http_code",
                                                "scan_ok"));
                            }
                        })
                        .fails("VAL12-02", "VAL12-04", "VAL12-05", "VAL12-08", "C4")
                        .figure("interrupted_rounds", 10)
                        .names(at(9) + SUMMARY + ": has no schema, but create-stalls.txt"),
                linked("create-times.txt"),
                linked("stuck-scan.json"),
                linked("integrity.json"),
                Mutation.of("a date is a link to another date", s -> {
                            s.delete("rounds/2026-10-09");
                            s.link("rounds/2026-10-09", "2026-10-08");
                        })
                        .fails("C1", "VAL12-05", "VAL12-08", "C4")
                        .figure("interrupted_rounds", 12)
                        .figure("total_creates", 1439 - 144)
                        .names("rounds/2026-10-09 is a link"),
                Mutation.of("a round is a link to another round", s -> {
                            s.delete(at(SLOT));
                            s.link(at(SLOT), "round-100000");
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .names(at(SLOT) + " is a link"),
                Mutation.of("a summary is a link to another's", s -> {
                            s.delete(IT);
                            s.link(IT, "../round-100000/round-summary.json");
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .names(IT + " is a link"));
    }

    private static Mutation linked(String file) {
        return Mutation.of(file + " is a link to another round's", s -> {
                    s.delete(at(SLOT) + "/" + file);
                    s.link(at(SLOT) + "/" + file, "../round-100000/" + file);
                })
                .fails(INTERRUPTED)
                .figure("interrupted_rounds", 1)
                .names(at(SLOT) + "/" + file + " is a link");
    }

    private static Mutation stranger(String what, Consumer<ObjectNode> change, String said) {
        return Mutation.of("a round with " + what, s -> s.summary(at(SLOT), change))
                .fails(INTERRUPTED)
                .figure("interrupted_rounds", 1)
                .names(IT + ": " + said);
    }

    /** As if the slot had been missed: its folder is gone, and every later round counts one less. */
    private static void renumber(SoakFolder soak, int slot) throws IOException {
        soak.delete(at(slot));
        for (int later = slot + 1; later < GoodSoak.SLOTS; later++) {
            soak.summary(at(later), f -> f.put("round", f.get("round").asInt() - 1));
        }
    }

    private static void adapt(SoakFolder soak, String round, int slot, int number) throws IOException {
        adaptTime(soak, round, START.plusSeconds((long) slot * GoodSoak.INTERVAL), slot, number);
    }

    /** The summary says that it has always stood there. */
    static void adaptTime(SoakFolder soak, String round, Instant time, int slot, int number) throws IOException {
        soak.summary(
                round,
                f -> f.put("round", number)
                        .put("round_id", RoundFiles.id(time))
                        .put("unix_ts", time.getEpochSecond())
                        .put("started_at", time.toString())
                        .put("finished_at", time.plusSeconds(2).toString())
                        .put("slot", slot));
    }
}
