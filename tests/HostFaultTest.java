import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import provision.CronWatch;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import soak.Exit;
import soak.Json;
import soak.Mounts;
import soak.RoundFiles;

/** What the host does to a round: kills it, fills or locks its disk, turns its clock, takes its descriptors. */
@Tag("slow")
class HostFaultTest {
    private static final int KILLS = Integer.getInteger("soak.kills", 60);
    private static final long LONGEST_ROUND_MS = 1_500;

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
        assertTrue(full.err().contains("cannot be written") && full.err().contains("No space left"), full.err());
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
        rig = RoundRig.external(folder).with("CP_COMMAND", "sh -c 'exit 3'");
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

    @Test
    void a_clock_that_steps_in_mid_round_changes_no_duration_and_is_said() throws Exception {
        rig = RoundRig.attached(folder);
        for (Duration step : List.of(Duration.ofHours(-1), Duration.ofDays(1))) {
            rig.stepMidRound(step);
            RoundRig.Round round = rig.round();
            assertEquals(Exit.OK, round.exit(), round.err());
            assertEquals(step.toMillis(), round.summary().get("clock_step_ms").asLong(), 60_000);
            assertTrue(round.summary().get("duration_ms").asLong() < 60_000);
            assertTrue(
                    round.summary().get("warnings").toString().contains("the wall clock stepped by"),
                    round.summary().get("warnings").toString());
            assertTrue(round.lines("create-times.txt").stream().allMatch(t -> Double.parseDouble(t) < 60));
        }
        RoundRig.Round steady = rig.round();
        assertFalse(steady.summary().get("warnings").toString().contains("the wall clock"));
    }

    @Test
    void a_clock_that_was_set_back_between_rounds_forgets_no_plan() throws Exception {
        rig = RoundRig.attached(folder);
        rig.round();
        rig.round();
        rig.setNow(RoundRig.START.minus(Duration.ofHours(1)));
        RoundRig.Round early = rig.round();
        assertEquals(30, early.summary().get("expected_plans").asInt());
        assertEquals(-2, early.summary().get("slot").asInt());
        assertEquals(Exit.OK, early.exit());
    }

    @Test
    void seven_thousand_stuck_plans_at_once_and_a_slow_cli_cost_a_round_its_budget_and_little_disk() throws Exception {
        rig = RoundRig.attached(folder).with("RECOVER_FOREIGN", "yes", "RECOVERY_BUDGET_SECONDS", "3");
        rig.createOthers(7_200);
        rig.cp.set("stuck_plans", "7200");
        rig.cp.set("cli_seconds", "2");
        RoundRig.Round round = rig.round();
        int recovered = round.summary().get("recovery_ok").asInt();
        assertTrue(
                recovered >= 4 && recovered <= 8,
                "4 at a time, 2 s each at least, none started after 3 s: " + recovered);
        assertEquals(7_200 - recovered, round.summary().get("recovery_deferred").asInt());
        assertEquals("PASS", round.summary().get("v04_recovery").asText());
        assertTrue(
                round.err()
                        .contains(
                                " of 7200 stuck plans were left for the next round, because RECOVERY_BUDGET_SECONDS=3"),
                round.err());
        assertTrue(
                round.summary().get("evidence_bytes").asLong() < 200_000,
                round.summary().get("evidence_bytes").asText());
        rig.cp.set("stuck_plans", "");
        assertEquals(Exit.OK, rig.round().exit());
    }

    /** SIGTERM, as a host that shuts down sends it, once the round has announced its plans. */
    private List<String> saidByOneThatASignalMeets(String createDelayMs) throws Exception {
        rig = RoundRig.attached(folder).with("TARGET_PLAN_COUNT", "1");
        rig.cp.set("create_delay_ms", createDelayMs);
        Path said = temp.resolve("cron.log");
        Process round = new ProcessBuilder(Fork.java("round", folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        while (rig.folders().isEmpty() || !Files.exists(rig.folders().get(0).resolve(RoundFiles.PLAN_IDS))) {
            assertTrue(round.isAlive(), Files.readString(said));
            Thread.sleep(1);
        }
        round.destroy();
        assertEquals(128 + 15, round.waitFor());
        String id = RoundFiles.id(rig.folders().get(0));
        return Files.readAllLines(said).stream()
                .map(line -> line.replace("rounds/" + id, "rounds/ID").replaceFirst("^20\\S+Z round: ", "TIME round: "))
                .toList();
    }

    private static final String GOES_ON = "TIME round: a signal came: rounds/ID goes on to its end, for at most 30 s";

    @Test
    void a_round_that_a_signal_meets_goes_on_to_its_end() throws Exception {
        List<String> said = saidByOneThatASignalMeets("200");
        assertEquals(GOES_ON, said.get(0));
        assertTrue(said.get(said.size() - 1).contains(": PASS, created 10/10, "), said.toString());
        assertTrue(Files.exists(rig.folders().get(0).resolve(RoundFiles.SUMMARY)));
    }

    @Test
    void a_round_that_a_signal_ends_says_so_and_the_next_one_settles_what_it_created() throws Exception {
        assertEquals(
                List.of(
                        GOES_ON,
                        "TIME round: a signal ends rounds/ID: without a round-summary.json it counts as interrupted,"
                            + " which is unhealthy; its files are kept, and the next round settles what it created"),
                saidByOneThatASignalMeets("600000"));
        rig.cp.set("create_delay_ms", "");
        rig.setNow(Instant.now().plusSeconds(5));
        RoundRig.Round next = rig.round();
        assertEquals(Exit.OK, next.exit(), next.err());
        assertFalse(next.err().contains("a signal"), next.err());
    }

    @Test
    void a_round_of_which_no_line_tells_is_named_by_the_next_one_and_by_no_other() throws Exception {
        rig = RoundRig.attached(folder);
        rig.round();
        Files.createDirectories(rig.dir.round("2026-10-01/round-001500")); // as a power cut leaves it
        RoundRig.Round next = rig.round();
        assertEquals(
                1,
                next.err()
                        .lines()
                        .filter(line -> line.startsWith("2026-10-01T00:30:00Z round 3: warning: rounds/2026-10-01/"
                                + "round-001500 ended without a round-summary.json: killed, or the power failed; each"
                                + " such round counts as interrupted"))
                        .count(),
                next.err());
        assertFalse(rig.round().err().contains("ended without"));
    }

    /**
     * Rounds killed at seeded moments: no half file is ever read as whole, no plan that the control plane has is
     * unknown to the evidence, no acknowledged plan is forgotten, and the next round runs.
     */
    @Test
    void rounds_killed_at_any_moment_lose_nothing() throws Exception {
        // how far killed rounds came is the machine's affair
        rig = RoundRig.attached(folder).with("TARGET_PLAN_COUNT", "1");
        rig.cp.set("create_delay_ms", "20"); // so that many of the kills meet a create
        Random random = new Random(4711);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process round = new ProcessBuilder(Fork.java("round", folder.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!round.waitFor(random.nextLong(LONGEST_ROUND_MS), TimeUnit.MILLISECONDS)) {
                round.destroyForcibly().waitFor();
                killed++;
            }
            for (Path each : rig.folders()) {
                Path summary = each.resolve("round-summary.json");
                if (Files.exists(summary)) {
                    assertEquals(
                            1,
                            Json.parse(Files.readString(summary)).get("schema").asInt());
                }
                Path ids = each.resolve("plan-ids.txt");
                if (Files.exists(ids)) {
                    assertTrue(
                            Files.readString(ids).isEmpty()
                                    || Files.readAllLines(ids).size() == 10,
                            ids + " is whole or absent");
                }
            }
        }
        assertTrue(killed > KILLS / 4, killed + " of " + KILLS + " rounds were killed in mid-work");
        rig.cp.set("create_delay_ms", "");
        rig.setNow(Instant.now().plusSeconds(5));
        RoundRig.Round last = rig.round();
        assertEquals(Exit.OK, last.exit(), last.err());
        Set<String> known = new HashSet<>();
        int acknowledged = 0;
        int revived = 0;
        for (Path each : rig.folders()) {
            if (Files.exists(each.resolve("plan-ids.txt"))) {
                known.addAll(Files.readAllLines(each.resolve("plan-ids.txt")));
            }
            if (Files.exists(each.resolve("plans-created.txt"))) {
                acknowledged += (int) Files.readAllLines(each.resolve("plans-created.txt")).stream()
                        .filter("201"::equals)
                        .count();
            }
            if (Files.exists(each.resolve("integrity.json"))) {
                revived += Json.parse(Files.readString(each.resolve("integrity.json")))
                        .get("revived")
                        .size();
            }
        }
        assertTrue(known.containsAll(rig.cp.planIds()), "every plan that exists was announced on disk before");
        assertEquals(
                rig.cp.planIds().size(),
                acknowledged + revived,
                "each is acknowledged, or was in doubt and settled by a listing");
        assertEquals(0, last.summary().get("lost_plans").asInt());
        assertFalse(Files.exists(last.folder().resolve("round-summary.json.tmp")));
        assertNull(last.summary().get("failures").get("v07_integrity"));
        SealReport seals = SealCheck.of(rig.dir, Heads.NONE, SealCheck.Progress.NONE);
        assertEquals(List.of(), seals.findings(), "the last round closes what was killed");
        assertEquals(rig.folders().size(), seals.sealed().count());
        System.out.println(
                "kills: " + killed + " of " + KILLS + " rounds killed in mid-work, " + known.size() + " ids announced, "
                        + acknowledged + " acknowledged, " + revived + " in doubt and settled by a listing, 0 lost");
    }
}
