package probe;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** The pages of a list, each asked for and understood; which one comes next is {@link Paging}'s. */
final class PageReader {
    private final Function<URI, HttpCall.Answer> http;
    private final PlanList plans;
    private final String cursorField;
    private final long deadline;
    /** How many were taken. */
    private final IntSupplier pages;

    private String code = HttpCall.NO_ANSWER;

    /**
     * @param cursorField CP_CURSOR_FIELD; "" = found out
     * @param deadline by System.nanoTime()
     * @param pages how many were taken
     */
    PageReader(
            Function<URI, HttpCall.Answer> http, PlanList plans, String cursorField, long deadline, IntSupplier pages) {
        this.http = http;
        this.plans = plans;
        this.cursorField = cursorField;
        this.deadline = deadline;
        this.pages = pages;
    }

    /** Of the last page. */
    String code() {
        return code;
    }

    String name() {
        return "page " + (pages.getAsInt() + 1);
    }

    HttpCall.Answer ask(URI address) throws NotUnderstood {
        if (System.nanoTime() > deadline) {
            throw new NotUnderstood(
                    "the listing was given up after " + pages.getAsInt() + " pages: they take too long");
        }
        return http.apply(address);
    }

    Paging.Page page(URI address, HttpCall.Answer answer) throws NotUnderstood {
        code = answer.code();
        if (!answer.is(200)) {
            throw new NotUnderstood(name() + ": " + answer.describe());
        }
        try {
            JsonNode root = Json.parse(answer.text());
            boolean isBehind = pages.getAsInt() > 0 && saysNothing(root);
            JsonNode list = isBehind ? Json.MAPPER.createArrayNode() : plans.list(root);
            List<JsonNode> items = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            List<String> ownIds = new ArrayList<>();
            for (JsonNode item : list) {
                items.add(item);
                ids.add(plans.id(item));
                ownIds.add(plans.ownId(item));
            }
            PageSigns signs = new PageSigns(root, list, answer.headers(), cursorField);
            if (signs.error != null) {
                throw new NotUnderstood(signs.error);
            }
            return new Paging.Page(address, answer, items, ids, ownIds, signs);
        } catch (JsonProcessingException e) {
            throw new NotUnderstood(name() + " " + Json.why(e) + answer.came());
        } catch (NotUnderstood e) {
            throw new NotUnderstood(name() + ": " + e.getMessage() + answer.came());
        }
    }

    /** Of a page behind the last plan: Go leaves an empty list away, or writes null in place of the whole answer. */
    private static boolean saysNothing(JsonNode root) {
        return root.isNull()
                || root.isObject()
                        && root.valueStream()
                                .allMatch(value -> value.isNull()
                                        || value.isNumber()
                                        || value.isTextual()
                                                && value.textValue().isEmpty());
    }

    int guessSize(URI to) throws NotUnderstood {
        Paging.Page page = guess(to);
        return page == null ? 0 : page.ids().size();
    }

    /** A page that nobody has promised; null where it is refused or not understood. */
    Paging.Page guess(URI to) throws NotUnderstood {
        HttpCall.Answer answer = ask(to);
        String before = code;
        try {
            return page(to, answer);
        } catch (NotUnderstood odd) {
            code = before;
            return null;
        }
    }
}
