package lab.rehearsal;

import base.Printable;
import java.io.PrintWriter;
import java.util.Locale;
import soak.Schedule;

/**
 * How far a rehearsal is, on stderr: one line that moves on a terminal, a line for each day elsewhere. It has no
 * colours and hides no cursor, so there is nothing to put back when it is cut off but the end of the line.
 */
final class Progress implements Watcher, AutoCloseable {
    private static final int COLUMNS = 79; // of 80: in the last one, some terminals wrap
    private static final int SHORTEST_BAR = 4;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final String CLEAR_TO_END = "\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final String name;
    private final long slots;
    private final long slotsPerDay;
    private final long began = System.nanoTime(); // for a person who waits
    private long firstSlot = -1;
    private long drawn;
    private int rounds;
    private int plans;
    private int faults;
    private boolean lineOpen;
    private boolean closed;

    /** @param terminal whether err is one that a line can move on, see {@link command.Terminal} */
    Progress(PrintWriter err, boolean terminal, Scenario scenario) {
        this.err = terminal ? Printable.behind(err) : err;
        this.terminal = terminal;
        this.name = scenario.name();
        this.slotsPerDay = Schedule.SECONDS_PER_DAY / scenario.intervalSeconds();
        this.slots = slotsPerDay * scenario.days();
    }

    @Override
    public void round(long slot, int created, boolean faulty) {
        rounds++;
        plans += created;
        faults += faulty ? 1 : 0;
        tell(slot);
    }

    @Override
    public void missed(long slot) {
        faults++;
        tell(slot);
    }

    private void tell(long slot) {
        firstSlot = firstSlot < 0 ? slot : firstSlot;
        boolean dayEnds = (slot + 1) % slotsPerDay == 0 || slot + 1 == slots;
        boolean due = dayEnds || terminal && System.nanoTime() - drawn > REDRAW_NANOS;
        if (!due) {
            return;
        }
        drawn = System.nanoTime();
        String line = String.format(
                Locale.ROOT,
                "day %d of %d  rounds %d  plans %d  faults %d  %s left",
                slot / slotsPerDay + 1,
                slots / slotsPerDay,
                rounds,
                plans,
                faults,
                left(slot));
        draw(line, (slot + 1.0) / slots);
    }

    private synchronized void draw(String line, double done) {
        if (closed) {
            return; // cut off: the rounds go on for a moment, the last word has been said
        }
        if (!terminal) {
            err.println(name + "  " + line);
            err.flush();
            return;
        }
        int bar = Math.max(SHORTEST_BAR, COLUMNS - line.length() - 4);
        int full = (int) (bar * done);
        err.print("\r[" + "#".repeat(full) + ".".repeat(bar - full) + "]  " + line + CLEAR_TO_END);
        err.flush();
        lineOpen = true;
    }

    /** Ends the line, so that what follows has one of its own. */
    @Override
    public synchronized void close() {
        closed = true;
        if (lineOpen) {
            lineOpen = false;
            err.println();
            err.flush();
        }
    }

    /** A round lists all plans there are, so the later ones take longer. */
    private String left(long slot) {
        double done = weight(slot + 1) - weight(firstSlot);
        double seconds = (System.nanoTime() - began) / 1e9 / done * (weight(slots) - weight(slot + 1));
        return String.format(Locale.ROOT, "%.0f s", seconds);
    }

    private double weight(long slot) {
        return slot + (double) slot * slot / slots;
    }
}
