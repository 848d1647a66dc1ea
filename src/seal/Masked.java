package seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import seal.Finding.Kind;
import soak.Gzip;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * What an archive holds otherwise than the soak's folder did, as its ARCHIVE-README.txt says. A masked file must bear
 * the mask: a note alone excuses nothing.
 */
public final class Masked {
    private static final Pattern NOTED = Pattern.compile("(?m)^- (\\S.*) \\(\\d+ places?\\)$");
    private static final Pattern MASK = Pattern.compile("\\[masked\\]|\\[[^\\]]* of (config\\.env|CP_HEADERS_FILE)\\]");

    private final SoakDir dir;
    private final Set<String> noted = new HashSet<>();

    private Masked(SoakDir dir) {
        this.dir = dir;
    }

    public static Masked of(SoakDir dir) {
        Masked masked = new Masked(dir);
        try {
            byte[] readme = RoundFiles.bytes(dir.archiveReadme());
            if (readme != null) {
                Matcher line = NOTED.matcher(new String(readme, StandardCharsets.UTF_8));
                while (line.find()) {
                    masked.noted.add(line.group(1));
                }
            }
        } catch (IOException none) {
            // then it excuses nothing
        }
        return masked;
    }

    /**
     * Whoever forges a summary that is masked can make its seal fit the round's other files, and the chain before it.
     */
    static String untold(String path) {
        return "secrets in it are masked in this archive, so its hash cannot be checked"
                + (path.endsWith("/" + RoundFiles.SUMMARY)
                        ? ": the other files of its round are checked against this file alone, and no later head"
                                + " anchors this round or one before it"
                        : "");
    }

    /** Whether what was found of a file may come of the secrets that are masked in it. */
    public boolean hides(String path, Kind kind) {
        if (kind != Kind.ALTERED) {
            return false;
        }
        // NAME says of NAME.gz how long it is, and is masked with it.
        String packed = path + RoundFiles.GZIPPED;
        return noted.contains(path) && bearsMask(dir.root().resolve(path))
                || noted.contains(packed) && bearsMask(dir.root().resolve(packed));
    }

    private static boolean bearsMask(Path file) {
        try {
            byte[] bytes = RoundFiles.bytes(file);
            if (bytes == null) {
                return false;
            }
            byte[] whole = file.toString().endsWith(RoundFiles.GZIPPED) ? Gzip.unpacked(bytes) : bytes;
            return MASK.matcher(new String(whole, StandardCharsets.UTF_8)).find();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
