import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a foreign control plane was told to do otherwise. */
final class ForeignSwitches {
    /** Every switch and its values; the normal state is the empty value. */
    static final Map<String, String> NAMES = new TreeMap<>(Map.ofEntries(
            Map.entry("list_key", "name of the list's array (items)"),
            Map.entry("stuck_key", "name of the scan's array (diagnosis)"),
            Map.entry("id_key", "name of the plan id in both (plan_id)"),
            Map.entry("cursor_param", "name of the query parameter (page_token)"),
            Map.entry("empty", "null or [] for an empty list (null)"),
            Map.entry("inclusive", "each page begins with the plan that the one before it ended with"),
            Map.entry("last_cursor", "\"\", null or absent on the last page (\"\")"),
            Map.entry("page_max", "plans a page at most (50)"),
            Map.entry("for_listings", "n: lose and duplicate spoil the next n listings alone"),
            Map.entry("list_fails_after", "n: the next n listings are right, those after them are answered 500"),
            Map.entry(
                    "id_as",
                    "how ids come back: upper, blank, encoded, odd (with blanks at the ends, line ends and such), or"
                            + " own (the control plane's; ours stands in labels.name, and the create's answer has its"
                            + " own)"),
            Map.entry(
                    "no_total",
                    "page (the total is the page's own), or any other value: a listing does not say how many plans"
                            + " there are"),
            Map.entry("stuck_page_max", "stuck plans a page at most (all on one), with meta.next for the page after"),
            Map.entry(
                    "health",
                    "an HTTP status, or garbage, not-http, hang, trickle (a byte a second), drop, redirect, exit (the"
                            + " process ends)"),
            Map.entry("instance", "what health calls this instance"),
            Map.entry("create_503_every", "n: every n-th create is answered 503 and not made"),
            Map.entry("create_status", "an HTTP status for every create, which is not made"),
            Map.entry("create_delay_ms", "every create is answered after so long"),
            Map.entry("create_delay_random_ms", "as before, but 0 to so long, by a seeded generator"),
            Map.entry(
                    "half",
                    "ENDPOINT FORM: what is answered at health, create, stuck, list or metrics is half an answer of"
                            + " that form (HalfAnswers)"),
            Map.entry(
                    "create_drop_every", "n: every n-th create is made, and the connection dropped without an answer"),
            Map.entry("create_lose_every", "n: every n-th create is answered 201 and never made"),
            Map.entry(
                    "list",
                    "truncated, half-json, huge, html, no-array, two-arrays, no-cursor, redirect, drop, hang,"
                            + " not-http, or an HTTP status"),
            Map.entry("stuck", "as list"),
            Map.entry(
                    "cursor",
                    "loop (always the same), repeat (page 1 again and again, with new cursors), endless (new cursors,"
                            + " empty pages)"),
            Map.entry(
                    "by_id",
                    "what a plan is answered with that is asked for by its id: plan, never deleted (with zero times of"
                            + " that), deleted (a mark is left of it), echo (also one that nobody made), busy (every"
                            + " second one alone), later (503), fails (500 for one that nobody made)"),
            Map.entry("lose", "n: the n oldest plans are missing from the list"),
            Map.entry("duplicate", "n: the n newest plans are listed twice"),
            Map.entry("stuck_json", "the stuck scan's whole answer"),
            Map.entry("recover_phase", "a phase: what a recovery makes of a plan, whatever its strategy"),
            Map.entry("stuck_plans", "n: the n oldest published plans count as stuck, until recovered"),
            Map.entry(
                    "metrics", "an HTTP status, or absent (no family that the plan names), garbage, drop, hang, huge"),
            Map.entry("reset_counters", "any value: counters start at 0 again, once"),
            Map.entry("cli_fail_every", "n: every n-th recovery fails with exit 7"),
            Map.entry("cli_seconds", "a recovery takes so long (fractions too)"),
            Map.entry("cli_hang", "any value: a recovery never ends, its child neither"),
            Map.entry("cli_output_bytes", "a recovery prints so much on its standard output"),
            Map.entry("recover_has_no_effect", "any value: recoveries exit 0 but the plan stays stuck")));

    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

    /** "" puts it back to normal. */
    void set(String name, String value) {
        if (!NAMES.containsKey(name)) {
            throw new IllegalArgumentException("no switch " + name + "; there are " + NAMES.keySet());
        }
        if (value.isEmpty()) {
            values.remove(name);
        } else if (!name.equals("reset_counters")) { // which is done, and not a state
            turns.remove(name); // every n-th from now on
            values.put(name, value);
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String value(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** @return what was left before; -1 where the switch is not set */
    synchronized int countsDown(String name) {
        int left = Integer.parseInt(value(name, "-1"));
        if (left > 0) {
            values.put(name, Integer.toString(left - 1));
        }
        return left;
    }

    boolean turn(String everyNth) {
        int n = Integer.parseInt(value(everyNth, "0"));
        return n > 0
                && turns.computeIfAbsent(everyNth, k -> new AtomicInteger()).incrementAndGet() % n == 0;
    }
}
