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
    /** If none of so many is shown, none is. */
    private static final int SAMPLE = 20;

    static final AskedByItself NOTHING = new AskedByItself(Set.of(), 0);

    /**
     * @param ids in the order in which they were made
     * @param left how long requests may go on
     */
    static AskedByItself of(ControlPlaneApi api, List<String> ids, Supplier<Duration> left) {
        // Who answers with whatever it is asked for shows nothing.
        if (ids.isEmpty() || api.plan(ids.get(0) + "-never-made") != ControlPlaneApi.ByItself.NOT_SHOWN) {
            return NOTHING;
        }
        Set<String> shown = new LinkedHashSet<>();
        int refused = 0;
        List<String> asked = sampleFirst(ids);
        for (int i = 0; i < Math.min(asked.size(), MOST) && !left.get().isNegative(); i++) {
            if (i == SAMPLE && shown.isEmpty()) {
                break;
            }
            switch (api.plan(asked.get(i))) {
                case SHOWN -> shown.add(asked.get(i));
                case NOT_SHOWN -> refused++;
                case NO_ANSWER -> {}
            }
        }
        return shown.isEmpty() ? NOTHING : new AskedByItself(shown, ids.size() - shown.size() - refused);
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
