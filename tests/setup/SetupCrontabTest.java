import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import provision.Crontab;
import provision.SystemdUnits;
import provision.WindDown;
import settings.Config;
import soak.SoakDir;

/** The crontab lines and their place in a crontab, kept by a stand-in for the crontab command. */
class SetupCrontabTest {
    @TempDir
    Path folder;

    Path spool;
    Map<String, String> environment;

    /** As cron's: -l prints or fails, - replaces after a check that the last line has an end. */
    @BeforeEach
    void crontabCommand() throws Exception {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        spool = folder.resolve("spool");
        Files.writeString(tools.resolve("crontab"), """
            #!/bin/sh
            spool=%s
            [ $1 != -l ] || [ ! -f /proc/$$/fd/1 ] || exec grep -v '5 5 ' "$spool"
            case $1 in
              -l) [ -f "$spool" ] || { echo "no crontab for tester" >&2; exit 1; }; cat "$spool" ;;
              -)
                cat >"$spool.new"
                [ ! -s "$spool.new" ] || [ -z "$(tail -c 1 "$spool.new")" ] || { echo "premature EOF" >&2; exit 1; }
                mv "$spool.new" "$spool" ;;
              *) exit 2 ;;
            esac
            """.formatted(spool));
        assertTrue(tools.resolve("crontab").toFile().setExecutable(true));
        environment = new TreeMap<>(Map.of("PATH", tools + ":" + System.getenv("PATH")));
    }

    private Config config(Path root, String... pairs) {
        Map<String, String> values = new TreeMap<>(Map.of("CP_MODE", "external"));
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return Config.of(new SoakDir(root), values);
    }

    private void install(Config config, String zone) {
        new Crontab(config.dir(), environment).install(config, zone);
    }

    private boolean remove(Config config) {
        return new Crontab(config.dir(), environment).remove();
    }

    @Test
    void the_lines_are_absolute_in_utc_and_without_a_percent_sign() {
        Path root = folder.resolve("soak");
        List<String> lines = new Crontab(new SoakDir(root), environment).lines(config(root), "Etc/UTC");
        assertEquals("# BEGIN val12-soak " + root, lines.get(0));
        assertEquals("CRON_TZ=UTC", lines.get(1));
        assertTrue(lines.get(2).contains("flock(1)"), lines.get(2));
        assertTrue(
                lines.contains("*/30 * * * * " + root + "/bin/round " + root + " >> " + root + "/cron.log 2>&1"),
                lines.toString());
        assertTrue(
                lines.contains(
                        "0 1 * * * " + root + "/bin/report " + root + " --type daily >> " + root + "/cron.log 2>&1"),
                lines.toString());
        assertTrue(
                lines.contains("0 2 * * * " + root + "/bin/report " + root + " --type checkpoint >> " + root
                        + "/cron.log 2>&1"),
                lines.toString());
        assertTrue(
                lines.contains("@reboot " + root + "/bin/setup " + root + " --resume >> " + root + "/cron.log 2>&1"),
                lines.toString());
        assertEquals("# END val12-soak " + root, lines.get(lines.size() - 1));
        assertFalse(String.join("\n", lines).contains("%"));
    }

    @Test
    void a_shell_reads_the_folders_name_back_whatever_is_in_it() throws Exception {
        Path root = Files.createDirectories(folder.resolve("Dauer lauf ü 100% 'it' $HOME \"x\" `id` \\n"));
        Path round = Files.createDirectories(root.resolve("bin")).resolve("round");
        Files.writeString(round, "#!/bin/sh\nprintf '%s|' \"$@\"\necho complaint >&2\n");
        assertTrue(round.toFile().setExecutable(true));
        String line = new Crontab(new SoakDir(root), environment)
                .lines(config(root), "UTC").stream()
                        .filter(l -> l.startsWith("*/30"))
                        .findFirst()
                        .orElseThrow();
        String command = line.substring("*/30 * * * * ".length());
        assertEquals(-1, command.replace("\\%", "").indexOf('%'), "a bare percent sign ends cron's command");
        // what cron does with it
        Process cron = new ProcessBuilder("/bin/sh", "-c", command.replace("\\%", "%")).start();
        assertEquals(0, cron.waitFor());
        assertEquals(root + "|complaint\n", Files.readString(root.resolve("cron.log")));
    }

    @Test
    void installed_once_beside_other_lines_and_other_soaks_and_taken_out_without_a_trace() throws Exception {
        byte[] before =
                "# caf\u00e9, in latin-1\nMAILTO=me\n5 4 * * *\tbackup \\%d\n\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(spool, before);
        Config one = config(folder.resolve("one ü"));
        Config two = config(folder.resolve("one ü 2"));
        install(one, "UTC");
        byte[] withOne = Files.readAllBytes(spool);
        install(two, "UTC");
        byte[] withBoth = Files.readAllBytes(spool);
        install(one, "UTC");
        install(two, "UTC");
        assertArrayEquals(withBoth, Files.readAllBytes(spool), "once, however often it is asked for");
        assertTrue(new String(withOne, StandardCharsets.UTF_8)
                .contains("BEGIN val12-soak " + folder.resolve("one ü") + "\n"));
        assertTrue(remove(two));
        assertArrayEquals(withOne, Files.readAllBytes(spool));
        assertTrue(remove(one));
        assertArrayEquals(before, Files.readAllBytes(spool));
        assertFalse(remove(one));
    }

    @Test
    void a_changed_interval_replaces_the_old_lines_in_place() throws Exception {
        Path root = folder.resolve("soak");
        install(config(root), "UTC");
        Files.writeString(spool, Files.readString(spool) + "7 7 * * * mine\n");
        install(config(root, "ROUND_INTERVAL_SECONDS", "3600"), "UTC");
        String text = Files.readString(spool);
        assertTrue(text.contains("\n0 * * * * " + root) && !text.contains("*/30"), text);
        assertTrue(text.endsWith("# END val12-soak " + root + "\n7 7 * * * mine\n"), text);
    }

    @Test
    void an_own_zone_in_the_crontab_holds_again_below_the_block() throws Exception {
        Files.writeString(spool, "CRON_TZ=America/New_York\n1 1 * * * mine\n");
        Config config = config(folder.resolve("soak"));
        install(config, "UTC");
        assertTrue(Files.readString(spool).contains("\nCRON_TZ=America/New_York\n# END"), Files.readString(spool));
        assertTrue(new Crontab(config.dir(), environment)
                .lines(config, "Europe/Berlin")
                .contains("CRON_TZ=Europe/Berlin"));
    }

    @Test
    void outside_utc_the_daily_lines_fire_hourly_and_due_decides() throws Exception {
        Path root = folder.resolve("soak");
        List<String> lines = new Crontab(new SoakDir(root), environment).lines(config(root), "Europe/Berlin");
        assertTrue(
                lines.stream().anyMatch(l -> l.startsWith("*/30 * * * * " + root + "/bin/round ")), lines.toString());
        assertTrue(
                lines.stream()
                        .anyMatch(l -> l.startsWith("0 * * * * " + root + "/bin/due 3600 86400 3600 && " + root
                                + "/bin/report " + root + " --type daily >> ")),
                lines.toString());
    }

    @Test
    void seconds_are_beyond_cron_and_the_lines_say_so() {
        Path root = folder.resolve("soak");
        List<String> lines =
                new Crontab(new SoakDir(root), environment).lines(config(root, "ROUND_INTERVAL_SECONDS", "1"), "UTC");
        assertTrue(lines.stream().anyMatch(l -> l.startsWith("# cron counts whole minutes")), lines.toString());
        assertFalse(lines.stream().anyMatch(l -> !l.startsWith("#") && l.contains("/bin/round ")), lines.toString());
    }

    @Test
    void a_crontab_that_cannot_be_read_or_is_mangled_is_left_alone() throws Exception {
        Config config = config(folder.resolve("soak"));
        Files.writeString(spool, "# BEGIN val12-soak " + folder.resolve("soak") + "\n1 1 * * * mine\n");
        assertTrue(failure(() -> install(config, "UTC")).contains("without its END line"));
        assertTrue(failure(() -> remove(config)).contains("without its END line"));
        Path command = folder.resolve("tools/crontab");
        Files.writeString(command, "#!/bin/sh\ntouch " + folder + "/ran$1\necho 'You are\nnot allowed' >&2\nexit 1\n");
        assertTrue(
                failure(() -> install(config, "UTC")).startsWith("crontab -l failed (exit 1): You are not allowed; "));
        assertFalse(Files.exists(folder.resolve("ran-")));
        Files.writeString(command, "#!/bin/sh\nexit 1\n");
        assertTrue(failure(() -> install(config, "UTC")).startsWith("crontab -l failed (exit 1): no words; "));
        environment.put("PATH", folder.toString());
        assertTrue(failure(() -> install(config, "UTC")).contains("no crontab command"));
    }

    @Test
    void a_full_disk_takes_no_line_out_of_the_crontab_of_its_user() throws Exception {
        Config config = config(folder.resolve("soak"));
        install(config, "UTC");
        Files.writeString(spool, Files.readString(spool) + "5 4 * * * mine\n5 5 * * * mine\n");
        assertTrue(remove(config), "though into a file crontab -l writes half of it, and ends with 0");
        assertEquals("5 4 * * * mine\n5 5 * * * mine\n", Files.readString(spool));
    }

    private static String failure(org.junit.jupiter.api.function.Executable action) {
        Failure failure = org.junit.jupiter.api.Assertions.assertThrows(Failure.class, action);
        assertEquals(Exit.FAILED, failure.exitCode());
        return failure.getMessage();
    }

    @Tag("slow")
    @Test
    void setup_installs_removes_and_prints_them() throws Exception {
        Files.writeString(spool, "1 1 * * * mine\n");
        try (ForeignControlPlane cp = ForeignControlPlane.start();
                Setups soak = new Setups(folder, "soak").sharingLibraries()) {
            soak.environment.put("PATH", environment.get("PATH"));
            Fork.Result installed = soak.run(
                    "--attach",
                    "--no-first-round",
                    "--install-crontab",
                    "--set",
                    "CP_URL=" + cp.url(),
                    "--set",
                    "CP_METRICS_URL=" + cp.metricsUrl());
            assertEquals(Exit.OK, installed.exit(), installed.err());
            assertEquals("1 1 * * * mine\n" + installed.out(), Files.readString(spool));
            assertTrue(
                    installed.out().startsWith("# BEGIN val12-soak " + soak.dir.root() + "\nCRON_TZ=UTC\n"),
                    installed.out());
            assertEquals(Exit.OK, soak.run("--install-crontab").exit());
            assertEquals("1 1 * * * mine\n" + installed.out(), Files.readString(spool));
            Fork.Result units = soak.run("--systemd");
            assertTrue(units.out().contains("[Timer]") && !units.out().contains("CRON_TZ"), units.out());
            String resumes = soak.resumes();
            Fork.Result removed = soak.run("--remove-crontab");
            assertEquals(Exit.OK, removed.exit(), removed.err());
            assertEquals("1 1 * * * mine\n", Files.readString(spool));
            assertEquals(resumes, soak.resumes(), "it does nothing else");
            assertEquals("removed the lines of this soak from the crontab\n", removed.out());
        }
    }

    @Test
    void what_still_starts_rounds_once_the_lines_are_out_is_told() throws Exception {
        Config config = config(Files.createDirectories(folder.resolve("soak")));
        Files.writeString(config.dir().config(), "SOAK_ID=soak-val12\n");
        String root = config.dir().root().toString();
        install(config, "UTC");
        Files.writeString(spool, "5 * * * * " + root + "/bin/round " + root + "\n" + Files.readString(spool));
        assertEquals(
                "removed the lines of this soak from the crontab\nWARNING: rounds still start: "
                        + System.getProperty("user.name") + "'s crontab has its line; take that out by hand (a timer:"
                        + " systemctl disable --now)\n",
                removedByHand(config));
        assertTrue(removedByHand(config).startsWith("the crontab had no lines of this soak between its markers\nWARN"));
        Files.writeString(spool, "");
        Path system = Files.createDirectories(folder.resolve("etc/systemd/system/timers.target.wants"))
                .getParent();
        Files.createDirectories(folder.resolve("proc/1"));
        Files.writeString(folder.resolve("proc/1/comm"), "systemd\n");
        Files.writeString(system.resolve("x.service"), "ExecStart=" + root + "/bin/round " + root + "\n");
        Files.writeString(system.resolve("x.timer"), "[Timer]\n");
        Files.createSymbolicLink(system.resolve("timers.target.wants/x.timer"), Path.of("../x.timer"));
        assertTrue(removedByHand(config).contains("WARNING: rounds still start: the timer x.timer starts its rounds;"));
    }

    private String removedByHand(Config config) throws Exception {
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        assertEquals(
                Exit.OK, new WindDown(config.dir(), environment, new SystemTime(), folder, printer).run(true, false));
        printer.flush();
        return out.toString();
    }

    @Test
    void what_would_start_the_control_plane_again_is_told_with_timers_too() throws Exception {
        try (Setups soak = new Setups(folder, "soak").sharingLibraries()) {
            assertEquals(Exit.OK, soak.first("--no-first-round").exit());
            Fork.Result stopped = soak.run("--stop");
            assertTrue(
                    stopped.out()
                            .contains("if cron or a timer runs this soak's rounds, the next one starts it again"
                                    + " (--remove-crontab takes cron's lines out, systemctl disable --now a timer)"),
                    stopped.out());
        }
    }

    @Test
    void setup_says_what_would_keep_cron_from_starting_a_round() throws Exception {
        Files.createDirectories(folder.resolve("proc/1"));
        Files.writeString(folder.resolve("proc/1/comm"), "init\n");
        try (ForeignControlPlane cp = ForeignControlPlane.start();
                Setups soak = new Setups(folder, "soak").sharingLibraries()) {
            soak.environment.put("PATH", environment.get("PATH"));
            Fork.Result first = soak.run(
                    "--attach",
                    "--no-first-round",
                    "--set",
                    "CP_URL=" + cp.url(),
                    "--set",
                    "CP_METRICS_URL=" + cp.metricsUrl());
            assertEquals(Exit.OK, first.exit(), first.err());
            assertTrue(
                    first.err()
                            .contains("setup: WARNING: on this machine no cron daemon runs (cron, crond, systemd-cron):"
                                    + " install cron and start it"),
                    first.err());
            assertFalse(first.err().contains("no line of"), "it has just printed them: " + first.err());
            Files.createDirectories(folder.resolve("proc/9"));
            Files.writeString(folder.resolve("proc/9/comm"), "cron\n");
            Files.writeString(folder.resolve("proc/9/stat"), "9 (cron) S 1");
            Fork.Result resumed = soak.run();
            assertFalse(resumed.err().contains("daemon"), resumed.err());
            assertTrue(
                    resumed.err().contains("setup: WARNING: on this machine no line of ")
                            && resumed.out().contains("\n*/30 * * * * "),
                    resumed.err());
        }
    }

    @Test
    void systemd_units_leave_a_restarted_control_plane_alive_and_catch_up_on_nothing() {
        Path root = folder.resolve("my soak 100%");
        String units = String.join("\n", SystemdUnits.lines(config(root), "tester"));
        assertEquals(4, units.split("\nKillMode=process\n", -1).length - 1, units);
        assertEquals(3, units.split("\nPersistent=false\n", -1).length - 1, units);
        assertTrue(
                units.contains("\nOnCalendar=*-*-* *:00/30:00 UTC\n")
                        && units.contains("\nOnCalendar=*-*-* 01:00:00 UTC\n"),
                units);
        assertTrue(units.contains("\nUser=tester\n"));
    }

    /** What systemd makes of the words of an Exec line: specifiers, C's escapes, and a dollar sign for two. */
    private static List<String> words(String exec) {
        List<String> words = new ArrayList<>();
        Matcher word =
                Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|(\\S+)").matcher(exec);
        while (word.find()) {
            String quoted = word.group(1);
            String literal = quoted == null
                    ? word.group(2) == null ? word.group(3) : word.group(2)
                    : quoted.replaceAll("\\\\(.)", "$1").replace("%%", "%");
            words.add(literal.replace("$$", "$"));
        }
        return words;
    }

    @Test
    void a_unit_runs_from_a_folder_of_any_name_and_its_user_makes_the_log() throws Exception {
        Path root = Files.createDirectories(folder.resolve("my soak 100% 'it' $HOME \"x\" \\n"));
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.writeString(bin.resolve("round"), "#!/bin/sh\nprintf '%s|' \"$@\"\necho complaint >&2\n");
        Files.writeString(bin.resolve("due"), "#!/bin/sh\necho \"$@\"\n");
        assertTrue(bin.resolve("round").toFile().setExecutable(true));
        List<String> units = SystemdUnits.lines(config(root, "ROUND_INTERVAL_SECONDS", "5400"), "tester");
        assertFalse(units.stream().anyMatch(l -> l.startsWith("Standard")), "systemd opens a log as root: " + units);
        assertEquals("1800 5400 0\n", said(units, "ExecCondition="));
        assertEquals("", said(units, "ExecStart="));
        assertEquals(root + "|complaint\n", Files.readString(root.resolve("cron.log")));
    }

    private static String said(List<String> units, String key) throws Exception {
        String exec = units.stream()
                .filter(l -> l.startsWith(key))
                .findFirst()
                .orElseThrow()
                .substring(key.length());
        assertTrue(exec.startsWith("/bin/sh "), "systemd starts no program with a quote in its name: " + exec);
        assertFalse(exec.replace("$$", "").contains("$"), "systemd puts a variable in its place: " + exec);
        Process unit = new ProcessBuilder(words(exec)).redirectErrorStream(true).start();
        String out = new String(unit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, unit.waitFor(), out);
        return out;
    }

    @Test
    void a_slot_that_begins_while_the_machine_starts_waits_for_the_unit_that_starts_the_control_plane() {
        Path root = folder.resolve("soak");
        String units = String.join("\n", SystemdUnits.lines(config(root), "tester"));
        assertTrue(
                units.contains("Description=soak-val12: One workload round every 1800 s.\n"
                        + "After=soak-val12-resume.service\n[Service]"),
                units);
        String attached = String.join("\n", SystemdUnits.lines(config(root, "CP_MODE", "attached"), "tester"));
        assertFalse(attached.contains("resume"), attached);
        assertTrue(units.contains("#   systemctl disable --now soak-val12-round.timer soak-val12-daily.timer"
                + " soak-val12-checkpoint.timer soak-val12-resume.service\n"));
    }
}
