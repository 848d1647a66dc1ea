package build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import soak.SoakDir;

/**
 * The judge in a soak's frozen build: read from its jar, and not run.
 *
 * @param jar that holds it, below SOAK_DIR
 * @param files as {@link Judge#ownFiles}
 */
public record FrozenJudge(String jar, Map<String, String> files) {
    /** Empty where no build that holds one is there, as in an archive. */
    public static Optional<FrozenJudge> of(SoakDir dir) {
        try {
            for (Path jar : BuildSums.jars(dir)) {
                Map<String, String> files = Judge.filesIn(jar);
                if (!files.isEmpty()) {
                    return Optional.of(new FrozenJudge(dir.name(jar), files));
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
