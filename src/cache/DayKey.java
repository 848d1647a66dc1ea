package cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import soak.Sha256;

/**
 * Which files a day's rounds have, without reading them: the name, the kind, the rights, the size, the inode and the
 * times of all. The system itself sets the time of a file's last change (ctime), so that nobody who alters a file can
 * make it look as before without the rights of root or another clock.
 *
 * @param sha256 of all that
 * @param changed when the last of them was
 */
record DayKey(String sha256, Instant changed) {
    /**
     * The clock of a file system ticks every few milliseconds: a file that was written twice within one tick looks the
     * same.
     */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final String ASKED = "unix:mode,size,ino,uid,gid,lastModifiedTime,ctime";

    /** Empty for a folder that cannot be looked through to its end. */
    static Optional<DayKey> of(Path date) {
        return of(date, Integer.MAX_VALUE);
    }

    /** The same of the folders of its rounds, without what is in them. */
    static Optional<DayKey> ofFolders(Path date) {
        return of(date, 1);
    }

    private static Optional<DayKey> of(Path date, int depth) {
        try {
            Walk walk = new Walk();
            walk.add(date, depth);
            return Optional.of(
                    new DayKey(HexFormat.of().formatHex(walk.digest.digest()), Instant.EPOCH.plusNanos(walk.changed)));
        } catch (IOException | DirectoryIteratorException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether whatever is written now will look different. */
    boolean isSettled(Instant now) {
        return Duration.between(changed, now).compareTo(SETTLED) > 0;
    }

    private static final class Walk {
        private static final int KIND = 0170000;
        private static final int FOLDER = 0040000;

        final MessageDigest digest = Sha256.digest();
        final ByteBuffer numbers = ByteBuffer.allocate(5 * Integer.BYTES + 4 * Long.BYTES);
        long changed;

        /** A month of a round a minute has half a million files: nothing is made into text here. */
        void add(Path path, int depth) throws IOException {
            Map<String, Object> is = Files.readAttributes(path, ASKED, LinkOption.NOFOLLOW_LINKS);
            byte[] name = path.getFileName().toString().getBytes(StandardCharsets.UTF_8);
            int mode = (int) is.get("mode");
            long ctime = nanos(is.get("ctime"));
            numbers.clear()
                    .putInt(name.length)
                    .putInt(mode)
                    .putInt((int) is.get("uid"))
                    .putInt((int) is.get("gid"))
                    .putLong((long) is.get("size"))
                    .putLong((long) is.get("ino"))
                    .putLong(nanos(is.get("lastModifiedTime")))
                    .putLong(ctime);
            digest.update(numbers.array(), 0, numbers.position());
            digest.update(name);
            changed = Math.max(changed, ctime);
            if ((mode & KIND) == FOLDER && depth > 0) {
                List<Path> children = new ArrayList<>();
                try (DirectoryStream<Path> listed = Files.newDirectoryStream(path)) {
                    listed.forEach(children::add);
                }
                Collections.sort(children);
                for (Path child : children) {
                    add(child, depth - 1);
                }
                digest.update((byte) FOLDER); // its end
            }
        }

        private static long nanos(Object time) {
            return ((FileTime) time).to(TimeUnit.NANOSECONDS);
        }
    }
}
