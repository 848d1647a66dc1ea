package provision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import soak.Durable;
import soak.Failure;
import soak.Json;

/** The bodies of a create, as editable files of the soak: {@code {plan_id}} is filled in, the rest is sent as it stands. */
public final class Templates {
  public static final String PLACEHOLDER = "{plan_id}";

  /** 72 hours, as the plan has it: never stuck within a soak unless its store forgets it. */
  public static final String PLAN = """
      {
        "plan_id": "{plan_id}",
        "artifact_ref": "soak/fleet-agent:1.0.0",
        "stages": [
          {"stage_id": "canary", "percent": 10},
          {"stage_id": "fleet", "percent": 100}
        ],
        "spec": {"stuck_after": "72h"},
        "stuck_after_seconds": 259200
      }
      """;

  /** The recovery drill (contract, section 6): stuck after an hour, completed a minute after its retry. */
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

  /** @return the text of a user's template, checked */
  public static String read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw Failure.usage("the template " + file + " cannot be read (" + e + "): give a file of UTF-8 text");
    }
    check(file, text);
    return text;
  }

  /** @throws Failure exit 64 naming {@code file} if the text cannot become a create's body */
  public static void check(Path file, String text) {
    if (!text.contains(PLACEHOLDER)) {
      throw Failure.usage("the template " + file + " lacks " + PLACEHOLDER + ": without it all plans would have one id");
    }
    try {
      JsonNode body = Json.parse(text.replace(PLACEHOLDER, "soak-0-01"));
      if (!body.isObject()) {
        throw Failure.usage("the template " + file + " is not a JSON object: a create's body is one");
      }
    } catch (JsonProcessingException e) {
      throw Failure.usage("the template " + file + " is no JSON once " + PLACEHOLDER + " is filled in (" + e.getOriginalMessage()
          + where(e) + "): mend it there");
    }
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr() + " column " + e.getLocation().getColumnNr();
  }

  /**
   * Puts a template in its place: the user's, else the one that stands there, else the default.
   *
   * @param given the user's file, or null
   * @param standard the default, or null if there is none
   * @return the text to write, or null if nothing is to be written
   */
  public static String choose(Path place, Path given, String standard, String option) {
    String wanted = given == null ? null : read(given);
    if (!Files.exists(place)) {
      return wanted != null ? wanted : standard;
    }
    String present = read(place);
    if (wanted != null && !wanted.equals(present)) {
      throw Failure.usage(option + " " + given + " differs from " + place + ", which this soak already uses: a resume changes nothing; edit that file");
    }
    return null;
  }

  public static void write(Path place, String text) throws IOException {
    if (text != null) {
      Durable.write(place, text);
    }
  }
}
