package workload;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import soak.Sqlite;
import soak.Time;

/**
 * SQLite's own integrity_check of the control plane's database (claim C1), where the data dir holds one: read-only, in one
 * read transaction, so on the snapshot of a moment and without waiting for the control plane or holding it up.
 */
public final class StoreCheck {
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final int FINDINGS = 20;

  /**
   * @param result "ok", or what SQLite found wrong
   * @param databases the files that were checked
   */
  public record Finding(String result, List<String> databases, long millis) {
    public boolean ok() {
      return result.equals("ok");
    }

    public Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("result", result);
      json.put("databases", databases);
      json.put("ms", millis);
      return json;
    }
  }

  private StoreCheck() {}

  /**
   * @param checkedBefore the databases of an earlier check: one of these that is no database any more is damaged, any other
   *     file of such a name is another program's
   * @return null if the folder holds no SQLite database
   */
  public static Finding of(Path dataDir, Set<String> checkedBefore, Time time) throws IOException {
    long began = time.nanoTime();
    List<Path> databases = databases(dataDir);
    if (databases.isEmpty()) {
      return null;
    }
    List<String> findings = new ArrayList<>();
    List<String> checked = new ArrayList<>();
    for (Path database : databases) {
      String name = dataDir.relativize(database).toString();
      try (Connection connection = Sqlite.open(database, true, BUSY); Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check(" + FINDINGS + ")")) {
          while (rows.next()) {
            if (!rows.getString(1).equals("ok")) {
              findings.add(database.getFileName() + ": " + rows.getString(1));
            }
          }
        }
        connection.rollback();
        checked.add(name);
      } catch (SQLException e) {
        if (Sqlite.resultCode(e) == Sqlite.NOT_A_DATABASE && !checkedBefore.contains(name) && !Files.exists(database.resolveSibling(database.getFileName() + "-wal"))) {
          continue;
        }
        checked.add(name);
        findings.add(database.getFileName() + " cannot be checked: " + e.getMessage());
      }
    }
    if (checked.isEmpty()) {
      return null;
    }
    return new Finding(findings.isEmpty() ? "ok" : String.join("; ", findings), checked,
        (time.nanoTime() - began) / 1_000_000);
  }

  /**
   * By their names alone: to look into the files would mean to open and close them, and in a process that also runs the
   * control plane that would drop SQLite's own locks on them.
   */
  private static List<Path> databases(Path dataDir) throws IOException {
    if (!Files.isDirectory(dataDir)) {
      return List.of();
    }
    List<Path> databases = new ArrayList<>();
    Files.walkFileTree(dataDir, new SimpleFileVisitor<>() {
      @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (Files.isRegularFile(file) && (file.toString().matches(".*\\.(db|sqlite|sqlite3)") || Files.exists(file.resolveSibling(file.getFileName() + "-wal")))) {
          databases.add(file);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override public FileVisitResult visitFileFailed(Path file, IOException gone) {
        return FileVisitResult.CONTINUE; // lost+found is root's alone, and what the control plane removes meanwhile needs no check
      }
    });
    databases.sort(null);
    return databases;
  }
}
