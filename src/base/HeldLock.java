package base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Whether a process holds a lock of fcntl(2) on a file, for those who only look: to try the lock would keep from it,
 * for that moment, whoever wants it.
 */
public final class HeldLock {
    private HeldLock() {}

    /** False also where the kernel does not tell, as of a process in another container. */
    public static boolean on(Path file) {
        try {
            String[] device = Mounts.device(file).split(":");
            String held = String.format(
                    Locale.ROOT,
                    "\\d+: POSIX ADVISORY WRITE \\d+ %02x:%02x:%d .*",
                    Integer.parseInt(device[0]),
                    Integer.parseInt(device[1]),
                    (Long) Files.getAttribute(file, "unix:ino"));
            return Files.readString(Path.of("/proc/locks"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .anyMatch(line -> line.replaceAll("\\s+", " ").matches(held));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unseen) {
            return false;
        }
    }
}
