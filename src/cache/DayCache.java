package cache;

import base.Durable;
import base.Room;
import base.Sha256;
import base.ThisUser;
import build.OwnBuild;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * What reports made of a day's rounds once that day was over, kept in {@code SOAK_DIR/cache} so that the next report
 * need not read every file of a month again. It may be deleted at any time, and no figure depends on it: what is kept
 * counts only for the files that it was made from ({@link DayKey}) and for the program that made it. Where something is
 * amiss with it, it is passed over in silence and made anew; where it cannot be written, nothing is kept.
 *
 * <p>Whoever looks for forgeries, as {@code --type verify} does, goes without ({@link #NONE}).
 */
public final class DayCache {
    /** Reads everything from the files, and keeps nothing. */
    public static final DayCache NONE = new DayCache(null, "", false, "");

    private static final byte[] MAGIC = "soak day cache 1\n".getBytes(StandardCharsets.UTF_8);
    private static final Duration OLD = Duration.ofMinutes(10);
    private static final int MOST_BYTES = 64 << 20;

    private final SoakDir dir;
    private final String newest;
    private final boolean keeps;
    private final String program;
    private final Map<Path, Optional<DayKey>> keys = new ConcurrentHashMap<>();

    private DayCache(SoakDir dir, String newest, boolean keeps, String program) {
        this.program = program;
        this.dir = dir;
        this.newest = newest;
        this.keeps = keeps;
    }

    /**
     * Of a soak; none where nothing is written into its folder, or the cache is a link to elsewhere, and none of a
     * rehearsal, whose folder is a function of its seed.
     */
    public static DayCache of(Config config) {
        return of(config, true);
    }

    /** The same for whoever writes nothing. */
    public static DayCache asItIs(Config config) {
        return of(config, false);
    }

    private static DayCache of(Config config, boolean keeps) {
        SoakDir dir = config.dir();
        if (config.rehearsal()
                || dir.scratch() == null
                || Files.exists(dir.cache(), LinkOption.NOFOLLOW_LINKS) && !isOurs(dir.cache())) {
            return NONE;
        }
        try {
            String newest = RoundFiles.children(dir.rounds()).stream()
                    .filter(RoundFiles::isDate)
                    .map(date -> date.getFileName().toString())
                    .reduce("", (a, b) -> b); // they come by name
            return new DayCache(dir, newest, keeps, program());
        } catch (IOException unreadable) {
            return NONE;
        }
    }

    /** What is made of the files of a date; null for what is not to be kept. */
    public interface Making {
        byte[] make() throws IOException;
    }

    /**
     * What {@code making} makes of the files of a date, or made of the very same; empty where it is not kept: of a day
     * whose rounds may yet come, of a folder that cannot be looked through.
     *
     * @param date the folder of its rounds
     * @param what is made, a word that is part of a file's name
     */
    public Optional<byte[]> kept(Path date, String what, Making making) throws IOException {
        boolean isOver = dir != null && date.getFileName().toString().compareTo(newest) < 0;
        DayKey key = isOver ? keys.computeIfAbsent(date, DayKey::of).orElse(null) : null;
        if (key == null) {
            return Optional.empty();
        }
        Path file = dir.cache().resolve(date.getFileName() + "." + what);
        byte[] head = head(what, key);
        byte[] kept = read(file, head);
        if (kept == null) {
            kept = making.make();
            if (kept != null && keeps && key.isSettled()) {
                write(file, head, kept);
            }
        }
        return Optional.ofNullable(kept);
    }

    /** What made a file: our own jar, the libraries by their names, and Java. */
    private static String program() throws IOException {
        Path own = OwnBuild.jar();
        return Sha256.of(own.getFileName() + " " + Files.size(own) + " " + Files.getLastModifiedTime(own) + " "
                + OwnBuild.classPath() + " " + System.getProperty("java.version"));
    }

    /** By which a file is known for what is asked for: the program, the date's files, and what was made of them. */
    private byte[] head(String what, DayKey key) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(head)) {
            out.write(MAGIC);
            out.writeUTF(program);
            out.writeUTF(what);
            out.writeUTF(key.sha256());
        }
        return head.toByteArray();
    }

    /** @return null where there is nothing of use */
    private static byte[] read(Path file, byte[] head) {
        try {
            if (!isOurs(file) || Files.size(file) > MOST_BYTES) {
                return null;
            }
            try (InputStream opened = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                    DataInputStream in = new DataInputStream(opened)) {
                if (!Arrays.equals(in.readNBytes(head.length), head)) {
                    return null;
                }
                long sum = in.readLong();
                byte[] kept = in.readAllBytes();
                return sum == sum(kept) ? kept : null;
            }
        } catch (IOException gone) {
            return null;
        }
    }

    /** A file that another user wrote may say anything, and its owner may be another than that of the evidence. */
    private static boolean isOurs(Path file) {
        try {
            Map<String, Object> is = Files.readAttributes(file, "unix:uid,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
            return !(boolean) is.get("isSymbolicLink") && is.get("uid").equals(ThisUser.uid());
        } catch (IOException | UnsupportedOperationException absent) {
            return false;
        }
    }

    /** Not synced: what a power cut damages has another sum, and is made anew. */
    private void write(Path file, byte[] head, byte[] kept) {
        Path temporary = null;
        try {
            if (Room.left(dir.cache(), dir.root()) < kept.length) {
                return;
            }
            Files.createDirectories(dir.cache());
            removeLeft();
            temporary = Files.createTempFile( // which no other user may read: it holds what those files hold
                    dir.cache(), file.getFileName().toString(), Durable.TEMPORARY);
            try (DataOutputStream out =
                    new DataOutputStream(Files.newOutputStream(temporary, StandardOpenOption.WRITE))) {
                out.write(head);
                out.writeLong(sum(kept));
                out.write(kept);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException noRoomOrRight) {
            delete(temporary);
        }
    }

    /** What a process left that was killed while it wrote: no write takes so long. */
    private void removeLeft() throws IOException {
        Instant old = Instant.now().minus(OLD);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(dir.cache(), "*" + Durable.TEMPORARY)) {
            for (Path file : left) {
                if (isOlder(file, old)) {
                    delete(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Of a file that is no longer there: no, for whoever writes another date may have renamed it or removed it. */
    private static boolean isOlder(Path file, Instant than) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(than);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void delete(Path temporary) {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException readOnly) {
            // then it stays
        }
    }

    private static long sum(byte[] kept) {
        CRC32C sum = new CRC32C();
        sum.update(kept);
        return sum.getValue();
    }
}
