package probe;

import base.Json;
import base.Time;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import settings.Config;

/**
 * The control plane as a round sees it. What is not known of a foreign one (names of arrays, of the cursor, null for an
 * empty list) is found out from its answers; what cannot be understood is a problem with words, never a guess.
 */
public final class ControlPlaneApi {
    /**
     * Eight times what 14,400 plans in one answer take; a round's heap holds this one's bytes, text and tree at once.
     */
    public static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

    private static final int PAGE_LIMIT = 100; // the plan's ?limit=100
    private static final int FINER_LIMIT = 25;
    private static final BiConsumer<String, JsonNode> NOBODY = (id, plan) -> {};
    private static final int ANY_PAGES = Integer.MAX_VALUE;

    /**
     * The stuck scan.
     *
     * @param raw the pages' bodies as they came
     * @param ok HTTP 200, a valid payload and a paging that reached its end
     * @param planIds the stuck plans, oldest first; empty unless ok
     * @param since when they got stuck, of those of which it says a time that can be read
     * @param ownIds the control plane's own id of a plan that CP_ID_KEY names otherwise
     * @param problem null if ok, else why not
     */
    public record StuckScan(
            String code,
            List<byte[]> raw,
            boolean ok,
            List<String> planIds,
            Map<String, Instant> since,
            Map<String, String> ownIds,
            String problem) {
        /** Before there was one. */
        public static final StuckScan NONE =
                new StuckScan(HttpCall.NO_ANSWER, List.of(), false, List.of(), Map.of(), Map.of(), "it did not run");

        /** What the CLI is given for a plan. */
        public String resource(String planId) {
            return ownIds.getOrDefault(planId, planId);
        }
    }

    /**
     * The full listing.
     *
     * @param code the last answer's
     * @param largestPage in bytes
     * @param complete whether the paging reached its end
     * @param timesListed every plan id listed, with how often; but not those of plans that are marked as deleted
     * @param count everything listed, repeats included; but not what pages that overlap give once more
     * @param deleted the plans that are listed with a mark of deletion, and nowhere without one
     * @param problem null if complete, else why not
     * @param doubt null if the control plane said the end or showed it; else why the one page may not be all
     * @param overlap the plans that came once more because each page begins with the end of the one before it
     * @param twoPages whether these are two pages, so that a plan of {@code overlap} may as well be there twice
     */
    public record Listing(
            String code,
            int largestPage,
            boolean complete,
            Map<String, Integer> timesListed,
            int count,
            Set<String> deleted,
            int pages,
            String problem,
            String doubt,
            Set<String> overlap,
            boolean twoPages) {}

    /**
     * Whether a plan is there that is asked for by its id; a plan that is marked as deleted is not. FAILED (HTTP 500)
     * is how some answer for an id that they cannot read or do not know.
     */
    public enum ByItself {
        SHOWN,
        NOT_SHOWN,
        FAILED,
        NO_ANSWER
    }

    private final Config config;
    private final Time time;
    private final Credentials credentials;
    private final Guard guard;
    private final HttpCall stranger;
    private final HttpCall anybody;
    private final HttpCall http;
    private WarmHandshakes handshakes = WarmHandshakes.NONE;

    /** @throws base.Failure exit 64 where config.env names credentials that cannot be used */
    public ControlPlaneApi(Config config, Time time) {
        this(config, time, uri -> Optional.empty());
    }

    /** @param guard asked about all but the health probe, which finds out who is there */
    public ControlPlaneApi(Config config, Time time, Guard guard) {
        this.config = config;
        this.time = time;
        this.credentials = Credentials.of(config);
        this.guard = guard;
        this.stranger = new HttpCall(time, config.requestTimeout(), MAX_BODY_BYTES);
        this.anybody = new HttpCall(time, config.requestTimeout(), MAX_BODY_BYTES, credentials);
        this.http = anybody.guardedBy(guard);
    }

    /** Runs in what the creates on this control plane need beyond plain HTTP. @param body a create's */
    public void warmUp(byte[] body) {
        if (config.cpUrl().startsWith("https:")) {
            handshakes = WarmHandshakes.start(time, body, credentials);
        }
    }

    public Credentials credentials() {
        return credentials;
    }

    /** Of a stranger, too, who is told no secret. */
    public HttpCall.Answer health() {
        boolean known = guard.refusal(URI.create(config.cpUrl())).isEmpty();
        return HealthProbe.of(known ? anybody : stranger, config.cpUrl());
    }

    /**
     * The id that a create's answer gives the plan, where CP_ID_KEY names its field; else the one that was asked for.
     */
    public String givenId(HttpCall.Answer created, String asked) {
        if (config.idKey().isEmpty()) {
            return asked;
        }
        try {
            return PlanList.asId(PageSigns.at(Json.parse(created.text()), config.idKey()))
                    .orElse(asked);
        } catch (JsonProcessingException says201AndNoMore) {
            return asked;
        }
    }

    /** One timed create; {@code body} is the whole JSON. */
    public HttpCall.Answer create(byte[] body) {
        handshakes.again();
        return http.postJson(
                URI.create(config.cpUrl() + "/v1/rollouts"), body, "X-Autonomy-Operator: " + config.operator());
    }

    public HttpCall.Answer metrics() {
        HttpCall.Answer answer = http.get(URI.create(config.metricsUrl()));
        return new HttpCall.Answer(
                answer.code(),
                credentials.redacted(answer.utf8()),
                answer.nanos(),
                answer.problem(),
                answer.headers(),
                answer.refused(),
                answer.quote());
    }

    /** Why an answer is no scrape; null if it is one. */
    public static String scrapeProblem(HttpCall.Answer answer) {
        return answer.is(200)
                ? PrometheusText.problem(answer.text())
                        .map(why -> "the answer is not Prometheus text, " + why + answer.came())
                        .orElse(null)
                : answer.describe();
    }

    /** Pages through GET /v1/rollouts/stuck; no limit is asked for. */
    public StuckScan stuck(Duration limit) {
        URI first =
                URI.create(config.cpUrl() + "/v1/rollouts/stuck?threshold_seconds=" + config.stuckThresholdSeconds());
        List<byte[]> raw = new ArrayList<>();
        List<Stuck> stuck = new ArrayList<>();
        PlanList plans = PlanList.stuck(config);
        HttpCall.Answer[] answered = new HttpCall.Answer[1];
        Paging.End end = new Paging(
                        config,
                        address -> answered[0] = http.get(address),
                        first,
                        0,
                        ANY_PAGES,
                        deadline(limit),
                        plans,
                        page -> {
                            raw.add(page.answer().utf8());
                            for (int i = 0; i < page.ids().size(); i++) {
                                stuck.add(new Stuck(
                                        page.ids().get(i),
                                        page.ownIds().get(i),
                                        StuckSince.of(page.items().get(i)).orElse(null)));
                            }
                        })
                .read();
        if (end.problem() != null) {
            if (answered[0] != null && raw.stream().noneMatch(page -> Arrays.equals(page, answered[0].utf8()))) {
                raw.add(answered[0].utf8()); // what was not understood is kept all the same
            }
            return new StuckScan(end.code(), kept(raw), false, List.of(), Map.of(), Map.of(), end.problem());
        }
        // What names no time keeps the control plane's own order.
        stuck.sort(Comparator.comparing(Stuck::since, Comparator.nullsFirst(Comparator.naturalOrder())));
        Map<String, Instant> since = new HashMap<>();
        Map<String, String> ownIds = new HashMap<>();
        stuck.stream()
                .filter(plan -> !plan.ownId.equals(plan.planId))
                .forEach(plan -> ownIds.put(plan.planId, plan.ownId));
        stuck.stream().filter(plan -> plan.since != null).forEach(plan -> since.putIfAbsent(plan.planId, plan.since));
        return new StuckScan(
                end.code(),
                kept(raw),
                true,
                stuck.stream().map(Stuck::planId).distinct().toList(),
                since,
                ownIds,
                null);
    }

    /** What an answer repeats of our own request is not kept. */
    private List<byte[]> kept(List<byte[]> raw) {
        return raw.stream().map(page -> credentials.redacted(page)).toList();
    }

    private record Stuck(String planId, String ownId, Instant since) {}

    /**
     * Pages through GET /v1/rollouts to its end.
     *
     * @param limit after so long no further page is asked for: 144 pages of half a minute each would outlast the
     *     interval
     */
    public Listing list(Duration limit) {
        return list(limit, UnaryOperator.identity(), () -> null, NOBODY);
    }

    /**
     * As {@link #list(Duration)}, and hands on each page's body as it came.
     *
     * @param pages gives, once for each reading, who takes the bodies; null for nobody
     * @param known gives the text of an id that the caller has already, else that which it is given
     * @param plans takes each listed plan, by its id
     */
    public Listing list(
            Duration limit,
            UnaryOperator<String> known,
            Supplier<Consumer<byte[]>> pages,
            BiConsumer<String, JsonNode> plans) {
        long deadline = deadline(limit);
        Listing listing = list(deadline, PAGE_LIMIT, ANY_PAGES, known, pages.get(), plans);
        if (!listing.twoPages || !listing.complete) {
            return listing;
        }
        Listing finer = list(deadline, FINER_LIMIT, ANY_PAGES, known, pages.get(), plans);
        return finer.complete ? finer : list(deadline, PAGE_LIMIT, ANY_PAGES, known, pages.get(), plans);
    }

    /** The first pages alone, of one plan each, or of two where they overlap: whether the paging is understood. */
    public Listing tryPaging(Duration limit, int pages) {
        long deadline = deadline(limit);
        Listing single = list(deadline, 1, pages, UnaryOperator.identity(), null, NOBODY);
        if (single.problem == null) {
            return single;
        }
        Listing pairs = list(deadline, 2, pages, UnaryOperator.identity(), null, NOBODY);
        return pairs.problem == null && !pairs.overlap.isEmpty() ? pairs : single;
    }

    private Listing list(
            long deadline,
            int perPage,
            int mostPages,
            UnaryOperator<String> known,
            Consumer<byte[]> bodies,
            BiConsumer<String, JsonNode> plans) {
        URI first = URI.create(config.cpUrl() + "/v1/rollouts?limit=" + perPage);
        Instant now = time.now();
        Map<String, Integer> marked = new HashMap<>();
        int[] largest = new int[1];
        Paging.Sink sink = new Paging.Sink() {
            @Override
            public void take(Paging.Page page) {
                largest[0] = Math.max(largest[0], page.answer().body().length);
                if (bodies != null) {
                    bodies.accept(credentials.redacted(page.answer().utf8()));
                }
                for (int i = 0; i < page.ids().size(); i++) {
                    plans.accept(page.ids().get(i), page.items().get(i));
                    // the first pages alone tell of the paging, and not of the plans
                    if (mostPages == ANY_PAGES && OnePlan.isDeleted(page.items().get(i), now)) {
                        marked.merge(page.ids().get(i), 1, Integer::sum);
                    }
                }
            }

            @Override
            public String same(String id) {
                return known.apply(id);
            }
        };
        Paging paging = new Paging(config, http::get, first, perPage, mostPages, deadline, PlanList.all(config), sink);
        Paging.End end = paging.read();
        Map<String, Integer> listed = paging.timesListed();
        int entries = listed.values().stream().mapToInt(Integer::intValue).sum();
        marked.forEach((id, times) -> listed.computeIfPresent(id, (of, all) -> all > times ? all - times : null));
        marked.keySet().removeAll(listed.keySet());
        int left = listed.values().stream().mapToInt(Integer::intValue).sum();
        return new Listing(
                end.code(),
                largest[0],
                end.problem() == null,
                listed,
                paging.count() - entries + left,
                marked.keySet(),
                end.pages(),
                end.problem(),
                end.doubt(),
                paging.overlap().again().keySet(),
                paging.overlap().leavesADoubt());
    }

    /** GET /v1/rollouts/ID; a control plane that has no such address shows no plan. */
    public ByItself plan(String id) {
        String segment = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        return OnePlan.of(
                http.get(URI.create(config.cpUrl() + "/v1/rollouts/" + segment)), PlanList.all(config), id, time.now());
    }

    /** Which field of a listed plan, as a dotted path, holds one of these ids; the usual ones aside. */
    public Optional<String> fieldThatHolds(Set<String> ids, Duration limit) {
        List<String> found = new ArrayList<>();
        new Paging(
                        config,
                        http::get,
                        URI.create(config.cpUrl() + "/v1/rollouts?limit=" + PAGE_LIMIT),
                        PAGE_LIMIT,
                        ANY_PAGES,
                        deadline(limit),
                        PlanList.all(config),
                        page -> page.items()
                                .forEach(item -> PlanList.pathOf(item, ids, "").ifPresent(found::add)))
                .read();
        return found.stream().findFirst();
    }

    private static long deadline(Duration limit) {
        return System.nanoTime() + limit.toNanos();
    }
}
