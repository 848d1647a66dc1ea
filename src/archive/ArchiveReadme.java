package archive;

import base.Json;
import base.Printable;
import base.ShellWords;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import output.Builds;
import soak.SoakDir;

/**
 * ARCHIVE-README.txt: what an archive holds and what it does not, who measured and who judged, and the one command that
 * judges again. A function of the folder: the program that packs is not named.
 */
final class ArchiveReadme {
    private ArchiveReadme() {}

    /**
     * @param newest the time of the newest file
     * @param report final-report.json as it stands in the archive
     */
    static String of(SoakDir dir, ArchiveNotes notes, Path archive, Instant newest, String report) throws IOException {
        return Printable.text(String.format(
                Locale.ROOT,
                """
                This archive holds the whole evidence of a soak: every file of its folder, except
                - tmp/, cache/ and files ending in .tmp (scratch), and round.lock (no evidence)
                - the jars under bin/ and what lies with them (the program that ran; \
                bin/SHA256SUMS has their hashes, and its scripts say what they need)%s

                %s

                %s nothing later is in it, and a report on it is as of then,
                or of the end of its last round's slot if that is later.
                Databases of the control plane were copied by SQLite's online backup, so their -wal, -shm and -journal
                files are folded in. Other files of cp-data/ were copied one after another, while a control plane that
                runs writes them.
                Secrets of config.env are masked wherever they turned up; to continue an unpacked soak, write them
                into config.env again and run setup.java on the folder. Until then reports on it are only printed, and
                the folder stays as it was unpacked.
                The hash of this archive is in %s.sha256, for sha256sum -c.
                """,
                notes.list(),
                builds(dir, archive.getFileName().toString(), parsed(report)),
                SoakDir.newestIs(newest.truncatedTo(ChronoUnit.SECONDS)),
                archive.getFileName()));
    }

    private static String builds(SoakDir dir, String archive, JsonNode report) throws IOException {
        Builds.Known known = Builds.known(dir, report);
        StringBuilder text = new StringBuilder();
        known.lines().forEach(line -> text.append(line).append('\n'));
        return text + "To judge again, in a clone of the public source, with a JDK 17 or newer, and this archive beside"
                + " the clone:\n  " + known.source().command() + "\n  "
                + Builds.command("../" + ShellWords.quote(archive));
    }

    private static JsonNode parsed(String report) {
        try {
            return Json.parse(report);
        } catch (JsonProcessingException damaged) {
            return Json.MAPPER.missingNode();
        }
    }
}
