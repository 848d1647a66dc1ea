import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The language of the machine changes no byte: neither its digits, nor its calendar, nor its idea of a capital i. */
@Tag("slow")
class LocaleTest {
    private static final List<String> LANGUAGES = List.of(
            "-Duser.language=ar -Duser.country=EG",
            "-Duser.language=tr",
            "-Duser.language=fa -Duser.extensions=u-nu-arabext",
            "-Duser.language=th -Duser.country=TH -Duser.variant=TH",
            "-Duser.language=de -Duser.country=DE -Duser.timezone=Europe/Berlin");
    /** Calls that take the machine's language unless they name another. */
    private static final Pattern UNNAMED = Pattern.compile("\\.formatted\\(|(?:String\\.format|\\.printf|ofPattern|"
            + "\\.to(?:Upper|Lower)Case)\\((?!\\s*(?:java\\.util\\.)?Locale\\.)[^;]*|new"
            + " (?:DecimalFormat|SimpleDateFormat|MessageFormat|Scanner|"
            + "Formatter)\\(|NumberFormat\\.get|ofLocalized");

    @TempDir
    Path scratch;

    @Test
    void every_call_that_formats_names_its_locale() throws IOException {
        List<String> unnamed = new ArrayList<>();
        List<Path> sources = new ArrayList<>();
        for (String place : List.of("src", "launcher")) {
            try (Stream<Path> all = Files.walk(Project.folder(place))) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        try (Stream<Path> scripts = Files.list(Project.folder("src").getParent())) {
            scripts.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
        assertTrue(sources.size() > 200, "the sources are there: " + sources.size());
        for (Path source : sources) {
            UNNAMED.matcher(Files.readString(source))
                    .results()
                    .map(MatchResult::group)
                    .filter(call -> !call.startsWith("ofPattern") || !call.contains("Locale.ROOT"))
                    .forEach(call -> unnamed.add(source.getFileName() + ": " + call));
        }
        assertEquals(List.of(), unnamed);
    }

    @Test
    void reports_of_every_type_are_the_same_bytes_in_every_language() throws Exception {
        List<Map<String, String>> made = new ArrayList<>();
        for (String language : concat("", LANGUAGES)) {
            Path soak =
                    Files.createDirectories(scratch.resolve("in " + made.size()).resolve("ein schöner Soak"));
            SoakFixture.in(soak)
                    .days(3)
                    .interval(3600)
                    .rounds(0, 72)
                    .round(17, r -> r.failed())
                    .round(40, r -> r.restarted())
                    .write();
            String[] reports = SeveralReports.of(
                    soak,
                    List.of("--type", "status", "--format", "text"),
                    List.of("--type", "status"),
                    List.of("--type", "daily", "--date", "2026-10-02"),
                    List.of("--type", "checkpoint", "--day", "2"),
                    List.of("--type", "final", "--format", "junit"),
                    List.of("--sql", "SELECT * FROM rounds"),
                    List.of("--type", "no such type"));
            Fork.Result ran = Fork.run(
                    Map.of("JAVA_TOOL_OPTIONS", language, "TZ", language.contains("DE") ? "Europe/Berlin" : "UTC"),
                    Fork.java("SeveralReports", reports));
            assertEquals(
                    List.of("exit 10", "exit 10", "exit 10", "exit 0", "exit 10", "exit 0", "exit 64"),
                    ran.out().lines().filter(line -> line.matches("exit \\d+")).toList(),
                    ran.err());
            String printed = ran.out()
                    + ran.err()
                            .lines()
                            .filter(line -> !line.startsWith("Picked up"))
                            .toList();
            Map<String, String> all = contents(soak);
            all.put("printed", printed.replace(soak.toString(), "SOAK"));
            made.add(all);
        }
        assertTrue(made.get(0).get("printed").contains("VAL12-08"), made.get(0).get("printed"));
        for (int i = 1; i < made.size(); i++) {
            assertEquals(made.get(0), made.get(i), LANGUAGES.get(i - 1));
        }
    }

    /** Setup, rounds and reports of a day, by the scripts themselves. */
    @Test
    void a_rehearsal_is_the_same_bytes_in_arabic_and_in_turkish() throws Exception {
        List<Map<String, String>> made = new ArrayList<>();
        for (String language : List.of("", LANGUAGES.get(0), LANGUAGES.get(1))) {
            Path soak = scratch.resolve("rehearsed " + made.size());
            Fork.Result ran = Fork.run(
                    Map.of("JAVA_TOOL_OPTIONS", language),
                    Fork.java("rehearse", "--days", "1", "--interval", "7200", "--seed", "7", soak.toString()));
            assertTrue(ran.exit() == Exit.OK || ran.exit() == Exit.BAD, ran.err());
            made.add(contents(soak));
        }
        assertTrue(made.get(0).size() > 100, "a day of evidence");
        assertEquals(made.get(0), made.get(1));
        assertEquals(made.get(0), made.get(2));
    }

    private static List<String> concat(String first, List<String> more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(more);
        return all;
    }

    /**
     * What libraries unpack into tmp, what reports keep in cache, and ports that another program may have, are no part
     * of it.
     */
    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)
                    .filter(f -> !f.startsWith(folder.resolve("tmp")))
                    .filter(f -> !f.startsWith(folder.resolve("cache")))::iterator) {
                contents.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                                .replaceAll("(127\\.\\d+\\.12\\.1):\\d{5}", "$1:PORT"));
            }
        }
        return contents;
    }
}
