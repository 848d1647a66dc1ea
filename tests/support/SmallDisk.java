import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of the test's own, of a size that it can fill; only root may mount one. */
final class SmallDisk implements AutoCloseable {
    private final Path at;

    private SmallDisk(Path at) {
        this.at = at;
    }

    /** @param options of tmpfs(5), such as size=1m */
    static SmallDisk mount(Path at, String options) throws Exception {
        Files.createDirectories(at);
        assumeTrue(
                sh("mount", "-t", "tmpfs", "-o", options, "soak-test", at.toString()) == 0,
                "a small file system can only be mounted by root");
        return new SmallDisk(at);
    }

    Path at() {
        return at;
    }

    static int sh(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Override
    public void close() throws Exception {
        assertEquals(
                0,
                sh("umount", "--lazy", at.toString()),
                "a process that was just killed may hold a file for another moment");
    }
}
