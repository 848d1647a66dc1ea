package workload;

import base.ProcStatus;
import base.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import probe.Overhead;
import probe.StallWatch;
import probe.Stalls;
import process.CommandRun;
import process.ControlPlane;
import process.ProcessIdentity;
import process.Supervisor;
import settings.Config;

/**
 * What a round takes from the machine that it runs on besides files, sockets and clocks: processes, and what is
 * measured of the machine itself. A rehearsal, whose time is not the machine's, gives a round another one.
 */
public interface Machine {
    /** The boot of the host that this is. */
    String bootId();

    /**
     * Runs the prober in and measures what it adds to a latency.
     *
     * @param body a create's body
     */
    Overhead overhead(Time time, byte[] body);

    /** Watches whether this process stands still, until it is closed. */
    Stalls watchStalls();

    Supervisor controlPlane(Config config, Time time);

    /** Runs a command to its end, or ends it once {@code limit} has passed. */
    CommandRun run(List<String> command, Map<String, String> environment, Path folder, Duration limit)
            throws InterruptedException;

    /** CPU time of this process so far, in milliseconds; null where it is not known. */
    Long harnessCpuMillis();

    /** The largest resident memory of this process so far; null where it is not known. */
    Long harnessPeakResidentBytes();

    /** The machine that this process runs on. */
    static Machine real() {
        return new Machine() {
            @Override
            public String bootId() {
                return ProcessIdentity.currentBoot();
            }

            @Override
            public Overhead overhead(Time time, byte[] body) {
                return Overhead.measure(time, body);
            }

            @Override
            public Stalls watchStalls() {
                return new StallWatch();
            }

            @Override
            public Supervisor controlPlane(Config config, Time time) {
                return new ControlPlane(config, time);
            }

            @Override
            public CommandRun run(List<String> command, Map<String, String> environment, Path folder, Duration limit)
                    throws InterruptedException {
                return CommandRun.of(command, environment, folder, limit);
            }

            @Override
            public Long harnessCpuMillis() {
                return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toMillis)
                        .orElse(null);
            }

            @Override
            public Long harnessPeakResidentBytes() {
                OptionalLong bytes = ProcStatus.bytes(Path.of("/proc/self"), "VmHWM");
                return bytes.isPresent() ? bytes.getAsLong() : null;
            }
        };
    }
}
