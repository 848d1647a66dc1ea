//DEPS org.duckdb:duckdb_jdbc:1.4.4.0
package evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
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
  /** A younger one may belong to a process that is just starting. */
  private static final Duration STALE_AFTER = Duration.ofMinutes(10);

  private DuckDb() {}

  /** @param tmp where DuckDB may spill; made if need be, done without where it cannot be written */
  static Connection open(Path tmp) {
    try {
      Path writable = prepare(tmp);
      loadDriver();
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = connection.createStatement()) {
        statement.execute(settings(writable));
      }
      return connection;
    } catch (SQLException e) {
      throw Failure.failed("DuckDB cannot start (" + e.getMessage() + "): the report needs a Linux with glibc and about 600 MB of free memory", e);
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
      throw Failure.failed("DuckDB's native library cannot be loaded (" + e + "): it needs glibc and 60 MB in a folder that allows execution, here "
          + System.getProperty("java.io.tmpdir") + "; another one is given by JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR", e);
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

  /**
   * The driver unpacks 60 MB into java.io.tmpdir when its class is loaded, once a JVM, and removes them at a regular end.
   * Once loaded the file is needed no more, so it goes at once: a killed process must not leave it. (The JVM fixes that
   * folder at its start: the frozen start scripts set it to SOAK_DIR/tmp, nothing can set it here.)
   */
  private static synchronized void loadDriver() {
    try {
      Class.forName("org.duckdb.DuckDBNative");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      for (String file : maps.filter(line -> line.contains("/libduckdb_java")).map(line -> line.substring(line.indexOf('/'))).distinct().toList()) {
        Files.deleteIfExists(Path.of(file)); // one that is deleted already is listed as "… (deleted)", which is no file
      }
    } catch (IOException | UncheckedIOException notLinux) {
      // then the driver removes it at the end
    }
  }

  /** @return the folder, created and without what killed processes left in it; null if it cannot be written */
  private static Path prepare(Path tmp) {
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
