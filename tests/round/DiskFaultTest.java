import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Mounts;
import cron.CronWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk does to a round and to the control plane: it is full, read-only, broken or without an inode. */
@Tag("slow")
class DiskFaultTest {
    @TempDir
    Path temp;

    private Path folder;
    private SmallDisk mounted;
    private RoundRig rig;

    @BeforeEach
    void start() throws Exception {
        folder = Files.createDirectory(temp.resolve("soak"));
    }

    @AfterEach
    void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
        if (mounted != null) {
            mounted.close();
        }
    }

    private void mount(Path at, String size) throws Exception {
        mounted = SmallDisk.mount(at, "size=" + size);
    }

    private void mountSmallDisk() throws Exception {
        mount(folder, "1m");
        rig = RoundRig.attached(folder);
    }

    private static void fill(Path disk) throws IOException {
        try (OutputStream out = Files.newOutputStream(disk.resolve("ballast"))) {
            byte[] block = new byte[1024];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space left"), full.getMessage());
        }
    }

    @Test
    void on_a_full_disk_the_round_still_says_so_in_its_summary_and_the_next_one_is_clean() throws Exception {
        mountSmallDisk();
        assertEquals(Exit.OK, rig.round().exit());
        assertTrue(Files.size(folder.resolve("reserve")) > 0);
        fill(folder);
        RoundRig.Round full = rig.round();
        assertEquals(Exit.FAILED, full.exit());
        assertTrue(
                full.err().matches("(?s).* cannot be written.* \\(" + folder + "/rounds/\\S+: No space left.*"),
                full.err());
        assertTrue(full.out().contains("], created n/a/10, p99 n/a ms, "), full.out());
        assertNotNull(full.summary(), "the reserve keeps room for the summary");
        assertEquals("FAIL", full.summary().get("v02_creates").asText());
        assertTrue(full.summary().get("failures").get("v02_creates").asText().contains("No space left"));
        assertEquals(10, rig.cp.planIds().size(), "nothing may be created whose id is not on disk");
        Files.delete(folder.resolve("ballast"));
        RoundRig.Round next = rig.round();
        assertEquals(Exit.OK, next.exit(), next.err());
        assertEquals(0, next.summary().get("lost_plans").asInt());
        assertTrue(Files.exists(folder.resolve("reserve")), "the reserve is filled again");
    }

    @Test
    void a_control_plane_that_ends_on_a_disk_with_little_room_is_not_blamed_on_its_command_first() throws Exception {
        mount(folder, "8m");
        rig = RoundRig.external(folder).with("CP_COMMAND", "sh -c 'echo why; exit 3'");
        String ended =
                "the control plane ended at once with exit code 3: see the reason in " + rig.dir.cpLog() + " and ";
        String command = "correct CP_COMMAND in " + rig.dir.config();
        RoundRig.Round roomy = rig.round();
        assertTrue(roomy.err().contains(ended + command), roomy.err());
        fill(folder);
        try (RandomAccessFile ballast =
                new RandomAccessFile(folder.resolve("ballast").toFile(), "rw")) {
            ballast.setLength(ballast.length() - (256 << 10));
        }
        RoundRig.Round round = rig.round();
        assertTrue(
                round.err()
                        .replaceAll("\\d+ KiB", "SOME KiB")
                        .contains(ended + "free space, since the disk of " + folder + " has SOME KiB left; if that is"
                                + " not the reason, " + command),
                round.err());
    }

    @Test
    void a_disk_with_room_and_without_an_inode_is_named_as_one() throws Exception {
        mount(folder, "9m,nr_inodes=100");
        rig = RoundRig.attached(folder);
        assertEquals(Exit.OK, rig.round().exit());
        Path many = Files.createDirectory(folder.resolve("many"));
        assertThrows(IOException.class, () -> {
            for (int i = 0; ; i++) {
                Files.createFile(many.resolve("file-" + i));
            }
        });
        RoundRig.Round full = rig.round();
        assertEquals(Exit.FAILED, full.exit());
        assertTrue(
                full.err()
                        .matches("(?s).*No space left on device, with \\d MiB free: the file system may be out of"
                                + " inodes \\(see df -i\\)\\): free space on the disk of .*"),
                full.err());
    }

    @Test
    void on_a_read_only_disk_the_round_says_so_and_creates_nothing() throws Exception {
        mountSmallDisk();
        rig.round();
        assertEquals(0, SmallDisk.sh("mount", "-o", "remount,ro", folder.toString()));
        RoundRig.Round round = rig.round();
        assertEquals(Exit.FAILED, round.exit());
        assertEquals(1, round.err().lines().count(), round.err());
        assertTrue(round.err().contains("round.lock") && round.err().contains("Read-only file system"), round.err());
        assertEquals(10, rig.cp.planIds().size());
        assertTrue(
                rig.probe().out().contains("Disk     FAIL: the file system of SOAK_DIR is mounted read-only, so no"));
        assertTrue(CronWatch.of(rig.dir, Map.of("PATH", "/nowhere"), folder)
                .missing(false)
                .toString()
                .contains(" is mounted read-only, so a crontab's shell starts no round and no report: see dmesg"
                        + " for why"));
        assertEquals(0, SmallDisk.sh("mount", "-o", "remount,rw", folder.toString()));
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void a_folder_that_is_mounted_read_only_on_a_disk_that_is_not_is_named_too() throws Exception {
        mountSmallDisk();
        Path soak = Files.createDirectory(folder.resolve("soak"));
        assertEquals(0, SmallDisk.sh("mount", "--bind", soak.toString(), soak.toString()));
        try {
            assertFalse(Mounts.isReadOnly(soak));
            assertEquals(0, SmallDisk.sh("mount", "-o", "remount,bind,ro", soak.toString()));
            assertTrue(Mounts.isReadOnly(soak));
            assertFalse(Mounts.isReadOnly(folder));
            Fork.Result check = Fork.run(Fork.java("setup", soak.toString(), "--check"));
            assertTrue(check.out().contains("its file system is read-only"), check.out());
        } finally {
            SmallDisk.sh("umount", soak.toString());
        }
    }

    @Test
    void a_disk_in_which_the_kernel_found_a_fault_is_read_only_though_its_mount_says_rw() {
        String mounts = """
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
            42 27 7:0 / /srv/a\\040disk rw,relatime - ext4 /dev/loop0 rw,errors=remount-ro%s
            """;
        Path soak = Path.of("/srv/a disk/soak");
        assertFalse(Mounts.isReadOnly(soak, mounts.formatted("")));
        assertTrue(Mounts.isReadOnly(soak, mounts.formatted(",emergency_ro")));
        assertTrue(Mounts.isReadOnly(soak, mounts.formatted(",shutdown")));
        assertFalse(Mounts.isReadOnly(Path.of("/srv"), mounts.formatted(",emergency_ro")));
    }

    @Test
    void a_control_plane_whose_disk_is_full_fails_the_creates_and_keeps_what_it_has() throws Exception {
        mount(folder.resolve("cp-data"), "4m");
        rig = RoundRig.embedded(folder).with("REQUEST_TIMEOUT_SECONDS", "30"); // a busy machine is not what is tested
        rig.startControlPlane();
        assertEquals(Exit.OK, rig.round().exit());
        fill(mounted.at());
        RoundRig.Round full = rig.round();
        for (int i = 0;
                i < 100 && !full.text("plans-created.txt").contains("507");
                i++) { // what the store had allocated before may take some more plans
            full = rig.round();
        }
        assertEquals("FAIL", full.summary().get("v02_creates").asText());
        assertTrue(full.lines("plans-created.txt").contains("507"), full.text("plans-created.txt"));
        assertEquals(0, full.summary().get("lost_plans").asInt());
        Files.delete(mounted.at().resolve("ballast"));
        RoundRig.Round next = rig.round();
        assertEquals(Exit.OK, next.exit(), next.err());
    }

    @Test
    void a_control_plane_whose_data_dir_is_read_only_does_not_come_back_and_says_why() throws Exception {
        mount(folder.resolve("cp-data"), "4m");
        rig = RoundRig.embedded(folder).with("REQUEST_TIMEOUT_SECONDS", "30");
        rig.startControlPlane();
        rig.round();
        rig.controlPlane().stop(Duration.ofSeconds(10));
        assertEquals(0, SmallDisk.sh("mount", "-o", "remount,ro", mounted.at().toString()));
        RoundRig.Round round = rig.round();
        assertEquals(Exit.BAD, round.exit());
        assertTrue(
                round.err().contains("ended at once with exit code 70")
                        && round.err().contains("cp.log:"),
                round.err());
        assertEquals(0, SmallDisk.sh("mount", "-o", "remount,rw", mounted.at().toString()));
        assertEquals(20, rig.round().summary().get("plan_count").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }
}
