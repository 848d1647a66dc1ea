import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cron.CronWatch;
import cron.CronWatch.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import provision.Crontab;
import provision.Scheduled;
import provision.SystemdUnits;
import settings.Config;
import soak.SoakDir;

/** What would start a soak's rounds, on machines made of files and a stand-in for the crontab command. */
class CronWatchTest {
    @TempDir
    Path folder;

    Path machine;
    SoakDir dir;
    final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void aMachineWithCron() throws Exception {
        machine = folder.resolve("machine");
        process(1, "init", "");
        process(812, "cron", "");
        dir = new SoakDir(Files.createDirectories(folder.resolve("Dauer lauf ü 100% 'x'")));
        Files.writeString(dir.config(), "");
        environment.putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()));
        crontabSays(1, "", "no crontab for tester");
    }

    private void process(int pid, String comm, String commandLine) throws IOException {
        Path process = Files.createDirectories(machine.resolve("proc/" + pid));
        Files.writeString(process.resolve("comm"), comm + "\n");
        Files.writeString(process.resolve("cmdline"), commandLine.replace(' ', '\0'));
        Files.writeString(process.resolve("stat"), pid + " (" + comm + ") S 1 1 1");
    }

    private void crontabSays(int exit, String out, String err) throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Files.writeString(folder.resolve("said.out"), out);
        Files.writeString(folder.resolve("said.err"), err);
        Files.writeString(
                tools.resolve("crontab"),
                "#!/bin/sh\n[ \"$*\" = -l ] || exit 2\ncat '" + folder + "/said.out'\ncat '" + folder
                        + "/said.err' >&2\nexit " + exit + "\n");
        Files.setPosixFilePermissions(tools.resolve("crontab"), PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("PATH", tools + ":/usr/bin:/bin");
    }

    private void put(String file, String text) throws IOException {
        Path path = machine.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private CronWatch look() {
        return CronWatch.of(dir, environment, machine);
    }

    private Answer line(String crontab) throws IOException {
        crontabSays(0, crontab, "");
        return look().line().answer();
    }

    @Test
    void the_lines_that_setup_prints_are_found_whatever_is_in_the_folders_name() throws Exception {
        Config config = Config.of(dir, Map.of("CP_MODE", "external"));
        for (String zone : List.of("UTC", "Europe/Berlin")) {
            assertEquals(
                    Answer.YES,
                    line("MAILTO=me\n" + String.join("\n", new Crontab(dir, environment).lines(config, zone)) + "\n"),
                    zone);
        }
        SoakDir other = new SoakDir(Files.createDirectories(folder.resolve("Dauer lauf")));
        assertEquals(
                Answer.NO,
                line(String.join(
                        "\n",
                        new Crontab(other, environment).lines(Config.of(other, Map.of("CP_MODE", "external")), "UTC"))),
                "another soak's");
    }

    @Test
    void lines_of_the_plan_links_of_any_name_and_variables_are_found_and_what_starts_no_round_is_not()
            throws Exception {
        Path repository = Files.createDirectories(folder.resolve("repository"));
        Path round = Files.writeString(repository.resolve("round.java"), "");
        Path link = Files.createSymbolicLink(repository.resolve("half-hourly"), round);
        Path soakLink = Files.createSymbolicLink(folder.resolve("soak"), dir.root());
        Files.createDirectories(dir.bin());
        Path frozen = Files.writeString(dir.bin().resolve("round"), "");
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/config.env"), "");
        Map<String, Answer> expected = new LinkedHashMap<>();
        String soak = soakLink.toString();
        expected.put(
                "SOAK_DIR=" + soak
                        + "\n"
                        + "REPO_ROOT=/path/to\n"
                        + "*/30 * * * * $REPO_ROOT/scripts/labs/run_soak_val12_round.sh $SOAK_DIR >>"
                        + " $SOAK_DIR/cron.log 2>&1\n",
                Answer.YES);
        expected.put("*/30 * * * * " + link + " " + soak + "\n", Answer.YES);
        expected.put("@hourly cd \"" + soak + "\" && SOAK_DIR=" + soak + " ./anything/round.java\n", Answer.YES);
        expected.put("*/30 * * * * cd ~/soak;bin/round\n", Answer.YES);
        expected.put(
                "*/30 * * * * '" + frozen.toString().replace("'", "'\\''").replace("%", "\\%") + "'\n", Answer.YES);
        expected.put("# */30 * * * * " + link + " " + soak + "\n", Answer.NO);
        expected.put("@reboot " + link + " " + soak + "\n", Answer.NO);
        expected.put("0 1 * * * " + soak + "/bin/report " + soak + " --type daily\n", Answer.NO);
        expected.put("*/30 * * * * " + link + " " + folder + "/other\n", Answer.NO);
        expected.put("*/30 * * * * " + link + " /a/soak/that/is/gone\n", Answer.NO);
        expected.put("*/30 * * * * " + link + " >> /var/log/rounds.log\n", Answer.UNKNOWN);
        expected.put("SOAK_DIR=" + soak + "\n30 3 * * 0 /usr/local/bin/backup /home\n", Answer.NO);
        expected.put("SOAK_DIR=" + soak + "\n*/30 * * * * " + link + " " + folder + "/other\n", Answer.NO);
        expected.put("*/30 * * * * echo half an hour % " + link + " " + soak + "\n", Answer.NO);
        expected.put("*/30 * * * * /usr/local/bin/my-wrapper " + soak + "\n", Answer.UNKNOWN);
        expected.put("SOAK_DIR=" + soak + "\n*/30 * * * * my-wrapper \"\\$SOAK_DIR\"\n", Answer.NO);
        expected.put("*/30 * * * * " + link + "\n", Answer.UNKNOWN);
        for (Map.Entry<String, Answer> each : expected.entrySet()) {
            assertEquals(each.getValue(), line(each.getKey()), each.getKey());
        }
    }

    /** A soak of half hours has 48 slots a day; fields that are not known are no reason to warn. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/30 * * * *;0,30 * * * *;*/20 * * * *;0-29/30,30~59 * 1-31 jan-dec 1-7;0 * * * *&30 * * * *|[]",
                "5/30 * * * *;@often;70 * * * *;99999999999 * * * *|[]",
                "0 * * * *;@hourly|starts a round 24 times a day, and",
                "*/30 8-18 * * *|starts a round 22 times a day, and",
                "*/30 * * * 1-5;*/30 * * * Mon-Fri;*/30 * 1-15 * *;@weekly|there are days on which no"
            })
    void a_line_that_starts_fewer_rounds_than_there_are_slots_is_told(String fields, String told) throws Exception {
        String soak = dir.root().toString().replaceAll("([ '])", "\\\\$1").replace("%", "\\%");
        for (String each : fields.replace("&", " SOAK_DIR=" + soak + " round\n").split(";")) {
            assertEquals(Answer.YES, line(each + " SOAK_DIR=" + soak + " round\n"), each);
            assertTrue(look().missing().toString().contains(told), each + ": " + look().missing());
        }
    }

    @Test
    void a_soak_that_this_process_is_told_of_by_its_environment_is_none_that_cron_knows_of() throws Exception {
        environment.put("SOAK_DIR", dir.root().toString()); // as the frozen start scripts have it
        put(
                "etc/cron.d/e2scrub_all",
                "30 3 * * 0 root test -e /run/systemd/system || SERVICE_MODE=1 /usr/lib/e2fsprogs/e2scrub_all_cron\n");
        assertEquals(Answer.NO, look().line().answer());
        put("etc/cron.d/other", "*/30 * * * * root round.java\n");
        assertEquals(Answer.UNKNOWN, look().line().answer());
    }

    @Test
    void the_systems_crontabs_count_too_and_name_a_user() throws Exception {
        put("etc/crontab", "17 * * * * root cd / && run-parts --report /etc/cron.hourly\n");
        assertEquals(Answer.NO, look().line().answer());
        put(
                "etc/cron.d/soak",
                "*/30 * * * * soak run_soak_val12_round.sh '"
                        + dir.root().toString().replace("'", "'\\''").replace("%", "\\%") + "'\n");
        assertEquals("/etc/cron.d/soak has its line", look().line().words());
        environment.put("PATH", "/no/such/folder");
        assertEquals(Answer.YES, look().line().answer(), "without a crontab command");
    }

    @Test
    void a_crontab_that_this_user_may_not_have_is_unknown_and_not_missing() throws Exception {
        crontabSays(
                1,
                "",
                "You (tester) are not allowed to use this program (crontab)\nSee crontab(1) for more information");
        CronWatch watch = look();
        assertEquals(Answer.UNKNOWN, watch.line().answer());
        assertEquals(List.of(), watch.missing());
        assertEquals(
                List.of("whether a crontab has the line of this soak cannot be seen: crontab -l says: You (tester) are"
                        + " not allowed to use this program (crontab) See crontab(1) for more information"),
                watch.unknown());
    }

    @ParameterizedTest
    @CsvSource({"cron,''", "crond,'/usr/sbin/crond -n'", "busybox,'busybox crond -f'", "busybox,'/bin/busybox crond'"})
    void the_daemons_of_debian_cronie_and_busybox_are_known(String comm, String commandLine) throws Exception {
        process(812, comm, commandLine);
        assertEquals(Answer.YES, look().daemon().answer());
    }

    @Test
    void a_machine_without_a_daemon_says_so_with_the_remedy() throws Exception {
        process(812, "busybox", "busybox httpd -f");
        process(813, "cron", "");
        Files.writeString(machine.resolve("proc/813/stat"), "813 (cron) Z 1 1 1");
        CronWatch watch = look();
        assertEquals(2, watch.missing().size(), watch.missing().toString());
        assertTrue(
                watch.missing()
                        .get(0)
                        .startsWith("on this machine no cron daemon runs (cron, crond, systemd-cron): install cron"),
                watch.missing().get(0));
        assertTrue(
                watch.missing()
                        .get(1)
                        .contains("starts the rounds of " + dir.root()
                                + ": if the soak runs on this machine (and this folder is not a copy)," + " setup.java "
                                + dir.word() + " --install-crontab"),
                watch.missing().get(1));
        assertTrue(watch.sentence().endsWith("there is no cron.log: cron has not run anything yet"), watch.sentence());
        process(1, "systemd", "/sbin/init");
        assertTrue(
                look().daemon().remedy().contains("systemctl enable --now cron"),
                look().daemon().remedy());
        put("usr/lib/systemd/system-generators/systemd-crontab-generator", "");
        assertEquals("systemd-cron runs the crontabs", look().daemon().words());
    }

    @Test
    void where_processes_of_others_are_hidden_the_daemon_is_unknown() throws Exception {
        Files.delete(machine.resolve("proc/1/comm"));
        Files.delete(machine.resolve("proc/812/comm"));
        assertEquals(Answer.UNKNOWN, look().daemon().answer());
        assertEquals(
                Answer.UNKNOWN,
                CronWatch.of(dir, environment, folder.resolve("no machine"))
                        .daemon()
                        .answer());
    }

    @Test
    void an_enabled_timer_of_systemd_is_as_good_as_a_line_and_one_that_is_not_enabled_is_named() throws Exception {
        process(1, "systemd", "/sbin/init");
        Files.writeString(machine.resolve("proc/812/comm"), "bash\n");
        Path current = null;
        for (String line : SystemdUnits.lines(Config.of(dir, Map.of("CP_MODE", "external")), "tester")) {
            if (line.startsWith("# --- ")) {
                current = machine.resolve("etc/systemd/system/" + line.substring("# --- ".length()));
                put("etc/systemd/system/" + current.getFileName(), "");
            } else if (current != null) {
                Files.writeString(current, Files.readString(current) + line + "\n");
            }
        }
        assertEquals(Answer.UNKNOWN, look().line().answer());
        assertEquals(
                "systemctl enable --now soak-val12-round.timer", look().line().remedy());
        Path wants = Files.createDirectories(machine.resolve("etc/systemd/system/timers.target.wants"));
        Files.createSymbolicLink(wants.resolve("soak-val12-daily.timer"), Path.of("../soak-val12-daily.timer"));
        assertEquals(Answer.UNKNOWN, look().line().answer(), "the daily report's timer starts no round");
        Files.createSymbolicLink(wants.resolve("soak-val12-round.timer"), Path.of("../soak-val12-round.timer"));
        assertEquals(
                "the timer soak-val12-round.timer starts its rounds",
                look().line().words());
        assertEquals(List.of(), look().missing());
        assertEquals(Optional.empty(), look().several());
        crontabSays(
                0,
                "@hourly "
                        + base.ShellWords.quote(dir.bin().resolve("round").toString())
                                .replace("%", "\\%"),
                "");
        assertTrue(
                look().line()
                        .words()
                        .matches("the timer soak-val12-round.timer starts its rounds, and .* has its line"),
                look().line().words());
        assertTrue(look().several().isPresent());
    }

    @Test
    void lines_that_were_installed_by_a_link_are_those_of_the_folder() throws Exception {
        SoakDir link = new SoakDir(Files.createSymbolicLink(folder.resolve("a link"), dir.root()));
        String lines = String.join(
                "\n", new Crontab(link, environment).lines(Config.of(link, Map.of("CP_MODE", "external")), "UTC"));
        crontabSays(0, lines + "\n", "");
        assertTrue(new Crontab(dir, environment).installed());
        SoakDir other = new SoakDir(Files.createDirectories(folder.resolve("another")));
        assertEquals(false, new Crontab(other, environment).installed());
    }

    @Test
    void two_lines_that_start_the_rounds_are_told_as_two_wherever_they_stand() throws Exception {
        String line = "*/30 * * * * "
                + base.ShellWords.quote(dir.bin().resolve("round").toString()).replace("%", "\\%") + "\n";
        line(line + "0 1 * * * /usr/local/bin/backup\n");
        assertEquals(Optional.empty(), look().several());
        line(line + "0 1 * * * /usr/local/bin/backup\n" + line);
        String user = System.getProperty("user.name") + "'s crontab has its line";
        String told = "more than one starts the rounds of this soak: " + user
                + " 2 times: if two of these start a round at the same time, keep one";
        assertEquals(Optional.of(told), look().several());
        assertTrue(look().told().contains(told), look().told());
        assertEquals(List.of(), look().missing());
        line(line);
        put("etc/cron.d/soak", line.replace("* * * * ", "* * * * root "));
        assertEquals(
                Optional.of("more than one starts the rounds of this soak: " + user
                        + ", and /etc/cron.d/soak has its line: if two of these start a round at the same time, keep"
                        + " one"),
                look().several());
    }

    @Test
    void the_age_of_cron_log_is_told_and_all_that_is_seen_in_one_line() throws Exception {
        Files.writeString(dir.cronLog(), "a line\n");
        Files.setLastModifiedTime(dir.cronLog(), FileTime.from(Instant.parse("2026-10-01T00:30:07.5Z")));
        put("etc/cron.d/soak", "*/30 * * * * soak " + "cd ~/soak && bin/round\n");
        Files.createSymbolicLink(folder.resolve("soak"), dir.root());
        assertEquals(
                "cron runs (pid 812); /etc/cron.d/soak has its line; cron.log was last written at 2026-10-01T00:30:07Z",
                look().sentence());
        assertEquals("cron.log was last written at 2026-10-01T00:30:07Z", look().brief());
    }

    @Test
    void a_path_of_which_cron_expands_nothing_is_told_beside_the_line() throws Exception {
        String line = "*/30 * * * * "
                + base.ShellWords.quote(dir.bin().resolve("round").toString()).replace("%", "\\%") + "\n";
        assertEquals(Answer.YES, line("PATH=$HOME/bin:$PATH\n" + line));
        assertTrue(
                look().line()
                        .words()
                        .endsWith("'s crontab has its line, below PATH=$HOME/bin:$PATH, in which cron expands no"
                                + " variable: write the folders in full"),
                look().sentence());
        assertEquals(Answer.YES, line("PATH=/usr/local/bin:/usr/bin:/bin\n" + line));
        assertTrue(look().line().words().endsWith("'s crontab has its line"), look().sentence());
    }

    @Test
    void a_user_without_a_name_is_called_by_the_number_that_owners_of_files_have() throws Exception {
        String owner = Files.getOwner(dir.root()).getName();
        String name = System.getProperty("user.name");
        System.setProperty("user.name", "?"); // as Java says in a container that has no name for its user
        try {
            CronWatch.Finding line = look().line();
            assertTrue(line.words().startsWith("no line of " + owner + "'s crontab, "), line.toString());
            StringWriter units = new StringWriter();
            PrintWriter out = new PrintWriter(units);
            new Scheduled(
                            Config.of(dir, Map.of()),
                            environment,
                            Files.createDirectories(machine.resolve("etc")),
                            out,
                            out)
                    .tell(false, true, false);
            assertTrue(units.toString().contains("\nUser=" + owner + "\n"), units.toString());
        } finally {
            System.setProperty("user.name", name);
        }
    }

    @Test
    void a_cron_log_that_the_soaks_user_may_not_write_is_named_as_what_keeps_every_round_from_starting()
            throws Exception {
        Files.createDirectories(dir.cronLog());
        assertTrue(
                look().missing(false).get(0).contains("is a folder, so a crontab's shell starts no round"),
                look().missing().toString());
        Files.delete(dir.cronLog());
        assertEquals(List.of(), look().missing(false), "cron makes it");
        Files.writeString(dir.cronLog(), "");
        assertEquals(List.of(), look().missing(false));
        Files.setPosixFilePermissions(dir.cronLog(), PosixFilePermissions.fromString("r--r--r--"));
        UserPrincipal other =
                dir.root().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a folder to somebody else");
        Files.setOwner(dir.root(), other);
        assertTrue(
                look().missing(false)
                        .get(0)
                        .startsWith("on this machine nobody may not write " + dir.cronLog()
                                + ", which belongs to root (r--r--r--), so a crontab's shell starts no round and no"
                                + " report: chown nobody "),
                look().missing().toString());
        Files.setOwner(dir.cronLog(), other);
        Files.setPosixFilePermissions(dir.cronLog(), PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(List.of(), look().missing(false));
    }
}
