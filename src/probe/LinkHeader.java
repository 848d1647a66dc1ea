package probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The Link header of RFC 8288: several links in a field, several fields, quoted and bare parameters, several relations
 * in one.
 */
final class LinkHeader {
    /**
     * Where each relation leads, by its name in lower case; the first link of a relation counts, as RFC 8288 has it for
     * rel.
     */
    static Map<String, String> relations(List<String> fields) {
        Map<String, String> relations = new LinkedHashMap<>();
        for (String field : fields) {
            for (String link : split(field, ',')) {
                int open = link.indexOf('<');
                int close = link.indexOf('>', open + 1);
                if (open < 0 || close < 0) {
                    continue;
                }
                Map<String, String> parameters = parameters(link.substring(close + 1));
                if (parameters.containsKey("anchor")) {
                    continue; // it speaks of another resource
                }
                for (String relation : parameters
                        .getOrDefault("rel", "")
                        .toLowerCase(Locale.ROOT)
                        .split("\\s+")) {
                    if (!relation.isEmpty()) {
                        relations.putIfAbsent(
                                relation, link.substring(open + 1, close).strip());
                    }
                }
            }
        }
        return relations;
    }

    private LinkHeader() {}

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : split(text, ';')) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String value = parameter.substring(equals + 1).strip();
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                parameters.putIfAbsent(
                        parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value);
            }
        }
        return parameters;
    }

    /** Splits at a separator that stands neither in {@code <…>} nor in quotes. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean inUri = false;
        boolean inQuotes = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inQuotes && c == '\\' && i + 1 < text.length()) {
                part.append(c).append(text.charAt(++i));
                continue;
            }
            inQuotes ^= c == '"' && !inUri;
            inUri = !inQuotes && (c == '<' || inUri && c != '>');
            if (c == separator && !inUri && !inQuotes) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
