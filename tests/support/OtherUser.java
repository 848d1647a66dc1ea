import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Processes of a user whom the rights of files bind: root may read everything. */
final class OtherUser {
    private static final String NAME = "nobody";

    private OtherUser() {}

    /**
     * Skips the test where this process is neither root nor can become anybody else; a user who is not root stays who
     * he is.
     */
    static Fork.Result run(List<String> command) throws Exception {
        return run(id("-u"), command);
    }

    /** @param uid its number, which no name need have */
    static Fork.Result run(String uid, List<String> command) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become somebody else");
        Path classes = classPathFor();
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + id("-g"), "--clear-groups", "--"));
        command.forEach(word -> all.add(word.equals(System.getProperty("java.class.path")) ? classes + "/*" : word));
        try {
            return Fork.run(Map.of("LC_ALL", "C.UTF-8", "HOME", "/nonexistent"), all);
        } finally {
            try (var jars = Files.list(classes)) {
                jars.forEach(jar -> jar.toFile().delete());
            }
            Files.delete(classes);
        }
    }

    /** Skips the test where /proc is mounted so that a user sees no process of another, or none that hides itself. */
    static void assumeSeesOthers() throws IOException {
        assumeTrue(
                Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                        .noneMatch(mount -> mount.startsWith("proc /proc ") && mount.contains("hidepid=")),
                "/proc is mounted with hidepid here");
    }

    private static String id(String which) {
        return Fork.run("id", which, NAME).out().strip();
    }

    /** The jars, where the other user may read them: JBang's folder may be root's alone. */
    private static Path classPathFor() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "classes");
        int number = 0;
        for (String jar : System.getProperty("java.class.path").split(":")) {
            Files.copy(Path.of(jar), folder.resolve(number++ + ".jar"));
        }
        Fork.run("chmod", "-R", "a+rX", folder.toString());
        return folder;
    }
}
