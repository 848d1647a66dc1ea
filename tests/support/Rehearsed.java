import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lab.rehearsal.Scenario;

/** rehearse.java, run in this JVM, and what it left. */
record Rehearsed(int exit, String out, String err) {
    private static final Pattern PORT = Pattern.compile("(127\\.\\d+\\.12\\.1):\\d{5}");

    static Rehearsed by(String... args) {
        Fork.Result ran = Fork.here(new rehearse(), args);
        return new Rehearsed(ran.exit(), ran.out(), ran.err());
    }

    /** Whether every verdict was compared, and came as stated or foreseen. */
    boolean hasAll(String asStated) {
        return Pattern.compile("(?m)^Verdicts: all \\d+ as " + asStated + "$")
                .matcher(out)
                .find();
    }

    static List<Path> rounds(Path soak) throws IOException {
        try (Stream<Path> all = Files.find(
                soak.resolve("rounds"), 2, (p, a) -> p.getFileName().toString().startsWith("round-"))) {
            return all.sorted().toList();
        }
    }

    static JsonNode summary(Path round) throws IOException {
        return Json.parse(Files.readString(round.resolve("round-summary.json")));
    }

    /** Every file's content by its name. */
    static Map<String, String> contents(Path soak) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(soak)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String content = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                // a port may be taken, by another run of this test too
                contents.put(
                        soak.relativize(file).toString(), PORT.matcher(content).replaceAll("$1:PORT"));
            }
        }
        return contents;
    }

    /** A scenario of one day, all checks stated as a clean day gives them, but for those named. */
    static Path scenario(Path folder, String faults, String... verdicts) throws IOException {
        Map<String, String> expect = new TreeMap<>();
        Scenario.JUDGED.forEach(id -> expect.put(id, "PASS"));
        List.of("VAL12-06", "VAL12-07", "VAL12-09", "overall").forEach(tooShort -> expect.put(tooShort, "FAIL"));
        for (int i = 0; i < verdicts.length; i += 2) {
            expect.put(verdicts[i], verdicts[i + 1]);
        }
        Path file = folder.resolve("scenario.json");
        Files.writeString(
                file,
                "{\"title\": \"of a test\", \"days\": 1, \"faults\": " + faults + ", \"expect\": " + Json.write(expect)
                        + "}");
        return file;
    }
}
