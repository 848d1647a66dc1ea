import base.Json;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;

/** Runs report.java in this JVM at a moment of the test's choosing. */
final class Reports {
    record Ran(int exit, String out, String err) {}

    static final String AFTER = "2026-12-01T00:00:00Z";

    /** The alerts of {@link #badDay}. */
    static final List<String> BAD_DAY = List.of(
            "2026-10-03T00:00:00Z WARN daily_create_errors=2 threshold=0 day=2",
            "2026-10-03T00:00:00Z ALERT daily_rollback_rate=0.250 threshold=0.990 day=2",
            "2026-10-03T00:00:00Z WARN daily_p99_ms=1250.5ms threshold=1000ms day=2",
            "2026-10-03T00:00:00Z ALERT daily_uptime_pct=90.0 threshold=99.9 day=2",
            "2026-10-03T00:00:00Z ALERT daily_missed_rounds=2 threshold=0 day=2");

    private Reports() {}

    static Ran run(String now, Path soak, String... more) {
        List<String> folder = soak == null ? List.of() : List.of(soak.toString());
        Fork.Result ran = Fork.here(new report(stoppedAt(Instant.parse(now))), Fork.words(folder, more));
        return new Ran(ran.exit(), ran.out(), ran.err());
    }

    /** A soak of ten days, a round every two hours. */
    static SoakFixture tenDays(Path scratch) {
        return SoakFixture.in(scratch.resolve("soak"))
                .days(10)
                .interval(7200)
                .rounds(0, 120)
                .set("TARGET_TOTAL_CREATES", "1000");
    }

    /** A soak of eight days, a round every six hours. */
    static SoakFixture eightDays(Path soak) {
        return SoakFixture.in(soak).days(8).interval(21600).rounds(0, 32).set("TARGET_TOTAL_CREATES", "300");
    }

    static Ran of(String now, SoakFixture soak, String... args) {
        return run(now, soak.dir().root(), args);
    }

    static JsonNode json(Path file) throws Exception {
        return Json.parse(Files.readString(file));
    }

    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<String> words(String text) {
        return List.of(text.strip().split("[\\s,]+"));
    }

    /** Ten days, of which the second calls for every alert of a date. */
    static SoakFixture badDay(Path scratch) {
        return tenDays(scratch)
                .drillEvery(0)
                .round(13, r -> r.recoveries(1, 3))
                .round(14, r -> r.codes("500", "503").latencyMs(1250.5, 3, 3))
                .round(15, FixtureRound::failed)
                .missed(16, 17);
    }

    static Time stoppedAt(Instant now) {
        return new Time() {
            @Override
            public Instant now() {
                return now;
            }

            @Override
            public long nanoTime() {
                return 0;
            }

            @Override
            public void sleep(Duration duration) {
                throw new UnsupportedOperationException();
            }
        };
    }

    /**
     * Every file of a folder with its checksum and its time; neither what libraries unpack into tmp nor what reports
     * keep of days that are over is evidence.
     */
    static Map<String, String> contents(Path folder) throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)
                    .filter(f -> !f.startsWith(folder.resolve("tmp")))
                    .filter(f -> !folder.relativize(f).toString().matches("(.*/)?cache/.*"))::iterator) {
                files.put(
                        folder.relativize(file).toString(),
                        Files.getLastModifiedTime(file) + " " + Files.size(file) + " bytes, CRC " + crc(file));
            }
        }
        return files;
    }

    /** The files that one of the two lacks, or that differ. */
    static List<String> changed(Map<String, String> before, Map<String, String> after) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .toList();
    }

    private static long crc(Path file) throws Exception {
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(file));
        return crc.getValue();
    }
}
