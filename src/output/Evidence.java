package output;

import base.Durable;
import base.Failure;
import base.Json;
import base.PlainFile;
import base.Room;
import base.Why;
import com.fasterxml.jackson.core.JsonProcessingException;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import soak.Mutex;
import soak.SoakDir;

/** What the reports share: rows of the views, and files that are written only where they change. */
public final class Evidence {
    private Evidence() {}

    public static boolean hasRounds(EvidenceDatabase database) {
        return (Long) database.query("SELECT count(*) AS rounds FROM rounds WHERE counted")
                        .get(0)
                        .get("rounds")
                > 0;
    }

    /** @throws Failure exit 11 */
    public static void requireRounds(EvidenceDatabase database, Scope scope) {
        if (!hasRounds(database)) {
            // A round that a person starts counts: neither sentence may send anybody there.
            throw Failure.noEvidence("there is no round before " + scope.asOf()
                    + ": nothing to judge, and no file is written; "
                    + (scope.isNow()
                            ? "the first one runs in the next slot, if cron has the soak's lines"
                                    + " (setup.java SOAK_DIR --install-crontab)"
                            : "if a round ran after that, give a later instant or date;"
                                    + " if none ever ran, cron.log says why"));
        }
    }

    /** Whether anything that a report states says FAIL, or that the gate is not proven: one rule for all of them. */
    public static boolean anyFailed(EvidenceDatabase database) {
        return (Boolean) one(database, "SELECT any_failed FROM verdict_row").get("any_failed");
    }

    public static Map<String, Object> one(EvidenceDatabase database, String sql, Object... parameters) {
        List<Map<String, Object>> rows = database.query(sql, parameters);
        if (rows.size() != 1) {
            throw new IllegalStateException("one row expected, " + rows.size() + " found: " + sql);
        }
        return plain(rows.get(0));
    }

    /** Rows as JSON and templates can take them: dates and instants as text. */
    public static List<Map<String, Object>> rows(EvidenceDatabase database, String sql, Object... parameters) {
        return database.query(sql, parameters).stream().map(Evidence::plain).toList();
    }

    private static Map<String, Object> plain(Map<String, Object> row) {
        Map<String, Object> plain = new LinkedHashMap<>();
        row.forEach((column, value) ->
                plain.put(column, value instanceof Instant || value instanceof LocalDate ? value.toString() : value));
        return plain;
    }

    /** A report that is run again changes nothing, the time of its file included; two that run at once do not meet. */
    public static void writeIfNew(SoakDir dir, Path file, String text) throws IOException {
        try {
            Mutex.holding(dir, "report.lock", () -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (!Files.exists(file) || !holds(file, bytes)) {
                    Room.require(file.getParent(), dir.root(), bytes.length, file.toString(), "");
                    Files.createDirectories(file.getParent());
                    Durable.write(file, text);
                }
                return null;
            });
        } catch (IOException e) {
            throw Failure.failed(
                    file + " could not be written (" + Why.of(e, file)
                            + "): see that the folder can be written and has room, then run the report again",
                    e);
        }
    }

    private static boolean holds(Path file, byte[] bytes) throws IOException {
        try (InputStream in = PlainFile.open(file)) {
            return Arrays.equals(in.readNBytes(bytes.length + 1), bytes);
        }
    }

    /**
     * Why a report is only printed, and no file of it written; empty where it is written.
     *
     * @param json its file
     * @param complete whether its window has passed
     */
    public static Optional<String> printedOnly(SoakDir dir, Path json, boolean complete) throws IOException {
        if (dir.isUnpackedArchive()) {
            return Optional.of("report: " + dir.root() + " is an unpacked archive and stays as it is; this report is"
                    + " only printed");
        }
        return staysForAn(json, complete)
                ? Optional.of("report: " + json
                        + " is complete and is kept; this report is as of an earlier moment, so it is only printed")
                : Optional.empty();
    }

    /**
     * Whether a report of a window that had passed stands there while this one speaks of an earlier moment: a question
     * asked with {@code --as-of} is answered on the terminal, and must not take the place of the verdict.
     */
    private static boolean staysForAn(Path json, boolean complete) throws IOException {
        try {
            return !complete
                    && Files.exists(json)
                    && Json.parse(PlainFile.text(json)).path("complete").asBoolean();
        } catch (JsonProcessingException damaged) {
            return false; // then this one mends it
        }
    }
}
