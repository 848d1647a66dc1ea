import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Sqlite;
import base.Time;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import workload.StoreCheck;

/** What is damage to a store, whoever else holds it. */
@Tag("slow")
class StoreDamageTest {
    private static final int PAGE = 4096;

    @TempDir
    Path data;

    private StoreFiles files;

    @BeforeEach
    void prepare() {
        files = new StoreFiles(data);
    }

    @Test
    void what_was_never_a_database_may_be_encrypted_and_what_was_one_is_damaged() throws Exception {
        byte[] noise = new byte[8 * PAGE];
        new Random(8).nextBytes(noise);
        Files.write(data.resolve("plans.db"), noise);
        assertNull(files.check(), "another program's file");
        Files.writeString(data.resolve("plans.db-wal"), "");
        StoreFiles.unchecked(
                files.check(),
                "plans.db: it is encrypted, or damaged since before the first check (file is not a database)");
        StoreFiles.damaged(files.check("plans.db"), "plans.db");
    }

    @Test
    void flipped_pages_a_cut_file_and_a_broken_list_of_free_pages_are_damage() throws Exception {
        Path flipped = files.database("flipped.db", c -> StoreFiles.plans(c, "plan", "TEXT"));
        byte[] noise = new byte[PAGE];
        new Random(5).nextBytes(noise);
        StoreFiles.overwrite(flipped, 9 * PAGE, noise);
        Path cut = files.database("cut.db", c -> StoreFiles.plans(c, "plan", "TEXT"));
        try (RandomAccessFile raw = new RandomAccessFile(cut.toFile(), "rw")) {
            raw.setLength(raw.length() / PAGE / 2 * PAGE);
        }
        Path free = files.database(
                "free.db",
                c -> StoreFiles.plans(c, "plan", "TEXT"),
                c -> Sqlite.execute(c, "DELETE FROM plan WHERE id > 200"));
        StoreFiles.overwrite(free, 36, new byte[] {0, 0, 0, 3}); // the header's number of free pages
        String result = files.check().result();
        for (String name : List.of("flipped.db: ", "cut.db: ", "free.db: ")) {
            assertTrue(result.contains(name), name + " is not in " + result);
        }
    }

    @Test
    void entries_that_an_index_lacks_are_damage() throws Exception {
        files.database(
                "plans.db",
                c -> {
                    StoreFiles.plans(c, "plan", "TEXT");
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
        StoreCheck.Finding finding = files.check();
        StoreFiles.damaged(finding, "plans.db");
        assertTrue(finding.result().contains("missing from index plan_name"), finding.result());
    }

    @Test
    void damage_is_found_though_a_collation_keeps_the_whole_from_being_checked() throws Exception {
        Path file = files.database("plans.db", c -> {
            StoreFiles.ownWays(c);
            StoreFiles.plans(c, "plan", "TEXT COLLATE BY_TENANT");
        });
        byte[] noise = new byte[PAGE];
        new Random(6).nextBytes(noise);
        StoreFiles.overwrite(file, 9 * PAGE, noise);
        StoreFiles.damaged(files.check(), "plans.db");
    }

    @Test
    void a_copy_that_is_not_whole_is_no_damage_and_what_was_known_is() throws Exception {
        Path store = withLog("plans.db");
        assertEquals("ok", files.check("plans.db").result());
        Path copy = data.resolve("plans-backup.db");
        Files.copy(store, copy);
        try (RandomAccessFile raw = new RandomAccessFile(copy.toFile(), "rw")) {
            raw.setLength(raw.length() / PAGE / 2 * PAGE);
        }
        StoreFiles.unchecked(files.check("plans.db"), "plans-backup.db: it is malformed, but counts as an incomplete");
        assertEquals(List.of("plans.db"), files.check("plans.db").databases());
        StoreFiles.damaged(files.check("plans.db", "plans-backup.db"), "plans-backup.db");
        StoreFiles.damaged(files.check(), "plans-backup.db");
        try (Stream<Path> all = Files.list(data)) {
            assertEquals(List.of(copy, store), all.sorted().toList(), "a check leaves nothing of its own beside them");
        }
    }

    @Test
    void a_known_copy_that_is_just_made_anew_is_no_damage() throws Exception {
        Path store = withLog("plans-backup.db");
        byte[] whole = Files.readAllBytes(store);
        Files.write(store, Arrays.copyOf(whole, whole.length / 2));
        StoreCheck.Finding finding = StoreCheck.of(data, Set.of("plans-backup.db"), writing(store, whole, 3));
        StoreFiles.unchecked(finding, "it changes during the check");
        Files.write(store, Arrays.copyOf(whole, whole.length / 2));
        assertEquals(
                "ok",
                StoreCheck.of(data, Set.of("plans-backup.db"), writing(store, whole, 4))
                        .result());
    }

    private Path withLog(String name) throws Exception {
        return files.database(
                name, c -> Sqlite.execute(c, "PRAGMA journal_mode = WAL"), c -> StoreFiles.plans(c, "plan", "TEXT"));
    }

    /** While somebody waits, so many quarters of the file have come to be there. */
    private static Time writing(Path file, byte[] whole, int quarters) {
        return new SystemTime() {
            @Override
            public void sleep(Duration duration) {
                try {
                    Files.write(file, Arrays.copyOf(whole, whole.length / 4 * quarters));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Test
    void a_store_damaged_after_the_dates_check_is_found_though_the_control_plane_is_down(@TempDir Path folder)
            throws Exception {
        try (RoundRig rig = RoundRig.external(folder)) {
            Path file = StoreFiles.store(rig);
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
            StoreFiles.overwrite(file, 5 * PAGE, new byte[12 * PAGE]);
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
}
