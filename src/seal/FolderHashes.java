package seal;

import base.Durable;
import base.Sha256;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;
import soak.RoundFiles;

/**
 * The files of a round's folder by their names below it, each with its SHA-256. Where there is none to take, the value
 * says why: a link is not followed, since what it leads to is not where the round wrote. Scratch ({@code *.tmp}) is no
 * evidence and is passed over.
 */
final class FolderHashes {
    static final String LINK = "a link";
    static final String NO_FILE = "neither a file nor a folder";
    static final String UNREADABLE = "unreadable";
    /** Nobody reads it (see {@link RoundFiles#LARGEST_BYTES}), and whoever looked at the rest would wait for it. */
    static final String LARGE = "larger than " + (RoundFiles.LARGEST_BYTES >> 20) + " MiB";

    private FolderHashes() {}

    /** All but the summary, which holds the others' hashes. */
    static SortedMap<String, String> withoutSummary(Path folder) throws IOException {
        return of(folder, false);
    }

    static SortedMap<String, String> all(Path folder) throws IOException {
        return of(folder, true);
    }

    private static SortedMap<String, String> of(Path folder, boolean withSummary) throws IOException {
        SortedMap<String, String> hashes = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = folder.relativize(file).toString();
                if (!name.endsWith(Durable.TEMPORARY) && (withSummary || !name.equals(RoundFiles.SUMMARY))) {
                    hashes.put(name, value(file, attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (file.equals(folder)) {
                    throw e;
                }
                hashes.put(folder.relativize(file).toString(), UNREADABLE);
                return FileVisitResult.CONTINUE;
            }
        });
        return hashes;
    }

    private static String value(Path file, BasicFileAttributes attributes) {
        if (!attributes.isRegularFile()) {
            return attributes.isSymbolicLink() ? LINK : NO_FILE;
        }
        try {
            return hash(file, attributes.size());
        } catch (IOException e) {
            return UNREADABLE;
        }
    }

    /**
     * The same of one file.
     *
     * @return null if there is none
     */
    static String of(Path file) {
        try {
            return hash(file, Files.size(file));
        } catch (NoSuchFileException absent) {
            return null;
        } catch (IOException e) {
            return UNREADABLE;
        }
    }

    private static String hash(Path file, long size) throws IOException {
        return size > RoundFiles.LARGEST_BYTES ? LARGE : Sha256.of(file);
    }
}
