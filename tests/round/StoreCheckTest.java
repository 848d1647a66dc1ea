import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sqlite;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import workload.StoreCheck;

/**
 * The control plane's SQLite files: what is damage is found, and what this program cannot check is not called damage.
 */
@Tag("slow")
class StoreCheckTest {
    private static final StoreCheck.Limits SOON = new StoreCheck.Limits(Duration.ofMillis(50), Duration.ofMinutes(10));

    @TempDir
    Path data;

    private StoreFiles files;

    @BeforeEach
    void prepare() {
        files = new StoreFiles(data);
    }

    @Test
    void a_collation_that_only_the_program_has_is_no_damage() throws Exception {
        files.database("plans.db", c -> {
            StoreFiles.ownWays(c);
            StoreFiles.plans(c, "plan", "TEXT COLLATE BY_TENANT");
            StoreFiles.plans(c, "other", "TEXT");
        });
        StoreFiles.unchecked(
                files.check(),
                "plans.db: no such collation sequence: BY_TENANT; its structure is sound, and so is the content of all"
                        + " tables but plan");
        StoreFiles.unchecked(files.check("plans.db"), "no such collation sequence");
    }

    @Test
    void a_function_that_only_the_program_has_is_no_damage_wherever_it_stands() throws Exception {
        files.database("index.db", c -> {
            StoreFiles.ownWays(c);
            StoreFiles.plans(c, "plan", "TEXT");
            Sqlite.execute(c, "CREATE INDEX by_tenant ON plan (tenant_of(name))");
        });
        files.database("generated.db", c -> {
            StoreFiles.ownWays(c);
            Sqlite.execute(
                    c,
                    "CREATE TABLE plan (id INTEGER PRIMARY KEY, name TEXT, tenant TEXT GENERATED ALWAYS AS"
                            + " (tenant_of(name)) VIRTUAL NOT NULL CHECK (tenant_of(name) <> 'x'))");
            StoreFiles.fill(c, "plan");
        });
        StoreCheck.Finding finding = files.check();
        StoreFiles.unchecked(finding, "generated.db: unknown function: tenant_of()");
        StoreFiles.unchecked(finding, "index.db: unknown function: tenant_of()");
    }

    @Test
    void a_table_of_a_module_that_is_not_here_is_left_out() throws Exception {
        files.database("plans.db", c -> {
            StoreFiles.plans(c, "plan", "TEXT");
            Sqlite.execute(c, "CREATE VIRTUAL TABLE words USING fts5(word)");
            Sqlite.execute(c, "PRAGMA writable_schema = ON");
            Sqlite.execute(c, "UPDATE sqlite_schema SET sql = replace(sql, 'fts5', 'vectors9') WHERE name = 'words'");
        });
        assertEquals("ok", files.check().result());
    }

    @Test
    void a_definition_in_the_words_of_a_newer_sqlite_is_no_damage_unless_it_could_be_read_before() throws Exception {
        files.database("plans.db", c -> {
            StoreFiles.plans(c, "plan", "TEXT");
            StoreFiles.plans(c, "newer", "TEXT");
            Sqlite.execute(c, "PRAGMA writable_schema = ON");
            Sqlite.execute(
                    c,
                    "UPDATE sqlite_schema SET sql = replace(sql, 'TEXT)', 'TEXT PACKED BY (zstd))') WHERE name ="
                            + " 'newer'");
        });
        StoreFiles.unchecked(files.check(), "malformed database schema (newer)");
        StoreFiles.damaged(files.check("plans.db"), "plans.db");
    }

    @Test
    void a_database_that_its_program_holds_for_itself_is_no_damage() throws Exception {
        files.database(
                "wal.db",
                c -> Sqlite.execute(c, "PRAGMA journal_mode = WAL"),
                c -> StoreFiles.plans(c, "plan", "TEXT"));
        files.database("rollback.db", c -> StoreFiles.plans(c, "plan", "TEXT"));
        try (Connection wal = Sqlite.open(data.resolve("wal.db"), false, StoreFiles.WAIT);
                Connection rollback = Sqlite.open(data.resolve("rollback.db"), false, StoreFiles.WAIT)) {
            for (Connection held : List.of(wal, rollback)) {
                Sqlite.execute(held, "PRAGMA locking_mode = EXCLUSIVE");
                Sqlite.execute(held, "INSERT INTO plan (name) VALUES ('held')");
            }
            StoreCheck.Finding finding = StoreCheck.of(data, Set.of("wal.db", "rollback.db"), Time.system(), SOON);
            StoreFiles.unchecked(finding, "rollback.db: another process held its lock for more than ");
            StoreFiles.unchecked(finding, "wal.db: another process held its lock for more than ");
        }
        assertEquals("ok", files.check().result());
    }

    @Test
    void a_long_write_is_no_damage_and_the_next_check_is_good() throws Exception {
        files.database("plans.db", c -> StoreFiles.plans(c, "plan", "TEXT"));
        try (Connection writer = Sqlite.open(data.resolve("plans.db"), false, StoreFiles.WAIT)) {
            Sqlite.execute(writer, "BEGIN EXCLUSIVE");
            StoreFiles.unchecked(
                    StoreCheck.of(data, Set.of("plans.db"), Time.system(), SOON), "another process held its lock");
            Sqlite.execute(writer, "COMMIT");
        }
        assertEquals("ok", files.check("plans.db").result());
    }

    /** Of hundreds of gigabytes, or on a disk that hardly answers: the slots after this one need their rounds. */
    @Test
    void a_check_that_would_last_too_long_is_ended_and_is_no_damage() throws Exception {
        files.database("plans.db", c -> StoreFiles.plans(c, "plan", "TEXT"));
        files.database("own.db", c -> {
            StoreFiles.ownWays(c);
            StoreFiles.plans(c, "plan", "TEXT COLLATE BY_TENANT");
        });
        StoreCheck.Finding ended = StoreCheck.of(
                data, Set.of("plans.db"), Time.system(), new StoreCheck.Limits(SOON.busy(), Duration.ZERO));
        StoreFiles.unchecked(ended, "plans.db: its check was stopped unfinished, so that this round ends");
        StoreFiles.unchecked(ended, "own.db: its check was stopped unfinished");
        assertEquals(List.of(), ended.databases());
        assertEquals(
                List.of("plans.db"),
                StoreCheck.of(data, Set.of("plans.db"), Time.system(), SOON).databases());
    }

    /** What a killed program leaves behind: files of a moment in mid-transaction, and nobody who holds them. */
    private Path asIfKilled(String journal) throws Exception {
        Path running = Files.createDirectories(data.resolveSibling(data.getFileName() + "-running"))
                .resolve("plans.db");
        try (Connection c = Sqlite.open(running, false, StoreFiles.WAIT)) {
            Sqlite.execute(c, "PRAGMA journal_mode = " + journal);
            StoreFiles.plans(c, "plan", "TEXT");
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
        StoreFiles.unchecked(files.check("plans.db"), "plans.db: ");
    }

    @Test
    void a_write_ahead_log_that_nobody_holds_is_read_with_its_database() throws Exception {
        asIfKilled("WAL");
        assertEquals("ok", files.check("plans.db").result());
    }

    @Test
    void a_database_that_is_gone_is_said() throws Exception {
        StoreCheck.Finding gone = files.check("plans.db");
        assertEquals("plans.db: the file no longer exists", gone.uncheckedText());
        assertNull(gone.result());
        assertNull(files.check());
    }

    @Test
    void a_database_of_any_name_is_known_by_an_earlier_check_once_its_program_has_ended() throws Exception {
        Path store = files.database(
                "fleet", c -> Sqlite.execute(c, "PRAGMA journal_mode = WAL"), c -> StoreFiles.plans(c, "plan", "TEXT"));
        try (Connection open = Sqlite.open(store, false, StoreFiles.WAIT)) {
            Sqlite.execute(open, "CREATE TABLE more (a)");
            assertEquals(List.of("fleet"), files.check().databases());
        }
        assertFalse(Files.exists(data.resolve("fleet-wal")), "the log goes with its program");
        StoreCheck.Finding ended = files.check("fleet");
        assertEquals("ok", ended.result());
        assertNull(ended.uncheckedText());
        StoreFiles.overwrite(store, 0, new byte[4096]);
        StoreFiles.damaged(files.check("fleet"), "fleet");
    }

    @Test
    void a_store_that_cannot_be_checked_is_a_warning_and_is_tried_again(@TempDir Path folder) throws Exception {
        try (RoundRig rig = RoundRig.external(folder)) {
            Path file = StoreFiles.store(rig);
            try (Connection held = Sqlite.open(file, false, StoreFiles.WAIT)) {
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

    @Test
    void a_store_that_is_deleted_while_its_program_runs_is_missed_by_each_round_and_not_only_the_next_day(
            @TempDir Path folder) throws Exception {
        try (RoundRig rig = RoundRig.external(folder)) {
            Path file = StoreFiles.store(rig);
            String gone = "warning: the control plane's database is gone (plans.db): ";
            assertEquals("ok", rig.round().summary().get("store_check").asText());
            assertFalse(rig.round().err().contains(gone));
            Path aside = Files.move(file, folder.resolve("aside"));
            for (RoundRig.Round round : rig.rounds(2)) {
                assertEquals(
                        "plans.db: the file no longer exists",
                        round.summary().get("store_unchecked").asText());
                assertTrue(round.err().contains(gone), round.err());
                assertTrue(round.summary().get("store_check").isNull());
            }
            Files.move(aside, file);
            assertFalse(rig.round().err().contains(gone));
        }
    }

    @Test
    void where_sqlite_has_no_room_to_unpack_itself_the_store_is_unchecked_and_the_round_has_its_summary(
            @TempDir Path folder) throws Exception {
        try (RoundRig rig = RoundRig.external(folder);
                SmallDisk disk = SmallDisk.mount(data.resolve("tmp"), "size=64k")) {
            StoreFiles.store(rig);
            rig.startControlPlane();
            List<String> command = Fork.java("round", folder.toString());
            command.add(1, "-Dorg.sqlite.tmpdir=" + disk.at());
            command.replaceAll(StoreCheckTest::asInAFrozenBuild);
            Fork.Result round = Fork.run(command);
            JsonNode summary = Json.parse(Files.readString(rig.folders().get(0).resolve("round-summary.json")));
            assertTrue(
                    summary.get("store_unchecked")
                            .asText()
                            .startsWith("plans.db: SQLite's library cannot be unpacked and loaded ("),
                    round.err());
            assertEquals("PASS", summary.get("v07_integrity").asText());
            assertFalse(round.err().contains("\tat ") || round.err().contains("SEVERE"), round.err());
        }
    }

    /** As FUSE and NFS do of a file that is deleted while a process has it open or mapped. */
    private static void keepWhatIsDeleted(Path tmp) {
        Set<Path> seen = new HashSet<>();
        while (!Thread.currentThread().isInterrupted()) {
            try (Stream<Path> folders = Files.list(tmp)) {
                for (Path folder : folders.filter(seen::add).toList()) {
                    Files.writeString(
                            Files.createDirectory(folder.resolve(".nfs01")).resolve("held"), "x");
                }
            } catch (IOException gone) {
                // the next look tells
            }
        }
    }

    @Test
    void a_library_that_a_file_system_keeps_while_it_is_in_use_is_loaded_all_the_same(@TempDir Path folder)
            throws Exception {
        try (RoundRig rig = RoundRig.external(folder)) {
            StoreFiles.store(rig);
            rig.startControlPlane();
            Thread keeper = new Thread(() -> keepWhatIsDeleted(data), "keeper");
            keeper.start();
            List<String> command = Fork.java("round", folder.toString());
            command.add(1, "-Dorg.sqlite.tmpdir=" + data);
            command.replaceAll(StoreCheckTest::asInAFrozenBuild);
            Fork.Result round = Fork.run(command);
            keeper.interrupt();
            keeper.join();
            JsonNode summary = Json.parse(Files.readString(rig.folders().get(0).resolve("round-summary.json")));
            assertEquals("ok", summary.get("store_check").asText(), round.err());
        }
    }

    @Test
    void a_data_dir_that_is_a_link_to_another_disk_is_measured_and_checked_like_any_other(
            @TempDir Path folder, @TempDir Path disk) throws Exception {
        try (RoundRig rig = RoundRig.external(folder)) {
            Path store = StoreFiles.store(rig);
            long bytes = Files.size(store);
            Files.move(rig.dir.cpData(), disk.resolve("cp-data"));
            Files.createSymbolicLink(rig.dir.cpData(), disk.resolve("cp-data"));
            rig.startControlPlane();
            JsonNode summary = rig.round().summary();
            assertEquals("ok", summary.get("store_check").asText(), summary.toString());
            assertTrue(summary.get("store_bytes").asLong() >= bytes, summary.toString());
        }
    }

    /** The tests' own libraries bring a logger, which a frozen build has not. */
    private static String asInAFrozenBuild(String argument) {
        return argument.contains("slf4j")
                ? Stream.of(argument.split(":"))
                        .filter(jar -> !jar.contains("slf4j"))
                        .collect(Collectors.joining(":"))
                : argument;
    }
}
