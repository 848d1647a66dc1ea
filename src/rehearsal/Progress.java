package rehearsal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How far a rehearsal is, on stderr: one line that moves on a terminal, a line for each day elsewhere. */
final class Progress {
  private static final int BAR = 30;
  private static final long REDRAW_NANOS = 100_000_000;

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

  Progress(PrintWriter err, boolean terminal, Scenario scenario) {
    this.err = err;
    this.terminal = terminal;
    this.name = scenario.name();
    this.slotsPerDay = soak.Schedule.SECONDS_PER_DAY / scenario.intervalSeconds();
    this.slots = slotsPerDay * scenario.days();
  }

  /** Whether what is written to stderr reaches a terminal. */
  static boolean stderrIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  void round(long slot, int created, boolean faulty) {
    rounds++;
    plans += created;
    faults += faulty ? 1 : 0;
    tell(slot);
  }

  void missed(long slot) {
    faults++;
    tell(slot);
  }

  private void tell(long slot) {
    firstSlot = firstSlot < 0 ? slot : firstSlot;
    boolean dayEnds = (slot + 1) % slotsPerDay == 0 || slot + 1 == slots;
    boolean due = terminal ? dayEnds || System.nanoTime() - drawn > REDRAW_NANOS : dayEnds;
    if (!due) {
      return;
    }
    drawn = System.nanoTime();
    String line = String.format(Locale.ROOT, "%s  day %d of %d  %d rounds  %d plans  %d faults  %s left", name, slot / slotsPerDay + 1, slots / slotsPerDay, rounds, plans, faults, left(slot));
    if (terminal) {
      int full = (int) (BAR * (slot + 1) / slots);
      err.print("\r[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + line + "\u001b[K");
      if (slot + 1 == slots) {
        err.println();
      }
    } else {
      err.println(line);
    }
    err.flush();
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
