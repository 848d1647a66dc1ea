package build;

import base.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.SoakDir;

/**
 * bin/SHA256SUMS, the list of a frozen build, as sha256sum reads it. The list and not the folder tells what the build
 * is: jars of earlier builds stay there.
 *
 * @param files the SHA-256 of each, by its name below bin/
 * @param broken lines that are no hash and a name
 */
public record BuildSums(Map<String, String> files, List<String> broken) {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.+)");
    private static final Pattern JAR = Pattern.compile("lib/[^/]+\\.jar");
    private static final Pattern OWN_JAR = Pattern.compile("lib/setup-[0-9a-f]{12}\\.jar");

    /** @throws PlainFile.Refused if a pipe, a device or a folder has its name, or it is too long to be one */
    public static BuildSums of(SoakDir dir) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        List<String> broken = new ArrayList<>();
        for (String line : PlainFile.text(dir.buildSums(), StandardCharsets.ISO_8859_1)
                .lines()
                .toList()) {
            Matcher sum = LINE.matcher(line);
            if (sum.matches()) {
                files.put(sum.group(2), sum.group(1));
            } else {
                broken.add(line);
            }
        }
        return new BuildSums(files, broken);
    }

    /** Those of its jars that are there; no name leads out of bin/lib. */
    public static List<Path> jars(SoakDir dir) throws IOException {
        return of(dir).files.keySet().stream()
                .filter(name -> JAR.matcher(name).matches())
                .map(dir.bin()::resolve)
                .filter(Files::isRegularFile)
                .toList();
    }

    /** The SHA-256 of the jar of our own classes. */
    public Optional<String> ownJar() {
        return files.keySet().stream()
                .filter(name -> OWN_JAR.matcher(name).matches())
                .findFirst()
                .map(files::get);
    }
}
