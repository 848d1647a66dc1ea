package provision;

import base.Durable;
import base.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import soak.PlanTemplate;

/** The templates that a new soak gets: the user's own, or the defaults here (contract, section 6). */
public final class Templates {
    /**
     * The plan's 72 h stand in the spec; when a plan counts as stuck is set to a year. Plans are never promoted, so
     * with 72 h there every plan would be stuck again and again from day 4 on, ten more with each round, and the plan's
     * "soak plans never exceed threshold" would hold for three days only.
     */
    public static final String PLAN = """
        {
          "plan_id": "{plan_id}",
          "artifact_ref": "soak/fleet-agent:1.0.0",
          "stages": [
            {"stage_id": "canary", "percent": 10},
            {"stage_id": "fleet", "percent": 100}
          ],
          "spec": {"stuck_after": "72h"},
          "stuck_after_seconds": 31536000
        }
        """;

    /** The recovery drill: stuck after an hour, completed a minute after its retry. */
    public static final String DRILL = """
        {
          "plan_id": "{plan_id}",
          "artifact_ref": "soak/fleet-agent:1.0.0",
          "stages": [
            {"stage_id": "canary", "percent": 10},
            {"stage_id": "fleet", "percent": 100}
          ],
          "spec": {"stuck_after": "1h", "drill": true},
          "stuck_after_seconds": 3600,
          "completes_after_seconds": 60
        }
        """;

    private Templates() {}

    private static String read(Path file) throws IOException {
        PlanTemplate.read(file); // refuses what cannot become a body
        return Files.readString(file);
    }

    /**
     * Puts a template in its place: the user's, else the one that stands there, else the default.
     *
     * @param given the user's file, or null
     * @param standard the default, or null if there is none
     * @param inUse whether the soak has used one: its place is then not filled by the default
     * @return the text to write, or null if nothing is to be written
     */
    public static String choose(Path place, Path given, String standard, String option, boolean inUse)
            throws IOException {
        if (given != null && !Files.isReadable(given)) {
            throw Failure.usage(option + " " + given
                    + " cannot be read: give a file with the body of a create, JSON with {plan_id}");
        }
        String wanted = given == null ? null : read(given);
        if (!Files.exists(place)) {
            if (wanted == null && inUse) {
                throw Failure.usage(place
                        + " is missing, and this soak's plans were created from it: restore it from a copy or an"
                        + " archive of the soak, or give it with " + option + " FILE; nothing was started or written");
            }
            return wanted != null ? wanted : standard;
        }
        String present = read(place);
        if (wanted != null && !wanted.equals(present)) {
            throw Failure.usage(option + " " + given + " differs from " + place
                    + ", which this soak already uses; nothing was changed. To change it, edit that file");
        }
        return null;
    }

    public static void write(Path place, String text) throws IOException {
        if (text != null) {
            Durable.write(place, text);
        }
    }
}
