//FILES scenarios/=../../../scenarios/**
package lab.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import soak.Failure;
import soak.Why;

/** The scenarios that come with the program, and files of one's own. */
final class Scenarios {
    private static final String ENDING = ".json";
    private static final String ANCHOR = "/scenarios/clean" + ENDING;

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

    /** One at a time: a jar is opened as a file system once in a process, and two rehearsals may begin together. */
    private static synchronized Map<String, String> texts() {
        URL anchor = Scenarios.class.getResource(ANCHOR);
        if (anchor == null) {
            throw new IllegalStateException(
                    "scenarios/ is not on the class path: the script lacks //FILES scenarios/=scenarios/**");
        }
        try {
            URI uri = anchor.toURI();
            if (!uri.getScheme().equals("jar")) {
                return texts(Path.of(uri).getParent());
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return texts(jar.getPath(ANCHOR).getParent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> texts(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(ENDING)) {
                    texts.put(name.substring(0, name.length() - ENDING.length()), Files.readString(file));
                }
            }
        }
        return texts;
    }
}
