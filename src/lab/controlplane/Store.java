package lab.controlplane;

import base.Failure;
import base.Json;
import base.Sqlite;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The plans, in one SQLite file: WAL, synchronous=FULL, so a method that changed something returns only once that is on
 * disk. One connection writes; reads go to a few others, each over before its rows are sent anywhere, since a read that
 * stays open keeps the WAL from being checkpointed.
 *
 * <p>An SQLException keeps SQLite's result code (busy, full, corrupt …); what it means to a caller is the API's affair.
 */
final class Store implements AutoCloseable {
    static final String FILE = "controlplane.db";
    /** What a writer that waited for another one too long gets, as SQLite would say it. */
    static final int BUSY = 5;

    static final int CORRUPT = 11;
    static final int FULL = 13;
    static final int CONSTRAINT = 19;

    private static final int SCHEMA_VERSION = 1;
    private static final int READERS = 2;
    private static final String STAGE_SEPARATOR = "\n";

    private static final String SCHEMA = """
        CREATE TABLE IF NOT EXISTS plans ( -- one row per plan, in the order of creation
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          plan_id TEXT NOT NULL UNIQUE,
          artifact_ref TEXT NOT NULL,
          phase TEXT NOT NULL,
          stages TEXT NOT NULL,
          current_stage_id TEXT,
          created_at_ms INTEGER NOT NULL,
          updated_at_ms INTEGER NOT NULL,
          stuck_after_seconds INTEGER,
          completes_after_seconds INTEGER,
          completes_at_ms INTEGER,
          body TEXT NOT NULL -- as it came; last, so that a listing need not read past it
        )\
        """;
    private static final String STUCK_CANDIDATES = """
        CREATE INDEX IF NOT EXISTS stuck_candidates
          ON plans (updated_at_ms, stuck_after_seconds) WHERE phase IN ('published', 'active')\
        """;

    private static final String COLUMNS =
            "seq, plan_id, artifact_ref, phase, stages, current_stage_id, created_at_ms, updated_at_ms,"
                    + " stuck_after_seconds, completes_after_seconds, completes_at_ms";
    /**
     * The columns as one value per plan; a listing has all its plans in one, for each value that crosses from SQLite
     * costs it more than all else that a plan does.
     */
    private static final String PLAN = "json_array(" + COLUMNS + ")";

    private final Duration busyTimeout;
    private final Connection writer;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final BlockingQueue<Reader> readers = new ArrayBlockingQueue<>(READERS);
    private final SettledPages pages = new SettledPages();
    /** Of the writer's connection: it counts the changes of all others. */
    private final PreparedStatement dataVersion;

    /** @throws Failure where the file is no database, damaged, or held by another program */
    Store(Path dataDir, Duration busyTimeout) {
        this.busyTimeout = busyTimeout;
        Path file = dataDir.resolve(FILE);
        try {
            writer = Sqlite.open(file, false, busyTimeout);
            try {
                prepare(file);
                dataVersion = writer.prepareStatement("PRAGMA data_version");
                for (int i = 0; i < READERS; i++) {
                    readers.add(Reader.of(Sqlite.open(file, true, busyTimeout)));
                }
            } catch (SQLException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (SQLException e) {
            throw switch (Sqlite.resultCode(e)) {
                case CORRUPT, Sqlite.NOT_A_DATABASE ->
                    Failure.failed(
                            "the database " + file + " is damaged (" + e.getMessage()
                                    + "): restore it from a backup, or move it away",
                            e);
                case BUSY ->
                    Failure.failed("the database " + file + " is in use by another program: end that program first", e);
                default -> Failure.failed("the database " + file + " cannot be opened: " + e.getMessage(), e);
            };
        }
    }

    private void prepare(Path file) throws SQLException {
        int version = (int) number(writer, "PRAGMA user_version");
        if (version > SCHEMA_VERSION) {
            throw Failure.failed("the database " + file + " was written by a newer control plane (schema " + version
                    + "): run that one");
        }
        Sqlite.execute(writer, "PRAGMA journal_mode = WAL");
        Sqlite.execute(writer, "PRAGMA synchronous = FULL");
        Sqlite.execute(writer, SCHEMA);
        Sqlite.execute(writer, STUCK_CANDIDATES);
        if (version < SCHEMA_VERSION) {
            Sqlite.execute(writer, "PRAGMA user_version = " + SCHEMA_VERSION);
        }
    }

    /**
     * @param plan its seq is ignored: the store gives it
     * @return false if there is a plan of that id already
     */
    boolean create(Plan plan, String body) throws SQLException {
        lockWriting();
        try (PreparedStatement insert = writer.prepareStatement("""
            INSERT INTO plans (plan_id, artifact_ref, phase, stages, current_stage_id, created_at_ms, updated_at_ms,
              stuck_after_seconds, completes_after_seconds, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """)) {
            insert.setString(1, plan.planId());
            insert.setString(2, plan.artifactRef());
            insert.setString(3, plan.storedPhase().word());
            insert.setString(4, String.join(STAGE_SEPARATOR, plan.stages()));
            insert.setString(5, plan.currentStageId());
            insert.setLong(6, plan.createdAtMs());
            insert.setLong(7, plan.storedUpdatedAtMs());
            insert.setObject(8, plan.stuckAfterSeconds());
            insert.setObject(9, plan.completesAfterSeconds());
            insert.setString(10, body);
            insert.executeUpdate();
            return true;
        } catch (SQLException e) {
            if (Sqlite.resultCode(e) == CONSTRAINT) {
                return false;
            }
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Replaces a plan by what {@code change} makes of it; nothing else writes in between. What {@code change} throws
     * leaves the plan as it was.
     *
     * @return the plan as it is now; empty if there is none of that id
     */
    Optional<Plan> change(String planId, UnaryOperator<Plan> change) throws SQLException {
        lockWriting();
        try {
            Optional<Plan> before = find(writer, planId);
            if (before.isEmpty()) {
                return before;
            }
            Plan after = change.apply(before.get());
            try (PreparedStatement update = writer.prepareStatement(
                    "UPDATE plans SET phase = ?, current_stage_id = ?, updated_at_ms = ?, completes_at_ms = ? WHERE"
                            + " seq = ?")) {
                update.setString(1, after.storedPhase().word());
                update.setString(2, after.currentStageId());
                update.setLong(3, after.storedUpdatedAtMs());
                update.setObject(4, after.completesAtMs());
                update.setLong(5, after.seq());
                update.executeUpdate();
            }
            pages.changed(after.seq());
            return Optional.of(after);
        } finally {
            writing.unlock();
        }
    }

    private void lockWriting() throws SQLException {
        try {
            if (!writing.tryLock(busyTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new org.sqlite.SQLiteException(
                        "another write is in progress", org.sqlite.SQLiteErrorCode.SQLITE_BUSY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting to write", e);
        }
    }

    /**
     * Pages of listings as they were answered, but for what another program has changed since. Empty while a writer is
     * busy, who is not waited for: then nobody can tell.
     */
    Optional<SettledPages> pages() throws SQLException {
        if (!writing.tryLock()) {
            return Optional.empty();
        }
        try (ResultSet version = dataVersion.executeQuery()) {
            pages.seen(version.getLong(1));
            return Optional.of(pages);
        } finally {
            writing.unlock();
        }
    }

    /** The plans created after {@code afterSeq}, in order, at most {@code limit}. */
    List<Plan> list(long afterSeq, int limit) throws SQLException {
        return read(reader -> {
            reader.listing.setLong(1, afterSeq);
            reader.listing.setInt(2, limit);
            return plans(reader.listing);
        });
    }

    /**
     * The plans that have not moved for longer than {@code thresholdSeconds} and their own patience, longest stuck
     * first.
     */
    List<Plan> stuck(long thresholdSeconds, long nowMs) throws SQLException {
        return read(reader -> {
            try (PreparedStatement query = reader.connection.prepareStatement(plansOf("""
                WHERE phase IN ('published', 'active')
                  AND updated_at_ms < ?
                  AND (stuck_after_seconds IS NULL OR updated_at_ms < ? - stuck_after_seconds * 1000)
                  AND (completes_at_ms IS NULL OR completes_at_ms > ?)
                ORDER BY updated_at_ms, seq\
                """))) {
                query.setLong(1, nowMs - thresholdSeconds * 1000);
                query.setLong(2, nowMs);
                query.setLong(3, nowMs);
                return plans(query);
            }
        });
    }

    /** A plan and the body that it was created from. */
    record Detail(Plan plan, String body) {}

    Optional<Detail> detail(String planId) throws SQLException {
        return read(reader -> {
            try (PreparedStatement query =
                    reader.connection.prepareStatement("SELECT " + PLAN + ", body FROM plans WHERE plan_id = ?")) {
                query.setString(1, planId);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Detail(
                                    plans("[" + row.getString(1) + "]").get(0), row.getString(2)))
                            : Optional.empty();
                }
            }
        });
    }

    long count() throws SQLException {
        return read(reader -> number(reader.connection, "SELECT count(*) FROM plans"));
    }

    /** @param listing prepared once: a listing of thousands of plans asks for it page by page */
    private record Reader(Connection connection, PreparedStatement listing) {
        static Reader of(Connection connection) throws SQLException {
            return new Reader(connection, connection.prepareStatement(plansOf("WHERE seq > ? ORDER BY seq LIMIT ?")));
        }

        void close() throws SQLException {
            listing.close();
            connection.close();
        }
    }

    private interface Query<T> {
        T run(Reader reader) throws SQLException;
    }

    private <T> T read(Query<T> query) throws SQLException {
        Reader reader;
        try {
            reader = readers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting to read", e);
        }
        try {
            return query.run(reader);
        } finally {
            readers.add(reader);
        }
    }

    private static Optional<Plan> find(Connection connection, String planId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(plansOf("WHERE plan_id = ?"))) {
            query.setString(1, planId);
            return plans(query).stream().findFirst();
        }
    }

    private static String plansOf(String whichInOrder) {
        return "SELECT json_group_array(" + PLAN + ") FROM (SELECT " + COLUMNS + " FROM plans " + whichInOrder + ")";
    }

    /** @param query made by {@link #plansOf} */
    private static List<Plan> plans(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return plans(row.getString(1));
        }
    }

    /** @param rows an array of {@link #PLAN} */
    private static List<Plan> plans(String rows) throws SQLException {
        List<Plan> plans = new ArrayList<>();
        try (JsonParser values = Json.MAPPER.createParser(rows)) {
            values.nextToken();
            while (values.nextToken() == JsonToken.START_ARRAY) {
                long seq = values.nextLongValue(0);
                String planId = values.nextTextValue();
                String artifactRef = values.nextTextValue();
                Phase phase = Phase.of(values.nextTextValue());
                String stages = values.nextTextValue();
                plans.add(new Plan(
                        seq,
                        planId,
                        artifactRef,
                        phase,
                        stages.isEmpty() ? List.of() : List.of(stages.split(STAGE_SEPARATOR)),
                        values.nextTextValue(),
                        values.nextLongValue(0),
                        values.nextLongValue(0),
                        nextLong(values),
                        nextLong(values),
                        nextLong(values)));
                values.nextToken();
            }
            return plans;
        } catch (IOException e) {
            throw new SQLException("the rows of plans cannot be read", e);
        }
    }

    private static Long nextLong(JsonParser values) throws IOException {
        return values.nextToken() == JsonToken.VALUE_NULL ? null : (Long) values.getLongValue();
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        }
    }

    /** The last connection to close moves the WAL into the database. */
    @Override
    public void close() throws SQLException {
        writing.lock();
        try {
            for (int i = 0; i < READERS; i++) {
                Reader reader = readers.poll();
                if (reader != null) {
                    reader.close();
                }
            }
            dataVersion.close();
            writer.close();
        } finally {
            writing.unlock();
        }
    }
}
