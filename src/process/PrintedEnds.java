package process;

import java.nio.charset.StandardCharsets;

/** The first and the last bytes of what a command prints: it says at its end why it gave up. */
final class PrintedEnds {
    private static final int KEPT = 1024;

    private final byte[] beginning = new byte[KEPT];
    /** The byte after them that comes as number n stands at n % KEPT. */
    private final byte[] end = new byte[KEPT];

    private long count;

    synchronized void add(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            (count < KEPT ? beginning : end)[(int) (count % KEPT)] = bytes[i];
            count++;
        }
    }

    /**
     * All of it, or both ends in whole words: what is cut off may be half a secret, which nobody would know for one.
     */
    synchronized String text() {
        byte[] kept = new byte[(int) Math.min(count, 2 * KEPT)];
        System.arraycopy(beginning, 0, kept, 0, Math.min(kept.length, KEPT));
        int oldest = count <= 2 * KEPT ? 0 : (int) (count % KEPT);
        for (int i = KEPT; i < kept.length; i++) {
            kept[i] = end[(oldest + i) % KEPT];
        }
        if (count == kept.length) {
            return new String(kept, StandardCharsets.UTF_8);
        }
        return new String(kept, 0, KEPT, StandardCharsets.UTF_8).replaceFirst("\\S*\\z", "")
                + "\n[the middle of " + count + " bytes is left out]\n"
                + new String(kept, KEPT, KEPT, StandardCharsets.UTF_8).replaceFirst("^\\S*", "");
    }
}
