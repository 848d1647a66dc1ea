import base.Sqlite;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;

/**
 * Writes rows into a database without a pause until it is killed; a process of its own, as the control plane is: within
 * one JVM, reading a file by other means drops SQLite's locks on it.
 */
final class SqliteWriter {
    private SqliteWriter() {}

    public static void main(String[] args) throws Exception {
        try (Connection c = Sqlite.open(Path.of(args[0]), false, Duration.ofSeconds(30))) {
            for (int i = 0; ; i++) {
                Sqlite.execute(c, "INSERT INTO plan (a, b) VALUES ('w" + i + "', 'w" + i + "')");
                if (i == 0) {
                    System.out.println("writing");
                }
            }
        }
    }
}
