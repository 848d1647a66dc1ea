package base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reading a file that ends. In a folder that came from somebody else the name of a report or of a setting may lead to a
 * pipe or a device, which would be waited for, or read, for ever, and to a file that no memory holds.
 */
public final class PlainFile {
    /** A report, a setting or a log's summary is far shorter; a month of a round a minute has a report of 2 MiB. */
    private static final int MOST_BYTES = 64 << 20;

    private PlainFile() {}

    /** A file that is not read; its message names it and the remedy. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(Path file, String why) {
            super(file + " " + why);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }

    /**
     * Of any length.
     *
     * @throws Refused if it is there and no file
     */
    public static InputStream open(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Refused(
                    file, "is a folder, a pipe, a socket or a device, where a file should be: take it away from there");
        }
        return Files.newInputStream(file);
    }

    /** @throws Refused if it is there and no file, or is longer than 64 MiB */
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = open(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new Refused(file, "is longer than " + (MOST_BYTES >> 20) + " MiB: take it away from there");
            }
            return bytes;
        }
    }

    /** As {@link #bytes}, of UTF-8. */
    public static String text(Path file) throws IOException {
        return text(file, StandardCharsets.UTF_8);
    }

    /**
     * As {@link #bytes}.
     *
     * @throws java.nio.charset.CharacterCodingException if it is not of that charset
     */
    public static String text(Path file, Charset charset) throws IOException {
        return charset.newDecoder().decode(ByteBuffer.wrap(bytes(file))).toString();
    }
}
