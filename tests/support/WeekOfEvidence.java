import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Two soaks of a week, for commands that read one or compare both; no test changes them. */
abstract class WeekOfEvidence {
    @TempDir
    static Path folder;

    static Path soak;
    static Path older;

    @BeforeAll
    static void a_week_of_evidence() throws IOException {
        soak = folder.resolve("soak");
        older = folder.resolve("older");
        for (Path dir : List.of(soak, older)) {
            SoakFixture.in(dir).days(7).interval(7200).rounds(0, 7 * 12).write();
        }
    }
}
