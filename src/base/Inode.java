package base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which folder it is, by the number that its file system gave it. An archive that is unpacked gets another one,
 * whatever its files say and wherever it lies.
 */
public final class Inode {
    private Inode() {}

    /** Empty where the system tells none. */
    public static Optional<String> of(Path folder) {
        try {
            return Optional.of(Files.getAttribute(folder, "unix:ino").toString());
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}
