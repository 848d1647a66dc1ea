package lab.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import settings.Config;

/**
 * What each request meets on its way to the control plane: how long it takes, and what goes wrong with it. All of it
 * follows from the seed and the slot, so a rehearsal can go on from any round.
 */
final class Stage extends Filter {
    private static final String ROLLOUTS = "/v1/rollouts";
    private static final double SPREAD = 0.35;
    private static final double OTHER_REQUEST_MS = 0.8;
    static final double LARGEST_FACTOR = 6;
    private static final long SLOT_PRIME = 0x9E3779B97F4A7C15L;

    private final Scenario scenario;
    private final long seed;
    private final VirtualTime time;
    private final Duration patience;
    private final int plansPerRound;

    private long slot;
    private RandomGenerator random = new SplittableRandom(0);
    private final Set<String> refusedRecoveries = new HashSet<>();
    private int creates;
    private Duration clockStep = Duration.ZERO;
    private StagedControlPlane controlPlane;

    Stage(Scenario scenario, long seed, VirtualTime time, Config config) {
        this.scenario = scenario;
        this.seed = seed;
        this.time = time;
        this.patience = config.requestTimeout();
        this.plansPerRound = config.plansPerRound();
    }

    void attach(StagedControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    /** @param planIds whose recovery has failed once, in rounds of an earlier run */
    synchronized void refusedBefore(Collection<String> planIds) {
        refusedRecoveries.addAll(planIds);
    }

    synchronized void beginRound(long slot) {
        this.slot = slot;
        this.random = random(seed, slot);
        this.creates = 0;
        this.clockStep = Duration.ZERO;
    }

    /** Sets the wall clock before this round's second create. */
    synchronized void stepClock(Duration by) {
        clockStep = by;
    }

    /** Randomness of one slot alone. */
    static RandomGenerator random(long seed, long slot) {
        return new SplittableRandom(seed * SLOT_PRIME + slot);
    }

    /** A fault of this kind in the present round, or null. */
    Fault fault(Fault.Kind kind) {
        return scenario.fault(kind, slot);
    }

    @Override
    public String description() {
        return "the rehearsal's stage";
    }

    @Override
    public synchronized void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        if (controlPlane.hung()) {
            time.advance(patience.plusSeconds(1));
            exchange.close();
        } else if (method.equals("POST") && path.equals(ROLLOUTS)) {
            create(exchange, chain);
        } else {
            time.advance(millis(OTHER_REQUEST_MS));
            if (path.equals(ROLLOUTS + "/stuck") && fault(Fault.Kind.SCAN_FAILS) != null) {
                refuse(exchange, 500, "internal error");
            } else if (path.endsWith("/recover")
                    && fault(Fault.Kind.RECOVERY_FAILS) != null
                    && refusedRecoveries.add(path.split("/")[3])) {
                refuse(exchange, 503, "the store is busy");
            } else if (path.equals(ROLLOUTS)) {
                list(exchange, chain);
            } else if (method.equals("GET")
                    && path.startsWith(ROLLOUTS + "/")
                    && !path.equals(ROLLOUTS + "/stuck")
                    && fault(Fault.Kind.REPLICA_LAG) != null) {
                refuse(exchange, 404, "no such plan"); // only a plan that the replica lacks is asked for by its id
            } else {
                chain.doFilter(exchange);
            }
        }
    }

    private void list(HttpExchange exchange, Chain chain) throws IOException {
        Fault lag = fault(Fault.Kind.REPLICA_LAG);
        Fault other = fault(Fault.Kind.OTHER_PAGING);
        boolean twice = fault(Fault.Kind.LISTS_TWICE) != null;
        if (lag == null && other == null && !twice && fault(Fault.Kind.UNKNOWN_PAGING) == null) {
            chain.doFilter(exchange);
            return;
        }
        OtherListing.Change paging = fault(Fault.Kind.UNKNOWN_PAGING) != null
                ? OtherListing::pagedInAnUnknownWay
                : other != null ? OtherListing.pagedAnotherWay(other.amount()) : (page, to) -> page;
        OtherListing.Change seen = lag == null
                ? (page, to) -> page
                : OtherListing.laggingBehind(Duration.ofSeconds(lag.amount()), time.now());
        OtherListing.Change listed = twice ? OtherListing::firstPlanTwice : (page, to) -> page;
        OtherListing.answer(
                exchange,
                chain,
                (page, to) -> paging.of((ObjectNode) seen.of((ObjectNode) listed.of(page, to), to), to));
    }

    private void create(HttpExchange exchange, Chain chain) throws IOException {
        if (++creates == 2) {
            time.step(clockStep);
        }
        double stored = Math.max(0, slot) * plansPerRound;
        double ms = scenario.medianMs() * factor()
                + scenario.msPer1000Plans() * stored / 1000 * (0.9 + 0.2 * random.nextDouble());
        Fault slow = fault(Fault.Kind.SLOW);
        time.advance(millis(ms + (slow == null ? 0 : slow.amount())));
        Fault refuses = fault(Fault.Kind.REFUSES);
        if (refuses != null && creates <= refuses.amount()) {
            refuse(exchange, 503, "the store is busy");
        } else {
            chain.doFilter(exchange);
        }
    }

    /** A latency's factor around 1, with the long tail that latencies have. */
    private double factor() {
        return Math.min(LARGEST_FACTOR, Math.exp(SPREAD * random.nextGaussian()));
    }

    private static Duration millis(double ms) {
        return Duration.ofNanos(Math.round(ms * 1000) * 1000); // whole microseconds, as create-times.txt has them
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        byte[] body = ("{\"error\":\"" + why + "\"}").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
