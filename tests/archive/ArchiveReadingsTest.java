import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs differ on some tars: what a verification read must be what a reviewer unpacks. Such tars are written here by
 * hand, since no library writes them.
 */
class ArchiveReadingsTest {
    private static final int RECORD = 512;
    private static final int SUM_AT = 148;
    private static final String CODES = "soak/rounds/2026-10-01/round-000000/plans-created.txt";

    @TempDir
    Path scratch;

    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    private static byte[] header(String name, byte kind, long size, String link) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setSize(size);
        entry.setLinkName(link);
        byte[] header = new byte[RECORD];
        entry.writeEntryHeader(header);
        return header;
    }

    private ArchiveReadingsTest put(byte[] header, byte[] content) {
        tar.writeBytes(header);
        tar.writeBytes(content);
        tar.writeBytes(new byte[Math.floorMod(-content.length, RECORD)]);
        return this;
    }

    private ArchiveReadingsTest put(String name, byte kind, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return put(header(name, kind, content.length, ""), content);
    }

    private ArchiveReadingsTest soak() {
        tar.reset();
        return put("soak/config.env", TarConstants.LF_NORMAL, "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
    }

    private Path written() throws Exception {
        Path archive = scratch.resolve("other.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            tar.writeTo(out);
            out.write(new byte[2 * RECORD]);
        }
        return archive;
    }

    private void isRefused(String because) throws Exception {
        Reports.Ran ran = Reports.run("2026-12-01T00:00:00Z", written(), "--type", "verify");
        assertEquals(Exit.FAILED, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.err().contains("other.tar.gz was not unpacked: " + because), ran.err());
    }

    /** What a reviewer reads, after tar said nothing. */
    private String unpackedByTar() throws Exception {
        Path into = Files.createTempDirectory(scratch, "unpacked");
        Fork.Result ran = Fork.run("tar", "-xzf", written().toString(), "-C", into.toString());
        assertEquals(0, ran.exit(), ran.err());
        return Files.readString(into.resolve(CODES));
    }

    @Test
    void what_lies_behind_a_link_of_the_archive_is_not_passed_over() throws Exception {
        byte[] link = header("soak/more", TarConstants.LF_SYMLINK, 0, "rounds/2026-10-01/round-000000");
        soak().put(CODES, TarConstants.LF_NORMAL, "500\n")
                .put(link, new byte[0])
                .put("soak/more/plans-created.txt", TarConstants.LF_NORMAL, "201\n");
        assertEquals("201\n", unpackedByTar());
        isRefused("its entry soak/more/plans-created.txt would lie behind a link of it");
    }

    /** To tar, and not to the library, the bytes behind a link are entries. */
    @Test
    void entries_that_hide_in_the_bytes_of_a_link_or_a_folder_are_not_passed_over() throws Exception {
        for (byte kind : List.of(TarConstants.LF_LINK, TarConstants.LF_SYMLINK, TarConstants.LF_DIR)) {
            String name = "soak/cp-data/hides" + (kind == TarConstants.LF_DIR ? "/" : "");
            soak().put(CODES, TarConstants.LF_NORMAL, "500\n")
                    .put(header(name, kind, 2 * RECORD, "soak/config.env"), new byte[0])
                    .put(CODES, TarConstants.LF_NORMAL, "201\n");
            assertEquals("201\n", unpackedByTar());
            isRefused("it holds a link or a folder that has bytes, " + name);
        }
    }

    /** tar takes the name that POSIX describes, or the last; the library took GNU's, or the first. */
    @Test
    void an_entry_that_has_several_names_is_refused() throws Exception {
        byte posix = TarConstants.LF_PAX_EXTENDED_HEADER_LC;
        byte gnu = TarConstants.LF_GNUTYPE_LONGNAME;
        String other = "soak/cp-data/other";
        soak().put("long", gnu, other + "\0")
                .put("pax", posix, pax("path=" + CODES))
                .put("x", (byte) '0', "201\n");
        assertEquals("201\n", unpackedByTar());
        isRefused("it holds an entry that is described twice");
        soak().put("pax", posix, pax("path=" + other))
                .put("pax", posix, pax("path=" + CODES))
                .put("x", (byte) '0', "201\n");
        assertEquals("201\n", unpackedByTar());
        isRefused("it holds an entry that is described twice");
        soak().put("pax", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER, pax("path=" + other))
                .put("pax", posix, pax("path=" + CODES))
                .put("x", (byte) '0', "201\n");
        assertEquals("201\n", unpackedByTar());
        isRefused("it holds an entry that is described twice, or with all others");
        soak().put("pax", posix, pax("path=" + other, "GNU.sparse.name=" + CODES))
                .put("x", (byte) '0', "201\n");
        assertEquals("201\n", unpackedByTar());
        isRefused("it holds a file with holes, " + other);
    }

    /** tar leaves such an entry out, or what describes it. */
    @Test
    void an_entry_whose_header_has_a_wrong_sum_or_no_magic_word_is_refused() throws Exception {
        for (byte kind : List.of(TarConstants.LF_NORMAL, TarConstants.LF_PAX_EXTENDED_HEADER_LC)) {
            byte[] header = header(CODES, kind, 0, "");
            header[SUM_AT] ^= 1;
            soak().put(header, new byte[0]).put("soak/alerts.log", TarConstants.LF_NORMAL, "");
            isRefused("it holds an entry whose header has a wrong sum");
        }
        byte[] old = header(CODES, TarConstants.LF_NORMAL, 0, "");
        int word = old[TarConstants.MAGIC_OFFSET] & 0xFF;
        old[TarConstants.MAGIC_OFFSET] = 0;
        old[SUM_AT - 1] = (byte) (old[SUM_AT - 1] + word); // a byte of the time: the sum stays
        soak().put(old, new byte[0]);
        isRefused("it holds an entry whose header is older than POSIX");
    }

    /** A few bytes stand for gigabytes, and nothing that counts the bytes of the tar sees them. */
    @Test
    void a_file_with_holes_is_refused() throws Exception {
        for (String name : List.of(CODES, "soak/cp-data/store.db")) {
            String holes = pax(
                    "GNU.sparse.major=0",
                    "GNU.sparse.minor=1",
                    "GNU.sparse.name=" + name,
                    "GNU.sparse.size=2147483647",
                    "GNU.sparse.numblocks=1",
                    "GNU.sparse.map=2147483643,4");
            soak().put("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, holes).put("x", TarConstants.LF_NORMAL, "201\n");
            isRefused("it holds a file with holes, " + name);
        }
    }

    /** Each word with its length before it, which counts itself. */
    private static String pax(String... words) {
        StringBuilder description = new StringBuilder();
        for (String word : words) {
            int length = word.length() + 2; // a blank and a line end
            length += Integer.toString(length + 2).length();
            description.append(length).append(' ').append(word).append('\n');
        }
        return description.toString();
    }
}
