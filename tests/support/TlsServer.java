import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Time;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import probe.Credentials;
import probe.HttpCall;
import settings.Config;
import soak.SoakDir;

/** A TLS server of a PKI of the test's own, and clients of it. */
final class TlsServer implements Closeable {
    static final String CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

    final Pki pki;
    /** The one that clients ask; null as long as none is there. */
    ServerSocket server;

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private final Path folder;
    private Thread answering;

    TlsServer(Path folder) {
        this.folder = folder;
        this.pki = new Pki(folder, "ca");
    }

    static SSLContext context(Pki.Identity identity, Pki trusted) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", identity.key(), new char[0], new Certificate[] {identity.certificate()});
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
        keyManagers.init(keys, new char[0]);
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("ca", trusted.authority);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    /** A server with this certificate; {@code clientsOf} demands client certificates, null none. */
    SSLServerSocket serve(Pki.Identity identity, Pki clientsOf, String... protocols) throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context(identity, clientsOf == null ? pki : clientsOf)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        listener.setNeedClientAuth(clientsOf != null);
        if (protocols.length > 0) {
            listener.setEnabledProtocols(protocols);
        }
        answerAll(listener, CREATED);
        return listener;
    }

    void answerAll(ServerSocket listener, String answer) {
        server = listener;
        Thread thread = new Thread(() -> {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    requests.add(request(socket.getInputStream()));
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                } catch (IOException refused) {
                    // the client is told
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        answering = thread;
    }

    static String request(InputStream in) throws IOException {
        byte[] head = new byte[8192];
        int count = in.read(head);
        return new String(head, 0, Math.max(count, 0), StandardCharsets.UTF_8);
    }

    Credentials credentials(Object... keysAndFiles) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < keysAndFiles.length; i += 2) {
            values.put(keysAndFiles[i].toString(), keysAndFiles[i + 1].toString());
        }
        return Credentials.of(Config.of(new SoakDir(folder), values));
    }

    HttpCall.Answer post(Credentials credentials, String host) {
        return new HttpCall(Time.system(), Duration.ofSeconds(10), 1000, credentials)
                .postJson(
                        URI.create("https://" + host + ":" + server.getLocalPort() + "/v1/rollouts"), "{}".getBytes());
    }

    HttpCall.Answer post(Credentials credentials) {
        return post(credentials, "127.0.0.1");
    }

    /** Not answered, and told so that a person can mend it. */
    static void assertTold(HttpCall.Answer answer, String... words) {
        assertEquals("000", answer.code());
        assertFalse(answer.is(201));
        for (String word : words) {
            assertTrue(answer.describe().contains(word), answer.describe() + " lacks " + word);
        }
        for (String riddle : new String[] {"roken pipe", "PKIX", "fatal alert", "javax", "sun."}) {
            assertFalse(answer.describe().contains(riddle), answer.describe());
        }
        // A port or a folder of the test may have these digits in its name.
        assertFalse(answer.describe().matches(".*\\b000\\b.*"), answer.describe());
        assertTrue(answer.refused(), "a refusal is no silence");
    }

    /** Closes it, and sees to it that nobody answers any more: a thread that waits in accept may get one call yet. */
    void closeForGood() throws IOException, InterruptedException {
        close();
        answering.join();
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }
}
