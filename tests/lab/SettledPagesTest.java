import static org.junit.jupiter.api.Assertions.assertEquals;

import base.Sqlite;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of a listing that are kept say what the store says, whoever or whatever changes it. */
class SettledPagesTest extends ServedControlPlane {
    private static final String PAGE = "/v1/rollouts?limit=2";

    @BeforeEach
    void askedForOnce() {
        IntStream.range(0, 5).forEach(i -> client.create("p-" + i, ",\"completes_after_seconds\":60"));
        assertEquals(List.of("p-0 published", "p-1 published"), page());
    }

    private List<String> page() {
        return StreamSupport.stream(client.get(PAGE).json().path("plans").spliterator(), false)
                .map(plan ->
                        plan.path("plan_id").asText() + " " + plan.path("phase").asText())
                .toList();
    }

    private void byAnother(String sql) throws Exception {
        try (Connection other = Sqlite.open(folder.resolve("cp-data/controlplane.db"), false, Duration.ofSeconds(5))) {
            Sqlite.execute(other, sql);
        }
    }

    @Test
    void a_recovered_plan_is_listed_as_it_is_now() {
        client.recover("p-1", "rollback");
        assertEquals(List.of("p-0 published", "p-1 rolled_back"), page());
        client.recover("p-4", "rollback");
        assertEquals(List.of("p-0 published", "p-1 rolled_back"), page());
    }

    @Test
    void time_completes_a_plan_and_a_clock_that_is_set_back_takes_that_back() {
        client.recover("p-0", "retry");
        assertEquals(List.of("p-0 active", "p-1 published"), page());
        time.advance(60);
        assertEquals(List.of("p-0 completed", "p-1 published"), page());
        assertEquals(List.of("p-0 completed", "p-1 published"), page());
        time.advance(-1);
        assertEquals(List.of("p-0 active", "p-1 published"), page());
    }

    @Test
    void what_another_program_deletes_or_changes_in_the_file_is_seen() throws Exception {
        byAnother("DELETE FROM plans WHERE plan_id = 'p-0'");
        assertEquals(List.of("p-1 published", "p-2 published"), page());
        byAnother("UPDATE plans SET phase = 'paused' WHERE plan_id = 'p-2'");
        assertEquals(List.of("p-1 published", "p-2 paused"), page());
    }

    @Test
    void the_last_page_grows() {
        String last = "/v1/rollouts?limit=4&cursor="
                + client.get("/v1/rollouts?limit=4").json().path("next_cursor").textValue();
        assertEquals(1, client.get(last).json().path("plans").size());
        client.create("p-5");
        assertEquals(2, client.get(last).json().path("plans").size());
    }
}
