package verify;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import report.Anchors;
import soak.Failure;

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
    public void check(String type, String asOf) {
        anchors.check(type);
        if (publicKey != null && !"verify".equals(type)) {
            throw Failure.usage("--public-key goes with --type verify alone: leave it out");
        }
        if (asOf != null && "verify".equals(type)) {
            throw Failure.usage(
                    "--as-of does not go with --type verify, which goes by each report's own: leave it out");
        }
    }

    /** For the other reports too. */
    public Anchors anchors() {
        return anchors;
    }
}
