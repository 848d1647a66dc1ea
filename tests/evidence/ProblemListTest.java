import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import output.Problems;
import settings.Config;

/** Reports stay readable however much is wrong: problems that are alike are told by three of them and a number. */
class ProblemListTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";

    @TempDir
    Path scratch;

    private SoakFixture soak() {
        SoakFixture soak = SoakFixture.in(scratch.resolve("soak"))
                .days(10)
                .interval(7200)
                .rounds(0, 120)
                .set("TARGET_TOTAL_CREATES", "1000");
        soak.write();
        return soak;
    }

    private static List<String> lines(String report) {
        return report.lines()
                .dropWhile(line -> !line.equals("## Problems in the Evidence"))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .toList();
    }

    private static Problems with(SoakFixture soak, String insert) throws Exception {
        try (EvidenceDatabase database =
                EvidenceDatabase.open(Config.read(soak.dir()), new Scope(Instant.parse(AFTER), true, null))) {
            database.loadFor("FROM problems");
            try (Statement statement = database.connection().createStatement()) {
                statement.execute(insert);
            }
            return Problems.of(database);
        }
    }

    @Tag("slow")
    @Test
    void of_many_that_are_alike_three_are_told_and_a_question_lists_them_all() throws Exception {
        SoakFixture soak = soak();
        List<String> ids = new ArrayList<>();
        for (int i = 10; i < 50; i++) {
            soak.round(i, round -> ids.add(round.id()));
        }
        for (String id : ids) {
            Files.delete(soak.dir().round(id).resolve("plans-created.txt"));
        }
        List<String> told =
                lines(Reports.run(AFTER, soak.dir().root(), "--type", "final").out());
        assertEquals(8, told.size(), told.toString());
        assertEquals(
                List.of(true, true, true, false, false, false, false, false),
                told.stream()
                        .map(line -> line.endsWith("/create-times.txt: has 10 of 0 latencies"))
                        .toList());
        assertTrue(told.get(3).startsWith("37 more like these, the last in rounds/"), told.get(3));
        for (int i = 4; i < 7; i++) {
            assertTrue(told.get(i).endsWith(" but plans-created.txt is missing: the summary counts"), told.get(i));
        }
        Matcher more = Pattern.compile("37 more like these, the last in (rounds/\\S+/round-summary\\.json): --sql"
                        + " \"(FROM problems WHERE kind = '[0-9a-f]{8}')\"")
                .matcher(told.get(7));
        assertTrue(more.matches(), told.get(7));
        String all = Reports.run(AFTER, soak.dir().root(), "--sql", more.group(2), "--format", "csv")
                .out();
        assertEquals(41, all.lines().count(), all);
        assertTrue(all.contains("\n" + more.group(1) + ","), all);
        String page = Files.readString(soak.dir().root().resolve("final-report.html"));
        assertTrue(page.contains("<p>37 more like these, the last in "), "the page has the same line");
        assertEquals(
                80,
                Json.parse(Files.readString(soak.dir().finalJson()))
                        .get("problems")
                        .size());
    }

    @Test
    void kinds_are_told_apart_by_file_and_words_and_not_by_rounds_figures_and_quoted_texts() throws Exception {
        SoakFixture soak = soak();
        Problems problems = with(
                soak,
                "INSERT INTO problem_row SELECT 'rounds/2026-10-01/round-' || i || '/a.txt', 'line ' || i"
                        + " || ' is not a figure: ' || md5(CAST(i AS VARCHAR)), 1 FROM range(4) r(i) UNION ALL"
                        + " SELECT 'rounds/2026-10-02/round-' || i || '/b.txt', 'line ' || i"
                        + " || ' is not a figure: ' || md5(CAST(i AS VARCHAR)), 1 FROM range(104) r(i) UNION ALL"
                        + " SELECT 'rounds/2026-10-03/round-' || i || '/b.txt', 'health is ' || md5(CAST(i AS VARCHAR))"
                        + " || ', which is not ok', 1 FROM range(2) r(i)");
        assertEquals(
                List.of("b.txt", "b.txt", "a.txt", "a.txt", "a.txt", "1 more", "b.txt", "b.txt", "b.txt", "101 more"),
                problems.listed().stream()
                        .map(line -> line.get("file") == null
                                ? line.get("reason").toString().replaceAll(" like .*", "")
                                : line.get("file").toString().replaceAll(".*/", ""))
                        .toList());
    }

    @Test
    void at_most_sixty_kinds_are_told_and_json_keeps_a_thousand_of_each() throws Exception {
        Problems problems = with(
                soak(),
                "INSERT INTO problem_row SELECT 'rounds/2026-10-01/round-' || i || '/a.txt', 'is wrong', 1"
                        + " FROM range(1005) r(i) UNION ALL"
                        + " SELECT 'rounds/2026-10-02/round-000000/' || repeat('b', i::INTEGER + 1), 'is wrong', 1"
                        + " FROM range(70) r(i)");
        assertEquals(59 + 3 + 1 + 1, problems.listed().size());
        assertEquals(
                "11 more of 11 other kinds: --sql \"FROM problems\"",
                problems.listed().get(63).get("reason"));
        assertEquals(1000 + 70, problems.kept().size());
        assertEquals(1, problems.leftOut().size());
        assertEquals(5L, problems.leftOut().get(0).get("problems"));
    }
}
