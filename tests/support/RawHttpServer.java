import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * HTTP/1.1 by hand, because a test needs answers that no well-behaved server library gives: half a body, bytes that are
 * no HTTP, a connection that ends without a word, a byte now and then. One daemon thread a connection.
 */
final class RawHttpServer implements Closeable {
    /** A request; {@code path} without the query, header names in lower case. */
    record Request(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {
        String query(String name, String otherwise) {
            return query.getOrDefault(name, otherwise);
        }
    }

    /** What goes back. */
    interface Answer {
        /** @return whether the connection may be used again */
        boolean write(OutputStream out) throws IOException, InterruptedException;

        static Answer of(int status, String contentType, String body) {
            return out -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                out.write(head(status, contentType, bytes.length, ""));
                out.write(bytes);
                out.flush();
                return true;
            };
        }

        static Answer json(int status, String body) {
            return of(status, "application/json", body);
        }

        /** With header fields of its own: lines that end in CRLF. */
        static Answer json(String headers, String body) {
            return out -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                out.write(head(200, "application/json", bytes.length, headers));
                out.write(bytes);
                out.flush();
                return true;
            };
        }

        /** Exactly these bytes, and then the connection ends. */
        static Answer bytes(byte[]... parts) {
            return out -> {
                for (byte[] part : parts) {
                    out.write(part);
                }
                out.flush();
                return false;
            };
        }

        /** The connection ends without an answer. */
        static Answer drop() {
            return out -> false;
        }

        /** Bytes that are no HTTP at all. */
        static Answer notHttp() {
            return out -> {
                out.write("\u0000\u0001 220 mail.example ESMTP ready\r\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                return false;
            };
        }

        /** Promises the whole body, sends the first part of it and hangs up. */
        static Answer truncated(String body, int sent) {
            return out -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                out.write(head(200, "application/json", bytes.length, ""));
                out.write(bytes, 0, Math.min(sent, bytes.length));
                out.flush();
                return false;
            };
        }

        /** The right answer, one byte each {@code everyMs}. */
        static Answer trickle(String body, long everyMs) {
            return out -> {
                byte[] head = head(200, "application/json", body.length(), "");
                for (byte b : (new String(head, StandardCharsets.UTF_8) + body).getBytes(StandardCharsets.UTF_8)) {
                    out.write(b);
                    out.flush();
                    Thread.sleep(everyMs);
                }
                return true;
            };
        }

        static Answer redirect(String location) {
            return out -> {
                out.write(head(302, "text/html", 0, "Location: " + location + "\r\n"));
                out.flush();
                return true;
            };
        }

        /** Nothing, until the client gives up or {@code limitMs} have passed. */
        static Answer hang(long limitMs) {
            return out -> {
                Thread.sleep(limitMs);
                return false;
            };
        }

        private static byte[] head(int status, String contentType, long length, String more) {
            return ("HTTP/1.1 " + status + " -\r\nContent-Type: " + contentType + "\r\nContent-Length: " + length
                            + "\r\n" + more + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    interface Handler {
        Answer handle(Request request) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread accepting;

    /** @param port 0 = any free one */
    RawHttpServer(String host, int port, Handler handler) throws IOException {
        this.handler = handler;
        listener = new ServerSocket();
        listener.setReuseAddress(true); // a restart finds the port of its predecessor
        listener.bind(new InetSocketAddress(InetAddress.getByName(host), port), 256);
        accepting = daemon(this::accept, "accept " + listener.getLocalPort());
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            accepting.join(); // a thread that waits in accept may get one call yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }

    private static Thread daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                daemon(() -> serve(socket), "connection " + socket.getPort());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 65_536);
            for (Request request = read(in); request != null; request = read(in)) {
                if (!handler.handle(request).write(out)
                        || "close".equalsIgnoreCase(request.headers().get("connection"))) {
                    return;
                }
            }
        } catch (IOException | InterruptedException clientWentAway) {
            // a client that gave up is none of a server's business
        } finally {
            open.remove(socket);
        }
    }

    /** @return the next request, null where the client has closed */
    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ");
        if (words.length != 3) {
            throw new IOException("not a request: " + first);
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        byte[] body;
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                all.write(in.readNBytes(size));
                line(in);
            }
            line(in);
            body = all.toByteArray();
        } else {
            body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        int mark = words[1].indexOf('?');
        Map<String, String> query = new TreeMap<>();
        if (mark >= 0) {
            for (String pair : words[1].substring(mark + 1).split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
            }
        }
        return new Request(
                words[0],
                decode(mark < 0 ? words[1] : words[1].substring(0, mark)),
                query,
                headers,
                new String(body, StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("half a line");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }
}
