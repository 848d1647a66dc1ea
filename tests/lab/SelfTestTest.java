import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import evidence.SqlScript;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lab.selftest.SelfTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Setting;

/** report.java --selftest: it must be whole, and it must itself be able to fail. */
@Tag("slow")
class SelfTestTest {
    private record Ran(int exit, String out) {}

    @TempDir
    Path scratch;

    private Ran selftest(List<SqlScript> scripts, String mutation) throws Exception {
        StringWriter out = new StringWriter();
        int exit = new SelfTest(scripts, mutation, scratch)
                .run(new PrintWriter(out, true), new PrintWriter(new StringWriter()));
        return new Ran(exit, out.toString());
    }

    /** The scripts with texts of one of them replaced: what is found, what stands in its place, and so on. */
    private static List<SqlScript> broken(String path, String... replaced) {
        List<SqlScript> scripts = new ArrayList<>();
        for (SqlScript script : SqlScript.bundled()) {
            boolean it = script.path().equals(path);
            String text = script.text();
            for (int i = 0; it && i < replaced.length; i += 2) {
                assertTrue(text.contains(replaced[i]), text);
                text = text.replace(replaced[i], replaced[i + 1]);
            }
            scripts.add(new SqlScript(script.path(), text));
        }
        assertTrue(scripts.stream().anyMatch(s -> s.path().equals(path)), path);
        return scripts;
    }

    @Test
    void every_mutation_is_caught_and_every_check_and_claim_is_hit_by_several() {
        Fork.Result ran = Fork.here(new report(), "--selftest");
        List<String> lines = ran.out().lines().toList();
        assertEquals(Exit.OK, ran.exit(), ran.out() + "\n" + ran.err());
        Matcher last = Pattern.compile("(\\d+) mutations, (\\d+) caught").matcher(lines.get(lines.size() - 1));
        assertTrue(last.matches(), lines.get(lines.size() - 1));
        assertEquals(last.group(1), last.group(2));
        List<String> rows = lines.subList(1, lines.indexOf(""));
        assertTrue(lines.get(0).matches("mutation +\\| expected +\\| seen +\\| ok"), lines.get(0));
        assertEquals(Integer.parseInt(last.group(1)), rows.size());
        assertTrue(rows.size() >= 40, "only " + rows.size() + " mutations");
        assertEquals(
                rows.size(),
                new TreeSet<>(rows.stream()
                                .map(r -> r.substring(0, r.indexOf(" |")))
                                .toList())
                        .size(),
                "two mutations have one name");
        assertEquals(List.of(), rows.stream().filter(r -> !r.endsWith("| yes")).toList());
        assertEquals(
                List.of(),
                Stream.of(Setting.values())
                        .filter(Setting::decidesVerdicts)
                        .filter(key -> rows.stream().noneMatch(r -> r.contains("config.env: " + key + " ")))
                        .toList(),
                "no mutation edits these");
        assertTrue(
                lines.contains("300 alterations of sealed evidence (seeds from 4711 on), 300 found and named"),
                ran.out());
        assertTrue(lines.stream().anyMatch(line -> line.matches("alteration +\\| made +\\| found")), ran.out());
        assertEquals(
                15,
                lines.stream().filter(line -> line.endsWith("|   20 |    20")).count(),
                "of each kind as many: " + ran.out());
        TreeMap<String, Integer> hits = new TreeMap<>();
        Pattern.compile("(?m)^((?:VAL12-|C)\\d+) +\\| (\\d+)$")
                .matcher(ran.out())
                .results()
                .forEach(m -> hits.put(m.group(1), Integer.parseInt(m.group(2))));
        assertEquals(Set.copyOf(PlanChecks.allBut()), hits.keySet());
        assertEquals(
                List.of(),
                hits.entrySet().stream().filter(h -> h.getValue() < 3).toList());
    }

    @Test
    void a_check_that_always_passes_is_found_out() throws Exception {
        // In the verdict and in what can still come: where the two disagree, the worse one stands.
        Ran ran = selftest(
                broken(
                        "4-checks/VAL12-03-fleet-target-reached.sql",
                        "f.plan_count_from_round_10 >= t.plan_count",
                        "true",
                        "r.value >= r.target",
                        "true"),
                "a fleet that never reaches its target");
        assertEquals(Exit.BAD, ran.exit(), ran.out());
        assertTrue(ran.out().contains("NOT CAUGHT: a fleet that never reaches its target"), ran.out());
    }

    @Test
    void a_check_that_forgets_to_name_the_file_is_found_out() throws Exception {
        Ran ran = selftest(
                broken(
                        "4-checks/VAL12-01-framework-provisioned.sql",
                        "'not measured: there is no setup-summary.txt'",
                        "'not measured'"),
                "setup-summary.txt gone");
        assertEquals(Exit.BAD, ran.exit(), ran.out());
        assertTrue(ran.out().contains("NOT CAUGHT: setup-summary.txt gone"), ran.out());
    }

    @Test
    void a_check_that_always_fails_is_no_judge_either() throws Exception {
        Ran ran = selftest(
                broken(
                        "4-checks/VAL12-09-total-creates.sql",
                        "verdict_word(f.total_creates >= t.total_creates",
                        "verdict_word(false"),
                "setup-summary.txt gone");
        assertEquals(Exit.BAD, ran.exit(), ran.out());
        assertTrue(ran.out().startsWith("the report does not judge the good evidence good"), ran.out());
    }

    @Test
    void a_check_that_too_few_mutations_hit_is_told() throws Exception {
        List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
        scripts.add(new SqlScript(
                "4-checks/VAL12-99-untested.sql",
                "INSERT INTO check_row BY NAME SELECT 'VAL12-99' AS id, 'untested' AS name, 'PASS' AS verdict,"
                        + " '' AS detail"));
        Ran ran = selftest(SqlScript.ordered(scripts), "setup-summary.txt gone");
        assertEquals(Exit.BAD, ran.exit(), ran.out());
        assertTrue(ran.out().contains("VAL12-99 | 0, at least 3 are required"), ran.out());
        assertFalse(ran.out().contains("NOT CAUGHT"), ran.out());
    }

    @Test
    void it_leaves_nothing_behind_even_when_it_cannot_go_on() throws Exception {
        List<SqlScript> scripts =
                broken("4-checks/VAL12-09-total-creates.sql", "INSERT INTO check_row", "INSERT INTO no_such_table");
        IllegalStateException crashed =
                assertThrows(IllegalStateException.class, () -> selftest(scripts, "setup-summary.txt gone"));
        assertTrue(crashed.getMessage().contains("VAL12-09-total-creates.sql"), crashed.getMessage());
        try (Stream<Path> left = Files.list(scratch)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void it_goes_alone() {
        for (String[] args : new String[][] {
            {"--selftest", "."}, {"--selftest", "--type", "final"}, {"--selftest", "--sql", "SELECT 1"}
        }) {
            Fork.Result ran = Fork.here(new report(), args);
            assertEquals(Exit.USAGE, ran.exit());
            assertTrue(ran.err().contains("--selftest takes no other option than --seed"), ran.err());
        }
    }

    @Test
    void a_seed_without_a_selftest_is_refused() {
        Fork.Result ran = Fork.here(new report(), "--seed", "3");
        assertEquals(Exit.USAGE, ran.exit());
        assertEquals("report: --seed goes only with --selftest: add it, or leave --seed out\n", ran.err());
    }
}
