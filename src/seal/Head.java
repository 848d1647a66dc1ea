package seal;

import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * A round's head: the SHA-256 of its round-summary.json. Since each summary holds the head before it, and the hashes of
 * its round's files, one head fixes everything up to it.
 *
 * @param sha256 64 hex digits
 */
public record Head(String roundId, String sha256) {
    /** A file that holds one is shorter. */
    static final int MOST_BYTES = 1 << 10;

    /** In seals/, behind a date: a head that HEAD_COMMAND was told. */
    public static final String TOLD = ".head";
    /** In seals/, behind a date: a time stamp of a head. */
    public static final String STAMP = ".tsr";

    /** As the line of a round ends with it. */
    public String brief() {
        return Sha256.brief(sha256);
    }

    /** The UTC date in whose folder the round lies. */
    public String date() {
        return roundId.substring(0, roundId.indexOf('/'));
    }

    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("round_id", roundId);
        json.put("sha256", sha256);
        return json;
    }

    /** Of the round in this folder; empty where it has no summary that can be read. */
    public static Optional<Head> ofRound(Path folder) {
        String sha256 = FolderHashes.of(folder.resolve(RoundFiles.SUMMARY));
        return sha256 != null && Sha256.isHash(sha256)
                ? Optional.of(new Head(RoundFiles.id(folder), sha256))
                : Optional.empty();
    }

    /** Of the round of this id, which may come from anywhere; empty where it names none that is there. */
    public static Optional<Head> named(SoakDir dir, String roundId) {
        return RoundFiles.second(roundId).isPresent() ? ofRound(dir.round(roundId)) : Optional.empty();
    }

    /** Of the newest sealed round of the soak that began before a moment; empty where none can be read. */
    public static Optional<Head> newest(Path rounds, Instant before) {
        try {
            List<Path> dates = RoundFiles.children(rounds);
            for (int i = dates.size() - 1; i >= 0; i--) {
                Optional<Head> head = Files.isDirectory(dates.get(i)) ? ofDate(dates.get(i), before) : Optional.empty();
                if (head.isPresent()) {
                    return head;
                }
            }
        } catch (IOException unreadable) {
            // whoever needs what is in it finds out, and says so
        }
        return Optional.empty();
    }

    /** Of the newest sealed round of a date that began before a moment; empty where there is none. */
    public static Optional<Head> ofDate(Path date, Instant before) throws IOException {
        List<Path> rounds = RoundFiles.children(date);
        for (int i = rounds.size() - 1; i >= 0; i--) {
            if (RoundFiles.isFolder(rounds.get(i))
                    && RoundFiles.second(rounds.get(i)).isBefore(before)) {
                Optional<Head> head = Link.of(rounds.get(i))
                        .filter(Link::isSealed)
                        .map(link -> new Head(link.roundId(), link.sha256()));
                if (head.isPresent()) {
                    return head;
                }
            }
        }
        return Optional.empty();
    }

    /** The whole of it, as {@code --heads} reads it. */
    @Override
    public String toString() {
        return roundId + " " + sha256;
    }

    /** Empty for what is none. */
    public static Optional<Head> of(JsonNode json) {
        return of(json.path("round_id").asText(), json.path("sha256").asText());
    }

    /** As {@link #toString} writes it; empty for what is none. */
    static Optional<Head> of(byte[] line) {
        String[] words = new String(line, StandardCharsets.UTF_8).strip().split(" ");
        return words.length == 2 ? of(words[0], words[1]) : Optional.empty();
    }

    private static Optional<Head> of(String roundId, String sha256) {
        return RoundFiles.second(roundId).isPresent() && Sha256.isHash(sha256)
                ? Optional.of(new Head(roundId, sha256))
                : Optional.empty();
    }
}
