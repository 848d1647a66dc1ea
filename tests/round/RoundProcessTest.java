import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import process.ControlPlane;
import process.Listeners;
import process.ProcessIdentity;

/**
 * The care for the control plane's process: what dies, hangs, is recycled or stolen, and that nothing else is touched.
 */
@Tag("slow")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RoundProcessTest extends ExternalSoak {
    private void signal(String name) throws Exception {
        for (long pid : identity().session()) {
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                            .start()
                            .waitFor());
        }
    }

    private void killAndAwait() throws Exception {
        ProcessIdentity identity = identity();
        signal("KILL");
        ProcessHandle.of(identity.pid()).ifPresent(p -> p.onExit().join());
        assertEquals(ControlPlane.State.DEAD, rig.controlPlane().state());
    }

    @Test
    void a_dead_control_plane_is_started_again_the_round_goes_on_and_still_counts_as_unhealthy() throws Exception {
        rig.startControlPlane();
        assertEquals(Exit.OK, rig.round().exit());
        killAndAwait();
        RoundRig.Round second = rig.round();
        assertEquals(Exit.BAD, second.exit());
        assertEquals("failed", second.summary().get("health").asText());
        assertTrue(second.summary().get("restarted").asBoolean());
        assertTrue(second.summary().get("restart_ms").asLong() > 0);
        assertEquals("FAIL", second.summary().get("v01_health").asText());
        assertEquals(10, second.summary().get("create_ok").asInt());
        assertEquals(20, second.summary().get("plan_count").asInt());
        assertEquals(0, second.summary().get("lost_plans").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void the_control_plane_has_a_session_of_its_own_and_inherits_no_pipe_and_no_lock() throws Exception {
        rig.round();
        long pid = identity().pid();
        assertTrue(identity().session().contains(pid));
        assertEquals(
                "/dev/null",
                Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0")).toString());
        assertEquals(rig.dir.cpLog().toRealPath(), Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/1")));
        assertEquals(rig.dir.cpLog().toRealPath(), Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/2")));
        List<String> lines = Files.readAllLines(rig.dir.pidFile());
        assertEquals(Long.toString(pid), lines.get(0));
        // The round has ended, the control plane lives, and the lock is free.
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void a_round_and_a_resume_that_both_find_it_dead_start_one_process() throws Exception {
        List<CompletableFuture<ControlPlane.Outcome>> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starts.add(CompletableFuture.supplyAsync(() -> rig.controlPlane().tryStart(Duration.ofSeconds(60))));
        }
        Set<Long> pids = new HashSet<>();
        for (CompletableFuture<ControlPlane.Outcome> start : starts) {
            pids.add(((ControlPlane.Started) start.get()).pid());
        }
        assertEquals(Set.of(identity().pid()), pids);
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void a_control_plane_whose_wrapper_was_killed_is_still_ours() throws Exception {
        rig.with("CP_COMMAND", "MARK=1 sh -c '" + ForeignControlPlane.command().replace("'", "'\\''") + "; true'");
        rig.startControlPlane();
        ProcessHandle leader = ProcessHandle.of(identity().pid()).orElseThrow();
        leader.destroyForcibly();
        leader.onExit().join();
        assertEquals(ControlPlane.State.RUNNING, rig.controlPlane().state());
        assertEquals(Exit.OK, rig.round().exit());
        assertTrue(rig.controlPlane().stop(Duration.ofSeconds(10)).isPresent());
        assertEquals(Listeners.Owner.NOBODY, rig.controlPlane().portOwner());
    }

    @Test
    void a_hung_control_plane_is_examined_ended_and_started_again() throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "3").startControlPlane();
        rig.round();
        ProcessIdentity hung = identity();
        signal("STOP");
        RoundRig.Round round = rig.round();
        assertTrue(round.summary().get("hung").asBoolean(), round.err());
        assertTrue(round.summary().get("restarted").asBoolean());
        assertFalse(hung.alive());
        assertNotEquals(hung.pid(), identity().pid());
        String forensics = round.text("cp-forensics.txt");
        assertTrue(
                forensics.contains("State:\tT (stopped)")
                        && forensics.contains("socket:")
                        && forensics.contains("no complete answer within 3000 ms"),
                forensics);
        assertTrue(forensics.endsWith("\nended by SIGKILL, 10 s after a SIGTERM that had no effect\n"), forensics);
        assertTrue(round.summary().get("create_ok").asInt() > 0); // on a busy machine one may take longer than the 3 s
    }

    @Test
    void an_attached_control_plane_that_hangs_is_never_touched() throws Exception {
        rig.startControlPlane();
        ProcessIdentity identity = identity();
        rig.with("CP_MODE", "attached", "REQUEST_TIMEOUT_SECONDS", "1");
        signal("STOP");
        RoundRig.Round round = rig.round();
        assertEquals("failed", round.summary().get("health").asText());
        assertFalse(round.summary().get("restarted").asBoolean());
        assertTrue(identity.alive());
        rig.with("CP_MODE", "external");
    }

    @Test
    void a_session_of_strangers_whose_leader_has_ended_is_not_signalled_though_its_pid_was_ours() throws Exception {
        Path told = rig.dir.root().resolve("told");
        Process leader = new ProcessBuilder(
                        "setsid", "--fork", "--wait", "sh", "-c", "sleep 600 & echo $$ $! > told.tmp; mv told.tmp told")
                .directory(rig.dir.root().toFile())
                .start();
        assertEquals(0, leader.waitFor());
        String[] pids = Files.readString(told).strip().split(" ");
        ProcessHandle stranger = ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow();
        try {
            for (String mark : List.of("", "ours")) {
                Files.writeString(
                        rig.dir.pidFile(),
                        new ProcessIdentity(Long.parseLong(pids[0]), "1", ProcessIdentity.currentBoot(), mark)
                                .render());
                assertEquals(ControlPlane.State.DEAD, rig.controlPlane().state());
                assertTrue(rig.controlPlane().stop(Duration.ZERO).isEmpty());
                assertTrue(stranger.isAlive());
            }
        } finally {
            stranger.destroyForcibly();
            Files.delete(rig.dir.pidFile());
        }
    }

    @Test
    void a_recycled_pid_is_not_taken_for_the_control_plane_and_not_signalled() throws Exception {
        Process bystander = new ProcessBuilder("sleep", "600").start();
        try {
            ProcessIdentity other = ProcessIdentity.of(bystander.pid()).orElseThrow();
            Files.writeString(rig.dir.pidFile(), new ProcessIdentity(other.pid(), "1", other.bootId(), "").render());
            assertEquals(ControlPlane.State.DEAD, rig.controlPlane().state());
            assertTrue(rig.controlPlane().stop(Duration.ZERO).isEmpty());
            Files.writeString(
                    rig.dir.pidFile(),
                    new ProcessIdentity(other.pid(), other.startTicks(), "another-boot", "").render());
            assertEquals(ControlPlane.State.DEAD, rig.controlPlane().state());
            assertTrue(rig.controlPlane().stop(Duration.ZERO).isEmpty());
            RoundRig.Round round = rig.round();
            assertTrue(round.summary().get("restarted").asBoolean());
            assertTrue(bystander.isAlive());
            Files.writeString(rig.dir.pidFile(), identity().render()); // so that the rig ends it
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void a_cp_pid_of_garbage_names_no_process_and_ends_no_round() throws Exception {
        Files.write(rig.dir.pidFile(), new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0x81, '\n'});
        assertEquals(ControlPlane.State.DEAD, rig.controlPlane().state());
        assertTrue(rig.round().summary().get("restarted").asBoolean());
    }

    @Test
    void a_start_that_cannot_even_be_tried_is_a_failed_step_and_the_round_is_recorded() throws Exception {
        Files.createDirectory(rig.dir.cpLog());
        RoundRig.Round round = rig.round();
        assertEquals(Exit.BAD, round.exit(), round.err());
        assertEquals("failed", round.summary().get("health").asText());
        assertTrue(round.summary().get("failures").get("v01_health").asText().contains("cp.log"), round.err());
        assertEquals("FAIL", round.summary().get("v03_stuck_scan").asText());
        Files.delete(rig.dir.cpLog());
        assertTrue(rig.round().summary().get("restarted").asBoolean());
    }

    @Test
    void a_bare_pid_of_the_bash_scripts_is_used_but_never_signalled() throws Exception {
        rig.startControlPlane();
        String ours = Files.readString(rig.dir.pidFile());
        Files.writeString(rig.dir.pidFile(), identity().pid() + "\n");
        assertEquals(ControlPlane.State.UNVERIFIED, rig.controlPlane().state());
        assertEquals(Exit.OK, rig.round().exit());
        assertTrue(rig.controlPlane().stop(Duration.ZERO).isEmpty());
        Files.writeString(rig.dir.pidFile(), ours);
    }

    @Test
    void a_stranger_on_the_port_is_not_taken_for_the_control_plane_even_if_it_answers_health() throws Exception {
        rig.startControlPlane();
        rig.round();
        killAndAwait();
        URI url = URI.create(settings.Config.read(rig.dir).cpUrl());
        HttpServer thief = Ports.afterAKill(
                () -> HttpServer.create(new InetSocketAddress(InetAddress.getByName(url.getHost()), url.getPort()), 0));
        thief.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        thief.start();
        try {
            RoundRig.Round round = rig.round();
            assertEquals("failed", round.summary().get("health").asText());
            assertTrue(round.summary().get("port_conflict").asBoolean(), round.err());
            assertEquals(0, round.summary().get("create_ok").asInt());
            assertTrue(round.err().contains("port " + url.getPort() + " is taken by another process"), round.err());
        } finally {
            thief.stop(0);
        }
        RoundRig.Round next = rig.round();
        assertEquals(20, next.summary().get("plan_count").asInt());
        assertEquals(0, next.summary().get("lost_plans").asInt());
    }

    @Test
    void a_control_plane_that_ends_at_once_or_is_missing_leaves_its_last_words_in_the_round() throws Exception {
        RoundRig.Round exits = rig.with("CP_COMMAND", "sh -c \"echo 'no licence found'; exit 3\"")
                .round();
        assertTrue(
                exits.err().contains("ended at once with exit code 3")
                        && exits.err().contains("no licence found"),
                exits.err());
        assertEquals(List.of(), exits.lines("plan-ids.txt"));
        RoundRig.Round missing =
                rig.with("CP_COMMAND", "/no/such/binary --listen {listen}").round();
        assertTrue(missing.err().contains("exit code 127") && missing.err().contains("/no/such/binary"), missing.err());
    }

    @Test
    void a_control_plane_that_is_not_healthy_in_time_is_left_to_recover_and_ended_only_if_it_does_not_answer_next_time()
            throws Exception {
        rig.with("CP_COMMAND", "sleep 600", "CP_RESTART_TIMEOUT_SECONDS", "1");
        RoundRig.Round round = rig.round();
        assertTrue(round.err().contains("was not healthy within 1 s"), round.err());
        ProcessIdentity slow = identity();
        assertTrue(slow.alive());
        rig.with("CP_COMMAND", ForeignControlPlane.command(), "CP_RESTART_TIMEOUT_SECONDS", "30");
        RoundRig.Round next = rig.round();
        assertTrue(next.summary().get("restarted").asBoolean());
        assertFalse(next.summary().get("hung").asBoolean(), "it does not listen, so nothing hangs");
        assertTrue(
                next.err().contains("it runs but does not listen; the round ended the process, see cp-forensics.txt"),
                next.err());
        assertFalse(slow.alive());
        assertEquals(10, next.summary().get("create_ok").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void a_command_with_a_wrapper_is_ended_whole() throws Exception {
        rig.with("CP_COMMAND", "MARK=1 sh -c '" + ForeignControlPlane.command().replace("'", "'\\''") + "; true'");
        rig.startControlPlane();
        assertTrue(identity().session().size() >= 2, identity().session().toString());
        assertEquals(Listeners.Owner.OURS, rig.controlPlane().portOwner());
        assertTrue(rig.controlPlane().stop(Duration.ofSeconds(10)).isPresent());
        assertEquals(Listeners.Owner.NOBODY, rig.controlPlane().portOwner());
    }

    @Test
    void a_killed_round_frees_the_lock_and_what_it_had_created_is_settled_by_the_next_listing() throws Exception {
        rig.startControlPlane();
        ForeignControlPlane.set(settings.Config.read(rig.dir).cpUrl(), "create_delay_ms", "400");
        Process killed = new ProcessBuilder(Fork.java("round", folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path ids = null;
        // the first create has been answered
        while (ids == null || !Files.exists(ids.resolveSibling("plans-created.txt"))) {
            ids = rig.folders().stream()
                    .map(f -> f.resolve("plan-ids.txt"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElse(null);
            assertTrue(killed.isAlive());
            Thread.sleep(1);
        }
        killed.destroyForcibly().waitFor();
        ForeignControlPlane.set(settings.Config.read(rig.dir).cpUrl(), "create_delay_ms", "");
        assertFalse(Files.exists(ids.resolveSibling("round-summary.json")));
        rig.setNow(java.time.Instant.now());
        RoundRig.Round next = rig.round();
        int acknowledged = (int) Files.readAllLines(ids.resolveSibling("plans-created.txt")).stream()
                .filter("201"::equals)
                .count();
        assertEquals(acknowledged + 10, next.summary().get("expected_plans").asInt());
        assertEquals(0, next.summary().get("lost_plans").asInt());
        assertTrue(next.summary().get("revived_plans").asInt() <= 1);
        assertEquals(Exit.OK, next.exit(), next.err());
    }

    @Test
    void of_ten_rounds_at_once_exactly_one_runs() throws Exception {
        rig.startControlPlane();
        // the winner still runs when the last one starts
        ForeignControlPlane.set(settings.Config.read(rig.dir).cpUrl(), "create_delay_ms", "1000");
        ArrayList<Process> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new ProcessBuilder(Fork.java("round", folder.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        ArrayList<Integer> exits = new ArrayList<>();
        for (Process process : all) {
            exits.add(process.waitFor());
        }
        exits.sort(null);
        assertEquals(List.of(0, 75, 75, 75, 75, 75, 75, 75, 75, 75), exits);
        assertEquals(1, rig.folders().size());
    }
}
