package workload;

import base.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import process.Growth;
import settings.Config;
import soak.SoakDir;

/**
 * Whether what the control plane writes fills the disk of SOAK_DIR before the soak ends. Nobody rotates cp.log, and a
 * full disk costs each round from then on: who is told a week before can still act.
 */
public final class DiskOutlook {
    /** What was written in less time says little of a month. */
    private static final Duration LEAST = Duration.ofHours(6);

    private static final Duration AHEAD = Duration.ofDays(7);
    private static final int MIB_BITS = 20;

    private DiskOutlook() {}

    /** By the mean pace since the soak began; empty where nothing can be said. */
    public static Optional<String> warning(Config config, Instant now) {
        SoakDir dir = config.dir();
        double seconds = Duration.between(config.startedAt(), now).toSeconds();
        if (config.rehearsal() || seconds < LEAST.toSeconds()) {
            return Optional.empty();
        }
        try {
            OptionalLong free = Room.free(dir.root());
            long log = bytes(dir, dir.cpLog());
            long data = bytes(dir, dir.cpData()) + bytes(dir, config.auditDir());
            if (free.isEmpty() || log + data == 0) {
                return Optional.empty();
            }
            double left = free.getAsLong() / ((log + data) / seconds);
            Instant full = now.plusSeconds((long) Math.min(left, AHEAD.toSeconds()));
            if (left >= AHEAD.toSeconds() || !full.isBefore(config.schedule().end())) {
                return Optional.empty();
            }
            return Optional.of("at the pace so far the disk of SOAK_DIR is full by "
                    + full.atOffset(ZoneOffset.UTC).toLocalDate() + ", and no round is recorded on a full disk: "
                    + mib(free.getAsLong()) + " are free, cp.log has " + mib(log)
                    + ", and the data and audit records of the control plane " + mib(data)
                    + ". Free space or have it log less; cp.log may be emptied while it runs (: >cp.log)");
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    /** On the disk of SOAK_DIR: what a link leads to may lie on another. */
    private static long bytes(SoakDir dir, Path there) throws IOException {
        if (!Files.exists(there)) {
            return 0;
        }
        if (!Room.isOneDisk(there, dir.root())) {
            return 0;
        }
        Long bytes = Files.isDirectory(there) ? Growth.bytes(there, "") : (Long) Files.size(there);
        return bytes == null ? 0 : bytes;
    }

    private static String mib(long bytes) {
        return (bytes >> MIB_BITS) + " MiB";
    }
}
