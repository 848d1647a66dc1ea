//DEPS org.apache.commons:commons-compress:1.28.0
package report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import soak.Config;
import soak.Durable;
import soak.Failure;
import soak.Json;
import soak.Leftovers;
import soak.Printable;
import soak.Room;
import soak.SoakDir;
import soak.Sqlite;

/**
 * The soak folder as {@code SOAK_ID-YYYY-MM-DD.tar.gz} beside it, with a {@code .sha256} for {@code sha256sum -c}
 * (contract, section 4 "Archive"). The same folder gives the same bytes: entries in the order of their names, times from
 * the files, no owner, no time of packing.
 */
public final class Archive {
  /** The entry that tells a reader what was left out. */
  static final String README = "ARCHIVE-README.txt";
  private static final Pattern DATED = Pattern.compile("-\\d{4}-\\d{2}-\\d{2}\\.tar\\.gz");
  private static final byte[] SQLITE_MAGIC = "SQLite format 3\0".getBytes(UTF_8);
  private static final List<String> SQLITE_COMPANIONS = List.of("-wal", "-shm", "-journal");
  private static final Duration BUSY = Duration.ofSeconds(30);
  private static final long LEAST_BYTES = 1L << 20;

  /** What became of the folder. */
  public record Result(Path file, Path hashFile, String sha256) {}

  private final Config config;
  private final SoakDir dir;
  private final Path file;
  private final Path hashFile;
  private final Set<String> secretsLeftOut = new TreeSet<>();

  /** @param date names the archive: the date of as_of */
  public Archive(Config config, LocalDate date) {
    this.config = config;
    this.dir = config.dir();
    String name = name(config, date);
    Path beside = dir.root().getParent();
    if (beside == null) {
      throw Failure.usage("SOAK_DIR is " + dir.root() + ", and nothing can stand beside it: move the soak into a folder of its own");
    }
    this.file = beside.resolve(name);
    this.hashFile = beside.resolve(name + ".sha256");
  }

  private static String name(Config config, LocalDate date) {
    if (config.soakId().isBlank() || config.soakId().contains("/")) {
      throw Failure.usage("SOAK_ID=" + config.soakId() + " in " + config.dir().config() + " cannot name an archive: give one without a slash");
    }
    return config.soakId() + "-" + date + ".tar.gz";
  }

  /**
   * An archive that a report can quote: that of the date of as_of, or for a soak that is complete the latest one since.
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
            .filter(n -> n.startsWith(config.soakId() + "-") && DATED.matcher(n.substring(config.soakId().length())).matches() && n.compareTo(exact) >= 0)
            .max(String::compareTo).orElse(null);
      }
    }
    if (chosen == null || !holds(beside.resolve(chosen), config.dir())) {
      return null;
    }
    Path file = beside.resolve(chosen);
    return new Result(file, beside.resolve(chosen + ".sha256"), sha256(file));
  }

  /** Two soaks side by side may have the same SOAK_ID; an archive begins with the name of the folder that it holds. */
  private static boolean holds(Path archive, SoakDir dir) {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(archive)), UTF_8.name())) {
      TarArchiveEntry first = tar.getNextEntry();
      return first != null && first.getName().equals(dir.root().getFileName() + "/");
    } catch (IOException e) {
      return false;
    }
  }

  /** Packs the folder; an older archive of the same name is replaced once the new one is whole. */
  public Result write(PrintWriter err) throws IOException {
    Path audit = config.auditDir();
    if (!audit.toAbsolutePath().normalize().startsWith(dir.root())) {
      err.println("report: warning: AUTONOMY_AUDIT_DIR " + audit + " lies outside SOAK_DIR and is not in the archive");
    }
    if (Files.exists(file) && !holds(file, dir)) {
      throw Failure.failed(file + " is not an archive of " + dir.root().getFileName() + ": move it away, or give this soak a SOAK_ID of its own in config.env, then run --type archive again");
    }
    removeUnfinished();
    Room.require(file.getParent(), dir.root(), LEAST_BYTES, "an archive", "");
    Path temporary = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + Durable.TEMPORARY); // two may pack at once
    String sha256;
    try {
      MessageDigest digest = sha256();
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
        OutputStream hashed = new DigestOutputStream(new BufferedOutputStream(Room.guarded(Channels.newOutputStream(channel), file.getParent(), dir.root()), 1 << 16), digest);
        GZIPOutputStream gzip = new GZIPOutputStream(hashed, 1 << 16);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        secretsLeftOut.clear();
        pack(tar);
        tar.finish();
        gzip.finish();
        hashed.flush();
        channel.force(true);
      }
      sha256 = HexFormat.of().formatHex(digest.digest());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Durable.syncFolder(file.getParent());
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw Failure.failed("the archive " + file + " could not be written (" + e + "): see that its folder can be written and has room, then run --type archive again", e);
    }
    secretsLeftOut.forEach(name -> err.println("report: note: " + name + " is a secret and not in the archive"));
    Durable.write(hashFile, sha256 + "  " + file.getFileName() + "\n");
    return new Result(file, hashFile, sha256);
  }

  /** What an ended process had begun of this archive. */
  private void removeUnfinished() throws IOException {
    Pattern begun = Pattern.compile(Pattern.quote(file.getFileName().toString()) + "\\.(\\d+)" + Pattern.quote(Durable.TEMPORARY));
    List<Path> beside;
    try (Stream<Path> names = Files.list(file.getParent())) {
      beside = names.toList();
    }
    for (Path path : beside) {
      Matcher owner = begun.matcher(path.getFileName().toString());
      if (owner.matches() && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private record Entry(Path path, String name, boolean folder, FileTime time) {}

  private void pack(TarArchiveOutputStream tar) throws IOException {
    List<Entry> entries = new ArrayList<>();
    collect(dir.root(), dir.root().getFileName().toString(), entries);
    FileTime newest = entries.stream().map(Entry::time).max(FileTime::compareTo).orElseThrow();
    for (Entry entry : entries) {
      if (entry.folder) {
        put(tar, header(entry, entry.name + "/", 0));
      } else if (Files.isSymbolicLink(entry.path)) {
        TarArchiveEntry link = new TarArchiveEntry(entry.name, TarConstants.LF_SYMLINK);
        link.setLinkName(Files.readSymbolicLink(entry.path).toString());
        own(link, entry.time, 0777);
        put(tar, link);
      } else if (isSqlite(entry.path)) {
        backup(tar, entry);
      } else if (isStatement(entry.path)) {
        putBytes(tar, entry, InToto.statement(dir, inside(dir.finalJson()), inside(dir.finalText())).getBytes(UTF_8));
      } else if (isReport(entry.path)) {
        putBytes(tar, entry, inside(entry.path).getBytes(UTF_8));
      } else {
        putFile(tar, entry, entry.path);
      }
    }
    Entry readme = new Entry(dir.config(), dir.root().getFileName() + "/" + README, false, newest);
    putBytes(tar, readme, readme().getBytes(UTF_8));
  }

  /**
   * Everything below {@code folder}, by name. A folder's own time changes with what we write into it, so it has the
   * time of the newest thing that it holds.
   *
   * @return the newest time, null if there is nothing
   */
  private FileTime collect(Path folder, String name, List<Entry> into) throws IOException {
    int place = into.size();
    FileTime newest = null;
    List<Path> children;
    try (Stream<Path> listed = Files.list(folder)) {
      children = listed.sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString())).toList();
    }
    for (Path child : children) {
      if (isLeftOut(child)) {
        continue;
      }
      String childName = name + "/" + child.getFileName();
      FileTime time;
      // A folder of the soak itself may be a link to another disk; deeper links stay links.
      if (folder.equals(dir.root()) ? Files.isDirectory(child) : Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        time = collect(child, childName, into);
      } else if (Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(child)) {
        time = time(child);
        into.add(new Entry(child, childName, false, time));
      } else {
        continue; // a socket or a pipe holds no evidence
      }
      newest = newest == null || time.compareTo(newest) > 0 ? time : newest;
    }
    newest = newest == null ? Files.getLastModifiedTime(folder) : newest;
    into.add(place, new Entry(folder, name, true, newest));
    return newest;
  }

  private FileTime time(Path file) throws IOException {
    if (isReport(file) || isStatement(file)) {
      return reportTime();
    }
    FileTime own = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
    Path wal = file.resolveSibling(file.getFileName() + "-wal");
    // An empty one holds nothing of the database: a reader such as our own backup leaves it where nobody else has the file open.
    return Files.exists(wal) && Files.size(wal) > 0 && Files.getLastModifiedTime(wal).compareTo(own) > 0 ? Files.getLastModifiedTime(wal) : own;
  }

  private boolean isReport(Path file) {
    return file.equals(dir.finalText()) || file.equals(dir.finalJson());
  }

  /** One that belongs to a report: it is made anew for the report as it stands in the archive. */
  private boolean isStatement(Path file) {
    return file.equals(dir.finalStatement()) && Files.exists(dir.finalJson()) && Files.exists(dir.finalText());
  }

  /** The report on disk is written again to quote the hash; its as_of stays. */
  private FileTime reportTime() throws IOException {
    try {
      return FileTime.from(Instant.parse(Json.parse(Files.readString(dir.finalJson(), UTF_8)).path("as_of").asText()));
    } catch (JsonProcessingException | java.time.format.DateTimeParseException | java.nio.file.NoSuchFileException e) {
      return Files.getLastModifiedTime(Files.exists(dir.finalText()) ? dir.finalText() : dir.finalJson());
    }
  }

  private boolean isLeftOut(Path path) {
    String name = path.getFileName().toString();
    if (path.equals(dir.tmp()) || path.equals(dir.roundLock()) || path.equals(dir.root().resolve(README)) || name.endsWith(Durable.TEMPORARY)) {
      return true;
    }
    if (path.startsWith(dir.bin()) && name.endsWith(".jar")) {
      return true;
    }
    if (isSecret(path)) {
      secretsLeftOut.add(dir.root().relativize(path).toString());
      return true;
    }
    return SQLITE_COMPANIONS.stream().anyMatch(s -> name.endsWith(s) && isSqlite(path.resolveSibling(name.substring(0, name.length() - s.length()))));
  }

  /** What CP_HEADERS_FILE and CP_TLS_KEY name, by whatever name it lies here, and any file with a private key beside them. */
  private boolean isSecret(Path path) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    for (String key : List.of("CP_HEADERS_FILE", "CP_TLS_KEY", "CP_TLS_CERT")) {
      try {
        Path named = config.file(key).orElse(null);
        if (named != null && (path.equals(named) || Files.exists(named) && Files.isSameFile(path, named))) {
          return !key.equals("CP_TLS_CERT") || Files.readString(path, ISO_8859_1).contains("PRIVATE KEY-----");
        }
      } catch (IOException e) {
        return true; // nobody can tell: it stays here
      }
    }
    return false;
  }

  private static boolean isSqlite(Path path) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(SQLITE_MAGIC.length), SQLITE_MAGIC);
    } catch (IOException e) {
      return false; // reading it again, to pack it, will say why
    }
  }

  /** SQLite's own online backup: consistent while the control plane writes, its log folded in. */
  private void backup(TarArchiveOutputStream tar, Entry entry) throws IOException {
    Path tmp = dir.tmp();
    long bytes = Files.size(entry.path);
    if (Room.left(tmp, dir.root()) < bytes) { // in the machine's then
      tmp = Path.of(System.getProperty("java.io.tmpdir"));
      Room.require(tmp, dir.root(), bytes, "a copy of the database " + entry.path, "point JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR at another disk");
    }
    Files.createDirectories(tmp);
    Path copy = Files.createTempFile(tmp, Leftovers.owned("archive"), ".sqlite" + Durable.TEMPORARY);
    try {
      Files.delete(copy);
      try (Connection source = Sqlite.open(entry.path, true, BUSY)) {
        Sqlite.execute(source, "backup to '" + copy.toString().replace("'", "''") + "'");
      } catch (SQLException e) {
        throw Failure.failed("the database " + entry.path + " could not be backed up (" + e.getMessage() + "): it must be readable, and " + copy.getParent() + " must have room for it", e);
      }
      putFile(tar, entry, copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** The report cannot quote the hash of the archive that it lies in: it says where that hash is. */
  private String inside(Path report) throws IOException {
    return quoting(report, Files.readString(report, UTF_8), file.getFileName().toString(), "see " + hashFile.getFileName());
  }

  /** The text of a final report with this archive and hash in the place of those it names. */
  private static String quoting(Path report, String text, String archive, String sha256) {
    if (report.toString().endsWith(".json")) {
      return text.replaceFirst("(\"archive\"\\s*:\\s*)(null|\"[^\"]*\")", "$1" + Matcher.quoteReplacement(Printable.text(Json.MAPPER.valueToTree(archive).toString())))
          .replaceFirst("(\"archive_sha256\"\\s*:\\s*)(null|\"[^\"]*\")", "$1" + Matcher.quoteReplacement(Json.MAPPER.valueToTree(sha256).toString()));
    }
    int artifact = text.lastIndexOf("\n## Artifact\n");
    if (artifact < 0) {
      return text;
    }
    return text.substring(0, artifact) + text.substring(artifact)
        .replaceFirst("(?m)^Archive: .*$", Matcher.quoteReplacement("Archive: " + Printable.text(archive)))
        .replaceFirst("(?m)^SHA-256: .*$", Matcher.quoteReplacement("SHA-256: " + sha256));
  }

  /** Lets the final report on disk, if there is one that this archive belongs to, quote the hash. */
  public static void quoteOnDisk(Config config, Result archive) throws IOException {
    Path json = config.dir().finalJson();
    if (!Files.exists(json)) {
      return;
    }
    JsonNode report = Json.parse(Files.readString(json, UTF_8));
    Result quoted = existing(config, Instant.parse(report.path("as_of").asText()), report.path("complete").asBoolean());
    if (quoted == null || !quoted.file().equals(archive.file())) {
      return;
    }
    for (Path path : List.of(json, config.dir().finalText())) {
      if (Files.exists(path)) {
        Evidence.writeIfNew(config.dir(), path, quoting(path, Files.readString(path, UTF_8), archive.file().getFileName().toString(), archive.sha256()));
      }
    }
    if (Files.exists(config.dir().finalText()) && Files.exists(config.dir().finalStatement())) {
      Evidence.writeIfNew(config.dir(), config.dir().finalStatement(), InToto.statement(config.dir(), Files.readString(json, UTF_8), Files.readString(config.dir().finalText(), UTF_8)));
    }
  }

  private String readme() {
    return """
        This archive holds the whole evidence of a soak: every file of its folder, except
        - tmp/ and files ending in .tmp (scratch), and round.lock (empty)
        - the jars under bin/ (the program that ran; bin/SHA256SUMS has their hashes)%s
        Databases of the control plane were copied by SQLite's online backup, so their -wal, -shm and -journal
        files are folded in. The hash of this archive is in %s, for sha256sum -c.
        """.formatted(secretsLeftOut.stream().map(name -> "\n- " + name + " (a secret of the soak, as config.env says)").collect(Collectors.joining()), hashFile.getFileName());
  }

  private static void putBytes(TarArchiveOutputStream tar, Entry entry, byte[] bytes) throws IOException {
    tar.putArchiveEntry(header(entry, entry.name, bytes.length));
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  /** A log may grow while it is read: what it held when it was opened goes in. */
  private static void putFile(TarArchiveOutputStream tar, Entry entry, Path content) throws IOException {
    try (InputStream in = Files.newInputStream(content)) {
      long size = Files.size(content);
      tar.putArchiveEntry(header(entry, entry.name, size));
      byte[] buffer = new byte[1 << 16];
      long left = size;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new IOException(content + " became shorter while it was read");
        }
        tar.write(buffer, 0, read);
        left -= read;
      }
      tar.closeArchiveEntry();
    }
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry header(Entry entry, String name, long size) throws IOException {
    TarArchiveEntry header = new TarArchiveEntry(name);
    header.setSize(size);
    int mode = 0;
    for (PosixFilePermission permission : Files.getPosixFilePermissions(entry.path)) {
      mode |= 0400 >> permission.ordinal();
    }
    own(header, entry.time, mode);
    return header;
  }

  private static void own(TarArchiveEntry header, FileTime time, int mode) {
    header.setMode(mode);
    header.setIds(0, 0);
    header.setNames("", "");
    header.setLastModifiedTime(FileTime.from(Instant.ofEpochSecond(time.toInstant().getEpochSecond())));
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file); OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
