package archive;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * What became of an archive that was tried out.
 *
 * @param verdict PASS or FAIL
 * @param what a sentence
 * @param plans figures of the set check, and the ids of plans that are lost or listed twice; empty without a list
 */
public record Restored(String verdict, String what, Map<String, Object> plans) {
    public boolean passed() {
        return verdict.equals("PASS");
    }

    String line() {
        return "Restore check: " + verdict + ": " + what;
    }

    /** Tries an archive out. */
    public interface Check {
        /** @param since when the archive was begun */
        Restored of(Archive.Result archive, Instant since) throws IOException, InterruptedException;
    }
}
