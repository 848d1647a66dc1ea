package verify;

import base.Printable;
import command.Terminal;
import java.io.PrintWriter;

/** How far a verification is: one line on stderr, on a terminal alone, once it takes longer than a second. */
final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final long QUIET_NANOS = 1_000_000_000;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final long began = System.nanoTime(); // for a person who waits
    private long drawn = began;
    private boolean open;

    ProgressLine(PrintWriter err) {
        this(err, Terminal.of(2, System.getenv()).present());
    }

    ProgressLine(PrintWriter err, boolean terminal) {
        this.err = terminal ? Printable.behind(err) : err;
        this.terminal = terminal;
    }

    void rounds(int looked, int of) {
        draw("seals", looked, of);
    }

    void report(int judged, int of) {
        draw("reports", judged, of);
    }

    private void draw(String what, int done, int of) {
        long now = System.nanoTime();
        if (!terminal || now - began < QUIET_NANOS || now - drawn < REDRAW_NANOS && done < of) {
            return;
        }
        drawn = now;
        open = true;
        int filled = of == 0 ? WIDTH : (int) ((long) WIDTH * done / of);
        err.print(CLEAR + what + " [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + " of " + of);
        err.flush();
    }

    @Override
    public void close() {
        if (open) {
            err.print(CLEAR);
            err.flush();
        }
    }
}
