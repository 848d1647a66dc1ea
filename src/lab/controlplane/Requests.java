package lab.controlplane;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** What a request asks: its body, its query and who sent it; what cannot be understood is an {@link ApiError}. */
final class Requests {
    private static final int MAX_BODY_BYTES = 1 << 20;

    private Requests() {}

    static byte[] body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                throw new ApiError(413, "the body is larger than " + MAX_BODY_BYTES + " bytes");
            }
            return body;
        }
    }

    static String actor(Headers headers) {
        String operator = headers.getFirst("X-Autonomy-Operator");
        return operator == null || operator.isBlank() ? "anonymous" : operator.strip();
    }

    static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    /** A whole number; what is beyond {@code cap} becomes {@code cap}. */
    static long number(Map<String, String> query, String name, long otherwise, long min, long max, long cap) {
        String text = query.getOrDefault(name, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return Math.min(value, cap);
            }
        } catch (NumberFormatException notANumber) {
            // answered below, as a number out of range is
        }
        throw new ApiError(
                400,
                name + " must be a whole number of at least " + min
                        + (max == Long.MAX_VALUE ? "" : " and at most " + max) + ", not " + text);
    }

    static String cursor(long seq) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("after:" + seq).getBytes(StandardCharsets.UTF_8));
    }

    static long afterCursor(String cursor) {
        if (cursor.isEmpty()) {
            return 0;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (text.startsWith("after:")) {
                return Long.parseLong(text.substring("after:".length()));
            }
        } catch (IllegalArgumentException notOurs) {
            // answered below, as any other text is
        }
        throw new ApiError(400, "cursor must be a next_cursor of an earlier answer");
    }
}
