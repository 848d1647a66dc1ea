import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** setup --check looks at everything, writes nothing, and says each in a line. */
@Tag("slow")
class SetupCheckTest extends NewSoak {
    @Override
    Setups made() throws IOException {
        return new Setups(folder, "soak");
    }

    private static Map<String, FileTime> tree(Path root) throws IOException {
        Map<String, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.toList()) {
                files.put(file.toString(), Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    private static String line(Fork.Result result, String what) {
        return result.out()
                .lines()
                .filter(line -> line.matches("(ok|warning|FAIL) +" + what + " .*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line of " + what + "\n" + result.out() + result.err()));
    }

    /** Else the first recovery tells, and what it lost is lost. */
    @ParameterizedTest
    @CsvSource({
        "AUTONOMY_OPERATOR=Jane Doe, AUTONOMY_OPERATOR is 'Jane Doe'",
        "RECOVERY_STRATEGY=retri, RECOVERY_STRATEGY is 'retri'",
        "AUTONOMY_RBAC_ENFORCEMENT=1, AUTONOMY_RBAC_ENFORCEMENT is not 0"
    })
    void a_setting_with_which_the_own_cli_refuses_each_recovery_is_refused_before_the_first_round(
            String setting, String told) throws Exception {
        Fork.Result result = soak.first("--check", "--set", setting);
        assertEquals(Exit.USAGE, result.exit(), result.out() + result.err());
        assertTrue(line(result, "cli").startsWith("FAIL "), result.out());
        assertTrue(line(result, "cli").contains(told), result.out());
    }

    @Test
    void all_that_is_well_is_said_in_a_line_each_and_nothing_is_written() throws Exception {
        Map<String, FileTime> before = tree(folder);
        Fork.Result result = soak.first("--check", "--set", "CP_START_TIMEOUT_SECONDS=10");
        assertEquals(Exit.OK, result.exit(), result.out() + result.err());
        assertEquals("", result.err());
        assertEquals(before, tree(folder), "not even SOAK_DIR");
        for (String what : List.of("host", "folder", "disk", "settings", "cli", "program", "ports", "room", "outset")) {
            assertTrue(line(result, what).startsWith("ok "), result.out());
        }
        assertTrue(result.out().contains("clock") && result.out().contains("cron"), result.out());
        String curl = result.out().lines().reduce("", (first, second) -> second).strip();
        assertTrue(
                curl.startsWith("curl -i -X POST http://" + soak.listen + "/v1/rollouts ")
                        && curl.contains("\"plan_id\": \"soak-try\""),
                curl);
    }

    @Test
    void a_disk_that_tells_no_size_is_none_without_room_and_the_size_that_it_needs_is_said() throws Exception {
        Path mount = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(mount, "size=0");
                Setups there = new Setups(mount, "soak")) {
            Fork.Result result = there.first("--check");
            assertEquals(Exit.OK, result.exit(), result.out() + result.err());
            assertTrue(
                    line(result, "disk").matches("warning +disk .* does not report its size: make sure .*"),
                    result.out());
            assertTrue(
                    line(result, "room").matches("warning +room .* does not report its size, .* 90 MiB .*"),
                    result.out());
            assertFalse(result.out().contains(" 0 MiB"), result.out());
        }
    }

    @Test
    void every_fault_is_told_at_once_and_the_exit_code_says_of_which_kind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Map<String, FileTime> before = tree(folder);
            Fork.Result both = soak.run(
                    "--check",
                    "--listen",
                    address,
                    "--metrics-listen",
                    soak.metricsListen,
                    "--cli",
                    "/no/such/autonomy",
                    "--cp-command",
                    "/no/such/orchestrator");
            assertEquals(Exit.USAGE, both.exit(), both.out());
            assertTrue(
                    line(both, "cli").startsWith("FAIL")
                            && line(both, "program").startsWith("FAIL")
                            && line(both, "ports").startsWith("FAIL"),
                    both.out());
            Fork.Result port = soak.run("--check", "--listen", address, "--metrics-listen", soak.metricsListen);
            assertEquals(Exit.FAILED, port.exit(), port.out());
            assertTrue(line(port, "ports").contains("--listen"), port.out());
            Fork.Result option = soak.first("--check", "--interval", "7");
            assertEquals(Exit.USAGE, option.exit(), option.out());
            assertTrue(line(option, "settings").matches("FAIL +settings +--interval 7 .*"), option.out());
            assertTrue(line(option, "clock").length() > 0);
            Path template = folder.resolve("plan.json");
            Fork.Result missing = soak.first("--check", "--plan-template", template.toString());
            assertTrue(
                    line(missing, "settings").contains("--plan-template " + template + " cannot be read"),
                    missing.out());
            Fork.Result nobody = soak.first("--check", "--attach", "--set", "CP_START_TIMEOUT_SECONDS=1");
            assertEquals(Exit.FAILED, nobody.exit(), nobody.out());
            assertTrue(line(nobody, "control plane").contains("nothing healthy answers"), nobody.out());
            assertEquals(before, tree(folder));
        }
    }

    @Test
    void a_soak_that_runs_is_looked_at_and_left_alone() throws Exception {
        soak.sharingLibraries();
        assertEquals(Exit.OK, soak.foreign().exit());
        Map<String, FileTime> before = tree(folder);
        Fork.Result result = soak.run("--check");
        assertEquals(Exit.OK, result.exit(), result.out() + result.err());
        assertTrue(line(result, "control plane").contains("it runs (health 200)"), result.out());
        Map<String, FileTime> after = tree(folder);
        before.keySet()
                .removeIf(name -> name.contains("/cp-data")
                        || name.contains("/audit-store")
                        || name.endsWith("/cp.log")); // the control plane's own
        after.keySet()
                .removeIf(
                        name -> name.contains("/cp-data") || name.contains("/audit-store") || name.endsWith("/cp.log"));
        assertEquals(before, after);
        assertTrue(line(result, "frozen build").startsWith("ok "), result.out());

        Path build = soak.dir.buildText();
        String frozen = Files.readString(build);
        Files.writeString(build, frozen.replaceFirst("(?m)^java_home: .*$", "java_home: /gone"));
        Files.delete(soak.dir.bin().resolve("due"));
        Fork.Result damaged = soak.run("--check");
        assertTrue(
                damaged.out().contains("has changed since it was frozen (due): replace it by setup.java ")
                        && damaged.out()
                                .contains("the Java of the frozen build, /gone/bin/java, no longer exists: rounds run"
                                        + " by another one that cron's PATH or JAVA_HOME has, and else not at all"),
                damaged.out());
        Files.writeString(build, frozen);

        soak.time = new ControlPlanes.SetTime("2020-01-01T00:00:00Z");
        Fork.Result setBack = soak.run("--check");
        assertEquals(Exit.OK, setBack.exit(), setBack.out());
        assertTrue(line(setBack, "clock").startsWith("warning "), setBack.out());
        assertTrue(
                line(setBack, "clock")
                        .contains("if the clock is behind, set it (NTP); if it was ahead when that round ran"),
                setBack.out());
        assertEquals(Exit.OK, soak.run("--resume").exit(), "rounds run on by any clock, and need their control plane");

        assertTrue(line(result, "calendar").startsWith("ok "), result.out());
        soak.time = new ControlPlanes.SetTime("2099-01-01T00:00:00Z");
        Fork.Result over = soak.run("--check");
        assertEquals(Exit.OK, over.exit(), over.out());
        assertTrue(line(over, "calendar").startsWith("warning "), over.out());
        assertTrue(
                line(over, "calendar").contains(", and no round counts any more: make the final report ("), over.out());
        assertFalse(over.out().contains("--install-crontab adds it"), over.out());
        assertTrue(soak.run("--resume").err().contains("setup: WARNING: the soak ended at "), "it needs none either");
        assertFalse(soak.run().err().contains("--install-crontab adds it"), "no line would start a round that counts");
    }

    @Test
    void the_start_of_the_machine_prints_one_line() throws Exception {
        soak.sharingLibraries();
        Fork.Result first = soak.foreign("--no-first-round");
        assertTrue(
                first.out()
                        .contains(
                                "@reboot " + soak.dir.bin().resolve("setup") + " " + soak.dir.root() + " --resume >> "),
                first.out());
        assertEquals(Exit.OK, soak.run("--stop").exit());
        Fork.Result resumed = soak.run("--resume");
        assertEquals(Exit.OK, resumed.exit(), resumed.err());
        assertTrue(
                resumed.out()
                        .matches(
                                "\\S+Z resumed " + soak.dir.root() + ": control plane started, pid \\d+, health 200\n"),
                resumed.out());
    }

    /** Told after the first round, it would cost the start that cannot be repeated. */
    @Test
    void a_soak_in_which_nothing_is_made_to_get_stuck_is_told_before_it_begins() throws Exception {
        Fork.Result checked = soak.foreign("--check");
        assertTrue(
                line(checked, "outset").matches("warning +outset +there is no recovery drill: .* --drill-template .*"),
                checked.out());
    }

    @Test
    void a_soak_that_is_over_before_it_begins_is_told_once() {
        Fork.Result checked = soak.first("--check", "--set", "SOAK_STARTED_AT=2026-01-01T00:00:00Z");
        assertTrue(
                line(checked, "outset")
                        .matches("warning +outset +SOAK_STARTED_AT=2026-01-01T00:00:00Z: the soak ends at \\S+Z, before"
                                + " its first round, so every check is lost: leave the key out, and setup writes"
                                + " .*"),
                checked.out());
        assertFalse(checked.out().contains("is lost before the first round"), checked.out());
    }

    /** Of a name that was mistyped it would begin another soak beside the one that was meant. */
    @Test
    void an_upgrade_begins_no_soak() {
        Fork.Result refused = Fork.run(Fork.java("setup", soak.dir.root().toString(), "--upgrade"));
        assertEquals(Exit.USAGE, refused.exit(), refused.err());
        assertTrue(refused.err().startsWith("setup: SOAK_DIR " + soak.dir.root() + " does not exist: "), refused.err());
        assertFalse(Files.exists(soak.dir.root()));
    }

    @ParameterizedTest
    @CsvSource({"setup, --resume", "report, --type=daily", "report, --type=checkpoint", "round, ''"})
    void what_cron_starts_and_cannot_do_is_told_with_the_time_and_names_no_new_soak_as_the_remedy(
            String script, String option) {
        Path gone = folder.resolve("gone");
        List<String> command = Fork.java(script, gone.toString());
        if (!option.isEmpty()) {
            command.add(option);
        }
        Fork.Result refused = Fork.run(command);
        assertEquals(Exit.USAGE, refused.exit(), refused.err());
        assertTrue(
                refused.err()
                        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ " + script + ": SOAK_DIR " + gone
                                + " does not exist: mount its disk, or name the folder to which it was moved; .*\n"),
                refused.err());
    }
}
