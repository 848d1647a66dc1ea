package evidence;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Rows that go into their tables later: those of one date, read while the rows of another are filled in, or kept from
 * an earlier report ({@link cache.DayCache}).
 */
final class RowBuffer implements RawTable.Rows {
    /** A date's rounds take some 3 kB each. What takes far more is not kept in memory, but read file by file. */
    static final int MOST_BYTES = 32 << 20;

    private static final RawTable[] TABLES = RawTable.values();

    private enum Kind {
        NOTHING,
        NO,
        YES,
        WHOLE,
        FRACTION,
        TEXT
    }

    private static final Kind[] KINDS = Kind.values();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    /** More rows than are kept in memory. */
    static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** @throws Full where they are too many; the buffer is of no use then */
    @Override
    public void add(RawTable table, Object... values) {
        try {
            out.writeByte(table.ordinal());
            out.writeByte(values.length);
            for (Object value : values) {
                write(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        room(0);
    }

    /** Before a text is made twice. */
    @Override
    public void room(long more) {
        if (bytes.size() + more > MOST_BYTES) {
            throw new Full();
        }
    }

    private void write(Object value) throws IOException {
        if (value == null) {
            out.writeByte(Kind.NOTHING.ordinal());
        } else if (value instanceof Boolean flag) {
            out.writeByte((flag ? Kind.YES : Kind.NO).ordinal());
        } else if (value instanceof Long number) {
            out.writeByte(Kind.WHOLE.ordinal());
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte(Kind.FRACTION.ordinal());
            out.writeDouble(number);
        } else {
            room(value.toString().length());
            byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
            out.writeByte(Kind.TEXT.ordinal());
            out.writeInt(text.length);
            out.write(text);
        }
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** @param bytes by {@link #toBytes} */
    static void replay(byte[] bytes, RawTable.Rows rows) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                RawTable table = TABLES[in.readByte()];
                Object[] values = new Object[in.readByte()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = read(in);
                }
                rows.add(table, values);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object read(DataInputStream in) throws IOException {
        return switch (KINDS[in.readByte()]) {
            case NOTHING -> null;
            case NO -> false;
            case YES -> true;
            case WHOLE -> in.readLong();
            case FRACTION -> in.readDouble();
            case TEXT -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        };
    }
}
