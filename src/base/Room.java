package base;

import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Room on a soak's disk: what a report takes there, rounds cannot write, and a round that cannot write is lost. */
public final class Room {
    /** Kept for the rounds to come, the control plane's growth included: a day of both takes less. */
    public static final long FOR_ROUNDS = 16L << 20;
    /** What each report unpacks and has mapped until it ends: DuckDB's library, 57 MB in version 1.4.4. */
    public static final long FOR_REPORTS = 60L << 20;

    private static final int LOOK_EVERY_BYTES = 1 << 20;
    private static final int MIB_BITS = 20;

    private Room() {}

    /**
     * Bytes that are free where a file or folder is; empty where its file system tells no size, as a tmpfs without a
     * limit and some network file systems do: their 0 is no measure.
     */
    public static OptionalLong free(Path there) {
        File file = there.toFile(); // a FileStore needs the mount, which a chroot does not list
        long free = file.getUsableSpace();
        return free == 0 && file.getTotalSpace() == 0 ? OptionalLong.empty() : OptionalLong.of(free);
    }

    /** Whether what one of them takes is gone for the other. */
    public static boolean isOneDisk(Path one, Path other) throws IOException {
        return Mounts.device(one).equals(Mounts.device(other));
    }

    /**
     * Bytes that may be written below a folder: all that are free there, but on the soak's disk without the rounds'
     * share.
     *
     * @param soak the soak's folder, or one below it
     * @return below 0 where rounds have too little already; the largest number where nothing can be found out
     */
    public static long left(Path folder, Path soak) {
        try {
            Path there = Folders.existing(folder);
            boolean shared = isOneDisk(there, Folders.existing(soak));
            OptionalLong free = free(there);
            return free.isEmpty() ? Long.MAX_VALUE : free.getAsLong() - (shared ? FOR_ROUNDS : 0);
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * @param what takes the room, as the subject of a sentence
     * @param remedy what to do besides freeing space, "" for nothing
     * @throws Failure exit 70
     */
    public static void require(Path folder, Path soak, long bytes, String what, String remedy) {
        long left = left(folder, soak);
        if (left < bytes) {
            throw Failure.failed(what + " takes " + mib(bytes) + " MiB in " + folder + ", which has "
                    + mib(Math.max(0, left)) + " MiB to spare beside the " + mib(FOR_ROUNDS)
                    + " MiB that stay free for the soak's rounds: free some space"
                    + (remedy.isEmpty() ? "" : ", or " + remedy));
        }
    }

    private static long mib(long bytes) {
        return bytes + (1 << MIB_BITS) - 1 >> MIB_BITS;
    }

    /** A stream into a folder that ends with an error before the rounds' share is touched. */
    public static OutputStream guarded(OutputStream out, Path folder, Path soak) {
        return new FilterOutputStream(out) {
            private long untilLook;

            @Override
            public void write(int b) throws IOException {
                look(1);
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                look(count);
                out.write(bytes, from, count);
            }

            private void look(int count) throws IOException {
                untilLook -= count;
                if (untilLook < 0) {
                    untilLook = LOOK_EVERY_BYTES;
                    if (left(folder, soak) < LOOK_EVERY_BYTES) {
                        throw new IOException("no room is left beside the " + mib(FOR_ROUNDS)
                                + " MiB that stay free for the soak's rounds");
                    }
                }
            }
        };
    }
}
