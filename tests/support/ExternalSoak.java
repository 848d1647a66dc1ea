import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import process.ProcessIdentity;

/** Each test has a soak of its own, which starts a foreign control plane by itself. */
abstract class ExternalSoak {
    @TempDir
    Path folder;

    RoundRig rig;

    @BeforeEach
    final void begin() throws IOException {
        rig = RoundRig.external(folder);
    }

    @AfterEach
    final void end() throws IOException {
        rig.close();
    }

    ProcessIdentity identity() {
        return rig.controlPlane().identity().orElseThrow();
    }
}
