package soak;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What evidence is compressed by; the header holds no time, so that the same bytes give the same bytes. */
public final class Gzip {
    private Gzip() {}

    public static byte[] of(byte[] raw) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(raw);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // memory is no disk
        }
        return compressed.toByteArray();
    }

    /** What it was made of, unless that is more than any round writes. */
    public static byte[] unpacked(byte[] compressed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return RoundFiles.bounded(in);
        }
    }
}
