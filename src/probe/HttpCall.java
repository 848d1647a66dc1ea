package probe;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import soak.Time;

/**
 * One HTTP/1.1 exchange on a connection of its own, timed from the TCP connect to the last byte, as
 * {@code curl -w '%{time_total}'} does it.
 *
 * <p>Our own on purpose: this is the measurement. The JDK's clients keep connections, repeat a POST whose connection
 * broke, follow redirects, hand the exchange to other threads, and let a server that sends a byte a second hold them
 * for ever. Here nothing happens but what is written down: one connect, one write, reads until the answer is complete
 * or the deadline has passed.
 */
public final class HttpCall {
  /** What stands for "no answer" in place of a status code, as curl has it. */
  public static final String NO_ANSWER = "000";

  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,15}");

  /**
   * What came back.
   *
   * @param code the status code as text, {@link #NO_ANSWER} if no status line came
   * @param body as much of the body as came; never null
   * @param nanos connect to last byte, or to the failure
   * @param problem null if the answer is complete, else why it is not
   * @param headers the answer's header fields as far as they came, names in lower case, each with all its values in their order
   */
  public record Answer(String code, byte[] body, long nanos, String problem, Map<String, List<String>> headers) {
    /** Every value of a header field, whose name is given in lower case; none where the answer lacks it. */
    public List<String> header(String name) {
      return headers.getOrDefault(name, List.of());
    }

    public boolean is(int wanted) {
      return problem == null && code.equals(Integer.toString(wanted));
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** For a message: the code, and what was wrong beyond it. */
    public String describe() {
      return problem == null ? "HTTP " + code : code.equals(NO_ANSWER) ? problem : "HTTP " + code + ", " + problem;
    }
  }

  private final Time time;
  private final Duration timeout;
  private final int maxBodyBytes;

  /**
   * @param timeout for the whole exchange, however slowly bytes drip
   * @param maxBodyBytes what is read of a body at the most; more is a problem, not an exhausted heap
   */
  public HttpCall(Time time, Duration timeout, int maxBodyBytes) {
    this.time = time;
    this.timeout = timeout;
    this.maxBodyBytes = maxBodyBytes;
  }

  public Answer get(URI uri) {
    return send("GET", uri, null, new String[0]);
  }

  public Answer postJson(URI uri, byte[] body, String... headers) {
    return send("POST", uri, body, headers);
  }

  private Answer send(String method, URI uri, byte[] body, String[] headers) {
    byte[] request = request(method, uri, body, headers);
    boolean tls = "https".equals(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    Reader reader = null;
    long began = time.nanoTime();
    long deadline = System.nanoTime() + timeout.toNanos(); // the machine's own clock: a socket does not wait on a virtual one
    try (Socket plain = new Socket()) {
      plain.setTcpNoDelay(true);
      plain.connect(new InetSocketAddress(uri.getHost(), port), remainingMillis(deadline));
      try (Socket socket = tls ? secure(plain, uri.getHost(), port, deadline) : plain) {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
        reader = new Reader(socket, deadline);
        reader.readAnswer();
        long nanos = time.nanoTime() - began; // the last byte is there: what closing takes is no latency
        return new Answer(reader.code, reader.body.toByteArray(), nanos, null, reader.headers);
      }
    } catch (IOException | RuntimeException e) {
      long nanos = time.nanoTime() - began;
      boolean late = e instanceof SocketTimeoutException || nanos > timeout.toNanos(); // the latter where the soak's clock is a virtual one
      String problem = late ? "no complete answer within " + timeout.toMillis() + " ms" : reason(e);
      return reader == null
          ? new Answer(NO_ANSWER, new byte[0], nanos, problem, Map.of())
          : new Answer(reader.code, reader.body.toByteArray(), nanos, problem, reader.headers);
    }
  }

  private static byte[] request(String method, URI uri, byte[] body, String[] headers) {
    StringBuilder head = new StringBuilder(256);
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    head.append(method).append(' ').append(path);
    if (uri.getRawQuery() != null) {
      head.append('?').append(uri.getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(uri.getRawAuthority())
        .append("\r\nUser-Agent: soak-val12\r\nAccept: */*\r\nConnection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    if (body != null) {
      head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length).append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    if (body == null) {
      return start;
    }
    byte[] all = new byte[start.length + body.length]; // one write, so one segment where it fits
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  private static Socket secure(Socket plain, String host, int port, long deadline) throws IOException {
    plain.setSoTimeout(remainingMillis(deadline));
    SSLSocket socket = (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // else any valid certificate would do
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static int remainingMillis(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** Reads one answer; its fields hold what came so far, whenever it fails. */
  private final class Reader {
    private final Socket socket;
    private final InputStream in;
    private final long deadline;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private String code = NO_ANSWER;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(BUFFER_BYTES);

    private Reader(Socket socket, long deadline) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      this.deadline = deadline;
    }

    private void readAnswer() throws IOException {
      long length = -1;
      boolean chunked = false;
      int status;
      do { // 1xx answers announce the one that counts
        String line = line();
        if (!STATUS_LINE.matcher(line).matches()) {
          throw new IOException("the answer is no HTTP: " + (line.length() > 60 ? line.substring(0, 60) + "…" : line));
        }
        status = Integer.parseInt(line.substring(9, 12));
        length = -1;
        chunked = false;
        headers.clear();
        int headerBytes = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
          int colon = header.indexOf(':');
          String name = colon < 0 ? "" : header.substring(0, colon).strip().toLowerCase(Locale.ROOT);
          String value = header.substring(colon + 1).strip();
          headerBytes += header.length();
          if (headerBytes > MAX_HEADER_BYTES) {
            throw new IOException("the answer's header is longer than " + MAX_HEADER_BYTES + " bytes");
          }
          headers.computeIfAbsent(name, unknown -> new ArrayList<>()).add(value);
          if (name.equals("content-length")) {
            length = contentLength(value);
          } else if (name.equals("transfer-encoding")) {
            chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
          }
        }
      } while (status >= 100 && status < 200);
      code = Integer.toString(status);
      if (status == 204 || status == 304) {
        return;
      }
      if (chunked) {
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
          copy(size);
          line();
        }
        while (!line().isEmpty()) {
          // trailers say nothing that is needed here
        }
      } else if (length >= 0) {
        copy(length);
      } else {
        do {
          keep(buffer, position, limit - position);
          position = limit;
        } while (fill());
      }
    }

    private long contentLength(String value) throws IOException {
      if (!LENGTH.matcher(value).matches()) {
        throw new IOException("the answer's Content-Length is no number: " + value);
      }
      return Long.parseLong(value);
    }

    private long chunkSize() throws IOException {
      String line = line();
      int end = line.indexOf(';');
      String hex = (end < 0 ? line : line.substring(0, end)).strip();
      if (!CHUNK_SIZE.matcher(hex).matches()) {
        throw new IOException("the answer's chunk size is no number: " + hex);
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
          throw new EOFException(code.equals(NO_ANSWER) && line.size() == 0 ? "the connection was closed without an answer" : "the answer ended early");
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
      return count > 0;
    }
  }
}
