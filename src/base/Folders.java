package base;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Whole folders. */
public final class Folders {
    private Folders() {}

    /**
     * Where something is, which may be reached by links: a folder may be one to another disk, and a walk follows none.
     */
    public static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException goneOrForbidden) {
            return path.toAbsolutePath().normalize();
        }
    }

    /** The folder itself, or the nearest one above it that is there. */
    public static Path existing(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    /**
     * Makes a folder and those above it, where they are not there.
     *
     * @param name what it is, in a sentence
     * @throws Failure exit 70, with the reason and this remedy
     */
    public static void make(Path folder, String name, String remedy) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw Failure.failed(name + " cannot be created (" + Why.of(e, folder) + "): " + remedy, e);
        }
    }

    /** Refuses to go on where the JVM would garble file names: a path beyond ASCII needs a UTF-8 locale. */
    public static void requireReadableName(String argument) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (argument.indexOf('\uFFFD') >= 0
                || !Charset.forName(encoding).newEncoder().canEncode(argument)) {
            throw Failure.usage("the folder name " + argument + " cannot be read in this locale (" + encoding
                    + "): set LC_ALL=C.UTF-8, or use ./jbang, which does");
        }
    }

    /** Removes a file, or a folder with all that is in it; a link is removed, what it leads to stays. */
    public static void delete(Path folder) throws IOException {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE; // somebody else was faster
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failed) throws IOException {
                    if (failed != null) {
                        throw failed;
                    }
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException gone) {
            // then there is nothing to remove
        }
    }
}
