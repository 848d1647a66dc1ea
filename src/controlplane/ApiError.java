package controlplane;

/** A request that is refused: its status and the sentence of its {@code {"error":…}} body. */
final class ApiError extends RuntimeException {
  final int status;

  ApiError(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
  }
}
