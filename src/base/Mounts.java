package base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the kernel says of the file systems that this process sees. */
public final class Mounts {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int DEVICE = 2; // of its fields, proc(5)
    private static final int PLACE = 4;
    private static final int OPTIONS = 5;
    /** In the last field, which is the file system's own. */
    private static final List<String> SHUT = List.of("ro", "emergency_ro", "shutdown");

    private Mounts() {}

    /**
     * On which device a path that is there lies, as {@code MAJOR:MINOR} of the whole file system: by this the kernel
     * names it everywhere but in stat(2), which has a device of its own for each subvolume of btrfs, and for files of
     * an overlay.
     */
    public static String device(Path there) throws IOException {
        Optional<Mount> mount = seen(there);
        if (mount.isPresent()) {
            return mount.get().fields[DEVICE];
        }
        long dev = (Long) Files.getAttribute(there, "unix:dev"); // a chroot lists no mount of its root
        return (dev >> 8 & 0xfff) + ":" + (dev & 0xff | dev >> 12 & 0xfff00);
    }

    /**
     * Where the file system is mounted that lets no program be started from a path that is there: noexec, as hardened
     * hosts have it for /home, /var or /tmp.
     */
    public static Optional<Path> withoutPrograms(Path there) {
        return seen(there).filter(mount -> mount.has(OPTIONS, "noexec")).map(Mount::place);
    }

    /**
     * Whether nobody may write to a path that is there, as where the kernel found a fault in the file system. Java's
     * FileStore goes by the device, and so takes a bind mount for what lies above it.
     */
    public static boolean isReadOnly(Path there) {
        return seen(there).map(Mounts::takesNothing).orElse(false);
    }

    /** @param table the text of mountinfo, of whatever machine */
    public static boolean isReadOnly(Path real, String table) {
        return of(real, table).map(Mounts::takesNothing).orElse(false);
    }

    /**
     * A mount can be read-only where its file system is not, and the other way round. Since Linux 6.15 ext4 with a
     * fault stays {@code rw} in both, refuses each write, and says so in a word of its own.
     */
    private static boolean takesNothing(Mount mount) {
        return mount.has(OPTIONS, "ro") || SHUT.stream().anyMatch(word -> mount.has(mount.fields.length - 1, word));
    }

    private record Mount(Path place, String[] fields) {
        boolean has(int field, String option) {
            return Arrays.asList(fields[field].split(",")).contains(option);
        }
    }

    private static Optional<Mount> seen(Path there) {
        try {
            return of(there.toRealPath(), Files.readString(TABLE, StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException unseen) {
            return Optional.empty();
        }
    }

    private static Optional<Mount> of(Path real, String table) {
        Mount found = null;
        for (String line : table.split("\n")) {
            String[] fields = line.split(" ");
            Path place = Path.of(unescaped(fields[PLACE]));
            // of two at the same place the later one hides the other
            if (real.startsWith(place) && (found == null || place.getNameCount() >= found.place.getNameCount())) {
                found = new Mount(place, fields);
            }
        }
        return Optional.ofNullable(found);
    }

    /** The table has blanks, tabs, line ends and backslashes in octal. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
