package probe;

/** An answer cannot be read as what it should be; the message says why, and which key of config.env helps. */
final class NotUnderstood extends Exception {
    NotUnderstood(String message) {
        super(message);
    }
}
