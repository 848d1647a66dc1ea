package lab.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import soak.Schedule;

/**
 * One thing that goes wrong. The table of scenarios/README.md tells each kind and what its amount is; a test compares
 * the names.
 *
 * @param day soak day on which it begins, from 1
 * @param time when on that day, counted from the day's own beginning
 * @param rounds for how many rounds it lasts
 * @param amount in the unit of its kind, which is told there; kinds without one ignore it
 */
record Fault(Kind kind, int day, LocalTime time, int rounds, int amount) {
    private static final long SECONDS_PER_HOUR = 3600;
    private static final Set<String> FIELDS = Set.of("fault", "day", "time", "rounds", "amount", "why");

    /** What can go wrong; in a scenario file with dashes, such as {@code does-not-start}. */
    enum Kind {
        /** The control plane is dead when the first of the rounds begins; it can be started again. */
        KILLED,
        /** It is dead, and does not start while the rounds last. */
        DOES_NOT_START,
        /** It takes connections and never answers, until it is ended. */
        HUNG,
        /** It is dead, and the control plane of another soak, with plans and stuck ones among them, has its port. */
        PORT_TAKEN,
        /** It is killed and comes back with the store that it had AMOUNT hours ago. */
        OLD_STORE,
        /** Each create takes AMOUNT ms longer. */
        SLOW,
        /** The first AMOUNT creates of each round are refused with 503. */
        REFUSES,
        /** In each round AMOUNT acknowledged plans are gone from the store before it is listed. */
        LOSES,
        /** The listing shows a plan twice. */
        LISTS_TWICE,
        /** The listing is paged in another way: 1 pagination.next_cursor, 2 a Link header, 3 links.next. */
        OTHER_PAGING,
        /** The listing is paged in a way that nobody knows. */
        UNKNOWN_PAGING,
        /** The listing is a replica's that is AMOUNT seconds behind. */
        REPLICA_LAG,
        /** The stuck scan is answered with 500. */
        SCAN_FAILS,
        /** The first rollback of each plan is refused with 503. */
        RECOVERY_FAILS,
        /** The CLI that recovers answers 0 and does nothing. */
        HOLLOW_RECOVERIES,
        /** AMOUNT ordinary plans are stuck when the first of the rounds begins. */
        STUCK,
        /** Its resident memory grows by AMOUNT MiB a round, until it is started anew. */
        LEAKS,
        /** Cron starts no round. */
        MISSED,
        /** The host is down: no round, and the control plane is dead afterwards. */
        HOST_DOWN,
        /** The wall clock is set by AMOUNT seconds in the middle of each round. */
        CLOCK_STEPS;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(ScenarioFields fields) {
            String word = fields.text("fault", "");
            return Arrays.stream(values())
                    .filter(k -> k.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> fields.refused(
                            "fault",
                            word,
                            "one of " + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "))));
        }
    }

    /** @param number which of the scenario's faults it is, from 1 */
    static Fault of(JsonNode json, int number) {
        ScenarioFields fields = new ScenarioFields("fault " + number, json, FIELDS);
        Kind kind = Kind.of(fields);
        return new Fault(
                kind,
                fields.whole("day", 1, 1),
                time(fields),
                fields.whole("rounds", 1, 1),
                fields.whole("amount", 1, kind == Kind.CLOCK_STEPS ? Integer.MIN_VALUE : 0));
    }

    private static LocalTime time(ScenarioFields fields) {
        String time = fields.text("time", "00:00");
        try {
            return LocalTime.parse(time);
        } catch (DateTimeException e) {
            throw fields.refused("time", time, "HH:MM, from 00:00 to 23:59");
        }
    }

    long firstSlot(int intervalSeconds) {
        return ((day - 1L) * Schedule.SECONDS_PER_DAY + time.toSecondOfDay()) / intervalSeconds;
    }

    /** When the store is copied that comes back later. */
    long copySlot(int intervalSeconds) {
        return firstSlot(intervalSeconds) - amount * SECONDS_PER_HOUR / intervalSeconds;
    }

    /** Whether it needs a store of a time when there was none. */
    boolean reachesBeforeTheBeginning(int intervalSeconds) {
        return kind == Kind.OLD_STORE && copySlot(intervalSeconds) < 0;
    }

    @Override
    public String toString() {
        return kind.word() + " from day " + day + " " + time + " for " + rounds + (rounds == 1 ? " round" : " rounds")
                + ", amount " + amount;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("fault", kind.word());
        json.put("day", day);
        json.put("time", time.toString());
        json.put("rounds", rounds);
        json.put("amount", amount);
        return json;
    }

    boolean covers(long slot, int intervalSeconds) {
        long first = firstSlot(intervalSeconds);
        return slot >= first && slot < first + rounds;
    }
}
