package evidence;

import java.time.Instant;

/**
 * What a report judges (contract, section 4 "as_of").
 *
 * @param asOf the report sees the rounds that started before it and the alert lines older than it
 * @param isNow whether asOf is the present moment: only then can a round be in progress
 * @param checkpointDay the checkpoint's day; of a status and a daily report the soak's last; null for a final report,
 *     which may not say PENDING
 */
public record Scope(Instant asOf, boolean isNow, Integer checkpointDay) {}
