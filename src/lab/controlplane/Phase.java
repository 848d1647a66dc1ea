package lab.controlplane;

import java.util.Locale;

/** Where a plan stands. A terminal phase is left by nothing. */
public enum Phase {
    PUBLISHED(false),
    ACTIVE(false),
    PAUSED(false),
    COMPLETED(true),
    ROLLED_BACK(true),
    CANCELLED(true);

    private final boolean terminal;

    Phase(boolean terminal) {
        this.terminal = terminal;
    }

    public boolean isTerminal() {
        return terminal;
    }

    /** The word of the API and of the database: {@code rolled_back}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Phase of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
