package archive;

import base.Json;
import base.PlainFile;
import base.Printable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import settings.Config;

/**
 * What became of an archive that was tried out.
 *
 * @param verdict PASS or FAIL
 * @param what a sentence
 * @param plans figures of the set check, and the ids of plans that are lost or listed twice; empty without a list
 */
public record Restored(String verdict, String what, Map<String, Object> plans) {
    public boolean passed() {
        return verdict.equals("PASS");
    }

    /** {@code PASS: SENTENCE}. */
    String words() {
        return verdict + ": " + what;
    }

    /** The file of it beside an archive. */
    public static Path file(Path archive) {
        return archive.resolveSibling(archive.getFileName() + ".restore.json");
    }

    /**
     * What that file says of these very bytes; null where nobody tried them out.
     *
     * @param sha256 of the archive
     */
    static String wordsBeside(Path archive, String sha256) throws IOException {
        try {
            JsonNode said = Files.exists(file(archive)) ? Json.parse(PlainFile.text(file(archive))) : null;
            return said != null
                            && said.path("archive_sha256").asText().equals(sha256)
                            && said.path("verdict").asText().matches("PASS|FAIL")
                    ? Printable.line(new Restored(
                                    said.path("verdict").asText(),
                                    said.path("what").asText(),
                                    Map.of())
                            .words())
                    : null;
        } catch (JsonProcessingException damaged) {
            return null;
        }
    }

    /**
     * For a text, which names the command that makes it only where that command would.
     *
     * @param restored as {@link #wordsBeside}
     */
    public static String shown(String restored, Config config) {
        if (restored != null) {
            return restored;
        }
        if (!config.cpMode().equals("embedded")) {
            return "n/a (only the embedded control plane is tried out on an archive, and this one is " + config.cpMode()
                    + ")";
        }
        return config.dir().isUnpackedArchive()
                ? "n/a (this folder is an unpacked archive, which is tried out where it was made)"
                : "n/a (--type archive --restore-check makes it)";
    }

    /** Tries an archive out. */
    public interface Check {
        /** @param since when the archive was begun */
        Restored of(Archive.Result archive, Instant since) throws IOException, InterruptedException;
    }
}
