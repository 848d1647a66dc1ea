package report;

import soak.Failure;

/** How a report is printed: as its text, or as its JSON. */
public enum Form {
  TEXT, JSON;

  /** @param word the text of {@code --format}, null for text */
  public static Form named(String word) {
    if (word == null || word.equalsIgnoreCase("text")) {
      return TEXT;
    }
    if (word.equalsIgnoreCase("json")) {
      return JSON;
    }
    throw Failure.usage("--format " + word + " is unknown with --type: give text or json");
  }
}
