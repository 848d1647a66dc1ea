import static org.junit.jupiter.api.Assertions.assertEquals;

import archive.Archive;
import base.Sqlite;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import settings.Config;
import soak.SoakDir;

/** A soak's folder with everything that may be in one, and its archive. */
final class FullFolder {
    static final LocalDate DATE = LocalDate.of(2026, 10, 31);

    final StringWriter err = new StringWriter();
    final SoakDir dir;
    private final Path scratch;

    FullFolder(Path scratch) throws Exception {
        this(scratch, "my soak ä");
    }

    FullFolder(Path scratch, String name) throws Exception {
        this.scratch = scratch;
        dir = new SoakDir(scratch.resolve(name));
        put("config.env", "SOAK_ID=soak-val12\n");
        put("rounds/2026-10-01/round-000000/round-summary.json", "{}");
        put("rounds/2026-10-01/round-000000/" + "long-".repeat(40) + "é漢.txt", "named at length");
        Files.createDirectories(dir.rounds().resolve("2026-10-01/round-003000"));
        put("final-report.txt", "# VAL 12\n\n## Artifact\nArchive: n/a\nSHA-256: n/a\n");
        put(
                "final-report.json",
                "{\n"
                        + "  \"as_of\" : \"2026-10-31T00:00:00Z\",\n"
                        + "  \"complete\" : true,\n"
                        + "  \"archive\" : null,\n"
                        + "  \"archive_sha256\" : null\n"
                        + "}\n");
        put("bin/lib/duckdb.jar", "left out");
        put("bin/lib/duckdb/libduckdb_java.so_linux_amd64", "left out");
        put("bin/classes.jsa", "left out");
        put("bin/classes.txt", "left out");
        put("bin/round", "kept");
        put("tmp/x", "left out");
        put("round.lock", "");
        put("daily/2026-10-01-summary.json.tmp", "left out");
        Files.createSymbolicLink(dir.root().resolve("link"), Path.of("config.env"));
    }

    void put(String name, String text) throws Exception {
        Path file = dir.root().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-10-02T03:04:05.678Z")));
    }

    Archive.Result archive() throws Exception {
        return new Archive(config(), DATE).write(new PrintWriter(err, true));
    }

    Config config() {
        return Config.of(dir, Map.of("SOAK_ID", "soak-val12"));
    }

    String run(String... command) throws Exception {
        Fork.Result result = Fork.run(Map.of("LC_ALL", "C.UTF-8"), List.of(command));
        assertEquals(0, result.exit(), result.err());
        return result.out();
    }

    Path unpack(Archive.Result archived) throws Exception {
        Path to = Files.createDirectory(scratch.resolve("unpacked"));
        run("tar", "-xzf", archived.file().toString(), "-C", to.toString());
        return to.resolve(dir.root().getFileName());
    }

    void withDatabase(int rows) throws Exception {
        Files.createDirectories(dir.cpData());
        try (Connection c = Sqlite.open(dir.cpData().resolve("control plane.db"), false, Duration.ofSeconds(5))) {
            Sqlite.execute(c, "PRAGMA journal_mode=WAL");
            Sqlite.execute(c, "CREATE TABLE IF NOT EXISTS plan (id INTEGER PRIMARY KEY, a TEXT, b TEXT)");
            for (int i = 0; i < rows; i++) {
                Sqlite.execute(c, "INSERT INTO plan (a, b) VALUES ('" + i + "', '" + i + "')");
            }
        }
    }

    static String ask(Path database, String sql) throws Exception {
        try (Connection c = Sqlite.open(database, true, Duration.ofSeconds(5));
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getString(1);
        }
    }
}
