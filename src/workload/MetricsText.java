package workload;

import base.Printable;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Metrics in Prometheus' text format 0.0.4, the one that node_exporter's textfile collector reads (of OpenMetrics it
 * takes neither the type info nor a counter's bare name). Written here: the client library would cost every round a
 * registry and some hundred classes for what is a loop over strings.
 */
final class MetricsText {
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> common;

    /** @param common labels of every sample */
    MetricsText(Map<String, String> common) {
        this.common = common;
    }

    /** One family. Its head is written with its first sample: a family without any is not there. */
    final class Family {
        private final String name;
        private final String type;
        private final String help;
        private boolean begun;

        private Family(String name, String type, String help) {
            this.name = name;
            this.type = type;
            this.help = help;
        }

        /** @param value a number or a truth; null, not measured, is no sample */
        Family sample(Object value, String... labelsAndValues) {
            if (value == null) {
                return this;
            }
            if (!begun) {
                text.append("# HELP " + name + " " + help.replace("\\", "\\\\").replace("\n", "\\n") + "\n");
                text.append("# TYPE " + name + " " + type + "\n");
                begun = true;
            }
            Map<String, String> labels = new LinkedHashMap<>(common);
            for (int i = 0; i < labelsAndValues.length; i += 2) {
                labels.put(labelsAndValues[i], labelsAndValues[i + 1]);
            }
            text.append(labels.entrySet().stream()
                    .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                    .collect(Collectors.joining(",", name + "{", "} " + number(value) + "\n")));
            return this;
        }
    }

    Family gauge(String name, String help) {
        return new Family(name, "gauge", help);
    }

    Family counter(String name, String help) {
        return new Family(name, "counter", help);
    }

    private static String escaped(String value) {
        return Printable.text(value).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? "1" : "0";
        }
        return value instanceof BigDecimal decimal
                ? decimal.stripTrailingZeros().toPlainString()
                : value.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
