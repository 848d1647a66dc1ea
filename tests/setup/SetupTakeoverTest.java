import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import workload.RoundLock;

/**
 * A setup where something runs already: a soak of the bash scripts, their control plane, an attached one, a soak that
 * was moved.
 */
@Tag("slow")
class SetupTakeoverTest extends NewSoak {
    @Test
    void a_soak_that_bash_scripts_began_keeps_its_start_and_its_summary() throws Exception {
        Path legacy =
                Path.of(System.getenv().getOrDefault("SOAK_SOURCE_DIR", ".")).resolve("tests/fixtures/legacy");
        try (Stream<Path> files = Files.walk(legacy)) {
            for (Path file : files.sorted().toList()) {
                Path target = soak.dir.root().resolve(legacy.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        String summary = Files.readString(soak.dir.setupSummary());
        try (ForeignControlPlane someoneElses = ForeignControlPlane.start()) {
            Files.writeString(
                    soak.dir.config(),
                    "CP_URL=" + someoneElses.url() + "\nCP_METRICS_URL=" + someoneElses.metricsUrl()
                            + "\nPLANS_PER_ROUND=3 # few\n");
            Fork.Result unsaid = soak.run();
            Setups.assertExit(Exit.USAGE, unsaid);
            assertTrue(unsaid.err().contains("does not say which control plane"), unsaid.err());

            Setups.assertExit(Exit.OK, soak.run("--attach"));
            assertEquals(
                    "2026-10-01T20:00:05Z", soak.read().get("SOAK_STARTED_AT"), "that of the first round there is");
            assertEquals(3, soak.read().plansPerRound());
            assertEquals(summary, Files.readString(soak.dir.setupSummary()));
            assertTrue(soak.resumes().matches("\\S+Z resumed control_plane=attached pid=0\n"), soak.resumes());
            assertTrue(someoneElses.planIds().isEmpty(), "no round of ours is the first one here");
        }
    }

    @Test
    void a_running_control_plane_of_the_bash_scripts_is_taken_over_even_behind_their_shell() throws Exception {
        Files.createDirectories(soak.dir.cpData());
        String command = ForeignControlPlane.command()
                .replace("{listen}", soak.listen)
                .replace("{metrics_listen}", soak.metricsListen)
                .replace("{data_dir}", "cp-data");
        Process shell = new ProcessBuilder("sh", "-c", command + "; exit 3")
                .directory(soak.dir.root().toFile())
                .redirectErrorStream(true)
                .start();
        try {
            shell.inputReader().readLine(); // it serves
            Files.writeString(
                    soak.dir.config(),
                    "CP_URL=http://" + soak.listen + "\nCP_METRICS_URL=http://" + soak.metricsListen
                            + "/metrics\nCP_COMMAND='" + ForeignControlPlane.command()
                            + "'\nCP_CURSOR_PARAM=page_token\nAUTONOMY_CLI=" + ForeignControlPlane.cli(folder) + "\n");
            Files.writeString(soak.dir.planTemplate(), ForeignControlPlane.TEMPLATE);
            Files.writeString(soak.dir.pidFile(), shell.pid() + "\n");
            Fork.Result result = soak.run("--no-first-round");
            Setups.assertExit(Exit.OK, result);
            assertTrue(
                    result.err().contains("(pid " + shell.pid() + ", health 200)")
                            && result.err().contains("bare pid"),
                    result.err());
            assertEquals("external", soak.read().cpMode());
            Fork.Result round = Fork.run(
                    soak.dir.bin().resolve("round").toString(), soak.dir.root().toString());
            Setups.assertExit(Exit.OK, round);
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
    }

    @Test
    void an_attached_control_plane_is_neither_started_nor_stopped() throws Exception {
        try (ForeignControlPlane someoneElses = ForeignControlPlane.start()) {
            Fork.Result result = soak.run(
                    "--attach",
                    "--no-first-round",
                    "--set",
                    "CP_URL=" + someoneElses.url(),
                    "--set",
                    "CP_METRICS_URL=" + someoneElses.metricsUrl(),
                    "--set",
                    "RECOVER_FOREIGN=yes");
            Setups.assertExit(Exit.OK, result);
            assertTrue(
                    result.err()
                            .contains("setup: WARNING: RECOVER_FOREIGN=yes: every stuck plan on " + someoneElses.url()
                                    + " is recovered (retry), whoever made it"),
                    result.err());
            assertTrue(Files.readString(soak.dir.setupSummary())
                    .startsWith("result: PASS\ncp_start_ms: n/a\nhealth_http_code: 200\n"));
            assertTrue(result.err().contains("no --cli is given"), result.err());
            assertFalse(Files.exists(soak.dir.pidFile()));
            assertFalse(result.out().contains("@reboot"), result.out());
            for (String startMs : new String[] {"n/a", "0"}) { // an earlier version wrote 0
                Files.writeString(
                        soak.dir.setupSummary(),
                        Files.readString(soak.dir.setupSummary())
                                .replaceFirst("cp_start_ms: .*", "cp_start_ms: " + startMs));
                try (EvidenceDatabase database =
                        EvidenceDatabase.open(soak.read(), new Scope(java.time.Instant.now(), true, 30))) {
                    var row = database.query(
                                    "SELECT c.verdict, c.value, c.detail, m.margin FROM checks c JOIN margins m USING"
                                            + " (id) WHERE id = 'VAL12-01'")
                            .get(0);
                    assertEquals(
                            "[PASS, null, attached: start not measured, attached: start not measured]",
                            row.values().toString());
                }
            }
            Fork.Result stop = soak.run("--stop");
            Setups.assertExit(Exit.OK, stop);
            assertTrue(stop.out().contains("nothing was stopped"), stop.out());
            assertEquals("200", soak.controlPlane().health().code());
        }
        Files.writeString(
                soak.dir.config(),
                Files.readString(soak.dir.config())
                        .replaceFirst("(?m)^CP_START_TIMEOUT_SECONDS=.*", "CP_START_TIMEOUT_SECONDS=1"));
        Fork.Result gone = soak.run();
        Setups.assertExit(Exit.FAILED, gone);
        assertTrue(
                gone.err()
                        .contains("make sure that this control plane runs and that CP_URL in " + soak.dir.config()
                                + " names it"),
                gone.err());
    }

    @Test
    void a_folder_that_is_moved_goes_on_without_a_change_in_config() throws Exception {
        Files.writeString(folder.resolve("plan.json"), ForeignControlPlane.TEMPLATE);
        Setups.assertExit(
                Exit.OK,
                soak.withoutClassArchive()
                        .first(
                                "--cp-command",
                                ForeignControlPlane.command(),
                                "--plan-template",
                                folder.resolve("plan.json").toString(),
                                "--set",
                                "CP_CURSOR_PARAM=page_token",
                                "--no-first-round",
                                "--set",
                                "AUTONOMY_AUDIT_DIR=" + soak.dir.root() + "/my-audit"));
        assertEquals("bin/controlplane", soak.read().get("AUTONOMY_CLI"));
        assertEquals("my-audit", soak.read().get("AUTONOMY_AUDIT_DIR"));
        Path tool = Files.copy(ForeignControlPlane.cli(folder), soak.dir.root().resolve("tool"));
        Fork.Result same = soak.run(
                "--set",
                "AUTONOMY_AUDIT_DIR=" + soak.dir.auditStore().resolveSibling("my-audit"),
                "--cli",
                soak.dir.bin().resolve("controlplane").toString());
        Setups.assertExit(Exit.OK, same);
        Setups.assertExit(Exit.USAGE, soak.run("--cli", tool.toString()));
        try (RoundLock running = RoundLock.take(soak.dir)) {
            Fork.Result refused = soak.run("--stop");
            Setups.assertExit(Exit.LOCKED, refused);
            assertTrue(refused.err().contains(" is running: without its control plane it would fail"), refused.err());
            assertEquals("200", soak.controlPlane().health().code());
        }
        Setups.assertExit(Exit.OK, soak.run("--stop"));
        String config = soak.config();
        Path moved = Files.move(soak.dir.root(), folder.resolve("moved here"));
        try {
            for (String[] command : new String[][] {{"setup", "--resume"}, {"round"}, {"setup", "--check"}
            }) { // from another folder, which is not the soak's
                Fork.Result result = Fork.run(Stream.concat(
                                Stream.of(
                                        moved.resolve("bin").resolve(command[0]).toString(), moved.toString()),
                                Stream.of(command).skip(1))
                        .toList());
                Setups.assertExit(Exit.OK, result);
            }
            assertEquals(
                    config.replaceFirst("SOAK_STARTED_AT=.*", ""),
                    Files.readString(moved.resolve("config.env")).replaceFirst("SOAK_STARTED_AT=.*", ""));
            assertTrue(
                    Files.isDirectory(moved.resolve("my-audit"))
                            && !Files.exists(Path.of("my-audit"))
                            && !Files.exists(soak.dir.root()),
                    "all that is written is in the folder");
        } finally {
            Fork.run(moved.resolve("bin/setup").toString(), moved.toString(), "--stop");
            Files.deleteIfExists(moved.resolve("bin/lib"));
        }
    }

    @Test
    void a_config_with_absolute_names_goes_on_and_a_moved_one_says_all_that_is_stale_at_once() throws Exception {
        Setups.assertExit(Exit.OK, soak.first("--no-first-round"));
        String root = soak.dir.root().toString();
        Files.writeString(
                soak.dir.config(),
                soak.config()
                        .replace("AUTONOMY_CLI=bin", "AUTONOMY_CLI=" + root + "/bin")
                        .replace("CP_COMMAND='bin", "CP_COMMAND='" + root + "/bin")
                        .replace("AUTONOMY_AUDIT_DIR=", "AUTONOMY_AUDIT_DIR=" + root + "/"));
        Setups.assertExit(Exit.OK, soak.run());
        Path moved = Files.move(soak.dir.root(), folder.resolve("moved"));
        Files.createDirectories(soak.dir.auditStore()); // as the control plane does that runs on
        Files.writeString(
                moved.resolve("config.env"),
                Files.readString(moved.resolve("config.env")).replace(root + "/", ""));
        Fork.Result running = soak.command(moved.toString());
        assertTrue(
                running.err().contains("SOAK_DIR was moved from " + root + " while its control plane (pid "),
                running.err());
        Setups.assertExit(Exit.OK, soak.command(moved.toString(), "--stop"));
        Files.writeString(
                moved.resolve("config.env"),
                Files.readString(moved.resolve("config.env"))
                        .replace("AUTONOMY_CLI=bin", "AUTONOMY_CLI=" + root + "/bin")
                        .replace("CP_COMMAND='bin", "CP_COMMAND='" + root + "/bin")
                        .replace("AUTONOMY_AUDIT_DIR=", "AUTONOMY_AUDIT_DIR=" + root + "/"));
        Fork.Result stale = soak.command(moved.toString());
        Setups.assertExit(Exit.USAGE, stale);
        assertTrue(
                stale.err().contains("CP_COMMAND, AUTONOMY_CLI and AUTONOMY_AUDIT_DIR")
                        && stale.err().contains(root + "/")
                        && stale.err().contains(moved + "/config.env"),
                stale.err());
        Files.writeString(
                moved.resolve("config.env"),
                Files.readString(moved.resolve("config.env")).replace(root + "/", ""));
        Fork.Result mended = soak.command(moved.toString());
        Setups.assertExit(Exit.OK, mended);
        Setups.assertExit(Exit.OK, soak.command(moved.toString(), "--stop"));
        Files.deleteIfExists(moved.resolve("bin/lib"));
    }
}
