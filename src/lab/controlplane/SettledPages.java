package lab.controlplane;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answers of a listing's full pages, kept until a plan of theirs changes: a month of rounds asks for the same
 * hundred plans a thousand times.
 *
 * <p>Not every page is kept: the last one, to which creates add, is not, and neither is what goes beyond
 * {@link #MOST_BYTES}.
 */
final class SettledPages {
    private static final long MOST_BYTES = 16L << 20;

    private record Asked(long afterSeq, int limit) {}

    /** @param since the moment from which on time alone changes nothing of it */
    private record Page(long lastSeq, long since, byte[] body) {}

    private final Map<Asked, Page> pages = new HashMap<>();
    private long bytes;
    private long changes;
    private long dataVersion = -1;

    /** @param version as SQLite counts what other connections than the store's own writer have changed */
    synchronized void seen(long version) {
        if (version != dataVersion) {
            dataVersion = version;
            pages.clear();
            bytes = 0;
            changes++;
        }
    }

    /** How many changes there were: what was read before the last of them is not kept. */
    synchronized long changes() {
        return changes;
    }

    /** A plan is another one from now on. */
    synchronized void changed(long seq) {
        changes++;
        pages.entrySet().removeIf(page -> {
            boolean holds = page.getKey().afterSeq < seq && seq <= page.getValue().lastSeq;
            bytes -= holds ? page.getValue().body.length : 0;
            return holds;
        });
    }

    synchronized Optional<byte[]> body(long afterSeq, int limit, long nowMs) {
        return Optional.ofNullable(pages.get(new Asked(afterSeq, limit)))
                .filter(page -> page.since <= nowMs)
                .map(Page::body);
    }

    /**
     * Keeps a full page that others follow.
     *
     * @param plans those of the page, in order
     * @param changesBefore {@link #changes()} before they were read
     */
    synchronized void keep(long afterSeq, int limit, List<Plan> plans, byte[] body, long nowMs, long changesBefore) {
        long since = plans.stream().mapToLong(Plan::settledSince).max().orElseThrow();
        if (since <= nowMs && changes == changesBefore && bytes + body.length <= MOST_BYTES) {
            Page before = pages.put(
                    new Asked(afterSeq, limit),
                    new Page(plans.get(plans.size() - 1).seq(), since, body));
            bytes += body.length - (before == null ? 0 : before.body.length);
        }
    }
}
