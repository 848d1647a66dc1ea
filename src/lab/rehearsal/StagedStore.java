package lab.rehearsal;

import base.Sqlite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;

/**
 * Hands in the control plane's database that no control plane should have: what corrupts it, and what takes a round
 * back.
 */
final class StagedStore {
    private static final Duration BUSY = Duration.ofSeconds(5);
    private static final int SCHEMA_VERSION_OFFSET = 40; // sqlite.org/fileformat2.html

    private final Path file;

    StagedStore(Path dataDir) {
        this.file = dataDir.resolve("controlplane.db");
    }

    /** @param from how many of the oldest plans are passed over */
    void lose(int count, long from) {
        execute("DELETE FROM plans WHERE seq IN (SELECT seq FROM plans ORDER BY seq LIMIT ? OFFSET ?)", count, from);
    }

    /** Makes ordinary plans stuck that are older than {@code before}; a retry completes them. */
    void stick(int count, Instant before) {
        execute("""
            UPDATE plans SET stuck_after_seconds = 3600, completes_after_seconds = 60
             WHERE seq IN (
               SELECT seq FROM plans WHERE phase = 'published' AND stuck_after_seconds > 3600 AND updated_at_ms < ?
               ORDER BY seq LIMIT ?)\
            """, before.toEpochMilli(), count);
    }

    /** Makes the first plans stuck since then. */
    void stickFirst(int count, Instant since) {
        execute(
                "UPDATE plans SET updated_at_ms = ?, stuck_after_seconds = 3600 WHERE seq IN (SELECT seq FROM plans"
                        + " ORDER BY seq LIMIT ?)",
                since.toEpochMilli(),
                count);
    }

    void copyTo(Path copy) throws IOException {
        Files.deleteIfExists(copy);
        execute("VACUUM INTO ?", copy.toString());
    }

    /**
     * Page by page, its log folded in and cut: whoever goes on from the copy writes what he writes who goes on from the
     * store.
     */
    void copyExactlyTo(Path copy) throws IOException {
        Files.deleteIfExists(copy);
        int schemaVersion;
        try (Connection connection = Sqlite.open(file, false, BUSY);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            Sqlite.backup(connection, copy);
            schemaVersion = statement.executeQuery("PRAGMA schema_version").getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        // the one field of the header that a backup counts by itself
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.write(
                    ByteBuffer.allocate(Integer.BYTES).putInt(schemaVersion).flip(), SCHEMA_VERSION_OFFSET);
        }
    }

    /** Nothing may have it open. */
    void replaceBy(Path copy) throws IOException {
        for (String end : new String[] {"-wal", "-shm"}) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
        }
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void execute(String sql, Object... values) {
        try (Connection connection = Sqlite.open(file, false, BUSY);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
