package lab.controlplane;

import base.Sqlite;
import java.sql.SQLException;
import java.util.Optional;

/** A request that is refused: its status and the sentence of its {@code {"error":…}} body. */
public final class ApiError extends RuntimeException {
    public final int status;

    ApiError(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    /** What the store could not do now but may do later; empty for a fault that no client can wait out. */
    public static Optional<ApiError> of(SQLException e) {
        return switch (Sqlite.resultCode(e)) {
            case Store.BUSY -> Optional.of(new ApiError(503, "the database is busy: try again"));
            case Store.FULL -> Optional.of(new ApiError(507, "the disk is full"));
            default -> Optional.empty();
        };
    }
}
