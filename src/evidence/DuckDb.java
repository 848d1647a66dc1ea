//DEPS org.duckdb:duckdb_jdbc:1.4.4.0
package evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import soak.Failure;

/** An in-memory DuckDB with the settings that make its figures the same everywhere; the evidence files stay the truth. */
final class DuckDb {
  private static final String NATIVE_LIBRARY = "libduckdb_java*";
  /** A younger one may belong to a process that is just starting; a loaded one can be deleted under its process. */
  private static final Duration STALE_AFTER = Duration.ofMinutes(10);

  private DuckDb() {}

  /** @param tmp where the driver unpacks its native library and may spill, or null where nothing can be written */
  static Connection open(Path tmp) {
    try {
      Path writable = prepare(tmp);
      loadDriver(writable);
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = connection.createStatement()) {
        statement.execute(settings(writable));
      }
      return connection;
    } catch (SQLException e) {
      throw Failure.failed("DuckDB cannot start (" + e.getMessage() + "): the report needs a Linux with glibc and about 600 MB of free memory", e);
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
      throw Failure.failed("DuckDB's native library cannot be loaded (" + e + "): it needs glibc, and 60 MB in a folder that allows execution, "
          + (tmp == null ? "" : tmp + " or ") + System.getProperty("java.io.tmpdir"), e);
    }
  }

  /**
   * threads: one is fastest for small files and needs a quarter of the memory. ieee_floating_point_ops: off, else 0/0 is
   * NaN, which sorts above every target. TimeZone: dates are UTC's. Extensions: never downloaded.
   */
  private static String settings(Path tmp) {
    return """
        SET threads = 1;
        SET memory_limit = '512MB';
        SET ieee_floating_point_ops = false;
        SET TimeZone = 'UTC';
        SET autoinstall_known_extensions = false;
        SET autoload_known_extensions = false;
        SET temp_directory = '%s';
        SET extension_directory = '%s';
        """.formatted(tmp == null ? "" : quoted(tmp.resolve("duckdb-spill")), tmp == null ? "" : quoted(tmp.resolve("duckdb-extensions")));
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }

  /** The driver unpacks 60 MB into java.io.tmpdir when its class is loaded, once a JVM. */
  private static void loadDriver(Path tmp) {
    String before = System.getProperty("java.io.tmpdir");
    if (tmp != null) {
      System.setProperty("java.io.tmpdir", tmp.toString());
    }
    try {
      Class.forName("org.duckdb.DuckDBDriver");
      Class.forName("org.duckdb.DuckDBNative");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }

  /** @return the folder, created and without what killed processes left in it; null if it cannot be written */
  private static Path prepare(Path tmp) {
    if (tmp == null) {
      return null;
    }
    try {
      Files.createDirectories(tmp);
      if (!Files.isWritable(tmp)) {
        return null;
      }
      try (Stream<Path> left = Files.list(tmp)) {
        for (Path file : (Iterable<Path>) left.filter(f -> tmp.getFileSystem().getPathMatcher("glob:" + NATIVE_LIBRARY).matches(f.getFileName()))::iterator) {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(STALE_AFTER))) {
            Files.deleteIfExists(file);
          }
        }
      }
      return tmp;
    } catch (IOException readOnly) {
      return null; // a soak folder on read-only media can be reported on all the same
    }
  }
}
