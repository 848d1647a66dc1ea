package seal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The closed rounds in the order in which each sealed the one before: from the newest back, over a gap where rounds are
 * gone, and beyond a round that adopted others. What is not on it, nobody sealed.
 *
 * @param links oldest first
 * @param gaps where a round that is gone was sealed by the one that follows it
 */
record Chain(List<Link> links, List<Gap> gaps) {
    /**
     * Rounds that are not there.
     *
     * @param gone the last of them
     * @param before the newest round before them; null if there is none
     * @param after the round that sealed them
     */
    record Gap(String gone, Link before, Link after) {
        /** How many, by the numbers that the rounds beside them have; 1 where these tell nothing. */
        long rounds() {
            long killed = after.seal().unclosed().size();
            return Math.max(1, after.number() - 1 - killed - (before == null ? 0 : before.number()));
        }
    }

    /** @param closed by their ids, oldest first */
    static Chain of(Map<String, Link> closed) {
        Set<String> named = named(closed);
        Map<String, Link> left = new LinkedHashMap<>();
        closed.forEach((id, link) -> {
            if (!link.isElsewhere() || named.contains(id)) { // else it is a copy, or has another name by now
                left.put(id, link);
            }
        });
        List<Link> newestFirst = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        Link after = null;
        while (true) {
            List<Link> piece = newestPiece(left);
            if (piece.isEmpty()) {
                break;
            }
            Link newest = piece.get(0);
            if (after != null && !isFirst(after)) {
                gaps.add(new Gap(after.seal().previous().roundId(), newest, after));
            }
            newestFirst.addAll(piece);
            piece.forEach(link -> left.remove(link.roundId()));
            after = piece.get(piece.size() - 1);
            String oldest = after.roundId();
            long number = after.seal() != null && after.seal().adopted() != null ? after.number() : 0;
            // beside the chain, not before it; what was adopted may have run by a clock that stood ahead
            left.values().removeIf(link -> link.roundId().compareTo(oldest) > 0 && link.number() >= number);
            if (after.isSealed() && after.seal().previous() == null) {
                break;
            }
        }
        if (after != null && !isFirst(after)) {
            gaps.add(new Gap(after.seal().previous().roundId(), null, after));
        }
        Collections.reverse(newestFirst);
        Collections.reverse(gaps);
        return new Chain(newestFirst, gaps);
    }

    /**
     * Nothing was before it, or the list of what it adopted names that. Rounds before it that have seals of their own
     * are held against those all the same: whoever adopts cannot make them good.
     */
    private static boolean isFirst(Link link) {
        return !link.isSealed() || link.seal().previous() == null || link.seal().adopted() != null;
    }

    /** The rounds that a later one sealed, as it says. */
    private static Set<String> named(Map<String, Link> closed) {
        Set<String> named = new HashSet<>();
        closed.values().forEach(link -> previous(link, closed).ifPresent(p -> named.add(p.roundId())));
        return named;
    }

    /**
     * From the last round that no other sealed back to one that sealed none that is there; newest first. The last is
     * the one with the highest number; of two, a copy has the shorter chain, or lies before what it copies.
     */
    private static List<Link> newestPiece(Map<String, Link> closed) {
        Set<String> named = named(closed);
        Map<String, Integer> lengths = new HashMap<>();
        return closed.values().stream()
                .filter(link -> link.isSealed() && !named.contains(link.roundId()))
                .max(Comparator.comparingLong(Link::number)
                        .thenComparingInt(link -> length(link, closed, lengths))
                        .thenComparing(Link::roundId))
                .map(end -> walk(end, closed, Map.of()))
                .orElse(List.of());
    }

    /** Each link is walked but once, however many ends lead to it. */
    private static int length(Link end, Map<String, Link> closed, Map<String, Integer> lengths) {
        List<Link> unknown = walk(end, closed, lengths);
        Link oldest = unknown.isEmpty() ? end : unknown.get(unknown.size() - 1);
        int length = unknown.isEmpty()
                ? 0
                : next(oldest, closed)
                        .map(known -> lengths.getOrDefault(known.roundId(), 0))
                        .orElse(0);
        for (int i = unknown.size() - 1; i >= 0; i--) {
            lengths.put(unknown.get(i).roundId(), ++length);
        }
        return lengths.get(end.roundId());
    }

    /** @param known where to stop */
    private static List<Link> walk(Link end, Map<String, Link> closed, Map<String, Integer> known) {
        List<Link> walked = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Link link = end; link != null && !known.containsKey(link.roundId()) && seen.add(link.roundId()); ) {
            walked.add(link);
            link = next(link, closed).orElse(null);
        }
        return walked;
    }

    private static Optional<Link> next(Link link, Map<String, Link> closed) {
        return isFirst(link) ? Optional.empty() : previous(link, closed);
    }

    private static Optional<Link> previous(Link link, Map<String, Link> closed) {
        return link.isSealed() && link.seal().previous() != null
                ? Optional.ofNullable(closed.get(link.seal().previous().roundId()))
                : Optional.empty();
    }

    /** What the newest round of the chain fixes; null without a chain. */
    Link newest() {
        return links.isEmpty() ? null : links.get(links.size() - 1);
    }
}
