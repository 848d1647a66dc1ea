import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import base.HeldLock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import process.ProcessIdentity;

/** Bad input gets one clear sentence and the contract's exit code, and nothing is lost. */
@Tag("slow")
class SetupRefusalTest extends NewSoak {
    @Override
    Setups made() throws IOException {
        return new Setups(folder, "soak");
    }

    private void refused(Fork.Result result, int exit, String... words) {
        assertEquals(exit, result.exit(), result.err());
        assertEquals("", result.out());
        for (String word : words) {
            assertTrue(result.err().contains(word), result.err());
        }
        assertFalse(result.err().contains("\tat "), result.err());
    }

    private void refusedBeforeTheFirstWrite(Fork.Result result, int exit, String... words) {
        refused(result, exit, words);
        assertEquals(1, result.err().lines().count(), result.err());
        assertFalse(Files.exists(soak.dir.root()), "nothing is written");
    }

    @Test
    void options_that_make_no_sense_are_refused_before_anything_is_written() throws Exception {
        refusedBeforeTheFirstWrite(soak.run("--interval", "7"), Exit.USAGE, "setup: --interval 7 ", "divisor of 86400");
        refusedBeforeTheFirstWrite(soak.run("--days", "0"), Exit.USAGE, "setup: --days 0 ");
        refusedBeforeTheFirstWrite(
                soak.run("--days", "99999999"), Exit.USAGE, "setup: --days 99999999 ", "3000000 slots");
        refusedBeforeTheFirstWrite(
                soak.run("--interval", "90", "--install-crontab"),
                Exit.USAGE,
                "--install-crontab",
                "90 s",
                "--systemd");
        refusedBeforeTheFirstWrite(
                soak.run("--set", "TARGET_ROLLBACK_RATE=2"),
                Exit.USAGE,
                "setup: --set TARGET_ROLLBACK_RATE=2 ",
                "from 0 to 1");
        refusedBeforeTheFirstWrite(
                soak.run("--set", "TARGET_UPTIME_PCT=200"),
                Exit.USAGE,
                "setup: --set TARGET_UPTIME_PCT=200 ",
                "from 0 to 100");
        refusedBeforeTheFirstWrite(soak.run("--days", "many"), Exit.USAGE, "--days");
        refusedBeforeTheFirstWrite(soak.run("--listen", "19000"), Exit.USAGE, "--listen 19000", "HOST:PORT");
        refusedBeforeTheFirstWrite(soak.run("--listen", "127.0.0.1:99999"), Exit.USAGE, "--listen");
        refusedBeforeTheFirstWrite(
                soak.run("--listen", "127.0.0.1:7", "--metrics-listen", "127.0.0.1:7"), Exit.USAGE, "both");
        refusedBeforeTheFirstWrite(soak.run("--set", "TARGET_P99_MS"), Exit.USAGE, "KEY=VALUE");
        refusedBeforeTheFirstWrite(soak.run("--set", "X=a\nb"), Exit.USAGE, "line break");
        refusedBeforeTheFirstWrite(soak.run("--set", "SOAK_DAYS=3", "--days", "4"), Exit.USAGE, "contradict");
        refusedBeforeTheFirstWrite(soak.run("--attach", "--cp-command", "x"), Exit.USAGE, "--attach");
        refusedBeforeTheFirstWrite(
                soak.run(
                        "--attach",
                        "--listen",
                        "127.0.0.1:7",
                        "--metrics-listen",
                        "127.0.0.1:8",
                        "--set",
                        "CP_COMMAND=x"),
                Exit.USAGE,
                "setup: CP_MODE=attached (--attach) ",
                "(x) starts one: give one of them\n");
        refusedBeforeTheFirstWrite(
                soak.run("--cp-command", "x", "--set", "RECOVERY_DRILL_EVERY=4"), Exit.USAGE, "--drill-template");
        refusedBeforeTheFirstWrite(soak.run("--set", "SOAK_ID=a/b"), Exit.USAGE, "SOAK_ID=a/b");
        refusedBeforeTheFirstWrite(soak.run("--set", "PING_URL=hc-ping.com/x"), Exit.USAGE, "PING_URL", "https://");
        refusedBeforeTheFirstWrite(soak.run("--cli", "/no/such/autonomy"), Exit.USAGE, "/no/such/autonomy", "--cli");
        refusedBeforeTheFirstWrite(soak.run("--cli", "/tmp"), Exit.USAGE, "/tmp", "--cli");
        refusedBeforeTheFirstWrite(
                soak.run("--check", "--stop"), Exit.USAGE, "--stop does nothing else, and --check asks for more");
        refusedBeforeTheFirstWrite(
                soak.run("--remove-crontab", "--install-crontab"), Exit.USAGE, "and --install-crontab asks for more");
        refusedBeforeTheFirstWrite(soak.run("--no-such-option"), Exit.USAGE, "--no-such-option");
    }

    @Test
    void options_of_which_one_would_be_left_out_without_a_word_are_refused() throws Exception {
        refusedBeforeTheFirstWrite(
                soak.run("--stop", "--systemd"), Exit.USAGE, "--stop does nothing else, and --systemd asks for more");
        refusedBeforeTheFirstWrite(soak.run("--stop", "--resume"), Exit.USAGE, "and --resume asks for more");
        refusedBeforeTheFirstWrite(
                soak.run("--stop", "--set", "PLANS_PER_ROUND=5"), Exit.USAGE, "and --set asks for more");
        refusedBeforeTheFirstWrite(
                soak.run("--remove-crontab", "--systemd"),
                Exit.USAGE,
                "--remove-crontab does nothing else, and --systemd asks for more");
        refusedBeforeTheFirstWrite(
                soak.run("--resume", "--systemd"), Exit.USAGE, "--resume prints one line and no others, and --systemd");
        refusedBeforeTheFirstWrite(soak.run("--resume", "--install-crontab"), Exit.USAGE, "run setup without --resume");
        refusedBeforeTheFirstWrite(
                soak.run("--install-crontab", "--systemd"), Exit.USAGE, "would start each round twice");
        refused(
                soak.command(folder + "/none", "--stop", "--remove-crontab"),
                Exit.USAGE,
                "does not exist"); // these two go together
    }

    @Test
    void a_folder_that_cannot_be_a_soak_is_named() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        refused(soak.on(file.toString()), Exit.USAGE, "is a file, not a folder");
        refused(soak.on(file + "/below"), Exit.USAGE, "cannot be written");
        refused(soak.on(folder + "/a:b"), Exit.USAGE, "colon");
        refused(soak.on(folder + "/a\nb"), Exit.USAGE, "control character");
        refused(soak.on(folder + "/50%"), Exit.USAGE, "has a % without");
        refused(soak.on(folder + "/a%zz"), Exit.USAGE, "has a % without");
        refused(soak.command(folder + "/none", "--stop"), Exit.USAGE, "does not exist");
        refused(soak.command(folder + "/none", "--resume"), Exit.USAGE, "does not exist");
        refused(soak.on("/proc/soak"), Exit.USAGE, "/proc/soak", "cannot be written");
    }

    @Test
    void a_broken_template_is_named_with_the_place_of_its_fault() throws Exception {
        Path template = folder.resolve("plan.json");
        for (String[] broken : new String[][] {
            {"{\"plan_id\": \"fixed\"}", "{plan_id}"},
            {"{\"plan_id\": \"{plan_id}\",\n oops}", "line 2"},
            {"[\"{plan_id}\"]", "object"},
            {"\"{plan_id}\" {}", "plan.json"}
        }) {
            Files.writeString(template, broken[0]);
            refusedBeforeTheFirstWrite(
                    soak.run("--plan-template", template.toString()), Exit.USAGE, template.toString(), broken[1]);
            refusedBeforeTheFirstWrite(
                    soak.run("--drill-template", template.toString()), Exit.USAGE, template.toString(), broken[1]);
        }
        refusedBeforeTheFirstWrite(
                soak.run("--plan-template", folder.resolve("none.json").toString()), Exit.USAGE, "none.json");
    }

    @Test
    void a_taken_port_is_told_before_the_first_setup_counts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            refusedBeforeTheFirstWrite(
                    soak.run("--listen", address, "--metrics-listen", soak.metricsListen),
                    Exit.FAILED,
                    "port " + taken.getLocalPort(),
                    "--listen");
            refusedBeforeTheFirstWrite(
                    soak.run("--listen", soak.listen, "--metrics-listen", address),
                    Exit.FAILED,
                    "port " + taken.getLocalPort(),
                    "--metrics-listen");
        }
    }

    @Test
    void what_a_soak_that_is_set_up_has_wrong_is_corrected_in_its_config() throws Exception {
        Files.createDirectories(soak.dir.root());
        Files.writeString(
                soak.dir.config(),
                "CP_COMMAND='sleep 600'\nAUTONOMY_CLI=/no/such/autonomy\nCP_URL=http://" + soak.listen
                        + "\nCP_METRICS_URL=http://" + soak.metricsListen + "/metrics\n");
        refused(
                soak.run("--no-first-round"),
                Exit.USAGE,
                "/no/such/autonomy",
                "correct AUTONOMY_CLI in " + soak.dir.config());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    soak.dir.config(),
                    "CP_COMMAND='sleep 600'\nAUTONOMY_CLI=/bin/true\nCP_URL=http://127.0.0.1:" + taken.getLocalPort()
                            + "\nCP_METRICS_URL=http://" + soak.metricsListen + "/metrics\n");
            refused(soak.run("--no-first-round"), Exit.FAILED, "change CP_URL in " + soak.dir.config());
        }
    }

    private String summary() throws Exception {
        return Files.readString(soak.dir.setupSummary());
    }

    @Test
    void a_control_plane_that_ends_at_once_is_told_with_the_tail_of_its_log() throws Exception {
        soak.sharingLibraries();
        refused(
                soak.first("--cp-command", "sh -c 'echo no such database >&2; exit 3'"),
                Exit.FAILED,
                "ended at once with exit code 3",
                "no such database",
                "start a soak in a new folder");
        assertTrue(summary().startsWith("result: FAIL\nreason: the control plane ended at once"), summary());
        assertFalse(Files.exists(soak.dir.root().resolve("rounds/x")));
        assertEquals("", soak.read().get("SOAK_STARTED_AT"), "a soak whose control plane never ran has not begun");

        refused(soak.run(), Exit.FAILED, "exit code 3");
        assertTrue(summary().startsWith("result: FAIL\n"));
        assertEquals("", soak.resumes(), "what was not started was not resumed");
    }

    @Test
    void a_program_that_is_not_there_is_told_before_anything_is_written_wherever_in_the_command_it_stands()
            throws Exception {
        Path notExecutable = Files.writeString(folder.resolve("serve"), "exit 0\n");
        Path noInterpreter = Files.writeString(folder.resolve("script"), "#!/no/such/python3\n");
        Files.setPosixFilePermissions(
                noInterpreter, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String command : new String[] {
            "/no/such/orchestrator serve",
            "FOO=1 /no/such/orchestrator serve",
            "sh -c '/no/such/orchestrator serve'",
            "exec /no/such/orchestrator serve",
            "cd /no/such && exec ./orchestrator serve",
            "env A=b /no/such/orchestrator",
            "FOO=1 sh -c 'ulimit -n 64; exec /no/such/orchestrator $HOME'",
            "'/no/such/orchestrator' >x 2>&1"
        }) {
            refusedBeforeTheFirstWrite(
                    soak.first("--cp-command", command),
                    Exit.USAGE,
                    "/no/such/",
                    "orchestrator does not exist",
                    "--cp-command");
        }
        refusedBeforeTheFirstWrite(
                soak.first("--cp-command", "no-such-orchestrator serve"),
                Exit.USAGE,
                "no program no-such-orchestrator on PATH");
        refusedBeforeTheFirstWrite(
                soak.first("--cp-command", notExecutable + " --listen {listen}"),
                Exit.USAGE,
                notExecutable.toString(),
                "may run");
        refusedBeforeTheFirstWrite(
                soak.first("--cp-command", noInterpreter + " --listen {listen}"),
                Exit.USAGE,
                "script for /no/such/python3");
        refusedBeforeTheFirstWrite(
                soak.first("--cli", noInterpreter.toString()),
                Exit.USAGE,
                "AUTONOMY_CLI",
                "script for /no/such/python3");
        Files.writeString(noInterpreter, "#!/bin/sh\r\nexit 0\r\n");
        refusedBeforeTheFirstWrite(
                soak.first("--cli", noInterpreter.toString()), Exit.USAGE, "AUTONOMY_CLI", "line ends of Windows");
        Files.writeString(noInterpreter, "");
        refusedBeforeTheFirstWrite(
                soak.first("--cli", noInterpreter.toString()), Exit.USAGE, "AUTONOMY_CLI", "is an empty file");
        refusedBeforeTheFirstWrite(
                soak.first("--cp-command", "sleep 'x"),
                Exit.USAGE,
                "not a command that a shell can read",
                "--cp-command");
    }

    @Test
    void what_cannot_be_known_without_running_it_is_left_to_the_shell() {
        for (String command : new String[] {
            "\"$HOME\"/serve",
            "PATH=/opt/x serve",
            "cp /a /tmp/b; exec /no/such/b",
            "if true; then /no/such; fi",
            ". ./env; serve",
            "$(which serve) x",
            "(serve)"
        }) {
            assertTrue(
                    provision.StartCommand.programs(command, folder).stream()
                            .noneMatch(program -> program.name().contains("serve")
                                    || program.name().contains("no/such")),
                    command);
        }
    }

    @Test
    void a_command_of_which_nothing_ran_is_no_first_setup_and_may_be_corrected_in_the_same_folder() throws Exception {
        refused(
                soak.first("--cp-command", "true && eval /no/such/orchestrator serve", "--no-first-round"),
                Exit.FAILED,
                "exit code 127",
                "/no/such/orchestrator",
                "in the same folder");
        assertFalse(Files.exists(soak.dir.root()), "as it was before");

        Files.createDirectories(soak.dir.root());
        Files.writeString(soak.dir.root().resolve("of-mine"), "kept");
        soak.sharingLibraries();
        refused(
                soak.first("--cp-command", "true && eval /no/such/orchestrator serve", "--no-first-round"),
                Exit.FAILED,
                "in the same folder");
        try (var left = Files.list(soak.dir.root())) {
            assertEquals(
                    java.util.List.of("bin", "of-mine"),
                    left.map(file -> file.getFileName().toString()).sorted().toList(),
                    "what was there before alone");
        }
        Fork.Result corrected = soak.foreign("--no-first-round");
        assertEquals(Exit.OK, corrected.exit(), corrected.err());
        assertTrue(summary().startsWith("result: PASS\n"), summary());
    }

    @Test
    void attached_to_nothing_no_folder_is_made() throws Exception {
        refusedBeforeTheFirstWrite(
                soak.first("--attach", "--set", "CP_START_TIMEOUT_SECONDS=1"),
                Exit.FAILED,
                "nothing healthy answers at http://" + soak.listen,
                "--listen");
        refusedBeforeTheFirstWrite(soak.run("--attach"), Exit.USAGE, "--attach", "--listen HOST:PORT");
        refusedBeforeTheFirstWrite(
                soak.run("--attach", "--listen", soak.listen), Exit.USAGE, "--attach", "--metrics-listen HOST:PORT");
    }

    @Test
    void a_control_plane_that_never_gets_healthy_is_told_and_ended() throws Exception {
        soak.sharingLibraries();
        Path pid = folder.resolve("pid");
        refused(
                soak.first(
                        "--cp-command",
                        "sh -c 'echo $$ >" + pid + "; echo warming up; sleep 600'",
                        "--set",
                        "CP_START_TIMEOUT_SECONDS=1"),
                Exit.FAILED,
                "not healthy within 1 s",
                "warming up");
        assertFalse(
                ProcessIdentity.of(Long.parseLong(Files.readString(pid).strip()))
                        .map(ProcessIdentity::alive)
                        .orElse(false),
                "it does not linger");
    }

    @Test
    void a_broken_config_line_is_named_and_nothing_is_touched() throws Exception {
        Files.createDirectories(soak.dir.root());
        Files.writeString(soak.dir.config(), "CP_MODE=embedded\nthis is no assignment\n");
        refused(soak.run(), Exit.USAGE, "config.env line 2", "this is no assignment");
        try (var files = Files.list(soak.dir.root())) {
            assertEquals(1, files.count());
        }
        Files.delete(soak.dir.config());
    }

    @Test
    void two_setups_at_once_do_not_both_provision() throws Exception {
        Files.createDirectories(soak.dir.root());
        try (var held = provision.SetupLock.take(soak.dir)) {
            refused(soak.first("--no-first-round"), Exit.FAILED, "another setup");
            assertThrows(Failure.class, () -> provision.SetupLock.take(soak.dir));
            assertTrue(HeldLock.on(soak.dir.root().resolve("setup.lock")), "who is refused frees no lock");
        }
    }
}
