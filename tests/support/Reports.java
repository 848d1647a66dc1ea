import java.io.PrintWriter;
import java.io.StringWriter;
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
import soak.Cli;
import soak.Time;

/** Runs report.java in this JVM at a moment of the test's choosing. */
final class Reports {
    record Ran(int exit, String out, String err) {}

    private Reports() {}

    static Ran run(String now, Path soak, String... more) {
        List<String> args = new ArrayList<>();
        if (soak != null) {
            args.add(soak.toString());
        }
        args.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Cli.run(
                new report(stoppedAt(Instant.parse(now))),
                new PrintWriter(out),
                new PrintWriter(err),
                args.toArray(String[]::new));
        return new Ran(exit, out.toString(), err.toString());
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

    /** Every file of a folder with its checksum and its time; what libraries unpack into tmp is not evidence. */
    static Map<String, String> contents(Path folder) throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>)
                    all.filter(Files::isRegularFile).filter(f -> !f.startsWith(folder.resolve("tmp")))::iterator) {
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
