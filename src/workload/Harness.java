package workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process itself costs the machine that it measures: it must not disturb what it looks at. */
public final class Harness {
    private static final long BYTES_PER_KIB = 1024;

    private Harness() {}

    /** CPU time of this process so far, in milliseconds; null where the platform does not say. */
    public static Long cpuMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(d -> d.toMillis())
                .orElse(null);
    }

    /** The largest resident memory of this process so far (VmHWM of proc(5)); null where it cannot be read. */
    public static Long peakResidentBytes() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(l -> l.startsWith("VmHWM:"))
                    .findFirst()
                    .map(l -> Long.parseLong(l.replaceAll("[^0-9]", "")) * BYTES_PER_KIB)
                    .orElse(null);
        } catch (IOException notLinux) {
            return null;
        }
    }
}
