import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import archive.Archive;
import base.Sqlite;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.SoakDir;

/** Which files go into an archive: what comes and goes, cannot be read, leads elsewhere or is secret. */
class ArchivedFilesTest {
    @TempDir
    Path scratch;

    private FullFolder full;

    @BeforeEach
    void a_folder_with_everything_that_may_be_in_one() throws Exception {
        full = new FullFolder(scratch);
    }

    @Test
    void a_database_that_is_being_written_goes_in_whole_and_without_its_log_files() throws Exception {
        full.withDatabase(2000);
        Path database = full.dir.cpData().resolve("control plane.db");
        Process writer = new ProcessBuilder(Fork.java("SqliteWriter", database.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Archive.Result archived;
        try {
            assertEquals("writing", writer.inputReader().readLine());
            archived = full.archive();
            assertTrue(writer.isAlive(), "it wrote all the while");
        } finally {
            writer.destroyForcibly().waitFor();
        }
        Path data = full.unpack(archived).resolve("cp-data");
        try (var files = Files.list(data)) {
            assertEquals(
                    List.of("control plane.db"),
                    files.map(f -> f.getFileName().toString()).toList());
        }
        assertEquals("ok", FullFolder.ask(data.resolve("control plane.db"), "PRAGMA integrity_check"));
        assertEquals("0", FullFolder.ask(data.resolve("control plane.db"), "SELECT count(*) FROM plan WHERE a <> b"));
        assertTrue(
                Long.parseLong(FullFolder.ask(data.resolve("control plane.db"), "SELECT count(*) FROM plan")) > 2000);
    }

    @Test
    void a_database_below_a_folder_with_quotation_marks_in_its_name_goes_in_with_what_its_log_holds() throws Exception {
        FullFolder quoted = new FullFolder(scratch, "it's \"the\" 'soak'");
        quoted.withDatabase(20);
        Path database = quoted.dir.cpData().resolve("control plane.db");
        try (Connection program = Sqlite.open(database, false, Duration.ofSeconds(5))) {
            Sqlite.execute(program, "INSERT INTO plan (a, b) SELECT a, b FROM plan");
            Path data = quoted.unpack(quoted.archive()).resolve("cp-data");
            assertEquals("40", FullFolder.ask(data.resolve("control plane.db"), "SELECT count(*) FROM plan"));
        }
    }

    @Test
    void an_audit_store_elsewhere_is_said_to_be_missing() throws Exception {
        new Archive(Config.of(full.dir, Map.of("SOAK_ID", "x", "AUTONOMY_AUDIT_DIR", "/var/audit")), FullFolder.DATE)
                .write(new PrintWriter(full.err, true));
        assertTrue(full.err.toString().contains("/var/audit lies outside SOAK_DIR"), full.err.toString());
    }

    /** As the runs of an LSM store under compaction. */
    @Tag("slow")
    @Test
    void files_that_come_go_grow_and_shrink_while_it_is_made_leave_a_whole_archive_that_names_what_it_lacks()
            throws Exception {
        Path data = Files.createDirectories(full.dir.cpData());
        byte[] block = new byte[40 << 20];
        new java.util.Random(1).nextBytes(block);
        Files.write(data.resolve("000001.sst"), block);
        java.util.concurrent.atomic.AtomicBoolean ended = new java.util.concurrent.atomic.AtomicBoolean();
        java.util.concurrent.CompletableFuture<Void> compaction =
                java.util.concurrent.CompletableFuture.runAsync(() -> {
                    try {
                        for (int i = 2; !ended.get(); i++) {
                            Path run = data.resolve(String.format(java.util.Locale.ROOT, "%06d.sst", i));
                            Files.createDirectories(data.resolve("level-" + i % 7));
                            Files.write(run, java.util.Arrays.copyOf(block, 1 << 16));
                            Files.move(run, data.resolve("level-" + i % 7).resolve(run.getFileName()));
                            Files.write(
                                    data.resolve("000001.sst"),
                                    java.util.Arrays.copyOf(block, (20 << 20) + (i % 20 << 20)));
                            if (i % 3 == 0) {
                                try (var all = Files.list(data.resolve("level-" + (i + 3) % 7))) {
                                    for (Path old : all.toList()) {
                                        Files.deleteIfExists(old);
                                    }
                                } catch (java.nio.file.NoSuchFileException none) {
                                    // not made yet
                                }
                                Files.deleteIfExists(data.resolve("level-" + (i + 3) % 7));
                            }
                        }
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
        try {
            for (int i = 0; i < 3; i++) {
                Archive archive = new Archive(full.config(), FullFolder.DATE);
                Archive.Result archived = archive.write(new PrintWriter(full.err, true));
                assertFalse(
                        archive.notes().lacksEvidence(), archive.notes().lines().toString());
                assertTrue(
                        archive.notes().leftOut().stream()
                                .allMatch(l -> l.name().startsWith("cp-data/")
                                        && l.why().equals("it vanished while the archive was made")),
                        archive.notes().lines().toString());
                List<String> names = full.run("tar", "-tzf", archived.file().toString())
                        .lines()
                        .toList();
                assertEquals(
                        full.dir.root().getFileName() + "/ARCHIVE-README.txt",
                        names.get(names.size() - 1),
                        "read to its end");
                assertTrue(names.contains(
                        full.dir.root().getFileName() + "/rounds/2026-10-01/round-000000/round-summary.json"));
            }
        } finally {
            ended.set(true);
            compaction.join();
        }
    }

    @Test
    void a_file_that_this_user_may_not_read_is_named_and_the_archive_without_it_is_no_good_news() throws Exception {
        full.put("rounds/2026-10-01/round-000000/recovery.txt", "closed to others");
        full.put("cp-data/secret.sst", "closed to others");
        for (String closed : List.of("rounds/2026-10-01/round-000000/recovery.txt", "cp-data/secret.sst")) {
            Files.setPosixFilePermissions(full.dir.root().resolve(closed), java.util.Set.of());
        }
        full.run("chmod", "-R", "go+rwX", scratch.toString());
        for (String closed : List.of("rounds/2026-10-01/round-000000/recovery.txt", "cp-data/secret.sst")) {
            Files.setPosixFilePermissions(full.dir.root().resolve(closed), java.util.Set.of());
        }
        Fork.Result ran = OtherUser.run(
                Fork.java("ArchivedFilesTest$ArchiveOf", full.dir.root().toString()));
        assertEquals(
                "Evidence left out: rounds/2026-10-01/round-000000/recovery.txt: user nobody may not read it\n"
                        + "Left out: cp-data/secret.sst: user nobody may not read it\n",
                ran.out(),
                ran.err());
        assertEquals(
                "soak-val12-2026-10-31.tar.gz: OK\n",
                full.run("sh", "-c", "cd '" + scratch + "' && sha256sum -c soak-val12-2026-10-31.tar.gz.sha256"));
    }

    @Test
    void a_data_dir_that_is_closed_as_a_whole_is_no_evidence_either() throws Exception {
        full.put("cp-data/1.sst", "closed to others");
        full.run("chmod", "-R", "go+rwX", scratch.toString());
        Files.setPosixFilePermissions(full.dir.cpData(), java.util.Set.of());
        Fork.Result ran = OtherUser.run(
                Fork.java("ArchivedFilesTest$ArchiveOf", full.dir.root().toString()));
        assertEquals("Left out: cp-data: user nobody may not read it\n", ran.out(), ran.err());
    }

    /** As snapper makes one each hour: an archive would hold the soak once more for each. */
    @Test
    void snapshots_that_a_file_system_shows_in_the_folder_are_left_out_by_name() throws Exception {
        for (String name : List.of(".snapshots", ".zfs")) {
            Path old = Files.createDirectories(full.dir.root().resolve(name + "/1/snapshot/rounds"));
            Files.writeString(old.resolve("round-summary.json"), "{}");
        }
        Archive archive = new Archive(full.config(), FullFolder.DATE);
        Path unpacked = full.unpack(archive.write(new PrintWriter(full.err, true)));
        assertFalse(Files.exists(unpacked.resolve(".snapshots")) || Files.exists(unpacked.resolve(".zfs")));
        String why = ": earlier states of this folder, as its file system keeps them";
        assertEquals(
                List.of("Left out: .snapshots" + why, "Left out: .zfs" + why),
                archive.notes().lines());
        assertFalse(archive.notes().lacksEvidence());
    }

    @Test
    void a_link_that_leads_back_brings_neither_the_folder_once_more_nor_what_lies_beside_it() throws Exception {
        Files.writeString(scratch.resolve("someone-elses"), "and secret");
        Path elsewhere = Files.createDirectory(scratch.resolve("another disk"));
        Files.writeString(elsewhere.resolve("kept"), "kept");
        Files.createSymbolicLink(full.dir.root().resolve("latest"), Path.of("."));
        Files.createSymbolicLink(full.dir.root().resolve("up"), Path.of(".."));
        Files.createSymbolicLink(full.dir.root().resolve("audit-store"), elsewhere);
        Archive archive = new Archive(full.config(), FullFolder.DATE);
        Path unpacked = full.unpack(archive.write(new PrintWriter(full.err, true)));
        assertEquals(Path.of("."), Files.readSymbolicLink(unpacked.resolve("latest")));
        assertEquals(Path.of(".."), Files.readSymbolicLink(unpacked.resolve("up")));
        assertEquals("kept", Files.readString(unpacked.resolve("audit-store/kept")));
        assertEquals(
                List.of("Note: up is a link out of the folder, to ..: what lies there is not in the archive"),
                archive.notes().lines());
    }

    /** For a process of another user. */
    static final class ArchiveOf {
        public static void main(String[] args) throws Exception {
            Archive archive = new Archive(
                    Config.of(new SoakDir(Path.of(args[0])), Map.of("SOAK_ID", "soak-val12")), FullFolder.DATE);
            archive.write(new PrintWriter(System.err, true));
            archive.notes().lines().forEach(System.out::println);
        }
    }

    @Tag("slow")
    @Test
    void thousands_of_files_are_streamed() throws Exception {
        byte[] block = new byte[10_000];
        new java.util.Random(1).nextBytes(block);
        for (int i = 0; i < 3000; i++) {
            Path file = full.dir
                    .rounds()
                    .resolve("2026-10-02/round-" + String.format("%06d", i))
                    .resolve("plans-created.txt");
            Files.createDirectories(file.getParent());
            Files.write(file, block);
        }
        Archive.Result archived = full.archive();
        assertEquals("3000\n", full.run("sh", "-c", "tar -tzf '" + archived.file() + "' | grep -c plans-created.txt"));
        assertTrue(Files.readString(Path.of(archived.file() + ".sha256")).startsWith(archived.sha256()));
    }

    @Test
    void secrets_that_lie_in_the_folder_stay_out_and_are_named_whatever_name_leads_to_them() throws Exception {
        full.put("secret/headers", "Authorization: Bearer tok-77aa\n");
        full.put("client.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
        full.put(
                "both.pem",
                "-----BEGIN CERTIFICATE-----\n"
                        + "-----END CERTIFICATE-----\n"
                        + "-----BEGIN PRIVATE KEY-----\n"
                        + "MIIB\n"
                        + "-----END PRIVATE KEY-----\n");
        full.put("ca.pem", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
        Files.createLink(
                full.dir.root().resolve("another-name"), full.dir.root().resolve("client.key"));
        Path link = Files.createSymbolicLink(
                scratch.resolve("headers"), full.dir.root().resolve("secret/headers"));
        Config config = Config.of(
                full.dir,
                Map.of(
                        "SOAK_ID",
                        "soak-val12",
                        "CP_HEADERS_FILE",
                        link.toString(),
                        "CP_TLS_KEY",
                        "client.key",
                        "CP_TLS_CERT",
                        "both.pem",
                        "CP_TLS_CA",
                        "ca.pem"));
        Archive archive = new Archive(config, FullFolder.DATE);
        Path unpacked = full.unpack(archive.write(new PrintWriter(full.err, true)));
        for (String secret : List.of("secret/headers", "client.key", "both.pem", "another-name")) {
            assertFalse(Files.exists(unpacked.resolve(secret)), secret);
            assertTrue(
                    Files.readString(unpacked.resolve("ARCHIVE-README.txt")).contains("- " + secret + " (a secret"),
                    secret);
            assertTrue(
                    archive.notes()
                            .lines()
                            .contains("Left out: " + secret + ": a secret of the soak, as config.env says"),
                    archive.notes().lines().toString());
        }
        assertTrue(Files.exists(unpacked.resolve("ca.pem")));
        assertEquals(
                "",
                full.run("sh", "-c", "grep -rl -e tok-77aa -e 'PRIVATE KEY' \"$1\" || :", "sh", unpacked.toString()));
    }
}
