package soak;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What this very process runs from. */
public final class OwnBuild {
    private OwnBuild() {}

    /** Its class path, absolute. */
    public static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .toList();
    }

    /** The jar of our own classes; all others of the class path are libraries. */
    public static Path jar() {
        try {
            return Path.of(OwnBuild.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath()
                    .normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it is the build that setup froze into this soak, by whatever links the folder is reached. */
    public static boolean isFrozenIn(SoakDir dir) {
        Path lib = real(dir.bin().resolve("lib"));
        return classPath().stream().allMatch(entry -> real(entry).startsWith(lib));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException absent) {
            return path.toAbsolutePath().normalize();
        }
    }
}
