package workload;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Ids that come back in another case, with blanks or percent-encoded. */
final class OtherSpelling {
    private OtherSpelling() {}

    /** One of ours beside what stands for it, for a message. */
    static Optional<String> of(List<String> ours, Collection<String> listed) {
        Map<String, String> bySense = new HashMap<>();
        listed.forEach(id -> bySense.putIfAbsent(sense(id), id));
        return ours.stream()
                .filter(id -> bySense.containsKey(sense(id)))
                .findFirst()
                .map(id -> "\"" + bySense.get(sense(id)) + "\" for \"" + id + "\"");
    }

    private static String sense(String id) {
        String decoded = id;
        try {
            decoded = URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            // then it is what it looks like
        }
        return decoded.strip().toLowerCase(Locale.ROOT);
    }
}
