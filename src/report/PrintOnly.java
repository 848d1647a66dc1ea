package report;

import picocli.CommandLine.Option;
import soak.Failure;

/** A report that leaves nothing behind: for whoever asks, and for another judge that asks the pinned one. */
public final class PrintOnly {
    static final String OPTION = "--print-only";

    @Option(
            names = OPTION,
            description = "daily, checkpoint, final: print the report, write no file and raise no alert.")
    boolean given;

    /** @throws Failure exit 64 if it goes with nothing that was asked for */
    public void check(String type, boolean archive, boolean signs) {
        if (given && (type == null || !type.matches("daily|checkpoint|final|status"))) {
            throw Failure.usage(OPTION + " goes with --type daily, checkpoint, final or status alone: leave it out");
        }
        if (given && (archive || signs)) {
            throw Failure.usage(OPTION + " writes no file: leave --archive and --sign-key out");
        }
    }
}
