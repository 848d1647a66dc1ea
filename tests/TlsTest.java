import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import probe.Credentials;
import probe.HttpCall;
import soak.Config;
import soak.SoakDir;
import soak.Time;

/** Exchanges over TLS with servers of a PKI of the test's own: what is accepted, and how each cause is named. */
class TlsTest {
    private static final String CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

    @TempDir
    Path folder;

    private Pki pki;
    private ServerSocket server;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void authority() {
        pki = new Pki(folder, "ca");
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    // --- servers
    // ------------------------------------------------------------------------------------------------------

    private static SSLContext context(Pki.Identity identity, Pki trusted) throws Exception {
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
    private SSLServerSocket serve(Pki.Identity identity, Pki clientsOf, String... protocols) throws Exception {
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

    private void answerAll(ServerSocket listener, String answer) {
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
    }

    private static String request(InputStream in) throws IOException {
        byte[] head = new byte[8192];
        int count = in.read(head);
        return new String(head, 0, Math.max(count, 0), StandardCharsets.UTF_8);
    }

    // --- clients
    // ------------------------------------------------------------------------------------------------------

    private Credentials credentials(Object... keysAndFiles) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < keysAndFiles.length; i += 2) {
            values.put(keysAndFiles[i].toString(), keysAndFiles[i + 1].toString());
        }
        return Credentials.of(Config.of(new SoakDir(folder), values));
    }

    private HttpCall.Answer post(Credentials credentials, String host) {
        return new HttpCall(Time.system(), Duration.ofSeconds(10), 1000, credentials)
                .postJson(
                        URI.create("https://" + host + ":" + server.getLocalPort() + "/v1/rollouts"), "{}".getBytes());
    }

    private HttpCall.Answer post(Credentials credentials) {
        return post(credentials, "127.0.0.1");
    }

    /** Not answered, and told so that a person can mend it. */
    private static void assertTold(HttpCall.Answer answer, String... words) {
        assertEquals("000", answer.code());
        assertFalse(answer.is(201));
        for (String word : words) {
            assertTrue(answer.describe().contains(word), answer.describe() + " lacks " + word);
        }
        for (String riddle : new String[] {"roken pipe", "PKIX", "fatal alert", "javax", "sun.", "000"}) {
            assertFalse(answer.describe().contains(riddle), answer.describe());
        }
        assertTrue(answer.refused(), "a refusal is no silence");
    }

    // --- accepted
    // -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_server_of_a_known_ca_is_spoken_to_and_a_client_certificate_shown(String protocol) throws Exception {
        serve(pki.issue("cp", "127.0.0.1"), pki, protocol);
        Pki.Identity client = pki.issue("client");
        HttpCall.Answer answer =
                post(credentials("CP_TLS_CA", pki.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", client.keyFile()));
        assertNull(answer.problem());
        assertTrue(answer.is(201));
        assertTrue(requests.get(0).startsWith("POST /v1/rollouts HTTP/1.1\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void keys_in_pkcs8_pkcs1_and_sec1_are_all_read(String algorithm) throws Exception {
        serve(pki.issue("cp", "127.0.0.1"), pki);
        Pki.Identity client = pki.issue(
                "client",
                algorithm,
                Instant.now().minusSeconds(60),
                Instant.now().plusSeconds(86_400));
        Path old = pki.traditional(client, "old.key");
        assertTrue(java.nio.file.Files.readString(old).startsWith("-----BEGIN " + algorithm + " PRIVATE KEY-----"));
        assertTrue(post(credentials("CP_TLS_CA", pki.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", old))
                .is(201));
        assertTrue(post(credentials("CP_TLS_CA", pki.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", client.keyFile()))
                .is(201));
    }

    @Test
    void a_certificate_is_checked_against_the_name_or_address_in_the_url() throws Exception {
        serve(pki.issue("cp", "localhost", "::1"), null);
        assertTrue(post(credentials("CP_TLS_CA", pki.ca), "localhost").is(201));
        assertTold(post(credentials("CP_TLS_CA", pki.ca)), "does not name 127.0.0.1 but localhost", "CP_URL");
    }

    @Test
    void each_exchange_makes_a_whole_handshake_as_a_curl_each_would() throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context(pki.issue("cp", "127.0.0.1"), pki)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        answerAll(listener, CREATED);
        List<byte[]> hellos = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket relay = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            relay(relay, listener.getLocalPort(), hellos);
            server = relay;
            Credentials credentials = credentials("CP_TLS_CA", pki.ca);
            for (int i = 0; i < 3; i++) {
                assertTrue(post(credentials).is(201));
            }
        }
        listener.close();
        assertEquals(3, hellos.size());
        hellos.forEach(hello -> assertFalse(offersAnEarlierSession(hello), "a ClientHello resumes a session"));
    }

    private static void relay(ServerSocket from, int to, List<byte[]> hellos) {
        Thread accepting = new Thread(() -> {
            while (!from.isClosed()) {
                try {
                    Socket client = from.accept();
                    Socket upstream = new Socket("127.0.0.1", to);
                    byte[] hello = new byte[16_384];
                    int count = client.getInputStream().read(hello);
                    hellos.add(Arrays.copyOf(hello, count));
                    upstream.getOutputStream().write(hello, 0, count);
                    pump(client.getInputStream(), upstream.getOutputStream(), upstream);
                    pump(upstream.getInputStream(), client.getOutputStream(), client);
                } catch (IOException ended) {
                    return;
                }
            }
        });
        accepting.setDaemon(true);
        accepting.start();
    }

    private static void pump(InputStream in, OutputStream out, Socket closes) {
        Thread thread = new Thread(() -> {
            try (closes) {
                in.transferTo(out);
            } catch (IOException ended) {
                // so is the other direction
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Whether the extensions of a ClientHello (RFC 8446, section 4.1.2) hold pre_shared_key, or a session ticket that
     * is not empty.
     */
    private static boolean offersAnEarlierSession(byte[] record) {
        int at = 5 + 4 + 2 + 32; // record header, handshake header, version, random
        at += 1 + (record[at] & 0xff); // session id
        at += 2 + ((record[at] & 0xff) << 8 | record[at + 1] & 0xff); // cipher suites
        at += 1 + (record[at] & 0xff); // compression
        int end = at + 2 + ((record[at] & 0xff) << 8 | record[at + 1] & 0xff);
        for (at += 2; at < end; ) {
            int type = (record[at] & 0xff) << 8 | record[at + 1] & 0xff;
            int length = (record[at + 2] & 0xff) << 8 | record[at + 3] & 0xff;
            if (type == 41 || type == 35 && length > 0) {
                return true;
            }
            at += 4 + length;
        }
        return false;
    }

    // --- refused, each by its cause
    // -----------------------------------------------------------------------------------

    @Test
    void an_unknown_ca_is_named_with_the_key_that_mends_it() throws Exception {
        Pki other = new Pki(folder, "other-ca");
        serve(other.issue("cp", "127.0.0.1"), null);
        assertTold(
                post(credentials("CP_TLS_CA", pki.ca)),
                "a CA that is not known here, CN=other-ca",
                "CP_TLS_CA " + pki.ca + " must hold");
        assertTold(post(Credentials.NONE), "name that CA's certificate in CP_TLS_CA");
    }

    @Test
    void a_certificate_that_has_ended_or_not_begun_is_named_with_its_time() throws Exception {
        Instant past = Instant.now().minusSeconds(86_400).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        serve(pki.issue("old", "EC", past.minusSeconds(10), past, "127.0.0.1"), null);
        assertTold(post(credentials("CP_TLS_CA", pki.ca)), "expired at " + past);
        server.close();
        Instant soon = Instant.now().plusSeconds(86_400).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        serve(pki.issue("early", "EC", soon, soon.plusSeconds(10), "127.0.0.1"), null);
        assertTold(post(credentials("CP_TLS_CA", pki.ca)), "not valid before " + soon, "clock");
    }

    @Test
    void a_self_signed_certificate_that_is_trusted_by_itself_is_still_held_to_its_time() throws Exception {
        Instant past = Instant.now().minusSeconds(3_600);
        Pki.Identity old = pki.issue("old", "EC", past.minusSeconds(10), past, "127.0.0.1");
        serve(old, null);
        assertTold(post(credentials("CP_TLS_CA", old.cert())), "expired at ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_server_that_demands_a_client_certificate_is_understood_though_it_says_so_after_the_handshake(String protocol)
            throws Exception {
        serve(pki.issue("cp", "127.0.0.1"), pki, protocol);
        for (int i = 0; i < 10; i++) { // where the alert comes is a matter of chance: while we write, or when we read
            assertTold(
                    post(credentials("CP_TLS_CA", pki.ca)),
                    "demands a client certificate",
                    "CP_TLS_CERT and CP_TLS_KEY");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_certificate_that_the_server_does_not_take_is_named(String protocol) throws Exception {
        serve(pki.issue("cp", "127.0.0.1"), pki, protocol);
        Pki.Identity stranger = new Pki(folder, "strange-ca").issue("stranger");
        assertTold(
                post(credentials(
                        "CP_TLS_CA", pki.ca, "CP_TLS_CERT", stranger.cert(), "CP_TLS_KEY", stranger.keyFile())),
                "client certificate (CN=stranger, CP_TLS_CERT " + stranger.cert());
    }

    @Test
    void http_and_https_that_meet_are_told_so() throws Exception {
        ServerSocket plain = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        answerAll(plain, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        assertTold(post(credentials("CP_TLS_CA", pki.ca)), "does not speak TLS", "http://");
        plain.close();
        serve(pki.issue("cp", "127.0.0.1"), null);
        HttpCall.Answer answer = new HttpCall(Time.system(), Duration.ofSeconds(10), 1000)
                .get(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1/health"));
        assertTold(answer, "the answer is TLS and not HTTP", "https://");
    }

    @Test
    void a_port_where_nothing_listens_and_a_host_that_nobody_knows_are_named() throws Exception {
        serve(pki.issue("cp", "127.0.0.1"), null).close();
        HttpCall.Answer refused = post(credentials("CP_TLS_CA", pki.ca));
        assertEquals(
                "nothing listens at 127.0.0.1:" + server.getLocalPort() + " (connection refused)", refused.describe());
        assertFalse(refused.refused());
        assertTrue(post(credentials("CP_TLS_CA", pki.ca), "no-such-host.invalid")
                .describe()
                .startsWith("the host of no-such-host.invalid:"));
    }

    @Test
    void a_server_of_old_protocols_alone_is_not_spoken_to() throws Exception {
        ServerSocket old = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        answerAll(old, "\u0015\u0003\u0001\u0000\u0002\u0002\u0046"); // a fatal alert: protocol_version
        assertTold(post(credentials("CP_TLS_CA", pki.ca)), "neither TLS 1.2 nor TLS 1.3");
    }

    @Test
    void a_body_that_only_the_end_delimits_is_not_whole_where_the_connection_is_cut() throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context(pki.issue("cp", "127.0.0.1"), pki)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        try (ServerSocket relay = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            server = relay;
            answerAllAndHold(listener, "HTTP/1.0 201 Created\r\n\r\nall there");
            Thread cutting = new Thread(() -> {
                try (Socket client = relay.accept();
                        Socket upstream = new Socket("127.0.0.1", listener.getLocalPort())) {
                    Thread up = new Thread(() -> {
                        try {
                            client.getInputStream().transferTo(upstream.getOutputStream());
                        } catch (IOException ended) {
                            // so is the other direction
                        }
                    });
                    up.setDaemon(true);
                    up.start();
                    upstream.setSoTimeout(500); // nothing more comes: the answer is there
                    upstream.getInputStream().transferTo(client.getOutputStream());
                } catch (IOException cut) {
                    // without a goodbye
                }
            });
            cutting.start();
            HttpCall.Answer answer = post(credentials("CP_TLS_CA", pki.ca));
            cutting.join();
            assertEquals("000", answer.code(), answer.describe());
            assertTrue(answer.describe().startsWith("HTTP 201, "), answer.describe());
        } finally {
            listener.close();
        }
    }

    private void answerAllAndHold(ServerSocket listener, String answer) {
        Thread thread = new Thread(() -> {
            try {
                Socket socket = listener.accept();
                request(socket.getInputStream());
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (IOException ended) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    // --- what ends
    // ----------------------------------------------------------------------------------------------------

    @Test
    void certificates_that_end_too_early_are_told_of_both_sides_and_of_the_ca() throws Exception {
        Instant now = Instant.now();
        Pki shortLived = new Pki(folder, "short-ca", now.plus(Duration.ofDays(20)));
        serve(
                shortLived.issue("cp", "EC", now.minusSeconds(60), now.plus(Duration.ofDays(10)), "127.0.0.1"),
                shortLived);
        Pki.Identity client = shortLived.issue("client", "EC", now.minusSeconds(60), now.plus(Duration.ofDays(5)));
        Credentials credentials =
                credentials("CP_TLS_CA", shortLived.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", client.keyFile());
        assertTrue(post(credentials).is(201));
        List<String> all = credentials.ending(now.plus(Duration.ofDays(30)));
        assertEquals(3, all.size(), all.toString());
        assertTrue(all.get(0).startsWith("the client certificate in CP_TLS_CERT (CN=client) ends at "), all.get(0));
        assertTrue(all.get(1).startsWith("the control plane's certificate (CN=cp) ends at "), all.get(1));
        assertTrue(all.get(2).startsWith("the CA certificate of the control plane (CN=short-ca) ends at "), all.get(2));
        assertEquals(List.of(all.get(0)), credentials.endingSoon(now, now.plus(Duration.ofDays(30))), "a week ahead");
        assertEquals(List.of(), credentials.endingSoon(now, now.plus(Duration.ofDays(4))), "after the soak it may end");
        assertNotEquals(0, requests.size());
    }
}
