import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** grafana/: the dashboard and the alert rules speak of the metrics that soak.prom really has. */
class MonitoringTest {
    private static final Path GRAFANA = Project.folder("grafana");
    private static final Path RULES = GRAFANA.resolve("soak-alerts.yml");
    private static final Pattern METRIC = Pattern.compile("\\bsoak_(?!id\\b)\\w+");
    private static final int GRID_WIDTH = 24;

    @TempDir
    Path folder;

    private static JsonNode dashboard() throws Exception {
        return Json.parse(Files.readString(GRAFANA.resolve("soak-dashboard.json")));
    }

    private static List<String> expressions() throws Exception {
        JsonNode dashboard = dashboard();
        List<String> all = new ArrayList<>(dashboard.findValuesAsText("expr"));
        all.addAll(dashboard.findValuesAsText("definition"));
        return all;
    }

    private static Set<String> named(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> written() throws Exception {
        String text =
                SoakMetricsTest.text(SoakMetricsTest.soakWithEverything(folder).write());
        Set<String> names = SoakMetricsTest.samples(text).keySet().stream()
                .map(name -> name.replaceFirst("\\{.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        return names;
    }

    @Test
    void every_metric_that_dashboard_and_rules_name_is_one_that_a_round_writes() throws Exception {
        Set<String> written = written();
        String rules = Files.readString(RULES)
                .lines()
                .filter(line -> line.contains("expr:"))
                .collect(Collectors.joining("\n"));
        assertTrue(named(rules).size() > 10
                && named(String.join("\n", expressions())).size() > 15);
        for (String name : named(rules + "\n" + String.join("\n", expressions()))) {
            assertTrue(written.contains(name), name);
        }
        assertFalse(written.contains("soak_no_such_metric"));
    }

    @Test
    void the_contract_lists_the_metrics_that_a_round_writes() throws Exception {
        String contract = Files.readString(Project.folder("docs/contract.md"));
        String table = contract.substring(contract.indexOf("| metrics | meaning |"), contract.indexOf("## 4. Figures"));
        Set<String> told = Pattern.compile("`(soak_\\w+)`")
                .matcher(table)
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        // by the source: what no fixture measures is in no file
        Set<String> families = Pattern.compile("\\.(?:gauge|counter)\\(\\s*\"(soak_\\w+)\"")
                .matcher(Files.readString(Project.folder("src/workload/SoakMetrics.java")))
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(families.containsAll(written()), "the search passes over " + written());
        Names.assertSame(families, told, "docs/contract.md, section 3, **Metrics**");
    }

    /** Of two files that explain one metric in different words, node_exporter leaves one out, and counts no error. */
    @Test
    void the_help_of_a_metric_stays_as_it_is() throws Exception {
        assertEquals(
                Files.readString(Project.folder("tests/fixtures/soak-prom-help.txt")),
                SoakMetricsTest.text(SoakMetricsTest.soakWithEverything(folder).write())
                        .lines()
                        .filter(line -> line.startsWith("# HELP "))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()),
                "a new metric has its line in that file; a line that is there stays");
    }

    @Test
    void the_dashboard_can_be_imported_anywhere() throws Exception {
        JsonNode dashboard = dashboard();
        assertTrue(dashboard.get("id").isNull());
        List<String> variables = new ArrayList<>();
        dashboard
                .get("templating")
                .get("list")
                .forEach(variable -> variables.add(variable.get("name").asText() + " "
                        + variable.get("type").asText()));
        assertEquals(List.of("datasource datasource", "soak_id query"), variables);
        dashboard
                .findValues("datasource")
                .forEach(source -> assertEquals(
                        "{\"type\":\"prometheus\",\"uid\":\"${datasource}\"}",
                        source.toString(),
                        "no data source of somebody's own"));
        Set<Integer> ids = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            String title = panel.get("title").asText();
            assertTrue(ids.add(panel.get("id").asInt()), title);
            assertTrue(
                    panel.get("targets").size() > 0
                            && !panel.get("description").asText().isBlank(),
                    title);
            JsonNode at = panel.get("gridPos");
            assertTrue(at.get("x").asInt() + at.get("w").asInt() <= GRID_WIDTH, title);
            for (int x = at.get("x").asInt();
                    x < at.get("x").asInt() + at.get("w").asInt();
                    x++) {
                for (int y = at.get("y").asInt();
                        y < at.get("y").asInt() + at.get("h").asInt();
                        y++) {
                    assertTrue(taken.add(x + "," + y), title + " lies over another panel");
                }
            }
            for (JsonNode target : panel.get("targets")) {
                String expr = target.get("expr").asText();
                // Each selector, and not just one of them, keeps to the soak that was chosen.
                assertEquals(
                        METRIC.matcher(expr).results().count(),
                        Pattern.compile("soak_id=\"\\$soak_id\"")
                                .matcher(expr)
                                .results()
                                .count(),
                        expr);
            }
        }
    }

    @Test
    void promtool_understands_every_expression_and_the_rules_do_what_their_tests_say() throws Exception {
        assertEquals(0, Promtool.run(null, "check", "rules", RULES.toString()).exit());
        Fork.Result tested = Promtool.run(
                null, "test", "rules", GRAFANA.resolve("soak-alerts.test.yml").toString());
        assertEquals(0, tested.exit(), tested.out() + tested.err());
        StringBuilder asRules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int n = 0;
        for (String expr : dashboard().findValuesAsText("expr")) {
            asRules.append("      - {record: panel:")
                    .append(n++)
                    .append(", expr: '")
                    .append(expr.replace("'", "''"))
                    .append("'}\n");
        }
        Fork.Result understood = Promtool.run(
                null,
                "check",
                "rules",
                Files.writeString(folder.resolve("dashboard.yml"), asRules).toString());
        assertEquals(0, understood.exit(), understood.out() + understood.err());
        assertTrue(understood.out().contains(n + " rules found"), understood.out());
    }
}
