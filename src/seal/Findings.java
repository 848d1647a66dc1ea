package seal;

/** Takes what a check of the seals found. */
interface Findings {
    /** @param roundId as in {@link Finding}; may be null */
    void add(Finding.Kind kind, String path, String what, String roundId);

    /** Whether an archive has masked secrets in the file, so that its hash tells nothing. */
    boolean isMasked(String path);
}
