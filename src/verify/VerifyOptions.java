package verify;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import soak.Failure;

/** What a verification is given from elsewhere: without any of it, the folder vouches for itself. */
public final class VerifyOptions {
    @Option(
            names = "--heads",
            paramLabel = "FILE",
            description = "verify: heads of rounds that were known elsewhere: lines 'ROUND_ID SHA256', or any text that"
                    + " holds such pairs or lines of rounds: a mailbox, a log.")
    Path heads;

    @Option(
            names = "--tsa-ca",
            paramLabel = "FILE",
            description = "verify: the CA, in PEM, of an authority whose time stamps in seals/ are to be trusted.")
    Path tsaCa;

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "verify: the key, in PEM, that must have signed the final report's statement.")
    Path publicKey;

    /** @throws Failure exit 64 where one is given */
    public void refuseAsOf(String asOf) {
        if (asOf != null) {
            throw Failure.usage(
                    "--as-of does not go with --type verify, which goes by each report's own: leave it out");
        }
    }

    /** The options that were given. */
    public List<String> given() {
        return Stream.of(
                        heads == null ? "" : "--heads",
                        tsaCa == null ? "" : "--tsa-ca",
                        publicKey == null ? "" : "--public-key")
                .filter(option -> !option.isEmpty())
                .toList();
    }
}
