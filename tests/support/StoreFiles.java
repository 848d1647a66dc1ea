import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Sqlite;
import base.Time;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;
import org.sqlite.Collation;
import org.sqlite.Function;
import workload.StoreCheck;

/** SQLite databases in a control plane's data dir, and what a round's check says of them. */
final class StoreFiles {
    static final Duration WAIT = Duration.ofSeconds(1);

    private final Path data;

    StoreFiles(Path data) {
        this.data = data;
    }

    interface Work {
        void on(Connection connection) throws Exception;
    }

    Path database(String name, Work... works) throws Exception {
        Path file = data.resolve(name);
        for (Work work : works) {
            try (Connection c = Sqlite.open(file, false, WAIT)) {
                work.on(c);
            }
        }
        return file;
    }

    static void plans(Connection c, String table, String column) throws Exception {
        Sqlite.execute(c, "CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, name " + column + ")");
        Sqlite.execute(c, "CREATE INDEX " + table + "_name ON " + table + " (name)");
        fill(c, table);
    }

    static void fill(Connection c, String table) throws Exception {
        Sqlite.execute(
                c,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO " + table
                        + " (name) SELECT 'plan-' || i || '-' || hex(randomblob(20)) FROM n");
    }

    /** As a control plane has them that orders and reads in its own way. */
    static void ownWays(Connection c) throws Exception {
        Collation.create(c, "BY_TENANT", new Collation() {
            @Override
            protected int xCompare(String one, String other) {
                return other.compareTo(one);
            }
        });
        Function.create(
                c,
                "tenant_of",
                new Function() {
                    @Override
                    protected void xFunc() throws java.sql.SQLException {
                        result(value_text(0) + "!");
                    }
                },
                1,
                0x800);
    }

    StoreCheck.Finding check(String... checkedBefore) throws Exception {
        return StoreCheck.of(data, Set.of(checkedBefore), Time.system());
    }

    static void overwrite(Path file, long at, byte[] bytes) throws Exception {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at);
            raw.write(bytes);
        }
    }

    static void unchecked(StoreCheck.Finding finding, String why) {
        assertNull(finding.result(), finding.toString());
        assertFalse(finding.damaged());
        assertTrue(finding.uncheckedText().contains(why), finding.uncheckedText());
        assertTrue(
                finding.warning().orElseThrow().contains("no verdict depends on this, and the next round tries again"));
    }

    static void damaged(StoreCheck.Finding finding, String name) {
        assertTrue(finding.damaged() && finding.result().startsWith(name + ": "), finding.toString());
        assertTrue(finding.databases().contains(name), finding.toString());
    }

    /** The foreign control plane keeps its plans in memory: the database is the test's own. */
    static Path store(RoundRig rig) throws Exception {
        Files.createDirectories(rig.dir.cpData());
        Path file = rig.dir.cpData().resolve("plans.db");
        try (Connection c = Sqlite.open(file, false, WAIT)) {
            plans(c, "plan", "TEXT");
        }
        return file;
    }
}
