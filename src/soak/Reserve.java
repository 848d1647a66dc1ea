package soak;

import base.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A few blocks of disk kept aside, so that on a full disk a round can still say that the disk is full: without its
 * summary it would look like one that was killed.
 */
public final class Reserve {
    private static final int BYTES = 128 * 1024;

    private final Path file;

    public Reserve(SoakDir dir) {
        this.file = dir.root().resolve("reserve");
    }

    /** Fills it, where it was used or never made. On a full disk it stays away: the round itself will say so. */
    public void fill() {
        try {
            if (!Files.exists(file) || Files.size(file) < BYTES) {
                byte[] noise = new byte[BYTES]; // zeros would be stored as nothing by a file system that compresses
                new Random(BYTES).nextBytes(noise);
                Durable.write(file, noise);
            }
        } catch (IOException full) {
            // nothing to keep aside any more
        }
    }

    /** @return whether there was anything to give back */
    public boolean release() {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException readOnly) {
            return false;
        }
    }
}
