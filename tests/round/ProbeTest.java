import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import com.sun.net.httpserver.HttpServer;
import cron.CronWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.Config;
import workload.Machine;
import workload.Probe;
import workload.RoundLock;

/** {@code round --probe}: it sees what a round sees, and nothing is other than it was. */
class ProbeTest {
    @TempDir
    Path folder;

    RoundRig rig;

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    /** Every file and folder of the soak, with what is in it. */
    private Map<String, String> everything() throws Exception {
        Map<String, String> all = new TreeMap<>(Reports.contents(folder));
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(Files::isDirectory).forEach(path -> all.put(folder.relativize(path) + "/", "folder"));
        }
        return all;
    }

    private static String line(RoundRig.Round probe, String label) {
        return probe.out()
                .lines()
                .filter(line -> line.startsWith(label))
                .findFirst()
                .orElse("no " + label + " in " + probe.out() + probe.err());
    }

    @Test
    void a_disk_that_tells_no_size_is_not_called_full() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "size=0")) {
            rig = RoundRig.attached(Files.createDirectory(disk.at().resolve("soak")));
            String told = line(rig.probe(), "Disk");
            assertTrue(told.endsWith("unknown: the file system of SOAK_DIR does not report its size"), told);
            rig.close();
        }
    }

    @Test
    void stuck_plans_of_others_are_told_as_what_the_next_round_leaves_alone() throws Exception {
        rig = RoundRig.attached(folder);
        rig.round();
        rig.stuck(null, "somebody-elses", "another");
        assertEquals(
                "Stuck    no plan of this soak is stuck; 2 are not of this soak, and left alone",
                line(rig.probe(), "Stuck"));
        rig.stuck(null, "somebody-elses", "soak-1790812800-01");
        assertEquals(
                "Stuck    1 plan; the next round recovers it; 1 is not of this soak, and left alone",
                line(rig.probe(), "Stuck"));
        rig.with("RECOVER_FOREIGN", "yes");
        assertEquals("Stuck    2 plans; the next round recovers them", line(rig.probe(), "Stuck"));
    }

    @Test
    void it_sees_all_and_changes_nothing_before_the_first_round_and_after() throws Exception {
        rig = RoundRig.attached(folder);
        Map<String, String> empty = everything();
        RoundRig.Round before = rig.probe();
        assertEquals(Exit.OK, before.exit(), before.out() + before.err());
        assertEquals("Stuck    no plan is stuck", line(before, "Stuck"));
        assertEquals(empty, everything(), "no lock, no reserve, no folder");
        rig.rounds(2);
        rig.cp.set("stuck_plans", "2");
        Map<String, String> two = everything();
        RoundRig.Round probe = rig.probe();
        assertEquals(Exit.OK, probe.exit(), probe.out() + probe.err());
        assertEquals(two, everything());
        assertEquals(20, rig.cp.planIds().size());
        assertEquals("Stuck    2 plans; the next round recovers them", line(probe, "Stuck"));
        assertEquals("Plans    20 listed in 1 page, 20 expected: 0 lost, 0 twice", line(probe, "Plans"));
        assertEquals("Last     2026-10-01/round-003000, recorded", line(probe, "Last"));
        assertEquals("Next     slot 2, due now", line(probe, "Next"));
        assertTrue(line(probe, "Metrics").startsWith("Metrics  cp_http_requests_total "), probe.out());
        assertTrue(
                probe.out().endsWith("\nEverything is good.\n")
                        && probe.out().lines().count() < 24,
                probe.out());
        assertEquals(1, rig.round().summary().get("recovery_ok").asInt() - 1, "the round recovers them");
    }

    /** Root's shell has umask 077, and root looked after the soak of somebody else. */
    @Test
    void a_round_that_this_user_may_not_read_is_named_with_its_owner() throws Exception {
        rig = RoundRig.attached(folder);
        rig.rounds(2);
        Fork.run("chmod", "-R", "a+rX", folder.toString());
        Path round = rig.folders().get(0);
        Files.setPosixFilePermissions(round, PosixFilePermissions.fromString("rwx------"));
        Fork.Result probe = OtherUser.run(Fork.java("round", folder.toString(), "--probe"));
        assertEquals(
                round
                        + " may not be read by user nobody: it belongs to OWNER (rwx------); run this as that user, or"
                        + " let nobody read it\n",
                probe.err().replaceAll("^.*?round: ", "").replaceAll("belongs to \\w+ ", "belongs to OWNER "));
        assertEquals(Exit.USAGE, probe.exit());
    }

    @Test
    void what_keeps_cron_from_the_next_round_is_not_passed_over_in_the_last_line(@TempDir Path machine)
            throws Exception {
        rig = RoundRig.attached(folder);
        Path init = Files.createDirectories(machine.resolve("proc/1"));
        Files.writeString(init.resolve("comm"), "sh\n");
        Files.writeString(init.resolve("cmdline"), "sh");
        Files.writeString(init.resolve("stat"), "1 (sh) S 0 1 1");
        Config config = Config.read(rig.dir);
        StringWriter out = new StringWriter();
        int exit = new Probe(
                        config,
                        rig.clock(),
                        Machine.real().controlPlane(config, rig.clock()),
                        CronWatch.of(rig.dir, Map.of("PATH", machine.toString()), machine))
                .run(new PrintWriter(out));
        assertEquals(Exit.OK, exit, out.toString());
        assertTrue(out.toString().contains("\nCron     on this machine no cron daemon runs"), out.toString());
        assertTrue(
                out.toString()
                        .endsWith(
                                "\n" + "Everything that a round looks at is good; the line Cron says what may keep the"
                                        + " next round from starting.\n"),
                out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "health,500,health",
        "health,hang,health",
        "stuck,503,stuck",
        "list,half-json,plans",
        "list,503,plans",
        "metrics,garbage,metrics",
        "lose,1,plans",
        "duplicate,1,plans"
    })
    void what_a_round_would_fail_for_is_said_with_exit_10_and_raises_no_alert(String what, String fault, String named)
            throws Exception {
        rig = RoundRig.attached(folder).with("REQUEST_TIMEOUT_SECONDS", "1");
        rig.round();
        Map<String, String> before = everything();
        rig.cp.set(what, fault);
        RoundRig.Round probe = rig.probe();
        assertEquals(Exit.BAD, probe.exit(), probe.out());
        assertTrue(probe.out().endsWith("\nSomething is wrong: " + named + ".\n"), probe.out());
        assertEquals(before, everything());
        assertEquals(List.of(), rig.alerts());
    }

    @Test
    void a_round_that_runs_is_neither_hindered_nor_judged() throws Exception {
        rig = RoundRig.attached(folder);
        rig.round();
        Files.createDirectories(rig.dir.round("2026-10-01/round-003000"));
        rig.cp.set("lose", "1");
        try (RoundLock running = RoundLock.take(rig.dir)) {
            RoundRig.Round probe = rig.probe();
            assertEquals(Exit.OK, probe.exit(), probe.out());
            assertEquals("Last     2026-10-01/round-003000, running now", line(probe, "Last"));
            assertTrue(
                    line(probe, "Plans").endsWith("1 lost, 0 twice; a round is running: look again when it has ended"),
                    probe.out());
            rig.setNow(RoundRig.START.plusSeconds(7200));
            assertEquals(
                    "Last     2026-10-01/round-003000, running now", line(rig.probe(), "Last"), "for however long");
        }
        RoundRig.Round later = rig.probe();
        assertEquals("Last     2026-10-01/round-003000, without a summary: it was killed", line(later, "Last"));
        assertTrue(line(later, "Plans").startsWith("Plans    FAIL: "), later.out());
    }

    @Test
    void an_overdue_round_and_the_end_of_the_soak_are_said() throws Exception {
        rig = RoundRig.attached(folder).with("SOAK_DAYS", "1");
        rig.round();
        rig.setNow(RoundRig.START.plusSeconds(600));
        assertEquals("Next     slot 1 at 2026-10-01T00:30:00Z", line(rig.probe(), "Next"));
        rig.setNow(RoundRig.START.plusSeconds(1800 + 121));
        RoundRig.Round overdue = rig.probe();
        assertEquals(Exit.BAD, overdue.exit());
        assertEquals("Next     FAIL: slot 1 has waited 121 s for its round", line(overdue, "Next"));
        rig.setNow(RoundRig.START.plusSeconds(86_400));
        assertEquals("Next     none: the soak has ended", line(rig.probe(), "Next"));
    }

    @Test
    void a_strangers_control_plane_is_asked_its_health_alone_and_nothing_is_concluded() throws Exception {
        rig = RoundRig.external(folder);
        rig.startControlPlane();
        rig.round();
        rig.controlPlane().stop(Duration.ofSeconds(10));
        java.net.URI url = java.net.URI.create(settings.Config.read(rig.dir).cpUrl());
        List<String> asked = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        HttpServer thief = Ports.afterAKill(() -> HttpServer.create(
                new java.net.InetSocketAddress(java.net.InetAddress.getByName(url.getHost()), url.getPort()), 0));
        thief.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] answer = "{\"plans\":[],\"diagnosis\":[\"a-plan-of-theirs\"]}".getBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        thief.start();
        try {
            RoundRig.Round probe = rig.probe();
            assertEquals(Exit.BAD, probe.exit(), probe.out());
            assertEquals(List.of("GET /v1/health"), asked);
            assertTrue(
                    line(probe, "Process").contains("dead")
                            && line(probe, "Health")
                                    .startsWith(
                                            "Health   FAIL: port " + url.getPort() + " is taken by another process"),
                    probe.out());
            assertFalse(probe.out().contains("\nPlans") || probe.out().contains("\nStuck"), probe.out());
        } finally {
            thief.stop(0);
        }
    }

    @Test
    void a_listing_that_lags_behind_convicts_nobody() throws Exception {
        rig = RoundRig.attached(folder);
        rig.round();
        rig.cp.set("lose", "1");
        rig.cp.set("for_listings", "1");
        RoundRig.Round probe = rig.probe();
        assertEquals(Exit.OK, probe.exit(), probe.out());
        assertTrue(line(probe, "Plans").endsWith("10 expected: 0 lost, 0 twice, 1 unconfirmed"), probe.out());
    }

    @Test
    void a_dead_control_plane_stays_dead() throws Exception {
        rig = RoundRig.external(folder);
        RoundRig.Round probe = rig.probe();
        assertEquals(Exit.BAD, probe.exit(), probe.out());
        assertEquals("Process  FAIL: dead: the next round restarts it", line(probe, "Process"));
        assertFalse(Files.exists(rig.dir.pidFile()));
    }
}
