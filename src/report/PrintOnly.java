package report;

import base.Failure;
import cache.DayCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import output.Evidence;
import output.ReportType;
import picocli.CommandLine.Option;
import settings.Config;
import soak.Access;
import soak.SoakDir;

/** A report that leaves nothing behind: for whoever asks, and for another judge that asks the pinned one. */
public final class PrintOnly {
    static final String OPTION = "--print-only";

    @Option(
            names = OPTION,
            description = "daily, checkpoint, final: print the report, write no file and raise no alert; a status never"
                    + " writes a file.")
    boolean given;

    /** @throws Failure exit 64 if it goes with nothing that was asked for */
    public void check(ReportType type, boolean archive, boolean signs) {
        ReportType.requireFor(
                OPTION, given, type, ReportType.DAILY, ReportType.CHECKPOINT, ReportType.FINAL, ReportType.STATUS);
        if (given && (archive || signs)) {
            throw Failure.usage(OPTION + " writes no file: leave --archive and --sign-key out");
        }
    }

    /** What this report may read of days that are over, and whether it may leave something there itself. */
    DayCache cache(Config config) {
        if (PinnedJudge.isAsked()) {
            return DayCache.NONE;
        }
        return given ? DayCache.asItIs(config) : DayCache.of(config);
    }

    /**
     * Whether the report is only printed: because that was asked for, or because what stands there stays, which is
     * told.
     *
     * @param json the report's file
     * @param complete whether its window had passed
     */
    boolean holds(SoakDir dir, Path json, boolean complete, PrintWriter err) throws IOException {
        if (given) {
            return true;
        }
        Optional<String> why = Evidence.printedOnly(dir, json, complete);
        why.or(() -> Access.foreign(dir, "report").map(warning -> "report: warning: " + warning))
                .ifPresent(err::println);
        return why.isPresent();
    }
}
