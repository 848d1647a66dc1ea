import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import provision.Beginning;
import settings.Config;
import settings.Traces;
import soak.RoundFiles;
import workload.History;

/**
 * What a round's folder and its files are called, and how large they may be, is the same for all who write and read
 * them.
 */
class RoundFilesTest {
    private static final Path ROOT = Path.of(System.getenv().getOrDefault("SOAK_SOURCE_DIR", "."));
    /** Each looks like a round's and is the second of no day, or no folder of one. */
    private static final List<String> NONE = List.of(
            "2026-02-30/round-000000",
            "2026-10-01/round-240000",
            "2026-10-01/round-126000",
            "2026-10-01/round-120060",
            "2026-10-01/round-1200",
            "2026-10-01/round-0120000",
            "2026-10-01/round-12000a",
            "2026-10-01/round-١٢٠٠٠٠",
            "2026-10-01/round-120000.tmp",
            "26-10-01/round-120000",
            "+2026-10-01/round-120000",
            "2026-13-01/round-000000");

    @TempDir
    Path folder;

    @Test
    void an_id_and_its_second_lead_to_each_other_and_what_is_no_second_is_no_id() {
        Instant second = Instant.parse("2028-02-29T23:59:59Z");
        assertEquals("2028-02-29/round-235959", RoundFiles.id(second));
        assertEquals(Optional.of(second), RoundFiles.second(RoundFiles.id(second)));
        NONE.forEach(id -> assertEquals(Optional.empty(), RoundFiles.second(id), id));
    }

    @Test
    void rounds_setup_and_reports_see_the_same_folders() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak")).rounds(0, 3);
        Config config = soak.write();
        Path rounds = soak.dir().rounds();
        for (String none : NONE) {
            Files.createDirectories(rounds.resolve(none));
        }
        Files.writeString(rounds.resolve("2026-10-01/round-130000"), "a file");
        List<Path> real = Stream.of("000000", "003000", "010000")
                .map(time -> rounds.resolve("2026-10-01/round-" + time))
                .toList();
        assertEquals(real, RoundFiles.folders(rounds));
        assertEquals(real, History.before(soak.dir(), null).folders());
        assertEquals(Optional.of(Instant.parse("2026-10-01T00:00:00Z")), Beginning.firstRound(soak.dir()));
        assertEquals(Optional.of(Instant.parse("2026-10-01T01:00:00Z")), Beginning.lastRound(soak.dir()));
        assertTrue(new Traces(soak.dir()).begun());
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
            List<Map<String, Object>> seen = database.query("SELECT round_id FROM round_folder ORDER BY 1");
            assertEquals(
                    real.stream().map(RoundFiles::id).toList(),
                    seen.stream().map(row -> row.get("round_id")).toList());
            TreeSet<String> stray =
                    new TreeSet<>(List.of("rounds/2026-10-01/round-130000", "rounds/26-10-01", "rounds/+2026-10-01"));
            NONE.stream()
                    .filter(id -> id.startsWith("2026-10-01/") && !id.matches(".*/round-[0-9]{6}"))
                    .forEach(id -> stray.add("rounds/" + id));
            assertEquals(
                    stray,
                    database.query("SELECT file FROM raw_stray").stream()
                            .map(row -> (String) row.get("file"))
                            .collect(Collectors.toCollection(TreeSet::new)));
            assertEquals(
                    5L,
                    database.query("SELECT count(*) AS n FROM problems WHERE reason LIKE 'is not a date and time%'")
                            .get(0)
                            .get("n"));
        }
    }

    @Test
    void a_file_is_read_up_to_what_a_round_may_write_and_a_pipe_is_never_waited_for() throws Exception {
        Path file = folder.resolve("f");
        assertNull(RoundFiles.bytes(file));
        Files.write(file, new byte[] {1, 2});
        assertArrayEquals(new byte[] {1, 2}, RoundFiles.bytes(file));
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(RoundFiles.LARGEST_BYTES + 1L);
        }
        assertEquals(
                "it is larger than 64 MiB",
                assertThrows(IOException.class, () -> RoundFiles.bytes(file)).getMessage());
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor());
        assertEquals(
                "it is not a regular file",
                assertThrows(IOException.class, () -> RoundFiles.bytes(folder.resolve("pipe")))
                        .getMessage());
    }

    @Test
    void a_pointer_is_read_as_it_was_written_and_each_fault_in_it_is_seen() throws Exception {
        RoundFiles.Pointer pointer = new RoundFiles.Pointer("recovery.txt.gz", 70_000, "ab", 60_000);
        String text = pointer.text(Map.of("stuck_count", 3));
        assertEquals(
                "{\"stored_in\":\"recovery.txt.gz\",\"stuck_count\":3,\"bytes\":70000,\"sha256\":\"ab\",\"kept_bytes\":60000}",
                Json.parse(text).toString());
        JsonNode told = RoundFiles.pointer(text.getBytes()).orElseThrow();
        assertEquals(Optional.of(pointer), RoundFiles.Pointer.of(told, "recovery.txt"));
        assertEquals(Optional.empty(), RoundFiles.Pointer.of(told, "refuted.txt"));
        for (String field : List.of("bytes", "sha256", "kept_bytes")) {
            assertEquals(
                    Optional.empty(),
                    RoundFiles.Pointer.of(Json.parse(text.replace("\"" + field + "\"", "\"other\"")), "recovery.txt"),
                    field);
        }
        for (String none :
                List.of("", "soak-1-01 exit=0 ms=1", "{}", "{\"stored_in\":7}", "{\"stored_in\":", "[" + text + "]")) {
            assertEquals(Optional.empty(), RoundFiles.pointer(none.getBytes()), none);
        }
        byte[] other = {7};
        assertEquals(
                "{\"stored_in\":\"recovery.txt.gz\",\"stuck_count\":3,\"bytes\":70000,\"sha256\":\"ab\",\"kept_bytes\":1}",
                Json.parse(RoundFiles.Pointer.masked(told, other)).toString());
        JsonNode whole = Json.parse(text.replace("60000", "70000"));
        assertEquals(
                Sha256.of(other),
                Json.parse(RoundFiles.Pointer.masked(whole, other))
                        .path("sha256")
                        .asText());
    }

    /** The self-test writes evidence by hand, as others would, and so names the files itself. */
    @Test
    void no_other_class_names_a_file_of_a_round() throws Exception {
        List<String> names = new ArrayList<>();
        for (Field field : RoundFiles.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())
                    && field.getType() == String.class
                    && !field.getName().equals("GZIPPED")) {
                names.add("\"" + field.get(null) + "\"");
            }
        }
        assertTrue(names.size() >= 18, "the search finds too few: " + names);
        List<String> found = new ArrayList<>();
        try (Stream<Path> sources = Stream.concat(Files.walk(ROOT.resolve("src")), Files.list(ROOT))) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".java")
                            && !file.toString().contains("selftest")
                            && !file.endsWith("RoundFiles.java"))
                    .toList()) {
                String text = Files.readString(source);
                Stream.concat(names.stream(), Stream.of("\"round-", "round-(", "round-\\\\d"))
                        .filter(text::contains)
                        .forEach(name -> found.add(source.getFileName() + " " + name));
            }
        }
        assertEquals(List.of(), found);
    }
}
