package report;

import base.Printable;
import build.Version;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import output.Evidence;
import settings.Config;

/**
 * A report as JUnit XML, by the schema that Jenkins, GitLab and GitHub's test reporters have in common: one test suite,
 * a test case for each check and claim (of a daily report for each alert that it could have), the report's text as
 * system-out. FAIL is a failure; what is neither FAIL nor PASS is skipped, never passed.
 */
public final class Junit {
    /** What a date can be alerted for (contract, section 4 "Alerts"): by daily reports, then by rounds. */
    private static final List<String> ALERT_KEYS = List.of(
            "daily_create_errors",
            "daily_rollback_rate",
            "daily_p99_ms",
            "daily_uptime_pct",
            "daily_stuck_rounds",
            "daily_missed_rounds",
            "cp_health_failed",
            "stuck_plans",
            "recoveries_refuted",
            "lost_plans",
            "duplicate_plans",
            "uptime_budget_left");

    private static final String PASS = "PASS";
    private static final String FAIL = "FAIL";
    private static final String SKIPPED = "SKIPPED";

    /** @param verdict PASS, FAIL, or the word for which it is skipped */
    private record Case(String group, String name, String verdict, String detail) {}

    private final String name;
    private final String soakId;
    private final Instant begin;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final List<Case> cases = new ArrayList<>();

    /** @param begin of what the report covers: the suite's time stamp; its time is from there to as_of */
    private Junit(Config config, String type, Instant begin, Instant asOf) {
        soakId = config.soakId();
        name = soakId + " " + type;
        this.begin = begin;
        properties.put("soak_id", soakId);
        properties.put("report", type);
        properties.put("as_of", asOf.toString());
        properties.put(Version.FIELD, Version.NUMBER);
    }

    static Junit of(EvidenceDatabase database, Config config, String type, Instant begin, Scope scope) {
        Junit junit = new Junit(config, type, begin, scope.asOf());
        Evidence.one(database, "SELECT v.gate_d, v.overall, f.rehearsal, f.cp_mode FROM verdict v, figures f")
                .forEach(junit::property);
        return junit;
    }

    /** For a report that no database makes. */
    public static Junit of(Config config, String type, Instant begin, Instant asOf) {
        return new Junit(config, type, begin, asOf);
    }

    /** What is not known, as the verdict of a soak without a round, is no property: the schema has no null. */
    public Junit property(String name, Object value) {
        if (value != null) {
            properties.put(name, value.toString());
        }
        return this;
    }

    /** @param verdicts as {@link Verdicts} has them */
    public Junit verdicts(String group, List<Map<String, Object>> verdicts) {
        for (Map<String, Object> v : verdicts) {
            String detail = v.get("detail") == null ? "" : v.get("detail").toString();
            cases.add(new Case(
                    group,
                    v.get("id") + " " + v.get("name"),
                    v.get("verdict").toString(),
                    detail.isEmpty() ? "value=" + v.get("value") + ", target=" + v.get("target") : detail));
        }
        return this;
    }

    /** The report's last words: the plan's overall verdict and its Gate D. */
    Junit outcome() {
        for (String verdict : List.of("overall", "gate_d")) {
            String word = properties.get(verdict);
            cases.add(new Case("verdict", verdict, word.startsWith("NOT PROVEN") ? FAIL : word, word));
        }
        return this;
    }

    /**
     * @param summary of the date: a figure that is null was not measured
     * @param lines the date's lines of alerts.log, due ones included
     * @param altered what is not as it was sealed; empty where all is
     */
    Junit alerts(Map<String, Object> summary, List<String> lines, String altered) {
        if (!altered.isEmpty()) {
            cases.add(new Case("evidence", "seals", FAIL, altered));
        }
        Map<String, List<String>> byKey = new LinkedHashMap<>();
        ALERT_KEYS.forEach(key -> byKey.put(key, new ArrayList<>()));
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            byKey.computeIfAbsent(words.length < 3 ? line : words[2].replaceFirst("=.*", ""), key -> new ArrayList<>())
                    .add(line);
        }
        byKey.forEach((key, of) -> {
            String told = String.join("\n", of);
            boolean measured = !summary.containsKey(key) || summary.get(key) != null;
            // A WARN is no bad finding: the report's exit code is not 10 by it.
            cases.add(new Case(
                    "alerts",
                    key,
                    told.contains(" ALERT ") ? FAIL : measured || !of.isEmpty() ? PASS : SKIPPED,
                    of.isEmpty() && !measured ? "not measured" : told));
        });
        return this;
    }

    /** @param text the report as people read it */
    public String xml(String text) {
        StringWriter written = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(written);
            xml.writeStartDocument("UTF-8", "1.0");
            line(xml);
            xml.writeStartElement("testsuites");
            counts(xml);
            line(xml);
            xml.writeStartElement("testsuite");
            counts(xml);
            // of the suite alone: Jenkins' xUnit plugin refuses a file that has it at testsuites
            attribute(xml, "skipped", Long.toString(count(c -> !c.verdict.equals(FAIL) && !c.verdict.equals(PASS))));
            xml.writeAttribute(
                    "timestamp",
                    LocalDateTime.ofInstant(begin.truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC)
                            .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME));
            line(xml);
            xml.writeStartElement("properties");
            for (Map.Entry<String, String> property : properties.entrySet()) {
                xml.writeEmptyElement("property");
                attribute(xml, "name", property.getKey());
                attribute(xml, "value", property.getValue());
            }
            xml.writeEndElement();
            line(xml);
            for (Case c : cases) {
                testcase(xml, c);
            }
            output(xml, text);
            xml.writeEndElement();
            line(xml);
            xml.writeEndElement();
            line(xml);
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e); // a StringWriter takes everything
        }
        return written.toString();
    }

    private void counts(XMLStreamWriter xml) throws XMLStreamException {
        attribute(xml, "name", name);
        attribute(xml, "tests", Integer.toString(cases.size()));
        attribute(xml, "failures", Long.toString(count(c -> c.verdict.equals(FAIL))));
        attribute(xml, "errors", "0");
        BigDecimal seconds = BigDecimal.valueOf(
                Math.max(
                        0,
                        Duration.between(begin, Instant.parse(properties.get("as_of")))
                                .toMillis()),
                3);
        attribute(xml, "time", seconds.toPlainString());
    }

    private long count(Predicate<Case> which) {
        return cases.stream().filter(which).count();
    }

    private void testcase(XMLStreamWriter xml, Case c) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute(xml, "classname", soakId + "." + c.group);
        attribute(xml, "name", c.name);
        attribute(xml, "time", "0");
        switch (c.verdict) {
            case PASS -> output(xml, c.detail);
            case FAIL -> reason(xml, "failure", c.detail, FAIL);
            default ->
                reason(
                        xml,
                        "skipped",
                        c.verdict.equals(SKIPPED) || c.verdict.equals(c.detail)
                                ? c.detail
                                : c.verdict + ": " + c.detail,
                        null);
        }
        xml.writeEndElement();
        line(xml);
    }

    private static void reason(XMLStreamWriter xml, String element, String why, String type) throws XMLStreamException {
        xml.writeStartElement(element);
        attribute(xml, "message", why.replace('\n', ' '));
        if (type != null) {
            attribute(xml, "type", type);
            xml.writeCharacters(Printable.text(why));
        }
        xml.writeEndElement();
    }

    private static void output(XMLStreamWriter xml, String text) throws XMLStreamException {
        if (!text.isEmpty()) {
            xml.writeStartElement("system-out");
            // XML 1.0 has no way to write most control characters, not even escaped
            xml.writeCharacters(Printable.text(text));
            xml.writeEndElement();
        }
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, Printable.text(value));
    }

    private static void line(XMLStreamWriter xml) throws XMLStreamException {
        xml.writeCharacters("\n");
    }
}
