package base;

/** Texts inside statements that take no parameters. */
public final class SqlText {
    private SqlText() {}

    /** As a string of SQL, in its quotes. */
    public static String literal(Object text) {
        return "'" + text.toString().replace("'", "''") + "'";
    }
}
