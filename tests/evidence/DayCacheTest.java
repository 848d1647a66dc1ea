import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Folders;
import base.Json;
import cache.DayCache;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import settings.Config;
import settings.ExistingSoak;
import soak.SoakDir;

/** What reports keep of days that are over is never seen in what they say. */
@Tag("slow")
class DayCacheTest extends AttachedSoak {
    private static final String NOW = "2026-10-03T03:00:00Z";
    private static final Scope ALL = new Scope(Instant.parse("2027-01-01T00:00:00Z"), false, null);
    /** What every report has the reader fill; it reads the scrapes only for who asks for metrics. */
    private static final List<String> TABLES = List.of(
            "raw_round",
            "raw_text",
            "raw_object",
            "raw_stored",
            "raw_log_line",
            "raw_stray",
            "raw_unreadable",
            "raw_daily",
            "raw_seal_finding",
            "raw_seal_round");

    private static final String METRICS = "raw_metrics";

    private List<RoundRig.Round> rounds;

    /** Sealed rounds of three dates. */
    @BeforeEach
    void run() throws Exception {
        rounds = new ArrayList<>();
        for (String at : List.of("2026-10-01T01:00:00Z", "2026-10-02T01:00:00Z", "2026-10-03T01:00:00Z")) {
            rig.setNow(Instant.parse(at));
            rounds.addAll(rig.rounds(2));
        }
        Files.writeString(rig.dir.alertsLog(), "");
        Files.createDirectories(rig.dir.tmp());
        Folders.delete(rig.dir.cache()); // where the machine is slow, rounds kept their ledger meanwhile
        Settled.await(folder);
    }

    private Reports.Ran report(String... arguments) {
        return Reports.run(NOW, folder, arguments);
    }

    /** All reports that may go by the cache. */
    private Map<String, Object> said() {
        Map<String, Object> said = new LinkedHashMap<>();
        for (String arguments : List.of(
                "--type final --print-only",
                "--type final --print-only --format json",
                "--type checkpoint --day 1 --print-only",
                "--type daily --date 2026-10-02 --print-only",
                "--type status --format json",
                "--sql FROM_metrics")) {
            said.put(arguments, said(arguments));
        }
        return said;
    }

    private Object said(String arguments) {
        return report(Stream.of(arguments.split(" "))
                .map(word -> word.replace('_', ' '))
                .toArray(String[]::new));
    }

    @Test
    void reports_that_write_files_keep_the_days_that_are_over_and_all_say_the_same_with_and_without() throws Exception {
        Map<String, Object> without = said();
        assertEquals(List.of(), rig.kept(), "a report that writes nothing keeps nothing");
        report("--type", "final");
        assertEquals(
                List.of("2026-10-01.links", "2026-10-01.rounds", "2026-10-02.links", "2026-10-02.rounds"), rig.kept());
        String status = "--type status --format json"; // it names final-report
        without.put(status, said(status));
        Map<String, String> cache = Reports.contents(rig.dir.cache());
        assertEquals(without, said());
        assertEquals(cache, Reports.contents(rig.dir.cache()), "what is kept is not made anew");
        report("--type", "final");
        assertEquals(cache, Reports.contents(rig.dir.cache()), "nor by a report that may");
        for (String name : rig.kept()) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(rig.dir.cache().resolve(name))),
                    "it holds what files hold that others may not read");
        }
    }

    @Test
    void rows_are_the_same_with_and_without_for_golden_scenarios() throws Exception {
        Map<String, Map<String, Object>> without = new TreeMap<>();
        Map<String, SoakDir> folders = new TreeMap<>();
        for (var scenario : GoldenScenarios.withOneMonth().entrySet()) {
            Path folder = Files.createDirectories(scratch.resolve(scenario.getKey()));
            scenario.getValue().write(folder);
            folders.put(scenario.getKey(), ExistingSoak.of(folder));
        }
        Settled.await(scratch);
        for (var folder : folders.entrySet()) {
            without.put(folder.getKey(), rows(folder.getValue(), DayCache.NONE));
        }
        int withDays = 0;
        for (var folder : folders.entrySet()) {
            Files.createDirectories(folder.getValue().tmp());
            for (String state : List.of("made anew", "from the cache")) {
                assertEquals(
                        without.get(folder.getKey()),
                        rows(folder.getValue(), DayCache.of(Config.read(folder.getValue()))),
                        folder.getKey() + ", " + state);
            }
            withDays += Files.exists(folder.getValue().cache()) ? 1 : 0;
        }
        assertTrue(withDays > folders.size() / 2, withDays + " of " + folders.size() + " scenarios have days");
    }

    private static Map<String, Object> rows(SoakDir dir, DayCache cache) {
        return rows(dir, cache, TABLES);
    }

    private static Map<String, Object> rows(SoakDir dir, DayCache cache, List<String> tables) {
        Map<String, Object> rows = new TreeMap<>();
        Config config = EvidenceDatabase.withStart(Config.read(dir));
        try (EvidenceDatabase database = EvidenceDatabase.open(config, ALL, cache)) {
            if (tables.contains(METRICS)) {
                database.loadFor("FROM metrics");
            }
            for (String table : tables) {
                rows.put(
                        table,
                        database.query("SELECT count(*) AS rows, md5(string_agg(t::VARCHAR, '\n')) AS them FROM "
                                + table + " t"));
            }
        }
        return rows;
    }

    @Test
    void metrics_are_the_same_with_and_without() throws Exception {
        Map<String, Object> without = rows(rig.dir, DayCache.NONE, List.of(METRICS));
        assertFalse(without.get(METRICS).toString().startsWith("[{rows=0,"), without.toString());
        for (String state : List.of("made anew", "from the cache")) {
            assertEquals(without, rows(rig.dir, DayCache.of(Config.read(rig.dir)), List.of(METRICS)), state);
        }
        assertTrue(rig.kept().contains("2026-10-01.metrics"), rig.kept().toString());
    }

    @Test
    void an_edit_is_seen_though_it_keeps_the_length_the_name_and_the_time_of_the_file() throws Exception {
        report("--type", "final");
        assertEquals(List.of(), altered());
        Path times = rounds.get(0).folder().resolve("create-times.txt");
        FileTime before = Files.getLastModifiedTime(times);
        long size = Files.size(times);
        Forger.editTimes(rounds.get(0));
        Files.setLastModifiedTime(times, before);
        assertEquals(size, Files.size(times));
        assertEquals(List.of("rounds/2026-10-01/round-010000/create-times.txt"), altered());
    }

    private List<Object> altered() {
        try (EvidenceDatabase database =
                EvidenceDatabase.open(Config.read(rig.dir), ALL, DayCache.asItIs(Config.read(rig.dir)))) {
            return database.query("SELECT path FROM raw_seal_finding WHERE kind = 'altered'").stream()
                    .map(row -> row.get("path"))
                    .toList();
        }
    }

    @Test
    void what_was_added_taken_away_or_renamed_on_a_day_that_is_over_is_seen() throws Exception {
        report("--type", "final");
        Object before = rows(rig.dir, DayCache.asItIs(Config.read(rig.dir)));
        Path first = rounds.get(0).folder();
        Path aside = scratch.resolve("aside");
        Files.move(first.resolve("integrity.json"), aside);
        assertNotEquals(before, rows(rig.dir, DayCache.asItIs(Config.read(rig.dir))));
        Files.move(aside, first.resolve("integrity.json"));
        Files.createDirectory(first.resolveSibling("round-235959"));
        assertNotEquals(before, rows(rig.dir, DayCache.asItIs(Config.read(rig.dir))));
        Files.delete(first.resolveSibling("round-235959"));
        assertEquals(before, rows(rig.dir, DayCache.asItIs(Config.read(rig.dir))));
        Files.move(first, first.resolveSibling("round-010001"));
        assertNotEquals(before, rows(rig.dir, DayCache.asItIs(Config.read(rig.dir))));
    }

    @Test
    void a_cache_that_is_damaged_foreign_or_of_another_day_is_passed_over_in_silence_and_made_anew() throws Exception {
        Map<String, Object> without = rows(rig.dir, DayCache.NONE);
        assertEquals(without, rows(rig.dir, DayCache.of(Config.read(rig.dir))));
        byte[] whole = Files.readAllBytes(rig.dir.cache().resolve("2026-10-01.rounds"));
        Map<String, byte[]> bad = new LinkedHashMap<>();
        bad.put("empty", new byte[0]);
        bad.put("cut", java.util.Arrays.copyOf(whole, whole.length / 2));
        bad.put("longer", java.util.Arrays.copyOf(whole, whole.length + 1));
        bad.put("one bit", oneBit(whole, whole.length - 1));
        bad.put("another version", oneBit(whole, 15));
        bad.put("another program", oneBit(whole, 25));
        bad.put("noise", "SQLite format 3\0".getBytes(StandardCharsets.UTF_8));
        bad.put("another day", Files.readAllBytes(rig.dir.cache().resolve("2026-10-02.rounds")));
        bad.put("other rows", Files.readAllBytes(rig.dir.cache().resolve("2026-10-01.links")));
        for (var what : bad.entrySet()) {
            Files.write(rig.dir.cache().resolve("2026-10-01.rounds"), what.getValue());
            assertEquals(without, rows(rig.dir, DayCache.of(Config.read(rig.dir))), what.getKey());
            assertArrayEquals(whole, Files.readAllBytes(rig.dir.cache().resolve("2026-10-01.rounds")), what.getKey());
        }
    }

    private static byte[] oneBit(byte[] bytes, int place) {
        byte[] other = bytes.clone();
        other[place] ^= 1;
        return other;
    }

    /** Whoever can write the folder can write a cache that fits; verify and what is signed or packed read the files. */
    @Test
    void a_forged_cache_deceives_no_verification_no_archive_and_no_comparison() throws Exception {
        report("--type", "final");
        Path file = rig.dir.cache().resolve("2026-10-01.rounds");
        byte[] whole = Files.readAllBytes(file);
        int from = contentFrom(whole);
        String content = new String(whole, from, whole.length - from, StandardCharsets.ISO_8859_1);
        byte[] forged =
                content.replaceFirst("\"create_ok\" : 10", "\"create_ok\" : 99").getBytes(StandardCharsets.ISO_8859_1);
        assertNotEquals(content, new String(forged, StandardCharsets.ISO_8859_1));
        CRC32C sum = new CRC32C();
        sum.update(forged);
        byte[] all = ByteBuffer.allocate(whole.length)
                .put(whole, 0, from - Long.BYTES)
                .putLong(sum.getValue())
                .put(forged)
                .array();
        Files.write(file, all);
        assertNotEquals(
                rows(rig.dir, DayCache.NONE),
                rows(rig.dir, DayCache.asItIs(Config.read(rig.dir))),
                "the forgery itself is believed");
        String truth =
                report("--type", "final", "--print-only", "--format", "json").out();
        List<String> asked = Fork.java(
                "report",
                folder.toString(),
                "--type",
                "final",
                "--print-only",
                "--format",
                "json",
                "--as-of",
                Json.parse(truth).get("as_of").asText());
        assertNotEquals(
                Fork.run(asked).out(),
                Fork.run(Map.of("SOAK_JUDGE_ASKED", "1"), asked).out(),
                "a judge that another asks, as for a verification, reads the files");
        Reports.Ran verified = report("--type", "verify");
        assertEquals(0, verified.exit(), verified.out());
        Reports.Ran archived = report("--type", "final", "--archive");
        assertFalse(archived.out().contains("create_ok"), archived.out());
        try (Stream<Path> beside = Files.list(scratch)) {
            Path tar = beside.filter(f -> f.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
            String listed = Fork.run("tar", "-tzf", tar.toString()).out();
            assertTrue(listed.contains("/rounds/2026-10-01/"), listed);
            assertFalse(listed.contains("/cache"), listed);
        }
    }

    /** Where the head ends: three texts after the magic, and the sum. */
    private static int contentFrom(byte[] whole) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(whole))) {
            in.skipNBytes("soak day cache 1\n".length());
            for (int i = 0; i < 3; i++) {
                in.readUTF();
            }
            in.readLong();
            return whole.length - in.available();
        }
    }

    @Test
    void a_cache_of_another_user_is_not_believed_and_one_that_leads_elsewhere_is_not_written() throws Exception {
        Path elsewhere = Files.createDirectory(scratch.resolve("elsewhere"));
        Files.createSymbolicLink(rig.dir.cache(), elsewhere);
        assertEquals(10, report("--type", "final").exit());
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertEquals(0, files.count());
        }
        Files.delete(rig.dir.cache());
        Files.writeString(rig.dir.cache(), "a file where a folder should be");
        assertEquals("", lastWords(report("--type", "final")));
        Files.delete(rig.dir.cache());
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a file away");
        report("--type", "final");
        Path file = rig.dir.cache().resolve("2026-10-01.rounds");
        Object inode = Files.getAttribute(file, "unix:ino");
        Files.setAttribute(file, "unix:uid", 65534);
        report("--type", "final");
        assertNotEquals(inode, Files.getAttribute(file, "unix:ino"), "it is made anew");
        assertEquals(0, Files.getAttribute(file, "unix:uid"));
    }

    private static String lastWords(Reports.Ran ran) {
        return ran.err()
                .lines()
                .filter(line -> !line.startsWith("report: to archive"))
                .reduce("", String::concat);
    }

    @Test
    void what_was_written_a_moment_ago_is_not_kept() throws Exception {
        Files.writeString(rounds.get(0).folder().resolve("just-now.txt"), "");
        Instant began = Instant.now();
        report("--type", "daily", "--date", "2026-10-02");
        Assumptions.assumeTrue(
                Duration.between(began, Instant.now()).compareTo(Duration.ofSeconds(2)) < 0, "the machine is too slow");
        assertEquals(List.of("2026-10-02.links", "2026-10-02.rounds"), rig.kept());
    }

    @Test
    void a_date_that_is_a_link_is_read_each_time_for_what_it_leads_to_may_change() throws Exception {
        Path date = rig.dir.rounds().resolve("2026-10-01");
        Path elsewhere = scratch.resolve("elsewhere");
        Files.move(date, elsewhere);
        Files.createSymbolicLink(date, elsewhere);
        Settled.await(scratch);
        report("--type", "final");
        assertEquals(List.of("2026-10-02.links", "2026-10-02.rounds"), rig.kept());
    }

    @Test
    void what_a_killed_report_left_half_written_is_removed_and_what_another_writes_is_not() throws Exception {
        Files.createDirectory(rig.dir.cache());
        Path left = Files.writeString(rig.dir.cache().resolve("2026-10-01.rounds1.tmp"), "half");
        Path now = Files.writeString(rig.dir.cache().resolve("2026-10-01.rounds2.tmp"), "half");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(3600)));
        report("--type", "final");
        assertEquals(
                List.of(
                        "2026-10-01.links",
                        "2026-10-01.rounds",
                        now.getFileName().toString(),
                        "2026-10-02.links",
                        "2026-10-02.rounds"),
                rig.kept());
    }

    @Test
    void texts_that_are_too_long_for_the_memory_of_a_date_are_read_all_the_same() throws Exception {
        for (int i : List.of(0, 1)) { // of one date
            Files.writeString(rounds.get(i).folder().resolve("integrity.json"), "{" + " ".repeat(17_500_000) + "}");
        }
        Settled.await(folder);
        assertEquals(lengths(DayCache.NONE), lengths(DayCache.of(Config.read(rig.dir))));
        assertEquals(lengths(DayCache.NONE), lengths(DayCache.of(Config.read(rig.dir))));
        assertEquals(List.of("2026-10-02.links", "2026-10-02.rounds"), rig.kept());
    }

    private Object lengths(DayCache cache) {
        try (EvidenceDatabase database = EvidenceDatabase.open(Config.read(rig.dir), ALL, cache)) {
            return database.query("SELECT round_id, file, length(object) AS n FROM raw_object ORDER BY ALL");
        }
    }
}
