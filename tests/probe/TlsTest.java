import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import probe.Credentials;
import probe.HttpCall;

/** Exchanges over TLS with servers of a PKI of the test's own: what is accepted, and how each cause is named. */
class TlsTest {
    /** One that nobody refers to is closed by the garbage collection, with a goodbye. */
    private final List<Socket> held = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path folder;

    private TlsServer tls;

    @BeforeEach
    void authority() {
        tls = new TlsServer(folder);
    }

    @AfterEach
    void close() throws IOException {
        tls.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_server_of_a_known_ca_is_spoken_to_and_a_client_certificate_shown(String protocol) throws Exception {
        tls.serve(tls.pki.issue("cp", "127.0.0.1"), tls.pki, protocol);
        Pki.Identity client = tls.pki.issue("client");
        HttpCall.Answer answer = tls.post(
                tls.credentials("CP_TLS_CA", tls.pki.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", client.keyFile()));
        assertNull(answer.problem());
        assertTrue(answer.is(201));
        assertTrue(tls.requests.get(0).startsWith("POST /v1/rollouts HTTP/1.1\r\n"));
    }

    @Test
    void an_address_with_its_scheme_in_capitals_is_spoken_to_in_tls_all_the_same() throws Exception {
        tls.serve(tls.pki.issue("cp", "127.0.0.1"), null);
        URI next = URI.create("HTTPS://127.0.0.1:" + tls.server.getLocalPort() + "/v1/rollouts?cursor=2");
        HttpCall call =
                new HttpCall(Time.system(), Duration.ofSeconds(10), 1000, tls.credentials("CP_TLS_CA", tls.pki.ca));
        assertEquals("201", call.get(next).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void keys_in_pkcs8_pkcs1_and_sec1_are_all_read(String algorithm) throws Exception {
        tls.serve(tls.pki.issue("cp", "127.0.0.1"), tls.pki);
        Pki.Identity client = tls.pki.issue(
                "client",
                algorithm,
                Instant.now().minusSeconds(60),
                Instant.now().plusSeconds(86_400));
        Path old = tls.pki.traditional(client, "old.key");
        assertTrue(java.nio.file.Files.readString(old).startsWith("-----BEGIN " + algorithm + " PRIVATE KEY-----"));
        assertTrue(tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", old))
                .is(201));
        assertTrue(tls.post(tls.credentials(
                        "CP_TLS_CA", tls.pki.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", client.keyFile()))
                .is(201));
    }

    @Test
    void a_certificate_is_checked_against_the_name_or_address_in_the_url() throws Exception {
        tls.serve(tls.pki.issue("cp", "localhost", "::1"), null);
        assertTrue(
                tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca), "localhost").is(201));
        TlsServer.assertTold(
                tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca)), "does not name 127.0.0.1 but localhost", "CP_URL");
    }

    @Test
    void each_exchange_makes_a_whole_handshake_as_a_curl_each_would() throws Exception {
        SSLServerSocket listener = (SSLServerSocket) TlsServer.context(tls.pki.issue("cp", "127.0.0.1"), tls.pki)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        tls.answerAll(listener, TlsServer.CREATED);
        List<byte[]> hellos = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket relay = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            relay(relay, listener.getLocalPort(), hellos);
            tls.server = relay;
            Credentials credentials = tls.credentials("CP_TLS_CA", tls.pki.ca);
            for (int i = 0; i < 3; i++) {
                assertTrue(tls.post(credentials).is(201));
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

    @Test
    void a_body_that_only_the_end_delimits_is_not_whole_where_the_connection_is_cut() throws Exception {
        SSLServerSocket listener = (SSLServerSocket) TlsServer.context(tls.pki.issue("cp", "127.0.0.1"), tls.pki)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        try (ServerSocket relay = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            tls.server = relay;
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
            HttpCall.Answer answer = tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca));
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
                held.add(socket);
                TlsServer.request(socket.getInputStream());
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (IOException ended) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
