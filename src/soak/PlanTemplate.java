package soak;

import base.Failure;
import base.Json;
import base.Why;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The body of a create, an editable file of the soak: {@code {plan_id}} is filled in, the rest is sent as it stands.
 */
public final class PlanTemplate {
    public static final String PLACEHOLDER = "{plan_id}";

    private final String text;

    private PlanTemplate(String text) {
        this.text = text;
    }

    /** @throws Failure exit 64 naming the file if it cannot be read, is not a JSON object or lacks the placeholder */
    public static PlanTemplate read(Path file) {
        String text;
        try {
            text = Json.withoutMark(Files.readString(file)); // a strict control plane would refuse the mark
        } catch (IOException e) {
            throw Failure.usage(file + " cannot be read (" + Why.of(e, file)
                    + "): it holds the body of a create; bring it back from a copy or an archive of the soak,"
                    + " or give setup.java one by --plan-template or --drill-template");
        }
        if (!text.contains(PLACEHOLDER)) {
            throw Failure.usage(file + " lacks " + PLACEHOLDER
                    + ": write it where the plan's id belongs, else every create would ask for the same plan");
        }
        PlanTemplate template = new PlanTemplate(text);
        try {
            if (Json.parse(template.fill("an-id")).isObject()) {
                return template;
            }
            throw Failure.usage(file + " is not a JSON object: a create's body must be one");
        } catch (JsonProcessingException e) {
            throw Failure.usage(file + " " + Json.why(e) + ": correct it");
        }
    }

    private String fill(String planId) {
        return text.replace(PLACEHOLDER, planId);
    }

    /** @param planId of the soak's own making: letters, digits and {@code - _ .} */
    public byte[] body(String planId) {
        return fill(planId).getBytes(StandardCharsets.UTF_8);
    }
}
