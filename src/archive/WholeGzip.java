package archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** What gzip holds, and whether anything stands behind it: Java, like gzip, passes over what is no gzip any more. */
final class WholeGzip extends GZIPInputStream {
    private static final int TRAILER = 8;

    WholeGzip(InputStream in, int buffer) throws IOException {
        super(in, buffer);
    }

    /** Once everything was read. */
    boolean isFollowed() throws IOException {
        return inf.getRemaining() > TRAILER || in.read() >= 0;
    }
}
