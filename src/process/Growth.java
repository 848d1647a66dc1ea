package process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import soak.Config;

/** Sizes of what runs for 30 days; null where they cannot be read. */
public final class Growth {
    private static final long BYTES_PER_KIB = 1024;

    private Growth() {}

    /**
     * Bytes of the files below a folder.
     *
     * @param nameEnd of those alone whose names end so; "" for all, a store with its write-ahead log
     */
    public static Long bytes(Path folder, String nameEnd) {
        if (!Files.isDirectory(folder)) {
            return null;
        }
        long sum = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file) && file.toString().endsWith(nameEnd)) {
                    sum += Files.size(file);
                }
            }
            return sum;
        } catch (IOException | java.io.UncheckedIOException changedMeanwhile) {
            return null;
        }
    }

    /** Resident memory of some processes together (VmRSS of proc(5), which counts in KiB). */
    public static Long residentBytes(Collection<Long> pids) {
        long sum = 0;
        for (long pid : pids) {
            try (Stream<String> status = Files.lines(ProcessIdentity.folder(pid).resolve("status"))) {
                String line =
                        status.filter(l -> l.startsWith("VmRSS:")).findFirst().orElse(null);
                if (line == null) {
                    return null;
                }
                sum += Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB;
            } catch (IOException | java.io.UncheckedIOException gone) {
                return null;
            }
        }
        return pids.isEmpty() ? null : sum;
    }

    /** Open file descriptors of some processes together. */
    public static Long openDescriptors(Collection<Long> pids) {
        long count = 0;
        for (long pid : pids) {
            try (DirectoryStream<Path> descriptors =
                    Files.newDirectoryStream(ProcessIdentity.folder(pid).resolve("fd"))) {
                for (Path ignored : descriptors) {
                    count++;
                }
            } catch (IOException goneOrNotOurs) {
                return null;
            }
        }
        return pids.isEmpty() ? null : count;
    }

    /** What a soak's own control plane keeps and holds, and its audit records: fields of round-summary.json. */
    public static Map<String, Object> of(Config config, Supervisor controlPlane) {
        Map<String, Object> figures = new HashMap<>();
        if (!config.attached()) {
            figures.put("store_bytes", bytes(config.dir().cpData(), ""));
            figures.put("wal_bytes", bytes(config.dir().cpData(), "-wal"));
            figures.put("cp_rss_bytes", controlPlane.residentBytes());
            figures.put("cp_open_fds", controlPlane.openDescriptors());
        }
        figures.put("audit_bytes", bytes(config.auditDir(), ""));
        return figures;
    }
}
