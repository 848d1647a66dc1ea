//FILES scenarios/=../../../scenarios/**
package lab.rehearsal;

import base.Failure;
import base.Why;
import build.Bundled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The scenarios that come with the program, and files of one's own. */
final class Scenarios {
    private static final String ENDING = ".json";

    private Scenarios() {}

    /** What goes wrong in each that comes with the program, by name. */
    static Map<String, String> titles() {
        Map<String, String> titles = new TreeMap<>();
        texts().forEach((name, text) ->
                titles.put(name, Scenario.parse(name, text).title()));
        titles.put(RandomScenario.NAME, RandomScenario.TITLE);
        return titles;
    }

    /**
     * @param name of one that comes with the program, or a file
     * @param days null: as long as it says itself
     * @param intervalSeconds null: likewise
     */
    static Scenario named(String name, long seed, Integer days, Integer intervalSeconds) {
        if (name.equals(RandomScenario.NAME)) {
            return RandomScenario.drawn(
                    seed,
                    days == null ? Scenario.DAYS : days,
                    intervalSeconds == null ? Scenario.INTERVAL_SECONDS : intervalSeconds);
        }
        String known = texts().get(name);
        Scenario scenario = known != null ? Scenario.parse(name, known) : Scenario.parse(bare(name), text(name));
        return scenario.lasting(
                days == null ? scenario.days() : days,
                intervalSeconds == null ? scenario.intervalSeconds() : intervalSeconds,
                seed);
    }

    /** A file's name alone: the same rehearsal writes the same config.env wherever its scenario lies. */
    private static String bare(String file) {
        String name = Path.of(file).getFileName().toString();
        return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    private static String text(String name) {
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw Failure.usage("there is no scenario " + name + ": give a file, or one of "
                    + String.join(", ", titles().keySet()));
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Failure.usage(name + " cannot be read (" + Why.of(e, file)
                    + "): a scenario is JSON in UTF-8 that this user may read");
        }
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        Bundled.below(List.of("scenarios/")).stream()
                .filter(file -> file.path().endsWith(ENDING))
                .forEach(file -> texts.put(bare(file.path()), file.text()));
        return texts;
    }
}
