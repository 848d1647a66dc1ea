import static org.junit.jupiter.api.Assertions.assertEquals;

import base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import soak.Schedule;
import workload.RoundClock;

/** What a round says of its own length. */
class RoundClockTest {
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

    /** Both clocks go on alike, as fast as it is told. */
    private static final class Told implements Time {
        private Duration passed;

        Told(Duration passed) {
            this.passed = passed;
        }

        @Override
        public Instant now() {
            return START.plus(passed);
        }

        @Override
        public long nanoTime() {
            return passed.toNanos();
        }

        @Override
        public void sleep(Duration duration) {
            passed = passed.plus(duration);
        }
    }

    private static List<String> warnings(String from, String lasting) {
        Told time = new Told(Duration.parse(from));
        RoundClock clock = new RoundClock(time, new Schedule(START, 1800, 1));
        time.sleep(Duration.parse(lasting));
        return clock.stopped().warnings();
    }

    @Test
    void a_round_that_runs_on_into_later_slots_says_which_may_have_no_round() {
        String why = " may have no round, since none begins while another one runs (exit 75)";
        assertEquals(
                List.of("this round lasted 6000 s, into slot 5: slots 3 to 5" + why), warnings("PT1H2S", "PT1H40M"));
        assertEquals(List.of("this round lasted 1799 s, into slot 3: that slot" + why), warnings("PT1H2S", "PT29M59S"));
        assertEquals(
                List.of("this round lasted 9000 s, into slot 47: that slot" + why), warnings("PT23H1S", "PT2H30M"));
    }

    @Test
    void one_that_ends_in_its_slot_and_the_last_one_of_a_soak_keep_no_other_from_running() {
        assertEquals(List.of(), warnings("PT1H2S", "PT29M57S"));
        assertEquals(List.of(), warnings("PT23H30M", "PT2H"));
        assertEquals(List.of(), warnings("PT-2H", "PT10M"), "before the soak");
    }
}
