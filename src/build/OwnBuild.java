package build;

import base.Folders;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

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

    /** What of it is gone or no jar any more: with it go classes, and Java names these alone. */
    public static List<Path> broken() {
        return classPath().stream()
                .filter(entry -> !Files.isDirectory(entry) && !isJar(entry))
                .toList();
    }

    private static boolean isJar(Path file) {
        try (ZipFile jar = new ZipFile(file.toFile())) {
            return jar.size() > 0;
        } catch (IOException missingOrCut) {
            return false;
        }
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

    /** Whether it is the build that setup froze into this bin/ of a soak, by whatever links the folder is reached. */
    public static boolean isFrozenIn(Path bin) {
        Path lib = Folders.real(bin.resolve("lib"));
        return classPath().stream().allMatch(entry -> Folders.real(entry).startsWith(lib));
    }
}
