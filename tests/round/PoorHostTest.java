import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Exit;
import base.HeldLock;
import base.Room;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import soak.SoakDir;
import workload.RoundLock;

/** What a host may lack while a round still records what it can. */
class PoorHostTest extends AttachedSoak {
    @Test
    void sixty_four_descriptors_and_no_home_are_enough() throws Exception {
        rig.with("STUCK_THRESHOLD_SECONDS", "0", "RECOVERY_DRILL_EVERY", "1");
        List<String> java = Fork.java("round", folder.toString());
        // The JVM holds each jar of its class path open: only those that a round has in cron may count.
        int classPath = java.indexOf("-cp") + 1;
        java.set(
                classPath,
                Arrays.stream(java.get(classPath).split(":"))
                        .filter(jar ->
                                Path.of(jar).getFileName().toString().matches("(test|picocli|jackson|sqlite|slf4j).*"))
                        .collect(Collectors.joining(":")));
        List<String> command = new ArrayList<>(List.of(
                "env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "sh", "-c", "ulimit -n 64; exec \"$@\"", "sh"));
        command.addAll(java);
        Fork.Result result = Fork.run(command);
        assertEquals(Exit.OK, result.exit(), result.err());
        assertTrue(result.out().contains("created 10/10") && result.out().contains("recovered 1"), result.out());
    }

    /** A network of its own, whose loopback interface is down: no program can speak to another. */
    @Test
    void a_host_without_a_loopback_interface_fails_its_steps_and_keeps_its_round() throws Exception {
        assumeTrue(Fork.run("unshare", "-n", "true").exit() == 0, "unshare -n cannot be run here, as it needs root");
        List<String> command = new ArrayList<>(List.of("unshare", "-n"));
        command.addAll(Fork.java("round", folder.toString()));
        Fork.Result result = Fork.run(command);
        assertEquals(Exit.BAD, result.exit(), result.err());
        assertTrue(
                result.err().contains("warning: probe_overhead_ms is not measured (the prober's own server did"),
                result.err());
        assertTrue(result.out().contains(": FAIL [v01_health, v02_creates"), result.out());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    /** 512 bytes: less than what any round says of itself. */
    @Test
    void a_round_that_may_write_no_large_file_blames_the_limit_and_no_disk() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 1; exec \"$@\"", "sh"));
        command.addAll(Fork.java("round", folder.toString()));
        Fork.Result result = Fork.run(command);
        assertEquals(Exit.FAILED, result.exit(), result.err());
        assertTrue(result.err().contains("File too large: ulimit -f of whatever starts this is too low"), result.err());
        assertTrue(result.err().contains("the disk is not full): correct that, then look at"), result.err());
        assertFalse(result.err().contains("free space"), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    /** A chroot into a folder that is no mount: Java's own question about a disk asks for the mount, and finds none. */
    @Test
    void a_root_that_no_table_of_mounts_lists_has_its_room_told() throws Exception {
        assumeTrue(Fork.run("unshare", "-m", "true").exit() == 0, "unshare -m cannot be run here, as it needs root");
        Path root = Files.createDirectories(folder.resolve("root"));
        String chroot = "for at in /*/; do mkdir \"$0$at\" && mount --rbind $at \"$0$at\" || exit 1; done;"
                + " exec chroot \"$0\" \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", chroot, root.toString()));
        command.addAll(Fork.java("setup", "/soak", "--check"));
        Fork.Result result = Fork.run(command);
        assertTrue(result.out().lines().anyMatch(line -> line.matches("ok +disk +[1-9]\\d* MiB free")), result.out());
    }

    /** As btrfs has it for each subvolume. The kernel's table of locks names the device of the whole file system. */
    @Test
    void a_round_that_runs_is_seen_where_files_have_devices_of_their_own() throws Exception {
        try (SmallDisk lower = SmallDisk.mount(folder.resolve("lower"), "size=1m");
                SmallDisk upper = SmallDisk.mount(folder.resolve("upper"), "size=1m")) {
            String layers = "lowerdir=" + lower.at()
                    + ",upperdir=" + Files.createDirectories(upper.at().resolve("files"))
                    + ",workdir=" + Files.createDirectories(upper.at().resolve("work")) + ",xino=off";
            SoakDir soak = new SoakDir(Files.createDirectories(folder.resolve("soak")));
            assumeTrue(
                    SmallDisk.sh(
                                    "mount",
                                    "-t",
                                    "overlay",
                                    "-o",
                                    layers,
                                    "soak-test",
                                    soak.root().toString())
                            == 0,
                    "no overlay can be mounted here");
            try (RoundLock running = RoundLock.take(soak)) {
                assertTrue(HeldLock.on(soak.roundLock()));
                assertTrue(Room.isOneDisk(soak.roundLock(), soak.root()));
            } finally {
                SmallDisk.sh("umount", "--lazy", soak.root().toString());
            }
            assertFalse(HeldLock.on(soak.roundLock()));
        }
    }

    /** A fault of the disk that a round meets before it began is no round that was killed. */
    @Test
    void a_folder_whose_name_cannot_be_synced_is_taken_back_and_counts_as_no_round() throws Exception {
        Fork.run("chmod", "-R", "a+rwX", scratch.toString());
        Path rounds = Files.createDirectories(folder.resolve("rounds"));
        Files.setPosixFilePermissions(
                rounds, PosixFilePermissions.fromString("-wx-wx-wx")); // to be written, not opened
        Fork.Result round = OtherUser.run(Fork.java("round", folder.toString()));
        assertEquals(Exit.FAILED, round.exit(), round.err());
        assertTrue(round.err().contains("(" + rounds + ": permission denied"), round.err());
        Files.setPosixFilePermissions(rounds, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(List.of(), rig.folders());
    }
}
