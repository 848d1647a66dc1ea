package probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import settings.Config;

/**
 * Reads a list to its end, however the control plane pages it (contract, section 5). How is found out from the pages,
 * or named in config.env. A way to ask for the next page that was guessed is taken only if it brings plans that were
 * not listed before; an end is believed only if the control plane says it, or if it gives no more whatever it is asked.
 */
final class Paging {
    /** A list that repeats itself more often than this does not end by itself. */
    private static final int MAX_LISTED_PER_PLAN = 3;

    private static final int MAX_EMPTY_PAGES = 10;

    /**
     * One page.
     *
     * @param address that it was asked of
     * @param items what its array holds
     */
    record Page(
            URI address,
            HttpCall.Answer answer,
            List<JsonNode> items,
            List<String> ids,
            List<String> ownIds,
            PageSigns signs) {}

    interface Sink {
        void take(Page page);

        /** An id as its reader knows it already: one text of half a million, in place of two. */
        default String same(String id) {
            return id;
        }
    }

    /**
     * How it went.
     *
     * @param code the HTTP code of the last answer
     * @param problem null if the end was reached, else why not
     * @param doubt null if the end was said or shown; else why the only page may not be all
     */
    record End(String code, int pages, String problem, String doubt) {}

    private enum Word {
        END,
        MORE,
        NONE
    }

    private final Config config;
    private final URI first;
    private final int asked;
    private final int mostPages;
    private final PageReader reader;
    private final Sink sink;
    private final String mode;

    /** By id how often it was listed, in the order of the list: of half a million plans there is no second such map. */
    private final Map<String, Integer> times = new LinkedHashMap<>();

    private final Set<URI> addresses = new HashSet<>();
    private Long leastTotal;
    private String totalPath;
    /** Whether plans came beyond the total: then it counts a page, and says nothing of the list. */
    private boolean totalIsOfPage;

    private int count;
    private int pages;
    private int emptyPages;
    /** How the second page was reached, and so each later one. */
    private Ways.Way way;
    /**
     * Whether that way goes by our own numbers, and no page says that there are others: then a page without plans is
     * the end.
     */
    private boolean untilEmpty;

    private String doubt;
    private final Ways ways;
    private final CutOff cutOff;
    private final Overlap overlap = new Overlap();

    /**
     * @param first the first page's address
     * @param asked the limit in it, by which a page is known for a full one; 0 = none
     * @param mostPages no further page is asked for then
     * @param deadline by System.nanoTime()
     */
    Paging(
            Config config,
            Function<URI, HttpCall.Answer> http,
            URI first,
            int asked,
            int mostPages,
            long deadline,
            PlanList plans,
            Sink sink) {
        this.config = config;
        this.first = first;
        this.asked = asked;
        this.mostPages = mostPages;
        this.reader = new PageReader(http, plans, config.cursorField(), deadline, () -> pages);
        this.cutOff = new CutOff(this.reader, first, asked);
        this.sink = sink;
        this.mode = config.paging();
        this.ways = new Ways(config, first, () -> count, () -> pages);
    }

    Map<String, Integer> timesListed() {
        return times;
    }

    /** What a page repeats of the one before it, because the list is cut so, is left out. */
    int count() {
        return count;
    }

    Overlap overlap() {
        return overlap;
    }

    End read() {
        String problem = null;
        try {
            for (Page page = reader.page(first, reader.ask(first));
                    page != null;
                    page = pages < mostPages ? following(page) : null) {
                take(page);
            }
        } catch (NotUnderstood e) {
            problem = e.getMessage();
        }
        overlap.again().forEach((id, more) -> {
            times.merge(id, -more, Integer::sum);
            count -= more;
        });
        return new End(reader.code(), pages, problem, doubt);
    }

    // --- one page -------------------------------------------------------------------------------------------------

    private void take(Page page) throws NotUnderstood {
        pages++;
        addresses.add(page.address);
        if (leastTotal != null && leastTotal <= count && isNew(page)) {
            totalIsOfPage = true;
            leastTotal = null;
        }
        count += page.ids.size();
        page.ids.forEach(id -> times.merge(sink.same(id), 1, Integer::sum));
        PageSigns.Sign total = totalIsOfPage ? null : page.signs.total;
        // plans come and go while the pages are read
        if (total != null && (leastTotal == null || PageSigns.whole(total.value()) < leastTotal)) {
            leastTotal = PageSigns.whole(total.value());
            totalPath = total.path();
        }
        overlap.take(page.ids);
        sink.take(page);
        emptyPages = page.ids.isEmpty() ? emptyPages + 1 : 0;
        if (emptyPages > MAX_EMPTY_PAGES
                || count > MAX_LISTED_PER_PLAN * times.size() + Math.max(1, asked) * MAX_EMPTY_PAGES) {
            throw new NotUnderstood(
                    "the listing does not end: " + pages + " pages hold " + times.size() + " different plans");
        }
    }

    // --- from page to page ----------------------------------------------------------------------------------------

    /** @return the page after this one; null at the end */
    private Page following(Page page) throws NotUnderstood {
        Word word = word(page);
        URI to = way == null || word == Word.END ? null : way.next().after(page);
        if (word == Word.MORE || word == Word.NONE && untilEmpty) {
            return to != null ? step(page, to) : page.signs.last != null ? beyondLast(page) : find(page);
        }
        if (word == Word.NONE && way == null && !(mayCountItself(page) && cutOff.totalIsOfList(page))) {
            Page guessed = mode.equals("offset") || mode.equals("page") ? byNumber(page) : silent(page);
            if (guessed != null) {
                return guessed;
            }
        }
        if (leastTotal != null && leastTotal > count && goesByTotals()) {
            throw belowTotal();
        }
        return null;
    }

    private NotUnderstood belowTotal() {
        return new NotUnderstood(totalPath + " says " + leastTotal + ", but " + count + " plans came: " + Ways.HOW);
    }

    /** What a page says of pages after it. */
    private Word word(Page page) {
        PageSigns signs = page.signs;
        boolean byNumber = mode.equals("offset") || mode.equals("page");
        boolean leadsOn = !byNumber && (mode.equals("link") ? signs.address != null : signs.leadsOn());
        boolean last = signs.last != null && (!leadsOn || page.ids.isEmpty());
        if (mode.equals("none") || signs.noMore != null || last || byNumber && page.ids.isEmpty()) {
            return Word.END;
        }
        boolean totalHasCome = leastTotal != null && count >= leastTotal && !mayCountItself(page);
        if (byNumber) {
            return totalHasCome ? Word.END : Word.NONE;
        }
        if (leadsOn) {
            return Word.MORE;
        }
        if (mode.equals("auto")) {
            boolean beyond = leastTotal != null && leastTotal > count
                    || signs.pageCount != null && PageSigns.whole(signs.pageCount.value()) > pages;
            if (signs.more != null || signs.cut != null || beyond && signs.end == null) {
                return Word.MORE;
            }
            if (totalHasCome || signs.pageCount != null || leastTotal != null && signs.end != null) {
                return Word.END;
            }
        }
        return signs.end != null ? Word.END : Word.NONE;
    }

    private boolean goesByTotals() {
        return List.of("auto", "offset", "page").contains(mode);
    }

    /** Whether the total is no more than the length of the only page, which may have been cut off there. */
    private boolean mayCountItself(Page page) {
        int size = page.ids.size();
        return pages == 1
                && goesByTotals()
                && leastTotal != null
                && leastTotal == size
                && (asked == 0 || size <= asked)
                && cutOff.isPossible(size);
    }

    private Page step(Page page, URI to) throws NotUnderstood {
        if (!addresses.add(to)) {
            throw page.ids.isEmpty() && leastTotal != null && leastTotal > count
                    ? belowTotal() // by a number of our own, which no page told
                    : new NotUnderstood("the cursor of page " + pages + " came before: the listing loops");
        }
        HttpCall.Answer answer = reader.ask(to);
        if (untilEmpty && answer.is(404)) {
            return null; // there is no such page
        }
        Page following = reader.page(to, answer);
        boolean same = !following.ids.isEmpty() && following.ids.equals(page.ids);
        if (untilEmpty && (same || following.ids.isEmpty())) {
            return null;
        }
        if (same) {
            throw new NotUnderstood(reader.name() + " repeats the page before it: is " + config.cursorParam()
                    + " the cursor's name (CP_CURSOR_PARAM)?");
        }
        return following;
    }

    /**
     * Tries everything that may lead on from a page that says that there is more, and takes the first that brings new
     * plans.
     */
    private Page find(Page page) throws NotUnderstood {
        String sign = page.signs.moreBy(leastTotal != null && leastTotal > count ? totalPath : null);
        String refusal = "no request for the next page brings another plan";
        List<Ways.Way> found = ways.from(page);
        for (Ways.Way candidate : found) {
            URI to = candidate.next().after(page);
            if (to == null || addresses.contains(to)) {
                continue;
            }
            HttpCall.Answer answer = reader.ask(to);
            if (answer.code().startsWith("4") && found.size() > 1) {
                continue; // a parameter that it does not know
            }
            Page following = reader.page(to, answer);
            boolean pointed = candidate.kind() == Ways.Kind.ADDRESS || candidate.kind() == Ways.Kind.CURSOR;
            if (following.ids.isEmpty()
                    ? pointed
                    : isNew(following) || pointed && Overlap.isEndAgain(page, following)) {
                way = candidate;
                return following;
            }
            refusal = following.ids.isEmpty() ? refusal : reader.name() + " repeats the page before it";
        }
        throw new NotUnderstood((sign == null ? "CP_PAGING" : sign) + " says that there is more, but " + refusal
                + " (CP_CURSOR_PARAM is " + config.cursorParam() + "): " + Ways.HOW);
    }

    /**
     * A flag calls the only page the last one, and a cursor stands beside it. One of the two is wrong: the cursor, if
     * it brings no plan.
     */
    private Page beyondLast(Page page) {
        try {
            return find(page);
        } catch (NotUnderstood e) {
            doubt = page.signs.last + " says that this one page is the last, and yet " + e.getMessage();
            return null;
        }
    }

    /** Whether a guess has brought the page that follows, and not one that was there already. */
    private boolean isNew(Page page) {
        return !page.ids.isEmpty()
                && page.ids.stream().filter(id -> !times.containsKey(id)).count() * 2 >= page.ids.size();
    }

    /** CP_PAGING=offset and page: whatever the pages say, until one has no plans. */
    private Page byNumber(Page page) throws NotUnderstood {
        untilEmpty = true;
        for (Ways.Way candidate : ways.numbers(false)) {
            if (candidate.kind() == Ways.Kind.OFFSET == mode.equals("offset")) {
                URI to = candidate.next().after(page);
                HttpCall.Answer answer = reader.ask(to);
                Page following = candidate.kind() == Ways.Kind.PAGE && answer.is(404) ? null : reader.page(to, answer);
                if (following == null || following.ids.isEmpty()) {
                    return null;
                }
                if (isNew(following)) {
                    way = candidate;
                    return following;
                }
            }
        }
        throw new NotUnderstood(
                reader.name() + " repeats the page before it: CP_PAGING=" + mode + " is not how this list is paged, or "
                        + ways.paramOr(mode) + " is not the parameter's name (CP_CURSOR_PARAM)");
    }

    // --- a page without a word about others -----------------------------------------------------------------------

    /** @return the page after it, where there is one; null where this page is all, as far as can be known */
    private Page silent(Page page) throws NotUnderstood {
        int size = page.ids.size();
        if (page.signs.unknown != null) {
            throw notFollowed(page.signs.unknown);
        }
        if (!cutOff.isPossible(size)) {
            return null;
        }
        PageSigns beside = cutOff.onePlan(page).map(Page::signs).orElse(null);
        if (beside != null && (beside.leadsOn() || beside.more != null || beside.cut != null)) {
            return null; // it says so where there is more
        }
        if (page.signs.passedOver != null) {
            throw notFollowed(page.signs.passedOver);
        }
        if (mode.equals("auto")) {
            for (Ways.Way candidate : ways.numbers(false)) {
                Page following = reader.guess(candidate.next().after(page));
                if (following != null && following.ids.isEmpty()) {
                    return null;
                }
                if (following != null && isNew(following)) {
                    way = candidate;
                    untilEmpty = true;
                    return following;
                }
            }
        }
        String nothing =
                mayCountItself(page) ? totalPath + " may count this page alone, and no other field" : "no field";
        if (cutOff.isFull(page)) {
            throw new NotUnderstood("the page has " + size + " plans, as many as it may have, and " + nothing
                    + " says whether there are more: " + Ways.HOW);
        }
        doubt = asked > 0 && size > asked
                ? null
                : nothing + " says that this one page of " + size + " plans is all: " + Ways.HOW;
        return null;
    }

    private static NotUnderstood notFollowed(PageSigns.Sign sign) {
        return new NotUnderstood("the answer has " + sign.path() + " (" + Addresses.shortened(sign.text())
                + "), which looks like a cursor but is not understood: " + Ways.HOW);
    }
}
