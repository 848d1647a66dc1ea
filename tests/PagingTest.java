import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import probe.ControlPlaneApi;
import soak.Config;
import soak.SoakDir;
import soak.Time;

/**
 * Lists of 250 plans as the APIs of this world page them: all of them are listed, or the listing is not complete and
 * says by which field.
 */
class PagingTest {
    private static final int PLANS = 250;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    /** One slice of the list. */
    private record Slice(int from, int to, int of, String origin, Map<String, String> query) {
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

    private interface Body {
        /** @return the body; header lines before a line break may go first */
        String of(Slice slice);
    }

    /** How a foreign API takes its parameters. */
    private static final class Dialect {
        final String name;
        final Body body;
        String limitParam = "limit";
        String placeParam = "none";
        String kind = "offset";
        int most = 1000;
        int plans = PLANS;
        /**
         * Where the answer to the question for the next page must be seen as the end of all: what the sentence names.
         */
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
                    header < 0 ? "" : text.substring(0, header).replace("|", "\r\n") + "\r\n",
                    text.substring(header + 1));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private ControlPlaneApi api(RawHttpServer server, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putIfAbsent("CP_URL", "http://127.0.0.1:" + server.port());
        return new ControlPlaneApi(Config.of(new SoakDir(folder), all), Time.system());
    }

    private static final String ODD_METADATA =
            "\"schedule\":{\"next_run\":\"2026-10-02T00:00:00Z\",\"next_check_at\":1790000000,\"next_key_rotation\":\"soon\"},\"next_sync\":\"later\",\"cursor_ttl\":60,"
                + "\"continuous_delivery\":\"on\",\"rate_limit\":{\"total\":5000,\"remaining\":4999,\"next\":\"x\"},\"usage\":{\"truncated\":true,\"complete\":false,\"pages\":9},\"errors\":[],\"warnings\":[\"one\"],\"error\":null";

    static Stream<Dialect> understood() {
        return Stream.of(
                Dialect.of(
                                "the product's own",
                                s -> "{\"plans\":" + s.plans() + ",\"next_cursor\":\"" + (s.more() ? s.token() : "")
                                        + "\"}")
                        .token("cursor"),
                Dialect.of(
                                "pagination.next_cursor",
                                s -> "{\"plans\":" + s.plans() + ",\"pagination\":{\"next_cursor\":"
                                        + s.quoted(s.token()) + "}}")
                        .token("cursor"),
                Dialect.of(
                                "Kubernetes: metadata.continue",
                                s -> "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"77\",\"continue\":\""
                                        + (s.more() ? s.token() : "") + "\"},\"items\":" + s.plans() + "}")
                        .token("continue"),
                Dialect.of(
                                "Kubernetes, absent at the end",
                                s -> "{\"metadata\":{"
                                        + (s.more()
                                                ? "\"continue\":\"" + s.token() + "\",\"remainingItemCount\":"
                                                        + (s.of() - s.to())
                                                : "")
                                        + "},\"items\":" + s.plans() + "}")
                        .token("continue"),
                Dialect.of(
                                "Graph: paging.cursors.after, also on the last page",
                                s -> "{\"data\":" + s.plans()
                                        + (s.from() == s.to()
                                                ? ""
                                                : ",\"paging\":{\"cursors\":{\"before\":\"b\",\"after\":\"" + s.token()
                                                        + "\"}}")
                                        + "}")
                        .token("after"),
                Dialect.of(
                                "meta.next",
                                s -> "{\"rollouts\":" + s.plans() + ",\"meta\":{\"next\":" + s.quoted(s.token()) + "}}")
                        .token("cursor"),
                Dialect.of(
                                "JSON:API: links.next as an address",
                                s -> "{\"data\":" + s.plans() + ",\"links\":{\"self\":\"/here\",\"next\":"
                                        + s.quoted(s.next("page[offset]")
                                                .replace("[", "%5B")
                                                .replace("]", "%5D")) + "}}")
                        .offset("page[offset]"),
                Dialect.of(
                                "JSON:API: links without next at the end",
                                s -> "{\"data\":" + s.plans() + ",\"links\":{\"first\":\"/v1/rollouts\""
                                        + (s.more() ? ",\"next\":\"" + s.next("o") + "\"" : "") + "}}")
                        .offset("o"),
                Dialect.of(
                                "HAL: _links.next.href, relative",
                                s -> "{\"_embedded\":{\"plans\":" + s.plans()
                                        + "},\"_links\":{\"self\":{\"href\":\"/x\"}"
                                        + (s.more() ? ",\"next\":{\"href\":\"/v1/rollouts?p=" + s.to() + "\"}" : "")
                                        + "}}")
                        .offset("p"),
                Dialect.of(
                                "OData: @odata.nextLink, a bare query",
                                s -> "{\"@odata.count\":" + s.of() + ",\"value\":" + s.plans()
                                        + (s.more() ? ",\"@odata.nextLink\":\"?$skip=" + s.to() + "\"" : "") + "}")
                        .offset("$skip"),
                Dialect.of(
                                "FHIR: an array of links",
                                s -> "{\"link\":[{\"relation\":\"self\",\"url\":\"/\"}"
                                        + (s.more() ? ",{\"relation\":\"next\",\"url\":\"" + s.next("_o") + "\"}" : "")
                                        + "],\"entry\":" + s.plans() + "}")
                        .offset("_o"),
                Dialect.of(
                                "next is an object with an address",
                                s -> "{\"plans\":" + s.plans() + ",\"next\":"
                                        + (s.more() ? "{\"href\":\"" + s.next("o") + "\"}" : "{}") + "}")
                        .offset("o"),
                Dialect.of(
                                "the cursor is an object with a token",
                                s -> "{\"plans\":" + s.plans() + ",\"next_cursor\":"
                                        + (s.more() ? "{\"token\":\"" + s.token() + "\"}" : "null") + "}")
                        .token("cursor"),
                Dialect.of(
                                "Intercom: pages.next is an object of parameters",
                                s -> "{\"plans\":" + s.plans() + ",\"pages\":{\"next\":"
                                        + (s.more()
                                                ? "{\"per_page\":100,\"starting_after\":\"" + s.token() + "\"}"
                                                : "null")
                                        + "}}")
                        .token("starting_after"),
                Dialect.of(
                                "GitHub: Link, a bare array, several relations",
                                s -> (s.more()
                                                ? "Link: <" + s.next("p") + ">; rel=\"next last\"; title=\"a, b; c\", <"
                                                        + s.origin() + "/x>; rel=first"
                                                : "Link: <" + s.origin() + "/x>; rel=\"first\"")
                                        + "\n" + s.plans())
                        .offset("p"),
                Dialect.of(
                                "Link in the second field, relative, no word at the end",
                                s -> (s.more()
                                                ? "Link: </style.css>; rel=preload|LINK: <?p=" + s.to() + ">;rel=NEXT"
                                                : "X-A: b")
                                        + "\n" + s.plans())
                        .offset("p"),
                Dialect.of(
                                "Link of another resource (anchor) is passed over",
                                s -> "Link: <http://elsewhere.test/>; rel=\"next\"; anchor=\"#other\"\n{\"plans\":"
                                        + s.plans() + ",\"next_cursor\":" + s.quoted(s.token()) + "}")
                        .token("cursor"),
                Dialect.of(
                                "GitLab: X-Next-Page",
                                s -> "X-Next-Page: " + (s.more() ? s.to() / 100 + 1 : "") + "|X-Total: " + s.of()
                                        + "|X-Page: " + (s.from() / 100 + 1) + "\n" + s.plans())
                        .page("page1", "page"),
                Dialect.of(
                                "X-Next-Cursor",
                                s -> "X-Next-Cursor: " + (s.more() ? s.token() : "") + "\n{\"plans\":" + s.plans()
                                        + "}")
                        .token("cursor"),
                Dialect.of("X-Total-Count with offset", s -> "X-Total-Count: " + s.of() + "\n" + s.plans())
                        .offset("offset"),
                Dialect.of(
                                "total and offset",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":" + s.of() + ",\"offset\":" + s.from()
                                        + ",\"limit\":100}")
                        .offset("offset"),
                Dialect.of(
                                "total alone",
                                s -> "{\"plans\":" + s.plans() + ",\"meta\":{\"total_count\":" + s.of() + "}}")
                        .offset("offset"),
                Dialect.of(
                                "Elasticsearch's total",
                                s -> "{\"hits\":{\"total\":{\"value\":" + s.of() + ",\"relation\":\"eq\"},\"hits\":"
                                        + s.plans() + "}}")
                        .offset("offset"),
                Dialect.of(
                                "next_offset",
                                s -> "{\"plans\":" + s.plans() + ",\"next_offset\":" + (s.more() ? s.to() : 0) + "}")
                        .offset("offset"),
                Dialect.of(
                                "page and total_pages",
                                s -> "{\"plans\":" + s.plans() + ",\"page\":" + (s.from() / 100 + 1)
                                        + ",\"total_pages\":3}")
                        .page("page1", "page"),
                Dialect.of(
                                "Spring: pages counted from 0, last",
                                s -> "{\"content\":" + s.plans() + ",\"page\":{\"size\":100,\"number\":"
                                        + s.from() / 100 + ",\"totalPages\":3,\"totalElements\":" + s.of()
                                        + "},\"last\":" + !s.more() + "}")
                        .page("page0", "page"),
                Dialect.of(
                                "Django: count, next and previous",
                                s -> "{\"count\":" + s.of() + ",\"next\":" + s.quoted(s.next("offset"))
                                        + ",\"previous\":null,\"results\":" + s.plans() + "}")
                        .offset("offset"),
                Dialect.of(
                                "per_page, 30 at most, next_page a number",
                                s -> "{\"plans\":" + s.plans() + ",\"next_page\":"
                                        + (s.more() ? s.to() / 30 + 1 : "null") + "}")
                        .page("page1", "page")
                        .limit("per_page", 30),
                Dialect.of(
                                "Stripe: has_more with the last id",
                                s -> "{\"object\":\"list\",\"url\":\"/v1/rollouts\",\"has_more\":" + s.more()
                                        + ",\"data\":" + s.plans() + "}")
                        .lastId("starting_after"),
                Dialect.of(
                                "has_more with a cursor of another name",
                                s -> "{\"plans\":" + s.plans() + ",\"hasMore\":" + s.more() + ",\"resume_token\":\""
                                        + s.token() + "\"}")
                        .token("resume_token"),
                Dialect.of("has_more with offset", s -> "{\"plans\":" + s.plans() + ",\"has_more\":" + s.more() + "}")
                        .offset("offset"),
                Dialect.of(
                                "Relay: edges and pageInfo",
                                s -> "{\"edges\":"
                                        + IntStream.range(s.from(), s.to())
                                                .mapToObj(i -> "{\"node\":{\"id\":\"p" + i + "\"},\"cursor\":\"c\"}")
                                                .collect(Collectors.joining(",", "[", "]"))
                                        + ",\"pageInfo\":{\"hasNextPage\":" + s.more()
                                        + ",\"startCursor\":\"s\",\"endCursor\":\"" + s.token() + "\"}}")
                        .token("after"),
                Dialect.of(
                                "Google: nextPageToken and pageToken",
                                s -> "{\"plans\":" + s.plans()
                                        + (s.more() ? ",\"nextPageToken\":\"" + s.token() + "\"" : "") + "}")
                        .token("pageToken"),
                Dialect.of(
                                "Azure: continuationToken",
                                s -> "{\"plans\":" + s.plans() + ",\"continuationToken\":" + s.quoted(s.token()) + "}")
                        .token("continuationToken"),
                Dialect.of(
                                "S3: IsTruncated with NextMarker",
                                s -> "{\"IsTruncated\":" + s.more() + ",\"NextMarker\":" + s.quoted(s.token())
                                        + ",\"plans\":" + s.plans() + "}")
                        .token("marker"),
                Dialect.of(
                                "Cosmos: pagination.next_key",
                                s -> "{\"plans\":" + s.plans() + ",\"pagination\":{\"next_key\":" + s.quoted(s.token())
                                        + ",\"total\":\"" + s.of() + "\"}}")
                        .token("pagination.key")
                        .with("CP_CURSOR_PARAM", "pagination.key"),
                Dialect.of(
                                "next_cursor false at the end",
                                s -> "{\"plans\":" + s.plans() + ",\"next_cursor\":"
                                        + (s.more() ? "\"" + s.token() + "\"" : "false") + "}")
                        .token("cursor"),
                Dialect.of(
                                "a page of 50 at most",
                                s -> "{\"plans\":" + s.plans() + ",\"next_cursor\":\"" + (s.more() ? s.token() : "")
                                        + "\"}")
                        .token("cursor")
                        .limit("limit", 50),
                Dialect.of("all at once, whatever the limit", Slice::plans).limit("none", 1000),
                Dialect.of("all at once, exactly as many as asked for", Slice::plans)
                        .limit("none", 1000)
                        .plans(100),
                Dialect.of("silent, by offset", Slice::plans).offset("offset"),
                Dialect.of("silent, by offset, 40 a page", Slice::plans)
                        .offset("offset")
                        .limit("limit", 40),
                Dialect.of("silent, by page from 1", s -> "{\"plans\":" + s.plans() + "}")
                        .page("page1", "page"),
                Dialect.of("silent, by page from 0, 25 a page, no limit", s -> "{\"plans\":" + s.plans() + "}")
                        .page("page0", "page")
                        .limit("none", 25),
                Dialect.of(
                                "a cursor that is absent at the end, and a full first page that is all",
                                s -> "{\"plans\":" + s.plans()
                                        + (s.more() ? ",\"next_cursor\":\"" + s.token() + "\"" : "") + "}")
                        .token("cursor")
                        .plans(100),
                Dialect.of(
                                "Link that is absent where there is one page",
                                s -> (s.more() ? "Link: <" + s.next("p") + ">; rel=next" : "X-A: b") + "\n" + s.plans())
                        .offset("p")
                        .plans(100),
                Dialect.of(
                                "an honest end beside metadata with words like next and cursor",
                                s -> "{\"plans\":" + s.plans() + "," + ODD_METADATA + "}")
                        .limit("none", 1000),
                Dialect.of(
                                "previous and current cursors lead nowhere",
                                s -> "{\"plans\":" + s.plans()
                                        + ",\"prev_cursor\":\"abc\",\"start_cursor\":\"x\",\"self_link\":\"/v1\"}")
                        .limit("none", 1000),
                Dialect.of("three plans and no word", s -> "{\"plans\":" + s.plans() + "," + ODD_METADATA + "}")
                        .plans(3),
                Dialect.of("nothing at all, null", s -> "{\"plans\":null,\"next_cursor\":null,\"error\":null}")
                        .plans(0),
                // named
                Dialect.of(
                                "CP_CURSOR_FIELD: a name that nobody knows",
                                s -> "{\"plans\":" + s.plans() + ",\"way\":{\"on\":" + s.quoted(s.token()) + "}}")
                        .token("von")
                        .with("CP_CURSOR_FIELD", "way.on", "CP_CURSOR_PARAM", "von"),
                Dialect.of(
                                "CP_CURSOR_FIELD: a name with a dot, an address",
                                s -> "{\"plans\":" + s.plans() + ",\"x\":{\"the.way\":" + s.quoted(s.next("q")) + "}}")
                        .offset("q")
                        .with("CP_CURSOR_FIELD", "x.the.way"),
                Dialect.of("CP_PAGING=offset with skip", Slice::plans)
                        .offset("skip")
                        .with("CP_PAGING", "offset", "CP_CURSOR_PARAM", "skip"),
                Dialect.of("CP_PAGING=page with a name of its own", Slice::plans)
                        .page("page1", "pageNumber")
                        .with("CP_PAGING", "page", "CP_CURSOR_PARAM", "pageNumber"),
                Dialect.of(
                                "CP_PAGING=link beside a cursor that leads nowhere",
                                s -> (s.more() ? "Link: <" + s.next("p") + ">; rel=next" : "X-A: b") + "\n{\"plans\":"
                                        + s.plans() + ",\"next_cursor\":\"junk\"}")
                        .offset("p")
                        .with("CP_PAGING", "link"),
                Dialect.of(
                                "CP_PAGING=cursor beside a total of other things",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":9999,\"next_cursor\":\""
                                        + (s.more() ? s.token() : "") + "\"}")
                        .token("cursor")
                        .with("CP_PAGING", "cursor"),
                Dialect.of(
                                "CP_PAGING=none: one answer is all",
                                s -> "{\"plans\":" + s.plans() + ",\"cursor\":\"abc\",\"total\":9999}")
                        .limit("none", 1000)
                        .with("CP_PAGING", "none"));
    }

    static Stream<Dialect> named() {
        return Stream.of(
                Dialect.of(
                                "a cursor of an unknown name",
                                s -> "{\"plans\":" + s.plans() + ",\"rollout_cursor\":\"" + s.token() + "\"}")
                        .token("x")
                        .isNamed("rollout_cursor CP_CURSOR_FIELD CP_PAGING"),
                Dialect.of(
                                "a cursor whose parameter nobody guesses",
                                s -> "{\"plans\":" + s.plans() + ",\"pagination\":{\"next_cursor\":"
                                        + s.quoted(s.token()) + "}}")
                        .token("weiter")
                        .isNamed("pagination.next_cursor CP_CURSOR_PARAM"),
                Dialect.of(
                                "has_more without a way on",
                                s -> "{\"plans\":" + s.plans() + ",\"has_more\":" + s.more() + "}")
                        .isNamed("has_more CP_PAGING"),
                Dialect.of("total above what came", s -> "{\"plans\":" + s.plans() + ",\"total\":" + s.of() + "}")
                        .isNamed("total CP_PAGING"),
                Dialect.of(
                                "total above what came, beside an empty cursor",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":250,\"next_cursor\":\"\"}")
                        .limit("none", 1000)
                        .plans(240)
                        .isNamed("total 250 240"),
                Dialect.of("as long as asked for, without a word", Slice::plans)
                        .isNamed("100 CP_PAGING CP_CURSOR_FIELD"),
                Dialect.of(
                                "a Link to another origin",
                                s -> "Link: <http://127.0.0.2:1/v1/rollouts?p=1>; rel=next\n" + s.plans())
                        .isNamed("127.0.0.2:1 origin"),
                Dialect.of(
                                "another scheme at the same host",
                                s -> "{\"plans\":" + s.plans() + ",\"next\":\""
                                        + s.next("p").replace("http:", "https:") + "\"}")
                        .isNamed("https:// origin"),
                Dialect.of("an error beside null", s -> "{\"error\":\"shard 3 is down\",\"plans\":null}")
                        .isNamed("error shard"),
                Dialect.of(
                                "an error object beside a part of the plans",
                                s -> "{\"plans\":" + s.plans() + ",\"errors\":[{\"shard\":3}],\"next_cursor\":\"\"}")
                        .isNamed("errors"),
                Dialect.of("status error", s -> "{\"status\":\"error\",\"plans\":[]}")
                        .isNamed("status"),
                Dialect.of("partial", s -> "{\"plans\":" + s.plans() + ",\"partial\":true,\"next_cursor\":\"\"}")
                        .isNamed("partial"),
                Dialect.of("truncated, and no way on", s -> "{\"plans\":" + s.plans() + ",\"truncated\":true}")
                        .limit("none", 60)
                        .isNamed("truncated"),
                Dialect.of(
                                "CP_CURSOR_FIELD that no page has",
                                s -> "{\"plans\":" + s.plans() + ",\"next\":\"" + s.token() + "\"}")
                        .token("cursor")
                        .with("CP_CURSOR_FIELD", "paging.nxt")
                        .isNamed("CP_CURSOR_FIELD"),
                Dialect.of("CP_PAGING=offset where offset is not known", Slice::plans)
                        .with("CP_PAGING", "offset")
                        .isNamed("CP_PAGING=offset repeats"),
                Dialect.of("CP_PAGING=link and no link", Slice::plans)
                        .with("CP_PAGING", "link")
                        .isNamed("CP_PAGING"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("understood")
    void every_plan_is_listed_once(Dialect dialect) throws Exception {
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.Listing listing = api(server, dialect.settings).list(LIMIT);
            assertNull(listing.problem());
            assertTrue(listing.complete());
            assertEquals(dialect.plans, listing.count());
            assertEquals(dialect.plans, listing.timesListed().size());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void what_is_not_followed_is_named_and_the_listing_is_not_complete(Dialect dialect) throws Exception {
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.Listing listing = api(server, dialect.settings).list(LIMIT);
            assertFalse(listing.complete(), listing.count() + " plans");
            for (String word : dialect.names.split(" ")) {
                assertTrue(listing.problem().contains(word), word + " is not in: " + listing.problem());
            }
        }
    }

    /** The product's scan is asked for without a limit: a foreign one may cut it off at a hundred. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("understood")
    void every_stuck_plan_is_scanned_by_the_same_rules(Dialect dialect) throws Exception {
        if (dialect.limitParam.equals("limit")) {
            dialect.most = Math.min(dialect.most, 100);
        }
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.StuckScan scan = api(server, dialect.settings).stuck(LIMIT);
            assertNull(scan.problem());
            assertEquals(dialect.plans, scan.planIds().size());
            assertEquals("200", scan.code());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void a_scan_that_is_not_followed_to_its_end_has_failed_and_names_the_field(Dialect dialect) throws Exception {
        if (dialect.name.startsWith("as long as asked for") || dialect.name.equals("CP_PAGING=link and no link")) {
            return; // nothing was asked for
        }
        dialect.most = Math.min(dialect.most, 100);
        dialect.limitParam = dialect.plans == PLANS ? dialect.limitParam : "none";
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, dialect::answer)) {
            ControlPlaneApi.StuckScan scan = api(server, dialect.settings).stuck(LIMIT);
            assertFalse(scan.ok());
            assertEquals(List.of(), scan.planIds());
            assertNotNull(scan.problem());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void a_scan_cut_off_by_a_default_that_a_larger_limit_lifts_is_named(int usual) throws Exception {
        Dialect silent = Dialect.of("silent", Slice::plans);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, request -> {
            silent.most = Integer.parseInt(request.query("limit", Integer.toString(usual)));
            return silent.answer(request);
        })) {
            ControlPlaneApi.StuckScan scan = api(server, Map.of()).stuck(LIMIT);
            assertFalse(scan.ok());
            assertTrue(scan.problem().contains(usual + " plans, as many as it may have"), scan.problem());
        }
    }

    @Test
    void a_single_short_page_without_a_word_is_taken_for_all_but_leaves_a_doubt() throws Exception {
        Dialect capped = Dialect.of("capped at 50 in silence", Slice::plans).limit("limit", 50);
        Dialect said = Dialect.of("said", s -> "{\"plans\":" + s.plans() + ",\"has_more\":false}")
                .limit("none", 50)
                .plans(50);
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, capped::answer);
                RawHttpServer other = new RawHttpServer("127.0.0.1", 0, said::answer)) {
            ControlPlaneApi.Listing listing = api(server, Map.of()).list(LIMIT);
            assertTrue(listing.complete());
            assertTrue(listing.doubt().contains("CP_PAGING"), listing.doubt());
            assertNull(api(other, Map.of()).list(LIMIT).doubt());
        }
    }

    @Test
    void plans_that_come_while_the_pages_are_read_do_not_make_a_total_a_lie() throws Exception {
        Dialect growing = Dialect.of(
                        "growing",
                        s -> "{\"plans\":" + s.plans() + ",\"total\":" + s.of() + ",\"next_cursor\":\""
                                + (s.to() < PLANS ? s.token() : "") + "\"}")
                .token("cursor");
        try (RawHttpServer server = new RawHttpServer("127.0.0.1", 0, request -> {
            growing.plans++;
            return growing.answer(request);
        })) {
            assertNull(api(server, Map.of()).list(LIMIT).problem());
        }
    }
}
