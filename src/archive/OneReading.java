package archive;

import base.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.utils.ArchiveUtils;

/**
 * A tar that all programs read in the same way. What a verification reads must be what tar unpacks for a reviewer: of
 * an entry that has two names, for example, each program takes its own.
 */
final class OneReading extends TarArchiveInputStream {
    private static final String MAGIC = "ustar";
    private static final int KIND_AT = 156;
    /** What may stand before an entry: a description by POSIX, or GNU's of a long name and of a long link. */
    private static final Set<String> DESCRIPTIONS = Set.of("x", "L", "K", "LK", "KL");

    private static final String DESCRIBE = "xXgLK";
    private static final String OF_HOLES = "GNU.sparse.";

    private final Function<String, Failure> refused;
    private String described = "";

    /** @param refused is told in words what the archive does */
    OneReading(InputStream in, Function<String, Failure> refused) {
        super(in, StandardCharsets.UTF_8.name());
        this.refused = refused;
    }

    @Override
    protected byte[] readRecord() throws IOException {
        byte[] header = super.readRecord();
        if (isEOFRecord(header)) {
            return header;
        }
        if (!TarUtils.verifyCheckSum(header)) { // tar passes over it
            throw refused.apply("it holds an entry whose header has a wrong sum");
        }
        if (!ArchiveUtils.matchAsciiBuffer(MAGIC, header, TarConstants.MAGIC_OFFSET, MAGIC.length())) {
            throw refused.apply("it holds an entry whose header is older than POSIX");
        }
        char kind = (char) header[KIND_AT];
        described = DESCRIBE.indexOf(kind) < 0 ? "" : described + kind;
        if (!described.isEmpty() && !DESCRIPTIONS.contains(described)) {
            throw refused.apply("it holds an entry that is described twice, or with all others");
        }
        return header;
    }

    /**
     * @param refused is told in words what the entry is, whose name follows
     * @throws Failure for one that programs unpack in different ways
     */
    static void require(TarArchiveEntry entry, Function<String, Failure> refused) {
        // A few bytes stand for gigabytes, and GNU's tar takes the name from the description of the holes.
        if (entry.isSparse()
                || entry.getExtraPaxHeaders().keySet().stream().anyMatch(key -> key.startsWith(OF_HOLES))) {
            throw refused.apply("it holds a file with holes, ");
        }
        boolean isLink = entry.isSymbolicLink() || entry.isLink();
        if ((isLink || entry.isDirectory()) && entry.getSize() != 0) { // to tar, these bytes are more entries
            throw refused.apply("it holds a link or a folder that has bytes, ");
        }
    }
}
