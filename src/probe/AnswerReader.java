package probe;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads one HTTP/1 answer; its fields hold what came so far, whenever it fails. An answer is whole or it fails: a body
 * that ends before its length, a chunk that is cut, a length that is said in two ways and a coding that was not asked
 * for are failures (RFC 9112, section 6.3 and 8).
 */
final class AnswerReader {
    private static final int MAX_HEADER_BYTES = 300 * 1024; // curl's
    private static final int BUFFER_BYTES = 16 * 1024;
    static final String CLOSED = "the connection was closed without an answer";
    static final String TLS = "the answer is TLS and not HTTP: write https:// in the URL";
    private static final byte TLS_ALERT = 21;
    private static final byte TLS_MAJOR_VERSION = 3;
    static final String HTTP_2 = "the answer is HTTP/2 alone, and this program speaks HTTP/1.1: let the control"
            + " plane, or a proxy before it, speak that";
    /** What an HTTP/2 server says first: a frame of settings, for no stream; its length may be any. */
    private static final byte[] SETTINGS = {4, 0, 0, 0, 0, 0};

    private static final int SETTINGS_AT = 3;
    private static final int SHOWN_CHARS = 60;
    // a reason in UTF-8 holds bytes that Latin-1 has as line ends
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?", Pattern.DOTALL);
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,15}");

    /** An HTTP answer came, and says in a way that is not read where its body ends: whoever sent it is not silent. */
    static final class NotRead extends IOException {
        private static final long serialVersionUID = 1;

        private NotRead(String message) {
            super(message);
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final long deadline;
    private final int maxBodyBytes;
    private final Credentials credentials;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private int status;
    private int headerBytes;
    private boolean heard;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(BUFFER_BYTES);

    /**
     * @param deadline on the clock of {@link System#nanoTime}
     * @param credentials what came with the request, and must not stand in a message that quotes the answer
     */
    AnswerReader(Socket socket, long deadline, int maxBodyBytes, Credentials credentials) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = deadline;
        this.maxBodyBytes = maxBodyBytes;
        this.credentials = credentials;
    }

    /** The final status line's code; 0 until its whole header has come. */
    int status() {
        return status;
    }

    /** Whether a single byte came. */
    boolean heard() {
        return heard;
    }

    byte[] body() {
        return body.toByteArray();
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    void readAnswer() throws IOException {
        int code = readHead();
        while (code >= 100 && code < 200) { // it announces the one that counts
            code = readHead();
        }
        status = code;
        if (status == 204 || status == 304) {
            return;
        }
        List<String> codings = headers.getOrDefault("transfer-encoding", List.of());
        if (!codings.isEmpty()) {
            if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new NotRead(
                        "the body comes in a transfer coding that was not requested: " + String.join(", ", codings));
            }
            readChunks();
        } else if (headers.containsKey("content-length")) {
            copy(contentLength());
        } else {
            do {
                keep(buffer, position, limit - position);
                position = limit;
            } while (fill());
        }
    }

    private int readHead() throws IOException {
        headers.clear();
        String first = firstLine();
        if (!STATUS_LINE.matcher(first).matches()) {
            throw new IOException("the answer is not HTTP: " + shown(first));
        }
        List<String> values = new ArrayList<>(); // of the field before
        for (String header = headerLine(); !header.isEmpty(); header = headerLine()) {
            int colon = header.indexOf(':');
            // its value goes on: of old, fields were folded (RFC 9112, section 5.2)
            if (header.charAt(0) == ' ' || header.charAt(0) == '\t') {
                if (!values.isEmpty()) {
                    values.set(values.size() - 1, (values.get(values.size() - 1) + " " + header.strip()).strip());
                }
            } else if (colon >= 0) {
                String name = header.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                values = headers.computeIfAbsent(name, unknown -> new ArrayList<>());
                values.add(header.substring(colon + 1).strip());
            }
        }
        return Integer.parseInt(first.substring(9, 12));
    }

    /** A TLS server answers plain HTTP by an alert, and one of HTTP/2 alone by its settings: neither is a line. */
    private String firstLine() throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException(heard ? "the answer ended early" : CLOSED);
        }
        if (buffer[position] == TLS_ALERT && limit - position > 1 && buffer[position + 1] == TLS_MAJOR_VERSION) {
            throw new IOException(TLS);
        }
        int settings = position + SETTINGS_AT;
        if (buffer[position] == 0
                && limit >= settings + SETTINGS.length
                && Arrays.equals(buffer, settings, settings + SETTINGS.length, SETTINGS, 0, SETTINGS.length)) {
            throw new IOException(HTTP_2);
        }
        return line();
    }

    /**
     * Of all heads of the answer and its trailers together: one that never ends must not hold a round for its whole
     * timeout.
     */
    private String headerLine() throws IOException {
        String line = line();
        headerBytes += line.length() + 1;
        if (headerBytes > MAX_HEADER_BYTES) {
            throw new IOException("the answer's header is longer than " + MAX_HEADER_BYTES + " bytes");
        }
        return line;
    }

    /** The one that all fields and all their list elements agree on. */
    private long contentLength() throws IOException {
        String said = String.join(",", headers.get("content-length"));
        List<String> lengths =
                Arrays.stream(said.split(",", -1)).map(String::strip).distinct().toList();
        if (lengths.size() > 1) {
            throw new NotRead("the answer has more than one Content-Length: " + shown(said));
        }
        if (!LENGTH.matcher(lengths.get(0)).matches()) {
            throw new NotRead("the answer's Content-Length is not a number: " + shown(said));
        }
        return Long.parseLong(lengths.get(0));
    }

    private void readChunks() throws IOException {
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            copy(size);
            if (!line().isEmpty()) {
                throw new IOException("a chunk of the body is longer than it said");
            }
        }
        while (!headerLine().isEmpty()) {
            // trailers say nothing that is needed here
        }
    }

    private long chunkSize() throws IOException {
        String line = line();
        int end = line.indexOf(';');
        String hex = (end < 0 ? line : line.substring(0, end)).strip();
        if (!CHUNK_SIZE.matcher(hex).matches()) {
            throw new IOException("the answer's chunk size is not a number: " + shown(hex));
        }
        return Long.parseLong(hex, 16);
    }

    private void copy(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            if (position == limit && !fill()) {
                throw new EOFException("the body ended " + left + " bytes early");
            }
            int part = (int) Math.min(left, limit - position);
            keep(buffer, position, part);
            position += part;
            left -= part;
        }
    }

    private void keep(byte[] from, int offset, int count) throws IOException {
        if (body.size() + count > maxBodyBytes) {
            throw new IOException("the body is larger than " + maxBodyBytes + " bytes");
        }
        body.write(from, offset, count);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (true) {
            if (position == limit && !fill()) {
                throw new EOFException(heard ? "the answer ended early" : CLOSED);
            }
            byte b = buffer[position++];
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(b);
            if (line.size() > MAX_HEADER_BYTES) {
                throw new IOException("a header line is longer than " + MAX_HEADER_BYTES + " bytes");
            }
        }
    }

    private boolean fill() throws IOException {
        socket.setSoTimeout(remainingMillis(deadline));
        int count = in.read(buffer);
        position = 0;
        limit = Math.max(count, 0);
        heard |= count > 0;
        return count > 0;
    }

    static int remainingMillis(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    private String shown(String answered) {
        String text = credentials.redacted(answered);
        return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "…" : text;
    }
}
