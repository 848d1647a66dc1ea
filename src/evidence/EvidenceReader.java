package evidence;

import base.Failure;
import base.HeldLock;
import base.Why;
import cache.DayCache;
import evidence.RawTable.Rows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
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
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import seal.Heads;
import settings.Config;
import settings.Plan;
import settings.Secrets;
import settings.Setting;
import soak.Access;
import soak.RotatedLogs;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * Brings the evidence files into the raw tables of sql/1-evidence, text as it stands. The only judgement made here is
 * whether a JSON file is one whole object; what its fields mean is SQL's business. A file that cannot be read becomes a
 * row that says so, and never ends the report.
 */
final class EvidenceReader {
    private final Config config;
    private final SoakDir dir;
    private final Connection connection;
    private final DayCache cache;
    private boolean auditRead;
    private boolean metricsRead;

    /** @param cache of the days that are over */
    EvidenceReader(Config config, Connection connection, DayCache cache) {
        this.config = config;
        this.dir = config.dir();
        this.connection = connection;
        this.cache = cache;
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
        // a default stays a default
        values.keySet().removeIf(key -> !config.has(key) && !key.equals("SOAK_STARTED_AT"));
        return Config.of(config.dir(), values);
    }

    /** The settings, what the plan fixes, and what is judged. */
    void readScope(Scope scope) throws SQLException {
        try (RawTables tables = new RawTables(connection)) {
            Secrets secrets = Secrets.of(config);
            for (Map.Entry<String, String> entry : config.effective().entrySet()) {
                String key = entry.getKey();
                Setting ours = Setting.isKey(key) ? Setting.valueOf(key) : null;
                tables.add(
                        RawTable.CONFIG,
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
        try (var statement = connection.prepareStatement("INSERT INTO raw_scope VALUES (?, ?, ?, ?, ?)")) {
            statement.setObject(1, scope.asOf().atOffset(ZoneOffset.UTC));
            statement.setObject(2, scope.isNow());
            statement.setObject(3, scope.isNow() && HeldLock.on(dir.roundLock()));
            statement.setObject(4, scope.checkpointDay());
            statement.setObject(5, scope.heads().areAnchors());
            statement.executeUpdate();
        }
    }

    /**
     * Everything that the reports need.
     *
     * @param heads known elsewhere
     */
    void readSoak(Heads heads) throws SQLException {
        SealReader seals = SealReader.beside(dir, heads, cache);
        try (RawTables tables = new RawTables(connection)) {
            List<Path> dates = new ArrayList<>();
            for (Path date : children(dir.rounds())) {
                if (RoundFiles.isNamedAsDate(date)) {
                    dates.add(date);
                } else {
                    tables.add(RawTable.STRAY, dir.name(date));
                }
            }
            new DaysReader(cache)
                    .read(dates, "rounds", (date, rows) -> new RoundReader(dir, rows).readDate(date), tables);
            readDailySummaries(tables);
            readLog(dir.alertsLog(), tables);
            readRotated(dir.alertsLog(), tables);
            readLog(dir.setupSummary(), tables);
            readLog(dir.setupResumes(), tables);
            seals.read(tables);
        }
    }

    private void readDailySummaries(Rows rows) {
        for (Path file : children(dir.daily())) {
            Optional<String> date = SoakDir.dateOfSummary(file);
            if (date.isPresent() && Files.isRegularFile(file)) {
                JsonFile json = JsonFile.of(file);
                rows.add(RawTable.DAILY, date.get(), json.object(), json.problem());
            }
        }
    }

    private void readLog(Path file, Rows rows) {
        try {
            byte[] bytes = RoundFiles.bytes(file);
            if (bytes != null) {
                lines(
                        RawTable.LOG_LINE,
                        file.getFileName().toString(),
                        EvidenceText.decodedOrDamaged(bytes, why -> unreadable(file, why, rows)),
                        rows);
            }
        } catch (IOException e) {
            unreadable(file, e, rows);
        }
    }

    /** What such a file holds vouches for daily summaries alone: one that cannot be read vouches for none. */
    private static void readRotated(Path log, Rows rows) {
        for (Path file : listed(log.getParent(), () -> RotatedLogs.of(log))) {
            try (InputStream in = RotatedLogs.opened(file)) {
                String text = new String(RoundFiles.bounded(in), StandardCharsets.UTF_8);
                lines(RawTable.LOG_LINE, file.getFileName().toString(), text, rows);
            } catch (IOException unreadable) {
                // a packed one may be half written
            }
        }
    }

    private void unreadable(Path file, IOException why, Rows rows) {
        rows.add(RawTable.UNREADABLE, dir.name(file), EvidenceText.reason(why));
    }

    /** Each line of a text with its number, from 1 on. */
    private static void lines(RawTable table, String file, String text, Rows rows) {
        long number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            rows.add(table, file, ++number, line);
        }
    }

    /** The audit store and the scrapes are large and most reports do without them. */
    void readFor(String sql) {
        boolean audit = !auditRead && names(sql, "audit");
        boolean metrics = !metricsRead && names(sql, "metrics");
        if (!audit && !metrics) {
            return;
        }
        auditRead |= audit;
        metricsRead |= metrics;
        try (RawTables tables = new RawTables(connection)) {
            if (audit) {
                readAudit(tables);
            }
            if (metrics) {
                List<Path> dates = children(dir.rounds()).stream()
                        .filter(RoundFiles::isDate)
                        .toList();
                new DaysReader(cache)
                        .read(dates, "metrics", (date, rows) -> new RoundReader(dir, rows).readMetrics(date), tables);
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

    private void readAudit(Rows rows) {
        for (Path file : children(config.auditDir())) {
            if (file.getFileName().toString().endsWith(".jsonl") && Files.isRegularFile(file)) {
                try {
                    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                    lines(RawTable.AUDIT_LINE, dir.name(file), text, rows);
                } catch (IOException e) {
                    unreadable(file, e, rows);
                }
            }
        }
    }

    private interface Listing {
        List<Path> read() throws IOException;
    }

    /** @throws Failure exit 70 for a folder that cannot be listed, 64 for one that this user may not look into */
    static List<Path> children(Path folder) {
        return listed(folder, () -> RoundFiles.children(folder));
    }

    private static List<Path> rounds(SoakDir dir) {
        return listed(dir.rounds(), () -> RoundFiles.folders(dir.rounds()));
    }

    private static List<Path> listed(Path folder, Listing listing) {
        try {
            List<Path> found = listing.read();
            if (!found.isEmpty() && !Files.isExecutable(folder)) { // names alone: what they are the system does not say
                throw new AccessDeniedException(folder.toString());
            }
            return found;
        } catch (IOException e) {
            Access.require(e);
            throw Failure.failed(
                    folder + " cannot be listed (" + Why.of(e, folder)
                            + "): it must be a folder that this user may read",
                    e);
        }
    }
}
