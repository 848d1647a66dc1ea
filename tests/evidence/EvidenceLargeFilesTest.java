import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sha256;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;
import soak.Gzip;
import soak.RoundFiles;

/** A round's large files, whose whole lies compressed beside them. */
@Tag("slow")
class EvidenceLargeFilesTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(2).interval(21600).drillEvery(0).rounds(0, 8);
    }

    private static final String RECOVERY = IntStream.rangeClosed(1, 3000)
            .mapToObj(i -> "soak-stuck-" + i + " exit=" + (i % 1000 == 0 ? 1 : 0) + " ms=12\n")
            .collect(Collectors.joining());

    /** As round.java stores what is larger than 64 KiB, all of it or its first part. */
    private void store(String round, String file, String whole, int keptBytes) {
        byte[] raw = whole.getBytes(StandardCharsets.UTF_8);
        try {
            Path path = folder.resolve("rounds").resolve(round).resolve(file);
            byte[] kept = Arrays.copyOf(raw, keptBytes);
            Files.write(path.resolveSibling(file + ".gz"), Gzip.of(kept));
            Files.writeString(
                    path, new RoundFiles.Pointer(file + ".gz", raw.length, Sha256.of(raw), keptBytes).text(Map.of()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final String ROUND = "2026-10-01/round-060000";

    private SoakFixture withLargeRecovery() {
        SoakFixture soak = soak().round(
                        1,
                        r -> r.set("stuck_count", 3000)
                                .set("recovery_ok", 2997)
                                .set("recovery_fail", 3)
                                .raw("stuck-scan.json", null));
        soak.write();
        store(ROUND, "recovery.txt", RECOVERY, RECOVERY.length());
        store(ROUND, "stuck-scan.json", "{\"stuck_plans\":[]}".repeat(9999), 9999);
        return soak;
    }

    private EvidenceDatabase open(SoakFixture soak) {
        return EvidenceDatabase.open(Config.read(soak.dir()), new Scope(soak.end(), false, null));
    }

    @Test
    void the_whole_of_a_large_file_is_read_from_beside_it() {
        SoakFixture soak = withLargeRecovery();
        store(
                ROUND,
                "integrity.json",
                Json.write(Map.of("lost", List.of("soak-1-01"), "duplicate", List.of(), "revived", List.of())),
                60);
        String integrity =
                Json.write(Map.of("lost", List.of("soak-1-01"), "duplicate", List.of(), "revived", List.of()));
        store(ROUND, "integrity.json", integrity, integrity.length());
        String scrape = "cp_rollout_plans_total 77\n".repeat(1) + "# filler\n".repeat(9000);
        store(ROUND, "metrics-scrape.prom", scrape, scrape.length());
        try (EvidenceDatabase database = open(soak)) {
            assertEquals(
                    3000L, Databases.one(database, "SELECT count(*) FROM recoveries WHERE round_id = '" + ROUND + "'"));
            assertEquals(3L, Databases.one(database, "SELECT count(*) FROM recoveries WHERE NOT ok"));
            assertEquals(1L, Databases.one(database, "SELECT lost_plans FROM final_report"));
            assertEquals(77.0, Databases.one(database, "SELECT value FROM metrics WHERE round_id = '" + ROUND + "'"));
            assertEquals(
                    List.of("rounds/" + ROUND
                            + "/round-summary.json says lost_plans=0, but integrity.json names 1: the larger"
                            + " value counts"),
                    Databases.problems(database).stream()
                            .filter(p -> !p.contains("stuck"))
                            .toList());
        }
    }

    @Test
    void a_file_that_was_cut_is_a_note_and_its_missing_lines_are_no_contradiction() {
        SoakFixture soak = withLargeRecovery();
        store(ROUND, "recovery.txt", RECOVERY, 40_005);
        try (EvidenceDatabase database = open(soak)) {
            assertTrue(
                    Databases.notes(database, "topic = 'kept_in_part' AND date IS NULL")
                            .contains("recovery.txt was too large to keep whole in 1 round: 40005 of "
                                    + RECOVERY.length() + " bytes were kept"),
                    Databases.notes(database, "true").toString());
            assertEquals(
                    List.of(),
                    Databases.problems(database).stream()
                            .filter(p -> p.contains("recovery"))
                            .toList());
            assertTrue(
                    (Long) Databases.one(database, "SELECT count(*) FROM recoveries WHERE round_id = '" + ROUND + "'")
                            > 1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recovery.txt", "integrity.json", "metrics-scrape.prom", "stuck-scan.json"})
    void a_whole_that_is_not_what_was_written_is_listed_and_not_read(String file) throws Exception {
        SoakFixture soak = withLargeRecovery();
        Path pointer = folder.resolve("rounds/" + ROUND).resolve(file);
        Path gz = pointer.resolveSibling(file + ".gz");
        store(ROUND, file, RECOVERY, RECOVERY.length());
        String written = Files.readString(pointer);
        byte[] compressed = Files.readAllBytes(gz);

        Files.writeString(pointer, written.replaceFirst("(\"sha256\" : \")....", "$10000"));
        assertListed(soak, file + ".gz has a SHA-256 that differs from the recorded one: not read");
        Files.writeString(pointer, written);
        Files.write(gz, Arrays.copyOf(compressed, compressed.length - 20));
        assertListed(soak, file + ".gz is not a complete gzip file: not read");
        Files.write(gz, "no gzip".getBytes(StandardCharsets.UTF_8));
        assertListed(soak, file + ".gz is not a complete gzip file: not read");
        Files.write(gz, new byte[0]);
        assertListed(soak, file + ".gz is not a complete gzip file: not read");
        Files.delete(gz);
        assertListed(
                soak, file + ".gz is missing, but " + file + " says that it holds " + RECOVERY.length() + " bytes");
        Files.write(gz, compressed);
        Files.writeString(pointer, written.replace("\"bytes\" : " + RECOVERY.length(), "\"bytes\" : \"many\""));
        assertListed(
                soak,
                file + " says that it is stored elsewhere, but lacks stored_in, bytes, kept_bytes or sha256: not"
                        + " read");
        Files.writeString(pointer, written.replace("\"kept_bytes\" : " + RECOVERY.length(), "\"kept_bytes\" : 17"));
        assertListed(soak, file + ".gz holds " + RECOVERY.length() + " bytes, not the 17 that were kept: not read");
    }

    private void assertListed(SoakFixture soak, String problem) {
        try (EvidenceDatabase database = open(soak)) {
            assertEquals(
                    1,
                    Databases.problems(database).stream()
                            .filter(p -> p.equals("rounds/" + ROUND + "/" + problem))
                            .count(),
                    problem + "\n" + Databases.problems(database));
            assertTrue(
                    Databases.problems(database).stream()
                            .noneMatch(p -> p.contains("recovery.txt has 0") && problem.startsWith("recovery.txt.gz")),
                    Databases.problems(database).toString());
        }
    }

    @Test
    void a_whole_whose_pointer_a_killed_round_could_not_write_is_read() throws Exception {
        String stuck = IntStream.rangeClosed(1, 3000)
                .mapToObj(i -> "\"soak-stuck-" + i + "\"")
                .collect(Collectors.joining(", ", "{\"stuck_plans\": [", "]}"));
        SoakFixture soak = soak().round(1, r -> r.interrupted().raw("stuck-scan.json", stuck));
        soak.write();
        store(ROUND, "recovery.txt", RECOVERY, RECOVERY.length());
        Files.delete(folder.resolve("rounds/" + ROUND + "/recovery.txt"));
        try (EvidenceDatabase database = open(soak)) {
            assertEquals(
                    2997L, Databases.one(database, "SELECT recovery_ok FROM rounds WHERE round_id = '" + ROUND + "'"));
            assertEquals(
                    List.of("rounds/" + ROUND + "/round-summary.json is missing: the round was interrupted"),
                    Databases.problems(database));
        }
    }
}
