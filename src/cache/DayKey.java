package cache;

import base.Sha256;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which files a day's rounds have, without reading them: the name, the kind, the rights, the size, the inode and the
 * times of all. The system itself sets the time of a file's last change (ctime), so that nobody who alters a file can
 * make it look as before without the rights of root or another clock.
 *
 * @param sha256 of all that
 * @param changed when the last of them was
 * @param taken when this was found out
 */
record DayKey(String sha256, Instant changed, Instant taken) {
    /**
     * The clock of a file system ticks every few milliseconds: a file that was written twice within one tick looks the
     * same.
     */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final String ASKED = "unix:mode,size,ino,uid,gid,lastModifiedTime,ctime";

    /**
     * Empty for a folder that cannot be looked through to its end, or has a link in it: what that leads to changes
     * without it, and a round writes none.
     */
    static Optional<DayKey> of(Path date) {
        Instant began = Instant.now();
        try {
            Walk walk = new Walk();
            walk.add(date);
            return Optional.of(new DayKey(Sha256.hex(walk.digest), Instant.EPOCH.plusNanos(walk.changed), began));
        } catch (IOException | DirectoryIteratorException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether whatever was written since looks different. */
    boolean isSettled() {
        return Duration.between(changed, taken).compareTo(SETTLED) > 0;
    }

    private static final class Walk {
        private static final int KIND = 0170000;
        private static final int FOLDER = 0040000;
        private static final int LINK = 0120000;

        final MessageDigest digest = Sha256.digest();
        final ByteBuffer numbers = ByteBuffer.allocate(5 * Integer.BYTES + 4 * Long.BYTES);
        long changed;

        /** A month of a round a minute has half a million files: nothing is made into text here. */
        void add(Path path) throws IOException {
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
            if ((mode & KIND) == LINK) {
                throw new IOException(path + " is a link");
            }
            if ((mode & KIND) == FOLDER) {
                List<Path> children = new ArrayList<>();
                try (DirectoryStream<Path> listed = Files.newDirectoryStream(path)) {
                    listed.forEach(children::add);
                }
                Collections.sort(children);
                for (Path child : children) {
                    add(child);
                }
                digest.update((byte) FOLDER); // its end
            }
        }

        private static long nanos(Object time) {
            return ((FileTime) time).to(TimeUnit.NANOSECONDS);
        }
    }
}
