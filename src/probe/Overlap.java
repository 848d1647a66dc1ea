package probe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pages of which each begins with the plans that the page before it ended with: their cursor names a plan, or a time,
 * and the page after it gives what bears it once more. That is how the list is cut, and no plan is there twice. A plan
 * that is there twice stands at one place of the list, and not wherever a page ends.
 */
final class Overlap {
    private final Map<String, Integer> again = new HashMap<>();
    private List<String> before = List.of();
    private int boundaries;
    private boolean everywhere = true;

    /** The ids of one page after the other. */
    void take(List<String> page) {
        if (page.isEmpty()) {
            return;
        }
        if (!before.isEmpty()) {
            boundaries++;
            List<String> shared = page.subList(0, shared(before, page));
            everywhere &= !shared.isEmpty();
            shared.forEach(id -> again.merge(id, 1, Integer::sum));
        }
        before = page;
    }

    /** A cursor that names the last plan of all: it gives that plan once more, and leads no further. */
    static boolean isEndAgain(Paging.Page page, Paging.Page following) {
        return following.ids().size() < page.ids().size()
                && shared(page.ids(), following.ids()) == following.ids().size()
                && !following.signs().leadsOn();
    }

    /** How many plans the end of a page and the beginning of the next one have in common. */
    private static int shared(List<String> before, List<String> page) {
        int shared = Math.min(before.size(), page.size());
        while (shared > 0
                && !before.subList(before.size() - shared, before.size()).equals(page.subList(0, shared))) {
            shared--;
        }
        return shared;
    }

    /** How often each plan came once more for no other reason than that a page ended there. */
    Map<String, Integer> again() {
        return everywhere ? again : Map.of();
    }

    /** Whether the list has two pages: what stands at their one boundary may as well be a plan that is there twice. */
    boolean leavesADoubt() {
        return boundaries == 1 && !again().isEmpty();
    }
}
