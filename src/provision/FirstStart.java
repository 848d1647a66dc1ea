package provision;

import base.Failure;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A signal (Ctrl-C, a terminal that is closed) while the first start is measured: a control plane that ran on would be
 * one whose start nobody measured, and the folder lost. It is ended, so that the same command is again the first setup.
 */
final class FirstStart implements AutoCloseable {
    private final AtomicBoolean settled = new AtomicBoolean();
    private final Preparation p;
    private final PrintWriter err;
    private final Thread atSignal = new Thread(this::end, "signal");
    private boolean ours;

    /** To be closed once the start is recorded. */
    FirstStart(Preparation p, PrintWriter err) {
        this.p = p;
        this.err = err;
        if (p.summary().isFirst() && p.starts()) {
            Runtime.getRuntime().addShutdownHook(atSignal);
        }
    }

    private void end() {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        try {
            p.controlPlane().stop(WindDown.STOP_GRACE);
            err.println("setup: a signal ended this setup while it measured the start: the control plane was ended and"
                    + " no start is recorded; run the same command again in the same folder");
        } catch (Failure stays) {
            err.println("setup: a signal ended this setup while it measured the start: " + stays.getMessage());
        }
        err.flush();
    }

    /** What the start came to may be recorded now. Once a signal came nothing more is done: the process ends. */
    void settle() {
        while (!ours && !settled.compareAndSet(false, true)) {
            LockSupport.park();
        }
        ours = true;
    }

    @Override
    public void close() {
        settle();
        try {
            Runtime.getRuntime().removeShutdownHook(atSignal);
        } catch (IllegalStateException aSignalCame) {
            // then the process ends
        }
    }
}
