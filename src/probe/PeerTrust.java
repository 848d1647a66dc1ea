package probe;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whether the other side's certificate is to be trusted is the JDK's to say; why not, in a sentence that names the key
 * of config.env to mend, is said here. It also keeps what was shown last, for those who ask when that ends.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int SHOWN_NAMES = 5;

    /** A certificate that is not trusted; the message is a sentence for people. */
    static final class Untrusted extends CertificateException {
        Untrusted(String sentence, Throwable cause) {
            super(sentence, cause);
        }
    }

    private final X509ExtendedTrustManager standard;
    private final String source;
    private volatile List<X509Certificate> shown = List.of();

    /**
     * @param authorities what is trusted; empty = the CAs that come with Java
     * @param source where these stand, for messages; "" for Java's own
     */
    PeerTrust(List<X509Certificate> authorities, String source) throws GeneralSecurityException {
        this.source = source;
        KeyStore store = null;
        if (!authorities.isEmpty()) {
            store = KeyStore.getInstance("PKCS12");
            try {
                store.load(null, null);
            } catch (IOException e) {
                throw new IllegalStateException(e); // nothing is read
            }
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca-" + i, authorities.get(i));
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        standard = (X509ExtendedTrustManager) Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    /** The chain of the last server that was trusted, and the CA that it leads to. */
    List<X509Certificate> shown() {
        return shown;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            standard.checkServerTrusted(chain, authType, socket);
            chain[0].checkValidity(); // the JDK does not look where the very certificate is among the trusted ones
        } catch (CertificateException e) {
            throw new Untrusted(
                    why(chain, ((SSLSocket) socket).getHandshakeSession().getPeerHost(), e), e);
        }
        List<X509Certificate> all = new ArrayList<>(List.of(chain));
        X509Certificate last = chain[chain.length - 1];
        if (!last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
            Arrays.stream(standard.getAcceptedIssuers())
                    .filter(ca -> issued(ca, last))
                    .findFirst()
                    .ifPresent(all::add);
        }
        shown = List.copyOf(all);
    }

    private static boolean issued(X509Certificate ca, X509Certificate certificate) {
        if (!ca.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(ca.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private String why(X509Certificate[] chain, String host, CertificateException e) {
        String said = String.valueOf(e.getMessage());
        if (said.contains("subject alternative") || said.contains("No name matching")) {
            return "the certificate of " + host + " does not name " + host + " but " + names(chain[0])
                    + ": use one of these names in CP_URL and CP_METRICS_URL, or give the control plane a certificate"
                    + " that names "
                    + host;
        }
        for (X509Certificate one : chain) {
            String whose = one == chain[0] ? "the certificate of " + host : "a CA certificate that " + host + " shows";
            try {
                one.checkValidity();
            } catch (CertificateExpiredException expired) {
                return whose + " (" + name(one) + ") expired at "
                        + one.getNotAfter().toInstant() + ": the control plane needs a new one";
            } catch (CertificateNotYetValidException early) {
                return whose + " (" + name(one) + ") is not valid before "
                        + one.getNotBefore().toInstant() + ": check the clock of this machine";
            }
        }
        if (said.contains("unable to find valid certification path") || said.contains("does not chain")) {
            return "the certificate of " + host + " (" + name(chain[0]) + ") comes from a CA that is not trusted here, "
                    + chain[chain.length - 1].getIssuerX500Principal().getName() + ": "
                    + (source.isEmpty()
                            ? "name that CA's certificate in CP_TLS_CA"
                            : source + " must hold that CA's certificate");
        }
        return "the certificate of " + host + " (" + name(chain[0]) + ") is not accepted: " + said;
    }

    static String name(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName();
        return name.isEmpty() ? "without a subject" : name;
    }

    private static String names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream()
                        .filter(a -> a.get(0).equals(DNS_NAME) || a.get(0).equals(IP_ADDRESS))
                        .limit(SHOWN_NAMES)
                        .forEach(a -> names.add(a.get(1).toString()));
            }
        } catch (CertificateParsingException unreadable) {
            // then it names nobody
        }
        return names.isEmpty() ? name(certificate) : String.join(", ", names);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return standard.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only sockets are checked here, which know the name that was meant");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }
}
