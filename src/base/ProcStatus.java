package base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Sizes in /proc/PID/status (proc(5)). */
public final class ProcStatus {
    private static final long BYTES_PER_KIB = 1024;

    private ProcStatus() {}

    /**
     * @param process its folder in /proc
     * @param field such as VmRSS, whose unit there is the KiB
     * @return bytes; empty where the process is gone, or the platform does not tell
     */
    public static OptionalLong bytes(Path process, String field) {
        try {
            return Files.readString(process.resolve("status"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIB)
                    .findFirst();
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }
}
