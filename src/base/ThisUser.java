package base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user as whom this process runs, by the owner of /proc/self: one whom the machine has no name for is one too. */
public final class ThisUser {
    private static final Path SELF = Path.of("/proc/self");

    private ThisUser() {}

    public static Object uid() throws IOException {
        return Files.getAttribute(SELF, "unix:uid");
    }

    /** The number, where there is no name, as in a container that runs as any user: Java's user.name is ? then. */
    public static String name() {
        try {
            return Files.getOwner(SELF).getName();
        } catch (IOException | UnsupportedOperationException unknown) {
            return System.getProperty("user.name");
        }
    }
}
