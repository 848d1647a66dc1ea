package process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import settings.Config;
import settings.Secrets;

/** cp.log, in which the control plane says why it ended. */
public final class CpLog {
    private static final int TAIL_LINES = 10;
    private static final int TAIL_BYTES = 8 * 1024;

    private final Config config;
    private final Path file;

    CpLog(Config config) {
        this.config = config;
        this.file = config.dir().cpLog();
    }

    /** In bytes; 0 where there is none. */
    long size() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the control plane has said since {@code from}, its last lines, each on a line of its own; "" for nothing.
     */
    String since(long from) {
        List<String> lines = tail(file, from);
        return lines.isEmpty()
                ? ""
                : "\n  cp.log: "
                        + Secrets.of(config)
                                .scanned(String.join("\n  cp.log: ", lines), true)
                                .text();
    }

    /** The last lines of a log at or after byte {@code from}. */
    public static List<String> tail(Path log, long from) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = Math.max(Math.min(from, file.length()), file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException noLog) {
            return List.of();
        }
    }
}
