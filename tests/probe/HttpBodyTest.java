import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import probe.HttpCall;

/** What an answer's body is: where it ends, and what it was packed by. */
class HttpBodyTest {
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
    void a_body_of_known_length_is_complete_although_the_connection_stays_open() {
        HttpCall.Answer answer = one.get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false);
        assertTrue(answer.is(200));
        assertEquals("hello", answer.text());
        assertTrue(answer.nanos() > 0);
    }

    @Test
    void chunks_with_extensions_and_trailers_are_joined() {
        assertEquals(
                "hello world",
                one.get(
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
        HttpCall.Answer answer = one.get("HTTP/1.0 201 Created\r\n\r\nall there is", true);
        assertTrue(answer.is(201));
        assertEquals("all there is", answer.text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 10##hell|HTTP 201, the body ended 6 bytes early|false",
                "Transfer-Encoding: chunked##5#hel|HTTP 201, the body ended 2 bytes early|false",
                "Transfer-Encoding: chunked##5#hello#|HTTP 201, the answer ended early|false",
                "Transfer-Encoding: chunked##5#hello#0#|HTTP 201, the answer ended early|false",
                "Transfer-Encoding: chunked##5#hello!#0##|HTTP 201, a chunk of the body is longer than it said|false",
                "Transfer-Encoding: gzip, chunked##5#hello#0##|HTTP 201, the body comes in a transfer coding that"
                        + " was not requested: gzip, chunked|true",
                "Transfer-Encoding: xchunked##5#hello#0##|HTTP 201, the body comes in a transfer coding that was"
                        + " not requested: xchunked|true",
                "Content-Length: 5#Content-Length: 6##hello!|HTTP 201, the answer has more than one Content-Length:"
                        + " 5,6|true",
                "Content-Length: 5, 6##hello!|HTTP 201, the answer has more than one Content-Length: 5, 6|true",
                "Content-Length: -5##hello|HTTP 201, the answer's Content-Length is not a number: -5|true",
                "Content-Length:##hello|HTTP 201, the answer's Content-Length is not a number: |true",
                "Content-Le|the answer ended early|false"
            })
    void half_an_answer_is_no_answer_and_says_what_came(String rest, String told, boolean isHttpNotRead) {
        HttpCall.Answer answer = one.get("HTTP/1.1 201 Created#".concat(rest).replace("#", "\r\n"), true);
        assertEquals("000", answer.code());
        assertFalse(answer.is(201));
        assertEquals(told.strip(), answer.problem().strip());
        assertEquals(isHttpNotRead, answer.refused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\4\0\0\0\0\0\0\0\10\7\0\0\0\0\0\0\0\0\0\0\0\1", "\0\0\6\4\0\0\0\0\0\0\3\0\0\0\144"})
    void a_server_of_http_2_alone_is_named_as_one_at_once(String bytes) {
        HttpCall.Answer answer = one.get(bytes, false);
        assertEquals("000", answer.code());
        assertTrue(answer.problem().startsWith("the answer is HTTP/2 alone"), answer.problem());
    }

    @Test
    void the_same_length_said_twice_is_one_length() {
        assertEquals(
                "hello",
                one.get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5, 5\r\n\r\nhello", false)
                        .text());
    }

    @Test
    void a_body_that_a_reset_ends_is_half_a_body_where_nothing_but_the_end_tells_its_length() throws Exception {
        Thread resetting = new Thread(() -> {
            try (Socket socket = one.server.accept()) {
                socket.getInputStream().read(new byte[4096]);
                socket.getOutputStream().write("HTTP/1.0 201 Created\r\n\r\nall there".getBytes());
                socket.setSoLinger(true, 0); // the close is a reset
            } catch (IOException ended) {
                // the test is over
            }
        });
        resetting.start();
        HttpCall.Answer answer = one.get(Duration.ofSeconds(10));
        resetting.join();
        assertEquals("000", answer.code(), answer.describe());
        assertFalse(answer.is(201));
    }

    @Test
    void a_body_without_end_is_given_up() {
        assertEquals(
                "HTTP 200, the body is larger than 1000 bytes",
                one.get("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(5000), true).describe());
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
                    ? one.get(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(gzip(plain).length) + "\r\n" + OneAnswer.latin1(gzip(plain))
                                    + "\r\n0\r\nETag: x\r\n\r\n",
                            false)
                    : one.get(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: " + form[0] + "\r\nContent-Length: " + packed.length
                                    + "\r\n\r\n" + OneAnswer.latin1(packed),
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
                one.get(
                                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.length
                                        + "\r\n\r\n" + OneAnswer.latin1(bomb),
                                false)
                        .body()
                        .length,
                "the limit of a body is one of what comes out");
        byte[] cut = java.util.Arrays.copyOf(gzip("{\"plans\":[]}".getBytes(StandardCharsets.UTF_8)), 20);
        HttpCall.Answer broken = one.get(
                "HTTP/1.1 503 X\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + OneAnswer.latin1(cut),
                false);
        assertTrue(
                broken.describe().startsWith("HTTP 503: 20 bytes that are not text (1f 8b 08 ")
                        && broken.describe().endsWith("; Content-Encoding: gzip, which was not requested)"),
                broken.describe());
        HttpCall.Answer brotli = one.get(
                "HTTP/1.1 201 Created\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n"
                        + OneAnswer.latin1(new byte[] {11, 1, 3}),
                false);
        assertTrue(brotli.is(201), "an answer is one whatever its body is packed in");
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
                one.get(
                                "HTTP/1.1 400 X\r\nContent-Encoding: deflate\r\nContent-Length: " + packed.length
                                        + "\r\n\r\n" + OneAnswer.latin1(packed),
                                false)
                        .describe()
                        .endsWith(text),
                text);
    }
}
