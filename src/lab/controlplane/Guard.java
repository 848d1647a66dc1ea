package lab.controlplane;

import base.Failure;
import base.NativeCrypto;
import base.Pem;
import base.Why;
import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who may speak to a server, and how.
 *
 * @param tls null = plain HTTP
 * @param clientCertificates whether a client must show a certificate
 * @param metricsToo whether the metrics listener speaks TLS as well
 * @param token what each request must bear as {@code Authorization: Bearer}; null = none
 */
public record Guard(SSLContext tls, boolean clientCertificates, boolean metricsToo, String token) {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final char[] NO_PASSWORD = {};
    private static final int UNAUTHORIZED = 401;

    /** Open to everybody. */
    public static final Guard NONE = new Guard(null, false, false, null);

    /** @throws Failure exit 64 for files that cannot be used or do not belong together */
    public static Guard of(Path certFile, Path keyFile, Path caFile, boolean metricsToo, Path tokenFile) {
        if ((certFile == null) != (keyFile == null) || certFile == null && (caFile != null || metricsToo)) {
            throw Failure.usage("TLS needs both --tls-cert-file and --tls-key-file");
        }
        SSLContext tls = certFile == null
                ? null
                : context("--tls-ca-file", caFile, "--tls-cert-file", certFile, "--tls-key-file", keyFile);
        return new Guard(tls, caFile != null, metricsToo, tokenFile == null ? null : token(tokenFile));
    }

    private static String token(Path file) {
        try {
            String token = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (token.isEmpty()) {
                throw Failure.usage("--token-file " + file + " is empty: write a token into it");
            }
            return token;
        } catch (IOException e) {
            String why = e instanceof CharacterCodingException ? "a token is ASCII text" : Why.of(e, file);
            throw Failure.usage(
                    "--token-file " + file + " cannot be read (" + why + "): name a file that this user may read");
        }
    }

    /**
     * What one side shows and trusts; each file may be null, and then is left to Java's own standard. The names are
     * those of the options.
     */
    static SSLContext context(
            String caOption, Path caFile, String certOption, Path certFile, String keyOption, Path keyFile) {
        NativeCrypto.install();
        try {
            KeyManager[] identity = null;
            if ((certFile == null) != (keyFile == null)) {
                throw Failure.usage(certOption + " and " + keyOption + " belong together: give both, or neither");
            }
            if (certFile != null) {
                List<X509Certificate> chain = Pem.certificates(certOption, certFile);
                PrivateKey key = Pem.privateKey(keyOption, keyFile);
                if (!Pem.fits(key, chain.get(0))) {
                    throw Failure.usage(keyOption + " " + keyFile + " is not the key of the first certificate in "
                            + certOption + " " + certFile + ": give the two that belong together");
                }
                KeyStore keys = store();
                keys.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
                KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
                factory.init(keys, NO_PASSWORD);
                identity = factory.getKeyManagers();
            }
            TrustManager[] trust = null;
            if (caFile != null) {
                KeyStore authorities = store();
                for (X509Certificate ca : Pem.certificates(caOption, caFile)) {
                    authorities.setCertificateEntry("ca-" + authorities.size(), ca);
                }
                TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
                factory.init(authorities);
                trust = factory.getTrustManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity, trust, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw Failure.failed("this Java cannot speak TLS (" + e.getMessage() + "): use a complete JDK", e);
        }
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** The same server for a client that shows nothing, for the time in which it runs itself in. */
    Guard open() {
        return new Guard(tls, false, false, null);
    }

    HttpsConfigurator configurator() {
        return new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setProtocols(PROTOCOLS);
                wanted.setNeedClientAuth(clientCertificates);
                parameters.setSSLParameters(wanted);
            }
        };
    }

    /** Lets those pass who bear the token, where there is one. */
    Authenticator authenticator() {
        byte[] wanted = ("Bearer " + token).getBytes(StandardCharsets.US_ASCII);
        return new Authenticator() {
            @Override
            public Result authenticate(HttpExchange exchange) {
                String shown = exchange.getRequestHeaders().getFirst("Authorization");
                boolean right = shown != null
                        && MessageDigest.isEqual(wanted, shown.strip().getBytes(StandardCharsets.US_ASCII));
                return right ? new Success(new HttpPrincipal("client", "soak")) : new Failure(UNAUTHORIZED);
            }
        };
    }
}
