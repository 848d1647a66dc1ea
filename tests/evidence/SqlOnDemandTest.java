import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import evidence.SqlScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.Config;

/**
 * A statement runs when something needs what it makes; whatever is asked first, it makes what it makes when all run in
 * their order.
 */
class SqlOnDemandTest {
    private static final String RELATIONS =
            "SELECT table_name AS name FROM duckdb_tables() WHERE table_name NOT LIKE 'raw_%' UNION ALL SELECT"
                    + " view_name FROM duckdb_views() WHERE NOT internal ORDER BY name";

    @TempDir
    static Path folder;

    private static Config config;
    private static Scope scope;
    private static final Map<String, List<Map<String, Object>>> ALL_AT_ONCE = new TreeMap<>();

    @BeforeAll
    static void aSoakOfWhichMuchIsToBeSaid() {
        SoakFixture soak = SoakFixture.in(folder)
                .days(4)
                .interval(10800)
                .drillEvery(4)
                .rounds(0, 30)
                .round(9, r -> r.set("p99_ms", 12.5))
                .round(12, r -> r.set("health", "failed").set("health_http_code", 500))
                .round(15, r -> r.set("lost_plans", 2));
        config = soak.write();
        scope = new Scope(soak.end(), false, 2);
        try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
            for (Map<String, Object> relation : database.query(RELATIONS)) {
                ALL_AT_ONCE.put((String) relation.get("name"), database.query("FROM " + relation.get("name")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void each_relation_has_the_same_rows_whichever_was_asked_before_it(long seed) {
        assertTrue(
                ALL_AT_ONCE.size() > 100
                        && !ALL_AT_ONCE.get("problems").isEmpty()
                        && !ALL_AT_ONCE.get("trends").isEmpty(),
                ALL_AT_ONCE.keySet().toString());
        List<String> names = new ArrayList<>(ALL_AT_ONCE.keySet());
        Collections.shuffle(names, new Random(seed));
        try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
            for (String name : names) {
                assertEquals(
                        ALL_AT_ONCE.get(name),
                        database.query("FROM " + name),
                        name + " after " + names.subList(0, names.indexOf(name)));
            }
        }
    }

    @Test
    void a_question_makes_what_it_names_and_no_verdict() {
        try (EvidenceDatabase database =
                EvidenceDatabase.open(config, scope, broken("4-checks/VAL12-98-broken.sql", "check_row"))) {
            assertEquals(
                    30L,
                    database.query("SELECT count(*) AS n FROM Rounds").get(0).get("n"));
            RuntimeException crash = assertThrows(RuntimeException.class, () -> database.query("FROM verdict"));
            assertTrue(crash.getMessage().startsWith("sql/4-checks/VAL12-98-broken.sql: "), crash.getMessage());
        }
    }

    @Test
    void a_statement_that_nothing_could_need_is_refused_at_once() {
        for (String slip : List.of(
                "INSERT INTO check_rows BY NAME SELECT 'VAL12-98' AS id, 'slip' AS name, 'FAIL' AS verdict",
                "SELECT 1")) {
            List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
            scripts.add(new SqlScript("4-checks/VAL12-98-slip.sql", slip));
            RuntimeException refused = assertThrows(
                    RuntimeException.class, () -> EvidenceDatabase.open(config, scope, SqlScript.ordered(scripts)));
            assertTrue(refused.getMessage().startsWith("sql/4-checks/VAL12-98-slip.sql: "), refused.getMessage());
        }
    }

    @Test
    void a_question_to_the_catalogue_makes_everything() {
        try (EvidenceDatabase database =
                EvidenceDatabase.open(config, scope, broken("6-reports/98-broken.sql", "problem_row"))) {
            assertThrows(RuntimeException.class, () -> database.query("SHOW TABLES"));
        }
    }

    private static List<SqlScript> broken(String path, String table) {
        List<SqlScript> scripts = new ArrayList<>(SqlScript.bundled());
        scripts.add(new SqlScript(path, "INSERT INTO " + table + " BY NAME SELECT no_such_column AS id FROM soak"));
        return SqlScript.ordered(scripts);
    }
}
