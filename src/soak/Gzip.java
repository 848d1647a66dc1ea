package soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
}
