import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import soak.Config;
import soak.Json;

/**
 * What a round says of its own measurement: stalls, overhead, clock steps, the store's check, its cost, and large
 * files.
 */
@Tag("slow")
class EvidenceMeasurementTest {
    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(2).interval(21600).drillEvery(0).rounds(0, 8);
    }

    private EvidenceDatabase judged(SoakFixture soak) {
        return EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null));
    }

    private static Object one(EvidenceDatabase database, String sql) {
        List<Map<String, Object>> rows = database.query(sql);
        assertEquals(1, rows.size(), sql + " " + rows);
        return rows.get(0).values().iterator().next();
    }

    private static List<String> notes(EvidenceDatabase database, String where) {
        return database.query("SELECT note FROM notes WHERE " + where).stream()
                .map(r -> (String) r.get("note"))
                .toList();
    }

    private static List<String> problems(EvidenceDatabase database) {
        return database.query("SELECT file || ' ' || reason AS p FROM problems").stream()
                .map(r -> (String) r.get("p"))
                .toList();
    }

    // --- stalls, overhead, clock
    // ---------------------------------------------------------------------------------------

    @Test
    void a_stalled_create_is_marked_and_told_beside_the_verdict_that_it_still_decides() {
        SoakFixture soak = soak().round(
                        2,
                        r -> r.latencyMs(600, 20)
                                .raw("create-stalls.txt", "580.250\n4.999\n" + "0.000\n".repeat(8))
                                .set("stalled_creates", 1)
                                .set("max_stall_ms", 580.25))
                .round(
                        5,
                        r -> r.latencyMs(30)
                                .raw("create-stalls.txt", "5.000\n" + "0.100\n".repeat(9))
                                .set("stalled_creates", 1)
                                .set("max_stall_ms", 5));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of(true, false),
                    one(
                            database,
                            "SELECT list(stalled ORDER BY plan) FROM creates WHERE round_id LIKE"
                                    + " '2026-10-01/round-120000' AND plan <= 2"));
            assertEquals(
                    4.999,
                    one(
                            database,
                            "SELECT stall_ms FROM creates WHERE round_id = '2026-10-01/round-120000' AND plan = 2"));
            assertNull(
                    one(database, "SELECT any_value(stalled) FROM creates WHERE round_id = '2026-10-01/round-000000'"));
            assertEquals(2L, one(database, "SELECT count(*) FROM creates WHERE stalled AND counted"));
            assertEquals("FAIL", one(database, "SELECT verdict FROM claims WHERE id = 'C3'"));
            assertEquals(600.0, one(database, "SELECT max_p99_ms FROM final_report"));
            assertEquals(
                    List.of("creates measured while the harness itself stood still for 5 ms or longer: 2 in 2 rounds"
                            + " (longest 580.25 ms); max p99_ms without them: 20, with them, as judged: 600"),
                    notes(database, "date IS NULL"));
            assertEquals(
                    List.of("creates measured while the harness itself stood still for 5 ms or longer: 1 in 1 round"
                            + " (longest 5 ms); max p99_ms without them: 5.168, with them, as judged: 30"),
                    notes(database, "date = DATE '2026-10-02'"));
            assertEquals(List.of(), problems(database));
        }
    }

    @Test
    void a_round_of_stalled_creates_alone_leaves_nothing_to_compare_with() {
        SoakFixture soak = SoakFixture.in(folder)
                .days(2)
                .interval(21600)
                .drillEvery(0)
                .round(0, r -> r.raw("create-stalls.txt", "9.000\n".repeat(10)));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(1, notes(database, "date IS NULL").size());
            assertTrue(
                    notes(database, "date IS NULL")
                            .get(0)
                            .endsWith("max p99_ms without them: n/a, with them, as judged: 4.909 (rounds of which"
                                    + " nothing remains: 1)"),
                    notes(database, "date IS NULL").toString());
        }
    }

    @Test
    void a_broken_line_of_stalls_is_listed_and_stalls_nothing() {
        try (EvidenceDatabase database = judged(soak().round(1, r -> r.raw("create-stalls.txt", "NaN\nten\n7\n")))) {
            assertEquals(1L, one(database, "SELECT count(*) FROM creates WHERE stalled"));
            assertEquals(
                    2L,
                    problems(database).stream()
                            .filter(p -> p.contains("create-stalls.txt line ")
                                    && p.contains("is no duration in milliseconds"))
                            .count());
        }
    }

    @Test
    void the_last_line_of_a_killed_round_is_no_whole_stall() {
        try (EvidenceDatabase database =
                judged(soak().round(1, r -> r.interrupted().raw("create-stalls.txt", "0.100\n700")))) {
            assertEquals(0L, one(database, "SELECT count(*) FROM creates WHERE stalled"));
            assertEquals(0.1, one(database, "SELECT max_stall_ms FROM rounds WHERE kind = 'interrupted'"));
        }
    }

    @Test
    void an_overhead_above_five_milliseconds_is_said_and_five_is_not() {
        try (EvidenceDatabase database = judged(soak().round(1, r -> r.set("probe_overhead_ms", 5))
                .round(2, r -> r.set("probe_overhead_ms", 5.1))
                .round(6, r -> r.set("probe_overhead_ms", 7.25)))) {
            assertEquals(
                    List.of("rounds whose probe_overhead_ms is above 5 ms: 2 (largest 7.25 ms, in"
                            + " 2026-10-02/round-120000): their latencies are partly the prober's own"),
                    notes(database, "date IS NULL AND topic = 'probe_overhead'"));
            assertEquals(1, notes(database, "date = DATE '2026-10-01'").size());
            assertEquals(List.of(), problems(database));
        }
    }

    @Test
    void clock_steps_beyond_a_second_are_listed_with_their_sign() {
        SoakFixture soak = soak().round(1, r -> r.set("clock_step_ms", 1000))
                .round(2, r -> r.set("clock_step_ms", -3600123))
                .round(5, r -> r.set("clock_step_ms", "1001"));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of(
                            "the wall clock stepped by -3600123 ms in 2026-10-01/round-120000; durations are of the"
                                    + " monotonic clock",
                            "the wall clock stepped by +1001 ms in 2026-10-02/round-060000; durations are of the"
                                    + " monotonic clock"),
                    notes(database, "date IS NULL"));
            assertEquals(List.of(), problems(database));
        }
    }

    @Test
    void many_clock_steps_are_ten_lines_and_a_count() {
        SoakFixture soak = SoakFixture.in(folder)
                .days(1)
                .interval(3600)
                .drillEvery(0)
                .rounds(0, 24)
                .each(r -> r.set("clock_step_ms", 2000));
        try (EvidenceDatabase database = judged(soak)) {
            List<String> found = notes(database, "date IS NULL");
            assertEquals(10, found.size());
            assertTrue(
                    found.get(9).contains("round-090000") && found.get(9).endsWith("(and 14 more steps)"),
                    found.get(9));
        }
    }

    @Test
    void a_mistyped_field_is_not_measured_and_listed() {
        try (EvidenceDatabase database = judged(soak().round(
                        1,
                        r -> r.set("clock_step_ms", "soon")
                                .set("store_unchecked", true)
                                .set("harness_cpu_ms", -1)
                                .set("warnings", "none")
                                .set("failures", List.of())))) {
            assertEquals(
                    List.of(
                            "rounds/2026-10-01/round-060000/round-summary.json clock_step_ms is \"soon\", which is not"
                                    + " a whole number: not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json failures is [], which is not an object:"
                                    + " not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json harness_cpu_ms is -1, which is not a"
                                    + " whole number from 0 on: not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json store_unchecked is true, which is not a"
                                    + " string: not measured",
                            "rounds/2026-10-01/round-060000/round-summary.json warnings is \"none\", which is not an"
                                    + " array: not measured"),
                    problems(database));
            assertNull(one(database, "SELECT coalesce(failures, warnings) FROM rounds WHERE slot = 1"));
        }
    }

    // --- the store's check
    // ---------------------------------------------------------------------------------------------

    @Test
    void damage_found_by_the_stores_own_check_fails_the_claim_though_no_plan_is_lost() {
        SoakFixture soak = soak().round(0, r -> r.set("store_check", "ok"))
                .round(4, r -> r.set("store_check", "plans.db: row 7 missing from index"));
        try (EvidenceDatabase database = judged(soak.set("TARGET_PLAN_COUNT", "10"))) {
            Map<String, Object> claim = database.query("SELECT verdict, value, detail FROM claims WHERE id = 'C1'")
                    .get(0);
            assertEquals("FAIL", claim.get("verdict"));
            assertEquals(0.0, claim.get("value"));
            assertTrue(
                    claim.get("detail")
                            .toString()
                            .endsWith(", store damaged on 1 of 2 days checked, first in 2026-10-02/round-000000:"
                                    + " plans.db: row 7 missing from index"),
                    claim.toString());
            assertEquals(
                    Arrays.asList("ok", "plans.db: row 7 missing from index"),
                    one(database, "SELECT list(store_check ORDER BY date) FROM daily"));
        }
    }

    @Test
    void a_clean_check_says_on_how_many_days_and_no_check_says_so() {
        try (EvidenceDatabase database =
                judged(soak().set("TARGET_PLAN_COUNT", "10").round(0, r -> r.set("store_check", "ok")))) {
            assertEquals("PASS", one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
            assertTrue(one(database, "SELECT detail FROM claims WHERE id = 'C1'")
                    .toString()
                    .endsWith(", store checked ok on 1 of 2 days (1 check, in 2026-10-01/round-000000), not on"
                            + " 2026-10-02"));
            assertEquals(Arrays.asList("ok", null), one(database, "SELECT list(store_check ORDER BY date) FROM daily"));
        }
    }

    @Test
    void a_store_that_could_not_be_checked_fails_nothing_and_is_said_with_its_reason() {
        try (EvidenceDatabase database = judged(SoakFixture.in(folder.resolve("attached"))
                .days(2)
                .interval(21600)
                .set("CP_MODE", "attached")
                .rounds(0, 8))) {
            String detail =
                    one(database, "SELECT detail FROM claims WHERE id = 'C1'").toString();
            assertTrue(
                    detail.contains(", store not checked: it is out of reach of a soak on an attached control plane,"),
                    detail);
        }
        String file =
                "{\"result\": null, \"databases\": [], \"unchecked\": {\"plans.db\": \"locked\", \"a \\\"b\\\".db\":"
                        + " \"encrypted\"}, \"ms\": 1}";
        SoakFixture soak = soak().set("TARGET_PLAN_COUNT", "10")
                .round(0, r -> r.set("store_check", "ok").raw("store-check.json", "{\"result\": \"ok\"}"))
                .round(1, r -> r.set("store_check", "ok").raw("store-check.json", "{\"result\": \"ok\"}"))
                .round(
                        3,
                        r -> r.set("store_unchecked", "a \"b\".db: encrypted; plans.db: locked")
                                .raw("store-check.json", file))
                .round(
                        4,
                        r -> r.interrupted()
                                .raw(
                                        "store-check.json",
                                        "{\"result\": null, \"unchecked\": {\"plans.db\": \"locked\"}}"));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals("PASS", one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
            String detail =
                    one(database, "SELECT detail FROM claims WHERE id = 'C1'").toString();
            assertTrue(
                    detail.endsWith(
                            ", store checked ok on 1 of 2 days (2 checks, first in 2026-10-01/round-000000, last in"
                                + " 2026-10-01/round-060000), not on 2026-10-02, store could not be checked in full in"
                                + " 2 rounds, last in 2026-10-02/round-000000: plans.db: locked"),
                    detail);
            assertEquals(
                    "a \"b\".db: encrypted; plans.db: locked",
                    one(database, "SELECT store_unchecked FROM rounds WHERE slot = 3"));
            assertEquals(
                    List.of(),
                    problems(database).stream()
                            .filter(problem -> problem.contains("store"))
                            .toList());
        }
    }

    @Test
    void damage_that_a_killed_round_found_is_not_forgotten_and_beats_a_later_ok() {
        SoakFixture soak = soak().set("TARGET_PLAN_COUNT", "10")
                .round(
                        1,
                        r -> r.interrupted()
                                .raw(
                                        "store-check.json",
                                        "{\"result\": \"plans.db: broken page\", \"databases\": [\"plans.db\"],"
                                                + " \"ms\": 3}"))
                .round(2, r -> r.set("store_check", "ok"));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals("FAIL", one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
            assertEquals(
                    Arrays.asList("plans.db: broken page", null),
                    one(database, "SELECT list(store_check ORDER BY date) FROM daily"));
        }
    }

    @Test
    void a_summary_and_its_store_check_that_disagree_are_listed() {
        SoakFixture soak = soak().round(
                        1,
                        r -> r.set("store_check", "ok")
                                .set("v07_integrity", "FAIL")
                                .raw("store-check.json", "{\"result\": \"x.db: broken\"}"))
                .round(2, r -> r.set("store_check", "ok").raw("store-check.json", "{\"result\":"));
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of(
                            "rounds/2026-10-01/round-060000/round-summary.json says store_check \"ok\","
                                    + " store-check.json says \"x.db: broken\": the damage counts",
                            "rounds/2026-10-01/round-120000/store-check.json is cut off (line 1, column 11)"),
                    problems(database));
            assertEquals("FAIL", one(database, "SELECT verdict FROM claims WHERE id = 'C1'"));
        }
    }

    // --- the harness's own cost
    // ----------------------------------------------------------------------------------------

    @Test
    void what_the_harness_costs_is_median_max_and_sum_and_peaks_have_no_sum() {
        SoakFixture soak =
                SoakFixture.in(folder).days(2).interval(21600).drillEvery(0).rounds(0, 5);
        for (int i = 0; i < 4; i++) {
            long n = i + 1;
            soak.round(
                    i,
                    r -> r.set("harness_cpu_ms", n * n * 100)
                            .set("harness_peak_rss_bytes", n * 1_000_000_000L)
                            .set("evidence_bytes", n));
        }
        try (EvidenceDatabase database = judged(soak)) {
            assertEquals(
                    List.of(
                            "harness_cpu_ms: median 400, max 1600, sum 3000 over 4 rounds",
                            "harness_peak_rss_bytes: median 2000000000, max 4000000000 over 4 rounds",
                            "evidence_bytes: median 2, max 4, sum 10 over 4 rounds"),
                    one(database, "SELECT list(detail) FROM harness_cost"));
            assertNull(one(database, "SELECT sum FROM harness_cost WHERE measure = 'harness_peak_rss_bytes'"));
        }
    }

    @Test
    void rounds_of_older_versions_and_of_the_bash_scripts_lack_all_of_it_and_nothing_breaks() {
        try (EvidenceDatabase database = judged(soak().round(0, r -> r.legacy()).round(2, r -> r.interrupted()))) {
            assertEquals(0L, one(database, "SELECT count(*) FROM notes"));
            assertEquals(
                    List.of("harness_cpu_ms: n/a", "harness_peak_rss_bytes: n/a", "evidence_bytes: n/a"),
                    one(database, "SELECT list(detail) FROM harness_cost"));
            assertNull(one(
                    database,
                    "SELECT max(coalesce(stalled_creates, max_stall_ms, probe_overhead_max_ms, wal_bytes,"
                            + " clock_step_ms, harness_cpu_ms, evidence_bytes)) FROM rounds"));
            assertEquals(
                    List.of("rounds/2026-10-01/round-120000/round-summary.json is absent: the round was interrupted"),
                    problems(database));
        }
    }

    // --- large files
    // ---------------------------------------------------------------------------------------------------

    private static final String RECOVERY = IntStream.rangeClosed(1, 3000)
            .mapToObj(i -> "soak-stuck-" + i + " exit=" + (i % 1000 == 0 ? 1 : 0) + " ms=12\n")
            .collect(Collectors.joining());

    /** As round.java stores what is larger than 64 KiB, all of it or its first part. */
    private void store(String round, String file, String whole, int keptBytes) {
        byte[] raw = whole.getBytes(StandardCharsets.UTF_8);
        try {
            Path path = folder.resolve("rounds").resolve(round).resolve(file);
            ByteArrayOutputStream gz = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(gz)) {
                out.write(raw, 0, keptBytes);
            }
            Files.write(path.resolveSibling(file + ".gz"), gz.toByteArray());
            Files.writeString(
                    path,
                    Json.write(Map.of(
                            "stored_in",
                            file + ".gz",
                            "bytes",
                            raw.length,
                            "kept_bytes",
                            keptBytes,
                            "sha256",
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(raw)))));
        } catch (IOException | java.security.NoSuchAlgorithmException e) {
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
            assertEquals(3000L, one(database, "SELECT count(*) FROM recoveries WHERE round_id = '" + ROUND + "'"));
            assertEquals(3L, one(database, "SELECT count(*) FROM recoveries WHERE NOT ok"));
            assertEquals(1L, one(database, "SELECT lost_plans FROM final_report"));
            assertEquals(77.0, one(database, "SELECT value FROM metrics WHERE round_id = '" + ROUND + "'"));
            assertEquals(
                    List.of("rounds/" + ROUND
                            + "/round-summary.json says lost_plans=0, integrity.json names 1: the larger counts"),
                    problems(database).stream()
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
                    notes(database, "topic = 'kept_in_part' AND date IS NULL")
                            .contains("recovery.txt was too large to be kept whole in 1 round: 40005 of "
                                    + RECOVERY.length() + " bytes are there"),
                    notes(database, "true").toString());
            assertEquals(
                    List.of(),
                    problems(database).stream()
                            .filter(p -> p.contains("recovery"))
                            .toList());
            assertTrue((Long) one(database, "SELECT count(*) FROM recoveries WHERE round_id = '" + ROUND + "'") > 1000);
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
        assertListed(soak, file + ".gz has another SHA-256 than was noted when it was written: not read");
        Files.writeString(pointer, written);
        Files.write(gz, Arrays.copyOf(compressed, compressed.length - 20));
        assertListed(soak, file + ".gz is no whole gzip file: not read");
        Files.write(gz, "no gzip".getBytes(StandardCharsets.UTF_8));
        assertListed(soak, file + ".gz is no whole gzip file: not read");
        Files.write(gz, new byte[0]);
        assertListed(soak, file + ".gz is no whole gzip file: not read");
        Files.delete(gz);
        assertListed(soak, file + ".gz is absent, and " + file + " says that it holds " + RECOVERY.length() + " bytes");
        Files.write(gz, compressed);
        Files.writeString(pointer, written.replace("\"bytes\" : " + RECOVERY.length(), "\"bytes\" : \"many\""));
        assertListed(
                soak,
                file
                        + " says that it is stored elsewhere, but not by stored_in, bytes, kept_bytes and sha256: not"
                        + " read");
        Files.writeString(pointer, written.replace("\"kept_bytes\" : " + RECOVERY.length(), "\"kept_bytes\" : 17"));
        assertListed(soak, file + ".gz holds " + RECOVERY.length() + " bytes, not the 17 that were kept: not read");
    }

    private void assertListed(SoakFixture soak, String problem) {
        try (EvidenceDatabase database = open(soak)) {
            assertEquals(
                    1,
                    problems(database).stream()
                            .filter(p -> p.equals("rounds/" + ROUND + "/" + problem))
                            .count(),
                    problem + "\n" + problems(database));
            assertTrue(
                    problems(database).stream()
                            .noneMatch(p -> p.contains("recovery.txt has 0") && problem.startsWith("recovery.txt.gz")),
                    problems(database).toString());
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
            assertEquals(2997L, one(database, "SELECT recovery_ok FROM rounds WHERE round_id = '" + ROUND + "'"));
            assertEquals(
                    List.of("rounds/" + ROUND + "/round-summary.json is absent: the round was interrupted"),
                    problems(database));
        }
    }
}
