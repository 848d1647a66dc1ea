import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Dialects that are understood, and those that are not followed, each with what must be named. */
final class Dialects {
    private static final String ODD_METADATA =
            "\"schedule\":{\"next_run\":\"2026-10-02T00:00:00Z\",\"next_check_at\":1790000000,\"next_key_rotation\":\"soon\"},"
                + "\"next_sync\":\"later\",\"cursor_ttl\":60,\"continuous_delivery\":\"on\","
                + "\"rate_limit\":{\"total\":5000,\"remaining\":4999,\"next\":\"x\"},"
                + "\"usage\":{\"truncated\":true,\"complete\":false,\"pages\":9},"
                + "\"errors\":[],\"warnings\":[\"one\"],\"error\":null";

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
                                "a total that counts the page",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":" + (s.to() - s.from()) + "}")
                        .offset("offset"),
                Dialect.of(
                                "a total that counts the page, 50 at most, by page from 1",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":" + (s.to() - s.from()) + "}")
                        .page("page1", "page")
                        .limit("limit", 50),
                Dialect.of(
                                "CP_PAGING=offset beside a total that counts the page",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":" + (s.to() - s.from()) + "}")
                        .offset("skip")
                        .with("CP_PAGING", "offset", "CP_CURSOR_PARAM", "skip"),
                Dialect.of(
                                "a full first page that is all, and a total",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":" + s.of() + "}")
                        .plans(100),
                Dialect.of(
                                "complete on each page beside a cursor",
                                s -> "{\"plans\":" + s.plans() + ",\"complete\":true,\"next_cursor\":"
                                        + s.quoted(s.token()) + "}")
                        .token("cursor"),
                Dialect.of(
                                "eof beside the cursor of what may come",
                                s -> "{\"plans\":" + s.plans() + ",\"eof\":" + !s.more() + ",\"next_cursor\":\""
                                        + s.token() + "\"}")
                        .token("cursor"),
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
                                "Cloudflare: result beside lists of errors and messages",
                                s -> "{\"result\":" + s.plans() + ",\"errors\":[],\"messages\":[]}")
                        .page("page1", "page"),
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
                Dialect.of("all at once, whatever the limit", Dialect.Slice::plans)
                        .limit("none", 1000),
                Dialect.of("all at once, exactly as many as asked for", Dialect.Slice::plans)
                        .limit("none", 1000)
                        .plans(100),
                Dialect.of("silent, by offset", Dialect.Slice::plans).offset("offset"),
                Dialect.of("silent, by offset, 40 a page", Dialect.Slice::plans)
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
                Dialect.of("CP_PAGING=offset with skip", Dialect.Slice::plans)
                        .offset("skip")
                        .with("CP_PAGING", "offset", "CP_CURSOR_PARAM", "skip"),
                Dialect.of("CP_PAGING=page with a name of its own", Dialect.Slice::plans)
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
                Dialect.of("total above what offsets bring", s -> "{\"plans\":" + s.plans() + ",\"total\":777}")
                        .offset("offset")
                        .isNamed("total says 777, but " + Dialect.PLANS + " plans came"),
                Dialect.of("as long as asked for, without a word", Dialect.Slice::plans)
                        .isNamed("100 CP_PAGING CP_CURSOR_FIELD"),
                Dialect.of(
                                "as long as asked for, and a total that counts the page",
                                s -> "{\"plans\":" + s.plans() + ",\"total\":" + (s.to() - s.from()) + "}")
                        .isNamed("100 total CP_PAGING"),
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
                Dialect.of("CP_PAGING=offset where offset is not known", Dialect.Slice::plans)
                        .with("CP_PAGING", "offset")
                        .isNamed("CP_PAGING=offset repeats"),
                Dialect.of("CP_PAGING=link and no link", Dialect.Slice::plans)
                        .with("CP_PAGING", "link")
                        .isNamed("CP_PAGING"));
    }
}
