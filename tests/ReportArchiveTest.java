import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import archive.Archive;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.Config;
import soak.Exit;
import soak.Failure;
import soak.SoakDir;
import soak.Sqlite;

class ReportArchiveTest {
    private static final LocalDate DATE = LocalDate.of(2026, 10, 31);

    @TempDir
    Path scratch;

    private final StringWriter err = new StringWriter();
    private SoakDir dir;

    @BeforeEach
    void a_folder_with_everything_that_may_be_in_one() throws Exception {
        dir = new SoakDir(scratch.resolve("my soak ä"));
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
        put("bin/round", "kept");
        put("tmp/x", "left out");
        put("round.lock", "");
        put("daily/2026-10-01-summary.json.tmp", "left out");
        Files.createSymbolicLink(dir.root().resolve("link"), Path.of("config.env"));
    }

    private void put(String name, String text) throws Exception {
        Path file = dir.root().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-10-02T03:04:05.678Z")));
    }

    private Archive.Result archive() throws Exception {
        return new Archive(config(), DATE).write(new PrintWriter(err, true));
    }

    private Config config() {
        return Config.of(dir, Map.of("SOAK_ID", "soak-val12"));
    }

    private String run(String... command) throws Exception {
        Fork.Result result = Fork.run(Map.of("LC_ALL", "C.UTF-8"), List.of(command));
        assertEquals(0, result.exit(), result.err());
        return result.out();
    }

    private Path unpack(Archive.Result archived) throws Exception {
        Path to = Files.createDirectory(scratch.resolve("unpacked"));
        run("tar", "-xzf", archived.file().toString(), "-C", to.toString());
        return to.resolve(dir.root().getFileName());
    }

    private void withDatabase(int rows) throws Exception {
        Files.createDirectories(dir.cpData());
        try (Connection c = Sqlite.open(dir.cpData().resolve("control plane.db"), false, Duration.ofSeconds(5))) {
            Sqlite.execute(c, "PRAGMA journal_mode=WAL");
            Sqlite.execute(c, "CREATE TABLE IF NOT EXISTS plan (id INTEGER PRIMARY KEY, a TEXT, b TEXT)");
            for (int i = 0; i < rows; i++) {
                Sqlite.execute(c, "INSERT INTO plan (a, b) VALUES ('" + i + "', '" + i + "')");
            }
        }
    }

    private static String ask(Path database, String sql) throws Exception {
        try (Connection c = Sqlite.open(database, true, Duration.ofSeconds(5));
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getString(1);
        }
    }

    @Test
    void real_tar_unpacks_it_and_real_sha256sum_agrees() throws Exception {
        Archive.Result archived = archive();
        assertEquals(
                "soak-val12-2026-10-31.tar.gz", archived.file().getFileName().toString());
        assertEquals(dir.root().getParent(), archived.file().getParent());
        assertEquals(
                "soak-val12-2026-10-31.tar.gz: OK\n",
                run("sh", "-c", "cd '" + scratch + "' && sha256sum -c soak-val12-2026-10-31.tar.gz.sha256"));

        Path unpacked = unpack(archived);
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
        for (String left : List.of("bin/lib/duckdb.jar", "tmp", "round.lock", "daily/2026-10-01-summary.json.tmp")) {
            assertFalse(Files.exists(unpacked.resolve(left)), left);
        }
        String readme = Files.readString(unpacked.resolve("ARCHIVE-README.txt"));
        assertTrue(
                readme.contains("tmp/")
                        && readme.contains("the jars under bin/")
                        && readme.contains("soak-val12-2026-10-31.tar.gz.sha256"),
                readme);
        String owners = run("tar", "--numeric-owner", "-tvzf", archived.file().toString());
        assertTrue(owners.lines().allMatch(line -> line.contains(" 0/0 ")), owners);
    }

    @Test
    void the_same_folder_gives_the_same_bytes_and_the_header_no_time() throws Exception {
        withDatabase(50);
        // A control plane that was stopped an hour ago left no -wal; reading its database makes an empty one.
        Files.setLastModifiedTime(
                dir.cpData().resolve("control plane.db"),
                FileTime.from(Instant.now().minusSeconds(3600)));
        byte[] first = Files.readAllBytes(archive().file());
        assertArrayEquals(new byte[] {0, 0, 0, 0}, java.util.Arrays.copyOfRange(first, 4, 8), "gzip's MTIME");
        Archive.quoteOnDisk(config(), archive());
        Files.createDirectories(dir.tmp().resolve("again"));
        byte[] second = Files.readAllBytes(archive().file());
        assertArrayEquals(first, second);
        put("alerts.log", "2026-10-03T00:00:00Z ALERT lost_plans=1 threshold=0 day=3\n");
        assertFalse(java.util.Arrays.equals(first, Files.readAllBytes(archive().file())), "another folder");
    }

    @Test
    void the_report_inside_says_where_the_hash_is_and_the_report_on_disk_quotes_it() throws Exception {
        Archive.Result archived = archive();
        Archive.quoteOnDisk(config(), archived);
        assertTrue(Files.readString(dir.finalText())
                .endsWith("## Artifact\nArchive: soak-val12-2026-10-31.tar.gz\nSHA-256: " + archived.sha256() + "\n"));
        assertTrue(Files.readString(dir.finalJson())
                .contains("\"archive\" : \"soak-val12-2026-10-31.tar.gz\",\n  \"archive_sha256\" : \""
                        + archived.sha256() + "\""));
        Path unpacked = unpack(archived);
        assertTrue(Files.readString(unpacked.resolve("final-report.txt"))
                .endsWith("Archive: soak-val12-2026-10-31.tar.gz\nSHA-256: see soak-val12-2026-10-31.tar.gz.sha256\n"));
        assertTrue(Files.readString(unpacked.resolve("final-report.json"))
                .contains("\"archive_sha256\" : \"see soak-val12-2026-10-31.tar.gz.sha256\""));
    }

    @Test
    void an_existing_archive_is_found_by_the_date_of_as_of_and_by_a_later_one_once_the_soak_is_complete()
            throws Exception {
        Instant asOf = Instant.parse("2026-10-31T00:00:00Z");
        assertEquals(null, Archive.existing(config(), asOf, true));
        Archive.Result archived = archive();
        assertEquals(archived, Archive.existing(config(), asOf, false));
        assertEquals(archived, Archive.existing(config(), asOf.minusSeconds(86400), true));
        assertEquals(null, Archive.existing(config(), asOf.minusSeconds(86400), false));
        assertEquals(
                null,
                Archive.existing(config(), asOf.plusSeconds(86400), true),
                "an older archive does not hold this soak's end");
        assertEquals(
                null,
                Archive.existing(
                        Config.of(new SoakDir(scratch.resolve("other")), Map.of("SOAK_ID", "soak-val12")), asOf, false),
                "of another folder");
    }

    @Test
    void a_database_that_is_being_written_goes_in_whole_and_without_its_log_files() throws Exception {
        withDatabase(2000);
        Path database = dir.cpData().resolve("control plane.db");
        Process writer = new ProcessBuilder(Fork.java("SqliteWriter", database.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Archive.Result archived;
        try {
            assertEquals("writing", writer.inputReader().readLine());
            archived = archive();
            assertTrue(writer.isAlive(), "it wrote all the while");
        } finally {
            writer.destroyForcibly().waitFor();
        }
        Path data = unpack(archived).resolve("cp-data");
        try (var files = Files.list(data)) {
            assertEquals(
                    List.of("control plane.db"),
                    files.map(f -> f.getFileName().toString()).toList());
        }
        assertEquals("ok", ask(data.resolve("control plane.db"), "PRAGMA integrity_check"));
        assertEquals("0", ask(data.resolve("control plane.db"), "SELECT count(*) FROM plan WHERE a <> b"));
        assertTrue(Long.parseLong(ask(data.resolve("control plane.db"), "SELECT count(*) FROM plan")) > 2000);
    }

    @Test
    void an_archive_of_another_folder_is_not_overwritten() throws Exception {
        archive();
        SoakDir other = new SoakDir(scratch.resolve("other"));
        Files.createDirectories(other.root());
        Files.writeString(other.config(), "");
        Failure failure = assertThrows(
                Failure.class,
                () -> new Archive(Config.of(other, Map.of("SOAK_ID", "soak-val12")), DATE).write(new PrintWriter(err)));
        assertEquals(Exit.FAILED, failure.exitCode());
        assertTrue(
                failure.getMessage().contains("soak-val12-2026-10-31.tar.gz is not an archive of other"),
                failure.getMessage());
    }

    @Test
    void a_soak_id_that_is_no_file_name_is_refused() {
        Failure failure =
                assertThrows(Failure.class, () -> new Archive(Config.of(dir, Map.of("SOAK_ID", "../x")), DATE));
        assertEquals(Exit.USAGE, failure.exitCode());
    }

    @Test
    void an_audit_store_elsewhere_is_said_to_be_missing() throws Exception {
        new Archive(Config.of(dir, Map.of("SOAK_ID", "x", "AUTONOMY_AUDIT_DIR", "/var/audit")), DATE)
                .write(new PrintWriter(err, true));
        assertTrue(err.toString().contains("/var/audit lies outside SOAK_DIR"), err.toString());
    }

    /** As the runs of an LSM store under compaction. */
    @Test
    void files_that_come_go_grow_and_shrink_while_it_is_made_leave_a_whole_archive_that_names_what_it_lacks()
            throws Exception {
        Path data = Files.createDirectories(dir.cpData());
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
                Archive archive = new Archive(config(), DATE);
                Archive.Result archived = archive.write(new PrintWriter(err, true));
                assertFalse(
                        archive.notes().lacksEvidence(), archive.notes().lines().toString());
                assertTrue(
                        archive.notes().leftOut().stream()
                                .allMatch(l -> l.name().startsWith("cp-data/")
                                        && l.why().equals("it vanished while the archive was made")),
                        archive.notes().lines().toString());
                List<String> names =
                        run("tar", "-tzf", archived.file().toString()).lines().toList();
                assertEquals(
                        dir.root().getFileName() + "/ARCHIVE-README.txt",
                        names.get(names.size() - 1),
                        "read to its end");
                assertTrue(names.contains(
                        dir.root().getFileName() + "/rounds/2026-10-01/round-000000/round-summary.json"));
            }
        } finally {
            ended.set(true);
            compaction.join();
        }
    }

    @Test
    void a_file_that_this_user_may_not_read_is_named_and_the_archive_without_it_is_no_good_news() throws Exception {
        put("rounds/2026-10-01/round-000000/recovery.txt", "closed to others");
        put("cp-data/secret.sst", "closed to others");
        for (String closed : List.of("rounds/2026-10-01/round-000000/recovery.txt", "cp-data/secret.sst")) {
            Files.setPosixFilePermissions(dir.root().resolve(closed), java.util.Set.of());
        }
        run("chmod", "-R", "go+rwX", scratch.toString());
        for (String closed : List.of("rounds/2026-10-01/round-000000/recovery.txt", "cp-data/secret.sst")) {
            Files.setPosixFilePermissions(dir.root().resolve(closed), java.util.Set.of());
        }
        Fork.Result ran = OtherUser.run(
                Fork.java("ReportArchiveTest$ArchiveOf", dir.root().toString()));
        assertEquals(
                "Evidence left out: rounds/2026-10-01/round-000000/recovery.txt: user nobody may not read it\n"
                        + "Left out: cp-data/secret.sst: user nobody may not read it\n",
                ran.out(),
                ran.err());
        assertEquals(
                "soak-val12-2026-10-31.tar.gz: OK\n",
                run("sh", "-c", "cd '" + scratch + "' && sha256sum -c soak-val12-2026-10-31.tar.gz.sha256"));
    }

    @Test
    void a_data_dir_that_is_closed_as_a_whole_is_no_evidence_either() throws Exception {
        put("cp-data/1.sst", "closed to others");
        run("chmod", "-R", "go+rwX", scratch.toString());
        Files.setPosixFilePermissions(dir.cpData(), java.util.Set.of());
        Fork.Result ran = OtherUser.run(
                Fork.java("ReportArchiveTest$ArchiveOf", dir.root().toString()));
        assertEquals("Left out: cp-data: user nobody may not read it\n", ran.out(), ran.err());
    }

    @Test
    void a_link_that_leads_back_brings_neither_the_folder_once_more_nor_what_lies_beside_it() throws Exception {
        Files.writeString(scratch.resolve("someone-elses"), "and secret");
        Path elsewhere = Files.createDirectory(scratch.resolve("another disk"));
        Files.writeString(elsewhere.resolve("kept"), "kept");
        Files.createSymbolicLink(dir.root().resolve("latest"), Path.of("."));
        Files.createSymbolicLink(dir.root().resolve("up"), Path.of(".."));
        Files.createSymbolicLink(dir.root().resolve("audit-store"), elsewhere);
        Archive archive = new Archive(config(), DATE);
        Path unpacked = unpack(archive.write(new PrintWriter(err, true)));
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
            Archive archive =
                    new Archive(Config.of(new SoakDir(Path.of(args[0])), Map.of("SOAK_ID", "soak-val12")), DATE);
            archive.write(new PrintWriter(System.err, true));
            archive.notes().lines().forEach(System.out::println);
        }
    }

    @Test
    void thousands_of_files_are_streamed() throws Exception {
        byte[] block = new byte[10_000];
        new java.util.Random(1).nextBytes(block);
        for (int i = 0; i < 3000; i++) {
            Path file = dir.rounds()
                    .resolve("2026-10-02/round-" + String.format("%06d", i))
                    .resolve("plans-created.txt");
            Files.createDirectories(file.getParent());
            Files.write(file, block);
        }
        Archive.Result archived = archive();
        assertEquals("3000\n", run("sh", "-c", "tar -tzf '" + archived.file() + "' | grep -c plans-created.txt"));
        assertTrue(new String(Files.readAllBytes(archived.hashFile()), StandardCharsets.UTF_8)
                .startsWith(archived.sha256()));
    }

    @Test
    void secrets_that_lie_in_the_folder_stay_out_and_are_named_whatever_name_leads_to_them() throws Exception {
        put("secret/headers", "Authorization: Bearer tok-77aa\n");
        put("client.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
        put(
                "both.pem",
                "-----BEGIN CERTIFICATE-----\n"
                        + "-----END CERTIFICATE-----\n"
                        + "-----BEGIN PRIVATE KEY-----\n"
                        + "MIIB\n"
                        + "-----END PRIVATE KEY-----\n");
        put("ca.pem", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
        Files.createLink(dir.root().resolve("another-name"), dir.root().resolve("client.key"));
        Path link =
                Files.createSymbolicLink(scratch.resolve("headers"), dir.root().resolve("secret/headers"));
        Config config = Config.of(
                dir,
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
        Archive archive = new Archive(config, DATE);
        Path unpacked = unpack(archive.write(new PrintWriter(err, true)));
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
                "", run("sh", "-c", "grep -rl -e tok-77aa -e 'PRIVATE KEY' \"$1\" || :", "sh", unpacked.toString()));
    }
}
