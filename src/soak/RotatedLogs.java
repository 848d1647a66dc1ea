package soak;

import base.PlainFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What a log held before it was rotated: alerts.log.1, alerts.log-20261001.gz, beside the new one. */
public final class RotatedLogs {
    private static final int BUFFER = 1 << 16;

    private RotatedLogs() {}

    public static List<Path> of(Path log) throws IOException {
        String name = log.getFileName().toString();
        List<Path> rotated = new ArrayList<>();
        for (Path file : RoundFiles.children(log.getParent())) {
            String other = file.getFileName().toString();
            if ((other.startsWith(name + ".") || other.startsWith(name + "-")) && Files.isRegularFile(file)) {
                rotated.add(file);
            }
        }
        return rotated;
    }

    /** Of a log or of what is left of it, unpacked where its name says that it is packed. */
    public static InputStream opened(Path file) throws IOException {
        InputStream plain = new BufferedInputStream(PlainFile.open(file), BUFFER);
        return file.toString().endsWith(RoundFiles.GZIPPED) ? new GZIPInputStream(plain) : plain;
    }
}
