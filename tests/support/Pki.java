import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate authority of a test, and what it issues, as PEM files in a folder. */
final class Pki {
    private static final Duration YEAR = Duration.ofDays(365);

    /** A certificate and its key, and the files that hold them. */
    record Identity(X509Certificate certificate, PrivateKey key, Path cert, Path keyFile) {}

    private final Path folder;
    private final KeyPair own;
    final X509Certificate authority;
    final Path ca;
    private long serial = 1;

    Pki(Path folder, String name) {
        this(folder, name, Instant.now().plus(YEAR));
    }

    Pki(Path folder, String name, Instant end) {
        this.folder = folder;
        own = keys("EC");
        authority = certificate(
                "CN=" + name, own, "CN=" + name, own.getPrivate(), Instant.now().minus(YEAR), end, true);
        ca = write(name + ".pem", pem(authority));
    }

    /** For this name or address, valid for a year, with an EC key in PKCS#8. */
    Identity issue(String name, String... names) {
        return issue(name, "EC", Instant.now().minus(YEAR), Instant.now().plus(YEAR), names);
    }

    /** @param algorithm EC or RSA */
    Identity issue(String name, String algorithm, Instant from, Instant to, String... names) {
        KeyPair pair = keys(algorithm);
        X509Certificate certificate = certificate(
                "CN=" + name,
                pair,
                authority.getSubjectX500Principal().getName(),
                own.getPrivate(),
                from,
                to,
                false,
                names);
        return new Identity(
                certificate,
                pair.getPrivate(),
                write(name + ".pem", pem(certificate)),
                write(
                        name + ".key",
                        pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()))));
    }

    /** The key as OpenSSL wrote it before PKCS#8: PKCS#1 for RSA, SEC1 for EC. */
    Path traditional(Identity identity, String name) {
        try {
            return write(
                    name,
                    identity.key() instanceof ECPrivateKey ec // with its curve, as OpenSSL writes it
                            ? pem(new PemObject(
                                    "EC PRIVATE KEY",
                                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                                                    256, ec.getS(), null, SECObjectIdentifiers.secp256r1)
                                            .getEncoded()))
                            : pem(identity.key()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path write(String name, String text) {
        try {
            Path file = Files.writeString(folder.resolve(name), text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static KeyPair keys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate certificate(
            String subject,
            KeyPair pair,
            String issuer,
            PrivateKey signer,
            Instant from,
            Instant to,
            boolean ca,
            String... names) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal(issuer),
                    BigInteger.valueOf(serial++),
                    Date.from(from),
                    Date.from(to),
                    new X500Principal(subject),
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (names.length > 0) {
                GeneralName[] all = new GeneralName[names.length];
                for (int i = 0; i < names.length; i++) {
                    all[i] = new GeneralName(
                            names[i].matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, names[i]);
                }
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
            }
            X509CertificateHolder holder = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer));
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (IOException | GeneralSecurityException | OperatorException e) {
            throw new IllegalStateException(e);
        }
    }
}
