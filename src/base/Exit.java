package base;

/** Exit codes of every command. JBang itself uses 0-4 and 255, so ours stay clear of them. */
public final class Exit {
    /** Done, and what it found is good. */
    public static final int OK = 0;
    /** Done and recorded, and what it found is bad. */
    public static final int BAD = 10;
    /** There is no evidence to judge; no file is written. */
    public static final int NO_EVIDENCE = 11;
    /** Usage or configuration. */
    public static final int USAGE = 64;
    /** Could not do its job; one line on stderr says what, and what to do. */
    public static final int FAILED = 70;
    /** Another round holds the lock; nothing was changed. */
    public static final int LOCKED = 75;

    /** A file of the program itself is missing, as a shell has it: no round's, so that another build may run one. */
    public static final int NO_PROGRAM = 127;

    private Exit() {}
}
