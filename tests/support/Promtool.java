import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus' own checker, where the machine has it: Debian's package prometheus; .ci/run fetches it. */
final class Promtool {
    private Promtool() {}

    /** Skips the test where there is none. */
    static Fork.Result run(Path stdin, String... args) {
        Path promtool = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(promtool != null, "there is no promtool on the PATH");
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "in=$1; shift; exec \"$@\" <\"$in\"",
                "sh",
                stdin == null ? "/dev/null" : stdin.toString(),
                promtool.toString()));
        command.addAll(List.of(args));
        return Fork.run(command);
    }
}
