package soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What the kernel says of the file systems that this process sees. */
public final class Mounts {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int PLACE = 4; // of its fields, proc(5)
    private static final int OPTIONS = 5;

    private Mounts() {}

    /**
     * Where the file system is mounted that lets no program be started from a path that is there: noexec, as hardened
     * hosts have it for /home, /var or /tmp.
     */
    public static Optional<Path> withoutPrograms(Path there) {
        try {
            Path real = there.toRealPath();
            Path place = null;
            boolean noexec = false;
            for (String line : Files.readString(TABLE, StandardCharsets.UTF_8).split("\n")) {
                String[] fields = line.split(" ");
                Path mount = Path.of(unescaped(fields[PLACE]));
                // of two at the same place the later one hides the other
                if (real.startsWith(mount) && (place == null || mount.getNameCount() >= place.getNameCount())) {
                    place = mount;
                    noexec = Arrays.asList(fields[OPTIONS].split(",")).contains("noexec");
                }
            }
            return noexec ? Optional.of(place) : Optional.empty();
        } catch (IOException | RuntimeException unseen) {
            return Optional.empty();
        }
    }

    /** The table has blanks, tabs, line ends and backslashes in octal. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
