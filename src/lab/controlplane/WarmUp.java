package lab.controlplane;

import base.Failure;
import base.Folders;
import base.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Runs the server's code in, on a throw-away server of its own: a JVM loads and compiles what it runs first, so the
 * first plan after a start would take 200 ms where the next ones take 4, and 200 ms is what the soak would measure.
 */
final class WarmUp {
    private static final String FOLDER = "warm-up";
    private static final int PLANS = 20;

    private static final AtomicBoolean DONE = new AtomicBoolean();

    private WarmUp() {}

    /**
     * Does nothing where this JVM is warm already.
     *
     * @param dataDir held by the caller; a folder in it is used, and gone afterwards
     * @param guard TLS as it will be, for a client that shows nothing
     * @param log told if it did not work: a full disk, say, is no reason not to serve what is there
     */
    static void run(Path dataDir, PrintWriter log, Guard guard) {
        Path dir = dataDir.resolve(FOLDER);
        try {
            Folders.delete(dir); // a killed start may have left it
            if (!DONE.getAndSet(true)) {
                run(dir, guard);
            }
        } catch (IOException | Failure e) {
            log.println(Instant.now() + " starts without warming up, so its first answers are slow: " + e.getMessage());
        }
    }

    private static void run(Path dir, Guard guard) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress("127.0.0.1", 0);
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream());
        Server.Settings settings = new Server.Settings(
                        anyPort, anyPort, dir, dir, Server.BUSY_TIMEOUT, Time.system(), nowhere)
                .guardedBy(guard);
        try (Server server = new Server(settings, false).start()) {
            String base = (guard.tls() == null ? "http" : "https") + "://127.0.0.1:" + server.port() + "/v1";
            String rollouts = base + "/rollouts";
            request("GET", base + "/health", null);
            for (int i = 0; i < PLANS; i++) {
                request(
                        "POST",
                        rollouts,
                        "{\"plan_id\":\"warm-up-" + i
                                + "\",\"artifact_ref\":\"none\",\"stages\":["
                                + "{\"stage_id\":\"one\"}],\"stuck_after_seconds\":1}");
            }
            request("GET", rollouts + "?limit=100", null);
            request("GET", rollouts + "/stuck?threshold_seconds=0", null);
            request("POST", rollouts + "/warm-up-0/recover", "{\"strategy\":\"retry\"}");
            request("GET", "http://127.0.0.1:" + server.metricsPort() + "/metrics", null);
        } finally {
            Folders.delete(dir);
        }
    }

    private static void request(String method, String url, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        if (connection instanceof HttpsURLConnection encrypted) {
            encrypted.setSSLSocketFactory(Unverified.FACTORY);
            encrypted.setHostnameVerifier((host, session) -> true);
        }
        connection.setRequestMethod(method);
        // as the clients that count come: each on a connection of its own
        connection.setRequestProperty("Connection", "close");
        if (body != null) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        try (InputStream answer = connection.getInputStream()) {
            answer.readAllBytes();
        }
    }

    /** For the server of this class alone, which is in this very process: it has no certificate for 127.0.0.1. */
    private static final class Unverified {
        private static final SSLSocketFactory FACTORY = factory();

        private static SSLSocketFactory factory() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(
                        null,
                        new TrustManager[] {
                            new X509TrustManager() {
                                @Override
                                public void checkClientTrusted(X509Certificate[] chain, String authType) {
                                    // nobody comes
                                }

                                @Override
                                public void checkServerTrusted(X509Certificate[] chain, String authType) {
                                    // it is ourselves
                                }

                                @Override
                                public X509Certificate[] getAcceptedIssuers() {
                                    return new X509Certificate[0];
                                }
                            }
                        },
                        null);
                return context.getSocketFactory();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e); // the server speaks TLS already
            }
        }
    }
}
