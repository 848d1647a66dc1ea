import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Map;
import java.util.TreeMap;

/** Answers that begin well and are not whole: their status line is that of a success. */
final class HalfAnswers {
    /**
     * What each is, by its name; {@code %d} is the status. The connection is closed after it, or held where it says so.
     */
    private static final Map<String, String> FORMS = new TreeMap<>(Map.of(
            "length-that-never-comes", "HTTP/1.1 %d X\r\nContent-Length: 40\r\n\r\n{\"plans\":[]",
            "cut-chunk", "HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"plans\":[]\r\n9\r\n,\"ne",
            "no-last-chunk", "HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
            "end-in-header", "HTTP/1.1 %d X\r\nContent-Type: application/js",
            "two-lengths", "HTTP/1.1 %d X\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
            "unasked-coding", "HTTP/1.1 %d X\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "body-without-end", "HTTP/1.1 %d X\r\n\r\n{} (held)",
            "length-held", "HTTP/1.1 %d X\r\nContent-Length: 40\r\n\r\n{} (held)",
            "header-without-end", "HTTP/1.1 %d X\r\n (endless)"));

    private static final int HEADER_LINES = 100_000;
    private static final long HOLD_MS = 30_000;

    private HalfAnswers() {}

    static String[] names() {
        return FORMS.keySet().toArray(String[]::new);
    }

    static RawHttpServer.Answer of(String form, int status) {
        String text = String.format(FORMS.get(form), status);
        return out -> {
            out.write(text.replaceAll(" \\((held|endless)\\)$", "").getBytes(US_ASCII));
            for (int i = 0; text.endsWith("(endless)") && i < HEADER_LINES; i++) {
                out.write("X-Again: and again\r\n".getBytes(US_ASCII));
            }
            out.flush();
            if (text.endsWith("(held)")) {
                Thread.sleep(HOLD_MS);
            }
            return false;
        };
    }
}
