package provision;

import base.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import soak.SoakDir;

/**
 * What a first setup has written, to be taken back where it ended before anything could be measured: an error of usage
 * or a full disk must leave the folder as it was, so that the same command, corrected, is again the first setup.
 */
public final class FirstWrites {
    private final SoakDir dir;
    private final boolean folderIsNew;
    private final Set<String> before = new TreeSet<>();

    /** To be made before the first write. */
    public FirstWrites(SoakDir dir) throws IOException {
        this.dir = dir;
        this.folderIsNew = !Files.exists(dir.root());
        if (!folderIsNew) {
            before.addAll(names());
        }
    }

    private Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(dir.root())) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }

    /** Takes back what was not there before. What cannot be deleted stays. */
    public void undo() {
        try {
            for (String name : names()) {
                if (!before.contains(name)) {
                    Folders.delete(dir.root().resolve(name));
                }
            }
            if (folderIsNew) {
                Files.deleteIfExists(dir.root());
            }
        } catch (IOException leftBehind) {
            // a folder that is not quite empty is a new one all the same
        }
    }
}
