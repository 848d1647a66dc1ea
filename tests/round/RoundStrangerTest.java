import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Exit;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import process.ControlPlane;
import process.Listeners;
import process.ProcessIdentity;
import settings.Config;

/**
 * Another process answers where the soak's control plane should: nothing is done to it, and nothing is concluded from
 * it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("slow")
class RoundStrangerTest extends ExternalSoak {
    private static final List<String> STEPS =
            List.of("v02_creates", "v03_stuck_scan", "v04_recovery", "v05_plan_count", "v06_metrics", "v07_integrity");
    private static final List<String> NOT_MEASURED = List.of(
            "create_ok",
            "create_errors",
            "p99_ms",
            "scan_http_code",
            "scan_ok",
            "stuck_count",
            "recovery_ok",
            "recovery_fail",
            "recovery_deferred",
            "plan_count",
            "expected_plans",
            "lost_plans",
            "duplicate_plans",
            "revived_plans",
            "cp_http_requests_total",
            "metrics_ok");

    private void kill() throws Exception {
        for (long pid : identity().session()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        while (rig.controlPlane().state() != ControlPlane.State.DEAD) {
            Thread.sleep(1);
        }
    }

    /** A control plane of somebody else, with plans and stuck ones among them, at this soak's CP_URL. */
    private ForeignControlPlane thief() throws IOException {
        URI url = URI.create(Config.read(rig.dir).cpUrl());
        ForeignControlPlane thief = Ports.afterAKill(() -> ForeignControlPlane.startAt(url));
        for (int i = 0; i < 120; i++) {
            thief.add("soak-of-somebody-else-" + i, 0);
        }
        thief.set("stuck_plans", "5");
        return thief;
    }

    @Test
    void a_strangers_control_plane_is_asked_for_its_health_and_nothing_else() throws Exception {
        rig.startControlPlane();
        assertEquals(Exit.OK, rig.round().exit());
        kill();
        try (ForeignControlPlane thief = thief()) {
            RoundRig.Round round = rig.round();
            assertEquals(Exit.BAD, round.exit());
            assertEquals(List.of("GET /v1/health"), thief.requests());
            assertEquals(List.of(), thief.cliCalls());
            JsonNode summary = round.summary();
            assertEquals("failed", summary.get("health").asText());
            assertTrue(summary.get("port_conflict").asBoolean());
            for (String field : NOT_MEASURED) {
                assertTrue(summary.get(field).isNull(), field + " is " + summary.get(field));
            }
            for (String step : STEPS) {
                assertEquals("FAIL", summary.get(step).asText(), step);
                assertTrue(
                        summary.get("failures")
                                .get(step)
                                .asText()
                                .contains("is taken by another process, pid "
                                        + ProcessHandle.current().pid() + " (java"),
                        summary.get("failures").toString());
            }
            assertEquals(
                    List.of(),
                    rig.alerts().stream()
                            .filter(alert -> alert.contains("lost"))
                            .toList());
            assertFalse(Files.exists(round.folder().resolve("metrics-scrape.prom"))
                    || Files.exists(round.folder().resolve("integrity.json")));
        }
        RoundRig.Round next = rig.round();
        assertTrue(next.summary().get("restarted").asBoolean());
        assertEquals(20, next.summary().get("plan_count").asInt());
        assertEquals(0, next.summary().get("lost_plans").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void a_stranger_that_comes_within_the_round_gets_no_recovery_and_its_listing_convicts_nobody() throws Exception {
        Path called = folder.resolve("called");
        Path go = folder.resolve("go");
        Path cli = Files.writeString(
                folder.resolve("waiting-cli"),
                "#!/bin/sh\necho called >> '" + called + "'\nwhile [ ! -e '" + go + "' ]; do sleep 0.05; done\n");
        Files.setPosixFilePermissions(cli, PosixFilePermissions.fromString("rwxr-xr-x"));
        rig.with("RECOVERY_PARALLELISM", "1").startControlPlane();
        assertEquals(Exit.OK, rig.round().exit());
        ForeignControlPlane.set(Config.read(rig.dir).cpUrl(), "stuck_plans", "3");
        rig.with("AUTONOMY_CLI", cli.toString());
        CompletableFuture<RoundRig.Round> running = CompletableFuture.supplyAsync(() -> {
            try {
                return rig.round();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        while (!Files.exists(called)) {
            assertFalse(running.isDone(), "the round ended without a recovery");
            Thread.sleep(1);
        }
        kill();
        try (ForeignControlPlane thief = thief()) {
            Files.createFile(go);
            RoundRig.Round round = running.get();
            assertEquals(List.of(), thief.requests());
            assertEquals(List.of("called"), Files.readAllLines(called));
            assertEquals("ok", round.summary().get("health").asText());
            assertEquals(2, round.summary().get("recovery_deferred").asInt(), round.err());
            assertTrue(round.summary().get("port_conflict").asBoolean());
            assertTrue(
                    round.summary().get("plan_count").isNull()
                            && round.summary().get("lost_plans").isNull()
                            && round.summary().get("metrics_ok").isNull(),
                    round.summary().toString());
            assertTrue(
                    round.summary()
                            .get("failures")
                            .get("v07_integrity")
                            .asText()
                            .startsWith("the plans were not checked: port "),
                    round.err());
        }
        assertEquals(
                0,
                rig.with("AUTONOMY_CLI", ForeignControlPlane.cli(folder).toString())
                        .round()
                        .summary()
                        .get("lost_plans")
                        .asInt());
    }

    @Test
    void the_metrics_of_a_stranger_are_not_scraped() throws Exception {
        rig.startControlPlane();
        try (ForeignControlPlane other = ForeignControlPlane.start()) {
            rig.with("CP_METRICS_URL", other.metricsUrl());
            RoundRig.Round round = rig.round();
            assertTrue(
                    round.summary()
                            .get("failures")
                            .get("v06_metrics")
                            .asText()
                            .contains("port " + URI.create(other.metricsUrl()).getPort()
                                    + " is taken by another process"),
                    round.err());
            assertTrue(round.summary().get("cp_http_requests_total").isNull());
            assertEquals("PASS", round.summary().get("v07_integrity").asText());
            assertFalse(round.summary().get("port_conflict").asBoolean());
        }
    }

    @Test
    void health_counts_only_from_the_process_that_was_started() throws Exception {
        rig.with("CP_COMMAND", "sleep 600");
        CompletableFuture<ForeignControlPlane> thief = CompletableFuture.supplyAsync(() -> {
            while (!Files.exists(rig.dir.pidFile())) {
                Thread.onSpinWait();
            }
            try {
                return thief();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        ControlPlane.Outcome outcome = rig.controlPlane().tryStart(Duration.ofSeconds(60));
        try (ForeignControlPlane other = thief.get()) {
            ControlPlane.NotStarted not = (ControlPlane.NotStarted) outcome;
            assertTrue(not.portConflict());
            assertTrue(
                    not.sentence().startsWith("the control plane was started, but port ")
                            && not.sentence().contains("is taken by another process, pid ")
                            && not.sentence().contains("(docker, systemctl), the soak cannot watch it: attach to it"),
                    not.sentence());
            assertEquals(ControlPlane.State.RUNNING, rig.controlPlane().state());
            assertEquals("000", rig.controlPlane().health().code(), "what setup says of it");
            RoundRig.Round round = rig.round(); // our process lives, and another one has its place
            assertTrue(round.summary().get("port_conflict").asBoolean());
            assertFalse(round.summary().get("restarted").asBoolean());
            assertTrue(
                    other.requests().stream().allMatch("GET /v1/health"::equals),
                    other.requests().toString());
        }
    }

    @Test
    void a_command_that_puts_itself_into_the_background_is_refused_and_what_it_left_running_is_named()
            throws Exception {
        rig.with("CP_COMMAND", "setsid " + ForeignControlPlane.command() + " &");
        String refusal = rig.controlPlane().tryStart(Duration.ofSeconds(30)).toString();
        List<Long> left = identity().marked();
        assertEquals(1, left.size(), refusal);
        assertTrue(
                refusal.contains("went into the background")
                        && refusal.contains("left a process running: pid " + left.get(0) + " (")
                        && refusal.contains("must stay in the foreground"),
                refusal);
        ProcessHandle daemon = ProcessHandle.of(left.get(0)).orElseThrow();
        while (rig.controlPlane().portOwner() == Listeners.Owner.NOBODY) {
            Thread.sleep(1);
        }
        // mended: what bears our mark and holds our port is ended first
        RoundRig.Round round =
                rig.with("CP_COMMAND", ForeignControlPlane.command()).round();
        daemon.onExit().join();
        assertTrue(round.summary().get("restarted").asBoolean());
        assertEquals(10, round.summary().get("create_ok").asInt(), round.err());
    }

    @Test
    void a_child_that_has_a_session_of_its_own_is_ours_while_its_parent_lives_and_makes_room_when_that_was_killed()
            throws Exception {
        rig.with(
                "CP_COMMAND",
                "MARK=1 sh -c 'setsid --wait " + ForeignControlPlane.command().replace("'", "'\\''") + "; true'");
        rig.startControlPlane();
        assertEquals(Listeners.Owner.OURS, rig.controlPlane().portOwner());
        assertEquals(Exit.OK, rig.round().exit());
        kill();
        assertEquals(Listeners.Owner.STRANGER, rig.controlPlane().portOwner());
        RoundRig.Round round = rig.round();
        assertTrue(round.summary().get("restarted").asBoolean());
        assertFalse(round.summary().get("port_conflict").asBoolean(), round.err());
        assertEquals(20, round.summary().get("plan_count").asInt());
        assertEquals(0, round.summary().get("lost_plans").asInt());
        assertTrue(rig.controlPlane().stop(Duration.ofSeconds(10)).isPresent());
        assertEquals(Listeners.Owner.NOBODY, rig.controlPlane().portOwner());
    }

    @Test
    void a_control_plane_that_ends_and_logs_elsewhere_is_not_looked_for_in_its_empty_log() throws Exception {
        String silent = rig.with("CP_COMMAND", "sh -c 'exit 3'")
                .controlPlane()
                .tryStart(Duration.ofSeconds(30))
                .toString();
        assertTrue(
                silent.contains("ended at once with exit code 3: see the reason where it logs (syslog, the journal, a"
                        + " file of its own; " + rig.dir.cpLog() + " has nothing of this start) and correct"),
                silent);
        String told = rig.with("CP_COMMAND", "sh -c 'echo no licence; exit 3'")
                .controlPlane()
                .tryStart(Duration.ofSeconds(30))
                .toString();
        assertTrue(
                told.contains("see the reason in " + rig.dir.cpLog() + " and correct")
                        && told.contains("cp.log: no licence"),
                told);
    }

    /** As su and sudo do it. */
    @Test
    void a_wrapper_that_hands_no_environment_on_and_opens_a_session_starts_a_control_plane_of_ours() throws Exception {
        rig.with(
                "CP_COMMAND",
                "MARK=1 sh -c 'env -u " + ProcessIdentity.MARK + " setsid --wait "
                        + ForeignControlPlane.command().replace("'", "'\\''") + "; true'");
        rig.startControlPlane();
        String listens = rig.controlPlane().listener().get("process");
        assertFalse(identity().marked().contains(Long.parseLong(listens.split("@")[0])));
        assertEquals(Listeners.Owner.OURS, rig.controlPlane().portOwner());
        assertEquals(Exit.OK, rig.round().exit());
        assertTrue(rig.controlPlane().stop(Duration.ofSeconds(10)).isPresent());
        assertEquals(Listeners.Owner.NOBODY, rig.controlPlane().portOwner());
    }

    @Test
    void a_control_plane_that_another_user_started_is_told_by_its_owner_and_not_as_one_that_hangs() throws Exception {
        OtherUser.assumeSeesOthers();
        rig.startControlPlane();
        Fork.run("chown", "-R", "nobody", folder.toString());
        Fork.Result stop = OtherUser.run(Fork.java("setup", folder.toString(), "--stop"));
        assertEquals(
                "setup: the control plane (pid " + identity().pid()
                        + ") is root's, and nobody may not end it: let root end it\n",
                stop.err());
        assertEquals(Exit.FAILED, stop.exit());
        assertEquals(Listeners.Owner.OURS, rig.controlPlane().portOwner());
    }

    @Test
    void a_copy_of_the_folder_does_not_take_the_control_plane_of_the_original_for_its_own(@TempDir Path elsewhere)
            throws Exception {
        rig.startControlPlane();
        assertEquals(Exit.OK, rig.round().exit());
        ForeignControlPlane.set(Config.read(rig.dir).cpUrl(), "stuck_plans", "5");
        try (RoundRig copy = RoundRig.external(elsewhere)) {
            copy.with("CP_URL", Config.read(rig.dir).cpUrl());
            Files.copy(rig.dir.pidFile(), copy.dir.pidFile());
            RoundRig.Round round = copy.round();
            assertTrue(round.summary().get("port_conflict").asBoolean(), round.err());
            assertTrue(
                    round.err()
                            .contains(", in " + folder.toRealPath() + "): it is the control plane of the soak of which "
                                    + copy.dir.root() + " is a copy, so leave it alone, and start no rounds"),
                    round.err());
            assertTrue(round.summary().get("stuck_count").isNull());
            assertTrue(copy.controlPlane().stop(Duration.ZERO).isEmpty());
        }
        assertEquals(10, rig.round().summary().get("expected_plans").asInt() - 10, "of the original alone");
        assertEquals(ControlPlane.State.RUNNING, rig.controlPlane().state());
    }

    @Test
    void a_round_by_the_name_that_a_bind_mount_gives_the_folder_knows_its_own_control_plane(@TempDir Path elsewhere)
            throws Exception {
        rig.startControlPlane();
        assumeTrue(
                SmallDisk.sh("mount", "--bind", folder.toString(), elsewhere.toString()) == 0, "only root may mount");
        try {
            Fork.Result round = Fork.run(Fork.java("round", elsewhere.toString()));
            assertEquals(Exit.OK, round.exit(), round.err());
        } finally {
            SmallDisk.sh("umount", "--lazy", elsewhere.toString());
        }
    }

    @Test
    void a_start_of_which_nothing_is_left_takes_no_control_plane_from_another_machine_with_the_same_folder()
            throws Exception {
        String there = new ProcessIdentity(27, "2530216", "another-boot", "a-mark-of-there").render();
        Files.writeString(rig.dir.pidFile(), there);
        RoundRig.Round round = rig.with("CP_COMMAND", "sh -c \"echo 'another one uses the data dir'; exit 70\"")
                .round();
        assertTrue(round.err().contains("ended at once with exit code 70"), round.err());
        assertEquals(there, Files.readString(rig.dir.pidFile()));
    }

    @Test
    void a_bare_pid_that_is_younger_than_its_file_is_another_process() throws Exception {
        Process bystander = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(rig.dir.pidFile(), bystander.pid() + "\n");
            assertEquals(ControlPlane.State.UNVERIFIED, rig.controlPlane().state());
            Files.setLastModifiedTime(
                    rig.dir.pidFile(), FileTime.from(Instant.now().minus(Duration.ofDays(1))));
            assertEquals(ControlPlane.State.DEAD, rig.controlPlane().state());
            assertTrue(rig.round().summary().get("restarted").asBoolean());
            assertTrue(bystander.isAlive());
        } finally {
            bystander.destroyForcibly();
        }
    }
}
