package seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import soak.PlainFile;
import soak.Sha256;

/**
 * What stood in a log when a round was sealed. A log may only grow, so its first bytes stay as they are.
 *
 * @param bytes how many of them
 */
record LogPrefix(long bytes, String sha256) {
    private static final int BUFFER = 1 << 16;

    /** @return null if there is no such log */
    static LogPrefix of(Path log) throws IOException {
        MessageDigest digest = Sha256.digest();
        long bytes = 0;
        try (InputStream in = PlainFile.open(log)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                bytes += n;
            }
        } catch (NoSuchFileException absent) {
            return null;
        }
        return new LogPrefix(bytes, HexFormat.of().formatHex(digest.digest()));
    }
}
