package base;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * A POST to a service that only listens to a soak. By HttpURLConnection, which costs a fresh JVM 30 ms where
 * java.net.http costs 420 ms, and which knows proxies, as the prober's own exchange does not.
 */
public final class Post {
    private Post() {}

    /**
     * Sends it. A redirect is the caller's to follow: the JDK would send a GET without the body, and none from http to
     * https.
     *
     * @param limit to connect, and again for each read
     * @return the connection, whose answer the caller reads
     */
    public static HttpURLConnection sent(URI to, String contentType, byte[] body, Duration limit) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) to.toURL().openConnection();
        int millis = (int) Math.max(1, limit.toMillis());
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("User-Agent", "soak-val12");
        connection.setRequestProperty("Content-Type", contentType);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        return connection;
    }

    /** Why no answer came, in words that tell nothing of the address but its host: the rest may be a secret. */
    public static String noAnswer(Exception e, URI from) {
        String said = String.valueOf(e.getMessage());
        if (e instanceof UnknownHostException) {
            return "the name of its host is not known";
        }
        if (e instanceof SocketTimeoutException) {
            return "it took too long";
        }
        if (e instanceof ConnectException && said.contains("refused")) {
            return "connection refused";
        }
        return e.getMessage() == null || tellsTheAddress(said, from) ? inWords(e) : said;
    }

    private static boolean tellsTheAddress(String said, URI from) {
        return said.contains("://")
                || Stream.of(from.getRawPath(), from.getRawQuery(), from.getRawUserInfo())
                        .anyMatch(part -> part != null && part.length() > 1 && said.contains(part));
    }

    private static String inWords(Exception e) {
        if (e instanceof SSLException) {
            return "the TLS handshake failed";
        }
        return e instanceof SocketException
                ? "the connection broke"
                : e instanceof IOException ? "the answer is not HTTP" : "the address is not valid";
    }
}
