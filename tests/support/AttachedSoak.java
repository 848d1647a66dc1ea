import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a soak of its own, on a foreign control plane that it did not start. */
abstract class AttachedSoak {
    @TempDir
    Path folder;

    RoundRig rig;

    @BeforeEach
    final void attach() throws IOException {
        rig = RoundRig.attached(folder);
    }

    @AfterEach
    final void detach() throws IOException {
        rig.close();
    }
}
