import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import output.Templates;

/** The traps of FreeMarker, each with a figure that would fall into it. */
@Isolated("it sets the locale of the JVM")
class ReportTemplatesTest {
    /** Answers every figure that a template asks for with the same value. */
    private static Map<String, Object> every(Object value, Map<String, Object> known) {
        return new HashMap<>(known) {
            @Override
            public Object get(Object key) {
                return containsKey(key) ? super.get(key) : value;
            }
        };
    }

    private static final Map<String, Object> JUDGE =
            Map.of("sha256", "N", "standing", "the pinned one", "notice", "", "lines", List.of());

    private static String daily(Object figure) {
        return Templates.render(
                "daily.txt.ftl",
                Map.of(
                        "t",
                        every(figure, Map.of("cp_mode", "external", "rehearsal", "false", "altered", "")),
                        "alerts",
                        List.of(),
                        "notes",
                        List.of(),
                        "judge",
                        JUDGE));
    }

    private static String finalReport(Map<String, Object> known, List<?> checks) {
        Map<String, Object> texts = new HashMap<>(Map.of(
                "cp_mode",
                "external",
                "altered",
                "",
                "rehearsal",
                "false",
                "gate_d",
                "PASS",
                "gate_d_requires",
                "VAL12-03 + VAL12-10",
                "target_rollback_rate",
                "0.990",
                "target_plan_count",
                "100",
                "soak_days",
                "30"));
        texts.putAll(known);
        return Templates.render(
                "final.txt.ftl",
                Map.of(
                        "t",
                        every("N", texts),
                        "alerts",
                        List.of(),
                        "v",
                        Map.of("checks", checks, "claims", List.of(), "site_checks", List.of()),
                        "problems",
                        List.of(),
                        "m",
                        Map.of("trends", List.of(), "bases", Map.of(), "harness_cost", List.of(), "notes", List.of()),
                        "judge",
                        JUDGE,
                        "archive",
                        "n/a",
                        "sha256",
                        "n/a",
                        "builds",
                        List.of(Map.of("label", "Judging build", "words", "version 1")),
                        "restored",
                        "n/a"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1440, 14400, 1234567})
    void a_number_from_a_thousand_on_is_not_grouped_in_any_locale(long number) {
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("de-DE", "en-US", "fr-FR", "ar-EG-u-nu-arab")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertTrue(daily(number).contains("\nPlans in store: " + number + "\n"), daily(number));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_fraction_keeps_its_digits_and_its_point() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertTrue(daily(0.98951).contains("\nPlans in store: 0.98951\n"));
            assertTrue(daily(0.0000123).contains("\nPlans in store: 0.0000123\n"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_figure_that_is_missing_fails_the_report_instead_of_standing_in_it() {
        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> daily(null));
        assertTrue(failure.getMessage().contains("daily.txt.ftl"), failure.getMessage());
    }

    @Test
    void a_truth_value_is_no_text() {
        assertThrows(IllegalStateException.class, () -> daily(true));
    }

    @Test
    void text_is_not_escaped_as_if_it_were_html() {
        assertTrue(daily("<a> & \"b\" ${x}").contains("\nPlans in store: <a> & \"b\" ${x}\n"));
    }

    @Test
    void a_check_that_is_new_appears_by_itself() {
        String text = finalReport(
                Map.of(),
                List.of(
                        Map.of("id", "VAL12-01", "name", "framework_provisioned", "verdict", "PASS"),
                        Map.of(
                                "id",
                                "VAL12-99",
                                "name",
                                "brand_new",
                                "verdict",
                                "FAIL",
                                "detail",
                                "value=1, target=0")));
        assertTrue(
                text.contains("## VAL12 Check Results\n"
                        + "VAL12-01 framework_provisioned: PASS\n"
                        + "VAL12-99 brand_new: FAIL (value=1, target=0)\n"
                        + "Overall: N (N/N checks)\n"),
                text);
    }

    /** The template of the plan, in its order; what stands between is ours. */
    @Test
    void the_final_report_has_the_lines_of_the_plan_in_the_plans_order() {
        List<String> plan = List.of(
                "# VAL 12 — Fleet Rollout 30-Day Soak Final Report",
                "Soak start: N",
                "Soak end: N",
                "Duration days: N",
                "Total rounds: N (scheduled: N)",
                "Healthy rounds: N",
                "Failed rounds: N",
                "Interrupted rounds: N",
                "Missed rounds: N",
                "CP restart count: N",
                "## Fleet Coverage",
                "Total plans created: N (target ≥ N | expected ~N)",
                "Max concurrent plans: N (target ≥ 100)",
                "Plan store final size: N",
                "## Rollback Reliability",
                "Total recovery attempts: N",
                "Rollback sampled: N",
                "Total recovery successes: N",
                "Total recovery failures: N",
                "Aggregate rollback rate: N (target ≥ 0.990)",
                "7-day window rate: N",
                "30-day window rate: N ← Gate D target",
                "## Latency (create P99 across all rounds)",
                "Round 1 p99_ms: N (baseline)",
                "Day 7 p99_ms: N",
                "Day 30 p99_ms: N",
                "All-time max p99_ms: N (target ≤ Nms)",
                "All-time 95th pct of p99: N",
                "## Availability",
                "Total rounds: N",
                "Healthy rounds: N",
                "Uptime %: N (target ≥ N%)",
                "Total CP restarts: N",
                "Longest downtime streak: N rounds",
                "## Stuck Detection",
                "Total stuck plans detected: N",
                "Total recoveries attempted: N",
                "Auto-recovery success rate: N",
                "## Alerts Issued",
                "none",
                "## VAL12 Check Results",
                "Overall: N (N/N checks)",
                "## Gate D Assessment",
                "PASS: All Gate D criteria met — fleet soak demonstrates ≥99% rollback reliability",
                "across ≥100 concurrent plans over 30 days.",
                "## Artifact",
                "Archive: n/a",
                "SHA-256: n/a");
        List<String> lines = finalReport(Map.of(), List.of()).lines().toList();
        int at = -1;
        for (String line : plan) {
            int found = lines.subList(at + 1, lines.size()).indexOf(line);
            assertTrue(found >= 0, line + " is missing or out of order in\n" + String.join("\n", lines));
            at += 1 + found;
        }
    }

    @Test
    void evidence_of_the_embedded_control_plane_and_of_a_rehearsal_is_marked() {
        assertFalse(finalReport(Map.of(), List.of()).matches("(?s).*(embedded|REHEARSAL).*"));
        String text = finalReport(
                Map.of("cp_mode", "embedded", "rehearsal", "true", "gate_d", "NOT ASSESSED (rehearsal)"), List.of());
        assertTrue(
                text.contains("Control plane: embedded (")
                        && text.contains("\nREHEARSAL: ")
                        && text.contains("\nNOT ASSESSED (rehearsal): "),
                text);
    }

    @Test
    void the_gate_that_is_failed_says_what_it_requires() {
        assertTrue(finalReport(Map.of("gate_d", "FAIL"), List.of())
                .contains(
                        "\nFAIL: Gate D criteria not met — see check results above. Required: VAL12-03 + VAL12-10.\n"));
        assertEquals(1, finalReport(Map.of("gate_d", "FAIL"), List.of()).split("Gate D criteria", -1).length - 1);
        assertTrue(finalReport(Map.of("gate_d", "FAIL", "gate_d_because", "no set check in 1 round"), List.of())
                .contains("\nWhy it fails: no set check in 1 round.\n"));
    }

    @Test
    void the_gate_that_is_passed_claims_no_more_than_was_asked() {
        assertTrue(finalReport(
                        Map.of("target_rollback_rate", "0.5", "target_plan_count", "20", "soak_days", "2"), List.of())
                .contains("fleet soak demonstrates ≥0.5 rollback reliability\n"
                        + "across ≥20 concurrent plans over 2 days.\n"));
    }

    @Test
    void no_template_computes_or_rounds() throws Exception {
        Pattern computes = Pattern.compile(
                "\\?(string|round|floor|ceiling|abs|c\\b|number|eval)|\\$\\{[^}]*[-+*/%][^}]*\\}|<#assign");
        try (var files = Files.walk(Path.of(System.getenv("SOAK_SOURCE_DIR"), "templates"))) {
            List<Path> templates = files.filter(Files::isRegularFile).toList();
            assertFalse(templates.isEmpty());
            for (Path template : templates) {
                Matcher m = computes.matcher(Files.readString(template));
                assertFalse(m.find(), () -> template + ": " + m.group());
            }
        }
    }
}
