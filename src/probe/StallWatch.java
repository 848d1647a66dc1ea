package probe;

import java.util.concurrent.locks.LockSupport;

/**
 * Notices when this process itself stood still: a collection of garbage, a starved CPU, a suspended machine. A thread
 * that should wake each millisecond sees how much later it woke (the idea is Gil Tene's jHiccup); a latency that was
 * measured meanwhile is then partly ours.
 */
public final class StallWatch implements Stalls {
    private static final long TICK_NANOS = 1_000_000;

    private final Thread thread = new Thread(this::watch, "stall-watch");
    private volatile boolean open = true;
    private long lastWake = System.nanoTime();
    private long longest;

    public StallWatch() {
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    private void watch() {
        while (open) {
            LockSupport.parkNanos(TICK_NANOS);
            synchronized (this) {
                note(System.nanoTime());
                lastWake = System.nanoTime();
            }
        }
    }

    private void note(long now) {
        longest = Math.max(longest, now - lastWake - TICK_NANOS);
    }

    @Override
    public synchronized void reset() {
        lastWake = System.nanoTime();
        longest = 0;
    }

    @Override
    public synchronized double longestMs() {
        note(System.nanoTime());
        return Math.max(longest, 0) / 1e6;
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(thread);
    }
}
