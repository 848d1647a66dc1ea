package workload;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import soak.RoundFiles;

/**
 * What a signal does to a round (TERM, INT, HUP: a host that shuts down, {@code timeout}, an operator): one that has
 * its folder goes on to its end, since one without a summary is unhealthy and has a failed stuck scan, of which the
 * plan allows none. cron.log says so. Whoever cannot wait sends KILL.
 */
public final class SignalWatch implements AutoCloseable {
    /** A host that shuts down kills after 10 to 90 seconds; a round takes two. */
    private static final long GRACE_SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread atSignal;
    private final PrintWriter err;

    private SignalWatch(PrintWriter err, Supplier<RoundFolder> folder) {
        this.err = err;
        this.atSignal = new Thread(() -> await(folder.get()), "signal");
    }

    /**
     * @param alone whether the round has this process for itself
     * @param folder the round's, null as long as it has none
     */
    public static SignalWatch of(boolean alone, PrintWriter err, Supplier<RoundFolder> folder) {
        SignalWatch watch = new SignalWatch(err, folder);
        if (alone) {
            Runtime.getRuntime().addShutdownHook(watch.atSignal);
        }
        return watch;
    }

    private void await(RoundFolder begun) {
        if (begun == null) {
            say("a signal ends this round before it has begun: nothing is recorded");
            return;
        }
        String round = "rounds/" + RoundFiles.id(begun.path());
        say("a signal came: " + round + " goes on to its end, for at most " + GRACE_SECONDS + " s");
        try {
            if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                say("a signal ends " + round + ": without a " + RoundFiles.SUMMARY + " it counts as interrupted, which"
                        + " is unhealthy; its files are kept, and the next round settles what it created");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String what) {
        err.println("round: " + what);
        err.flush();
    }

    /** The round has ended by itself. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(atSignal);
        } catch (IllegalStateException aSignalCame) {
            // then the process ends once the hook does
        }
    }
}
