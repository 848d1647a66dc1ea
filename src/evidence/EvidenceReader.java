package evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import probe.PrometheusText;
import soak.Config;
import soak.Json;
import soak.Secrets;
import soak.Setting;
import soak.SoakDir;

/**
 * Brings the evidence files into the raw tables of sql/1-evidence, text as it stands. The only judgement made here is
 * whether a JSON file is one whole object; what its fields mean is SQL's business. A file that cannot be read becomes a
 * row that says so, and never ends the report.
 */
final class EvidenceReader {
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern DAILY = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})-summary\\.json");
  private static final Pattern ROUND = Pattern.compile("round-(\\d{6})");
  private static final Pattern HALF_CHARACTER = Pattern.compile("\\\\u[dD][89a-fA-F]");
  private static final String SUMMARY = "round-summary.json";
  private static final String STUCK_SCAN = "stuck-scan.json";
  private static final String METRICS = "metrics-scrape.prom";
  /** Kept where it convicts; what it holds is for people. */
  private static final String CONVICTING_LISTING = "listing.json.gz";
  private static final List<String> RAW_TEXTS = List.of("plan-ids.txt", "plans-created.txt", "create-times.txt", "recovery.txt", "refuted.txt", "drill-plan.txt", "create-stalls.txt");
  private static final List<String> RAW_OBJECTS = List.of("integrity.json", "store-check.json", STUCK_SCAN);
  private static final List<String> EVIDENCE = Stream.of(List.of(SUMMARY, METRICS), RAW_TEXTS, RAW_OBJECTS).flatMap(List::stream).toList();
  /** What the harness writes stays far below; anything larger is not its file, and would only fill the memory. */
  private static final int LARGEST_FILE_BYTES = 64 << 20;

  private final Config config;
  private final SoakDir dir;
  private final DuckDBConnection connection;
  private boolean auditRead;
  private boolean metricsRead;

  EvidenceReader(Config config, Connection connection) {
    this.config = config;
    this.dir = config.dir();
    this.connection = (DuckDBConnection) connection;
  }

  /** As the contract has it for a folder that holds legacy rounds and no date: the soak began with the first of them. */
  static Config withStart(Config config) {
    if (!config.get("SOAK_STARTED_AT").isEmpty()) {
      return config;
    }
    Instant first = null;
    for (Path date : sorted(config.dir().rounds())) {
      for (Path round : sorted(date)) {
        Instant at = time(date, round);
        first = at != null && (first == null || at.isBefore(first)) ? at : first;
      }
    }
    if (first == null) {
      return config;
    }
    Map<String, String> values = new LinkedHashMap<>(config.effective());
    values.put("SOAK_STARTED_AT", first.toString());
    values.keySet().removeIf(key -> !config.has(key) && !key.equals("SOAK_STARTED_AT")); // a default stays a default
    return Config.of(config.dir(), values);
  }

  private static Instant time(Path date, Path round) {
    Matcher m = ROUND.matcher(round.getFileName().toString());
    try {
      return DATE.matcher(date.getFileName().toString()).matches() && m.matches() && Files.isDirectory(round)
          ? LocalDate.parse(date.getFileName().toString()).atTime(LocalTime.parse(m.group(1), DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT))).toInstant(ZoneOffset.UTC)
          : null;
    } catch (DateTimeException noSuchTime) {
      return null;
    }
  }

  void readScope(Scope scope) throws SQLException {
    try (DuckDBAppender settings = appender("raw_config")) {
      Secrets secrets = Secrets.of(config);
      for (Map.Entry<String, String> entry : config.effective().entrySet()) {
        String key = entry.getKey();
        Setting ours = Setting.isKey(key) ? Setting.valueOf(key) : null;
        row(settings, key, secrets.shown(key, entry.getValue()), config.has(key), ours == null ? null : ours.standard(), ours != null && ours.decidesVerdicts(), ours == null ? null : ours.laxer());
      }
    }
    try (var statement = connection.prepareStatement("INSERT INTO raw_scope VALUES (?, ?, ?)")) {
      statement.setObject(1, scope.asOf().atOffset(ZoneOffset.UTC));
      statement.setObject(2, scope.isNow());
      statement.setObject(3, scope.checkpointDay());
      statement.executeUpdate();
    }
  }

  /** Everything that the reports need. */
  void readSoak() throws SQLException {
    try (Tables tables = new Tables()) {
      for (Path date : sorted(dir.rounds())) {
        if (!DATE.matcher(date.getFileName().toString()).matches() || !Files.isDirectory(date)) {
          row(tables.stray, name(date));
          continue;
        }
        readDate(date, tables);
      }
      readDailySummaries(tables.daily);
      readLog(dir.alertsLog(), tables);
      readLog(dir.setupSummary(), tables);
      readLog(dir.setupResumes(), tables);
    }
  }

  /** The appenders of the raw tables, open while the soak is walked. */
  private final class Tables implements AutoCloseable {
    final DuckDBAppender rounds = appender("raw_round");
    final DuckDBAppender texts = appender("raw_text");
    final DuckDBAppender objects = appender("raw_object");
    final DuckDBAppender lines = appender("raw_log_line");
    final DuckDBAppender stray = appender("raw_stray");
    final DuckDBAppender unreadable = appender("raw_unreadable");
    final DuckDBAppender stored = appender("raw_stored");
    final DuckDBAppender daily = appender("raw_daily");

    Tables() throws SQLException {}

    @Override
    public void close() throws SQLException {
      for (DuckDBAppender appender : List.of(rounds, texts, objects, lines, stray, unreadable, stored, daily)) {
        appender.close();
      }
    }
  }

  private void readDailySummaries(DuckDBAppender daily) throws SQLException {
    for (Path file : sorted(dir.daily())) {
      Matcher summary = DAILY.matcher(file.getFileName().toString());
      if (summary.matches() && Files.isRegularFile(file)) {
        JsonFile json = json(file);
        row(daily, summary.group(1), json.object, json.problem);
      }
    }
  }

  /** One date's rounds: the unit that never changes once its day has passed. */
  private void readDate(Path date, Tables tables) throws SQLException {
    for (Path round : sorted(date)) {
      if (!ROUND.matcher(round.getFileName().toString()).matches() || !Files.isDirectory(round)) {
        row(tables.stray, name(round));
        continue;
      }
      String id = date.getFileName() + "/" + round.getFileName();
      Path link = link(date, round);
      JsonFile summary = link == null ? json(round.resolve(SUMMARY)) : new JsonFile(false, null, "is not read: " + name(link) + " is a link, and evidence is where it was written");
      row(tables.rounds, id, !summary.absent, summary.object, summary.problem, link != null);
      for (String file : RAW_TEXTS) {
        String text = roundText(id, round.resolve(file), tables.unreadable, tables.stored);
        if (text != null) {
          row(tables.texts, id, file, text);
        }
      }
      for (String file : RAW_OBJECTS) {
        JsonFile object = json(id, round.resolve(file), tables.stored);
        if (!object.absent) {
          row(tables.objects, id, file, object.object, object.problem);
        }
      }
      verifyMetrics(id, round.resolve(METRICS), tables);
      if (Files.exists(round.resolve(CONVICTING_LISTING))) {
        row(tables.texts, id, CONVICTING_LISTING, ""); // that it is there
      }
    }
  }

  /** The date, the round or the first of its files that is a link: another place's evidence, that stands there already. */
  private static Path link(Path date, Path round) {
    if (Files.isSymbolicLink(date) || Files.isSymbolicLink(round)) {
      return Files.isSymbolicLink(date) ? date : round;
    }
    return EVIDENCE.stream().flatMap(file -> Stream.of(file, file + StoredText.ENDING)).map(round::resolve).filter(Files::isSymbolicLink).findFirst().orElse(null);
  }

  /** The scrapes are read when a statement asks for them; whether the whole of a large one is what was written is told at once. */
  private void verifyMetrics(String id, Path file, Tables tables) throws SQLException {
    try {
      if (Files.exists(file) && Files.size(file) > 0) {
        row(tables.texts, id, METRICS, ""); // that it is there, for now
      }
      if (Files.exists(file) && Files.size(file) <= StoredText.LARGEST_POINTER_BYTES) {
        noteStored(id, file, StoredText.of(file, bytes(file)), tables.stored);
      }
    } catch (IOException e) {
      row(tables.unreadable, name(file), reason(e));
    }
  }

  /** @return the text, that of NAME.gz where NAME points to it; null if there is none that can be read */
  private String roundText(String id, Path file, DuckDBAppender unreadable, DuckDBAppender stored) throws SQLException {
    try {
      StoredText text = StoredText.of(file, bytes(file));
      if (stored != null) {
        noteStored(id, file, text, stored);
      }
      if (text == null || text.bytes() == null) {
        return null;
      }
      try {
        return decoded(text.bytes());
      } catch (CharacterCodingException e) {
        row(unreadable, name(file), reason(e));
        return Json.withoutMark(new String(text.bytes(), StandardCharsets.UTF_8)); // one bad byte must not hide the other lines
      }
    } catch (IOException e) {
      row(unreadable, name(file), reason(e));
      return null;
    }
  }

  private void noteStored(String id, Path file, StoredText text, DuckDBAppender stored) throws SQLException {
    if (text != null && text.pointed()) {
      row(stored, id, file.getFileName().toString(), name(file.resolveSibling(text.file())), text.said(), text.kept(), text.problem());
    }
  }

  private void readLog(Path file, Tables tables) throws SQLException {
    try {
      String text = text(file);
      if (text != null) {
        appendLines(tables.lines, file.getFileName().toString(), text);
      }
    } catch (CharacterCodingException e) {
      row(tables.unreadable, name(file), reason(e));
      appendLines(tables.lines, file.getFileName().toString(), damaged(file)); // one bad byte must not hide the other lines
    } catch (IOException e) {
      row(tables.unreadable, name(file), reason(e));
    }
  }

  /** A log's text with U+FFFD for what is no UTF-8. */
  private static String damaged(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }

  /** The audit store and the scrapes are large and most reports do without them. */
  void readFor(String sql) {
    try {
      if (!auditRead && names(sql, "audit")) {
        auditRead = true;
        try (DuckDBAppender lines = appender("raw_audit_line"); DuckDBAppender unreadable = appender("raw_unreadable")) {
          readLines(config.auditDir(), ".jsonl", lines, unreadable);
        }
      }
      if (!metricsRead && names(sql, "metrics")) {
        metricsRead = true;
        try (DuckDBAppender texts = appender("raw_metrics"); DuckDBAppender unreadable = appender("raw_unreadable")) {
          for (Path date : sorted(dir.rounds())) {
            for (Path round : sorted(date)) {
              readMetrics(date, round, texts, unreadable);
            }
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean names(String sql, String view) {
    return Pattern.compile("\\b" + view + "\\b", Pattern.CASE_INSENSITIVE).matcher(sql).find();
  }

  private void readLines(Path folder, String ending, DuckDBAppender lines, DuckDBAppender unreadable) throws SQLException {
    for (Path file : sorted(folder)) {
      if (file.getFileName().toString().endsWith(ending) && Files.isRegularFile(file)) {
        try {
          appendLines(lines, name(file), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
          row(unreadable, name(file), reason(e));
        }
      }
    }
  }

  private void readMetrics(Path date, Path round, DuckDBAppender texts, DuckDBAppender unreadable) throws SQLException {
    if (!DATE.matcher(date.getFileName().toString()).matches() || !ROUND.matcher(round.getFileName().toString()).matches()) {
      return;
    }
    String id = date.getFileName() + "/" + round.getFileName();
    String text = roundText(id, round.resolve(METRICS), unreadable, null);
    if (text == null) {
      return;
    }
    List<Map.Entry<String, OptionalDouble>> samples = new ArrayList<>();
    PrometheusText.read(text, (family, value) -> samples.add(Map.entry(family, value)));
    for (Map.Entry<String, OptionalDouble> sample : samples) {
      row(texts, id, sample.getKey(), sample.getValue().isPresent() ? sample.getValue().getAsDouble() : null);
    }
  }

  private static void appendLines(DuckDBAppender table, String file, String text) throws SQLException {
    long number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      row(table, file, ++number, line);
    }
  }

  /** A file that should hold one JSON object: the object's text, or why it is none. */
  private record JsonFile(boolean absent, String object, String problem) {}

  private static JsonFile json(Path file) {
    try {
      return json(text(file));
    } catch (IOException e) {
      return new JsonFile(false, null, reason(e));
    }
  }

  /** The same for a file of a round, which may only point to its whole. */
  private JsonFile json(String id, Path file, DuckDBAppender stored) throws SQLException {
    try {
      byte[] plain = bytes(file);
      StoredText text = StoredText.of(file, plain);
      noteStored(id, file, text, stored);
      if (plain != null && file.endsWith(STUCK_SCAN)) {
        return json(decoded(plain)); // the count that the pointer tells is all that is asked of it
      }
      if (text != null && text.bytes() == null) {
        return new JsonFile(false, null, null); // raw_stored says what is wrong
      }
      return json(text == null ? null : decoded(text.bytes()));
    } catch (IOException e) {
      return new JsonFile(false, null, reason(e));
    }
  }

  private static JsonFile json(String text) {
    try {
      if (text == null) {
        return new JsonFile(true, null, null);
      }
      if (text.isBlank()) {
        return new JsonFile(false, null, text.isEmpty() ? "is empty" : "holds only blanks");
      }
      JsonNode tree = Json.parse(text);
      if (!tree.isObject()) {
        return new JsonFile(false, null, "holds " + article(tree) + ", not a JSON object");
      }
      if (HALF_CHARACTER.matcher(text).find() && holdsHalfACharacter(tree)) {
        return new JsonFile(false, null, "holds half a character (a broken \\u escape)"); // for the database that is no JSON, and would end the report
      }
      return new JsonFile(false, text, null);
    } catch (JsonProcessingException e) {
      return new JsonFile(false, null, reason(e));
    }
  }

  private static boolean holdsHalfACharacter(JsonNode tree) {
    if (tree.isTextual()) {
      return !tree.textValue().equals(wellFormed(tree.textValue()));
    }
    boolean found = tree.properties().stream().anyMatch(field -> !field.getKey().equals(wellFormed(field.getKey())));
    for (JsonNode child : tree) {
      found |= holdsHalfACharacter(child);
    }
    return found;
  }

  private static String article(JsonNode tree) {
    String type = tree.getNodeType().name().toLowerCase(Locale.ROOT);
    return type.equals("null") ? "null" : (type.equals("array") ? "an " : "a ") + type;
  }

  /** In our words: the parser's own name its classes and switches. */
  private static String reason(JsonProcessingException e) {
    String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
    String said = firstLine(e.getOriginalMessage());
    if (e instanceof JsonEOFException) {
      return "is cut off" + where;
    }
    if (said.startsWith("Trailing token")) {
      return "goes on after its first value" + where;
    }
    if (said.startsWith("Duplicate field")) {
      return "is ambiguous: " + said.replaceFirst("^D", "d") + where;
    }
    return "is no JSON: " + said.replaceFirst(":? (enable|\\(for|\\[Source).*$", "").replaceFirst(": only regular white space.*$", "") + where;
  }

  /** @return the text, null if there is no such file */
  private static String text(Path file) throws IOException {
    byte[] bytes = bytes(file);
    return bytes == null ? null : decoded(bytes);
  }

  private static String decoded(byte[] bytes) throws CharacterCodingException {
    return Json.withoutMark(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
  }

  /** @return null if there is no such file */
  static byte[] bytes(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is no file"); // a pipe would be waited for
    }
    try (InputStream in = Files.newInputStream(file)) {
      return bounded(in);
    } catch (NoSuchFileException absent) {
      return null;
    }
  }

  static byte[] bounded(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST_FILE_BYTES + 1);
    if (bytes.length > LARGEST_FILE_BYTES) {
      throw new IOException("it is larger than " + (LARGEST_FILE_BYTES >> 20) + " MiB");
    }
    return bytes;
  }

  private static String reason(IOException e) {
    if (e instanceof CharacterCodingException) {
      return "is not UTF-8 text";
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "may not be read by this user";
    }
    return "cannot be read: " + firstLine(e.getMessage());
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }

  /** The entries of a folder by name; none if there is no such folder. */
  private static List<Path> sorted(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return entries;
    } catch (IOException e) {
      throw soak.Failure.failed(folder + " cannot be listed (" + e + "): it must be a folder that this user may read", e);
    }
    entries.sort(java.util.Comparator.comparing(Path::toString));
    return entries;
  }

  /** Relative to the soak folder where it lies in it: a report must not depend on where its folder stands. */
  private String name(Path file) {
    return file.startsWith(dir.root()) ? dir.root().relativize(file).toString() : file.toString();
  }

  private DuckDBAppender appender(String table) throws SQLException {
    return connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
  }

  private static void row(DuckDBAppender table, Object... values) throws SQLException {
    table.beginRow();
    for (Object value : values) {
      if (value == null) {
        table.appendNull();
      } else if (value instanceof Boolean flag) {
        table.append(flag);
      } else if (value instanceof Long number) {
        table.append(number);
      } else if (value instanceof Double number) {
        table.append(number.doubleValue());
      } else {
        table.append(wellFormed(value.toString()));
      }
    }
    table.endRow();
  }

  /** DuckDB refuses half a surrogate pair, which a JSON escape can hold. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
