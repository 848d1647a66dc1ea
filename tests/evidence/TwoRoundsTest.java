import static org.junit.jupiter.api.Assertions.assertEquals;

import evidence.EvidenceDatabase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two rounds tell that cannot both be so, though each of them alone is sound. */
@Tag("slow")
class TwoRoundsTest {
    private static final double[] TEN = {4.101, 5.202, 6.303, 4.404, 7.505, 5.606, 4.707, 6.808, 5.909, 4.01};
    private static final double[] SEVEN_AND_THREE_OF_THEM = {
        4.101, 5.202, 6.303, 4.404, 7.505, 5.606, 4.707, 4.101, 5.202, 6.303
    };

    private static final double[] WHOLE = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    @TempDir
    Path folder;

    private SoakFixture soak() {
        return SoakFixture.in(folder).days(2).interval(21600).drillEvery(0).rounds(0, 8);
    }

    @Test
    void latencies_that_are_another_rounds_are_a_problem_in_whatever_order_and_a_few_are_none() {
        String copy =
                " holds the 10 latencies of 2026-10-01/round-060000, and no measurement comes twice: one of the two"
                        + " is a copy";
        double[] turned = Arrays.copyOf(TEN, TEN.length);
        turned[0] = TEN[1];
        turned[1] = TEN[0];
        SoakFixture soak = soak().round(1, r -> r.latencyMs(TEN))
                .round(2, r -> r.latencyMs(turned))
                .round(3, r -> r.latencyMs(SEVEN_AND_THREE_OF_THEM))
                .round(4, r -> r.latencyMs(SEVEN_AND_THREE_OF_THEM))
                .round(5, r -> r.latencyMs(WHOLE))
                .round(6, r -> r.latencyMs(TEN))
                .round(7, r -> r.latencyMs(WHOLE));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of(
                            "rounds/2026-10-01/round-120000/create-times.txt" + copy,
                            "rounds/2026-10-02/round-120000/create-times.txt" + copy),
                    Databases.problems(database));
        }
    }

    private static void lasts(FixtureRound round, int hours, int clockStepMs) {
        round.set("duration_ms", hours * 3_600_000)
                .set("clock_step_ms", clockStepMs)
                .set("finished_at", "2026-10-01T" + (6 + hours) + ":00:00Z");
    }

    @Test
    void a_round_that_began_before_another_had_ended_is_a_problem() {
        try (EvidenceDatabase database = Databases.judged(soak().round(1, r -> lasts(r, 7, 0)))) {
            assertEquals(
                    List.of("rounds/2026-10-01/round-120000/round-summary.json began before 2026-10-01/round-060000 had"
                            + " ended by its duration_ms, and one round runs at a time: the clock was set back between"
                            + " them, or one of the two ran elsewhere"),
                    Databases.problems(database));
        }
    }

    @Test
    void a_round_that_ends_as_the_next_one_begins_is_none() {
        try (EvidenceDatabase database = Databases.judged(soak().round(1, r -> lasts(r, 6, 0)))) {
            assertEquals(List.of(), Databases.problems(database));
        }
    }

    @Test
    void metrics_that_stand_still_while_plans_are_created_are_a_note_of_the_soak_and_of_the_date() {
        SoakFixture soak = soak().round(2, r -> r.set("cp_http_requests_total", 70));
        for (int slot = 3; slot < 6; slot++) {
            soak.round(slot, r -> r.set("cp_http_requests_total", 70));
        }
        String shows =
                ": they come from a cache or from another process, and do not show the control plane that" + " answers";
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(
                    List.of("cp_http_requests_total stood still in 2 of 8 rounds though plans were created, from"
                            + " 2026-10-02/round-000000 to 2026-10-02/round-060000" + shows),
                    Databases.notes(database, "date IS NULL"));
            assertEquals(
                    List.of("cp_http_requests_total stood still in 2 of 4 rounds though plans were created, from"
                            + " 2026-10-02/round-000000 to 2026-10-02/round-060000" + shows),
                    Databases.notes(database, "date = DATE '2026-10-02'"));
            assertEquals(List.of(), Databases.notes(database, "date = DATE '2026-10-01'"));
            assertEquals(List.of(), Databases.problems(database));
        }
    }

    @Test
    void metrics_that_stand_still_once_or_after_a_restart_or_while_nothing_is_created_are_none() {
        SoakFixture soak = soak().round(1, r -> r.set("cp_http_requests_total", 5))
                .round(3, r -> r.set("cp_http_requests_total", 20).restarted())
                .round(4, r -> r.set("cp_http_requests_total", 20).restarted())
                .round(5, r -> r.set("cp_http_requests_total", 20).restarted())
                .round(6, r -> r.set("cp_http_requests_total", 20));
        try (EvidenceDatabase database = Databases.judged(soak)) {
            assertEquals(List.of(), Databases.notes(database, "date IS NULL"));
        }
    }
}
