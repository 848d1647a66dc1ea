import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a soak in a folder with spaces, quotes and umlauts, and starts its frozen build as cron does. */
abstract class FrozenSoak {
    @TempDir
    Path folder;

    Setups soak;

    @BeforeEach
    final void newSoak() throws Exception {
        soak = new Setups(folder, "Dauer lauf ü 'x'");
    }

    @AfterEach
    final void stopIt() throws Exception {
        soak.close();
    }

    /** As cron starts things: nothing of the user's shell, and a HOME without any cache. */
    final Fork.Result underCron(String... command) throws IOException {
        Path home = Files.createDirectories(folder.resolve("empty home"));
        List<String> all = new ArrayList<>(
                List.of("env", "-i", "HOME=" + home, "PATH=/usr/bin:/bin", "LOGNAME=tester", "SHELL=/bin/sh"));
        all.addAll(List.of(command));
        Fork.Result result = Fork.run(Map.of(), all);
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of(), left.toList(), "nothing is cached, nothing fetched");
        }
        return result;
    }

    final String bin(String script) {
        return soak.dir.bin().resolve(script).toString();
    }
}
