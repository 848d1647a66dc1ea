package probe;

import java.net.URI;
import java.util.Optional;

/** Whether the only page of a list may have been cut off at a limit: the list is asked for again, one plan a page. */
final class CutOff {
    private static final int LARGER = 10;

    private final PageReader reader;
    private final URI first;
    private final int asked;
    /** What is answered to limit=1; null until it is asked. */
    private Optional<Paging.Page> single;

    /** @param asked the limit in the first page's address; 0 = none */
    CutOff(PageReader reader, URI first, int asked) {
        this.reader = reader;
        this.first = first;
        this.asked = asked;
    }

    /** Nothing was asked for: then only a round number looks like somebody's limit. */
    boolean isPossible(int size) {
        return asked > 0 ? size > 1 || size == asked : size >= 10 && (size % 10 == 0 || size % 25 == 0);
    }

    /** The list with one plan a page, if a limit is obeyed. */
    Optional<Paging.Page> onePlan(Paging.Page page) throws NotUnderstood {
        return limited(page).filter(answer -> answer.ids().size() == 1);
    }

    /** Whether the page has as many plans as it may have. */
    boolean isFull(Paging.Page page) throws NotUnderstood {
        int size = page.ids().size();
        return onePlan(page).isPresent()
                && (asked > 0
                        ? size == asked
                        : reader.guessSize(Addresses.with(first, "limit", Integer.toString(size * LARGER))) > size);
    }

    /** Whether a total counts the list: it stays as it is beside a single plan, or no limit cuts anything off. */
    boolean totalIsOfList(Paging.Page page) throws NotUnderstood {
        return limited(page)
                .map(answer -> answer.ids().size() > 1
                        ? page.ids().size() != asked
                        : answer.signs().total != null
                                && PageSigns.whole(answer.signs().total.value())
                                        > answer.ids().size())
                .orElse(false);
    }

    /** Empty where that is refused or not understood. */
    private Optional<Paging.Page> limited(Paging.Page page) throws NotUnderstood {
        if (single == null) {
            single = Optional.ofNullable(asked == 1 ? page : reader.guess(Addresses.with(first, "limit", "1")));
        }
        return single;
    }
}
