package workload;

import java.io.PrintWriter;
import java.util.function.Supplier;
import soak.RoundFiles;

/**
 * Says in a line that a signal ends a round (INT, TERM, HUP: a host that shuts down, an operator): else cron.log would
 * end without a word. Nothing is written anew then: a host that shuts down waits for seconds, and what the round has
 * written stands there.
 */
public final class SignalWatch implements AutoCloseable {
    private final Thread atSignal;

    private SignalWatch(Thread atSignal) {
        this.atSignal = atSignal;
    }

    /**
     * @param alone whether the round has this process for itself
     * @param folder the round's, null as long as it has none
     */
    public static SignalWatch of(boolean alone, PrintWriter err, Supplier<RoundFolder> folder) {
        Thread atSignal = new Thread(() -> {
            RoundFolder begun = folder.get();
            err.println("round: a signal ends this round "
                    + (begun == null
                            ? "before it has begun: nothing is recorded, and the next round runs as usual"
                            : "in rounds/" + RoundFiles.id(begun.path()) + ": without a " + RoundFiles.SUMMARY
                                    + " it counts as interrupted, which is unhealthy; its files are kept, and the next"
                                    + " round settles what it created"));
            err.flush();
        });
        if (alone) {
            Runtime.getRuntime().addShutdownHook(atSignal);
        }
        return new SignalWatch(atSignal);
    }

    /** The round has ended by itself. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atSignal);
        } catch (IllegalStateException aSignalCame) {
            // then it has been said
        }
    }
}
