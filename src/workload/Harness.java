package workload;

import java.nio.file.Path;
import java.util.OptionalLong;
import soak.ProcStatus;

/** What this process itself costs the machine that it measures: it must not disturb what it looks at. */
public final class Harness {
    private Harness() {}

    /** CPU time of this process so far, in milliseconds; null where the platform does not say. */
    public static Long cpuMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(d -> d.toMillis())
                .orElse(null);
    }

    /** The largest resident memory of this process so far; null where it cannot be read. */
    public static Long peakResidentBytes() {
        OptionalLong bytes = ProcStatus.bytes(Path.of("/proc/self"), "VmHWM");
        return bytes.isPresent() ? bytes.getAsLong() : null;
    }
}
