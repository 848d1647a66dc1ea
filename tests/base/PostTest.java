import static org.junit.jupiter.api.Assertions.assertEquals;

import base.Post;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** What is said where a service that only listens gives no answer. */
class PostTest {
    @Test
    void an_address_without_a_path_hides_no_reason() {
        for (String address : new String[] {"http://hc.example", "http://hc.example/", "http://hc.example?rid=7"}) {
            assertEquals(
                    "No route to host",
                    Post.noAnswer(new NoRouteToHostException("No route to host"), URI.create(address)));
            assertEquals(
                    "Unexpected end of file from server",
                    Post.noAnswer(new SocketException("Unexpected end of file from server"), URI.create(address)));
        }
    }

    @Test
    void what_repeats_the_address_is_told_in_words_and_never_by_the_name_of_a_class() {
        URI secret = URI.create("https://me:pass@hc.example/4f7d-secret?key=hidden");
        assertEquals("the TLS handshake failed", Post.noAnswer(new SSLHandshakeException("for /4f7d-secret"), secret));
        assertEquals("the connection broke", Post.noAnswer(new SocketException("at key=hidden"), secret));
        assertEquals("the answer is not HTTP", Post.noAnswer(new IOException("of me:pass"), secret));
        assertEquals("the connection broke", Post.noAnswer(new SocketException((String) null), secret));
        assertEquals("the address is not valid", Post.noAnswer(new IllegalArgumentException("x://y"), secret));
    }
}
