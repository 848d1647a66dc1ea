package evidence;

import java.util.Locale;

/** The tables of sql/1-evidence that are filled row by row, by their names there without {@code raw_}. */
enum RawTable {
    CONFIG,
    ROUND,
    TEXT,
    OBJECT,
    STORED,
    LOG_LINE,
    STRAY,
    UNREADABLE,
    DAILY,
    SEAL_FINDING,
    SEAL_ROUND,
    AUDIT_LINE,
    METRICS;

    String relation() {
        return "raw_" + name().toLowerCase(Locale.ROOT);
    }

    /** Where rows go: into the database, or into a {@link RowBuffer}. */
    interface Rows {
        /** @param values as Boolean, Long, Double, null, or anything else by its text */
        void add(RawTable table, Object... values);

        /** Asks for room before so many bytes are made into a text. */
        default void room(long more) {}
    }
}
