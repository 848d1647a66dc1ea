import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a folder in which setup begins a soak; what it started is ended. */
abstract class NewSoak {
    @TempDir
    Path folder;

    Setups soak;

    @BeforeEach
    final void newSoak() throws IOException {
        soak = made();
    }

    @AfterEach
    final void stopIt() throws IOException {
        soak.close();
    }

    Setups made() throws IOException {
        return new Setups(folder, "soak").sharingLibraries();
    }
}
