package evidence;

import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import soak.Gzip;
import soak.RoundFiles;

/**
 * A file of a round, whose whole may lie compressed beside it (see {@link RoundFiles.Pointer}).
 *
 * @param file the name of the file that {@code problem} is about
 * @param bytes the content, null if it cannot be had
 * @param said how long the whole was, null where the file stands plainly
 * @param kept how much of it was kept
 * @param problem why the compressed file is not what it should be, else null
 */
record StoredText(String file, byte[] bytes, Long said, Long kept, String problem) {
    boolean pointed() {
        return said != null || problem != null;
    }

    /**
     * @param plain what NAME holds, null if there is no such file
     * @return null if there is neither NAME nor NAME.gz
     */
    static StoredText of(Path file, byte[] plain) throws IOException {
        String name = file.getFileName().toString();
        Path whole = file.resolveSibling(name + RoundFiles.GZIPPED);
        if (plain == null) {
            // The round was killed between the two: the compressed file is whole, and its own checksum is in it.
            byte[] compressed = RoundFiles.bytes(whole);
            return compressed == null ? null : unpacked(whole, compressed, null, null, null);
        }
        JsonNode told = RoundFiles.pointer(plain).orElse(null);
        if (told == null) {
            return new StoredText(name, plain, null, null, null);
        }
        RoundFiles.Pointer pointer = RoundFiles.Pointer.of(told, name).orElse(null);
        if (pointer == null) {
            return new StoredText(
                    name,
                    null,
                    null,
                    null,
                    "says that it is stored elsewhere, but lacks stored_in, bytes, kept_bytes or sha256: not read");
        }
        byte[] compressed = RoundFiles.bytes(whole);
        if (compressed == null) {
            return new StoredText(
                    whole.getFileName().toString(),
                    null,
                    null,
                    null,
                    "is missing, but " + name + " says that it holds " + pointer.bytes() + " bytes");
        }
        return unpacked(whole, compressed, pointer.bytes(), pointer.kept(), pointer.sha256());
    }

    private static StoredText unpacked(Path whole, byte[] compressed, Long said, Long kept, String sha256)
            throws IOException {
        String name = whole.getFileName().toString();
        byte[] content;
        try {
            content = Gzip.unpacked(compressed);
        } catch (ZipException | EOFException broken) {
            return new StoredText(name, null, null, null, "is not a complete gzip file: not read");
        }
        if (said == null) {
            return new StoredText(name, content, (long) content.length, (long) content.length, null);
        }
        if (content.length != kept) {
            return new StoredText(
                    name,
                    null,
                    null,
                    null,
                    "holds " + content.length + " bytes, not the " + kept + " that were kept: not read");
        }
        if (kept.equals(said) && !Sha256.of(content).equals(sha256)) {
            return new StoredText(name, null, null, null, "has a SHA-256 that differs from the recorded one: not read");
        }
        return new StoredText(name, kept < said ? wholeLines(content) : content, said, kept, null);
    }

    /** Where a text was cut, its last line is half a line, and may end in half a character. */
    private static byte[] wholeLines(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(content, end);
    }
}
