package lab.rehearsal;

import base.Time;
import command.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import probe.Overhead;
import probe.Stalls;
import process.CommandRun;
import process.Supervisor;
import settings.Config;
import workload.Machine;

/** A machine of which nothing is measured but what the virtual clock says; commands run inside this process. */
final class StagedMachine implements Machine {
    private static final Duration COMMAND_START = Duration.ofMillis(280);
    private static final int OUTPUT_BYTES = 2 * 1024;

    private final VirtualTime clock;
    private final Supervisor controlPlane;
    private final Commands commands;
    private final Stage stage;
    private Overhead overhead;

    StagedMachine(VirtualTime clock, Supervisor controlPlane, Commands commands, Stage stage) {
        this.clock = clock;
        this.controlPlane = controlPlane;
        this.commands = commands;
        this.stage = stage;
    }

    @Override
    public String bootId() {
        return "rehearsal";
    }

    /** Once: this process is warm afterwards, and on a virtual clock the answer is always the same. */
    @Override
    public Overhead overhead(Time time, byte[] body) {
        if (overhead == null) {
            overhead = Overhead.measure(time, body);
        }
        return overhead;
    }

    @Override
    public Stalls watchStalls() {
        return new Stalls() {
            @Override
            public void reset() {
                // nothing is watched
            }

            @Override
            public double longestMs() {
                return 0; // on a clock that stands still with the process, no stall takes time
            }

            @Override
            public void close() {
                // nothing is watched
            }
        };
    }

    @Override
    public Supervisor controlPlane(Config config, Time time) {
        return controlPlane;
    }

    @Override
    public CommandRun run(List<String> command, Map<String, String> environment, Path folder, Duration limit) {
        long began = clock.nanoTime();
        clock.advance(COMMAND_START);
        if (stage.fault(Fault.Kind.HOLLOW_RECOVERIES) != null) {
            return new CommandRun(0, COMMAND_START.toMillis(), "");
        }
        StringWriter output = new StringWriter();
        PrintWriter both = new PrintWriter(output, true);
        int exit = Cli.run(
                commands.controlPlane(environment, clock),
                both,
                both,
                command.subList(1, command.size()).toArray(String[]::new));
        byte[] bytes = output.toString().getBytes(StandardCharsets.UTF_8);
        return new CommandRun(
                exit,
                (clock.nanoTime() - began) / 1_000_000,
                new String(Arrays.copyOf(bytes, Math.min(bytes.length, OUTPUT_BYTES)), StandardCharsets.UTF_8));
    }

    @Override
    public Long harnessCpuMillis() {
        return null;
    }

    @Override
    public Long harnessPeakResidentBytes() {
        return null;
    }
}
