package process;

import base.Folders;
import base.ProcStatus;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import settings.Config;

/** Sizes of what runs for 30 days; null where they cannot be read. */
public final class Growth {

    private Growth() {}

    /**
     * Bytes of the files below a folder, or below the one to which a link of its name leads.
     *
     * @param nameEnd of those alone whose names end so; "" for all, a store with its write-ahead log
     */
    public static Long bytes(Path folder, String nameEnd) {
        if (!Files.isDirectory(folder)) {
            return null;
        }
        Sum sum = new Sum(nameEnd);
        try {
            Files.walkFileTree(Folders.real(folder), sum);
            return sum.bytes;
        } catch (IOException changedMeanwhile) {
            return null;
        }
    }

    private static final class Sum extends SimpleFileVisitor<Path> {
        private final String nameEnd;
        private long bytes;

        Sum(String nameEnd) {
            this.nameEnd = nameEnd;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (Files.isRegularFile(file) && file.toString().endsWith(nameEnd)) {
                bytes += Files.size(file);
            }
            return FileVisitResult.CONTINUE;
        }

        /** At the root of a disk of its own lies a lost+found, which is root's alone. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof AccessDeniedException && file.endsWith("lost+found")) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    /** Resident memory of some processes together; null where one of them cannot be looked at. */
    public static Long residentBytes(Collection<Long> pids) {
        long sum = 0;
        for (long pid : pids) {
            OptionalLong bytes = ProcStatus.bytes(ProcessIdentity.folder(pid), "VmRSS");
            if (bytes.isEmpty()) {
                return null;
            }
            sum += bytes.getAsLong();
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
            } catch (IOException | DirectoryIteratorException goneOrNotOurs) {
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
