package lab.rehearsal;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** The control plane's page of plans, as another control plane would give it, or a replica of it that lags behind. */
final class OtherListing {
    private static final int WAYS = 3;

    private OtherListing() {}

    interface Change {
        /** @return the body in the page's place; headers of the exchange may be set as well */
        JsonNode of(ObjectNode page, HttpExchange exchange);
    }

    /** Where the cursor stands: 1 deep in the answer, 2 in a Link header beside a bare array, 3 in an address. */
    static Change pagedAnotherWay(int way) {
        return (page, exchange) -> {
            String cursor = page.remove("next_cursor").asText();
            String next = cursor.isEmpty() ? "" : "/v1/rollouts?limit=100&cursor=" + cursor;
            switch ((way - 1) % WAYS) {
                case 0 -> page.putObject("pagination").put("next_cursor", cursor);
                case 1 -> {
                    if (!next.isEmpty()) {
                        exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
                    }
                    return page.get("plans");
                }
                default -> page.putObject("links").put("self", "/v1/rollouts").put("next", next);
            }
            return page;
        };
    }

    /** The cursor has a name that nobody knows, and is absent at the end. */
    static JsonNode pagedInAnUnknownWay(ObjectNode page, HttpExchange exchange) {
        String cursor = page.remove("next_cursor").asText();
        return cursor.isEmpty() ? page : page.put("list_cursor", cursor);
    }

    /** A page that leads on shows its first plan once more at its end, where no cursor would give it again. */
    static ObjectNode firstPlanTwice(ObjectNode page, HttpExchange exchange) {
        if (!page.get("next_cursor").asText().isEmpty()) {
            ArrayNode plans = (ArrayNode) page.get("plans");
            plans.add(plans.get(0));
        }
        return page;
    }

    /** Without the plans of the last {@code lag}. */
    static Change laggingBehind(Duration lag, Instant now) {
        return (page, exchange) -> {
            ArrayNode seen = Json.MAPPER.createArrayNode();
            for (JsonNode plan : page.get("plans")) {
                if (!Instant.parse(plan.path("created_at").asText()).isAfter(now.minus(lag))) {
                    seen.add(plan);
                }
            }
            return page.set("plans", seen);
        };
    }

    /** Lets the control plane answer, and sends that answer changed; one that is no page goes as it is. */
    static void answer(HttpExchange exchange, Filter.Chain chain, Change change) throws IOException {
        Kept kept = new Kept(exchange);
        chain.doFilter(kept);
        byte[] body = kept.body.toByteArray();
        if (kept.code == 200 && Json.parse(kept.body.toString(StandardCharsets.UTF_8)) instanceof ObjectNode page) {
            body = change.of(page, exchange).toString().getBytes(StandardCharsets.UTF_8);
        }
        try (exchange) {
            exchange.sendResponseHeaders(kept.code, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** An exchange whose answer is kept back. */
    private static final class Kept extends ForwardingExchange {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int code;

        private Kept(HttpExchange exchange) {
            super(exchange);
        }

        @Override
        public void sendResponseHeaders(int status, long length) {
            code = status;
        }

        @Override
        public OutputStream getResponseBody() {
            return body;
        }

        @Override
        public void close() {
            // the changed answer is still to be sent
        }
    }
}
