package evidence;

import java.time.Instant;

/**
 * What a report judges (contract, section 4 "as_of").
 *
 * @param asOf the report sees the rounds that started before it and the alert lines older than it
 * @param isNow whether asOf is the present moment: only then can a round be in progress
 * @param checkpointDay the checkpoint's day, null unless a checkpoint; only a checkpoint may say PENDING
 */
public record Scope(Instant asOf, boolean isNow, Integer checkpointDay) {}
