import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import probe.HttpCall;

/** One exchange against a socket that answers byte for byte what the test says. */
class HttpCallTest {
    private OneAnswer one;

    @BeforeEach
    void listen() throws IOException {
        one = new OneAnswer();
    }

    @AfterEach
    void close() throws IOException {
        one.close();
    }

    @Test
    void interim_answers_are_passed_over_and_a_204_has_no_body() {
        HttpCall.Answer answer = one.get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", false);
        assertTrue(answer.is(204));
    }

    @Test
    void a_header_that_never_ends_is_given_up_long_before_the_timeout() {
        HttpCall.Answer answer = one.get("HTTP/1.1 201 Created\r\n" + "X-Again: and again\r\n".repeat(20_000), false);
        assertEquals("the answer's header is longer than 307200 bytes", answer.describe());
        assertEquals(
                "the answer's header is longer than 307200 bytes",
                one.get("HTTP/1.1 100 Continue\r\nA: b\r\n\r\n".repeat(60_000), false)
                        .describe());
    }

    @Test
    void no_answer_is_000_with_its_reason() throws IOException {
        assertEquals(
                "the connection was closed without an answer", one.get("", true).describe());
        assertTrue(one.get("SSH-2.0-OpenSSH\r\n", true).describe().startsWith("the answer is not HTTP: SSH-2.0"));
        one.server.close();
        HttpCall.Answer refused = one.get(Duration.ofSeconds(10));
        assertEquals("000", refused.code());
        assertTrue(refused.problem().contains("refused"), refused.problem());
    }

    @Test
    void a_server_that_says_nothing_or_drips_is_left_at_the_deadline_of_the_whole_exchange() {
        one.answer("", false);
        assertEquals(
                "no complete answer within 200 ms",
                one.get(Duration.ofMillis(200)).problem());
        Thread drip = new Thread(() -> {
            try (Socket socket = one.server.accept()) {
                for (int i = 0; i < 10_000; i++) {
                    socket.getOutputStream().write(i == 0 ? "HTTP/1.1 200 OK\r\nX: ".getBytes() : new byte[] {'x'});
                    Thread.sleep(20); // each byte comes well within a read's own time
                }
            } catch (IOException | InterruptedException left) {
                // as it should be
            }
        });
        drip.setDaemon(true);
        drip.start();
        assertEquals(
                "no complete answer within 300 ms",
                one.get(Duration.ofMillis(300)).problem());
    }

    @Test
    void each_value_of_a_header_field_is_kept_in_its_order_whatever_the_case_of_its_name() {
        HttpCall.Answer answer = one.get(
                "HTTP/1.1 100 Continue\r\n"
                        + "Link: <early>\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\n"
                        + "Link: <a>; rel=next\r\n"
                        + "Content-Length: 0\r\n"
                        + "LINK:<b>\r\n\r\n",
                true);
        assertEquals(java.util.List.of("<a>; rel=next", "<b>"), answer.header("link"));
        assertEquals(java.util.List.of(), answer.header("x-absent"));
    }

    @Test
    void a_header_of_as_many_bytes_as_curl_takes_is_read() {
        HttpCall.Answer answer = one.get(
                "HTTP/1.1 200 OK\r\n" + ("X-Trace: " + "x".repeat(1000) + "\r\n").repeat(290)
                        + "Content-Length: 2\r\n\r\nok",
                true);
        assertTrue(answer.is(200), answer.describe());
        assertEquals("ok", answer.text());
    }

    @Test
    void a_header_without_end_is_given_up() {
        HttpCall.Answer answer =
                one.get("HTTP/1.1 200 OK\r\n" + ("X-Filler: " + "x".repeat(1000) + "\r\n").repeat(310) + "\r\n", true);
        assertTrue(answer.problem().contains("header is longer than 307200 bytes"), answer.problem());
    }

    @Test
    void a_folded_header_field_is_one_value() {
        HttpCall.Answer answer = one.get(
                "HTTP/1.1 200 OK\r\nLink: <http://a/>;\r\n\t rel=\"next\"\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
                false);
        assertEquals(java.util.List.of("<http://a/>; rel=\"next\""), answer.header("link"));
        assertEquals(java.util.List.of("a b"), answer.header("x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200",
                "HTTP/1.1 200 ",
                "HTTP/1.1 200 ok",
                "HTTP/1.0 200 OK",
                "HTTP/1.1 200 \u001b[31m",
                "HTTP/1.1 103 Early Hints#Link: <x>##HTTP/1.1 100##HTTP/1.1 200 OK"
            })
    void a_status_line_needs_no_more_than_a_version_and_a_code(String head) {
        HttpCall.Answer answer = one.get(head.replace("#", "\r\n") + "\r\ncontent-LENGTH:2\r\n\r\n{}", false);
        assertTrue(answer.is(200), answer.describe());
        assertEquals("{}", answer.text());
    }

    @Test
    void the_reason_beside_a_code_may_be_in_any_letters() throws Exception {
        for (String reason :
                new String[] {" \u0423\u0441\u043f\u0435\u0445", " Fält saknas: Å", " a\u0085b", " a\rb", ""}) {
            HttpCall.Answer answer = one.get(
                    "HTTP/1.1 400" + OneAnswer.latin1(reason.getBytes(StandardCharsets.UTF_8))
                            + "\r\nContent-Length: 3\r\n\r\nwhy",
                    false);
            assertEquals("HTTP 400: why", answer.describe(), reason);
        }
    }

    /** Asks a name that leads to two addresses, of which the second alone has a listener. Arguments: port. */
    static final class ByName {
        public static void main(String[] args) {
            HttpCall.Answer answer = new HttpCall(Time.system(), Duration.ofSeconds(10), 1000)
                    .get(URI.create("http://two-addresses.test:" + args[0] + "/"));
            System.out.println(answer.describe());
        }
    }

    @Test
    void each_address_of_a_name_is_tried_until_one_takes_the_connection(
            @org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) throws Exception {
        java.nio.file.Path hosts = java.nio.file.Files.writeString(
                folder.resolve("hosts"), "127.0.0.2 two-addresses.test\n127.0.0.1 two-addresses.test\n");
        java.util.List<String> command = new java.util.ArrayList<>(
                Fork.java("HttpCallTest$ByName", Integer.toString(one.server.getLocalPort())));
        command.add(1, "-Djdk.net.hosts.file=" + hosts);
        one.answer("HTTP/1.1 418 X\r\nContent-Length: 0\r\n\r\n", true);
        assertEquals("HTTP 418\n", Fork.run(command).out());
        one.server.close();
        assertEquals(
                "nothing listens at two-addresses.test:" + one.server.getLocalPort() + " (connection refused)\n",
                Fork.run(command).out());
    }

    @Test
    void a_name_whose_first_address_is_of_ip_6_is_asked_at_the_one_that_listens() throws Exception {
        try (ServerSocket six = new ServerSocket()) {
            try {
                six.bind(new java.net.InetSocketAddress(InetAddress.getByName("::1"), 0));
            } catch (IOException none) {
                org.junit.jupiter.api.Assumptions.abort("this host has no IPv6");
            }
            org.junit.jupiter.api.Assumptions.assumeTrue(
                    java.util.List.of(InetAddress.getAllByName("localhost")).contains(InetAddress.getByName("::1")),
                    "localhost is IPv4 alone here");
            one.server.close();
            one.server = six;
            one.answer("HTTP/1.1 418 X\r\nContent-Length: 0\r\n\r\n", true);
            assertEquals(
                    "HTTP 418",
                    new HttpCall(Time.system(), Duration.ofSeconds(10), 1000)
                            .get(URI.create("http://localhost:" + six.getLocalPort() + "/"))
                            .describe());
        }
    }

    @Test
    void a_redirect_is_an_answer_like_any_other() {
        HttpCall.Answer answer =
                one.get("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", false);
        assertTrue(answer.is(302));
        assertNull(answer.problem());
    }

    @Test
    void each_exchange_is_one_connection_and_one_request_even_when_the_server_drops_it() throws Exception {
        one.answer("", true);
        new HttpCall(Time.system(), Duration.ofSeconds(2), 1000)
                .postJson(
                        URI.create("http://127.0.0.1:" + one.server.getLocalPort() + "/v1/rollouts"),
                        "{}".getBytes(),
                        "X-Autonomy-Operator: me");
        String request = one.requests.poll(5, TimeUnit.SECONDS);
        assertTrue(
                request.startsWith(
                        "POST /v1/rollouts HTTP/1.1\r\nHost: 127.0.0.1:" + one.server.getLocalPort() + "\r\n"),
                request);
        assertTrue(
                request.contains("Content-Length: 2\r\n")
                        && request.contains("X-Autonomy-Operator: me\r\n")
                        && request.endsWith("\r\n\r\n{}"),
                request);
        one.server.setSoTimeout(300);
        org.junit.jupiter.api.Assertions.assertThrows(
                java.net.SocketTimeoutException.class,
                one.server::accept,
                "a POST must never be repeated by the client");
    }
}
