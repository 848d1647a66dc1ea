package base;

/**
 * A known cause, told to a person: one clear sentence that names the file or option and the remedy, and the exit code
 * that goes with it. Anything that is not a Failure is unknown, and keeps its stack trace.
 */
public final class Failure extends RuntimeException {
    private final int exitCode;

    private Failure(int exitCode, String sentence, Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    /** Wrong usage or configuration (exit 64). */
    public static Failure usage(String sentence) {
        return new Failure(Exit.USAGE, sentence, null);
    }

    /** The job could not be done (exit 70). */
    public static Failure failed(String sentence) {
        return new Failure(Exit.FAILED, sentence, null);
    }

    /** As {@link #failed(String)}; the cause is kept for a debugger, the sentence must stand without it. */
    public static Failure failed(String sentence, Throwable cause) {
        return new Failure(Exit.FAILED, sentence, cause);
    }

    /** There is no evidence to judge (exit 11). */
    public static Failure noEvidence(String sentence) {
        return new Failure(Exit.NO_EVIDENCE, sentence, null);
    }

    /** Another round holds the lock (exit 75). */
    public static Failure locked(String sentence) {
        return new Failure(Exit.LOCKED, sentence, null);
    }

    public int exitCode() {
        return exitCode;
    }
}
