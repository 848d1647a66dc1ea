package evidence;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import soak.RoundFiles;

/**
 * The names in a round's folder, by one listing: most of the files that a round may write are absent, and to ask for
 * each of them costs more than to read those that are there.
 *
 * @param names null where the folder may not be listed: then each file is asked for
 */
record RoundNames(Set<String> names) {
    static RoundNames of(Path round) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(round)) {
            Set<String> names = new HashSet<>();
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
            return new RoundNames(names);
        } catch (IOException | DirectoryIteratorException unlisted) {
            return new RoundNames(null);
        }
    }

    boolean hold(String file) {
        return names == null || names.contains(file);
    }

    /** Whether the file is there, compressed or not. */
    boolean holdStored(String file) {
        return hold(file) || hold(file + RoundFiles.GZIPPED);
    }
}
