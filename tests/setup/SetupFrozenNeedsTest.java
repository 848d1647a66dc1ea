import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Exit;
import base.Folders;
import base.Mounts;
import build.BuildName;
import build.Version;
import cron.CronWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import provision.FrozenBuild;
import soak.SoakDir;

/** What the start scripts of the frozen build need: a Java, and jars. */
@Tag("slow")
class SetupFrozenNeedsTest extends FrozenSoak {
    /** A diagnostic option may go with any release, and an update of the machine brings releases by itself. */
    @Test
    void a_java_that_does_not_know_an_option_runs_every_script_without_it() throws Exception {
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        for (String script : List.of("round", "report", "setup")) {
            Fork.Result result = Fork.run(
                    Map.of("JAVA_TOOL_OPTIONS", "-XX:+AnOptionThatNoJavaKnows"),
                    List.of(soak.dir.bin().resolve(script).toString(), "--version"));
            assertEquals(0, result.exit(), script + ": " + result.err());
            assertTrue(result.out().startsWith(Version.current()), script + ": " + result.out());
        }
    }

    /** What Java itself says then has neither a time nor the limit's name, and cron.log has nothing else. */
    @Test
    void a_limit_under_which_java_may_not_start_is_told_with_its_time_before_java_says_anything() throws Exception {
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        for (String limit : List.of("ulimit -v", "ulimit -n")) {
            String low = limit.equals("ulimit -v") ? "1000000" : "40";
            for (String script : List.of("round", "report", "setup")) {
                Fork.Result result = Fork.run(
                        "sh",
                        "-c",
                        limit + " " + low + "; exec \"$@\"",
                        "sh",
                        soak.dir.bin().resolve(script).toString(),
                        "--version");
                assertTrue(
                        result.err()
                                .matches("(?s)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ " + script + ": warning: "
                                        + limit + " is " + low + ", and Java may need .*"),
                        result.err());
            }
        }
        Fork.Result enough = Fork.run(soak.dir.bin().resolve("round").toString(), "--version");
        assertEquals("", enough.err(), "a machine's usual limits are enough");
    }

    /** Java keeps figures of its own in /tmp, in a file that grows with the disk full into three lines of warning. */
    @Test
    void a_full_tmp_puts_no_lines_of_java_into_the_log() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a small disk");
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        String full =
                "figures=/tmp/hsperfdata_root; mkdir -p $figures; mount -t tmpfs -o size=4k,mode=755 none $figures"
                        + " && { dd if=/dev/zero of=$figures/all bs=1k 2>/dev/null; \"$@\"; }";
        for (String script : List.of("round", "report", "setup", "controlplane")) {
            Fork.Result result = Fork.run(
                    "unshare",
                    "-m",
                    "sh",
                    "-c",
                    full,
                    "sh",
                    soak.dir.bin().resolve(script).toString(),
                    "--version");
            assertEquals("", result.err(), script);
            assertTrue(result.out().startsWith(Version.current()), script + ": " + result.out());
        }
    }

    /** Hardened hosts have /home, /var or /tmp so. */
    @Test
    void a_disk_that_lets_no_program_be_started_is_named_before_a_soak_begins_there_and_in_mid_soak() throws Exception {
        Path at = folder.resolve("a disk");
        try (SmallDisk disk = SmallDisk.mount(at, "size=1m,noexec")) {
            String noexec =
                    "lies on a file system that is mounted noexec (" + at.toRealPath() + "), where neither cron";
            for (String look : new String[] {"--check", "--no-first-round"}) {
                Fork.Result refused = soak.command(disk.at().resolve("new").toString(), look);
                assertEquals(Exit.USAGE, refused.exit(), refused.err());
                assertTrue((refused.out() + refused.err()).contains(noexec), refused.out() + refused.err());
            }
            SoakDir began = new SoakDir(Files.createDirectories(disk.at().resolve("began")));
            Files.writeString(began.config(), "");
            String missing = CronWatch.of(began, Map.of("PATH", "/nowhere"), folder)
                    .missing(false)
                    .toString();
            assertTrue(missing.contains(" is mounted noexec (" + at.toRealPath() + "), so a crontab's shell"), missing);
            assertEquals(0, SmallDisk.sh("mount", "-o", "remount,exec", at.toString()));
            assertEquals(Optional.empty(), Mounts.withoutPrograms(disk.at()));
        }
    }

    @Test
    void a_java_that_has_vanished_is_replaced_by_another_or_missed_in_one_sentence() throws Exception {
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        Path round = soak.dir.bin().resolve("round");
        javaHomeIs("/gone");
        Files.writeString(
                round,
                Files.readString(round)
                        .replace("${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "$PATH"));
        Fork.Result none = Fork.run("env", "-i", "PATH=" + pathWithoutJava(), round.toString(), "--version");
        assertEquals(127, none.exit(), none.err());
        assertTrue(none.err().contains("JAVA_HOME") && none.err().lines().count() == 1, none.err());
        Fork.Result byHome = Fork.run(
                "env",
                "-i",
                "PATH=" + pathWithoutJava(),
                "JAVA_HOME=" + System.getProperty("java.home"),
                round.toString(),
                "--version");
        assertEquals(0, byHome.exit(), byHome.err());
        Path oldHome = Files.createDirectories(folder.resolve("java 8/bin")).getParent();
        Files.writeString(oldHome.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n");
        oldHome.resolve("bin/java").toFile().setExecutable(true);
        Fork.Result tooOld = Fork.run(
                "env", "-i", "PATH=" + pathWithoutJava(), "JAVA_HOME=" + oldHome, round.toString(), "--version");
        assertEquals(127, tooOld.exit(), tooOld.err());
        assertTrue(
                tooOld.err().contains("is version 1:") && tooOld.err().lines().count() == 1, tooOld.err());
    }

    private void javaHomeIs(String home) throws IOException {
        Path build = soak.dir.bin().resolve("build.txt");
        Files.writeString(build, Files.readString(build).replaceFirst("(?m)^java_home: .*$", "java_home: " + home));
    }

    private String pathWithoutJava() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("readlink", "mkdir", "sed")) {
            Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec /bin/" + tool + " \"$@\"\n");
            tools.resolve(tool).toFile().setExecutable(true);
        }
        return tools.toString();
    }

    @Test
    void the_newest_java_of_this_machine_prints_no_warning_of_its_own() throws Exception {
        Path newest = null;
        try (Stream<Path> found = Files.list(Path.of("/usr/lib/jvm"))) {
            newest = found.filter(jdk -> Files.isExecutable(jdk.resolve("bin/java")) && javaVersion(jdk) >= 24)
                    .findFirst()
                    .orElse(null);
        } catch (java.nio.file.NoSuchFileException elsewhere) {
            // no JDK is where Linux has them
        }
        org.junit.jupiter.api.Assumptions.assumeTrue(newest != null, "no Java 24 or newer is here");
        assertEquals(Exit.OK, soak.sharingLibraries().first().exit());
        for (List<String> command : List.of(
                List.of("round"),
                List.of("report", "--type", "status"),
                List.of("setup"),
                List.of("controlplane", "--version"))) {
            Path script = soak.dir.bin().resolve(command.get(0));
            javaHomeIs(newest.toString());
            List<String> all = new ArrayList<>(List.of(script.toString()));
            if (!command.get(0).equals("controlplane")) {
                all.add(soak.dir.root().toString());
            }
            all.addAll(command.subList(1, command.size()));
            Fork.Result ran = Fork.run(all);
            assertEquals(Exit.OK, ran.exit(), command + ": " + ran.err());
            assertFalse(
                    ran.err().contains("restricted method")
                            || ran.err().contains("terminally deprecated")
                            || ran.err().contains("WARNING: java."),
                    ran.err());
        }
    }

    private static int javaVersion(Path jdk) {
        try {
            java.util.regex.Matcher version = java.util.regex.Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)")
                    .matcher(Files.readString(jdk.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException unknown) {
            return 0;
        }
    }

    /** As in an archive, which holds the scripts and no jar. */
    @Test
    void without_its_jars_each_script_runs_or_says_in_one_sentence_what_it_needs() throws Exception {
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        Folders.delete(soak.dir.bin().resolve("lib"));
        for (String script : List.of("setup", "round", "report", "controlplane", "probe")) {
            Fork.Result ran = underCron(bin(script));
            assertEquals(127, ran.exit(), script + ran.out() + ran.err());
            assertEquals(1, ran.err().lines().count(), ran.err());
            assertTrue(
                    ran.err().matches("(?s)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ \\w+: the program is .*"),
                    ran.err());
            assertTrue(ran.err().contains(BuildName.of(Version.current()).checkout()), ran.err());
            assertTrue(ran.err().contains(" ./" + (script.equals("probe") ? "round" : script) + ".java"), ran.err());
        }
        Fork.Result due = underCron(bin("due"));
        assertEquals(Exit.USAGE, due.exit(), due.out() + due.err());
        assertEquals(1, due.err().lines().count(), due.err());
        assertEquals(Exit.OK, underCron(bin("due"), "1", "1", "0").exit());
        assertFalse(Files.exists(soak.dir.tmp()), "nothing is written");
    }

    @Test
    void another_java_home_is_frozen_though_the_build_is_the_same() throws Exception {
        FrozenBuild frozen = new FrozenBuild(soak.dir);
        assertTrue(frozen.freeze(soak.time.now()));
        assertFalse(frozen.freeze(soak.time.now()));
        String sums = Files.readString(soak.dir.bin().resolve("SHA256SUMS"));
        javaHomeIs("/gone");
        assertTrue(frozen.freeze(soak.time.now()));
        assertEquals(sums, Files.readString(soak.dir.bin().resolve("SHA256SUMS")));
        Fork.Result version = underCron(bin("round"), "--version");
        assertEquals(0, version.exit(), version.err());
    }
}
