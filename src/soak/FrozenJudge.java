package soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The judge in a soak's frozen build: read from its jar, and not run.
 *
 * @param jar that holds it, below SOAK_DIR
 * @param files as {@link Judge#ownFiles}
 */
public record FrozenJudge(String jar, Map<String, String> files) {
    private static final Pattern JAR = Pattern.compile("[0-9a-f]{64}  (lib/[^/]+\\.jar)");

    /** Empty where no build that holds one is there, as in an archive. */
    public static Optional<FrozenJudge> of(SoakDir dir) {
        try {
            // The list and not the folder: jars of earlier builds stay there.
            Path list = dir.bin().resolve("SHA256SUMS");
            for (String line : PlainFile.text(list, StandardCharsets.ISO_8859_1).split("\n")) {
                Matcher named = JAR.matcher(line);
                Path jar = named.matches() ? dir.bin().resolve(named.group(1)) : null;
                if (jar != null && Files.isRegularFile(jar)) {
                    Map<String, String> files = Judge.filesIn(jar);
                    if (!files.isEmpty()) {
                        return Optional.of(
                                new FrozenJudge(dir.root().relativize(jar).toString(), files));
                    }
                }
            }
        } catch (IOException unreadable) {
            // then nobody can tell, and it is said so
        }
        return Optional.empty();
    }

    public String sha256() {
        return Judge.sha256(files);
    }
}
