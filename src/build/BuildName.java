package build;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@link Version} says of the source: {@code NUMBER+COMMIT.dirty} taken apart.
 *
 * @param number of the version
 * @param commit 12 digits; null where it was built from a source without git
 * @param localChanges whether the tree differed from the commit
 */
public record BuildName(String number, String commit, boolean localChanges) {
    private static final Pattern FORM = Pattern.compile("(.*?)(?:\\+([0-9a-f]{7,40})(\\.dirty)?)?");

    /** @param version as {@link Version#current()} or a round's harness_version has it */
    public static BuildName of(String version) {
        Matcher form = FORM.matcher(version);
        if (!form.matches()) {
            return new BuildName(version, null, false);
        }
        return new BuildName(form.group(1), form.group(2), form.group(3) != null);
    }

    public String words() {
        return "version " + number + ", "
                + (commit == null ? "commit unknown (a source without git)" : "commit " + commit)
                + (localChanges ? " with local changes" : "");
    }

    /** That as a line for a shell. */
    public String command() {
        return commit == null
                ? "# " + checkout()
                : "git checkout " + commit + (localChanges ? " # it had local changes, which no checkout gives" : "");
    }

    /** How a reader comes to that source, as far as there is a way. */
    public String checkout() {
        if (commit == null) {
            return "take the source of version " + number + " (its commit is unknown)";
        }
        return "git checkout " + commit + (localChanges ? " (it had local changes, which no checkout gives)" : "");
    }
}
