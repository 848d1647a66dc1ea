package seal;

import base.Json;
import base.Sha256;
import cache.DayCache;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * The rounds of a soak as links, oldest first: of a day that is over as the cache has them, of all others from the
 * files. The cache has a day's where all files of its rounds are what their own seals say; they are not hashed again
 * then.
 */
final class RoundLinks {
    /** Half a character in a setting stays one. */
    private static final ObjectWriter JSON = Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private final DayCache cache;
    private final Map<String, Link> closed = new LinkedHashMap<>();
    private final Set<String> open = new TreeSet<>();
    private final Set<String> fitting = new HashSet<>();

    private RoundLinks(DayCache cache) {
        this.cache = cache;
    }

    static RoundLinks of(SoakDir dir, DayCache cache) throws IOException {
        RoundLinks links = new RoundLinks(cache);
        for (Path date : RoundFiles.children(dir.rounds())) {
            if (RoundFiles.isDate(date)) {
                links.add(date);
            }
        }
        return links;
    }

    /** By their ids. */
    Map<String, Link> closed() {
        return closed;
    }

    /** The ids of those without a summary. */
    Set<String> open() {
        return open;
    }

    /**
     * Whether its files are known to be what its own seal says. If not, they have not been looked at, or do not fit.
     */
    boolean fits(String roundId) {
        return fitting.contains(roundId);
    }

    private void add(Path date) throws IOException {
        List<Day> read = new ArrayList<>();
        Optional<byte[]> kept = cache.kept(date, "links", () -> {
            Day day = Day.of(date);
            day.compare(date);
            read.add(day);
            return day.fitting.size() == day.links.size() ? day.toBytes() : null;
        });
        Day day = !read.isEmpty() ? read.get(0) : kept.isPresent() ? Day.of(kept.get()) : Day.of(date);
        day.links.forEach(link -> closed.put(link.roundId(), link));
        open.addAll(day.open);
        fitting.addAll(day.fitting);
    }

    private record Day(List<Link> links, List<String> open, Set<String> fitting) {
        static Day of(Path date) throws IOException {
            Day day = new Day(new ArrayList<>(), new ArrayList<>(), new HashSet<>());
            for (Path round : RoundFiles.children(date)) {
                if (RoundFiles.isFolder(round)) {
                    Link.of(round).ifPresentOrElse(day.links::add, () -> day.open.add(RoundFiles.id(round)));
                }
            }
            return day;
        }

        /** One that is known to fit needs its files' hashes no more. */
        void compare(Path date) throws IOException {
            for (int i = 0; i < links.size(); i++) {
                Link link = links.get(i);
                if (fits(link, date.resolveSibling(link.roundId()))) {
                    fitting.add(link.roundId());
                    links.set(i, link.withoutFiles());
                }
            }
        }

        private static boolean fits(Link link, Path folder) throws IOException {
            if (!link.isSealed()) {
                return Sha256.isHash(link.sha256()); // one that cannot be read now may be at another time
            }
            Map<String, String> sealed = link.seal().files();
            return !sealed.containsValue(FolderHashes.UNREADABLE) && sealed.equals(FolderHashes.withoutSummary(folder));
        }

        byte[] toBytes() throws IOException {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("links", links.stream().map(Link::toJson).toList());
            json.put("open", open);
            return JSON.writeValueAsBytes(json);
        }

        static Day of(byte[] kept) throws IOException {
            JsonNode json = Json.parse(new String(kept, StandardCharsets.UTF_8));
            Day day = new Day(new ArrayList<>(), new ArrayList<>(), new HashSet<>());
            json.path("links").forEach(link -> day.links.add(Link.of(link)));
            json.path("open").forEach(id -> day.open.add(id.asText()));
            day.links.forEach(link -> day.fitting.add(link.roundId()));
            return day;
        }
    }
}
