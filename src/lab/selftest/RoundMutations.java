package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.INTERRUPTED;
import static lab.selftest.Mutations.SUMMARY;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import soak.RoundFiles;

/** Round folders that vanish, double, move, or belong elsewhere. */
final class RoundMutations {
    private static final int SLOT = 102; // 2026-10-09T12:00:00Z
    private static final Instant ITS_TIME = Instant.parse("2026-10-09T12:00:00Z");
    private static final String ITS_DAY = "daily/2026-10-09-summary.json";

    private RoundMutations() {}

    static List<Mutation> all() {
        String between = "rounds/" + RoundFiles.id(ITS_TIME.plusSeconds(600));
        return List.of(
                Mutation.of("a round is dropped", s -> s.delete(at(SLOT)))
                        .fails(INTERRUPTED)
                        .figure("missed_rounds", 0)
                        .figure("total_rounds", 120)
                        .figure("interrupted_rounds", 1)
                        .names(at(SLOT + 1) + SUMMARY, ITS_DAY),
                Mutation.of("the last round is dropped", s -> s.delete(at(119)))
                        .fails("C4")
                        .figure("missed_rounds", 1)
                        .names("daily/2026-10-10-summary.json"),
                Mutation.of("round 1 is dropped", s -> s.delete(at(0)))
                        .fails("VAL12-02", "VAL12-04", "VAL12-05", "VAL12-08", "C4")
                        .figure("interrupted_rounds", 1)
                        .figure("round1_p99_ms", null)
                        .names(at(1) + SUMMARY, "daily/2026-10-01-summary.json"),
                Mutation.of("a day is dropped", s -> s.delete("rounds/2026-10-09"))
                        .fails("VAL12-05", "VAL12-08", "C1", "C3", "C4")
                        .figure("missed_rounds", 0)
                        .figure("interrupted_rounds", 12)
                        .names("rounds/2026-10-10/round-000000" + SUMMARY, ITS_DAY),
                Mutation.of("three days are dropped", s -> {
                            for (int day = 3; day < 6; day++) {
                                s.delete("rounds/2026-10-0" + day);
                            }
                        })
                        .fails("VAL12-05", "VAL12-08", "C1", "C3", "C4", "VAL12-09")
                        .figure("interrupted_rounds", 36)
                        .names("daily/2026-10-05-summary.json"),
                Mutation.of("the second half is dropped", s -> {
                            for (int day = 6; day <= 10; day++) {
                                s.delete(day < 10 ? "rounds/2026-10-0" + day : "rounds/2026-10-10");
                            }
                        })
                        .fails("C1", "C3", "C4", "VAL12-09")
                        .figure("overall", "INCOMPLETE")
                        .figure("missed_rounds", 60)
                        .names("daily/2026-10-10-summary.json"),
                Mutation.of("a round is copied into the same slot", s -> s.copy(at(SLOT), between))
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .names(between + SUMMARY),
                Mutation.of("a round is copied, its summary adapted", s -> {
                            s.copy(at(SLOT), between);
                            adapt(s, between, ITS_TIME.plusSeconds(600));
                        })
                        .fails(INTERRUPTED)
                        .figure("total_rounds", 121)
                        .figure("total_creates", 1439)
                        .names(between + SUMMARY),
                Mutation.of("a round is moved within its slot", s -> s.move(at(SLOT), between))
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .names(between + SUMMARY),
                Mutation.of("a round is moved to another day", s -> s.move(at(SLOT), "rounds/2026-10-05/round-123000"))
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 2)
                        .names("rounds/2026-10-05/round-123000" + SUMMARY),
                Mutation.of("a round is moved to another slot, its summary adapted", s -> {
                            s.move(at(SLOT), "rounds/2026-10-05/round-123000");
                            adapt(s, "rounds/2026-10-05/round-123000", Instant.parse("2026-10-05T12:30:00Z"));
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 2)
                        .names("rounds/2026-10-05/round-123000" + SUMMARY, "daily/2026-10-05-summary.json"),
                Mutation.of("a missed slot is filled by a copy, all adapted", s -> {
                            s.delete(at(SLOT));
                            s.copy(at(SLOT - 1), at(SLOT));
                            adapt(s, at(SLOT), ITS_TIME);
                        })
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .names(at(SLOT) + SUMMARY),
                Mutation.of(
                                "a round of another soak takes a round's place",
                                s -> s.summary(
                                        at(SLOT),
                                        f -> ((ObjectNode) f.get("targets"))
                                                .put("SOAK_ID", "soak-other")
                                                .put("SOAK_STARTED_AT", "2026-09-01T00:00:00Z")))
                        .fails(INTERRUPTED)
                        .names(at(SLOT) + SUMMARY),
                Mutation.of("a round folder has no whole time", s -> s.move(at(SLOT), "rounds/2026-10-09/round-1200"))
                        .fails(INTERRUPTED)
                        .figure("interrupted_rounds", 1)
                        .names("rounds/2026-10-09/round-1200"),
                Mutation.of("a date folder is no date", s -> s.move("rounds/2026-10-09", "rounds/2026-10-32"))
                        .fails("VAL12-05", "VAL12-08", "C1", "C3", "C4")
                        .figure("interrupted_rounds", 12)
                        .names("rounds/2026-10-32"),
                Mutation.of("a file lies among the dates", s -> s.write("rounds/notes.txt", "mind the gap\n"))
                        .names("rounds/notes.txt"),
                Mutation.of(
                                "a folder of backups lies among the rounds",
                                s -> s.copy(at(SLOT), "rounds/2026-10-09/backup"))
                        .names("rounds/2026-10-09/backup"),
                Mutation.of("a round lies after the end", s -> {
                            s.copy(at(SLOT), "rounds/2026-11-02/round-000000");
                            adapt(s, "rounds/2026-11-02/round-000000", Instant.parse("2026-11-02T00:00:00Z"));
                        })
                        .figure("rounds_after_end", 1)
                        .figure("total_rounds", 120)
                        .names("rounds/2026-11-02/round-000000"),
                Mutation.of("a round lies before the start", s -> {
                            s.copy(at(SLOT), "rounds/2026-09-30/round-000000");
                            adapt(s, "rounds/2026-09-30/round-000000", Instant.parse("2026-09-30T00:00:00Z"));
                        })
                        .figure("total_rounds", 120)
                        .names("rounds/2026-09-30/round-000000"),
                Mutation.of("round 1 has no summary", s -> s.delete(at(0) + SUMMARY))
                        .fails("VAL12-02", "VAL12-04", "VAL12-05", "VAL12-08", "C4")
                        .figure("interrupted_rounds", 1)
                        .names(at(0) + SUMMARY),
                Mutation.of(
                                "from the last round on a stranger stands in the control plane's place",
                                s -> stranger(s, 119))
                        .fails("C1")
                        .figure("lost_plans", 0)
                        .names(at(119).substring("rounds/".length()), at(119) + SUMMARY),
                Mutation.of(
                                "a stranger stood in the control plane's place, and a later round saw the plans",
                                s -> stranger(s, SLOT))
                        .figure("lost_plans", 0)
                        .names(at(SLOT) + SUMMARY),
                Mutation.of(
                                "a foreign file lies in a round folder",
                                s -> s.write(at(SLOT) + "/notes.txt", "all is well\n"))
                        .changesNothing(),
                Mutation.of(
                                "what a killed write leaves lies in a round folder",
                                s -> s.write(at(SLOT) + "/round-summary.json.tmp", "{\"health\": \"fai"))
                        .changesNothing());
    }

    private static void stranger(SoakFolder soak, int slot) throws IOException {
        soak.summary(
                at(slot),
                f -> f.put("port_conflict", true)
                        .putNull("plan_count")
                        .putNull("lost_plans")
                        .putNull("duplicate_plans"));
        soak.delete(at(slot) + "/integrity.json");
    }

    /** The summary says that it has always stood there. */
    private static void adapt(SoakFolder soak, String round, Instant time) throws IOException {
        soak.summary(
                round,
                f -> f.put("round_id", RoundFiles.id(time))
                        .put("unix_ts", time.getEpochSecond())
                        .put("started_at", time.toString())
                        .put("finished_at", time.plusSeconds(2).toString())
                        .put(
                                "slot",
                                Math.floorDiv(
                                        time.getEpochSecond()
                                                - Instant.parse("2026-10-01T00:00:00Z")
                                                        .getEpochSecond(),
                                        GoodSoak.INTERVAL)));
    }
}
