import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reviewer has: the archive, and a clone of the public source on another machine. */
@Tag("slow")
class ReviewerTest {
    @TempDir
    Path folder;

    /** With JBang and the libraries as they were fetched; what is built is the clone's own. */
    private List<String> builder(Path clone) throws IOException {
        Path built = Files.createDirectories(clone.resolveSibling(clone.getFileName() + " built"));
        shell("[ -e \"$2/launcher\" ] || cp -R \"$1/launcher\" \"$2\"", System.getenv("JBANG_DIR"), built.toString());
        return List.of("JBANG_DIR=" + built, "JBANG_REPO=" + System.getenv("JBANG_REPO"));
    }

    private Path clone(String place, String umask) throws IOException {
        Path clone = folder.resolve(place);
        Files.createDirectories(clone.getParent());
        shell(
                "umask " + umask + "; git -c safe.directory='*' clone -q \"$1\" \"$2\"",
                SoakUnderTest.repository().toString(),
                clone.toString());
        return clone;
    }

    private static String shell(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(arguments));
        Fork.Result ran = Fork.run(command);
        assertEquals(0, ran.exit(), script + ": " + ran.out() + ran.err());
        return ran.out();
    }

    private Fork.Result setUp(SoakUnderTest soak, Path clone, String umask) throws IOException {
        Fork.Result ran = soak.run(
                builder(clone),
                "sh",
                "-c",
                "umask " + umask + "; exec \"$@\"",
                "sh",
                clone.resolve("setup.java").toString(),
                soak.dir.toString(),
                "--listen",
                "127.0.0.1:" + Ports.free(),
                "--metrics-listen",
                "127.0.0.1:" + Ports.free(),
                "--set",
                "ROUND_INTERVAL_SECONDS=1");
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        return ran;
    }

    @Test
    void from_the_archive_and_a_clone_alone_the_build_is_made_again_and_the_verdict_too() throws Exception {
        assumeTrue(Files.exists(SoakUnderTest.repository().resolve(".git")), "not a git repository");
        Path home = Files.createDirectory(folder.resolve("home"));
        Path owners = clone("owner/clone", "022");
        Path theirs = clone("another machine/a deeper/place", "077");
        String commit = shell("git -C \"$1\" rev-parse --short=12 HEAD", theirs.toString())
                .strip();
        Path archive = folder.resolve("another machine/archive.tar.gz");
        try (SoakUnderTest soak = new SoakUnderTest(folder.resolve("owner/soak"), home.toString());
                SoakUnderTest again = new SoakUnderTest(folder.resolve("another machine/soak"), home.toString())) {
            setUp(soak, owners, "022");
            soak.round(0);
            Fork.Result report = soak.frozen("report", "--type", "final", "--archive");
            assertEquals(10, report.exit(), "a soak of some seconds is incomplete: " + report.err());
            namesBoth(report.out(), soak, commit);
            Files.move(
                    folder.resolve("owner")
                            .resolve(soak.json("final-report.json")
                                    .get("archive")
                                    .asText()),
                    archive);

            setUp(again, theirs, "077");
            assertEquals(soak.text("bin/SHA256SUMS"), again.text("bin/SHA256SUMS"), "the same commit, the same build");
            Path jar = ownJar(soak.dir);
            assertArrayEquals(
                    Files.readAllBytes(jar),
                    Files.readAllBytes(again.dir.resolve("bin/lib").resolve(jar.getFileName())));

            judgesAgain(archive, theirs, soak, commit);
        }
        Files.move(folder.resolve("owner"), folder.resolve("gone"));
        scriptsOfAnArchive(archive, home);
    }

    private static Path ownJar(Path soak) throws IOException {
        try (Stream<Path> jars = Files.list(soak.resolve("bin/lib"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("setup-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void namesBoth(String text, SoakUnderTest soak, String commit) throws Exception {
        String jar = Sha256.of(ownJar(soak.dir));
        String sums = Sha256.of(soak.dir.resolve("bin/SHA256SUMS"));
        JsonNode report = soak.json("final-report.json");
        assertEquals(commit, report.at("/judging_build/commit").asText());
        assertEquals(jar, report.at("/judging_build/jar_sha256").asText());
        assertEquals(
                1,
                report.get("measuring_builds").size(),
                report.get("measuring_builds").toString());
        assertEquals(commit, report.at("/measuring_builds/0/commit").asText());
        assertEquals(sums, report.at("/measuring_builds/0/build_sha256").asText());
        assertEquals(2, report.at("/measuring_builds/0/rounds").asInt());
        assertEquals(jar, report.at("/frozen_build/jar_sha256").asText());
        JsonNode tested = soak.json("final-report.intoto.json").at("/subject/0");
        assertEquals(
                ownJar(soak.dir).getFileName().toString(), tested.get("name").asText());
        assertEquals(jar, tested.at("/digest/sha256").asText(), "the control plane that ran is this very build");
        assertTrue(tested.at("/annotations/version").asText().endsWith("+" + commit), tested.toString());
        String page = soak.text("final-report.html");
        for (String told : List.of(text, page)) {
            assertTrue(told.contains("commit " + commit) && told.contains(jar) && told.contains(sums), told);
            assertTrue(told.contains("git checkout " + commit) && told.contains("--type verify"), told);
        }
    }

    /** The commands of ARCHIVE-README.txt as they stand there. */
    private void judgesAgain(Path archive, Path clone, SoakUnderTest soak, String commit) throws Exception {
        String readme = shell("tar -xzOf \"$1\" soak/ARCHIVE-README.txt", archive.toString());
        String name = soak.json("final-report.json").get("archive").asText();
        Files.move(archive, clone.resolveSibling(name));
        String commands = String.join(
                "\n", readme.lines().filter(line -> line.startsWith("  ")).toList());
        assertTrue(commands.startsWith("  git checkout " + commit + "\n  ./report.java ../" + name), readme);
        Fork.Result judged = soak.run(builder(clone), "sh", "-ec", "cd \"$0\"\n" + commands, clone.toString());
        assertEquals(0, judged.exit(), judged.out() + judged.err());
        assertTrue(judged.out().contains("\njudged again, as of "), judged.out());
        Files.move(clone.resolveSibling(name), archive);
    }

    private void scriptsOfAnArchive(Path archive, Path home) throws Exception {
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        shell("tar -xzf \"$1\" -C \"$2\" && chmod -R a-w \"$2\"", archive.toString(), unpacked.toString());
        String before = Listing.of(unpacked);
        try (Stream<Path> scripts = Files.list(unpacked.resolve("soak/bin"))) {
            for (Path script : scripts.filter(Files::isExecutable)
                    .filter(Files::isRegularFile)
                    .toList()) {
                List<String> bare = new ArrayList<>(SoakUnderTest.bare(home.toString()));
                bare.add(script.toString());
                Fork.Result ran = Fork.run(bare);
                assertTrue(List.of(64, 127).contains(ran.exit()), script + ": " + ran.out() + ran.err());
                assertEquals(1, ran.err().lines().count(), ran.err());
            }
        }
        assertEquals(before, Listing.of(unpacked));
        shell("chmod -R u+w \"$1\"", unpacked.toString());
    }
}
