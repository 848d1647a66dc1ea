import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree that the tests belong to. */
final class Project {
    private Project() {}

    /** @return a folder or file of the source tree; ./jbang says where that is, else it is the working directory */
    static Path folder(String path) {
        String source = System.getenv("SOAK_SOURCE_DIR");
        Path folder = Path.of(source == null ? "" : source).toAbsolutePath().resolve(path);
        if (!Files.exists(folder)) {
            throw new IllegalStateException(
                    folder + " does not exist: run the tests by ./jbang test, or in the project's folder");
        }
        return folder;
    }
}
