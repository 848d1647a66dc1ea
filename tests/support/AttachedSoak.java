import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a soak of its own, on a foreign control plane that it did not start. */
abstract class AttachedSoak {
    /** Beside the soak, for its archives and what does not belong to it. */
    @TempDir
    Path scratch;

    /** The soak's own. */
    Path folder;

    RoundRig rig;

    @BeforeEach
    final void attach() throws IOException {
        folder = Files.createDirectory(scratch.resolve("soak"));
        rig = RoundRig.attached(folder);
    }

    @AfterEach
    final void detach() throws IOException {
        rig.close();
    }
}
