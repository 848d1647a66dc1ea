package output;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One value of a query's answer, as something that prints: numbers unrounded, instants in ISO 8601, UTC. A time without
 * a zone, such as one in Berlin, is no instant: it bears no Z.
 */
public final class Cell {
    /** What the driver gives for the two infinities: as dates they would be of the years 294247 and -290308. */
    private static final Map<Object, String> INFINITE = infinite();

    private static final Timestamp YEAR_ONE = Timestamp.valueOf(LocalDateTime.of(1, 1, 1, 0, 0));

    /** Before or behind the point: no figure of a soak has more. */
    private static final int PLAIN_DIGITS = 20;

    private Cell() {}

    private static Map<Object, String> infinite() {
        Map<Object, String> infinite = new HashMap<>();
        for (int sign : new int[] {1, -1}) {
            String name = sign > 0 ? "infinity" : "-infinity";
            for (ChronoUnit unit : List.of(ChronoUnit.NANOS, ChronoUnit.MICROS, ChronoUnit.MILLIS)) {
                Instant end = Instant.EPOCH.plus(sign * Long.MAX_VALUE, unit);
                infinite.put(Timestamp.valueOf(LocalDateTime.ofInstant(end, ZoneOffset.UTC)), name);
            }
            infinite.put(Instant.EPOCH.plus(sign * Long.MAX_VALUE, ChronoUnit.MICROS), name);
            infinite.put(LocalDate.ofEpochDay(sign * Integer.MAX_VALUE), name);
        }
        return infinite;
    }

    /** @return null, Boolean, a number, String, List or Map */
    public static Object of(Object value) throws SQLException {
        if (value == null || value instanceof Boolean || value instanceof String) {
            return value;
        }
        Object moment = value instanceof OffsetDateTime zoned ? zoned.toInstant() : value;
        String infinite = INFINITE.get(moment);
        if (infinite != null) {
            return infinite;
        }
        if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger) {
            return new BigInteger(value.toString());
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? new BigDecimal(value.toString()) : value.toString();
        }
        if (value instanceof BigDecimal) {
            return value;
        }
        if (value instanceof OffsetDateTime instant) {
            return instant.toInstant().toString();
        }
        if (value instanceof Timestamp withoutZone) {
            LocalDateTime time = withoutZone.toLocalDateTime();
            boolean beforeChrist = withoutZone.before(YEAR_ONE); // the driver's object then counts years backwards
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                    beforeChrist ? time.withYear(1 - time.getYear()) : time);
        }
        if (value instanceof LocalTime time) {
            return DateTimeFormatter.ISO_LOCAL_TIME.format(time); // 12:00:00, which its own text cuts to 12:00
        }
        if (value instanceof Array array) {
            return list((Object[]) array.getArray());
        }
        if (value instanceof Struct struct) {
            return struct instanceof org.duckdb.DuckDBStruct named ? map(named.getMap()) : list(struct.getAttributes());
        }
        if (value instanceof Object[] array) {
            return list(array);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map);
        }
        if (value instanceof Blob blob) {
            return HexFormat.of().formatHex(blob.getBytes(1, Math.toIntExact(blob.length())));
        }
        return value.toString(); // date, interval, UUID, JSON
    }

    private static List<Object> list(Object[] values) throws SQLException {
        List<Object> cells = new ArrayList<>();
        for (Object value : values) {
            cells.add(of(value));
        }
        return cells;
    }

    private static Map<String, Object> map(Map<?, ?> values) throws SQLException {
        Map<String, Object> cells = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            cells.put(String.valueOf(of(entry.getKey())), of(entry.getValue()));
        }
        return cells;
    }

    /**
     * A cell as text; never null. Not {@code 1.0E-5}: what prints must be readable by the simplest of tools. But a
     * p-value such as {@code 4.9E-134} would be a column of zeros that is wider than any screen.
     */
    static String text(Object cell) {
        if (cell instanceof BigDecimal number) {
            int exponent = number.precision() - number.scale() - 1;
            return Math.abs(exponent) > PLAIN_DIGITS ? number.toString() : number.toPlainString();
        }
        if (cell instanceof List<?> list) {
            return "["
                    + String.join(
                            ", ",
                            list.stream().map(c -> c == null ? "NULL" : text(c)).toList()) + "]";
        }
        if (cell instanceof Map<?, ?> map) {
            return "{"
                    + String.join(
                            ", ",
                            map.entrySet().stream()
                                    .map(e -> e.getKey() + ": " + (e.getValue() == null ? "NULL" : text(e.getValue())))
                                    .toList())
                    + "}";
        }
        return String.valueOf(cell);
    }
}
