package probe;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What APIs call their signs of paging, in the form of {@link PageSigns#normal}.
 *
 * <p>The names are those of the public descriptions of common APIs (Kubernetes, GitHub, GitLab, Stripe, Slack, AWS,
 * OData, HAL, JSON:API, Spring Data, Django REST framework, Relay, FHIR, Elasticsearch, Facebook's Graph API).
 */
final class PageNames {
    static final Set<String> TOKENS =
            Set.of(("nextcursor nextpagetoken nexttoken nextcontinuationtoken continuationtoken continuation"
                            + " nextmarker nextpagecursor nextbatchtoken nextpageid nextpagekey endcursor aftercursor"
                            + " cursorafter cursornext lastevaluatedkey")
                    .split(" "));
    static final Set<String> TOKENS_ABOUT_PAGES =
            Set.of("next", "continue", "after", "bookmark", "nextkey", "nextafter", "nextid");
    static final Set<String> ADDRESSES =
            Set.of(("nextlink odatanextlink nexturl nexthref nexturi nextpageurl nextpagelink nextpageuri"
                            + " nextrecordsurl nextpath")
                    .split(" "));
    static final Set<String> MORE =
            Set.of(("hasmore hasnext hasnextpage hasmorepages hasmoreitems hasmoreresults morepages"
                            + " moreresults moreavailable moreitems more hasmoredata")
                    .split(" "));
    static final Set<String> LAST = Set.of(
            "last", "islast", "islastpage", "lastpage", "done", "isend", "eof", "endoflist", "complete", "iscomplete");
    static final Set<String> CUT =
            Set.of("truncated", "istruncated", "resultstruncated", "resulttruncated", "listtruncated");
    static final Set<String> PARTIAL = Set.of(
            "partial", "ispartial", "partialresults", "incomplete", "isincomplete", "incompleteresults", "timedout");
    static final Set<String> TOTALS =
            Set.of(("total totalcount totalelements totalitems totalresults totalrecords totalsize totalhits"
                            + " odatacount totalrows totalplans totalrollouts")
                    .split(" "));
    static final Set<String> REMAINING =
            Set.of("remainingitemcount", "remainingcount", "remainingitems", "itemsremaining");
    static final Set<String> PAGE_NUMBERS =
            Set.of("page", "pagenumber", "currentpage", "pageno", "pageindex", "number");
    static final Set<String> PAGE_COUNTS =
            Set.of("totalpages", "pagecount", "numpages", "numberofpages", "pages", "lastpage", "pagestotal");
    static final Set<String> OFFSETS = Set.of("offset", "skip", "startindex", "startat");
    static final Set<String> ABOUT_PAGES =
            Set.of(("meta metadata links link cursor cursors info collection list listing data result results"
                            + " response hits search range embedded header next batch")
                    .split(" "));
    static final Set<String> LINKS = Set.of("links", "link");
    static final Set<String> ERRORS = Set.of("error", "errors", "errormessage", "errorcode", "exception");
    static final Set<String> CODES = Set.of("code", "status", "statuscode", "httpcode", "httpstatus");
    static final Set<String> FAILED_WORDS = Set.of("error", "fail", "failed", "failure");
    /**
     * A name that could be a cursor's, though none that is known. What leads back or tells where one is leads nowhere.
     */
    static final Pattern LIKE_A_CURSOR =
            Pattern.compile(".*(cursor|pagetoken|pagekey|bookmark|marker|searchafter|lastkey|continuation)"
                    + "(id|token|value|key)?|continue|moretoken|.*(next|resume|scroll)(page|token|key|link|url|id)");

    static final Pattern NO_WAY_ON = Pattern.compile(
            "(prev|back|before|start|first|begin|current|this|self|request|sync|delta).*"
                + "|.*(prev|previous|before|start|current|self)(cursor|page|token|marker)?|cursorfield|cursorparam");

    private PageNames() {}
}
