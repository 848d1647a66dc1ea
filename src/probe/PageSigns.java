package probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a page says about the pages after it, by the names that APIs give to such things. A name that stands for
 * something else as often ({@code total}, {@code next}, {@code page}) counts only at the top or inside an object that
 * is about paging.
 */
final class PageSigns {
    private static final List<String> VALUE_NAMES = List.of("href", "url", "uri", "link", "cursor", "token", "value");
    private static final Pattern BESIDE_LETTERS = Pattern.compile("[^a-z0-9]");
    private static final int DEPTH = 4;
    private static final int LONGEST_ERROR = 200;
    /** Twitter's and Redis' cursors say the end by 0, others by -1. */
    private static final Set<String> END_NUMBERS = Set.of("0", "-1");

    /** A field and where it stands, such as {@code pagination.next_cursor}. */
    record Sign(String path, JsonNode value) {
        String text() {
            return value.isValueNode() ? value.asText() : value.toString();
        }

        /** The field's own name, as the answer spells it. */
        String name() {
            return path.startsWith("@") ? path : path.substring(path.lastIndexOf('.') + 1);
        }
    }

    /** The next page's address. */
    Sign address;
    /** The next page's cursor. */
    Sign token;
    /** The number of the next page, or how many plans come before it. */
    Sign nextPage;

    Sign nextOffset;
    /** A cursor's field without a value, a last page's number: the end. */
    String end;
    /** A flag by which there is no more, whatever cursor stands beside it. */
    String noMore;
    /** A flag that calls the page the last one, or the answer complete, which a cursor beside it belies. */
    String last;

    String more;
    Sign cut;
    Sign total;
    Long pageNumber;
    Sign pageCount;
    Sign offset;
    /** A field that looks like a cursor and is none that is known. */
    Sign unknown;
    /** What would lead on, had CP_CURSOR_FIELD not named another field. */
    Sign passedOver;
    /** Why the answer is no list, although one stands in it. */
    String error;

    private final JsonNode list;
    private final long items;

    /**
     * @param list the page's array, which tells nothing of other pages
     * @param cursorField CP_CURSOR_FIELD; "" = found out
     */
    PageSigns(JsonNode root, JsonNode list, Map<String, List<String>> headers, String cursorField) {
        this.list = list;
        this.items = list.size();
        headers(headers);
        if (root.isObject()) {
            walk(root, "", true, 1);
        }
        if (!cursorField.isEmpty()) {
            passedOver = address != null ? address : token != null ? token : nextPage != null ? nextPage : nextOffset;
            address = null;
            token = null;
            nextPage = null;
            nextOffset = null;
            unknown = null;
            end = null;
            noMore = null;
            last = null;
            JsonNode named = at(root, cursorField);
            if (!named.isMissingNode()) {
                way(cursorField, named, sign -> token = sign);
            }
        }
    }

    boolean leadsOn() {
        return address != null || token != null || nextPage != null || nextOffset != null;
    }

    /** The field by which there is more; null for none. @param total the total's, where it says so */
    String moreBy(String total) {
        return Stream.of(path(address), path(token), path(nextPage), path(nextOffset), more, path(cut), total)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(path(pageCount));
    }

    private static String path(Sign sign) {
        return sign == null ? null : sign.path;
    }

    /** The value at a dotted path, whose names may hold dots themselves; missing where there is none. */
    static JsonNode at(JsonNode root, String path) {
        if (path.isEmpty()) {
            return root;
        }
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            JsonNode child = root.path(path.substring(0, end));
            if (!child.isMissingNode()) {
                JsonNode found = end == path.length() ? child : at(child, path.substring(end + 1));
                if (!found.isMissingNode()) {
                    return found;
                }
            }
        }
        return root.path("\0"); // no answer has it
    }

    private void headers(Map<String, List<String>> headers) {
        Map<String, String> links = LinkHeader.relations(headers.getOrDefault("link", List.of()));
        if (links.containsKey("next")) {
            address = new Sign("Link: rel=\"next\"", text(links.get("next")));
        } else if (links.containsKey("first")
                || links.containsKey("last")
                || links.containsKey("prev")
                || links.containsKey("previous")) {
            end = "Link";
        }
        headers.forEach((name, values) -> {
            String bare = name.startsWith("x-") ? name.substring(2) : name;
            if (name.startsWith("x-") && !values.isEmpty()) {
                field(name, normal(bare), text(values.get(0)), true, DEPTH);
            }
        });
    }

    private static JsonNode text(String value) {
        return TextNode.valueOf(value);
    }

    private void walk(JsonNode object, String prefix, boolean aboutPages, int depth) {
        object.properties().forEach(field -> {
            if (field.getValue() != list) {
                field(prefix + field.getKey(), normal(field.getKey()), field.getValue(), aboutPages, depth);
            }
        });
    }

    /** @param aboutPages whether all objects around it are about paging, or there is none */
    private void field(String path, String name, JsonNode value, boolean aboutPages, int depth) {
        boolean top = depth == 1;
        if (PageNames.ERRORS.contains(name)) {
            error(path, value, top);
        } else if (top
                        && name.equals("status")
                        && value.isTextual()
                        && PageNames.FAILED_WORDS.contains(value.asText().toLowerCase(Locale.ROOT))
                || top && (name.equals("ok") || name.equals("success")) && value.isBoolean() && !value.asBoolean()) {
            error = path + " is " + value;
        } else if (top && items == 0 && PageNames.CODES.contains(name) && isErrorCode(value)) {
            error = path + " is " + value + ", and no plan stands beside it";
        } else if (aboutPages && PageNames.PARTIAL.contains(name) && yes(value)) {
            error = path + " is " + value + ": a part of the list is missing";
        } else if (aboutPages && PageNames.CUT.contains(name) && flag(value)) {
            if (yes(value)) {
                cut = new Sign(path, value);
            } else {
                end = path;
            }
        } else if (PageNames.MORE.contains(name) && flag(value) && (aboutPages || name.length() > 4)) {
            if (yes(value)) {
                more = path;
            } else {
                noMore = path;
            }
        } else if (aboutPages && PageNames.LAST.contains(name) && value.isBoolean()) {
            if (value.asBoolean()) {
                last = path;
            } else {
                more = path;
            }
        } else if (PageNames.LINKS.contains(name) && value.isContainerNode()) {
            links(path, value);
        } else if (PageNames.ADDRESSES.contains(name)) {
            way(path, value, sign -> address = sign);
        } else if (name.equals("nextpage") || aboutPages && name.equals("next") && value.isNumber() && !top) {
            way(path, value, sign -> nextPage = sign);
        } else if (name.equals("nextoffset") || name.equals("nextstart") || name.equals("nextskip")) {
            way(path, value, sign -> nextOffset = sign);
        } else if (PageNames.TOKENS.contains(name) || aboutPages && PageNames.TOKENS_ABOUT_PAGES.contains(name)) {
            way(path, value, sign -> token = sign);
        } else if (aboutPages && counts(path, name, value)) {
            return;
        } else if (value.isObject() && depth < DEPTH) {
            walk(
                    value,
                    path + ".",
                    aboutPages && (name.contains("pag") || PageNames.ABOUT_PAGES.contains(name)),
                    depth + 1);
        } else if (PageNames.LIKE_A_CURSOR.matcher(name).matches()
                && !PageNames.NO_WAY_ON.matcher(name).matches()
                && !isEmpty(value)
                && !value.isBoolean()) {
            unknown = new Sign(path, value);
        }
    }

    private void error(String path, JsonNode value, boolean top) {
        if (top && says(value)) {
            String text = value.toString();
            error = path + " stands beside the list: "
                    + (text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) + "…" : text);
        }
    }

    /** HTTP's own: what others count as codes of success or failure is theirs alone. */
    private static boolean isErrorCode(JsonNode value) {
        Long code = whole(value);
        return code != null && code >= 400 && code < 600;
    }

    /** Whether an error is one: not null, empty, false, or a count of none. */
    static boolean says(JsonNode value) {
        if (value.isContainerNode()) {
            for (JsonNode part : value) {
                if (says(part)) {
                    return true;
                }
            }
            return false;
        }
        return value.isTextual()
                ? !value.asText().isBlank()
                : value.isBoolean() ? value.asBoolean() : value.isNumber() && value.asDouble() != 0;
    }

    /** Totals and page numbers; false if the field is none of them. */
    private boolean counts(String path, String name, JsonNode value) {
        JsonNode number = value.isObject() && PageNames.TOTALS.contains(name) ? value.path("value") : value;
        Long count = whole(number);
        if (count == null) {
            return false;
        }
        // a count below that is the page's own
        if (PageNames.TOTALS.contains(name) || name.equals("count") && count > items) {
            if (total == null || count > whole(total.value())) {
                total = new Sign(path, number);
            }
        } else if (PageNames.REMAINING.contains(name)) {
            if (count > 0) {
                more = path;
            } else {
                end = path;
            }
        } else if (PageNames.PAGE_NUMBERS.contains(name)) {
            pageNumber = count;
        } else if (PageNames.PAGE_COUNTS.contains(name)) {
            pageCount = new Sign(path, number);
        } else if (PageNames.OFFSETS.contains(name)) {
            offset = new Sign(path, number);
        } else {
            return false;
        }
        return true;
    }

    /** HAL's and JSON:API's object by relation, or FHIR's array of objects with a relation and an address. */
    private void links(String path, JsonNode links) {
        boolean paged = false;
        if (links.isArray()) {
            for (JsonNode link : links) {
                String relation = link.path("rel").asText(link.path("relation").asText());
                paged |= Set.of("first", "last", "prev", "previous").contains(relation);
                if (relation.equals("next")) {
                    way(path + "." + relation, link, sign -> address = sign);
                    return;
                }
            }
        } else if (links.has("next")) {
            way(path + ".next", links.get("next"), sign -> address = sign);
            return;
        } else {
            paged = links.has("first") || links.has("last") || links.has("prev") || links.has("previous");
        }
        if (paged) {
            end = path;
        }
    }

    /** A field that leads to the next page, or says by its emptiness that there is none. */
    private void way(String path, JsonNode value, Consumer<Sign> as) {
        if (isEmpty(value)) {
            end = end == null ? path : end;
        } else if (value.isBoolean()) {
            more = path;
        } else if (value.isObject()) {
            for (String inner : VALUE_NAMES) {
                if (value.has(inner) && (value.get(inner).isValueNode())) {
                    way(path + "." + inner, value.get(inner), as);
                    return;
                }
            }
            as.accept(new Sign(path, value));
        } else if (value.isTextual() && value.asText().matches("https?://.*|\\?.*=.*|/.*\\?.*")) {
            address = new Sign(path, value);
        } else {
            as.accept(new Sign(path, value));
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull()
                || value.isTextual() && value.asText().isBlank()
                || value.isBoolean() && !value.asBoolean()
                || value.isContainerNode() && value.isEmpty()
                || value.isNumber() && END_NUMBERS.contains(value.asText());
    }

    private static boolean flag(JsonNode value) {
        return value.isBoolean() || value.isTextual() && value.asText().matches("(?i)true|false");
    }

    private static boolean yes(JsonNode value) {
        return flag(value) && value.asText().equalsIgnoreCase("true");
    }

    static Long whole(JsonNode value) {
        try {
            return value.isNumber() || value.isTextual() && value.asText().matches("\\d{1,15}")
                    ? (Long) new BigDecimal(value.asText()).longValueExact()
                    : null;
        } catch (ArithmeticException noWholeNumber) {
            return null;
        }
    }

    /** {@code @odata.nextLink}, {@code next-link} and {@code next_link} are one name. */
    static String normal(String name) {
        return BESIDE_LETTERS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
