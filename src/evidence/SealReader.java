package evidence;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.duckdb.DuckDBAppender;
import seal.Finding;
import seal.Heads;
import seal.SealCheck;
import soak.Failure;
import soak.SoakDir;

/** What was altered since a round sealed it; found beside the other reading, since the hashes take as long as that. */
final class SealReader {
    private final SoakDir dir;
    private final FutureTask<List<Finding>> altered;

    private SealReader(SoakDir dir) {
        this.dir = dir;
        this.altered = new FutureTask<>(
                () -> SealCheck.of(dir, Heads.NONE, SealCheck.Progress.NONE).alterations());
    }

    static SealReader beside(SoakDir dir) {
        SealReader reader = new SealReader(dir);
        Thread thread = new Thread(reader.altered, "seals");
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    /** SQL says what an alteration does to verdicts. */
    void read(DuckDBAppender seals) throws SQLException {
        try {
            long place = 0;
            for (Finding finding : altered.get()) {
                RawTables.row(seals, ++place, finding.kind().word(), finding.path(), finding.what(), finding.roundId());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unknown) {
                throw unknown;
            }
            throw Failure.failed(
                    dir.root() + " cannot be read (" + e.getCause() + "): this user must be able to read it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
