package build;

import base.KeyedLines;
import base.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import soak.SoakDir;

/**
 * Who judges: the SQL and the templates of one build. setup pins the judge of a soak in setup-summary.txt, an upgrade
 * pins another one in setup-resumes.log; rounds seal both files.
 *
 * @param version of the program
 * @param sha256 over all files of sql/ and templates/ as they lie in the program ({@link #sha256(Map)})
 */
public record Judge(String version, String sha256) {
    /** The field of each report's JSON. */
    public static final String FIELD = "judge";

    private static final String VERSION = "judge_version";
    private static final String SHA256 = "judge_sha256";
    private static final Pattern PINNED =
            Pattern.compile("(\\S+) upgraded .*\\b" + VERSION + "=([!-~]{1,80}) " + SHA256 + "=([0-9a-f]{64})");

    /** Looked at once: what runs does not change. */
    private static final class Own {
        private static final Map<String, String> FILES = hashes(Bundled.own());
        private static final Judge JUDGE = new Judge(Version.NUMBER, sha256(FILES));
    }

    /** This very program. */
    public static Judge own() {
        return Own.JUDGE;
    }

    /** The SHA-256 of each of its files, by path. */
    public static Map<String, String> ownFiles() {
        return Own.FILES;
    }

    /** The same of the program in a jar; empty where it holds none. */
    public static Map<String, String> filesIn(Path jar) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            return hashes(Bundled.in(opened));
        }
    }

    private static Map<String, String> hashes(List<Bundled> files) {
        Map<String, String> hashes = new TreeMap<>();
        files.forEach(file -> hashes.put(file.path(), Sha256.of(file.bytes())));
        return hashes;
    }

    /** The hash over files: that of their lines {@code sha256 path}, sorted, as sha256sum and sort write them. */
    public static String sha256(Map<String, String> files) {
        return Sha256.of(files.entrySet().stream()
                .map(file -> file.getValue() + "  " + file.getKey() + "\n")
                .sorted()
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8));
    }

    /** The paths at which two programs differ. */
    public static List<String> differing(Map<String, String> one, Map<String, String> other) {
        Set<String> paths = new TreeSet<>(one.keySet());
        paths.addAll(other.keySet());
        return paths.stream()
                .filter(path -> !one.getOrDefault(path, "").equals(other.get(path)))
                .toList();
    }

    /** Whether both judge alike, whatever version each calls itself. */
    public boolean isSame(Judge other) {
        return sha256.equals(other.sha256);
    }

    public Map<String, String> toJson() {
        return ordered("version", "sha256");
    }

    /** For a sentence. */
    public String brief() {
        return version + " (" + Sha256.brief(sha256) + ")";
    }

    // --- the pin ----------------------------------------------------------------------------------------------------

    /** As setup-summary.txt has it: values by key. */
    public Map<String, String> inSummary() {
        return ordered(VERSION, SHA256);
    }

    /** The same as text. */
    public String inSummaryText() {
        return inSummary().entrySet().stream()
                .map(line -> line.getKey() + ": " + line.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private Map<String, String> ordered(String versionKey, String sha256Key) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(versionKey, version);
        values.put(sha256Key, sha256);
        return values;
    }

    /** As the line of an upgrade ends with it. */
    public String inLog() {
        return VERSION + "=" + version + " " + SHA256 + "=" + sha256;
    }

    /** The judge that a soak had pinned at a moment; empty where its builds were older than pins. */
    public static Optional<Judge> pinned(SoakDir dir, Instant moment) {
        Optional<Judge> newest = ofSummary(dir);
        for (String line : lines(dir.setupResumes())) {
            Matcher upgrade = PINNED.matcher(line);
            if (upgrade.matches() && !isAfter(upgrade.group(1), moment)) {
                newest = Optional.of(new Judge(upgrade.group(2), upgrade.group(3)));
            }
        }
        return newest;
    }

    private static boolean isAfter(String stamp, Instant moment) {
        try {
            return Instant.parse(stamp).isAfter(moment);
        } catch (DateTimeException broken) {
            return false;
        }
    }

    private static Optional<Judge> ofSummary(SoakDir dir) {
        Map<String, String> summary = KeyedLines.orNone(dir.setupSummary());
        String version = summary.getOrDefault(VERSION, "");
        String sha256 = summary.getOrDefault(SHA256, "");
        return version.matches("[!-~]{1,80}") && Sha256.isHash(sha256)
                ? Optional.of(new Judge(version, sha256))
                : Optional.empty();
    }

    /** None where there is no such file; reports tell of one that they cannot read. */
    private static List<String> lines(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
