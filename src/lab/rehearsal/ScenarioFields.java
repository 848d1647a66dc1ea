package lab.rehearsal;

import base.Failure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An object of a scenario file. What it does not say is the default; what is no value of its field is refused and never
 * taken for the default, since the verdicts would then be those of a soak that nobody described.
 */
final class ScenarioFields {
    private final String owner;
    private final JsonNode object;

    /** @param owner what the object is, as a sentence begins: {@code fault 2} */
    ScenarioFields(String owner, JsonNode object, Set<String> known) {
        this.owner = owner;
        this.object = object;
        if (!(object instanceof ObjectNode)) {
            throw Failure.usage(owner + " is " + shown(object) + ": give a JSON object");
        }
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw Failure.usage(owner + " has the field " + field + ", which is unknown: it may have "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }

    String text(String field, String otherwise) {
        JsonNode value = object.path(field);
        return value.isMissingNode()
                ? otherwise
                : required(field, value.isTextual(), "a text").asText();
    }

    int whole(String field, int otherwise, int least) {
        JsonNode value = object.path(field);
        return value.isMissingNode()
                ? otherwise
                : required(
                                field,
                                value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= least,
                                "a whole number" + (least == Integer.MIN_VALUE ? "" : " of at least " + least)
                                        + most(value))
                        .intValue();
    }

    /** Of milliseconds, which none can be fewer than. */
    double millis(String field, double otherwise) {
        JsonNode value = object.path(field);
        return value.isMissingNode()
                ? otherwise
                : required(
                                field,
                                value.isNumber()
                                        && value.doubleValue() >= 0
                                        && value.doubleValue() <= Integer.MAX_VALUE,
                                "a number of at least 0" + most(value))
                        .doubleValue();
    }

    private static String most(JsonNode value) {
        return value.doubleValue() > Integer.MAX_VALUE ? " and at most " + Integer.MAX_VALUE : "";
    }

    JsonNode list(String field) {
        JsonNode value = object.path(field);
        return required(field, value.isMissingNode() || value.isArray(), "a list");
    }

    /** Texts by their names; a number is as good as the text that it is written as. */
    Map<String, String> texts(String field) {
        JsonNode value = object.path(field);
        required(field, value.isMissingNode() || value.isObject(), "a JSON object");
        Map<String, String> texts = new LinkedHashMap<>();
        value.properties().forEach(entry -> {
            if (!entry.getValue().isTextual() && !entry.getValue().isNumber()) {
                throw refused(field + "." + entry.getKey(), entry.getValue(), "a text");
            }
            texts.put(entry.getKey(), entry.getValue().asText());
        });
        return texts;
    }

    private JsonNode required(String field, boolean fits, String wanted) {
        if (!fits) {
            throw refused(field, object.path(field), wanted);
        }
        return object.path(field);
    }

    Failure refused(String field, Object value, String wanted) {
        return Failure.usage(owner + " has " + field + " " + shown(value) + ": give " + wanted);
    }

    private static String shown(Object value) {
        String text = value.toString();
        return text.isEmpty() ? "nothing" : text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
