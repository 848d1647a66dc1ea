import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Each test has a soak in a folder with spaces, quotes and umlauts, and starts its frozen build as cron does. */
abstract class FrozenSoak extends NewSoak {
    @Override
    Setups made() throws IOException {
        return new Setups(folder, "Dauer lauf ü 'x'");
    }

    /** As cron starts things: nothing of the user's shell, and a HOME without any cache. */
    final Fork.Result underCron(String... command) throws IOException {
        Path home = Files.createDirectories(folder.resolve("empty home"));
        List<String> all = new ArrayList<>(
                List.of("env", "-i", "HOME=" + home, "PATH=/usr/bin:/bin", "LOGNAME=tester", "SHELL=/bin/sh"));
        all.addAll(List.of(command));
        Fork.Result result = Fork.run(all);
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of(), left.toList(), "nothing is cached, nothing fetched");
        }
        return result;
    }

    final String bin(String script) {
        return soak.dir.bin().resolve(script).toString();
    }
}
