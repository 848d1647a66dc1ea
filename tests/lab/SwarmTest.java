import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Folders;
import base.Leftovers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** rehearse.java --swarm: seed after seed, the report held against the oracle. */
@Tag("slow")
class SwarmTest {
    private static final Pattern KEPT = Pattern.compile("  files: (\\S+soak-rehearsal-seed-(\\d+)-\\S+)");

    @TempDir
    Path folder;

    @Test
    void the_report_and_the_oracle_agree_on_twenty_seeds_of_two_days() {
        Fork.Result swarm = Fork.run(Fork.java("rehearse", "--swarm", "20", "--days", "2", "--interval", "3600"));
        assertEquals(Exit.OK, swarm.exit(), swarm.out() + swarm.err());
        assertTrue(swarm.out().matches("Swarm: 20 of 20 seeds played; 0 differ; [0-9.]+ per minute\n"), swarm.out());
        assertEquals("rehearse: 20 seeds from 1 to 20, 2 days each\n", swarm.err());
    }

    @Test
    void a_bug_in_one_check_is_found_and_its_seeds_are_named_and_their_folders_kept() throws Exception {
        String[] options = {"--swarm", "2", "--seed", "5", "--days", "1", "--interval", "3600"};
        Fork.Result wrong = Fork.run(withOneRoundTooMany(Fork.java("rehearse", options)));
        List<Path> kept = new ArrayList<>();
        try {
            Matcher files = KEPT.matcher(wrong.out());
            while (files.find()) {
                kept.add(Path.of(files.group(1)));
                String seed = files.group(2);
                assertTrue(
                        wrong.out()
                                .contains("Seed " + seed + ": VAL12-08 is FAIL, stated was PASS\n"
                                        + "  alone: ./rehearse.java --scenario random --seed " + seed
                                        + " --days 1 --interval 3600\n  files: "),
                        wrong.out());
                assertTrue(Files.exists(Path.of(files.group(1), "final-report.json")), wrong.out());
                Fork.Result alone = Fork.run(withOneRoundTooMany(Fork.java(
                        "rehearse",
                        "--scenario",
                        "random",
                        "--seed",
                        seed,
                        "--days",
                        "1",
                        "--interval",
                        "3600",
                        folder.resolve("alone-" + seed).toString())));
                assertEquals(Exit.BAD, alone.exit(), alone.err());
                assertTrue(alone.out().contains("NOT AS STATED: VAL12-08 is FAIL, stated was PASS"), alone.out());
            }
            assertEquals(Exit.BAD, wrong.exit(), wrong.out() + wrong.err());
            assertTrue(!kept.isEmpty() && kept.size() < 2, wrong.out());
            assertTrue(wrong.out().contains("Swarm: 2 of 2 seeds played; " + kept.size() + " differ; "), wrong.out());
        } finally {
            for (Path one : kept) {
                Folders.delete(one);
            }
        }
    }

    @Test
    void one_that_is_cut_off_tells_what_it_found_and_leaves_nothing_behind() throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process swarm = new ProcessBuilder(Fork.java("rehearse", "--swarm", "9999", "--days", "1"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            while (scratch(swarm.pid()).stream().noneMatch(SwarmTest::isBeingPlayed)) {
                assertTrue(swarm.isAlive(), () -> "it ended by itself");
                Thread.sleep(1);
            }
            swarm.destroy(); // SIGTERM; Ctrl-C's SIGINT takes the same way
            swarm.waitFor();
        } finally {
            swarm.destroyForcibly().waitFor();
        }
        assertEquals(List.of(), scratch(swarm.pid()));
        assertTrue(
                Files.readString(out)
                        .matches("Swarm: \\d+ of 9999 seeds played, then it was cut off; 0 differ; [0-9.]+ per"
                                + " minute\n"),
                Files.readString(out));
        assertEquals("rehearse: 9999 seeds from 1 to 9999, 1 day each\n", Files.readString(err));
    }

    @Test
    void what_a_killed_one_left_is_removed_by_the_next() throws Exception {
        Process swarm = new ProcessBuilder(Fork.java("rehearse", "--swarm", "9999", "--days", "1"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try {
            while (scratch(swarm.pid()).stream().noneMatch(SwarmTest::isBeingPlayed)) {
                assertTrue(swarm.isAlive(), () -> "it ended by itself");
                Thread.sleep(1);
            }
        } finally {
            swarm.destroyForcibly().waitFor(); // SIGKILL
        }
        assertEquals(1, scratch(swarm.pid()).size());
        assertEquals(
                0,
                Rehearsed.by("--swarm", "1", "--days", "1", "--interval", "3600")
                        .exit());
        assertEquals(List.of(), scratch(swarm.pid()));
    }

    /** Where a swarm may play: in memory, or where temporary files belong. */
    private static List<Path> scratch(long pid) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path parent : List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> all = Files.list(parent)) {
                    all.filter(f -> f.getFileName().toString().startsWith(Leftovers.SCRATCH + "swarm-" + pid + "-"))
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    private static boolean isBeingPlayed(Path scratch) {
        return Files.exists(scratch.resolve("1/rounds")) && Files.exists(scratch.resolve("1/cron.log"));
    }

    @Test
    void what_is_no_swarm_is_refused_in_one_sentence() {
        Map<String, String> refusals = Map.ofEntries(
                Map.entry("--swarm 0", "--swarm 0 is not a number of seeds: give 1 to 9999"),
                Map.entry("--swarm -3", "--swarm -3 is not a number of seeds: give 1 to 9999"),
                Map.entry("--swarm 10000", "--swarm 10000 is not a number of seeds: give 1 to 9999"),
                Map.entry("--swarm many", "--swarm many is not a whole number"),
                Map.entry("--swarm 2 --days 0", "--days 0 is not a length"),
                Map.entry("--swarm 2 --days 1 --interval 60", "give random an interval of 900 s or more"),
                Map.entry("--swarm 2 --scenario clean", "--swarm plays the scenario random, not clean"),
                Map.entry("--swarm 2 --all", "give one of them"),
                Map.entry("--swarm 2 --keep", "leave --keep out"),
                Map.entry("--swarm 2 " + folder, "leave " + folder + " out"),
                Map.entry("--swarm 2 --seed " + (Long.MAX_VALUE - 1), "leaves no room for 2 seeds"));
        refusals.forEach((line, sentence) -> {
            Rehearsed ended = Rehearsed.by(line.split(" "));
            assertEquals(Exit.USAGE, ended.exit(), line + ended.err());
            assertTrue(ended.err().contains(sentence), line + ": " + ended.err());
            assertEquals(1, ended.err().lines().count(), ended.err());
            assertFalse(ended.out().contains("Swarm"), ended.out());
        });
    }

    /** The same command with a check that divides by one round too many, so that all healthy ones are not enough. */
    private List<String> withOneRoundTooMany(List<String> command) throws IOException {
        Path jar = Path.of(rehearse.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Path copy = folder.resolve("with-a-bug.jar");
        if (!Files.exists(copy)) {
            Files.copy(jar, copy);
            try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + copy.toUri()), Map.of())) {
                Path check = zip.getPath("/sql/4-checks/VAL12-08-cp-availability.sql");
                String sql = Files.readString(check);
                String bug =
                        sql.replace("(f.healthy_rounds, f.total_rounds,", "(f.healthy_rounds, f.total_rounds + 1,");
                assertFalse(bug.equals(sql), sql);
                Files.writeString(check, bug);
            }
        }
        return command.stream()
                .map(word -> Arrays.stream(word.split(":"))
                        .map(entry -> entry.equals(jar.toString()) ? copy.toString() : entry)
                        .collect(Collectors.joining(":")))
                .toList();
    }
}
