package verify;

import base.PlainFile;
import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import output.Dsse;
import output.InToto;
import seal.Finding;
import seal.Finding.Kind;
import seal.Head;
import seal.Masked;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * The signed statement of a final report: whether the key signed it, and whether what it names is what stands here.
 *
 * @param file of the envelope, below the soak's folder; null where there is none
 * @param verified null where no key was given
 * @param findings what does not fit
 */
record SignatureCheck(String file, Boolean verified, List<Finding> findings) {
    /** @param key null for none */
    static SignatureCheck of(SoakDir dir, PublicKey key) throws IOException {
        Path envelope = dir.finalEnvelope();
        String file = envelope.getFileName().toString();
        boolean there = Files.isRegularFile(envelope);
        if (key == null) {
            return new SignatureCheck(there ? file : null, null, List.of());
        }
        if (!there) {
            return new SignatureCheck(
                    null,
                    false,
                    List.of(finding(Kind.MISSING, file, "no report is signed: --type final --sign-key signs one")));
        }
        Optional<JsonNode> statement = Dsse.open(PlainFile.text(envelope, StandardCharsets.ISO_8859_1), key);
        if (statement.isEmpty()) {
            return new SignatureCheck(
                    file,
                    false,
                    List.of(finding(Kind.ALTERED, file, "is not signed by the key that --public-key gives")));
        }
        List<Finding> findings = new ArrayList<>();
        if (!InToto.isOfReport(statement.get())) {
            findings.add(finding(
                    Kind.ALTERED,
                    file,
                    "is signed by the key that --public-key gives, and is no statement of a final report: it says"
                            + " nothing of this soak"));
            return new SignatureCheck(file, false, findings);
        }
        List<String> named = new ArrayList<>();
        for (JsonNode subject : statement.get().path("subject")) {
            String name = subject.path("name").asText();
            String signed = subject.at("/digest/sha256").asText();
            if (name.startsWith(InToto.HEAD)) {
                named.add(InToto.HEAD);
                head(dir, new Head(name.substring(InToto.HEAD.length()), signed))
                        .ifPresent(findings::add);
            } else if (reports(dir).contains(name)) {
                named.add(name);
                Path report = dir.root().resolve(name);
                compare(name, Files.isRegularFile(report) ? Sha256.of(report) : "none", signed, null)
                        .ifPresent(findings::add);
            }
        }
        for (String report : reports(dir)) {
            if (!named.contains(report)) {
                findings.add(finding(Kind.ALTERED, file, "does not name " + report + ", so that report is not signed"));
            }
        }
        Instant asOf = InToto.asOf(statement.get());
        if (!named.contains(InToto.HEAD) && Head.newest(dir.rounds(), asOf).isPresent()) {
            findings.add(finding(Kind.ALTERED, file, "names no head: nothing ties what was signed to these rounds"));
        }
        boolean fits = findings.stream().noneMatch(found -> found.kind().isAlteration());
        return new SignatureCheck(file, fits, findings);
    }

    /** What each statement names. */
    private static List<String> reports(SoakDir dir) {
        return Stream.of(dir.finalJson(), dir.finalText())
                .map(report -> report.getFileName().toString())
                .toList();
    }

    /** A head is that of the soak's own folder, in an archive too, where the round's summary may be masked. */
    private static Optional<Finding> head(SoakDir dir, Head signed) throws IOException {
        String path = SoakDir.roundName(signed.roundId()) + "/" + RoundFiles.SUMMARY;
        String found = Head.named(dir, signed.roundId()).map(Head::sha256).orElse("none");
        Optional<Finding> other = compare(path, found, signed.sha256(), signed.roundId());
        return other.filter(finding -> Masked.of(dir).hides(path, finding.kind()))
                .map(masked -> new Finding(
                        Kind.UNCHECKED,
                        path,
                        "does not have the head that was signed (sha256 " + signed.sha256() + "): secrets in it are"
                                + " masked, or it was edited; check the summary in the soak's own folder",
                        signed.roundId()))
                .or(() -> other);
    }

    /** @return empty where it is what was signed */
    private static Optional<Finding> compare(String path, String found, String signed, String round) {
        return found.equals(signed)
                ? Optional.empty()
                : Optional.of(new Finding(
                        found.equals("none") ? Kind.MISSING : Kind.ALTERED,
                        path,
                        "is not what was signed (sha256 " + signed + ")",
                        round));
    }

    private static Finding finding(Kind kind, String path, String what) {
        return new Finding(kind, path, what, null);
    }
}
