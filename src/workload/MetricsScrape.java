package workload;

import java.util.HashMap;
import java.util.Map;
import probe.ControlPlaneApi;
import probe.HttpCall;
import probe.PrometheusText;

/**
 * What a scrape of the control plane's metrics came to.
 *
 * @param body as it came; empty if nothing did
 * @param problem null if it can be read as a whole
 * @param figures fields of round-summary.json
 */
public record MetricsScrape(byte[] body, String problem, Map<String, Object> figures) {
    public static MetricsScrape of(HttpCall.Answer answer) {
        String problem = ControlPlaneApi.scrapeProblem(answer);
        Map<String, Object> figures = new HashMap<>();
        figures.put("metrics_ok", problem == null);
        if (problem == null) {
            figures.put("cp_http_requests_total", whole(PrometheusText.sum(answer.text(), "cp_http_requests_total")));
            figures.put("cp_rollout_plans_total", whole(PrometheusText.sum(answer.text(), "cp_rollout_plans_total")));
        }
        return new MetricsScrape(answer.body(), problem, figures);
    }

    private static Number whole(Double value) {
        return value == null || value != Math.rint(value) ? value : (Number) value.longValue();
    }
}
