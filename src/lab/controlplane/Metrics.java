//DEPS io.prometheus:prometheus-metrics-core:1.10.0
//DEPS io.prometheus:prometheus-metrics-exporter-httpserver:1.10.0
//DEPS io.prometheus:prometheus-metrics-instrumentation-jvm:1.10.0
package lab.controlplane;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the control plane counts, served as Prometheus text at /metrics of a listener of its own. Everything restarts at
 * 0 with it.
 */
final class Metrics implements AutoCloseable {
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)\\{(.*)\\} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    // The client library adds _total to a counter's name itself.
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("cp_http_requests")
            .help("HTTP requests answered, by method, route and status code.")
            .labelNames("method", "route", "code")
            .register(registry);
    private final Histogram duration = Histogram.builder()
            .name("cp_http_request_duration_seconds")
            .help("Time from a request's headers to its answer being ready to send.")
            .labelNames("method", "route")
            .classicOnly()
            .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);
    private final Counter plans = Counter.builder()
            .name("cp_rollout_plans")
            .help("Plans that entered a phase by a request since the start; published = created.")
            .labelNames("phase")
            .register(registry);
    private final Counter events = Counter.builder()
            .name("cp_events_ingested")
            .help("Changes to plans that were accepted, by kind.")
            .labelNames("kind")
            .register(registry);
    private final Counter auditFailures = Counter.builder()
            .name("cp_audit_write_failures")
            .help("Audit records that could not be written.")
            .register(registry);

    private final HTTPServer listener;

    /**
     * @param ownProcess whether the process's own figures are the control plane's
     * @param guard who may scrape
     * @throws java.net.BindException where the address is taken
     */
    Metrics(InetSocketAddress address, boolean ownProcess, Guard guard) throws IOException {
        for (Phase phase : Phase.values()) {
            if (phase != Phase.COMPLETED) { // entered by time, not by a request
                plans.initLabelValues(phase.word());
            }
        }
        for (String kind : new String[] {"create", "retry", "rollback", "pause", "cancel"}) {
            events.initLabelValues(kind);
        }
        if (ownProcess) {
            ProcessMetrics.builder().register(registry);
        }
        HTTPServer.Builder builder = HTTPServer.builder()
                .inetAddress(address.getAddress())
                .port(address.getPort())
                .registry(registry);
        if (guard.metricsToo()) {
            builder.httpsConfigurator(guard.configurator());
        }
        if (guard.token() != null) {
            builder.authenticator(guard.authenticator());
        }
        listener = builder.buildAndStart();
    }

    int port() {
        return listener.getPort();
    }

    void answered(String method, String route, int code, double seconds) {
        requests.labelValues(method, route, Integer.toString(code)).inc();
        duration.labelValues(method, route).observe(seconds);
    }

    void accepted(String kind, Phase entered) {
        events.labelValues(kind).inc();
        plans.labelValues(entered.word()).inc();
    }

    void auditFailed() {
        auditFailures.inc();
    }

    /** Durations are taken over as zero: on a virtual clock no answer takes time. */
    void countOnFrom(String scrape) {
        for (String line : scrape.split("\n")) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                Map<String, String> labels = new HashMap<>();
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
                long count = Math.round(Double.parseDouble(sample.group(3)));
                switch (sample.group(1)) {
                    case "cp_http_requests_total" ->
                        requests.labelValues(labels.get("method"), labels.get("route"), labels.get("code"))
                                .inc(count);
                    case "cp_rollout_plans_total" ->
                        plans.labelValues(labels.get("phase")).inc(count);
                    case "cp_events_ingested_total" ->
                        events.labelValues(labels.get("kind")).inc(count);
                    case "cp_http_request_duration_seconds_count" -> {
                        for (long i = 0; i < count; i++) {
                            duration.labelValues(labels.get("method"), labels.get("route"))
                                    .observe(0);
                        }
                    }
                    default -> {
                        // a bucket or a sum: it follows from the counts
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
