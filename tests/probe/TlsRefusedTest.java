import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import probe.Credentials;
import probe.HttpCall;

/** What is not accepted over TLS, and how each cause is named. */
class TlsRefusedTest {
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

    @Test
    void an_unknown_ca_is_named_with_the_key_that_mends_it() throws Exception {
        Pki other = new Pki(folder, "other-ca");
        tls.serve(other.issue("cp", "127.0.0.1"), null);
        TlsServer.assertTold(
                tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca)),
                "a CA that is not trusted here, CN=other-ca",
                "CP_TLS_CA " + tls.pki.ca + " must hold");
        TlsServer.assertTold(tls.post(Credentials.NONE), "name that CA's certificate in CP_TLS_CA");
    }

    @Test
    void a_certificate_that_has_ended_or_not_begun_is_named_with_its_time() throws Exception {
        Instant past = Instant.now().minusSeconds(86_400).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        tls.serve(tls.pki.issue("old", "EC", past.minusSeconds(10), past, "127.0.0.1"), null);
        TlsServer.assertTold(tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca)), "expired at " + past);
        tls.server.close();
        Instant soon = Instant.now().plusSeconds(86_400).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        tls.serve(tls.pki.issue("early", "EC", soon, soon.plusSeconds(10), "127.0.0.1"), null);
        TlsServer.assertTold(tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca)), "not valid before " + soon, "clock");
    }

    @Test
    void a_self_signed_certificate_that_is_trusted_by_itself_is_still_held_to_its_time() throws Exception {
        Instant past = Instant.now().minusSeconds(3_600);
        Pki.Identity old = tls.pki.issue("old", "EC", past.minusSeconds(10), past, "127.0.0.1");
        tls.serve(old, null);
        TlsServer.assertTold(tls.post(tls.credentials("CP_TLS_CA", old.cert())), "expired at ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_server_that_demands_a_client_certificate_is_understood_though_it_says_so_after_the_handshake(String protocol)
            throws Exception {
        tls.serve(tls.pki.issue("cp", "127.0.0.1"), tls.pki, protocol);
        for (int i = 0; i < 10; i++) { // where the alert comes is a matter of chance: while we write, or when we read
            TlsServer.assertTold(
                    tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca)),
                    "demands a client certificate",
                    "CP_TLS_CERT and CP_TLS_KEY");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_certificate_that_the_server_does_not_take_is_named(String protocol) throws Exception {
        tls.serve(tls.pki.issue("cp", "127.0.0.1"), tls.pki, protocol);
        Pki.Identity stranger = new Pki(folder, "strange-ca").issue("stranger");
        TlsServer.assertTold(
                tls.post(tls.credentials(
                        "CP_TLS_CA", tls.pki.ca, "CP_TLS_CERT", stranger.cert(), "CP_TLS_KEY", stranger.keyFile())),
                "client certificate (CN=stranger, CP_TLS_CERT " + stranger.cert());
    }

    @Test
    void http_and_https_that_meet_are_told_so() throws Exception {
        ServerSocket plain = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        tls.answerAll(plain, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        TlsServer.assertTold(tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca)), "does not speak TLS", "http://");
        plain.close();
        tls.serve(tls.pki.issue("cp", "127.0.0.1"), null);
        HttpCall.Answer answer = new HttpCall(Time.system(), Duration.ofSeconds(10), 1000)
                .get(URI.create("http://127.0.0.1:" + tls.server.getLocalPort() + "/v1/health"));
        TlsServer.assertTold(answer, "the answer is TLS and not HTTP", "https://");
    }

    @Test
    void a_port_where_nothing_listens_and_a_host_that_nobody_knows_are_named() throws Exception {
        tls.serve(tls.pki.issue("cp", "127.0.0.1"), null);
        tls.closeForGood();
        HttpCall.Answer refused = tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca));
        assertEquals(
                "nothing listens at 127.0.0.1:" + tls.server.getLocalPort() + " (connection refused)",
                refused.describe());
        assertFalse(refused.refused());
        assertTrue(tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca), "no-such-host.invalid")
                .describe()
                .startsWith("the host of no-such-host.invalid:"));
    }

    @Test
    void a_server_of_old_protocols_alone_is_not_spoken_to() throws Exception {
        ServerSocket old = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        tls.answerAll(old, "\u0015\u0003\u0001\u0000\u0002\u0002\u0046"); // a fatal alert: protocol_version
        TlsServer.assertTold(tls.post(tls.credentials("CP_TLS_CA", tls.pki.ca)), "neither TLS 1.2 nor TLS 1.3");
    }

    @Test
    void certificates_that_end_too_early_are_told_of_both_sides_and_of_the_ca() throws Exception {
        Instant now = Instant.now();
        Pki shortLived = new Pki(folder, "short-ca", now.plus(Duration.ofDays(20)));
        tls.serve(
                shortLived.issue("cp", "EC", now.minusSeconds(60), now.plus(Duration.ofDays(10)), "127.0.0.1"),
                shortLived);
        Pki.Identity client = shortLived.issue("client", "EC", now.minusSeconds(60), now.plus(Duration.ofDays(5)));
        Credentials credentials = tls.credentials(
                "CP_TLS_CA", shortLived.ca, "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", client.keyFile());
        assertTrue(tls.post(credentials).is(201));
        List<String> all = credentials.ending(now.plus(Duration.ofDays(30)));
        assertEquals(3, all.size(), all.toString());
        assertTrue(all.get(0).startsWith("the client certificate in CP_TLS_CERT (CN=client) expires at "), all.get(0));
        assertTrue(all.get(1).startsWith("the control plane's certificate (CN=cp) expires at "), all.get(1));
        assertTrue(
                all.get(2).startsWith("the CA certificate of the control plane (CN=short-ca) expires at "), all.get(2));
        assertEquals(List.of(all.get(0)), credentials.endingSoon(now, now.plus(Duration.ofDays(30))), "a week ahead");
        assertEquals(List.of(), credentials.endingSoon(now, now.plus(Duration.ofDays(4))), "after the soak it may end");
        assertNotEquals(0, tls.requests.size());
    }
}
