import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import build.Judge;
import build.Version;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import provision.FrozenBuild;

/** The build in SOAK_DIR/bin needs nothing outside SOAK_DIR but a Java. */
@Tag("slow")
class SetupFrozenBuildTest extends FrozenSoak {
    @Test
    void a_round_and_a_resume_run_under_cron_in_a_folder_with_spaces_quotes_and_umlauts() throws Exception {
        assertEquals(Exit.OK, soak.withoutClassArchive().first().exit());
        Fork.Result round = underCron(bin("round"), soak.dir.root().toString());
        assertEquals(Exit.OK, round.exit(), round.err());
        try (Stream<Path> found = Files.find(soak.dir.rounds(), 3, (p, a) -> p.endsWith("round-summary.json"))) {
            assertEquals(2, found.count());
        }
        Fork.Result report = underCron(bin("report"), soak.dir.root().toString(), "--type", "status");
        assertEquals(Exit.OK, report.exit(), report.err());
        assertTrue(report.out().contains("\n+ VAL12-02 initial_round_success  passed "), report.out());
        Fork.Result foreign = underCron(
                "env", "LANG=xx_YY.UTF-8", bin("report"), soak.dir.root().toString(), "--type", "status");
        assertEquals(Exit.OK, foreign.exit(), "a locale that is named, and is not on this machine: " + foreign.err());
        Fork.Result resume = underCron(bin("setup"), soak.dir.root().toString());
        assertEquals(Exit.OK, resume.exit(), resume.err());
        assertTrue(resume.out().contains("\n*/30 * * * * "), resume.out());
        assertTrue(soak.resumes().contains(" resumed control_plane=alive pid="), soak.resumes());
        Fork.Result unnamed = underCron("sh", "-c", "cd / && exec \"$0\" --stop", bin("setup"));
        assertEquals(Exit.OK, unnamed.exit(), "without SOAK_DIR the build's own soak is meant: " + unnamed.err());
        assertTrue(unnamed.out().contains("has ended"), unnamed.out());
        Fork.Result sums = Fork.run(
                "sh",
                "-c",
                "cd \"$0\" && sha256sum -c --quiet SHA256SUMS",
                soak.dir.bin().toString());
        assertEquals(0, sums.exit(), sums.out() + sums.err());
    }

    @Test
    void the_start_scripts_find_their_jars_when_the_folder_has_moved_or_is_linked_to() throws Exception {
        FrozenBuild frozen = new FrozenBuild(soak.dir);
        assertTrue(frozen.freeze(soak.time.now()));
        Path moved = folder.resolve("moved");
        Files.move(soak.dir.root(), moved);
        Path link = Files.createSymbolicLink(folder.resolve("run_soak_val12_round.sh"), moved.resolve("bin/round"));
        Fork.Result version = underCron(link.toString(), "--version");
        assertEquals(0, version.exit(), version.err());
        assertTrue(version.out().startsWith(Version.current() + " "), version.out());
    }

    @Test
    void a_soak_whose_tmp_cannot_be_used_is_reported_on_all_the_same() throws Exception {
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        Files.writeString(soak.dir.config(), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
        Files.writeString(soak.dir.tmp(), "a file, as for someone who may not write here");
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Fork.Result report = underCron(
                "env",
                "TMPDIR=" + elsewhere,
                bin("report"),
                soak.dir.root().toString(),
                "--sql",
                "SELECT 6 * 7 AS answer");
        assertEquals(Exit.OK, report.exit(), report.err());
        assertTrue(report.out().contains("42"), report.out());
        Fork.Result chosen = underCron(
                "env",
                "JAVA_TOOL_OPTIONS=-Xmx256m -Djava.io.tmpdir=/no/such/folder -Xms8m",
                bin("report"),
                soak.dir.root().toString(),
                "--sql",
                "SELECT 1");
        assertEquals(Exit.OK, chosen.exit(), "nothing is unpacked: " + chosen.err());
    }

    @Test
    void an_upgrade_is_recorded_and_never_touches_the_jars_of_a_running_round() throws Exception {
        // with libraries of its own: into those that tests share others put jars meanwhile
        Files.writeString(folder.resolve("plan.json"), ForeignControlPlane.TEMPLATE);
        try (ForeignControlPlane cp = ForeignControlPlane.start()) {
            String[] attach = {
                "--attach",
                "--no-first-round",
                "--set",
                "CP_URL=" + cp.url(),
                "--set",
                "CP_METRICS_URL=" + cp.metricsUrl()
            };
            assertEquals(Exit.OK, soak.withoutClassArchive().run(attach).exit());
            Fork.Result same = soak.run("--upgrade");
            assertTrue(
                    Files.readString(soak.dir.setupSummary())
                            .contains("\njudge_version: " + Version.NUMBER + "\njudge_sha256: "
                                    + Judge.own().sha256() + "\n"),
                    Files.readString(soak.dir.setupSummary()));
            assertEquals(Exit.OK, same.exit(), same.err());
            assertTrue(same.err().contains("the frozen build already has this version"), same.err());
            assertFalse(soak.resumes().contains("upgraded"), soak.resumes());

            Map<Path, Object> before = jars();
            String[] old = Files.readString(soak.dir.bin().resolve("round")).split("\njars=");
            List<String> newer = Fork.java("setup", soak.dir.root().toString(), "--upgrade");
            newer.replaceAll(
                    word -> word.equals(System.getProperty("java.class.path")) ? anotherJar() + ":" + word : word);
            newer.add(1, "-D" + Version.PROPERTY + "=9.9.9");
            Fork.Result upgrade = Fork.run(soak.environment, newer);
            assertEquals(Exit.OK, upgrade.exit(), upgrade.err());
            assertTrue(
                    soak.resumes()
                            .matches("(?s).*\\S+Z upgraded from=" + java.util.regex.Pattern.quote(Version.current())
                                    + " to=9\\.9\\.9 " + Judge.own().inLog() + "\n.*"),
                    soak.resumes());
            assertEquals("9.9.9", new FrozenBuild(soak.dir).version());
            String[] now = Files.readString(soak.dir.bin().resolve("round")).split("\njars=");
            assertNotEquals(old[1], now[1]);
            Map<Path, Object> after = jars();
            before.forEach((jar, identity) -> assertEquals(identity, after.get(jar), jar + " was touched"));
            assertEquals(before.size() + 1, after.size());
            Fork.Result version = underCron(bin("round"), "--version");
            assertTrue(version.out().startsWith("9.9.9 "), version.out() + version.err());
        }
    }

    private Map<Path, Object> jars() throws IOException {
        try (Stream<Path> files = Files.list(soak.dir.bin().resolve("lib"))) {
            return files.collect(java.util.stream.Collectors.toMap(file -> file, file -> {
                try {
                    return List.of(Files.getAttribute(file, "unix:ino"), Files.getLastModifiedTime(file));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
    }

    private Path anotherJar() {
        Path jar = folder.resolve("another.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("novelty.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    @Test
    void damage_is_found_told_on_a_resume_and_mended_by_an_upgrade() throws Exception {
        FrozenBuild frozen = new FrozenBuild(soak.dir);
        frozen.freeze(soak.time.now());
        assertEquals(List.of(), frozen.damage());
        Path jar;
        try (Stream<Path> files = Files.list(soak.dir.bin().resolve("lib"))) {
            jar = files.filter(file -> file.getFileName().toString().startsWith("picocli"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(jar, "cut");
        Files.delete(soak.dir.bin().resolve("due"));
        assertEquals(List.of("lib/" + jar.getFileName(), "due"), frozen.damage());
        assertTrue(frozen.freeze(soak.time.now()));
        assertEquals(List.of(), frozen.damage());
    }

    @Test
    void scripts_that_a_copy_made_not_executable_are_damage_and_mended_by_an_upgrade() throws Exception {
        FrozenBuild frozen = new FrozenBuild(soak.sharingLibraries().dir);
        frozen.freeze(soak.time.now());
        Path round = soak.dir.bin().resolve("round");
        Files.setPosixFilePermissions(round, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(List.of("round (not executable)"), frozen.damage());
        assertTrue(frozen.freeze(soak.time.now()));
        assertTrue(Files.isExecutable(round));
        assertEquals(List.of(), frozen.damage());
    }

    @Test
    void due_lets_the_right_hour_through() throws Exception {
        new FrozenBuild(soak.sharingLibraries().dir).freeze(soak.time.now());
        Path tools = Files.createDirectories(folder.resolve("clock"));
        for (String[] at : new String[][] {
            {"2026-10-01T00:59:59Z", "1"},
            {"2026-10-01T01:00:00Z", "0"},
            {"2026-10-01T01:59:59Z", "0"},
            {"2026-10-01T02:00:00Z", "1"}
        }) {
            Files.writeString(
                    tools.resolve("date"),
                    "#!/bin/sh\necho " + java.time.Instant.parse(at[0]).getEpochSecond() + "\n");
            tools.resolve("date").toFile().setExecutable(true);
            Fork.Result due = Fork.run(
                    Map.of("PATH", tools + ":" + System.getenv("PATH")), List.of(bin("due"), "3600", "86400", "3600"));
            assertEquals(Integer.parseInt(at[1]), due.exit(), at[0] + due.err());
        }
    }

    /** What a crontab with PATH=$HOME/bin:$PATH gives: cron expands nothing. */
    @Test
    void no_start_script_needs_a_path_or_a_home() throws Exception {
        soak.environment.put("TARGET_P99_MS", "60000"); // a busy machine must not decide what a status says
        assertEquals(
                Exit.OK, soak.sharingLibraries().withoutClassArchive().first().exit());
        String root = soak.dir.root().toString();
        List<List<String>> starts = List.of(
                List.of(bin("round"), "--version"),
                List.of(bin("probe"), "--version"),
                List.of(bin("report"), "--version"),
                List.of(bin("setup"), "--version"),
                List.of(bin("controlplane"), "--version"),
                List.of(bin("due"), "1", "1", "0"));
        run(List.of("PATH=", "HOME="), starts);
        run(List.of(), starts);
        // what the scripts start looks for programs of its own
        run(
                List.of("PATH=$HOME/bin:$PATH"),
                List.of(
                        List.of(bin("round"), root),
                        List.of(bin("probe"), root),
                        List.of(bin("report"), root, "--type", "status"),
                        List.of(bin("setup"), root),
                        List.of(bin("controlplane"), "--version"),
                        List.of(bin("due"), "1", "1", "0")));
    }

    private static void run(List<String> environment, List<List<String>> commands) throws IOException {
        for (List<String> command : commands) {
            List<String> all = new ArrayList<>(List.of("/usr/bin/env", "-i"));
            all.addAll(environment);
            all.addAll(command);
            Fork.Result ran = Fork.run(all);
            assertEquals(Exit.OK, ran.exit(), environment + " " + command + ": " + ran.out() + ran.err());
            assertFalse(ran.err().contains("not found"), ran.err());
        }
    }

    @Test
    void a_start_script_needs_no_working_directory() throws Exception {
        soak.environment.put("TARGET_P99_MS", "60000"); // a busy machine must not decide what a status says
        assertEquals(Exit.OK, soak.sharingLibraries().first().exit());
        String root = soak.dir.root().toString();
        for (List<String> command : List.of(
                List.of(bin("round"), root), List.of(bin("report"), root, "--type", "status"), List.of(bin("probe")))) {
            List<String> all = new ArrayList<>(List.of(
                    "sh",
                    "-c",
                    "mkdir \"$1\" && cd \"$1\" && rmdir \"$1\" && shift && exec \"$@\"",
                    "sh",
                    root + "/gone"));
            all.addAll(command);
            Fork.Result ran = Fork.run(all);
            assertEquals(Exit.OK, ran.exit(), command + ": " + ran.out() + ran.err());
        }
    }
}
