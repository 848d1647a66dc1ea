import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The metrics of a foreign control plane, other than the product's in labels, time stamps and exponents. */
final class ForeignMetrics {
    private final ForeignSwitches switches;
    private final Map<String, AtomicInteger> counters = new ConcurrentHashMap<>();

    ForeignMetrics(ForeignSwitches switches) {
        this.switches = switches;
    }

    void count(String metric) {
        counters.computeIfAbsent(metric, k -> new AtomicInteger()).incrementAndGet();
    }

    void clear() {
        counters.clear();
    }

    RawHttpServer.Answer answer(RawHttpServer.Request r) {
        if (!r.path().equals("/metrics")) {
            return ForeignControlPlane.problem(404, "metrics are at /metrics");
        }
        String how = switches.value("metrics", "");
        StringBuilder text =
                new StringBuilder("# HELP cp_http_requests_total Requests.\n# TYPE cp_http_requests_total counter\n");
        if (!how.equals("absent")) {
            long now = System.currentTimeMillis();
            new TreeMap<>(counters)
                    .forEach((name, n) -> text.append(name)
                            .append(' ')
                            .append(String.format(java.util.Locale.ROOT, "%e", (double) n.get()))
                            .append(' ')
                            .append(now)
                            .append('\n'));
        }
        text.append("cp_http_requests_total_created 1.7e9\ngo_goroutines 12\nprocess_start_time_seconds +Inf\n");
        return switch (how) {
            case "", "absent" -> RawHttpServer.Answer.of(200, "text/plain; version=0.0.4", text.toString());
            case "garbage" -> RawHttpServer.Answer.of(200, "text/html", "<html>cp_http_requests_total lots</html>");
            case "drop" -> RawHttpServer.Answer.drop();
            case "hang" -> RawHttpServer.Answer.hang(ForeignControlPlane.HANG_MS);
            case "huge" ->
                RawHttpServer.Answer.of(
                        200,
                        "text/plain",
                        text + ("# " + "x".repeat(1000) + "\n").repeat(ForeignControlPlane.HUGE / 1003));
            default -> ForeignControlPlane.problem(Integer.parseInt(how), "no metrics");
        };
    }
}
