package verify;

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
import soak.PlainFile;
import soak.Sha256;
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
                String round = name.substring(InToto.HEAD.length());
                String found = Head.named(dir, round).map(Head::sha256).orElse("none");
                compare(findings, "rounds/" + round + "/round-summary.json", found, signed, round);
            } else if (reports(dir).contains(name)) {
                named.add(name);
                Path report = dir.root().resolve(name);
                compare(findings, name, Files.isRegularFile(report) ? Sha256.of(report) : "none", signed, null);
            }
        }
        for (String report : reports(dir)) {
            if (!named.contains(report)) {
                findings.add(finding(Kind.ALTERED, file, "does not name " + report + ": nobody signed it"));
            }
        }
        Instant asOf = InToto.asOf(statement.get());
        if (!named.contains(InToto.HEAD) && Head.newest(dir.rounds(), asOf).isPresent()) {
            findings.add(finding(Kind.ALTERED, file, "names no head: nothing ties what was signed to these rounds"));
        }
        return new SignatureCheck(file, findings.isEmpty(), findings);
    }

    /** What each statement names. */
    private static List<String> reports(SoakDir dir) {
        return Stream.of(dir.finalJson(), dir.finalText())
                .map(report -> report.getFileName().toString())
                .toList();
    }

    private static void compare(List<Finding> findings, String path, String found, String signed, String round) {
        if (!found.equals(signed)) {
            findings.add(new Finding(
                    found.equals("none") ? Kind.MISSING : Kind.ALTERED,
                    path,
                    "is not what was signed (sha256 " + signed + ")",
                    round));
        }
    }

    private static Finding finding(Kind kind, String path, String what) {
        return new Finding(kind, path, what, null);
    }
}
