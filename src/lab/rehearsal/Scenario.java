package lab.rehearsal;

import base.Failure;
import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import settings.Setting;
import soak.Schedule;

/**
 * A soak as it might go: what goes wrong and when, and the verdicts that its final report must give.
 *
 * @param days how long it lasts; its verdicts are stated for that length and the interval
 * @param config keys of config.env that differ from the default
 * @param medianMs half of the creates take longer
 * @param msPer1000Plans what each thousand plans in the store add to a create
 * @param expect verdict word by the id of each check and claim, and of {@code overall}
 */
public record Scenario(
        String name,
        String title,
        int days,
        int intervalSeconds,
        Map<String, String> config,
        double medianMs,
        double msPer1000Plans,
        List<Fault> faults,
        Map<String, String> expect) {
    public static final List<String> JUDGED = List.of(
            "VAL12-01",
            "VAL12-02",
            "VAL12-03",
            "VAL12-04",
            "VAL12-05",
            "VAL12-06",
            "VAL12-07",
            "VAL12-08",
            "VAL12-09",
            "VAL12-10",
            "C1",
            "C2",
            "C3",
            "C4",
            "overall");
    private static final Set<String> FIELDS =
            Set.of("title", "days", "interval_seconds", "config", "median_ms", "ms_per_1000_plans", "faults", "expect");
    private static final Set<String> WORDS = Set.of("PASS", "FAIL");
    static final int DAYS = 30;
    static final int INTERVAL_SECONDS = 1800;
    static final double MEDIAN_MS = 6;

    /** @throws Failure exit 64 where the text is no scenario, or does not state every verdict */
    static Scenario parse(String name, String text) {
        Scenario scenario = read(name, text);
        if (!scenario.expect.keySet().equals(Set.copyOf(JUDGED))) {
            throw Failure.usage(
                    "the scenario " + name + " cannot be used: its \"expect\" must state the verdict of each of "
                            + String.join(", ", JUDGED) + ", and no other");
        }
        return scenario;
    }

    /** One that {@link #toJson} wrote: it may state fewer verdicts. */
    static Scenario read(String name, String text) {
        try {
            ScenarioFields fields = new ScenarioFields("it", Json.parse(text), FIELDS);
            List<Fault> faults = new ArrayList<>();
            for (JsonNode fault : fields.list("faults")) {
                faults.add(Fault.of(fault, faults.size() + 1));
            }
            Scenario scenario = new Scenario(
                    name,
                    fields.text("title", ""),
                    fields.whole("days", DAYS, 1),
                    interval(fields),
                    config(fields),
                    fields.millis("median_ms", MEDIAN_MS),
                    fields.millis("ms_per_1000_plans", 0),
                    faults,
                    expect(fields));
            if (faults.stream().anyMatch(f -> f.reachesBeforeTheBeginning(scenario.intervalSeconds))) {
                throw Failure.usage(
                        "the restored store would be older than the soak: begin the fault later, or give fewer"
                                + " hours");
            }
            return scenario;
        } catch (JsonProcessingException e) {
            throw Failure.usage("the scenario " + name + " " + Json.why(e));
        } catch (Failure e) {
            throw Failure.usage("the scenario " + name + " cannot be used: " + e.getMessage());
        }
    }

    private static int interval(ScenarioFields fields) {
        int seconds = fields.whole("interval_seconds", INTERVAL_SECONDS, 1);
        if (Schedule.SECONDS_PER_DAY % seconds != 0) {
            throw fields.refused("interval_seconds", seconds, Setting.ROUND_INTERVAL_SECONDS.wanted());
        }
        return seconds;
    }

    private static Map<String, String> config(ScenarioFields fields) {
        Map<String, String> config = fields.texts("config");
        config.forEach((key, value) -> {
            if (!Setting.isKey(key) || Provision.OWN.contains(key)) {
                throw Failure.usage("its config has " + key + ", which is "
                        + (Setting.isKey(key) ? "the rehearsal's own" : "no key of config.env") + ": take it out");
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw fields.refused("config." + key, value, "one line of text");
            }
            if (!Setting.valueOf(key).accepts(value)) {
                throw fields.refused(
                        "config." + key, value, Setting.valueOf(key).wanted());
            }
        });
        return config;
    }

    private static Map<String, String> expect(ScenarioFields fields) {
        Map<String, String> expect = fields.texts("expect");
        expect.forEach((id, word) -> {
            if (!WORDS.contains(word) && !(id.equals("overall") && word.equals("INCOMPLETE"))) {
                throw fields.refused("expect." + id, word, "PASS or FAIL; of overall, INCOMPLETE too");
            }
        });
        return expect;
    }

    /** The same faults in a soak of another length or interval; its verdicts are then those that can be foreseen. */
    Scenario lasting(int days, int intervalSeconds, long seed) {
        if (days == this.days && intervalSeconds == this.intervalSeconds) {
            return this;
        }
        Scenario other =
                new Scenario(name, title, days, intervalSeconds, config, medianMs, msPer1000Plans, faults, Map.of());
        return other.expecting(Oracle.verdicts(other, seed));
    }

    Scenario expecting(Map<String, String> verdicts) {
        return new Scenario(name, title, days, intervalSeconds, config, medianMs, msPer1000Plans, faults, verdicts);
    }

    /** What its config.env says. */
    String setting(String key) {
        return config.getOrDefault(
                key, Provision.SETTINGS.getOrDefault(key, Setting.valueOf(key).standard()));
    }

    double number(String key) {
        return Double.parseDouble(setting(key));
    }

    /** A fault of this kind in the round of a slot, or null. */
    Fault fault(Fault.Kind kind, long slot) {
        return faults.stream()
                .filter(f -> f.kind() == kind && f.covers(slot, intervalSeconds))
                .findFirst()
                .orElse(null);
    }

    /** As a scenario file. */
    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", title);
        json.put("days", days);
        json.put("interval_seconds", intervalSeconds);
        json.put("config", config);
        json.put("median_ms", medianMs);
        json.put("ms_per_1000_plans", msPer1000Plans);
        json.put("faults", faults.stream().map(Fault::toJson).toList());
        json.put("expect", expect);
        return Json.write(json);
    }
}
