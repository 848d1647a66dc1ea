import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How a foreign API takes its parameters. */
final class Dialect {
    static final int PLANS = 250;

    /** One slice of the list. */
    record Slice(int from, int to, int of, String origin, Map<String, String> query) {
        String plans() {
            return IntStream.range(from, to)
                    .mapToObj(i ->
                            "{\"plan_id\":\"p" + i + "\",\"phase\":\"active\",\"next_run\":\"2026-10-02T00:00:00Z\"}")
                    .collect(Collectors.joining(",", "[", "]"));
        }

        boolean more() {
            return to < of;
        }

        String next(String name) {
            return origin + "/v1/rollouts?limit=" + query.getOrDefault("limit", "100") + "&" + name + "=" + to;
        }

        String quoted(String whenMore) {
            return more() ? "\"" + whenMore + "\"" : "null";
        }

        String token() {
            return Base64.getUrlEncoder().encodeToString(("after:" + to).getBytes(StandardCharsets.UTF_8));
        }
    }

    interface Body {
        /** @return the body; header lines before a line break may go first */
        String of(Slice slice);
    }

    final String name;
    final Body body;
    String limitParam = "limit";
    String placeParam = "none";
    String kind = "offset";
    int most = 1000;
    int plans = PLANS;
    /** Where the answer to the question for the next page must be seen as the end of all: what the sentence names. */
    String names;

    Map<String, String> settings = Map.of();

    Dialect(String name, Body body) {
        this.name = name;
        this.body = body;
    }

    static Dialect of(String name, Body body) {
        return new Dialect(name, body);
    }

    /** A token of the next slice comes back in this parameter. */
    Dialect token(String param) {
        kind = "token";
        placeParam = param;
        return this;
    }

    Dialect offset(String param) {
        placeParam = param;
        return this;
    }

    /** @param kind page0 or page1 */
    Dialect page(String kind, String param) {
        this.kind = kind;
        placeParam = param;
        return this;
    }

    Dialect lastId(String param) {
        kind = "last";
        placeParam = param;
        return this;
    }

    Dialect limit(String param, int most) {
        limitParam = param;
        this.most = most;
        return this;
    }

    Dialect plans(int plans) {
        this.plans = plans;
        return this;
    }

    Dialect with(String... settings) {
        this.settings = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            this.settings.put(settings[i], settings[i + 1]);
        }
        return this;
    }

    /** The listing cannot be complete, and the sentence says all of this. */
    Dialect isNamed(String field) {
        names = field;
        return this;
    }

    RawHttpServer.Answer answer(RawHttpServer.Request request) {
        int size = Math.min(most, Integer.parseInt(request.query(limitParam, Integer.toString(most))));
        String place = request.query(placeParam, "");
        int from = place.isEmpty()
                ? 0
                : switch (kind) {
                    case "token" ->
                        place.matches("\\d+")
                                ? Integer.parseInt(place)
                                : Integer.parseInt(
                                        new String(Base64.getUrlDecoder().decode(place), StandardCharsets.UTF_8)
                                                .substring("after:".length()));
                    case "page0" -> Integer.parseInt(place) * size;
                    case "page1" -> (Integer.parseInt(place) - 1) * size;
                    case "last" -> Integer.parseInt(place.substring(1)) + 1;
                    default -> Integer.parseInt(place);
                };
        from = Math.min(from, plans);
        String text = body.of(new Slice(
                from,
                Math.min(plans, from + size),
                plans,
                "http://" + request.headers().get("host"),
                request.query()));
        int header = text.indexOf("\n");
        return RawHttpServer.Answer.json(
                header < 0 ? "" : text.substring(0, header).replace("|", "\r\n") + "\r\n", text.substring(header + 1));
    }

    @Override
    public String toString() {
        return name;
    }
}
