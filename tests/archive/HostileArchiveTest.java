import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import archive.ArchivedSoak;
import base.Exit;
import base.Failure;
import base.Leftovers;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import lab.selftest.SoakFixture;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An archive comes from elsewhere: what is not as --type archive makes it is refused, in a sentence, and leaves nothing
 * behind.
 */
@Tag("slow")
class HostileArchiveTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";

    @TempDir
    Path scratch;

    private interface Content {
        void put(TarArchiveOutputStream tar) throws Exception;
    }

    private Path tar(Content content) throws Exception {
        Path file = scratch.resolve("other.tar.gz");
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            put(tar, "soak/config.env", "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
            content.put(tar);
        }
        return file;
    }

    private static void put(TarArchiveOutputStream tar, String name, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, byte kind) throws Exception {
        link(tar, "soak/rounds", kind);
    }

    private static void link(TarArchiveOutputStream tar, String name, byte kind) throws Exception {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName("/etc");
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private SoakFixture soak() {
        return SoakFixture.in(scratch.resolve("soak")).days(1).interval(14_400).rounds(0, 6);
    }

    private Path archived(SoakFixture soak) {
        soak.write();
        assertEquals(
                Exit.OK,
                Reports.run(AFTER, soak.dir().root(), "--type", "archive").exit());
        return scratch.resolve("soak-val12-2026-12-01.tar.gz");
    }

    private Reports.Ran compare(Path archive) throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = Reports.run(AFTER, soak.dir().root(), "--compare", archive.toString());
        leavesNothing(soak.dir().tmp(), Leftovers.SCRATCH);
        return ran;
    }

    private static void leavesNothing(Path tmp, String name) throws Exception {
        try (Stream<Path> left = Files.list(tmp)) {
            assertEquals(
                    List.of(),
                    left.filter(f -> f.getFileName().toString().startsWith(name))
                            .toList(),
                    "what was unpacked is removed");
        }
    }

    /** By each command that reads archives. */
    private void isRefused(int exit, Path archive, String because) throws Exception {
        for (Reports.Ran ran : List.of(compare(archive), Reports.run(AFTER, archive, "--type", "verify"))) {
            assertEquals(exit, ran.exit(), ran.out() + ran.err());
            assertTrue(
                    ran.err().startsWith("report: ")
                            && ran.err().contains(because)
                            && ran.err().contains(archive.toString()),
                    ran.err());
            assertEquals(1, ran.err().lines().count(), ran.err());
            assertEquals("", ran.out());
        }
    }

    private void isRefused(Content content, String because) throws Exception {
        isRefused(Exit.FAILED, tar(content), because);
    }

    @Test
    void names_that_lead_out_of_the_folder_are_refused() throws Exception {
        isRefused(
                tar -> put(tar, "soak/../../escaped", "x"),
                "its entry soak/../../escaped would lie outside its folder");
        isRefused(tar -> put(tar, "/soak/rounds/x", "x"), "its entry /soak/rounds/x would lie outside its folder");
        isRefused(tar -> put(tar, "soak/rounds/..", "x"), "would lie outside its folder");
        isRefused(tar -> put(tar, "elsewhere/config.env", "x"), "more than the one folder of a soak (soak, elsewhere)");
        try (Stream<Path> all = Files.walk(scratch)) {
            assertFalse(all.anyMatch(file -> file.getFileName().toString().equals("escaped")));
        }
    }

    @Test
    void an_archive_that_was_packed_again_from_within_its_folder_is_read() throws Exception {
        Path archive = archived(soak());
        Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
        assertEquals(
                0,
                Fork.run("tar", "-xzf", archive.toString(), "-C", unpacked.toString())
                        .exit());
        Path again = scratch.resolve("again.tar.gz");
        assertEquals(
                0,
                Fork.run("tar", "-czf", again.toString(), "-C", unpacked.toString(), ".")
                        .exit());
        assertEquals(Exit.OK, Reports.run(AFTER, again, "--type", "verify").exit());
        assertEquals(
                0,
                Fork.run("tar", "-czf", again.toString(), "-C", unpacked + "/soak", ".")
                        .exit());
        isRefused(Exit.FAILED, again, "it holds more than the one folder of a soak (");
    }

    @Test
    void links_and_devices_are_refused() throws Exception {
        isRefused(tar -> link(tar, TarConstants.LF_SYMLINK), "it holds a link, soak/rounds");
        isRefused(
                tar -> link(tar, TarConstants.LF_LINK),
                "it holds a hard link, soak/rounds, which no archive made by --type archive does; if you trust it,"
                        + " unpack it yourself and give the folder");
        isRefused(tar -> link(tar, TarConstants.LF_SYMLINK), "an archive does not hold what a link leads to");
        isRefused(tar -> link(tar, TarConstants.LF_FIFO), "soak/rounds, which is neither a file nor a folder");
    }

    /** Whoever unpacks it reads there what was compared with nothing. */
    @Test
    void a_stored_report_that_is_a_link_is_not_passed_over_by_a_verification() throws Exception {
        for (String name : List.of(
                "checkpoints/checkpoint-7d.json",
                "daily/2026-10-01-summary.json",
                "final-report.json",
                "seals/2026-10-01.tsr",
                "checkpoints",
                "daily",
                "seals")) {
            for (byte kind : List.of(TarConstants.LF_SYMLINK, TarConstants.LF_LINK)) {
                Path archive = tar(tar -> link(tar, "soak/" + name, kind));
                Reports.Ran ran = Reports.run(AFTER, archive, "--type", "verify");
                assertEquals(Exit.FAILED, ran.exit(), name + ran.out());
                assertTrue(ran.err().contains("link, soak/" + name), ran.err());
            }
        }
    }

    /** A control plane's data dir may hold one; no report reads it. */
    @Test
    void an_archive_of_a_soak_with_a_link_of_the_control_planes_is_compared_as_its_folder_is() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Files.createSymbolicLink(
                Files.createDirectories(soak.dir().cpData()).resolve("CURRENT"), Path.of("MANIFEST-000004"));
        Path archive = archived(soak);
        Reports.Ran ran = Reports.run(AFTER, soak.dir().root(), "--compare", archive.toString());
        assertEquals(Exit.OK, ran.exit(), ran.err());
    }

    @Test
    void a_file_that_is_there_twice_is_refused() throws Exception {
        isRefused(tar -> put(tar, "soak/config.env", "SOAK_DAYS=1\n"), "it holds config.env twice");
    }

    @Test
    void what_unpacks_without_measure_is_refused_even_where_it_would_not_be_kept() throws Exception {
        Path bomb = tar(tar -> put(tar, "soak/cp-data/zeros", "\0".repeat(8 << 20)));
        assertTrue(Files.size(bomb) < 1 << 16);
        Path into = Files.createDirectory(scratch.resolve("into"));
        Failure bytes = assertThrows(
                Failure.class, () -> ArchivedSoak.unpack(bomb, into, new ArchivedSoak.Limits(10, 1 << 20)));
        assertEquals(Exit.FAILED, bytes.exitCode());
        assertTrue(bytes.getMessage().contains("it unpacks to more than 1 MiB"), bytes.getMessage());
        Failure entries = assertThrows(
                Failure.class,
                () -> ArchivedSoak.unpack(
                        bomb, Files.createDirectory(scratch.resolve("too")), new ArchivedSoak.Limits(1, 1 << 30)));
        assertTrue(entries.getMessage().contains("it holds more than 1 entries"), entries.getMessage());
        ArchivedSoak enough = ArchivedSoak.unpack(
                bomb, Files.createDirectory(scratch.resolve("three")), new ArchivedSoak.Limits(2, 1 << 24));
        try (Stream<Path> kept = Files.list(enough.folder())) {
            assertEquals(
                    List.of("config.env"),
                    kept.map(f -> f.getFileName().toString()).toList(),
                    "what no report reads is not unpacked");
        }
    }

    @Test
    void an_entry_whose_description_is_larger_than_the_memory_is_refused() throws Exception {
        Path archive = tar(tar -> {
            TarArchiveEntry entry = new TarArchiveEntry("soak/alerts.log");
            entry.addPaxHeader("comment", "x".repeat(80 << 20));
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        });
        List<String> command = Fork.java("report", archive.toString(), "--type", "verify");
        command.add(1, "-Xmx64m");
        Fork.Result ran = Fork.run(command);
        assertEquals(Exit.FAILED, ran.exit(), ran.err());
        assertTrue(ran.err().contains("the description of one of its entries is larger than the memory"), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
    }

    @Test
    void a_name_with_a_line_end_begins_no_line_of_a_refusal() throws Exception {
        String name = "soak/rounds/a\nEverything that is sealed fits";
        String shown = "a\\nEverything that is sealed fits";
        isRefused(
                tar -> {
                    put(tar, name, "x");
                    put(tar, name, "x");
                },
                "it holds rounds/" + shown + " twice");
        isRefused(tar -> put(tar, name + "/" + "x".repeat(300), "x"), shown + "/xxx");
    }

    /** Browsers unpack what a server calls packed, and keep its name. */
    @Test
    void an_archive_that_was_unpacked_on_the_way_is_told_as_that() throws Exception {
        Path archive = tar(tar -> {});
        Files.write(archive, unzipped(archive));
        isRefused(Exit.FAILED, archive, "could not be unpacked (Not in GZIP format): fetch it again as --type archive");
    }

    @Test
    void an_archive_without_a_soak_is_refused() throws Exception {
        Path file = scratch.resolve("empty.tar.gz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            put(tar, "photos/1.txt", "x");
        }
        isRefused(Exit.USAGE, file, "holds no soak");
        isRefused(Exit.FAILED, Files.writeString(scratch.resolve("notes.txt"), "no archive"), "could not be unpacked");
    }

    @Test
    void one_flipped_byte_is_found_by_the_hash_and_without_it_by_gzip() throws Exception {
        Path archive = archived(soak());
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 1;
        Files.write(archive, bytes);
        isRefused(Exit.FAILED, archive, "is not what soak-val12-2026-12-01.tar.gz.sha256 says");
        Files.delete(scratch.resolve("soak-val12-2026-12-01.tar.gz.sha256"));
        isRefused(Exit.FAILED, archive, "could not be unpacked");
    }

    @Test
    void a_cut_archive_is_found_wherever_it_was_cut() throws Exception {
        Path archive = archived(soak());
        byte[] bytes = Files.readAllBytes(archive);
        Files.delete(scratch.resolve("soak-val12-2026-12-01.tar.gz.sha256"));
        for (int length : List.of(0, 5, bytes.length / 3, bytes.length - 1)) {
            Files.write(archive, java.util.Arrays.copyOf(bytes, length));
            isRefused(Exit.FAILED, archive, "could not be unpacked");
        }
    }

    @Test
    void a_tar_that_was_cut_between_two_entries_is_found_though_its_gzip_is_whole() throws Exception {
        String zeros = "\0".repeat(131_072); // what a soak's reserve holds must not be taken for the end
        byte[] tar = unzipped(tar(out -> put(out, "soak/reserve", zeros)));
        int end = 2 * 512 + 512 + zeros.length(); // config.env, the description of the reserve, the reserve
        Path cut = scratch.resolve("cut.tar.gz");
        zip(cut, java.util.Arrays.copyOf(tar, end));
        isRefused(Exit.FAILED, cut, "could not be unpacked (it ends too early)");
        zip(cut, java.util.Arrays.copyOf(tar, end + 512));
        Path into = Files.createDirectory(scratch.resolve("into"));
        ArchivedSoak.unpack(cut, into, ArchivedSoak.Limits.USUAL); // the record that ends a tar
    }

    @Test
    void what_stands_behind_the_end_of_an_archive_is_not_passed_over() throws Exception {
        Path archive = tar(out -> {});
        byte[] whole = Files.readAllBytes(archive);
        byte[] tar = unzipped(archive);
        for (String more : List.of("x", "more than the 26 bytes of a header and a trailer")) {
            Files.write(archive, joined(whole, more.getBytes(StandardCharsets.UTF_8)));
            isRefused(Exit.FAILED, archive, "it has bytes behind its end, which no archive");
        }
        Files.write(archive, joined(whole, whole));
        isRefused(Exit.FAILED, archive, "it has bytes behind its end");
        zip(archive, joined(tar, new byte[] {0, 0, 1}));
        isRefused(Exit.FAILED, archive, "it has bytes behind its end");
    }

    private static byte[] unzipped(Path archive) throws Exception {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
            return in.readAllBytes();
        }
    }

    private static void zip(Path archive, byte[] bytes) throws Exception {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            out.write(bytes);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void a_hash_file_that_holds_none_is_no_proof() throws Exception {
        Path archive = archived(soak());
        Files.writeString(scratch.resolve("soak-val12-2026-12-01.tar.gz.sha256"), "");
        isRefused(Exit.FAILED, archive, "holds no SHA-256");
    }

    @Test
    void an_archive_of_a_soak_that_went_on_tells_nothing_of_what_came_after_it() throws Exception {
        SoakFixture half = SoakFixture.in(scratch.resolve("half"))
                .days(10)
                .interval(14_400)
                .rounds(0, 30);
        half.write();
        try (Stream<Path> all = Files.walk(half.dir().root())) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(half.slotStart(30)));
            }
        }
        assertEquals(
                Exit.OK,
                Reports.run("2026-10-06T00:00:00Z", half.dir().root(), "--type", "archive")
                        .exit());
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = Reports.run(
                AFTER,
                soak.dir().root(),
                "--compare",
                scratch.resolve("soak-val12-2026-10-06.tar.gz").toString());
        assertTrue(ran.out().contains("as_of                    2026-10-06T00:00:00Z"), ran.out() + ran.err());
        assertTrue(ran.out().contains("missed_rounds            0 "), ran.out());
    }
}
