import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.nio.file.Path;
import lab.controlplane.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has an embedded control plane of its own, on a clock that it sets; its log must stay empty. */
abstract class ServedControlPlane {
    @TempDir
    Path folder;

    final StringWriter log = new StringWriter();
    final ControlPlanes.SetTime time = new ControlPlanes.SetTime("2026-10-01T00:00:00Z");
    Server server;
    ControlPlanes.Client client;

    @BeforeEach
    final void serve() throws Exception {
        server = new Server(ControlPlanes.settings(folder, time, log)).start();
        client = new ControlPlanes.Client(server.port());
    }

    @AfterEach
    final void end() {
        server.close();
        assertEquals("", log.toString());
    }
}
