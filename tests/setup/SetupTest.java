import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import base.Sha256;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import process.ControlPlane;
import settings.Config;

/** A first setup and its resumes, on real processes. */
@Tag("slow")
class SetupTest extends NewSoak {
    @Test
    void the_embedded_control_plane_runs_and_the_first_round_is_done_by_the_frozen_build() throws Exception {
        Fork.Result result = soak.first();
        Setups.assertExit(Exit.OK, result);
        String summary = Files.readString(soak.dir.setupSummary());
        assertTrue(
                summary.startsWith("result: PASS\ncp_start_ms: ") && summary.contains("\nhealth_http_code: 200\n"),
                summary);
        assertEquals(ControlPlane.State.RUNNING, soak.controlPlane().state());
        Path round;
        try (Stream<Path> found = Files.find(soak.dir.rounds(), 3, (p, a) -> p.endsWith("round-summary.json"))) {
            round = found.findFirst().orElseThrow();
        }
        var json = Json.parse(Files.readString(round));
        assertEquals(10, json.path("create_ok").asInt());
        assertEquals(0, json.path("slot").asInt());
        assertEquals(
                json.path("started_at").asText(),
                soak.read().get("SOAK_STARTED_AT"),
                "the soak starts with its first round");
        assertEquals("4", soak.read().get("RECOVERY_DRILL_EVERY"));
        assertTrue(summary.contains("\nstarted_at: " + soak.read().get("SOAK_STARTED_AT") + "\n"), summary);
        assertTrue(soak.config().contains("\nCP_MODE=embedded\n"));
        assertEquals("", soak.resumes());
    }

    @Test
    void a_paging_that_is_not_understood_is_said_by_the_setup_and_not_five_hours_later() throws Exception {
        String silent =
                "printf 'list=no-cursor\\nno_total=1\\n' > {data_dir}/switches; exec " + ForeignControlPlane.command();
        Files.writeString(folder.resolve("plan.json"), ForeignControlPlane.TEMPLATE);
        Fork.Result result = soak.first(
                "--cp-command",
                silent,
                "--cli",
                ForeignControlPlane.cli(folder).toString(),
                "--plan-template",
                folder.resolve("plan.json").toString(),
                "--set",
                "CP_CURSOR_PARAM=page_token");
        Setups.assertExit(Exit.OK, result);
        assertTrue(
                result.err()
                        .contains(
                                "setup: WARNING: the paging of the listing is not understood (tried with limit=1 on 10"
                                        + " plans): "),
                result.err());
    }

    @Test
    void a_resume_keeps_every_byte_and_starts_a_dead_control_plane() throws Exception {
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round", "--days", "3"));
        Files.writeString(soak.dir.config(), "MY_OWN='a key'\n", java.nio.file.StandardOpenOption.APPEND);
        String config = soak.config();
        String summary = Files.readString(soak.dir.setupSummary());
        Path cli = ForeignControlPlane.cli(folder);
        assertTrue(
                summary.contains("\nautonomy_cli_sha256: " + Sha256.of(cli) + "\n")
                        && summary.matches("(?s).*\ncp_program: /\\S+\ncp_program_sha256: [0-9a-f]{64}\n.*"),
                summary);
        long pid = soak.controlPlane().identity().orElseThrow().pid();

        Setups.assertExit(Exit.OK, soak.run());
        assertTrue(soak.resumes().matches("\\S+Z resumed control_plane=alive pid=" + pid + "\n"), soak.resumes());

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());
        Setups.assertExit(Exit.OK, soak.run("--days", "3"));
        long second = soak.controlPlane().identity().orElseThrow().pid();
        assertNotEquals(pid, second);
        assertTrue(
                soak.resumes().lines().toList().get(1).matches("\\S+Z resumed control_plane=started pid=" + second),
                soak.resumes());
        assertEquals(config, soak.config());
        assertEquals(summary, Files.readString(soak.dir.setupSummary()));
    }

    @Test
    void a_resume_adds_missing_keys_and_leaves_comments_and_order_alone() throws Exception {
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round"));
        String shorter = "# mine\n"
                + soak.config()
                        .lines()
                        .filter(l -> !l.startsWith("TARGET_P99_MS="))
                        .reduce("", (a, b) -> a + b + "\n");
        Files.writeString(soak.dir.config(), shorter);
        Setups.assertExit(Exit.OK, soak.run("--set", "NEW_KEY=a b"));
        assertTrue(soak.config().startsWith(shorter), soak.config());
        assertEquals("500", soak.read().get("TARGET_P99_MS"));
        assertEquals("a b", soak.read().get("NEW_KEY"));
    }

    @Test
    void an_option_that_contradicts_the_soak_is_refused_and_nothing_is_changed() throws Exception {
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round"));
        String config = soak.config();
        Files.writeString(folder.resolve("other.json"), "{\"id\": \"{plan_id}\"}");
        String anEditFails = "start a new soak in another folder: an edit after the first round fails the verdicts"
                + " that depend on ";
        String anEditWillDo = "To change it, edit ";
        for (String[] change : new String[][] {
            {anEditFails + "SOAK_DAYS", "--days", "31"},
            {anEditFails + "TARGET_P99_MS", "--set", "TARGET_P99_MS=501"},
            {"an edit after the first round makes the rounds before it count as", "--set", "SOAK_ID=other"},
            {anEditWillDo, "--set", "TSA_URL=http://127.0.0.1:1"},
            {anEditWillDo + "CP_URL in that file", "--listen", "127.0.0.1:1"},
            {
                anEditWillDo + "that file",
                "--plan-template",
                folder.resolve("other.json").toString()
            }
        }) {
            Fork.Result result = soak.run(Arrays.copyOfRange(change, 1, change.length));
            Setups.assertExit(Exit.USAGE, result);
            assertTrue(
                    result.err().contains("; nothing was changed. ")
                            && result.err().contains(change[0])
                            && result.err().lines().count() == 1,
                    result.err());
        }
        Setups.assertExit(Exit.USAGE, soak.run("--attach"));
        assertEquals(config, soak.config());
        assertEquals("", soak.resumes());
    }

    @Test
    void the_environment_gives_defaults_once_and_never_again() throws Exception {
        soak.environment.put("PLANS_PER_ROUND", "7");
        soak.environment.put("SOAK_DAYS", "5");
        soak.environment.put("SOAK_STARTED_AT", "2020-01-01T00:00:00Z");
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round", "--days", "6"));
        assertEquals(7, soak.read().plansPerRound());
        assertEquals(6, soak.read().days(), "an option goes before the environment");
        assertNotEquals("2020-01-01T00:00:00Z", soak.read().get("SOAK_STARTED_AT"));
        soak.environment.put("PLANS_PER_ROUND", "8");
        soak.environment.put("CP_URL", "http://127.0.0.1:1");
        String config = soak.config();
        Setups.assertExit(Exit.OK, soak.run());
        assertEquals(config, soak.config());
    }

    @Test
    void without_a_first_round_the_soak_begins_with_the_next_slot() throws Exception {
        soak.time = new ControlPlanes.SetTime("2026-10-01T10:00:01Z");
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round"));
        assertEquals("2026-10-01T10:30:00Z", soak.read().get("SOAK_STARTED_AT"));
        assertTrue(Files.readString(soak.dir.setupSummary()).contains("started_at: 2026-10-01T10:30:00Z\n"));
        soak.time = new ControlPlanes.SetTime("2026-10-01T11:00:01Z");
        Setups.assertExit(Exit.OK, soak.run());
        assertEquals("2026-10-01T10:30:00Z", soak.read().get("SOAK_STARTED_AT"), "a resume never moves the start");
    }

    @Test
    void a_first_round_that_finds_something_bad_is_said_and_setup_is_done() throws Exception {
        Files.createDirectories(soak.dir.cpData());
        Files.writeString(soak.dir.cpData().resolve("switches"), "create_status=503\n");
        Fork.Result result = soak.foreign();
        Setups.assertExit(Exit.OK, result);
        assertTrue(result.err().contains("THE FIRST ROUND FOUND SOMETHING BAD"), result.err());
        assertTrue(Files.readString(soak.dir.setupSummary()).startsWith("result: PASS\n"));
    }

    @Test
    void stop_ends_what_the_soak_started_and_leaves_a_stranger_with_its_pid_alone() throws Exception {
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round"));
        long pid = soak.controlPlane().identity().orElseThrow().pid();
        Fork.Result stop = soak.run("--stop");
        Setups.assertExit(Exit.OK, stop);
        assertTrue(stop.out().contains("(pid " + pid + ") has ended"), stop.out());
        assertEquals("000", soak.controlPlane().health().code());
        assertEquals(
                "no control plane of this soak runs: nothing was stopped\n",
                soak.run("--stop").out());
        int port = URI.create(Config.read(soak.dir).cpUrl()).getPort();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            String told = soak.run("--stop").out();
            assertTrue(
                    told.contains("nothing was stopped\nWARNING: port " + port + " is taken by another process"), told);
        }

        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            String recycled = Files.readString(soak.dir.pidFile()).replaceFirst("^\\d+", Long.toString(stranger.pid()));
            Files.writeString(soak.dir.pidFile(), recycled);
            assertTrue(soak.run("--stop").out().contains("nothing was stopped"));
            assertTrue(stranger.isAlive());
            Files.writeString(soak.dir.pidFile(), stranger.pid() + "\n");
            Fork.Result bare = soak.run("--stop");
            Setups.assertExit(Exit.FAILED, bare);
            assertTrue(bare.err().contains("nothing was signalled"), bare.err());
            assertTrue(stranger.isAlive());
        } finally {
            stranger.destroyForcibly();
            Files.delete(soak.dir.pidFile());
        }
    }

    @Test
    void programs_are_absolute_for_cron_has_another_path() throws Exception {
        Path tools = Files.createDirectories(folder.resolve("my tools"));
        Path autonomy = ForeignControlPlane.cli(tools);
        soak.environment.put("PATH", tools + ":" + soak.environment.get("PATH"));
        Fork.Result result = soak.first(
                "--cp-command",
                "sh -c 'exit 3'",
                "--cli",
                "autonomy",
                "--no-first-round",
                "--set",
                "CP_START_TIMEOUT_SECONDS=1");
        Setups.assertExit(Exit.FAILED, result);
        assertEquals(autonomy.toString(), soak.read().cli());
        assertTrue(
                soak.read().get("CP_COMMAND").matches("/\\S+/sh -c 'exit 3'"),
                soak.read().get("CP_COMMAND"));
    }

    @Test
    void a_setup_that_was_killed_half_way_is_taken_up_and_what_nobody_measured_is_not_passed() throws Exception {
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round"));
        Files.delete(soak.dir.setupSummary());
        Files.writeString(soak.dir.config(), soak.config().replaceFirst("SOAK_STARTED_AT=.*", "SOAK_STARTED_AT="));
        Fork.Result first = soak.run();
        Setups.assertExit(Exit.FAILED, first);
        assertTrue(
                first.err().contains("the check of the first setup is lost for this folder: not measured")
                        && first.err().contains("start a soak in a new folder"),
                first.err());
        assertTrue(
                Files.readString(soak.dir.setupSummary()).startsWith("result: FAIL\nreason: not measured"),
                Files.readString(soak.dir.setupSummary()));
        assertFalse(Files.exists(soak.dir.soakMetrics()), "no round was run");
        Fork.Result result = soak.run();
        Setups.assertExit(Exit.OK, result);
        assertTrue(result.err().contains("this soak cannot pass"), result.err());
        try (Stream<Path> found = Files.find(soak.dir.rounds(), 3, (p, a) -> p.endsWith("round-summary.json"))) {
            assertEquals(1, found.count(), "the first round was still to come");
        }
        assertFalse(soak.read().get("SOAK_STARTED_AT").isEmpty());
    }

    @Test
    void a_setup_that_a_signal_meets_while_it_measures_the_start_is_again_the_first_one() throws Exception {
        String waits = "test -e ready || sleep 300; exec " + ForeignControlPlane.command();
        java.util.List<String> line = java.util.List.of(
                soak.dir.root().toString(),
                "--listen",
                soak.listen,
                "--metrics-listen",
                soak.metricsListen,
                "--cp-command",
                waits,
                "--cli",
                ForeignControlPlane.cli(folder).toString(),
                "--no-first-round",
                "--set",
                "RECOVERY_DRILL_EVERY=0");
        Path said = folder.resolve("said");
        Process setup = new ProcessBuilder(Fork.java("setup", line.toArray(String[]::new)))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        while (!Files.exists(soak.dir.pidFile())) {
            assertTrue(setup.isAlive(), () -> "it ended: " + said);
            Thread.sleep(1);
        }
        setup.destroy();
        setup.waitFor();
        assertTrue(
                Files.readString(said)
                        .endsWith("setup: a signal ended this setup while it measured the start: the control plane was"
                                + " ended and no start is recorded; run the same command again in the same folder\n"),
                Files.readString(said));
        assertEquals(ControlPlane.State.DEAD, soak.controlPlane().state());
        Files.createFile(soak.dir.root().resolve("ready"));
        Setups.assertExit(Exit.OK, soak.command(line.toArray(String[]::new)));
        assertTrue(Files.readString(soak.dir.setupSummary()).startsWith("result: PASS\ncp_start_ms: "));
    }

    @Test
    void a_first_round_that_a_killed_setup_left_out_is_run_while_its_slot_lasts() throws Exception {
        Setups.assertExit(Exit.OK, soak.foreign("--no-first-round", "--interval", "86400"));
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        soak.time = new ControlPlanes.SetTime(today + "T12:00:00Z"); // far from where the slot ends
        for (String start : new String[] {"T00:00:00Z", "T00:00:01Z"}) { // the first is cron's, and the second setup's
            assertFalse(Files.exists(soak.dir.soakMetrics()), "no round was run");
            Files.writeString(
                    soak.dir.config(),
                    soak.config().replaceFirst("SOAK_STARTED_AT=.*", "SOAK_STARTED_AT=" + today + start));
            Setups.assertExit(Exit.OK, soak.run());
        }
        assertTrue(Files.exists(soak.dir.soakMetrics()), "a round was run");
    }

    @Test
    void a_first_round_that_cannot_run_is_a_setup_that_failed() throws Exception {
        Fork.Result result = soak.first(
                "--cp-command",
                "rm plan-template.json; exec " + ForeignControlPlane.command(),
                "--cli",
                ForeignControlPlane.cli(folder).toString());
        Setups.assertExit(Exit.FAILED, result);
        assertTrue(
                result.err().contains("plan-template.json cannot be read")
                        && result.err().contains("the first round could not do its job (exit 64)"),
                result.err());
        String summary = Files.readString(soak.dir.setupSummary());
        assertTrue(
                summary.startsWith(
                        "result: FAIL\nreason: the first round could not do its job (exit 64)\ncp_start_ms: "),
                summary);
    }

    @Test
    void the_end_of_a_slot_is_waited_for_so_that_round_1_is_in_slot_0() throws Exception {
        ControlPlanes.SetTime late = new ControlPlanes.SetTime("2026-10-01T10:29:57Z");
        var said = new java.io.StringWriter();
        provision.Beginning.awaitRoomInSlot(late, 1800, new java.io.PrintWriter(said, true));
        assertEquals("2026-10-01T10:30:00Z", late.now().toString());
        assertTrue(said.toString().contains("waiting"), said.toString());
        provision.Beginning.awaitRoomInSlot(late, 1800, new java.io.PrintWriter(said, true));
        assertEquals("2026-10-01T10:30:00Z", late.now().toString());
        provision.Beginning.awaitRoomInSlot(late, 1, new java.io.PrintWriter(said, true));
        assertEquals("2026-10-01T10:30:00Z", late.now().toString(), "a slot of a second is never long enough");
    }
}
