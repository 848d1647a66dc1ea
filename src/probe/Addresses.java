package probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The addresses of pages. */
final class Addresses {
    private static final int MAX_WORDS = 120;

    private Addresses() {}

    /** The address with a parameter, in the place of one of its name. */
    static URI with(URI address, String name, String value) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8) + "=";
        List<String> pairs = new ArrayList<>();
        for (String pair : address.getRawQuery().split("&")) {
            if (!pair.startsWith(encoded)) {
                pairs.add(pair);
            }
        }
        pairs.add(encoded + URLEncoder.encode(value, StandardCharsets.UTF_8));
        return URI.create(withoutQuery(address) + "?" + String.join("&", pairs));
    }

    /** With each field of an object as a parameter. */
    static URI withAll(URI first, JsonNode parameters) {
        URI address = first;
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            address = with(address, parameter.getKey(), parameter.getValue().asText());
        }
        return address;
    }

    private static String withoutQuery(URI address) {
        return address.toString().replaceFirst("[?#].*", "");
    }

    /**
     * The next page's address, as it stands in a page or a header.
     *
     * @param page the address of the page that it stands in
     * @param first an address of the origin that may not be left
     */
    static URI resolve(URI page, PageSigns.Sign sign, URI first) throws NotUnderstood {
        String reference = sign.text();
        URI to;
        try {
            String bare = reference.strip().replaceFirst("#.*", "");
            // resolve() takes the last name off before a query
            to = bare.startsWith("?") ? URI.create(withoutQuery(page) + bare) : page.resolve(bare);
        } catch (IllegalArgumentException noAddress) {
            throw new NotUnderstood("the next page's address is not a URL: " + shortened(reference));
        }
        if (!sameOrigin(to, first)) {
            throw new NotUnderstood("the next page's address " + shortened(reference) + " (" + sign.path()
                    + ") leads to another origin than CP_URL and is not followed: let the control plane give"
                    + " addresses under CP_URL, or name another way in CP_PAGING (cursor, offset, page)");
        }
        return to;
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme() != null
                && one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost() != null
                && one.getHost().equalsIgnoreCase(other.getHost())
                && HttpCall.port(one) == HttpCall.port(other)
                && one.getRawUserInfo() == null;
    }

    static String shortened(String text) {
        return text.length() > MAX_WORDS ? text.substring(0, MAX_WORDS) + "…" : text;
    }
}
