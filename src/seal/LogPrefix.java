package seal;

import base.PlainFile;
import base.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;

/**
 * What stood in a log when a round was sealed. A log may only grow, so its first bytes stay as they are.
 *
 * @param bytes how many of them
 */
record LogPrefix(long bytes, String sha256) {
    /** @return null if there is no such log */
    static LogPrefix of(Path log) throws IOException {
        try (DigestInputStream in = new DigestInputStream(PlainFile.open(log), Sha256.digest())) {
            long bytes = in.transferTo(OutputStream.nullOutputStream());
            return new LogPrefix(bytes, Sha256.hex(in.getMessageDigest()));
        } catch (NoSuchFileException absent) {
            return null;
        }
    }
}
