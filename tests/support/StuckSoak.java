import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a soak with the plans of one round, which may get stuck, and a CLI that answers 0 and does nothing. */
abstract class StuckSoak extends AttachedSoak {
    static final String FIRST_PLAN = "soak-1790812800-01"; // of the round at 00:00

    @BeforeEach
    final void make_plans() throws IOException {
        rig.with("AUTONOMY_CLI", script("exit 0"));
        rig.round(); // at 00:00
    }

    String script(String what) throws IOException {
        Path script = folder.resolve("a-cli");
        Files.writeString(script, "#!/bin/sh\n" + what + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"))
                .toString();
    }

    static String at(String time) {
        return "\"2026-10-01T" + time + "Z\"";
    }
}
