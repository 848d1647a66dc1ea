package output;

import base.Json;
import base.PlainFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import soak.SoakDir;

/**
 * A statement in an envelope, signed by Ed25519 (DSSE v1.0.2, "Protocol" and "JSON envelope"): what is signed is the
 * length and text of type and payload, so that neither can be taken for the other.
 */
public final class Dsse {
    private static final String TYPE = "application/vnd.in-toto+json";
    private static final String ALGORITHM = "Ed25519";

    private Dsse() {}

    /**
     * @param statement an in-toto statement
     * @param key of Ed25519
     * @return the envelope as JSON; the same key and statement give the same bytes
     */
    public static String sign(String statement, PrivateKey key) {
        byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
        try {
            Signature signer = Signature.getInstance(ALGORITHM);
            signer.initSign(key);
            signer.update(preAuthenticated(payload));
            Map<String, Object> envelope = new TreeMap<>();
            envelope.put("payload", Base64.getEncoder().encodeToString(payload));
            envelope.put("payloadType", TYPE);
            envelope.put("signatures", List.of(Map.of("sig", Base64.getEncoder().encodeToString(signer.sign()))));
            return Json.write(envelope);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK from 15 on has it, and Pem gave the key
        }
    }

    /** A sentence where the envelope in the folder does not hold the statement beside it; else empty. */
    public static Optional<String> staleIn(SoakDir dir) throws IOException {
        if (!Files.isRegularFile(dir.finalEnvelope()) || !Files.isRegularFile(dir.finalStatement())) {
            return Optional.empty();
        }
        boolean same;
        try {
            byte[] payload = bytes(Json.parse(PlainFile.text(dir.finalEnvelope(), StandardCharsets.ISO_8859_1))
                    .path("payload"));
            same = Arrays.equals(payload, Files.readAllBytes(dir.finalStatement()));
        } catch (JsonProcessingException | IllegalArgumentException broken) {
            same = false;
        }
        return same
                ? Optional.empty()
                : Optional.of("report: warning: " + dir.finalEnvelope().getFileName()
                        + " signs an earlier report: sign this one with --type final --sign-key");
    }

    /**
     * @return the statement inside, if one of the envelope's signatures is that of the key, a missing-node where what
     *     it signed is no JSON; else empty
     */
    public static Optional<JsonNode> open(String envelope, PublicKey key) {
        JsonNode json;
        byte[] payload;
        try {
            json = Json.parse(envelope);
            payload = bytes(json.path("payload"));
        } catch (JsonProcessingException | IllegalArgumentException broken) {
            return Optional.empty();
        }
        if (!json.path("payloadType").asText().equals(TYPE)) {
            return Optional.empty();
        }
        for (JsonNode signature : json.path("signatures")) {
            if (isBy(key, payload, signature)) {
                try {
                    return Optional.of(Json.parse(new String(payload, StandardCharsets.UTF_8)));
                } catch (JsonProcessingException another) {
                    return Optional.of(Json.MAPPER.missingNode());
                }
            }
        }
        return Optional.empty();
    }

    /** Others may have signed too, by algorithms that are not ours. */
    private static boolean isBy(PublicKey key, byte[] payload, JsonNode signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(preAuthenticated(payload));
            return verifier.verify(bytes(signature.path("sig")));
        } catch (GeneralSecurityException | IllegalArgumentException another) {
            return false;
        }
    }

    /** The specification allows both alphabets of base64. */
    private static byte[] bytes(JsonNode base64) {
        return Base64.getMimeDecoder().decode(base64.asText().replace('-', '+').replace('_', '/'));
    }

    private static byte[] preAuthenticated(byte[] payload) {
        byte[] head =
                ("DSSEv1 " + TYPE.length() + " " + TYPE + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }
}
