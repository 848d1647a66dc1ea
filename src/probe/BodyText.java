package probe;

import base.Json;
import base.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** An answer's body as the text that it stands for, and as much of it as a sentence may quote. */
final class BodyText {
    /** What a sentence quotes of a body at the most. */
    static final int SAID_BYTES = 2048;
    /** A page of HTML may begin with a style sheet. */
    private static final int LOOKED_AT_BYTES = 128 * 1024;

    private static final int HEX_SHOWN = 16;
    /** How what is said of a page begins. */
    static final String PAGE = "a page of HTML: ";

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final String CODING = "content-encoding";
    private static final Pattern CHARSET =
            Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9][\\w.:+-]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern BEFORE_HTML = Pattern.compile("\\s*(?:<!--.*?-->|<\\?.*?\\?>)", Pattern.DOTALL);
    private static final Pattern HTML =
            Pattern.compile("\\s*<(?:!doctype\\s+html|html|head|body)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_WORDS = Pattern.compile(
            "<(script|style)\\b.*?(?:</\\1\\s*>|\\z)|<!--.*?(?:-->|\\z)|<[^>]*(?:>|\\z)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Both halves of a character; or one alone; or what else is spelt out. */
    private static final Pattern ESCAPE =
            Pattern.compile("\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}"
                    + "|(\\\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\\\.");

    private BodyText() {}

    /**
     * The body without the codings that its Content-Encoding names: nobody asked for one, and some servers compress all
     * the same. What is none of gzip and deflate, or is not what it says, stays as it came.
     *
     * @param mostBytes of the body that comes out; one that is larger stays as it came
     */
    static byte[] unpacked(byte[] body, Map<String, List<String>> headers, int mostBytes) {
        byte[] unpacked = body;
        List<String> codings = codings(headers);
        for (int i = codings.size() - 1; i >= 0 && body.length > 0; i--) { // the last one was put on last
            try (InputStream in = stream(codings.get(i), unpacked)) {
                if (in == null) {
                    return body;
                }
                unpacked = in.readNBytes(mostBytes + 1);
                if (unpacked.length > mostBytes) {
                    return body;
                }
            } catch (IOException notWhatItSays) {
                return body;
            }
        }
        return unpacked;
    }

    private static List<String> codings(Map<String, List<String>> headers) {
        List<String> codings = new ArrayList<>();
        for (String coding :
                String.join(",", headers.getOrDefault(CODING, List.of())).split(",")) {
            String name = coding.strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !name.equals("identity")) {
                codings.add(name);
            }
        }
        return codings;
    }

    private static InputStream stream(String coding, byte[] body) throws IOException {
        return switch (coding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(new ByteArrayInputStream(body), BUFFER_BYTES);
            // zlib's header names the method 8 and is a multiple of 31 (RFC 1950); some leave it out
            case "deflate" ->
                new InflaterInputStream(
                        new ByteArrayInputStream(body),
                        new Inflater(body.length < 2
                                || (body[0] & 0x0F) != 8
                                || ((body[0] & 0xFF) << 8 | body[1] & 0xFF) % 31 != 0));
            default -> null;
        };
    }

    /**
     * By its byte order mark, else by the charset that the answer names, else as JSON is (UTF-8, and of old UTF-16);
     * the mark is no part of it.
     */
    static String of(byte[] body, List<String> contentType) {
        return Json.withoutMark(new String(body, charset(body, contentType)));
    }

    /**
     * The text's bytes in UTF-8 without a mark: what evidence keeps, and what every reader of it reads. A byte that is
     * no character, and half of one that JSON spells out (a message that was cut in its middle), are U+FFFD there: a
     * round that reads on over them must not leave a file that a report cannot read.
     */
    static byte[] utf8(byte[] body, List<String> contentType) {
        String text = of(body, contentType);
        Matcher escape = ESCAPE.matcher(text);
        String whole = text.contains("\\u")
                ? escape.replaceAll(
                        found -> Matcher.quoteReplacement(found.group(1) == null ? found.group() : "\\ufffd"))
                : text;
        byte[] kept = whole.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(kept, body) ? body : kept;
    }

    private static Charset charset(byte[] body, List<String> contentType) {
        int first = body.length < 2 ? 0 : (body[0] & 0xFF) << 8 | body[1] & 0xFF;
        switch (first) {
            case 0xFEFF, '{', '[':
                return StandardCharsets.UTF_16BE;
            case 0xFFFE, '{' << 8, '[' << 8:
                return StandardCharsets.UTF_16LE;
            default:
                if (everySecondIsZero(body, 0)) {
                    return StandardCharsets.UTF_16BE;
                }
                if (everySecondIsZero(body, 1)) {
                    return StandardCharsets.UTF_16LE;
                }
                // JSON is UTF-8 whatever a header says of it, and many a server says ISO-8859-1 out of habit.
                Matcher named = CHARSET.matcher(String.join(" ", contentType));
                return !named.find()
                                || !Charset.isSupported(named.group(1))
                                || isUtf8(body)
                                        && isText(new String(
                                                body, 0, Math.min(body.length, SAID_BYTES), StandardCharsets.UTF_8))
                        ? StandardCharsets.UTF_8
                        : Charset.forName(named.group(1));
        }
    }

    /** As in UTF-16, whose first two characters are ASCII in JSON, in HTML and in most else (RFC 4627, section 3). */
    private static boolean everySecondIsZero(byte[] body, int zero) {
        return body.length > 3
                && body[zero] == 0
                && body[zero + 2] == 0
                && isAscii(body[1 - zero])
                && isAscii(body[3 - zero]);
    }

    private static boolean isAscii(byte b) {
        return b >= ' ' && b <= '~' || b == '\n' || b == '\r' || b == '\t';
    }

    private static boolean isUtf8(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException other) {
            return false;
        }
    }

    /**
     * The beginning of a body for a sentence: one line of at most {@link #SAID_BYTES}, without control characters and
     * without secrets; of a page of HTML its words; of what is no text its first bytes. Empty where there is no body.
     *
     * @param redacted takes secrets out, before anything is cut
     */
    static String said(byte[] body, Map<String, List<String>> headers, UnaryOperator<String> redacted) {
        if (body.length == 0) {
            return "";
        }
        List<String> contentType = headers.getOrDefault("content-type", List.of());
        String text = redacted.apply(of(Arrays.copyOf(body, Math.min(body.length, LOOKED_AT_BYTES)), contentType));
        if (body.length > LOOKED_AT_BYTES) {
            text = text.substring(0, text.length() / 2); // what was cut there may be half a secret
        }
        if (!isText(text)) {
            List<String> codings = codings(headers);
            return body.length + " bytes that are not text ("
                    + HexFormat.ofDelimiter(" ").formatHex(body, 0, Math.min(HEX_SHOWN, body.length))
                    + (body.length > HEX_SHOWN ? " …" : "")
                    + (codings.isEmpty()
                            ? ""
                            : "; Content-Encoding: " + Printable.line(String.join(", ", codings), 60)
                                    + ", which was not requested")
                    + ")";
        }
        if (isPage(text)) {
            return Printable.line(PAGE + words(text), SAID_BYTES);
        }
        return Printable.line(text, SAID_BYTES);
    }

    /**
     * Behind any number of comments and declarations, one at a time: a pattern of them all would be as deep as there
     * are many.
     */
    private static boolean isPage(String text) {
        Matcher before = BEFORE_HTML.matcher(text);
        int begin = 0;
        while (before.region(begin, text.length()).lookingAt()) {
            begin = before.end();
        }
        return HTML.matcher(text).region(begin, text.length()).lookingAt();
    }

    private static String words(String html) {
        return NO_WORDS.matcher(html)
                .replaceAll(" ")
                .replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    /** Whether the beginning reads as one: few characters of it are none. */
    private static boolean isText(String text) {
        String beginning = text.substring(0, Math.min(text.length(), SAID_BYTES));
        long odd = beginning
                .chars()
                .filter(c -> c == '\uFFFD' || c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\u001b')
                .count();
        return odd * 5 <= beginning.length();
    }
}
