import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger does: clone, start a soak, point the old scripts' name at it. */
@Tag("slow")
class EndToEndCloneTest {
    @TempDir
    Path folder;

    @Test
    void a_fresh_clone_with_an_empty_home_and_a_bare_environment_starts_a_soak() throws Exception {
        Path source = SoakUnderTest.repository();
        assumeTrue(Files.exists(source.resolve(".git")), "not a git repository, so there is nothing to clone");
        Path clone = folder.resolve("clone");
        Path home = Files.createDirectory(folder.resolve("home"));
        assertEquals(
                0,
                Fork.run("git", "-c", "safe.directory=*", "clone", "-q", source.toString(), clone.toString())
                        .exit());

        try (SoakUnderTest soak = new SoakUnderTest(folder.resolve("soak"), home.toString())) {
            Fork.Result setup = soak.run(
                    "env",
                    "LANG=xx_YY.UTF-8",
                    clone.resolve("setup.java").toString(),
                    soak.dir.toString(), // a locale that no machine has
                    "--listen",
                    "127.0.0.1:" + Ports.free(),
                    "--metrics-listen",
                    "127.0.0.1:" + Ports.free(),
                    "--set",
                    "ROUND_INTERVAL_SECONDS=1");
            assumeTrue(!setup.err().contains("cannot fetch"), "no way to Maven Central from here: " + setup.err());
            assertEquals(0, setup.exit(), setup.out() + setup.err());
            assertEquals("ok", soak.lastSummary().get("health").asText());
            String commit = Fork.run("git", "-C", clone.toString(), "rev-parse", "--short=12", "HEAD")
                    .out()
                    .strip();
            assertTrue(
                    soak.lastSummary().get("harness_version").asText().endsWith("+" + commit),
                    soak.lastSummary().get("harness_version").asText());

            Path oldName =
                    Files.createSymbolicLink(folder.resolve("run_soak_val12_round.sh"), clone.resolve("round.java"));
            Fork.Result round = soak.run(oldName.toString(), soak.dir.toString());
            assertEquals(0, round.exit(), round.out() + round.err());
            assertEquals(2, soak.rounds().size());

            // What cron runs does not need the clone any more, nor what was fetched.
            Files.move(clone, folder.resolve("gone"));
            Files.move(home, folder.resolve("gone-home"));
            soak.round(0);
            assertEquals(3, soak.rounds().size());
            assertFalse(Files.exists(home), "nothing of a round is written into HOME");
        }
    }
}
