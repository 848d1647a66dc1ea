package evidence;

import java.time.Instant;
import seal.Heads;

/**
 * What a report judges (contract, section 4 "as_of").
 *
 * @param asOf the report sees the rounds that started before it and the alert lines older than it
 * @param isNow whether asOf is the present moment: only then can a round be in progress
 * @param checkpointDay the checkpoint's day; of a status and a daily report the soak's last; null for a final report,
 *     which may not say PENDING
 * @param heads of rounds that were known elsewhere: they anchor rounds, and find seals that were made anew
 */
public record Scope(Instant asOf, boolean isNow, Integer checkpointDay, Heads heads) {
    /** Of a report that knows the folder alone. */
    public Scope(Instant asOf, boolean isNow, Integer checkpointDay) {
        this(asOf, isNow, checkpointDay, Heads.NONE);
    }
}
