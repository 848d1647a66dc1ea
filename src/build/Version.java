package build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * What runs: {@code NUMBER+<commit>}, with {@code .dirty} where the tree differed from the commit; the bare number
 * where no commit is known.
 */
public final class Version implements CommandLine.IVersionProvider {
    /**
     * The one place. CHANGELOG.md says what each number means for evidence and verdicts; its first heading is this one.
     */
    public static final String NUMBER = "2.0.0";
    /** The field of each report's JSON that says which version made it: the number alone, as for each commit of it. */
    public static final String FIELD = "report_version";
    /** System property that the start scripts of a frozen build set to the version that was frozen. */
    public static final String PROPERTY = "soak.version";

    /** What {@code --version} prints. */
    @Override
    public String[] getVersion() {
        return new String[] {current() + " (Java " + System.getProperty("java.version") + ")"};
    }

    public static String current() {
        String frozen = System.getProperty(PROPERTY);
        return frozen != null ? frozen : Built.VERSION;
    }

    /** Asked once: what runs does not change when the tree does. */
    private static final class Built {
        private static final String VERSION = built();
    }

    private static String built() {
        String source = System.getenv("SOAK_SOURCE_DIR"); // set by ./jbang
        if (source == null || !Files.exists(Path.of(source, ".git"))) {
            return NUMBER;
        }
        try {
            String commit = git(source, "rev-parse", "--short=12", "HEAD");
            boolean dirty = !git(source, "status", "--porcelain").isEmpty();
            return NUMBER + "+" + commit + (dirty ? ".dirty" : "");
        } catch (IOException noGit) {
            return NUMBER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NUMBER;
        }
    }

    private static String git(String source, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git", "-C", source));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        git.getOutputStream().close();
        try (InputStream out = git.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!git.waitFor(10, TimeUnit.SECONDS) || git.exitValue() != 0) {
                git.destroyForcibly();
                throw new IOException("git " + String.join(" ", arguments) + " failed");
            }
            return text;
        }
    }
}
