package verify;

import base.Failure;
import java.nio.file.Path;
import output.ReportType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import report.Anchors;

/** What a verification is given from elsewhere: without any of it, the folder vouches for itself. */
public final class VerifyOptions {
    @Mixin
    Anchors anchors;

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "verify: the key, in PEM, that must have signed the final report's statement.")
    Path publicKey;

    /** @throws Failure exit 64 if an option does not go with the type of report */
    public void check(ReportType type, String asOf) {
        anchors.check(type);
        ReportType.requireFor("--public-key", publicKey != null, type, ReportType.VERIFY);
        if (asOf != null && type == ReportType.VERIFY) {
            throw Failure.usage("--as-of does not go with --type verify, which judges each report as of its own moment:"
                    + " leave it out");
        }
    }

    /** For the other reports too. */
    public Anchors anchors() {
        return anchors;
    }
}
