package evidence;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.duckdb.DuckDBAppender;
import seal.Finding;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import soak.Failure;
import soak.SoakDir;

/**
 * What was altered since a round sealed it, and which rounds are sealed; found beside the other reading, since the
 * hashes take as long as that.
 */
final class SealReader {
    private final SoakDir dir;
    private final FutureTask<SealReport> looked;

    private SealReader(SoakDir dir, Heads heads) {
        this.dir = dir;
        this.looked = new FutureTask<>(() -> SealCheck.of(dir, heads, SealCheck.Progress.NONE));
    }

    /** @param heads known elsewhere */
    static SealReader beside(SoakDir dir, Heads heads) {
        SealReader reader = new SealReader(dir, heads);
        Thread thread = new Thread(reader.looked, "seals");
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    /** SQL says what an alteration does to verdicts. */
    void read(DuckDBAppender findings, DuckDBAppender rounds) throws SQLException {
        try {
            long place = 0;
            for (Finding finding : looked.get().alterations()) {
                RawTables.row(
                        findings, ++place, finding.kind().word(), finding.path(), finding.what(), finding.roundId());
            }
            rounds(rounds, "anchored", looked.get().anchored());
            rounds(rounds, "sealed", looked.get().sealed());
            rounds(rounds, "unsealed", looked.get().unsealed());
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

    private static void rounds(DuckDBAppender table, String state, SealReport.Rounds rounds) throws SQLException {
        for (String id : rounds.ids()) {
            RawTables.row(table, id, state);
        }
    }
}
