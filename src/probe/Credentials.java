package probe;

import base.Failure;
import base.HeadersFile;
import base.NativeCrypto;
import base.Pem;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import settings.Config;
import settings.Secrets;

/**
 * What a control plane that is not open to everybody wants of its clients (CP_TLS_CA, CP_TLS_CERT, CP_TLS_KEY,
 * CP_HEADERS_FILE), and what it must show them. Each exchange makes a handshake of its own, whole, as a curl each
 * would: the JDK would resume the session of the one before.
 *
 * <p>A connection that is cut is no end of a body: the scripts' -Dcom.sun.net.ssl.requireCloseNotify=true, which the
 * JDK reads with its first TLS class, sees to that.
 *
 * <p>Nothing of TLS is loaded before the first https exchange, and no sentence holds a header's value.
 */
public final class Credentials {
    /** Nothing to show, and the CAs that come with Java to trust. */
    public static final Credentials NONE =
            new Credentials(List.of(), List.of(), "", null, List.of(), Map.of(), Secrets.NONE);

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final int DAYS_AHEAD = 7;

    private final List<HeadersFile.Header> headers;
    private final List<X509Certificate> authorities;
    private final String authoritiesFile;
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final Map<String, Path> files;
    private final Secrets secrets;

    private Tls tls;

    private Credentials(
            List<HeadersFile.Header> headers,
            List<X509Certificate> authorities,
            String authoritiesFile,
            PrivateKey key,
            List<X509Certificate> chain,
            Map<String, Path> files,
            Secrets secrets) {
        this.headers = headers;
        this.authorities = authorities;
        this.authoritiesFile = authoritiesFile;
        this.key = key;
        this.chain = chain;
        this.files = files;
        this.secrets = secrets;
    }

    /** What config.env names, read and checked. @throws Failure exit 64 that names key and file */
    public static Credentials of(Config config) {
        Map<String, Path> files = new LinkedHashMap<>();
        Map.of("ca", "CP_TLS_CA", "cert", "CP_TLS_CERT", "key", "CP_TLS_KEY", "headers", "CP_HEADERS_FILE")
                .forEach((source, key) -> config.file(key).ifPresent(file -> files.put(source, file)));
        if (files.containsKey("cert") != files.containsKey("key")) {
            throw Failure.usage((files.containsKey("cert")
                            ? "CP_TLS_CERT is given without CP_TLS_KEY"
                            : "CP_TLS_KEY is given without CP_TLS_CERT")
                    + ": a client certificate needs both; set both or neither");
        }
        List<X509Certificate> authorities =
                files.containsKey("ca") ? Pem.certificates("CP_TLS_CA", files.get("ca")) : List.of();
        List<X509Certificate> chain =
                files.containsKey("cert") ? Pem.certificates("CP_TLS_CERT", files.get("cert")) : List.of();
        PrivateKey key = files.containsKey("key") ? Pem.privateKey("CP_TLS_KEY", files.get("key")) : null;
        if (key != null && !Pem.fits(key, chain.get(0))) {
            throw Failure.usage("CP_TLS_KEY " + files.get("key")
                    + " is not the key of the first certificate in CP_TLS_CERT " + files.get("cert") + " ("
                    + PeerTrust.name(chain.get(0)) + "): give a certificate and its key");
        }
        List<HeadersFile.Header> headers =
                files.containsKey("headers") ? HeadersFile.read("CP_HEADERS_FILE", files.get("headers")) : List.of();
        return new Credentials(
                headers,
                authorities,
                files.containsKey("ca") ? "CP_TLS_CA " + files.get("ca") : "",
                key,
                chain,
                files,
                Secrets.of(config, HeadersFile.secrets(headers)));
    }

    /** The same client, who trusts these alone: for a server of our own. */
    Credentials trusting(X509Certificate other) {
        return new Credentials(headers, List.of(other), "the prober's own certificate", key, chain, files, secrets);
    }

    /** The lines of a request that come of CP_HEADERS_FILE. */
    List<String> headerLines() {
        return headers.stream()
                .map(header -> header.name() + ": " + header.value())
                .toList();
    }

    boolean hasHeader(String name) {
        return headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
    }

    /**
     * The text without any header's value and without the secrets of config.env: what another program says may hold
     * what it was told.
     */
    public String redacted(String text) {
        return secrets.masked(text).text();
    }

    /** What a program printed, without these and without what has the shape of a secret. */
    public String scanned(String text) {
        return secrets.scanned(text, true).text();
    }

    /** The bytes without them, for evidence. */
    public byte[] redacted(byte[] raw) {
        return secrets.masked(raw);
    }

    /** What CP_CLI_ENV says that the CLI finds in its environment, beside the AUTONOMY_ keys of config.env. */
    public Map<String, String> cliEnvironment(Config config) {
        Map<String, String> environment = new LinkedHashMap<>(config.autonomyEnvironment());
        config.cliVariables()
                .forEach((name, source) -> value(source).ifPresent(value -> environment.putIfAbsent(name, value)));
        return environment;
    }

    private Optional<String> value(String source) {
        if (source.equals("bearer")) {
            return header("Authorization")
                    .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                    .map(value -> value.substring(7).strip());
        }
        return source.startsWith("header:")
                ? header(source.substring("header:".length()))
                : Optional.ofNullable(files.get(source)).map(Path::toString);
    }

    private Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(HeadersFile.Header::value)
                .findFirst();
    }

    /**
     * A sentence for each certificate, of ours and of what the control plane has shown last, that ends before an
     * instant.
     */
    public List<String> ending(Instant before) {
        List<String> told = new ArrayList<>();
        chain.forEach(one -> tell(
                told,
                "the client certificate in CP_TLS_CERT",
                one,
                before,
                "put its successor into " + files.get("cert") + " in time; each round reads the file again"));
        List<X509Certificate> shown = tls == null ? List.of() : tls.trust.shown();
        for (X509Certificate one : shown) {
            boolean ca = one.getBasicConstraints() >= 0;
            tell(
                    told,
                    ca ? "the CA certificate of the control plane" : "the control plane's certificate",
                    one,
                    before,
                    ca && authorities.contains(one)
                            ? "put its successor into CP_TLS_CA beside it"
                            : "the control plane needs its successor in time");
        }
        return told.stream().distinct().toList();
    }

    /** As {@link #ending}, from a week before it matters. */
    public List<String> endingSoon(Instant now, Instant soakEnd) {
        Instant week = now.plus(Duration.ofDays(DAYS_AHEAD));
        return ending(week.isBefore(soakEnd) ? week : soakEnd);
    }

    private static void tell(
            List<String> told, String what, X509Certificate certificate, Instant before, String remedy) {
        Instant end = certificate.getNotAfter().toInstant();
        if (end.isBefore(before)) {
            told.add(what + " (" + PeerTrust.name(certificate) + ") expires at " + end + ", before the soak ends: "
                    + remedy);
        }
    }

    /** What one context holds; made when it is first needed. */
    private record Tls(SSLContext context, PeerTrust trust, OneIdentity identity) {}

    private synchronized Tls tls() {
        if (tls == null) {
            NativeCrypto.install();
            try {
                PeerTrust trust = new PeerTrust(authorities, authoritiesFile);
                OneIdentity identity = new OneIdentity(key, chain);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(new KeyManager[] {identity}, new TrustManager[] {trust}, null);
                tls = new Tls(context, trust, identity);
            } catch (GeneralSecurityException e) {
                throw Failure.failed("this Java cannot speak TLS (" + e.getMessage() + "): use a complete JDK", e);
            }
        }
        return tls;
    }

    /** Before the clock runs: makes what a handshake needs, and lets the next one be whole. */
    void readyForHandshake() {
        SSLSessionContext sessions = tls().context.getClientSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(id);
            if (session != null) {
                session.invalidate();
            }
        }
        tls().identity.forget();
    }

    /** The connection, encrypted, its other side checked. */
    SSLSocket handshake(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls().context.getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        // else any valid certificate would do; knows IP addresses, too
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(PROTOCOLS);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Whether a port speaks TLS, to whomever and as whoever. */
    static boolean tlsAt(String host, int port, int millis) {
        try (Socket plain = Connect.to(host, port, System.nanoTime() + millis * 1_000_000L)) {
            plain.setSoTimeout(millis);
            NONE.handshake(plain, host, port);
            return true;
        } catch (IOException e) {
            return Trouble.cameFromTls(e);
        }
    }

    /** Whether the other side asked for a client certificate in the last handshake. */
    boolean wasAskedForCertificate() {
        return tls != null && tls.identity.asked();
    }

    /** The client certificate as messages name it, if there is one. */
    Optional<String> client() {
        return chain.isEmpty()
                ? Optional.empty()
                : Optional.of(PeerTrust.name(chain.get(0)) + ", CP_TLS_CERT " + files.get("cert"));
    }
}
