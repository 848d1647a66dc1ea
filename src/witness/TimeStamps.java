package witness;

import base.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Selector;
import seal.Head;
import seal.Stamp;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * The time stamps of a soak, {@code seals/DATE.tsr}: each says that a hash existed at a moment, and is signed by an
 * authority (RFC 3161). Reads files alone and asks nobody; whether a certificate was revoked is not looked up.
 */
public final class TimeStamps {
    private static final int MAX_BYTES = 1 << 20;

    /** Java's own providers lack curves and paddings by which authorities sign: Brainpool, PSS. */
    private static final class Algorithms {
        static final Provider ALL = new BouncyCastleProvider(); // takes its time, and most soaks have no stamp
    }

    private TimeStamps() {}

    /** @param authorities the certificates that --tsa-ca gives; empty for none */
    public static List<Stamp> of(SoakDir dir, List<X509Certificate> authorities) throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : RoundFiles.children(dir.seals())) {
            if (file.getFileName().toString().endsWith(Head.STAMP)) {
                stamps.add(read(dir.name(file), file, authorities));
            }
        }
        return stamps;
    }

    private static Stamp read(String name, Path file, List<X509Certificate> authorities) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_BYTES
                    ? of(name, Files.readAllBytes(file), authorities)
                    : none(name, "is no file of a time stamp");
        } catch (IOException e) {
            return none(name, "is no time stamp that can be read (" + Why.of(e, file) + ")");
        }
    }

    /**
     * What an answer comes to. A round asks before it keeps one, so that it keeps none that a report calls altered.
     *
     * @param answer the whole of it (TimeStampResp in DER)
     */
    static Stamp of(String name, byte[] answer, List<X509Certificate> authorities) {
        TimeStampToken token;
        try {
            token = new TimeStampResponse(answer).getTimeStampToken();
        } catch (IOException | TSPException | RuntimeException e) {
            return none(name, "is no time stamp that can be read (" + Why.of(e, null) + ")");
        }
        if (token == null
                || !token.getTimeStampInfo().getMessageImprintAlgOID().equals(NISTObjectIdentifiers.id_sha256)) {
            return none(name, token == null ? "is an answer without a time stamp" : "stamps no SHA-256");
        }
        String sha256 = HexFormat.of().formatHex(token.getTimeStampInfo().getMessageImprintDigest());
        Instant at = token.getTimeStampInfo().getGenTime().toInstant();
        try {
            Collection<X509CertificateHolder> signers = all(token, token.getSID());
            if (signers.isEmpty()) {
                throw new GeneralSecurityException("it lacks the certificate of its signer");
            }
            X509CertificateHolder signer = signers.iterator().next();
            token.validate(new JcaSimpleSignerInfoVerifierBuilder()
                    .setProvider(Algorithms.ALL)
                    .build(signer));
            return new Stamp(
                    name,
                    sha256,
                    at,
                    signer.getSubject().toString(),
                    null,
                    !authorities.isEmpty() && vouchedFor(token, signer, authorities));
        } catch (GeneralSecurityException
                | TSPException
                | OperatorCreationException
                | IOException
                | RuntimeException e) {
            return new Stamp(
                    name, sha256, at, null, "has a signature that does not hold (" + Why.of(e, null) + ")", false);
        }
    }

    private static Stamp none(String name, String problem) {
        return new Stamp(name, null, null, null, problem, false);
    }

    /** Whether a chain of certificates led from the signer to one of the CAs when the stamp was made. */
    private static boolean vouchedFor(
            TimeStampToken token, X509CertificateHolder signer, List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        List<X509Certificate> known = new ArrayList<>();
        for (X509CertificateHolder holder : all(token, null)) {
            known.add(certificate(holder.getEncoded()));
        }
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(certificate(signer.getEncoded()));
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate ca : authorities) {
            anchors.add(new TrustAnchor(certificate(ca.getEncoded()), null));
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(known), Algorithms.ALL));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(token.getTimeStampInfo().getGenTime().toInstant()));
        try {
            return CertPathBuilder.getInstance("PKIX", Algorithms.ALL)
                    .build(parameters)
                    .getCertPath()
                    .getCertificates()
                    .stream()
                    .noneMatch(TimeStamps::isByBrokenHash);
        } catch (CertPathBuilderException noChain) {
            return authorities.contains(certificate(signer.getEncoded()));
        }
    }

    /** Whoever finds a collision of MD2 or MD5 has a certificate that its authority never signed. */
    private static boolean isByBrokenHash(Certificate certificate) {
        return ((X509Certificate) certificate).getSigAlgName().startsWith("MD");
    }

    /** @param selector null for all */
    @SuppressWarnings("unchecked") // the store holds nothing else
    private static Collection<X509CertificateHolder> all(TimeStampToken token, Selector<?> selector) {
        return token.getCertificates().getMatches((Selector<X509CertificateHolder>) selector);
    }

    private static X509Certificate certificate(byte[] encoded) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509", Algorithms.ALL)
                .generateCertificate(new ByteArrayInputStream(encoded));
    }
}
