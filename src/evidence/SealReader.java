package evidence;

import base.Failure;
import base.Why;
import cache.DayCache;
import evidence.RawTable.Rows;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import seal.Finding;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import soak.SoakDir;

/**
 * What was altered since a round sealed it, and which rounds are sealed; found beside the other reading, since the
 * hashes take as long as that.
 */
final class SealReader {
    private final SoakDir dir;
    private final FutureTask<SealReport> looked;

    private SealReader(SoakDir dir, Heads heads, DayCache cache) {
        this.dir = dir;
        this.looked = new FutureTask<>(() -> SealCheck.of(dir, heads, SealCheck.Progress.NONE, cache));
    }

    /**
     * @param heads known elsewhere
     * @param cache of hashes
     */
    static SealReader beside(SoakDir dir, Heads heads, DayCache cache) {
        SealReader reader = new SealReader(dir, heads, cache);
        Thread thread = new Thread(reader.looked, "seals");
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    /** SQL says what an alteration does to verdicts. */
    void read(Rows rows) {
        try {
            long place = 0;
            for (Finding finding : looked.get().alterations()) {
                rows.add(
                        RawTable.SEAL_FINDING,
                        ++place,
                        finding.kind().word(),
                        finding.path(),
                        finding.what(),
                        finding.roundId());
            }
            rounds(rows, "anchored", looked.get().anchored());
            rounds(rows, "sealed", looked.get().sealed());
            rounds(rows, "unsealed", looked.get().unsealed());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unreadable) {
                throw Failure.failed(
                        dir.root() + " cannot be read (" + Why.of(unreadable, dir.root())
                                + "): this user must be able to read it",
                        e);
            }
            if (e.getCause() instanceof RuntimeException unknown) {
                throw unknown;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void rounds(Rows rows, String state, SealReport.Rounds rounds) {
        for (String id : rounds.ids()) {
            rows.add(RawTable.SEAL_ROUND, id, state);
        }
    }
}
