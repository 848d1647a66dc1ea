//DEPS blue.strategic.parquet:parquet-floor:1.36
//DEPS org.slf4j:slf4j-nop:1.7.36
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.SqlScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * --export, read back by programs that are not this one: Apache Parquet's own reader, and a DuckDB in another process.
 */
@Tag("slow")
class ReportExportTest {
    private static final String NOW = "2026-10-03T00:00:10Z";
    private static final String HOSTILE = "it's <script>|; DROP TABLE rounds; -- \" ü";

    @TempDir
    static Path folder;

    private static Path soak;
    private static Path export;

    @BeforeAll
    static void an_export() {
        soak = folder.resolve("soak");
        SoakFixture f = SoakFixture.in(soak).days(2).rounds(0, 96).drillEvery(4).set("SOAK_ID", "soak's");
        f.round(7, r -> r.restarted().latencyMs(1234.5));
        f.round(
                9,
                r -> r.codes("503")
                        .recoveries(0, 1)
                        .edit(s -> s.set("failures", Json.MAPPER.valueToTree(Map.of("v02_creates", HOSTILE)))));
        f.round(
                20,
                r -> r.lost("soak-x")
                        .raw(
                                "integrity.json",
                                "{\"lost\":[\"soak-x\"],\"duplicate\":[],\"revived\":[],\"last_seen\":{}}"));
        f.missed(30, 31);
        f.alert("2026-10-01T10:00:05Z ALERT lost_plans=1 threshold=0 day=1");
        f.file(
                "audit-store/audit-2026-10-01.jsonl",
                "{\"event_name\":\"rollout.plan.created\",\"timestamp\":\"2026-10-01T00:00:01Z\",\"resource\":\""
                        + "a".repeat(40) + "\"}\n" + "no JSON\n");
        f.write();
        export = folder.resolve("an export's");
        assertEquals(Exit.OK, export(export).exit());
    }

    private static Reports.Ran export(Path to, String... more) {
        return Reports.run(NOW, soak, Fork.words(List.of("--export", to.toString()), more));
    }

    private static JsonNode ask(String sql) throws IOException {
        Reports.Ran ran = Reports.run(NOW, soak, "--sql", sql, "--format", "json");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        return Json.parse(ran.out());
    }

    private static List<String> views() throws IOException {
        return ask("SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NOT NULL ORDER BY ALL")
                .findValuesAsText("view_name");
    }

    /** Rows as Apache Parquet's reader gives them, by column name. */
    private static List<Map<String, Object>> parquet(String view) throws IOException {
        Hydrator<Map<String, Object>, Map<String, Object>> rows = new Hydrator<>() {
            @Override
            public Map<String, Object> start() {
                return new LinkedHashMap<>();
            }

            @Override
            public Map<String, Object> add(Map<String, Object> row, String column, Object value) {
                row.put(column, value);
                return row;
            }

            @Override
            public Map<String, Object> finish(Map<String, Object> row) {
                return row;
            }
        };
        try (Stream<Map<String, Object>> all = ParquetReader.streamContent(
                export.resolve(view + ".parquet").toFile(), HydratorSupplier.constantly(rows))) {
            return all.collect(Collectors.toList());
        }
    }

    private static List<List<String>> duckDb(Path database, String... queries) {
        List<String> command = Fork.java("DuckDbProgram", Fork.words(List.of(database.toString()), queries));
        Fork.Result ran = Fork.run(command);
        assertEquals(0, ran.exit(), ran.err());
        return Arrays.stream(ran.out().split("(?m)^---\n"))
                .map(answer -> answer.lines().toList())
                .toList();
    }

    @Test
    void another_programs_reader_finds_every_view_row_by_row() throws Exception {
        Map<String, String> comments = new LinkedHashMap<>();
        Map<String, List<String>> columnsOf = new LinkedHashMap<>();
        for (JsonNode row :
                ask("SELECT v.view_name, v.comment, c.column_name FROM duckdb_views() v JOIN duckdb_columns() c"
                        + " ON c.table_name = v.view_name WHERE NOT v.internal AND v.comment IS NOT NULL"
                        + " ORDER BY v.view_name, c.column_index")) {
            String view = row.get("view_name").asText();
            comments.put(view, row.get("comment").asText());
            columnsOf
                    .computeIfAbsent(view, v -> new ArrayList<>())
                    .add(row.get("column_name").asText());
        }
        assertEquals(views(), List.copyOf(comments.keySet()));
        Map<String, Integer> rows = new LinkedHashMap<>();
        for (JsonNode row : ask(comments.keySet().stream()
                .map(view -> "SELECT '" + view + "' AS view, count(*) AS n FROM " + view)
                .collect(Collectors.joining(" UNION ALL ")))) {
            rows.put(row.get("view").asText(), row.get("n").asInt());
        }
        for (String view : comments.keySet()) {
            assertEquals(rows.get(view), parquet(view).size(), view);
            ParquetMetadata metadata =
                    ParquetReader.readMetadata(export.resolve(view + ".parquet").toFile());
            List<String> columns = metadata.getFileMetaData().getSchema().getFields().stream()
                    .map(field -> field.getName())
                    .toList();
            assertEquals(columnsOf.get(view), columns, view);
            assertEquals(
                    comments.get(view),
                    metadata.getFileMetaData().getKeyValueMetaData().get("comment"));
            assertEquals(
                    "soak's", metadata.getFileMetaData().getKeyValueMetaData().get("soak_id"));
            metadata.getBlocks()
                    .forEach(block -> block.getColumns()
                            .forEach(column -> assertEquals(
                                    CompressionCodecName.ZSTD, column.getCodec(), view + "." + column.getPath())));
        }
        List<Map<String, Object>> creates = parquet("creates");
        assertEquals(94 * 10, creates.size());
        assertEquals("2026-10-01/round-000000", creates.get(0).get("round_id"));
        JsonNode latencies = ask("SELECT latency_ms, plan_id FROM creates");
        for (int i = 0; i < creates.size(); i++) { // in the view's order too
            assertEquals(
                    latencies.get(i).get("latency_ms").asDouble(),
                    creates.get(i).get("latency_ms"));
            assertEquals(
                    latencies.get(i).get("plan_id").asText(), creates.get(i).get("plan_id"));
        }
        assertEquals(
                1234.5,
                creates.stream()
                        .mapToDouble(row -> (Double) row.get("latency_ms"))
                        .max()
                        .orElseThrow());
        assertTrue(
                parquet("rounds").stream()
                        .anyMatch(row -> String.valueOf(row.get("failures")).contains("DROP TABLE rounds")),
                "failures");
        assertEquals(2, parquet("audit").size());
        assertFalse(parquet("metrics").isEmpty());
    }

    @Test
    void another_process_opens_the_database_alone_and_the_comments_are_there() throws Exception {
        Path alone = Files.createDirectory(folder.resolve("moved")).resolve("x.duckdb");
        Files.copy(export.resolve("soak.duckdb"), alone);
        List<List<String>> answers = duckDb(
                alone,
                "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND comment IS NOT NULL ORDER BY ALL",
                "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY table_name,"
                        + " column_index",
                "SELECT sum(latency_ms) FROM creates",
                "SELECT failures ->> 'v02_creates' FROM rounds WHERE create_errors > 0",
                "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND data_type = 'HUGEINT'",
                "SELECT CAST(min(starts_at) AS VARCHAR) FROM rounds");
        assertEquals(views(), answers.get(0));
        List<String> meanings = new ArrayList<>();
        ask("SELECT c.table_name, c.column_name, c.comment FROM duckdb_columns() c JOIN duckdb_views() v ON"
            + " v.view_name = c.table_name WHERE NOT v.internal AND v.comment IS NOT NULL ORDER BY c.table_name,"
            + " c.column_index")
                .forEach(row -> meanings.add(row.get("table_name").asText() + "\t"
                        + row.get("column_name").asText() + "\t"
                        + row.get("comment").asText()));
        assertEquals(meanings, answers.get(1));
        assertTrue(meanings.size() > 200, "columns: " + meanings.size());
        assertEquals(
                ask("SELECT sum(latency_ms) AS s FROM creates").get(0).get("s").asDouble(),
                Double.parseDouble(answers.get(2).get(0)));
        assertEquals(List.of(HOSTILE), answers.get(3));
        assertEquals(List.of("0"), answers.get(4));
        assertEquals(List.of("2026-10-01 00:00:00+00"), answers.get(5));
    }

    /**
     * The questions use the views alone, so a plain DuckDB answers them from the copy as the report does from the
     * evidence.
     */
    @Test
    void every_question_has_the_same_answer_from_the_copy() throws Exception {
        List<SqlScript> questions = SqlScript.examples();
        List<List<String>> answers = duckDb(
                export.resolve("soak.duckdb"),
                questions.stream().map(q -> asText(q.text())).toArray(String[]::new));
        for (int i = 0; i < questions.size(); i++) {
            List<String> expected = ask(asText(questions.get(i).text())).findValuesAsText("line");
            assertEquals(
                    expected.stream().map(line -> line.replace("\n", "\\n")).toList(),
                    i < answers.size() ? answers.get(i) : List.of(),
                    questions.get(i).name());
            assertEquals(
                    questions.get(i).text(),
                    Files.readString(
                            export.resolve("examples/" + questions.get(i).name() + ".sql")));
        }
    }

    private static String asText(String question) {
        return "SELECT CAST(q AS VARCHAR) AS line FROM (" + question.strip().replaceFirst(";$", "") + "\n) q";
    }

    @Test
    void the_same_evidence_gives_the_same_parquet_and_a_file_of_hashes() throws Exception {
        Path again = folder.resolve("again");
        assertEquals(Exit.OK, export(again).exit());
        for (String view : views()) {
            assertArrayEquals(
                    Files.readAllBytes(export.resolve(view + ".parquet")),
                    Files.readAllBytes(again.resolve(view + ".parquet")),
                    view);
        }
        Fork.Result sums = Fork.run(
                "/bin/sh",
                "-c",
                "cd \"$0\" && sha256sum -c --quiet SHA256SUMS && wc -l < SHA256SUMS && find . -type f | wc -l",
                again.toString());
        assertEquals(0, sums.exit(), sums.err());
        List<Integer> counts =
                sums.out().lines().map(line -> Integer.valueOf(line.strip())).toList();
        assertEquals(counts.get(0) + 1, counts.get(1), "SHA256SUMS names every file but itself");
    }

    @Test
    void an_earlier_export_is_replaced_whole_and_nothing_is_left_beside_it() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        Path target = place.resolve("e");
        assertEquals(Exit.OK, export(target, "--as-of", "2026-10-01T01:00:00Z").exit());
        assertEquals(
                List.of("2"),
                duckDb(target.resolve("soak.duckdb"), "SELECT count(*) FROM rounds")
                        .get(0));
        Reports.Ran ran = export(target);
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertEquals(
                List.of("94"),
                duckDb(target.resolve("soak.duckdb"), "SELECT count(*) FROM rounds")
                        .get(0));
        assertTrue(
                ran.out()
                        .endsWith("Export: " + target.toRealPath() + " (as of " + NOW
                                + "), the same rows as tables in soak.duckdb\n"),
                ran.out());
        assertTrue(ran.out().contains("      940 rows  creates.parquet\n"), ran.out());
        try (Stream<Path> names = Files.list(place)) {
            assertEquals(List.of(target), names.toList());
        }
    }

    @Test
    void what_is_no_export_is_never_overwritten() throws Exception {
        Path own = Files.createDirectories(folder.resolve("own/below"));
        Files.writeString(own.resolve("thesis.txt"), "years of work");
        assertRefused(folder.resolve("own"), "is not empty and no earlier export");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertRefused(file, "is a file");
        Path used = folder.resolve("used");
        export(used);
        Files.writeString(used.resolve("notebook.ipynb"), "{}");
        assertRefused(used, "notebook.ipynb in it was not written by it");
        Files.move(used.resolve("notebook.ipynb"), used.resolve("soak.duckdb.wal"));
        assertRefused(used, "open for writing");
        assertEquals("years of work", Files.readString(own.resolve("thesis.txt")));
    }

    @Test
    void nothing_is_written_among_the_evidence_by_whatever_path() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), soak);
        Map<String, String> before = Reports.contents(soak);
        for (Path inside : List.of(
                soak,
                soak.resolve("rounds"),
                soak.resolve("new/export"),
                link.resolve("export"),
                folder.resolve("elsewhere/../soak/x"))) {
            assertRefused(inside, "among the evidence");
        }
        assertEquals(before, Reports.contents(soak));
        assertEquals(Exit.OK, export(folder.resolve("outside")).exit());
        assertEquals(before, Reports.contents(soak));
    }

    private static void assertRefused(Path to, String why) {
        Reports.Ran ran = export(to);
        assertEquals(Exit.USAGE, ran.exit(), ran.out());
        assertTrue(
                ran.err().contains(why)
                        && ran.err().contains(to.toString())
                        && ran.err().lines().count() == 1,
                ran.err());
    }

    @Test
    void a_soak_without_rounds_leaves_no_export_and_an_earlier_one_as_it_is() throws Exception {
        Path empty = folder.resolve("empty");
        SoakFixture.in(empty).write();
        Path target = folder.resolve("kept");
        export(target);
        byte[] sums = Files.readAllBytes(target.resolve("SHA256SUMS"));
        assertEquals(
                Exit.NO_EVIDENCE,
                Reports.run(NOW, empty, "--export", target.toString()).exit());
        assertArrayEquals(sums, Files.readAllBytes(target.resolve("SHA256SUMS")));
        assertEquals(
                Exit.NO_EVIDENCE,
                Reports.run(NOW, empty, "--export", folder.resolve("none").toString())
                        .exit());
        assertFalse(Files.exists(folder.resolve("none")));
    }

    @Test
    void one_round_is_enough_and_other_asks_do_not_mix() {
        Path one = folder.resolve("one");
        SoakFixture.in(one).rounds(0, 1).write();
        assertEquals(
                Exit.OK,
                Reports.run(
                                "2026-10-01T00:10:00Z",
                                one,
                                "--export",
                                folder.resolve("of-one").toString())
                        .exit());
        for (List<String> other :
                List.of(List.of("--type", "final"), List.of("--sql", "SELECT 1"), List.of("--format", "csv"))) {
            Reports.Ran ran = export(folder.resolve("mixed"), other.toArray(String[]::new));
            assertTrue(ran.exit() == Exit.USAGE && ran.err().contains("--export takes only --as-of"), ran.err());
        }
    }

    @Test
    void its_readme_says_the_verdicts_and_names_every_file() throws Exception {
        String readme = Files.readString(export.resolve("README.md"), StandardCharsets.UTF_8);
        assertTrue(readme.contains("\nOverall: FAIL. Gate D: NOT ASSESSED (a soak of 2 days).\n"), readme);
        for (String view : views()) {
            assertTrue(readme.contains("| " + view + ".parquet | "), view);
        }
    }
}
