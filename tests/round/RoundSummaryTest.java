import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Plan;
import workload.RoundSummary;
import workload.SummaryDraft;

/** round-summary.json has one list of fields, {@link RoundSummary}: what else lists them is held against it. */
class RoundSummaryTest {
    private static final Path ROOT = Path.of(System.getenv().getOrDefault("SOAK_SOURCE_DIR", "."));
    /** The type in SQL of a field of this type. */
    private static final Map<Class<?>, String> SQL = Map.of(
            Long.class,
            "BIGINT",
            Double.class,
            "DOUBLE",
            Number.class,
            "DOUBLE",
            Boolean.class,
            "BOOLEAN",
            String.class,
            "VARCHAR",
            Instant.class,
            "TIMESTAMP WITH TIME ZONE",
            Map.class,
            "VARCHAR",
            List.class,
            "VARCHAR");
    /** v01_health … v07_integrity. */
    private static final String STEPS_IN_SHORT =
            RoundSummary.STEPS.get(0) + " … " + RoundSummary.STEPS.get(RoundSummary.STEPS.size() - 1);
    /** Whole numbers here, for SQL durations as others are. */
    private static final List<String> DURATIONS = List.of("duration_ms", "restart_ms");

    @TempDir
    Path folder;

    @Test
    void sql_types_exactly_the_fields_that_a_round_writes() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak")).rounds(0, 1);
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null))) {
            Map<String, String> wanted = new TreeMap<>();
            RoundSummary.types()
                    .forEach((field, type) -> wanted.put(field, DURATIONS.contains(field) ? "DOUBLE" : SQL.get(type)));
            Map<String, String> found = new TreeMap<>();
            database.loadFor("FROM summary");
            database.query("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'summary' AND"
                            + " column_name NOT IN ('folder_id', 'is_legacy')")
                    .forEach(column -> found.put((String) column.get("column_name"), (String) column.get("data_type")));
            Names.assertSame(wanted.entrySet(), found.entrySet(), "sql/2-views/20-summaries.sql");
        }
    }

    @Test
    void the_file_of_a_real_round_has_these_fields_in_this_order() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder)) {
            JsonNode summary = rig.round().summary();
            List<String> names = new ArrayList<>();
            summary.fieldNames().forEachRemaining(names::add);
            assertEquals(List.copyOf(RoundSummary.types().keySet()), names);
        }
    }

    @Test
    void the_contract_tells_every_field() throws IOException {
        String contract = Files.readString(ROOT.resolve("docs/contract.md"));
        int start = contract.indexOf("**round-summary.json**");
        String table = contract.substring(start, contract.indexOf("\n\n**", start));
        TreeSet<String> told = new TreeSet<>();
        for (String line : table.lines()
                .filter(row -> row.startsWith("| ") && !row.startsWith("| field"))
                .toList()) {
            String names = line.split("\\|")[1].strip();
            told.addAll(names.equals(STEPS_IN_SHORT) ? RoundSummary.STEPS : List.of(names.split(", ")));
        }
        TreeSet<String> wanted = new TreeSet<>(RoundSummary.types().keySet());
        wanted.remove("schema"); // told in the sentence before
        Names.assertSame(wanted, told, "docs/contract.md, section 3, **round-summary.json**");
    }

    @Test
    void a_field_that_the_file_does_not_have_and_a_value_of_another_type_are_refused() {
        SummaryDraft draft = new SummaryDraft(sentence -> sentence);
        assertThrows(IllegalStateException.class, () -> draft.put("plans", 1));
        assertThrows(IllegalStateException.class, () -> draft.put("plan_count", "1"));
        assertThrows(IllegalStateException.class, () -> draft.put("started_at", "2026-10-01T00:00:00Z"));
        draft.put("plan_count", 7).put("plan_count", null).put("plan_count", 8L);
        assertEquals(8L, draft.record().planCount());
    }

    @Test
    void a_step_fails_with_its_reasons_and_each_sentence_is_shown_as_it_may_be() {
        SummaryDraft draft = new SummaryDraft(sentence -> sentence.replace("hunter2", "[masked]"));
        draft.decide("v02_creates", false, "hunter2 is wrong");
        draft.alsoFail("v07_integrity", "damaged");
        draft.alsoFail("v07_integrity", "cut");
        draft.fail("alerts", "no room");
        draft.decide("v01_health", false, "down");
        draft.decide("v01_health", true, "up again");
        draft.warn("it is hunter2");
        RoundSummary summary = draft.record();
        assertEquals(
                Map.of("v02_creates", "[masked] is wrong", "v07_integrity", "damaged; cut", "alerts", "no room"),
                summary.failures());
        assertEquals(List.of("it is [masked]"), summary.warnings());
        assertEquals(
                List.of("PASS", "FAIL", "FAIL"),
                List.of(summary.v01Health(), summary.v02Creates(), summary.v07Integrity()));
    }

    /** One that speaks of a few may do so. */
    @Test
    void a_file_of_sql_that_names_most_of_the_steps_names_each() throws IOException {
        TreeSet<String> lacking = new TreeSet<>();
        int naming = 0;
        for (String part : List.of("sql", "src/lab/selftest/FixtureFiles.java")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = Files.readString(file);
                    List<String> others = RoundSummary.STEPS.stream()
                            .filter(step -> !text.contains(step))
                            .toList();
                    if (others.size() < RoundSummary.STEPS.size() / 2) {
                        naming++;
                        others.forEach(step -> lacking.add(ROOT.relativize(file) + " lacks " + step));
                    }
                }
            }
        }
        assertEquals(List.of(), List.copyOf(lacking));
        assertTrue(naming > 5, naming + " files");
    }

    @Test
    void sql_has_what_the_plan_fixes_from_the_one_class_that_holds_it() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak")).rounds(0, 1);
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null))) {
            Map<String, Object> row = database.query("FROM raw_plan").get(0);
            assertEquals(Plan.values().keySet(), row.keySet());
            row.forEach(RoundSummaryTest::assertPlans);
            database.query("SELECT t.fleet_round, t.stall_ms, t.probe_overhead_ms, t.clock_step_ms, t.cp_start_ms,"
                            + " k.early_days, k.gate_days, k.day_seconds FROM targets t, soak k")
                    .get(0)
                    .forEach(RoundSummaryTest::assertPlans);
        }
    }

    private static void assertPlans(String name, Object value) {
        assertEquals(Plan.values().get(name).doubleValue(), ((Number) value).doubleValue(), name);
    }
}
