import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What the page on evidence has a stranger do without this tool: its first script, with sha256sum and jq alone. */
final class ByHand {
    private ByHand() {}

    /** @return what it prints; skips the test where there is no jq */
    static List<String> check(Path soak) throws IOException {
        Assumptions.assumeTrue(Fork.run("sh", "-c", "command -v jq").exit() == 0, "no jq here");
        String page = Files.readString(Project.folder("docs/evidence.md"));
        String script = page.substring(page.indexOf("```bash\n") + 8);
        script = script.substring(0, script.indexOf("```")).replace("SOAK_DIR", soak.toString());
        return Fork.run("bash", "-c", script).out().lines().toList();
    }
}
