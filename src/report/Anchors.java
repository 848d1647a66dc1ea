package report;

import base.Failure;
import base.Pem;
import base.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import output.ReportType;
import picocli.CommandLine.Option;
import seal.Heads;
import soak.SoakDir;
import witness.TimeStamps;

/**
 * What anchors rounds: heads that were known outside of the soak's folder. Without them a folder vouches for itself
 * (contract, section 8).
 */
public final class Anchors {
    private static final ReportType[] COUNT_ROUNDS = {
        ReportType.CHECKPOINT, ReportType.FINAL, ReportType.STATUS, ReportType.VERIFY
    };

    @Option(
            names = "--heads",
            paramLabel = "FILE",
            description = "checkpoint, final, status, verify: a file of heads of rounds, kept elsewhere: lines"
                    + " 'ROUND_ID SHA256', or any text with such pairs, or with lines of rounds: a mailbox, a log.")
    Path heads;

    @Option(
            names = "--tsa-ca",
            paramLabel = "FILE",
            description = "checkpoint, final, status, verify: the CA, in PEM, of an authority whose time stamps in"
                    + " seals/ are to be trusted.")
    Path tsaCa;

    /** @throws Failure exit 64 if one is given to what counts no rounds */
    public void check(ReportType type) {
        ReportType.requireFor("--heads", heads != null, type, COUNT_ROUNDS);
        ReportType.requireFor("--tsa-ca", tsaCa != null, type, COUNT_ROUNDS);
    }

    /** The options and their values, as another process takes them. */
    private List<String> given() {
        List<String> given = new ArrayList<>();
        if (heads != null) {
            given.addAll(List.of("--heads", heads.toAbsolutePath().toString()));
        }
        if (tsaCa != null) {
            given.addAll(List.of("--tsa-ca", tsaCa.toAbsolutePath().toString()));
        }
        return given;
    }

    /** The heads for a report: those that were given. A verification looks at the time stamps in any case. */
    public Heads forReport(SoakDir dir) {
        if (given().isEmpty()) {
            return Heads.NONE;
        }
        try {
            return read().in(dir);
        } catch (IOException e) {
            throw Failure.failed(
                    dir.seals() + " cannot be read (" + Why.of(e, dir.seals()) + "): let this user read it", e);
        }
    }

    /** @throws Failure exit 64 if a file holds none */
    public Read read() {
        return new Read(
                heads == null ? Heads.NONE : Heads.read(heads),
                tsaCa == null ? List.of() : Pem.certificates("--tsa-ca", tsaCa),
                given());
    }

    /**
     * The files that were given, before a soak is looked at.
     *
     * @param options by which they were given; none where nothing was
     */
    public record Read(Heads heads, List<X509Certificate> authorities, List<String> options) {
        /** With the time stamps of a soak. */
        public Heads in(SoakDir dir) throws IOException {
            return heads.with(TimeStamps.of(dir, authorities)).givenBy(options);
        }
    }
}
