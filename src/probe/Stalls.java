package probe;

/** How long this process itself stood still while something was measured. */
public interface Stalls extends AutoCloseable {
    /** Forgets what was; the next {@link #longestMs} speaks of the time from now on. */
    void reset();

    /** The longest stall since the last reset in milliseconds, one that lasts at this moment included. */
    double longestMs();

    @Override
    void close();
}
