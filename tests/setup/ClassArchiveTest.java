import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Folders;
import base.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import provision.ClassArchive;
import provision.FrozenBuild;

/** The archive of classes beside a frozen build: starts are faster with it, and the same without. */
@Tag("slow")
class ClassArchiveTest extends FrozenSoak {
    private interface Damage {
        void done() throws Exception;
    }

    private void refresh() throws Exception {
        new ClassArchive(soak.dir)
                .refresh(practice -> SoakFixture.in(practice).rounds(0, 3).write());
    }

    private void frozenWithItsArchive() throws Exception {
        soak.sharingLibraries();
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        Files.writeString(soak.dir.config(), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
        refresh();
        assertTrue(Files.isRegularFile(soak.dir.classes()), "there is an archive");
    }

    /** A report that starts the database, with whatever Java itself has to say. */
    private Fork.Result answer() throws Exception {
        return underCron(bin("report"), soak.dir.root().toString(), "--sql", "SELECT 6 * 7 AS answer");
    }

    private Fork.Result version() throws Exception {
        return underCron(bin("report"), "--version");
    }

    private static final Set<String> WHERE_CLASSES_LIE = Set.of("whole", "bytes changed");

    /** Java 25 takes no class files as old as picocli's into a static archive either. */
    private static final int ARCHIVED = Runtime.version().feature() < 25 ? 3 : 2;

    /** How many of our classes and picocli's the JVM has from the archive. */
    private long shared() throws Exception {
        String loaded = underCron("env", "JDK_JAVA_OPTIONS=-Xlog:class+load", bin("round"), "--version")
                .out();
        return Stream.of("round", "command.Cli", "picocli.CommandLine")
                .limit(ARCHIVED)
                .filter(name -> loaded.contains(" " + name + " source: shared objects file"))
                .count();
    }

    @Test
    void setup_makes_it_last_and_rounds_and_reports_start_from_it() throws Exception {
        assertEquals(Exit.OK, soak.sharingLibraries().first().exit());
        assertFalse(Files.exists(soak.dir.classes()));
        Fork.Result without = answer();
        String sums = Files.readString(soak.dir.bin().resolve("SHA256SUMS"));
        assertEquals(0, shared());

        Fork.Result resumed = underCron(bin("setup"), soak.dir.root().toString());
        assertEquals(Exit.OK, resumed.exit(), resumed.err());
        assertEquals(ARCHIVED, shared());
        assertEquals(without, answer());
        Fork.Result round = underCron(bin("round"), soak.dir.root().toString());
        assertEquals("", round.err().replaceAll(".* warning: .*\n", ""));
        assertEquals(sums, Files.readString(soak.dir.bin().resolve("SHA256SUMS")), "no machine's cache is in a seal");
        assertEquals(List.of(), new FrozenBuild(soak.dir).damage());
        try (Stream<Path> left = Files.list(soak.dir.tmp())) {
            assertEquals(
                    List.of(),
                    left.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith(Leftovers.SCRATCH))
                            .toList());
        }
    }

    @Test
    void whatever_lies_in_its_place_every_start_says_and_does_the_same() throws Exception {
        frozenWithItsArchive();
        byte[] good = Files.readAllBytes(soak.dir.classes());
        String made = Files.readString(soak.dir.classesOf());
        Path archive = soak.dir.classes();
        Files.move(archive, folder.resolve("aside"));
        Fork.Result without = answer();
        Fork.Result version = version();
        assertEquals(Exit.OK, without.exit(), without.err());
        assertEquals("", without.err() + version.err());

        Map<String, Damage> cases = new LinkedHashMap<>();
        cases.put("whole", () -> Files.write(archive, good));
        cases.put("empty", () -> Files.write(archive, new byte[0]));
        cases.put("cut", () -> Files.write(archive, java.util.Arrays.copyOf(good, good.length / 2)));
        cases.put("text", () -> Files.writeString(archive, "no archive\n"));
        cases.put("bytes changed", () -> Files.write(archive, withChangedBytes(good)));
        cases.put("a folder", () -> Files.createDirectory(archive));
        cases.put("a pipe", () -> SmallDisk.sh("mkfifo", archive.toString()));
        cases.put("a link to nothing", () -> Files.createSymbolicLink(archive, folder.resolve("gone")));
        cases.put(
                "unreadable",
                () -> Files.setPosixFilePermissions(
                        Files.write(archive, good), PosixFilePermissions.fromString("---------")));
        cases.put("of another folder", () -> {
            Files.write(archive, good);
            Files.writeString(soak.dir.classesOf(), made.replace(" in /", " in /elsewhere/"));
        });
        cases.put("of bytes and no text", () -> {
            Files.write(archive, good);
            Files.write(soak.dir.classesOf(), new byte[] {0, (byte) 0xff, '\\', '\n', 0});
        });
        cases.put("of a folder", () -> {
            Files.write(archive, good);
            Files.delete(soak.dir.classesOf());
            Files.createDirectory(soak.dir.classesOf());
        });
        for (Map.Entry<String, Damage> damage : cases.entrySet()) {
            Folders.delete(archive);
            Folders.delete(soak.dir.classesOf());
            Files.writeString(soak.dir.classesOf(), made);
            damage.getValue().done();
            assertEquals(version, version(), damage.getKey());
            if (WHERE_CLASSES_LIE.contains(damage.getKey())) { // another one is refused before any class is loaded
                assertEquals(without, answer(), damage.getKey());
            }
        }
        Folders.delete(archive);
        refresh();
        assertEquals(ARCHIVED, shared(), "it is made anew");
        isOfNoUseElsewhereUntilItIsMadeAnew(without, version);
    }

    private static byte[] withChangedBytes(byte[] good) {
        byte[] bytes = good.clone();
        Random random = new Random(1);
        // Where the classes lie: the JVM looks at the head itself, and without a check of the sums ends by a signal.
        for (int i = bytes.length / 10; i < bytes.length / 2; i += 1 + random.nextInt(512)) {
            bytes[i] = (byte) ~bytes[i];
        }
        return bytes;
    }

    private void isOfNoUseElsewhereUntilItIsMadeAnew(Fork.Result answer, Fork.Result version) throws Exception {
        FileTime made = Files.getLastModifiedTime(soak.dir.classes());
        refresh();
        assertEquals(made, Files.getLastModifiedTime(soak.dir.classes()), "what is as it should be stays");

        Path java = folder.resolve("another java");
        Path start = Files.createDirectories(java.resolve("bin")).resolve("java");
        Files.writeString(start, "#!/bin/sh\nexec " + System.getProperty("java.home") + "/bin/java \"$@\"\n");
        assertTrue(start.toFile().setExecutable(true));
        Path text = soak.dir.bin().resolve("build.txt");
        String built = Files.readString(text);
        Files.writeString(text, built.replaceFirst("java_home: .*", "java_home: " + java));
        assertEquals(0, shared(), "a Java that it was not made for");
        assertEquals(version, version());
        Files.writeString(text, built);
        assertEquals(ARCHIVED, shared());

        Path moved = folder.resolve("moved");
        Files.move(soak.dir.root(), moved);
        Fork.Result elsewhere =
                underCron(moved.resolve("bin/report").toString(), moved.toString(), "--sql", "SELECT 6 * 7 AS answer");
        Files.move(moved, soak.dir.root());
        assertEquals(answer, elsewhere);

        Path jar = soak.dir.bin().resolve("lib").resolve(picocli());
        FileTime before = Files.getLastModifiedTime(jar);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertEquals(0, shared(), "the JVM compares the jars");
        assertEquals(version, version());
        refresh();
        assertNotEquals(made, Files.getLastModifiedTime(soak.dir.classes()));
        assertEquals(ARCHIVED, shared());
        Files.setLastModifiedTime(jar, before);
    }

    private String picocli() throws Exception {
        try (Stream<String> lines = Files.lines(soak.dir.bin().resolve("SHA256SUMS"))) {
            return lines.filter(line -> line.contains("  lib/picocli"))
                    .map(line -> line.substring(line.indexOf("lib/") + 4))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void a_disk_without_room_for_it_is_no_failure() throws Exception {
        soak.sharingLibraries();
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        Files.writeString(soak.dir.config(), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
        try (SmallDisk disk = SmallDisk.mount(soak.dir.tmp(), "size=8m")) {
            refresh();
            try (Stream<Path> left = Files.list(disk.at())) {
                assertEquals(List.of(), left.toList());
            }
        }
        assertFalse(Files.exists(soak.dir.classes()) || Files.exists(soak.dir.classesOf()));
        assertEquals(Exit.OK, answer().exit());
    }

    @Test
    void the_database_runs_from_the_frozen_library_and_one_that_is_damaged_is_told_in_a_sentence() throws Exception {
        new FrozenBuild(soak.dir).freeze(soak.time.now());
        Files.writeString(soak.dir.config(), "SOAK_STARTED_AT=2026-10-01T00:00:00Z\n");
        try (SmallDisk disk = SmallDisk.mount(soak.dir.tmp(), "size=64k")) {
            assertEquals(Exit.OK, answer().exit(), "nothing is unpacked");
            assertEquals(List.of(), new FrozenBuild(soak.dir).damage(), "and nothing is removed");
        }
        for (String damage : List.of(
                "rm \"$1\"/*/lib*.so*",
                "for f in \"$1\"/*/lib*.so*; do echo text >\"$f\"; done",
                "truncate -s 20M \"$1\"/*/lib*.so*")) {
            assertEquals(
                    0,
                    SmallDisk.sh(
                            "sh",
                            "-c",
                            damage,
                            "sh",
                            soak.dir.bin().resolve("lib").toString()));
            Fork.Result refused = answer();
            assertEquals(Exit.FAILED, refused.exit(), refused.out() + refused.err());
            assertEquals(1, refused.err().lines().count(), refused.err());
            assertTrue(refused.err().contains("DuckDB's native library cannot be loaded ("), refused.err());
            assertTrue(refused.err().contains("setup.java SOAK_DIR --upgrade"), refused.err());
            assertFalse(new FrozenBuild(soak.dir).damage().isEmpty());
            assertTrue(new FrozenBuild(soak.dir).freeze(soak.time.now()), "an upgrade mends it");
            assertEquals(Exit.OK, answer().exit());
        }
    }
}
