//DEPS org.xerial:sqlite-jdbc:3.54.1.0
package base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.core.DB;

/**
 * Connections to SQLite files.
 *
 * <p>SQLite guards a file with POSIX locks, which a process loses as soon as it closes any other handle on that file:
 * where a connection is open, the same JVM must not read the file by other means (a copy, a checksum).
 */
public final class Sqlite {
    /** SQLITE_ERROR: a statement that cannot be compiled, a function or collation that is not there. */
    public static final int ERROR = 1;

    public static final int BUSY = 5;
    public static final int LOCKED = 6;
    public static final int INTERRUPT = 9;
    public static final int CORRUPT = 11;
    /** SQLITE_NOTADB: the file is something else, or its head is damaged. */
    public static final int NOT_A_DATABASE = 26;

    private static final int PRIMARY_CODE = 0xff; // the low byte of an extended result code

    private static final String UNPACK_DIR = "org.sqlite.tmpdir";

    /** What the driver logs of a library that it cannot load are stack traces; the failure says it in a sentence. */
    private static final Logger DRIVER = Logger.getLogger("org.sqlite"); // held: loggers are collected otherwise

    private static boolean loaded;

    private Sqlite() {}

    /**
     * The driver unpacks its library at each start and removes it at a regular end: a killed process would leave it, 1
     * MB a time. Once loaded, its file is needed no more. What could not be loaded is tried again: a disk may be full
     * for a while.
     */
    private static synchronized void loadLibrary() {
        if (loaded) {
            return;
        }
        DRIVER.setLevel(Level.OFF);
        try {
            Path base = Path.of(System.getProperty(UNPACK_DIR, System.getProperty("java.io.tmpdir")));
            Path own = Files.createTempDirectory(base, Leftovers.owned("sqlite"));
            String before = System.setProperty(UNPACK_DIR, own.toString());
            try {
                SQLiteJDBCLoader.initialize();
            } finally {
                if (before == null) {
                    System.clearProperty(UNPACK_DIR);
                } else {
                    System.setProperty(UNPACK_DIR, before);
                }
                remove(own);
            }
            loaded = true;
        } catch (Exception e) { // the driver's method declares no narrower one
            throw Failure.failed(
                    "SQLite's library cannot be unpacked and loaded (" + Why.of(e, null)
                            + "): point java.io.tmpdir at a folder that has room, can be written and is not mounted"
                            + " noexec",
                    e);
        }
    }

    /**
     * An open file that is deleted keeps a name of the file system's own ({@code .fuse_hidden…}, {@code .nfs…}) in its
     * folder on FUSE and NFS: the folder then stays until a later round removes it ({@link Leftovers}).
     */
    private static void remove(Path unpacked) {
        try {
            Folders.delete(unpacked);
        } catch (IOException | UncheckedIOException stillHeld) {
            // the library is loaded, or its own failure is on the way
        }
    }

    /**
     * Opens a file, creating it unless {@code readOnly}. The connection is in auto-commit mode.
     *
     * @param busyTimeout how long a statement waits for a lock that another connection holds before SQLITE_BUSY
     * @throws Failure where SQLite itself is not to be had
     */
    public static Connection open(Path file, boolean readOnly, Duration busyTimeout) throws SQLException {
        return open(uri(file), readOnly, busyTimeout);
    }

    /** Opens a file that nobody writes, to read it: without locks, and without files of SQLite's own beside it. */
    public static Connection openUnheld(Path file) throws SQLException {
        return open(uri(file) + "?immutable=1", true, Duration.ZERO);
    }

    private static Connection open(String uri, boolean readOnly, Duration busyTimeout) throws SQLException {
        loadLibrary();
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(Math.toIntExact(busyTimeout.toMillis()));
        return config.createConnection("jdbc:sqlite:" + uri);
    }

    /**
     * A plain name would be searched for {@code ?pragma=…} by the driver; a URI's path is escaped, so any file name is
     * safe.
     */
    private static String uri(Path file) {
        return "file:" + file.toAbsolutePath().normalize().toUri().getRawPath();
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * SQLite's online backup: the database as one moment has it, its log folded in. The driver's own statement
     * {@code backup to} has no way to name a file with a quotation mark in it.
     *
     * @param copy a file that is not there yet, or an empty one
     */
    public static void backup(Connection source, Path copy) throws SQLException {
        DB database = source.unwrap(SQLiteConnection.class).getDatabase();
        int result = database.backup("main", copy.toString(), null);
        if (result != 0) {
            throw DB.newSQLException(result, "the backup failed");
        }
    }

    /**
     * @return SQLite's primary result code (5 busy, 11 corrupt, 13 full …, sqlite.org/rescode.html), or -1 if the
     *     driver gave none
     */
    public static int resultCode(SQLException e) {
        return e instanceof SQLiteException known ? known.getResultCode().code & PRIMARY_CODE : -1;
    }
}
