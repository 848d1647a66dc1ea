package workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import probe.ControlPlaneApi;
import probe.HttpCall;
import probe.PrometheusText;
import soak.RoundFiles;

/**
 * What a scrape of the control plane's metrics came to.
 *
 * @param body as it came; empty if nothing did
 * @param problem null if it can be read as a whole
 * @param figures fields of round-summary.json
 * @param warnings what no count can be
 */
public record MetricsScrape(byte[] body, String problem, Map<String, Object> figures, List<String> warnings) {
    private static final List<String> COUNTERS = List.of("cp_http_requests_total", "cp_rollout_plans_total");
    /** Beyond these a double skips whole numbers. */
    private static final double MOST = 1L << 53;

    public static MetricsScrape of(HttpCall.Answer answer) {
        String problem = ControlPlaneApi.scrapeProblem(answer);
        Map<String, Object> figures = new HashMap<>();
        figures.put("metrics_ok", problem == null);
        List<String> warnings = new ArrayList<>();
        for (String counter : problem == null ? COUNTERS : List.<String>of()) {
            Double sum = PrometheusText.sum(answer.text(), counter);
            boolean counts = sum == null || sum >= 0 && sum <= MOST;
            figures.put(counter, counts ? whole(sum) : null);
            if (!counts) {
                warnings.add(counter + " adds up to " + sum + ", which no count can be: it is not measured in this"
                        + " round; see " + RoundFiles.METRICS + " for its samples");
            }
        }
        return new MetricsScrape(answer.body(), problem, figures, warnings);
    }

    private static Number whole(Double value) {
        return value == null || value != Math.rint(value) ? value : (Number) value.longValue();
    }
}
