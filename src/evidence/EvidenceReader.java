package evidence;

import static evidence.RawTables.row;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import probe.PrometheusText;
import seal.Heads;
import soak.Config;
import soak.Failure;
import soak.Plan;
import soak.RoundFiles;
import soak.Secrets;
import soak.Setting;
import soak.SoakDir;

/**
 * Brings the evidence files into the raw tables of sql/1-evidence, text as it stands. The only judgement made here is
 * whether a JSON file is one whole object; what its fields mean is SQL's business. A file that cannot be read becomes a
 * row that says so, and never ends the report.
 */
final class EvidenceReader {
    private static final Pattern DAILY = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})-summary\\.json");
    private static final List<String> RAW_TEXTS = List.of(
            RoundFiles.PLAN_IDS,
            RoundFiles.CODES,
            RoundFiles.TIMES,
            RoundFiles.RECOVERY,
            RoundFiles.REFUTED,
            RoundFiles.DRILL,
            RoundFiles.STALLS);
    private static final List<String> RAW_OBJECTS =
            List.of(RoundFiles.INTEGRITY, RoundFiles.STORE_CHECK, RoundFiles.STUCK_SCAN);
    private static final List<String> EVIDENCE = Stream.of(
                    List.of(RoundFiles.SUMMARY, RoundFiles.METRICS), RAW_TEXTS, RAW_OBJECTS)
            .flatMap(List::stream)
            .toList();

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

    /**
     * As the contract has it for a folder that holds legacy rounds and no date: the soak began with the first of them.
     */
    static Config withStart(Config config) {
        if (!config.get("SOAK_STARTED_AT").isEmpty()) {
            return config;
        }
        Instant first = rounds(config.dir()).stream()
                .findFirst()
                .map(RoundFiles::second)
                .orElse(null);
        if (first == null) {
            return config;
        }
        Map<String, String> values = new LinkedHashMap<>(config.effective());
        values.put("SOAK_STARTED_AT", first.toString());
        values.keySet()
                .removeIf(key -> !config.has(key) && !key.equals("SOAK_STARTED_AT")); // a default stays a default
        return Config.of(config.dir(), values);
    }

    /** The settings, what the plan fixes, and what is judged. */
    void readScope(Scope scope) throws SQLException {
        try (DuckDBAppender settings = RawTables.appender(connection, "raw_config")) {
            Secrets secrets = Secrets.of(config);
            for (Map.Entry<String, String> entry : config.effective().entrySet()) {
                String key = entry.getKey();
                Setting ours = Setting.isKey(key) ? Setting.valueOf(key) : null;
                row(
                        settings,
                        key,
                        secrets.shown(key, entry.getValue()),
                        config.has(key),
                        ours == null ? null : ours.standard(),
                        ours != null && ours.decidesVerdicts(),
                        ours == null ? null : ours.laxer());
            }
        }
        try (Statement plan = connection.createStatement()) {
            plan.execute(Plan.values().entrySet().stream()
                    .map(constant -> constant.getValue() + " AS " + constant.getKey())
                    .collect(Collectors.joining(", ", "CREATE TABLE raw_plan AS SELECT ", "")));
        }
        try (var statement = connection.prepareStatement("INSERT INTO raw_scope VALUES (?, ?, ?)")) {
            statement.setObject(1, scope.asOf().atOffset(ZoneOffset.UTC));
            statement.setObject(2, scope.isNow());
            statement.setObject(3, scope.checkpointDay());
            statement.executeUpdate();
        }
    }

    /**
     * Everything that the reports need.
     *
     * @param heads known elsewhere
     */
    void readSoak(Heads heads) throws SQLException {
        SealReader seals = SealReader.beside(dir, heads);
        try (RawTables tables = new RawTables(connection)) {
            for (Path date : children(dir.rounds())) {
                if (!RoundFiles.isNamedAsDate(date)) {
                    row(tables.stray, name(date));
                    continue;
                }
                readDate(date, tables);
            }
            readDailySummaries(tables.daily);
            readLog(dir.alertsLog(), tables);
            readLog(dir.setupSummary(), tables);
            readLog(dir.setupResumes(), tables);
            seals.read(tables.seals, tables.sealRounds);
        }
    }

    private void readDailySummaries(DuckDBAppender daily) throws SQLException {
        for (Path file : children(dir.daily())) {
            Matcher summary = DAILY.matcher(file.getFileName().toString());
            if (summary.matches() && Files.isRegularFile(file)) {
                JsonFile json = JsonFile.of(file);
                row(daily, summary.group(1), json.object(), json.problem());
            }
        }
    }

    /** One date's rounds: the unit that never changes once its day has passed. */
    private void readDate(Path date, RawTables tables) throws SQLException {
        for (Path round : children(date)) {
            if (!RoundFiles.isNamedAsRound(round)) {
                row(tables.stray, name(round));
                continue;
            }
            String id = RoundFiles.id(round);
            RoundNames names = RoundNames.of(round);
            Path link = link(date, round, names);
            JsonFile summary = link == null
                    ? JsonFile.of(round.resolve(RoundFiles.SUMMARY))
                    : JsonFile.broken("is not read: " + name(link) + " is a link, and a round writes no links");
            row(tables.rounds, id, !summary.absent(), summary.object(), summary.problem(), link != null);
            for (String file : RAW_TEXTS) {
                String text = names.holdStored(file)
                        ? roundText(id, round.resolve(file), tables.unreadable, tables.stored)
                        : null;
                if (text != null) {
                    row(tables.texts, id, file, text);
                }
            }
            for (String file : RAW_OBJECTS) {
                if (names.holdStored(file)) {
                    JsonFile object = json(id, round.resolve(file), tables.stored);
                    if (!object.absent()) {
                        row(tables.objects, id, file, object.object(), object.problem());
                    }
                }
            }
            if (names.hold(RoundFiles.METRICS)) {
                verifyMetrics(id, round.resolve(RoundFiles.METRICS), tables);
            }
            if (names.hold(RoundFiles.CONVICTING_LISTING)
                    && Files.exists(round.resolve(RoundFiles.CONVICTING_LISTING))) {
                row(tables.texts, id, RoundFiles.CONVICTING_LISTING, ""); // that it is there
            }
        }
    }

    /**
     * The date, the round or the first of its files that is a link: another place's evidence, that stands there
     * already.
     */
    private static Path link(Path date, Path round, RoundNames names) {
        if (Files.isSymbolicLink(date) || Files.isSymbolicLink(round)) {
            return Files.isSymbolicLink(date) ? date : round;
        }
        return EVIDENCE.stream()
                .flatMap(file -> Stream.of(file, file + RoundFiles.GZIPPED))
                .filter(names::hold)
                .map(round::resolve)
                .filter(Files::isSymbolicLink)
                .findFirst()
                .orElse(null);
    }

    /**
     * The scrapes are read when a statement asks for them; whether the whole of a large one is what was written is told
     * at once.
     */
    private void verifyMetrics(String id, Path file, RawTables tables) throws SQLException {
        try {
            if (Files.exists(file) && Files.size(file) > 0) {
                row(tables.texts, id, RoundFiles.METRICS, ""); // that it is there, for now
            }
            if (Files.exists(file) && RoundFiles.mayPoint(file)) {
                noteStored(id, file, StoredText.of(file, RoundFiles.bytes(file)), tables.stored);
            }
        } catch (IOException e) {
            row(tables.unreadable, name(file), EvidenceText.reason(e));
        }
    }

    /** @return the text, that of NAME.gz where NAME points to it; null if there is none that can be read */
    private String roundText(String id, Path file, DuckDBAppender unreadable, DuckDBAppender stored)
            throws SQLException {
        try {
            StoredText text = StoredText.of(file, RoundFiles.bytes(file));
            if (stored != null) {
                noteStored(id, file, text, stored);
            }
            return text == null || text.bytes() == null ? null : text(text.bytes(), file, unreadable);
        } catch (IOException e) {
            row(unreadable, name(file), EvidenceText.reason(e));
            return null;
        }
    }

    private void noteStored(String id, Path file, StoredText text, DuckDBAppender stored) throws SQLException {
        if (text != null && text.pointed()) {
            row(
                    stored,
                    id,
                    file.getFileName().toString(),
                    name(file.resolveSibling(text.file())),
                    text.said(),
                    text.kept(),
                    text.problem());
        }
    }

    private void readLog(Path file, RawTables tables) throws SQLException {
        try {
            byte[] bytes = RoundFiles.bytes(file);
            if (bytes != null) {
                RawTables.lines(tables.lines, file.getFileName().toString(), text(bytes, file, tables.unreadable));
            }
        } catch (IOException e) {
            row(tables.unreadable, name(file), EvidenceText.reason(e));
        }
    }

    private String text(byte[] bytes, Path file, DuckDBAppender unreadable) throws SQLException {
        try {
            return EvidenceText.decoded(bytes);
        } catch (CharacterCodingException e) {
            row(unreadable, name(file), EvidenceText.reason(e));
            return EvidenceText.damaged(bytes); // one bad byte must not hide the other lines
        }
    }

    /** The audit store and the scrapes are large and most reports do without them. */
    void readFor(String sql) {
        try {
            if (!auditRead && names(sql, "audit")) {
                auditRead = true;
                try (DuckDBAppender lines = RawTables.appender(connection, "raw_audit_line");
                        DuckDBAppender unreadable = RawTables.appender(connection, "raw_unreadable")) {
                    readLines(config.auditDir(), ".jsonl", lines, unreadable);
                }
            }
            if (!metricsRead && names(sql, "metrics")) {
                metricsRead = true;
                try (DuckDBAppender texts = RawTables.appender(connection, "raw_metrics");
                        DuckDBAppender unreadable = RawTables.appender(connection, "raw_unreadable")) {
                    for (Path round : rounds(dir)) {
                        readMetrics(round, texts, unreadable);
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean names(String sql, String view) {
        return Pattern.compile("\\b" + view + "\\b", Pattern.CASE_INSENSITIVE)
                .matcher(sql)
                .find();
    }

    private void readLines(Path folder, String ending, DuckDBAppender lines, DuckDBAppender unreadable)
            throws SQLException {
        for (Path file : children(folder)) {
            if (file.getFileName().toString().endsWith(ending) && Files.isRegularFile(file)) {
                try {
                    RawTables.lines(lines, name(file), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    row(unreadable, name(file), EvidenceText.reason(e));
                }
            }
        }
    }

    private void readMetrics(Path round, DuckDBAppender texts, DuckDBAppender unreadable) throws SQLException {
        String id = RoundFiles.id(round);
        String text = roundText(id, round.resolve(RoundFiles.METRICS), unreadable, null);
        if (text == null) {
            return;
        }
        List<Map.Entry<String, OptionalDouble>> samples = new ArrayList<>();
        PrometheusText.read(text, (family, value) -> samples.add(Map.entry(family, value)));
        for (Map.Entry<String, OptionalDouble> sample : samples) {
            row(
                    texts,
                    id,
                    sample.getKey(),
                    sample.getValue().isPresent() ? sample.getValue().getAsDouble() : null);
        }
    }

    /** The same for a file of a round, which may only point to its whole. */
    private JsonFile json(String id, Path file, DuckDBAppender stored) throws SQLException {
        try {
            byte[] plain = RoundFiles.bytes(file);
            StoredText text = StoredText.of(file, plain);
            noteStored(id, file, text, stored);
            if (plain != null && file.endsWith(RoundFiles.STUCK_SCAN)) {
                return JsonFile.of(
                        EvidenceText.decoded(plain)); // the count that the pointer tells is all that is asked of it
            }
            if (text != null && text.bytes() == null) {
                return JsonFile.broken(null); // raw_stored says what is wrong
            }
            return JsonFile.of(text == null ? null : EvidenceText.decoded(text.bytes()));
        } catch (IOException e) {
            return JsonFile.broken(EvidenceText.reason(e));
        }
    }

    private interface Listing {
        List<Path> read() throws IOException;
    }

    private static List<Path> children(Path folder) {
        return listed(folder, () -> RoundFiles.children(folder));
    }

    private static List<Path> rounds(SoakDir dir) {
        return listed(dir.rounds(), () -> RoundFiles.folders(dir.rounds()));
    }

    private static List<Path> listed(Path folder, Listing listing) {
        try {
            return listing.read();
        } catch (IOException e) {
            throw Failure.failed(
                    folder + " cannot be listed (" + e + "): it must be a folder that this user may read", e);
        }
    }

    /** Relative to the soak folder where it lies in it: a report must not depend on where its folder stands. */
    private String name(Path file) {
        return file.startsWith(dir.root()) ? dir.root().relativize(file).toString() : file.toString();
    }
}
