package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import settings.Config;
import soak.Schedule;

/**
 * How many rounds may yet be unhealthy until the target of uptime cannot be reached any more, if all others to the end
 * are healthy. VAL12-08 divides by the rounds that ran, and by the slots in which any ran, the worst round standing for
 * its slot, and goes by the worse; C4 divides by all slots, so that a missed one costs it a round too.
 */
public final class UptimeBudget {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /**
     * @param allowed unhealthy rounds that the target allows to the whole soak
     * @param left of them; below 0 the verdict is lost
     */
    record Of(long allowed, long left) {}

    private final Config config;
    private final Schedule schedule;
    private final List<RoundOutcome> rounds;
    private final long elapsed;
    private final long slotsWithRounds;
    private final long healthySlots;

    private UptimeBudget(Config config, Schedule schedule, List<RoundOutcome> rounds) {
        this.config = config;
        this.schedule = schedule;
        this.rounds = rounds;
        Map<Long, Boolean> healthy = new HashMap<>();
        long latest = -1;
        for (RoundOutcome round : rounds) {
            long slot = schedule.slot(round.at());
            healthy.merge(slot, round.healthy(), Boolean::logicalAnd);
            latest = Math.max(latest, slot);
        }
        this.elapsed = latest + 1;
        this.slotsWithRounds = healthy.size();
        this.healthySlots = healthy.values().stream().filter(all -> all).count();
    }

    /**
     * @param history the rounds before this one
     * @param last round-summary.json of this one
     */
    public static UptimeBudget of(Config config, History history, ClosedRounds closed, JsonNode last) {
        Schedule schedule = config.schedule();
        List<RoundOutcome> all = new ArrayList<>();
        for (Path round : history.folders()) {
            all.add(closed.outcome(round));
        }
        all.add(RoundOutcome.of(Instant.parse(last.path("started_at").asText()), last));
        return new UptimeBudget(
                config,
                schedule,
                all.stream()
                        .filter(round ->
                                schedule.slot(round.at()) >= 0 && schedule.slot(round.at()) < schedule.totalSlots())
                        .toList());
    }

    /** The rounds of the soak, this one included if it is one. */
    List<RoundOutcome> rounds() {
        return rounds;
    }

    /** Slots before the last round's without a round. */
    long missedSlots() {
        return elapsed - slotsWithRounds;
    }

    private long unhealthyRounds() {
        return rounds.stream().filter(round -> !round.healthy()).count();
    }

    /** Of all rounds or of all slots with rounds, those to come included: what leaves less. */
    Of byRounds() {
        long toCome = schedule.totalSlots() - elapsed;
        long rounds = allowed(this.rounds.size() + toCome);
        long slots = allowed(slotsWithRounds + toCome);
        long roundsLeft = rounds - unhealthyRounds();
        long slotsLeft = slots - (slotsWithRounds - healthySlots);
        return slotsLeft < roundsLeft ? new Of(slots, slotsLeft) : new Of(rounds, roundsLeft);
    }

    /** Of all slots. */
    Of bySlots() {
        long allowed = allowed(schedule.totalSlots());
        return new Of(allowed, allowed - (elapsed - healthySlots));
    }

    /** What VAL12-08 has left, for an alert; null as long as nothing was used. */
    public Long leftOnceUsed() {
        return unhealthyRounds() == 0 ? null : (Long) byRounds().left();
    }

    private long allowed(long rounds) {
        BigDecimal target = config.decimal("TARGET_UPTIME_PCT");
        return HUNDRED.subtract(target)
                .multiply(BigDecimal.valueOf(rounds))
                .divide(HUNDRED)
                .setScale(0, RoundingMode.FLOOR)
                .longValue();
    }
}
