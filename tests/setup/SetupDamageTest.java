import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Exit;
import base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A folder that has lost something is not a new one, and a disk that is full leaves nothing half. */
@Tag("slow")
class SetupDamageTest extends NewSoak {
    private Path mounted;

    @AfterEach
    void unmount() throws Exception {
        soak.close(); // while its disk is there
        if (mounted != null) {
            new ProcessBuilder("umount", "--lazy", mounted.toString()).start().waitFor();
        }
    }

    private void begin() throws Exception {
        Path drill = Files.writeString(folder.resolve("drill.json"), ForeignControlPlane.DRILL_TEMPLATE);
        Fork.Result result = soak.foreign("--drill-template", drill.toString(), "--days", "12");
        assertEquals(Exit.OK, result.exit(), result.err());
    }

    private static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                files.put(
                        folder.relativize(file).toString(),
                        Files.isRegularFile(file) && !file.endsWith("cp.log") ? Sha256.of(file) : "");
            }
        }
        return files;
    }

    private Fork.Result frozen(String program, String... arguments) {
        List<String> command =
                List.of(soak.dir.script(program).toString(), soak.dir.root().toString());
        return Fork.run(Fork.words(command, arguments));
    }

    @Test
    void a_file_that_a_limit_or_a_read_only_disk_stops_is_told_without_a_stack_trace() throws Exception {
        Path there = folder.resolve("limited");
        List<String> java =
                Fork.java("setup", there.toString(), "--listen", soak.listen, "--metrics-listen", soak.metricsListen);
        List<String> limited = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"));
        limited.addAll(java);
        Fork.Result result = Fork.run(limited);
        assertEquals(Exit.FAILED, result.exit(), result.err());
        assertTrue(
                result.err()
                                .contains("setup: a file of SOAK_DIR " + there + " cannot be written (File too"
                                        + " large: ulimit -f of whatever starts this is too low")
                        && !result.err().contains("\tat "),
                result.err());
        assertFalse(Files.exists(there), "the folder is as it was");
        assertTrue(
                provision.Doctor.told(soak.dir, new java.io.IOException("Read-only file system"))
                        instanceof base.Failure);
    }

    @Test
    void a_control_plane_is_stopped_where_its_disk_has_become_read_only() throws Exception {
        begin();
        String root = soak.dir.root().toString();
        assumeTrue(SmallDisk.sh("mount", "--bind", root, root) == 0, "only root may mount");
        try {
            assertEquals(0, SmallDisk.sh("mount", "-o", "remount,bind,ro", root));
            Fork.Result stop = soak.run("--stop");
            Setups.assertExit(Exit.OK, stop);
            assertTrue(stop.out().contains(") has ended"), stop.out());
            assertTrue(
                    stop.out()
                            .contains(
                                    "setup-resumes.log does not record it (" + soak.dir.setupResumes() + ": Read-only"),
                    stop.out());
            assertEquals("000", soak.controlPlane().health().code());
        } finally {
            SmallDisk.sh("umount", "--lazy", root);
        }
    }

    @Test
    void a_soak_whose_config_is_gone_is_damaged_and_not_new_for_every_command() throws Exception {
        begin();
        String config = soak.config();
        Path archive = Files.writeString(folder.resolve("soak-val12-2026-10-01.tar.gz"), "");
        for (String left : new String[] {null, "", "# nothing but a remark\n"}) {
            Files.delete(soak.dir.config());
            if (left != null) {
                Files.writeString(soak.dir.config(), left);
            }
            Map<String, String> before = content(soak.dir.root());
            for (Fork.Result result : new Fork.Result[] {
                soak.run(),
                soak.first("--days", "12"),
                soak.run("--check"),
                soak.run("--resume"),
                soak.run("--stop"),
                frozen("round"),
                frozen("report", "--type", "status"),
                frozen("setup")
            }) {
                assertEquals(Exit.USAGE, result.exit(), result.err() + result.out());
                String said = result.err() + result.out();
                assertTrue(
                        said.contains(
                                left == null
                                        ? "has no config.env, but a soak has begun there (1 round folder," + " rounds/"
                                        : "has an empty config.env, but a soak has begun there"),
                        said);
                assertTrue(
                        said.contains("damaged, not new")
                                && said.contains("restore config.env from the archive " + archive),
                        said);
                assertTrue(
                        said.contains("SOAK_DAYS=12") && said.contains("CP_URL=http://" + soak.listen),
                        "what the evidence tells: " + said);
                assertFalse(said.contains("run setup.java"), said);
            }
            assertEquals(before, content(soak.dir.root()), "nothing is written");
            Files.writeString(soak.dir.config(), config);
        }
        assertEquals(Exit.OK, soak.run().exit());
    }

    @Test
    void a_pid_file_alone_is_enough_to_know_that_the_folder_is_not_new() throws Exception {
        Files.createDirectories(soak.dir.root());
        Files.writeString(soak.dir.pidFile(), "4711\n");
        Fork.Result result = soak.first();
        assertEquals(Exit.USAGE, result.exit(), result.err());
        assertTrue(
                result.err().contains("a soak has begun there (cp.pid)")
                        && result.err().contains("a copy or an archive"),
                result.err());
        assertFalse(Files.exists(soak.dir.config()));
    }

    @Test
    void a_setup_summary_that_is_gone_is_missed_and_not_written_anew_by_a_later_start() throws Exception {
        begin();
        assertEquals(Exit.OK, soak.run("--stop").exit());
        Files.delete(soak.dir.setupSummary());
        Fork.Result result = soak.run();
        assertEquals(Exit.OK, result.exit(), result.err());
        assertTrue(
                result.err().contains("setup-summary.txt is missing")
                        && result.err().contains("restore it from a copy"),
                result.err());
        assertFalse(Files.exists(soak.dir.setupSummary()), "a second start is no first one");
    }

    @Test
    void a_template_that_is_gone_is_asked_for_and_not_replaced_by_the_default() throws Exception {
        begin();
        for (Path template : new Path[] {soak.dir.planTemplate(), soak.dir.drillTemplate()}) {
            String text = Files.readString(template);
            String option = template.equals(soak.dir.planTemplate()) ? "--plan-template" : "--drill-template";
            Files.delete(template);
            Map<String, String> before = content(soak.dir.root());
            Fork.Result result = soak.run();
            assertEquals(Exit.USAGE, result.exit(), result.err());
            assertTrue(result.err().contains(option), result.err());
            assertEquals(before, content(soak.dir.root()));
            Path copy = Files.writeString(folder.resolve("copy.json"), text);
            assertEquals(Exit.OK, soak.run(option, copy.toString()).exit());
            assertEquals(text, Files.readString(template));
        }
        Files.delete(soak.dir.planTemplate());
        Fork.Result round = frozen("round");
        assertEquals(Exit.USAGE, round.exit(), round.err());
        assertTrue(round.err().contains("bring it back") && round.err().contains("--plan-template"), round.err());
    }

    /** A file system of the test's own; only root may mount one. */
    private void mount(String size) throws Exception {
        soak.close();
        mounted = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + size, "soak-test", mounted.toString())
                                .start()
                                .waitFor()
                        == 0,
                "a small file system can only be mounted by root");
        soak = new Setups(mounted, "soak");
    }

    @Test
    void a_disk_that_is_too_small_is_one_sentence_and_nothing_is_written() throws Exception {
        mount("20m");
        for (String[] options : new String[][] {{}, {"--check"}}) {
            Fork.Result result = soak.first(options);
            assertEquals(Exit.FAILED, result.exit(), result.err());
            String said = result.err() + result.out();
            assertTrue(
                    said.contains("MiB free, and a setup writes")
                            && said.contains("free space, or choose another folder"),
                    said);
            assertFalse(said.contains("\tat "), said);
            assertFalse(Files.exists(soak.dir.root()));
        }
    }

    @Test
    void a_disk_that_fills_up_in_mid_setup_is_one_sentence_and_leaves_nothing_half() throws Exception {
        begin();
        Path bin = soak.dir.bin();
        soak.run("--stop");
        mounted = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=5m", "soak-test", mounted.toString())
                                .start()
                                .waitFor()
                        == 0,
                "a small file system can only be mounted by root");
        try (Setups small = new Setups(mounted, "soak")) {
            Files.createDirectories(small.dir.root());
            // the build lies elsewhere: the check before is content, and a write meets the end of the disk
            Files.createSymbolicLink(small.dir.bin(), bin);
            Files.writeString(
                    folder.resolve("large.json"),
                    "{\"plan_id\": \"{plan_id}\", \"note\": \"" + "x".repeat(6_000_000) + "\"}");
            Fork.Result result =
                    small.first("--plan-template", folder.resolve("large.json").toString());
            assertEquals(Exit.FAILED, result.exit(), result.err());
            String last = result.err().lines().reduce("", (first, second) -> second);
            assertTrue(
                    last.startsWith("setup: the disk of SOAK_DIR " + small.dir.root() + " is full (")
                            && last.contains("free space, and run this again"),
                    result.err());
            try (Stream<Path> left = Files.list(small.dir.root())) {
                assertEquals(java.util.List.of(small.dir.bin()), left.toList(), "what was there before");
            }
        }
    }
}
