package workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import probe.ControlPlaneApi;

/**
 * The plans that every listing misses, each asked for by its id: a listing that ends early without saying so, or an
 * index that lags behind its store, loses no plan.
 *
 * @param shown the plans that the control plane answered with
 * @param unknown how many it neither showed nor refused, or were not asked for
 */
record AskedByItself(Set<String> shown, int unknown) {
    /** So many requests take seconds of a slot at the most; a listing that misses more than that is not complete. */
    private static final int MOST = 1000;
    /** If so many are all refused, each is. */
    private static final int SAMPLE = 20;

    static final AskedByItself NOTHING = new AskedByItself(Set.of(), 0);

    /**
     * @param ids in the order in which they were made
     * @param left how long requests may go on
     */
    static AskedByItself of(ControlPlaneApi api, List<String> ids, Supplier<Duration> left) {
        if (ids.isEmpty()) {
            return NOTHING;
        }
        ControlPlaneApi.ByItself nobodys = api.plan(ids.get(0) + "-never-made");
        if (nobodys == ControlPlaneApi.ByItself.SHOWN) {
            return NOTHING; // who answers with whatever it is asked for shows nothing
        }
        if (nobodys == ControlPlaneApi.ByItself.NO_ANSWER) {
            return new AskedByItself(Set.of(), ids.size());
        }
        Set<String> shown = new LinkedHashSet<>();
        int refused = 0;
        List<String> asked = sampleFirst(ids);
        int most = Math.min(asked.size(), MOST);
        for (int i = 0; i < most && !left.get().isNegative(); i++) {
            if (i == SAMPLE && shown.isEmpty()) {
                return refused == SAMPLE ? NOTHING : new AskedByItself(Set.of(), ids.size() - refused);
            }
            ControlPlaneApi.ByItself answer = api.plan(asked.get(i));
            if (answer == ControlPlaneApi.ByItself.SHOWN) {
                shown.add(asked.get(i));
            } else if (answer == ControlPlaneApi.ByItself.NOT_SHOWN
                    || answer == ControlPlaneApi.ByItself.FAILED && answer == nobodys) {
                refused++;
            }
        }
        return new AskedByItself(shown, ids.size() - shown.size() - refused);
    }

    /** Whether no plan is shown, and none may be there all the same. */
    boolean tellsNothing() {
        return shown.isEmpty() && unknown == 0;
    }

    /** Half of the sample are the newest plans, which an index lacks that lags; half are spread over all others. */
    private static List<String> sampleFirst(List<String> ids) {
        List<String> newestFirst = new ArrayList<>(ids);
        Collections.reverse(newestFirst);
        Set<String> order = new LinkedHashSet<>(newestFirst.subList(0, Math.min(SAMPLE / 2, ids.size())));
        for (int i = 0; i < SAMPLE / 2; i++) {
            order.add(ids.get((int) ((long) i * ids.size() / (SAMPLE / 2))));
        }
        order.addAll(newestFirst);
        return List.copyOf(order);
    }
}
