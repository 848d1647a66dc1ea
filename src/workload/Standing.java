package workload;

import java.math.BigDecimal;
import java.util.List;
import settings.Config;
import settings.Plan;

/**
 * Gate D's criteria as they stand after a round, which starts no database: the one place outside SQL that decides what
 * a verdict decides too, beside {@link UptimeBudget}. SoakMetricsTest holds both against the views.
 *
 * @param fleet the fleet check: a round from the tenth on counted the fleet
 * @param rate the check of the aggregate rate: so many of the recoveries succeeded, those left out that a later scan
 *     refuted
 * @param nothingLost the plans were checked, and none was ever lost or listed twice
 */
public record Standing(boolean fleet, boolean rate, boolean nothingLost) {
    /** @param inSoak the rounds of the soak, oldest first */
    static Standing of(Config config, List<RoundOutcome> inSoak) {
        boolean fleet =
                inSoak.stream().skip(Plan.FLEET_ROUND - 1).anyMatch(round -> isFleet(config, round.planCount()));
        long recovered = inSoak.stream().mapToLong(RoundOutcome::recoveryOk).sum();
        long attempts = recovered
                + inSoak.stream().mapToLong(RoundOutcome::recoveryFail).sum();
        long ok = Math.max(
                0,
                recovered
                        - inSoak.stream()
                                .mapToLong(RoundOutcome::recoveriesRefuted)
                                .sum());
        boolean rate = attempts > 0
                && BigDecimal.valueOf(ok)
                                .compareTo(
                                        config.decimal("TARGET_ROLLBACK_RATE").multiply(BigDecimal.valueOf(attempts)))
                        >= 0;
        boolean measured = false;
        for (RoundOutcome round : inSoak) { // what was seen before a stranger came says nothing about the plans now
            measured = round.checkedThePlans() || measured && !round.stranger();
        }
        return new Standing(fleet, rate, measured && inSoak.stream().noneMatch(RoundOutcome::foundLossOrDoubles));
    }

    /** Whether a listing of so many plans holds the fleet; null is no listing. */
    public static boolean isFleet(Config config, Long plans) {
        return plans != null && BigDecimal.valueOf(plans).compareTo(config.decimal("TARGET_PLAN_COUNT")) >= 0;
    }
}
