package settings;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The ways in which programs write a value that they were given: as it is, as one encoder or another has it in JSON, in
 * a URL, in HTML.
 */
final class Spellings {
    /** What is escaped in JSON beyond what must be: by most; by Go, Rails and PHP; by Gson; by .NET. */
    private static final List<String> CAUTIOUS = List.of("", "<>&", "<>&='", "\"&'+<>`");

    private static final Pattern URL_BYTE = Pattern.compile("%[0-9A-F]{2}");

    private Spellings() {}

    /** The value itself first; it alone where nothing in it needs to be written otherwise. */
    static Set<String> of(String value) {
        Set<String> all = new LinkedHashSet<>();
        all.add(value);
        for (String cautious : CAUTIOUS) {
            for (String unicode : List.of("", "\\u%04x", "\\u%04X")) {
                String json = json(value, cautious, unicode);
                all.add(json);
                all.add(json.replace("/", "\\/"));
                all.add(json(json, "", "")); // JSON within JSON
            }
        }
        String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
        String url = form.replace("+", "%20");
        for (String text : List.of(
                form,
                url,
                url.replace("%2F", "/"),
                url.replace("%21", "!")
                        .replace("%27", "'")
                        .replace("%28", "(")
                        .replace("%29", ")")
                        .replace("%7E", "~"))) {
            all.add(text);
            all.add(URL_BYTE.matcher(text).replaceAll(m -> m.group().toLowerCase(Locale.ROOT)));
        }
        String html = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        for (String text : List.of(html, html.replace("\"", "&quot;"), html.replace("\"", "&#34;"))) {
            all.add(text);
            all.add(text.replace("'", "&#39;"));
            all.add(text.replace("'", "&#x27;"));
        }
        all.add(html.replace("\"", "&quot;").replace("'", "&#x27;").replace("/", "&#x2F;"));
        all.add(html.replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replace("/", "&#x2F;")
                .replace("=", "&#x3D;")
                .replace("`", "&#x60;"));
        return all;
    }

    /** @param unicode how a character beyond ASCII is written; as it is where empty */
    private static String json(String value, String cautious, String unicode) {
        String escape = unicode.isEmpty() ? "\\u%04x" : unicode;
        StringBuilder json = new StringBuilder();
        for (char c : value.toCharArray()) {
            if (cautious.indexOf(c) >= 0 || c < ' ' && c != '\t' || c > '~' && !unicode.isEmpty()) {
                json.append(String.format(Locale.ROOT, escape, (int) c));
            } else {
                json.append(c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\t' ? "\\t" : String.valueOf(c));
            }
        }
        return json.toString();
    }
}
