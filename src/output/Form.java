package output;

import base.Failure;

/** How a report is printed: as its text, as its JSON, or as JUnit XML. */
public enum Form {
    TEXT,
    JSON,
    JUNIT;

    /** @param word the text of {@code --format}, null for text */
    public static Form named(String word) {
        if (word == null || word.equalsIgnoreCase("text")) {
            return TEXT;
        }
        if (word.equalsIgnoreCase("json")) {
            return JSON;
        }
        if (word.equalsIgnoreCase("junit")) {
            return JUNIT;
        }
        throw Failure.usage("--format " + word + " is unknown with --type: give text, json or junit");
    }
}
