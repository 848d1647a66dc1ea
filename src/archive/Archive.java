//DEPS org.apache.commons:commons-compress:1.28.0
package archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import base.Durable;
import base.Failure;
import base.Json;
import base.PlainFile;
import base.Printable;
import base.Room;
import base.Sha256;
import base.Why;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import output.Evidence;
import output.InToto;
import settings.Config;
import soak.SoakDir;

/**
 * The soak folder as {@code SOAK_ID-YYYY-MM-DD.tar.gz} beside it, with a {@code .sha256} for {@code sha256sum -c}
 * (contract, section 4 "Archive"). The same folder gives the same bytes: entries in the order of their names, times
 * from the files, no owner, no time of packing.
 */
public final class Archive {
    private static final Pattern DATED = Pattern.compile("-\\d{4}-\\d{2}-\\d{2}\\.tar\\.gz");
    private static final long LEAST_BYTES = 1L << 20;

    /** What became of the folder. */
    public record Result(Path file, String sha256) {
        /** What came of trying it out, as {@code PASS: SENTENCE}; null where nobody did. */
        public String restored() {
            try {
                return Restored.wordsBeside(file, sha256);
            } catch (IOException e) {
                throw Failure.failed(
                        Restored.file(file) + " cannot be read (" + Why.of(e, file) + "): let this user read it", e);
            }
        }
    }

    private final Config config;
    private final SoakDir dir;
    private final Path file;
    private final Path hashFile;
    private final ArchiveNotes notes;
    private final UnaryOperator<String> signer;

    /** @param date names the archive: the date of as_of */
    public Archive(Config config, LocalDate date) {
        this(config, date, null);
    }

    /** @param signer makes a signed envelope of the statement that lies in the archive; null for none */
    public Archive(Config config, LocalDate date, UnaryOperator<String> signer) {
        this.config = config;
        this.signer = signer;
        this.dir = config.dir();
        this.notes = new ArchiveNotes(dir);
        String name = name(config, date);
        Path beside = dir.root().getParent();
        if (beside == null) {
            throw Failure.usage("SOAK_DIR is " + dir.root()
                    + ", and nothing can stand beside it: move the soak into a folder of its own");
        }
        this.file = beside.resolve(name);
        this.hashFile = beside.resolve(name + ".sha256");
    }

    private static String name(Config config, LocalDate date) {
        if (config.soakId().isBlank() || config.soakId().contains("/")) {
            throw Failure.usage("SOAK_ID=" + config.soakId() + " in "
                    + config.dir().config() + " cannot name an archive: give one without a slash");
        }
        return config.soakId() + "-" + date + ".tar.gz";
    }

    /**
     * An archive that a report can quote: that of the date of as_of, or for a soak that is complete the latest one
     * since.
     *
     * @return null if there is none
     */
    public static Result existing(Config config, Instant asOf, boolean complete) throws IOException {
        LocalDate date = LocalDate.ofInstant(asOf, ZoneOffset.UTC);
        Path beside = config.dir().root().getParent();
        if (beside == null) {
            return null;
        }
        String exact = name(config, date);
        String chosen = Files.exists(beside.resolve(exact)) ? exact : null;
        if (complete) {
            try (Stream<Path> names = Files.list(beside)) {
                chosen = names.map(path -> path.getFileName().toString())
                        .filter(n -> n.startsWith(config.soakId() + "-")
                                && DATED.matcher(n.substring(config.soakId().length()))
                                        .matches()
                                && n.compareTo(exact) >= 0)
                        .max(String::compareTo)
                        .orElse(null);
            }
        }
        if (chosen == null || !holds(beside.resolve(chosen), config.dir())) {
            return null;
        }
        Path file = beside.resolve(chosen);
        return new Result(file, Sha256.of(file));
    }

    /**
     * Two soaks side by side may have the same SOAK_ID; an archive begins with the name of the folder that it holds.
     */
    private static boolean holds(Path archive, SoakDir dir) {
        return (dir.root().getFileName() + "/").equals(firstName(archive));
    }

    /** @return null if it is no archive that can be read */
    private static String firstName(Path archive) {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(archive)), UTF_8.name())) {
            TarArchiveEntry first = tar.getNextEntry();
            return first == null ? null : first.getName();
        } catch (IOException e) {
            return null;
        }
    }

    /** Packs the folder; an older archive of the same name is replaced once the new one is whole. */
    public Result write(PrintWriter err) throws IOException {
        Path audit = config.auditDir();
        if (!audit.toAbsolutePath().normalize().startsWith(dir.root())) {
            err.println("report: warning: AUTONOMY_AUDIT_DIR " + audit
                    + " lies outside SOAK_DIR and is not in the archive");
        }
        if (Files.exists(file) && !holds(file, dir)) {
            String other = firstName(file);
            throw Failure.failed(file + " holds "
                    + (other == null
                            ? "no folder that can be read"
                            : "another folder (" + Printable.line(other.replaceFirst("/.*", "")) + ")")
                    + ", not " + dir.root().getFileName() + ": move " + file
                    + " away, then run --type archive again. SOAK_ID must not change: rounds under another one count"
                    + " as interrupted");
        }
        removeUnfinished();
        Room.require(file.getParent(), dir.root(), LEAST_BYTES, "an archive", "");
        Path temporary = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + Durable.TEMPORARY); // two may pack at once
        String sha256;
        try {
            MessageDigest digest = Sha256.digest();
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                OutputStream hashed = new DigestOutputStream(
                        new BufferedOutputStream(
                                Room.guarded(Channels.newOutputStream(channel), file.getParent(), dir.root()), 1 << 16),
                        digest);
                GZIPOutputStream gzip = new GZIPOutputStream(hashed, 1 << 16);
                pack(gzip);
                gzip.finish();
                hashed.flush();
                channel.force(true);
            }
            sha256 = Sha256.hex(digest);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Durable.syncFolder(file.getParent());
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw Failure.failed(
                    "the archive " + file + " could not be written (" + Why.of(e, file)
                            + "): see that its folder can be written and has room, then run --type archive again",
                    e);
        }
        Durable.write(hashFile, sha256 + "  " + file.getFileName() + "\n");
        return new Result(file, sha256);
    }

    /** What an ended process had begun of this archive. */
    private void removeUnfinished() throws IOException {
        Pattern begun = Pattern.compile(
                Pattern.quote(file.getFileName().toString()) + "\\.(\\d+)" + Pattern.quote(Durable.TEMPORARY));
        List<Path> beside;
        try (Stream<Path> names = Files.list(file.getParent())) {
            beside = names.toList();
        }
        for (Path path : beside) {
            Matcher owner = begun.matcher(path.getFileName().toString());
            if (owner.matches()
                    && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** What is not in the archive, and what is there otherwise than on disk; known once it is written. */
    public ArchiveNotes notes() {
        return notes;
    }

    private void pack(OutputStream out) throws IOException {
        ArchiveMasks masks = new ArchiveMasks(config);
        ArchiveTar tar = new ArchiveTar(dir, out, masks, notes);
        ArchiveFolder folder = new ArchiveFolder(config, notes);
        List<ArchiveFolder.Entry> entries = folder.entries();
        for (ArchiveFolder.Entry entry : entries) {
            if (folder.isStatement(entry.path())) {
                tar.putBytes(entry, statement(masks).getBytes(UTF_8));
            } else if (entry.path().equals(dir.finalEnvelope()) && signer == null) {
                notes.leaveOutRightly(
                        entry.path(),
                        "it signs the report on disk and not the one in here: --type final --archive --sign-key signs"
                                + " both");
            } else if (entry.path().equals(dir.finalEnvelope())) {
                tar.putBytes(entry, signer.apply(statement(masks)).getBytes(UTF_8));
            } else if (folder.isReport(entry.path())) {
                tar.putMasked(entry, masks.text(inside(entry.path())));
            } else {
                tar.put(entry);
            }
        }
        FileTime newest = entries.get(0).time();
        tar.putBytes(
                new ArchiveFolder.Entry(
                        dir.config(),
                        dir.root().getFileName() + "/" + dir.archiveReadme().getFileName(),
                        false,
                        null,
                        newest,
                        0644),
                ArchiveReadme.of(
                                dir,
                                notes,
                                file,
                                newest.toInstant(),
                                Files.exists(dir.finalJson()) ? masked(masks, dir.finalJson()) : "{}")
                        .getBytes(UTF_8));
        tar.finish();
    }

    private String statement(ArchiveMasks masks) throws IOException {
        return InToto.statement(
                dir,
                masked(masks, dir.finalJson()),
                masked(masks, dir.finalText()),
                file -> Sha256.of(masks.of(file, Files.readAllBytes(file)).bytes()));
    }

    private String masked(ArchiveMasks masks, Path report) throws IOException {
        return new String(masks.text(inside(report)).bytes(), UTF_8);
    }

    /** The report cannot quote the hash of the archive that it lies in: it says where that hash is. */
    private String inside(Path report) throws IOException {
        return quoting(
                config,
                report,
                Files.readString(report, UTF_8),
                file.getFileName().toString(),
                "see " + hashFile.getFileName(),
                "see " + Restored.file(file).getFileName() + ", if there is one");
    }

    /** The text of a final report with this archive, hash and restore check in the place of those it names. */
    private static String quoting(
            Config config, Path report, String text, String archive, String sha256, String restored) {
        if (report.toString().endsWith(".json")) {
            return field(field(field(text, "archive", archive), "archive_sha256", sha256), "restore_check", restored);
        }
        int artifact = text.lastIndexOf("\n## Artifact\n");
        if (artifact < 0) {
            return text;
        }
        String lines = line(line(text.substring(artifact), "Archive", archive), "SHA-256", sha256);
        return text.substring(0, artifact) + line(lines, "Restore check", Restored.shown(restored, config));
    }

    private static String field(String json, String name, String value) {
        return json.replaceFirst(
                "(\"" + name + "\"\\s*:\\s*)(null|\"(?:[^\"\\\\]|\\\\.)*\")",
                "$1"
                        + Matcher.quoteReplacement(
                                Printable.text(Json.MAPPER.valueToTree(value).toString())));
    }

    private static String line(String text, String label, String value) {
        return text.replaceFirst(
                "(?m)^" + label + ": .*$", Matcher.quoteReplacement(label + ": " + Printable.text(value)));
    }

    /** For a text that has no archive to quote. */
    public static String none(Config config) {
        return config.dir().isUnpackedArchive()
                ? "n/a (this folder is an unpacked archive: see the file that it came in)"
                : "n/a (none yet: report.java --type archive makes it)";
    }

    /** Lets the final report on disk, if there is one that this archive belongs to, quote the hash. */
    public static void quoteOnDisk(Config config, Result archive) throws IOException {
        Path json = config.dir().finalJson();
        if (!Files.exists(json)) {
            return;
        }
        JsonNode report = Json.parse(PlainFile.text(json));
        Result quoted = existing(
                config,
                Instant.parse(report.path("as_of").asText()),
                report.path("complete").asBoolean());
        if (quoted == null || !quoted.file().equals(archive.file())) {
            return;
        }
        for (Path path : List.of(json, config.dir().finalText())) {
            if (Files.exists(path)) {
                Evidence.writeIfNew(
                        config.dir(),
                        path,
                        quoting(
                                config,
                                path,
                                PlainFile.text(path),
                                archive.file().getFileName().toString(),
                                archive.sha256(),
                                archive.restored()));
            }
        }
        if (Files.exists(config.dir().finalText()) && Files.exists(config.dir().finalStatement())) {
            Evidence.writeIfNew(
                    config.dir(),
                    config.dir().finalStatement(),
                    InToto.statement(
                            config.dir(),
                            PlainFile.text(json),
                            PlainFile.text(config.dir().finalText())));
        }
    }
}
