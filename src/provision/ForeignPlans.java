package provision;

import base.Failure;
import base.Time;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import probe.ControlPlaneApi;
import settings.Config;

/** Plans on the control plane that bear a new soak's ids though it has made none: another soak shares its prefix. */
final class ForeignPlans {
    private static final Duration LISTING = Duration.ofMinutes(1);

    private ForeignPlans() {}

    /** @throws Failure exit 64 if there is one; a listing that cannot be read to its end is a warning */
    static void refuse(Config config, Time time, Consumer<String> warn) {
        ControlPlaneApi.Listing listing = new ControlPlaneApi(config, time).list(LISTING);
        Pattern id = Pattern.compile(Pattern.quote(config.planIdPrefix()) + "-\\d{1,11}-\\d+");
        List<String> ours = listing.timesListed().keySet().stream()
                .filter(name -> id.matcher(name).matches())
                .sorted()
                .toList();
        if (!ours.isEmpty()) {
            throw Failure.usage("the control plane at " + config.cpUrl() + " lists " + ours.size()
                    + " plans of another soak with the prefix " + config.planIdPrefix() + ", such as "
                    + ours.get(0)
                    + ": two soaks with one prefix count each other's plans as their own; give this soak another name,"
                    + " --set SOAK_ID=NAME, or another prefix, --set PLAN_ID_PREFIX=NAME");
        }
        if (!listing.complete()) {
            warn.accept("whether another soak's plans have ids " + config.planIdPrefix() + "-… is unknown: "
                    + listing.problem());
        }
    }
}
