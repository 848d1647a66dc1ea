import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import build.Version;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** --format junit, read as a CI server reads it. */
@Tag("slow")
class ReportJunitTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";

    @TempDir
    Path scratch;

    private SoakFixture soak() {
        return Reports.tenDays(scratch);
    }

    /**
     * What a CI server would make of it.
     *
     * @param cases by class and name: passed, failed: MESSAGE or skipped: MESSAGE
     */
    private record Read(Map<String, String> cases, Map<String, String> properties, Element suite) {
        long count(String outcome) {
            return cases.values().stream()
                    .filter(told -> told.startsWith(outcome))
                    .count();
        }
    }

    private static List<Element> children(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return java.util.stream.IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    private static Read read(String xml) throws Exception {
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Project.folder("tests/junit.xsd").toFile())
                .newValidator()
                .validate(new StreamSource(new StringReader(xml)));
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        Element suite = children(document.getDocumentElement(), "testsuite").get(0);
        Map<String, String> cases = new LinkedHashMap<>();
        for (Element test : children(suite, "testcase")) {
            String told = "passed";
            for (Element failure : children(test, "failure")) {
                told = "failed: " + failure.getAttribute("message");
            }
            for (Element skipped : children(test, "skipped")) {
                told = "skipped: " + skipped.getAttribute("message");
            }
            cases.put(test.getAttribute("classname") + " " + test.getAttribute("name"), told);
        }
        Map<String, String> properties = new LinkedHashMap<>();
        children(suite, "property").forEach(p -> properties.put(p.getAttribute("name"), p.getAttribute("value")));
        Read read = new Read(cases, properties, suite);
        for (Element counted : List.of(document.getDocumentElement(), suite)) {
            assertEquals(cases.size(), Integer.parseInt(counted.getAttribute("tests")));
            assertEquals(read.count("failed"), Integer.parseInt(counted.getAttribute("failures")));
            assertEquals("0", counted.getAttribute("errors"));
        }
        assertEquals(read.count("skipped"), Integer.parseInt(suite.getAttribute("skipped")));
        return read;
    }

    private Reports.Ran report(String now, SoakFixture soak, String... args) {
        return Reports.run(now, soak.dir().root(), args);
    }

    @Test
    void a_good_final_report_is_a_passed_test_for_each_verdict_and_a_gate_that_knows_no_ten_days() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report(AFTER, soak, "--type", "final", "--format", "junit");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        Read read = read(ran.out());
        assertEquals(PlanChecks.allBut().size() + 1, read.count("passed"), "all of them, and overall");
        assertEquals("passed", read.cases.get("soak-val12.checks VAL12-03 fleet_target_reached"));
        assertEquals("passed", read.cases.get("soak-val12.claims C1 no_corruption"));
        assertEquals("skipped: NOT ASSESSED (a soak of 10 days)", read.cases.get("soak-val12.verdict gate_d"));
        assertEquals("2026-10-01T00:00:00", read.suite.getAttribute("timestamp"));
        assertEquals("864000.000", read.suite.getAttribute("time"));
        assertEquals(
                Map.of(
                        "soak_id",
                        "soak-val12",
                        "report",
                        "final",
                        "as_of",
                        "2026-10-11T00:00:00Z",
                        "gate_d",
                        "NOT ASSESSED (a soak of 10 days)",
                        "overall",
                        "PASS",
                        "rehearsal",
                        "false",
                        "cp_mode",
                        "external",
                        "report_version",
                        Version.NUMBER),
                read.properties);
        List<Element> outputs = children(read.suite, "system-out");
        assertEquals(
                report(AFTER, soak, "--type", "final").out(),
                outputs.get(outputs.size() - 1).getTextContent());
        assertEquals(
                ran.out(),
                report(AFTER, soak, "--type", "final", "--format", "junit").out(),
                "same evidence, same bytes");
    }

    @Test
    void every_verdict_of_every_report_is_a_test_of_the_same_outcome() throws Exception {
        SoakFixture soak = soak().round(3, r -> r.set("scan_http_code", "500"))
                .round(50, FixtureRound::failed)
                .round(51, r -> r.latencyMs(900));
        soak.write();
        for (String[] type : new String[][] {
            {AFTER, "--type", "final"},
            {"2026-10-05T12:00:00Z", "--type", "final"},
            {"2026-10-05T12:00:00Z", "--type", "status"},
            {"2026-10-05T12:00:00Z", "--type", "checkpoint"}
        }) {
            Reports.Ran json = report(type[0], soak, type[1], type[2], "--format", "json");
            Reports.Ran junit = report(type[0], soak, type[1], type[2], "--format", "junit");
            assertEquals(json.exit(), junit.exit());
            JsonNode report = Json.parse(json.out());
            Read read = read(junit.out());
            int seen = 0;
            for (String group : List.of("checks", "claims")) {
                for (JsonNode verdict : report.get(group)) {
                    String told = read.cases.get(
                            "soak-val12." + group + " " + verdict.get("id").asText() + " "
                                    + verdict.get("name").asText());
                    String word = verdict.get("verdict").asText();
                    assertTrue(
                            told.startsWith(
                                    word.equals("PASS")
                                            ? "passed"
                                            : word.equals("FAIL") ? "failed: " : "skipped: PENDING: "),
                            verdict + " is " + told);
                    if (word.equals("FAIL") && verdict.get("detail").isTextual()) {
                        assertEquals("failed: " + verdict.get("detail").asText(), told);
                    }
                    seen++;
                }
            }
            int all = PlanChecks.allBut().size();
            assertEquals(all, seen);
            assertEquals(type[2].equals("checkpoint") ? all : all + 2, read.cases.size());
        }
        Read early = read(report("2026-10-05T12:00:00Z", soak, "--type", "final", "--format", "junit")
                .out());
        assertEquals("skipped: INCOMPLETE", early.cases.get("soak-val12.verdict overall"));
        assertEquals("skipped: NOT ASSESSED (a soak of 10 days)", early.cases.get("soak-val12.verdict gate_d"));
    }

    @Test
    void a_gate_that_is_not_proven_is_a_failure_and_not_skipped() throws Exception {
        SoakFixture soak = SoakFixture.in(scratch.resolve("few"))
                .interval(21600)
                .set("TARGET_TOTAL_CREATES", "100")
                .rounds(0, 120)
                .missed(1, 5, 9, 13, 17, 21, 25);
        soak.write();
        Read read =
                read(report(AFTER, soak, "--type", "final", "--format", "junit").out());
        assertTrue(
                read.cases
                        .get("soak-val12.verdict gate_d")
                        .startsWith("failed: NOT PROVEN (rounds in 113 of 120 slots)"),
                read.cases.toString());
        assertTrue(read.cases.get("soak-val12.verdict overall").startsWith("failed: "), read.cases.toString());
    }

    @Test
    void a_rehearsals_gate_is_skipped_and_never_passed() throws Exception {
        SoakFixture soak = soak().set("SOAK_REHEARSAL", "true");
        soak.write();
        Read read =
                read(report(AFTER, soak, "--type", "final", "--format", "junit").out());
        assertEquals("skipped: NOT ASSESSED (rehearsal)", read.cases.get("soak-val12.verdict gate_d"));
        assertEquals("true", read.properties.get("rehearsal"));
    }

    @Test
    void a_daily_report_is_a_test_for_each_alert_that_the_date_could_have() throws Exception {
        SoakFixture soak = soak().drillEvery(0)
                .round(13, r -> r.codes("500", "503"))
                .round(15, FixtureRound::failed)
                .missed(16, 17)
                .alert("2026-10-02T05:00:00Z ALERT lost_plans=2 threshold=0 day=2")
                .alert("2026-10-02T05:00:00Z ALERT some_future_key=2 threshold=0 day=2");
        soak.write();
        Reports.Ran ran = report("2026-10-03T01:00:00Z", soak, "--type", "daily", "--format", "junit");
        assertEquals(Exit.BAD, ran.exit());
        Read read = read(ran.out());
        assertEquals(
                "failed: 2026-10-02T05:00:00Z ALERT lost_plans=2 threshold=0 day=2",
                read.cases.get("soak-val12.alerts lost_plans"));
        assertTrue(read.cases.get("soak-val12.alerts daily_missed_rounds").startsWith("failed: "));
        assertTrue(read.cases.get("soak-val12.alerts some_future_key").startsWith("failed: "));
        assertEquals("passed", read.cases.get("soak-val12.alerts daily_create_errors"), "a WARN");
        assertTrue(ran.out().contains("WARN daily_create_errors=2"), ran.out());
        assertEquals(
                "skipped: not measured",
                read.cases.get("soak-val12.alerts daily_rollback_rate"),
                "no recovery, no rate");
        assertEquals("passed", read.cases.get("soak-val12.alerts stuck_plans"));
        assertEquals("2026-10-02T00:00:00", read.suite.getAttribute("timestamp"));
        assertEquals("86400.000", read.suite.getAttribute("time"));
    }

    /** A server that follows a test over the days must see it pass before it sees it fail. */
    @Test
    void each_alert_of_the_contract_is_a_test_of_every_daily_report_and_a_row_of_the_operators_page() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Set<String> tests =
                new TreeSet<>(read(report("2026-10-03T01:00:00Z", soak, "--type", "daily", "--format", "junit")
                                .out())
                        .cases
                        .keySet());
        Matcher paragraph = Pattern.compile("\\*\\*Alerts\\*\\*, once.*?By rounds: (.*?)\\n\\n", Pattern.DOTALL)
                .matcher(Files.readString(Project.folder("docs/contract.md")));
        assertTrue(paragraph.find(), "the contract lists no alerts");
        Set<String> keys = spans(paragraph.group(1));
        assertEquals(
                keys.stream().map(key -> "soak-val12.alerts " + key).collect(Collectors.toCollection(TreeSet::new)),
                tests);
        Matcher table = Pattern.compile("\\| alert \\| it means .*?\\n\\n", Pattern.DOTALL)
                .matcher(Files.readString(Project.folder("docs/operating.md")));
        assertTrue(table.find(), "docs/operating.md has no table of alerts");
        Set<String> told = new TreeSet<>();
        table.group().lines().forEach(row -> told.addAll(spans(row.split(" \\| ")[0])));
        assertEquals(keys, told);
    }

    private static Set<String> spans(String text) {
        return Pattern.compile("`([a-z0-9_]+)`")
                .matcher(text)
                .results()
                .map(span -> span.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatever_stands_in_a_log_arrives_as_text_and_what_xml_cannot_hold_is_spelt_out() throws Exception {
        String hostile = "2026-10-03T00:00:00Z ALERT x=1 </system-out>]]><script>\u0007\u001b[31m\uFFFE & \"quoted\""
                + " \uD83D\uDE00 day=3";
        SoakFixture soak = soak().alert(hostile);
        soak.write();
        Reports.Ran ran = report(AFTER, soak, "--type", "final", "--format", "junit");
        List<Element> outputs = children(read(ran.out()).suite, "system-out");
        String text = outputs.get(outputs.size() - 1).getTextContent();
        assertTrue(
                text.contains(
                        "ALERT x=1 </system-out>]]><script>\\u0007\\u001b[31m\\ufffe & \"quoted\" \uD83D\uDE00 day=3"),
                text);
        SoakFixture named = SoakFixture.in(scratch.resolve("named"))
                .set("SOAK_ID", "a\"<&\u0001'b")
                .days(1)
                .rounds(0, 3);
        named.write();
        assertEquals(
                "a\"<&\\u0001'b",
                read(report("2026-10-01T02:00:00Z", named, "--type", "status", "--format", "junit")
                                .out())
                        .properties
                        .get("soak_id"));
    }

    @Test
    void an_archive_is_no_test() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Reports.Ran ran = report(AFTER, soak, "--type", "archive", "--format", "junit");
        assertEquals(Exit.USAGE, ran.exit());
        assertTrue(ran.err().contains("--format junit"), ran.err());
    }

    @Test
    void what_is_not_known_is_no_property_and_the_others_keep_their_order() throws Exception {
        List<String> known = List.of("soak_id", "report", "as_of", "report_version");
        SoakFixture empty = SoakFixture.in(scratch.resolve("empty"));
        String none = Reports.run(AFTER, empty.write().dir().root(), "--type", "verify", "--format", "junit")
                .out();
        assertEquals(known, List.copyOf(read(none).properties().keySet()), none);
        String some = Reports.run(AFTER, soak().write().dir().root(), "--type", "verify", "--format", "junit")
                .out();
        List<String> all = new ArrayList<>(known);
        all.addAll(List.of("gate_d", "overall"));
        assertEquals(all, List.copyOf(read(some).properties().keySet()), some);
    }
}
