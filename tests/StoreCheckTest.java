import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Collation;
import org.sqlite.Function;
import soak.Exit;
import soak.Sqlite;
import soak.Time;
import workload.StoreCheck;

/**
 * The control plane's SQLite files: what is damage is found, and what this program cannot check is not called damage.
 */
@Tag("slow")
class StoreCheckTest {
    private static final int PAGE = 4096;
    private static final Duration WAIT = Duration.ofSeconds(1);

    @TempDir
    Path data;

    // --- databases
    // ------------------------------------------------------------------------------------------------------

    private interface Work {
        void on(Connection connection) throws Exception;
    }

    private Path database(String name, Work... works) throws Exception {
        Path file = data.resolve(name);
        for (Work work : works) {
            try (Connection c = Sqlite.open(file, false, WAIT)) {
                work.on(c);
            }
        }
        return file;
    }

    private static void plans(Connection c, String table, String column) throws Exception {
        Sqlite.execute(c, "CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, name " + column + ")");
        Sqlite.execute(c, "CREATE INDEX " + table + "_name ON " + table + " (name)");
        fill(c, table);
    }

    private static void fill(Connection c, String table) throws Exception {
        Sqlite.execute(
                c,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO " + table
                        + " (name) SELECT 'plan-' || i || '-' || hex(randomblob(20)) FROM n");
    }

    /** As a control plane has them that orders and reads in its own way. */
    private static void ownWays(Connection c) throws Exception {
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

    private StoreCheck.Finding check(String... checkedBefore) throws Exception {
        return StoreCheck.of(data, Set.of(checkedBefore), Time.system());
    }

    private static void overwrite(Path file, long at, byte[] bytes) throws Exception {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at);
            raw.write(bytes);
        }
    }

    private static void unchecked(StoreCheck.Finding finding, String why) {
        assertNull(finding.result(), finding.toString());
        assertFalse(finding.damaged());
        assertTrue(finding.uncheckedText().contains(why), finding.uncheckedText());
        assertTrue(finding.warning()
                .orElseThrow()
                .contains("nothing is concluded from that, and the next round tries again"));
    }

    private static void damaged(StoreCheck.Finding finding, String name) {
        assertTrue(finding.damaged() && finding.result().startsWith(name + ": "), finding.toString());
        assertTrue(finding.databases().contains(name), finding.toString());
    }

    // --- what cannot be checked is no damage
    // ----------------------------------------------------------------------------

    @Test
    void a_collation_that_only_the_program_has_is_no_damage() throws Exception {
        database("plans.db", c -> {
            ownWays(c);
            plans(c, "plan", "TEXT COLLATE BY_TENANT");
            plans(c, "other", "TEXT");
        });
        unchecked(
                check(),
                "plans.db: no such collation sequence: BY_TENANT; its structure is sound, and so is the content of all"
                        + " tables but plan");
        unchecked(check("plans.db"), "no such collation sequence");
    }

    @Test
    void a_function_that_only_the_program_has_is_no_damage_wherever_it_stands() throws Exception {
        database("index.db", c -> {
            ownWays(c);
            plans(c, "plan", "TEXT");
            Sqlite.execute(c, "CREATE INDEX by_tenant ON plan (tenant_of(name))");
        });
        database("generated.db", c -> {
            ownWays(c);
            Sqlite.execute(
                    c,
                    "CREATE TABLE plan (id INTEGER PRIMARY KEY, name TEXT, tenant TEXT GENERATED ALWAYS AS"
                            + " (tenant_of(name)) VIRTUAL NOT NULL CHECK (tenant_of(name) <> 'x'))");
            fill(c, "plan");
        });
        StoreCheck.Finding finding = check();
        unchecked(finding, "generated.db: unknown function: tenant_of()");
        unchecked(finding, "index.db: unknown function: tenant_of()");
    }

    @Test
    void a_table_of_a_module_that_is_not_here_is_left_out() throws Exception {
        database("plans.db", c -> {
            plans(c, "plan", "TEXT");
            Sqlite.execute(c, "CREATE VIRTUAL TABLE words USING fts5(word)");
            Sqlite.execute(c, "PRAGMA writable_schema = ON");
            Sqlite.execute(c, "UPDATE sqlite_schema SET sql = replace(sql, 'fts5', 'vectors9') WHERE name = 'words'");
        });
        assertEquals("ok", check().result());
    }

    @Test
    void a_definition_in_the_words_of_a_newer_sqlite_is_no_damage_unless_it_could_be_read_before() throws Exception {
        database("plans.db", c -> {
            plans(c, "plan", "TEXT");
            plans(c, "newer", "TEXT");
            Sqlite.execute(c, "PRAGMA writable_schema = ON");
            Sqlite.execute(
                    c,
                    "UPDATE sqlite_schema SET sql = replace(sql, 'TEXT)', 'TEXT PACKED BY (zstd))') WHERE name ="
                            + " 'newer'");
        });
        unchecked(check(), "malformed database schema (newer)");
        damaged(check("plans.db"), "plans.db");
    }

    @Test
    void a_database_that_its_program_holds_for_itself_is_no_damage() throws Exception {
        database("wal.db", c -> Sqlite.execute(c, "PRAGMA journal_mode = WAL"), c -> plans(c, "plan", "TEXT"));
        database("rollback.db", c -> plans(c, "plan", "TEXT"));
        try (Connection wal = Sqlite.open(data.resolve("wal.db"), false, WAIT);
                Connection rollback = Sqlite.open(data.resolve("rollback.db"), false, WAIT)) {
            for (Connection held : List.of(wal, rollback)) {
                Sqlite.execute(held, "PRAGMA locking_mode = EXCLUSIVE");
                Sqlite.execute(held, "INSERT INTO plan (name) VALUES ('held')");
            }
            StoreCheck.Finding finding =
                    StoreCheck.of(data, Set.of("wal.db", "rollback.db"), Time.system(), Duration.ofMillis(50));
            unchecked(finding, "rollback.db: another process held its lock for more than ");
            unchecked(finding, "wal.db: another process held its lock for more than ");
        }
        assertEquals("ok", check().result());
    }

    @Test
    void a_long_write_is_no_damage_and_the_next_check_is_good() throws Exception {
        database("plans.db", c -> plans(c, "plan", "TEXT"));
        try (Connection writer = Sqlite.open(data.resolve("plans.db"), false, WAIT)) {
            Sqlite.execute(writer, "BEGIN EXCLUSIVE");
            unchecked(
                    StoreCheck.of(data, Set.of("plans.db"), Time.system(), Duration.ofMillis(50)),
                    "another process held its lock");
            Sqlite.execute(writer, "COMMIT");
        }
        assertEquals("ok", check("plans.db").result());
    }

    /** What a killed program leaves behind: files of a moment in mid-transaction, and nobody who holds them. */
    private Path asIfKilled(String journal) throws Exception {
        Path running = Files.createDirectories(data.resolveSibling(data.getFileName() + "-running"))
                .resolve("plans.db");
        try (Connection c = Sqlite.open(running, false, WAIT)) {
            Sqlite.execute(c, "PRAGMA journal_mode = " + journal);
            plans(c, "plan", "TEXT");
            Sqlite.execute(c, "PRAGMA cache_size = 5");
            Sqlite.execute(c, "BEGIN");
            Sqlite.execute(c, "UPDATE plan SET name = 'half ' || name");
            for (String end : List.of("", "-wal", "-journal")) {
                if (Files.exists(running.resolveSibling("plans.db" + end))) {
                    Files.copy(running.resolveSibling("plans.db" + end), data.resolve("plans.db" + end));
                }
            }
        }
        return data.resolve("plans.db");
    }

    @Test
    void a_transaction_that_was_cut_off_is_no_damage() throws Exception {
        asIfKilled("DELETE");
        assertTrue(Files.size(data.resolve("plans.db-journal")) > 0);
        unchecked(check("plans.db"), "plans.db: ");
    }

    @Test
    void a_write_ahead_log_that_nobody_holds_is_read_with_its_database() throws Exception {
        asIfKilled("WAL");
        assertEquals("ok", check("plans.db").result());
    }

    @Test
    void what_was_never_a_database_may_be_encrypted_and_what_was_one_is_damaged() throws Exception {
        byte[] noise = new byte[8 * PAGE];
        new Random(8).nextBytes(noise);
        Files.write(data.resolve("plans.db"), noise);
        assertNull(check(), "another program's file");
        Files.writeString(data.resolve("plans.db-wal"), "");
        unchecked(
                check(), "plans.db: it is encrypted, or damaged since before the first check (file is not a database)");
        damaged(check("plans.db"), "plans.db");
    }

    @Test
    void a_database_that_is_gone_is_said() throws Exception {
        unchecked(check("plans.db"), "plans.db: it is not there any more");
        assertNull(check());
    }

    // --- damage is found
    // ------------------------------------------------------------------------------------------------

    @Test
    void flipped_pages_a_cut_file_and_a_broken_list_of_free_pages_are_damage() throws Exception {
        Path flipped = database("flipped.db", c -> plans(c, "plan", "TEXT"));
        byte[] noise = new byte[PAGE];
        new Random(5).nextBytes(noise);
        overwrite(flipped, 9 * PAGE, noise);
        Path cut = database("cut.db", c -> plans(c, "plan", "TEXT"));
        try (RandomAccessFile raw = new RandomAccessFile(cut.toFile(), "rw")) {
            raw.setLength(raw.length() / PAGE / 2 * PAGE);
        }
        Path free = database(
                "free.db", c -> plans(c, "plan", "TEXT"), c -> Sqlite.execute(c, "DELETE FROM plan WHERE id > 200"));
        overwrite(free, 36, new byte[] {0, 0, 0, 3}); // the header's number of free pages
        String result = check().result();
        for (String name : List.of("flipped.db: ", "cut.db: ", "free.db: ")) {
            assertTrue(result.contains(name), name + " is not in " + result);
        }
    }

    @Test
    void entries_that_an_index_lacks_are_damage() throws Exception {
        database(
                "plans.db",
                c -> {
                    plans(c, "plan", "TEXT");
                    Sqlite.execute(c, "PRAGMA writable_schema = ON");
                    Sqlite.execute(c, "UPDATE sqlite_schema SET sql = sql || ' WHERE id < 0' WHERE name = 'plan_name'");
                },
                c -> Sqlite.execute(c, "INSERT INTO plan (name) VALUES ('not in the index')"),
                c -> {
                    Sqlite.execute(c, "PRAGMA writable_schema = ON");
                    Sqlite.execute(
                            c,
                            "UPDATE sqlite_schema SET sql = replace(sql, ' WHERE id < 0', '') WHERE name ="
                                    + " 'plan_name'");
                });
        StoreCheck.Finding finding = check();
        damaged(finding, "plans.db");
        assertTrue(finding.result().contains("missing from index plan_name"), finding.result());
    }

    @Test
    void damage_is_found_though_a_collation_keeps_the_whole_from_being_checked() throws Exception {
        Path file = database("plans.db", c -> {
            ownWays(c);
            plans(c, "plan", "TEXT COLLATE BY_TENANT");
        });
        byte[] noise = new byte[PAGE];
        new Random(6).nextBytes(noise);
        overwrite(file, 9 * PAGE, noise);
        damaged(check(), "plans.db");
    }

    // --- in a round
    // -----------------------------------------------------------------------------------------------------

    /** The foreign control plane keeps its plans in memory: the database is the test's own. */
    private static Path store(RoundRig rig) throws Exception {
        Files.createDirectories(rig.dir.cpData());
        Path file = rig.dir.cpData().resolve("plans.db");
        try (Connection c = Sqlite.open(file, false, WAIT)) {
            plans(c, "plan", "TEXT");
        }
        return file;
    }

    @Test
    void a_store_damaged_after_the_dates_check_is_found_though_the_control_plane_is_down(@TempDir Path folder)
            throws Exception {
        try (RoundRig rig = RoundRig.external(folder)) {
            Path file = store(rig);
            assertEquals("ok", rig.round().summary().get("store_check").asText());
            assertEquals(
                    "ok",
                    rig.round().summary().get("store_check").asText(),
                    "the round before had to start the control plane");
            RoundRig.Round quiet = rig.round();
            assertTrue(
                    quiet.summary().get("store_check").isNull(), quiet.summary().toString());
            rig.controlPlane().stop(Duration.ZERO);
            rig.with("CP_COMMAND", "exit 3");
            overwrite(file, 5 * PAGE, new byte[12 * PAGE]);
            RoundRig.Round down = rig.round();
            assertEquals(Exit.BAD, down.exit());
            assertTrue(down.summary().get("plan_count").isNull());
            assertTrue(
                    down.summary().get("store_check").asText().startsWith("plans.db: "),
                    down.summary().toString());
            String why = down.summary().get("failures").get("v07_integrity").asText();
            assertTrue(
                    why.startsWith("the listing is not complete: ")
                            && why.contains("; the control plane's database is damaged: plans.db: "),
                    why);
            Reports.Ran report = Reports.run("2026-10-01T02:10:00Z", folder, "--type", "status", "--format", "text");
            assertTrue(
                    report.out().contains("C1 no_corruption: FAIL")
                            && report.out()
                                    .contains("store damaged on 1 of 1 days checked, first in 2026-10-01/round-013000:"
                                            + " plans.db: "),
                    report.out());
        }
    }

    @Test
    void a_store_that_cannot_be_checked_is_a_warning_and_is_tried_again(@TempDir Path folder) throws Exception {
        try (RoundRig rig = RoundRig.external(folder)) {
            Path file = store(rig);
            try (Connection held = Sqlite.open(file, false, WAIT)) {
                Sqlite.execute(held, "BEGIN EXCLUSIVE");
                RoundRig.Round first = rig.round();
                assertTrue(first.summary().get("store_check").isNull());
                assertTrue(
                        first.summary()
                                .get("store_unchecked")
                                .asText()
                                .startsWith("plans.db: another process held its lock for more than 5 s"),
                        first.summary().toString());
                assertTrue(
                        first.err()
                                .contains(
                                        "warning: the control plane's store could not be checked in full (plans.db: "),
                        first.err());
                assertEquals("PASS", first.summary().get("v07_integrity").asText());
                Sqlite.execute(held, "COMMIT");
            }
            RoundRig.Round second = rig.round(); // after a restart, too
            assertEquals("ok", second.summary().get("store_check").asText());
            assertTrue(second.summary().get("store_unchecked").isNull());
            assertFalse(Files.exists(rig.round().folder().resolve("store-check.json")), "nothing happened since");
            rig.setNow(Instant.parse("2026-10-30T23:30:00Z"));
            assertEquals("ok", rig.round().summary().get("store_check").asText(), "the first of its date");
            rig.setNow(Instant.parse("2026-10-30T23:40:00Z"));
            assertEquals("ok", rig.round().summary().get("store_check").asText(), "the last slot of the soak");
            Reports.Ran report = Reports.run("2026-11-01T00:00:00Z", folder, "--type", "final");
            assertTrue(
                    report.out()
                            .contains("store checked ok on 2 of 30 days (3 checks, first in 2026-10-01/round-003000,"
                                    + " last in 2026-10-30/round-234000), not on 2026-10-02, 2026-10-03,"
                                    + " 2026-10-04 and 25 more, store could not be checked in full in 1 round,"
                                    + " 2026-10-01/round-000000: plans.db: another process held its lock"),
                    report.out());
        }
    }
}
