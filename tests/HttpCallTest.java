import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import probe.HttpCall;
import soak.Time;

/** One exchange against a socket that answers byte for byte what the test says. */
class HttpCallTest {
    private ServerSocket server;
    /** The head of each request that came. */
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** Answers one connection with these bytes and closes it, or leaves it open. */
    private void answer(String bytes, boolean close) {
        Thread thread = new Thread(() -> {
            try {
                Socket socket = server.accept();
                byte[] head = new byte[4096];
                InputStream in = socket.getInputStream();
                int count = in.read(head);
                requests.add(new String(head, 0, Math.max(count, 0), StandardCharsets.UTF_8));
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                if (close) {
                    socket.close();
                }
            } catch (IOException ended) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private HttpCall.Answer get(Duration timeout) {
        return new HttpCall(Time.system(), timeout, 1000)
                .get(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/a?b=c"));
    }

    private HttpCall.Answer get(String bytes, boolean close) {
        answer(bytes, close);
        return get(Duration.ofSeconds(10));
    }

    @Test
    void a_body_of_known_length_is_complete_although_the_connection_stays_open() {
        HttpCall.Answer answer = get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false);
        assertTrue(answer.is(200));
        assertEquals("hello", answer.text());
        assertTrue(answer.nanos() > 0);
    }

    @Test
    void chunks_with_extensions_and_trailers_are_joined() {
        assertEquals(
                "hello world",
                get(
                                "HTTP/1.1 200 OK\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\n"
                                        + "5;x=y\r\n"
                                        + "hello\r\n"
                                        + "6\r\n"
                                        + " world\r\n"
                                        + "0\r\n"
                                        + "Trailer: t\r\n\r\n",
                                false)
                        .text());
    }

    @Test
    void without_a_length_the_end_of_the_connection_ends_the_body() {
        HttpCall.Answer answer = get("HTTP/1.0 201 Created\r\n\r\nall there is", true);
        assertTrue(answer.is(201));
        assertEquals("all there is", answer.text());
    }

    @Test
    void interim_answers_are_passed_over_and_a_204_has_no_body() {
        HttpCall.Answer answer = get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", false);
        assertTrue(answer.is(204));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 10##hell|HTTP 201, the body ended 6 bytes early",
                "Transfer-Encoding: chunked##5#hel|HTTP 201, the body ended 2 bytes early",
                "Transfer-Encoding: chunked##5#hello#|HTTP 201, the answer ended early",
                "Transfer-Encoding: chunked##5#hello#0#|HTTP 201, the answer ended early",
                "Transfer-Encoding: chunked##5#hello!#0##|HTTP 201, a chunk of the body is longer than it said",
                "Transfer-Encoding: gzip, chunked##5#hello#0##|HTTP 201, the body comes in a transfer coding that"
                        + " nobody asked for: gzip, chunked",
                "Transfer-Encoding: xchunked##5#hello#0##|HTTP 201, the body comes in a transfer coding that nobody"
                        + " asked for: xchunked",
                "Content-Length: 5#Content-Length: 6##hello!|HTTP 201, the answer has more than one Content-Length:"
                        + " 5,6",
                "Content-Length: 5, 6##hello!|HTTP 201, the answer has more than one Content-Length: 5, 6",
                "Content-Length: -5##hello|HTTP 201, the answer's Content-Length is no number: -5",
                "Content-Length:##hello|HTTP 201, the answer's Content-Length is no number: ",
                "Content-Le|the answer ended early"
            })
    void half_an_answer_is_no_answer_and_says_what_came(String rest, String told) {
        HttpCall.Answer answer = get("HTTP/1.1 201 Created#".concat(rest).replace("#", "\r\n"), true);
        assertEquals("000", answer.code());
        assertFalse(answer.is(201));
        assertEquals(told.strip(), answer.problem().strip());
        assertFalse(answer.refused());
    }

    @Test
    void the_same_length_said_twice_is_one_length() {
        assertEquals(
                "hello",
                get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5, 5\r\n\r\nhello", false)
                        .text());
    }

    @Test
    void a_body_that_a_reset_ends_is_half_a_body_where_nothing_but_the_end_tells_its_length() throws Exception {
        Thread resetting = new Thread(() -> {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[4096]);
                socket.getOutputStream().write("HTTP/1.0 201 Created\r\n\r\nall there".getBytes());
                socket.setSoLinger(true, 0); // the close is a reset
            } catch (IOException ended) {
                // the test is over
            }
        });
        resetting.start();
        HttpCall.Answer answer = get(Duration.ofSeconds(10));
        resetting.join();
        assertEquals("000", answer.code(), answer.describe());
        assertFalse(answer.is(201));
    }

    @Test
    void a_header_that_never_ends_is_given_up_long_before_the_timeout() {
        HttpCall.Answer answer = get("HTTP/1.1 201 Created\r\n" + "X-Again: and again\r\n".repeat(5_000), false);
        assertEquals("the answer's header is longer than 65536 bytes", answer.describe());
        assertEquals(
                "the answer's header is longer than 65536 bytes",
                get("HTTP/1.1 100 Continue\r\nA: b\r\n\r\n".repeat(20_000), false)
                        .describe());
    }

    @Test
    void no_answer_is_000_with_its_reason() throws IOException {
        assertEquals(
                "the connection was closed without an answer", get("", true).describe());
        assertTrue(get("SSH-2.0-OpenSSH\r\n", true).describe().startsWith("the answer is no HTTP: SSH-2.0"));
        server.close();
        HttpCall.Answer refused = get(Duration.ofSeconds(10));
        assertEquals("000", refused.code());
        assertTrue(refused.problem().contains("refused"), refused.problem());
    }

    @Test
    void a_server_that_says_nothing_or_drips_is_left_at_the_deadline_of_the_whole_exchange() {
        answer("", false);
        assertEquals(
                "no complete answer within 200 ms", get(Duration.ofMillis(200)).problem());
        Thread drip = new Thread(() -> {
            try (Socket socket = server.accept()) {
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
                "no complete answer within 300 ms", get(Duration.ofMillis(300)).problem());
    }

    @Test
    void a_body_without_end_is_given_up() {
        assertEquals(
                "HTTP 200, the body is larger than 1000 bytes",
                get("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(5000), true).describe());
    }

    @Test
    void each_value_of_a_header_field_is_kept_in_its_order_whatever_the_case_of_its_name() {
        HttpCall.Answer answer = get(
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
    void a_header_without_end_is_given_up() {
        HttpCall.Answer answer =
                get("HTTP/1.1 200 OK\r\n" + ("X-Filler: " + "x".repeat(1000) + "\r\n").repeat(70) + "\r\n", true);
        assertTrue(answer.problem().contains("header is longer than 65536 bytes"), answer.problem());
    }

    @Test
    void a_folded_header_field_is_one_value() {
        HttpCall.Answer answer = get(
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
        HttpCall.Answer answer = get(head.replace("#", "\r\n") + "\r\ncontent-LENGTH:2\r\n\r\n{}", false);
        assertTrue(answer.is(200), answer.describe());
        assertEquals("{}", answer.text());
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean bare) {
        java.util.zip.Deflater deflater = new java.util.zip.Deflater(9, bare);
        deflater.setInput(plain);
        deflater.finish();
        byte[] packed = new byte[1000];
        return java.util.Arrays.copyOf(packed, deflater.deflate(packed));
    }

    @Test
    void a_body_that_is_packed_though_nobody_asked_is_unpacked() throws Exception {
        byte[] plain = "{\"plans\":[]}".getBytes(StandardCharsets.UTF_8);
        for (Object[] form : new Object[][] {
            {"gzip", gzip(plain)},
            {"x-GZIP", gzip(plain)},
            {"deflate", deflate(plain, false)},
            {"deflate", deflate(plain, true)},
            {"deflate, gzip", gzip(deflate(plain, false))},
            {"identity", plain},
            {"gzip\r\nTransfer-Encoding: chunked", null}
        }) {
            byte[] packed = (byte[]) form[1];
            HttpCall.Answer answer = packed == null
                    ? get(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(gzip(plain).length) + "\r\n" + latin1(gzip(plain))
                                    + "\r\n0\r\nETag: x\r\n\r\n",
                            false)
                    : get(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: " + form[0] + "\r\nContent-Length: " + packed.length
                                    + "\r\n\r\n" + latin1(packed),
                            false);
            assertTrue(answer.is(200), answer.describe());
            assertEquals("{\"plans\":[]}", answer.text(), (String) form[0]);
        }
    }

    @Test
    void what_cannot_be_unpacked_stays_as_it_came_and_is_named_and_a_bomb_is_none() throws Exception {
        byte[] bomb = gzip(new byte[2000]);
        assertEquals(
                bomb.length,
                get(
                                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.length
                                        + "\r\n\r\n" + latin1(bomb),
                                false)
                        .body()
                        .length,
                "the limit of a body is one of what comes out");
        byte[] cut = java.util.Arrays.copyOf(gzip("{\"plans\":[]}".getBytes(StandardCharsets.UTF_8)), 20);
        HttpCall.Answer broken =
                get("HTTP/1.1 503 X\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + latin1(cut), false);
        assertTrue(
                broken.describe().startsWith("HTTP 503: 20 bytes that are no text (1f 8b 08 ")
                        && broken.describe().endsWith("; Content-Encoding: gzip, which nobody asked for)"),
                broken.describe());
        HttpCall.Answer brotli = get(
                "HTTP/1.1 201 Created\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n"
                        + latin1(new byte[] {11, 1, 3}),
                false);
        assertTrue(brotli.is(201), "an answer is one whatever its body is packed in");
    }

    @Test
    void the_reason_beside_a_code_may_be_in_any_letters() throws Exception {
        for (String reason :
                new String[] {" \u0423\u0441\u043f\u0435\u0445", " Fält saknas: Å", " a\u0085b", " a\rb", ""}) {
            HttpCall.Answer answer = get(
                    "HTTP/1.1 400" + latin1(reason.getBytes(StandardCharsets.UTF_8))
                            + "\r\nContent-Length: 3\r\n\r\nwhy",
                    false);
            assertEquals("HTTP 400: why", answer.describe(), reason);
        }
    }

    @Test
    void deflate_without_the_header_of_zlib_is_read_though_its_first_bytes_might_be_one() throws Exception {
        byte[] packed = null;
        String text = null;
        for (int i = 0; packed == null || ((packed[0] & 0xFF) << 8 | packed[1] & 0xFF) % 31 != 0; i++) {
            text = "missing field " + i;
            java.util.zip.Deflater raw = new java.util.zip.Deflater(java.util.zip.Deflater.DEFAULT_COMPRESSION, true);
            raw.setInput((i + " " + text).getBytes(StandardCharsets.UTF_8));
            raw.finish();
            byte[] buffer = new byte[200];
            packed = java.util.Arrays.copyOf(buffer, raw.deflate(buffer));
            raw.end();
        }
        assertTrue(
                get(
                                "HTTP/1.1 400 X\r\nContent-Encoding: deflate\r\nContent-Length: " + packed.length
                                        + "\r\n\r\n" + latin1(packed),
                                false)
                        .describe()
                        .endsWith(text),
                text);
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
        java.util.List<String> command =
                new java.util.ArrayList<>(Fork.java("HttpCallTest$ByName", Integer.toString(server.getLocalPort())));
        command.add(1, "-Djdk.net.hosts.file=" + hosts);
        answer("HTTP/1.1 418 X\r\nContent-Length: 0\r\n\r\n", true);
        assertEquals("HTTP 418\n", Fork.run(java.util.Map.of(), command).out());
        server.close();
        assertEquals(
                "nothing listens at two-addresses.test:" + server.getLocalPort() + " (connection refused)\n",
                Fork.run(java.util.Map.of(), command).out());
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
            server.close();
            server = six;
            answer("HTTP/1.1 418 X\r\nContent-Length: 0\r\n\r\n", true);
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
                get("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", false);
        assertTrue(answer.is(302));
        assertNull(answer.problem());
    }

    @Test
    void each_exchange_is_one_connection_and_one_request_even_when_the_server_drops_it() throws Exception {
        answer("", true);
        new HttpCall(Time.system(), Duration.ofSeconds(2), 1000)
                .postJson(
                        URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1/rollouts"),
                        "{}".getBytes(),
                        "X-Autonomy-Operator: me");
        String request = requests.poll(5, TimeUnit.SECONDS);
        assertTrue(
                request.startsWith("POST /v1/rollouts HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\n"),
                request);
        assertTrue(
                request.contains("Content-Length: 2\r\n")
                        && request.contains("X-Autonomy-Operator: me\r\n")
                        && request.endsWith("\r\n\r\n{}"),
                request);
        server.setSoTimeout(300);
        org.junit.jupiter.api.Assertions.assertThrows(
                java.net.SocketTimeoutException.class, server::accept, "a POST must never be repeated by the client");
    }
}
