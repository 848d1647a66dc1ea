package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import soak.RoundFiles;

/**
 * What a round adds to the soak's totals. An interrupted round has neither creates nor recoveries here: those of its
 * raw files are the reports' business.
 *
 * @param at the second of its folder
 * @param recorded whether it has a summary; else it was interrupted
 * @param recoveriesRefuted recoveries of earlier rounds that its scan refuted
 * @param stranger whether a stranger was found in the control plane's place
 * @param planCount null where it did not count, likewise {@code lost} and {@code duplicate}
 */
record RoundOutcome(
        Instant at,
        boolean recorded,
        boolean healthy,
        boolean restarted,
        long createOk,
        long createErrors,
        long recoveryOk,
        long recoveryFail,
        long recoveriesRefuted,
        boolean stranger,
        Long planCount,
        Long lost,
        Long duplicate) {
    static RoundOutcome of(Path folder) {
        Instant at = RoundFiles.second(folder);
        Optional<JsonNode> summary = History.summary(folder);
        return summary.isPresent()
                ? of(at, summary.get())
                : new RoundOutcome(at, false, false, false, 0, 0, 0, 0, 0, false, null, null, null);
    }

    static RoundOutcome of(Instant at, JsonNode summary) {
        boolean restarted = summary.path("restarted").asBoolean();
        Long recovered = whole(summary, "recovery_ok");
        Long failed = whole(summary, "recovery_fail");
        // a success whose failures are unknown is none that can be counted
        boolean bothKnown = recovered != null && failed != null;
        return new RoundOutcome(
                at,
                true,
                RoundSummary.healthy(summary.path("health").asText(), restarted),
                restarted,
                summary.path("create_ok").asLong(),
                summary.path("create_errors").asLong(),
                bothKnown ? recovered : 0,
                failed != null ? failed : 0,
                summary.path("recoveries_refuted").asLong(),
                summary.path("port_conflict").asBoolean(),
                whole(summary, "plan_count"),
                whole(summary, "lost_plans"),
                whole(summary, "duplicate_plans"));
    }

    /** All but the second, which the folder's name tells. */
    void write(DataOutputStream out) throws IOException {
        out.writeBoolean(recorded);
        out.writeBoolean(healthy);
        out.writeBoolean(restarted);
        out.writeLong(createOk);
        out.writeLong(createErrors);
        out.writeLong(recoveryOk);
        out.writeLong(recoveryFail);
        out.writeLong(recoveriesRefuted);
        out.writeBoolean(stranger);
        write(out, planCount);
        write(out, lost);
        write(out, duplicate);
    }

    /** What {@link #write} wrote of the round that began at this second. */
    static RoundOutcome read(Instant at, DataInputStream in) throws IOException {
        return new RoundOutcome(
                at,
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                readWhole(in),
                readWhole(in),
                readWhole(in));
    }

    private static void write(DataOutputStream out, Long number) throws IOException {
        out.writeBoolean(number != null);
        out.writeLong(number == null ? 0 : number);
    }

    private static Long readWhole(DataInputStream in) throws IOException {
        boolean isThere = in.readBoolean();
        long number = in.readLong();
        return isThere ? (Long) number : null;
    }

    static Long whole(JsonNode summary, String field) {
        JsonNode value = summary.path(field);
        return value.isNumber() || value.isTextual() && value.asText().matches("\\d{1,18}")
                ? (Long) value.asLong()
                : null;
    }

    boolean checkedThePlans() {
        return lost != null && duplicate != null;
    }

    boolean foundLossOrDoubles() {
        return lost != null && lost > 0 || duplicate != null && duplicate > 0;
    }
}
