import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Pem;
import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import output.Dsse;
import soak.RoundFiles;

/** final-report.intoto.dsse.json, signed and checked here and by openssl alone. */
@Tag("slow")
class SignatureTest extends AttachedSoak {
    private static final String NOW = "2026-10-01T03:00:00Z";
    private static final String ENVELOPE = "final-report.intoto.dsse.json";

    private List<RoundRig.Round> rounds;
    private Path key;
    private Path publicKey;

    @BeforeEach
    void start() throws IOException {
        rounds = rig.rounds(2);
        key = scratch.resolve("key.pem");
        publicKey = scratch.resolve("key.pub");
        pair(key, publicKey, "ed25519");
    }

    private static void pair(Path key, Path publicKey, String algorithm) {
        OpensslTsa.openssl("genpkey", "-algorithm", algorithm, "-out", key.toString());
        OpensslTsa.openssl("pkey", "-in", key.toString(), "-pubout", "-out", publicKey.toString());
    }

    private Path file(String name) {
        return rig.dir.root().resolve(name);
    }

    private Reports.Ran report(String... words) {
        return Reports.run(NOW, rig.dir.root(), words);
    }

    private Reports.Ran verify(Path what, Path with) {
        return Reports.run(NOW, what, "--type", "verify", "--public-key", with.toString());
    }

    private JsonNode sign(String... more) throws IOException {
        report(Fork.words(List.of("--type", "final", "--sign-key", key.toString()), more));
        return Json.parse(Files.readString(file(ENVELOPE)));
    }

    /** As the specification of DSSE has it, byte by byte. */
    private static byte[] signedBytes(JsonNode envelope) throws IOException {
        byte[] payload = envelope.get("payload").binaryValue();
        byte[] head =
                ("DSSEv1 28 application/vnd.in-toto+json " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    @Test
    void openssl_alone_verifies_what_was_signed_and_the_statement_names_reports_and_head() throws Exception {
        JsonNode envelope = sign();
        assertEquals("application/vnd.in-toto+json", envelope.get("payloadType").asText());
        assertArrayEquals(
                Files.readAllBytes(file("final-report.intoto.json")),
                envelope.get("payload").binaryValue());
        String said = byHand();
        assertTrue(said.contains("Signature Verified Successfully"), said);

        JsonNode statement = Json.parse(new String(envelope.get("payload").binaryValue(), StandardCharsets.UTF_8));
        Path last = rounds.get(1).folder();
        assertEquals(Sha256.of(last.resolve("round-summary.json")), digest(statement, "head " + RoundFiles.id(last)));
        assertEquals(Sha256.of(file("final-report.json")), digest(statement, "final-report.json"));
        Reports.Ran ran = verify(rig.dir.root(), publicKey);
        assertEquals(0, ran.exit(), ran.out());
        assertTrue(ran.out().contains("signature: " + ENVELOPE + ": by the key that --public-key gives\n"), ran.out());
    }

    /** As the page on evidence has it. */
    private String byHand() throws IOException {
        String page = Files.readString(Path.of(System.getenv("SOAK_SOURCE_DIR"), "docs/evidence.md"));
        int block = page.indexOf("```bash\nenvelope=");
        String script = page.substring(block + 8, page.indexOf("```", block + 8))
                .replace("SOAK_DIR", rig.dir.root().toString());
        Assumptions.assumeTrue(Fork.run("sh", "-c", "command -v jq").exit() == 0, "no jq here");
        Fork.Result ran = Fork.run("bash", "-c", "cd '" + scratch + "' && " + script);
        return ran.out() + ran.err();
    }

    private static String digest(JsonNode statement, String name) {
        for (JsonNode subject : statement.get("subject")) {
            if (subject.get("name").asText().equals(name)) {
                return subject.at("/digest/sha256").asText();
            }
        }
        throw new AssertionError("no subject " + name + " in " + statement);
    }

    @Test
    void a_statement_that_openssl_signed_is_verified() throws Exception {
        sign();
        byte[] payload = Files.readAllBytes(file("final-report.intoto.json"));
        ObjectNode envelope = Json.MAPPER.createObjectNode();
        envelope.put("payloadType", "application/vnd.in-toto+json");
        envelope.put("payload", Base64.getEncoder().encodeToString(payload));
        Path signed = Files.write(scratch.resolve("signed"), signedBytes(envelope));
        Path signature = scratch.resolve("signature");
        OpensslTsa.openssl(
                "pkeyutl",
                "-sign",
                "-inkey",
                key.toString(),
                "-rawin",
                "-in",
                signed.toString(),
                "-out",
                signature.toString());
        envelope.putArray("signatures").addObject().put("keyid", "somebody").put("sig", Files.readAllBytes(signature));
        Files.writeString(file(ENVELOPE), Json.write(envelope));
        Reports.Ran ran = verify(rig.dir.root(), publicKey);
        assertEquals(0, ran.exit(), ran.out());
    }

    @Test
    void another_key_an_edited_payload_and_a_missing_envelope_are_told() throws Exception {
        ObjectNode envelope = (ObjectNode) sign();
        Path otherKey = scratch.resolve("other.pub");
        pair(scratch.resolve("other.pem"), otherKey, "ed25519");
        Reports.Ran other = verify(rig.dir.root(), otherKey);
        assertEquals(10, other.exit());
        assertTrue(
                other.out().startsWith("altered: " + ENVELOPE + ": is not signed by the key that --public-key gives"),
                other.out());

        byte[] payload = envelope.get("payload").binaryValue();
        envelope.put(
                "payload",
                Base64.getEncoder()
                        .encodeToString(new String(payload, StandardCharsets.UTF_8)
                                .replace("FAILED", "PASSED")
                                .getBytes(StandardCharsets.UTF_8)));
        PublicKey ours = Pem.verifyingKey("--public-key", publicKey);
        assertEquals(Optional.empty(), Dsse.open(Json.write(envelope), ours));
        assertEquals(Optional.empty(), Dsse.open("{\"payload\": 1", ours));
        envelope.put("payload", payload);
        assertTrue(Dsse.open(Json.write(envelope), ours).isPresent());
        assertEquals(Optional.empty(), Dsse.open(Json.write(envelope.put("payloadType", "text/plain")), ours));
        Reports.Ran nobodyAsked = report("--type", "verify");
        assertEquals(0, nobodyAsked.exit());
        assertTrue(nobodyAsked.out().contains("not checked: who signed " + ENVELOPE), nobodyAsked.out());
        Files.delete(file(ENVELOPE));
        assertTrue(
                verify(rig.dir.root(), publicKey).out().startsWith("missing: " + ENVELOPE + ": no report is signed"));
    }

    @Test
    void a_statement_of_another_kind_or_about_other_files_vouches_for_nothing() throws Exception {
        sign();
        PrivateKey signer = Pem.signingKey("--sign-key", key);
        ObjectNode ours = (ObjectNode) Json.parse(Files.readString(file("final-report.intoto.json")));
        ObjectNode other = ours.deepCopy().put("predicateType", "https://slsa.dev/provenance/v1");
        Files.writeString(file(ENVELOPE), Dsse.sign(Json.write(other), signer));
        Reports.Ran ran = verify(rig.dir.root(), publicKey);
        assertEquals(10, ran.exit());
        assertTrue(ran.out().startsWith("altered: " + ENVELOPE + ": is signed by the key that "), ran.out());
        assertFalse(ran.out().contains("\nsignature: "), ran.out());

        for (String name : List.of("final-report.json", "final-report.txt", "head ")) {
            other = ours.deepCopy();
            ArrayNode subjects = other.putArray("subject");
            ours.get("subject").forEach(subject -> {
                if (!subject.get("name").asText().startsWith(name)) {
                    subjects.add(subject);
                }
            });
            Files.writeString(file(ENVELOPE), Dsse.sign(Json.write(other), signer));
            ran = verify(rig.dir.root(), publicKey);
            assertEquals(10, ran.exit(), name);
            assertTrue(
                    ran.out()
                            .startsWith("altered: " + ENVELOPE + ": "
                                    + (name.equals("head ") ? "names no head: " : "does not name " + name + ", ")),
                    ran.out());
        }
    }

    @Test
    void a_report_that_was_made_anew_is_not_the_signed_one() throws Exception {
        sign();
        rig.round();
        Reports.run("2026-10-01T04:00:00Z", rig.dir.root(), "--type", "final");
        Reports.Ran ran = verify(rig.dir.root(), publicKey);
        assertEquals(10, ran.exit());
        assertTrue(ran.out().contains("altered: final-report.json: is not what was signed (sha256 "), ran.out());
        assertTrue(
                ran.out()
                        .endsWith(
                                "ALTERED since it was signed: 2 files and folders changed, missing or added, the first"
                                        + " final-report.json.\n"),
                ran.out());
        String stale = "report: warning: " + ENVELOPE + " signs an earlier report: sign this one with --type final";
        assertTrue(Reports.run("2026-10-01T04:00:00Z", rig.dir.root(), "--type", "final")
                .err()
                .contains(stale));
        Reports.Ran packed = Reports.run("2026-10-01T04:00:00Z", rig.dir.root(), "--type", "archive");
        assertTrue(packed.err().contains(stale), packed.err());
        assertTrue(packed.out().contains(ENVELOPE + ": it signs the report on disk"), packed.out());
    }

    @Test
    void an_archive_holds_the_signature_and_is_verified_by_it() throws Exception {
        JsonNode envelope = sign("--archive");
        Path archive = scratch.resolve("soak-val12-2026-10-01.tar.gz");
        JsonNode statement = Json.parse(new String(envelope.get("payload").binaryValue(), StandardCharsets.UTF_8));
        assertEquals(Sha256.of(archive), digest(statement, archive.getFileName().toString()));
        Reports.Ran ran = verify(archive, publicKey);
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("signature: " + ENVELOPE), ran.out());
    }

    @Test
    void a_signature_counts_beside_those_of_others_and_in_both_alphabets_of_base64() throws Exception {
        ObjectNode envelope = (ObjectNode) sign();
        PublicKey ours = Pem.verifyingKey("--public-key", publicKey);
        byte[] payload = envelope.get("payload").binaryValue();
        byte[] signature = envelope.at("/signatures/0/sig").binaryValue();
        for (String other : List.of("{\"keyid\": \"x\"}", "{\"sig\": \"!\"}", "{\"sig\": 5}", "{\"sig\": \"MEUC\"}")) {
            ArrayNode signatures = envelope.putArray("signatures");
            signatures.add(Json.parse(other)).addObject().put("sig", signature);
            assertTrue(Dsse.open(Json.write(envelope), ours).isPresent(), other);
            signatures.remove(1);
            assertEquals(Optional.empty(), Dsse.open(Json.write(envelope), ours), other);
        }
        Base64.Encoder forUrls = Base64.getUrlEncoder();
        envelope.put("payload", forUrls.encodeToString(payload));
        envelope.putArray("signatures").addObject().put("sig", forUrls.encodeToString(signature));
        assertTrue(Dsse.open(Json.write(envelope), ours).isPresent());

        Files.writeString(file(ENVELOPE), Dsse.sign("no JSON", Pem.signingKey("--sign-key", key)));
        Reports.Ran ran = verify(rig.dir.root(), publicKey);
        assertEquals(10, ran.exit());
        assertTrue(
                ran.out()
                        .startsWith("altered: " + ENVELOPE + ": is signed by the key that --public-key gives, and is no"
                                + " statement of a final report"),
                ran.out());
    }

    /** What the key signed is the head of the soak's own folder. */
    @Test
    void a_signed_archive_in_which_the_newest_summary_is_masked_is_as_it_was_signed() throws Exception {
        Path summary = rounds.get(1).folder().resolve("round-summary.json");
        ObjectNode said = (ObjectNode) Json.parse(Files.readString(summary));
        said.withArray("warnings").add("HTTP 500: Bearer abcdefghijklmnop0123456789");
        Files.writeString(summary, Json.write(said));
        sign("--archive");
        Reports.Ran ran = verify(scratch.resolve("soak-val12-2026-10-01.tar.gz"), publicKey);
        String path = "rounds/" + RoundFiles.id(rounds.get(1).folder()) + "/round-summary.json";
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(
                ran.out()
                        .startsWith("unchecked: " + path + ": does not have the head that was signed (sha256 "
                                + Sha256.of(summary) + "): secrets in it are masked, or it was edited"),
                ran.out());
        assertTrue(ran.out().contains("signature: " + ENVELOPE + ": by the key that --public-key gives"), ran.out());
        Files.writeString(summary, Json.write(said.put("stuck_count", 1)));
        ran = verify(rig.dir.root(), publicKey);
        assertTrue(ran.out().startsWith("altered: " + path + ": is not what was signed (sha256 "), ran.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x25519", "RSA"})
    void a_key_that_does_not_sign_is_refused_before_anything_is_written(String algorithm) throws Exception {
        Path wrong = scratch.resolve("wrong.pem");
        Path wrongPublic = scratch.resolve("wrong.pub");
        pair(wrong, wrongPublic, algorithm);
        Map<String, String> before = Reports.contents(rig.dir.root());
        for (Path file : List.of(wrong, publicKey, Files.writeString(scratch.resolve("none"), "no key"))) {
            Reports.Ran ran = report("--type", "final", "--sign-key", file.toString());
            assertEquals(64, ran.exit(), ran.err());
            assertEquals(1, ran.err().lines().count(), ran.err());
        }
        for (Path file : List.of(wrongPublic, key)) {
            Reports.Ran ran = verify(rig.dir.root(), file);
            assertEquals(64, ran.exit(), ran.err());
            assertTrue(ran.err().contains("it holds no public key of Ed25519"), ran.err());
        }
        assertEquals(before, Reports.contents(rig.dir.root()));
        assertFalse(Files.exists(file(ENVELOPE)));
    }
}
