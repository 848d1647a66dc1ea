package verify;

import archive.ArchivedSoak;
import base.Exit;
import base.Failure;
import base.Pem;
import base.Scratch;
import base.Time;
import base.Why;
import evidence.EvidenceDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import output.Form;
import report.Anchors;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import settings.Config;
import settings.ExistingSoak;
import soak.SoakDir;

/**
 * {@code --type verify}: whether a soak's evidence, in its folder or its archive, is what its rounds sealed, and
 * whether the reports beside it say what it gives. It needs nothing else, asks nobody, and writes nothing there.
 */
public final class Verification {
    private static final String SCRATCH = "verify";
    private final Path source;
    private final VerifyOptions given;
    private final Time time;

    /**
     * @param source a soak folder or an archive; null: as for other reports
     * @param given from elsewhere
     */
    public Verification(Path source, VerifyOptions given, Time time) {
        this.source = source;
        this.given = given;
        this.time = time;
    }

    /**
     * What came from elsewhere.
     *
     * @param key null for none
     */
    private record Trusted(Anchors.Read anchors, PublicKey key) {}

    /** @return exit code: 10 if something sealed is not as it was, or a report says what the evidence does not give */
    public int run(Form form, PrintWriter out, PrintWriter err) throws IOException {
        Trusted trusted = new Trusted(
                given.anchors.read(),
                given.publicKey == null ? null : Pem.verifyingKey("--public-key", given.publicKey));
        if (source == null || !Files.isRegularFile(source)) {
            return verify(ExistingSoak.of(source), null, trusted, form, out, err);
        }
        try (Scratch scratch = Scratch.of(SCRATCH)) {
            ArchivedSoak unpacked =
                    ArchivedSoak.unpack(source, scratch.folder(), ArchivedSoak.Limits.USUAL, Verification::isWanted);
            SoakDir dir = new SoakDir(unpacked.folder());
            return verify(dir, unpacked, trusted, form, out, err);
        }
    }

    /** What an archive holds for this alone: the reports, the build's list, the archive's own word. */
    private static boolean isWanted(List<String> names) {
        String path = String.join("/", names);
        return SoakDir.FINAL_REPORT.contains(path)
                || path.equals(SoakDir.BUILD_SUMS)
                || names.size() == 2 && SoakDir.REPORT_FOLDERS.contains(names.get(0))
                || names.size() == 1 && (path.startsWith(SoakDir.ALERTS_LOG) || path.startsWith(SoakDir.SETUP_RESUMES));
    }

    /** @param archive as it was unpacked; null for a folder */
    private int verify(SoakDir dir, ArchivedSoak archive, Trusted trusted, Form form, PrintWriter out, PrintWriter err)
            throws IOException {
        Config config = EvidenceDatabase.withStart(Config.read(dir));
        SignatureCheck signature;
        Heads all;
        SealReport seals;
        Rejudged rejudged;
        PinnedOpinion pinned;
        String withoutJson;
        try (ProgressLine progress = new ProgressLine(err)) {
            all = trusted.anchors().in(dir);
            signature = SignatureCheck.of(dir, trusted.key());
            seals = SealCheck.of(dir, all, progress::rounds)
                    .with(signature.findings())
                    .with(PinnedOpinion.frozen(dir));
            int interval = config.schedule().intervalSeconds();
            Instant present = archive == null
                    ? dir.present(time.now().truncatedTo(ChronoUnit.MILLIS), interval)
                    : archive.until(Duration.ofSeconds(interval));
            Heads ofReport = trusted.anchors().options().isEmpty() ? Heads.NONE : all;
            rejudged = Rejudged.of(config, present, ofReport, progress::report);
            pinned = PinnedOpinion.of(config, rejudged, archive != null);
            withoutJson = WithoutJson.note(dir);
        } catch (IOException e) {
            throw Failure.failed(
                    dir.root() + " cannot be read (" + Why.of(e, dir.root()) + "): let this user read it", e);
        }
        Told told = new Told(
                config,
                archive,
                all.areAnchors(),
                !trusted.anchors().authorities().isEmpty(),
                all.stamps(),
                signature,
                seals,
                rejudged,
                withoutJson,
                pinned);
        out.print(
                switch (form) {
                    case TEXT -> told.text();
                    case JSON -> told.json();
                    case JUNIT -> told.junit();
                });
        return told.isGood() ? Exit.OK : Exit.BAD;
    }
}
