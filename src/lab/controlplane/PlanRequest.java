package lab.controlplane;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the bodies of requests. What is missing or of the wrong kind is refused with 400 and its name; unknown fields
 * are let through.
 */
final class PlanRequest {
    /** As the first part after /v1/rollouts/ means something else there. */
    private static final Set<String> RESERVED_IDS = Set.of("stuck");

    private static final Pattern PLAN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@+-]{0,199}");
    static final long MAX_SECONDS = 10L * 366 * 86_400;

    private PlanRequest() {}

    static JsonNode object(byte[] body) {
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new ApiError(400, "the body " + Json.why(e));
        } catch (IOException e) {
            throw new ApiError(400, "the body is not readable text: " + e.getMessage());
        }
        if (!json.isObject()) {
            throw new ApiError(400, "the body must be a JSON object");
        }
        return json;
    }

    /**
     * A new plan, in phase published. Stages are ids, or objects with a {@code stage_id}, {@code id} or {@code name}.
     */
    static Plan newPlan(JsonNode body, long nowMs) {
        String planId = requiredText(body, "plan_id");
        if (!PLAN_ID.matcher(planId).matches() || RESERVED_IDS.contains(planId)) {
            throw new ApiError(
                    400,
                    "plan_id must be 1 to 200 letters, digits and ._:@+- , begin with a letter or digit, and not be"
                            + " the word stuck");
        }
        String artifactRef = requiredText(body, "artifact_ref");
        List<String> stages = stages(body.path("stages"));
        return new Plan(
                0,
                planId,
                artifactRef,
                Phase.PUBLISHED,
                stages,
                stages.isEmpty() ? null : stages.get(0),
                nowMs,
                nowMs,
                seconds(body, "stuck_after_seconds"),
                seconds(body, "completes_after_seconds"),
                null);
    }

    /** What {@code POST …/recover} asks for. */
    record Recovery(boolean retry, boolean skipFailed) {}

    static Recovery recovery(JsonNode body) {
        String strategy = requiredText(body, "strategy");
        JsonNode skipFailed = body.path("skip_failed");
        if (!skipFailed.isMissingNode() && !skipFailed.isNull() && !skipFailed.isBoolean()) {
            throw new ApiError(400, "skip_failed must be true or false");
        }
        return switch (strategy) {
            case "retry" -> new Recovery(true, skipFailed.asBoolean(false));
            case "rollback" -> new Recovery(false, skipFailed.asBoolean(false));
            default -> throw new ApiError(400, "strategy must be retry or rollback");
        };
    }

    private static String requiredText(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new ApiError(400, field + " is missing");
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new ApiError(400, field + " must be a text that is not blank");
        }
        return value.textValue();
    }

    private static Long seconds(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > MAX_SECONDS) {
            throw new ApiError(400, field + " must be a whole number of seconds from 0 to " + MAX_SECONDS);
        }
        return value.longValue();
    }

    private static List<String> stages(JsonNode stages) {
        if (stages.isMissingNode() || stages.isNull()) {
            return List.of();
        }
        if (!stages.isArray()) {
            throw new ApiError(400, "stages must be an array");
        }
        List<String> ids = new ArrayList<>();
        for (JsonNode stage : stages) {
            String id = stage.isTextual() ? stage.textValue() : firstText(stage, "stage_id", "id", "name");
            if (id == null || id.isBlank() || id.indexOf('\n') >= 0) {
                throw new ApiError(400, "stages must hold ids, or objects with a stage_id");
            }
            ids.add(id);
        }
        return List.copyOf(ids);
    }

    private static String firstText(JsonNode object, String... fields) {
        for (String field : fields) {
            if (object.path(field).isTextual()) {
                return object.path(field).textValue();
            }
        }
        return null;
    }
}
