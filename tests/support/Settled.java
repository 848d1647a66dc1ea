import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

/** Folders that nobody has changed for a while. */
final class Settled {
    private static final long MILLIS = 2100;

    private Settled() {}

    /** Waits until whatever is written now has another time than what was written last. */
    static void await(Path folder) throws IOException, InterruptedException {
        long newest = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                newest = Math.max(newest, ((FileTime) Files.getAttribute(path, "unix:ctime")).toMillis());
            }
        }
        long settled = newest + MILLIS;
        for (long now = System.currentTimeMillis(); now <= settled; now = System.currentTimeMillis()) {
            Thread.sleep(settled - now + 1);
        }
    }
}
