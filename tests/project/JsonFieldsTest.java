import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where the author of a program finds what a field of a report's JSON means: in a view's meanings, or in the contract.
 */
class JsonFieldsTest {
    private static final String NOW = "2025-01-09T00:00:00Z";

    private final Map<String, Set<String>> columns = new HashMap<>();
    private Path soak;
    private String contract;

    @TempDir
    Path scratch;

    @BeforeEach
    void write_a_soak_with_a_failed_round_and_read_what_the_views_mean() throws Exception {
        soak = SoakFixture.in(scratch.resolve("soak"))
                .startedAt("2025-01-01T00:00:00Z")
                .days(8)
                .interval(21_600)
                .rounds(0, 32)
                .round(17, round -> round.failed())
                .missed(20)
                .write()
                .dir()
                .root();
        contract = Files.readString(Project.folder("docs/contract.md"));
        for (JsonNode told :
                Json.parse(Reports.run(NOW, soak, "--sql", "--format", "json").out())) {
            assertTrue(told.get("meaning").asText().length() > 1, told.toString());
            columns.computeIfAbsent(told.get("view").asText(), view -> new TreeSet<>())
                    .add(told.get("column").asText());
        }
    }

    private JsonNode report(String type) throws Exception {
        List<String> asked = new java.util.ArrayList<>(List.of("--type", type, "--format", "json"));
        asked.addAll(
                switch (type) {
                    case "daily" -> List.of("--print-only", "--date", "2025-01-05");
                    case "checkpoint" -> List.of("--print-only", "--day", "7");
                    default -> List.of("--print-only");
                });
        return Json.parse(Reports.run(NOW, soak, asked.toArray(String[]::new)).out());
    }

    private boolean isOfTheContract(String field) {
        return Pattern.compile("\\b" + field + "\\b").matcher(contract).find();
    }

    @ParameterizedTest
    @CsvSource({"daily,daily", "checkpoint,checkpoint_report", "final,final_report", "status,status"})
    void each_field_of_a_report_is_a_column_with_a_meaning_or_one_of_the_contract(String type, String view)
            throws Exception {
        JsonNode report = report(type);
        assertTrue(report.size() > 20, report.toString());
        Set<String> unknown = new TreeSet<>();
        report.properties().forEach(field -> {
            String column = type.equals("checkpoint") ? field.getKey().replaceFirst("_7d\\b", "_nd") : field.getKey();
            if (!columns.get(view).contains(column) && !isOfTheContract(field.getKey())) {
                unknown.add(field.getKey());
            }
        });
        assertEquals(Set.of(), unknown);
    }

    @ParameterizedTest
    @CsvSource({"checkpoint", "final", "status"})
    void each_field_of_a_row_of_a_list_is_a_column_of_the_view_of_its_name(String type) throws Exception {
        JsonNode report = report(type);
        Set<String> unknown = new TreeSet<>();
        int rows = 0;
        for (String list : List.of(
                "checks", "claims", "outlook", "margins", "trends", "harness_cost", "notes", "problems", "days")) {
            Set<String> known = columns.get(list.equals("days") ? "soak_days" : list);
            JsonNode told = report.path(list);
            for (JsonNode row : told.isObject() ? List.of(told) : told) {
                rows++;
                row.fieldNames().forEachRemaining(field -> {
                    if (!known.contains(field)) {
                        unknown.add(list + "." + field);
                    }
                });
            }
        }
        assertTrue(rows > 20, report.toString());
        assertEquals(Set.of(), unknown);
    }

    @ParameterizedTest
    @CsvSource({"checkpoint", "final", "status"})
    void each_column_of_such_a_view_is_a_field_of_its_rows_but_for_those_that_the_contract_names(String type)
            throws Exception {
        Files.createDirectories(soak.resolve("rounds/lost+found")); // a problem
        JsonNode report = report(type);
        Set<String> lacking = new TreeSet<>();
        for (String list : List.of("checks", "claims", "margins", "trends", "harness_cost", "problems", "days")) {
            for (JsonNode row : report.path(list)) {
                columns.get(list.equals("days") ? "soak_days" : list).stream()
                        .filter(column -> !row.has(column))
                        .forEach(column -> lacking.add(list + "." + column));
            }
        }
        assertEquals(type.equals("status") ? Set.of() : Set.of("problems.kind"), lacking);
        assertTrue(contract.contains("except `kind` of `problems`; `notes[]` are texts"));
        assertTrue(report.path("notes").isArray(), report.toString());
        report.path("notes").forEach(note -> assertTrue(note.isTextual(), note.toString()));
    }

    @Test
    void a_field_that_nothing_explains_would_be_seen() {
        assertTrue(isOfTheContract("pinned_not_run"));
        assertEquals(
                false,
                isOfTheContract("rounds_on_the_moon") || columns.get("status").contains("rounds_on_the_moon"));
    }
}
