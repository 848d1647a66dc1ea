//DEPS org.bouncycastle:bcpkix-jdk18on:1.87
package base;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * Certificates and private keys in PEM files, as OpenSSL writes them. What is wrong with a file is one sentence that
 * names the setting and the file, never what it holds.
 */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final String ED25519 = "Ed25519";
    private static final String PKCS8 = "PRIVATE KEY";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final int MAX_BYTES = 4 << 20;

    private Pem() {}

    /** @throws Failure exit 64 where the file cannot be read, or holds no certificate or a broken one */
    public static List<X509Certificate> certificates(String setting, Path file) {
        List<X509Certificate> all = new ArrayList<>();
        Matcher block = BLOCK.matcher(text(setting, file));
        while (block.find()) {
            if (block.group(1).endsWith("CERTIFICATE") && !block.group(1).startsWith("TRUSTED")) {
                try {
                    all.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der(block.group(2)))));
                } catch (CertificateException | IllegalArgumentException e) {
                    throw broken(
                            setting,
                            file,
                            "its certificate number " + (all.size() + 1) + " cannot be read",
                            "write it again, complete, in PEM");
                }
            }
        }
        if (all.isEmpty()) {
            throw broken(
                    setting,
                    file,
                    "it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)",
                    "one in DER becomes PEM by openssl x509 -inform der");
        }
        return all;
    }

    /**
     * @throws Failure exit 64 where the file cannot be read, or holds no private key, more than one, or one that a
     *     passphrase protects
     */
    public static PrivateKey privateKey(String setting, Path file) {
        List<MatchResult> keys = BLOCK.matcher(text(setting, file))
                .results()
                .filter(block -> block.group(1).endsWith(PKCS8))
                .toList();
        if (keys.size() != 1) {
            throw broken(
                    setting,
                    file,
                    keys.isEmpty()
                            ? "it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)"
                            : "it holds " + keys.size() + " private keys",
                    "give a file with one");
        }
        String kind = keys.get(0).group(1);
        String base64 = keys.get(0).group(2);
        if (kind.startsWith("ENCRYPTED") || base64.contains("ENCRYPTED")) {
            throw broken(
                    setting,
                    file,
                    "its key is protected by a passphrase, which no round can enter",
                    "write it without one (openssl pkey -in FILE -out NEW) and protect it by its mode, 600");
        }
        try {
            return pkcs8(
                    kind.equals(PKCS8)
                            ? der(base64)
                            : Traditional.toPkcs8(keys.get(0).group()));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw broken(
                    setting,
                    file,
                    "its key cannot be used (an RSA, EC or Ed25519 key is wanted)",
                    "convert it to PKCS#8 by openssl pkey");
        }
    }

    /** @throws Failure exit 64, as of {@link #privateKey}, and where the key is none for Ed25519 */
    public static PrivateKey signingKey(String setting, Path file) {
        PrivateKey key = privateKey(setting, file);
        if (!(key instanceof EdECKey ed) || !ed.getParams().getName().equals(ED25519)) {
            throw broken(
                    setting, file, "its key is not one of Ed25519", "openssl genpkey -algorithm ed25519 makes one");
        }
        return key;
    }

    /** @throws Failure exit 64 where the file cannot be read, or holds no public key of Ed25519 */
    public static PublicKey verifyingKey(String setting, Path file) {
        Matcher block = BLOCK.matcher(text(setting, file));
        while (block.find()) {
            if (block.group(1).equals("PUBLIC KEY")) {
                try {
                    return KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(der(block.group(2))));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    break;
                }
            }
        }
        throw broken(
                setting,
                file,
                "it holds no public key of Ed25519 in PEM (-----BEGIN PUBLIC KEY-----)",
                "openssl pkey -in KEY -pubout gives that of a private key");
    }

    /** Whether the private key is that of the certificate. */
    public static boolean fits(PrivateKey key, X509Certificate certificate) {
        PublicKey theirs = certificate.getPublicKey();
        String family = theirs.getAlgorithm().equals("EC")
                ? "SHA256withECDSA"
                : theirs.getAlgorithm().equals("RSA") ? "SHA256withRSA" : theirs.getAlgorithm();
        try {
            byte[] said = "is this the same key".getBytes(StandardCharsets.UTF_8);
            Signature signer = Signature.getInstance(family);
            signer.initSign(key);
            signer.update(said);
            byte[] signature = signer.sign();
            signer.initVerify(theirs);
            signer.update(said);
            return signer.verify(signature);
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }

    /**
     * PKCS#1 and SEC1, which the JDK cannot read. A class of its own, so that the library is loaded for these alone.
     */
    private static final class Traditional {
        private static byte[] toPkcs8(String block) throws IOException {
            try (PEMParser parser = new PEMParser(new StringReader(block))) {
                if (parser.readObject() instanceof PEMKeyPair pair) {
                    return pair.getPrivateKeyInfo().getEncoded();
                }
                throw new IOException("no private key");
            }
        }
    }

    private static PrivateKey pkcs8(byte[] encoded) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException another) {
                // the next one
            }
        }
        throw new InvalidKeySpecException("none of " + ALGORITHMS);
    }

    private static byte[] der(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static String text(String setting, Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw broken(setting, file, "it is not a regular file", "name a file in PEM");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw broken(setting, file, "it is larger than " + (MAX_BYTES >> 20) + " MiB", "name a file in PEM");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw broken(
                    setting,
                    file,
                    "it cannot be read by " + ThisUser.name() + " (" + Why.of(e, file) + ")",
                    "correct the name, or its rights");
        }
    }

    private static Failure broken(String setting, Path file, String what, String remedy) {
        return Failure.usage(setting + " " + file + ": " + what + ": " + remedy);
    }
}
