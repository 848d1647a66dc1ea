import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import archive.Archive;
import base.Exit;
import base.Failure;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.SoakDir;

class ReportArchiveTest {
    @TempDir
    Path scratch;

    private FullFolder full;

    @BeforeEach
    void a_folder_with_everything_that_may_be_in_one() throws Exception {
        full = new FullFolder(scratch);
    }

    @Test
    void real_tar_unpacks_it_and_real_sha256sum_agrees() throws Exception {
        Archive.Result archived = full.archive();
        assertEquals(
                "soak-val12-2026-10-31.tar.gz", archived.file().getFileName().toString());
        assertEquals(full.dir.root().getParent(), archived.file().getParent());
        assertEquals(
                "soak-val12-2026-10-31.tar.gz: OK\n",
                full.run("sh", "-c", "cd '" + scratch + "' && sha256sum -c soak-val12-2026-10-31.tar.gz.sha256"));

        Path unpacked = full.unpack(archived);
        assertEquals(
                "named at length",
                Files.readString(unpacked.resolve("rounds/2026-10-01/round-000000/" + "long-".repeat(40) + "é漢.txt")));
        assertTrue(
                Files.isDirectory(unpacked.resolve("rounds/2026-10-01/round-003000")),
                "a round that was killed at once is evidence");
        assertEquals("kept", Files.readString(unpacked.resolve("bin/round")));
        assertEquals(Path.of("config.env"), Files.readSymbolicLink(unpacked.resolve("link")));
        assertEquals(
                Instant.parse("2026-10-02T03:04:05Z"),
                Files.getLastModifiedTime(unpacked.resolve("config.env")).toInstant());
        for (String left : List.of(
                "bin/lib/duckdb.jar",
                "bin/lib/duckdb/libduckdb_java.so_linux_amd64",
                "bin/classes.jsa",
                "bin/classes.txt",
                "tmp",
                "round.lock",
                "daily/2026-10-01-summary.json.tmp")) {
            assertFalse(Files.exists(unpacked.resolve(left)), left);
        }
        String readme = Files.readString(unpacked.resolve("ARCHIVE-README.txt"));
        assertTrue(
                readme.contains("tmp/")
                        && readme.contains("the jars under bin/")
                        && readme.contains("soak-val12-2026-10-31.tar.gz.sha256"),
                readme);
        String owners =
                full.run("tar", "--numeric-owner", "-tvzf", archived.file().toString());
        assertTrue(owners.lines().allMatch(line -> line.contains(" 0/0 ")), owners);
    }

    @Test
    void the_same_folder_gives_the_same_bytes_and_the_header_no_time() throws Exception {
        full.withDatabase(50);
        // A control plane that was stopped an hour ago left no -wal; reading its database makes an empty one.
        Files.setLastModifiedTime(
                full.dir.cpData().resolve("control plane.db"),
                FileTime.from(Instant.now().minusSeconds(3600)));
        byte[] first = Files.readAllBytes(full.archive().file());
        assertArrayEquals(new byte[] {0, 0, 0, 0}, java.util.Arrays.copyOfRange(first, 4, 8), "gzip's MTIME");
        Archive.quoteOnDisk(full.config(), full.archive());
        Files.createDirectories(full.dir.tmp().resolve("again"));
        byte[] second = Files.readAllBytes(full.archive().file());
        assertArrayEquals(first, second);
        full.put("alerts.log", "2026-10-03T00:00:00Z ALERT lost_plans=1 threshold=0 day=3\n");
        assertFalse(
                java.util.Arrays.equals(first, Files.readAllBytes(full.archive().file())), "another folder");
    }

    @Test
    void the_report_inside_says_where_the_hash_is_and_the_report_on_disk_quotes_it() throws Exception {
        Archive.Result archived = full.archive();
        Archive.quoteOnDisk(full.config(), archived);
        assertTrue(Files.readString(full.dir.finalText())
                .endsWith("## Artifact\nArchive: soak-val12-2026-10-31.tar.gz\nSHA-256: " + archived.sha256() + "\n"));
        assertTrue(Files.readString(full.dir.finalJson())
                .contains("\"archive\" : \"soak-val12-2026-10-31.tar.gz\",\n  \"archive_sha256\" : \""
                        + archived.sha256() + "\""));
        Path unpacked = full.unpack(archived);
        assertTrue(Files.readString(unpacked.resolve("final-report.txt"))
                .endsWith("Archive: soak-val12-2026-10-31.tar.gz\nSHA-256: see soak-val12-2026-10-31.tar.gz.sha256\n"));
        assertTrue(Files.readString(unpacked.resolve("final-report.json"))
                .contains("\"archive_sha256\" : \"see soak-val12-2026-10-31.tar.gz.sha256\""));
    }

    @Test
    void an_existing_archive_is_found_by_the_date_of_as_of_and_by_a_later_one_once_the_soak_is_complete()
            throws Exception {
        Instant asOf = Instant.parse("2026-10-31T00:00:00Z");
        assertEquals(null, Archive.existing(full.config(), asOf, true));
        Archive.Result archived = full.archive();
        assertEquals(archived, Archive.existing(full.config(), asOf, false));
        assertEquals(archived, Archive.existing(full.config(), asOf.minusSeconds(86400), true));
        assertEquals(null, Archive.existing(full.config(), asOf.minusSeconds(86400), false));
        assertEquals(
                null,
                Archive.existing(full.config(), asOf.plusSeconds(86400), true),
                "an older archive does not hold this soak's end");
        assertEquals(
                null,
                Archive.existing(
                        Config.of(new SoakDir(scratch.resolve("other")), Map.of("SOAK_ID", "soak-val12")), asOf, false),
                "of another folder");
    }

    @Test
    void an_archive_of_another_folder_is_not_overwritten() throws Exception {
        full.archive();
        SoakDir other = new SoakDir(scratch.resolve("other"));
        Files.createDirectories(other.root());
        Files.writeString(other.config(), "");
        Failure failure = assertThrows(
                Failure.class,
                () -> new Archive(Config.of(other, Map.of("SOAK_ID", "soak-val12")), FullFolder.DATE)
                        .write(new PrintWriter(full.err)));
        assertEquals(Exit.FAILED, failure.exitCode());
        assertTrue(
                failure.getMessage().contains("soak-val12-2026-10-31.tar.gz holds another folder (")
                        && failure.getMessage().contains("), not other: move ")
                        && failure.getMessage().contains("SOAK_ID must not change"),
                failure.getMessage());
    }

    @Test
    void a_soak_id_that_is_no_file_name_is_refused() {
        Failure failure = assertThrows(
                Failure.class, () -> new Archive(Config.of(full.dir, Map.of("SOAK_ID", "../x")), FullFolder.DATE));
        assertEquals(Exit.USAGE, failure.exitCode());
    }
}
