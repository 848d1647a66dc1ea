package lab.controlplane;

import java.util.List;

/**
 * A rollout plan as stored. Times are milliseconds since the epoch.
 *
 * @param seq the order of creation
 * @param stages ids of the stages in their order; may be empty
 * @param currentStageId null where the plan has no stages
 * @param stuckAfterSeconds the plan's own patience; null = the scan's threshold alone
 * @param completesAfterSeconds so long after a retry the plan is completed; null = never
 * @param completesAtMs set by a retry; null = not running towards an end
 */
public record Plan(
        long seq,
        String planId,
        String artifactRef,
        Phase storedPhase,
        List<String> stages,
        String currentStageId,
        long createdAtMs,
        long storedUpdatedAtMs,
        Long stuckAfterSeconds,
        Long completesAfterSeconds,
        Long completesAtMs) {
    private static final long MS = 1000;

    private boolean hasCompleted(long nowMs) {
        return completes() && completesAtMs <= nowMs;
    }

    private boolean completes() {
        return storedPhase == Phase.ACTIVE && completesAtMs != null;
    }

    /** A plan completes by the passing of time alone, so its phase depends on when one looks. */
    public Phase phase(long nowMs) {
        return hasCompleted(nowMs) ? Phase.COMPLETED : storedPhase;
    }

    /** From when on its phase no longer depends on when one looks; until somebody changes it. */
    long settledSince() {
        return completes() ? completesAtMs : Long.MIN_VALUE;
    }

    public long updatedAtMs(long nowMs) {
        return hasCompleted(nowMs) ? completesAtMs : storedUpdatedAtMs;
    }

    /** Tries again; {@code skipFailed} goes on with the stage after the one that failed, if there is one. */
    Plan retried(boolean skipFailed, long nowMs) {
        int next = currentStageId == null ? stages.size() : stages.indexOf(currentStageId) + 1;
        String stage = skipFailed && next < stages.size() ? stages.get(next) : currentStageId;
        Long completesAt = completesAfterSeconds == null ? null : nowMs + completesAfterSeconds * MS;
        return with(Phase.ACTIVE, stage, nowMs, completesAt);
    }

    Plan movedTo(Phase phase, long nowMs) {
        return with(phase, currentStageId, nowMs, null);
    }

    private Plan with(Phase phase, String stage, long nowMs, Long completesAt) {
        return new Plan(
                seq,
                planId,
                artifactRef,
                phase,
                stages,
                stage,
                createdAtMs,
                nowMs,
                stuckAfterSeconds,
                completesAfterSeconds,
                completesAt);
    }
}
