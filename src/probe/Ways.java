package probe;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import settings.Config;
import settings.Setting;

/**
 * The ways in which the page after another may be asked for. Which of them is the right one shows by the plans that it
 * brings.
 */
final class Ways {
    /** What a cursor's parameter is called elsewhere; tried where CP_CURSOR_PARAM is the default. */
    private static final List<String> CURSOR_PARAMS =
            List.of(("cursor page_token pageToken after next_cursor continue continuation_token"
                            + " continuationToken marker starting_after next_token token next page[cursor] page[after]"
                            + " start_cursor")
                    .split(" "));

    static final String HOW =
            "set CP_PAGING to the way of paging (cursor, link, offset, page; none if one answer holds all plans), or"
                    + " CP_CURSOR_FIELD and CP_CURSOR_PARAM to the cursor's field and parameter";
    private static final List<String> LAST_ID_PARAMS =
            List.of("starting_after", "after", "after_id", "last_id", "since_id");

    /** The address of the page after one; null where that page gives no hold for it. */
    interface Next {
        URI after(Paging.Page page) throws NotUnderstood;
    }

    enum Kind {
        ADDRESS,
        CURSOR,
        GUESS,
        OFFSET,
        PAGE
    }

    /** A way to ask for the next page. */
    record Way(Kind kind, Next next) {}

    private final Config config;
    private final URI first;
    private final IntSupplier count;
    private final IntSupplier pages;

    /**
     * @param count how many plans have been listed so far
     * @param pages on how many pages
     */
    Ways(Config config, URI first, IntSupplier count, IntSupplier pages) {
        this.config = config;
        this.first = first;
        this.count = count;
        this.pages = pages;
    }

    /** Everything that may lead on from a page that says that there is more, likeliest first. */
    List<Way> from(Paging.Page page) {
        PageSigns signs = page.signs();
        List<Way> ways = new ArrayList<>();
        if (signs.address != null) {
            ways.add(new Way(
                    Kind.ADDRESS,
                    p -> p.signs().address == null ? null : Addresses.resolve(p.address(), p.signs().address, first)));
        }
        if (config.paging().equals("link")) {
            return ways;
        }
        if (signs.nextPage != null) {
            ways.add(by(Kind.CURSOR, paramOr("page"), p -> p.signs().nextPage));
            cursorParams(signs.nextPage).forEach(name -> ways.add(by(Kind.CURSOR, name, p -> p.signs().nextPage)));
        }
        if (signs.nextOffset != null) {
            ways.add(by(Kind.CURSOR, paramOr("offset"), p -> p.signs().nextOffset));
        }
        if (signs.token != null) {
            if (signs.token.value().isObject()) {
                ways.add(new Way(
                        Kind.CURSOR,
                        p -> p.signs().token == null
                                ? null
                                : Addresses.withAll(first, p.signs().token.value())));
            }
            cursorParams(signs.token).forEach(name -> ways.add(by(Kind.CURSOR, name, p -> p.signs().token)));
        } else if (signs.unknown != null) {
            cursorParams(signs.unknown).forEach(name -> ways.add(by(Kind.GUESS, name, p -> p.signs().unknown)));
        }
        if (config.paging().equals("auto") && config.cursorField().isEmpty()) {
            ways.addAll(numbers(signs.pageNumber != null || signs.pageCount != null));
            if (paramIsNamed()) {
                ways.add(number(Kind.OFFSET, config.cursorParam(), count));
            }
            if (signs.more != null || signs.cut != null) {
                LAST_ID_PARAMS.forEach(name -> ways.add(new Way(
                        Kind.GUESS,
                        p -> p.ids().isEmpty()
                                ? null
                                : Addresses.with(
                                        first, name, p.ids().get(p.ids().size() - 1)))));
            }
        }
        return ways;
    }

    private Way by(Kind kind, String param, Function<Paging.Page, PageSigns.Sign> sign) {
        return new Way(
                kind,
                page -> sign.apply(page) == null
                        ? null
                        : Addresses.with(first, param, sign.apply(page).text()));
    }

    /** By a number of our own: so many plans passed over, or the page's number, which begins with 0 or with 1. */
    List<Way> numbers(boolean pageFirst) {
        boolean named = !config.paging().equals("auto"); // else CP_CURSOR_PARAM may be a cursor's
        List<Way> offset = List.of(number(Kind.OFFSET, named ? paramOr("offset") : "offset", count));
        String page = named ? paramOr("page") : "page";
        List<Way> byPage = List.of(number(Kind.PAGE, page, pages), number(Kind.PAGE, page, () -> pages.getAsInt() + 1));
        List<Way> ways = new ArrayList<>(pageFirst ? byPage : offset);
        ways.addAll(pageFirst ? offset : byPage);
        return ways;
    }

    private Way number(Kind kind, String param, IntSupplier number) {
        return new Way(kind, page -> Addresses.with(first, param, Integer.toString(number.getAsInt())));
    }

    private boolean paramIsNamed() {
        return !config.cursorParam().equals(Setting.CP_CURSOR_PARAM.standard());
    }

    String paramOr(String usual) {
        return paramIsNamed() ? config.cursorParam() : usual;
    }

    /** The parameters that may take a cursor: the named one, or what its field's name suggests, and what is usual. */
    private Set<String> cursorParams(PageSigns.Sign sign) {
        if (paramIsNamed()) {
            return Set.of(config.cursorParam());
        }
        String bare = sign.name().replaceFirst("^(?i)(x-)?(next|end)[_-]?", "");
        Set<String> names = new LinkedHashSet<>();
        if (!bare.isEmpty()) {
            names.add(bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1));
            names.add(bare.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT));
        }
        names.add(sign.name());
        names.addAll(CURSOR_PARAMS);
        return names;
    }
}
