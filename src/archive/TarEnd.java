package archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The bytes of a tar on their way to its reader, which takes their end for the tar's own: a tar that was cut between
 * two of its entries, and packed again, would be a whole one that holds less.
 */
final class TarEnd extends InputStream {
    private static final int RECORD = 512;

    private final InputStream in;
    private long zeros;
    private boolean isFollowed;

    TarEnd(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int n = in.read(buffer, from, length);
        for (int i = from; i < from + n; i++) {
            isFollowed |= buffer[i] != 0 && zeros >= RECORD;
            zeros = buffer[i] == 0 ? zeros + 1 : isFollowed ? zeros : 0;
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** From here on: what an entry holds may be zeros too, so it must have been read. */
    void awaited() {
        zeros = 0;
        isFollowed = false;
    }

    /** @return whether the record came that ends a tar: less than that fills up the entry before it */
    boolean came() {
        return zeros >= RECORD;
    }

    /** @return whether anything but zeros, with which a tar is filled up, stands behind that record */
    boolean isFollowed() throws IOException {
        transferTo(OutputStream.nullOutputStream());
        return isFollowed;
    }
}
