import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Leftovers;
import base.Room;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports on a disk that has no room for them: rounds come first, and nothing stays behind. */
@Tag("slow")
class ReportRoomTest {
    @TempDir
    Path folder;

    /** From the sources, whose driver unpacks its library. */
    private static Fork.Result report(Path soak, Path tmp, String... args) {
        List<String> command = new ArrayList<>(List.of("env", "-u", "JAVA_TOOL_OPTIONS"));
        command.addAll(Fork.java("report", soak.toString()));
        command.add(command.indexOf("-cp"), "-Djava.io.tmpdir=" + tmp);
        command.addAll(List.of(args));
        return Fork.run(command);
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** One line of words, no stack trace. */
    private static void oneSentence(Fork.Result refused, String... parts) {
        assertEquals(Exit.FAILED, refused.exit(), refused.out() + refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
        for (String part : parts) {
            assertTrue(refused.err().contains(part), part + " is not in " + refused.err());
        }
        assertFalse(refused.err().contains("glibc"), refused.err());
    }

    @Test
    void a_report_that_has_no_room_beside_the_rounds_refuses_before_it_writes_anything() throws Exception {
        Path soak = folder.resolve("soak");
        try (SmallDisk disk = SmallDisk.mount(soak, "size=40m");
                RoundRig rig = RoundRig.attached(soak)) {
            assertEquals(Exit.OK, rig.round().exit());
            Map<String, String> before = Reports.contents(soak);
            for (String type : List.of("status", "checkpoint", "final", "archive")) {
                oneSentence(
                        report(soak, rig.dir.tmp(), "--type", type),
                        "DuckDB's library, which every report needs, takes 60 MiB in " + rig.dir.tmp() + ", which has ",
                        " MiB to spare beside the 16 MiB that stay free for the soak's rounds: free some space, or"
                                + " give another folder by JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR");
            }
            assertEquals(List.of(), Reports.changed(before, Reports.contents(soak)));
            assertEquals(
                    List.of(),
                    names(rig.dir.tmp()).stream()
                            .filter(name -> name.startsWith(Leftovers.LIBRARY))
                            .toList());
            assertEquals(Exit.OK, rig.round().exit());
        }
    }

    /** Such as some network file systems, and a tmpfs without a limit: its 0 bytes are no measure. */
    @Test
    void a_disk_that_tells_no_size_gets_its_reports_and_its_archive() throws Exception {
        Path mount = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(mount, "size=0")) {
            assertTrue(Room.free(mount).isEmpty(), "" + Room.free(mount));
            SoakFixture soak = SoakFixture.in(mount.resolve("soak")).rounds(0, 3);
            soak.write();
            Reports.Ran ran = Reports.run("2026-10-01T02:00:00Z", soak.dir().root(), "--type", "final", "--archive");
            assertEquals(Exit.BAD, ran.exit(), ran.err());
            assertTrue(
                    Files.exists(soak.dir().finalText())
                            && names(mount).stream().anyMatch(name -> name.endsWith(".tar.gz")),
                    names(mount) + ran.err());
        }
    }

    @Test
    void a_report_without_room_names_itself_once_and_the_folder_that_lacks_it() throws Exception {
        Path mount = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(mount, "size=12m")) {
            SoakFixture soak = SoakFixture.in(mount.resolve("soak")).rounds(0, 3);
            soak.write();
            Reports.Ran ran =
                    Reports.run("2026-10-02T02:00:00Z", soak.dir().root(), "--type", "daily", "--date", "2026-10-01");
            assertEquals(Exit.FAILED, ran.exit(), ran.out());
            Path daily = soak.dir().root().resolve("daily");
            assertTrue(
                    ran.err()
                            .contains(daily + "/2026-10-01-summary.json takes 1 MiB in " + daily
                                    + ", which has 0 MiB to spare"),
                    ran.err());
        }
    }

    @Test
    void a_folder_that_is_not_there_is_named_with_the_way_to_another() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak")).rounds(0, 3);
        soak.write();
        oneSentence(
                report(soak.dir().root(), Path.of("/no/such/folder"), "--type", "status"),
                "could not be unpacked into /no/such/folder (",
                "give another folder by JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR");
    }

    @Test
    void a_folder_that_allows_no_execution_is_named_as_the_cause_and_is_left_empty() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak")).rounds(0, 3);
        soak.write();
        Path tmp = folder.resolve("noexec");
        try (SmallDisk disk = SmallDisk.mount(tmp, "size=100m,noexec")) {
            oneSentence(
                    report(soak.dir().root(), tmp, "--type", "status"),
                    "DuckDB's native library cannot be loaded: " + tmp
                            + " does not allow execution (failed to map segment from shared object): give another"
                            + " folder");
            assertEquals(List.of(), names(tmp));
        }
    }

    /** Between the limits under which no Java starts and those under which all goes well. */
    @Test
    void a_limit_of_the_process_is_not_told_as_a_fault_of_the_folder() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak")).rounds(0, 3);
        soak.write();
        Path tmp = Files.createDirectories(folder.resolve("tmp"));
        for (int limit = 300_000; limit < 3_000_000; limit += 20_000) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -v " + limit + "; exec \"$@\"", "sh"));
            command.addAll(Fork.java("report", soak.dir().root().toString(), "--type", "status"));
            command.addAll(
                    command.indexOf("-cp"),
                    List.of(
                            "-Djava.io.tmpdir=" + tmp,
                            "-Xmx64m",
                            "-XX:CompressedClassSpaceSize=32m",
                            "-XX:ErrorFile=/dev/null"));
            Fork.Result refused = Fork.run(command);
            if (refused.err().contains("DuckDB's native library")) {
                oneSentence(
                        refused,
                        "DuckDB's native library cannot be loaded: ulimit -v of whatever starts this is too low for it"
                                + " (failed to map segment): raise it to 4000000 or more");
                return;
            }
            assertNotEquals(Exit.BAD, refused.exit(), "with " + limit + " KiB nothing was refused");
        }
        throw new AssertionError("under no limit was the library refused");
    }

    @Test
    void a_question_that_needs_more_memory_than_a_report_may_take_is_told_where_to_ask_it() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak")).rounds(0, 3);
        soak.write();
        Fork.Result asked = report(soak.dir().root(), folder, "--sql", "SELECT len(list(range)) FROM range(100000000)");
        assertEquals(Exit.USAGE, asked.exit(), asked.out());
        assertTrue(
                asked.err()
                        .matches("report: --sql failed: it needs more memory than a report may take"
                                + " \\(failed to allocate .* used\\)\\): ask for fewer rows or columns, or export"
                                + " the views by --export DIR and ask DIR/soak\\.duckdb, where no limit is set\n"),
                asked.err());
    }

    @Test
    void an_export_that_would_take_the_rounds_room_is_refused_and_leaves_nothing() throws Exception {
        Path mount = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(mount, "size=36m")) {
            SoakFixture soak = SoakFixture.in(mount.resolve("soak")).rounds(0, 3);
            soak.write();
            List<String> before = names(mount);
            Reports.Ran refused = Reports.run(
                    "2026-10-01T02:00:00Z",
                    soak.dir().root(),
                    "--export",
                    mount.resolve("export").toString());
            assertEquals(Exit.FAILED, refused.exit(), refused.out());
            assertTrue(
                    refused.err().startsWith("report: each step of an export takes 24 MiB in " + mount)
                            && refused.err().endsWith("free some space, or give a folder on another disk\n"),
                    refused.err());
            assertEquals(before, names(mount));
            Reports.Ran elsewhere = Reports.run(
                    "2026-10-01T02:00:00Z",
                    soak.dir().root(),
                    "--export",
                    folder.resolve("export").toString());
            assertEquals(Exit.OK, elsewhere.exit(), elsewhere.err());
        }
    }

    @Test
    void a_comparison_unpacks_on_the_machines_disk_where_the_soaks_would_become_too_small() throws Exception {
        SoakFixture other =
                SoakFixture.in(folder.resolve("other")).days(1).interval(14_400).rounds(0, 6);
        other.write();
        byte[] noise = new byte[6 << 20];
        new Random(1).nextBytes(noise);
        Files.write(other.dir().cpLog(), noise);
        assertEquals(
                Exit.OK,
                Reports.run("2026-12-01T00:00:00Z", other.dir().root(), "--type", "archive")
                        .exit());
        Path mount = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(mount, "size=60m")) {
            SoakFixture soak = SoakFixture.in(mount.resolve("soak"))
                    .days(1)
                    .interval(14_400)
                    .rounds(0, 6);
            soak.write();
            Files.createDirectories(soak.dir().tmp());
            try (java.nio.file.WatchService watch =
                    soak.dir().tmp().getFileSystem().newWatchService()) {
                soak.dir().tmp().register(watch, java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);
                Reports.Ran ran = Reports.run(
                        "2026-12-01T00:00:00Z",
                        soak.dir().root(),
                        "--compare",
                        folder.resolve("soak-val12-2026-12-01.tar.gz").toString());
                assertEquals(Exit.OK, ran.exit(), ran.err());
                java.nio.file.WatchKey seen = watch.poll();
                List<String> made = seen == null
                        ? List.of()
                        : seen.pollEvents().stream()
                                .map(event -> event.context().toString())
                                .filter(name -> name.startsWith(Leftovers.SCRATCH))
                                .toList();
                assertEquals(List.of(), made, "nothing was unpacked on the soak's disk");
            }
        }
    }

    @Test
    void an_archive_that_would_take_the_rounds_room_is_given_up_and_leaves_nothing() throws Exception {
        Path mount = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(mount, "size=60m")) {
            SoakFixture soak = SoakFixture.in(mount.resolve("soak")).rounds(0, 3);
            soak.write();
            byte[] noise = new byte[30 << 20]; // gzip gains nothing on it
            new Random(1).nextBytes(noise);
            Files.write(soak.dir().root().resolve("cp.log"), noise);
            List<String> before = names(mount);
            Reports.Ran refused = Reports.run("2026-10-01T02:00:00Z", soak.dir().root(), "--type", "archive");
            assertEquals(Exit.FAILED, refused.exit(), refused.out());
            assertTrue(
                    refused.err().contains("no room is left beside the 16 MiB that stay free for the soak's rounds"),
                    refused.err());
            assertEquals(before, names(mount));
            assertTrue(Room.left(mount, mount) > 0);
        }
    }

    @Test
    void what_killed_reports_left_is_removed_by_the_next_round_and_what_is_in_use_stays() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder)) {
            Path tmp = Files.createDirectories(rig.dir.tmp());
            Process ended = new ProcessBuilder("true").start();
            ended.waitFor();
            List<Path> nobodys = new ArrayList<>(List.of(
                    Files.writeString(tmp.resolve(Leftovers.LIBRARY + "1.so"), "x"),
                    Files.writeString(tmp.resolve(Leftovers.SCRATCH + "archive-" + ended.pid() + "-1.sqlite.tmp"), "x"),
                    Files.createDirectories(tmp.resolve(Leftovers.SCRATCH + "compare-" + ended.pid() + "-1"))));
            Files.writeString(nobodys.get(2).resolve("taken.parquet"), "x");
            Path open = Files.writeString(tmp.resolve(Leftovers.LIBRARY + "2.so"), "x");
            Path young = Files.writeString(tmp.resolve(Leftovers.LIBRARY + "3.so"), "x");
            Path ours = Files.createDirectories(tmp.resolve(Leftovers.owned("compare") + "1"));
            for (Path file : List.of(nobodys.get(0), open)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(3))));
            }
            // waits for its input
            Process reader =
                    new ProcessBuilder("cat").redirectError(open.toFile()).start();
            Files.setLastModifiedTime(open, FileTime.from(Instant.now().minus(Duration.ofMinutes(3))));
            try {
                assertEquals(Exit.OK, rig.round().exit());
            } finally {
                reader.destroy();
            }
            assertEquals(List.of(), nobodys.stream().filter(Files::exists).toList());
            assertEquals(
                    List.of(),
                    Stream.of(open, young, ours)
                            .filter(file -> !Files.exists(file))
                            .toList());
        }
    }
}
