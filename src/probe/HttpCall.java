package probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * What came back.
   *
   * @param code the status code as text; {@link #NO_ANSWER} if no whole answer came: half an answer is none, whatever its first line said
   * @param body as much of the body as came; never null
   * @param nanos connect to last byte, or to the failure
   * @param problem null if the answer is complete, else why it is not, with the code of a status line that did come
   * @param headers the answer's header fields as far as they came, names in lower case, each with all its values in their order
   * @param heard whether the other side said anything at all, be it half an answer or a refusal in the TLS handshake
   */
  public record Answer(String code, byte[] body, long nanos, String problem, Map<String, List<String>> headers, boolean heard) {
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

    /** For a message: the code, or what was wrong. */
    public String describe() {
      return problem == null ? "HTTP " + code : problem;
    }
  }

  private final Time time;
  private final Duration timeout;
  private final int maxBodyBytes;
  private Guard guard = uri -> Optional.empty();

  /**
   * @param timeout for the whole exchange, however slowly bytes drip
   * @param maxBodyBytes what is read of a body at the most; more is a problem, not an exhausted heap
   */
  public HttpCall(Time time, Duration timeout, int maxBodyBytes) {
    this.time = time;
    this.timeout = timeout;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** The same calls, but nothing is sent where the guard refuses it, and no answer counts that came from there. */
  public HttpCall guardedBy(Guard guard) {
    HttpCall guarded = new HttpCall(time, timeout, maxBodyBytes);
    guarded.guard = guard;
    return guarded;
  }

  public Answer get(URI uri) {
    return send("GET", uri, null, new String[0]);
  }

  public Answer postJson(URI uri, byte[] body, String... headers) {
    return send("POST", uri, body, headers);
  }

  private Answer send(String method, URI uri, byte[] body, String[] headers) {
    Optional<String> refusal = guard.refusal(uri);
    if (refusal.isPresent()) {
      return new Answer(NO_ANSWER, new byte[0], 0, "nothing was sent: " + refusal.get(), Map.of(), false);
    }
    Answer answer = exchange(method, uri, body, headers);
    return guard.refusal(uri).map(since -> new Answer(NO_ANSWER, new byte[0], answer.nanos(), "the answer may be another's: " + since, Map.of(), false)).orElse(answer);
  }

  private Answer exchange(String method, URI uri, byte[] body, String[] headers) {
    byte[] request = request(method, uri, body, headers);
    boolean tls = "https".equals(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    AnswerReader reader = null;
    long began = time.nanoTime();
    long deadline = System.nanoTime() + timeout.toNanos(); // the machine's own clock: a socket does not wait on a virtual one
    try (Socket plain = new Socket()) {
      plain.setTcpNoDelay(true);
      plain.connect(new InetSocketAddress(uri.getHost(), port), AnswerReader.remainingMillis(deadline));
      try (Socket socket = tls ? secure(plain, uri.getHost(), port, deadline) : plain) {
        reader = new AnswerReader(socket, deadline, maxBodyBytes);
        IOException unsent = write(socket, request);
        try {
          reader.readAnswer();
        } catch (IOException e) {
          throw unsent == null || reader.heard() ? e : unsent;
        }
        long nanos = time.nanoTime() - began; // the last byte is there: what closing takes is no latency
        return new Answer(Integer.toString(reader.status()), reader.body(), nanos, null, reader.headers(), true);
      }
    } catch (IOException | RuntimeException e) {
      long nanos = time.nanoTime() - began;
      boolean late = e instanceof SocketTimeoutException || nanos > timeout.toNanos(); // the latter where the soak's clock is a virtual one
      String problem = late ? "no complete answer within " + timeout.toMillis() + " ms" : reason(e);
      if (reader == null) {
        return new Answer(NO_ANSWER, new byte[0], nanos, problem, Map.of(), false);
      }
      String seen = reader.status() == 0 ? "" : "HTTP " + reader.status() + ", ";
      return new Answer(NO_ANSWER, reader.body(), nanos, seen + problem, reader.headers(), reader.heard());
    }
  }

  /** @return what kept the request from being sent whole: whoever hangs up on it may have answered before */
  private static IOException write(Socket socket, byte[] request) {
    try {
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return null;
    } catch (IOException e) {
      return e;
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
    plain.setSoTimeout(AnswerReader.remainingMillis(deadline));
    SSLSocket socket = (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // else any valid certificate would do
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
